"""Snapshots of queues: what a display was drawn with comes back, its traps are found where they
were planted, and what nobody can learn from it is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim import Tables, load_scenario
from sim.clock import DAY, MINUTE
from sim.errors import OptionError, ScenarioError
from sim.learning.learned import LearnedLog, read_log
from sim.learning.learned_file import learned_file
from sim.learning.queue_backtest import backtest_snapshots
from sim.learning.snapshot_fit import SnapshotFit
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall
from sim.scenario.load import scenario_from_text
from sim.views.data_model import FILES
from tests.learning.made_snapshots import HEADS, Row, display_csv, display_rows, display_tables
from tests.learning.test_log_commands import answer_of
from tests.learning.test_reading import public_log

WARSAW: Final = "warsaw_queues_public_until_2020-01-10.csv.gz"
SEEN, LIST, WAITING, NUMBER, WINDOWS = 2, 3, 4, 5, 6


@pytest.fixture(scope="module")
def office() -> Tables:
    return display_tables()


@pytest.fixture(scope="module")
def shown(office: Tables) -> list[Row]:
    return display_rows(office)


def read(rows: list[Row], hall: LogHall = LogHall()) -> LearnedLog:
    return read_log("display.csv", hall=hall, content=display_csv(rows))


def told_by(learned: LearnedLog) -> SnapshotFit:
    assert learned.snapshots is not None
    return learned.snapshots


def implied(learned: LearnedLog) -> TicketLog:
    assert isinstance(learned.log, TicketLog)
    return learned.log


class TestTruth:
    def test_a_whole_display_has_no_traps(self, shown: list[Row]) -> None:
        assert read(shown).quality.findings == ()

    def test_everybody_who_came_is_implied_on_their_day(
        self, office: Tables, shown: list[Row]
    ) -> None:
        tickets, log = office.tickets, implied(read(shown))
        for place, name in enumerate(office.plan.names.matters):
            here = (tickets.matter == place) & (tickets.taken_at >= 0)
            came = np.bincount(tickets.taken_at[here] // DAY, minlength=log.n_days)
            of_queue = log.tickets.list_ == log.names.lists.index(name)
            np.testing.assert_array_equal(
                np.bincount(log.day[of_queue], minlength=log.n_days), came[: log.n_days]
            )

    def test_the_implied_queue_is_that_of_the_display(self, shown: list[Row]) -> None:
        log = implied(read(shown))
        for row in shown[400:900:7]:
            hour, minute = map(int, row[SEEN].split(":"))
            day = (date.fromisoformat(row[1]) - log.first_date).days
            at = day * DAY + (60 * hour + minute) * MINUTE
            of_queue = log.tickets.list_ == log.names.lists.index(row[LIST])
            called = np.where(log.tickets.called_at < 0, at + 1, log.tickets.called_at)
            waits = of_queue & (log.tickets.taken_at <= at) & (called > at)
            assert int(waits.sum()) == int(row[WAITING])

    def test_the_mean_wait_is_that_of_the_office(self, office: Tables, shown: list[Row]) -> None:
        tickets, log = office.tickets, implied(read(shown))
        called = tickets.called_at >= 0
        truth = (tickets.called_at - tickets.taken_at)[called].mean()
        assert log.details.wait[log.details.wait >= 0].mean() == pytest.approx(truth, rel=0.02)

    def test_windows_are_those_that_were_open(self, shown: list[Row]) -> None:
        fit = read(shown).staffing
        assert fit is not None
        assert [group.lists for group in fit.groups] == [("a",), ("b",)]
        morning = (fit.begin >= 9 * 3_600_000) & (fit.begin < 16 * 3_600_000)
        for number, clerks in enumerate((3, 2)):
            assert set(fit.clerks[morning & (fit.group == number)].tolist()) == {clerks}

    def test_paces_and_arrivals_come_back(self) -> None:
        """Of 32 paces at least 25 lie in their intervals (71 of 80 do, so the chance of fewer is 1
        in 40), of 32 numbers of tickets at least 28, and paces are not off in the mean."""
        rng, ratios = np.random.default_rng(3), list[float]()
        paces, numbers = list[bool](), list[bool]()
        for seed in range(16):
            a, b, cv = (float(rng.uniform(*ends)) for ends in ((5, 11), (9, 18), (0.5, 1.1)))
            learned = read(display_rows(display_tables(days=12, seed=seed, a=a, b=b, cv=cv)))
            fit = told_by(learned)
            for pace in fit.paces:
                mean = {"a": a, "b": b}[fit.table.queues[pace.queues[0]].name] * MINUTE
                paces.append(pace.service.low <= mean <= pace.service.high)
                ratios.append(pace.service.mean / mean)
            assert learned.arrivals is not None
            per_day = 3 * 450 * 0.9 / a + 2 * 450 * 0.9 / b
            days = [day.per_day for day in learned.arrivals.weekdays if day.weekday in (0, 3)]
            numbers += [day.low <= per_day <= day.high for day in days]
        assert (len(paces), len(numbers)) == (32, 32)
        assert sum(paces) >= 25, sum(paces)
        assert sum(numbers) >= 28, sum(numbers)
        assert np.mean(ratios) == pytest.approx(1, abs=0.03)

    def test_the_order_of_rows_says_nothing(self, shown: list[Row]) -> None:
        assert read(shown[::-1]).log == read(shown).log


def at(rows: list[Row], day: str, queue: str = "a") -> list[Row]:
    return [row for row in rows if row[1] == day and row[LIST] == queue]


def twice(rows: list[Row]) -> set[int]:
    rows.append([*rows[100][:WAITING], "9", *rows[100][NUMBER:]])
    return {len(rows) - 1}


def frozen(rows: list[Row]) -> set[int]:
    for row in at(rows, "2025-03-05"):
        row[NUMBER] = "A001"
    return {n for n, row in enumerate(rows) if row[1] == "2025-03-05" and row[LIST] == "a"}


def jump(rows: list[Row]) -> set[int]:
    place = next(n for n, row in enumerate(rows) if row[1:4] == ["2025-03-06", "11:00", "a"])
    rows[place][NUMBER] = "A905"
    return {place}


def reset(rows: list[Row]) -> set[int]:
    places = [n for n, row in enumerate(rows) if row[1] == "2025-03-06" and row[LIST] == "a"]
    later = [n for n in places if rows[n][SEEN] >= "12:00"]
    begin = int(rows[later[0]][NUMBER][1:]) - 1
    for n in later:
        rows[n][NUMBER] = f"A{int(rows[n][NUMBER][1:]) - begin:03}"
    return {later[0]}


def missing(rows: list[Row]) -> set[int]:
    for row in at(rows, "2025-03-07"):
        row[NUMBER] = ""
    return {n for n, row in enumerate(rows) if row[1] == "2025-03-07" and row[LIST] == "a"}


def stale(rows: list[Row]) -> set[int]:
    first = len(rows)
    for row in [row for row in rows if row[1] == "2025-03-07"]:
        rows.append([row[0], "2025-03-08", *row[2:4], "3", f"{row[LIST]}017", "1"])
    return set(range(first, len(rows)))


def gap(rows: list[Row]) -> set[int]:
    hours = [f"11:{minute:02}" for minute in range(0, 60, 5)]
    kept_rows = [row for row in rows if row[1] != "2025-03-10" or row[SEEN] not in hours]
    rows[:] = kept_rows
    return {n for n, row in enumerate(rows) if row[1:3] == ["2025-03-10", "12:00"]}


def uncounted(rows: list[Row]) -> set[int]:
    rows[40][WAITING] = ""
    return {40}


PLANTED: Final[dict[str, Callable[[list[Row]], set[int]]]] = {
    "snapshot_twice": twice,
    "frozen_number": frozen,
    "number_jump": jump,
    "number_reset": reset,
    "number_missing": missing,
    "stale_day": stale,
    "snapshot_gap": gap,
    "no_snapshot": uncounted,
}


@pytest.mark.parametrize("trap", PLANTED)
def test_a_trap_is_found_where_it_was_planted_and_nowhere_else(trap: str, shown: list[Row]) -> None:
    rows = [row.copy() for row in shown]
    places = PLANTED[trap](rows)
    quality = read(rows).quality
    assert {each.trap: {*(each.lines - 2).tolist()} for each in quality.findings} == {trap: places}
    assert quality.rows_read == quality.rows_kept + quality.rows_mended + quality.rows_left_out


class TestOffices:
    """Several offices in one file, as cities publish them."""

    @pytest.fixture(scope="class")
    @staticmethod
    def city(shown: list[Row]) -> list[Row]:
        west = [["西区大厅", *row[1:]] for row in shown]
        south = [["南区大厅", *row[1:]] for row in shown]
        for row in south:
            row[1] = str(np.datetime64(row[1]) - 2_881)
        return [*shown, *west, *south]

    def test_a_clock_years_behind_is_set_by_the_dates_of_the_others(
        self, city: list[Row], shown: list[Row]
    ) -> None:
        learned = read(city, LogHall(place="南区大厅"))
        [clock] = [f for f in learned.quality.findings if f.trap == "display_clock"]
        assert (clock.count, dict(clock.values)) == (
            len(shown),
            {"places": "南区大厅 (-2,881)"},
        )
        assert learned.log.first_date == date(2025, 3, 3)

    def test_of_several_only_paces_are_told(self, city: list[Row]) -> None:
        learned = read(city)
        assert len(told_by(learned).paces) == 6
        assert "several_places" in learned.quality.limits
        with pytest.raises(ScenarioError) as error:
            learned_file(learned)
        assert [problem.code for problem in error.value.problems] == ["log_lacks_place"]

    def test_a_queue_of_an_office_is_chosen_by_the_beginning_of_its_name(
        self, city: list[Row]
    ) -> None:
        learned = read(city, LogHall(place="西区大厅/b"))
        assert implied(learned).names.lists == ("b",)
        with pytest.raises(OptionError, match="西区大厅/a, 西区大厅/b"):
            read(city, LogHall(place="西区大厅/c"))

    def test_queues_whose_windows_change_together_share_them(self, shown: list[Row]) -> None:
        """With the windows of one they are one group, and so learned together."""
        rows = [[*row[:WINDOWS], "0" if row[WINDOWS] == "0" else "5"] for row in shown]
        learned = read(rows, LogHall(place="东区大厅/b"))
        assert told_by(learned).table.shared == ((0, 1),)
        assert [f.trap for f in learned.quality.findings] == ["shared_windows"]


class TestWhatComesOfIt:
    def test_a_scenario_says_what_was_measured_and_what_is_assumed(self, shown: list[Row]) -> None:
        scenario = scenario_from_text(learned_file(read(shown)).words)
        for matter in scenario.matters:
            assert set(matter.measured) == {"service.base.mean"}
            assert matter.assumed["service.base.cv"] == (0.5, 1.2)

    def test_queues_of_days_that_were_not_seen_lie_in_their_ranges(self, shown: list[Row]) -> None:
        """The truth is a hall that does not change, so nine of ten half hours are inside, and those
        in which hardly anybody waits nearly always."""
        backtest = backtest_snapshots(read(shown), date(2025, 3, 14))
        assert (backtest.n_train, backtest.n_test) == (10, 5)
        model, *naive = backtest.forecasts
        assert 0.83 <= model.slot_coverage <= 0.99
        assert model.by_slot < max(each.by_slot for each in naive)
        assert {verdict.kind: verdict.holds for verdict in backtest.verdicts}["level"]
        assert {verdict.kind: verdict.holds for verdict in backtest.verdicts}["ranges"]

    def test_a_weekday_that_was_not_seen_is_predicted_by_the_usual_day(
        self, shown: list[Row]
    ) -> None:
        rows = [row for row in shown if row[1] >= "2025-03-06" and row[1] != "2025-03-12"]
        backtest = backtest_snapshots(read(rows), date(2025, 3, 14))
        assert date(2025, 3, 19) in [each.day for each in backtest.days]

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_commands(
        self, lang: str, shown: list[Row], tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        file, hall = tmp_path / "display.csv", tmp_path / "hall.yaml"
        file.write_bytes(display_csv(shown))
        status, _, _ = answer_of(["learn", str(file), "--out", str(hall), "--lang", lang], capfd)
        assert status == 0
        assert load_scenario(hall).run.measured_days == 15
        options = ["--learn-until", "2025-03-14", "--lang", lang, "--out", str(tmp_path / "out")]
        status, out, _ = answer_of(["backtest", str(file), *options, "--format", "json"], capfd)
        assert status == 0
        assert json.loads(out)["days_predicted"] == 5
        assert {path.name for path in (tmp_path / "out").iterdir()} == {
            "result.json",
            "queues.csv",
            "figure.png",
        }
        with (tmp_path / "out" / "queues.csv").open(encoding="utf-8-sig", newline="") as table:
            assert next(csv.reader(table)) == [column.name for column in FILES["queues"]]
        status, out, _ = answer_of(["backtest", str(file), *options], capfd)
        assert status == 0
        assert "91" in out or "%" in out
        status, out, err = answer_of(["replay", str(file), "--lang", lang], capfd)
        assert (status, out) == (2, "")
        assert len(err.strip().splitlines()) == 1

    def test_too_few_days_on_either_side_are_told(self, shown: list[Row]) -> None:
        for until in (date(2025, 3, 4), date(2025, 3, 21)):
            with pytest.raises(OptionError) as error:
                backtest_snapshots(read(shown), until)
            assert [problem.code for problem in error.value.problems] == ["backtest_days"]

    def test_without_numbers_nothing_is_told(self, shown: list[Row]) -> None:
        rows = [[*row[:NUMBER], "", row[WINDOWS]] for row in shown]
        with pytest.raises(ScenarioError) as error:
            read(rows)
        assert [problem.code for problem in error.value.problems] == ["snapshots_no_numbers"]

    def test_headings_are_found_or_asked_for(self, shown: list[Row]) -> None:
        heads = ",".join(HEADS).replace("等候人数", "people").replace("时刻", "when")
        content = display_csv(shown).decode().replace(",".join(HEADS), heads).encode()
        by_hand = {"waiting": "people", "seen": "when"}
        learned = read_log("display.csv", by_hand=by_hand, content=content)  # type: ignore[arg-type]
        assert learned.log == read(shown).log


class TestPublicDisplays:
    """Offices of a city that publishes its displays, which lie outside the project."""

    def test_its_traps(self) -> None:
        learned = read_log(public_log(WARSAW), hall=LogHall("none", "Europe/Warsaw"))
        counts = {finding.trap: finding.count for finding in learned.quality.findings}
        assert learned.form == "warsaw_queues"
        assert (counts["week_year"], counts["display_clock"]) == (34_438, 6_250)
        assert {"stale_day", "frozen_number", "number_jump", "shared_windows"} <= set(counts)

    @pytest.mark.parametrize("place", ["UD_Mokotow_2", "UD_Bemowo/L"])
    def test_an_office_is_predicted_to_the_tenth_of_january(self, place: str) -> None:
        hall = LogHall("none", "Europe/Warsaw", place)
        learned = read_log(public_log(WARSAW), hall=hall)
        backtest = backtest_snapshots(learned, date(2020, 1, 7), place, hall)
        assert (backtest.n_train, backtest.n_test) == (5, 3)
        assert backtest.days[-1].day == date(2020, 1, 10)
        model = backtest.forecasts[0]
        assert 0.8 <= model.slot_coverage <= 1
        assert {verdict.kind: verdict.holds for verdict in backtest.verdicts}["level"]
