"""The piece of work that everything is made of: one replication, which any process can do."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple, TypeAlias

from sim.analysis.measures import Tally, measure, only
from sim.engine.run import Engine, run
from sim.plan.crowd import draw_tape
from sim.plan.plan import Plan
from sim.results.invariants import check_invariants
from sim.results.tables import Tables

Row = tuple[Tally, ...]
"""One replication: a tally a layout."""


Rows: TypeAlias = Generator[tuple[int, Row], None, None]
"""Replications as they finish, each with its number."""


class Conditions(NamedTuple):
    """What all replications of a study share, beside their plans."""

    seed: int
    engine: Engine
    called_within: int
    """Ticks within which a ticket should be called."""
    measures: tuple[str, ...] = ()
    """All that is kept of a tally; empty = the whole of it."""


def serve_crowd(plan: Plan, seed: int, replication: int, engine: Engine) -> Tables:
    """Draw one crowd, serve it in one layout, check the laws.

    Raises
    ------
    LawViolation
        When the journal breaks a law of the hall.
    """
    tape = draw_tape(plan.demand, seed, replication)
    tables = Tables(plan, tape, run(plan, tape, engine))
    check_invariants(tables)
    return tables


def one_replication(plans: Sequence[Plan], conditions: Conditions, replication: int) -> Row:
    """Draw one crowd, serve it in every layout, check the laws, sum up.

    Raises
    ------
    LawViolation
        When a journal breaks a law of the hall.
    """
    tape, row = draw_tape(plans[0].demand, conditions.seed, replication), []
    for plan in plans:
        tables = Tables(plan, tape, run(plan, tape, conditions.engine))
        check_invariants(tables)
        tally = measure(tables, replication, conditions.called_within)
        row.append(only(tally, conditions.measures) if conditions.measures else tally)
    return tuple(row)


class Batch(NamedTuple):
    """Plans of one demand: a crowd is drawn once and served by all of them."""

    plans: tuple[Plan, ...]
    conditions: Conditions
    first: int = 0
    """Replication with which it begins."""
