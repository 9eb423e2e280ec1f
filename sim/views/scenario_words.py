"""What is said of a scenario: its size, offered loads, every assumption and every source."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal, get_args

from sim.analysis.offered import Load, cases_a_day
from sim.clock import HOUR
from sim.plan.initial import initial_work
from sim.plan.plan import Plan
from sim.runs.equilibrium import depends_on_waits
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.dated_rosters import most_of_group
from sim.scenario.hours import workday_holidays
from sim.scenario.node import Steps
from sim.scenario.provenance import ADDRESS, Number, Origin, range_path, with_ranges
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.blocks import AnyBlock, AnyCell, CodeCell, SentenceBlock, TableBlock, say_each
from sim.views.lever_names import lever_name
from sim.views.promise_words import promise_blocks
from sim.views.replay_words import arrivals_table
from sim.views.scenario_names import (
    department_name,
    group_name,
    layout_name,
)
from sim.views.sizes import size_rows

AMOUNT: Final = re.compile(r"(-?\d+(?:\.\d+)?) (s|min|h|d|wd)")
"""A duration as scenarios write it."""
MOST_SHOWN: Final = 4
"""Values or places that one row of a table names."""
Kind = Literal["sources", "measurements", "assumptions"]
"""Kinds of numbers whose origin is told number by number."""
ORIGINS_OF: Final[Mapping[Kind, frozenset[Origin]]] = {
    "sources": frozenset({"published", "document"}),
    "measurements": frozenset({"measured"}),
    "assumptions": frozenset({"assumed"}),
}
ORIGIN_HEADS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "sources": ("source",),
    "measurements": ("low_end", "high_end", "measured_from", "observations"),
    "assumptions": ("low_end", "high_end", "why"),
}


def scenario_blocks(
    scenario: Scenario,
    path: str,
    plans: Sequence[Plan],
    loads: Mapping[str, Sequence[Load]],
    numbers: Sequence[Number],
    text: Text,
) -> list[AnyBlock]:
    """Size, layouts, promises, offered load, every assumption, every source.

    Parameters
    ----------
    path
        Of the scenario.
    plans
        Of its layouts.
    loads
        By layout.
    """
    waits = [text("cli.loads_before_waits")] if depends_on_waits(plans[0]) else []
    departments = _departments_table(scenario, next(iter(loads.values())), text)
    return [
        *say_each(_size_lines(scenario, path, plans[0], text), "plain"),
        *promise_blocks(scenario, text),
        _groups_table(scenario, loads, text),
        *say_each(waits, "note"),
        *([departments] if departments.rows else []),
        *([replayed] if (replayed := arrivals_table(scenario, text)).rows else []),
        SentenceBlock(_origins(numbers, text)),
        *(table for table in range_tables(numbers, text) if table.rows),
        source_table(numbers, text),
        size_table(scenario, text),
    ]


# === how large it is, and how much work comes === #


def _size_lines(scenario: Scenario, path: str, plan: Plan, text: Text) -> Iterator[str]:
    yield text(
        "cli.checked",
        file=path,
        matters=len(scenario.matters),
        departments=len(scenario.departments),
        layouts=len(scenario.layouts),
    )
    period = plan.period
    first, days = date.fromordinal(period.start_ordinal), len(period.hall_days)
    yield text(
        "cli.check_period",
        name=text.name(scenario.name),
        hash=scenario.hash,
        first=text.date(first + timedelta(days=period.measured_from)),
        last=text.date(first + timedelta(days=int(period.hall_days[-1]))),
        days=days,
        cases=text.number(cases_a_day(plan), 1),
    )
    people, cases = scenario.initial.size if scenario.initial else (0, 0)
    if people + cases > 0:
        at_windows, in_office = (ticks / HOUR for ticks in initial_work(plan.demand))
        yield text(
            "cli.check_initial",
            people=text.number(people, 0),
            cases=text.number(cases, 0),
            people_hours=text.number(at_windows, 1),
            case_hours=text.number(in_office, 1),
        )
    if scenario.run.holidays is None and workday_holidays(scenario) == "china":
        yield text("cli.check_workdays")
    for layout in scenario.layouts:
        yield text(
            "cli.check_layout",
            name=text.name(layout.name),
            id=layout.id,
            windows=sum(most_of_group(layout, group) for group in layout.windows),
            hours=text.number(weekly_clerk_hours(scenario, layout), 1),
        )
    if training := scenario.hall.training:
        yield text(
            "cli.check_training",
            sessions=training.sessions,
            people=training.people,
            staff=training.staff,
            service=text.number(training.service_factor, 3),
            corrections=text.number(training.correction_factor, 3),
        )


def _groups_table(
    scenario: Scenario, loads: Mapping[str, Sequence[Load]], text: Text
) -> TableBlock:
    rows: list[tuple[str, ...]] = []
    parts = []
    for layout, layout_loads in loads.items():
        parts.append(len(rows))
        groups = [load for load in layout_loads if load.kind == "group"]
        for n, load in enumerate(groups):
            heading = "" if n else layout_name(scenario, layout, text)
            name = group_name(scenario, layout, load.id, text)
            rows.append((heading, name, load.id, *_load_cells(load, text)))
    title = text("cli.heading.groups")
    heads = _heads(("layout", "name", "id", "work_hours", "staffed_hours", "load"), text)
    return TableBlock(title, heads, tuple(rows), names=3, parts=tuple(parts))


def _departments_table(scenario: Scenario, loads: Sequence[Load], text: Text) -> TableBlock:
    rows = []
    for load in loads:
        if load.kind == "group":
            continue
        desk = load.kind == "reception"
        name = text("cli.load_kind.reception") if desk else department_name(scenario, load.id, text)
        rows.append((name, load.id, *_load_cells(load, text)))
    title = text("cli.heading.departments")
    heads = _heads(("name", "id", "work_hours", "staffed_hours", "load"), text)
    return TableBlock(title, heads, tuple(rows), names=2)


def _load_cells(load: Load, text: Text) -> tuple[str, str, str]:
    share = text.share(load.load, 0) if math.isfinite(load.load) else "∞"
    return (
        text.number(load.work_hours, 1),
        text.number(load.staffed_hours, 1),
        f"{share} !" if load.load > 1 else share,
    )


# === its numbers === #


def _origins(numbers: Sequence[Number], text: Text) -> str:
    """How many numbers are published, of a document, measured, assumed, or of nowhere."""
    counts = Counter(number.origin for number in numbers)
    parts = [
        text(f"cli.numbers_{origin}", n=counts[origin])
        for origin in get_args(Origin)
        if counts[origin] or origin not in ("document", "measured")
    ]
    return text("cli.numbers_known", numbers=len(numbers), origins=text("format.list").join(parts))


def range_tables(numbers: Sequence[Number], text: Text) -> tuple[TableBlock, TableBlock]:
    """What is assumed, and what was measured; without rows where nothing is."""
    return assumption_table(numbers, text), measurement_table(numbers, text)


def assumption_table(
    numbers: Sequence[Number], text: Text, *, with_reasons: bool = True
) -> TableBlock:
    """A row for each range that is stated, its number where it holds for one.

    Parameters
    ----------
    with_reasons
        A last column says why, each note once; a document lists notes on their own.
    """
    heads = ("path", "numbers", "found_values", "range", *(["why"] if with_reasons else []))
    rows: list[tuple[AnyCell, ...]] = []
    notes_shown = set()
    for place, same in with_ranges(number for number in numbers if number.assumed).items():
        row = _range_cells(place, same)
        if with_reasons:
            notes = {number.note for number in same}
            note = text.said(same[0].note) if len(notes) == 1 else ""
            row.append("" if note in notes_shown else note)
            notes_shown.add(note)
        rows.append(tuple(row))
    note = text("cli.assumed_note") if with_reasons else ""
    title = text("cli.heading.assumptions")
    return TableBlock(title, _heads(heads, text), tuple(rows), note, names=len(heads))


def measurement_table(numbers: Sequence[Number], text: Text) -> TableBlock:
    """A row for each measurement: its numbers, interval, data and observations."""
    measured = with_ranges(number for number in numbers if number.measured)
    rows = tuple(
        (*_range_cells(place, same), *_data_cells(same[0], text))
        for place, same in measured.items()
    )
    heads = (
        "path",
        "numbers",
        "found_values",
        "confidence_interval",
        "measured_from",
        "observations",
    )
    title = text("cli.heading.measurements")
    return TableBlock(title, _heads(heads, text), rows, names=len(heads))


def _range_cells(place: Steps, same: Sequence[Number]) -> list[AnyCell]:
    """Path, number and values of what shares a range, and the range."""
    path = same[0].path if len(same) == 1 else range_path(place)
    return [
        CodeCell(written_path(path)),
        str(len(same)),
        few(shown_value(number.value) for number in same),
        f"{shown_value(same[0].low)} – {shown_value(same[0].high)}",
    ]


def _data_cells(number: Number, text: Text) -> tuple[str, str]:
    """What a number was measured from, and how many observations that were."""
    measured = number.measured
    return (measured.file, text.number(measured.n, 0)) if measured else ("", "")


def source_table(numbers: Sequence[Number], text: Text) -> TableBlock:
    """Each source once: whether others can open it, and how many numbers rest on it.

    Beside them those that are assumed about what it tells.
    """
    by_source: dict[str, list[Number]] = {}
    for number in numbers:
        if number.source:
            by_source.setdefault(number.source, []).append(number)
    rows = []
    for source, same in by_source.items():
        assumed = sum(number.assumed for number in same)
        resting = sum(number.origin in ORIGINS_OF["sources"] for number in same)
        same.sort(key=lambda number: bool(number.stated_at))
        places = few(written_path(number.path) for number in same)
        public = text("app.yes" if ADDRESS.search(source) else "app.no")
        rows.append((source, public, str(resting), str(assumed), places))
    heads = _heads(("source", "public", "numbers", "assumed", "path"), text)
    return TableBlock(text("cli.heading.sources"), heads, tuple(rows), names=len(heads))


def size_table(scenario: Scenario, text: Text) -> TableBlock:
    """From which size a difference matters; what the scenario leaves open is assumed."""
    heads = _heads(("measure", "at_least", "path", "origin"), text)
    rows = tuple(
        (
            row.what,
            row.size,
            CodeCell(row.path),
            text(f"report.matters_from_{'written' if row.stated else 'assumed'}"),
        )
        for row in size_rows(scenario, text)
    )
    note = text("report.matters_from_note")
    return TableBlock(text("report.matters_from"), heads, rows, note, names=len(heads))


def numbers_of(numbers: Iterable[Number], kind: Kind) -> list[Number]:
    """The numbers whose origin is of a kind."""
    return [number for number in numbers if number.origin in ORIGINS_OF[kind]]


def number_table(
    scenario: Scenario, numbers: Sequence[Number], text: Text, kind: Kind
) -> TableBlock:
    """A row for each of some numbers of a kind (`numbers_of`): its name, value and origin.

    Where there is no room for so many, each range and each source is told once
    (`assumption_table`, `source_table`).
    """
    rows: list[tuple[AnyCell, ...]] = []
    for number in numbers:
        path, value = written_path(number.path), shown_value(number.value)
        bounds = (shown_value(number.low), shown_value(number.high))
        origin: tuple[str, ...] = (str(number.source),)
        if kind == "assumptions":
            origin = (*bounds, text.said(number.note))
        elif kind == "measurements":
            origin = (*bounds, *_data_cells(number, text))
        rows.append((lever_name(path, scenario, text), CodeCell(path), value, *origin))
    heads = _heads(("name", "path", "found_values", *ORIGIN_HEADS[kind]), text)
    return TableBlock(text(f"cli.heading.{kind}"), heads, tuple(rows), names=len(heads))


def _heads(names: Iterable[str], text: Text) -> tuple[str, ...]:
    return tuple(text(f"cli.head.{name}") for name in names)


def written_path(path: Sequence[str | int]) -> str:
    """A path as an override writes it.

    Examples
    --------
    >>> written_path(["demand", "birth", "per_day"])
    'demand.birth.per_day'
    """
    return ".".join(str(step) for step in path)


def shown_value(value: object) -> str:
    """A value as the scenario writes it.

    Examples
    --------
    >>> shown_value({"law": "uniform", "low": "1 d", "high": "5 d"})
    '{law: uniform, low: 1 d, high: 5 d}'
    >>> shown_value(0.25), shown_value("12 min"), shown_value(None)
    ('0.25', '12 min', '')
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case Mapping():
            return f"{{{', '.join(f'{key}: {shown_value(v)}' for key, v in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(shown_value(part) for part in value)}]"
        case bool():
            return json.dumps(value)
        case int() | float():
            return f"{value:.12g}"
        case _:
            return str(value)


def value_in_words(value: object, text: Text) -> str:
    """A value as the scenario writes it, its unit in the reader's language.

    Examples
    --------
    >>> from sim.text import load_text
    >>> value_in_words("12 min", load_text("en")), value_in_words(0.25, load_text("en"))
    ('12 min', '0.25')
    """
    words = shown_value(value)
    amount = AMOUNT.fullmatch(words)
    if amount is None or text.language == "keys":
        return words
    return text.with_unit(amount[1], amount[2])


def few(words: Iterable[str]) -> str:
    """The first few different ones.

    Examples
    --------
    >>> few("abbcdeef")
    'a, b, c, d …'
    """
    different = list(dict.fromkeys(words))
    more = " …" if len(different) > MOST_SHOWN else ""
    return ", ".join(different[:MOST_SHOWN]) + more
