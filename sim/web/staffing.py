"""Staffing: waits, load and cost against the number of clerks; a point becomes the scenario."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sim.questions.staffing import StaffingCurve, StaffingQuestion, curve_rows
from sim.scenario.edit import clerks_of
from sim.scenario.scenario import Scenario
from sim.storage.request import Request
from sim.text import Text
from sim.views import scenario_names
from sim.views.accounts import left_out_of_points
from sim.views.staffing import staffing_figure
from sim.views.staffing_words import answer_sentences, points_in_order, staffing_table
from sim.web.adopt import adopt
from sim.web.allocate import allocate_part
from sim.web.change import with_total
from sim.web.downloads import csv_bytes, download_table
from sim.web.drawing import pick_row
from sim.web.example import question_at_first
from sim.web.fields import whole_number
from sim.web.kept_choices import SIMPLE
from sim.web.question import ask_replications, ask_seed, question, start_or_find
from sim.web.roster import roster_part
from sim.web.session import Session, answer_to, figures_key, keep, question_of
from sim.web.session import session as current
from sim.web.size import size_part
from sim.web.telling import plain, show, tell_beside, tell_changes
from sim.web.tune import tune_part

STEPS = (1, 2, 3, 5, 10)
MOST_CLERKS = 2_000
MOST_POINTS = 60
"""Layouts times numbers of clerks."""


def staffing(session: Session, text: Text) -> None:
    """The page of how many clerks."""
    question(StaffingQuestion, session, text, _ask, start_or_find, _result, above=_parts)


def _parts(scenario: Scenario, text: Text) -> None:
    """From a promise to clerks and people, what hours buy, and what can be changed with them."""
    size_part(scenario, text)
    roster_part(scenario, text)
    allocate_part(scenario, text)
    tune_part(scenario, text)
    st.header(text("page.staffing.curve"), anchor=False)
    st.markdown(text("page.staffing.curve_what"))


def _ask(scenario: Scenario, text: Text) -> Request | None:
    """Numbers of clerks to try; None when there would be too many or nothing is chosen."""
    session, ids = current(), [layout.id for layout in scenario.layouts]
    before = question_at_first(StaffingQuestion)
    if before is not None:
        _once_more(before)
    keep("staffing-layouts", [layout for layout in session.layouts if layout in ids] or ids)
    chosen = st.pills(
        text("app.layouts"),
        ids,
        selection_mode="multi",
        format_func=lambda layout: plain(scenario_names.layout_name(scenario, layout, text)),
        key="staffing-layouts",
    )
    now = max(clerks_of(layout) for layout in scenario.layouts)
    least = max(len(scenario.layout(layout).windows) for layout in chosen or ids)
    spread = max(2, round(now / 4))
    st.caption(text("page.staffing.range_help", now=now, least=least))
    keep("staffing-low", max(least, now - spread))
    keep("staffing-high", now + spread)
    lowest, highest = st.columns(2)
    words = {end: text(f"page.staffing.{end}") for end in ("low", "high")}
    low = whole_number(lowest, words["low"], least, MOST_CLERKS, text, key="staffing-low")
    high = whole_number(highest, words["high"], least, MOST_CLERKS, text, key="staffing-high")
    left, middle, right = st.columns(3)
    keep("staffing-step", max(step for step in STEPS if step <= max(1, spread // 3)))
    step = left.selectbox(text("page.staffing.step"), STEPS, key="staffing-step")
    replications = ask_replications(middle, StaffingQuestion, scenario, text)
    seed = ask_seed(right, StaffingQuestion, scenario, text)
    if low is None or high is None or replications is None or seed is None:
        return None
    totals = tuple(range(low, high + 1, step or 1))
    points = len(totals) * len(chosen)
    if points > MOST_POINTS:
        st.warning(text("page.staffing.too_many", points=points, most=MOST_POINTS))
        return None
    st.caption(text("page.staffing.points", points=points))
    if not (chosen and totals):
        return None
    layouts = tuple(layout for layout in ids if layout in chosen)
    return Request(StaffingQuestion(layouts, totals), replications, seed)


def _once_more(question: StaffingQuestion) -> None:
    """What was asked for where an answer is reopened, and where the example stands."""
    totals = question.totals
    keep("staffing-layouts", [*question.layouts])
    keep("staffing-low", min(totals))
    keep("staffing-high", max(totals))
    step = totals[1] - totals[0] if len(totals) > 1 else STEPS[0]
    if step in STEPS:
        keep("staffing-step", step)


def _result(session: Session, scenario: Scenario, text: Text) -> None:
    job = session.job(StaffingQuestion)
    curve = answer_to(StaffingQuestion, job)
    st.subheader(text("page.results.title"), anchor=False)
    base = curve.scenario
    st.caption(
        text(
            f"page.staffing.{'origin' if session.view == SIMPLE else 'belongs'}",
            scenario=plain(text.name(base.name)),
            replications=curve.replications,
            seed=curve.seed,
            hash=base.hash,
            number=job,
        )
    )
    tell_changes(base, text)
    if scenario.hash != base.hash:
        st.warning(text("app.stale"))
    question = question_of(StaffingQuestion, job)
    points = 0 if question is None else question.runs(base)
    if len(curve.points) < points:
        st.warning(text("page.staffing.cut_short", done=len(curve.points), asked=points))
    for sentence in answer_sentences(curve, text):
        st.info(plain(sentence))
    caution = left_out_of_points((point.estimates for point in curve.points), text)
    if caution is not None:
        st.warning(plain(caution))
    draw = partial(staffing_figure, curve, text)
    show(figures_key(job), "staffing", text("page.staffing.figure"), text, draw)
    _points(curve, text)
    download_table(f"govhall-{job}", text, lambda: csv_bytes(curve_rows(curve)), key="staffing-csv")


def _points(curve: StaffingCurve, text: Text) -> None:
    """Every point as a row; the one that is chosen can become the scenario."""
    st.subheader(text("page.staffing.points_title"), anchor=False)
    st.caption(text("page.staffing.points_help"))
    base, points = curve.scenario, points_in_order(curve)
    n = pick_row(staffing_table(curve, text), "staffing-points")
    chosen = points[n] if n is not None else None
    words = text("page.staffing.take")
    if chosen is not None:
        name = plain(scenario_names.layout_name(base, chosen.layout, text))
        words = text("page.staffing.take_this", layout=name, clerks=chosen.clerks)
    if st.button(words, key="take", disabled=chosen is None) and chosen is not None:
        adopt(
            partial(with_total, layout=chosen.layout, clerks=chosen.clerks), chosen.layout, "take"
        )
    tell_beside("take", text)
