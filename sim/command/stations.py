"""`govhall extend`: stations in townships, where they are told or where they do most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from sim.command.help import CommandGroup
from sim.command.options import IdList, Options, Whole
from sim.command.question_command import QuestionCommand
from sim.errors import OptionError, Problem
from sim.text import Text

if TYPE_CHECKING:
    from sim.questions.extension import Extension
    from sim.questions.sites import Ranked
    from sim.scenario.scenario import Scenario

EXTENDING: Final[Mapping[str, tuple[str, ...]]] = {
    "--each": ("--points",),
    "--next": ("--points", "--top"),
    "--frontier": ("--budget", "--at-most"),
    "--points": (),
    "": ("--budget", "--at-most"),
}
"""What `extend` can be asked, and the options that go with it."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add the question of new stations."""
    points = shared("points", IdList())
    budget = shared("budget", Whole(1), metavar="YUAN")
    at_most = click.Option(
        ["--at-most"], type=Whole(1), metavar="N", help=shared.text("cli.option.at_most")
    )
    each = click.Option(["--each"], is_flag=True, help=shared.text("cli.option.each"))
    one_more = click.Option(
        ["--next", "one_more"], is_flag=True, help=shared.text("cli.option.next")
    )
    how_many = click.Option(
        ["--frontier", "how_many"], is_flag=True, help=shared.text("cli.option.frontier")
    )
    top = shared("top", Whole(1, 1000), words="next_top")
    where = (points, each, budget, at_most, one_more, top, how_many, shared.layout)
    group.add("extend", _extend, shared.file, *where, *shared.many_runs, shared.out("extend"))


class WhereOptions(NamedTuple):
    """Options of `extend`: which townships, how many, and what is asked of them."""

    points: tuple[str, ...] | None
    budget: int | None
    at_most: int | None
    each: bool
    one_more: bool
    top: int | None
    how_many: bool
    layout: str | None

    def question(self) -> str:
        """The option that says what is asked; empty = where stations do most.

        Raises
        ------
        OptionError
            `one_extension` for options that do not go together.
        """
        options = {
            "--points": self.points is not None,
            "--budget": self.budget is not None,
            "--at-most": self.at_most is not None,
            "--each": self.each,
            "--next": self.one_more,
            "--top": self.top is not None,
            "--frontier": self.how_many,
        }
        named = [name for name, is_given in options.items() if is_given]
        about = next((name for name in EXTENDING if name in named), "")
        if set(named) - {about, *EXTENDING[about]}:
            raise OptionError(Problem("one_extension", found=" ".join(named)))
        return about

    def number(self, scenario: Scenario) -> int:
        """How many stations may be opened."""
        from sim.questions.proposals import affordable

        return affordable(scenario, self.budget, self.at_most)


def _extend(text: Text, file: str, **options: Any) -> None:
    """Open stations where it is told, or where they do most, and tell what they bring."""
    where = WhereOptions(**{name: options.pop(name) for name in WhereOptions._fields})
    ways = {
        "--points": _open,
        "--each": _shortlist,
        "--next": _next_points,
        "--frontier": _frontier,
        "": _site,
    }
    ask = ways[where.question()]
    command = QuestionCommand(file, text, **options)
    ask(command, command.scenario(where.layout), where)


def _open(command: QuestionCommand, scenario: Scenario, where: WhereOptions) -> None:
    """Stations in these townships."""
    from sim.questions.extend import ExtendQuestion

    question = ExtendQuestion(where.points or (), where.layout)
    _tell_extension(command, command.ask(question, scenario), None)


def _site(command: QuestionCommand, scenario: Scenario, where: WhereOptions) -> None:
    """At most so many stations, where integer programmes and the same crowds put them."""
    from sim.questions.sites import SitesQuestion

    ranked = command.ask(SitesQuestion(where.number(scenario), where.layout), scenario)
    _tell_extension(command, ranked.extensions[0], ranked)


def _tell_extension(command: QuestionCommand, extension: Extension, ranked: Ranked | None) -> None:
    from sim.storage.extend_export import extension_data, extension_rows
    from sim.views.extend import extension_figure
    from sim.views.extend_words import terminal_blocks
    from sim.views.terminal import print_blocks

    file, text = command.file, command.text
    command.tell(
        extension,
        extension_data(extension, file, ranked),
        list(extension_rows(extension)),
        "stations.csv",
        lambda to: print_blocks(terminal_blocks(extension, file, text, ranked), to),
        lambda to: extension_figure(extension, text).savefig(to),
    )


def _shortlist(command: QuestionCommand, scenario: Scenario, where: WhereOptions) -> None:
    """These townships, each alone and all together."""
    from sim.questions.shortlist import ROWS, ShortlistQuestion
    from sim.views.shortlist import shortlist_figure
    from sim.views.shortlist_words import shortlist_blocks
    from sim.views.terminal import print_blocks

    file, text = command.file, command.text
    ranking = command.ask(ShortlistQuestion(where.points or (), where.layout), scenario)
    command.tell_rows(
        ranking,
        ROWS,
        lambda to: print_blocks(shortlist_blocks(ranking, file, text), to),
        lambda to: shortlist_figure(ranking, text).savefig(to),
    )


def _next_points(command: QuestionCommand, scenario: Scenario, where: WhereOptions) -> None:
    """The townships for one station more."""
    from sim.questions.next_point import MOST, ROWS, NextPointQuestion
    from sim.views.next_point import next_points_figure
    from sim.views.next_point_words import next_point_blocks
    from sim.views.terminal import print_blocks

    file, text = command.file, command.text
    question = NextPointQuestion(where.points or (), where.top or MOST, where.layout)
    ranking = command.ask(question, scenario)
    command.tell_rows(
        ranking,
        ROWS,
        lambda to: print_blocks(next_point_blocks(ranking, file, text), to),
        lambda to: next_points_figure(ranking, text).savefig(to),
    )


def _frontier(command: QuestionCommand, scenario: Scenario, where: WhereOptions) -> None:
    """Every number of stations up to the most."""
    from sim.questions.frontier import ROWS, FrontierQuestion
    from sim.views.frontier import frontier_figure
    from sim.views.frontier_words import frontier_blocks
    from sim.views.terminal import print_blocks

    file, text = command.file, command.text
    numbers = tuple(range(1, where.number(scenario) + 1))
    steps = command.ask(FrontierQuestion(numbers, where.layout), scenario)
    command.tell_rows(
        steps,
        ROWS,
        lambda to: print_blocks(frontier_blocks(steps, file, text), to),
        lambda to: frontier_figure(steps, text).savefig(to),
    )
