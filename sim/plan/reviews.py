"""Reviews drawn: rounds of each item, mending in between, and joint surveys."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Bytes, Ints, Shorts
from sim.plan.columns import offsets_of
from sim.plan.draws import DrawRows, expand, to_ticks
from sim.plan.initial import shorten_begun
from sim.plan.needs import Needs
from sim.plan.people import Crowd
from sim.plan.streams import later
from sim.plan.tape import ANOTHER_TRIP, ONLINE


class ReviewRounds(NamedTuple):
    """Rounds of items, in order of items, and the trips they lead to."""

    case_item: Ints
    """int64, shape (Q,): row of `Needs`."""
    offsets: Ints
    """int64, shape (J + 1,): where an item's rounds start."""
    touch: Ints
    mend: Bytes
    mend_delay: Ints
    attends: Shorts
    surveys: Ints
    """int64: the review of each attendance."""
    trips: DrawRows
    """Trips to hand mended papers in, one for each round with ANOTHER_TRIP."""


def draw_reviews(crowd: Crowd, needs: Needs) -> ReviewRounds:
    """Rounds of each item, the last of which decides, and trips to hand papers in between."""
    items, mending = crowd.demand.items, crowd.demand.mending
    draws, item, rows = crowd.draws, needs.item, needs.rows
    failed = np.zeros(len(item), dtype=np.int64)
    if items.correction_share.any():
        share, at_most = items.correction_share[item], mending.rounds_at_most
        failed = draws.failures(share, at_most, rows, "review_correction")
    j, nth = expand(failed + 1)
    any_failed = bool(failed.any())
    if any_failed:
        item = item[j]
        rows = rows.of(j)._replace(where=rows.where[j] + later(nth))
    touch = draws.spans(items.review_law[item], rows, "review")
    shorten_begun(crowd.demand, crowd.people.flow[rows.case], item, nth, touch)
    incomplete = np.zeros(0, dtype=np.int64)
    if any_failed:
        further = nth > 0
        touch[further] = to_ticks(touch[further].astype(np.float64) * mending.review_again)
        incomplete = np.flatnonzero(nth < failed[j])
    mended = rows.of(incomplete)
    delay = np.zeros(len(j), dtype=np.int64)
    delay[incomplete] = draws.spans(mending.delay_law, mended, "review_delay")
    # nobody is in the hall when a reviewer asks: shares among those who mend elsewhere
    away = 1.0 - mending.shares[0]
    share_online = (mending.shares[1] - mending.shares[0]) / away if away > 0 else 0.0
    by_net = crowd.people.online[mended.case] | draws.below(share_online, mended, "review_mend")
    mend = np.full(len(j), ONLINE, dtype=np.int8)
    trips = incomplete[~by_net]
    mend[trips] = ANOTHER_TRIP
    attends, surveys = np.full(len(j), -1, dtype=np.int32), np.zeros(0, dtype=np.int64)
    if items.attendances.any():
        # a joint survey is an item's first round, if it takes time
        counts = np.where((nth == 0) & (touch > 0), items.attendances[item], 0)
        attends = np.where(counts > 0, np.cumsum(counts) - counts, -1).astype(np.int32)
        surveys = np.repeat(np.arange(len(counts)), counts)
    return ReviewRounds(
        case_item=j,
        offsets=offsets_of(failed + 1),
        touch=touch,
        mend=mend,
        mend_delay=delay,
        attends=attends,
        surveys=surveys,
        trips=rows.of(trips),
    )
