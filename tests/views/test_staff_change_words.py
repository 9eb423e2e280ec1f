"""What is said of one clerk fewer and one more claims no more than the intervals."""

from __future__ import annotations

import math

import pytest

from sim.analysis.intervals import Interval
from sim.analysis.kept import kept_verdict
from sim.clock import parse_clock
from sim.questions.size import Sizing
from sim.questions.staff_change import StaffChange, TriedNumber
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, load_text
from sim.views.blocks import HeadingBlock, TableBlock
from sim.views.staff_change_words import MOST_ROWS, NeedsGrid, change_blocks, change_sentences
from tests.views.sized import around, sized

ZH, EN = load_text("zh"), load_text("en")
SURE, OPEN, SHORT, BROKEN = (
    around(mean, half) for mean, half in ((0.97, 0.01), (0.91, 0.02), (0.89, 0.02), (0.8, 0.01))
)


@pytest.fixture(scope="module")
def sizing(scenario: Scenario) -> Sizing:
    return sized(scenario)


def tried(clerks: int, step: int, *values: Interval, wage: float = math.nan) -> TriedNumber:
    verdicts = tuple(kept_verdict(value, 0.9, "high") for value in values)
    worst = min(range(len(values)), key=lambda n: values[n].mean, default=-1)
    return TriedNumber(clerks, 2.5 * step, 2.5 * step * wage, values, verdicts, worst)


def change(sizing: Sizing, *numbers: TriedNumber) -> StaffChange:
    """Of the first half hour of the first group, with as many cells as the numbers have values."""
    [row] = sizing.layouts
    cells = tuple(checked.cell for checked in row.cells[: len(numbers[0].values)])
    need = row.needs[0]
    place = (row.layout, need.group, need.days, need.starts, need.ends)
    return StaffChange(*place, cells, numbers, 40, 0.95)


def test_what_becomes_of_the_promises_and_at_what_cost(sizing: Sizing) -> None:
    """One half hour is missed with one fewer, and all are kept for certain with one more."""
    both = change(
        sizing,
        tried(1, -1, SHORT, BROKEN, wage=34),
        tried(2, 0, OPEN, SURE, wage=34),
        tried(3, 1, SURE, SURE, wage=34),
    )
    fewer, more = change_sentences(sizing, both, ZH)
    assert fewer.startswith("少一人（1 人）：有变化的 2 个考核项中 2 项做不到承诺（1 项可以肯定）")
    assert "周一至周五 09:00–09:30（承诺 1）：80.0 [79.0, 81.0]%，承诺 90%" in fewer
    assert fewer.endswith("每周省 2.5 窗口工时、85 元。")
    assert more.startswith("多一人（3 人）：有变化的 2 个考核项全部做到承诺，可以肯定")
    assert more.endswith("每周多用 2.5 窗口工时、85 元。")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_claims_no_more_than_the_intervals(sizing: Sizing, language: str) -> None:
    text = ZH if language == "zh" else EN
    certain = {"zh": "全部做到承诺，可以肯定", "en": "passed for certain"}[language]
    opened = change(sizing, tried(2, 0, OPEN), tried(3, 1, OPEN))
    fewer, more = change_sentences(sizing, opened, text)
    assert fewer == text("size.change.fewer.none")
    assert certain not in more
    assert certain in change_sentences(sizing, change(sizing, tried(3, 1, SURE)), text)[1]
    nothing = change(sizing, tried(1, -1), tried(2, 0))
    fewer, more = change_sentences(sizing, nothing, text)
    assert text("size.change.nothing") in fewer
    assert more == text("size.change.more.none")
    assert "nan" not in fewer


def test_checks_that_are_missed_stand_first_and_open_ones_are_marked(sizing: Sizing) -> None:
    shares = [SURE] * 5 + [BROKEN] + [OPEN] * 5 + [SHORT] + [SURE] * 8
    many = change(sizing, tried(1, -1, *shares), tried(2, 0, *[SURE] * 20))
    blocks = change_blocks(sizing, many, EN)
    [heading] = [block for block in blocks if isinstance(block, HeadingBlock)]
    assert heading.words.endswith("Monday to Friday 08:30–09:00")
    [table] = [block for block in blocks if isinstance(block, TableBlock)]
    assert table.heads[2:] == ("1 (one fewer)", "2 (as sized)")
    values = [str(row[2]) for row in table.rows]
    assert [value.rpartition("%")[2] for value in values[:2]] == [" ×", " ×?"]
    assert sum(value.endswith("% ?") for value in values) == 5
    assert len(table.rows) == MOST_ROWS
    assert f"left out here: {20 - MOST_ROWS}." in table.note


def test_the_grid_has_every_need_once(sizing: Sizing) -> None:
    [row] = sizing.layouts
    grid = NeedsGrid(sizing, row, ZH)
    places = [(r, c) for r in range(len(grid.table.rows)) for c in range(len(grid.table.heads))]
    needs = [need for place in places if (need := grid.need_at(*place)) is not None]
    assert sorted(needs) == sorted(row.needs)
    for r, c in places:
        need = grid.need_at(r, c)
        if need is not None:
            assert grid.table.rows[r][c] == str(need.clerks)
            assert parse_clock(grid.table.heads[c]) == need.starts
    assert len(set(grid.table.heads)) == len(grid.table.heads)
    assert grid.need_at(99, 3) is None
