"""Numbers of a learned scenario as a planner would write them, and what they were measured from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.analysis.intervals import Interval
from sim.clock import MINUTE, SECOND
from sim.text import LANGUAGES, load_text

WrittenPart = dict[str, Any]
"""A part of a scenario file as plain data."""


def short_number(value: float) -> float:
    """A number to four digits.

    Examples
    --------
    >>> short_number(38.20001), short_number(3.0)
    (38.2, 3)
    """
    short = float(f"{value:.4g}")
    return int(short) if short == int(short) else short


def measured_in(
    file: str, n: int, interval: Interval, show: Callable[[float], Any] = short_number
) -> dict[str, Any]:
    """What stands under `measured` of a scenario.

    Parameters
    ----------
    n
        Observations.
    show
        Writes the ends of the interval.

    Examples
    --------
    >>> measured_in("log.csv", 9, Interval(1.0, 0.5, 1.5, n=3))
    {'file': 'log.csv', 'n': 9, 'interval': [0.5, 1.5]}
    """
    return {"file": file, "n": n, "interval": [show(interval.low), show(interval.high)]}


def floored(interval: Interval, least: float) -> Interval:
    """An interval that ends where a quantity does.

    Examples
    --------
    >>> floored(Interval(0.1, -0.1, 0.3, n=3), 0.0).low
    0.0
    """
    return interval._replace(low=max(interval.low, least), high=max(interval.high, least))


def both_languages(key: str, **values: str) -> WrittenPart:
    """A sentence of a learned scenario, by language.

    Examples
    --------
    >>> sorted(both_languages("layout"))
    ['en', 'zh']
    """
    return {
        language: load_text(language)(f"learned_scenario.{key}", **values) for language in LANGUAGES
    }


def minutes_of(ticks: float) -> str:
    """A time in minutes, as scenarios write it.

    Examples
    --------
    >>> minutes_of(90_000), minutes_of(60_000)
    ('1.5 min', '1 min')
    """
    return f"{_plain(ticks / MINUTE)} min"


def seconds_of(ticks: float) -> str:
    """A time in seconds, as scenarios write it.

    Examples
    --------
    >>> seconds_of(40_250)
    '40.25 s'
    """
    return f"{_plain(ticks / SECOND)} s"


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
