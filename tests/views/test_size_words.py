"""What is said of a sizing claims no more than fresh crowds confirmed, and says why."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.analysis.intervals import Interval
from sim.questions.size import CheckedCell, SizedLayout, Sizing
from sim.scenario.promises import Promise
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, load_text
from sim.views.blocks import SentenceBlock
from sim.views.promise_words import promise_words
from sim.views.size_tables import broken_table, departments_table, needs_table
from sim.views.size_words import answer_sentence, cautions, size_blocks, sureness
from tests.views.sized import around, sized

ZH, EN = load_text("zh"), load_text("en")
SURE, OPEN, SHORT, BROKEN = (
    around(mean, half) for mean, half in ((0.97, 0.01), (0.91, 0.02), (0.89, 0.02), (0.8, 0.01))
)
"""Kept for certain, kept and not certain, broken and not certain, broken for certain."""


@pytest.fixture(scope="module")
def sizing(scenario: Scenario) -> Sizing:
    return sized(scenario)


def with_cells(sizing: Sizing, *shares: Interval, today: Interval = SURE, **changes: Any) -> Sizing:
    """Half hours of one list alone, with these shares under the sized roster."""
    [row] = sizing.layouts
    cells = tuple(
        CheckedCell(checked.cell, 0.9, share, today, 10.0)
        for checked, share in zip(row.cells, shares, strict=False)
    )
    changes = {"impossible": (), "relaxed": (), **changes}
    targets = sizing.scenario.targets
    targets = targets.model_copy(update={"promises": targets.promises[:1]})
    scenario = sizing.scenario.model_copy(update={"targets": targets})
    return sizing._replace(scenario=scenario, layouts=(row._replace(cells=cells, **changes),))


def first(sizing: Sizing) -> str:
    return answer_sentence(sizing, sizing.layouts[0], ZH)


def test_the_first_sentence_is_what_an_official_reads(sizing: Sizing) -> None:
    small = with_cells(sizing, SURE, SURE, today=BROKEN, clerk_hours=112.5)
    assert first(small) == (
        "要做到每半小时 90% 的群众 15 分钟内叫到号，“分类窗口”每周最少需要 112.5 窗口工时"
        "（现有 80）；现有排班 2 个半小时中有 2 个达不到。"
    )


@pytest.mark.parametrize(
    ("shares", "hours", "words"),
    [
        ((SURE, SURE), 112.5, "每周最少需要"),
        ((SURE, SURE), 117.5, "每周需要"),
        ((SURE, OPEN), 112.5, "每周约需"),
        ((SURE, SHORT), 112.5, "是否偶然尚不能判断"),
        ((SURE, BROKEN), 112.5, "仍不足以做到"),
    ],
)
def test_it_claims_no_more_than_was_confirmed(
    sizing: Sizing, shares: tuple[Interval, ...], hours: float, words: str
) -> None:
    """The least only where the bound is met and all is sure."""
    assert words in first(with_cells(sizing, *shares, clerk_hours=hours))


def test_what_was_never_confirmed_is_the_best_so_far_and_says_so(sizing: Sizing) -> None:
    unseen = with_cells(sizing, SURE, clerk_hours=112.5)._replace(confirmed_on=0)
    assert first(unseen).startswith("测算提前结束：要做到")
    assert "目前找到的最省排班每周 112.5 窗口工时" in first(unseen)
    assert ZH("size.confirmed.none") in cautions(unseen, unseen.layouts[0], ZH)
    out_of_reach = with_cells(sizing, SHORT, SURE, impossible=(0,), relaxed=(0.86,))
    assert "2 个考核项中仍有 1 项达不到" in first(out_of_reach._replace(confirmed_on=0))


def test_a_roster_that_was_not_tried_is_not_said_to_keep_the_promise(sizing: Sizing) -> None:
    """A search that is stopped knows nothing of today's roster."""
    nothing = Interval(math.nan, math.nan, math.nan, 0)
    stopped = with_cells(sizing, SURE)._replace(confirmed_on=0)
    [row] = stopped.layouts
    cells = tuple(checked._replace(today=nothing) for checked in row.cells)
    untried = stopped._replace(layouts=(row._replace(cells=cells),))
    assert ZH("size.now.untried") in first(untried)
    assert ZH("size.now.keeps") not in first(untried)


def test_what_nobody_could_keep_is_named_with_what_could_be(sizing: Sizing) -> None:
    out_of_reach = with_cells(sizing, SHORT, SURE, impossible=(0,), relaxed=(0.86,))
    assert "窗口全部有人，2 个考核项中仍有 1 项达不到" in first(out_of_reach)
    [said] = cautions(out_of_reach, out_of_reach.layouts[0], EN)
    assert "86 % with every window staffed, promised 90 %" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_many_rows_as_todays_roster_misses(sizing: Sizing, language: str) -> None:
    text = load_text("zh" if language == "zh" else "en")
    [row] = sizing.layouts
    table = broken_table(sizing, row, text)
    assert str(len(table.rows)) in answer_sentence(sizing, row, text)
    assert len({*table.heads}) == len(table.heads)


def test_a_table_of_needs_tells_every_clerk_once(sizing: Sizing) -> None:
    """Half hours that share a row add up to the hours of the layout."""
    [row] = sizing.layouts
    hours = 0.0
    for row_of_cells in needs_table(sizing, row, EN).rows:
        cells = [*map(str, row_of_cells)]
        ends = [int(clock[:2]) + int(clock[3:]) / 60 for clock in cells[2].split("–")]
        hours += 5 * int(cells[4]) * (ends[1] - ends[0])
    assert hours == pytest.approx(row.clerk_hours)


def test_one_clerk_fewer_is_told_beside_the_promise_that_it_breaks(sizing: Sizing) -> None:
    [row] = sizing.layouts
    rows = needs_table(sizing, row, EN).rows
    assert {(cells[3], cells[7]) for cells in rows if cells[4] == "1"} == {("–", "–")}
    assert all(
        cells[3] == "promise 1" and "%" in str(cells[7]) for cells in rows if cells[4] != "1"
    )


def test_departments_are_told_only_where_a_promise_asks_for_them(sizing: Sizing) -> None:
    [row] = sizing.layouts
    assert departments_table(sizing, row, EN).rows[0][:3] == ("Market", "promise 3", "3")
    as_today = tuple(
        need._replace(reviewers=need.today, binding=-1, one_fewer=math.nan)
        for need in row.departments
    )
    assert departments_table(sizing, row._replace(departments=as_today), EN).rows == ()


def test_a_search_cut_short_says_that_fewer_may_do(sizing: Sizing) -> None:
    cut = sizing._replace(replications=20)
    caution = SentenceBlock(ZH("size.cut_short"), "caution")
    assert caution in size_blocks(cut, ZH)
    assert caution not in size_blocks(sizing, ZH)


def test_a_price_is_told_where_there_is_one(sizing: Sizing) -> None:
    [row] = sizing.layouts
    assert any("3,995" in said for said in sureness(sizing, row, EN))
    free: SizedLayout = row._replace(cost=math.nan, today_cost=math.nan)
    assert not any("yuan" in said for said in sureness(sizing, free, EN))


@pytest.mark.parametrize("text", [ZH, EN], ids=lambda text: text.language)
def test_the_answer_stands_first_and_every_promise_is_numbered(
    sizing: Sizing, text: object
) -> None:
    assert text in (ZH, EN)
    words = ZH if text is ZH else EN
    blocks = size_blocks(sizing, words)
    assert isinstance(blocks[0], SentenceBlock)
    assert blocks[0].tone == "answer"
    said = [block.words for block in blocks if isinstance(block, SentenceBlock)]
    for n in (1, 2, 3):
        assert sum(words("size.promise.number", n=n).lower() in line.lower() for line in said) == 1


@pytest.mark.parametrize(
    ("fields", "zh", "en"),
    [
        (
            {"measure": "wait", "at_most": "8 min", "each": "run", "matters": ("shop",)},
            "统计期内平均等候时长不超过 8 分钟（仅计开店一件事）",
            "“Mean wait” is at most 8 min over all measured days (Open a shop only)",
        ),
        (
            {"measure": "utilisation", "at_most": 0.85, "each": "day", "groups": ("shops",)},
            "各日类窗口利用率不超过 85%（仅计企业窗口）",
            "“Utilisation” is at most 85 % on every kind of day (Shops only)",
        ),
        (
            {"measure": "called_within", "within": "600 s", "at_least": 0.925, "each": "day"},
            "各日类 92.5% 的群众 10 分钟内叫到号",
            "92.5 % are called within 10 min on every kind of day",
        ),
    ],
)
def test_a_promise_in_words(
    scenario: Scenario, fields: dict[str, object], zh: str, en: str
) -> None:
    promise = Promise.model_validate(fields)
    assert promise_words(scenario, promise, ZH) == zh
    assert promise_words(scenario, promise, EN) == en


def test_fewer_reviewers_who_are_hardly_ever_free_are_a_caution(sizing: Sizing) -> None:
    """Weeks do not show what piles up over months; as many as today say nothing new."""
    [row] = sizing.layouts
    busy = row.departments[0]._replace(reviewers=2, today=3, utilisation=0.98)
    for need, is_told in (
        (busy, True),
        (busy._replace(utilisation=0.9), False),
        (busy._replace(today=2), False),
    ):
        changed = row._replace(departments=(need, *row.departments[1:]))
        said = " ".join(cautions(sizing, changed, EN))
        assert ("pile up" in said) == is_told
