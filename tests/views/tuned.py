"""A tuning of the small hall as it might be answered, its numbers made up."""

from __future__ import annotations

from sim.analysis.intervals import Interval
from sim.errors import Problem
from sim.questions.levers import LeftOut
from sim.questions.tune import TunedCandidate, Tuning
from sim.questions.vary import Lever, Setting
from sim.scenario.scenario import Scenario

LEVERS = (
    Lever("opening", (Setting("-30 min", ()), Setting("30 min", ())), ("0 min",), 1),
    Lever("seats", (Setting("one>other", ()),), ("",), 1),
)
REFUSED = Problem("lever_other_hours", "opening", "--lever", found="80 h", allowed="75 h")


def around(mean: float, half: float, n: int = 9) -> Interval:
    """An interval of minutes."""
    return Interval(mean, mean - half, mean + half, n)


def candidate(
    values: tuple[str, str],
    edits: tuple[str, ...],
    means: tuple[float, float, float],
    halves: tuple[float, float, float],
    dropped_after: int = 0,
    *,
    serves_fewer: bool = False,
) -> TunedCandidate:
    """A row: its measure, above today's, above the chosen one's, each with half a width."""
    n = 3 if serves_fewer else 9
    measured, apart, behind = (
        around(mean, half, n) for mean, half in zip(means, halves, strict=True)
    )
    return TunedCandidate(
        values, edits, measured, apart, behind, n, dropped_after, serves_fewer, 75.0
    )


def tuned(scenario: Scenario, layout: str = "two", *, gain: float = -3.0) -> Tuning:
    """Four candidates, one of each verdict; `gain` is what fresh crowds see."""
    first, second = (group.id for group in scenario.layout(layout).windows)
    move = f"{first}>{second}"
    edits = (f"layouts.{layout}.windows.{first}.clerks=1",)
    chosen = candidate(("-30 min", move), edits, (9.0, -3.4, 0.0), (0.8, 0.9, 0.0))
    alike = candidate(("0 min", move), edits, (9.6, -2.8, 0.6), (0.8, 0.9, 0.7))
    fewer = candidate(
        ("30 min", ""), edits, (10.9, -1.5, 1.9), (1.6, 1.1, 1.3), 3, serves_fewer=True
    )
    today = candidate(("0 min", ""), (), (12.4, 0.0, 3.4), (0.9, 0.0, 0.9), 7)
    return Tuning(
        scenario,
        layout,
        "wait",
        "min",
        "low",
        zone=1.0,
        levers=LEVERS,
        left_out=(LeftOut("opening=2 h", (REFUSED,)),),
        rows=(chosen, alike, fewer, today),
        chosen=0,
        today=3,
        in_turns=True,
        is_decided=True,
        idle=(),
        replications=3 + 9,
        asked=3 + 9,
        seed=1,
        level=0.95,
        confirmed_on=9,
        fresh=around(9.4, 0.8),
        fresh_today=around(9.4 - gain, 0.9),
        gain=around(gain, 0.7),
    )
