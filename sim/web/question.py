"""A page that asks one question of many runs: what to ask, the button, progress, the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.web.change import MOST_REPLICATIONS, MOST_SEED, made
from sim.web.fields import whole_number
from sim.web.progress import watch
from sim.web.session import SHOWN, Session, job_of
from sim.web.session import session as current
from sim.web.telling import tell, tell_atop, tell_beside

Asked = TypeVar("Asked")


def question(
    name: str,
    session: Session,
    text: Text,
    ask: Callable[[Scenario, Text], Asked],
    submit: Callable[[Asked], None],
    answer: Callable[[Session, Scenario, Text], None],
) -> None:
    """The page `name`; nothing can be started while `ask` returns something false."""
    st.title(text(f"page.{name}.title"), anchor=False)
    st.markdown(text(f"page.{name}.what"))
    tell_atop(text)
    scenario, problems = made(session.change)
    if scenario is None:
        tell(problems, text)
        return
    asked = ask(scenario, text)
    run_and_answer(name, asked, submit, answer, scenario, text)


def run_and_answer(
    name: str,
    asked: Asked,
    submit: Callable[[Asked], None],
    answer: Callable[[Session, Scenario, Text], None],
    scenario: Scenario,
    text: Text,
    *,
    words: str = "app.run",
) -> None:
    """The button under a question, then progress, then the answer of the job that is shown."""
    kept = current()
    shown: str = getattr(kept, SHOWN[name])
    job = job_of(shown)
    st.button(
        text(words),
        key=f"go-{name}",
        type="primary",
        disabled=not asked or (job is not None and job.live),
        on_click=submit,
        args=(asked,),
    )
    tell_beside(f"go-{name}", text)
    if shown:
        job = watch(shown, text)
        if job is not None and job.state == "done":
            answer(kept, scenario, text)


def ask_replications(
    place: DeltaGenerator, name: str, scenario: Scenario, text: Text
) -> int | None:
    """A field for the number of replications."""
    key, words = f"{name}-replications", text("app.replications")
    first = current().replications or scenario.run.replications
    return whole_number(place, words, 2, MOST_REPLICATIONS, text, key=key, first=first)


def ask_seed(place: DeltaGenerator, name: str, scenario: Scenario, text: Text) -> int | None:
    """A field for the seed."""
    kept = current().seed
    first = scenario.run.seed if kept is None else kept
    return whole_number(
        place, text("app.seed"), 0, MOST_SEED, text, key=f"{name}-seed", first=first
    )
