"""`govhall switches`: what service modes bring over a hall, alone and together."""

from __future__ import annotations

from typing import Any

from sim.command.help import CommandGroup
from sim.command.options import Options
from sim.command.question_command import QuestionCommand
from sim.text import Text


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `switches`."""
    switch = shared("switch", multiple=True, metavar="NAME[=N,N,N]")
    options = (shared.layout, switch, *shared.many_runs, shared.out("switches"))
    group.add("switches", _switches, shared.file, *options)


def _switches(
    text: Text, file: str, layout: str | None, switch: tuple[str, ...], **how: Any
) -> None:
    """Run all combinations of some service modes, each against the hall as it is."""
    from sim.questions.switches import ROWS, SwitchesQuestion
    from sim.scenario.switches import read_switches
    from sim.views.switches import switches_figure
    from sim.views.switches_words import terminal_blocks
    from sim.views.terminal import print_blocks

    command = QuestionCommand(file, text, **how)
    scenario = command.scenario(layout)
    question = SwitchesQuestion(read_switches(switch), layout)
    question.check(scenario)
    hall = command.ask(question, scenario)
    command.tell_rows(
        hall,
        ROWS,
        lambda to: print_blocks(terminal_blocks(hall, file, text), to),
        lambda to: switches_figure(hall, text).savefig(to),
    )
