"""Figures that theory knows and no measure names: each a sum and a count of one replication.

A figure is a ratio of two sums over what arrived on measured days, as measures are, so the same
interval holds for it. Times are in minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.clock import DAY, HOUR, MINUTE, open_until
from sim.plan.journal import ISSUED, REJECTED, TURNED_AWAY
from sim.results.tables import Tables

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Sums = tuple[float, float]
Figure = Callable[[Tables], Sums]


def _mean(values: npt.NDArray[np.generic], rows: Bools) -> Sums:
    return float(values[rows].sum()), float(rows.sum())


def _measured_ticks(tables: Tables) -> int:
    return len(tables.plan.period.hall_days) * DAY


def _clip(tables: Tables, starts: Ints, ends: Ints) -> Ints:
    """Ticks of each span inside the measured days of a hall that never closes."""
    period = tables.plan.period
    low, high = period.measured_from * DAY, period.measured_until * DAY
    ends = np.where(ends < 0, period.end, ends)
    return np.maximum(np.clip(ends, low, high) - np.clip(starts, low, high), 0)


# --- the hall --- #


def time_to_empty(tables: Tables) -> Sums:
    """Minutes until nobody is inside for the first time; a run each."""
    v = tables.visits
    left = np.sort(v.left_at[v.left_at >= 0])
    came = np.searchsorted(np.sort(v.arrived_at), left, side="right")
    return float(left[np.flatnonzero(came == np.arange(1, len(left) + 1))[0]]) / MINUTE, 1.0


def people_in_orbit(tables: Tables) -> Sums:
    """People who have left and will come again, at the mean of the measured days."""
    v = tables.visits
    further = np.flatnonzero(v.trip > 1)  # rows of a case stand together, in order of trips
    away = _clip(tables, v.left_at[further - 1], v.arrived_at[further])
    return float(away.sum()), float(_measured_ticks(tables))


def waited_share(tables: Tables) -> Sums:
    """Tickets not called at once."""
    t = tables.tickets
    at_once = (t.called_at >= 0) & (t.called_at == t.taken_at)
    return _mean(~at_once, (t.taken_at >= 0) & (tables.day_of(t.arrived_at) >= 0))


def wait_of_all(tables: Tables) -> Sums:
    """Wait of everybody, called or not."""
    t = tables.tickets
    left = np.where(t.called_at >= 0, t.called_at, t.ended_at)
    rows = (t.taken_at >= 0) & (left >= 0) & (tables.day_of(t.arrived_at) >= 0)
    return _mean((left - t.taken_at) / MINUTE, rows)


def stay_share(minutes: float) -> Figure:
    """Visits that last so long or longer."""

    def figure(tables: Tables) -> Sums:
        v = tables.visits
        rows = (v.left_at >= 0) & (tables.day_of(v.arrived_at) >= 0)
        return _mean(v.left_at - v.arrived_at >= minutes * MINUTE, rows)

    return figure


def people_inside(tables: Tables) -> Sums:
    """People in the hall, over time."""
    v = tables.visits
    inside = v.fate != TURNED_AWAY
    ticks = _clip(tables, v.arrived_at[inside], v.left_at[inside])
    return float(ticks.sum()), float(_measured_ticks(tables))


def people_waiting(tables: Tables) -> Sums:
    """People with a ticket, not yet called, over time."""
    t = tables.tickets
    left = np.where(t.called_at >= 0, t.called_at, t.ended_at)
    rows = t.taken_at >= 0
    ticks = _clip(tables, t.taken_at[rows], left[rows])
    return float(ticks.sum()), float(_measured_ticks(tables))


def _instants(tables: Tables, minute: int) -> Ints:
    """So many minutes after each opening."""
    hall, days = tables.plan.hall, tables.plan.period.hall_days
    return hall.ticket_opens[hall.ticket_offsets[days]] + minute * MINUTE


def _present(starts: Ints, ends: Ints, instants: Ints) -> float:
    """Spans that hold an instant, all instants together; a span holds its start, not its end."""
    begun = np.searchsorted(np.sort(starts), instants, side="right")
    return float((begun - np.searchsorted(np.sort(ends), instants, side="right")).sum())


def queue_at(minute: int) -> Figure:
    """People waiting so many minutes after opening."""

    def figure(tables: Tables) -> Sums:
        t = tables.tickets
        rows, instants = t.taken_at >= 0, _instants(tables, minute)
        return _present(t.taken_at[rows], t.called_at[rows], instants), len(instants)

    return figure


def past_shift_at(minute: int) -> Figure:
    """Clerks still busy after the end of their shift, so many minutes after opening."""

    def figure(tables: Tables) -> Sums:
        overtime, instants = tables.overtime, _instants(tables, minute)
        return _present(overtime.begins_at, overtime.ends_at, instants), len(instants)

    return figure


def inside_at(minute: int) -> Figure:
    """People in the hall so many minutes after opening."""

    def figure(tables: Tables) -> Sums:
        v, instants = tables.visits, _instants(tables, minute)
        return _present(v.arrived_at, v.left_at, instants), len(instants)

    return figure


def busy_at(minute: int) -> Figure:
    """Windows at work so many minutes after opening."""

    def figure(tables: Tables) -> Sums:
        s, instants = tables.services, _instants(tables, minute)
        return _present(s.called_at, s.ended_at, instants), len(instants)

    return figure


def wait_of_those_at(minute: int) -> Figure:
    """Wait of those who come exactly so many minutes after opening."""

    def figure(tables: Tables) -> Sums:
        t = tables.tickets
        rows = (t.called_at >= 0) & np.isin(t.arrived_at, _instants(tables, minute))
        return _mean((t.called_at - t.taken_at) / MINUTE, rows)

    return figure


def work_ends(tables: Tables) -> Sums:
    """From opening to the end of the last case of the day."""
    c, opens = tables.cases, _instants(tables, 0)
    day = tables.day_of(c.arrived_at)
    rows = tables.finished & (day >= 0)
    last = opens.copy()
    np.maximum.at(last, day[rows], c.closed_at[rows])
    return float((last - opens).sum()) / MINUTE, float(len(opens))


# --- the back office --- #


def _reviews(tables: Tables, department: str) -> Ints:
    """Rows of a department's reviews of measured cases that were begun."""
    tape, journal = tables.tape, tables.journal
    item = np.repeat(np.arange(len(tape.items.item)), np.diff(tape.items.review_offsets))
    case = np.repeat(np.arange(len(tape.cases.matter)), np.diff(tape.cases.item_offsets))[item]
    number = tables.plan.names.departments.index(department)
    of_department = tables.plan.office.department[tape.items.item[item]] == number
    measured = tables.day_of(tape.cases.arrived_at[case]) >= 0
    return np.flatnonzero(of_department & measured & (journal.started_at >= 0))


def reviewer_wait(department: str) -> Figure:
    """Wait of a review for a reviewer."""

    def figure(tables: Tables) -> Sums:
        rows, journal = _reviews(tables, department), tables.journal
        waits = (journal.started_at - journal.released_at)[rows]
        return float(waits.sum()) / MINUTE, float(len(rows))

    return figure


def waited_at_all(department: str) -> Figure:
    """Reviews that waited at all: what must be exactly none has no interval."""

    def figure(tables: Tables) -> Sums:
        rows, journal = _reviews(tables, department), tables.journal
        return float((journal.started_at > journal.released_at)[rows].sum()), float(len(rows))

    return figure


def department_stay(department: str) -> Figure:
    """From a review's release to its end."""

    def figure(tables: Tables) -> Sums:
        rows, journal = _reviews(tables, department), tables.journal
        rows = rows[journal.ended_review_at[rows] >= 0]
        stays = (journal.ended_review_at - journal.released_at)[rows]
        return float(stays.sum()) / MINUTE, float(len(rows))

    return figure


def reviewers_busy(department: str) -> Figure:
    """Share of a department's reviewers at work, over time, where it never closes."""

    def figure(tables: Tables) -> Sums:
        tape, journal, office = tables.tape, tables.journal, tables.plan.office
        number = tables.plan.names.departments.index(department)
        item = np.repeat(np.arange(len(tape.items.item)), np.diff(tape.items.review_offsets))
        of_department = (office.department[tape.items.item[item]] == number) & (
            journal.started_at >= 0
        )
        ticks = _clip(
            tables, journal.started_at[of_department], journal.ended_review_at[of_department]
        )
        return float(ticks.sum()), float(_measured_ticks(tables) * office.reviewers[number])

    return figure


def synchronisation(tables: Tables) -> Sums:
    """How long a finished opinion waits for the last one of its case."""
    tape, journal, cases = tables.tape, tables.journal, tables.cases
    case = np.repeat(np.arange(len(tape.cases.matter)), np.diff(tape.cases.item_offsets))
    rows = (cases.closed_at[case] >= 0) & (tables.day_of(cases.arrived_at[case]) >= 0)
    return _mean((cases.closed_at[case] - journal.completed_at) / MINUTE, rows)


def decided_in(fate: int) -> Figure:
    """From acceptance to the end of cases that ended so."""

    def figure(tables: Tables) -> Sums:
        c = tables.cases
        rows = (c.fate == fate) & (tables.day_of(c.arrived_at) >= 0)
        return _mean((c.closed_at - c.accepted_at) / MINUTE, rows)

    return figure


def approved_share(tables: Tables) -> Sums:
    """Cases issued among those decided."""
    c = tables.cases
    rows = np.isin(c.fate, (ISSUED, REJECTED)) & (tables.day_of(c.arrived_at) >= 0)
    return _mean(c.fate == ISSUED, rows)


def stay_of_case(tables: Tables) -> Sums:
    """From first arrival to issue."""
    c = tables.cases
    rows = tables.finished & (tables.day_of(c.arrived_at) >= 0)
    return _mean((c.closed_at - c.arrived_at) / MINUTE, rows)


def ended_within(days: float) -> Figure:
    """Cases that end so many days after their acceptance or sooner."""

    def figure(tables: Tables) -> Sums:
        c = tables.cases
        rows = tables.finished & (tables.day_of(c.arrived_at) >= 0)
        return _mean(c.closed_at - c.accepted_at <= days * DAY, rows)

    return figure


def _office_minutes(tables: Tables) -> npt.NDArray[np.float64]:
    """Open minutes of the back office from acceptance to the end of each case."""
    c, office = tables.cases, tables.plan.office
    starts, ends = office.open_starts, office.open_ends
    open_ = open_until(starts, ends, np.maximum(c.closed_at, 0))
    return (open_ - open_until(starts, ends, np.maximum(c.accepted_at, 0))) / MINUTE


def _to_office(tables: Tables) -> Bools:
    has_items: Bools = np.diff(tables.tape.cases.item_offsets) > 0
    return has_items & tables.finished & (tables.day_of(tables.cases.arrived_at) >= 0)


def office_minutes(tables: Tables) -> Sums:
    """Working minutes from acceptance to the end of a case that goes to the back office."""
    return _mean(_office_minutes(tables), _to_office(tables))


def office_within(minutes: float) -> Figure:
    """Of those, the share that takes no longer."""

    def figure(tables: Tables) -> Sums:
        return _mean(_office_minutes(tables) <= minutes, _to_office(tables))

    return figure


def cases_open_at(hour: int) -> Figure:
    """Cases that have come and not ended, at an hour of the clock."""

    def figure(tables: Tables) -> Sums:
        c, period = tables.cases, tables.plan.period
        instants = period.hall_days * DAY + hour * HOUR
        ended = np.where(c.closed_at < 0, period.end, c.closed_at)
        return _present(c.arrived_at, ended, instants), len(instants)

    return figure


# --- what is over when the hall closes; every day has a mean of its own --- #


def _closings(tables: Tables, instants: Ints) -> Ints:
    """When the hall closes on the day of each instant."""
    closings: Ints = tables.plan.hall.day_closes[0, instants // DAY]
    return closings


def _mean_of_days(tables: Tables, spans: Ints, rows: Bools, began_at: Ints) -> Sums:
    """Means of measured days in minutes, added up, and how many days have one."""
    day = tables.day_of(began_at)
    rows = rows & (day >= 0)
    counts, totals = np.bincount(day[rows]), np.bincount(day[rows], weights=spans[rows])
    some = counts > 0
    return float((totals[some] / counts[some]).sum()) / MINUTE, float(some.sum())


def stay_till_closing(*matters: str) -> Figure:
    """From coming to the end of cases that end before the hall closes; all matters unless named."""

    def figure(tables: Tables) -> Sums:
        c, names = tables.cases, tables.plan.names.matters
        of_matters = np.isin(c.matter, [names.index(matter) for matter in matters or names])
        over = (c.closed_at >= 0) & (c.closed_at <= _closings(tables, c.arrived_at))
        return _mean_of_days(tables, c.closed_at - c.arrived_at, of_matters & over, c.arrived_at)

    return figure


def wait_till_closing(department: str) -> Figure:
    """Wait for a reviewer, of reviews begun before the hall closes."""

    def figure(tables: Tables) -> Sums:
        rows, journal = _reviews(tables, department), tables.journal
        released, started = journal.released_at[rows], journal.started_at[rows]
        begun = started <= _closings(tables, released)
        return _mean_of_days(tables, started - released, begun, released)

    return figure


def busy_till_closing(department: str) -> Figure:
    """Share of a department's reviewers at work while the hall is open."""

    def figure(tables: Tables) -> Sums:
        rows, journal, plan = _reviews(tables, department), tables.journal, tables.plan
        released, started = journal.released_at[rows], journal.started_at[rows]
        ended = np.minimum(journal.ended_review_at[rows], _closings(tables, released))
        opens = _instants(tables, 0)
        reviewers = plan.office.reviewers[plan.names.departments.index(department)]
        open_ = (_closings(tables, opens) - opens).sum() * reviewers
        return float(np.maximum(ended - started, 0).sum()), float(open_)

    return figure


FIGURES: Final[Mapping[str, Figure]] = {
    "approved_share": approved_share,
    "busy_at_120": busy_at(120),
    "busy_at_360": busy_at(360),
    "case_stay": stay_of_case,
    "cases_open_at_09": cases_open_at(9),
    "cases_open_at_17": cases_open_at(17),
    "cubicle_wait": reviewer_wait("cubicle"),
    "ended_within_7.61202_d": ended_within(7.61202),
    "examination_wait": reviewer_wait("examination"),
    "first_stay": department_stay("first"),
    "inside_at_120": inside_at(120),
    "inside_at_180": inside_at(180),
    "inside_at_210": inside_at(210),
    "inside_at_30": inside_at(30),
    "issue_wait": reviewer_wait("issue"),
    "issued_in": decided_in(ISSUED),
    "jhbunt_busy_till_closing": busy_till_closing("jhbunt"),
    "jhbunt_wait_till_closing": wait_till_closing("jhbunt"),
    "level_1_waited": waited_at_all("first"),
    "level_2_waited": waited_at_all("second"),
    "level_3_busy": reviewers_busy("third"),
    "level_3_wait": reviewer_wait("third"),
    "makers_busy_till_closing": busy_till_closing("makers"),
    "makers_wait_till_closing": wait_till_closing("makers"),
    "malwart_busy_till_closing": busy_till_closing("malwart"),
    "malwart_wait_till_closing": wait_till_closing("malwart"),
    "office_busy": reviewers_busy("office"),
    "office_minutes": office_minutes,
    "office_wait": reviewer_wait("office"),
    "office_within_120": office_within(120),
    "packager_busy_till_closing": busy_till_closing("packager"),
    "past_shift_at_130": past_shift_at(130),
    "people_in_orbit": people_in_orbit,
    "people_inside": people_inside,
    "people_waiting": people_waiting,
    "queue_at_130": queue_at(130),
    "registration_wait": reviewer_wait("registration"),
    "rejected_in": decided_in(REJECTED),
    "review_wait": reviewer_wait("review"),
    "second_stay": department_stay("second"),
    "stay_4_min": stay_share(4),
    "stay_till_closing": stay_till_closing(),
    "stay_till_closing_leaver": stay_till_closing("leaver"),
    "stay_till_closing_straight": stay_till_closing("straight"),
    "stay_till_closing_wanders": stay_till_closing("leaver", "wanderer"),
    "synchronisation": synchronisation,
    "trauma_cubicle_wait": reviewer_wait("trauma_cubicle"),
    "trauma_wait": reviewer_wait("trauma"),
    "time_to_empty": time_to_empty,
    "triage_wait": reviewer_wait("triage"),
    "wait_at_110": wait_of_those_at(110),
    "wait_of_all": wait_of_all,
    "waited_share": waited_share,
    "work_ends": work_ends,
}
