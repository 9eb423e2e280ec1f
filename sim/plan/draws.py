"""Draws: the streams of one replication, and values drawn from them for rows of a crowd."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Bytes, Floats, Ints, Singles
from sim.clock import NEVER
from sim.plan.demand import Demand
from sim.plan.lawbook import CONSTANT, Lawbook, sample
from sim.plan.streams import Uint64s, coarse_uniforms, keys, uniforms, word, words

PURPOSES: Final = (
    "arrival",
    "batch",
    "waited",
    "class",
    "township",
    "channel",
    "patience",
    "assistance",
    "leaving",
    "habit",
    "need",
    "rejection",
    "external",
    "review",
    "review_correction",
    "review_delay",
    "review_mend",
    "correction",
    "mend",
    "mend_delay",
    "spot",
    "fetched",
    "service",
    "individual",
    "wrap_up",
    "own_service",
    "own_individual",
    "between",
    "hand_in",
    "precheck",
    "reception",
    "catch",
    "route",
    "missed",
    "pace",
    "companions",
    "also",
    "return",
    "same_day",
    "same_day_delay",
    "position",
    "booking",
    "lateness",
    "no_show",
    "no_show_returns",
    "no_show_delay",
    "no_show_position",
    "issue",
    "mailing",
    "collects",
    "collection",
    "taste",
)
"""What numbers are drawn for: each is a stream of a flow, or of an item of a flow."""
PURPOSE_WORDS: Final = words(PURPOSES)


class DrawRows(NamedTuple):
    """People, or pieces of their business, and where their draws are."""

    case: Ints
    """int64, shape (n,)."""
    owner: Ints
    """int64, shape (n,): row of the streams they draw from."""
    where: Uint64s
    """uint64, shape (n,): address inside a stream."""

    def of(self, rows: Any) -> DrawRows:
        """Some of them."""
        return DrawRows(self.case[rows], self.owner[rows], self.where[rows])

    def followed_by(self, others: DrawRows) -> DrawRows:
        """These, then others."""
        pairs: Any = zip(self, others, strict=True)
        return DrawRows(*(np.concatenate(pair) for pair in pairs))


class Streams(NamedTuple):
    """All streams of one replication. They belong to owners: the flows, then each flow's items."""

    run: Uint64s
    """uint64, shape (1,): what seed and replication key."""
    of: dict[str, Uint64s]
    """Purpose -> uint64, shape (owners,)."""
    first_owner: Ints
    """int64, shape (F,): owner of a flow's first item."""
    item_of_owner: Ints
    """int64, shape (owners - F,): item of the plan."""


def open_streams(demand: Demand, seed: int, replication: int) -> Streams:
    """The streams of one replication, one for each purpose of each flow and item."""
    run = np.array([word(str(seed), str(replication))], dtype=np.uint64)
    flows = keys(run, demand.flows.words)
    n_items = np.diff(demand.matters.item_offsets)[demand.flows.matter]
    first_owner = len(flows) + np.cumsum(n_items) - n_items
    flow, nth = expand(n_items)
    item = demand.matters.item_offsets[demand.flows.matter[flow]] + nth
    own = keys(flows[flow], demand.items.words[item])
    streams = keys(np.concatenate([flows, own]), PURPOSE_WORDS[:, None])
    streams_of = dict(zip(PURPOSES, streams, strict=True))
    chosen = np.flatnonzero(demand.items.choice[item] >= 0)
    # items that exclude each other read the same number of their person, and have parts of it
    choice = demand.items.choice_words[demand.items.choice[item[chosen]]]
    streams_of["need"][len(flows) + chosen] = keys(flows[flow[chosen]], choice)
    return Streams(run, streams_of, first_owner, item)


class Draws(NamedTuple):
    """Draws values for rows of a crowd."""

    streams: Streams
    laws: Lawbook
    person: Ints
    """int64, shape (C,): number of each case's person in their flow."""

    def another(self, key: np.uint64) -> Draws:
        """The same rows, each with other numbers for the same purposes."""
        return self._replace(
            streams=self.streams._replace(
                of={name: keys(each, key) for name, each in self.streams.of.items()}
            )
        )

    def uniforms(self, rows: DrawRows, purpose: str) -> Floats:
        """Numbers between 0 and 1."""
        return uniforms(self.streams.of[purpose][rows.owner], rows.where)

    def coarse(self, rows: DrawRows, purpose: str) -> Singles:
        """Numbers in [0, 1), for choices among few."""
        return coarse_uniforms(self.streams.of[purpose][rows.owner], rows.where)

    def below(self, share: Any, rows: DrawRows, purpose: str) -> Bools:
        """Whether each draw is below its share."""
        if not np.any(share):
            return np.zeros(len(rows.case), dtype=np.bool_)
        return np.asarray(self.uniforms(rows, purpose) < share)

    def values(self, law: Any, rows: DrawRows, purpose: str) -> Floats:
        """Values by a law, or by one law each."""
        laws = self.laws
        if (laws.codes[law] == CONSTANT).all():
            return np.broadcast_to(laws.parameters[law, 0], len(rows.case))
        return sample(laws, law, self.uniforms(rows, purpose), self.person[rows.case])

    def spans(self, law: Any, rows: DrawRows, purpose: str) -> Ints:
        """Ticks by a law, or by one law each; a law of -1 gives 0."""
        laws, n = self.laws, len(rows.case)
        if np.ndim(law) == 0 and law < 0:
            return np.zeros(n, dtype=np.int64)
        if np.ndim(law) == 0 and laws.codes[law] == CONSTANT:
            return np.full(n, to_ticks(laws.parameters[law, 0]))
        return to_ticks(self.values(law, rows, purpose))

    def choices(self, cumulative: tuple[float, float], rows: DrawRows, purpose: str) -> Bytes:
        """0, 1 or 2 by cumulative shares."""
        if cumulative[0] >= 1.0:
            return np.zeros(len(rows.case), dtype=np.int8)
        u = self.coarse(rows, purpose)
        return (u >= cumulative[0]).astype(np.int8) + (u >= cumulative[1]).astype(np.int8)

    def between(self, bounds: Ints, of: Ints, rows: DrawRows, purpose: str) -> Ints:
        """Whole numbers from the lowest to the highest of an item or matter, all alike likely."""
        if not bounds.any():
            return np.zeros(len(of), dtype=np.int64)
        low, width = bounds[of, 0], bounds[of, 1] - bounds[of, 0]
        wide = np.flatnonzero(width)
        if len(wide):
            u = self.uniforms(rows.of(wide), purpose)
            low[wide] += (u * (width[wide] + 1)).astype(np.int64)
        return np.asarray(low)

    def failures(self, share: Floats, at_most: int, rows: DrawRows, purpose: str) -> Ints:
        """Failures before the first success, at most so many, by the share of each row."""
        failed = np.zeros(len(share), dtype=np.int64)
        some = np.flatnonzero(share > 0)
        if len(some):
            failed[some] = rounds(share[some], at_most, self.uniforms(rows.of(some), purpose))
        return failed


def pick(values: Any, of: Ints) -> Any:
    """The value of each row, or the one value where all are alike: then nothing is copied.

    Examples
    --------
    >>> pick(np.array([2, 3]), np.array([1, 1, 0])).tolist(), int(pick(np.array([2, 2]), [1, 0]))
    ([3, 3, 2], 2)
    """
    if len(values) and (values == values[0]).all():
        return values[0]
    return values[of]


def expand(counts: Ints) -> tuple[Ints, Ints]:
    """One row a count: whose it is, and the how-many-eth.

    Examples
    --------
    >>> [column.tolist() for column in expand(np.array([2, 0, 1]))]
    [[0, 0, 2], [0, 1, 0]]
    """
    if (counts == 1).all():
        return np.arange(len(counts)), np.zeros(len(counts), dtype=np.int64)
    owner = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, nth


def to_ticks(values: Floats) -> Ints:
    """Round to whole ticks; what is beyond all runs becomes NEVER."""
    return np.minimum(np.rint(values), float(NEVER)).astype(np.int64)


def rounds(share: Floats | float, at_most: int, uniforms: Floats) -> Ints:
    """Failures before the first success, at most so many: geometric by inversion.

    Examples
    --------
    >>> rounds(0.5, 3, np.array([0.9, 0.4, 0.2, 0.01]))
    array([0, 1, 2, 3])
    """
    failed = np.zeros(len(uniforms), dtype=np.int64)
    power = share
    for _ in range(at_most):
        fails = uniforms < power
        failed += fails
        if not fails.any():
            break
        power = power * share
    return failed
