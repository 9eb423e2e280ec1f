"""Which assumptions turn a verdict: found where they do, none where none does, kept with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import Run
from sim.analysis.judge import JUDGEMENTS, judge, way_of
from sim.errors import OptionError, ResultError
from sim.questions.compare import compare
from sim.questions.turning import GRAVEST, Turning, TurningQuestion, turn_of, turning
from sim.runs.replicate import Study, replicate
from sim.scenario.edit import vary_tree
from sim.scenario.load import scenario_from_text, tree_of
from sim.storage.comparison_export import comparison_data
from sim.storage.job_folder import RESULT
from sim.storage.keep import SCENARIO, save_study, scenario_text
from sim.storage.request import REQUEST, Request, request_text
from sim.storage.turning_keep import TURNING, add_turning, find_turning
from sim.storage.worker import work
from sim.text import load_text
from sim.views.turning import turning_sentences
from sim.views.verdict import hanging

HALL = """
name: {zh: 小厅, en: Small hall}
run: {start: 2025-03-03, warmup_days: 0, measured_days: 4, followup_days: 2, replications: 10}
calendars: [{id: day, weekly: {mon-fri: [08:30-12:00, 14:00-17:00]}}]
hall: {name: {zh: 小厅, en: Small hall}, hours: day}
departments: [{id: office, name: {zh: 办公室, en: Office}, reviewers: 1, hours: day}]
matters:
- {id: a, name: {zh: 甲, en: A}, lead: office, service: {base: {law: exponential, mean: 10 min}}}
- {id: b, name: {zh: 乙, en: B}, lead: office, service: {base: {law: exponential, mean: 10 min}}}
demand:
- {id: a, matter: a, per_day: 60, assumed: {per_day: [10, 60]}}
- {id: b, matter: b, per_day: 10, assumed: {per_day: [10, 150]}}
applicants: {assistance_factor: 1.3, assumed: {assistance_factor: [1.2, 1.4]}}
layouts:
- id: for_a
  name: {zh: 偏甲, en: More for A}
  windows:
  - {id: a, serves: [a], clerks: 3}
  - {id: b, serves: [b], clerks: 1}
- id: for_b
  name: {zh: 偏乙, en: More for B}
  windows:
  - {id: a, serves: [a], clerks: 1}
  - {id: b, serves: [b], clerks: 3}
"""


@pytest.fixture(scope="module")
def study() -> Study:
    return replicate(scenario_from_text(HALL), run=Run(engine="reference", workers=1))


STEPS: list[tuple[int, int]] = []
"""What is told on the way."""


@pytest.fixture(scope="module")
def answer(study: Study) -> Turning:
    STEPS.clear()
    return turning(study, run=Run(workers=1, progress=lambda *step: STEPS.append(step)))


def test_the_assumption_on_which_it_hangs_is_named(study: Study, answer: Turning) -> None:
    """With three windows for a, that is better while a is the larger crowd, and only then."""
    assert answer.leader == "for_a"
    assert {(end.path, end.value, end.turn) for end in answer.turned} >= {
        ("demand.b.per_day", "150", "reversed"),
        ("demand.a.per_day", "10", "lost"),
    }
    assert all(end.path != "applicants.assistance_factor" for end in answer.turned)
    sentences = " ".join(turning_sentences(answer, study.scenario, load_text("en")))
    assert "“More for B” is better than “More for A”" in sentences


def test_what_is_told_is_what_the_verdict_would_say_there(study: Study, answer: Turning) -> None:
    for end in answer.confirmed:
        scenario = vary_tree(tree_of(study.scenario), [f"{end.path}={end.value}"]).scenario
        comparison = compare(replicate(scenario, run=Run(engine="reference", workers=1)))
        [gap] = [
            difference
            for difference in comparison.pairs[0].differences
            if difference.measure == "wait"
        ]
        sign = 1 if comparison.pairs[0].before == answer.leader else -1
        assert end.difference.interval.mean == pytest.approx(sign * gap.interval.mean, rel=1e-12)
        assert bool(way_of(judge(end.difference))) == bool(way_of(judge(gap)))


def test_none_turns_where_nothing_is_moved_far() -> None:
    close = HALL.replace("per_day: 60, assumed: {per_day: [10, 60]}", "per_day: 60")
    scenario = scenario_from_text(close.replace("[10, 150]", "[9, 11]"))
    alike = turning(replicate(scenario, run=Run(engine="reference", workers=1)), run=Run(workers=1))
    assert alike.turned == ()
    assert alike.levers == 2
    first = turning_sentences(alike, scenario, load_text("en"))[0]
    assert "none of the 4 assumed values" in first


def test_where_nothing_is_sure_the_largest_difference_is_looked_at() -> None:
    """Two halls alike, but for an assumed skill; of four ends, two are run like the verdict."""
    skill = "clerks: 2, proficiency: 1, assumed: {proficiency: [1, 1.6]}"
    text = HALL.replace("clerks: 3", "clerks: 2").replace("clerks: 1}", "clerks: 2}")
    text = text.replace(", assumed: {per_day: [10, 60]}", "").replace("[10, 150]", "[10, 11]")
    text = skill.join(text.rsplit("clerks: 2", 1))
    hangs = turning(
        replicate(scenario_from_text(text), run=Run(engine="reference", workers=1)),
        run=Run(workers=1),
        confirm=2,
    )
    assert ("layouts.for_b.windows.b.proficiency", "1.6") in {
        (end.path, end.value) for end in hangs.confirmed
    }


def test_it_is_kept_with_the_study(study: Study, answer: Turning, tmp_path: Path) -> None:
    save_study(study, tmp_path / "kept")
    assert find_turning(tmp_path / "kept") is None
    add_turning(answer, tmp_path / "kept")
    assert find_turning(tmp_path / "kept") == answer
    (tmp_path / "kept" / TURNING).write_text("[]")
    with pytest.raises(ResultError):
        find_turning(tmp_path / "kept")


def test_table_and_data_tell_it(study: Study, answer: Turning) -> None:
    comparison = compare(study)
    assert comparison_data(comparison)["turning"] is None
    assert hanging(comparison, load_text("zh")) == ()
    with_turning = comparison._replace(turning=answer)
    ends = comparison_data(with_turning)["turning"]["confirmed"]
    assert [row["turn"] for row in ends] == [end.turn for end in answer.confirmed]
    assert "反优于" in " ".join(hanging(with_turning, load_text("zh")))


def test_the_gravest_stands_first(answer: Turning) -> None:
    places = [GRAVEST.index(end.turn) for end in answer.confirmed]
    assert places == sorted(places)


def test_more_clerks_in_one_layout_hide_nothing_else() -> None:
    """With ends that break equal clerk hours in plenty, the one that keeps them is named first."""
    clerks = "clerks: 3, assumed: {clerks: [1, 9]}"
    text = HALL.replace("clerks: 3", clerks).replace(
        "clerks: 1}", f"{clerks.replace('3', '1', 1)}}}"
    )
    scenario = scenario_from_text(text)
    hangs = turning(
        replicate(scenario, run=Run(engine="reference", workers=1)), run=Run(workers=1), confirm=4
    )
    budgets = [end.same_budget for end in hangs.turned]
    assert budgets == sorted(budgets, reverse=True)
    assert {end.path for end in hangs.turned if end.same_budget} & {
        "demand.a.per_day",
        "demand.b.per_day",
    }
    assert not all(budgets)


@pytest.mark.parametrize("before", JUDGEMENTS)
@pytest.mark.parametrize("now", JUDGEMENTS)
def test_each_pair_of_words_has_one_meaning(before: str, now: str) -> None:
    turn = turn_of(before, now)  # type: ignore[arg-type]
    if before == now:
        assert turn == ""
    if turn == "reversed":
        assert (before.startswith("worse"), now.startswith("better")) == (True, True)
    if turn == "told":
        assert now.startswith(("better", "worse", "differs"))


def test_it_is_told_how_far_it_is(study: Study, answer: Turning) -> None:
    """Two short looks at each of six ends, and then as many replications as the study has."""
    assert {total for _, total in STEPS} == {2 * 6 + 10 * 6}
    done = [done for done, _ in STEPS]
    assert done == sorted(set(done))
    assert done[-1] == 72


def test_stopped_early_it_claims_nothing(study: Study) -> None:
    stopped = turning(study, run=Run(workers=1, cancelled=lambda: True))
    assert stopped.cancelled
    assert stopped.confirmed == ()
    assert "Stopped early" in turning_sentences(stopped, study.scenario, load_text("en"))[0]


@pytest.mark.parametrize("measure", ["visits", "waits", "no_show_share"])
def test_a_measure_without_a_verdict_is_refused(study: Study, measure: str) -> None:
    with pytest.raises(OptionError):
        turning(study, measure, run=Run(workers=1))


def test_a_job_keeps_it_with_the_study_it_is_about(study: Study, tmp_path: Path) -> None:
    few = study._replace(tallies=tuple(row[:3] for row in study.tallies), asked=3)
    save_study(few, tmp_path / "first" / RESULT)
    request = Request(TurningQuestion("wait"), 3, few.seed, about="first")
    folder = tmp_path / "second"
    folder.mkdir()
    (folder / REQUEST).write_text(request_text(request), encoding="utf-8")
    (folder / SCENARIO).write_text(scenario_text(few.scenario), encoding="utf-8")
    work(folder)
    saved = find_turning(tmp_path / "first" / RESULT)
    assert saved is not None
    assert saved.replications == 3
    assert find_turning(folder / RESULT) == saved
