"""One matter before and after the reform: how it is handled, the four reductions, one case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from sim.analysis.reductions import Handling, bundles
from sim.errors import HallError, Problem
from sim.experiment.reductions import Reductions, cuts, outlays, quietest_layout
from sim.scenario.matters import Matter
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.matter import (
    case_reach,
    case_timeline,
    causes_figure,
    causes_reach,
    last_department_figure,
    matter_network,
)
from sim.views.reductions import before_after_figure, process_figure
from sim.views.reductions_console import (
    hand_sentence,
    number,
    published_words,
    reduction_sentences,
)
from sim.views.values import department_name, layout_name, matter_name
from sim.web.change import Change, made
from sim.web.fields import choose, whole_number
from sim.web.session import (
    Sample,
    Session,
    both_of,
    no_before,
    put,
    reductions_of,
    sample_of,
)
from sim.web.session import session as current
from sim.web.telling import plain, show, tell

MOST_CASES: Final = 200
REPLICATIONS: Final = 4
"""Crowds of the reductions: enough for an interval, few enough to wait for."""
MOST_PAPERS: Final = 40
MOST_REVIEWERS: Final = 50
HANDLINGS: Final[tuple[Handling, ...]] = ("separate", "bundled")
Rows = npt.NDArray[np.int64]


class _Seen(NamedTuple):
    """What all parts of the page show: a matter of a scenario in a layout, with one crowd."""

    scenario: Scenario
    matter: Matter
    layout: str
    seed: int

    def key(self, *more: Any) -> tuple[Any, ...]:
        """Names a figure of this page."""
        return (self.scenario.hash, self.seed, self.layout, self.matter.id, *more)


def matter(session: Session, text: Text) -> None:
    """The page of one matter."""
    st.title(text("page.matter.title"), anchor=False)
    st.markdown(text("page.matter.what"))
    base, problems = made(session.change)
    if base is None:
        tell(problems, text)
        return
    matters = [one.id for one in base.matters if one.items]
    if not matters:
        st.info(text("page.matter.no_items"))
        return
    chosen, layout = _choose(base, matters, text)
    scenario = _tried(session.change, base, chosen, text)
    if scenario is None:
        return
    seed = scenario.run.seed if session.seed is None else session.seed
    one = next(found for found in scenario.matters if found.id == chosen)
    seen = _Seen(scenario, one, layout, seed)
    problems = no_before(scenario.hash, scenario)
    if problems or chosen not in bundles(scenario):
        _only_after(seen, problems, text)
        return
    _process(seen, text)
    with st.spinner(text("page.matter.simulating")):
        found = reductions_of(scenario.hash, layout, seed, REPLICATIONS, scenario)
        both = both_of(scenario.hash, layout, found)
        samples = [sample_of(each.hash, layout, seed, each) for each in both]
    _reductions(seen, found, text)
    _both(seen, samples, text)
    st.caption(text("page.matter.sample", seed=seed, hash=scenario.hash))


def _choose(scenario: Scenario, matters: list[str], text: Text) -> tuple[str, str]:
    left, right = st.columns([3, 2])
    chosen = choose(
        left,
        "matter",
        text("column.matter"),
        matters,
        lambda one: matter_name(scenario, one, text),
        text,
        first=current().matter,
    )
    layouts = [one.id for one in scenario.layouts]
    if st.session_state.get("matter-layout") not in layouts:
        st.session_state["matter-layout"] = _quietest(scenario, layouts)
    layout = choose(
        right,
        "matter-layout",
        text("app.layout"),
        layouts,
        lambda one: layout_name(scenario, one, text),
        text,
        help=text("page.matter.layout_help"),
    )
    put(matter=chosen)
    return chosen, layout


def _quietest(scenario: Scenario, layouts: list[str]) -> str:
    try:
        return quietest_layout(scenario) if bundles(scenario) else layouts[0]
    except HallError:
        return layouts[0]


# === what if === #


def _tried(change: Change, base: Scenario, chosen: str, text: Text) -> Scenario | None:
    """The scenario with what the reader tries on this page; it is forgotten elsewhere."""
    one = next(found for found in base.matters if found.id == chosen)
    with st.expander(text("page.matter.try")), st.form(f"try-{chosen}", border=False):
        st.caption(text("page.matter.try_help"))
        fields = _fields(base, one, text)
        st.form_submit_button(text("page.matter.again"), type="primary")
    if fields is None:
        return None
    if not fields:
        return base
    scenario, problems = made(replace(change, fields={**change.fields, **fields}))
    if scenario is None:
        tell(problems, text)
    else:
        st.info(text("page.matter.tried", n=len(fields)))
    return scenario


def _fields(base: Scenario, one: Matter, text: Text) -> Mapping[str, str] | None:
    """Levers that touch a matter; path -> value of those moved; None if one is out of bounds."""
    path, service = f"matters.{one.id}", one.service
    share = base.corrections.share if one.correction_share is None else one.correction_share
    left, middle, right = st.columns(3)
    most = max(MOST_PAPERS, service.materials)
    papers = left.slider(
        text("page.matter.materials"), 0, most, service.materials, key=f"papers-{one.id}"
    )
    now = {"prefilled": round(100 * service.prefilled_share), "correction": round(100 * share)}
    prefilled = middle.slider(
        text("page.matter.prefilled"), 0, 100, now["prefilled"], key=f"prefilled-{one.id}"
    )
    correction = right.slider(
        text("page.matter.correction"), 0, 100, now["correction"], key=f"correction-{one.id}"
    )
    moved: dict[str, str] = {}
    if papers != service.materials:
        moved[f"{path}.service.materials"] = f"{papers}"
    if prefilled != now["prefilled"]:
        moved[f"{path}.service.prefilled_share"] = f"{prefilled / 100:g}"
    if correction != now["correction"]:
        moved[f"{path}.correction_share"] = f"{correction / 100:g}"
    reviewers = _reviewers(base, one, text)
    return None if reviewers is None else {**moved, **reviewers}


def _reviewers(base: Scenario, one: Matter, text: Text) -> Mapping[str, str] | None:
    wanted = dict.fromkeys(item.department for item in one.items)
    departments = [found for found in base.departments if found.id in wanted]
    moved, wrong = {}, False
    places = st.columns(min(len(departments), 4))
    for n, department in enumerate(departments):
        name = department_name(base, department.id, text)
        clerks = whole_number(
            places[n % len(places)],
            text("page.matter.reviewers", department=name),
            1,
            max(MOST_REVIEWERS, department.reviewers),
            text,
            key=f"reviewers-{one.id}-{department.id}",
            first=department.reviewers,
        )
        wrong |= clerks is None
        if clerks != department.reviewers:
            moved[f"departments.{department.id}.reviewers"] = f"{clerks}"
    return None if wrong else moved


# === before and after === #


def _process(seen: _Seen, text: Text) -> None:
    scenario, one = seen.scenario, seen.matter
    st.subheader(text("page.matter.process"), anchor=False)
    draw = partial(process_figure, scenario, one.id, text)
    show(seen.key(), "process", _words("page.matter.process", seen, text), text, draw)
    with st.expander(text("page.matter.network")):
        draw = partial(matter_network, scenario, one.id, text)
        show(seen.key(), "network", _words("page.matter.network", seen, text), text, draw)


def _reductions(seen: _Seen, found: Reductions, text: Text) -> None:
    st.subheader(text("page.matter.reductions"), anchor=False)
    st.markdown(plain(hand_sentence(found, seen.matter, text)))
    draw = partial(before_after_figure, found, text, seen.matter.id)
    words = _words("page.matter.reductions", seen, text)
    show(seen.key(REPLICATIONS), "reductions", words, text, draw)
    rows = [
        {
            text("cli.head.reduction"): text(f"reduction.{one.name}"),
            text("cli.head.unit"): text(f"unit.{one.unit}"),
            text("cli.head.before"): number(one.before, one.unit, text),
            text("cli.head.after"): number(one.after, one.unit, text),
            text("cli.head.cut"): number(one.cut, "share", text),
            text("cli.head.published"): published_words(one, text),
        }
        for one in cuts(found, seen.matter.id)
    ]
    price = [
        {
            text("cli.head.what"): text(f"reduction.{one.name}"),
            text("cli.head.unit"): text(f"unit.{one.unit}"),
            text("cli.head.before"): number(one.before, one.unit, text),
            text("cli.head.after"): number(one.after, one.unit, text),
            text("cli.head.difference"): number(one.difference, one.unit, text),
        }
        for one in outlays(found, seen.matter.id)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="reductions", alt=words)
    with st.expander(text("cli.heading.price")):
        frame, words = pd.DataFrame(price), text("cli.heading.price")
        st.dataframe(frame, hide_index=True, width="stretch", key="price", alt=words)
    sentences = reduction_sentences(found, text, seen.matter.id)
    st.markdown("\n".join(f"- {plain(one)}" for one in sentences))


def _both(seen: _Seen, samples: list[Sample], text: Text) -> None:
    """The same person's case, where time goes and who is last, before and after."""
    st.subheader(text("page.matter.case"), anchor=False)
    before, after = (cases_of(sample, seen.matter.id) for sample in samples)
    both = np.intersect1d(before, after)
    case = _which(both, seen, text)
    titles = [text(f"handling.{way}") for way in HANDLINGS]
    if case is not None:
        starts, ends = zip(*(case_reach(sample.tables, case) for sample in samples), strict=True)
        for way, title, sample in zip(HANDLINGS, titles, samples, strict=True):
            st.markdown(f"**{title}**")
            _timeline(seen, sample, case, way, text, (min(starts), max(ends)))
        st.caption(text("page.matter.one_scale"))
    whole, part = zip(*(causes_reach(one.study, seen.matter.id) for one in samples), strict=True)
    causes = partial(causes_figure, reach=(max(whole), max(part)))
    for name, draw in (("causes", causes), ("last", last_department_figure)):
        st.subheader(text(f"page.figure.{name}"), anchor=False)
        for way, title, sample in zip(HANDLINGS, titles, samples, strict=True):
            st.markdown(f"**{title}**")
            _of_sample(seen, sample, name, draw, way, text)


def _timeline(
    seen: _Seen,
    sample: Sample,
    case: int,
    way: str,
    text: Text,
    reach: tuple[float, float] | None = None,
) -> None:
    words = _words("page.matter.case", seen, text)
    draw = partial(case_timeline, seen.scenario, sample.tables, case, text, reach)
    show(seen.key(way, case), f"timeline-{way}", words, text, draw)


def _of_sample(
    seen: _Seen, sample: Sample, name: str, draw: Callable[..., Any], way: str, text: Text
) -> None:
    words = _words(f"page.figure.{name}", seen, text)
    drawn = partial(draw, sample.study, text, seen.matter.id)
    show(seen.key(way), f"{name}-{way}", words, text, drawn)


def _words(key: str, seen: _Seen, text: Text) -> str:
    name = plain(matter_name(seen.scenario, seen.matter.id, text))
    return text("page.matter.figure_of", figure=text(key), matter=name)


def _which(cases: Rows, seen: _Seen, text: Text) -> int | None:
    """The case to look at; none when none was finished."""
    if not len(cases):
        st.info(text("page.matter.no_case"))
        return None
    chosen = whole_number(
        st.container(),
        text("page.matter.which_case", cases=len(cases)),
        1,
        len(cases),
        text,
        key=f"case-{seen.matter.id}",
        help=text("page.matter.which_case_help"),
    )
    return None if chosen is None else int(cases[chosen - 1])


def cases_of(sample: Sample, chosen: str) -> Rows:
    """Measured cases of a matter that were accepted, in order of arrival, and not too many."""
    tables, cases = sample.tables, sample.tables.cases
    row = tables.plan.names.matters.index(chosen)
    mine = (cases.matter == row) & tables.finished & (tables.day_of(cases.arrived_at) >= 0)
    return np.flatnonzero(mine)[:MOST_CASES]


# === no before === #


def _only_after(seen: _Seen, problems: tuple[Problem, ...], text: Text) -> None:
    """The matter as it is, where nothing says how it was handled before."""
    scenario, one = seen.scenario, seen.matter
    if problems:
        st.info(text("page.matter.no_before"))
        with st.expander(text("page.matter.why")):
            st.markdown("\n".join(f"- {plain(found.sentence(text))}" for found in problems))
    else:
        st.info(text("page.matter.one_item"))
    st.subheader(text("page.matter.network"), anchor=False)
    draw = partial(matter_network, scenario, one.id, text)
    show(seen.key(), "network", _words("page.matter.network", seen, text), text, draw)
    with st.spinner(text("page.matter.simulating")):
        sample = sample_of(scenario.hash, seen.layout, seen.seed, scenario)
    st.subheader(text("page.matter.case"), anchor=False)
    case = _which(cases_of(sample, one.id), seen, text)
    if case is not None:
        _timeline(seen, sample, case, "as_it_is", text)
    for name, figure in (("causes", causes_figure), ("last", last_department_figure)):
        st.subheader(text(f"page.figure.{name}"), anchor=False)
        _of_sample(seen, sample, name, figure, "as_it_is", text)
    st.caption(text("page.matter.sample", seed=seen.seed, hash=scenario.hash))
