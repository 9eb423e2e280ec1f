"""What the command line prints: tables that line up in Chinese too, and what a scenario says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from rich.console import Console
from rich.table import Table

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.offered import Load
from sim.experiment.compare import Comparison, judge
from sim.plan.plan import Plan
from sim.scenario.consistency import weekly_clerk_hours
from sim.scenario.provenance import Number
from sim.scenario.scenario import Scenario
from sim.text import Kind, Text

DIGITS: Mapping[str, int] = {"yuan_per_day": 0, "per_day": 0, "trip": 2, "d": 2, "wd": 2}
"""Decimals by unit; one where a unit is not named."""


def figure_of(estimate: Estimate, text: Text) -> str:
    """An estimate with its interval, without unit: `12.1 [11.8, 12.4]`."""
    return interval_text(estimate.interval, estimate.unit, text)


def interval_text(interval: Interval, unit: str, text: Text) -> str:
    """An interval in its unit's digits; shares in percent."""
    if unit == "share":
        return text.interval(interval.mean, interval.low, interval.high, "share")
    digits = DIGITS.get(unit, 1)

    def shown(value: float) -> str:
        return text.number(value, digits)

    if math.isnan(interval.low) or math.isnan(interval.high):
        return shown(interval.mean)
    return f"{shown(interval.mean)} [{shown(interval.low)}, {shown(interval.high)}]"


def kind_of(unit: str) -> Kind:
    """How `Text` writes a number of this unit."""
    kinds: Mapping[str, Kind] = {"share": "share", "min": "min", "h": "h", "d": "d", "wd": "wd"}
    return kinds.get(unit, "number")


def unit_text(unit: str, text: Text) -> str:
    """A unit for people; shares carry their own sign."""
    return "" if unit == "share" else text(f"unit.{unit}")


def layout_name(scenario: Scenario, layout: str, text: Text) -> str:
    """A layout's name for people."""
    return text.name(scenario.layout(layout).name)


def print_comparison(comparison: Comparison, text: Text, console: Console) -> None:
    """Measures by layout, then paired differences."""
    study = comparison.study
    names = [layout_name(study.scenario, layout, text) for layout in study.layouts]
    table = Table(title=text("cli.heading.measures"), title_justify="left")
    table.add_column(text("cli.head.measure"))
    table.add_column(text("cli.head.unit"))
    for name in names:
        table.add_column(name, justify="right")
    keys = list(dict.fromkeys(one.measure for found in comparison.layouts for one in found))
    for key in keys:
        row = [next((o for o in found if o.measure == key), None) for found in comparison.layouts]
        unit = next(one.unit for one in row if one is not None)
        cells = [figure_of(one, text) if one is not None else "–" for one in row]
        table.add_row(text(f"measure.{key}"), unit_text(unit, text), *cells)
    console.print(table)
    if comparison.pairs:
        console.print(_pairs_table(comparison, text))


def _pairs_table(comparison: Comparison, text: Text) -> Table:
    scenario = comparison.study.scenario
    table = Table(title=text("cli.heading.differences"), title_justify="left")
    table.add_column(text("cli.head.measure"))
    table.add_column(text("cli.head.unit"))
    for pair in comparison.pairs:
        one, two = (layout_name(scenario, name, text) for name in (pair.before, pair.after))
        table.add_column(text("cli.head.minus", after=two, before=one), justify="right")
    keys = [one.measure for one in comparison.pairs[0].differences]
    for key in keys:
        cells, unit = [], ""
        for pair in comparison.pairs:
            found = next((one for one in pair.differences if one.measure == key), None)
            if found is None:
                cells.append("–")
                continue
            unit = found.unit
            cells.append(f"{figure_of(found, text)} {text('judgement_mark.' + judge(found))}")
        table.add_row(text(f"measure.{key}"), unit_text(unit, text), *cells)
    return table


def print_study_line(comparison: Comparison, path: str, text: Text, console: Console) -> None:
    """What was run: enough to run it again."""
    study = comparison.study
    run = study.scenario.run
    console.print(
        text(
            "cli.study_line",
            scenario=text.name(study.scenario.name),
            path=path,
            hash=study.scenario.hash,
            seed=study.seed,
            replications=study.replications,
            days=run.measured_days,
            warmup=run.warmup_days,
            followup=run.followup_days,
            engine=study.engine,
        )
    )


def print_check(
    scenario: Scenario,
    path: str,
    plans: Sequence[Plan],
    loads: Mapping[str, Sequence[Load]],
    numbers: Iterable[Number],
    text: Text,
    console: Console,
) -> None:
    """What a scenario says: size, layouts, offered load, every assumption, every source."""
    period = plans[0].period
    first = date.fromordinal(period.start_ordinal)
    demand = plans[0].demand
    days = max(len(period.hall_days), 1)
    cases = float(demand.cases_of_day[:, period.hall_days].sum()) / days
    console.print(
        text(
            "cli.checked",
            file=path,
            matters=len(scenario.matters),
            departments=len(scenario.departments),
            layouts=len(scenario.layouts),
        )
    )
    console.print(
        text(
            "cli.check_period",
            name=text.name(scenario.name),
            hash=scenario.hash,
            first=text.date(first + timedelta(days=period.measured_from)),
            last=text.date(first + timedelta(days=int(period.hall_days[-1]))),
            days=len(period.hall_days),
            cases=text.number(cases, 1),
        )
    )
    for layout in scenario.layouts:
        console.print(
            text(
                "cli.check_layout",
                name=text.name(layout.name),
                id=layout.id,
                windows=sum(max(group.clerks.values(), default=0) for group in layout.windows),
                hours=text.number(weekly_clerk_hours(scenario, layout), 1),
            )
        )
    for layout in scenario.layouts:
        console.print(_loads_table(layout.id, text.name(layout.name), loads[layout.id], text))
    known = list(numbers)
    _print_assumptions([one for one in known if one.assumed], text, console)
    _print_sources(known, text, console)


def _loads_table(layout: str, name: str, loads: Sequence[Load], text: Text) -> Table:
    table = Table(title=f"{text('cli.heading.load')} · {name} ({layout})", title_justify="left")
    for head in ("head.what", "head.id"):
        table.add_column(text(f"cli.{head}"))
    for head in ("head.work_hours", "head.staffed_hours", "head.load"):
        table.add_column(text(f"cli.{head}"), justify="right")
    for one in loads:
        mark = "  !" if one.load > 1 else ""
        table.add_row(
            text(f"cli.load_kind.{one.kind}"),
            one.id,
            text.number(one.work_hours, 1),
            text.number(one.staffed_hours, 1),
            text.share(one.load, 0) + mark if math.isfinite(one.load) else "∞  !",
        )
    return table


def path_text(path: Sequence[str | int]) -> str:
    """A path as an override writes it."""
    return ".".join(str(step) for step in path)


def _print_assumptions(numbers: Sequence[Number], text: Text, console: Console) -> None:
    table = Table(title=text("cli.heading.assumptions"), title_justify="left")
    for head in ("head.path", "head.value", "head.range", "head.why"):
        table.add_column(text(f"cli.{head}"), overflow="fold")
    for one in numbers:
        table.add_row(path_text(one.path), str(one.value), f"{one.low} – {one.high}", one.note or "")
    console.print(table if numbers else text("cli.no_assumptions"))


def _print_sources(numbers: Sequence[Number], text: Text, console: Console) -> None:
    """Each source once, with how many numbers rest on it and where."""
    table = Table(title=text("cli.heading.sources"), title_justify="left")
    for head in ("head.source", "head.numbers", "head.path"):
        table.add_column(text(f"cli.{head}"), overflow="fold")
    places: dict[str, list[str]] = {}
    for one in numbers:
        if one.source and not one.assumed:
            places.setdefault(one.source, []).append(path_text(one.path))
    for source, paths in places.items():
        shown = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")  # noqa: PLR2004
        table.add_row(source, str(len(paths)), shown)
    console.print(table)
