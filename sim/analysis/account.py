"""The accounts of a layout: everybody who wished something, in exactly one outcome each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval
from sim.analysis.measures import Tally
from sim.results.outcomes import ACCOUNTS, LEFT_OUT


class Standing(NamedTuple):
    """One outcome of an account."""

    outcome: str
    number: int
    """In all replications together."""
    share: Interval
    """Of the account's total; clusters are replications."""
    left_out: bool
    """No mean wait, stay or turnaround knows of them."""


class Account(NamedTuple):
    """Who stands where when the run ends; the counts add up to the total."""

    name: str
    """One of `sim.results.outcomes.ACCOUNTS`."""
    total: int
    standings: tuple[Standing, ...]
    """Outcomes that nobody has are left out."""

    def number_of(self, outcome: str) -> int:
        """How many have an outcome; 0 for one that nobody has."""
        return next((s.number for s in self.standings if s.outcome == outcome), 0)

    @property
    def left_out(self) -> tuple[Standing, ...]:
        """What the means do not know of."""
        return tuple(standing for standing in self.standings if standing.left_out)


def account(tallies: Sequence[Tally], name: str, level: float = 0.95) -> Account:
    """One account over all replications of a layout.

    Parameters
    ----------
    name
        "people" and "cases" count wishes of the measured dates, "visits" trips on them.

    Raises
    ------
    KeyError
        For a name that is no account.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> people = account(study.of("hall"), "people")
    >>> people.total == sum(standing.number for standing in people.standings)
    True
    """
    counts = np.array([tally.accounts[name] for tally in tallies]).reshape(len(tallies), -1)
    totals, sums = counts.sum(axis=1), counts.sum(axis=0)
    return Account(
        name,
        int(totals.sum()),
        tuple(
            Standing(
                outcome,
                int(sums[n]),
                ratio_interval(counts[:, n], totals, level, (0.0, 1.0)),
                outcome in LEFT_OUT[name],
            )
            for n, outcome in enumerate(ACCOUNTS[name])
            if sums[n]
        ),
    )


def all_accounts(tallies: Sequence[Tally], level: float = 0.95) -> tuple[Account, ...]:
    """The accounts of people, of visits and of cases."""
    return tuple(account(tallies, name, level) for name in ACCOUNTS)
