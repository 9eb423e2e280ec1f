"""From a scenario to a plan: ids become indices, laws rows, hours intervals."""

from __future__ import annotations

import numpy as np

from sim.plan.appointments import compile_books
from sim.plan.arrivals import compile_flows
from sim.plan.columns import floats
from sim.plan.demand import Demand, MendingPlan, PeoplePlan
from sim.plan.initial import compile_initial
from sim.plan.journeys import compile_journeys
from sim.plan.lawbook import lawbook
from sim.plan.laws import LawRows
from sim.plan.layout import compile_hall
from sim.plan.matters import compile_items, compile_matters
from sim.plan.office import compile_office
from sim.plan.outages import compile_outages
from sim.plan.parts import PlanParts, plan_parts
from sim.plan.places import other_places
from sim.plan.plan import Names, Period, Plan, freeze
from sim.plan.traits import companion_shares, pace_laws, patience_laws
from sim.scenario.demand import Corrections
from sim.scenario.geography import CITY_HALL
from sim.scenario.hours import hall_dates
from sim.scenario.scenario import Scenario


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
    parts = plan_parts(scenario.matters)
    demand = _compile_demand(scenario, parts, period)
    hall, of_hall = compile_hall(scenario, chosen, demand, period)
    townships = sorted(scenario.applicants.townships, key=lambda township: township.id)
    names = Names(
        layout=layout,
        matters=tuple(parts.ids),
        items=tuple(
            f"{matter.id}.{part.id}"
            for matter, of_matter in zip(parts.matters, parts.of_matter, strict=True)
            for part in of_matter
        ),
        departments=tuple(sorted(department.id for department in scenario.departments)),
        classes=tuple(class_.id for class_ in scenario.applicants.classes) or ("everybody",),
        townships=tuple(township.id for township in townships),
        counties=tuple(township.county for township in townships),
        lists=of_hall.lists,
        windows=of_hall.windows,
        groups=of_hall.groups,
        places=(CITY_HALL, *(place.id for place in other_places(scenario))),
    )
    office = compile_office(scenario, parts, period)
    journeys = compile_journeys(scenario, hall)
    plan = Plan(demand, hall, office, period, names, scenario.hash, journeys)
    freeze(plan)
    return plan


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
        time_zone=scenario.hall.time_zone,
    )


def compile_demand(scenario: Scenario) -> Demand:
    """The crowd's part of a plan; it knows no layout.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> compile_demand(load_scenario(example_path("exact/mmc.yaml"))).flows.ids
    ('everybody',)
    """
    return _compile_demand(scenario, plan_parts(scenario.matters), compile_period(scenario))


def _compile_demand(scenario: Scenario, parts: PlanParts, period: Period) -> Demand:
    """The crowd's part of a plan whose parts and days are known."""
    laws, desk, online = LawRows(), scenario.hall.reception, scenario.online
    flows = compile_flows(scenario, parts.ids, period)
    initial = compile_initial(scenario, parts, laws)
    people = _compile_people(scenario, laws)
    matters = compile_matters(scenario, parts, laws)
    items = compile_items(scenario, parts, laws)
    books = compile_books(scenario, parts.ids, period, laws)
    mending = _compile_mending(scenario.corrections, laws)
    outages = compile_outages(scenario, laws)
    return Demand(
        n_days=period.n_days,
        reception_law=laws.add(desk and desk.service),
        precheck_law=laws.add(online and online.precheck),
        flows=flows,
        initial=initial,
        people=people,
        matters=matters,
        items=items,
        books=books,
        mending=mending,
        outages=outages,
        may_be_absent=scenario.hall.absence > 0
        or any(group.absence for layout in scenario.layouts for group in layout.windows),
        laws=lawbook(laws.rows),
    )


def _compile_people(scenario: Scenario, laws: LawRows) -> PeoplePlan:
    """What applicants are like."""
    applicants = scenario.applicants
    unserved = applicants.unserved
    townships = sorted(applicants.townships, key=lambda township: township.id)
    population = floats(township.population for township in townships)
    companion_sizes, shares = companion_shares(scenario)
    return PeoplePlan(
        day_factor_law=laws.add(applicants.day_factor),
        assisted_share=floats([class_.assisted_share for class_ in applicants.classes] or [0.0]),
        assistance_factor=applicants.assistance_factor,
        patience_law=patience_laws(scenario, laws),
        unserved_shares=(unserved.returns, unserved.returns + unserved.online),
        return_law=laws.add(unserved.after),
        same_day_share=unserved.same_day.share if unserved.same_day else 0.0,
        same_day_law=laws.add(unserved.same_day and unserved.same_day.after),
        returns_at_most=unserved.at_most,
        missed_share=applicants.missed.share if applicants.missed else 0.0,
        pace_law=pace_laws(scenario, laws),
        companion_sizes=companion_sizes,
        companion_shares=shares,
        township_shares=np.cumsum(population) / max(population.sum(), 1.0),
    )


def _compile_mending(corrections: Corrections, laws: LawRows) -> MendingPlan:
    """How incomplete papers are mended."""
    return MendingPlan(
        rounds_at_most=corrections.at_most,
        sent_back_share=corrections.service_share,
        shares=(corrections.on_the_spot, corrections.on_the_spot + corrections.online),
        same_day_share=corrections.same_day.share if corrections.same_day else 0.0,
        same_day_law=laws.add(corrections.same_day and corrections.same_day.after),
        spot_law=laws.add(corrections.spot_delay),
        delay_law=laws.add(corrections.delay),
        hand_in_law=laws.add(corrections.hand_in),
        review_again=corrections.review_again,
    )
