"""A crowd drawn: one noun after the other, put together as a tape."""

from __future__ import annotations

from sim.plan.chances import draw_chances
from sim.plan.demand import Demand
from sim.plan.errands import draw_errands
from sim.plan.needs import draw_needs
from sim.plan.people import draw_crowd, draw_issues, draw_seconds, draw_traits
from sim.plan.reviews import draw_reviews
from sim.plan.tape import AttendanceDraws, CaseDraws, ItemDraws, ReviewDraws, Tape, make_table


def draw_tape(demand: Demand, seed: int, replication: int) -> Tape:
    """Draw one crowd.

    Every purpose of every flow is a stream, and every person has an address in it, so a changed
    law, layout or flow leaves everybody else's draws as they were.

    Parameters
    ----------
    demand : Demand
        The crowd's part of a plan.
    seed, replication : int
        Together they name the crowd.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> draw_tape(compile_demand(scenario), seed=1, replication=0)
    Tape(2355 cases, 2355 errands)
    """
    crowd = draw_crowd(demand, seed, replication)
    people, traits = crowd.people, draw_traits(crowd)
    needs = draw_needs(crowd)
    reviews = draw_reviews(crowd, needs)
    issues, seconds = draw_issues(crowd), draw_seconds(crowd)
    errands = draw_errands(crowd, traits.assisted, needs, reviews, issues.collections, seconds)
    cases = make_table(
        CaseDraws,
        **traits._asdict(),
        arrived_at=people.arrived_at,
        wished_at=people.wished_at,
        booked_for=people.booked_for,
        no_show=people.no_show,
        matter=crowd.matter,
        flow=people.flow,
        issue_ticks=issues.ticks,
        issue_workdays=issues.workdays,
        collection=errands.collection,
        also=errands.also,
        errand_offsets=errands.offsets,
        item_offsets=needs.offsets,
    )
    items = make_table(
        ItemDraws,
        case=needs.rows.case,
        item=needs.item,
        rejected=needs.rejected,
        external_ticks=needs.external_ticks,
        external_workdays=needs.external_workdays,
        application=errands.application,
        apply_delay=needs.apply_delay,
        review_offsets=reviews.offsets,
    )
    rounds = make_table(
        ReviewDraws,
        case_item=reviews.case_item,
        touch=reviews.touch,
        mend=reviews.mend,
        mend_delay=reviews.mend_delay,
        hand_in=errands.hand_in,
        attends=reviews.attends,
    )
    attendances = make_table(AttendanceDraws, review=reviews.surveys)
    return Tape(
        cases,
        errands.table,
        errands.group_services,
        items,
        rounds,
        attendances,
        errands.returns,
        draw_chances(demand, crowd.draws.streams.run),
    )
