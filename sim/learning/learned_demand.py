"""Who comes to the hall of a log, when and for what, as flows of a scenario (DESIGN §9.11)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from sim.analysis.intervals import Interval, t_interval
from sim.arrays import Bools
from sim.clock import WEEKDAYS
from sim.learning.learned import LearnedLog
from sim.learning.learned_book import booked_flows, booked_profiles
from sim.learning.learned_classes import (
    BOOKED,
    WALK_IN,
    booked_share,
    class_shares,
    log_classes,
    written_shares,
)
from sim.learning.learned_days import AlikeDays, hours_key, in_hall, with_people
from sim.learning.learned_hall import LearnedHall
from sim.learning.measured_parts import WrittenPart, floored, measured_in, short_number

LEAST_PER_DAY: Final = 0.01
"""Tickets a day, below which a matter is left out on days that are alike."""


def learned_demand(
    seen: LearnedHall, learned: LearnedLog
) -> tuple[list[WrittenPart], list[WrittenPart]]:
    """A profile for each kind of days, and a flow for each of them and matter; of those who came
    for slots of the book others."""
    profiles, flows = [], []
    here = in_hall(seen.log)
    if seen.book is not None:
        here &= ~seen.book.people
    code = seen.matters.code
    with_matter = np.count_nonzero(here & (code >= 0))
    without = np.count_nonzero(here) / with_matter if with_matter else 1.0
    whole = np.isin(seen.log.day, np.concatenate([days.days for days in seen.alike]))
    classes = _classes(seen, learned, here & whole)
    for kind, all_of_days in enumerate(seen.alike):
        days = all_of_days
        if seen.book is not None:
            if not here[np.isin(seen.log.day, days.days)].any():
                continue
            days = with_people(seen.log, days, here, seen.hall.holidays)
        profile = "day" if kind == 0 else f"day_{kind + 1}"
        profiles.append(_profile(profile, days, seen, here))
        for matter, id_ in enumerate(seen.ids):
            if not seen.is_served(kind, matter):
                continue
            counts = np.bincount(seen.log.day[here & (code == matter)], minlength=seen.log.n_days)[
                days.days
            ]
            per_day = t_interval(counts * without)
            if not per_day.mean > LEAST_PER_DAY:
                continue
            shares = classes
            if learned.booked is None:  # classes of the log differ by what people come for
                shares = _classes(seen, learned, here & whole & (code == matter))
                shares = shares or classes
            flows.append(
                {
                    "id": id_ if kind == 0 else f"{id_}_{kind + 1}",
                    "matter": id_,
                    "per_day": short_number(per_day.mean),
                    "profile": profile,
                    **_factors(seen, all_of_days, days, per_day, int(counts.sum()), shares),
                }
            )
    if seen.book is not None:
        profiles += booked_profiles(seen.book, seen.file)
        flows += booked_flows(
            seen.book,
            seen.log,
            code,
            seen.ids,
            seen.file,
            seen.is_served,
            {str(month): short_number(factor.mean) for month, factor in seen.arrivals.months},
            BOOKED if learned.booked is not None else "",
        )
    return profiles, flows


def _classes(seen: LearnedHall, learned: LearnedLog, here: Bools) -> dict[str, Interval]:
    """Share of each class of the scenario among some people, as far as the log tells it."""
    if learned.booked is not None:
        share = learned.booked.share if seen.book is None else booked_share(seen.log, here)
        return {BOOKED: share}  # others walk in
    if not (here & (seen.log.tickets.class_ >= 0)).any():
        return {}
    return class_shares(seen.log, log_classes(learned, seen.log), here)


def _profile(profile: str, days: AlikeDays, seen: LearnedHall, here: Bools) -> WrittenPart:
    tickets = int(np.isin(seen.log.day[here], days.days).sum())
    key = {begin: hours_key(begin, begin + days.slot) for begin, _ in days.shape}
    return {
        "id": profile,
        "shape": {key[begin]: short_number(share.mean) for begin, share in days.shape},
        "measured": {
            f"shape.{key[begin]}": measured_in(seen.file, tickets, share)
            for begin, share in days.shape
            if share.mean > 0 and math.isfinite(share.low)
        },
    }


def _factors(
    seen: LearnedHall,
    kind: AlikeDays,
    days: AlikeDays,
    per_day: Interval,
    n: int,
    shares: Mapping[str, Interval],
) -> WrittenPart:
    """Weekdays, months and classes of a flow, and what all of it was measured from."""
    measured = {"per_day": per_day} if math.isfinite(per_day.low) else {}
    weekdays = {}
    for number, factor in days.factors:
        weekdays[WEEKDAYS[number]] = short_number(factor.mean)
        if math.isfinite(factor.low):
            measured[f"weekdays.{WEEKDAYS[number]}"] = factor
    others = [number for other in seen.alike if other is not kind for number in other.weekdays]
    if others and 0 not in days.weekdays:  # make-up days are Mondays
        others = [number for number in range(7) if number not in days.weekdays]
    weekdays |= {WEEKDAYS[number]: 0 for number in sorted(others)}
    months = {str(month): short_number(factor.mean) for month, factor in seen.arrivals.months}
    measured |= {f"months.{month}": factor for month, factor in seen.arrivals.months}
    classes = {}
    if BOOKED in shares:
        walks_in = shares[BOOKED]._replace(mean=1 - shares[BOOKED].mean)
        classes = written_shares({BOOKED: shares[BOOKED], WALK_IN: walks_in})
        if classes[BOOKED] > 0:
            measured[f"classes.{BOOKED}"] = shares[BOOKED]
    elif shares:
        classes = written_shares(shares)
        measured |= {f"classes.{name}": interval for name, interval in shares.items()}
    parts = {"weekdays": weekdays, "months": months, "classes": classes}
    return {
        **{key: part for key, part in parts.items() if part},
        "measured": {
            key: measured_in(seen.file, n, floored(interval, 0.0))
            for key, interval in measured.items()
        },
    }
