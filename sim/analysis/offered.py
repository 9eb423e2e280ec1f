"""Offered load before any run: expected work beside the hours that are staffed for it.

A load above 1 means that the queue grows without end: an impossible assumption is seen at once.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.clock import DAY, HOUR
from sim.plan.lawbook import mean
from sim.plan.layout import collected, sought
from sim.plan.plan import Demand, Plan

Floats = npt.NDArray[np.float64]


class Load(NamedTuple):
    """Expected work of one group of windows, department, or the desk, over the whole run."""

    kind: Literal["group", "department", "reception"]
    id: str
    work_hours: float
    staffed_hours: float

    @property
    def load(self) -> float:
        """Work divided by staffed hours; infinite when nobody is there for it."""
        if self.staffed_hours > 0:
            return self.work_hours / self.staffed_hours
        return float("inf") if self.work_hours > 0 else 0.0


def offered_load(plan: Plan) -> tuple[Load, ...]:
    """Loads of all window groups, the desk and all departments.

    Work that several groups accept is shared out by their staffed hours; who gives up and comes
    again is left aside.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> loads = offered_load(compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall"))
    >>> [(load.id, round(load.load, 3)) for load in loads]
    [('windows', 0.8), ('office', 0.0)]
    """
    intakes, hall_cases, all_cases = _intakes(plan.demand)
    return (
        *_groups(plan, hall_cases * intakes, all_cases),
        *_desk(plan, hall_cases, all_cases),
        *_departments(plan, all_cases, all_cases - hall_cases),
    )


def _repeats(share: Floats, at_most: int) -> Floats:
    """Expected failures before success: p + p² + … up to so many rounds."""
    return np.asarray((share[:, None] ** np.arange(1, at_most + 1)).sum(axis=1))


def _intakes(demand: Demand) -> tuple[Floats, Floats, Floats]:
    """Window work per case in complete intakes, cases in the hall, cases in all; by matter."""
    n = len(demand.base_law)
    volume = demand.cases_of_day.sum(axis=1) + np.diff(demand.given_offsets)
    cases, hall = np.zeros(n), np.zeros(n)
    np.add.at(cases, demand.matter_of_flow, volume)
    np.add.at(hall, demand.matter_of_flow, volume * (1 - demand.online_share))
    failed = _repeats(demand.correction_share, demand.rounds_at_most)
    return 1 + failed * demand.sent_back_share, hall, cases


def visits_a_case(demand: Demand) -> Floats:
    """float64, shape (M,): expected applications of a case: to each department in turn, or one.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> demand = compile_demand(load_scenario(example_path("sanmenxia_before.yaml")))
    >>> [round(float(n), 1) for n in visits_a_case(demand)[:3]]  # after_death, annual_report …
    [5.1, 3.0, 9.2]
    """
    visit_of, n = demand.visit_of_item, len(demand.base_law)
    items, visits = np.flatnonzero(visit_of >= 0), np.flatnonzero(demand.visit_order >= 0)
    nobody = np.ones(len(visit_of))
    np.multiply.at(nobody, visit_of[items], 1.0 - demand.item_share[items])
    matter = np.repeat(np.arange(n), np.diff(demand.item_offsets))
    found = np.bincount(matter[visits], 1.0 - nobody[visits], minlength=n)
    return np.maximum(found, 1.0)


def _assistance(demand: Demand) -> float:
    """Mean factor on window work for those who need help, over all flows."""
    volume = demand.cases_of_day.sum(axis=1) + np.diff(demand.given_offsets)
    shares = np.diff(demand.class_shares, axis=1, prepend=0.0)
    helped = float((shares @ demand.assisted_share * volume).sum() / max(volume.sum(), 1e-12))
    return 1 + helped * (demand.assistance_factor - 1)


def _groups(plan: Plan, intakes: Floats, results: Floats) -> list[Load]:
    hall, names = plan.hall, plan.names
    ids = list(dict.fromkeys(names.groups))
    group_of = np.array([ids.index(group) for group in names.groups])
    hours = np.zeros(len(group_of))
    ticks = hall.duty_ends - hall.duty_starts
    np.add.at(hours, np.repeat(np.arange(len(group_of)), np.diff(hall.duty_offsets)), ticks / HOUR)
    hours[hall.payroll != hall.group_of_window] = 0.0  # borrowed clerks are counted at their pool
    staffed = np.bincount(group_of, hours, len(ids))
    windows = np.bincount(group_of, minlength=len(ids))
    factor = np.bincount(group_of, hall.factor, len(ids)) / windows
    accepts = _accepts(plan, group_of, len(ids))
    weight = accepts * staffed[:, None]
    share = weight / np.maximum(weight.sum(axis=0), 1e-12)
    work = share @ sought(plan.demand, intakes)[1] / HOUR * _assistance(plan.demand)
    work += share @ collected(plan.demand, results)[1] / HOUR
    work *= factor
    rows = zip(ids, work, staffed, strict=True)
    return [Load("group", one, float(hours), float(duty)) for one, hours, duty in rows]


def _accepts(plan: Plan, group_of: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.bool_]:
    """bool, shape (groups, M): the group calls some line that the matter may join."""
    line_of = plan.hall.line_of
    accepts = np.zeros((n, line_of.shape[1]), dtype=np.bool_)
    for m in range(line_of.shape[1]):
        lines = np.unique(line_of[:, m][line_of[:, m] >= 0])
        for w in np.flatnonzero((plan.hall.calls[:, lines] > 0).any(axis=1)):
            accepts[group_of[w], m] = True
    return accepts


def _desk(plan: Plan, cases: Floats, results: Floats) -> list[Load]:
    if not plan.hall.has_reception:
        return []
    demand, hall = plan.demand, plan.hall
    comes = (cases * (1 + _repeats(demand.correction_share, demand.rounds_at_most))).sum()
    comes += collected(demand, results)[0].sum()
    times = np.append(hall.reception_times, plan.period.end)
    of_hall = slice(hall.ticket_offsets[hall.day_closes.shape[1]])
    closes = np.concatenate([hall.ticket_closes[of_hall], [plan.period.end]])
    until = np.minimum(times[1:], closes[np.searchsorted(closes, times[:-1], side="right")])
    staffed = float((np.maximum(until - times[:-1], 0) * hall.reception_clerks).sum() / HOUR)
    work = comes * mean(demand.laws, demand.reception_law) / HOUR
    return [Load("reception", "reception", float(work), staffed)]


def _departments(plan: Plan, cases: Floats, online: Floats) -> list[Load]:
    demand, office, names = plan.demand, plan.office, plan.names
    matter = np.repeat(np.arange(len(cases)), np.diff(demand.item_offsets))
    touch = np.array([mean(demand.laws, int(law)) for law in demand.review_law])
    again = _repeats(demand.item_correction_share, demand.rounds_at_most) * demand.review_again
    work = np.zeros(len(names.departments))
    per_item = cases[matter] * demand.item_share * touch * (1 + again)
    np.add.at(work, office.department, per_item / HOUR)
    others = np.repeat(cases[matter] * demand.item_share * touch, np.diff(office.survey_offsets))
    own = office.survey_offsets[:-1][demand.attendances > 0]
    others[own] = 0.0  # counted above
    np.add.at(work, office.survey, others / HOUR)
    if office.online_department >= 0:
        precheck = mean(demand.laws, demand.precheck_law) / HOUR
        rounds = 1 + _repeats(demand.correction_share, demand.rounds_at_most)
        work[office.online_department] += (
            float((online * visits_a_case(demand) * rounds).sum()) * precheck
        )
    end = plan.period.n_days * DAY
    hours = np.zeros(len(names.departments))
    for d, calendar in enumerate(office.calendar):
        span = slice(office.open_offsets[calendar], office.open_offsets[calendar + 1])
        starts, ends = office.open_starts[span], np.minimum(office.open_ends[span], end)
        hours[d] = office.reviewers[d] * np.maximum(ends - starts, 0).sum() / HOUR
    return [
        Load("department", one, float(w), float(h))
        for one, w, h in zip(names.departments, work, hours, strict=True)
    ]
