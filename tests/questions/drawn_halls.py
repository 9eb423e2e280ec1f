"""Halls to be sized, drawn by number: groups that share a list, help each other, or do neither."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from tests.strategies import small

DESIGNS: Final = ("one", "separate", "shared", "helps")
"""One group; two that have nothing in common; two of one list, of which the second serves all;
two lists, of which the second group helps the first."""
OPENS: Final = 9 * 60
"""Minutes after midnight."""


def drawn_hall(
    number: int, half_hours: int, days: int, *, busiest: float, replications: int = 10
) -> Scenario:
    """A hall with one or two groups, and one or two promises of what its people find.

    Parameters
    ----------
    number
        Which one: the same number is the same hall always.
    half_hours
        How long it is open.
    days
        Measured days of a replication.
    busiest
        Most clerks that are at work on average for a matter, over the day.
    """
    rng = np.random.default_rng([number, half_hours])
    design = DESIGNS[number % len(DESIGNS)]
    matters = ("quick",) if design == "one" else ("quick", "slow")
    minutes = {"quick": rng.uniform(5, 9), "slow": rng.uniform(9, 14)}
    people = {
        matter: (
            rng.uniform(0.5, busiest) * 60 / minutes[matter] * rng.uniform(0.5, 1.5, half_hours)
        ).tolist()
        for matter in matters
    }
    return scenario_from_text(
        small(
            run=f"{{start: 2025-01-06, measured_days: {days}, replications: {replications}}}",
            calendars=f"[{{id: day, weekly: {{mon-sun: [09:00-{_clock(half_hours)}]}}}}]",
            hall="closing: serve_all",
            matters=f"[{', '.join(_matter(matter, minutes[matter], rng) for matter in matters)}]",
            profiles=f"[{', '.join(_profile(matter, people[matter]) for matter in matters)}]",
            demand=f"[{', '.join(_flow(matter, people[matter]) for matter in matters)}]",
            layouts=_layouts(design),
            targets=f"{{promises: [{', '.join(_promises(rng, number))}]}}",
        )
    )


def _clock(half_hours: int) -> str:
    minutes = OPENS + 30 * half_hours
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _matter(name: str, minutes: float, rng: np.random.Generator) -> str:
    laws = ("{law: exponential, mean: %.2f min}", "{law: lognormal, mean: %.2f min, cv: 0.6}")
    service = laws[int(rng.integers(2))] % minutes
    names = "name: {zh: 事, en: Errand}"
    return f"{{id: {name}, {names}, lead: office, service: {{base: {service}}}}}"


def _profile(matter: str, people: Sequence[float]) -> str:
    shape = ", ".join(f'"{_clock(n)}-{_clock(n + 1)}": {rate:.2f}' for n, rate in enumerate(people))
    return f"{{id: {matter}_day, shape: {{{shape}}}}}"


def _flow(matter: str, people: Sequence[float]) -> str:
    """Rates are an hour, so half of their sum comes a day."""
    per_day = sum(people) / 2
    return f"{{id: {matter}, matter: {matter}, per_day: {per_day:.2f}, profile: {matter}_day}}"


def _layouts(design: str) -> str:
    name = "name: {zh: 窗口, en: Windows}"
    first = f"{{id: first, {name}, serves: [quick], clerks: 3}}"
    second = f"{{id: second, {name}, serves: [slow], clerks: 3}}"
    if design == "shared":
        first = f"{{id: first, {name}, list: all, serves: [quick], clerks: 3}}"
        second = f"{{id: second, {name}, list: all, serves: [quick, slow], clerks: 3}}"
    if design == "helps":
        second = f"{{id: second, {name}, serves: [slow], helps: [first], clerks: 3}}"
    windows = first if design == "one" else f"{first}, {second}"
    calling = "calling: {rule: own_first}, " if design == "helps" else ""
    return f"[{{id: hall, name: {{zh: 厅, en: Hall}}, {calling}windows: [{windows}]}}]"


def _promises(rng: np.random.Generator, number: int) -> list[str]:
    share, within = rng.choice([70, 80, 90, 95]), rng.choice([5, 10, 15])
    called = f"{{measure: called_within, within: {within} min, at_least: {share} %"
    promises = [f"{called}, each: half_hour}}"]
    if number // len(DESIGNS) % 2:
        others = (
            f"{{measure: wait, at_most: {rng.choice([2, 4])} min, each: day}}",
            f"{{measure: utilisation, at_most: {rng.choice([70, 80])} %, each: run}}",
        )
        promises.append(others[number // (2 * len(DESIGNS)) % 2])
    return promises
