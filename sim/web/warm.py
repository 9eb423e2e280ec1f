"""Figures of examples are drawn when the server starts, before the first reader looks."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import Any, Final

from streamlit import runtime

from sim.storage.example import EXAMPLE_OF, example_folder
from sim.storage.shipped import example_name
from sim.text import LANGUAGES, load_text
from sim.views.findings import pictures_in
from sim.views.report_kinds import FINDINGS
from sim.web.session import comparison_of, figures_key, load_result
from sim.web.telling import figure_of

LOOK_S: Final = 0.5
"""Seconds between two looks whether the server is up."""
NICE: Final = 15
"""Of the thread: readers go before it."""
OTHERS: Final = frozenset({"compare", "matter"})
"""Kinds whose pages show other figures than their documents: they are read, and drawn later."""


def warm_in_background() -> None:
    """Draw them in a thread that ends with the server."""
    threading.Thread(target=_warm_once_up, daemon=True).start()


def _warm_once_up() -> None:
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
    while not runtime.exists():  # what is drawn before would be kept elsewhere
        time.sleep(LOOK_S)
    warm_examples()


def warm_examples() -> None:
    """Read every example, and draw the figures that its page shows first."""
    comparison_of(example_folder())
    load_result("matter", example_name("matter"))
    for kind in EXAMPLE_OF:
        if kind not in OTHERS:
            _draw(kind, load_result(kind, example_name(kind)))


def _draw(kind: str, answer: Any) -> None:
    key = figures_key(example_name(kind))
    for language in LANGUAGES:
        text = load_text(language)
        for block in pictures_in(FINDINGS[kind](answer, text).annexes):
            figure_of(key, block.name, block.words, text, block.draw)
