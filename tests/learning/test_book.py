"""Who came booked for a slot comes so in the learned scenario; the book's places are told where the
log shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from sim import compile_demand, draw_tape
from sim.arrays import Floats
from sim.clock import DAY, HOUR, MINUTE
from sim.learning.book import BookFit
from sim.learning.book_wishes import expected_bookings, wishes_for
from sim.learning.learned import LearnedLog, read_log
from sim.learning.learned_file import learned_file
from sim.learning.learned_scenario import learned_scenario
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall
from sim.scenario.consistency import findings
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from sim.text import load_text

HEADS: Final = "取号时间,叫号时间,结束时间,窗口,预约时段"
FIRST: Final = date(2025, 3, 3)
NO_HOLIDAYS: Final = LogHall("none")


def book_log(
    path: Path,
    booked: Callable[[np.random.Generator, int, float], int],
    n_days: int = 60,
    walk_ins: float = 3.0,
    slot: str = "{:%Y-%m-%d %H:%M}",
    step: int = 30,
) -> LearnedLog:
    """Weekdays of an office from nine to four.

    Parameters
    ----------
    booked
        Of a generator, a weekday and an hour of the day: how many come for the slot that begins
        then. They come from ten minutes ahead of it on.
    walk_ins
        A half hour in the mean.
    slot
        How the column of slots is written; empty = it is blank.
    step
        Minutes of a slot.
    """
    rng = np.random.default_rng(5)
    rows = list[str]()
    for n in range(n_days):
        day = datetime.combine(FIRST + timedelta(days=n), datetime.min.time())
        if day.weekday() > 4:
            continue
        people = list[tuple[datetime, str]]()
        for minutes in range(9 * 60, 16 * 60, step):
            begin = day + timedelta(minutes=minutes)
            for _ in range(booked(rng, day.weekday(), minutes / 60)):
                late = timedelta(minutes=rng.gamma(2.0, 4.0) - 10)
                people.append((begin + late, slot.format(begin)))
        for half in range(18, 32):
            begin = day + timedelta(minutes=30 * half)
            people += [
                (begin + timedelta(minutes=float(rng.uniform(0, 30))), "")
                for _ in range(rng.poisson(walk_ins))
            ]
        free = [day] * 4
        for came, words in sorted(people):
            desk = free.index(min(free))
            call = max(came, free[desk]).replace(microsecond=0)
            free[desk] = call + timedelta(seconds=60 + int(rng.exponential(240)))
            stamps = (came.replace(microsecond=0), call, free[desk])
            rows.append(",".join([*map(str, stamps), str(desk + 1), words]))
    path.write_text("\n".join([HEADS, *rows]), encoding="utf-8")
    return read_log(path, hall=NO_HOLIDAYS)


def scenario_of(learned: LearnedLog) -> Scenario:
    return scenario_from_text(learned_file(learned, hall=NO_HOLIDAYS, is_calibrated=False).words)


def came_by_half_hour(learned: LearnedLog, booked: bool) -> tuple[Floats, Floats]:
    """Who came in the log and in the scenario, by weekday and half hour; a day."""
    log = learned.log
    assert isinstance(log, TicketLog)
    scenario = scenario_of(learned)
    here = (log.details.booked == 1) == booked
    observed = _by_weekday(log.tickets.arrived_at[here], log.first_date, log.n_days)
    demand = compile_demand(scenario)
    drawn = np.zeros_like(observed)
    for replication in range(20):
        cases = draw_tape(demand, 1, replication).cases
        here = ((cases.booked_for >= 0) == booked) & ~cases.no_show
        drawn += _by_weekday(cases.arrived_at[here], scenario.run.start, demand.n_days) / 20
    return observed, drawn


def _by_weekday(came: Any, first: date, n_days: int) -> Floats:
    weekday = (first.weekday() + np.arange(n_days)) % 7
    table = np.zeros((7, 48))
    inside = came < n_days * DAY
    np.add.at(table, (weekday[came[inside] // DAY], came[inside] % DAY // (30 * MINUTE)), 1)
    return table / np.bincount(weekday, minlength=7)[:, None]


def by_chance(rng: np.random.Generator, weekday: int, hour: float) -> int:
    """More before noon, and more on Mondays."""
    return int(rng.poisson((2.5 if hour < 12 else 1.0) * (2 if weekday == 0 else 1)))


def full(rng: np.random.Generator, weekday: int, hour: float) -> int:
    """Five places before noon and three after it, all booked; one in ten stays away."""
    return int(rng.binomial(5 if hour < 12 else 3, 0.9))


@pytest.mark.parametrize("booked", [by_chance, full])
def test_as_many_booked_people_and_walk_ins_come_as_in_the_log(
    booked: Callable[[np.random.Generator, int, float], int], tmp_path: Path
) -> None:
    """By weekday and half hour; nobody is counted twice."""
    learned = book_log(tmp_path / "log.csv", booked)
    for is_booked in (True, False):
        observed, drawn = came_by_half_hour(learned, is_booked)
        assert drawn.sum() == pytest.approx(observed.sum(), rel=0.03)
        assert drawn.sum(axis=1) == pytest.approx(observed.sum(axis=1), rel=0.12)
        # a number a day of the log is told to √(number / days): of each weekday there are eight
        spread = np.sqrt(np.maximum(drawn, 0.3) / 8)
        assert (np.abs(drawn - observed) <= 4 * spread).all()


def fit_of(learned: LearnedLog) -> BookFit:
    assert learned.book is not None
    return learned.book


def test_a_full_book_shows_its_places_and_its_no_shows(tmp_path: Path) -> None:
    book = fit_of(book_log(tmp_path / "log.csv", full))
    assert book.slot == 30 * MINUTE
    [days] = book.days  # all weekdays are alike
    assert days.weekdays == (0, 1, 2, 3, 4)
    for slot in days.slots:
        assert slot.is_full
        assert slot.low <= (5 if slot.begin < 12 * HOUR else 3) <= slot.high
    assert book.no_show_low <= 0.1 <= book.no_show_high
    assert book.no_show_high < 0.25


def test_a_book_with_room_shows_no_bound(tmp_path: Path) -> None:
    book = fit_of(book_log(tmp_path / "log.csv", by_chance))
    assert not book.is_full
    assert [days.weekdays for days in book.days] == [(0,), (1, 2, 3, 4)]
    assert (book.no_show_low, book.no_show_high) == (0, 0.25)
    assert all(slot.places >= slot.most for days in book.days for slot in days.slots)


def test_what_is_assumed_is_listed_and_the_scenario_has_no_other_fault(tmp_path: Path) -> None:
    learned = book_log(tmp_path / "log.csv", full)
    written = learned_scenario(learned, "A", NO_HOLIDAYS)
    [book] = written["applicants"]["appointments"]
    assert book["assumed"]["no_show"][0] <= book["no_show"] <= book["assumed"]["no_show"][1]
    assert book["ahead"] != "0 min"
    assert book["lateness"]["law"] == "gamma"
    assert book["lateness"]["cv"] == pytest.approx(0.5**0.5, rel=0.15)
    for language in ("zh", "en"):
        share = load_text(language).share(book["no_show"], 0)
        assert share in written["note"][language]
    words = learned_file(learned, hall=NO_HOLIDAYS, is_calibrated=False).words
    codes = {finding.code for finding in findings(scenario_from_text(words))}
    assert not codes & {"nobody_books", "flow_never_books", "class_never_comes", "outside_assumed"}


def test_few_who_booked_for_another_day_are_called_as_booked(tmp_path: Path) -> None:
    """They come with the walk-ins, in the class that they were called in; shares add to 1."""
    path = tmp_path / "log.csv"
    book_log(path, full)
    lines = path.read_text(encoding="utf-8").splitlines()
    rng = np.random.default_rng(8)
    for n in rng.choice(np.arange(1, len(lines)), 83, replace=False).tolist():
        lines[n] = f"{lines[n].rpartition(',')[0]},2025-02-28 10:00"
    path.write_text("\n".join(lines), encoding="utf-8")
    learned = read_log(path, hall=NO_HOLIDAYS)
    assert fit_of(learned).n_without == 83
    flow = next(flow for flow in scenario_of(learned).demand if flow.booked_share is None)
    assert flow.classes["booked"] == pytest.approx(83 / 1_900, rel=0.1)


def test_a_log_with_holidays_has_a_scenario(tmp_path: Path) -> None:
    """On closed days some came booked too; they are in no flow."""
    path = tmp_path / "log.csv"
    book_log(path, full)
    learned = read_log(path)
    scenario = scenario_from_text(learned_file(learned, is_calibrated=False).words)
    flow = next(flow for flow in scenario.demand if flow.booked_share is None)
    assert flow.classes == {"booked": 0, "walk_in": 1}


def test_rows_of_bookings_without_a_ticket_tell_no_shows(tmp_path: Path) -> None:
    """Then the share is measured and no assumption; as many come as before."""
    path = tmp_path / "log.csv"
    book_log(path, by_chance)
    lines = path.read_text(encoding="utf-8").splitlines()
    slots = [line.rpartition(",")[2] for line in lines[1:]]
    absent = [f",,,,{slot}" for n, slot in enumerate(slots) if slot and n % 4 == 0]
    path.write_text("\n".join([*lines, *absent]), encoding="utf-8")
    learned = read_log(path, hall=NO_HOLIDAYS)
    book = fit_of(learned)
    n_booked = sum(1 for slot in slots if slot)
    assert book.n_absent == len(absent)
    assert book.no_show == pytest.approx(len(absent) / (len(absent) + n_booked))
    [written] = learned_scenario(learned, "A", NO_HOLIDAYS)["applicants"]["appointments"]
    assert "no_show" in written["measured"]
    assert "no_show" not in written["assumed"]
    observed, drawn = came_by_half_hour(learned, True)
    assert drawn.sum() == pytest.approx(observed.sum(), rel=0.03)


def test_slots_all_on_the_hour_are_an_hour_long(tmp_path: Path) -> None:
    learned = book_log(tmp_path / "log.csv", full, step=60)
    assert fit_of(learned).slot == HOUR
    [book] = learned_scenario(learned, "A", NO_HOLIDAYS)["applicants"]["appointments"]
    assert book["slot"] == "1 h"


def test_dates_alone_are_no_slots(tmp_path: Path) -> None:
    learned = book_log(tmp_path / "log.csv", full, slot="{:%Y-%m-%d}")
    assert (learned.punctuality, learned.book) == (None, None)
    assert learned.booked is not None
    written = learned_scenario(learned, "A", NO_HOLIDAYS)
    assert "appointments" not in written["applicants"]
    assert load_text("en")("learned_scenario.slot_dates") in written["note"]["en"]


def test_everybody_may_have_booked(tmp_path: Path) -> None:
    learned = book_log(tmp_path / "log.csv", full, walk_ins=0.0)
    assert learned.booked is None
    written = learned_scenario(learned, "A", NO_HOLIDAYS)
    assert all(flow["booked_share"] == 1 for flow in written["demand"])
    assert "classes" not in written["applicants"]
    observed, drawn = came_by_half_hour(learned, True)
    assert drawn.sum() == pytest.approx(observed.sum(), rel=0.03)


def test_nobody_or_one_day_gives_no_book(tmp_path: Path) -> None:
    learned = book_log(tmp_path / "log.csv", lambda *_: 0)
    assert (learned.punctuality, learned.book, learned.booked) == (None, None, None)
    one_day = book_log(tmp_path / "log.csv", full, n_days=1)
    assert (one_day.punctuality, one_day.book) == (None, None)


def test_with_a_blank_column_of_slots_the_scenario_is_as_without(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with_column = book_log(path, lambda *_: 0)
    words = learned_file(with_column, hall=NO_HOLIDAYS).words
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines), encoding="utf-8")
    assert learned_file(read_log(path, hall=NO_HOLIDAYS), hall=NO_HOLIDAYS).words == words


def test_wishes_give_the_bookings_that_are_asked_for() -> None:
    """Also in a book that is nearly full, and where a day is busier than another."""
    rng = np.random.default_rng(3)
    places = [rng.integers(2, 7, 8) for _ in range(5)]
    for share in (0.5, 0.9, 1.0):
        booked = [np.asarray(share * each, dtype=np.float64) for each in places]
        rates = wishes_for(booked, places, 0.15)
        got = expected_bookings(rates, places, 0.15)
        assert sum(map(np.sum, rates)) <= sum(map(np.sum, places)) * (1 + 1e-9)
        for want, mean in zip(booked, got, strict=True):
            assert mean == pytest.approx(want, rel=0.06 if share < 1 else 0.1)
