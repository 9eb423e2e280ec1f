"""Sums of the rows of one table for many measures, by several groupings at once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from sim.analysis.window_use import Grouping
from sim.arrays import Bools, Ints


class GroupedRows:
    """Rows of one table, to be summed by several groupings.

    Rows that count alike in every measure are counted together, by their kind: so a grouping
    costs one count, however many measures there are.
    """

    def __init__(self, day: Ints) -> None:
        self.measured = day >= 0
        self.totals: dict[str, Ints] = {}
        self.columns: dict[str, tuple[int, int]] = {}
        """Measure -> which of `answers` are its numerator and its denominator."""
        self.answers: list[Bools] = []
        """Which of the rows say yes to each question; what nobody says yes to costs nothing."""

    def share(self, key: str, yes: Bools, counted: Bools) -> None:
        """How many of the rows that are `counted` say `yes`, and how many there are."""
        self.columns[key] = self._answer(yes & counted), self._answer(counted)

    def total(self, key: str, amount: Ints, counted: Bools) -> None:
        """The sum of `amount` over the rows that are `counted`, and how many there are."""
        counts = counted & self.measured
        if counts.any():
            self.totals[key] = np.where(counts, amount, 0)
        self.columns[key] = (self._answer(counted),) * 2

    def _answer(self, yes: Bools) -> int:
        for number, answer in enumerate(self.answers):
            if answer is yes:
                return number
        self.answers.append(yes)
        return len(self.answers) - 1

    def sums(self, keys: Iterable[str], *groupings: Grouping) -> tuple[dict[str, Ints], ...]:
        """For each grouping, measure -> int64, shape (2, groups): numerators and denominators."""
        keys, (kind_of, kinds) = tuple(keys), self._kinds
        columns = np.array([self.columns[key] for key in keys])
        shape = tuple(n + 1 for _, n in groupings)  # the first place is for rows in no group
        size, cell = math.prod(shape), groupings[0].of + 1
        for group, n in groupings[1:]:
            cell *= n + 1
            cell += group
            cell += 1
        counts = np.bincount(kind_of * size + cell, minlength=len(kinds) * size)
        says = kinds >> columns.reshape(-1, 1) & 1  # 0 or 1, shape (2 x keys, kinds)
        table = (says @ counts.reshape(len(kinds), size)).reshape(*columns.shape, size)
        for numerator, key in zip(table[:, 0], keys, strict=True):
            if key in self.totals:
                numerator[:] = 0
                np.add.at(numerator, cell, self.totals[key])
        table = table.reshape(*columns.shape, *shape)
        axes = range(2, table.ndim)
        return tuple(
            dict(zip(keys, table.sum(axis=tuple({*axes} - {axis}))[:, :, 1:], strict=True))
            for axis in axes
        )

    @cached_property
    def _kinds(self) -> tuple[Ints, Ints]:
        """The kind of each row, and the answers of each kind, a bit each."""
        bits = np.zeros(len(self.measured), dtype=np.int32)
        for number, yes in enumerate(self.answers):
            if yes.any():
                bits += yes * np.int32(1 << number)
        bits *= self.measured
        answers = bits.astype(np.int64)
        seen = np.bincount(answers, minlength=1 << len(self.answers)) > 0
        return (np.cumsum(seen) - 1)[answers], np.flatnonzero(seen)
