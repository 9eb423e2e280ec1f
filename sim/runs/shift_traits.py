"""What wishes and limits know a shift by: its name, the half of the day, and burdens."""

from __future__ import annotations

from typing import Final

from sim.clock import HOUR
from sim.plan.shift_forms import ShiftForm
from sim.scenario.rostering import Rostering, ShiftLimit

MIDDAY: Final = 13 * HOUR
"""Between morning and afternoon."""
MOSTLY: Final = 2 / 3
"""Part of a shift before or after midday that makes it one of the morning, or of the afternoon."""


def traits_of(form: ShiftForm, rules: Rostering) -> frozenset[str]:
    """Its name, the half of the day, and the limits that it counts for."""
    limits = (limit_trait(limit.id) for limit in rules.staff.shift_limits if counts(limit, form))
    return frozenset(filter(None, (form.id, half_of_day(form), *limits)))


def limit_trait(name: str) -> str:
    """The trait of a limit; no id of a shift has a sign that is in it.

    Examples
    --------
    >>> limit_trait("noon")
    '≤ noon'
    """
    return f"≤ {name}"


def counts(limit: ShiftLimit, form: ShiftForm) -> bool:
    """Whether a shift is one of those that a limit is about.

    Examples
    --------
    >>> from sim.clock import Hours
    >>> noon = ShiftLimit(id="noon", during="12:00-13:00", at_most=2)
    >>> counts(noon, ShiftForm("early", "", "", (Hours(8 * HOUR, 12 * HOUR),)))
    False
    """
    during = limit.during
    is_then = during is not None and any(
        piece.start < during.end and during.start < piece.end for piece in form.pieces
    )
    return is_then or form.id in limit.shifts


def half_of_day(form: ShiftForm) -> str:
    """Whether a shift is one of the morning, or of the afternoon; empty = neither.

    Examples
    --------
    >>> from sim.clock import Hours
    >>> half_of_day(ShiftForm("early", "", "", (Hours(8 * HOUR, 14 * HOUR),)))
    'morning'
    """
    before = sum(max(0, min(piece.end, MIDDAY) - piece.start) for piece in form.pieces) / HOUR
    if before >= MOSTLY * form.hours:
        return "morning"
    return "afternoon" if form.hours - before >= MOSTLY * form.hours else ""
