"""Mechanisms that a planner sets without a file, by headings, and the overrides that come of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, get_args

from sim.clock import HOUR
from sim.scenario.hall import AtBreak
from sim.scenario.initial import InitialState
from sim.scenario.mechanism_parts import (
    CHOSEN_HERE,
    HALL_ROW,
    NEW_ENTRY,
    MechanismField,
    MechanismHall,
    MechanismPart,
    MechanismValues,
    each_part,
    law_written,
    mean_in,
    percent_of,
    plain_part,
    rows_of,
    span_in,
    spelled,
)
from sim.scenario.outages import Outage
from sim.scenario.packed_rows import BRIEFLY

AWAY: Final = 60.0
"""Minutes that who fetches a paper is away, where nothing else is said."""


def mechanism_overrides(
    part: MechanismPart, hall: MechanismHall, values: Mapping[str, MechanismValues]
) -> dict[str, str]:
    """Path -> value for a hall in which rows of a part have other values; empty where they do not.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> hall = MechanismHall(scenario, scenario.layouts[0])
    >>> [walks] = [part for part in MECHANISMS["floor"] if part.fields[0].name == "way_in"]
    >>> mechanism_overrides(walks, hall, {HALL_ROW: (2.0,)})
    {'hall.way_in': '2 min'}
    """
    differs = {row: of for row, of in values.items() if of != part.read(hall, row)}
    overrides = part.write(hall, differs) if differs else ()
    return dict(override.split("=", 1) for override in overrides)


def is_used(part: MechanismPart, hall: MechanismHall) -> bool:
    """Whether any of its rows says something else than a hall without the mechanism."""
    idle = [(None, 0.0, field.blank, *field.options[:1]) for field in part.fields]
    return any(
        value not in without
        for row in rows_of(hall, part.rows)
        for value, without in zip(part.read(hall, row), idle, strict=True)
    )


def _group(hall: MechanismHall, row: str) -> Any:
    return next(group for group in hall.layout.windows if group.id == row)


def _class(hall: MechanismHall, row: str) -> Any:
    return next(each for each in hall.scenario.applicants.classes if each.id == row)


def _matter(hall: MechanismHall, row: str) -> Any:
    return next(matter for matter in hall.scenario.matters if matter.id == row)


# === parts of more than one number === #


def _tickets(hall: MechanismHall) -> Mapping[str, int]:
    return hall.layout.quota.tickets if hall.layout.quota else {}


def _write_tickets(hall: MechanismHall, rows: Mapping[str, MechanismValues]) -> Iterator[str]:
    tickets: dict[str, Any] = {**_tickets(hall), **{row: of[0] for row, of in rows.items()}}
    written = {row: int(n) for row, n in tickets.items() if n is not None}
    yield f"layouts.{hall.layout.id}.quota.tickets={json.dumps(written)}"


def _companions(hall: MechanismHall) -> MechanismValues:
    companions = hall.scenario.applicants.companions
    return (None if companions is None else percent_of(sum(companions.values())),)


def _write_companions(hall: MechanismHall, rows: Mapping[str, MechanismValues]) -> Iterator[str]:
    """As many come along with each of them as before; one where nobody did."""
    [(share,)] = rows.values()
    if not isinstance(share, float):
        yield "applicants.companions=null"
        return
    before = hall.scenario.applicants.companions or {}
    total = sum(before.values())
    shape = {n: part / total for n, part in before.items()} if total else {1: 1.0}
    written = {str(n): round(part * share / 100, 9) for n, part in shape.items()}
    yield f"applicants.companions={json.dumps(written)}"


def _same_day(hall: MechanismHall) -> MechanismValues:
    same_day = hall.scenario.applicants.unserved.same_day
    if same_day is None:
        return None, None
    return percent_of(same_day.share), mean_in(same_day.after)


def _write_same_day(hall: MechanismHall, rows: Mapping[str, MechanismValues]) -> Iterator[str]:
    [(share, after)] = rows.values()
    root, before = "applicants.unserved.same_day", hall.scenario.applicants.unserved.same_day
    if share is None:
        if before is not None:
            yield f"{root}=null"
    elif before is None:
        law = f"{{law: exponential, mean: {spelled(after or AWAY, 'minutes')}, {CHOSEN_HERE}}}"
        yield f"{root}={{share: {spelled(share, 'percent')}, after: {law}, {CHOSEN_HERE}}}"
    else:
        yield f"{root}.share={spelled(share, 'percent')}"
        if after is not None and after != mean_in(before.after):
            yield law_written(before.after, f"{root}.after", after, "minutes")


def _outage(hall: MechanismHall, row: str) -> Outage | None:
    return next((outage for outage in hall.scenario.hall.outages if outage.id == row), None)


def _outage_means(hall: MechanismHall, row: str) -> MechanismValues:
    outage = _outage(hall, row)
    return (None, None) if outage is None else (mean_in(outage.up, HOUR), mean_in(outage.down))


def _write_outages(hall: MechanismHall, rows: Mapping[str, MechanismValues]) -> Iterator[str]:
    for row, (up, down) in rows.items():
        outage = _outage(hall, row)
        if outage is not None:
            yield law_written(outage.up, f"hall.outages.{row}.up", up, "hours")
            yield law_written(outage.down, f"hall.outages.{row}.down", down, "minutes")
            continue
        means = {"up": spelled(up, "hours"), "down": spelled(down, "minutes")}
        laws = [
            f"{name}: {{law: exponential, mean: {mean}}}"
            for name, mean in means.items()
            if mean != "null"
        ]
        new = f"{', '.join(laws)}, {CHOSEN_HERE}"
        if hall.scenario.hall.outages:
            yield f"hall.outages.{row}={{{new}}}"
        else:
            yield f"hall.outages=[{{id: {row}, {new}}}]"


def _also(hall: MechanismHall, row: str) -> MechanismValues:
    """The second matter that most have, and how many."""
    also = {matter: share for matter, share in _matter(hall, row).also.items() if share > 0}
    if not also:
        return None, None
    most = max(also, key=lambda matter: also[matter])
    return most, percent_of(also[most])


def _write_also(hall: MechanismHall, rows: Mapping[str, MechanismValues]) -> Iterator[str]:
    for row, (matter, share) in rows.items():
        most, _ = _also(hall, row)
        also = {name: part for name, part in _matter(hall, row).also.items() if name != most}
        if isinstance(matter, str) and isinstance(share, float):
            also[matter] = round(share / 100, 9)
        if also != {name: part for name, part in _matter(hall, row).also.items() if part > 0}:
            yield f"matters.{row}.also={json.dumps(also)}"


def _at_start(name: Literal["waiting", "backlog"], field: MechanismField) -> MechanismPart:
    """People who wait, or cases that are open, when a run begins: the sum of each matter."""

    def entries(hall: MechanismHall) -> list[dict[str, Any]]:
        initial = hall.scenario.initial or InitialState()
        written = initial.model_dump(mode="json", exclude_unset=True, context=BRIEFLY)
        listed: list[dict[str, Any]] = written.get(name, [])
        return listed

    def read(hall: MechanismHall, row: str) -> MechanismValues:
        numbers = [int(entry["number"]) for entry in entries(hall) if entry["matter"] == row]
        return (float(sum(numbers)) if numbers else None,)

    def write(hall: MechanismHall, rows: Mapping[str, MechanismValues]) -> Iterator[str]:
        listed = entries(hall)
        for row, (number,) in rows.items():
            own = [entry for entry in listed if entry["matter"] == row]
            if not own:
                own = [{"id": f"{row}_{NEW_ENTRY}", "matter": row, "number": 0}]
                listed += own
            left = int(number) if isinstance(number, float) else 0
            for entry in own[1:]:  # the first entry has what the others leave
                entry["number"] = min(int(entry["number"]), left)
                left -= entry["number"]
            own[0]["number"] = left
        yield f"initial.{name}={json.dumps(listed, ensure_ascii=False)}"

    return MechanismPart("matter", (field,), read, write, lambda hall: (f"initial.{name}",))


BREAK_RULES: Final[tuple[str, ...]] = get_args(AtBreak)
CALLING_RULES: Final = ("priority", "weighted_wait", "own_first", "alternation", "longest_list")
MECHANISMS: Final[Mapping[str, tuple[MechanismPart, ...]]] = {
    "breaks": (
        plain_part(
            MechanismField("at_break", "choice", options=BREAK_RULES),
            "hall.at_break",
            lambda hall: hall.scenario.hall.at_break,
        ),
        plain_part(
            MechanismField("last_ticket_before_break", "minutes", high=240, blank=0.0),
            "hall.last_ticket_before_break",
            lambda hall: span_in(hall.scenario.hall.last_ticket_before_break),
        ),
        plain_part(
            MechanismField("closing", "choice", options=("serve_all", "cut_off", "keep_ticket")),
            "hall.closing",
            lambda hall: hall.scenario.hall.closing,
        ),
    ),
    "quota": (
        plain_part(
            MechanismField("beyond_closing", "choice", options=("give", "refuse")),
            "layouts.{layout}.quota.beyond_closing",
            lambda hall: hall.layout.quota.beyond_closing if hall.layout.quota else "give",
        ),
        MechanismPart(
            "list",
            (MechanismField("tickets", "whole", high=100_000),),
            lambda hall, row: (float(_tickets(hall)[row]) if row in _tickets(hall) else None,),
            _write_tickets,
            lambda hall: (f"layouts.{hall.layout.id}.quota.tickets",),
        ),
    ),
    "calling": (
        plain_part(
            MechanismField("calling_rule", "choice", options=CALLING_RULES),
            "layouts.{layout}.calling.rule",
            lambda hall: hall.layout.calling.rule,
        ),
        plain_part(
            MechanismField("ageing", "minutes", low=0.1, high=600),
            "layouts.{layout}.calling.ageing",
            lambda hall: span_in(hall.layout.calling.ageing),
        ),
        plain_part(
            MechanismField("help_after", "minutes", high=600, blank=0.0),
            "layouts.{layout}.calling.help_after",
            lambda hall: span_in(hall.layout.calling.help_after),
        ),
        plain_part(
            MechanismField("own_calls", "whole", low=1, high=1_000, blank=1.0),
            "layouts.{layout}.calling.own_calls",
            lambda hall: float(hall.layout.calling.own_calls),
        ),
    ),
    "floor": (
        plain_part(
            MechanismField("way_in", "minutes", high=60, blank=0.0),
            "hall.way_in",
            lambda hall: span_in(hall.scenario.hall.way_in),
        ),
        plain_part(
            MechanismField("walk", "minutes", high=60, blank=0.0),
            "hall.walk",
            lambda hall: span_in(hall.scenario.hall.walk),
        ),
        each_part(
            "group",
            MechanismField("group_walk", "minutes", high=60),
            "layouts.{layout}.windows.{row}",
            "walk",
            _group,
        ),
        each_part(
            "group",
            MechanismField("changeover", "minutes", high=240, blank=0.0),
            "layouts.{layout}.windows.{row}",
            "changeover",
            _group,
        ),
    ),
    "staff": (
        plain_part(
            MechanismField("absence", "percent", high=100, blank=0.0),
            "hall.absence",
            lambda hall: percent_of(hall.scenario.hall.absence),
        ),
        each_part(
            "group",
            MechanismField("group_absence", "percent", high=100),
            "layouts.{layout}.windows.{row}",
            "absence",
            _group,
        ),
        MechanismPart(
            "outage",
            (
                MechanismField("outage_up", "hours", low=0.1, high=100_000),
                MechanismField("outage_down", "minutes", low=0.1, high=10_000),
            ),
            _outage_means,
            _write_outages,
            lambda hall: ("hall.outages",),
        ),
    ),
    "people": (
        MechanismPart(
            "hall",
            (MechanismField("patience", "minutes", low=0.1, high=10_000),),
            lambda hall, _: (mean_in(hall.scenario.applicants.patience),),
            lambda hall, rows: iter(
                [
                    law_written(
                        hall.scenario.applicants.patience,
                        "applicants.patience",
                        rows[HALL_ROW][0],
                        "minutes",
                    )
                ]
            ),
            lambda hall: ("applicants.patience",),
        ),
        plain_part(
            MechanismField("balk_at", "whole", high=100_000),
            "applicants.balk_at",
            lambda hall: _whole(hall.scenario.applicants.balk_at),
        ),
        MechanismPart(
            "hall",
            (MechanismField("companions", "percent", high=100),),
            lambda hall, _: _companions(hall),
            _write_companions,
            lambda hall: ("applicants.companions",),
        ),
        MechanismPart(
            "hall",
            (
                MechanismField("same_day_share", "percent", high=100),
                MechanismField("same_day_after", "minutes", low=0.1, high=1_440),
            ),
            lambda hall, _: _same_day(hall),
            _write_same_day,
            lambda hall: ("applicants.unserved.same_day",),
        ),
        each_part(
            "class",
            MechanismField("class_patience", "minutes", low=0.1, high=10_000),
            "applicants.classes.{row}",
            "patience",
            _class,
        ),
        each_part(
            "class",
            MechanismField("class_balk_at", "whole", high=100_000),
            "applicants.classes.{row}",
            "balk_at",
            _class,
        ),
        each_part(
            "class",
            MechanismField("class_lateness", "minutes", high=600),
            "applicants.classes.{row}",
            "lateness",
            _class,
        ),
        each_part(
            "class",
            MechanismField("class_no_show", "percent", high=100),
            "applicants.classes.{row}",
            "no_show",
            _class,
        ),
    ),
    "work": (
        plain_part(
            MechanismField("transfer", "choice", options=("keep_place", "new_ticket")),
            "layouts.{layout}.transfer",
            lambda hall: hall.layout.transfer,
        ),
        MechanismPart(
            "matter",
            (
                MechanismField("also_matter", "matter"),
                MechanismField("also_share", "percent", high=100),
            ),
            _also,
            _write_also,
            lambda hall: tuple(f"matters.{row}.also" for row in rows_of(hall, "matter")),
        ),
        each_part(
            "matter",
            MechanismField("wrap_up", "minutes", high=600, blank=0.0),
            "matters.{row}",
            "wrap_up",
            _matter,
        ),
        each_part(
            "matter",
            MechanismField("matter_patience", "minutes", low=0.1, high=10_000),
            "matters.{row}",
            "patience",
            _matter,
        ),
    ),
    "start": (
        _at_start("waiting", MechanismField("waiting", "whole", high=100_000)),
        _at_start("backlog", MechanismField("backlog", "whole", high=100_000)),
    ),
}
"""Heading -> its parts, in the order in which they are shown; words `mechanism_part.<heading>`."""


def _whole(number: int | None) -> float | None:
    return None if number is None else float(number)
