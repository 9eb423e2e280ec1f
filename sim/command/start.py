"""`govhall demo` and `app`: the first things to try."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Final

from sim import data_dir, example_path
from sim.command.help import CommandGroup
from sim.command.inputs import all_layouts
from sim.command.options import MOST_REPLICATIONS, Options, Whole
from sim.command.studies import study
from sim.errors import OptionError
from sim.text import Text

REPLICATIONS: Final = 20
FOLDER: Final = "govhall-report"


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `demo` and `app`."""
    default: dict[str, Any] = {"show_default": True}
    many = Whole(1, MOST_REPLICATIONS)
    out = shared("out", metavar="DIR", words="demo_out", default=FOLDER, **default)
    group.add(
        "demo",
        _demo,
        shared("replications", many, default=REPLICATIONS, **default),
        *(shared.seed, shared.engine, shared.cores, out),
    )
    group.add("app", _app, shared("port", Whole(1, 65535), default=8501, **default))


def _demo(text: Text, **options: Any) -> None:
    study(text, str(example_path("sanmenxia.yaml")), all_layouts, **options)


def _app(text: Text, port: int) -> None:
    from sim.storage.limits import faulty_limits

    del text
    if problems := faulty_limits():
        raise OptionError(problems)
    script = data_dir("app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    os.chdir(script.parent)
    if os.name == "posix":
        # whoever ends this process, a container for one, ends the server, and lets it end its work
        os.execv(sys.executable, command)
    raise SystemExit(subprocess.call(command))
