"""Tables of half hours say the same as the rosters they come from."""

from pathlib import Path

import pytest

from sim import Scenario, load_scenario
from sim.text import Language, load_text
from sim.web.rosters import changed_rosters, day_types, roster_text, rosters_of, table_of
from tests.web.halls import small_file


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return load_scenario(small_file(tmp_path))


def test_days_that_are_alike_are_one_type(scenario: Scenario) -> None:
    types = day_types(scenario)
    assert [day_type.weekdays for day_type in types] == [(0, 1, 2, 3, 4), (5,)]
    assert [len(day_type.slots) for day_type in types] == [4, 2]


@pytest.mark.parametrize(("language", "name"), [("zh", "周一至周五"), ("en", "Monday to Friday")])
def test_a_type_has_a_name(scenario: Scenario, language: Language, name: str) -> None:
    assert day_types(scenario)[0].name(load_text(language)) == name


def test_the_table_shows_who_is_on_duty(scenario: Scenario) -> None:
    weekdays, saturday = day_types(scenario)
    rosters = rosters_of(scenario.layout("zone"))
    assert table_of(rosters, weekdays) == {"zone": (2, 2, 2, 2), "rest": (2, 2, 2, 2)}
    assert table_of(rosters, saturday) == {"zone": (1, 1), "rest": (1, 1)}


def test_an_unchanged_table_changes_nothing(scenario: Scenario) -> None:
    types, rosters = day_types(scenario), rosters_of(scenario.layout("zone"))
    for day_type in types:
        assert changed_rosters(rosters, types, day_type, table_of(rosters, day_type)) == rosters


def test_a_changed_table_is_a_roster_that_shows_the_table(scenario: Scenario) -> None:
    types, rosters = day_types(scenario), rosters_of(scenario.layout("zone"))
    table = {"zone": (2, 3, 3, 0), "rest": (2, 2, 2, 2)}
    changed = changed_rosters(rosters, types, types[0], table)
    assert changed["zone"] == {
        "mon-fri 09:00-09:30": 2,
        "mon-fri 09:30-10:30": 3,
        "sat 09:00-10:00": 1,
    }
    assert changed["rest"] == rosters["rest"], "untouched rows stay as they were written"
    assert table_of(changed, types[0]) == table
    assert table_of(changed, types[1]) == table_of(rosters, types[1])


def test_a_roster_is_read_as_it_was_written(tmp_path: Path) -> None:
    roster = {"mon-fri 09:00-09:30": 2, "sat 09:00-10:00": 1}
    override = f"layouts.zone.windows.zone.clerks={roster_text(roster)}"
    scenario = load_scenario(small_file(tmp_path), [override, "equal_budget=none"])
    assert dict(scenario.layout("zone").windows[0].clerks) == roster


def test_odd_hours_get_odd_slots(tmp_path: Path) -> None:
    override = "layouts.zone.windows.zone.clerks={mon-fri 09:15-10:00: 2}"
    scenario = load_scenario(small_file(tmp_path), [override, "equal_budget=none"])
    weekdays = day_types(scenario)[0]
    assert len(weekdays.slots) == 5
    assert table_of(rosters_of(scenario.layout("zone")), weekdays)["zone"] == (0, 2, 2, 0, 0)
