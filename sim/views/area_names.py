"""Names of townships, counties, groups of people and places, as people read them."""

from __future__ import annotations

from sim.analysis.effects import AreaBy
from sim.plan.places import HOME
from sim.questions.extension import Extension
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.map import borders_of


def town_name(scenario: Scenario, township: str, text: Text) -> str:
    """Name of a township."""
    return next(
        text.name(town.name) for town in scenario.applicants.townships if town.id == township
    )


def people_name(scenario: Scenario, by: AreaBy, group: str, text: Text) -> str:
    """Name of a group of people: a township, a county as borders have it, a priority class."""
    if by == "township":
        return town_name(scenario, group, text)
    if by == "county":
        return county_names(scenario, text).get(group, group)
    classes = {
        applicant_class.id: text.name(applicant_class.name)
        for applicant_class in scenario.applicants.classes
    }
    return classes.get(group, group)


def county_names(scenario: Scenario, text: Text) -> dict[str, str]:
    """Names of all counties of the townships, in their order: as borders have them, else their ids.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> county_names(area, load_text("en"))["lushi"]
    'Lushi'
    """
    names = {border.county: text.name(border) for border in borders_of(scenario)}
    counties = dict.fromkeys(town.county for town in scenario.applicants.townships)
    return {county: names.get(county, county) for county in counties}


def place_name(extension: Extension, place: str, text: Text, *, is_new: bool) -> str:
    """Name of a place in the order of a plan; what is new and who visits at home is told."""
    places = extension.extended.places
    assert places is not None
    names = {
        "city_hall" if site.kind == "city_hall" else site.id: text.name(site.name)
        for site in places.open
    }
    name = names[place.removesuffix(HOME)]
    if place.endswith(HOME):
        name = text("cli.home_visits", name=name)
    return text("cli.new_place", name=name) if is_new else name
