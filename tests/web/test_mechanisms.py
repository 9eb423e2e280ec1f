"""Each mechanism is set on the page of layouts, and the hall that is run and downloaded has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.scenario.load import scenario_from_text
from sim.scenario.mechanism_parts import MechanismHall, MechanismPart, MechanismValues, rows_of
from sim.scenario.mechanisms import MECHANISMS, is_used, mechanism_overrides
from sim.scenario.scenario import Scenario
from sim.storage.keep import load_study
from sim.storage.scenario_file import scenario_yaml
from sim.text import LANGUAGES, Language, load_text
from sim.web.change import Change, Source, made
from sim.web.mechanisms import without_mechanisms
from sim.web.session import Session
from tests.web.halls import SMALL
from tests.web.test_pages import SOURCE, address, change_of, home, opened, turn, until, words

__all__ = ["home"]

pytestmark = [
    pytest.mark.timeout(300),
    # Streamlit's own: what its test runner does outside a server
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]

NUMBERS: dict[str, tuple[float, dict[str, Any]]] = {
    "last_ticket_before_break": (5, {"hall.last_ticket_before_break": 300_000}),
    "way_in": (1.5, {"hall.way_in": 90_000}),
    "walk": (0.5, {"hall.walk": 30_000}),
    "ageing": (20, {"layouts.0.calling.ageing": 1_200_000}),
    "absence": (10, {"hall.absence": 0.1}),
    "patience": (30, {"applicants.patience.mean": 1_800_000}),
    "balk_at": (8, {"applicants.balk_at": 8}),
    "companions": (30, {"applicants.companions": {1: 0.3}}),
    "same_day_share": (
        40,
        {
            "applicants.unserved.same_day.share": 0.4,
            "applicants.unserved.same_day.after.mean": 3_600_000,
        },
    ),
}
"""Field -> what is written into it, and what the scenario then says."""
CHOICES: dict[str, tuple[str, str]] = {
    "at_break": ("keep_ticket", "hall.at_break"),
    "closing": ("keep_ticket", "hall.closing"),
    "beyond_closing": ("refuse", "layouts.0.quota.beyond_closing"),
    "calling_rule": ("longest_list", "layouts.0.calling.rule"),
    "transfer": ("new_ticket", "layouts.0.transfer"),
}
TABLES: dict[str, tuple[dict[int, dict[str, Any]], dict[str, Any]]] = {
    "quota-list": ({1: {"tickets": 40}}, {"layouts.0.quota.tickets": {"rest": 40}}),
    "floor-group": (
        {0: {"group_walk": 1, "changeover": 3}},
        {"layouts.0.windows.0.walk": 60_000, "layouts.0.windows.0.changeover": 180_000},
    ),
    "staff-group": ({1: {"group_absence": 5}}, {"layouts.0.windows.1.absence": 0.05}),
    "staff-outage": (
        {0: {"outage_up": 20, "outage_down": 15}},
        {"hall.outages.0.up.mean": 72_000_000, "hall.outages.0.down.mean": 900_000},
    ),
    "work-matter": (
        {
            0: {"also_matter": "errand", "also_share": 25, "wrap_up": 2},
            1: {"matter_patience": 12},
        },
        {
            "matters.0.also": {"errand": 0.25},
            "matters.0.wrap_up.mean": 120_000,
            "matters.1.patience.mean": 720_000,
        },
    ),
    "start-matter": (
        {1: {"waiting": 6}, 0: {"backlog": 9}},
        {"initial.waiting.0.number": 6, "initial.backlog.0.number": 9},
    ),
}
"""Table -> what is written into its rows, and what the scenario then says."""


def found_at(scenario: Scenario, path: str) -> Any:
    value: Any = scenario
    for step in path.split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    return dict(value) if isinstance(value, dict) else value


def fill(app: AppTest, table: str, rows: dict[int, dict[str, Any]], language: Language) -> None:
    app.session_state[f"mechanisms-{table}-zone-0-{language}"] = {
        "edited_rows": rows, "added_rows": [], "deleted_rows": []
    }  # fmt: skip
    app.run()


def now(app: AppTest) -> Scenario:
    """The scenario that would be run."""
    assert not app.exception
    outcome = made(change_of(app))
    assert outcome.scenario is not None, outcome.problems
    return outcome.scenario


def holds(scenario: Scenario, says: dict[str, Any]) -> None:
    """The scenario says so, and so does its file."""
    for read in (scenario, scenario_from_text(scenario_yaml(scenario))):
        assert {path: found_at(read, path) for path in says} == says


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_and_choice_is_set(home: Path, language: Language) -> None:
    """One after the other, all of them on in the end; what was set before stays."""
    app, said = opened("layouts", language), dict[str, Any]()
    for name, (value, says) in NUMBERS.items():
        app.number_input(key=f"mechanisms-{name}-zone-0").set_value(value).run()
        said |= says
    for name, (option, path) in CHOICES.items():
        app.selectbox(key=f"mechanisms-{name}-zone-0-{language}").set_value(option).run()
        said[path] = option
    holds(now(app), said)
    text = load_text(language)
    labels = [str(getattr(box, "label", "")) for box in app.get("expander")]
    assert any(label.endswith(text("page.mechanisms.used")) for label in labels)
    app.button(key="mechanisms-reset").click().run()
    assert change_of(app).fields == {}


@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_filled_in(home: Path, table: str) -> None:
    app = opened("layouts")
    rows, says = TABLES[table]
    fill(app, table, rows, "zh")
    holds(now(app), says)


def test_a_number_out_of_its_bounds_is_told_beside_it_and_nothing_runs(home: Path) -> None:
    app = opened("layouts", "en")
    app.number_input(key="mechanisms-absence-zone-0").set_value(140.0).run()
    assert "0 to 100" in words(app)
    assert change_of(app).fields == {}
    assert app.button(key="go").disabled
    app.number_input(key="mechanisms-absence-zone-0").set_value(4.0).run()
    assert not app.button(key="go").disabled
    fill(app, "quota-list", {0: {"tickets": 1.5}}, "en")
    assert "a whole number from 0 to" in words(app)


def test_what_acts_on_nobody_is_told_under_its_heading(home: Path) -> None:
    """A rule of transfers where nobody has a second matter; it is told until that is mended."""
    app = opened("layouts", "en")
    app.selectbox(key="mechanisms-transfer-zone-0-en").set_value("new_ticket").run()
    warned = [str(box.value) for box in app.warning]
    assert any("transfer" in words_told for words_told in warned)
    assert [str(box.value) for box in app.run().warning] == warned
    fill(app, "work-matter", {0: {"also_matter": "errand", "also_share": 25}}, "en")
    assert not any("transfer" in str(box.value) for box in app.warning)


def test_half_an_outage_is_told_and_the_hall_stays_as_it_was(home: Path) -> None:
    app = opened("layouts", "en")
    fill(app, "staff-outage", {0: {"outage_up": 20}}, "en")
    assert app.error
    assert app.button(key="go").disabled
    assert now(app).hall.outages == ()


def test_what_is_set_outlives_other_pages_and_the_switch_of_language(home: Path) -> None:
    """And a session that is opened again is shown as it was, not as the fields were before."""
    app = opened("layouts")
    app.number_input(key="mechanisms-walk-zone-0").set_value(1.0).run()
    app.selectbox(key="mechanisms-closing-zone-0-zh").set_value("cut_off").run()
    fields = {"hall.walk": "1 min", "hall.closing": "cut_off"}
    for page in ("data", "layouts"):
        turn(app, page)
        app.run()
        assert change_of(app).fields == fields, page
    app.session_state["session"] = replace(app.session_state["session"], language="en")
    app.query_params["lang"] = "en"
    app.run()
    assert change_of(app).fields == fields
    turn(app, "data")
    app.run()
    app.session_state["session"] = Session("en", Change(SOURCE))
    turn(app, "layouts")
    app.run()
    assert change_of(app).fields == {}


def test_what_is_run_has_the_mechanisms(home: Path) -> None:
    """A quota, walks, absence and people who come along: the study's scenario has them, and the
    results tell what came of them."""
    app = opened("layouts", "en")
    app.number_input(key="replications").set_value(2)
    app.number_input(key="mechanisms-walk-zone-0").set_value(1.0)
    app.number_input(key="mechanisms-absence-zone-0").set_value(20.0)
    app.number_input(key="mechanisms-companions-zone-0").set_value(50.0)
    fill(app, "quota-list", {1: {"tickets": 10}}, "en")
    expected = now(app)
    app.button(key="go").click().run()
    name = address(app, "study")
    text = load_text("en")
    until(app, lambda page: text("page.results.title") in words(page))
    study = load_study(home / "runs" / name / "result")
    assert study.scenario.hash == expected.hash
    assert study.scenario.layout("zone").quota is not None
    said = words(app)
    assert text("mechanism_words.title") in said
    for key in ("refused_share", "absent_hours", "walk_hours", "people"):
        assert text(f"measure.{key}") in said


def test_without_mechanisms_nothing_else_is_lost() -> None:
    fields = {
        "hall.walk": "1 min",
        "hall.last_ticket": "5 min",
        "layouts.pooled.quota.tickets": "{all: 5}",
    }
    change = Change(SOURCE, fields=fields)
    assert dict(without_mechanisms(change).fields) == {"hall.last_ticket": "5 min"}


def test_a_hall_as_it_is_writes_nothing() -> None:
    """What is read back unchanged is no change, in every part and row; nothing is in use."""
    scenario = scenario_from_text(SMALL)
    for layout in scenario.layouts:
        hall = MechanismHall(scenario, layout)
        for parts in MECHANISMS.values():
            for part in parts:
                rows = {row: part.read(hall, row) for row in rows_of(hall, part.rows)}
                assert mechanism_overrides(part, hall, rows) == {}
                assert not is_used(part, hall)


RICH = """\
hall:
  name: {zh: 小厅, en: Small hall}
  hours: hall
  outages:
  - id: net
    up: {law: gamma, mean: 30 h, cv: 2}
    down: {law: uniform, low: 10 min, high: 30 min}
applicants:
  classes: [{id: walk_in, name: {zh: 普通, en: Walk-in}}]
  patience: {law: gamma, mean: 20 min, cv: 0.5}
  companions: {1: 0.3, 3: 0.1}
  unserved: {same_day: {share: 0.2, after: {law: constant, value: 30 min}, ticket: keep}}
initial:
  waiting: [{id: a, matter: errand, number: 4}, {id: b, matter: errand, number: 3}]
"""


WITH_ALL = SMALL.replace("hall: {name: {zh: 小厅, en: Small hall}, hours: hall}\n", "") + RICH


def of_part(name: str) -> MechanismPart:
    """The part that has a field of that name."""
    [part] = [
        part
        for parts in MECHANISMS.values()
        for part in parts
        if name in [field.name for field in part.fields]
    ]
    return part


@pytest.mark.parametrize(
    ("name", "row", "shown", "changed", "says"),
    [
        ("patience", "", (20.0,), (30.0,), {"applicants.patience.mean": "30 min"}),
        ("patience", "", (20.0,), (None,), {"applicants.patience": "null"}),
        ("companions", "", (40.0,), (20.0,), {"applicants.companions": '{"1": 0.15, "3": 0.05}'}),
        ("companions", "", (40.0,), (None,), {"applicants.companions": "null"}),
        (
            "same_day_share",
            "",
            (20.0, 30.0),
            (50.0, 30.0),
            {"applicants.unserved.same_day.share": "0.5"},
        ),
        (
            "same_day_share",
            "",
            (20.0, 30.0),
            (None, None),
            {"applicants.unserved.same_day": "null"},
        ),
    ],
)
def test_what_the_hall_has_keeps_its_form(
    name: str, row: str, shown: MechanismValues, changed: MechanismValues, says: dict[str, str]
) -> None:
    """A law keeps its form, who comes along their number, a ticket its rule; nothing is off."""
    scenario = scenario_from_text(WITH_ALL)
    hall, part = MechanismHall(scenario, scenario.layouts[0]), of_part(name)
    assert part.read(hall, row) == shown
    assert is_used(part, hall)
    assert mechanism_overrides(part, hall, {row: changed}) == says
    source = Source("rich.yaml", WITH_ALL)
    outcome = made(Change(source, fields=says))
    assert outcome.scenario is not None
    assert part.read(MechanismHall(outcome.scenario, outcome.scenario.layouts[0]), row) == changed


@pytest.mark.parametrize("number", [0, 2, 3, 5, 12])
def test_people_at_the_door_add_up(number: int) -> None:
    """Two groups of one matter, four and three: as many in all as are wished."""
    scenario = scenario_from_text(WITH_ALL)
    hall, part = MechanismHall(scenario, scenario.layouts[0]), of_part("waiting")
    assert part.read(hall, "errand") == (7.0,)
    fields = mechanism_overrides(part, hall, {"errand": (float(number),)})
    changed = made(Change(Source("rich.yaml", WITH_ALL), fields=fields)).scenario
    assert changed is not None
    assert changed.initial is not None
    assert changed.initial.size == (number, 0)


@pytest.mark.parametrize(
    ("name", "row", "changed"),
    [
        ("class_patience", "walk_in", (12.0,)),
        ("class_balk_at", "walk_in", (9.0,)),
        ("class_no_show", "walk_in", (15.0,)),
        ("class_lateness", "walk_in", (4.0,)),
        ("outage_up", "net", (20.0, 15.0)),
        ("matter_patience", "errand", (11.0,)),
        ("own_calls", "", (3.0,)),
        ("help_after", "", (10.0,)),
    ],
)
def test_what_is_written_is_read_back(name: str, row: str, changed: MechanismValues) -> None:
    """A class, a system that fails already, a matter, the calling rule's numbers."""
    scenario = scenario_from_text(WITH_ALL)
    part = of_part(name)
    fields = mechanism_overrides(part, MechanismHall(scenario, scenario.layouts[0]), {row: changed})
    outcome = made(Change(Source("rich.yaml", WITH_ALL), fields=fields))
    assert outcome.scenario is not None, outcome.problems
    assert part.read(MechanismHall(outcome.scenario, outcome.scenario.layouts[0]), row) == changed
