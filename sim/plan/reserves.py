"""Reserve windows of a plan: which list opens and closes them, and where their clerks come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.clock import NEVER
from sim.plan.columns import integers
from sim.plan.windows import PlanWindow
from sim.scenario.hall import WindowGroup


def compile_reserves(
    groups: Sequence[WindowGroup], windows: Sequence[PlanWindow], lists: Sequence[str]
) -> dict[str, Any]:
    """The fields of `HallPlan` about groups of reserve windows, of those that have a window."""
    ids = [group.id for group in groups]
    built = {window.group_number for window in windows}
    numbers = [n for n, group in enumerate(groups) if group.tidal and n in built]
    rules = [rule for n in numbers if (rule := groups[n].tidal)]
    return {
        "tidal_group": integers(numbers),
        "tidal_list": integers(lists.index(groups[n].list_id) for n in numbers),
        "tidal_pool": integers(-1 if rule.pool is None else ids.index(rule.pool) for rule in rules),
        "tidal_opens_at": integers(_or_never(rule.opens_at) for rule in rules),
        "tidal_opens_after": integers(_or_never(rule.opens_after) for rule in rules),
        "tidal_closes_at": integers(rule.closes_at for rule in rules),
        "tidal_setup": integers(rule.setup for rule in rules),
        "tidal_keep": integers(rule.keep for rule in rules),
    }


def _or_never(limit: int | None) -> int:
    return NEVER if limit is None else limit
