"""Which place each applicant goes to: costs of the way and the wait, and tastes of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints, Shorts
from sim.clock import MINUTE
from sim.plan.columns import integers
from sim.plan.draws import to_ticks
from sim.plan.initial import WAITING
from sim.plan.places import HOME, other_places
from sim.plan.plan import FIXED_SHARES, HALL, LOWEST_COST, NEAREST, HallPlan, Journeys, Plan
from sim.plan.streams import Uint64s, keys, uniforms, words
from sim.plan.tape import ALSO, Tape
from sim.scenario.places import HomeVisits
from sim.scenario.scenario import Scenario
from sim.scenario.travel import Ways, trip_cost, ways_to_places

RULES: Final = {"lowest_cost": LOWEST_COST, "nearest": NEAREST, "shares": FIXED_SHARES}


def compile_journeys(scenario: Scenario, hall: HallPlan) -> Journeys | None:
    """Ways and costs between townships and places; None where there is one place only.

    The order of places is that of a plan: the hall of the scenario, then the others.
    """
    places, others = scenario.places, other_places(scenario)
    if places is None or not others:
        return None
    ids = [place.id for place in places.open]
    [city] = [place.id for place in places.open if place.kind == "city_hall"]
    columns = [
        ids.index(name.removesuffix(HOME)) for name in (city, *(place.id for place in others))
    ]
    towns = scenario.applicants.townships
    rows = sorted(range(len(towns)), key=lambda n: towns[n].id)
    ways = ways_to_places(scenario)
    order = np.ix_(rows, columns)
    shares, choice = places.choice.shares, places.choice
    visits = [place.home_visits if place.id.endswith(HOME) else None for place in others]
    within = np.array([np.nan, *(np.nan if v is None else v.within / MINUTE for v in visits)])
    minutes, km, yuan = ways.minutes[order], ways.km[order], ways.yuan[order]
    near, home = minutes <= within, ~np.isnan(within)
    return Journeys(
        minutes=np.where(home, np.where(near, 0.0, np.inf), minutes),
        km=np.where(home, 0.0, km),
        yuan=np.where(home, 0.0, yuan),
        tour=np.where(near, 2 * minutes, 0.0),
        admits=_admits(scenario, [None, *visits]),
        accepts=_accepts(hall, len(columns)),
        rule=RULES[choice.rule],
        base=integers(columns.index(n) for n in columns),
        shares=np.array([shares.get(ids[n], 0.0 if shares else 1.0) for n in columns]),
        taste_yuan=choice.taste_yuan if choice.rule == "lowest_cost" else 0.0,
        value_of_time=places.travel.value_of_time_yuan_per_h,
        wait=np.zeros(len(columns)),
        place_words=words([city, *(place.id for place in others)], "place"),
    )


def _admits(scenario: Scenario, visits: Sequence[HomeVisits | None]) -> Bools:
    """bool, shape (P, K): everybody, but for home visits that are for some classes only."""
    classes = [class_.id for class_ in scenario.applicants.classes] or ["everybody"]
    admits = np.ones((len(visits), len(classes)), dtype=np.bool_)
    for row, visit in zip(admits, visits, strict=True):
        if visit is not None and visit.classes:
            row[:] = [name in visit.classes for name in classes]
    return admits


def _accepts(hall: HallPlan, n_places: int) -> Bools:
    """bool, shape (P, M): some list of the place accepts the matter."""
    takes = (hall.line_of >= 0).any(axis=2)
    accepts = np.zeros((n_places, takes.shape[1]), dtype=np.bool_)
    np.logical_or.at(accepts, hall.place_of_list, takes)
    return accepts


def choose_destinations(plan: Plan, tape: Tape) -> tuple[Shorts, Shorts]:
    """The place that people choose for each errand, and an agent's way to them and back.

    They are int16 and int32, shape (E,): a number of a place, and ticks.

    An agent who goes to the applicant is busy with the way out and back too. A person's taste for a
    place is the same whatever other places are open: opening one moves only those who gain by it.
    Whom no place accepts goes to the hall of the scenario.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> plan = compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> destination, tour = choose_destinations(plan, tape)
    >>> len(destination) == len(tape.errands.case), set(destination.tolist()), set(tour.tolist())
    (True, {0}, {0})
    """
    if plan.journeys is None:
        n = len(tape.errands.purpose)
        return np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.int32)
    place = choose_places(plan.journeys, tape)
    # who waits there when the run begins has chosen the hall
    place[plan.demand.initial.kind[tape.cases.flow[tape.errands.case]] == WAITING] = HALL
    place[tape.errands.purpose == ALSO] = HALL  # on the ticket of the first matter
    minutes = plan.journeys.tour[tape.cases.township[tape.errands.case], place]
    return place.astype(np.int16), to_ticks(minutes * MINUTE).astype(np.int32)


def choose_places(journeys: Journeys, tape: Tape) -> Ints:
    """int64, shape (E,): the place of each errand."""
    if journeys.rule == FIXED_SHARES:
        return _by_shares(journeys, tape)
    case, cost = tape.errands.case, trip_costs(journeys)
    town = tape.cases.township[case]
    best, place = np.full(len(case), np.inf), np.full(len(case), HALL)
    for p, people in _who_may(journeys, tape, range(cost.shape[1])):
        of = cost[town[people], p]
        if journeys.taste_yuan > 0:
            tastes = _tastes(tape.cases.taste[case[people]], journeys.place_words[p])
            of = of - journeys.taste_yuan * tastes
        gains = of < best[people]
        best[people[gains]], place[people[gains]] = of[gains], p
    return place


def _who_may(journeys: Journeys, tape: Tape, places: Iterable[int]) -> Iterator[tuple[int, Ints]]:
    """The errands that may go to each place: matter accepted, class admitted, and a way there."""
    sought, case = tape.errands.sought, tape.errands.case
    town, class_ = tape.cases.township[case], tape.cases.class_[case]
    ways = np.isfinite(journeys.minutes)
    # people of other counties are not looked at: a province has a hundred halls, and each its own
    by_town = np.argsort(town.astype(np.int16), kind="stable")
    starts = np.searchsorted(town[by_town], np.arange(len(ways) + 1))
    for p in places:
        parts = [by_town[starts[t] : starts[t + 1]] for t in np.flatnonzero(ways[:, p])]
        people = np.concatenate([by_town[:0], *parts])
        yield p, people[journeys.accepts[p, sought[people]] & journeys.admits[p, class_[people]]]


def trip_costs(journeys: Journeys) -> Floats:
    """float64, shape (townships, P): yuan of a trip there and back, its wait included.

    By the rule NEAREST it is minutes of the way.
    """
    if journeys.rule == NEAREST:
        return journeys.minutes
    return way_costs(journeys) + journeys.wait / 60 * journeys.value_of_time


def way_costs(journeys: Journeys) -> Floats:
    """float64, shape (townships, P): yuan of the way there and back alone, fares and time."""
    ways = Ways(journeys.minutes, journeys.km, journeys.yuan)
    return trip_cost(ways, journeys.value_of_time)


def _tastes(people: Uint64s, word: np.uint64) -> Floats:
    """float64, one a person: standard Gumbel, for one place."""
    own = uniforms(keys(people, word), np.zeros(len(people), dtype=np.uint64))
    return np.asarray(-np.log(-np.log(own)))


def _by_shares(journeys: Journeys, tape: Tape) -> Ints:
    """By the weights of the places that a person may go to; at each, or at home if visited."""
    case = tape.errands.case
    total, passed, place = np.zeros(len(case)), np.zeros(len(case)), np.full(len(case), -1)
    for p, people in _once_a_place(journeys, tape):
        total[people] += journeys.shares[p]
    own = uniforms(tape.cases.taste, np.zeros(len(tape.cases.taste), dtype=np.uint64))
    goal = own[case] * total
    for p, people in _once_a_place(journeys, tape):
        passed[people] += journeys.shares[p]
        settled = people[(place[people] < 0) & (goal[people] < passed[people])]
        place[settled] = p
    return np.where(place < 0, HALL, place)


def _once_a_place(journeys: Journeys, tape: Tape) -> Iterator[tuple[int, Ints]]:
    """As `_who_may`, but people who may be visited at home do not count twice at that place."""
    base = journeys.base
    counted = np.full(len(tape.errands.case), -1)
    order = np.lexsort((np.arange(len(base)) == base, base))
    for p, people in _who_may(journeys, tape, order.tolist()):
        new = people[counted[people] != base[p]]
        counted[new] = base[p]
        yield p, new
