"""What a machine gives to readers: limits that whoever runs the app may set in the environment.

This table is all of them; the README tells what each is for.
"""

from __future__ import annotations

import math
import os
from typing import Final, NamedTuple

from sim.errors import OptionError, Problem


class MachineLimit(NamedTuple):
    """A setting: a number that stands in the environment under a name."""

    name: str
    default: float
    least: float = 0.0
    is_whole: bool = False

    @property
    def allowed(self) -> str:
        """The numbers that may be set."""
        return "1, 2, 3 …" if self.is_whole else f"≥ {self.least:g}"

    def read(self) -> float:
        """What is set, else the default.

        Raises
        ------
        OptionError
            `outside_range` for what is no such number.

        Examples
        --------
        >>> MachineLimit("NOT_SET", 3.0).read()
        3.0
        """
        words = os.environ.get(self.name, "").strip()
        if not words:
            return self.default
        try:
            value = float(words)
        except ValueError:
            value = math.nan
        if not self.least <= value < math.inf or (self.is_whole and value % 1):
            raise OptionError(
                Problem("outside_range", self.name, found=words, allowed=self.allowed)
            )
        return value

    def read_or_default(self) -> float:
        """What is set, where it can be read; a faulty setting is told when the app starts."""
        try:
            return self.read()
        except OptionError:
            return self.default


RUNNING: Final = MachineLimit("GOVHALL_RUNNING", 1, 1, is_whole=True)
"""Jobs that run at a time."""
WAITING: Final = MachineLimit("GOVHALL_WAITING", 4, 1, is_whole=True)
"""Jobs of one reader that wait at a time."""
WAITING_ALL: Final = MachineLimit("GOVHALL_WAITING_ALL", 100, 1, is_whole=True)
"""Jobs of all readers together that wait at a time."""
CORES: Final = MachineLimit("GOVHALL_CORES", max(os.cpu_count() or 1, 2), 1, is_whole=True)
"""Processes of one job that simulate. Two at the least unless fewer are asked for: also on one core
one minds the order to stop."""
MEMORY_GB: Final = MachineLimit("GOVHALL_MEMORY_GB", 8, 0.5)
"""Address space of each process that simulates."""
CPU_HOURS: Final = MachineLimit("GOVHALL_CPU_HOURS", 4, 0.01)
"""Processor time of each process that simulates."""
KEEP_DAYS: Final = MachineLimit("GOVHALL_KEEP_DAYS", 90)
"""Age at which runs and uploads go; 0 = never."""
KEEP_GB: Final = MachineLimit("GOVHALL_KEEP_GB", 5)
"""Size of all runs together from which on the oldest go; 0 = without limit."""
FREE_GB: Final = MachineLimit("GOVHALL_FREE_GB", 1)
"""Room on the disk below which no job is taken on."""
STORE_DAYS: Final = MachineLimit("GOVHALL_STORE_DAYS", 0)
"""As `KEEP_DAYS`, of a folder of `--store`."""
STORE_GB: Final = MachineLimit("GOVHALL_STORE_GB", 0)
"""As `KEEP_GB`, of a folder of `--store`."""
LIMITS: Final = (
    *(RUNNING, WAITING, WAITING_ALL, CORES, MEMORY_GB, CPU_HOURS),
    *(KEEP_DAYS, KEEP_GB, FREE_GB, STORE_DAYS, STORE_GB),
)


def faulty_limits() -> tuple[Problem, ...]:
    """What is set and cannot be read, all at once."""
    problems: list[Problem] = []
    for limit in LIMITS:
        try:
            limit.read()
        except OptionError as error:
            problems += error.problems
    return tuple(problems)
