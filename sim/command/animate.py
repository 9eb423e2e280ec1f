"""`govhall animate`: a day of the hall as a page that plays it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.command.help import CommandGroup
from sim.command.inputs import all_layouts, known_layouts, read_asked
from sim.command.options import MOST_DAYS, MOST_REPLICATIONS, Options, SaidText, Whole
from sim.command.outputs import say, tell, writable, write_whole
from sim.errors import OptionError, Problem
from sim.text import Text

if TYPE_CHECKING:
    from sim.engine.run import Engine
    from sim.scenario.scenario import Scenario

SIDE_BY_SIDE: Final = 2
"""Layouts that are played where none is named."""
SUFFIXES: Final = (".html", ".htm")


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `animate`."""
    group.add(
        "animate",
        _animate,
        click.Argument(["file"], metavar="FILE|STUDY", type=SaidText()),
        shared.repeated_layout("animate"),
        shared("day", Whole(1, MOST_DAYS), default=1, show_default=True),
        shared("replication", Whole(0, MOST_REPLICATIONS), default=0, show_default=True),
        *(shared.days, shared.seed, shared.engine, shared.overrides),
        shared("out", metavar="PAGE.html", required=True, words="animate_out"),
    )


def _animate(
    text: Text,
    file: str,
    layouts: tuple[str, ...],
    day: int,
    replication: int,
    days: int | None,
    seed: int | None,
    engine: Engine,
    set: tuple[str, ...],
    out: str,
) -> None:
    """Serve a crowd in one or more layouts, and write the page that plays one of its days."""
    from sim.engine.run import is_ready
    from sim.runs.played_day import serve_day
    from sim.views.day_page import day_data, day_html

    to = Path(out)
    if to.suffix.lower() not in SUFFIXES or not to.stem:
        allowed = ", ".join(SUFFIXES)
        raise OptionError(Problem("unknown_suffix", "--out", found=to.name, allowed=allowed))
    writable(to)
    if Path(file).is_dir():
        scenario, usual, of_study = _kept(file, days, set)
        seed = of_study if seed is None else seed
    else:
        scenario = read_asked(file, days, set, text)
        usual = tuple(all_layouts(scenario)[:SIDE_BY_SIDE])
    chosen = tuple(dict.fromkeys(layouts)) or usual
    known_layouts(scenario, chosen)
    if not is_ready(engine):
        tell(text("cli.compiling"))
    played = serve_day(
        scenario, chosen, number=day, seed=seed, replication=replication, engine=engine
    )
    page = day_html(day_data(played, text), text).encode()
    write_whole(to, page)
    words = {"file": to, "seed": played.seed, "replication": replication, "day": day}
    say(text("cli.animation_written", size=text.number(len(page) / 1e6, 2), **words))


def _kept(
    folder: str, days: int | None, changes: tuple[str, ...]
) -> tuple[Scenario, tuple[str, ...], int]:
    """Scenario, layouts and seed of a kept study, which is played as it was run."""
    from sim.storage.keep import load_study

    for option, given in (("--days", days is not None), ("--set", bool(changes))):
        if given:
            raise OptionError(Problem("kept_unchanged", option, found=folder))
    study = load_study(Path(folder))
    return study.scenario, study.layouts[:SIDE_BY_SIDE], study.seed
