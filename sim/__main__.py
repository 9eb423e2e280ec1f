"""The command line: `hallsim check | run | compare | sweep | levers | reductions | log | …`.

Its commands are in `sim.command`, one file a noun. Heavy imports are inside the commands, so that
`--help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NoReturn

from sim.command.leaving import status
from sim.text import LANGUAGES, Language, load_text


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; whatever goes wrong is one clear sentence and an exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    text = load_text(_language(given, os.environ))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console without Chinese shows "?"
    raise SystemExit(status(given, text))


def _language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language asked for: `--lang`, else HALLSIM_LANG, else the terminal's, else Chinese."""
    asked = [b for a, b in pairwise(arguments) if a == "--lang"]
    asked += [a.partition("=")[2] for a in arguments if a.startswith("--lang=")]
    asked.append(environment.get("HALLSIM_LANG", ""))
    asked += [environment.get(name, "")[:2] for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    return next((one for name in asked for one in LANGUAGES if name == one), "zh")


if __name__ == "__main__":
    main()
