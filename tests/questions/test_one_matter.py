"""One matter from inside: what is kept is what was answer, and what is shown is what happened."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sim import Run, Scenario, load_scenario, replicate
from sim.analysis.story import story_of
from sim.engine.run import run
from sim.errors import ResultError
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.questions.one_matter import MOST_CASES, MatterQuestion, OneMatter, one_matter
from sim.questions.reductions import reductions
from sim.results.tables import Tables
from sim.scenario.edit import with_followup, with_handling
from sim.storage.one_matter_keep import (
    MATTER,
    PLAIN_STORIES,
    STORIES,
    load_one_matter,
    save_one_matter,
)
from sim.text import load_text
from sim.views.case_timeline import case_timeline, story_timeline
from tests.web.halls import SMALL, small_file


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(small_file(tmp_path_factory.mktemp("hall")))


@pytest.fixture(scope="module")
def answer(scenario: Scenario) -> OneMatter:
    return one_matter(scenario, "pooled", run=Run(replications=2, seed=5, workers=1))


def test_the_reductions_are_those_of_the_question_alone(
    scenario: Scenario, answer: OneMatter
) -> None:
    alone = reductions(scenario, "pooled", run=Run(replications=2, seed=5, workers=1))
    assert answer.reductions is not None
    assert str(answer.reductions) == str(alone)
    assert answer.replications == 2


def test_stories_are_of_the_same_people_and_tell_what_happened(
    scenario: Scenario, answer: OneMatter
) -> None:
    before, after = (answer.way(way) for way in ("separate", "bundled"))
    assert before is not None
    assert after is not None
    for matter, stories in before.stories.items():
        assert [story.case for story in stories] == [story.case for story in after.stories[matter]]
        assert len(stories) <= MOST_CASES
    assert before.stories["open_company"]
    plan = compile_plan(with_handling(with_followup(scenario), "separate"), "pooled")
    tape = draw_tape(plan.demand, 5, 0)
    tables = Tables(plan, tape, run(plan, tape))
    for story in before.stories["open_company"]:
        assert story == story_of(tables, story.case)
        assert story.closed_at >= 0
        assert {piece.item for piece in story.items} <= {"licence", "tax_file"}
    text = load_text("en")
    [first, *_] = before.stories["open_company"]
    drawn, steps = (
        [label.get_text() for label in figure.axes[0].texts]
        for figure in (
            case_timeline(scenario, tables, first.case, text),
            story_timeline(scenario, first, text),
        )
    )
    assert drawn == steps


def test_what_is_kept_is_what_was_found(answer: OneMatter, tmp_path: Path) -> None:
    save_one_matter(answer, tmp_path / "kept")
    loaded = load_one_matter(tmp_path / "kept")
    assert str(loaded.reductions) == str(answer.reductions)
    assert [way.stories for way in loaded.ways] == [dict(way.stories) for way in answer.ways]
    for loaded_way, way in zip(loaded.ways, answer.ways, strict=True):
        assert loaded_way.study.scenario == way.study.scenario
        assert str(loaded_way.study.tallies) == str(way.study.tallies)


def test_stories_of_earlier_versions_are_read(answer: OneMatter, tmp_path: Path) -> None:
    save_one_matter(answer, tmp_path / "kept")
    packed = tmp_path / "kept" / STORIES
    (tmp_path / "kept" / PLAIN_STORIES).write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    loaded = load_one_matter(tmp_path / "kept")
    assert [way.stories for way in loaded.ways] == [dict(way.stories) for way in answer.ways]


@pytest.mark.parametrize("file", [MATTER, STORIES, "tallies.npz", "separate/tallies.npz"])
@pytest.mark.parametrize("damage", [b"", b"{", b"PK", b"[1, 2]"])
def test_what_is_damaged_is_told(
    answer: OneMatter, tmp_path: Path, file: str, damage: bytes
) -> None:
    save_one_matter(answer, tmp_path / "kept")
    (tmp_path / "kept" / file).write_bytes(damage)
    with pytest.raises(ResultError):
        load_one_matter(tmp_path / "kept")


def test_where_there_is_no_before_it_is_looked_at_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(SMALL.replace(", own_matter: errand", ""), encoding="utf-8")
    answer = one_matter(load_scenario(file), "pooled", run=Run(replications=2, seed=5, workers=1))
    assert [way.handling for way in answer.ways] == ["as_it_is"]
    assert answer.reductions is None
    assert answer.replications == answer.asked
    save_one_matter(answer, tmp_path / "kept")
    assert load_one_matter(tmp_path / "kept").reductions is None


@pytest.mark.parametrize(("stop", "ways"), [(0, 0), (1, 2), (3, 2)])
def test_stopped_early_it_keeps_the_crowds_that_are_finished(
    scenario: Scenario, stop: int, ways: int
) -> None:
    steps: list[int] = []

    def tell(done: int, total: int) -> None:
        steps.append(done)
        assert total == 6

    answer = one_matter(
        scenario,
        "pooled",
        run=Run(
            replications=6, seed=5, workers=1, progress=tell, cancelled=lambda: len(steps) >= stop
        ),
    )
    assert (len(answer.ways), answer.replications) == (ways, stop)
    assert {way.study.replications for way in answer.ways} <= {stop}


def test_each_way_is_the_study_of_its_handling_alone(scenario: Scenario, answer: OneMatter) -> None:
    for way in answer.ways:
        assert way.handling != "as_it_is"
        handled = with_handling(with_followup(scenario), way.handling)
        alone = replicate(handled, ["pooled"], run=Run(replications=2, seed=5, workers=1))
        assert way.study.scenario == alone.scenario
        assert str(way.study.tallies) == str(alone.tallies)


def test_a_matter_of_one_item_is_switched_when_it_is_named(tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    licence, _, from_tax_file = SMALL.partition("  - {id: tax_file")
    file.write_text(licence + from_tax_file.split("\n", 2)[2], encoding="utf-8")
    scenario, run = load_scenario(file), Run(replications=1, seed=5, workers=1)
    named = MatterQuestion("pooled", ("open_company",))
    by_question = {
        question: question.answer(scenario, run=run)
        for question in (MatterQuestion("pooled"), named)
    }
    ways = [[way.handling for way in answer.ways] for answer in by_question.values()]
    assert ways == [["as_it_is"], ["separate", "bundled"]]
    assert [question.runs(scenario) for question in by_question] == [1, 2]
    cuts = by_question[named].reductions
    assert cuts is not None
    assert cuts.matters == ("open_company",)
