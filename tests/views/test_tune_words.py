"""What is said of tuning claims no more than fresh crowds confirmed."""

from __future__ import annotations

import pytest

from sim.analysis.intervals import Interval
from sim.questions.tune import Tuning
from sim.questions.vary import Lever
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, load_text
from sim.views.blocks import SentenceBlock, TableBlock
from sim.views.scenario_names import department_name
from sim.views.tune_words import (
    answer_sentence,
    candidates_table,
    cautions,
    left_out_sentences,
    sureness,
    terminal_blocks,
    tune_blocks,
)
from tests.views.tuned import around, tuned

EN = load_text("en")


@pytest.fixture(scope="module")
def tuning(scenario: Scenario) -> Tuning:
    return tuned(scenario)


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (around(-3.0, 0.7), "which matters (from 1 min on)"),
        (around(-1.2, 0.7), "whether that reaches 1 min, from which it matters, cannot be told"),
        (around(-0.5, 0.2), "less than the 1 min from which it matters"),
        (around(-0.5, 0.9), "cannot be told apart from today's"),
        (around(0.2, 0.5), "cannot be told apart from today's"),
        (around(2.0, 0.5), "is worse on 9 fresh crowds"),
    ],
)
def test_the_answer_is_as_sure_as_fresh_crowds_are(
    tuning: Tuning, gain: Interval, words: str
) -> None:
    said = answer_sentence(tuning._replace(gain=gain), EN)
    assert words in said
    is_advised = "which matters" in words or "whether that reaches" in words
    assert said.startswith("Leave") != is_advised
    edits = [
        block
        for block in terminal_blocks(tuning._replace(gain=gain), "hall.yaml", EN)
        if isinstance(block, SentenceBlock) and "--set" in block.words
    ]
    assert bool(edits) == is_advised, "what is not advised is not written down"


def test_who_keeps_todays_hours_is_named(tuning: Tuning) -> None:
    opening = [Lever("opening", (), ("0 min",), 1)]
    moved = tuning._replace(levers=tuple(opening))
    names = [str(steps[-1]) for steps in moved.keeping_hours]
    assert names == [each.id for each in tuning.scenario.departments], "all work by one calendar"
    [words] = [words for words in cautions(moved, EN) if "calendar" in words]
    assert words.startswith("Only the hall moves")
    assert all(department_name(tuning.scenario, name, EN) in words for name in names)


def test_what_was_never_confirmed_says_so(tuning: Tuning) -> None:
    stopped = tuning._replace(confirmed_on=0, asked=30, is_decided=False)
    assert "not confirmed" in answer_sentence(stopped, EN)
    assert any("Stopped early" in words for words in cautions(stopped, EN))


def test_today_may_be_the_best(tuning: Tuning) -> None:
    best = tuning._replace(chosen=3, confirmed_on=0)
    assert "today's are the best" in answer_sentence(best, EN)
    assert best.judgement == "identical"
    nothing = best._replace(idle=tuple(lever.path for lever in tuning.levers))
    assert "changes" in answer_sentence(nothing, EN)
    assert "None of the 4 settings" in answer_sentence(nothing, EN)


def test_the_end_without_a_decision_and_the_turns_are_told(tuning: Tuning) -> None:
    said = " ".join(cautions(tuning._replace(is_decided=False), EN))
    assert "cannot be told apart" in said
    assert "took turns" in said
    assert "same times as now" in said, "opening hours are moved"


def test_who_may_be_as_good_is_named_and_who_serves_fewer_counted(tuning: Tuning) -> None:
    said = " ".join(sureness(tuning, EN))
    assert "May be as good, but for less than 1 min" in said
    assert "serve fewer people, which shortens waits: 1" in said
    alone = tuning._replace(rows=(tuning.rows[0], tuning.rows[3]), today=1)
    assert "All other settings are behind by more than 1 min" in " ".join(sureness(alone, EN))


def test_the_table_marks_today_and_says_what_is_said_of_each(tuning: Tuning) -> None:
    table = candidates_table(tuning, EN)
    assert table.heads[:2] == ("opening hours", "where clerks sit")
    verdicts = [row[2] for row in table.rows]
    assert verdicts == ["chosen", "may be as good", "serves fewer", "today; behind"]
    assert [row[0] for row in table.rows] == [
        *("30 min earlier", "as today", "30 min later", "as today")
    ]


def test_what_was_left_out_has_its_reason(tuning: Tuning) -> None:
    count, reason = left_out_sentences(tuning, EN)
    assert count.startswith("Settings that were not tried: 1")
    assert "80 h" in reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_say_all_of_it(tuning: Tuning, language: str) -> None:
    text = load_text(language)
    blocks = tune_blocks(tuning, text)
    assert sum(isinstance(block, TableBlock) for block in blocks) == 1
    assert all("{" not in block.words for block in blocks if isinstance(block, SentenceBlock))
