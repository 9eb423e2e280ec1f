"""People drawn: when they come or book, their traits, and how each gets the result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Bytes, Floats, Ints, Singles
from sim.clock import DAY, NEVER
from sim.plan.appointments import BEYOND, another_day, slots_of
from sim.plan.demand import BookPlan, Demand, FlowPlan
from sim.plan.draws import DrawRows, Draws, Streams, open_streams, pick
from sim.plan.initial import COMING, initial_arrivals
from sim.plan.lawbook import sample
from sim.plan.streams import Uint64s, address, keys, later, uniforms, words

COLLECTS: Final = 1 << 20
"""Try of an address from which the trip to collect a result draws: more than there are tries."""
SECOND: Final = 1 << 21
"""Try of an address from which a second matter draws."""
DAY_FACTOR: Final = words(["day_factor"])


class People(NamedTuple):
    """Applicants of all flows, one a case."""

    arrived_at: Ints
    """int64, shape (C,): NEVER = not at all."""
    wished_at: Ints
    booked_for: Ints
    """int64, shape (C,): begin of the slot; -1 = none."""
    no_show: Bools
    booked_class: Ints
    """int64, shape (C,): class of who keeps an appointment; -1 = their own."""
    flow: Ints
    person: Ints
    """int64, shape (C,): number in their flow; of replayed arrivals day and number in the day."""
    online: Bools
    row: Ints
    """int64, shape (C,): row of the given instants whose table tells of them; -1 = none does."""

    def in_order(self) -> People:
        """The same people in order of arrival."""
        order: Any = np.argsort(self.arrived_at, kind="stable")
        return People._make(column[order] for column in self)

    def rows(self) -> DrawRows:
        """Where they draw; an address stays when their order changes."""
        return DrawRows(np.arange(len(self.flow)), self.flow, address(self.person))


class Crowd(NamedTuple):
    """Everybody in order of arrival, and what draws for them."""

    demand: Demand
    draws: Draws
    people: People
    rows: DrawRows
    matter: Ints
    """int64, shape (C,)."""
    any_separate: bool
    """Whether anybody may go from department to department."""


def draw_crowd(demand: Demand, seed: int, replication: int) -> Crowd:
    """Who comes, and when: as they wish, or as their appointments say."""
    streams = open_streams(demand, seed, replication)
    people = _as_booked(demand, _draw_people(demand, streams))
    if demand.flows.booked_share.any():
        people = _book(demand, streams, people)
    draws = Draws(streams, demand.laws, people.person)
    any_separate = bool((demand.items.visit_order >= 0).any())
    matter = demand.flows.matter[people.flow]
    return Crowd(demand, draws, people, people.rows(), matter, any_separate)


# === arrivals === #


def _draw_people(demand: Demand, streams: Streams) -> People:
    """People of all flows at once, when they would come if nobody booked."""
    day = keys(streams.run, DAY_FACTOR)
    luck = uniforms(day, address(np.arange(demand.n_days)))
    factors = sample(demand.laws, demand.people.day_factor_law, luck)
    arrived = [
        _arrivals(demand.flows, f, streams, factors)
        if demand.initial.kind[f] == COMING
        else initial_arrivals(demand, f, streams)
        for f in range(len(demand.flows.ids))
    ]
    sizes = [len(times) for times in arrived]
    nobody, n = np.zeros(0, np.int64), sum(sizes)
    comes_at = np.concatenate([nobody, *arrived])
    order = np.argsort(comes_at, kind="stable")
    comes_at = comes_at[order]
    person, row = (column[order] for column in _numbers(demand.flows, sizes))
    people = People(
        arrived_at=comes_at,
        wished_at=comes_at,
        booked_for=np.full(n, -1),
        no_show=np.zeros(n, dtype=np.bool_),
        booked_class=np.full(n, -1),
        flow=np.repeat(np.arange(len(sizes)), sizes)[order],
        person=person,
        online=np.zeros(n, dtype=np.bool_),
        row=row,
    )
    share = pick(demand.flows.online_share, people.flow)
    draws = Draws(streams, demand.laws, people.person)
    return people._replace(online=draws.below(share, people.rows(), "channel"))


def _numbers(flows: FlowPlan, sizes: Sequence[int]) -> tuple[Ints, Ints]:
    """Number of each person in their flow, and the row that tells of them; flow by flow."""
    nobody = np.zeros(0, np.int64)
    person = np.concatenate([nobody, *map(np.arange, sizes)])
    row = np.full(len(person), -1)
    if len(flows.replay.person):
        is_given = np.repeat(np.diff(flows.given_offsets) > 0, sizes)
        row[is_given] = np.arange(len(flows.given_times))
        person[is_given] = flows.replay.person
        row[~np.repeat(flows.replayed, sizes)] = -1
    return person, row


def _arrivals(flows: FlowPlan, flow: int, streams: Streams, factors: Floats) -> Ints:
    """Instants at which the people of one flow come: alone, or several at an arrival."""
    first, last = flows.given_offsets[flow], flows.given_offsets[flow + 1]
    if last > first:
        return flows.given_times[first:last]
    people, shares = flows.cases_of_day[flow] * factors, flows.batch_shares[flow]
    if shares[0] >= 1.0:
        return _poisson_arrivals(flows, flow, streams, people)
    mean = float(np.diff(shares, prepend=0.0) @ flows.batch_sizes)
    arrivals = _poisson_arrivals(flows, flow, streams, people / mean)
    luck = uniforms(streams.of["batch"][flow], address(np.arange(len(arrivals))))
    size = np.searchsorted(shares[:-1], luck, side="right")
    return np.repeat(arrivals, flows.batch_sizes[size])


def _poisson_arrivals(flows: FlowPlan, flow: int, streams: Streams, mean_of_day: Floats) -> Ints:
    """Arrivals of one flow by inversion of its cumulative rate, with the mean of each day."""
    stream = streams.of["arrival"][flow]
    cumulative = np.concatenate([[0.0], np.cumsum(mean_of_day)])
    total = float(cumulative[-1])
    # as many as will do, nearly always; a busier crowd begins like a quieter one
    n = int(total + 6.0 * math.sqrt(total)) + 32
    unit = np.zeros(1)
    while unit[-1] < total:
        unit = np.cumsum(-np.log1p(-uniforms(stream, address(np.arange(n)))))
        n *= 2
    edges = np.searchsorted(unit, cumulative)
    sizes = np.diff(edges)
    day = np.repeat(np.arange(len(cumulative) - 1), sizes)
    share = (unit[: edges[-1]] - cumulative[day]) / np.diff(cumulative)[day]
    return day * DAY + _clock_of_share(flows, flows.profile_of_day[flow], day, share)


def _clock_of_share(flows: FlowPlan, profile_of_day: Ints, day: Ints, shares: Floats) -> Ints:
    """Ticks after midnight at which a share of the day's cases has come."""
    times = np.zeros(len(shares), dtype=np.int64)
    profiles = np.unique(profile_of_day[profile_of_day >= 0])
    for profile in profiles:
        knots = slice(flows.profile_offsets[profile], flows.profile_offsets[profile + 1])
        chosen = slice(None) if len(profiles) == 1 else profile_of_day[day] == profile
        exact = np.interp(shares[chosen], flows.knot_shares[knots], flows.knot_times[knots])
        times[chosen] = exact.astype(np.int64)
    return times


# === appointments === #


def _as_booked(demand: Demand, people: People) -> People:
    """People of a table with the bookings that it tells of, and the class that these give."""
    booked_for = as_stated(people, demand.flows.replay.booked_for, people.booked_for)
    who = np.flatnonzero(booked_for >= 0)
    if not len(who):
        return people
    books, booked_class = demand.books, people.booked_class.copy()
    book = books.book_of_matter[demand.flows.matter[people.flow[who]]]
    keeps = book >= 0
    keeps[keeps] = (people.arrived_at - booked_for)[who[keeps]] <= books.grace[book[keeps]]
    booked_class[who[keeps]] = books.class_[book[keeps]]
    return people._replace(booked_for=booked_for, booked_class=booked_class)


def as_stated(people: People, column: Ints, otherwise: Ints) -> Ints:
    """int64, shape (C,): what a table says of each person, and otherwise another value.

    Parameters
    ----------
    column : ndarray(int64)
        Of the replay; empty without a table, and then nothing is copied.

    Examples
    --------
    >>> nobody = People(*(np.zeros(0, dtype=np.int64) for _ in People._fields))
    >>> three = nobody._replace(row=np.array([-1, 1, 0]))
    >>> as_stated(three, np.array([-1, 7]), np.array([4, 5, 6]))
    array([4, 7, 6])
    """
    if not len(column):
        return otherwise
    stated = np.where(people.row >= 0, column[people.row], -1)
    return np.where(stated >= 0, stated, otherwise)


def _book(demand: Demand, streams: Streams, people: People) -> People:
    """Who books, and for when; all then come in another order, and keep their addresses."""
    draws, rows = Draws(streams, demand.laws, people.person), people.rows()
    books = demand.books
    book = books.book_of_matter[demand.flows.matter[people.flow]]
    share = pick(demand.flows.booked_share, people.flow)
    # who came by a table has come: a draw would move them
    comes = demand.initial.kind[people.flow] == COMING
    wants_slot = draws.below(share, rows, "booking") & ~people.online & (people.row < 0) & comes
    people = people._replace(arrived_at=people.wished_at.copy())
    for b in range(len(books.rolls)):
        who = np.flatnonzero(wants_slot & (book == b))
        slots = slots_of(books, b, people.wished_at[who])
        people.arrived_at[who[slots == BEYOND]] = NEVER
        booked = who[slots >= 0]
        begins = books.slot_begins[slots[slots >= 0]]
        class_ = np.zeros(len(booked), dtype=np.int64)
        if _differs_by_class(books, b):
            class_ = _draw_classes(demand, draws, people.flow[booked], rows.of(booked))
        _keep_appointments(books, draws, people, b, booked, class_, rows.of(booked), begins)
    return people.in_order()


def _differs_by_class(books: BookPlan, book: int) -> bool:
    """Whether it matters in which class those are who keep or miss an appointment."""
    rows = (books.lateness_law[book], books.no_show_share[book])
    return any((row != row[0]).any() for row in rows)


def _keep_appointments(
    books: BookPlan,
    draws: Draws,
    people: People,
    book: int,
    who: Ints,
    class_: Ints,
    rows: DrawRows,
    begins: Ints,
) -> None:
    """When people come who have an appointment, as whom, or whether at all. In place."""
    comes = np.maximum(begins - books.ahead[book], begins // DAY * DAY)
    comes = comes + draws.spans(pick(books.lateness_law[book], class_), rows, "lateness")
    absent = draws.below(pick(books.no_show_share[book], class_), rows, "no_show")
    keeps = ~absent & (comes - begins <= books.grace[book])
    missed = np.flatnonzero(absent)
    comes[missed] = NEVER
    returning = missed[draws.below(books.no_show_returns[book], rows.of(missed), "no_show_returns")]
    delay = draws.spans(books.no_show_law[book], rows.of(returning), "no_show_delay")
    position = draws.uniforms(rows.of(returning), "no_show_position")
    comes[returning] = another_day(books, begins[returning], delay, position)
    people.arrived_at[who] = np.minimum(comes, NEVER)
    people.booked_for[who], people.no_show[who] = begins, absent
    people.booked_class[who[keeps]] = books.class_[book]


# === traits === #


class Traits(NamedTuple):
    """What people are like: the same at every attempt, columns of `CaseDraws`."""

    class_: Ints
    township: Ints
    assisted: Bools
    taste: Uint64s
    pace: Singles
    companions: Ints
    patience: Ints
    after_leaving: Bytes
    habit: Singles


def draw_traits(crowd: Crowd) -> Traits:
    """What people are like."""
    traits, draws, rows = crowd.demand.people, crowd.draws, crowd.rows
    people, class_stated = crowd.people, crowd.demand.flows.replay.class_
    class_ = as_stated(people, class_stated, _draw_classes(crowd.demand, draws, people.flow, rows))
    booked = people.booked_class
    called_as = as_stated(people, class_stated, np.where(booked >= 0, booked, class_))
    return Traits(
        class_=called_as,
        township=_draw_townships(crowd),
        assisted=draws.below(pick(traits.assisted_share, class_), rows, "assistance"),
        taste=draws.streams.of["taste"][rows.owner] + rows.where,
        pace=draws.values(pick(traits.pace_law, class_), rows, "pace").astype(np.float32),
        companions=_draw_companions(crowd, class_),
        patience=_draw_patience(crowd, called_as),
        after_leaving=draws.choices(traits.unserved_shares, rows, "leaving"),
        habit=draws.coarse(rows, "habit"),
    )


class SecondMatters(NamedTuple):
    """Who has another matter to do on the same ticket."""

    rows: DrawRows
    matter: Ints
    """int64: the second one of each."""


def draw_seconds(crowd: Crowd) -> SecondMatters:
    """Second matters of those who begin in person, by the first."""
    shares, matter = crowd.demand.matters.also_shares, crowd.matter
    if not shares.any():
        return SecondMatters(crowd.rows.of(np.zeros(0, np.int64)), np.zeros(0, np.int64))
    may = np.flatnonzero((shares[matter, -1] > 0) & ~crowd.people.online)
    u = crowd.draws.uniforms(crowd.rows.of(may), "also")
    second = (u[:, None] >= shares[matter[may]]).sum(axis=1)
    has = np.flatnonzero(second < len(shares))
    rows = crowd.rows.of(may[has])
    further = later(np.full(len(has), SECOND))
    return SecondMatters(rows._replace(where=rows.where + further), second[has])


def _draw_classes(demand: Demand, draws: Draws, flow: Ints, rows: DrawRows) -> Ints:
    """int64, shape of `flow`: priority class as drawn, whatever an appointment makes of it."""
    class_ = np.zeros(len(flow), dtype=np.int64)
    bounds = demand.flows.class_shares[:, :-1]
    if bounds.shape[1]:
        u = draws.uniforms(rows, "class")
        for k in range(bounds.shape[1]):
            class_ += u >= bounds[flow, k]
    return class_


def _draw_patience(crowd: Crowd, class_: Ints) -> Ints:
    """int64, shape (C,): by the law of each person's class and matter, and the same uniform."""
    laws = crowd.demand.people.patience_law
    patience = np.full(len(class_), NEVER)
    if (laws == laws[0, 0]).all():
        common = laws[0, 0]
        return patience if common < 0 else crowd.draws.spans(common, crowd.rows, "patience")
    law = laws[crowd.matter, class_]
    leaves = np.flatnonzero(law >= 0)
    patience[leaves] = crowd.draws.spans(law[leaves], crowd.rows.of(leaves), "patience")
    return patience


def _draw_companions(crowd: Crowd, class_: Ints) -> Ints:
    """int64, shape (C,): how many come along with each."""
    people = crowd.demand.people
    if len(people.companion_sizes) < 2:
        return np.zeros(len(class_), dtype=np.int64)
    bounds = people.companion_shares[crowd.matter, class_, :-1]
    u = crowd.draws.uniforms(crowd.rows, "companions")
    return np.asarray(people.companion_sizes[(u[:, None] >= bounds).sum(axis=1)])


def _draw_townships(crowd: Crowd) -> Ints:
    """int64, shape (C,): where people come from; -1 = unknown."""
    shares = crowd.demand.people.township_shares
    if not len(shares):
        return np.full(len(crowd.matter), -1, dtype=np.int64)
    u = crowd.draws.uniforms(crowd.rows, "township")
    drawn = np.minimum(np.searchsorted(shares, u, side="right"), len(shares) - 1)
    return as_stated(crowd.people, crowd.demand.flows.replay.township, drawn)


# === results === #


class ResultIssues(NamedTuple):
    """How each result reaches its applicant."""

    ticks: Ints
    """int64, shape (C,): beyond working days."""
    workdays: Ints
    collections: DrawRows
    """Trips to collect results."""


def draw_issues(crowd: Crowd) -> ResultIssues:
    """How each result reaches its applicant."""
    issue, draws, matter = crowd.demand.matters.issue, crowd.draws, crowd.matter
    ticks, workdays = np.zeros((2, len(matter)), dtype=np.int64)
    if not issue.shares.any():
        return ResultIssues(ticks, workdays, crowd.rows.of(np.zeros(0, np.int64)))
    post, either = issue.shares[matter].T
    u = draws.uniforms(crowd.rows, "issue")
    sent = np.flatnonzero(u < post)
    rows = crowd.rows.of(sent)
    ticks[sent] = draws.between(issue.mailing_ticks, matter[sent], rows, "mailing")
    workdays[sent] = draws.between(issue.mailing_workdays, matter[sent], rows, "mailing")
    collected = np.flatnonzero((post <= u) & (u < either))
    rows = crowd.rows.of(collected)
    ticks[collected] = draws.spans(issue.collects_law[matter[collected]], rows, "collects")
    further = later(np.full(len(collected), COLLECTS))
    return ResultIssues(ticks, workdays, rows._replace(where=rows.where + further))
