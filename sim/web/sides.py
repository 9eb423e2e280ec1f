"""The frame of a question: what is asked in a narrow column, what comes of it beside it.

The column of what is asked stays in sight while the answer is read, its button first, so that it
is reached with few keys. On a phone the two stand below each other: an answer of the reader's own
comes first, an example that ships last.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.storage.shipped import is_example
from sim.text import Text

WIDTHS: Final = (5, 13)
ASKED: Final = "ask-"
ANSWERED, EXAMPLE = "answered-", "example-"
"""What the keys of the containers begin with: the style below finds them by these."""
COLUMN: Final = (
    '[data-testid="stColumn"]:has(> [data-testid="stVerticalBlock"] > * > [class*="st-key-'
    f'{ASKED}"])'
)
STYLE: Final = f"""
{COLUMN} {{
  border-right: 1px solid rgba(49, 51, 63, .2); padding-right: 1rem}}
[class*="st-key-{ASKED}"] [data-testid="stHorizontalBlock"] {{flex-wrap: wrap}}
[class*="st-key-{ASKED}"] [data-testid="stColumn"] {{min-width: 7.25rem}}
[class*="st-key-{ASKED}"] [data-testid="stColumn"]:has([data-testid="stSelectbox"]) {{
  min-width: 100%}}
@media screen and (min-width: 641px) {{
  {COLUMN} {{
    position: sticky; top: 3.75rem; align-self: flex-start; max-height: calc(100vh - 4.5rem);
    overflow-y: auto}}
  [class*="st-key-{ASKED}go-"] {{
    position: sticky; top: 0; z-index: 9; background: white; padding-bottom: .5rem}}
}}
@media screen and (max-width: 640px) {{
  [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] [class*="st-key-{ANSWERED}"])
    > [data-testid="stColumn"]:has([class*="st-key-{ASKED}"]) {{order: 2}}
}}
"""
ENDED: Final = "ended-job"
"""In the state: the job that has just ended before the reader's eyes."""
MARK: Final = "answer-start"

STAND = st.components.v2.component(
    "stand_at_answer",
    js="""
export default function ({ parentElement }) {
  const block = parentElement.getRootNode().host ?? parentElement
  block.scrollIntoView({ block: "start", behavior: "auto" })
}
""",
)
"""Where it is drawn the page stands, so that an answer is seen when it comes."""


class Sides(NamedTuple):
    """The places of a question."""

    start: DeltaGenerator
    """The button, how long it takes, and how far it is."""
    controls: DeltaGenerator
    answer: DeltaGenerator


def open_sides(name: str) -> Sides:
    """The places of a question of that name, side by side.

    Parameters
    ----------
    name
        Of the question on pages (`session.name_of`); no two of a page are alike.
    """
    left, right = st.columns(WIDTHS, gap="medium")
    return Sides(
        left.container(key=f"{ASKED}go-{name}"), left.container(key=f"{ASKED}{name}"), right
    )


def open_answer(sides: Sides, name: str, job: str) -> DeltaGenerator:
    """The place of a finished answer; the page turns to it when the job has just ended."""
    key = f"{EXAMPLE}{name}" if is_example(job) else f"{ANSWERED}{name}"
    place = sides.answer.container(key=key)
    if st.session_state.get(ENDED) == job:
        del st.session_state[ENDED]
        with place:
            STAND(key=f"{MARK}-{job}", height=1)
    return place


def tell_nothing_yet(sides: Sides, text: Text) -> None:
    """What will stand in the place of an answer."""
    sides.answer.info(text("app.no_result"))
