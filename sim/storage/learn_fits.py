"""What was fitted to a log, as data for programs: work, mix, patience, bookings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.intervals import Interval
from sim.clock import HOUR, MINUTE, SECOND, WEEKDAYS, format_clock
from sim.learning.book import BookFit
from sim.learning.booked import BookedFit
from sim.learning.mix import MixFit
from sim.learning.patience import PatienceFit
from sim.learning.patience_groups import PatienceGroups, group_name
from sim.learning.punctuality import PunctualityFit
from sim.learning.service_law import ServiceLaw
from sim.learning.services import ServiceFit
from sim.learning.snapshot_fit import SnapshotFit


def mix_data(fit: MixFit) -> dict[str, Any]:
    """What people come for, and how tickets end."""
    return {
        "matters": [
            {"matter": matter.matter, "tickets": matter.n, "share": bounds_of(matter.share)}
            for matter in fit.matters
        ],
        "without_matter": fit.n_without_matter,
        "outcomes": [
            {"outcome": end.outcome, "tickets": end.n, "share": bounds_of(end.share)}
            for end in fit.outcomes
        ],
        "came_again": bounds_of(fit.came_again),
    }


def services_data(fit: ServiceFit) -> dict[str, Any]:
    """How long work takes."""
    return {
        "grain_s": fit.grain / SECOND,
        "floor_s": fit.floor / SECOND,
        "matters_by": fit.matters_by,
        "all": _service_law(fit.whole),
        "matters": _by_matter(fit, fit.laws),
        "window_groups": [
            {
                "windows": list(group.windows),
                "serves": [fit.matters[matter] for matter in group.matters],
                "pace": bounds_of(group.factor),
                "services": group.n,
                "pace_of_others": bounds_of(group.pace_of_others),
                "wait_factor_of_all": _finite(group.wait_factor_of_all),
                "wait_factor": _finite(group.wait_factor),
                "wait_factor_seen": bounds_of(group.wait_factor_seen),
                "laws_of_all": not group.own_laws,
                "own_laws": _by_matter(fit, group.own_laws),
                "is_told": group.is_told,
            }
            for group in fit.groups
        ],
        "pace_of": fit.people,
        "people": fit.n_people,
        "pace_cv": bounds_of(fit.pace_cv),
    }


def _by_matter(fit: ServiceFit, laws: Sequence[ServiceLaw]) -> list[dict[str, Any]]:
    return [{"matter": fit.matters[law.matter], **_service_law(law)} for law in laws]


def _service_law(law: ServiceLaw) -> dict[str, Any]:
    return {
        "services": law.n,
        "censored": law.n_censored,
        "unknown": law.n_unknown,
        "law": law.law_name,
        "mean_min": bounds_of(law.mean, MINUTE),
        "cv": bounds_of(law.cv),
        "own_share": law.own_share,
        "wait_factor": law.wait_factor,
        "wait_factor_seen": bounds_of(law.wait_factor_seen),
        "work_h_per_day": bounds_of(law.work_per_day, HOUR),
    }


def patience_data(fit: PatienceFit) -> dict[str, Any]:
    """Who does not wait to the end."""
    return {
        "answered": fit.n_answered,
        "empty_calls": fit.n_empty,
        "gave_up": fit.n_left,
        "gave_up_before": fit.n_left_before,
        "stayed": fit.n_stayed,
        "unknown": fit.n_unknown,
        "censored_share": fit.censored_share,
        "law": None if fit.law is None else fit.law.law,
        "mean_min": bounds_of(fit.mean, MINUTE),
        "cv": bounds_of(fit.cv),
        "longest_wait_min": fit.longest_wait / MINUTE,
        "missed_share": bounds_of(fit.missed_share),
        "unannounced_share": fit.unannounced_share,
        "window_waits_s": bounds_of(fit.window_waits, SECOND),
    }


def patience_groups_data(
    ways: Sequence[PatienceGroups],
    names: Mapping[str, Sequence[str]],
    written: PatienceGroups | None,
) -> list[dict[str, Any]]:
    """Whether matters, booked people or classes differ in patience; the way that explains most
    first.

    Parameters
    ----------
    names
        Of `patience_names`.
    written
        The way that the scenario has.
    """
    return [
        {
            "by": way.by,
            "differ": way.differ,
            "written": way is written,
            "gain": way.gain,
            "needed": way.needed,
            "groups": [
                {
                    "group": group_name(way, group, names),
                    "gave_up": group.n_left,
                    "law": group.law.law,
                    "mean_min": bounds_of(group.mean, MINUTE),
                }
                for group in way.own
            ],
        }
        for way in ways
    ]


def booked_data(fit: BookedFit) -> dict[str, Any]:
    """Booked people beside walk-ins."""
    return {
        "tickets": fit.n,
        "share": bounds_of(fit.share),
        "wait_booked_min": bounds_of(fit.wait_booked, MINUTE),
        "wait_walk_in_min": bounds_of(fit.wait_walk_in, MINUTE),
        "wait_less_min": bounds_of(fit.wait_less, MINUTE),
        "service_ratio": bounds_of(fit.service_ratio),
    }


def punctuality_data(fit: PunctualityFit) -> dict[str, Any]:
    """How early or late booked people come: at begin of the slot - ahead + lateness."""
    law = fit.lateness
    return {
        "tickets": fit.n,
        "other_day": fit.n_other_day,
        "after_begin_min": bounds_of(fit.after, MINUTE),
        "tenth_min": fit.tenth / MINUTE,
        "median_min": fit.median / MINUTE,
        "nine_tenths_min": fit.nine_tenths / MINUTE,
        "late_share": bounds_of(fit.late_share),
        "ahead_min": fit.ahead / MINUTE,
        "lateness": None
        if law is None
        else {
            "law": law.law.law,
            "mean_min": bounds_of(law.mean, MINUTE),
            "cv": bounds_of(law.cv),
        },
        "lateness_values_min": [value / MINUTE for value in fit.values],
    }


def book_data(fit: BookFit) -> dict[str, Any]:
    """Slots of the book, who came for them, and what is seen or assumed of places and no-shows."""
    return {
        "slot_min": fit.slot / MINUTE,
        "tickets": fit.n,
        "without_slot": fit.n_without,
        "no_show": fit.no_show,
        "absent": fit.n_absent,
        "no_show_range": [fit.no_show_low, fit.no_show_high],
        "full": fit.is_full,
        "gain": fit.gain,
        "needed": fit.needed,
        "slots": [
            {
                "weekdays": [WEEKDAYS[day] for day in days.weekdays],
                "begin": format_clock(slot.begin),
                "days": days.n_days,
                "came": bounds_of(slot.came),
                "most": slot.most,
                "places": slot.places,
                "places_range": [slot.low, slot.high],
                "full": slot.is_full,
            }
            for days in fit.days
            for slot in days.slots
        ],
    }


def bounds_of(interval: Interval, unit: float = 1.0) -> dict[str, float | int | None]:
    """An estimate in a unit; None = there is none.

    Examples
    --------
    >>> bounds_of(Interval(120.0, 60.0, float("nan"), n=9), 60.0)
    {'mean': 2.0, 'low': 1.0, 'high': None, 'n': 9}
    """
    ends = {"mean": interval.mean, "low": interval.low, "high": interval.high}
    return {**{key: _finite(end / unit) for key, end in ends.items()}, "n": interval.n}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def snapshot_data(fit: SnapshotFit) -> dict[str, Any]:
    """Window time a call by queues that share windows."""
    table = fit.table
    return {
        "rows": len(table.seen),
        "span_s": table.span / SECOND,
        "uncalled": fit.n_uncalled,
        "tickets_with_pace": fit.n_served,
        "paces": [
            {
                "queues": [table.queues[queue]._asdict() for queue in pace.queues],
                "tickets": pace.n_tickets,
                "calls": pace.n_calls,
                "service_min": bounds_of(pace.service, MINUTE),
                "stated_min": _finite(pace.stated / MINUTE),
            }
            for pace in fit.paces
        ],
    }
