"""From a scenario to a plan: ids become indices, laws rows, hours intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from sim import clock
from sim.arrays import Floats, Ints
from sim.clock import Span
from sim.plan.appointments import compile_books
from sim.plan.arrivals import compile_flows
from sim.plan.journeys import compile_journeys
from sim.plan.lawbook import (
    CONSTANT,
    EMPIRICAL,
    EXPONENTIAL,
    GAMMA,
    LOGNORMAL,
    SEQUENCE,
    TRIANGULAR,
    UNIFORM,
    LawRow,
    lawbook,
)
from sim.plan.layout import compile_hall, other_places
from sim.plan.plan import BackOffice, Demand, Names, Period, Plan, integers, offsets_of
from sim.plan.streams import words
from sim.scenario.demand import Calendar
from sim.scenario.distributions import NO_SPAN, NO_TIME
from sim.scenario.geography import CITY_HALL
from sim.scenario.hours import hall_dates, weekly_hours, workday_holidays
from sim.scenario.matters import Item, Matter, Service
from sim.scenario.scenario import Scenario

CODES = {
    "constant": CONSTANT,
    "exponential": EXPONENTIAL,
    "gamma": GAMMA,
    "lognormal": LOGNORMAL,
    "uniform": UNIFORM,
    "triangular": TRIANGULAR,
    "empirical": EMPIRICAL,
    "sequence": SEQUENCE,
}
DAYS_BEYOND = 366
"""Days of calendars kept after the run, for limits that end later."""
VISIT: Final = "visit:"
"""Begins the ids of visits; no item's id has a colon."""


class _Laws:
    """Collects laws while a plan is compiled; a law's row is its number."""

    def __init__(self) -> None:
        self.rows: list[LawRow] = []

    def add(self, law: Any) -> int:
        """Row of a law; -1 for none."""
        if law is None:
            return -1
        self.rows.append(_row(law))
        return len(self.rows) - 1


def _row(law: Any) -> LawRow:
    code = CODES[law.law]
    match law.law:
        case "constant":
            return LawRow(code, float(law.value))
        case "exponential":
            return LawRow(code, float(law.mean))
        case "gamma" | "lognormal":
            return LawRow(code, float(law.mean), law.cv)
        case "uniform":
            return LawRow(code, float(law.low), float(law.high))
        case "triangular":
            return LawRow(code, float(law.low), float(law.mode), float(law.high))
        case _:
            return LawRow(code, values=tuple(float(value) for value in law.values))


def compile_plan(scenario: Scenario, layout: str) -> Plan:
    """One layout of a scenario as arrays.

    Raises
    ------
    ScenarioError
        When the scenario has no layout of that id.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall").names.windows[0]
    'windows-1'
    """
    chosen = scenario.layout(layout)
    period = compile_period(scenario)
    matters = sorted(scenario.matters, key=lambda matter: matter.id)
    demand = compile_demand(scenario)
    hall, (lists, windows, groups) = compile_hall(scenario, chosen, demand, period)
    departments = sorted(scenario.departments, key=lambda department: department.id)
    townships = sorted(scenario.applicants.townships, key=lambda township: township.id)
    names = Names(
        layout=layout,
        matters=tuple(matter.id for matter in matters),
        items=tuple(f"{matter.id}.{part.id}" for matter in matters for part in parts_of(matter)),
        departments=tuple(department.id for department in departments),
        classes=tuple(one.id for one in scenario.applicants.classes) or ("everybody",),
        townships=tuple(township.id for township in townships),
        counties=tuple(township.county for township in townships),
        lists=lists,
        windows=windows,
        groups=groups,
        places=(CITY_HALL, *(place.id for place in other_places(scenario))),
    )
    office = compile_office(scenario, matters, period)
    journeys = compile_journeys(scenario, hall)
    plan = Plan(demand, hall, office, period, names, scenario.hash, journeys)
    freeze(plan)
    return plan


class Part(NamedTuple):
    """An item as the plan has it; or a visit to one department, which stands before its items."""

    id: str
    item: Item
    """The item; of a visit, the first one it is for."""
    after: tuple[str, ...]
    visit: str | None = None
    """Id of the visit by which it is applied for."""
    order: int = -1
    """Place of a visit among those of its matter; -1 = an item."""


def parts_of(matter: Matter) -> list[Part]:
    """What a matter consists of, in the order of a plan: by id.

    Bundled, these are its items. Handled department by department there is a visit to each in turn,
    after all that came before it; a visit is for all items that a department can begin with then.
    """
    parts = [Part(item.id, item, item.after) for item in matter.items]
    if matter.handling == "separate":
        parts = []
        before: tuple[str, ...] = ()
        for order, items in enumerate(visits_of(matter)):
            visit = f"{VISIT}{order}:{items[0].department}"
            parts.append(Part(visit, items[0], before, order=order))
            parts += [Part(item.id, item, (*item.after, visit), visit) for item in items]
            before = (*before, visit, *(item.id for item in items))
    return sorted(parts, key=lambda part: part.id)


def visits_of(matter: Matter) -> list[list[Item]]:
    """Items in the order in which an applicant can get them one department after the other.

    A department is not left while it has an item that can begin.
    """
    left, done, visits = list(matter.items), set[str](), list[list[Item]]()
    while left:
        ready = [item for item in left if done.issuperset(item.after)]
        here = [item for item in ready if visits and item.department == visits[-1][0].department]
        chosen = here or [item for item in ready if item.department == ready[0].department]
        visits += [] if here else [[]]
        visits[-1] += chosen
        done.update(item.id for item in chosen)
        left = [item for item in left if item.id not in done]
    return visits


def freeze(part: Any) -> None:
    """Make every array of nested tuples read-only."""
    for value in part:
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        elif isinstance(value, tuple):
            freeze(value)


def calendar_of(scenario: Scenario, calendar_id: str) -> Calendar:
    """The calendar of that id; its existence was checked when the scenario was loaded."""
    return next(calendar for calendar in scenario.calendars if calendar.id == calendar_id)


def compile_period(scenario: Scenario) -> Period:
    """Which days are simulated and measured, counted in days on which the hall opens."""
    run = scenario.run
    open_days = [(day - run.start).days for day in hall_dates(scenario)]
    n_days, follow_up = open_days[-1] + 1, run.warmup_days + run.measured_days
    measured = open_days[run.warmup_days : follow_up]
    return Period(
        n_days=n_days,
        measured_from=measured[0],
        measured_until=[*open_days, n_days][follow_up],
        hall_days=np.array(measured, dtype=np.int64),
        start_ordinal=run.start.toordinal(),
    )


def compile_demand(scenario: Scenario) -> Demand:
    """The crowd's part of a plan; it knows no layout.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> compile_demand(load_scenario(example_path("exact/mmc.yaml"))).flow_ids
    ('everybody',)
    """
    laws = _Laws()
    period = compile_period(scenario)
    matters = sorted(scenario.matters, key=lambda matter: matter.id)
    parts = [part for matter in matters for part in parts_of(matter)]
    people, mending = scenario.applicants, scenario.corrections
    ids, issues = [matter.id for matter in matters], [matter.issue for matter in matters]
    flows = compile_flows(scenario, ids, period)
    marks = [_mark(matter, part) for matter in matters for part in parts_of(matter)]
    choices = sorted({mark for mark in marks if mark is not None})
    population = np.array(
        [t.population for t in sorted(people.townships, key=lambda t: t.id)], dtype=np.float64
    )
    external = [NO_SPAN if _is_visit(part) else part.item.external or NO_SPAN for part in parts]
    offsets = offsets_of([len(parts_of(matter)) for matter in matters])
    own = _own(scenario, matters)
    unserved = people.unserved
    training = scenario.hall.training
    trained = training.correction_factor if training else 1.0
    service = [matter.service for matter in matters]
    return Demand(
        n_days=period.n_days,
        laws=lawbook(()),
        **flows,
        assisted_share=np.array(
            [one.assisted_share for one in people.classes] or [0.0], dtype=np.float64
        ),
        assistance_factor=people.assistance_factor,
        day_factor_law=laws.add(people.day_factor),
        patience_law=laws.add(people.patience),
        unserved_shares=(unserved.returns, unserved.returns + unserved.online),
        return_law=laws.add(unserved.after),
        missed_share=people.missed.share if people.missed else 0.0,
        township_shares=np.cumsum(population) / max(population.sum(), 1.0),
        reception_law=laws.add(scenario.hall.reception and scenario.hall.reception.service),
        precheck_law=laws.add(scenario.online and scenario.online.precheck),
        item_words=words([part.id for part in parts], "item"),
        base_law=integers(laws.add(one.base) for one in service),
        fixed_service=np.array([_fixed(one) for one in service]),
        individual_law=integers(laws.add(one.individual) for one in service),
        correction_share=np.array(
            [
                mending.share if matter.correction_share is None else matter.correction_share
                for matter in matters
            ]
        )
        * trained,
        issue_shares=np.array([[i.post, i.post + i.collection] for i in issues]).reshape(-1, 2),
        mailing_ticks=_bounds([one.mailing or NO_SPAN for one in issues], "ticks"),
        mailing_workdays=_bounds([one.mailing or NO_SPAN for one in issues], "workdays"),
        collects_law=integers(laws.add(one.collects_after) for one in issues),
        collection_law=integers(laws.add(one.service) for one in issues),
        collected_at=integers(ids.index(matter.issue.at or matter.id) for matter in matters),
        item_offsets=offsets,
        review_law=integers(laws.add(NO_TIME if _is_visit(p) else p.item.review) for p in parts),
        item_share=np.array([1.0 if _is_visit(p) else p.item.share for p in parts]),
        item_from=_shares_before(marks, [part.item.share for part in parts]),
        own_base_law=integers(laws.add(one and one.base) for one in own),
        own_fixed=np.array([_fixed(one) if one else 0.0 for one in own]),
        own_individual_law=integers(laws.add(one and one.individual) for one in own),
        visit_of_item=_visit_of_item(matters, offsets),
        visit_order=integers(part.order for part in parts),
        sought_of_item=_sought(scenario, matters),
        between_law=integers(laws.add(matter.between) for matter in matters),
        attendances=integers(len(_survey(part)) for part in parts),
        item_choice=integers(-1 if mark is None else choices.index(mark) for mark in marks),
        choice_words=words(choices, "choice"),
        item_correction_share=np.array(
            [0.0 if _is_visit(part) else part.item.correction_share for part in parts]
        )
        * trained,
        item_rejection_share=np.array(
            [0.0 if _is_visit(part) else part.item.rejection_share for part in parts]
        ),
        external_ticks=_bounds(external, "ticks"),
        external_workdays=_bounds(external, "workdays"),
        **compile_books(scenario, [matter.id for matter in matters], period, laws.add),
        rounds_at_most=mending.at_most,
        sent_back_share=mending.service_share,
        mend_shares=(mending.on_the_spot, mending.on_the_spot + mending.online),
        spot_law=laws.add(mending.spot_delay),
        mend_law=laws.add(mending.delay),
        hand_in_law=laws.add(mending.hand_in),
        review_again=mending.review_again,
    )._replace(laws=lawbook(laws.rows))


def _is_visit(part: Part) -> bool:
    return part.order >= 0


def _fixed(service: Service) -> float:
    """Ticks at the window for papers and fields."""
    to_fill = service.fields * (1.0 - service.prefilled_share)
    return service.materials * service.per_material + to_fill * service.per_field


def _own(scenario: Scenario, matters: Sequence[Matter]) -> list[Service | None]:
    """Window work of each part when it is applied for alone; none for what is not."""
    return [
        None if part.visit is None else own_service(scenario, part.item)
        for matter in matters
        for part in parts_of(matter)
    ]


def own_service(scenario: Scenario, item: Item) -> Service | None:
    """Window work of an item applied for alone; none where its department has no `own_matter`.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("sanmenxia.yaml"))
    >>> birth = next(one for one in scenario.matters if one.id == "birth")
    >>> [own_service(scenario, item).materials for item in birth.items]
    [4, 3, 3, 3, 3, 3, 3]
    """
    department = next(one for one in scenario.departments if one.id == item.department)
    if department.own_matter is None:
        return None
    if item.own_service is not None:
        return item.own_service
    own = next(one.service for one in scenario.matters if one.id == department.own_matter)
    return own if item.materials is None else own.model_copy(update={"materials": item.materials})


def _sought(scenario: Scenario, matters: Sequence[Matter]) -> Ints:
    """int64, shape (I,): matter at whose windows a part is applied for on its own; -1 = none."""
    number = {matter.id: n for n, matter in enumerate(matters)}
    counters = {one.id: one.own_matter for one in scenario.departments}
    found: list[int] = []
    for matter in matters:
        for part in parts_of(matter):
            name = counters[part.item.department]
            alone = matter.handling == "separate" and name is not None
            found.append(number[name] if alone and name is not None else -1)
    return integers(found)


def _visit_of_item(matters: Sequence[Matter], offsets: Ints) -> Ints:
    """int64, shape (I,): the plan's number of each part's visit; -1 = none."""
    found: list[int] = []
    for m, matter in enumerate(matters):
        number = {part.id: int(offsets[m]) + n for n, part in enumerate(parts_of(matter))}
        found += [number.get(part.visit or "", -1) for part in parts_of(matter)]
    return integers(found)


def _mark(matter: Matter, part: Part) -> str | None:
    """Name of the choice an item belongs to."""
    mark = None if _is_visit(part) else part.item.one_of
    return None if mark is None else f"{matter.id}.{mark}"


def _shares_before(marks: Sequence[str | None], shares: Sequence[float]) -> Floats:
    """float64, shape (I,): shares of the items before each that it excludes."""
    taken: dict[str, float] = {}
    before = np.zeros(len(marks))
    for n, (mark, share) in enumerate(zip(marks, shares, strict=True)):
        if mark is not None:
            before[n] = taken.get(mark, 0.0)
            taken[mark] = before[n] + share
    return before


def _survey(part: Part) -> tuple[str, ...]:
    """Departments that come to the joint survey of a part, its own one first."""
    survey = None if _is_visit(part) else part.item.survey
    return (part.item.department, *survey.joined_by) if survey else ()


def _ahead(part: Part) -> Span:
    survey = None if _is_visit(part) else part.item.survey
    return survey.ahead if survey else Span(0)


def _bounds(laws: Sequence[Any], unit: Literal["ticks", "workdays"]) -> Ints:
    """int64, shape (laws, 2): lowest and highest span of each, the part in one unit."""
    spans = [(law.value,) * 2 if law.law == "constant" else (law.low, law.high) for law in laws]
    return np.array([[getattr(s, unit) for s in row] for row in spans], np.int64).reshape(-1, 2)


def compile_office(scenario: Scenario, matters: Sequence[Matter], period: Period) -> BackOffice:
    """Departments, their calendars, and the networks of items."""
    departments = sorted(scenario.departments, key=lambda department: department.id)
    number = {department.id: n for n, department in enumerate(departments)}
    calendars = sorted({department.hours for department in departments})
    first, days = scenario.run.start, period.n_days + DAYS_BEYOND
    opens = []
    for name in calendars:
        calendar = calendar_of(scenario, name)
        opens.append(
            clock.open_intervals(
                weekly_hours(calendar), first, days, calendar.holidays, calendar.closed
            )
        )
    spans = [np.concatenate([[0], np.cumsum(open_[:, 1] - open_[:, 0])])[:-1] for open_ in opens]
    parts = [part for matter in matters for part in parts_of(matter)]
    surveys = [_survey(part) for part in parts]
    offsets = offsets_of([len(parts_of(matter)) for matter in matters])
    after = [
        [int(offsets[m]) + n for n in before]
        for m, matter in enumerate(matters)
        for before in _ancestors(matter)
    ]
    holidays = workday_holidays(scenario)
    is_workday = np.array([_workday(first, n, holidays) for n in range(days)])
    return BackOffice(
        reviewers=integers(department.reviewers for department in departments),
        queue=integers(int(department.queue == "first_in") for department in departments),
        finishes=np.array([department.at_close == "finish" for department in departments]),
        calendar=integers(calendars.index(department.hours) for department in departments),
        open_offsets=offsets_of([len(open_) for open_ in opens]),
        open_starts=np.concatenate([open_[:, 0] for open_ in opens]),
        open_ends=np.concatenate([open_[:, 1] for open_ in opens]),
        open_before=np.concatenate(spans).astype(np.int64),
        item_offsets=offsets,
        department=integers(number[part.item.department] for part in parts),
        survey_offsets=offsets_of([len(one) for one in surveys]),
        survey=integers(number[name] for one in surveys for name in one),
        ahead_ticks=integers(_ahead(part).ticks for part in parts),
        ahead_workdays=integers(_ahead(part).workdays for part in parts),
        after_offsets=offsets_of([len(before) for before in after]),
        after=integers(before for row in after for before in row),
        stops=np.array([matter.on_rejection == "stop" for matter in matters]),
        promised_ticks=_limit_ticks(matter.promised for matter in matters),
        promised_workdays=_limit_workdays(matter.promised for matter in matters),
        statutory_ticks=_limit_ticks(matter.statutory for matter in matters),
        statutory_workdays=_limit_workdays(matter.statutory for matter in matters),
        workdays=np.flatnonzero(is_workday).astype(np.int64),
        workday_rank=np.cumsum(is_workday).astype(np.int64),
        online_department=number[scenario.online.department] if scenario.online else -1,
    )


def _limit_ticks(limits: Iterable[Span | None]) -> Ints:
    return integers(-1 if limit is None else limit.ticks for limit in limits)


def _limit_workdays(limits: Iterable[Span | None]) -> Ints:
    return integers(0 if limit is None else limit.workdays for limit in limits)


def _ancestors(matter: Matter) -> list[list[int]]:
    """For each item the numbers, inside the matter, of all items that must be finished first."""
    parts = parts_of(matter)
    number = {part.id: n for n, part in enumerate(parts)}
    direct = [{number[name] for name in part.after} for part in parts]
    found = [set(before) for before in direct]
    while any(direct[b] - before for before in found for b in before):
        found = [before.union(*(direct[b] for b in before)) for before in found]
    return [sorted(before) for before in found]


def _workday(first: date, n: int, holidays: clock.Holidays) -> bool:
    return clock.workday(first + timedelta(days=n), holidays)
