"""Every way out of a command: an answer, a clear sentence, Ctrl-C, a reader who has left."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import click

from sim.command.outputs import forget, tell
from sim.command.progress import CANCELLED_STATUS
from sim.command.root import govhall
from sim.errors import HallError, OptionError, OutputError, Problem, RunError
from sim.text import Text

GRACE_S: Final = 2.0
"""Seconds that workers have to finish after Ctrl-C."""
INTERNAL_STATUS: Final = 1
OLD_PREFIX: Final = "HALLSIM_"
"""Environment variables began so up to version 0.2."""


def status(arguments: list[str], text: Text, stopped: Sequence[object] = ()) -> int:
    """Run a command; its exit status, whatever happens.

    `stopped` holds something when Ctrl-C came before this was called.
    """
    _warn_of_old_variables(text)
    presses = list(stopped)
    try:
        with _stoppable(presses):
            if presses:
                raise KeyboardInterrupt
            if sys.stdout is None:
                raise OutputError(Problem("closed_output"))
            group = govhall(text)
            # not `group.main`, which has its own way with signals and pipes
            with group.make_context("govhall", arguments) as ctx:
                group.invoke(ctx)
    except click.exceptions.Exit as left:
        return left.exit_code
    except HallError as error:
        for sentence in error.sentences(text):
            tell(sentence)
        return error.exit_status
    except click.ClickException as error:
        tell(Problem("bad_option", found=error.format_message()).sentence(text))
        return OptionError.exit_status
    except (click.Abort, KeyboardInterrupt):
        tell(text("cli.nothing_kept"))
        return CANCELLED_STATUS
    except BrokenPipeError:
        forget(sys.stdout)
    except MemoryError:
        tell(Problem("no_memory").sentence(text))
        return RunError.exit_status
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else INTERNAL_STATUS
    except Exception as error:
        if presses:  # a library that was at work may have made an error of its own of Ctrl-C
            tell(text("cli.nothing_kept"))
            return CANCELLED_STATUS
        if os.environ.get("GOVHALL_TRACEBACK"):
            raise
        problem = Problem("internal", found=f"{type(error).__name__}: {error}")
        tell(problem.sentence(text))
        return INTERNAL_STATUS
    return 0


def _warn_of_old_variables(text: Text) -> None:
    """A limit set under its old name must not be lost in silence."""
    for old in sorted(name for name in os.environ if name.startswith(OLD_PREFIX)):
        tell(text("cli.old_variable", old=old, new="GOVHALL_" + old.removeprefix(OLD_PREFIX)))


@contextmanager
def _stoppable(presses: list[object]) -> Iterator[None]:
    """Ctrl-C lets workers finish for a few seconds, then ends them; twice, it ends them at once.

    Each press is added to `presses`.

    Not at once by itself: a worker that dies while it hands over a result leaves a torn message
    behind, for whose rest its reader would wait.
    """
    timers: list[threading.Timer] = []

    def stop(signum: int, frame: object) -> None:
        del frame
        presses.append(signum)
        if multiprocessing.parent_process() is not None:
            os._exit(CANCELLED_STATUS)  # a worker that has not yet learnt to leave this to us
        workers = multiprocessing.active_children()

        def end_workers() -> None:
            for worker in workers:
                with suppress(ValueError, OSError):
                    worker.terminate()

        if timers:
            end_workers()
        timers.append(threading.Timer(GRACE_S, end_workers))
        timers[-1].daemon = True
        timers[-1].start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        for timer in timers:
            timer.cancel()
