"""Laws of a scenario collected as rows of a lawbook."""

from __future__ import annotations

from typing import Any

from sim.plan.lawbook import (
    CONSTANT,
    EMPIRICAL,
    EXPONENTIAL,
    GAMMA,
    LOGNORMAL,
    SEQUENCE,
    TRIANGULAR,
    UNIFORM,
    LawRow,
)

CODES = {
    "constant": CONSTANT,
    "exponential": EXPONENTIAL,
    "gamma": GAMMA,
    "lognormal": LOGNORMAL,
    "uniform": UNIFORM,
    "triangular": TRIANGULAR,
    "empirical": EMPIRICAL,
    "sequence": SEQUENCE,
}


class LawRows:
    """Collects laws while a plan is compiled; a law's row is its number."""

    def __init__(self) -> None:
        self.rows: list[LawRow] = []

    def add(self, law: Any) -> int:
        """Row of a law; -1 for none."""
        if law is None:
            return -1
        self.rows.append(_row(law))
        return len(self.rows) - 1


def _row(law: Any) -> LawRow:
    code = CODES[law.law]
    match law.law:
        case "constant":
            return LawRow(code, float(law.value))
        case "exponential":
            return LawRow(code, float(law.mean))
        case "gamma" | "lognormal":
            return LawRow(code, float(law.mean), law.cv)
        case "uniform":
            return LawRow(code, float(law.low), float(law.high))
        case "triangular":
            return LawRow(code, float(law.low), float(law.mode), float(law.high))
        case _:
            return LawRow(code, values=tuple(float(value) for value in law.values))
