"""A page that asks one question of many runs: what to ask, the button, progress, the answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.scenario.scenario import Scenario
from sim.storage.answers import kind_of
from sim.storage.pace import expected_seconds
from sim.storage.request import Request
from sim.storage.shipped import example_name, is_example
from sim.text import Text
from sim.views.scenario_names import layout_name
from sim.web.change import MOST_REPLICATIONS, MOST_SEED, Change, made
from sim.web.documents import documents
from sim.web.example import (
    question_at_first,
    replications_at_first,
    tell_example,
    with_example,
)
from sim.web.fields import whole_number
from sim.web.progress import watch
from sim.web.session import (
    AnyQuestion,
    Session,
    answer_to,
    answered_before,
    job_of,
    jobs,
    keep,
    name_of,
    put_job,
    submit,
)
from sim.web.session import session as current
from sim.web.sides import Sides, open_answer, open_sides, tell_nothing_yet
from sim.web.telling import plain, tell, tell_atop, tell_beside

Asked = TypeVar("Asked")


def question(
    asks: AnyQuestion,
    session: Session,
    text: Text,
    ask: Callable[[Scenario, Text], Asked],
    submit: Callable[[Asked], None],
    answer: Callable[[Session, Scenario, Text], None],
    *,
    above: Callable[[Scenario, Text], None] | None = None,
    beside: Callable[[Scenario, Text], None] | None = None,
) -> None:
    """The page of a question; nothing can be started while `ask` returns something false.

    Parameters
    ----------
    above
        Another question of the same page, which stands first.
    beside
        What is chosen in more room than the column of what is asked has; above the answer.
    """
    name = name_of(asks)
    st.title(text(f"page.{name}.title"), anchor=False)
    st.markdown(text(f"page.{name}.what"))
    tell_atop(text)
    scenario, problems = made(session.change)
    if scenario is None:
        tell(problems, text)
        return
    if above is not None:
        above(scenario, text)
    sides = open_sides(name)
    if beside is not None:
        with sides.answer:
            beside(scenario, text)
    with sides.controls:
        request = ask(scenario, text)
    run_and_answer(asks, request, submit, answer, scenario, text, sides=sides)


def run_and_answer(
    asks: AnyQuestion,
    request: Asked,
    submit: Callable[[Asked], None],
    answer: Callable[[Session, Scenario, Text], None],
    scenario: Scenario,
    text: Text,
    *,
    sides: Sides,
    words: str = "app.run",
) -> None:
    """The button of a question, how long it takes, progress; beside them the answer of the job
    that is shown, or of the example that ships.
    """
    session, name = with_example(current(), asks), name_of(asks)
    button, shown = f"go-{name}", session.job(asks)
    job = job_of(shown)
    with sides.start:
        st.button(
            text(words),
            key=button,
            type="primary",
            disabled=not request or (job is not None and job.live),
            on_click=submit,
            args=(request,),
            width="stretch",
        )
        tell_beside(button, text)
        if isinstance(request, Request):
            tell_time(request, scenario, text)
        if shown:
            job = watch(shown, text)
    if job is not None and job.state == "done":
        with open_answer(sides, name, job.id):
            if is_example(shown):
                show_example(asks, answer, text)
                return
            answer(session, scenario, text)
            documents(kind_of(asks), answer_to(asks, shown), shown, text)
    elif job is not None and job.live and jobs().early(job.id) is not None:
        with sides.answer:
            st.info(text("app.early"))
            answer(session, scenario, text)
    elif job is None or not job.live:
        tell_nothing_yet(sides, text)


def show_example(
    asks: AnyQuestion, answer: Callable[[Session, Scenario, Text], None], text: Text
) -> None:
    """The example that ships, marked: of its own hall, whatever the reader has chosen."""
    kind = kind_of(asks)
    job, session = example_name(kind), current()
    tell_example(kind, text)
    answer(
        replace(session, shown={**session.shown, kind: job}), answer_to(asks, job).scenario, text
    )
    documents(kind, answer_to(asks, job), job, text)


def tell_time(request: Request, scenario: Scenario, text: Text) -> None:
    """How much will be simulated, and how long that takes where it can be told."""
    seconds = expected_seconds(jobs(), request, scenario)
    runs, replications = request.question.runs(scenario), request.replications
    words = text("app.expected_runs", runs=runs, replications=replications)
    if math.isnan(seconds):
        words += text("app.expected_unknown")
    else:
        minutes = text.number(max(seconds / 60, 0.1), 1)
        words += text("app.expected_minutes", minutes=minutes)
    st.caption(words)


def start_or_find(request: Request | None, change: Change | None = None) -> None:
    """Start the job, or turn to a finished one that answered the same.

    Parameters
    ----------
    change
        Where what is asked changes the scenario beside what the reader has changed in it.
    """
    session = current()
    if change is not None:
        session = replace(session, change=change)
    scenario = made(session.change).scenario
    if scenario is None or request is None:
        return
    asks = type(request.question)
    if earlier := answered_before(request, scenario):
        put_job(asks, earlier, problems=(), button="")
    elif job := submit(session, request, scenario, f"go-{name_of(asks)}"):
        put_job(asks, job)


def ask_layouts(asks: AnyQuestion, scenario: Scenario, text: Text) -> tuple[str, ...]:
    """Those chosen in a field of layouts, in the order of the scenario; at first those chosen on
    other pages, else those of the example.
    """
    name, ids = name_of(asks), [layout.id for layout in scenario.layouts]
    first = [layout for layout in current().layouts if layout in ids]
    question = question_at_first(asks)
    if question is not None and len(first) in (0, len(ids)):
        first = [layout for layout in ids if layout in question.layouts]
    keep(f"{name}-layouts", first or ids[:1])
    chosen = st.pills(
        text(f"page.{name}.layouts"),
        ids,
        selection_mode="multi",
        format_func=lambda layout: plain(layout_name(scenario, layout, text)),
        key=f"{name}-layouts",
    )
    return tuple(layout for layout in ids if layout in chosen)


def ask_replications(
    place: DeltaGenerator, asks: AnyQuestion, scenario: Scenario, text: Text
) -> int | None:
    """A field for the number of replications."""
    key, words = f"{name_of(asks)}-replications", text("app.replications")
    first = replications_at_first(asks, scenario)
    return whole_number(place, words, 2, MOST_REPLICATIONS, text, key=key, first=first)


def ask_seed(
    place: DeltaGenerator, asks: AnyQuestion, scenario: Scenario, text: Text
) -> int | None:
    """A field for the seed."""
    chosen_seed, key = current().seed, f"{name_of(asks)}-seed"
    first = scenario.run.seed if chosen_seed is None else chosen_seed
    return whole_number(place, text("app.seed"), 0, MOST_SEED, text, key=key, first=first)
