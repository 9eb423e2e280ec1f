"""Names of what a scenario has, as people read them: measures, layouts, windows, matters."""

from __future__ import annotations

from sim.clock import MINUTE
from sim.plan.places import HOME, PLACE
from sim.plan.plan import Names
from sim.results.columns import CASE_FATES, FATES
from sim.results.log_columns import Labels
from sim.results.log_events import ACTIVITIES, CHANNELS, OUTCOMES, PURPOSES
from sim.scenario.scenario import Scenario
from sim.text import Text


def measure_name(measure: str, scenario: Scenario, text: Text) -> str:
    """What people call a measure; the target wait is the scenario's."""
    within = scenario.targets.called_within / MINUTE
    if measure == "called_within" and within != 15:
        return text("figure.called_within", minutes=f"{within:g}")
    return text(f"measure.{measure}")


def measure_meaning(measure: str, scenario: Scenario, text: Text) -> str:
    """What a measure counts, over what; the target wait is the scenario's."""
    within = scenario.targets.called_within / MINUTE
    if measure == "called_within" and within != 15:
        return text("figure.called_within_help", minutes=f"{within:g}")
    return text(f"measure_help.{measure}")


def layout_name(scenario: Scenario, layout: str, text: Text) -> str:
    """Name of a layout."""
    return text.name(scenario.layout(layout).name)


def group_name(scenario: Scenario, layout: str, group: str, text: Text) -> str:
    """Name of a window group of a layout, or of a place beside the hall; its id where none."""
    for window in scenario.layout(layout).windows:
        if window.id == group:
            return group if window.name is None else text.name(window.name)
    return place_name(scenario, group, text)


def list_name(scenario: Scenario, layout: str, waiting_list: str, text: Text) -> str:
    """Name of a waiting list: that of the group it belongs to, else of the first that calls it.

    That of a place beside the hall has the name of the place.
    """
    callers = [
        caller for caller in scenario.layout(layout).windows if caller.list_id == waiting_list
    ]
    callers.sort(key=lambda caller: caller.id != waiting_list)
    if not callers:
        return place_name(scenario, waiting_list, text)
    named = [caller.name for caller in callers if caller.name is not None]
    return text.name(named[0]) if named else waiting_list


def place_name(scenario: Scenario, place: str, text: Text) -> str:
    """Name of a place as a plan calls it; its id where it has none.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> place_name(scenario, "lushi_hall", load_text("en"))
    'Lushi county hall'
    """
    base, main = place.removeprefix(PLACE).removesuffix(HOME), "city_hall"
    opened = scenario.places.open if scenario.places is not None else ()
    named = {main: text.name(scenario.hall.name)}
    for site in opened:
        named[site.id] = text.name(site.name)
        if site.kind == main:
            named[main] = text.name(site.name)
    name = named.get(base, base)
    return text("cli.home_visits", name=name) if place.endswith(HOME) else name


def matter_name(scenario: Scenario, matter: str, text: Text) -> str:
    """Name of a matter."""
    return next(
        text.name(candidate.name) for candidate in scenario.matters if candidate.id == matter
    )


def department_name(scenario: Scenario, department: str, text: Text) -> str:
    """Name of a department."""
    return next(
        text.name(candidate.name)
        for candidate in scenario.departments
        if candidate.id == department
    )


def _visit(scenario: Scenario, item: str, text: Text) -> str:
    """Name of a visit to one more department; its id ends with the department's."""
    department = department_name(scenario, item.rpartition(":")[2], text)
    return text("event.visit", department=department)


def log_labels(scenario: Scenario, names: Names, text: Text) -> Labels:
    """Names for an event log in one language; ids where something has no name.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> labels = log_labels(scenario, compile_plan(scenario, "hall").names, load_text("en"))
    >>> labels.activities[0]
    'Arrives at the hall'
    """
    named = {
        f"{matter.id}.{item.id}": text.name(item.name)
        for matter in scenario.matters
        for item in matter.items
    }
    items = [named[item] if item in named else _visit(scenario, item, text) for item in names.items]
    people = scenario.applicants
    of_class = {
        applicant_class.id: text.name(applicant_class.name) for applicant_class in people.classes
    }
    of_township = {township.id: text.name(township.name) for township in people.townships}
    fates = [text(f"fate.{fate}") for fate in FATES]
    return Labels(
        activities=(
            *(text(f"event.{activity}") for activity in ACTIVITIES),
            *fates,
            *(text(f"fate.{fate}") for fate in CASE_FATES),
        ),
        items=items,
        externals=[text("event.external", item=item) for item in items],
        matters=[matter_name(scenario, matter, text) for matter in names.matters],
        classes=[
            of_class.get(applicant_class, applicant_class) for applicant_class in names.classes
        ],
        townships=[of_township.get(township, township) for township in names.townships],
        departments=[
            department_name(scenario, department, text) for department in names.departments
        ],
        places=[place_name(scenario, place, text) for place in names.places],
        lists=[
            list_name(scenario, names.layout, waiting_list, text) for waiting_list in names.lists
        ],
        windows=names.windows,
        groups=[group_name(scenario, names.layout, group, text) for group in names.groups],
        outcomes=[*fates, *(text(f"outcome.{outcome}") for outcome in OUTCOMES[len(FATES) :])],
        channels=[text(f"channel.{channel}") for channel in CHANNELS],
        purposes=[text(f"purpose.{purpose}") for purpose in PURPOSES],
    )
