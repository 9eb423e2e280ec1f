"""The verdict says what the intervals allow, and no more."""

from __future__ import annotations

import math

import pytest

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.experiment.compare import Comparison, Pair, compare
from sim.experiment.replicate import Study
from sim.text import load_text
from sim.views.verdict import answer, cautions, difference, leaders, pair_word, sentences

EN, ZH = load_text("en"), load_text("zh")


def made(study: Study, means: dict[str, float], half: float) -> Comparison:
    """A comparison of mean waits whose differences all have the same half width."""

    def wait(mean: float, width: float) -> Estimate:
        return Estimate("wait", "min", "low", Interval(mean, mean - width, mean + width, 20))

    ids = study.layouts
    pairs = [(one, two) for n, one in enumerate(ids) for two in ids[n + 1 :]]
    return Comparison(
        study,
        0.95,
        tuple((wait(means[one], half),) for one in ids),
        tuple(Pair(a, b, (wait(means[b] - means[a], half),)) for a, b in pairs),
    )


def test_a_clear_winner_is_named_with_its_lead(study: Study) -> None:
    (sentence,) = sentences(made(study, {"one": 9, "two": 5, "three": 12}, 1.0), EN, ["wait"])
    assert "“Own windows” is best with 5.0" in sentence
    assert "4.0 [3.0, 5.0] min shorter than “Any window”" in sentence
    assert "7.0 [6.0, 8.0] min shorter than “The other way”" in sentence


def test_two_at_the_top_cannot_be_told_apart(study: Study) -> None:
    comparison = made(study, {"one": 5.2, "two": 5, "three": 12}, 1.0)
    assert leaders(comparison, "wait") == ("two", "one")
    (sentence,) = sentences(comparison, EN, ["wait"])
    assert "“Own windows”, “Any window” cannot be told apart" in sentence
    assert "best with" not in sentence


def test_nothing_is_better_when_all_intervals_hold_zero(study: Study) -> None:
    comparison = made(study, {"one": 5.2, "two": 5, "three": 5.4}, 1.0)
    assert "分不出优劣" in sentences(comparison, ZH, ["wait"])[0]
    assert "In none of the 1 headline measures" in answer(comparison, EN, ["wait"])


def test_equal_in_every_replication_is_more_than_not_told_apart(study: Study) -> None:
    comparison = made(study, {"one": 5, "two": 5, "three": 5}, 0.0)
    assert "完全相同" in sentences(comparison, ZH, ["wait"])[0]
    assert pair_word(comparison.pairs[0].differences[0], EN) == "identical"


def test_without_intervals_nothing_is_claimed(study: Study) -> None:
    comparison = made(study, {"one": 1, "two": 5, "three": 9}, math.nan)
    assert "Too few replications" in sentences(comparison, EN, ["wait"])[0]
    assert pair_word(comparison.pairs[0].differences[0], EN) == "too few replications to tell"


def test_a_difference_can_be_read_either_way(comparison: Comparison) -> None:
    one = difference(comparison, "one", "two", "wait")
    two = difference(comparison, "two", "one", "wait")
    assert one is not None
    assert two is not None
    assert one.interval.mean == -two.interval.mean
    assert one.interval.low == -two.interval.high
    assert difference(comparison, "one", "two", "nothing") is None


@pytest.mark.parametrize("text", [EN, ZH, load_text("keys")])
def test_the_answer_is_one_sentence_in_each_language(comparison: Comparison, text: object) -> None:
    said = answer(comparison, text)  # type: ignore[arg-type]
    assert said
    assert "{" not in said


def test_one_layout_is_compared_with_nothing(study: Study) -> None:
    alone = study._replace(
        layouts=study.layouts[:1], plans=study.plans[:1], tallies=study.tallies[:1]
    )
    assert "nothing to compare" in answer(compare(alone), EN)
    assert len(sentences(compare(alone), EN)) == 5


def test_few_or_missing_replications_are_said(comparison: Comparison) -> None:
    study = comparison.study._replace(asked=50)
    found = cautions(comparison._replace(study=study), EN)
    assert any("3 of 50" in one for one in found)
    assert any("provisional" in one for one in found)
