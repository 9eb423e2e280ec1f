"""What promises add up to under a staff, simulated for those units alone whose people change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.promises import Promised
from sim.arrays import Bools, Ints
from sim.plan.plan import Plan
from sim.plan.tape import Tape
from sim.results.tables import Tables
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.sizing_trips import WindowTrips, for_trips, of_units, trips_of
from sim.runs.sizing_units import Unit


class _WithEverybody(NamedTuple):
    """One replication with everybody there."""

    trips: WindowTrips
    sums: Ints
    """int64, shape (cells, 2)."""


class SumsByUnit:
    """Sums of all cells, of which only those are simulated that a staff has changed.

    Units of which everything is counted over tickets have a crowd of their own (`sizing_trips`),
    and are simulated when their clerks have changed; the others together, on whole crowds, when
    theirs have. Of a staff that a unit has had before nothing is simulated.

    Parameters
    ----------
    apart : ndarray(bool), shape (units,)
        Units with crowds of their own.
    unit_of_list : ndarray(int64), shape (kinds of day, lists)
    plan
        The hall with a staff.
    everybody : ndarray(int64), shape (posts + departments,)
        With whom it is seen who takes tickets when.
    """

    def __init__(
        self,
        crowds: KeptCrowds,
        promised: Promised,
        units: Sequence[Unit],
        apart: Bools,
        unit_of_list: Ints,
        plan: Callable[[Ints], Plan],
        everybody: Ints,
    ) -> None:
        self._crowds, self._promised, self._plan = crowds, promised, plan
        self._apart = {n: unit for n, unit in enumerate(units) if apart[n]}
        joined = [unit for n, unit in enumerate(units) if not apart[n]]
        self._whole = _joined(joined) if joined else None
        self._unit_of_list, self._everybody = unit_of_list, everybody
        self._seen: dict[int, _WithEverybody] = {}
        self._of_unit: dict[tuple[int, int, bytes], Ints] = {}
        """Sums of the cells of a unit, by replication, unit and its staff; -1 = the joined ones."""

    def sums(self, staff: Ints, replications: Sequence[int]) -> tuple[Ints, bool]:
        """Sums under a staff, int64 of shape (replications, cells, 2), and if any had to be run."""
        self._see([r for r in replications if r not in self._seen])
        sums = np.stack([self._seen[r].sums for r in replications])
        has_run = self._run_apart(staff, replications)
        has_run |= self._run_whole(staff, replications)
        units = self._apart if self._whole is None else {**self._apart, -1: self._whole}
        for number, unit in units.items():
            clerks = staff[unit.places].tobytes()
            for row, replication in enumerate(replications):
                sums[row, unit.cells] = self._of_unit[replication, number, clerks]
        return sums, has_run

    def _see(self, replications: Sequence[int]) -> None:
        """Who takes tickets when, with everybody there."""
        if not replications:
            return

        def look(tables: Tables) -> _WithEverybody:
            trips = trips_of(tables, self._promised, self._unit_of_list)
            return _WithEverybody(trips, self._promised.sums(tables))

        seen = self._crowds.looks(self._plan(self._everybody), replications, look)
        self._seen.update(zip(replications, seen, strict=True))

    def _run_apart(self, staff: Ints, replications: Sequence[int]) -> bool:
        """Simulate the units whose staff is new, and say if any was."""
        keys = {number: staff[unit.places].tobytes() for number, unit in self._apart.items()}
        new = {
            replication: [n for n in keys if (replication, n, keys[n]) not in self._of_unit]
            for replication in replications
        }
        new = {replication: numbers for replication, numbers in new.items() if numbers}
        if not new:
            return False
        clerks = np.zeros_like(staff)
        for number in set().union(*new.values()):
            places = self._apart[number].places
            clerks[places] = staff[places]

        def crowd(_: Plan, replication: int) -> Tape:
            return of_units(self._seen[replication].trips, new[replication])

        after_hours = [seen.trips.after_hours for seen in self._seen.values()]
        plan = for_trips(self._plan(clerks), np.unique(np.concatenate(after_hours)))
        looks = self._crowds.looks(plan, list(new), self._promised.sums, crowd)
        for (replication, numbers), sums in zip(new.items(), looks, strict=True):
            for number in numbers:
                cells = self._apart[number].cells
                self._of_unit[replication, number, keys[number]] = sums[cells]
        return True

    def _run_whole(self, staff: Ints, replications: Sequence[int]) -> bool:
        """Simulate everybody for the joined units, if their staff is new, and say if it was."""
        if self._whole is None:
            return False
        clerks = staff[self._whole.places].tobytes()
        new = [r for r in replications if (r, -1, clerks) not in self._of_unit]
        if new:
            looks = self._crowds.looks(self._plan(staff), new, self._promised.sums)
            for replication, sums in zip(new, looks, strict=True):
                self._of_unit[replication, -1, clerks] = sums[self._whole.cells]
        return bool(new)


def _joined(units: Sequence[Unit]) -> Unit:
    places = np.concatenate([unit.places for unit in units])
    return Unit(places, np.concatenate([unit.cells for unit in units]), False)
