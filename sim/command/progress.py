"""While a command works: what it is at, how far it is, and whether it was stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sim.command.outputs import tell
from sim.text import Text

if TYPE_CHECKING:
    from sim.runs.run import ResolvedRun

CANCELLED_STATUS: Final = 130


def tell_work(
    file: str, points: int, run: ResolvedRun, text: Text, *, searches: bool = False
) -> None:
    """Say how much is to be done.

    Parameters
    ----------
    searches
        What is run depends on what was found before, so that the number is an estimate.
    """
    from sim.engine.run import is_ready

    words = {"points": points, "replications": run.replications, "cores": run.cores()}
    tell(text(f"cli.{'searching' if searches else 'working_on_points'}", file=file, **words))
    if not is_ready(run.engine):
        tell(text("cli.compiling"))


@contextmanager
def progress_bar(
    text: Text, words: str = "cli.progress"
) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal; nothing when the output goes elsewhere.

    It is drawn here and not by a thread, since worker processes are forked while it stands.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int) -> None:
            description = text(words, done=done, total=total)
            bar.update(task, completed=done, total=total, description=description)
            bar.refresh()

        yield show


def leave_if_stopped(done: int, requested: int, text: Text) -> None:
    """Leave with a status of its own when only some replications are finished."""
    if done < requested:
        tell(text("cli.cancelled", done=done, total=requested))
        raise SystemExit(CANCELLED_STATUS)
