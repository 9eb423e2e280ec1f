"""Expected work that cases bring: tries at the windows, papers asked for, reviews, results.

Nothing here knows how long anybody waits. So nobody gives up for it, and all who come are served
but those who miss their call for good; what such people's later trips would have been is not
taken off.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.clock import HOUR
from sim.plan.demand import Demand
from sim.plan.lawbook import mean
from sim.plan.plan import Plan
from sim.plan.replay import class_mix
from sim.plan.window_work import collected, expected_volume, mean_wrap_up, seconds, sought

TINY = 1e-12
"""Stands for nothing where it divides."""


class Missed(NamedTuple):
    """What a call that nobody answers leads to, as shares of all errands."""

    share: float
    comes_again: float
    """On another trip, as the ticket is void."""
    goes_online: float
    lost: float


def missed_calls(plan: Plan) -> Missed:
    """Whom a window waits for in vain; a call is missed once an errand."""
    people, hall = plan.demand.people, plan.hall
    share = people.missed_share
    if hall.missed_requeues:
        return Missed(share, 0.0, 0.0, 0.0)
    returns, online = people.unserved_shares[0], np.diff(people.unserved_shares)[0]
    comes_again = returns if hall.returns_at_most > 0 else 0.0
    return Missed(share, share * comes_again, share * online, share * (1 - comes_again - online))


class Tries(NamedTuple):
    """What becomes of one application that is taken to a window. float64, shape (M,), each."""

    at_desk: Floats
    """Times that the desk is asked first."""
    missed: Floats
    """Times that a window waits in vain."""
    whole: Floats
    """Whole pieces of window work: complete papers."""
    faulty: Floats
    """Pieces that end with a fault found."""
    checks: Floats
    """Checks of papers online, by those who go on there."""
    accepted: Floats
    """Chance that it is accepted at all."""


def tries(plan: Plan, caught: float) -> Tries:
    """Tries until papers are complete, where a desk finds a share of the incomplete ones.

    A fault is mended by another trip, on the spot or with a kept ticket and then without the desk,
    or online.
    """
    demand, missed = plan.demand, missed_calls(plan)
    fails, most = demand.matters.correction_share, demand.mending.rounds_at_most
    spot, online = demand.mending.shares[0], float(np.diff(demand.mending.shares)[0])
    # whom a window sent back, and who comes again on the same day with the ticket
    keeps_ticket = demand.mending.same_day_share * plan.hall.keeps_fetching
    served = 1.0 - missed.goes_online - missed.lost
    # checks of a try and all later ones, if online, by the number of failures allowed
    checks = np.cumsum(fails ** np.arange(most + 1)[:, None], axis=0)
    expected = Tries(*np.zeros((len(Tries._fields), len(fails))))
    through, inside = np.ones(len(fails)), np.zeros(len(fails))
    for left in reversed(range(most + 1)):
        fault = fails if left else np.zeros(len(fails))
        calls = through * (1 - fault * caught) + inside
        faulty = (through * (1 - caught) + inside) * fault * served
        whole = (through + inside) * (1 - fault) * served
        faults = faulty + through * fault * caught
        expected = Tries(
            at_desk=expected.at_desk + through * (1 + missed.comes_again),
            missed=expected.missed + calls * missed.share,
            whole=expected.whole + whole,
            faulty=expected.faulty + faulty,
            checks=expected.checks
            + calls * missed.goes_online * checks[left]
            + faults * online * checks[left - 1],
            accepted=expected.accepted + whole + calls * missed.goes_online + faults * online,
        )
        through, inside = (
            faults * (1 - spot - online) - faulty * keeps_ticket,
            faults * spot + faulty * keeps_ticket,
        )
    return expected


def repeats(share: Floats, at_most: int) -> Floats:
    """Expected failures before success: p + p² + …, `at_most` terms."""
    return np.asarray((share[:, None] ** np.arange(1, at_most + 1)).sum(axis=1))


class Brought(NamedTuple):
    """Expected cases of the whole run. float64, shape (K, M), each."""

    in_hall: Floats
    """Begin at a window."""
    online: Floats
    """Begin through the net."""


def cases_brought(demand: Demand) -> Brought:
    """Expected cases of each class and matter; without the booked who never come."""
    flows = demand.flows
    of_flow = class_mix(flows) * expected_volume(flows)[:, None]
    cases, online = np.zeros((2, len(demand.matters.work.base_law), of_flow.shape[1]))
    np.add.at(cases, flows.matter, of_flow)
    np.add.at(online, flows.matter, of_flow * flows.online_share[:, None])
    in_hall = (cases - online).T
    return Brought(in_hall * (1 - _never_come(demand)), online.T)


def _never_come(demand: Demand) -> Floats:
    """float64, shape (K, M): share of those for the hall who book and then never come."""
    books, flows = demand.books, demand.flows
    volume = expected_volume(flows) * (1 - flows.online_share)
    n_matters = len(books.book_of_matter)
    in_hall = np.bincount(flows.matter, volume, minlength=n_matters)
    wish = np.bincount(flows.matter, volume * flows.booked_share, minlength=n_matters)
    away = np.zeros((books.no_show_share.shape[1], n_matters))
    for b in range(len(books.rolls)):
        here = books.book_of_matter == b
        places = books.slot_places[books.slot_offsets[b] : books.slot_offsets[b + 1]].sum()
        filled = min(1.0, places / max(wish[here].sum(), TINY))
        booked = filled * wish[here] / np.maximum(in_hall[here], TINY)
        never = books.no_show_share[b] * (1 - books.no_show_returns[b])
        away[:, here] = booked * never[:, None]
    return away


class ItemShares(NamedTuple):
    """What becomes of each item of a case that is accepted. float64, shape (I,), each."""

    reviewed: Floats
    """Chance that it is reviewed: needed, and nothing before it is rejected."""
    rounds: Floats
    """Expected further rounds of an item that is reviewed."""


def item_chances(plan: Plan) -> ItemShares:
    """Chances of items; a rejection beside them, which may stop them in time, is not seen."""
    items, office = plan.demand.items, plan.office
    at_most = plan.demand.mending.rounds_at_most
    passes = 1.0 - items.share * items.rejection_share
    before = np.ones(len(passes))
    owner = np.repeat(np.arange(len(passes)), np.diff(office.after_offsets))
    np.multiply.at(before, owner, passes[office.after])
    return ItemShares(items.share * before, repeats(items.correction_share, at_most))


def granted_share(plan: Plan) -> Floats:
    """float64, shape (M,): chance that an accepted case has a result.

    One rejection is enough where it stops the case; else some item that waits for none must be
    granted, or for nothing but the visit by which it is handed in.
    """
    items, office = plan.demand.items, plan.office
    n_items = np.diff(plan.demand.matters.item_offsets)
    matter = np.repeat(np.arange(len(n_items)), n_items)
    rejected = items.share * items.rejection_share
    all_pass, refused, needless = np.ones((3, len(n_items)))
    np.multiply.at(all_pass, matter, 1 - rejected)
    visits = items.visit_order >= 0
    handed_in = (items.visit >= 0) & (items.visit_order[items.visit] == 0)
    first = (np.diff(office.after_offsets) == handed_in) & ~visits
    np.multiply.at(refused, matter[first], 1 - items.share[first] + rejected[first])
    np.multiply.at(needless, matter[first], 1 - items.share[first])
    return np.asarray(np.where(office.stops, all_pass, 1 - refused + needless))


class WindowWork(NamedTuple):
    """Work at the windows of one place, by the matter sought. float64, shape (M,), each."""

    work: Floats
    """Ticks of a clerk whose factor is 1."""
    sent_on: Floats
    """Of these, for papers that another place may have to work on."""
    waits: Floats
    """Ticks in which windows wait for people who miss the call."""
    answered: Floats
    """Calls that are answered, each of which an agent who visits people has gone for."""
    at_desk: Floats
    """People whom the desk receives."""
    accepted: Floats
    """Cases of each matter that begin at a window and are accepted."""
    checks: Floats
    """Checks of papers online by those who began at a window, by the matter of the case."""


def errands_of_class(
    plan: Plan, class_: int, brought: Brought, items: ItemShares, caught: float
) -> WindowWork:
    """Everything that the cases of a class bring to windows if all of them go to one place."""
    demand, hall, chain = plan.demand, plan.hall, tries(plan, caught)
    assisted = demand.people.assisted_share[class_]
    slower = 1 + assisted * (demand.people.assistance_factor - 1)
    in_hall, missed = brought.in_hall[class_], missed_calls(plan)
    served = 1.0 - missed.goes_online - missed.lost

    def visits(each: Floats) -> Floats:
        return sought(demand, in_hall * each)[0]

    whole = sought(demand, in_hall * chain.whole)[1] * slower
    faulty = sought(demand, in_hall * chain.faulty * demand.mending.sent_back_share)[1] * slower
    wrapping = visits(chain.whole) * mean_wrap_up(demand)
    requests = _asked_for(plan, in_hall * chain.accepted, items)
    handing = requests * mean(demand.laws, demand.mending.hand_in_law)
    cases = in_hall * chain.accepted + brought.online[class_]
    fetched, giving = collected(demand, cases * granted_share(plan))
    further = requests + fetched
    _, second_work = seconds(demand, in_hall * chain.whole)
    return WindowWork(
        work=whole + faulty + wrapping + second_work * slower + (handing + giving) * served,
        sent_on=whole + handing * served,
        waits=(visits(chain.missed) + further * missed.share) * hall.missed_wait,
        answered=visits(chain.whole + chain.faulty) + further * served,
        at_desk=visits(chain.at_desk) + further * (1 + missed.comes_again),
        accepted=in_hall * chain.accepted,
        checks=in_hall * chain.checks * visits_a_case(demand),
    )


def _asked_for(plan: Plan, accepted: Floats, items: ItemShares) -> Floats:
    """float64, shape (M,): trips with papers that reviewers ask for, by the matter sought."""
    demand = plan.demand
    matter = np.repeat(np.arange(len(accepted)), np.diff(demand.matters.item_offsets))
    away = 1.0 - demand.mending.shares[0]  # nobody is in the hall when a reviewer asks
    by_trip = (1.0 - demand.mending.shares[1]) / away if away > 0 else 1.0
    at = np.where(demand.items.sought >= 0, demand.items.sought, matter)
    trips = np.zeros(len(accepted))
    np.add.at(trips, at, accepted[matter] * items.reviewed * items.rounds * by_trip)
    return trips


def review_hours(plan: Plan, accepted: Floats, online: Floats, checks: Floats) -> Floats:
    """float64, shape (D,): expected work of each department, checks of papers online included.

    Parameters
    ----------
    accepted, online : ndarray(float64), shape (M,)
        Cases that begin at a window and are accepted, and that begin online.
    checks : ndarray(float64), shape (M,)
        Checks of papers online by those who began at a window.
    """
    demand, office, items = plan.demand, plan.office, item_chances(plan)
    cases = accepted + online
    matter = np.repeat(np.arange(len(cases)), np.diff(demand.matters.item_offsets))
    touch = np.array([mean(demand.laws, int(law)) for law in demand.items.review_law])
    hours = np.zeros(len(plan.names.departments))
    once = cases[matter] * items.reviewed * touch / HOUR
    np.add.at(hours, office.department, once * (1 + items.rounds * demand.mending.review_again))
    others = np.repeat(once, np.diff(office.survey_offsets))
    others[office.survey_offsets[:-1][demand.items.attendances > 0]] = 0.0  # counted above
    np.add.at(hours, office.survey, others)
    if office.online_department >= 0:
        precheck = mean(demand.laws, demand.precheck_law) / HOUR
        always = 1 + repeats(demand.matters.correction_share, demand.mending.rounds_at_most)
        whole = float((online * always * visits_a_case(demand) + checks).sum())
        hours[office.online_department] += whole * precheck
    return hours


def visits_a_case(demand: Demand) -> Floats:
    """float64, shape (M,): expected applications of a case: to each department in turn, or one.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> demand = compile_demand(load_scenario(example_path("sanmenxia_before.yaml")))
    >>> [round(float(n), 1) for n in visits_a_case(demand)[:3]]  # after_death, annual_report …
    [5.1, 3.0, 9.2]
    """
    visit_of, n = demand.items.visit, len(demand.matters.work.base_law)
    items, visits = np.flatnonzero(visit_of >= 0), np.flatnonzero(demand.items.visit_order >= 0)
    nobody = np.ones(len(visit_of))
    np.multiply.at(nobody, visit_of[items], 1.0 - demand.items.share[items])
    matter = np.repeat(np.arange(n), np.diff(demand.matters.item_offsets))
    visits_of = np.bincount(matter[visits], 1.0 - nobody[visits], minlength=n)
    return np.maximum(visits_of, 1.0)
