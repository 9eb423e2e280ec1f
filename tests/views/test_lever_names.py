"""Every lever of the city has a name in both languages, and no other two share it."""

import pytest

from sim import example_path, load_scenario
from sim.scenario.provenance import numbers
from sim.text import LANGUAGES, Language, load_text
from sim.views.lever_names import lever_name


@pytest.mark.parametrize("language", LANGUAGES)
def test_assumed_numbers_of_the_city_have_names(language: Language) -> None:
    scenario, text = load_scenario(example_path("sanmenxia.yaml")), load_text(language)
    stated = {number.stated_at for number in numbers(scenario) if number.assumed}
    paths = {".".join(str(step) for step in place if step != "assumed") for place in stated}
    names = {path: lever_name(path, scenario, text) for path in paths}
    assert [path for path, name in names.items() if path == name] == []
    assert len(set(names.values())) == len(names)
    if language == "en":
        assert not [name for name in names.values() if any("\u4e00" <= c <= "\u9fff" for c in name)]


def test_what_has_no_word_is_called_by_its_path() -> None:
    scenario = load_scenario(example_path("exact/mmc.yaml"))
    for path in ("hall.unheard_of", "matters.nobody.service.base", "hall"):
        assert lever_name(path, scenario, load_text("en")) == path
