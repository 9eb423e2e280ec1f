"""Where else: the townships for one station more, and what each number of stations saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from sim.experiment.extend_keep import stations_data
from sim.experiment.jobs import Request
from sim.experiment.siting import Frontier, NextPoints
from sim.plan.travel import candidates
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.extend_tables import Words, frontier_words, next_words
from sim.web.change import made
from sim.web.fields import whole_number
from sim.web.question import run_and_answer
from sim.web.session import (
    Session,
    answered_before,
    frontier_of,
    jobs,
    next_points_of,
    put,
    submit,
)
from sim.web.session import session as current
from sim.web.telling import plain

MOST_RUN: Final = 30
"""Townships that may be run for the next point."""
FIRST_RUN: Final = 8
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
    st.header(text("page.townships.next"), anchor=False)
    st.markdown(text("page.townships.next_what"))
    place, _ = st.columns([1, 2])
    words = text("page.townships.next_most")
    most = whole_number(place, words, 1, MOST_RUN, text, key="next-most", first=FIRST_RUN)
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
        found = next_points_of(jobs().result(kept.next_points))
        _belongs(found, kept.next_points, scenario, text)
        if found.points != points:
            st.warning(text("page.townships.other_points"))
        beside = [town_name(found.scenario, one, text) for one in found.points]
        told = text("format.list").join(beside) or text("app.none")
        st.caption(plain(text("page.townships.next_beside", points=told, n=found.screened)))
        n = _pick(next_words(found, text), "next-rows", text("page.townships.next"))
        chosen = found.rows[n].township if n is not None else ""
        words = text("page.townships.next_take")
        if chosen:
            name = town_name(found.scenario, chosen, text)
            words = text("page.townships.next_take_this", name=name)
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
    st.header(text("page.townships.frontier"), anchor=False)
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
        found = frontier_of(jobs().result(kept.frontier))
        _belongs(found, kept.frontier, scenario, text)
        n = _pick(frontier_words(found, text), "frontier-rows", text("page.townships.frontier"))
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
    if found := answered_before(request, scenario):
        put(problems=(), **{shown: found})
    elif job := submit(kept, request, scenario):
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
    if scenario.hash != found.scenario.hash:
        st.warning(text("app.stale"))
    if found.replications < found.asked:
        st.warning(text("report.cut_short", done=found.replications, asked=found.asked))


def _pick(table: Words, key: str, alt: str) -> int | None:
    """A table of which one row can be chosen."""
    picked = st.dataframe(
        pd.DataFrame(list(table.rows), columns=list(table.heads)),
        hide_index=True,
        width="stretch",
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        alt=alt,
    )
    rows = [row for row in picked.selection.rows if row < len(table.rows)]
    return rows[0] if rows else None
