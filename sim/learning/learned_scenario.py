"""A scenario of what a log says: each number with what it was measured from (DESIGN §9.11)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sim.clock import (
    BEIJING,
    Holidays,
    format_span,
    makeup_day,
)
from sim.clock import holiday as is_holiday
from sim.errors import Problem, ScenarioError
from sim.learning.learned import LearnedLog
from sim.learning.learned_book import (
    learned_book,
    written_book,
)
from sim.learning.learned_classes import BOOKED, WALK_IN, log_classes
from sim.learning.learned_days import (
    alike_days,
    day_keys,
    hours_key,
)
from sim.learning.learned_demand import learned_demand
from sim.learning.learned_hall import LEAST_CV, LearnedHall, day_cv
from sim.learning.learned_note import learned_note
from sim.learning.learned_patience import add_patience, is_of_anybody, own_patience, patience_of
from sim.learning.learned_roster import roster_keys, weekly_roster
from sim.learning.learned_work import work_of, work_of_group
from sim.learning.log_matters import OTHERS, matters_of, matters_served
from sim.learning.measured_parts import (
    WrittenPart,
    both_languages,
    floored,
    measured_in,
    short_number,
)
from sim.learning.patience_groups import OwnPatience
from sim.learning.service_law import ServiceLaw
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall

ID: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
LAYOUT: Final = "as_seen"
LONGEST_NAME: Final = 200


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
    profiles, flows = learned_demand(seen, learned)
    used = {flow["matter"] for flow in flows}
    bookable = list(dict.fromkeys(flow["matter"] for flow in flows if "booked_share" in flow))
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
        "applicants": _applicants(seen, learned, used, bookable),
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


def _seen(learned: LearnedLog, hall: LogHall, factor: float) -> LearnedHall:
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
    return LearnedHall(
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
        book=learned_book(learned, log, alike, hall.holidays, day_cv(arrivals)),
    )


def _ids(names: Sequence[str], what: str) -> tuple[str, ...]:
    """Ids of names: themselves where all could be, else numbered."""
    if all(ID.fullmatch(name) for name in names):
        return tuple(names)
    return tuple(f"{what}_{n + 1}" for n in range(len(names)))


# === hours === #


def _whole(seen: LearnedHall) -> set[int]:
    return {day for days in seen.alike for day in days.days.tolist()}


def _first_whole(seen: LearnedHall) -> date:
    return seen.log.first_date + timedelta(days=min(_whole(seen)))


def _calendar(seen: LearnedHall) -> WrittenPart:
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


# === people === #


def _applicants(
    seen: LearnedHall, learned: LearnedLog, used: set[str], bookable: Sequence[str]
) -> WrittenPart:
    part, measured, assumed = WrittenPart(), WrittenPart(), WrittenPart()
    factor = seen.arrivals.day_factor_cv
    if seen.day_cv > 0:
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
    elif classes := log_classes(learned, seen.log):
        part["classes"] = [
            {
                "id": each.id,
                "name": _shortened(each.name) or both_languages("other_classes"),
                "priority": 0,
                **patience_of(seen.file, each.patience),
            }
            for each in classes
        ]
    if learned.patience is not None:
        add_patience(learned.patience, seen.file, part, measured, assumed)
        places = [n for n, id_ in enumerate(seen.ids) if id_ in used]
        if not is_of_anybody(learned, places):  # each has one of its own
            part.pop("patience", None)
            measured = {key: of for key, of in measured.items() if "patience" not in key}
    if seen.book is not None and bookable:
        called_as = BOOKED if learned.booked is not None else ""
        part["appointments"] = [
            written_book(seen.book, bookable, seen.file, both_languages("book"), called_as)
        ]
    # who comes again is among the tickets that are counted
    part["unserved"] = {"returns": 0, "lost": 1}
    if measured:
        part["measured"] = measured
    if assumed:
        part["assumed"] = assumed
    return part


# === work and windows === #


def _matter(seen: LearnedHall, law: ServiceLaw, id_: str, own: OwnPatience | None) -> WrittenPart:
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


def _windows(seen: LearnedHall, used: set[str], factor: float) -> list[WrittenPart]:
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


def _source(seen: LearnedHall) -> str:
    last = seen.log.first_date + timedelta(days=seen.log.n_days - 1)
    return f"{seen.file}, {seen.log.first_date.isoformat()} – {last.isoformat()}"


def _shortened(name: str) -> str:
    """A name as long as the language allows."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
