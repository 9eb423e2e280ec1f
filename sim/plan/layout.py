"""One layout compiled: what the hall's plan is made of, a file a noun."""

from __future__ import annotations

from typing import NamedTuple

from sim.plan.breaks import compile_breaks
from sim.plan.demand import Demand
from sim.plan.duties import compile_desk, compile_duties
from sim.plan.lines import (
    compile_lines,
    compile_lists,
    compile_seconds,
    lists_of,
    skills_of,
)
from sim.plan.opening import compile_opening
from sim.plan.outages import outages_of_hall
from sim.plan.places import compile_places, everywhere, open_days, places_of_groups
from sim.plan.plan import HallPlan, Period
from sim.plan.reserves import compile_reserves
from sim.plan.rules import compile_rules
from sim.plan.service_laws import compile_service_laws
from sim.plan.windows import compile_windows, served_matters, windows_of
from sim.scenario.dated_rosters import rosters_of_groups
from sim.scenario.hall import Layout
from sim.scenario.scenario import Scenario


class HallNames(NamedTuple):
    """Ids of a hall's lists and windows by index, for `Names`."""

    lists: tuple[str, ...]
    windows: tuple[str, ...]
    groups: tuple[str, ...]
    """Window group of each window."""


def compile_hall(
    scenario: Scenario, layout: Layout, demand: Demand, period: Period
) -> tuple[HallPlan, HallNames]:
    """The hall of one layout, with all other places, and what its lists and windows are called."""
    whole, places = everywhere(scenario, layout), places_of_groups(scenario, layout)
    groups, rosters = whole.windows, rosters_of_groups(scenario, whole)
    windows, days_of = windows_of(groups, places, rosters), open_days(scenario, period)
    lists, serves = lists_of(groups), served_matters(scenario, windows)
    lines = compile_lines(windows, lists, serves, demand.flows.class_shares.shape[1])
    waiting = compile_lists(scenario, layout, groups, places, demand, lines.line_of)
    hall = HallPlan(
        **compile_windows(scenario, groups, windows, lists),
        **compile_service_laws(scenario, windows),
        n_skills=skills_of(lines, serves),
        **lines._asdict(),
        **compile_seconds(scenario, lines),
        **waiting,
        **outages_of_hall(scenario, lists, waiting["place_of_list"]),
        **compile_duties(scenario.hall, windows, days_of, lines.calls, period.n_days),
        **compile_breaks(scenario.hall, groups, lists, places, days_of, period.n_days),
        **compile_reserves(groups, windows, lists),
        **compile_places(scenario, days_of),
        **compile_opening(days_of, period.n_days, scenario.hall),
        **compile_desk(scenario, days_of[0]),
        **compile_rules(scenario, layout),
    )
    ids = tuple(window.id for window in windows)
    return hall, HallNames(lists, ids, tuple(window.group.id for window in windows))
