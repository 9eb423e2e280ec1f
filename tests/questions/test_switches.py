"""Service modes over any hall: alone and together, against the hall as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim import Run, example_path, load_scenario, replicate
from sim.drafting.answers import template_answers
from sim.drafting.draft import draft_hall
from sim.errors import OptionError, ScenarioError
from sim.questions import switches
from sim.questions.compare import compare
from sim.questions.switches import (
    MOST_SWITCHES,
    SHOWN,
    SwitchesQuestion,
    combinations_of,
    compare_switches,
)
from sim.scenario.edit import with_overrides
from sim.scenario.scenario import Scenario
from sim.scenario.switches import (
    PRESETS,
    SWITCHES,
    HallSwitch,
    SwitchName,
    read_switches,
    with_switches,
)
from sim.storage.answers import QUESTIONS
from sim.text import LANGUAGES, load_text
from sim.views.switches_words import switches_blocks

RUN = Run(replications=3, seed=1, workers=1)
SHORT = ["run.warmup_days=0", "run.measured_days=3", "run.followup_days=2"]
FIRST = {name: HallSwitch(name, tuple(n.first for n in SWITCHES[name])) for name in SWITCHES}


def county(**cells: Any) -> Scenario:
    answers = template_answers("county", "en").with_cells(**cells)
    scenario = draft_hall(answers, load_text("en")).scenario
    assert scenario is not None
    return with_overrides(scenario, SHORT)


CLOSED = {"saturday_from": None, "saturday_to": None}


def laid_over(scenario: Scenario, *names: SwitchName) -> Scenario:
    windows = scenario.layouts[0].windows
    ends = windows[0].id, windows[-1].id
    return with_switches(scenario, scenario.layouts[0].id, tuple(FIRST[n] for n in names), *ends)


def test_a_page_that_asks_again_has_no_hall_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make_and_note(*parts: Any) -> Scenario:
        made.append(parts)
        return with_switches(*parts)

    monkeypatch.setattr(switches, "with_switches", make_and_note)
    question = SwitchesQuestion((FIRST["training"],))
    for hall in (county(per_day=390), county(per_day=390), county(per_day=380)):
        question.check(hall)
    assert len(made) == 2


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("online", [15, 0])
def test_every_switch_can_be_laid_over_a_drafted_hall(name: SwitchName, online: int) -> None:
    hall = county(**CLOSED, online_share=online)
    changed = laid_over(hall, name)
    assert changed.hash != hall.hash
    replicate(changed, [hall.layouts[0].id], run=RUN)


def test_all_together_say_what_each_says() -> None:
    """Switches touch nothing that another one sets."""
    hall = county(**CLOSED)
    whole = laid_over(hall, *SWITCHES)
    assert whole.layouts[0].windows[-1].tidal is not None
    assert whole.applicants.appointments[0].share == 0.25
    assert {flow.online_share for flow in whole.demand} == {0.5}
    assert "sat" in whole.calendars[0].weekly
    assert whole.hall.training is not None
    assert whole.hall.training.sessions == 23
    assert whole.hall.reception is not None
    assert whole.hall.reception.catches == 0.5
    assert whole.hall.training.staff == 20 + sum(each.most_reviewers for each in hall.departments)


@pytest.mark.parametrize("file", ["exact/mmc.yaml", "exact/hall_day.yaml", "sanmenxia.yaml"])
@pytest.mark.parametrize("name", ["booking", "online", "training", "assistance"])
def test_any_hall_takes_them(file: str, name: SwitchName) -> None:
    hall = load_scenario(example_path(file))
    assert laid_over(hall, name).hash != hall.hash


@pytest.mark.parametrize(
    ("file", "name", "code"),
    [
        ("exact/mmc.yaml", "tidal", "switch_no_pool"),
        ("sanmenxia.yaml", "saturday", "switch_is_open"),
        ("office_replay.yaml", "saturday", "switch_dated"),
    ],
)
def test_what_a_hall_cannot_have_is_told(file: str, name: SwitchName, code: str) -> None:
    hall = load_scenario(example_path(file))
    with pytest.raises(ScenarioError) as caught:
        laid_over(hall, name)
    assert [problem.code for problem in caught.value.problems] == [code]
    for language in LANGUAGES:
        assert caught.value.sentences(load_text(language))


@pytest.mark.parametrize("n", [0, MOST_SWITCHES + 1])
def test_one_to_four(n: int) -> None:
    question = SwitchesQuestion(tuple(FIRST.values())[:n])
    with pytest.raises(OptionError):
        question.check(county(**CLOSED))


def test_switches_as_a_command_is_given_them() -> None:
    assert read_switches(["Online", "预约＝30，6，１０"]) == (
        FIRST["online"],
        HallSwitch("booking", (30, 6, 10)),
    )
    wrong = ["bookin", "online=1,2,3", "online=0,3", "training=1.5,2", "tidal", "潮汐窗口", "=3"]
    with pytest.raises(OptionError) as caught:
        read_switches(wrong)
    codes = [problem.code for problem in caught.value.problems]
    assert sorted(codes) == ["named_twice", *["switch_numbers"] * 3, *["unknown_switch"] * 2]
    for language in LANGUAGES:
        assert caught.value.sentences(load_text(language))


def test_presets_are_the_variants_that_ship() -> None:
    """First numbers of switches are those of the files."""
    files = {file: load_scenario(example_path(file)) for file in PRESETS}
    [book] = files["sanmenxia_booking.yaml"].applicants.appointments
    booking = FIRST["booking"]
    assert (book.share, book.no_show) == (
        booking.number("booked_percent") / 100,
        booking.number("no_show_percent") / 100,
    )
    assert {*book.slots.values()} == {booking.number("places")}
    training = files["sanmenxia_training.yaml"].hall.training
    assert training is not None
    assert FIRST["training"].numbers == (training.sessions, training.people)
    drafted = laid_over(files["sanmenxia_tidal.yaml"], "training").hall.training
    assert drafted is not None
    same = ("service_rate", "correction_rate", "least_service", "least_correction")
    assert [getattr(drafted, name) for name in same] == [getattr(training, name) for name in same]
    tide = next(
        group for group in files["sanmenxia_tidal.yaml"].layout("zone").windows if group.tidal
    )
    assert tide.tidal is not None
    assert {*tide.clerks.values()} == {FIRST["tidal"].number("tidal_windows")}
    setup = FIRST["tidal"].number("setup_minutes") * 60_000
    assert (tide.tidal.opens_at, tide.tidal.setup) == (FIRST["tidal"].number("opens_at"), setup)
    flow = files["sanmenxia_saturday.yaml"].demand[0]
    assert flow.weekdays["sat"] == FIRST["saturday"].number("saturday_visitors_percent") / 100
    for file, names in PRESETS.items():
        assert 1 <= len(names) <= MOST_SWITCHES, file


def test_the_hall_as_it_is_comes_first_and_is_a_plain_run() -> None:
    hall = county(**CLOSED)
    answer = compare_switches(hall, [FIRST["online"], FIRST["training"]], run=RUN)
    assert [step.switches for step in answer.steps] == [
        (),
        ("online",),
        ("training",),
        ("online", "training"),
    ]
    plain = compare(replicate(hall, ["today"], run=RUN))
    for measure in SHOWN:
        estimate = answer.steps[0].estimate(measure)
        assert estimate is not None
        assert estimate.interval.mean == pytest.approx(
            plain.estimate("today", measure).interval.mean
        )
    assert answer.steps[0].differences == ()
    training, online = answer.steps[2], answer.steps[1]
    assert (training.same_people, online.same_people) == (True, True)
    for step in answer.steps[1:]:
        gap, value = step.difference("wait"), step.estimate("wait")
        before = answer.steps[0].estimate("wait")
        assert gap is not None
        assert value is not None
        assert before is not None
        assert gap.interval.mean == pytest.approx(value.interval.mean - before.interval.mean)


def test_half_of_the_people_online_wait_less() -> None:
    answer = compare_switches(county(**CLOSED), [FIRST["online"]], run=RUN)
    difference = answer.steps[1].difference("wait")
    assert difference is not None
    assert difference.interval.high < 0


def test_its_answer_is_kept_and_told(tmp_path: Path) -> None:
    hall = county(**CLOSED)
    question = SwitchesQuestion((FIRST["assistance"], FIRST["tidal"]), "today")
    assert question.runs(hall) == len(combinations_of(question.switches)) == 4
    answer = question.answer(hall, run=RUN)
    kind = QUESTIONS["switches"]
    kind.save(answer, tmp_path / "answer")
    assert kind.load(tmp_path / "answer") == answer
    for language in LANGUAGES:
        blocks = switches_blocks(answer, load_text(language))
        assert len(blocks) >= 4
