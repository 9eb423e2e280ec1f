"""What snapshots of queues say: tickets implied, and how long a window spends on a call."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from sim.clock import MINUTE
from sim.learning.snapshot_fit import QueuePace, SnapshotFit
from sim.text import Text
from sim.text.foreign import visible
from sim.views.blocks import AnyBlock, HeadingBlock, SentenceBlock, TableBlock
from sim.views.learn_people_words import interval_words

HEADS: Final = ("queues", "tickets_implied", "calls", "pace_min", "stated_min")
MOST_ROWS: Final = 40
"""Groups of queues that are shown; JSON has all."""


def snapshot_blocks(fit: SnapshotFit, n_tickets: int, text: Text) -> Iterator[AnyBlock]:
    """Tickets and paces.

    Parameters
    ----------
    n_tickets
        Implied by all queues.
    """
    table = fit.table
    yield HeadingBlock(text("learn.snapshots"))
    yield SentenceBlock(
        text(
            "learn.snapshots_seen",
            n=text.number(len(table.seen), 0),
            span=text.duration(table.span),
            tickets=text.number(n_tickets, 0),
            served=text.number(fit.n_served, 0),
        )
    )
    if fit.n_uncalled:
        yield SentenceBlock(
            text("learn.snapshots_uncalled", n=text.number(fit.n_uncalled, 0)), "point"
        )
    places = {queue.place for queue in table.queues}
    if len(places) > 1:
        yield SentenceBlock(text("learn.snapshots_several"), "caution")
    yield TableBlock(
        text("learn.snapshots_paces"),
        tuple(text(f"learn.head.{name}") for name in HEADS),
        tuple(_row(pace, fit, len(places) > 1, text) for pace in fit.paces[:MOST_ROWS]),
        text("learn.snapshots_note"),
        names=1,
    )


def _row(pace: QueuePace, fit: SnapshotFit, with_place: bool, text: Text) -> tuple[str, ...]:
    queues = [fit.table.queues[queue] for queue in pace.queues]
    names = " = ".join(each.name for each in queues)
    missing = text("format.missing")
    is_told = math.isfinite(pace.service.mean)
    return (
        visible(f"{queues[0].place}: {names}" if with_place else names),
        text.number(pace.n_tickets, 0),
        text.number(pace.n_calls, 0),
        interval_words(pace.service, text, 1, MINUTE) if is_told else missing,
        text.number(pace.stated / MINUTE, 0) if math.isfinite(pace.stated) else missing,
    )
