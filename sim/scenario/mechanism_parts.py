"""What a part of a mechanism is that planners set without a file, and how values are written.

A part is what is written together, such as how often a system fails and how long it is down. It has
values a row: one row for the hall or a layout, else one for each list, window group, class, matter
or outage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from sim.clock import MINUTE
from sim.scenario.distributions import mean_of
from sim.scenario.hall import Layout
from sim.scenario.scenario import Scenario

MechanismKind = Literal["minutes", "hours", "percent", "whole", "choice", "matter"]
MechanismRows = Literal["hall", "list", "group", "class", "matter", "outage"]
MechanismValue: TypeAlias = float | str | None
"""A number in the unit of its kind, a word, or nothing where the mechanism is off."""
MechanismValues: TypeAlias = tuple[MechanismValue, ...]
HALL_ROW: Final = ""
"""The one row of parts of the hall, or of a layout."""
NEW_ENTRY: Final = "from_page"
"""Id of an outage, a queue or a backlog that no file has."""
LAWS: Final = ("patience", "wrap_up", "lateness")
"""Fields of rows that are laws, of which the mean is shown."""
CHOSEN_HERE: Final = "source: chosen"


class MechanismField(NamedTuple):
    """One number or word; its words are `mechanism.<name>`, with help `mechanism_help.<name>`."""

    name: str
    kind: MechanismKind
    low: float = 0.0
    high: float = 600.0
    options: tuple[str, ...] = ()
    """Of a choice."""
    blank: float | None = None
    """What an empty field means."""


class MechanismHall(NamedTuple):
    """A scenario, and the layout whose windows and lists are meant."""

    scenario: Scenario
    layout: Layout


@dataclass(frozen=True)
class MechanismPart:
    """Fields that are written together, in each of their rows."""

    rows: MechanismRows
    fields: tuple[MechanismField, ...]
    read: Callable[[MechanismHall, str], MechanismValues]
    """Of a row."""
    write: Callable[[MechanismHall, Mapping[str, MechanismValues]], Iterator[str]]
    """Overrides of a hall, given rows that are to be unlike it."""
    roots: Callable[[MechanismHall], tuple[str, ...]]
    """Paths at or below which it writes."""


def rows_of(hall: MechanismHall, rows: MechanismRows) -> tuple[str, ...]:
    """Ids of the rows, in the order of the scenario; an outage that is not there yet has one too.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> rows_of(MechanismHall(scenario, scenario.layouts[0]), "group")
    ('windows',)
    """
    match rows:
        case "hall":
            return (HALL_ROW,)
        case "list":
            return tuple(dict.fromkeys(group.list_id for group in hall.layout.windows))
        case "group":
            return tuple(group.id for group in hall.layout.windows)
        case "class":
            return tuple(each.id for each in hall.scenario.applicants.classes)
        case "matter":
            return tuple(matter.id for matter in hall.scenario.matters)
        case "outage":
            ids = [outage.id for outage in hall.scenario.hall.outages if outage.up is not None]
            return tuple(ids or [NEW_ENTRY])


# === how values are written === #


def percent_of(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 6)


def span_in(ticks: float | None, unit: int = MINUTE) -> float | None:
    return None if ticks is None else round(ticks / unit, 6)


def mean_in(law: Any, unit: int = MINUTE) -> float | None:
    return None if law is None else span_in(mean_of(law), unit)


def spelled(value: MechanismValue, kind: MechanismKind) -> str:
    match kind, value:
        case _, None:
            return "null"
        case "minutes", float():
            return f"{value:g} min"
        case "hours", float():
            return f"{value:g} h"
        case "percent", float():
            return f"{value / 100:g}"
        case _, float():
            return f"{value:g}"
    return str(value)


def law_written(law: Any, path: str, value: MechanismValue, kind: MechanismKind) -> str:
    """A law of the same form with another mean, or exponential where the form has no mean."""
    if value is None:
        return f"{path}=null"
    mean = spelled(value, kind)
    if value == 0:
        return f"{path}={{law: constant, value: {mean}}}"
    if law is not None and hasattr(law, "mean"):
        return f"{path}.mean={mean}"
    return f"{path}={{law: exponential, mean: {mean}, {CHOSEN_HERE}}}"


def plain_part(
    field: MechanismField, path: str, read: Callable[[MechanismHall], MechanismValue]
) -> MechanismPart:
    """One field of the hall or of the layout; `{layout}` in its path is that of the layout."""

    def root(hall: MechanismHall) -> str:
        return path.format(layout=hall.layout.id)

    def write(hall: MechanismHall, rows: Mapping[str, MechanismValues]) -> Iterator[str]:
        yield f"{root(hall)}={spelled(rows[HALL_ROW][0], field.kind)}"

    return MechanismPart(
        "hall", (field,), lambda hall, _: (read(hall),), write, lambda hall: (root(hall),)
    )


def each_part(
    rows: MechanismRows,
    field: MechanismField,
    path: str,
    key: str,
    find: Callable[[MechanismHall, str], Any],
) -> MechanismPart:
    """One field of each row: `path` with the ids of row and layout, then `key`."""
    is_law = key in LAWS

    def root(hall: MechanismHall, row: str) -> str:
        return f"{path.format(row=row, layout=hall.layout.id)}.{key}"

    def read(hall: MechanismHall, row: str) -> MechanismValues:
        value = getattr(find(hall, row), key)
        if is_law:
            return (mean_in(value),)
        if field.kind == "percent":
            return (percent_of(value),)
        return (span_in(value, MINUTE if field.kind == "minutes" else 1),)

    def write(hall: MechanismHall, values: Mapping[str, MechanismValues]) -> Iterator[str]:
        for row, (value,) in values.items():
            if is_law:
                yield law_written(getattr(find(hall, row), key), root(hall, row), value, field.kind)
            else:
                yield f"{root(hall, row)}={spelled(value, field.kind)}"

    return MechanismPart(
        rows,
        (field,),
        read,
        write,
        lambda hall: tuple(root(hall, row) for row in rows_of(hall, rows)),
    )
