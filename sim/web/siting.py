"""Where else: the townships for one station more, and what each number of stations saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from sim.questions.siting import MOST, Frontier, NextPoints
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates
from sim.storage.extend_keep import stations_data
from sim.storage.jobs import Request
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.extend_counted import year_sentences
from sim.views.siting import frontier_figure, next_points_figure
from sim.views.siting_console import (
    NEXT_HEADS,
    STEP_HEADS,
    best_sentence,
    next_cells,
    next_sentences,
    step_cells,
)
from sim.web.change import made
from sim.web.fields import whole_number
from sim.web.question import run_and_answer
from sim.web.session import (
    Session,
    answered_before,
    jobs,
    put,
    result_of,
    submit,
)
from sim.web.session import session as current
from sim.web.telling import plain, show, tell_changes

MOST_RUN: Final = 30
"""Townships that may be run for the next point."""
MOST_STATIONS: Final = 40
FIRST_STATIONS: Final = 6
STEPS: Final = 8
"""Numbers of stations that are run at most."""


def next_part(
    scenario: Scenario,
    points: tuple[str, ...],
    own: Mapping[str, ServicePoint],
    settings: tuple[str, int, int] | None,
    add: Callable[[str], None],
    text: Text,
) -> None:
    """The townships for one station more, beside those that are chosen."""
    words_of = text("page.townships.next")
    st.header(words_of, anchor=False)
    st.markdown(text("page.townships.next_what"))
    place, _ = st.columns([1, 2])
    words = text("page.townships.next_most")
    most = whole_number(place, words, 1, MOST_RUN, text, key="next-most", first=MOST)
    asked = None
    if settings is not None and most is not None and len(points) < len(candidates(scenario)):
        layout, replications, seed = settings
        asked = Request(
            "next_points",
            (layout,),
            replications,
            seed,
            points=points,
            stations=stations_data(own),
            most=most,
        )

    def answer(kept: Session, scenario: Scenario, text: Text) -> None:
        found = result_of(NextPoints, jobs().result(kept.next_points))
        _belongs(found, kept.next_points, scenario, text)
        if found.points != points:
            st.warning(text("page.townships.other_points"))
        _say([*next_sentences(found, text), *_sure(found, text)])
        key = (found.scenario.hash, kept.next_points)
        show(key, "next", words_of, text, partial(next_points_figure, found, text))
        heads = [text("cli.head.township"), *(text(f"cli.head.{one}") for one in NEXT_HEADS)]
        rows = [
            [town_name(found.scenario, one.township, text), *next_cells(one, text)]
            for one in found.rows
        ]
        n = _pick(heads, rows, "next-rows", words_of)
        chosen = found.rows[n].township if n is not None else ""
        words = text("page.townships.next_take")
        if chosen:
            name = town_name(found.scenario, chosen, text)
            words = text("page.townships.next_take_this", name=plain(name))
        there = chosen in {town.id for town in candidates(scenario)} - set(points)
        st.button(words, key="next-take", disabled=not there, on_click=add, args=(chosen,))

    go = "page.townships.next_go"
    run_and_answer("next", asked, _submit, answer, scenario, text, words=go)


def frontier_part(
    scenario: Scenario,
    settings: tuple[str, int, int] | None,
    choose_all: Callable[[Iterable[str]], None],
    text: Text,
) -> None:
    """What each number of stations costs and saves."""
    words_of = text("page.townships.frontier")
    st.header(words_of, anchor=False)
    st.markdown(text("page.townships.frontier_what"))
    place, _ = st.columns([1, 2])
    words = text("page.townships.frontier_most")
    limit = min(MOST_STATIONS, len(candidates(scenario)))
    most = whole_number(
        place, words, 1, limit, text, key="frontier-most", first=min(FIRST_STATIONS, limit)
    )
    asked = None
    if settings is not None and most is not None:
        layout, replications, seed = settings
        asked = Request("frontier", (layout,), replications, seed, numbers_to(most))

    def answer(kept: Session, scenario: Scenario, text: Text) -> None:
        found = result_of(Frontier, jobs().result(kept.frontier))
        _belongs(found, kept.frontier, scenario, text)
        _say([best_sentence(found, text), *_sure(found, text)])
        key = (found.scenario.hash, kept.frontier)
        show(key, "frontier", words_of, text, partial(frontier_figure, found, text))
        heads = [text(f"cli.head.{one}") for one in ("stations", "points", *STEP_HEADS)]
        rows = [step_cells(found, one, text) for one in found.steps]
        n = _pick(heads, rows, "frontier-rows", words_of)
        step = found.steps[n] if n is not None else None
        words = text("page.townships.frontier_take")
        if step is not None and step.points:
            words = text("page.townships.frontier_take_this", n=step.number)
        there = step is not None and bool(step.points)
        st.button(
            words,
            key="frontier-take",
            disabled=not there,
            on_click=choose_all,
            args=(step.points if step is not None else (),),
        )

    go = "page.townships.frontier_go"
    run_and_answer("frontier", asked, _submit, answer, scenario, text, words=go)


def numbers_to(most: int) -> tuple[int, ...]:
    """Numbers of stations up to the most, evenly apart, not too many of them.

    Examples
    --------
    >>> numbers_to(3), numbers_to(20)
    ((1, 2, 3), (2, 5, 8, 10, 12, 15, 18, 20))
    """
    steps = min(most, STEPS)
    return tuple(sorted({max(round(n * most / steps), 1) for n in range(1, steps + 1)}))


def _submit(request: Request | None) -> None:
    """Start the job, or turn to a finished one that answered the same."""
    kept = current()
    scenario = made(kept.change).scenario
    if scenario is None or request is None:
        return
    shown = "next_points" if request.kind == "next_points" else "frontier"
    button = "go-next" if request.kind == "next_points" else "go-frontier"
    if found := answered_before(request, scenario):
        put(problems=(), button="", **{shown: found})
    elif job := submit(kept, request, scenario, button):
        put(**{shown: job})


def _belongs(found: NextPoints | Frontier, number: str, scenario: Scenario, text: Text) -> None:
    """What the result rests on, and whether the page has gone on since."""
    about: dict[str, Any] = {
        "scenario": text.name(found.scenario.name),
        "layout": text.name(found.scenario.layout(found.layout).name),
        "replications": found.replications,
        "seed": found.seed,
        "hash": found.scenario.hash,
        "number": number,
    }
    st.caption(plain(text("page.levers.belongs", **about)))
    tell_changes(found.scenario, text)
    if scenario.hash != found.scenario.hash:
        st.warning(text("app.stale"))
    if found.replications < found.asked:
        st.warning(text("report.cut_short", done=found.replications, asked=found.asked))


def _say(sentences: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {plain(one)}" for one in sentences))


def _sure(found: NextPoints | Frontier, text: Text) -> list[str]:
    """Of which year it is, how well people know the waits, and what brackets mean."""
    return [
        *year_sentences(found.scenario, text),
        text("cli.siting_waits", residual=text.number(found.residual, 1)),
        text("cli.siting_brackets", level=text.share(found.level, 0)),
    ]


def _pick(heads: Sequence[str], rows: Sequence[Sequence[str]], key: str, alt: str) -> int | None:
    """A table of which one row can be chosen."""
    picked = st.dataframe(
        pd.DataFrame([[*row] for row in rows], columns=[*heads]),
        hide_index=True,
        width="stretch",
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        alt=alt,
    )
    chosen = [row for row in picked.selection.rows if row < len(rows)]
    return chosen[0] if chosen else None
