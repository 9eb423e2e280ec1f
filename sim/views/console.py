"""What the command line prints: tables that line up in Chinese too, and what a scenario says."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from rich.console import Console, RenderableType
from rich.table import Table

from sim.analysis.estimates import Estimate
from sim.analysis.judge import JUDGEMENTS, judge
from sim.analysis.measures import By
from sim.analysis.offered import Load, cases_a_day
from sim.plan.plan import Plan
from sim.questions.compare import Comparison
from sim.questions.levers import End, Ranking
from sim.questions.sweep import Sweep, cells, comparisons
from sim.runs.equilibrium import depends_on_waits
from sim.scenario.hours import weekly_clerk_hours, workday_holidays
from sim.scenario.provenance import Number
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.accounts import (
    account_blocks,
    default_groupings,
    group_blocks,
    left_out_of_points,
)
from sim.views.context import changes_sentence
from sim.views.lever_names import lever_name
from sim.views.sizes import size_rows
from sim.views.terminal import print_blocks
from sim.views.values import (
    department_name,
    digits_of,
    group_name,
    judgement_name,
    layout_name,
    measure_name,
    number_of,
    unit_key,
    unit_of_difference,
)
from sim.views.verdict import (
    answer,
    cautions,
    context,
    forewarnings,
    hanging,
    sentences,
)

MOST_SHOWN = 4
"""Values or places that one row of a table names."""
MOST_DECIMALS = 2
"""Of differences that stand below each other; a lever that hardly matters needs no more."""


def print_comparison(
    comparison: Comparison,
    path: str,
    text: Text,
    console: Console,
    groupings: Sequence[By] = (),
) -> None:
    """Measures by layout, who stands where, paired differences, the verdict, and how to repeat it.

    Parameters
    ----------
    groupings
        What waits are told by; where several classes come, they are told by class anyhow.
    """
    console.print(_measures_table(comparison, text))
    by = dict.fromkeys((*default_groupings(comparison), *groupings))
    print_blocks(account_blocks(comparison, text), console)
    print_blocks(group_blocks(comparison, tuple(by), text), console)
    level = text.share(comparison.level, 0)
    if comparison.pairs:
        console.print(_pairs_table(comparison, text))
        apart = [difference for pair in comparison.pairs for difference in pair.differences]
        console.print(text("cli.brackets", level=level, marks=_marks(apart, text)))
        console.print()
        _print_verdict(comparison, text, console)
    else:
        console.print(text("cli.brackets_one", level=level))
        for sentence in cautions(comparison, text):
            console.print(sentence)
    _print_lines(text("turning.title"), hanging(comparison, text), console)
    _print_lines(text("context.title"), context(comparison, text), console)
    console.print()
    console.print(_study_line(comparison, path, text))


def _print_verdict(comparison: Comparison, text: Text, console: Console) -> None:
    for sentence in forewarnings(comparison, text):
        console.print(f"{text('severity.warning')} · {sentence}", style="bold")
    console.print(f"{text('cli.heading.verdict')} · {answer(comparison, text)}", style="bold")
    for sentence in (*sentences(comparison, text), *cautions(comparison, text)):
        console.print(f"· {sentence}")


def _print_lines(title: str, lines: Sequence[str], console: Console) -> None:
    """Lines under a title; nothing where there is none."""
    if lines:
        console.print()
        console.print(title, style="bold")
    for line in lines:
        console.print(f"· {line}")


def print_changes(scenario: Scenario, text: Text, console: Console) -> None:
    """What is not as the file has it; nothing where all is."""
    if sentence := changes_sentence(scenario, text):
        console.print(sentence, markup=False)


def _measures_table(comparison: Comparison, text: Text) -> Table:
    study = comparison.study
    table = _table(
        text("cli.heading.measures"),
        [text("cli.head.measure"), text("cli.head.over"), text("cli.head.unit")],
        [layout_name(study.scenario, layout, text) for layout in study.layouts],
    )
    keys = dict.fromkeys(
        estimate.measure for estimates in comparison.layouts for estimate in estimates
    )
    for key in keys:
        row = [_find(estimates, key) for estimates in comparison.layouts]
        present = [estimate for estimate in row if estimate is not None]
        digits, unit = digits_of(present), present[0].unit
        cells = [
            number_of(estimate, text, digits) if estimate is not None else "–" for estimate in row
        ]
        name = measure_name(key, study.scenario, text)
        over, unit = text(f"measure_over.{key}"), text(f"unit.{unit_key(unit)}")
        table.add_row(name, over, unit, *cells)
    return table


def _pairs_table(comparison: Comparison, text: Text) -> Table:
    scenario = comparison.study.scenario
    heads = [
        text(
            "cli.head.minus",
            after=layout_name(scenario, pair.after, text),
            before=layout_name(scenario, pair.before, text),
        )
        for pair in comparison.pairs
    ]
    names = [text("cli.head.measure"), text("cli.head.unit")]
    table = _table(text("cli.heading.differences"), names, heads)
    keys = dict.fromkeys(
        difference.measure for pair in comparison.pairs for difference in pair.differences
    )
    for key in keys:
        row = [_find(pair.differences, key) for pair in comparison.pairs]
        present = [difference for difference in row if difference is not None]
        digits, unit = digits_of(present), present[0].unit
        cells = [_difference(difference, digits, text) for difference in row]
        name = measure_name(key, scenario, text)
        table.add_row(name, unit_of_difference(unit, text), *cells)
    return table


def _find(estimates: Sequence[Estimate], measure: str) -> Estimate | None:
    return next((estimate for estimate in estimates if estimate.measure == measure), None)


def _difference(difference: Estimate | None, digits: int, text: Text) -> str:
    if difference is None:
        return "–"
    return f"{number_of(difference, text, digits)} {text(f'judgement_mark.{judge(difference)}')}"


def _marks(apart: Iterable[Estimate | None], text: Text) -> str:
    """What the marks say that stand behind some differences."""
    shown = {judge(difference) for difference in apart if difference is not None}
    return text("format.list").join(
        text(
            "format.mark",
            mark=text(f"judgement_mark.{judgement}"),
            word=judgement_name(judgement, text),
        )
        for judgement in JUDGEMENTS
        if judgement in shown
    )


def _study_line(comparison: Comparison, path: str, text: Text) -> str:
    """What was run: enough to run it again."""
    study, run = comparison.study, comparison.study.scenario.run
    return text(
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


def print_sweep(
    swept: Sweep, measure: str, path: str, text: Text, console: Console, level: float = 0.95
) -> None:
    """One measure at every point of a sweep, how far from the base, and how to get it again."""
    scenario, everything = swept.base.scenario, cells(swept, level)
    present = [estimate for cell in everything if (estimate := cell.estimate(measure)) is not None]
    apart = [
        difference for cell in everything if (difference := cell.difference(measure)) is not None
    ]
    unit = unit_key(present[0].unit) if present else "count"
    title = text(
        "cli.heading.sweep",
        measure=measure_name(measure, scenario, text),
        unit=text(f"unit.{unit}"),
    )
    heads = [*(lever.path for lever in swept.levers), text("cli.head.layout")]
    figures = [text("cli.head.value"), text("cli.head.from_base")]
    table = _table(title, heads, figures)
    for cell in everything:
        estimate, difference = cell.estimate(measure), cell.difference(measure)
        now = [text("cli.as_it_is")] * len(swept.levers)
        star = "" if cell.point.same_budget else " *"
        is_base = cell.point is swept.base
        table.add_row(
            *(cell.point.values or now),
            layout_name(scenario, cell.layout, text) + star,
            number_of(estimate, text, digits_of(present)) if estimate is not None else "–",
            "" if is_base else _difference(difference, digits_of(apart), text),
        )
    console.print(table)
    basis = {"level": text.share(level, 0), "comparisons": comparisons(swept)}
    console.print(text("cli.sweep_marks", **basis, marks=_marks(apart, text)))
    caution = left_out_of_points((cell.estimates for cell in everything), text)
    if caution is not None:
        console.print(caution)
    if not all(point.same_budget for point in swept.points):
        console.print(text("cli.other_budget"))
    print_changes(scenario, text, console)
    console.print(
        text(
            "cli.sweep_line",
            scenario=text.name(scenario.name),
            path=path,
            hash=scenario.hash,
            points=len(swept.points),
            replications=swept.replications,
            seed=swept.seed,
            engine=swept.engine,
        )
    )


def print_ranking(ranking: Ranking, top: int, path: str, text: Text, console: Console) -> None:
    """The levers that matter most, what was left out and why, and how to get it again."""
    scenario, base = ranking.scenario, ranking.base
    ends = [end for swing in ranking.swings for end in (swing.low, swing.high) if end is not None]
    digits = min(digits_of([end.difference for end in ends]), MOST_DECIMALS)
    title = text(
        "cli.heading.levers",
        measure=measure_name(ranking.measure, scenario, text),
        layout=layout_name(scenario, ranking.layout, text),
        base=number_of(base, text) if base is not None else "–",
        unit=unit_of_difference(base.unit, text) if base is not None else "",
    )
    heads = ("head.lever", "head.path", "head.value", "head.range")
    table = _table(
        title,
        [text(f"cli.{head}") for head in heads],
        [text(f"cli.{head}") for head in ("head.at_low", "head.at_high")],
    )
    for swing in ranking.swings[:top]:
        low, high = (setting.value for setting in swing.lever.settings)
        table.add_row(
            lever_name(swing.lever.path, scenario, text),
            swing.lever.path,
            _few(swing.lever.now),
            f"{low} – {high}",
            *(_end_cell(end, digits, text) for end in (swing.low, swing.high)),
        )
    console.print(table)
    hidden = max(len(ranking.swings) - top, 0)
    same = {"same": ranking.idle, "all": len(ranking.swings)}
    console.print(text("cli.levers_more", n=hidden, **same))
    basis = {"level": text.share(ranking.level, 0), "comparisons": ranking.comparisons}
    marks = _marks([end.difference for end in ends], text)
    console.print(text("cli.sweep_marks", **basis, marks=marks))
    if not all(end.same_budget for end in ends):
        console.print(text("cli.other_budget"))
    if ranking.left_out:
        console.print(text("cli.levers_left_out", n=len(ranking.left_out)))
        for sentence in left_out_sentences(ranking, text):
            console.print(f"· {sentence}", markup=False)
    print_changes(scenario, text, console)
    console.print(
        text(
            "cli.levers_line",
            scenario=text.name(scenario.name),
            path=path,
            hash=scenario.hash,
            levers=len(ranking.swings),
            replications=ranking.replications,
            seed=ranking.seed,
            engine=ranking.engine,
        )
    )


def left_out_sentences(ranking: Ranking, text: Text) -> list[str]:
    """Each lever that was left out or refused an end, with the reason."""
    return [
        f"{lever.path} · {problem.sentence(text)}" if lever.path not in problem.where else words
        for lever in ranking.left_out
        for problem in lever.problems[:1]
        for words in [problem.sentence(text)]
    ]


def _end_cell(end: End | None, digits: int, text: Text) -> str:
    if end is None:
        return text("cli.refused_end")
    return _difference(end.difference, digits, text) + ("" if end.same_budget else " *")


# === what a scenario says === #


def print_check(
    scenario: Scenario,
    path: str,
    plans: Sequence[Plan],
    loads: Mapping[str, Sequence[Load]],
    numbers: Sequence[Number],
    text: Text,
    console: Console,
) -> None:
    """What a scenario says: size, layouts, offered load, every assumption, every source."""
    for line in _size_lines(scenario, path, plans[0], text):
        console.print(line)
    console.print(_groups_table(scenario, loads, text))
    if depends_on_waits(plans[0]):
        console.print(text("cli.loads_before_waits"))
    console.print(_departments_table(scenario, next(iter(loads.values())), text))
    assumed = [number for number in numbers if number.assumed]
    sourced = sum(1 for number in numbers if number.source and not number.assumed)
    console.print(
        text(
            "cli.numbers_known",
            numbers=len(numbers),
            sourced=sourced,
            assumed=len(assumed),
            unknown=len(numbers) - sourced - len(assumed),
        )
    )
    if assumed:
        console.print(_assumptions_table(assumed, text))
        console.print(text("cli.assumed_note"))
    console.print(_sources_table(numbers, text))
    console.print(_differences_that_matter(scenario, text))


def _differences_that_matter(scenario: Scenario, text: Text) -> RenderableType:
    """From which size a difference matters; what the scenario leaves open is assumed."""
    heads = ("head.measure", "head.at_least", "head.path", "head.origin")
    table = _table(text("report.matters_from"), [text(f"cli.{head}") for head in heads])
    for row in size_rows(scenario, text):
        origin = "written" if row.stated else "assumed"
        table.add_row(row.what, row.size, row.path, text(f"report.matters_from_{origin}"))
    return table


def _size_lines(scenario: Scenario, path: str, plan: Plan, text: Text) -> Iterable[str]:
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
    if scenario.run.holidays is None and workday_holidays(scenario) == "china":
        yield text("cli.check_workdays")
    for layout in scenario.layouts:
        yield text(
            "cli.check_layout",
            name=text.name(layout.name),
            id=layout.id,
            windows=sum(max(group.clerks.values(), default=0) for group in layout.windows),
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


def _load_heads(text: Text) -> list[str]:
    return [text(f"cli.head.{head}") for head in ("work_hours", "staffed_hours", "load")]


def _load_cells(load: Load, text: Text) -> tuple[str, str, str]:
    share = text.share(load.load, 0) if math.isfinite(load.load) else "∞"
    return (
        text.number(load.work_hours, 1),
        text.number(load.staffed_hours, 1),
        f"{share} !" if load.load > 1 else share,
    )


def _groups_table(
    scenario: Scenario, loads: Mapping[str, Sequence[Load]], text: Text
) -> RenderableType:
    names = [text("cli.head.layout"), text("cli.head.name"), text("cli.head.id")]
    table = _table(text("cli.heading.groups"), names, _load_heads(text))
    for layout, layout_loads in loads.items():
        groups = [load for load in layout_loads if load.kind == "group"]
        for n, load in enumerate(groups):
            heading = "" if n else layout_name(scenario, layout, text)
            name = group_name(scenario, layout, load.id, text)
            table.add_row(heading, name, load.id, *_load_cells(load, text))
        table.add_section()
    return table


def _departments_table(scenario: Scenario, loads: Sequence[Load], text: Text) -> RenderableType:
    names = [text("cli.head.name"), text("cli.head.id")]
    table = _table(text("cli.heading.departments"), names, _load_heads(text))
    for load in loads:
        if load.kind == "group":
            continue
        desk = load.kind == "reception"
        name = text("cli.load_kind.reception") if desk else department_name(scenario, load.id, text)
        table.add_row(name, load.id, *_load_cells(load, text))
    return table


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


def _assumptions_table(assumed: Sequence[Number], text: Text) -> RenderableType:
    """A row for each range that is stated, its number where it holds for one; each note once."""
    heads = ("head.path", "head.numbers", "head.found_values", "head.range", "head.why")
    table = _table(text("cli.heading.assumptions"), [text(f"cli.{head}") for head in heads])
    stated: dict[tuple[str | int, ...], list[Number]] = {}
    printed = set()
    for number in assumed:
        stated.setdefault(number.stated_at, []).append(number)
    for place, ones in stated.items():
        path = ones[0].path if len(ones) == 1 else [step for step in place if step != "assumed"]
        notes = {number.note for number in ones}
        note = text.said(ones[0].note) if len(notes) == 1 else ""
        table.add_row(
            written_path(path),
            str(len(ones)),
            _few(shown_value(number.value) for number in ones),
            f"{shown_value(ones[0].low)} – {shown_value(ones[0].high)}",
            "" if note in printed else note,
        )
        printed.add(note)
    return table


def _sources_table(numbers: Sequence[Number], text: Text) -> RenderableType:
    """Each source once: how many numbers rest on it, how many are assumed about what it tells."""
    heads = ("head.source", "head.numbers", "head.assumed", "head.path")
    table = _table(text("cli.heading.sources"), [text(f"cli.{head}") for head in heads])
    resting: dict[str, list[Number]] = {}
    for number in numbers:
        if number.source:
            resting.setdefault(number.source, []).append(number)
    for source, ones in resting.items():
        assumed = sum(number.assumed for number in ones)
        ones.sort(key=lambda number: number.assumed)
        places = _few(written_path(number.path) for number in ones)
        table.add_row(source, str(len(ones) - assumed), str(assumed), places)
    return table


def _few(words: Iterable[str]) -> str:
    """The first few different ones."""
    different = list(dict.fromkeys(words))
    more = " …" if len(different) > MOST_SHOWN else ""
    return ", ".join(different[:MOST_SHOWN]) + more


def _table(title: str, names: Sequence[str], figures: Sequence[str] = ()) -> Table:
    """A table with columns of words, then columns of figures."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for figure in figures:
        table.add_column(figure, justify="right")
    return table
