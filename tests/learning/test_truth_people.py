"""Books and differences in patience come back from the program's own event log, as often as stated.

Each interval is counted, also those of halls whose books are never full; halls without a difference
are counted too, for how often one is told of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pytest

from sim.clock import HOUR, MINUTE
from sim.learning.learned import LearnedLog, read_log
from sim.learning.patience_groups import PatienceBy
from sim.learning.ticket_log import TicketLog
from tests.learning.own_log import write_own_log

HALL: Final = """
name: A drawn hall
run: {{start: 2025-03-03, measured_days: {days}}}
calendars: [{{id: office, weekly: {{mon-fri: [08:30-16:30]}}}}]
hall: {{name: A hall, hours: office, last_ticket: 30 min}}
applicants:
  classes:
    - {{id: booked, name: Booked, priority: {first}{patience_booked}}}
    - {{id: walk_in, name: Walk-in, priority: 1{patience_walk_in}}}
    - {{id: elderly, name: Elderly, priority: 1{patience_elderly}}}
  {patience}
  unserved: {{returns: 0, lost: 1}}
  {book}
matters:
  - id: short
    name: Short
    service: {{base: {{law: gamma, mean: 6 min, cv: 0.7}}}}
    {patience_short}
  - {{id: long, name: Long, service: {{base: {{law: exponential, mean: 12 min}}}}}}
demand:
  - {{id: short, matter: short, per_day: {short}, classes: {classes}}}
  - {{id: long, matter: long, per_day: {long}, classes: {classes}}}
layouts:
  - {{id: desks, name: Desks, windows: [{{id: desks, serves: [short, long], clerks: {clerks}}}]}}
"""
BOOK: Final = (
    "appointments: [{{id: book, name: Book, serves: [short, long], share: {share},"
    " slots: {{mon-fri 09:00-12:00: {morning}, mon-fri 13:30-15:30: {afternoon}}}, slot: 30 min,"
    " priority_class: booked, ahead: {ahead} min, no_show: {no_show}, no_show_returns: 0,"
    " lateness: {{law: gamma, mean: {late} min, cv: {late_cv}}}}}]"
)
BLANK: Final = dict.fromkeys(
    ("booked", "walk_in", "elderly", "short"),
    "",
)


def learned_of(text: str, seed: int, path: Path) -> LearnedLog:
    """Run a hall and read its event log."""
    write_own_log(text, seed, path)
    return read_log(path)


# === books === #


class HeldBook(NamedTuple):
    """Whether what is told of a book holds what it was drawn with."""

    places: list[bool]
    """Of each slot that shows its bound."""
    no_show: bool
    after: bool
    late_share: bool
    n_open: int
    """Slots that show none."""
    enough: bool
    """Those have at least the places that were filled."""


def one_book(number: int, days: int, path: Path) -> HeldBook:
    """Draw a hall with a book, run it, and look what its log tells."""
    rng = np.random.default_rng([11, number])
    truth = {
        "share": round(float(rng.uniform(0.3, 0.7)), 2),
        "morning": int(rng.integers(2, 7)),
        "afternoon": int(rng.integers(2, 7)),
        "ahead": int(rng.integers(5, 16)),
        "no_show": round(float(rng.uniform(0.0, 0.2)), 2),
        "late": int(rng.integers(5, 13)),
        "late_cv": round(float(rng.uniform(0.6, 1.0)), 2),
    }
    text = HALL.format(
        days=days,
        first=0,
        patience="",
        **{f"patience_{name}": "" for name in BLANK},
        book=BOOK.format(**truth),
        classes="{walk_in: 1}",
        short=70,
        long=35,
        clerks=4,
    )
    learned = learned_of(text, number, path)
    book, punctuality, log = learned.book, learned.punctuality, learned.log
    assert book is not None
    assert punctuality is not None
    assert isinstance(log, TicketLog)
    places = {
        slot: truth["morning"] if slot.begin < 12 * HOUR else truth["afternoon"]
        for days_ in book.days
        for slot in days_.slots
    }
    shape, scale = truth["late_cv"] ** -2, truth["late"] * truth["late_cv"] ** 2
    drawn = np.random.default_rng(1).gamma(shape, scale, 200_000) - truth["ahead"]
    after, late = punctuality.after, punctuality.late_share
    return HeldBook(
        places=[slot.low <= n <= slot.high for slot, n in places.items() if slot.is_full],
        no_show=book.no_show_low <= truth["no_show"] <= book.no_show_high,
        after=after.low <= (truth["late"] - truth["ahead"]) * MINUTE <= after.high,
        late_share=late.low <= float(np.mean(drawn > 0)) <= late.high,
        n_open=sum(not slot.is_full for slot in places),
        enough=all(slot.places >= slot.most for slot in places),
    )


def test_books_come_back_as_often_as_stated(tmp_path: Path) -> None:
    """Of 12 halls 60 days long: places and no-shows, and when people come, at 95 %."""
    held = [one_book(number, 60, tmp_path / "log.csv") for number in range(12)]
    intervals = [holds for hall in held for holds in (hall.no_show, hall.after, hall.late_share)]
    assert np.mean(intervals) >= 31 / 36, intervals  # chance of fewer: 1 in 90
    # slots of a hall share their bound, so halls are what is counted
    full = [np.mean(hall.places) for hall in held if hall.places]
    assert len(full) >= 4
    assert np.mean(full) >= 0.85, full
    assert all(hall.enough for hall in held)


def test_a_book_that_is_never_full_is_not_called_so(tmp_path: Path) -> None:
    """In 30 books with room for all, a bound is told of hardly one (1 % is stated)."""
    called_full = 0
    for number in range(30):
        text = HALL.format(
            days=40,
            first=0,
            patience="",
            **{f"patience_{name}": "" for name in BLANK},
            book=BOOK.format(
                share=0.5, morning=60, afternoon=60, ahead=10, no_show=0.1, late=8, late_cv=0.8
            ),
            classes="{walk_in: 1}",
            short=40,
            long=20,
            clerks=3,
        )
        book = learned_of(text, number, tmp_path / "log.csv").book
        assert book is not None
        called_full += book.is_full
    assert called_full <= 2  # chance of more at 1 %: 1 in 300


# === patience === #

WAYS: Final[tuple[PatienceBy, ...]] = ("matters", "booked", "classes")


def patience_hall(by: PatienceBy | None, ratio: float, days: int) -> str:
    """A crowded hall in which one group waits so many times as long as all others."""
    patience = f"patience: {{law: exponential, mean: {40 * ratio} min}}"
    group = {"matters": "short", "booked": "booked", "classes": "elderly", None: ""}[by]
    comma = "" if by == "matters" else ", "
    has_book = by == "booked"
    share = "{walk_in: 1}" if has_book else "{walk_in: 0.6, elderly: 0.4}"
    return HALL.format(
        days=days,
        first=1,
        patience="patience: {law: exponential, mean: 40 min}",
        **{f"patience_{name}": f"{comma}{patience}" if name == group else "" for name in BLANK},
        book=BOOK.format(
            share=0.4, morning=60, afternoon=60, ahead=10, no_show=0.1, late=8, late_cv=0.8
        )
        if has_book
        else "",
        classes=share,
        short=80,
        long=40,
        clerks=2,
    )


@pytest.mark.parametrize("by", WAYS)
def test_patience_comes_back_by_what_it_differs_by(by: PatienceBy, tmp_path: Path) -> None:
    """Of 8 halls in which a group waits three times as long the difference is told in each, and
    16 intervals hold the truth as often as stated."""
    holds, ratios = list[bool](), list[float]()
    for number in range(8):
        learned = learned_of(patience_hall(by, 3.0, 40), number, tmp_path / "log.csv")
        log = learned.log
        assert isinstance(log, TicketLog)
        [way] = [way for way in learned.patience_groups if way.by == by]
        assert way.differ
        names = {"matters": log.names.matters, "classes": log.names.classes}
        patient = {"matters": "short", "booked": "booked", "classes": "elderly"}[by]
        for group in way.own:
            name = ("walk_in", "booked")[group.group] if by == "booked" else names[by][group.group]
            truth = (120 if name == patient else 40) * MINUTE
            holds.append(group.mean.low <= truth <= group.mean.high)
            ratios.append(group.mean.mean / truth)
    assert len(holds) == 16
    assert sum(holds) >= 13, holds  # chance of fewer: 1 in 100
    assert np.mean(ratios) == pytest.approx(1, abs=0.08)  # though most of it is censored


def test_groups_of_one_patience_are_hardly_ever_told_apart(tmp_path: Path) -> None:
    """Of 40 halls whose people are alike, by matter and by class (1 % is stated for each)."""
    differing = 0
    for number in range(40):
        learned = learned_of(patience_hall(None, 1.0, 20), number, tmp_path / "log.csv")
        ways = {way.by: way for way in learned.patience_groups}
        assert {*ways} == {"matters", "classes"}
        differing += sum(way.differ for way in ways.values())
    assert differing <= 3  # chance of more at 1 %: 1 in 100
