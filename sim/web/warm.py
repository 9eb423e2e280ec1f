"""Figures of examples are drawn when the server starts, before the first reader looks."""

from __future__ import annotations

import threading
import time
from typing import Final

from streamlit import runtime

from sim.questions.one_matter import MatterQuestion
from sim.questions.size import SizeQuestion
from sim.storage.answers import kind_of
from sim.storage.shipped import example_name
from sim.text import LANGUAGES, load_text
from sim.views.blocks import PictureBlock
from sim.views.size_words import size_blocks
from sim.web.session import answer_to
from sim.web.telling import figure_of

LOOK_S: Final = 0.5
"""Seconds between two looks whether the server is up."""


def warm_in_background() -> None:
    """Draw them in a thread that ends with the server."""
    threading.Thread(target=_warm_once_up, daemon=True).start()


def _warm_once_up() -> None:
    while not runtime.exists():  # what is drawn before would be kept elsewhere
        time.sleep(LOOK_S)
    warm_examples()


def warm_examples() -> None:
    """Read the examples that take longest to read or to draw, and draw their figures."""
    answer_to(MatterQuestion, example_name(kind_of(MatterQuestion)))
    job = example_name(kind_of(SizeQuestion))
    sizing = answer_to(SizeQuestion, job)
    for language in LANGUAGES:
        text = load_text(language)
        for block in size_blocks(sizing, text):
            if isinstance(block, PictureBlock):
                key = (sizing.scenario.hash, job)
                figure_of(key, block.name, block.words, text, block.draw)
