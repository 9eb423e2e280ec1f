"""A scenario of what a log says: each number with what it was measured from (DESIGN §9.11)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, t_interval
from sim.clock import (
    BEIJING,
    WEEKDAYS,
    Holidays,
    format_span,
    makeup_day,
)
from sim.clock import holiday as is_holiday
from sim.errors import Problem, ScenarioError
from sim.learning.arrivals import ArrivalFit
from sim.learning.learned import LearnedLog
from sim.learning.learned_days import AlikeDays, alike_days, day_keys, hours_key, in_hall
from sim.learning.learned_note import learned_note
from sim.learning.learned_patience import add_patience, is_of_anybody, own_patience, patience_of
from sim.learning.learned_roster import RosterHour, roster_keys, weekly_roster
from sim.learning.learned_work import work_of, work_of_group
from sim.learning.log_matters import OTHERS, LogMatters, matters_of, matters_served
from sim.learning.measured_parts import (
    WrittenPart,
    both_languages,
    floored,
    measured_in,
    short_number,
)
from sim.learning.patience_groups import OwnPatience
from sim.learning.service_law import ServiceLaw
from sim.learning.services import ServiceFit
from sim.learning.staffing import StaffingFit
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall

ID: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
LAYOUT: Final = "as_seen"
BOOKED, WALK_IN = "booked", "walk_in"
LEAST_PER_DAY: Final = 0.01
"""Tickets a day, below which a matter is left out on days that are alike."""
LONGEST_NAME: Final = 200
LEAST_CV: Final = 0.01
"""Of the day factor, below which days do not differ beyond chance."""


class _LearnedHall(NamedTuple):
    """Everything that a scenario is made of."""

    log: TicketLog
    file: str
    hall: LogHall
    arrivals: ArrivalFit
    services: ServiceFit
    staffing: StaffingFit
    matters: LogMatters
    ids: tuple[str, ...]
    """Of matters."""
    alike: tuple[AlikeDays, ...]
    served: tuple[tuple[int, ...], ...]
    """By group of windows, places of matters."""
    rosters: Mapping[tuple[int, int], tuple[RosterHour, ...]]
    """By group, and kind of days."""


def learned_scenario(
    learned: LearnedLog, name: str, hall: LogHall = LogHall(), factor: float = 1.0
) -> WrittenPart:
    """What a scenario file says of the hall of a log, as plain data.

    Parameters
    ----------
    name
        Of the scenario.
    hall
        Calendar and time zone with which the log was read.
    factor
        On the clerks that the log tells; `roster_factor` finds the one that its waits ask for.

    Raises
    ------
    ScenarioError
        `log_lacks_tickets` when the log is one of cases, `log_lacks_place` when it is snapshots of
        several halls; `log_lacks_arrivals`, `_services`,
        `_staffing` when it says too little of these.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> written = learned_scenario(learned, "An office")
    >>> written["calendars"][0]["weekly"]
    {'mon-fri': ['08:30-16:30']}
    >>> written["layouts"][0]["windows"][0]["clerks"]
    {'mon-fri 08:30-16:30': 3}
    """
    seen = _seen(learned, hall, factor)
    profiles, flows = _demand(seen, learned)
    used = {flow["matter"] for flow in flows}
    left_out = [n for n, id_ in enumerate(seen.ids) if id_ not in used]
    patient = own_patience(learned, "matters")
    few = [shared for days in seen.alike for shared in days.few]
    last = min(days.hours[-1][1] - days.end for days in seen.alike)
    return {
        "name": name,
        "source": _source(seen),
        "note": learned_note(learned, [seen.matters.names[n] for n in left_out], few, factor),
        "run": {"start": _first_whole(seen), "measured_days": seen.arrivals.n_days},
        "calendars": [_calendar(seen)],
        "hall": {
            "name": name,
            "hours": "hall",
            **({"last_ticket": format_span(last)} if last else {}),
            **({} if hall.time_zone == BEIJING else {"time_zone": hall.time_zone}),
        },
        "applicants": _applicants(seen, learned, used),
        "matters": [
            _matter(seen, law, seen.ids[law.matter], patient.get(law.matter))
            for law in seen.services.laws
            if seen.ids[law.matter] in used
        ],
        "profiles": profiles,
        "demand": flows,
        "layouts": [
            {
                "id": LAYOUT,
                "name": both_languages("layout"),
                "windows": _windows(seen, used, factor),
            }
        ],
    }


def _seen(learned: LearnedLog, hall: LogHall, factor: float) -> _LearnedHall:
    log, arrivals = learned.log, learned.arrivals
    services, staffing = learned.services, learned.staffing
    lacks = [
        code
        for code, fit in (
            ("log_lacks_arrivals", arrivals),
            ("log_lacks_services", services),
            ("log_lacks_staffing", staffing),
        )
        if fit is None
    ]
    if not isinstance(log, TicketLog) or arrivals is None or services is None or staffing is None:
        codes = lacks if isinstance(log, TicketLog) else ["log_lacks_tickets"]
        if learned.snapshots is not None and "several_places" in learned.quality.limits:
            codes = ["log_lacks_place"]
        raise ScenarioError(Problem(code, "--out", learned.file) for code in codes)
    matters = matters_of(log)
    alike = alike_days(log, staffing, hall.holidays)
    rosters = {
        (group, kind): weekly_roster(staffing, group, days, factor)
        for group in range(len(staffing.groups))
        for kind, days in enumerate(alike)
    }
    return _LearnedHall(
        log=log,
        file=learned.files.title,
        hall=hall,
        arrivals=arrivals,
        services=services,
        staffing=staffing,
        matters=matters,
        ids=_ids(matters.names, "matter"),
        alike=alike,
        served=matters_served(log, staffing.groups),
        rosters=rosters,
    )


def _ids(names: Sequence[str], what: str) -> tuple[str, ...]:
    """Ids of names: themselves where all could be, else numbered."""
    if all(ID.fullmatch(name) for name in names):
        return tuple(names)
    return tuple(f"{what}_{n + 1}" for n in range(len(names)))


# === hours === #


def _whole(seen: _LearnedHall) -> set[int]:
    return {day for days in seen.alike for day in days.days.tolist()}


def _first_whole(seen: _LearnedHall) -> date:
    return seen.log.first_date + timedelta(days=min(_whole(seen)))


def _calendar(seen: _LearnedHall) -> WrittenPart:
    """Weekly hours, and the dates of the log on which they did not hold."""
    open_days, whole = set[int](), _whole(seen)
    for days in seen.alike:
        open_days |= set(days.weekdays)
    holidays: Holidays = seen.hall.holidays
    closed = []
    for day in range(min(whole), seen.log.n_days):
        when = seen.log.first_date + timedelta(days=day)
        makes_up = makeup_day(when, holidays)
        opens = makes_up or (when.weekday() in open_days and not is_holiday(when, holidays))
        if opens and day not in whole and day <= max(whole):
            closed.append(when)
    return {
        "id": "hall",
        "weekly": {
            key: [hours_key(*hours) for hours in days.hours]
            for days in seen.alike
            for key in day_keys(days.weekdays)
        },
        "holidays": holidays,
        **({"closed": closed} if closed else {}),
    }


# === who comes === #


def _demand(seen: _LearnedHall, learned: LearnedLog) -> tuple[list[WrittenPart], list[WrittenPart]]:
    """A profile for each kind of days, and a flow for each of them and matter."""
    profiles, flows = [], []
    here = in_hall(seen.log)
    code = seen.matters.code
    with_matter = np.count_nonzero(here & (code >= 0))
    without = np.count_nonzero(here) / with_matter if with_matter else 1.0
    for kind, days in enumerate(seen.alike):
        profile = "day" if kind == 0 else f"day_{kind + 1}"
        profiles.append(_profile(profile, days, seen))
        for matter, id_ in enumerate(seen.ids):
            if not any(
                matter in served and any(row.clerks for row in seen.rosters[group, kind])
                for group, served in enumerate(seen.served)
            ):
                continue
            counts = np.bincount(seen.log.day[here & (code == matter)], minlength=seen.log.n_days)[
                days.days
            ]
            per_day = t_interval(counts * without)
            if not per_day.mean > LEAST_PER_DAY:
                continue
            flows.append(
                {
                    "id": id_ if kind == 0 else f"{id_}_{kind + 1}",
                    "matter": id_,
                    "per_day": short_number(per_day.mean),
                    "profile": profile,
                    **_factors(seen, days, per_day, int(counts.sum()), learned),
                }
            )
    return profiles, flows


def _profile(profile: str, days: AlikeDays, seen: _LearnedHall) -> WrittenPart:
    tickets = int(np.isin(seen.log.day[in_hall(seen.log)], days.days).sum())
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
    seen: _LearnedHall, days: AlikeDays, per_day: Interval, n: int, learned: LearnedLog
) -> WrittenPart:
    """Weekdays, months and classes of a flow, and what all of it was measured from."""
    measured = {"per_day": per_day} if math.isfinite(per_day.low) else {}
    weekdays = {}
    for number, factor in days.factors:
        weekdays[WEEKDAYS[number]] = short_number(factor.mean)
        if math.isfinite(factor.low):
            measured[f"weekdays.{WEEKDAYS[number]}"] = factor
    others = [number for other in seen.alike if other is not days for number in other.weekdays]
    if others and 0 not in days.weekdays:  # make-up days are Mondays
        others = [number for number in range(7) if number not in days.weekdays]
    weekdays |= {WEEKDAYS[number]: 0 for number in sorted(others)}
    months = {str(month): short_number(factor.mean) for month, factor in seen.arrivals.months}
    measured |= {f"months.{month}": factor for month, factor in seen.arrivals.months}
    classes = {}
    if learned.booked is not None:
        share = short_number(learned.booked.share.mean)
        classes = {BOOKED: share, WALK_IN: short_number(1 - share)}
        measured[f"classes.{BOOKED}"] = learned.booked.share
    parts = {"weekdays": weekdays, "months": months, "classes": classes}
    return {
        **{key: part for key, part in parts.items() if part},
        "measured": {
            key: measured_in(seen.file, n, floored(interval, 0.0))
            for key, interval in measured.items()
        },
    }


def _applicants(seen: _LearnedHall, learned: LearnedLog, used: set[str]) -> WrittenPart:
    part, measured, assumed = WrittenPart(), WrittenPart(), WrittenPart()
    factor = seen.arrivals.day_factor_cv
    if math.isfinite(factor.mean) and factor.mean >= LEAST_CV:
        part["day_factor"] = {"law": "gamma", "mean": 1, "cv": short_number(factor.mean)}
        measured["day_factor.cv"] = measured_in(
            seen.file, seen.arrivals.n_days, floored(factor, LEAST_CV)
        )
    if learned.booked is not None:
        first = learned.booked.wait_less.low > 0  # then they are called before others
        own = own_patience(learned, "booked")
        part["classes"] = [
            {
                "id": BOOKED,
                "name": both_languages("booked"),
                "priority": 0,
                **patience_of(seen.file, own.get(1)),
            },
            {
                "id": WALK_IN,
                "name": both_languages("walk_in"),
                "priority": int(first),
                **patience_of(seen.file, own.get(0)),
            },
        ]
    if learned.patience is not None:
        add_patience(learned.patience, seen.file, part, measured, assumed)
        places = [n for n, id_ in enumerate(seen.ids) if id_ in used]
        if not is_of_anybody(learned, places):  # each has one of its own
            part.pop("patience", None)
            measured = {key: of for key, of in measured.items() if "patience" not in key}
    # who comes again is among the tickets that are counted
    part["unserved"] = {"returns": 0, "lost": 1}
    if measured:
        part["measured"] = measured
    if assumed:
        part["assumed"] = assumed
    return part


# === work and windows === #


def _matter(seen: _LearnedHall, law: ServiceLaw, id_: str, own: OwnPatience | None) -> WrittenPart:
    """A matter with its work, and its patience where that is its own."""
    called = seen.matters.names[law.matter]
    name = _shortened(called) or both_languages("matter")
    if called == OTHERS:
        name = both_languages("other_matters")
    work = work_of(law, seen.file, seen.services.cv_assumed)
    patience = patience_of(seen.file, own)
    measured = {**work.get("measured", {}), **patience.get("measured", {})}
    part = {"id": id_, "name": name, **work, **patience}
    return {**part, **({"measured": measured} if measured else {})}


def _windows(seen: _LearnedHall, used: set[str], factor: float) -> list[WrittenPart]:
    groups = []
    paces = {pace.windows: pace for pace in seen.services.groups}
    laws = {law.matter: law for law in seen.services.laws}
    for number, group in enumerate(seen.staffing.groups):
        serves = [seen.ids[matter] for matter in seen.served[number] if seen.ids[matter] in used]
        clerks, assumed = WrittenPart(), WrittenPart()
        for kind, days in enumerate(seen.alike):
            for key, row, whole in roster_keys(days, seen.rosters[number, kind]):
                clerks[key] = whole
                if row.low < row.high:
                    assumed[f"clerks.{key}"] = [math.floor(row.low), math.ceil(row.high)]
        if not serves or not any(clerks.values()):
            continue
        name = {"name": _shortened(", ".join(group.windows))} if group.windows else {}
        part: WrittenPart = {"id": group.id, **name, "serves": serves, "clerks": clerks}
        pace = paces.get(group.windows)
        if pace is not None and len(paces) > 1:
            ids = {m: seen.ids[m] for m in seen.served[number] if seen.ids[m] in used}
            part |= work_of_group(pace, laws, ids, seen.file, group.n_tickets)
        if assumed:
            note = "clerks" if factor == 1 else "clerks_with_factor"
            part |= {"assumed": assumed, "note": both_languages(note)}
        groups.append(part)
    return groups


# === words and numbers === #


def _source(seen: _LearnedHall) -> str:
    last = seen.log.first_date + timedelta(days=seen.log.n_days - 1)
    return f"{seen.file}, {seen.log.first_date.isoformat()} – {last.isoformat()}"


def _shortened(name: str) -> str:
    """A name as long as the language allows."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
