"""One matter: its network of items, one case from day to day, who was last, where time goes."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.matter import case_timeline, causes_figure, last_department_figure, matter_network
from sim.views.values import layout_name, matter_name
from sim.web.change import made
from sim.web.session import Sample, Session, keep, put, sample_of
from sim.web.session import session as current
from sim.web.telling import plain, show, tell

MOST_CASES = 200


def matter(session: Session, text: Text) -> None:
    """The page of one matter."""
    st.title(text("page.matter.title"), anchor=False)
    st.markdown(text("page.matter.what"))
    scenario, problems = made(session.change)
    if scenario is None:
        tell(problems, text)
        return
    matters = [one.id for one in scenario.matters if one.items]
    if not matters:
        st.info(text("page.matter.no_items"))
        return
    chosen, layout = _choose(scenario, matters, text)
    seed = scenario.run.seed if session.seed is None else session.seed
    key = (scenario.hash, seed, 1, (layout, chosen))
    name = matter_name(scenario, chosen, text)
    st.subheader(text("page.matter.network"), anchor=False)
    words = text("page.matter.figure_of", figure=text("page.matter.network"), matter=name)
    show(key, "network", words, text, partial(matter_network, scenario, chosen, text))
    with st.spinner(text("page.matter.simulating")):
        sample = sample_of(scenario.hash, layout, seed, scenario)
    st.subheader(text("page.matter.case"), anchor=False)
    _case(scenario, sample, chosen, seed, text)
    for title, draw in (("causes", causes_figure), ("last", last_department_figure)):
        st.subheader(text(f"page.figure.{title}"), anchor=False)
        words = text("page.matter.figure_of", figure=text(f"page.figure.{title}"), matter=name)
        show(key, title, words, text, partial(draw, sample.study, text, chosen))
    st.caption(text("page.matter.sample", seed=seed, hash=scenario.hash))


def _choose(scenario: Scenario, matters: list[str], text: Text) -> tuple[str, str]:
    left, right = st.columns([3, 2])
    kept = current().matter
    keep("matter", kept if kept in matters else matters[0])
    if st.session_state["matter"] not in matters:
        st.session_state["matter"] = matters[0]
    chosen = left.selectbox(
        text("column.matter"),
        matters,
        format_func=lambda one: matter_name(scenario, one, text),
        key="matter",
    )
    layout = right.selectbox(
        text("app.layout"),
        [one.id for one in scenario.layouts],
        format_func=lambda one: layout_name(scenario, one, text),
        key="matter-layout",
    )
    put(matter=chosen)
    return chosen, layout


def _case(scenario: Scenario, sample: Sample, chosen: str, seed: int, text: Text) -> None:
    """One case of the simulated crowd, those that were finished first."""
    cases = cases_of(sample, chosen)
    if not len(cases):
        st.info(text("page.matter.no_case"))
        return
    number = st.number_input(
        text("page.matter.which_case", cases=len(cases)),
        1,
        len(cases),
        key=f"case-{chosen}",
        help=text("page.matter.which_case_help"),
    )
    case = int(cases[number - 1])
    study = sample.study
    key = (scenario.hash, seed, 1, (study.layouts, chosen, case))
    words = text(
        "page.matter.figure_of",
        figure=text("page.matter.case"),
        matter=plain(matter_name(scenario, chosen, text)),
    )
    draw = partial(case_timeline, scenario, sample.tables, case, text)
    show(key, "timeline", words, text, draw)


def cases_of(sample: Sample, chosen: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Measured cases of a matter that were accepted, in order of arrival, and not too many."""
    tables, cases = sample.tables, sample.tables.cases
    row = tables.plan.names.matters.index(chosen)
    mine = (cases.matter == row) & tables.finished & (tables.day_of(cases.arrived_at) >= 0)
    return np.flatnonzero(mine)[:MOST_CASES]
