"""`govhall run` and `compare`: the same crowds in one layout or in several."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.command.help import CommandGroup
from sim.command.inputs import all_layouts, known_layouts, known_measure, read_asked
from sim.command.options import FORMATS, IdList, Options
from sim.command.outputs import (
    REPORT,
    folder_for,
    json_text,
    keep_study,
    say,
    say_data,
    tell,
    tell_boxes,
)
from sim.command.progress import CANCELLED_STATUS, progress_bar
from sim.errors import OptionError, OutputError, Problem
from sim.text import Text
from sim.text.foreign import csv_text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.catalogue import By
    from sim.engine.run import Engine
    from sim.questions.compare import Comparison
    from sim.runs.run import ResolvedRun
    from sim.scenario.scenario import Scenario

Choose = Callable[["Scenario"], Sequence[str]]
"""Which layouts of a scenario to run."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `run` and `compare`."""
    until = shared("until", multiple=True, metavar="MEASURE=WIDTH")
    how = (
        *(shared.days, shared.replications, until, shared.seed),
        *(shared.engine, shared.cores, shared("cluster", metavar="ADDRESS"), shared.overrides),
        *(shared.form, shared("by", IdList(), metavar="GROUP,GROUP")),
        *(shared("out", metavar="DIR"), shared("store", metavar="DIR")),
    )
    group.add("run", _run, shared.file, shared.layout, *how)
    hangs = shared("assumptions", metavar="MEASURE")
    group.add("compare", _compare, shared.file, shared.layouts, hangs, *how)


def _run(text: Text, file: str, layout: str | None, **chosen: Any) -> None:
    study(text, file, lambda scenario: [layout or scenario.layouts[0].id], **chosen)


def _compare(text: Text, file: str, layouts: tuple[str, ...] | None, **chosen: Any) -> None:
    study(text, file, lambda scenario: layouts or all_layouts(scenario), **chosen)


def study(
    text: Text,
    file: str,
    choose: Choose,
    *,
    replications: int | None,
    seed: int | None,
    engine: Engine,
    cores: int | None,
    out: str | None,
    cluster: str | None = None,
    store: str | None = None,
    until: tuple[str, ...] = (),
    by: tuple[str, ...] | None = None,
    days: int | None = None,
    set: tuple[str, ...] = (),
    format: str = FORMATS[0],
    assumptions: str | None = None,
) -> None:
    """Run layouts or find them in a store, print what they do, write what was asked for."""
    from sim.engine.run import is_ready
    from sim.questions.compare import CompareQuestion, compare
    from sim.runs.precision import check_targets
    from sim.runs.replicate import Study
    from sim.runs.run import Run
    from sim.storage.store import Store, run_or_find
    from sim.storage.turning_keep import find_turning

    if cluster is not None and cores is not None:
        raise OptionError(Problem("cluster_and_cores", "--cluster", found=cluster))
    targets, groupings = _targets(until), _groupings(by)
    check_targets(targets)
    if assumptions is not None:
        known_measure(assumptions, "--assumptions")
    if targets and store is not None:
        raise OptionError(Problem("until_and_store", "--until", found=", ".join(until)))
    scenario = read_asked(file, days, set, text)
    layouts = choose(scenario)
    known_layouts(scenario, layouts)
    folder, shelf = folder_for(out), folder_for(store, "--store")

    def serve(scenario: Scenario, layouts: Sequence[str], *, run: ResolvedRun) -> Study:
        requested = run.replications
        words = {"file": file, "layouts": len(layouts), "replications": requested}
        if cluster is None:
            tell(text("cli.working", cores=run.cores(at_most=requested), **words))
        else:
            tell(text("cli.working_on_cluster", cluster=cluster, **words))
        if cluster is None and not is_ready(engine):
            tell(text("cli.compiling"))
        with progress_bar(text) as progress:
            question = CompareQuestion(tuple(layouts), tuple(targets.items()))
            return question.answer(scenario, run=replace(run, progress=progress))

    run = Run(replications=replications, seed=seed, engine=engine, workers=cores, cluster=cluster)
    studies = None if shelf is None else Store(shelf)
    answer = run_or_find(scenario, layouts, run=run, serve=serve, store=studies)
    # what was found may have come of another file, with other changes, to the same content
    done = answer.study._replace(scenario=scenario)
    if answer.found:
        tell(text("cli.study_found", folder=answer.folder))
    if done.replications == 0:
        raise KeyboardInterrupt
    comparison = compare(done)
    if assumptions is not None and not done.cancelled:
        comparison = _turned(comparison, assumptions, answer.folder, cores, text)
    elif answer.folder is not None:
        comparison = comparison._replace(turning=find_turning(answer.folder))
    try:
        _say(comparison, file, format, groupings, text)
    finally:  # files are written though nobody reads the answer
        report = None if folder is None else _write(comparison, file, folder, text)
    if done.cancelled:
        cancelled = text("cli.cancelled", done=done.replications, total=done.asked)
        tell(cancelled)
    if done.reached is not None and not done.cancelled:
        word = "cli.precise" if done.reached else "cli.not_precise"
        tell(text(word, replications=done.replications))
    if report is not None and folder is not None:
        keep_study(comparison.study, folder, text, comparison.turning)
        tell_boxes(scenario, text)
        written = say if format == FORMATS[0] else tell
        written(text("cli.report_written", file=report.resolve()))
    if answer.problem is not None:
        raise answer.problem
    if answer.folder is not None and not answer.found:
        tell(text("cli.study_kept", folder=answer.folder))
    if done.cancelled:
        raise SystemExit(CANCELLED_STATUS)


def _turned(
    comparison: Comparison, measure: str, folder: Path | None, cores: int | None, text: Text
) -> Comparison:
    """With the assumptions on which the verdict hangs: as kept beside the study, or looked for."""
    from sim.questions.turning import TurningQuestion
    from sim.runs.run import Run
    from sim.storage.turning_keep import add_turning, find_turning

    turning = None if folder is None else find_turning(folder)
    if turning is None or turning.measure != measure or turning.cancelled:
        tell(text("cli.working_on_assumptions"))
        with progress_bar(text) as progress:
            run = Run(workers=cores, progress=progress)
            question = TurningQuestion(measure, comparison.level)
            turning = question.answer(comparison.study, run=run)
        if folder is not None:
            with contextlib.suppress(OSError):  # it is printed all the same
                add_turning(turning, folder)
    return comparison._replace(turning=turning)


def _targets(until: Sequence[str]) -> dict[str, float]:
    """Half-widths by measure, from `wait=0.5`; whether the measure exists is asked later."""
    targets, problems = {}, []
    for target in until:
        measure, _, width = (part.strip() for part in target.partition("="))
        try:
            if measure in targets:
                problems.append(Problem("named_twice", "--until", found=measure))
            targets[measure] = float(width)
        except ValueError:
            allowed = "wait=0.5, called_within=0.01 …"
            problems.append(Problem("option_value", "--until", found=target, allowed=allowed))
    if problems:
        raise OptionError(problems)
    return targets


def _groupings(by: tuple[str, ...] | None) -> tuple[By, ...]:
    """Groupings by name, from `class,slot`."""
    from sim.analysis.groups import GROUPINGS

    unknown = ", ".join(name for name in by or () if name not in GROUPINGS)
    if unknown:
        allowed = ", ".join(GROUPINGS)
        raise OptionError(Problem("option_value", "--by", found=unknown, allowed=allowed))
    return tuple(name for name in GROUPINGS if by is not None and name in by)


def _say(comparison: Comparison, file: str, form: str, groupings: Sequence[By], text: Text) -> None:
    from sim.storage.comparison_export import comparison_data, comparison_rows
    from sim.views.comparison_words import terminal_blocks
    from sim.views.terminal import print_blocks

    data, rows = comparison_data(comparison, file), list(comparison_rows(comparison, groupings))

    def print_answer(to: Console) -> None:
        print_blocks(terminal_blocks(comparison, file, text, groupings), to)

    say_data(form, data, rows, print_answer)


def _write(comparison: Comparison, file: str, folder: Path, text: Text) -> Path:
    """Write the figures and the report; return the report's path."""
    from sim.analysis.groups import GROUPINGS
    from sim.storage.comparison_export import comparison_data, comparison_rows
    from sim.views.report import write_report

    data = comparison_data(comparison, file)
    rows = list(comparison_rows(comparison, GROUPINGS))
    report = folder / REPORT
    try:
        (folder / "result.json").write_text(json_text(data), encoding="utf-8")
        # the mark at the start tells Excel that it is UTF-8
        (folder / "measures.csv").write_text(csv_text(rows), encoding="utf-8-sig")
        write_report(comparison, text, report)
    except OSError:
        raise OutputError(Problem("unwritable_folder", "--out", found=str(folder))) from None
    return report
