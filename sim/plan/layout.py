"""One layout compiled: windows, lists, lines, duties, ticket hours, rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np

from sim import clock
from sim.arrays import Bools, Bytes, Floats, Ints
from sim.clock import DAY, NEVER, Hours
from sim.plan import plan as codes
from sim.plan.columns import floats, integers, offsets_of
from sim.plan.demand import Demand, WorkPlan
from sim.plan.lawbook import Lawbook, mean
from sim.plan.plan import HallPlan, Period
from sim.scenario.base import roster_hours
from sim.scenario.consistency import weekly_hours
from sim.scenario.geography import Hands
from sim.scenario.hall import Layout, WindowGroup
from sim.scenario.places import Place, ServicePoint
from sim.scenario.scenario import Scenario

CALLING = {
    "priority": codes.PRIORITY,
    "weighted_wait": codes.WEIGHTED_WAIT,
    "own_first": codes.OWN_FIRST,
}
ROUTING = {"shortest_wait": codes.SHORTEST_WAIT, "shares": codes.SHARES, "habit": codes.HABIT}

Duty = tuple[int, int]


class HallDay(NamedTuple):
    """One day of the run on which the hall opens."""

    n: int
    weekday: int
    """Weekday whose roster holds: Monday's on a make-up day."""
    hours: tuple[Hours, ...]
    closes: int
    """Instant the hall closes for the day; -1 when it stays open through the night."""


def compile_hall(
    scenario: Scenario, layout: Layout, demand: Demand, period: Period
) -> tuple[HallPlan, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """The hall of one layout, with all other places, and ids of its lists, windows and groups."""
    days, places = hall_days(scenario, period), [None, *other_places(scenario)]
    days_of = [days, *(place_days(scenario, period, place) for place in places[1:] if place)]
    site_of = [codes.HALL] * len(layout.windows)
    site_of += [n for n, place in enumerate(places) if place is not None and place.takes_in]
    layout = everywhere(scenario, layout)
    lists = tuple(dict.fromkeys(group.list_id for group in layout.windows))
    groups = [g for g in layout.windows for _ in range(_built(g))]
    numbers = [i for g in layout.windows for i in range(_built(g))]
    serves = _serves(scenario, groups)
    line_of, lines, calls = _lines(layout, groups, lists, serves, demand)
    sites = [
        site for g, site in zip(layout.windows, site_of, strict=True) for _ in range(_built(g))
    ]
    site_of_list = dict(zip((g.list_id for g in layout.windows), site_of, strict=True))
    duties = [
        _duties(g, i, days_of[site]) for g, i, site in zip(groups, numbers, sites, strict=True)
    ]
    closing = [{day.closes for day in here} for here in days_of]
    drains = [
        end in closing[site]
        for site, window in zip(sites, duties, strict=True)
        for _, end in window
    ]
    flat = [duty for window in duties for duty in window]
    tickets = _tickets(days_of, period.n_days, scenario.hall.last_ticket)
    desk, people = scenario.hall.reception, scenario.applicants
    times, clerks = _desk(scenario, days)
    classes = people.classes
    training = scenario.hall.training
    trained = training.service_factor if training else 1.0
    hall = HallPlan(
        list_of_window=integers(lists.index(group.list_id) for group in groups),
        group_of_window=integers(
            n for n, group in enumerate(layout.windows) for _ in range(_built(group))
        ),
        factor=np.array([g.proficiency * trained for g in groups]),
        n_skills=_n_skills(line_of, calls, serves),
        list_of_line=integers(z for z, _ in lines),
        class_of_line=integers(k for _, k in lines),
        line_of=line_of,
        calls=calls,
        mean_service=_mean_service(line_of, demand),
        route_shares=_route_shares(layout, lists),
        priority=integers([one.priority for one in classes] or [0]),
        weight=np.array([one.weight for one in classes] or [1.0], dtype=np.float64),
        duty_offsets=offsets_of([len(window) for window in duties]),
        duty_starts=integers(start for start, _ in flat),
        duty_ends=integers(end for _, end in flat),
        duty_drains=np.array(drains, dtype=np.bool_),
        line_duty_until=line_duty_until(
            [[] if g.tidal else duty for g, duty in zip(groups, duties, strict=True)],
            calls,
            period.n_days,
        ),
        payroll=integers(_payer(layout, group) for group in groups),
        **_tidal(layout, lists),
        place_of_list=integers(site_of_list[name] for name in lists),
        at_home=np.array([place is not None and place.id.endswith(HOME) for place in places]),
        **_couriers(places, days_of),
        onward=_onward(scenario, places),
        forwarded_work=np.array([1.0 if one is None else one.forwarded_work for one in places]),
        ticket_offsets=offsets_of([len(hours) for hours in tickets]),
        ticket_opens=integers(start for hours in tickets for start, _ in hours),
        ticket_closes=integers(end for hours in tickets for _, end in hours),
        day_closes=np.array([_day_closes(here, period.n_days) for here in days_of]),
        reception_times=times,
        reception_clerks=clerks,
        has_reception=desk is not None,
        catches=desk.catches if desk is not None else 0.0,
        calling=CALLING[layout.calling.rule],
        ageing=layout.calling.ageing or NEVER,
        help_after=layout.calling.help_after,
        idle=codes.LONGEST_IDLE if layout.idle == "longest_idle" else codes.FEWEST_SKILLS,
        routing=ROUTING[layout.routing.rule],
        cut_off=scenario.hall.closing == "cut_off",
        capacity=_or_none(scenario.hall.capacity),
        balk_at=_or_none(people.balk_at),
        returns_at_most=people.unserved.at_most,
        missed_wait=people.missed.window_waits if people.missed else 0,
        missed_requeues=people.missed is not None and people.missed.then == "requeue",
    )
    windows = tuple(f"{g.id}-{i + 1}" for g, i in zip(groups, numbers, strict=True))
    return hall, (lists, windows, tuple(group.id for group in groups))


HOME: Final = ":home"
"""Ends the ids of places from which agents go to applicants; no other id has a colon."""
PLACE: Final = "place:"
"""Begins the name of a place's group of windows, and of its list, where a group or list of the hall
has the id of the place."""


def other_places(scenario: Scenario) -> list[Place]:
    """Halls and stations that are open besides the hall of the scenario, which is the city hall.

    The agents of a place who visit people at home are a place of their own.
    """
    found: list[Place] = []
    for place in scenario.places.open if scenario.places else ():
        if place.kind != "city_hall":
            found.append(place)
        if place.home_visits is not None:
            agents = {key: place.home_visits.agents for key, n in place.clerks.items() if n > 0}
            found.append(place.model_copy(update={"id": f"{place.id}{HOME}", "clerks": agents}))
    return found


def everywhere(scenario: Scenario, layout: Layout) -> Layout:
    """A layout with one more group of windows, and list, for each other place.

    They are called like the place, unless the hall has something of that name: places, groups and
    lists are named each for themselves, and a plan's groups and lists all have names of their own.
    """
    taken = {name for group in layout.windows for name in (group.id, group.list_id)}
    groups = [
        WindowGroup.model_construct(
            id=f"{PLACE}{place.id}" if place.id in taken else place.id,
            serves=place.takes_in,
            clerks=place.clerks,
        )
        for place in other_places(scenario)
        if place.takes_in
    ]
    return layout.model_copy(update={"windows": (*layout.windows, *groups)})


def duty_of_places(scenario: Scenario, layout: Layout, period: Period) -> Ints:
    """int64, shape (P,): ticks that people are on duty by the rosters of each place, and are paid.

    Examples
    --------
    Five clerks day and night, for five days:

    >>> from sim import compile_plan, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> period = compile_plan(scenario, "hall").period
    >>> duty_of_places(scenario, scenario.layouts[0], period) // clock.HOUR
    array([600])
    """
    layout, others = everywhere(scenario, layout), other_places(scenario)
    days_of = [hall_days(scenario, period)]
    days_of += [place_days(scenario, period, place) for place in others]
    numbers = {place.id: n for n, place in enumerate(others, start=1)}
    duty = np.zeros(len(days_of), dtype=np.int64)
    for group in layout.windows:
        if not group.borrows:
            place = numbers.get(group.id, codes.HALL)
            duty[place] += duty_of_group(group, days_of[place])
    return duty


def duty_of_group(group: WindowGroup, days: Sequence[HallDay]) -> int:
    """Ticks that the clerks of a group are on duty on some days, all together."""
    return sum(end - start for n in range(_built(group)) for start, end in _duties(group, n, days))


def place_days(scenario: Scenario, period: Period, place: ServicePoint) -> list[HallDay]:
    """Days of the run on which a place opens."""
    days = _days(scenario, period, place.hours or scenario.hall.hours)
    markets, start = place.market_days, scenario.run.start
    if markets is None:
        return days
    return [day for day in days if markets.held_on(start + timedelta(days=day.n))]


def _couriers(
    places: Sequence[Place | None], days_of: Sequence[Sequence[HallDay]]
) -> dict[str, Ints]:
    """When couriers leave each place on its open days, and when the departments have the papers."""
    rounds: list[list[Duty]] = []
    for place, days in zip(places, days_of, strict=True):
        courier = place.courier if place else None
        clocks = sorted(courier.leaves) if courier else []
        takes = courier.takes if courier else 0
        leaves = [day.n * DAY + clock_ for day in days for clock_ in clocks]
        rounds.append([(at, at + takes) for at in leaves])
    return {
        "courier_offsets": offsets_of([len(here) for here in rounds]),
        "courier_leaves": integers(at for here in rounds for at, _ in here),
        "courier_arrives": integers(at for here in rounds for _, at in here),
    }


def _onward(scenario: Scenario, places: Sequence[Place | None]) -> Ints:
    """int64, shape (P, M): the next place for papers of each matter; -1 = they stay."""
    matters = sorted(matter.id for matter in scenario.matters)
    onward = np.full((len(places), len(matters)), -1, dtype=np.int64)
    numbers = {place.id: n for n, place in enumerate(places) if place is not None}
    hands = Hands(scenario) if scenario.places is not None else None
    for n, place in enumerate(places):
        if hands is None or place is None or not place.forwards:
            continue
        sent, to = hands.sent_on(place), hands.next(place)
        onward[n, [m in sent for m in matters]] = numbers.get(to or "", codes.HALL)
    return onward


def _tickets(days_of: Sequence[Sequence[HallDay]], n_days: int, last: int) -> list[list[Duty]]:
    """Ticket hours of each place and day."""
    found: list[list[Duty]] = []
    for days in days_of:
        by_day = {day.n: ticket_hours(day, last) for day in days}
        found += [by_day.get(n, []) for n in range(n_days)]
    return found


def _payer(layout: Layout, group: WindowGroup) -> int:
    """Number of the group whose roster pays a group's clerks."""
    ids = [one.id for one in layout.windows]
    pool = group.tidal.pool if group.tidal else None
    return ids.index(pool or group.id)


def _tidal(layout: Layout, lists: Sequence[str]) -> dict[str, Ints]:
    """The fields of `HallPlan` about reserve windows."""
    ids = [one.id for one in layout.windows]
    found = [(n, g, g.tidal) for n, g in enumerate(layout.windows) if g.tidal and _built(g) > 0]
    rules = [rule for _, _, rule in found]
    return {
        "tidal_group": integers(n for n, _, _ in found),
        "tidal_list": integers(lists.index(one.list_id) for _, one, _ in found),
        "tidal_pool": integers(-1 if r.pool is None else ids.index(r.pool) for r in rules),
        "tidal_opens_at": integers(
            NEVER if rule.opens_at is None else rule.opens_at for rule in rules
        ),
        "tidal_opens_after": integers(
            NEVER if rule.opens_after is None else rule.opens_after for rule in rules
        ),
        "tidal_closes_at": integers(rule.closes_at for rule in rules),
        "tidal_setup": integers(rule.setup for rule in rules),
        "tidal_keep": integers(rule.keep for rule in rules),
    }


def _or_none(limit: int | None) -> int:
    return codes.NO_LIMIT if limit is None else limit


def _built(group: WindowGroup) -> int:
    return max(group.clerks.values(), default=0) if group.count is None else group.count


def hall_days(scenario: Scenario, period: Period) -> list[HallDay]:
    """Days of the run on which the hall opens."""
    return _days(scenario, period, scenario.hall.hours)


def _days(scenario: Scenario, period: Period, hours_id: str) -> list[HallDay]:
    calendar = next(c for c in scenario.calendars if c.id == hours_id)
    weekly, closed, days = weekly_hours(calendar), frozenset(calendar.closed), []
    for n in range(period.n_days):
        date = scenario.run.start + timedelta(days=n)
        hours = tuple(clock.open_hours(weekly, date, calendar.holidays, closed))
        if hours:
            moved = clock.makeup_day(date, calendar.holidays)
            days.append(HallDay(n, 0 if moved else date.weekday(), hours, n * DAY + hours[-1].end))
    opens = {day.n * DAY + day.hours[0].start for day in days}
    return [day._replace(closes=-1) if day.closes in opens else day for day in days]


def _serves(scenario: Scenario, groups: Sequence[WindowGroup]) -> Bools:
    """bool, shape (W, M): which matters a window may accept."""
    named = scenario.matters_named()
    ids = sorted(matter.id for matter in scenario.matters)
    serves = np.zeros((len(groups), len(ids)), dtype=np.bool_)
    for w, group in enumerate(groups):
        for name in group.serves:
            for matter in named[name]:
                serves[w, ids.index(matter)] = True
    return serves


def _lines(
    layout: Layout,
    groups: Sequence[WindowGroup],
    lists: Sequence[str],
    serves: Bools,
    demand: Demand,
) -> tuple[Ints, list[tuple[int, int]], Bytes]:
    """Which line a ticket joins, and which windows may call from it.

    Who helps a list calls all its tickets. Windows at which nobody ever sits accept nothing: a list
    is not open because they are built.
    """
    n_classes, n_matters = demand.flows.class_shares.shape[1], serves.shape[1]
    shape = len(groups), len(lists)
    own = np.array([[g.list_id == z for z in lists] for g in groups], dtype=np.bool_)
    helped = np.array([[z in g.helps for z in lists] for g in groups], dtype=np.bool_)
    own, helped = own.reshape(shape), helped.reshape(shape) & ~own.reshape(shape)
    sat_at = np.array([any(g.clerks.values()) for g in groups], dtype=np.bool_)
    numbers: dict[tuple[int, int, bytes], int] = {}
    line_of = np.full((len(lists), n_matters, n_classes), -1, dtype=np.int64)
    columns: list[Bytes] = []
    for z in range(len(lists)):
        for m in range(n_matters):
            who = (own[:, z] & serves[:, m]) * codes.OWN + helped[:, z] * codes.HELPED
            who = who.astype(np.int8)
            if not (who[sat_at] == codes.OWN).any():
                continue
            for k in range(n_classes):
                key = (z, k, who.tobytes())
                if key not in numbers:
                    numbers[key] = len(numbers)
                    columns.append(who)
                line_of[z, m, k] = numbers[key]
    calls = np.array(columns, dtype=np.int8).reshape(len(columns), len(groups)).T.copy()
    return line_of, [(z, k) for z, k, _ in numbers], calls


def _n_skills(line_of: Ints, calls: Bytes, serves: Bools) -> Ints:
    """int64, shape (W,): matters a window may accept, for its own lists and those it helps."""
    may = serves.copy()
    for z, m in np.argwhere(line_of[:, :, 0] >= 0):
        may[:, m] |= calls[:, line_of[z, m, 0]] == codes.HELPED
    return np.asarray(may.sum(axis=1), dtype=np.int64)


def _mean_service(line_of: Ints, demand: Demand) -> Floats:
    """float64, shape (Z,): mean window work of what each list accepts, weighted by demand."""
    cases = np.zeros(line_of.shape[1])
    volume = demand.flows.cases_of_day.sum(axis=1) + np.diff(demand.flows.given_offsets)
    np.add.at(cases, demand.flows.matter, volume * (1 - demand.flows.online_share))
    visits, work = sought(demand, cases)
    trips, handing = collected(demand, cases)
    visits, work = visits + trips, work + handing
    accepts = line_of[:, :, 0] >= 0
    total = (accepts * visits).sum(axis=1)
    plain = (accepts * mean_window_work(demand)).sum(axis=1) / np.maximum(accepts.sum(axis=1), 1)
    weighted = (accepts * work).sum(axis=1) / np.maximum(total, 1e-12)
    return np.asarray(np.where(total > 0, weighted, plain))


def sought(demand: Demand, cases: Floats) -> tuple[Floats, Floats]:
    """Expected visits, and ticks of window work, by the matter that people seek at the windows.

    Who goes from department to department seeks each one's own matter, once an item it needs.

    Parameters
    ----------
    cases : ndarray(float64), shape (M,)
        Expected cases of each matter.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> demand = compile_demand(load_scenario(example_path("exact/mmc.yaml")))
    >>> sought(demand, np.array([10.0]))[0]
    array([10.])
    """
    items = demand.items
    own = np.flatnonzero(items.visit >= 0)
    matter = np.repeat(np.arange(len(cases)), np.diff(demand.matters.item_offsets))[own]
    apart = np.isin(np.arange(len(cases)), matter)
    visits = np.where(apart, 0.0, cases)
    work = visits * mean_window_work(demand)
    alone = _mean_work(demand.laws, items.own_work.of(own))
    needed = cases[matter] * items.share[own]
    np.add.at(visits, items.sought[own], needed)
    np.add.at(work, items.sought[own], needed * alone)
    return visits, work


def collected(demand: Demand, cases: Floats) -> tuple[Floats, Floats]:
    """Expected trips to collect results, and ticks of window work, by the matter sought for that.

    All results count as granted.

    Parameters
    ----------
    cases : ndarray(float64), shape (M,)
        Expected cases of each matter.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> demand = compile_demand(load_scenario(example_path("exact/mmc.yaml")))
    >>> collected(demand, np.array([10.0]))[0]
    array([0.])
    """
    issue = demand.matters.issue
    trips = cases * np.diff(issue.shares, axis=1)[:, 0]
    each = np.array([mean(demand.laws, int(law)) for law in issue.service_law])
    visits, work = np.zeros((2, len(cases)))
    np.add.at(visits, issue.sought, trips)
    np.add.at(work, issue.sought, trips * each)
    return visits, work


def mean_window_work(demand: Demand) -> Floats:
    """float64, shape (M,): expected ticks of window work for complete papers, factor 1."""
    return _mean_work(demand.laws, demand.matters.work)


def _mean_work(laws: Lawbook, work: WorkPlan) -> Floats:
    """Expected ticks of pieces of window work."""
    return floats(
        (mean(laws, int(base)) + fixed) * mean(laws, int(individual))
        for base, fixed, individual in zip(*work, strict=True)
    )


def _route_shares(layout: Layout, lists: Sequence[str]) -> Floats:
    shares = layout.routing.shares
    return np.array([shares.get(name, 0.0 if shares else 1.0) for name in lists])


def _duties(group: WindowGroup, number: int, days: Sequence[HallDay]) -> list[Duty]:
    """When one window of a group is staffed: while the roster has more clerks than its number."""
    staffed = [roster_hours(key) for key, clerks in group.clerks.items() if clerks > number]
    duties: list[Duty] = []
    for day in days:
        pieces = [
            (max(duty.start, open_.start), min(duty.end, open_.end))
            for weekdays, duty in staffed
            if day.weekday in weekdays
            for open_ in day.hours
        ]
        for start, end in sorted(piece for piece in pieces if piece[0] < piece[1]):
            if duties and duties[-1][1] == day.n * DAY + start:
                duties[-1] = (duties[-1][0], day.n * DAY + end)
            else:
                duties.append((day.n * DAY + start, day.n * DAY + end))
    return duties


def line_duty_until(duties: Sequence[Sequence[Duty]], calls: Bytes, n_days: int) -> Ints:
    """int64, shape (L, N): last instant of each day at which somebody on duty may call the line."""
    until = np.full((len(duties), n_days), -1, dtype=np.int64)
    for w, window in enumerate(duties):
        for start, end in window:
            for n in range(start // DAY, (end - 1) // DAY + 1):
                until[w, n] = max(until[w, n], min(end, (n + 1) * DAY))
    lines = [until[calls[:, line] > 0].max(axis=0) for line in range(calls.shape[1])]
    return np.array(lines, dtype=np.int64).reshape(-1, n_days)


def ticket_hours(day: HallDay, last_ticket: int) -> list[Duty]:
    """When tickets are given on one day."""
    hours = [(day.n * DAY + h.start, day.n * DAY + h.end) for h in day.hours]
    if day.closes >= 0:
        hours = [(start, min(end, day.closes - last_ticket)) for start, end in hours]
    return [(start, end) for start, end in hours if start < end]


def _day_closes(days: Sequence[HallDay], n_days: int) -> Ints:
    closes = np.full(n_days, -1, dtype=np.int64)
    for day in days:
        closes[day.n] = day.closes
    return closes


def _desk(scenario: Scenario, days: Sequence[HallDay]) -> tuple[Ints, Ints]:
    """Instants and number of people at the reception desk from then on.

    At the end of the day the desk stays until the hall is empty: its number does not change before
    the next opening.
    """
    desk = scenario.hall.reception
    if desk is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    steps: dict[int, int] = {}
    for day in days:
        steps[day.n * DAY + day.hours[0].start] = 0
        duties = [
            (max(duty.start, open_.start), min(duty.end, open_.end), clerks)
            for key, clerks in desk.clerks.items()
            for weekdays, duty in [roster_hours(key)]
            if day.weekday in weekdays
            for open_ in day.hours
        ]
        for start, end, clerks in sorted(duty for duty in duties if duty[0] < duty[1]):
            steps[day.n * DAY + start] = clerks
            if day.n * DAY + end != day.closes:
                steps[day.n * DAY + end] = 0
    times = sorted(steps)
    return integers(times), integers(steps[time] for time in times)
