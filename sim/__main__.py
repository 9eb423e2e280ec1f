"""The command line: `govhall check | run | compare | sweep | levers | reductions | log | …`.

Its commands are in `sim.command`, one file a noun. Heavy imports are inside the commands, so that
`--help` answers at once; even those of the command line itself are inside `main`, where Ctrl-C is
already looked after.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sim.text import Language


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; whatever goes wrong is one clear sentence and an exit status."""
    stopped: list[int] = []
    before = signal.signal(signal.SIGINT, lambda signum, frame: stopped.append(signum))
    try:
        _hold_standard_streams()
        from sim.command.exit_status import status
        from sim.text import load_text

        words = list(sys.argv[1:] if arguments is None else arguments)
        left = status(words, load_text(_language(words, os.environ)), stopped)
    finally:
        if arguments is not None:  # else the process ends: there is nothing left to stop
            signal.signal(signal.SIGINT, before)
    raise SystemExit(left)


def _hold_standard_streams() -> None:
    """A console without Chinese shows "?"; no file takes the number of a closed stream."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language asked for: `--lang`, else GOVHALL_LANG, else the terminal's, else Chinese."""
    from sim.text import LANGUAGES

    languages = [b for a, b in pairwise(arguments) if a == "--lang"]
    languages += [a.partition("=")[2] for a in arguments if a.startswith("--lang=")]
    languages.append(environment.get("GOVHALL_LANG", ""))
    languages += [environment.get(name, "")[:2] for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    return next(
        (language for name in languages for language in LANGUAGES if name == language), "zh"
    )


if __name__ == "__main__":
    main()
