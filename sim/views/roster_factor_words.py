"""What the factor on a learned scenario's clerks does, in words."""

from __future__ import annotations

from sim.learning.learned_factor import FACTORS, RosterFactor
from sim.text import Text
from sim.views.blocks import SentenceBlock


def factor_sentence(factor: RosterFactor, text: Text) -> SentenceBlock:
    """How long people wait in the scenario, and what was done about the difference.

    Examples
    --------
    >>> from sim.text import load_text
    >>> found = RosterFactor(1.0, 3.8, 4.2, 3.1, 5.2, 4.2, 3.1, 5.2)
    >>> factor_sentence(found, load_text("en")).words.partition(" (")[0]
    'Mean wait of the scenario: 4.2 [3.1, 5.2] min'
    """
    low, high = (text.number(end, 2) for end in FACTORS)
    values = {
        "factor": text.number(factor.factor, 3),
        "low": low,
        "high": high,
        "observed": text.number(factor.observed, 1),
        "mean": text.measured(factor.mean, factor.low, factor.high, "min"),
        "plain": text.measured(factor.plain_mean, factor.plain_low, factor.plain_high, "min"),
    }
    return SentenceBlock(text(f"learned_scenario.fit_{_kind(factor)}", **values), "answer")


def _kind(factor: RosterFactor) -> str:
    if factor.factor != 1:
        return "factor"
    return "chance" if factor.plain_low <= factor.observed <= factor.plain_high else "nothing"
