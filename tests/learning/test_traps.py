"""Each trap, planted in a clean log, is found in exactly the rows in which it was planted; in the
clean log nothing is found; and every row is accounted for."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pytest

from sim.learning.learned import LearnedLog, read_log
from sim.learning.quality import RAGGED, TRAPS
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogTreatment
from tests.learning.made_log import FILE, HEADS, csv_of

NUMBER, WINDOW, CLERK, MATTER, TAKEN, STARTED, ENDED, REMARKS = range(8)
TIMES: Final = (TAKEN, STARTED, ENDED)
Rows = list[list[str]]


def clean() -> Rows:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def moved(words: str, **by: float) -> str:
    if not words:
        return ""
    return str(datetime.fromisoformat(words) + timedelta(**by))


def served(rows: Rows) -> list[int]:
    """Places of tickets that were served, spread over the log."""
    return [n for n, row in enumerate(rows) if row[ENDED] and row[REMARKS] in ("", "退办")]


def read(
    rows: Rows,
    folder: Path,
    heads: tuple[str, ...] = HEADS,
    chosen: dict[str, LogTreatment] | None = None,
) -> LearnedLog:
    path = folder / "log.csv"
    path.write_bytes(csv_of(rows, heads if len(rows[0]) == len(heads) else (*heads, "叫号时间")))
    learned = read_log(path, chosen=chosen)
    assert_accounted(learned, len(rows))
    return learned


def tickets_of(learned: LearnedLog) -> TicketLog:
    assert isinstance(learned.log, TicketLog)
    return learned.log


def assert_accounted(learned: LearnedLog, n: int) -> None:
    """Rows read = rows kept + rows mended + rows left out; these by one trap each."""
    q = learned.quality
    assert q.rows_read == n == q.rows_kept + q.rows_mended + q.rows_left_out
    left_out = [f.lines for f in q.findings if f.treatment == "left_out"]
    lines = np.concatenate([*left_out, np.zeros(0, np.int64)])
    assert len(lines) == len(np.unique(lines)) == q.rows_left_out
    mended = [f.lines for f in q.findings if f.treatment == "mended" and f.scope == "rows"]
    changed = np.unique(np.concatenate([*mended, np.zeros(0, np.int64)]))
    assert len(np.setdiff1d(changed, lines)) == q.rows_mended
    assert len(learned.log) == q.rows_kept + q.rows_mended
    assert all(f.count == len(f.lines) for f in q.findings if f.scope == "rows")


def found_lines(learned: LearnedLog) -> dict[str, list[int]]:
    return {f.trap: f.lines.tolist() for f in learned.quality.findings}


class Planted(NamedTuple):
    """A log with a trap in it."""

    rows: Rows
    lines: list[int]
    """Of the file, the first row being line 2."""


def line(place: int) -> int:
    return place + 2


def edited(places: list[int], edit: Callable[[list[str]], None]) -> Planted:
    rows = clean()
    for place in places:
        edit(rows[place])
    return Planted(rows, [line(place) for place in sorted(places)])


def put(column: int, words: str) -> Callable[[list[str]], None]:
    def edit(row: list[str]) -> None:
        row[column] = words

    return edit


# === planting === #


def plant_personal_cell() -> Planted:
    return edited([3, 40], put(MATTER, "411202199001011234"))


def plant_no_instant() -> Planted:
    rows = clean()
    never = [n for n, row in enumerate(rows) if not row[STARTED]][:2]
    return edited(never, put(TAKEN, ""))


def plant_unread_cell() -> Planted:
    return edited(served(clean())[10:13], put(ENDED, "25:61 o'clock"))


def plant_unknown_outcome() -> Planted:
    return edited(served(clean())[5:9], put(REMARKS, "见纸质登记簿"))


def plant_doubled() -> Planted:
    rows = clean()
    places = [7, 300]
    for place in reversed(places):
        rows.insert(place, list(rows[place]))
    return Planted(rows, [line(places[0] + 1), line(places[1] + 2)])


def plant_wrong_zone() -> Planted:
    def to_utc(row: list[str]) -> None:
        for column in TIMES:
            row[column] = moved(row[column], hours=-8)

    return edited(list(range(len(clean()))), to_utc)


def plant_week_year() -> Planted:
    """The office moved to the turn of a year; its last two days of December bear the next year."""
    rows, lines = clean(), []
    first = datetime.fromisoformat(rows[0][TAKEN])
    by = (datetime(2019, 12, 16) - datetime(first.year, first.month, first.day)).days
    for place, row in enumerate(rows):
        for column in TIMES:
            row[column] = moved(row[column], days=by)
        if row[TAKEN][:10] in ("2019-12-30", "2019-12-31"):
            lines.append(line(place))
            for column in TIMES:
                row[column] = row[column].replace("2019", "2020")
    return Planted([row for row in rows if row[TAKEN][5:10] != "01-01"], lines)


def plant_far_date() -> Planted:
    def began_anew(row: list[str]) -> None:
        for column in TIMES:
            row[column] = row[column].replace("2025-03", "2000-01")

    rows = clean()
    march = [n for n in served(rows) if rows[n][TAKEN] < "2025-03-08"]
    return edited(march[:4], began_anew)


def plant_wrong_clock() -> Planted:
    """The third window is 2,881 days behind."""

    def behind(row: list[str]) -> None:
        row[STARTED], row[ENDED] = (moved(row[at], days=-2881) for at in (STARTED, ENDED))

    rows = clean()
    return edited([n for n, row in enumerate(rows) if row[WINDOW] == "3号窗口"], behind)


def plant_hours_only() -> Planted:
    def to_hours(row: list[str]) -> None:
        for column in TIMES:
            row[column] = row[column] and f"{row[column][:14]}00:00"

    return edited(list(range(len(clean()))), to_hours)


def plant_call_before_ticket() -> Planted:
    def early(row: list[str]) -> None:
        row[TAKEN] = moved(row[STARTED], seconds=40)

    return edited(served(clean())[20:60:9], early)


def plant_long_wait() -> Planted:
    """Called on the next day."""

    def next_day(row: list[str]) -> None:
        row[STARTED], row[ENDED] = (
            f"{moved(row[STARTED], days=1)[:10]} 06:0{n}:{row[STARTED][17:]}" for n in (1, 7)
        )

    rows = clean()
    days: dict[str, int] = {}
    for n in served(rows)[200:700]:
        if rows[n][TAKEN] < "2025-03-14":
            days.setdefault(rows[n][TAKEN][:10], n)
    return edited(sorted(days.values())[1:-1], next_day)


def plant_start_before_call() -> Planted:
    """A machine that tells the call too."""
    rows = [[*row, row[STARTED]] for row in clean()]
    places = served(rows)[25:85:12]
    for place in places:
        rows[place][-1] = moved(rows[place][STARTED], seconds=15)
    return Planted(rows, [line(place) for place in places])


def plant_end_before_start() -> Planted:
    def backwards(row: list[str]) -> None:
        row[ENDED] = moved(row[STARTED], seconds=-30)

    return edited(served(clean())[15:80:8], backwards)


def plant_closed_at_midnight() -> Planted:
    def closed(row: list[str]) -> None:
        row[ENDED] = f"{row[STARTED][:10]} 23:59:59"

    return edited(last_of_days()[:6], closed)


def plant_closed_at_lunch() -> Planted:
    def closed(row: list[str]) -> None:
        row[ENDED] = f"{row[STARTED][:10]} 12:00:00"

    rows = clean()
    before = [n for n in served(rows) if "11:40" < rows[n][STARTED][11:16] < "12:00"]
    of_days = {rows[n][STARTED][:10]: n for n in before if rows[n][ENDED][11:16] > "12:00"}
    return edited(sorted(of_days.values())[:6], closed)


def last_of_days() -> list[int]:
    """The last ticket of each day but the last at the first window, which it leaves free."""
    rows = clean()
    last: dict[str, int] = {}
    for n in served(rows):
        if rows[n][WINDOW] == "1号窗口":
            last[rows[n][TAKEN][:10]] = n
    return list(last.values())[:-1]


def plant_over_day() -> Planted:
    def next_morning(row: list[str]) -> None:
        row[ENDED] = moved(f"{row[STARTED][:10]} 08:2{row[STARTED][15]}:11", days=1)

    return edited(last_of_days()[:4], next_morning)


def plant_batch() -> Planted:
    """Seven services of one day that the system ends at one instant."""
    rows = clean()
    day = [n for n in served(rows) if rows[n][TAKEN][:10] == "2025-03-10"][-7:]
    until = max(rows[n][ENDED] for n in day)
    return edited(day, put(ENDED, moved(until, seconds=0)))


def plant_left_open() -> Planted:
    return edited(served(clean())[30:90:7], put(ENDED, ""))


def plant_never_called() -> Planted:
    rows = clean()
    never = [n for n, row in enumerate(rows) if not row[STARTED]][3:9]
    return edited(never, put(REMARKS, ""))


def plant_short_service() -> Planted:
    def short(row: list[str]) -> None:
        row[ENDED] = moved(row[STARTED], seconds=12)

    return edited(served(clean())[40:100:6], short)


def plant_two_at_once() -> Planted:
    """Tickets served at a window while somebody else is."""
    rows = clean()
    places: list[int] = []
    for place in served(rows)[100:400:40]:
        row = rows[place]
        twin = list(row)
        twin[NUMBER] = f"B{len(places):03}"
        twin[STARTED] = moved(row[STARTED], seconds=30)
        places.append(place)
        rows.append(twin)
    first = len(clean())
    return Planted(rows, [line(first + n) for n in range(len(places))])


def plant_closed_day() -> Planted:
    """Stale rows on a holiday (4 April 2025) and on a Sunday."""
    rows = clean()
    stale = []
    for day in ("2025-03-16", "2025-03-23"):
        for row in rows[:3]:
            copied = list(row)
            for column in TIMES:
                copied[column] = copied[column] and f"{day}{copied[column][10:]}"
            stale.append(copied)
    n = len(rows)
    return Planted(rows + stale, [line(n + k) for k in range(len(stale))])


def plant_part_day() -> Planted:
    """The export was made on the last day at half past ten."""
    rows = clean()
    last = max(row[TAKEN][:10] for row in rows)
    short = [row for row in rows if row[TAKEN] < f"{last} 10:30"]
    lines = [line(n) for n, row in enumerate(short) if row[TAKEN][:10] == last]
    return Planted(short, lines)


def plant_ragged() -> Planted:
    rows = clean()
    rows[50] = rows[50][:5]
    rows[90] = [*rows[90], "x"]
    return Planted(rows, [line(50), line(90)])


PLANTS: Final[dict[str, Callable[[], Planted]]] = {
    RAGGED: plant_ragged,
    "personal_cell": plant_personal_cell,
    "no_instant": plant_no_instant,
    "unread_cell": plant_unread_cell,
    "unknown_outcome": plant_unknown_outcome,
    "doubled": plant_doubled,
    "wrong_zone": plant_wrong_zone,
    "week_year": plant_week_year,
    "far_date": plant_far_date,
    "wrong_clock": plant_wrong_clock,
    "hours_only": plant_hours_only,
    "call_before_ticket": plant_call_before_ticket,
    "long_wait": plant_long_wait,
    "start_before_call": plant_start_before_call,
    "end_before_start": plant_end_before_start,
    "closed_by_system": plant_closed_at_midnight,
    "closed_by_system at lunch": plant_closed_at_lunch,
    "over_day": plant_over_day,
    "batch": plant_batch,
    "left_open": plant_left_open,
    "never_called": plant_never_called,
    "short_service": plant_short_service,
    "two_at_once": plant_two_at_once,
    "closed_day": plant_closed_day,
    "part_day": plant_part_day,
}
FOLLOWS: Final = {"hours_only": {"short_service"}}
"""What else is true of a planted log: where instants are hours most services take none."""


def test_the_clean_log_has_no_trap(tmp_path: Path) -> None:
    learned = read(clean(), tmp_path)
    assert learned.quality.findings == ()
    assert learned.quality.rows_kept == len(clean())
    assert learned.quality.limits == ()


@pytest.mark.parametrize("name", PLANTS)
def test_a_trap_is_found_where_it_was_planted_and_nowhere_else(name: str, tmp_path: Path) -> None:
    planted = PLANTS[name]()
    assert planted.lines
    lines = found_lines(read(planted.rows, tmp_path))
    trap = name.split(maxsplit=1)[0]
    assert lines[trap] == planted.lines
    assert set(lines) - FOLLOWS.get(trap, set()) == {trap}


@pytest.mark.parametrize("name", PLANTS)
def test_every_treatment_accounts_for_every_row(name: str, tmp_path: Path) -> None:
    planted, trap = PLANTS[name](), name.split(maxsplit=1)[0]
    for treatment in TRAPS[trap].treatments if trap in TRAPS else ():
        if treatment == "left_out" and len(planted.lines) == len(planted.rows):
            continue
        learned = read(planted.rows, tmp_path, chosen={trap: treatment})
        [finding] = [f for f in learned.quality.findings if f.trap == trap]
        assert finding.treatment == treatment
        out = tickets_of(learned).details.row
        planted_rows = {n for n in range(len(planted.rows)) if line(n) in planted.lines}
        if treatment == "left_out":
            assert not planted_rows & set(out.tolist())


@pytest.mark.parametrize("name", [name for name in PLANTS if name not in ("hours_only", RAGGED)])
def test_the_order_of_rows_says_nothing(name: str, tmp_path: Path) -> None:
    planted = PLANTS[name]()
    ordered = read(planted.rows, tmp_path)
    shuffled = list(planted.rows)
    random.Random(7).shuffle(shuffled)
    other = read(shuffled, tmp_path)
    assert other.log == ordered.log
    assert [(f.trap, f.count, f.treatment, f.values) for f in other.quality.findings] == [
        (f.trap, f.count, f.treatment, f.values) for f in ordered.quality.findings
    ]


# === what mending does === #


@pytest.mark.parametrize("name", ["wrong_zone", "wrong_clock", "doubled", "closed_day", RAGGED])
def test_mending_gives_the_clean_log_back(name: str, tmp_path: Path) -> None:
    """Where nothing is lost; of a ragged log the clean one without those rows."""
    planted = PLANTS[name]()
    mended = tickets_of(read(planted.rows, tmp_path))
    rows = clean()
    if name == RAGGED:
        rows = [row for n, row in enumerate(rows) if line(n) not in planted.lines]
    assert mended == read(rows, tmp_path).log


def test_days_of_a_week_year_go_back_to_their_year(tmp_path: Path) -> None:
    planted = plant_week_year()
    log = tickets_of(read(planted.rows, tmp_path))
    assert str(log.first_date) == "2019-12-16"
    assert log.n_days < 40


def test_spread_hours_keep_waits_and_work_in_their_hour(tmp_path: Path) -> None:
    planted = plant_hours_only()
    log = tickets_of(read(planted.rows, tmp_path, chosen={"hours_only": "mended"}))
    hours = [int(row[TAKEN][11:13]) for row in planted.rows]
    assert sorted(hours) == sorted((log.tickets.taken_at // 3_600_000 % 24).tolist())
    assert len(np.unique(log.tickets.taken_at)) > 0.9 * len(log)


# === days that repeat each other === #


def repeated_days(weeks: int = 8) -> Rows:
    """The first day of the clean log again and again, to the second."""
    rows = clean()
    first = rows[0][TAKEN][:10]
    return [
        [moved(cell, days=day + 7 * week) if at in TIMES else cell for at, cell in enumerate(row)]
        for week in range(weeks)
        for day in range(5)
        for row in rows
        if row[TAKEN][:10] == first
    ]


def test_days_that_repeat_each_other_are_not_closed_by_a_system(tmp_path: Path) -> None:
    assert "closed_by_system" not in found_lines(read(repeated_days(), tmp_path))


def test_a_system_that_closes_many_at_once_is_seen_though_days_repeat(tmp_path: Path) -> None:
    """Six forgotten tickets of each day end at half past five."""
    rows = repeated_days()
    lines = []
    for day in sorted({row[TAKEN][:10] for row in rows}):
        of_day = [n for n in served(rows) if rows[n][TAKEN][:10] == day]
        for n in of_day[-6:]:
            rows[n][ENDED] = f"{day} 17:30:00"
            lines.append(line(n))
    assert found_lines(read(rows, tmp_path))["closed_by_system"] == sorted(lines)


# === traps of columns and of the whole log === #


def test_a_wait_that_never_changes_is_no_wait(tmp_path: Path) -> None:
    rows = clean()
    for row in rows:
        row[TAKEN] = row[STARTED] or row[TAKEN]
    learned = read(rows, tmp_path)
    [finding] = learned.quality.findings
    assert (finding.trap, [change.what for change in finding.changes]) == ("constant", ["wait"])
    assert "no_waits" in learned.quality.limits
    assert (tickets_of(learned).details.wait == -1).all()


def test_minutes_taken_for_seconds_are_seen(tmp_path: Path) -> None:
    rows = [[row[TAKEN], f"{n % 25 + 1}"] for n, row in enumerate(clean())]
    for unit, traps in (("办理分钟", []), ("办理秒数", ["unlikely_unit"])):
        path = tmp_path / "log.csv"
        path.write_bytes(csv_of(rows, ("取号时间", unit)))
        findings = read_log(path).quality.findings
        assert [f.trap for f in findings if f.trap != "short_service"] == traps


def test_days_without_rows_are_named(tmp_path: Path) -> None:
    rows = [row for row in clean() if row[TAKEN][:10] not in ("2025-03-12", "2025-03-20")]
    [finding] = read(rows, tmp_path).quality.findings
    assert (finding.trap, finding.count) == ("days_missing", 2)
    assert dict(finding.values)["dates"] == "2025-03-12, 2025-03-20"


def long_log(months: int = 6) -> Rows:
    """The clean log again and again, a month behind a month."""
    rows = clean()
    return [
        [
            moved(cell, days=28 * n, seconds=7 * n) if at in TIMES else cell
            for at, cell in enumerate(row)
        ]
        for n in range(months)
        for row in rows
    ]


def without_holidays(rows: Rows) -> Rows:
    """The calendar of China knows holidays of 2025 that the copies of March do not."""
    return [row for row in rows if row[TAKEN][:10] not in HOLIDAYS]


HOLIDAYS: Final = (
    *("2025-04-04", "2025-05-01", "2025-05-02", "2025-05-05", "2025-06-02"),
    *("2025-04-27",),
)


def test_a_month_that_is_missing_is_named(tmp_path: Path) -> None:
    rows = [row for row in without_holidays(long_log()) if row[TAKEN][:7] != "2025-05"]
    lines = {f.trap: f for f in read(rows, tmp_path).quality.findings}
    assert dict(lines["months_missing"].values)["months"] == "2025-05"
    assert set(lines) <= {"months_missing", "days_missing"}


def test_a_change_of_regime_is_dated(tmp_path: Path) -> None:
    """From June on only every second person comes."""
    rows = [
        row for n, row in enumerate(without_holidays(long_log())) if row[TAKEN] < "2025-06" or n % 2
    ]
    by_trap = {f.trap: f for f in read(rows, tmp_path).quality.findings}
    [change] = [change for change in by_trap["drift"].changes if change.what == "tickets"]
    assert "2025-05-26" <= change.first_day <= "2025-06-06"
    assert -0.6 < change.share < -0.4


def test_no_regime_changes_in_half_a_year_of_the_same(tmp_path: Path) -> None:
    by_trap = {f.trap for f in read(without_holidays(long_log()), tmp_path).quality.findings}
    assert "drift" not in by_trap
    assert "months_missing" not in by_trap


def test_new_matters_are_named(tmp_path: Path) -> None:
    rows = without_holidays(long_log())
    for row in rows[-60:]:
        row[MATTER] = "落户"
    by_trap = {f.trap: f for f in read(rows, tmp_path).quality.findings}
    assert dict(by_trap["new_names"].values)["names"].startswith("落户 2025-08")


def test_every_trap_of_rows_is_planted() -> None:
    row_traps = {key for key, trap in TRAPS.items() if trap.scope == "rows"}
    planted = {name.split(maxsplit=1)[0] for name in PLANTS}
    # a hall that is asked for, and files (test_log_files.py)
    assert row_traps - planted == {"other_place", "seam"}
