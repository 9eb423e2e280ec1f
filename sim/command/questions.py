"""`govhall sweep`, `levers`, `reductions`, `matter`, `extend`: questions that take many runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar

import click

from sim.command.help import CommandGroup
from sim.command.options import IdList, Options, SaidText, Whole
from sim.command.reading import (
    all_layouts,
    known_layouts,
    known_measure,
    read_asked,
)
from sim.command.working import leave_if_stopped, progress_bar, tell_work
from sim.command.writing import folder_for, say_data, tell_boxes, write_files
from sim.errors import OptionError, Problem
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.engine.run import Engine
    from sim.questions.extend import Extension
    from sim.questions.reductions import Reductions
    from sim.questions.siting import Ranked
    from sim.runs.run import Run
    from sim.scenario.matters import Handling
    from sim.scenario.scenario import Scenario


EXTENDING: Final[Mapping[str, tuple[str, ...]]] = {
    "--next": ("--points", "--top"),
    "--frontier": ("--budget", "--at-most"),
    "--points": (),
    "": ("--budget", "--at-most"),
}
"""What `extend` can be asked, and the options that go with it."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add the questions."""
    some = (
        *(shared.days, shared.replications, shared.seed, shared.engine, shared.cores),
        *(shared.overrides, shared.form),
    )

    def out(name: str) -> click.Option:
        return shared("out", metavar="DIR", words=f"{name}_out")

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
    levers = (shared.layout, measure, top, only, ends)
    group.add("levers", _levers, file, *levers, *some, out("levers"))
    group.add("reductions", _reductions, file, quiet, lean, *some, out("reductions"))
    group.add("matter", _matter, file, matter, quiet, *some, out("matter"))
    points = shared("points", IdList())
    budget = shared("budget", Whole(1), metavar="YUAN")
    at_most = click.Option(
        ["--at-most"], type=Whole(1), metavar="N", help=shared.text("cli.option.at_most")
    )
    more = click.Option(["--next", "one_more"], is_flag=True, help=shared.text("cli.option.next"))
    numbers = click.Option(
        ["--frontier", "how_many"], is_flag=True, help=shared.text("cli.option.frontier")
    )
    run = shared("top", Whole(1, 1000), words="next_top")
    where = (points, budget, at_most, more, run, numbers, shared.layout)
    group.add("extend", _extend, file, *where, *some, out("extend"))


class ManyRuns(Protocol):
    """What many runs found; stopped early, it holds fewer replications than were asked for."""

    @property
    def replications(self) -> int: ...

    @property
    def asked(self) -> int: ...


Found = TypeVar("Found", bound=ManyRuns)
Found_co = TypeVar("Found_co", bound=ManyRuns, covariant=True)


class Asks(Protocol[Found_co]):
    """A question with all that is asked; only how to run it is open."""

    def __call__(self, *, run: Run) -> Found_co: ...


class QuestionCommand(NamedTuple):
    """How every question of many runs is asked and answered, whatever it is about."""

    file: str
    text: Text
    days: int | None
    replications: int | None
    seed: int | None
    engine: Engine
    cores: int | None
    set: tuple[str, ...]
    format: str
    out: str | None

    @property
    def run(self) -> Run:
        """How the options say to run it."""
        from sim.runs.run import Run

        return Run(
            replications=self.replications, seed=self.seed, engine=self.engine, workers=self.cores
        )

    def scenario(self) -> Scenario:
        """The scenario with what the options change in it."""
        return read_asked(self.file, self.days, self.set, self.text)

    def ask(self, scenario: Scenario, points: int, answer: Asks[Found]) -> Found:
        """What is found, after saying how much is to be done and while telling how far it is."""
        if folder_for(self.out) is not None:
            tell_boxes(scenario, self.text)
        run = self.run.resolved(scenario)
        tell_work(self.file, points, run, self.text)
        with progress_bar(self.text) as progress:
            found = answer(run=replace(run, progress=progress))
        if found.replications == 0:
            raise KeyboardInterrupt
        return found

    def tell(
        self,
        found: ManyRuns,
        data: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]],
        table: str,
        write: Callable[[Console], None],
        draw: Callable[[Path], None],
    ) -> None:
        """Print what was found and write what was asked for."""
        folder = folder_for(self.out)
        try:
            say_data(self.format, data, rows, write)
        finally:  # files are written though nobody reads the answer
            if folder is not None:
                write_files(folder, data, rows, table, draw, self.text)
        leave_if_stopped(found.replications, found.asked, self.text)


def _sweep(
    text: Text,
    file: str,
    vary: tuple[str, ...],
    layouts: tuple[str, ...] | None,
    measure: str,
    **how: Any,
) -> None:
    """Run a grid of overrides and tell one measure of it."""
    from sim.questions.sweep import check_size, sweep
    from sim.questions.vary import read_levers
    from sim.storage.export import sweep_data, sweep_rows
    from sim.views.console import print_sweep
    from sim.views.sweep import sweep_figure

    question = QuestionCommand(file, text, **how)
    scenario = question.scenario()
    names = layouts or all_layouts(scenario)
    known_layouts(scenario, names)
    known_measure(measure)
    levers = read_levers(scenario, vary)
    check_size(levers, len(names))
    points = math.prod(len(lever.settings) for lever in levers)
    found = question.ask(scenario, points, partial(sweep, scenario, levers, names))
    question.tell(
        found,
        sweep_data(found, file),
        list(sweep_rows(found)),
        "measures.csv",
        lambda to: print_sweep(found, measure, file, text, to),
        lambda to: sweep_figure(found, text, measure).savefig(to),
    )


def _levers(
    text: Text,
    file: str,
    layout: str | None,
    measure: str,
    top: int,
    only: tuple[str, ...] | None,
    vary: tuple[str, ...],
    **how: Any,
) -> None:
    """Rank the levers of one layout by one measure."""
    from sim.questions.levers import ENDS, assumed_levers, chosen, given_levers, rank
    from sim.storage.export import ranking_data, ranking_rows
    from sim.views.console import print_ranking
    from sim.views.tornado import tornado_figure

    question = QuestionCommand(file, text, **how)
    scenario = question.scenario()
    name = layout or scenario.layouts[0].id
    known_layouts(scenario, [name])
    known_measure(measure)
    given = given_levers(scenario, vary)
    levers = chosen(assumed_levers(scenario, name), given, only or ())
    points = ENDS * len(levers.levers)
    ranking = question.ask(scenario, points, partial(rank, scenario, name, levers, measure))
    question.tell(
        ranking,
        ranking_data(ranking, file),
        list(ranking_rows(ranking)),
        "levers.csv",
        lambda to: print_ranking(ranking, top, file, text, to),
        lambda to: tornado_figure(ranking, text, top).savefig(to),
    )


def _reductions(text: Text, file: str, layout: str | None, ends: bool, **how: Any) -> None:
    """Count the four reductions of all matters."""
    from sim.questions.reductions import leanings
    from sim.runs.run import Run
    from sim.storage.export import reductions_data, reductions_rows
    from sim.views.reductions import reductions_figure
    from sim.views.reductions_console import print_reductions

    question = QuestionCommand(file, text, **how)
    found = _both_handlings(question, layout)
    leaning = list(leanings(found, run=Run(workers=question.cores))) if ends else []
    question.tell(
        found,
        reductions_data(found, file, leaning),
        list(reductions_rows(found)),
        "reductions.csv",
        lambda to: print_reductions(found, file, text, to, leaning),
        lambda to: reductions_figure(found, text).savefig(to),
    )


def _matter(text: Text, file: str, matter: str, layout: str | None, **how: Any) -> None:
    """Tell of one matter under both handlings."""
    from sim.questions.reductions import matter_of
    from sim.runs.replicate import replicate
    from sim.scenario.edit import with_handling
    from sim.storage.export import reductions_data, reductions_rows
    from sim.views.reductions import before_after_figure, process_figure
    from sim.views.reductions_console import print_matter

    question = QuestionCommand(file, text, **how)
    found = _both_handlings(question, layout, matter)
    one = matter_of(found.scenario, matter)
    ways: tuple[Handling, ...] = ("separate", "bundled")
    run = replace(question.run, replications=found.replications, seed=found.seed)
    studies = [
        (way, replicate(with_handling(found.longer, way, found.matters), [found.layout], run=run))
        for way in ways
    ]

    def draw(to: Path) -> None:
        before_after_figure(found, text, matter).savefig(to)
        process_figure(found.scenario, matter, text).savefig(to.with_name("process.png"))

    question.tell(
        found,
        reductions_data(found, file),
        [row for row in reductions_rows(found) if row["matter"] == matter],
        "reductions.csv",
        lambda to: print_matter(found, studies, one, file, text, to),
        draw,
    )


def _both_handlings(
    question: QuestionCommand, layout: str | None, matter: str | None = None
) -> Reductions:
    """The same crowds before and after; all matters are switched, also when one is looked at."""
    from sim.questions.reductions import matter_of, reductions
    from sim.scenario.edit import bundles

    scenario = question.scenario()
    known_layouts(scenario, [layout] if layout is not None else [])
    switched = bundles(scenario)
    if matter is not None and matter_of(scenario, matter).id not in switched:
        switched = (*switched, matter)
    return question.ask(scenario, 2, partial(reductions, scenario, layout, matters=switched))


def _extend(
    text: Text,
    file: str,
    points: tuple[str, ...] | None,
    budget: int | None,
    at_most: int | None,
    one_more: bool,
    top: int | None,
    how_many: bool,
    layout: str | None,
    **how: Any,
) -> None:
    """Open stations where it is told, or where they do most, and tell what they bring."""
    from sim.questions.siting import MOST, affordable

    given = {
        "--points": points is not None,
        "--budget": budget is not None,
        "--at-most": at_most is not None,
        "--next": one_more,
        "--top": top is not None,
        "--frontier": how_many,
    }
    asked = [name for name, is_given in given.items() if is_given]
    about = next((name for name in EXTENDING if name in asked), "")
    if set(asked) - {about, *EXTENDING[about]}:
        raise OptionError(Problem("one_extension", found=" ".join(asked)))
    question = QuestionCommand(file, text, **how)
    scenario = question.scenario()
    known_layouts(scenario, [layout] if layout is not None else [])
    if one_more:
        _next_points(question, scenario, points or (), top or MOST, layout)
    elif how_many:
        _frontier(question, scenario, affordable(scenario, budget, at_most), layout)
    elif points is not None:
        _open(question, scenario, points, layout)
    else:
        _site(question, scenario, affordable(scenario, budget, at_most), layout)


def _open(
    question: QuestionCommand, scenario: Scenario, points: Sequence[str], layout: str | None
) -> None:
    """Stations in these townships."""
    from sim.questions.extend import extend

    found = question.ask(scenario, 2, partial(extend, scenario, points, layout))
    _tell_extension(question, found, None)


def _site(question: QuestionCommand, scenario: Scenario, number: int, layout: str | None) -> None:
    """At most so many stations, where integer programmes and the same crowds put them."""
    from sim.questions.siting import propose, site

    runs = len([one for one in propose(scenario, number) if one.points])
    ranked = question.ask(scenario, 1 + runs, partial(site, scenario, number, layout))
    _tell_extension(question, ranked.extensions[0], ranked)


def _tell_extension(question: QuestionCommand, found: Extension, ranked: Ranked | None) -> None:
    from sim.storage.extend_export import extension_data, extension_rows
    from sim.views.extend import extension_figure
    from sim.views.extend_console import print_extension

    file, text = question.file, question.text
    question.tell(
        found,
        extension_data(found, file, ranked),
        list(extension_rows(found)),
        "stations.csv",
        lambda to: print_extension(found, file, text, to, ranked),
        lambda to: extension_figure(found, text).savefig(to),
    )


def _next_points(
    question: QuestionCommand,
    scenario: Scenario,
    points: Sequence[str],
    most: int,
    layout: str | None,
) -> None:
    """The townships for one station more."""
    from sim.questions.siting import next_points
    from sim.storage.siting_export import next_points_data, next_points_rows
    from sim.views.siting import next_points_figure
    from sim.views.siting_console import print_next_points

    file, text = question.file, question.text
    runs = most + 1 + bool(points)
    found = question.ask(scenario, runs, partial(next_points, scenario, points, most, layout))
    question.tell(
        found,
        next_points_data(found, file),
        list(next_points_rows(found)),
        "next.csv",
        lambda to: print_next_points(found, file, text, to),
        lambda to: next_points_figure(found, text).savefig(to),
    )


def _frontier(question: QuestionCommand, scenario: Scenario, most: int, layout: str | None) -> None:
    """Every number of stations up to the most."""
    from sim.questions.siting import frontier
    from sim.storage.siting_export import frontier_data, frontier_rows
    from sim.views.siting import frontier_figure
    from sim.views.siting_console import print_frontier

    file, text, numbers = question.file, question.text, range(1, most + 1)
    found = question.ask(scenario, 1 + most, partial(frontier, scenario, numbers, layout))
    question.tell(
        found,
        frontier_data(found, file),
        list(frontier_rows(found)),
        "frontier.csv",
        lambda to: print_frontier(found, file, text, to),
        lambda to: frontier_figure(found, text).savefig(to),
    )
