"""Traits as a plan has them: laws of patience and lateness, limits and shares, by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.arrays import Floats, Ints
from sim.plan.laws import LawRows
from sim.plan.plan import NO_LIMIT
from sim.scenario.demand import Appointments, PriorityClass
from sim.scenario.scenario import Scenario
from sim.scenario.traits import Trait, trait_of


def _classes(scenario: Scenario) -> Sequence[PriorityClass | None]:
    """The classes of a plan; without any, everybody is in the same."""
    return scenario.applicants.classes or (None,)


def _by_matter(scenario: Scenario, trait: Trait) -> list[list[Any]]:
    """What is stated for each matter, sorted by id, and class."""
    matters = sorted(scenario.matters, key=lambda matter: matter.id)
    return [
        [trait_of(trait, scenario.applicants, matter, class_) for class_ in _classes(scenario)]
        for matter in matters
    ]


def _numbered(table: Sequence[Sequence[Any]], laws: LawRows) -> Ints:
    """int64, shape of the table: rows of its laws, each law once; -1 = none."""
    stated = {id(law): law for row in table for law in row}
    rows = {name: laws.add(law) for name, law in stated.items()}
    return np.array([[rows[id(law)] for law in row] for row in table], dtype=np.int64)


def patience_laws(scenario: Scenario, laws: LawRows) -> Ints:
    """int64, shape (M, K): law of patience; -1 = they never give up."""
    return _numbered(_by_matter(scenario, "patience"), laws)


def pace_laws(scenario: Scenario, laws: LawRows) -> Ints:
    """int64, shape (K,): law of the factor on walks in the hall."""
    people = scenario.applicants
    row = [(class_ and class_.pace) or people.pace for class_ in _classes(scenario)]
    return _numbered([row], laws).ravel()


def companion_shares(scenario: Scenario) -> tuple[Ints, Floats]:
    """How many come along with anybody: int64, shape (sizes,), sorted, 0 first; empty where heads
    are not counted. And float64, shape (M, K, sizes): cumulative share of each number."""
    table = _by_matter(scenario, "companions")
    stated = [companions for row in table for companions in row if companions is not None]
    sizes = np.unique([0, *(size for companions in stated for size in companions)])
    shares = np.zeros((len(table), len(_classes(scenario)), len(sizes)))
    for (m, k, s), _ in np.ndenumerate(shares):
        shares[m, k, s] = (table[m][k] or {}).get(int(sizes[s]), 0.0)
    shares[:, :, 0] = 1.0 - shares.sum(axis=2)
    return sizes[: len(sizes) * bool(stated)], np.cumsum(shares, axis=2)


def balk_limits(scenario: Scenario) -> Ints:
    """int64, shape (M, K): so many waiting in front are too many; NO_LIMIT = never."""
    table = _by_matter(scenario, "balk_at")
    limits = [[NO_LIMIT if limit is None else limit for limit in row] for row in table]
    return np.array(limits, dtype=np.int64)


def lateness_laws(scenario: Scenario, books: Sequence[Appointments], laws: LawRows) -> Ints:
    """int64, shape (B, K): law of lateness: the class's own, else the book's."""
    classes = _classes(scenario)
    table = [
        [(class_ and class_.lateness) or book.lateness for class_ in classes] for book in books
    ]
    return _numbered(table, laws).reshape(len(books), len(classes))


def no_show_shares(scenario: Scenario, books: Sequence[Appointments]) -> Floats:
    """float64, shape (B, K): share of the booked who do not come: the class's, else the book's."""
    table = [
        [
            book.no_show if class_ is None or class_.no_show is None else class_.no_show
            for class_ in _classes(scenario)
        ]
        for book in books
    ]
    return np.array(table, dtype=np.float64).reshape(len(books), len(_classes(scenario)))
