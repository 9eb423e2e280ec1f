"""The verdict says what the intervals allow, and no more."""

from __future__ import annotations

import math

import pytest

from sim import Run
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.questions.compare import Comparison, Pair, compare
from sim.runs.replicate import Study, replicate
from sim.scenario.load import scenario_from_text
from sim.text import load_text
from sim.views.accounts import group_blocks
from sim.views.values import gap_words
from sim.views.verdict import (
    answer,
    cautions,
    class_cautions,
    difference,
    leaders,
    pair_word,
    sentences,
)

EN, ZH = load_text("en"), load_text("zh")


def made(study: Study, means: dict[str, float], half: float) -> Comparison:
    """A comparison of mean waits whose differences all have the same half width."""

    def wait(mean: float, width: float) -> Estimate:
        return Estimate("wait", "min", "low", Interval(mean, mean - width, mean + width, 20))

    ids = study.layouts
    pairs = [(first, second) for n, first in enumerate(ids) for second in ids[n + 1 :]]
    return Comparison(
        study,
        0.95,
        tuple((wait(means[layout], half),) for layout in ids),
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
    assert "差异不显著" in sentences(comparison, ZH, ["wait"])[0]
    assert "by a size that matters in the headline measure." in answer(comparison, EN, ["wait"])


def test_equal_in_every_replication_is_more_than_not_told_apart(study: Study) -> None:
    comparison = made(study, {"one": 5, "two": 5, "three": 5}, 0.0)
    assert "完全相同" in sentences(comparison, ZH, ["wait"])[0]
    assert pair_word(comparison.pairs[0].differences[0], EN) == "identical"


def test_without_intervals_nothing_is_claimed(study: Study) -> None:
    comparison = made(study, {"one": 1, "two": 5, "three": 9}, math.nan)
    assert "Too few replications" in sentences(comparison, EN, ["wait"])[0]
    assert pair_word(comparison.pairs[0].differences[0], EN) == "too few replications to tell"


def test_a_difference_can_be_read_either_way(comparison: Comparison) -> None:
    forwards = difference(comparison, "one", "two", "wait")
    backwards = difference(comparison, "two", "one", "wait")
    assert forwards is not None
    assert backwards is not None
    assert forwards.interval.mean == -backwards.interval.mean
    assert forwards.interval.low == -backwards.interval.high
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
    sentences = cautions(comparison._replace(study=study), EN)
    assert any("3 of 50" in sentence for sentence in sentences)
    assert any("provisional" in sentence for sentence in sentences)


# --- two thresholds ----------------------------------------------------------


def sized(study: Study, means: dict[str, float], half: float, size: float) -> Comparison:
    """As `made`, with a smallest difference that matters."""
    comparison = made(study, means, half)
    pairs = tuple(
        pair._replace(
            differences=tuple(estimate._replace(matters_from=size) for estimate in pair.differences)
        )
        for pair in comparison.pairs
    )
    return comparison._replace(pairs=pairs)


def test_what_is_sure_and_too_little_is_not_called_better(study: Study) -> None:
    comparison = sized(study, {"one": 5.3, "two": 5, "three": 5.4}, 0.1, 1.0)
    said = answer(comparison, EN, ["wait"])
    assert "ahead of the next by too little to matter" in said
    assert "by a size that matters in the headline measure." in said
    (sentence,) = sentences(comparison, EN, ["wait"])
    assert "slightly ahead" in sentence
    assert "less than 1 min, too little to matter" in sentence


def test_a_size_that_may_matter_is_said_to_be_open(study: Study) -> None:
    comparison = sized(study, {"one": 6, "two": 5, "three": 12}, 0.5, 1.0)
    assert "by a size that matters is not sure" in answer(comparison, EN, ["wait"])
    (sentence,) = sentences(comparison, EN, ["wait"])
    assert "(whether by 1 min is not sure)" in sentence
    assert sentence.count("not sure") == 1


def test_equivalence_is_information_too(study: Study) -> None:
    comparison = sized(study, {"one": 5.01, "two": 5, "three": 5.02}, 0.3, 1.0)
    assert "no difference that matters in Mean wait" in answer(comparison, EN, ["wait"])
    assert "no difference of 1 min or more" in sentences(comparison, EN, ["wait"])[0]


def test_a_winner_by_a_size_that_matters_is_named_with_its_lead(study: Study) -> None:
    comparison = sized(study, {"one": 9, "two": 5, "three": 12}, 1.0, 1.0)
    assert answer(comparison, EN, ["wait"]) == (
        "“Own windows” is better than every other layout, by a size that matters,"
        " in Mean wait (by 4.0 min from the next)."
    )


def test_a_constant_difference_is_not_called_equal(study: Study) -> None:
    comparison = sized(study, {"one": 5.0, "two": 5.25, "three": 5.25}, 0.0, 1.0)
    (sentence,) = sentences(comparison, EN, ["wait"])
    assert "identical" not in sentence
    assert "the same" not in sentence


@pytest.mark.parametrize("text", [EN, ZH])
@pytest.mark.parametrize("size", [0.0, 0.05, 1.0, 5.0])
@pytest.mark.parametrize("half", [0.0, 0.04, 0.3, 2.0, math.nan])
def test_each_outcome_has_its_words_in_both_languages(
    study: Study, text: object, size: float, half: float
) -> None:
    comparison = sized(study, {"one": 5.3, "two": 5, "three": 7}, half, size)
    said = answer(comparison, text, ["wait"])  # type: ignore[arg-type]
    assert said
    assert "{" not in said
    assert sentences(comparison, text, ["wait"])  # type: ignore[arg-type]


def test_parts_of_a_working_day_are_told_in_hours() -> None:
    shorter = Estimate("turnaround", "wd", "low", Interval(-0.388, -0.428, -0.348, 20), 0.1)
    assert gap_words(shorter, ZH) == "短约 3 小时（0.39 [0.35, 0.43] 个工作日）"
    assert gap_words(shorter, EN) == "about 3 hours (0.39 [0.35, 0.43] working days) shorter"


TWO_RULES = """
name: {zh: 厅, en: Hall}
run: {start: 2025-03-03, warmup_days: 0, measured_days: 10, replications: 10}
calendars: [{id: day, weekly: {mon-fri: [08:30-12:00, 14:00-17:00]}}]
hall: {name: {zh: 厅, en: Hall}, hours: day}
departments: [{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: day}]
matters:
- {id: a, name: {zh: 甲, en: A}, lead: office, service: {base: {law: exponential, mean: 6 min}}}
applicants:
  classes:
  - {id: usual, name: {zh: 一般群众, en: Usual}%s}
  - {id: old, name: {zh: 老年人, en: Elderly}}
demand:
- {id: a, matter: a, per_day: 60, classes: {usual: 0.8, old: 0.2}}
layouts:
- id: first
  name: {zh: 老年人优先, en: Elderly first}
  windows: [{id: w, serves: [a], clerks: 1}]
- id: quick
  name: {zh: 先到先办, en: In turn}
  calling: {rule: weighted_wait}
  windows: [{id: w, serves: [a], clerks: 1, proficiency: 0.9}]
"""


def test_a_class_for_whom_the_best_mean_is_not_the_best_is_named() -> None:
    """Windows that work a tenth quicker beat those that call the elderly first; not for them."""
    text = TWO_RULES % ", priority: 1"
    compared = compare(replicate(scenario_from_text(text), run=Run(engine="reference", workers=1)))
    assert leaders(compared, "wait") == ("quick",)
    [caution] = [
        sentence for sentence in class_cautions(compared, EN) if sentence.startswith("Mean wait")
    ]
    assert "but for “Elderly” “Elderly first” is better" in caution
    assert caution in cautions(compared, EN)
    assert "对“老年人”而言“老年人优先”更优" in " ".join(class_cautions(compared, ZH))
    blocks = group_blocks(compared, ("class",), EN)
    [block] = [block for block in blocks if "Mean wait" in block.title]
    assert block.heads[-1] == "In turn is"
    assert [(row[0], row[-1]) for row in block.rows] == [("Usual", "better"), ("Elderly", "worse")]


def test_where_one_is_better_for_all_nobody_is_named() -> None:
    compared = compare(
        replicate(scenario_from_text(TWO_RULES % ""), run=Run(engine="reference", workers=1))
    )
    assert class_cautions(compared, EN) == ()


@pytest.mark.parametrize(("replications", "are_few"), [(9, True), (10, False)])
def test_nine_replications_are_few(study: Study, replications: int, are_few: bool) -> None:
    tallies = tuple((rows * 4)[:replications] for rows in study.tallies)
    repeated = study._replace(asked=replications, tallies=tallies)
    sentences = cautions(made(repeated, {"one": 5, "two": 5, "three": 5}, 1.0), EN)
    assert (EN("report.provisional", replications=replications) in sentences) == are_few
    cut_short = EN("report.cut_short", done=replications, asked=replications)
    assert cut_short not in sentences
    longer = made(repeated._replace(asked=11), {"one": 5, "two": 5, "three": 5}, 1.0)
    assert EN("report.cut_short", done=replications, asked=11) in cautions(longer, EN)


@pytest.mark.parametrize(("share", "hardly"), [(0.95, False), (0.951, True)])
def test_more_than_95_percent_of_use_hardly_copes(study: Study, share: float, hardly: bool) -> None:
    plain = made(study, {"one": 5, "two": 5, "three": 5}, 1.0)
    use = Estimate("utilisation", "share", "none", Interval(share, share, share, 20))
    busy = plain._replace(layouts=(plain.layouts[0], (use,), plain.layouts[2]))
    word = EN("report.hardly_copes", layouts="Own windows")
    assert (word in cautions(busy, EN)) == hardly
