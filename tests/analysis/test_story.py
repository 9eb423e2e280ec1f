"""The story of a case: pieces of time that leave nothing out and say the same as the journal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given, settings

from sim.analysis.story import CaseStory, Stretch, hall_stretches, item_stretches, story_of
from sim.clock import DAY, HOUR
from sim.plan.tape import HAND_IN
from sim.results.columns import CASE_FATES
from sim.results.tables import Tables
from tests.laws.halls import told_tables
from tests.strategies import bundle, come, item, scenarios, small


def assert_keeps_office_hours(tables: Tables, department: int, pieces: Sequence[Stretch]) -> None:
    """Who waits or works does so while the department is open; closed is what lies between."""
    office = tables.plan.office
    row = office.calendar[department]
    span = slice(office.open_offsets[row], office.open_offsets[row + 1])
    spans = list(zip(office.open_starts[span], office.open_ends[span], strict=True))
    for piece in pieces:
        shared = sum(max(0, min(b, piece.end) - max(a, piece.start)) for a, b in spans)
        if piece.cause == "closed":
            assert shared == 0
        elif piece.cause == "reviewer_wait" or not office.finishes[department]:
            assert shared == piece.end - piece.start


def assert_is_told_whole(tables: Tables) -> None:
    tape, journal, office = tables.tape, tables.journal, tables.plan.office
    end = tables.plan.period.end
    for j in np.flatnonzero(
        (journal.item_released_at >= 0) & (tape.items.application < 0)
    ).tolist():
        pieces = item_stretches(tables, j)
        begins = int(journal.released_at[tape.items.review_offsets[j]])
        done = int(journal.completed_at[j])
        if begins < 0 or not pieces:
            continue
        assert pieces[0].start == begins
        for early, late in pairwise(pieces):
            assert early.end == late.start
        if done >= 0:
            assert pieces[-1].end == done
        assert all(piece.start < piece.end <= end for piece in pieces)
        department = int(office.department[tape.items.item[j]])
        if (
            len(journal.reviewer)
            or office.rostered_offsets[department + 1] > (office.rostered_offsets[department])
        ):
            continue  # a reviewer's hours, or those of the hall, and not the department's
        within = [piece for piece in pieces if piece.cause in ("reviewer_wait", "review", "closed")]
        assert_keeps_office_hours(tables, department, within)
    for case in range(len(tape.cases.matter)):
        pieces = hall_stretches(tables, case)
        assert all(0 <= piece.start < piece.end <= end for piece in pieces)
        # what is mended is handed in item by item: an applicant may have to come for two at once
        first, last = tape.cases.errand_offsets[case : case + 2]
        if (tape.errands.purpose[first:last] == HAND_IN).sum() < 2:
            for early, late in pairwise(pieces):
                assert early.end <= late.start


@settings(max_examples=25)
@given(scenarios())
def test_pieces_follow_each_other_in_any_small_scenario(text: str) -> None:
    assert_is_told_whole(told_tables(text))


def test_a_case_over_a_weekend() -> None:
    """Friday at four: an hour of review is left when the department closes until Monday."""
    tables = told_tables(
        small(
            run="{start: 2025-01-10, measured_days: 1, followup_days: 5}",
            matters=bundle(item("look", "100 min"), item("sign", "20 min", "after: [look]")),
            demand=come("09:00").replace("2025-01-06", "2025-01-10").replace("09:00", "16:00"),
        )
    )
    story = story_of(tables, 0)
    look, sign = story.items
    monday = 3 * DAY + 9 * HOUR
    assert [(piece.cause, piece.start, piece.end) for piece in look.stretches] == [
        ("review", 16 * HOUR, 17 * HOUR),
        ("closed", 17 * HOUR, monday),
        ("review", monday, monday + 40 * HOUR // 60),
    ]
    assert [(piece.cause, piece.end - piece.start) for piece in sign.stretches] == [
        ("review", HOUR // 3)
    ]
    assert (look.last, sign.last, look.item, sign.item) == (False, True, "look", "sign")
    assert story.trips == ((1, 16 * HOUR),)
    assert story.closed_at == monday + HOUR
    assert story.fate == CASE_FATES[int(tables.cases.fate[0])] == "issued"
    assert story.reach == (16 / 24, (monday + HOUR) / DAY)
    off = [n for n in range(-1, tables.plan.period.end // DAY + 2) if n % 7 in (1, 2)]
    assert [n for n in story.days_off if n >= 0] == [n for n in off if n >= 0]


def test_of_nothing_a_day_is_shown() -> None:
    nothing = CaseStory(0, "m", "hall", 1, (), (), (), (), -1, -1, "open")
    assert nothing.reach == (0.0, 1.0)
