"""Patience as a learned scenario has it: of all people, or of each matter or class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from sim.clock import MINUTE, SECOND, format_span
from sim.learning.learned import LearnedLog
from sim.learning.measured_parts import (
    WrittenPart,
    floored,
    measured_in,
    minutes_of,
    seconds_of,
    short_number,
)
from sim.learning.patience import PatienceFit
from sim.learning.patience_groups import OwnPatience, PatienceBy, PatienceGroups
from sim.learning.span_laws import LawOfSpans
from sim.learning.ticket_log import TicketLog

WINDOW_WAITS: Final = (10 * SECOND, 30 * SECOND, 2 * MINUTE)
"""Lowest, likely and highest time for which a window waits, where the log does not tell it."""


def written_way(learned: LearnedLog) -> PatienceGroups | None:
    """By which people differ in a scenario: of the ways that it can have, the one that explains
    most; None = it has one patience.

    A person is of one class. Where booked people and walk-ins are classes, those of the log are
    not.
    """
    for way in learned.patience_groups:
        if way.differ and not (way.by == "classes" and learned.booked is not None):
            return way
    return None


def own_patience(learned: LearnedLog, by: PatienceBy) -> dict[int, OwnPatience]:
    """Of matters, of booked people and walk-ins, or of classes, where the scenario has theirs."""
    way = written_way(learned)
    if way is None or way.by != by:
        return {}
    return {group.group: group for group in way.own}


def is_of_anybody(learned: LearnedLog, matters: Sequence[int]) -> bool:
    """Whether anybody has the patience of all.

    Parameters
    ----------
    matters
        Places of those that people come for.
    """
    if learned.booked is not None and len(own_patience(learned, "booked")) > 1:
        return False
    by_class = own_patience(learned, "classes")
    if by_class and isinstance(learned.log, TicketLog):
        return len(by_class) < len(learned.log.names.classes)
    return any(matter not in own_patience(learned, "matters") for matter in matters)


def law_of_patience(law: LawOfSpans) -> WrittenPart:
    """As the language has it."""
    cv = {} if law.law == "exponential" else {"cv": short_number(law.cv)}
    return {"law": law.law, "mean": minutes_of(law.mean), **cv}


def patience_of(file: str, own: OwnPatience | None) -> WrittenPart:
    """The patience of a matter or class that has its own, and what it was measured from."""
    if own is None:
        return {}
    measured = {"patience.mean": measured_in(file, own.n_left, own.mean, minutes_of)}
    if own.law.law != "exponential":
        measured["patience.cv"] = measured_in(file, own.n_left, own.cv)
    return {"patience": law_of_patience(own.law), "measured": measured}


def add_patience(
    fit: PatienceFit,
    file: str,
    part: WrittenPart,
    measured: WrittenPart,
    assumed: WrittenPart,
) -> None:
    """Add the patience of all, and calls that people miss, to the part of the applicants.

    Parameters
    ----------
    file
        That it was measured from.
    part, measured, assumed
        Of the applicants; changed in place.
    """
    if fit.law is not None:
        n = fit.n_left + fit.n_left_before + fit.n_empty + fit.n_answered + fit.n_stayed
        part["patience"] = law_of_patience(fit.law)
        measured["patience.mean"] = measured_in(file, n, fit.mean, minutes_of)
        if fit.law.law != "exponential":
            measured["patience.cv"] = measured_in(file, n, fit.cv)
    if math.isfinite(fit.missed_share.mean) and fit.missed_share.mean > 0:
        low, likely, high = WINDOW_WAITS
        is_told = math.isfinite(fit.window_waits.mean) and fit.window_waits.mean > 0
        waits = round(fit.window_waits.mean / SECOND) * SECOND if is_told else likely
        part["missed"] = {
            "share": short_number(fit.missed_share.mean),
            "window_waits": format_span(waits),
            "then": "void",
        }
        calls = fit.n_empty + fit.n_answered
        measured["missed.share"] = measured_in(file, calls, fit.missed_share)
        if is_told:
            if math.isfinite(fit.window_waits.low):
                measured["missed.window_waits"] = measured_in(
                    file, fit.n_empty, floored(fit.window_waits, 0.0), seconds_of
                )
        else:
            assumed["missed.window_waits"] = [format_span(low), format_span(high)]
