"""Questions of many runs: sweep, levers, reductions, matter, size, allocate, tune, reform …"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.command.help import CommandGroup
from sim.command.inputs import (
    all_layouts,
    known_layouts,
    known_measure,
)
from sim.command.options import IdList, Options, SaidText, Whole
from sim.command.outputs import (
    writable,
    write_scenario,
)
from sim.command.question_command import QuestionCommand
from sim.errors import OptionError, Problem
from sim.text import Text

if TYPE_CHECKING:
    pass

MOST_HOURS: Final = 1_000_000
"""Clerk hours a week that may be asked about."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add the questions."""
    some, out = shared.many_runs, shared.out
    measure = shared("measure", default="wait", show_default=True)
    vary = shared("vary", multiple=True, metavar="PATH=VALUES")
    ends = shared("vary", multiple=True, metavar="PATH=LOW,HIGH", words="lever_vary")
    top = shared("top", Whole(1, 1000), default=15, show_default=True)
    only = shared("only", IdList(), metavar="PATHS")
    quiet = shared("layout", metavar="ID", words="reductions_layout")
    matter = click.Argument(["matter"], metavar="MATTER", type=SaidText())
    lean = shared("ends", is_flag=True)
    file = shared.file
    group.add("sweep", _sweep, file, vary, shared.layouts, measure, *some, out("sweep"))
    screen = shared("screen", is_flag=True)
    levers = (shared.layout, measure, top, only, ends, screen)
    group.add("levers", _levers, file, *levers, *some, out("levers"))
    group.add("reductions", _reductions, file, quiet, lean, *some, out("reductions"))
    group.add("warmup", _warm_up, file, shared.layouts, *some, out("warm_up"))
    repeats = shared("repeats", Whole(1, 100), default=1)
    group.add("size", _size, file, shared.repeated_layout("size"), repeats, *some, out("size"))
    hours = shared("hours", Whole(1, MOST_HOURS), words="allocate_hours")
    allocated = (shared.repeated_layout("allocate"), hours)
    group.add("allocate", _allocate, file, *allocated, *some, out("allocate"))
    judged = shared("measure", default="wait", show_default=True, words="tune_measure")
    changed = (
        shared("lever", multiple=True, metavar="NAME[=VALUES]"),
        *(shared.layout, judged, shared("zone", metavar="SIZE")),
        *(shared("any-hours", is_flag=True, words="any_hours"), shared("save", metavar="FILE")),
    )
    group.add("tune", _tune, file, *changed, *some, out("tune"))
    group.add("matter", _matter, file, matter, quiet, *some, out("matter"))
    stages = click.Argument(
        ["files"], nargs=-1, required=True, metavar="FILE FILE …", type=SaidText()
    )
    who = shared("matters", IdList())
    group.add("reform", _reform, stages, shared.layout, who, *some, out("reform"))


def _sweep(
    text: Text,
    file: str,
    vary: tuple[str, ...],
    layouts: tuple[str, ...] | None,
    measure: str,
    **how: Any,
) -> None:
    """Run a grid of overrides and tell one measure of it."""
    from sim.questions.sweep import SweepQuestion
    from sim.questions.vary import read_levers
    from sim.storage.sweep_export import sweep_data, sweep_rows
    from sim.views.sweep import sweep_figure
    from sim.views.sweep_words import sweep_blocks
    from sim.views.terminal import print_blocks

    command = QuestionCommand(file, text, **how)
    scenario = command.scenario()
    names = tuple(layouts or all_layouts(scenario))
    known_layouts(scenario, names)
    known_measure(measure)
    sweep = command.ask(SweepQuestion(read_levers(scenario, vary), names), scenario)
    command.tell(
        sweep,
        sweep_data(sweep, file),
        list(sweep_rows(sweep)),
        "measures.csv",
        lambda to: print_blocks(sweep_blocks(sweep, measure, file, text), to),
        lambda to: sweep_figure(sweep, text, measure).savefig(to),
    )


def _levers(
    text: Text,
    file: str,
    layout: str | None,
    measure: str,
    top: int,
    only: tuple[str, ...] | None,
    vary: tuple[str, ...],
    screen: bool,
    **how: Any,
) -> None:
    """Rank the levers of one layout by one measure."""
    from sim.questions.lever_question import LeversQuestion
    from sim.questions.levers import given_levers
    from sim.storage.levers_export import ranking_data, ranking_rows
    from sim.views.lever_words import terminal_blocks
    from sim.views.terminal import print_blocks
    from sim.views.tornado import tornado_figure

    command = QuestionCommand(file, text, **how)
    scenario = command.scenario(layout)
    known_measure(measure)
    given = given_levers(scenario, vary)
    question = LeversQuestion(layout, measure, only or (), given, screen=screen)
    ranking = command.ask(question, scenario, searches=screen)
    command.tell(
        ranking,
        ranking_data(ranking, file),
        list(ranking_rows(ranking)),
        "levers.csv",
        lambda to: print_blocks(terminal_blocks(ranking, top, file, text), to),
        lambda to: tornado_figure(ranking, text, top).savefig(to),
    )


def _warm_up(text: Text, file: str, layouts: tuple[str, ...] | None, **how: Any) -> None:
    """Say from when on the back office is in its usual state."""
    from sim.questions.warm_up import ROWS, WarmUpQuestion
    from sim.views.terminal import print_blocks
    from sim.views.warm_up import warm_up_figure
    from sim.views.warm_up_words import terminal_blocks

    command = QuestionCommand(file, text, **how)
    scenario = command.scenario()
    known_layouts(scenario, layouts or ())
    check = command.ask(WarmUpQuestion(layouts or ()), scenario)
    command.tell_rows(
        check,
        ROWS,
        lambda to: print_blocks(terminal_blocks(check, file, text), to),
        lambda to: warm_up_figure(check, text).savefig(to),
    )


def _size(text: Text, file: str, layouts: tuple[str, ...], repeats: int, **how: Any) -> None:
    """Say how many clerks the promises of the scenario need."""
    from sim.questions.size import SizeQuestion
    from sim.questions.size_rows import ROWS
    from sim.views.size import half_hour_promises, kept_figure, size_figure
    from sim.views.size_report import render_sizing
    from sim.views.size_words import terminal_blocks
    from sim.views.terminal import print_blocks

    command = QuestionCommand(file, text, **how)
    scenario = command.scenario()
    names = tuple(dict.fromkeys(layouts)) or tuple(all_layouts(scenario))
    known_layouts(scenario, names)
    sizing = command.ask(SizeQuestion(names, repeats=repeats), scenario, searches=True)

    def draw(to: Path) -> None:
        for row in sizing.layouts:
            end = "" if row == sizing.layouts[0] else f"_{row.layout}"
            size_figure(sizing, row, text).savefig(to.with_name(f"figure{end}.png"))
            for n in half_hour_promises(sizing):
                picture = to.with_name(f"promise_{n + 1}{end}.png")
                kept_figure(sizing, row, n, text).savefig(picture)

    command.tell_rows(
        sizing,
        ROWS,
        lambda to: print_blocks(terminal_blocks(sizing, file, text), to),
        draw,
        lambda: render_sizing(sizing, text),
    )


def _allocate(
    text: Text, file: str, layouts: tuple[str, ...], hours: int | None, **how: Any
) -> None:
    """Say how many more clerk hours could serve in time."""
    from sim.questions.allocate import ROWS, AllocateQuestion
    from sim.views.allocate import allocation_figure
    from sim.views.allocate_words import terminal_blocks
    from sim.views.terminal import print_blocks

    command = QuestionCommand(file, text, **how)
    scenario = command.scenario()
    names = tuple(dict.fromkeys(layouts)) or tuple(all_layouts(scenario))
    known_layouts(scenario, names)
    allocation = command.ask(
        AllocateQuestion(names, hours and float(hours)), scenario, searches=True
    )
    command.tell_rows(
        allocation,
        ROWS,
        lambda to: print_blocks(terminal_blocks(allocation, file, text), to),
        lambda to: allocation_figure(allocation, text).savefig(to),
    )


def _tune(
    text: Text,
    file: str,
    lever: tuple[str, ...],
    layout: str | None,
    measure: str,
    zone: str | None,
    any_hours: bool,
    save: str | None,
    **how: Any,
) -> None:
    """Choose among settings of the same hall."""
    from sim.questions.hall_levers import read_choices
    from sim.questions.tune import ROWS, TuneQuestion, tuned_scenario
    from sim.views.terminal import print_blocks
    from sim.views.tune import tune_figure
    from sim.views.tune_words import terminal_blocks

    command = QuestionCommand(file, text, **how)
    scenario = command.scenario(layout)
    if save is not None:
        writable(Path(save), "--save")
    size = None if zone is None else _size_of(zone)
    question = TuneQuestion(read_choices(lever), layout, measure, size, any_hours=any_hours)
    tuning = command.ask(question, scenario, searches=True)
    if save is not None:
        write_scenario(tuned_scenario(tuning), Path(save), text)
    command.tell_rows(
        tuning,
        ROWS,
        lambda to: print_blocks(terminal_blocks(tuning, file, text), to),
        lambda to: tune_figure(tuning, text).savefig(to),
    )


def _size_of(words: str) -> float:
    """A number, also one that makes no sense as a size: the question says what is wrong with it."""
    try:
        return float(words)
    except ValueError:
        raise OptionError(Problem("outside_range", "--zone", found=words, allowed="> 0")) from None


def _reform(
    text: Text,
    files: tuple[str, ...],
    layout: str | None,
    matters: tuple[str, ...] | None,
    **how: Any,
) -> None:
    """Set each scenario against the one before."""
    from sim.questions.reform import ROWS, ReformQuestion
    from sim.views.reform import reform_figure
    from sim.views.reform_words import terminal_blocks
    from sim.views.terminal import print_blocks

    commands = [QuestionCommand(file, text, **how) for file in files]
    stages = [command.scenario(layout) for command in commands]
    last, question = commands[-1], ReformQuestion(layout, matters or ())
    reform = last.ask_about(question, stages, stages[0])
    last.tell_rows(
        reform,
        ROWS,
        lambda to: print_blocks(terminal_blocks(reform, last.file, text), to),
        lambda to: reform_figure(reform, text).savefig(to),
    )


def _reductions(text: Text, file: str, layout: str | None, ends: bool, **how: Any) -> None:
    """Count the four reductions of all matters."""
    from sim.questions.reductions import ReductionsQuestion, leanings
    from sim.runs.run import Run
    from sim.storage.reductions_export import reductions_data, reductions_rows
    from sim.views.reductions import reductions_figure
    from sim.views.reductions_words import terminal_blocks
    from sim.views.terminal import print_blocks

    command = QuestionCommand(file, text, **how)
    reductions = command.ask(ReductionsQuestion(layout), command.scenario(layout))
    leaning = list(leanings(reductions, run=Run(workers=command.cores))) if ends else []
    command.tell(
        reductions,
        reductions_data(reductions, file, leaning),
        list(reductions_rows(reductions)),
        "reductions.csv",
        lambda to: print_blocks(terminal_blocks(reductions, file, text, leaning), to),
        lambda to: reductions_figure(reductions, text).savefig(to),
    )


def _matter(text: Text, file: str, matter: str, layout: str | None, **how: Any) -> None:
    """Tell of one matter under both handlings."""
    from sim.questions.one_matter import MatterQuestion
    from sim.questions.reductions import matter_of
    from sim.scenario.edit import bundles, with_handling
    from sim.storage.reductions_export import reductions_data, reductions_rows
    from sim.views.one_matter_words import terminal_blocks
    from sim.views.reductions import before_after_figure, process_figure
    from sim.views.terminal import print_blocks

    command = QuestionCommand(file, text, **how)
    scenario = command.scenario(layout)
    bundle, switched = matter_of(scenario, matter), bundles(scenario)
    more = () if matter in switched else (*switched, matter)
    with_handling(scenario, "separate", more)  # where nothing says how it was, this says why
    answer = command.ask(MatterQuestion(layout, more), scenario)
    reductions = answer.reductions
    assert reductions is not None

    def draw(to: Path) -> None:
        before_after_figure(reductions, text, matter).savefig(to)
        process_figure(answer.scenario, matter, text).savefig(to.with_name("process.png"))

    command.tell(
        answer,
        reductions_data(reductions, file),
        [row for row in reductions_rows(reductions) if row["matter"] == matter],
        "reductions.csv",
        lambda to: print_blocks(terminal_blocks(answer, reductions, bundle, file, text), to),
        draw,
    )
