"""Rules of a hall as a plan has them: who is called, where tickets go, what people put up with."""

from __future__ import annotations

from typing import Any, Final

from sim.clock import NEVER
from sim.plan import plan as codes
from sim.plan.columns import floats, integers
from sim.plan.traits import balk_limits
from sim.scenario.demand import Applicants, SameDay
from sim.scenario.hall import Layout
from sim.scenario.scenario import Scenario
from sim.scenario.traits import all_traits

CALLING: Final = {
    "priority": codes.PRIORITY,
    "weighted_wait": codes.WEIGHTED_WAIT,
    "own_first": codes.OWN_FIRST,
    "alternation": codes.ALTERNATION,
    "longest_list": codes.LONGEST_LIST,
}
ROUTING: Final = {
    "shortest_wait": codes.SHORTEST_WAIT,
    "shares": codes.SHARES,
    "habit": codes.HABIT,
}


def compile_rules(scenario: Scenario, layout: Layout) -> dict[str, Any]:
    """The fields of `HallPlan` that say what the layout, the hall and the applicants go by."""
    limits = balk_limits(scenario)
    traits_of_companions = all_traits("companions", scenario)
    return {
        "calling": CALLING[layout.calling.rule],
        "ageing": layout.calling.ageing or NEVER,
        "help_after": layout.calling.help_after,
        "own_calls": layout.calling.own_calls,
        "idle": codes.LONGEST_IDLE if layout.idle == "longest_idle" else codes.FEWEST_SKILLS,
        "routing": ROUTING[layout.routing.rule],
        "keeps_place": layout.transfer == "keep_place",
        "has_quota": layout.quota is not None,
        "refuses_beyond_closing": layout.quota is not None
        and layout.quota.beyond_closing == "refuse",
        "before_break": scenario.hall.last_ticket_before_break,
        "cut_off": scenario.hall.closing != "serve_all",
        "keeps_overnight": scenario.hall.closing == "keep_ticket",
        "capacity": _or_none(scenario.hall.capacity),
        "counts_heads": scenario.hall.capacity is not None and any(traits_of_companions),
        "balk_at": limits,
        "may_balk": bool((limits != codes.NO_LIMIT).any()),
        "keeps_fetching": _keeps(scenario.corrections.same_day),
        **_compile_patience(scenario.applicants),
    }


def _keeps(same_day: SameDay | None) -> bool:
    """Whether who comes again on the same day has the ticket of before."""
    return same_day is not None and same_day.ticket == "keep"


def _compile_patience(applicants: Applicants) -> dict[str, Any]:
    """The fields about classes of applicants, and about who gives up or misses a call."""
    classes, missed = applicants.classes, applicants.missed
    return {
        "priority": integers([class_.priority for class_ in classes] or [0]),
        "weight": floats([class_.weight for class_ in classes] or [1.0]),
        "returns_at_most": applicants.unserved.at_most,
        "keeps_unserved": _keeps(applicants.unserved.same_day),
        "missed_wait": missed.window_waits if missed else 0,
        "missed_requeues": missed is not None and missed.then == "requeue",
    }


def _or_none(limit: int | None) -> int:
    return codes.NO_LIMIT if limit is None else limit
