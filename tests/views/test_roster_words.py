"""What is said of a roster: the answer, what is missing and the way out, in both languages."""

from __future__ import annotations

import math

import pytest

from sim.questions.roster import DutyRoster
from sim.runs.posted_roster import Breach
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, Language, load_text
from sim.views.blocks import SentenceBlock, TableBlock
from sim.views.posted import posted, posted_shifts
from sim.views.roster_tables import (
    broken_table,
    cover_table,
    each_uncovered_table,
    half_hours_table,
    people_table,
    uncovered_table,
    way_out_words,
)
from sim.views.roster_words import (
    answer_sentence,
    cautions,
    roster_blocks,
    sureness,
    terminal_blocks,
)
from tests.views.rostered import rostered
from tests.views.sized import around

ZH, EN = load_text("zh"), load_text("en")


@pytest.fixture(scope="module")
def roster(scenario: Scenario) -> DutyRoster:
    return rostered(scenario)


def with_share(roster: DutyRoster, mean: float, half: float = 0.02) -> DutyRoster:
    """One check alone, and nothing missing."""
    checked = roster.promises[0]._replace(planned=around(mean, half))
    return roster._replace(promises=(checked,), uncovered=())


def test_the_first_sentence_is_what_an_official_reads(roster: DutyRoster) -> None:
    covered = with_share(roster, 0.97)
    assert answer_sentence(covered, ZH) == (
        "2025年9月22日至2025年10月5日，“分类窗口”3 人共排班 120 工时，各时段需要的人数全部排足；"
        "按此排班模拟，1 个考核项全部做到。"
    )


@pytest.mark.parametrize(
    ("mean", "half", "words"),
    [
        (0.97, 0.02, "全部做到"),
        (0.91, 0.02, "尚不能完全肯定"),
        (0.89, 0.02, "是否偶然尚不能判断"),
        (0.80, 0.02, "达不到（1 项可以肯定）"),
        (math.nan, 0.0, "没有写明服务承诺"),
    ],
)
def test_it_claims_no_more_than_was_simulated(
    roster: DutyRoster, mean: float, half: float, words: str
) -> None:
    assert words in answer_sentence(with_share(roster, mean, half), ZH)


def test_who_has_no_name_is_counted(scenario: Scenario) -> None:
    crew = rostered(scenario, named=False)._replace(uncovered=())
    assert "需 3 人、120 工时" in answer_sentence(crew, ZH)
    assert posted(crew, ZH).people == ("企业窗口 1 号", "企业窗口 2 号", "proofs 1 号")
    tables = [block.title for block in roster_blocks(crew, ZH) if isinstance(block, TableBlock)]
    assert ZH("roster.crews") in tables


def test_what_is_missing_is_told_with_reason_and_way_out(roster: DutyRoster) -> None:
    assert "合计缺 4 工时" in answer_sentence(roster, ZH), "1 person × 1 h and 2 × 1.5 h"
    first, second = uncovered_table(roster, ZH).rows
    assert first[1:] == ("11:00–12:00", "09-23 周二", "会办的人合同工时已排满", "1")
    assert second[2] == "09-28 周日班"
    said = "增加 1 人（每周 20 小时）；班次最长放宽到 9 小时，仍缺 1.5 工时"
    assert said in cautions(roster, ZH)[0]
    each = each_uncovered_table(roster, ZH).rows
    assert [row[0] for row in each] == ["2025-09-23", "2025-09-28"]
    nothing = roster.uncovered[1]._replace(way_out="none")
    assert way_out_words(nothing, EN) == "none within the rules"
    senior = roster.uncovered[0]._replace(group="", reason="senior")
    [row] = uncovered_table(roster._replace(uncovered=(senior,)), ZH).rows
    assert row[0] == "全厅"


def test_dates_that_lack_the_same_share_a_row(roster: DutyRoster) -> None:
    dates = [day.date for day in roster.days if day.days]
    lacking = tuple(roster.uncovered[0]._replace(date=date) for date in dates)
    [row] = uncovered_table(roster._replace(uncovered=lacking), ZH).rows
    assert str(row[2]).startswith("09-22 周一、09-23 周二、")
    assert str(row[2]).endswith(f"另有 {len(dates) - 5} 项")
    assert len(each_uncovered_table(roster._replace(uncovered=lacking), ZH).rows) == len(dates)


def test_cells_name_shift_and_window_groups(roster: DutyRoster) -> None:
    table = posted(roster, ZH)
    assert table.people == ("张三", "李四", "=王五")
    assert [row.code for row in table.shifts] == ["A", "早班", "B"]
    assert table.cells[0][:3] == ("A1+2", "早班1", "B1+2")
    assert table.cells[1][4] == "休"
    assert table.cells[0][5] == "", "shut"
    assert table.groups == (("1", "企业窗口"), ("2", "proofs"))
    assert [row.code for row in posted_shifts(roster, EN)] == ["A", "Early", "B"]


def test_numbers_of_groups_stand_apart_from_a_code_that_ends_in_one(roster: DutyRoster) -> None:
    shifts = tuple(
        shift._replace(name_zh="班1", name_en="S1") if shift.id == "morning" else shift
        for shift in roster.shifts
    )
    assert posted(roster._replace(shifts=shifts), ZH).cells[0][1] == "班1-1"


def test_where_there_is_one_group_cells_name_none(roster: DutyRoster) -> None:
    one_group = roster._replace(
        layout="one",
        duties=tuple(
            duty._replace(seats=tuple(seat._replace(group="any") for seat in duty.seats))
            for duty in roster.duties
        ),
    )
    assert posted(one_group, ZH).groups == ()
    assert posted(one_group, ZH).cells[0][0] == "A"


def test_more_shifts_than_letters(roster: DutyRoster) -> None:
    many = tuple(roster.shifts[0]._replace(id=f"{n:02d}:00") for n in range(30))
    codes = [row.code for row in posted_shifts(roster._replace(shifts=many), ZH)]
    assert codes[24:28] == ["Y", "Z", "AA", "AB"]
    assert len({*codes}) == 30


def test_cautions(roster: DutyRoster) -> None:
    assert "2 人合计 10.5 工时" in cautions(roster, ZH)[1]
    stopped = roster._replace(replications=3, people=(), uncovered=())
    assert cautions(stopped, ZH) == [ZH("roster.cut_short")]


def test_a_roster_that_was_stopped_is_not_said_to_have_no_promises(roster: DutyRoster) -> None:
    assert roster.scenario.targets.promises
    stopped = roster._replace(replications=3, promises=())
    assert ZH("roster.kept.untried") in answer_sentence(stopped, ZH)


def test_reserves_that_leave_too_few_are_told(roster: DutyRoster) -> None:
    from sim.scenario.rostering import Rostering

    ruled = roster.scenario.model_copy(update={"rostering": Rostering()})
    few = tuple(row._replace(short=0.2) for row in roster.reserves)
    assert EN("roster.no_reserve") in cautions(roster._replace(scenario=ruled, reserves=few), EN)
    assert EN("roster.no_reserve") not in cautions(roster._replace(scenario=ruled), EN)


def test_sureness_says_best_only_where_the_bound_is_met(roster: DutyRoster) -> None:
    assert ZH("roster.best") not in sureness(roster, ZH)
    met = roster._replace(lower_bound_hours=roster.hours, gap=0.0)
    assert ZH("roster.best") in sureness(met, ZH)


def test_a_roster_that_was_only_checked_says_so(roster: DutyRoster) -> None:
    breach = Breach("contract", "张三", "2025-09-22", 45.0, 40.0)
    checked = roster._replace(posted=True, breaches=(breach,) * 8)
    assert sureness(checked, ZH)[0] == ZH("roster.as_posted")
    [said] = [words for words in cautions(checked, ZH) if "与用工规则不符" in words]
    assert "张三 2025-09-22 起一周 45 工时，合同 40 工时" in said
    assert "另有 2 项" in said


def test_half_hours_without_anybody_are_no_worst_ones(roster: DutyRoster) -> None:
    nobody = around(math.nan)._replace(low=math.nan, high=math.nan)
    cover = tuple(
        row._replace(planned_share=nobody) if row.starts < roster.cover[12].starts else row
        for row in roster.cover
    )
    rows = cover_table(roster._replace(cover=cover), ZH).rows
    assert {row[5] for row in rows} == {"16:30–17:00"}
    nobody_at_all = tuple(row._replace(planned_share=nobody) for row in roster.cover)
    rows = cover_table(roster._replace(cover=nobody_at_all), ZH).rows
    assert {row[7] for row in rows} == {ZH("format.missing")}


def test_tables_have_all_of_the_answer(roster: DutyRoster) -> None:
    assert len(people_table(roster, ZH).rows) == len(roster.people)
    assert len(half_hours_table(roster, ZH).rows) == len(roster.cover)
    assert len(broken_table(roster, ZH).rows) == 4
    without = roster._replace(
        people=tuple(person._replace(wishes=0, wishes_kept=0) for person in roster.people)
    )
    assert ZH("roster.head.wishes") not in people_table(without, ZH).heads


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("named", [True, False])
def test_blocks_are_whole_in_both_languages(
    scenario: Scenario, language: Language, named: bool
) -> None:
    text = load_text(language)
    for blocks in (
        roster_blocks(rostered(scenario, named=named), text),
        terminal_blocks(rostered(scenario, named=named), "hall.yaml", text),
    ):
        assert isinstance(blocks[0], SentenceBlock)
        assert blocks[0].tone == "answer"
        for block in blocks:
            if isinstance(block, TableBlock):
                assert len({*block.heads}) == len(block.heads)
                assert {len(row) for row in block.rows} <= {len(block.heads)}
                if language == "en":
                    words = " ".join((*block.heads, block.note, block.title))
                    assert not [sign for sign in words if "\u4e00" <= sign <= "\u9fff"]


def test_a_week_is_a_table_of_its_own(roster: DutyRoster) -> None:
    weeks = [
        block
        for block in terminal_blocks(roster, "hall.yaml", EN)
        if isinstance(block, TableBlock) and block.title.startswith("Week")
    ]
    assert [block.heads[1] for block in weeks] == ["09-22 Mon", "09-29 Mon"]
    assert weeks[0].heads[7] == "09-28 Sun (work)"
    assert weeks[1].heads[3] == "10-01 Wed (hol.)"
