"""What a verdict hangs on: asked for below it, worked on as a job, kept with its study."""

from __future__ import annotations

import streamlit as st

from sim.questions.compare import HEADLINES, Comparison
from sim.questions.turning import TurningQuestion
from sim.storage.request import Request
from sim.text import Text
from sim.views import scenario_names, verdict
from sim.views.blocks import HeadingBlock
from sim.views.comparison_words import hanging_blocks
from sim.web.drawing import draw_blocks
from sim.web.progress import watch
from sim.web.session import session as current
from sim.web.session import submit
from sim.web.telling import tell_beside

KEY = "turning"


def hanging(job: str, comparison: Comparison, text: Text) -> None:
    """The assumptions that would turn the verdict of a job, or a way to look for them.

    Parameters
    ----------
    job
        Empty where it is nobody's, so that nothing is asked about it.
    """
    study = comparison.study
    if len(study.layouts) < 2 or study.replications < 2:
        return
    if comparison.turning is not None:
        draw_blocks(hanging_blocks(comparison, text), text)
        return
    if not job:
        return
    draw_blocks([HeadingBlock(text("turning.title"), is_within=True)], text)
    measured = [measure for measure in HEADLINES if verdict.leaders(comparison, measure)]
    if not measured:
        return
    jobs_asked = st.session_state.setdefault(KEY, {})
    which, start = st.columns([2, 3], vertical_alignment="bottom")
    measure = which.selectbox(
        text("page.results.turning_measure"),
        measured,
        format_func=lambda measure: scenario_names.measure_name(measure, study.scenario, text),
        key="turning-measure",
    )
    start.button(
        text("page.results.turning"),
        key="turning-go",
        help=text("page.results.turning_help"),
        on_click=_submit,
        args=(job, comparison, measure or measured[0]),
    )
    tell_beside("turning-go", text)
    if name := jobs_asked.get(job):
        watch(name, text)


def _submit(job: str, comparison: Comparison, measure: str) -> None:
    study = comparison.study
    question = TurningQuestion(measure)
    request = Request(question, study.replications, study.seed, about=job)
    if name := submit(current(), request, study.scenario, "turning-go"):
        st.session_state[KEY][job] = name
