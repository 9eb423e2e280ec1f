"""Figures of examples are drawn when the server starts, before the first reader looks.

Another process draws them (`python -m sim.web.warm`): matplotlib in a thread of the server would
hold up all pages, the more so a thread that waits for its turn on a busy machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

from streamlit import runtime

from sim.storage.answers import QUESTIONS
from sim.storage.example import EXAMPLE_OF, example_folder
from sim.storage.jobs import environment_of_workers
from sim.storage.shipped import example_name
from sim.text import LANGUAGES, Language, load_text
from sim.views.findings import pictures_in
from sim.views.report_kinds import FINDINGS
from sim.web.session import comparison_of, figures_key, load_result
from sim.web.telling import DrawnFigure, draw_figure, keep_figure

LOOK_S: Final = 0.5
"""Seconds between two looks whether the server is up."""
NICE: Final = 15
"""Of the process: readers and their simulations go before it."""
OTHERS: Final = frozenset({"compare", "matter"})
"""Kinds whose pages show other figures than their documents: they are read, and drawn later."""


class ExampleFigure(NamedTuple):
    """A figure of an example: one line of what the process that draws them prints."""

    kind: str
    language: Language
    name: str
    svg: str
    leaves_out_zero: bool


def warm_in_background() -> None:
    """Have them drawn, by a thread that ends with the server."""
    threading.Thread(target=_warm_once_up, daemon=True).start()


def _warm_once_up() -> None:
    while not runtime.exists():  # what is drawn before would be kept elsewhere
        time.sleep(LOOK_S)
    warm_examples()


def warm_examples() -> None:
    """Read every example, and keep the figures that its page shows first."""
    comparison_of(example_folder())
    load_result("matter", example_name("matter"))
    for drawn in _drawn_elsewhere():
        job = example_name(drawn.kind)
        load_result(drawn.kind, job)
        figure = DrawnFigure(drawn.svg, drawn.leaves_out_zero)
        keep_figure(figures_key(job), drawn.name, drawn.language, figure)


def _drawn_elsewhere() -> Iterator[ExampleFigure]:
    command = [sys.executable, "-m", "sim.web.warm"]
    with subprocess.Popen(
        command,
        env=environment_of_workers(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as drawing:
        assert drawing.stdout is not None
        for line in drawing.stdout:
            yield ExampleFigure(*json.loads(line))


def draw_examples() -> Iterator[ExampleFigure]:
    """The figures, kind by kind, in both languages."""
    for kind in EXAMPLE_OF:
        if kind in OTHERS:
            continue
        answer = QUESTIONS[kind].load(example_folder(kind))
        for language in LANGUAGES:
            for block in pictures_in(FINDINGS[kind](answer, load_text(language)).annexes):
                figure = draw_figure(block.draw, block.name, block.words)
                yield ExampleFigure(kind, language, block.name, *figure)


def main() -> None:
    """Print them, a line each, until nobody reads any more."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    with contextlib.suppress(BrokenPipeError):
        for drawn in draw_examples():
            print(json.dumps(drawn), flush=True)


if __name__ == "__main__":
    main()
