"""What differs from the file and between the halls stands with the result, wherever it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sim import Run, compare, load_scenario, replicate
from sim.questions.alike import Means, means_of, unlike
from sim.questions.compare import Comparison
from sim.runs.replicate import Study
from sim.scenario.scenario import Scenario
from sim.storage.comparison_export import comparison_data
from sim.storage.keep import load_study, save_study
from sim.text import load_text
from sim.views.context import change_lines
from sim.views.report import render_report
from sim.views.verdict import answer, context, forewarnings
from sim.web.change import Change, Source, made

EN, ZH = load_text("en"), load_text("zh")
MORE = ["layouts.two.windows.shops.clerks=3", "equal_budget=none"]


@pytest.fixture(scope="module")
def changed(tiny_text: str, tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("changed") / "tiny.yaml"
    path.write_text(tiny_text, encoding="utf-8")
    return load_scenario(path, [*MORE, "demand.shop.per_day=50", "money.clerk_yuan_per_hour=40"])


@pytest.fixture(scope="module")
def unlike_study(changed: Scenario) -> Study:
    return replicate(
        changed, ["one", "two"], run=Run(replications=2, engine="reference", workers=1)
    )


@pytest.fixture(scope="module")
def unlike_comparison(unlike_study: Study) -> Comparison:
    return compare(unlike_study)


def test_a_scenario_knows_what_is_not_as_its_file_has_it(changed: Scenario) -> None:
    assert [tuple(change) for change in changed.changed] == [
        ("demand.shop.per_day", "40", "50"),
        ("layouts.two.windows.shops.clerks", "2", "3"),
        ("money.clerk_yuan_per_hour", "34", "40"),
        ("equal_budget", "", "none"),
    ]


def test_what_was_changed_is_no_part_of_the_content(changed: Scenario) -> None:
    plain = changed.with_changed(())
    assert plain == changed
    assert plain.hash == changed.hash
    assert plain.changed == ()


def test_an_override_that_changes_nothing_is_no_change(tiny_text: str, tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(tiny_text, encoding="utf-8")
    assert load_scenario(path, ["demand.shop.per_day=40"]).changed == ()
    assert load_scenario(path).changed == ()


def test_a_kept_study_still_tells(unlike_study: Study, tmp_path: Path) -> None:
    save_study(unlike_study, tmp_path / "kept")
    reloaded = load_study(tmp_path / "kept")
    assert reloaded.scenario.changed == unlike_study.scenario.changed
    assert reloaded.scenario == unlike_study.scenario


def test_demand_of_the_page_is_one_line() -> None:
    """Every flow is scaled alike; twenty lines would hide the rest."""
    scenario = made(Change(Source(), demand=105)).scenario
    assert scenario is not None
    assert len(scenario.changed) > 1
    assert change_lines(scenario, EN) == [
        f"every flow · cases a day: {len(scenario.changed)} values, each 105 % of the file's"
    ]


@pytest.mark.parametrize("text", [EN, ZH])
def test_rosters_of_half_hours_are_told_by_their_most(text: object) -> None:
    slots = {f"mon-fri {h:02}:00-{h:02}:30": 12 + h % 2 for h in range(9, 12)}
    change = Change(Source(), rosters={"zone": {"zone": slots}}, unequal=True)
    scenario = made(change).scenario
    assert scenario is not None
    lines = change_lines(scenario, text)  # type: ignore[arg-type]
    assert any("12" in line and "13" in line and len(line) < 80 for line in lines)


def test_unlike_hours_are_told_before_the_verdict_and_in_it(
    unlike_comparison: Comparison,
) -> None:
    (warning,) = forewarnings(unlike_comparison, EN)
    assert "do not have equal staff" in warning
    assert "“Any window” 97.5 h, “Own windows” 130 h" in warning
    assert answer(unlike_comparison, EN).startswith("With unlike clerk hours a week (“Any window”")


def test_equal_halls_are_compared_without_a_word(comparison: Comparison) -> None:
    assert forewarnings(comparison, EN) == ()
    assert context(comparison, EN) == ()
    assert "unlike" not in answer(comparison, EN)


@pytest.mark.parametrize("text", [EN, ZH])
def test_the_report_says_it_before_the_answer(unlike_comparison: Comparison, text: object) -> None:
    page = render_report(unlike_comparison, text)  # type: ignore[arg-type]
    warning = page.index(text("report.unlike"))  # type: ignore[operator]
    assert warning < page.index('class="answer"')
    assert "40 → 50" in page


def test_data_hold_changes_and_means(unlike_comparison: Comparison) -> None:
    data = json.loads(json.dumps(comparison_data(unlike_comparison)))
    assert {"path": "demand.shop.per_day", "before": "40", "now": "50"} in data["changed_from_file"]
    assert data["unlike"] == ["clerk_hours", "most_clerks"]
    assert data["means"]["two"]["clerk_hours"] == 130.0


def test_hours_with_a_window_open_are_a_union(scenario: Scenario) -> None:
    """Two groups that take turns keep the hall open as long as one that stays."""
    layout = scenario.layout("two")
    shops, proofs = layout.windows
    turns = (
        shops.model_copy(update={"clerks": {"mon-fri 08:00-10:00": 2, "mon-fri 09:00-12:00": 1}}),
        proofs.model_copy(update={"clerks": {"mon-fri 15:00-24:00": 1}}),
    )
    hall_with_turns = scenario.model_copy(
        update={"layouts": (layout.model_copy(update={"windows": turns}),)}
    )
    assert means_of(scenario, "two").staffed_hours == 5 * 6.5
    assert means_of(hall_with_turns, "two").staffed_hours == 5 * (3.5 + 2)


def test_halls_are_unlike_in_what_differs() -> None:
    means = Means("a", 40.0, 5, 44.0)
    assert unlike([means]) == ()
    assert unlike([means, means._replace(layout="b")]) == ()
    assert unlike([means, Means("b", 41.0, 5, 40.0)]) == ("clerk_hours", "staffed_hours")


def test_a_page_that_is_reset_is_as_the_file_has_it() -> None:
    change = Change(Source(), demand=105)
    scenario = made(replace(change, demand=100)).scenario
    assert scenario is not None
    assert scenario.changed == ()


@pytest.mark.parametrize(("signs", "stands"), [(48, True), (49, False)])
def test_a_value_of_48_signs_stands_as_it_is(
    tiny_text: str, tmp_path: Path, signs: int, stands: bool
) -> None:
    """A longer one is cut, and its end says so."""
    path = tmp_path / "tiny.yaml"
    path.write_text(tiny_text, encoding="utf-8")
    name = "n" * signs
    [line] = change_lines(load_scenario(path, [f"name.en={name}"]), EN)
    assert (name in line) is stands
    assert ("n" * 47 + "…" in line) is not stands
