"""Every lever of the city has a name in both languages, and no other two share it."""

import pytest

from sim import example_path, load_scenario
from sim.scenario.fields import SIDE_NOTES
from sim.scenario.hall import Training
from sim.scenario.load import scenario_from_text
from sim.scenario.provenance import numbers
from sim.text import LANGUAGES, Language, load_text
from sim.views.lever_names import lever_name
from tests.strategies import book, small, windows


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", ["sanmenxia.yaml", "sanmenxia_townships.yaml"])
def test_assumed_numbers_of_the_city_have_names(file: str, language: Language) -> None:
    scenario, text = load_scenario(example_path(file)), load_text(language)
    stated = {number.stated_at for number in numbers(scenario) if number.assumed}
    paths = {".".join(str(step) for step in place if step != "assumed") for place in stated}
    paths -= {path for path in paths if ".legs." in path}  # legs have no names
    names = {path: lever_name(path, scenario, text) for path in paths}
    assert [path for path, name in names.items() if path == name] == []
    assert len(set(names.values())) == len(names)
    if language == "en":
        assert not [name for name in names.values() if any("\u4e00" <= c <= "\u9fff" for c in name)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_fields_of_booking_and_training_have_names(language: Language) -> None:
    keys = "ahead: 5 min; grace: 5 min; no_show: 0.1; no_show_returns: 0.5"
    text = small(
        applicants=f"{{appointments: [{book('2', keys)}]}}",
        hall="training: {sessions: 1, people: 2, staff: 3, least_service: 0.5}",
    )
    scenario, words = scenario_from_text(text), load_text(language)
    fields = ["share", "slots", "slot", "ahead", "grace", "no_show", "no_show_returns", "lateness"]
    paths = [f"applicants.appointments.book.{name}" for name in fields]
    paths += [f"applicants.appointments.*.{name}" for name in fields]
    paths += [f"hall.training.{name}" for name in Training.model_fields if name not in SIDE_NOTES]
    names = {path: lever_name(path, scenario, words) for path in paths}
    assert [path for path, name in names.items() if path == name] == []
    assert len(set(names.values())) == len(names)


def test_a_groups_law_is_called_by_its_group_and_matter() -> None:
    """The field between the window group and the matter whose law it is."""
    group = "id: window, name: {zh: 一组, en: Group one}, serves: [errand], clerks: 1"
    laws = "service_laws: {errand: {law: gamma, mean: 5 min, cv: 0.5}}"
    scenario = scenario_from_text(small(layouts=windows(f"{group}, {laws}")))
    path = "layouts.hall.windows.window.service_laws.errand.mean"
    names = [lever_name(path, scenario, load_text(language)) for language in LANGUAGES]
    assert names == [
        "厅 · 一组 · 本组办理时长 · 事 · 均值",
        "Hall · Group one · service time at these windows · Errand · mean",
    ]


def test_what_has_no_word_is_called_by_its_path() -> None:
    scenario = load_scenario(example_path("exact/mmc.yaml"))
    for path in ("hall.unheard_of", "matters.nobody.service.base", "hall"):
        assert lever_name(path, scenario, load_text("en")) == path
