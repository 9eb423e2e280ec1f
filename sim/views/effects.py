"""What new stations change, as people read it: means, differences, and what these allow to say."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import numpy as np

from sim.analysis.effects import Effect
from sim.analysis.intervals import Interval
from sim.text import Text
from sim.views.values import digits_for, in_brackets, shown_scale, signed

LEAST_DIGITS: Final = {"trip": 2, "min": 1, "yuan": 1, "share": 1, "number": 3}
"""Decimals of a mean at least; more where its difference is known better."""
SMALL_UNITS: Final = ("trip", "number")

ChangedPart = TypeVar("ChangedPart")
MOST_TOLD: Final = 30
"""Counties or places that are told of, where an area has more: a point changes little elsewhere."""


def digits_of_effect(effect: Effect) -> int:
    """Decimals that before and after are shown with."""
    return max(digits_of_difference(effect), LEAST_DIGITS[effect.unit])


def digits_of_difference(effect: Effect) -> int:
    """Decimals of a difference; trips and unevenness change by so little that they need more."""
    scale = shown_scale(effect.unit)
    if effect.unit in SMALL_UNITS and effect.difference.half_width > 0:
        return digits_for(effect.difference, 100 * scale, effect.unit) + 2
    return digits_for(effect.difference, scale, effect.unit)


def mean_words(interval: Interval, effect: Effect, text: Text) -> str:
    """The mean of before or after alone: the difference has the interval."""
    if not math.isfinite(interval.mean):
        return text.number(interval.mean)
    return signed(shown_scale(effect.unit) * interval.mean, digits_of_effect(effect), text)


def interval_words(interval: Interval, effect: Effect, text: Text) -> str:
    """Before or after with its interval, as sure as it is alone."""
    if not math.isfinite(interval.mean):
        return text.number(interval.mean)
    scale = shown_scale(effect.unit)
    digits = max(digits_for(interval, scale, effect.unit), LEAST_DIGITS[effect.unit])
    return in_brackets(interval, digits, text, scale)


def difference_words(effect: Effect, text: Text) -> str:
    """The difference with its interval, without a unit."""
    if not math.isfinite(effect.difference.mean):
        return text.number(effect.difference.mean)
    scale = shown_scale(effect.unit)
    digits = digits_of_difference(effect)
    return in_brackets(effect.difference, digits, text, scale, effect.matters_from)


def most_changed(
    parts: Sequence[ChangedPart], change: Callable[[ChangedPart], float]
) -> Sequence[ChangedPart]:
    """The parts of an area that change most, up or down, in their order; all where they are few.

    Parameters
    ----------
    change
        By how much a part changes in all; nan counts as no change.

    Examples
    --------
    >>> most_changed([3, -9, *[0] * 40], float)[:3], len(most_changed([3, -9, *[0] * 40], float))
    ([3, -9, 0], 30)
    """
    amounts = np.nan_to_num(np.abs([change(part) for part in parts]), posinf=np.inf)
    first = np.argsort(-amounts, kind="stable")[:MOST_TOLD].tolist()
    return [parts[n] for n in sorted(first)]
