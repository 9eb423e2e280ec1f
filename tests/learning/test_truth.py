"""What a hall was drawn with comes back from its own event log, inside the intervals that are told.

Halls differ in their laws, their load and how patient people are; between 80 and 97 of 100 tickets
are called before their patience ends.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pytest

from sim.clock import MINUTE
from sim.learning.learned import read_log
from tests.learning.own_log import write_own_log

HALL: Final = """
name: A drawn hall
run: {{start: 2025-03-03, measured_days: {days}}}
calendars: [{{id: office, weekly: {{mon-fri: [08:30-16:30]}}}}]
hall: {{name: A hall, hours: office, last_ticket: 30 min}}
applicants:
  day_factor: {{law: gamma, mean: 1, cv: 0.15}}
  patience: {{law: exponential, mean: {patience} min}}
  missed: {{share: {missed}, window_waits: 30 s, then: void}}
  unserved: {{returns: 0, lost: 1}}
matters:
  - {{id: short, name: Short, service: {{base: {{law: {law_a}, mean: {mean_a} min{cv_a}}}}}}}
  - {{id: long, name: Long, service: {{base: {{law: {law_b}, mean: {mean_b} min{cv_b}}}}}}}
demand:
  - {{id: short, matter: short, per_day: {per_day_a}}}
  - {{id: long, matter: long, per_day: {per_day_b}}}
layouts:
  - {{id: desks, name: Desks, windows: [{{id: desks, serves: [short, long], clerks: {clerks}}}]}}
"""
LAWS: Final = ("exponential", "gamma", "lognormal")


class Held(NamedTuple):
    """Whether intervals held the truth, by quantity."""

    service: list[bool]
    cv: list[bool]
    patience: list[bool]
    missed: list[bool]
    patience_ratio: float
    """Estimate through truth."""
    censored: float


def one_hall(number: int, days: int, path: Path) -> Held:
    """Draw a hall, run it, read its log back, and look whether intervals hold what it was."""
    rng = np.random.default_rng([7, number])
    laws = rng.permutation(LAWS)[:2].tolist()
    means = {"short": float(rng.uniform(4, 9)), "long": float(rng.uniform(10, 20))}
    cvs = {
        name: 1.0 if law == "exponential" else float(rng.uniform(0.4, 0.9))
        for name, law in zip(means, laws, strict=True)
    }
    clerks = int(rng.integers(2, 5))
    work = clerks * 450 * float(rng.uniform(0.75, 0.9))
    truth = {"patience": float(rng.uniform(40, 120)), "missed": float(rng.uniform(0.02, 0.08))}
    text = HALL.format(
        days=days,
        **truth,
        law_a=laws[0],
        law_b=laws[1],
        mean_a=means["short"],
        mean_b=means["long"],
        cv_a="" if laws[0] == "exponential" else f", cv: {cvs['short']}",
        cv_b="" if laws[1] == "exponential" else f", cv: {cvs['long']}",
        per_day_a=work / 2 / means["short"],
        per_day_b=work / 2 / means["long"],
        clerks=clerks,
    )
    write_own_log(text, number, path)
    learned = read_log(path)
    services, patience = learned.services, learned.patience
    assert services is not None
    assert patience is not None
    service, cv = [], []
    for law in services.laws:
        name = services.matters[law.matter]
        service.append(law.mean.low <= means[name] * MINUTE <= law.mean.high)
        cv.append(law.cv.low - 1e-9 <= cvs[name] <= law.cv.high + 1e-9)
    mean, share = patience.mean, patience.missed_share
    return Held(
        service,
        cv,
        [mean.low <= truth["patience"] * MINUTE <= mean.high],
        [share.low <= truth["missed"] <= share.high],
        mean.mean / (truth["patience"] * MINUTE),
        patience.censored_share,
    )


def all_halls(halls: range, days: int, folder: Path) -> list[Held]:
    return [one_hall(number, days, folder / "log.csv") for number in halls]


def shares(held: list[Held]) -> dict[str, float]:
    """Of intervals that held the truth, by quantity and of all."""
    rows = {
        name: [holds for hall in held for holds in getattr(hall, name)]
        for name in ("service", "cv", "patience", "missed")
    }
    rows["all"] = [holds for row in rows.values() for holds in row]
    return {name: float(np.mean(row)) for name, row in rows.items()}


def test_three_halls_come_back(tmp_path: Path) -> None:
    """Of 18 intervals at least 15 hold the truth (chance of fewer: 1 in 90)."""
    held = all_halls(range(3), 20, tmp_path)
    assert shares(held)["all"] >= 15 / 18
    assert min(hall.censored for hall in held) >= 0.8


def test_ten_halls_come_back_as_often_as_stated(tmp_path: Path) -> None:
    """Of 60 intervals at least 53 hold the truth (chance of fewer: 1 in 80)."""
    held = all_halls(range(10, 20), 40, tmp_path)
    found = shares(held)
    assert found["all"] >= 53 / 60, found
    assert min(hall.censored for hall in held) >= 0.8
    # a mean that each hall tells to a tenth or so, ten tell to a thirtieth
    ratios = [hall.patience_ratio for hall in held]
    assert np.mean(ratios) == pytest.approx(1, abs=0.08)
