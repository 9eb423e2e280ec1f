"""One matter before and after the reform: how it is handled, the four reductions, one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

import streamlit as st

from sim.errors import HallError
from sim.questions.levers import shown_roster
from sim.questions.one_matter import BOTH, Handled, MatterQuestion, Way
from sim.questions.reductions import quietest_layout
from sim.scenario.base import ALWAYS
from sim.scenario.edit import bundles, scaled_roster
from sim.scenario.matters import Department, Matter
from sim.scenario.scenario import Scenario
from sim.storage.request import Request, read_request
from sim.storage.shipped import is_example
from sim.text import Text
from sim.views.blocks import HeadingBlock
from sim.views.case_timeline import story_timeline
from sim.views.causes import causes_figure, causes_reach, last_department_figure
from sim.views.item_network import matter_network
from sim.views.one_matter_words import (
    causes_table,
    cut_blocks,
    items_table,
    last_table,
    told_blocks,
    way_name,
)
from sim.views.reductions import process_figure
from sim.views.scenario_names import (
    department_name,
    layout_name,
    matter_name,
)
from sim.web.change import Change, made
from sim.web.drawing import beneath, draw_blocks
from sim.web.fields import choose, whole_number
from sim.web.kept_choices import SIMPLE
from sim.web.question import run_and_answer, show_example
from sim.web.session import (
    Session,
    answer_to,
    answered_before,
    job_of,
    jobs,
    name_of,
    no_before,
    put,
    put_job,
    submit,
)
from sim.web.session import session as current
from sim.web.sides import open_sides
from sim.web.telling import plain, show, tell, tell_atop, tell_changes

REPLICATIONS: Final = 4
"""Crowds of the reductions: enough for an interval, few enough to wait for."""
MOST_PAPERS: Final = 40
MOST_REVIEWERS: Final = 50


class _Seen(NamedTuple):
    """What all parts of the page show: a matter of a scenario in a layout, with one crowd."""

    scenario: Scenario
    matter: Matter
    layout: str
    seed: int

    def key(self, *more: Any) -> tuple[Any, ...]:
        """Names a figure of this page."""
        return (self.scenario.hash, self.seed, self.layout, self.matter.id, *more)


class _StoryAsked(NamedTuple):
    """What the page asks for."""

    request: Request
    scenario: Scenario


def matter(session: Session, text: Text) -> None:
    """The page of one matter."""
    st.title(text("page.matter.title"), anchor=False)
    st.markdown(text("page.matter.what"))
    tell_atop(text)
    base, problems = made(session.change)
    if base is None:
        tell(problems, text)
        return
    matters = [matter.id for matter in base.matters if matter.items]
    if not matters:
        st.info(text("page.matter.no_items"))
        show_example(MatterQuestion, partial(_answer, "", None), text)
        return
    sides = open_sides(name_of(MatterQuestion))
    with sides.controls:
        chosen, layout = _choose(base, matters, text)
        scenario = _tried(session.change, base, chosen, text)
    if scenario is None:
        return
    seed = scenario.run.seed if session.seed is None else session.seed
    seen = _Seen(scenario, matter_of(scenario, chosen), layout, seed)
    story_asked = _StoryAsked(Request(MatterQuestion(layout), REPLICATIONS, seed), scenario)
    _once_more(story_asked)
    sides.start.caption(text("page.matter.run_help", replications=REPLICATIONS))
    answer, go = partial(_answer, chosen, story_asked), "page.matter.run"
    run_and_answer(
        MatterQuestion, story_asked, _submit, answer, scenario, text, sides=sides, words=go
    )
    with sides.answer:
        _as_written(seen, text)


def matter_of(scenario: Scenario, name: str) -> Matter:
    """A matter by its id."""
    return next(matter for matter in scenario.matters if matter.id == name)


def _once_more(story_asked: _StoryAsked) -> None:
    """Show what this reader has had answered already, unless a job is under way."""
    shown = current().job(MatterQuestion)
    job = job_of(shown)
    if (job is not None and job.live) or _answers(shown, story_asked):
        return
    if earlier := answered_before(*story_asked):
        put_job(MatterQuestion, earlier)


def _answers(job: str, story_asked: _StoryAsked) -> bool:
    """Whether a finished job answers what the page asks."""
    folder = jobs().folder(job)
    try:
        return (
            folder is not None
            and read_request(folder).same_question(story_asked.request)
            and answer_to(MatterQuestion, job).scenario.hash == story_asked.scenario.hash
        )
    except HallError:
        return False


def _submit(story_asked: _StoryAsked) -> None:
    if earlier := answered_before(*story_asked):
        put_job(MatterQuestion, earlier, problems=(), button="")
    elif job := submit(current(), *story_asked, "go-matter"):
        put_job(MatterQuestion, job)


def _answer(
    chosen: str, story_asked: _StoryAsked | None, session: Session, scenario: Scenario, text: Text
) -> None:
    """What the job found of the chosen matter, or an example of its first one."""
    job = session.job(MatterQuestion)
    answer = answer_to(MatterQuestion, job)
    if story_asked is not None and not is_example(job):
        settings = (scenario.hash, story_asked.request.question.layouts, story_asked.request.seed)
        if settings != (answer.scenario.hash, (answer.layout,), answer.seed):
            st.warning(text("app.stale"))
    tell_changes(answer.scenario, text)
    matters = [matter.id for matter in answer.scenario.matters if matter.items]
    if chosen not in matters:
        if not is_example(job):
            return
        chosen = matters[0]
    seen = _Seen(answer.scenario, matter_of(answer.scenario, chosen), answer.layout, answer.seed)
    both = [answer.way(way) for way in BOTH]
    if chosen in bundles(answer.scenario) and both[0] is not None and both[1] is not None:
        if answer.reductions is not None:
            heading = HeadingBlock(text("page.matter.reductions"))
            cuts = cut_blocks(answer.reductions, seen.matter, text)
            told_of_matter = told_blocks(answer.reductions, seen.matter, text)
            draw_blocks([heading, *cuts, *told_of_matter], text, seen.key(answer.replications))
        if answer.replications < answer.asked:
            cut = {"done": answer.replications, "asked": answer.asked}
            st.warning(text("report.cut_short", **cut))
        with beneath(text):
            _ways(seen, [way for way in both if way is not None], text)
    elif way := answer.way("as_it_is"):
        _ways(seen, [way], text)
    if answer.ways:
        about = {"seed": answer.seed, "hash": answer.scenario.hash, "number": job}
        replications = answer.ways[0].study.replications
        sample = "sample_origin" if session.view == SIMPLE else "sample"
        st.caption(text(f"page.matter.{sample}", replications=replications, **about))


def _choose(scenario: Scenario, matters: list[str], text: Text) -> tuple[str, str]:
    left, right = st.columns(2)
    chosen = choose(
        left,
        "matter",
        text("column.matter"),
        matters,
        lambda matter: matter_name(scenario, matter, text),
        text,
        first=current().matter,
    )
    layouts = [layout.id for layout in scenario.layouts]
    if st.session_state.get("matter-layout") not in layouts:
        st.session_state["matter-layout"] = _quietest(scenario.hash, scenario, layouts)
    layout = choose(
        right,
        "matter-layout",
        text("app.layout"),
        layouts,
        lambda layout: layout_name(scenario, layout, text),
        text,
        help=text("page.matter.layout_help"),
    )
    put(matter=chosen)
    return chosen, layout


@st.cache_data(show_spinner=False, max_entries=100)
def _quietest(scenario_hash: str, _scenario: Scenario, layouts: list[str]) -> str:
    del scenario_hash
    try:
        return quietest_layout(_scenario) if bundles(_scenario) else layouts[0]
    except HallError:
        return layouts[0]


# === what if === #


def _tried(change: Change, base: Scenario, chosen: str, text: Text) -> Scenario | None:
    """The scenario with what the reader tries on this page; it is forgotten elsewhere."""
    matter = next(matter for matter in base.matters if matter.id == chosen)
    with st.expander(text("page.matter.try")), st.form(f"try-{chosen}", border=False):
        st.caption(text("page.matter.try_help"))
        fields = _fields(base, matter, text)
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


def _fields(base: Scenario, matter: Matter, text: Text) -> Mapping[str, str] | None:
    """Levers that touch a matter; path -> value of those moved; None if one is out of bounds."""
    path, service = f"matters.{matter.id}", matter.service
    share = base.corrections.share if matter.correction_share is None else matter.correction_share
    left, middle, right = st.columns(3)
    most = max(MOST_PAPERS, service.materials)
    papers = left.slider(
        text("page.matter.materials"), 0, most, service.materials, key=f"papers-{matter.id}"
    )
    now = {"prefilled": round(100 * service.prefilled_share), "correction": round(100 * share)}
    prefilled = middle.slider(
        text("page.matter.prefilled"), 0, 100, now["prefilled"], key=f"prefilled-{matter.id}"
    )
    correction = right.slider(
        text("page.matter.correction"), 0, 100, now["correction"], key=f"correction-{matter.id}"
    )
    moved: dict[str, str] = {}
    if papers != service.materials:
        moved[f"{path}.service.materials"] = f"{papers}"
    if prefilled != now["prefilled"]:
        moved[f"{path}.service.prefilled_share"] = f"{prefilled / 100:g}"
    if correction != now["correction"]:
        moved[f"{path}.correction_share"] = f"{correction / 100:g}"
    reviewers = _reviewers(base, matter, text)
    return None if reviewers is None else {**moved, **reviewers}


def _reviewers(base: Scenario, matter: Matter, text: Text) -> Mapping[str, str] | None:
    reviewing = dict.fromkeys(item.department for item in matter.items)
    departments = [department for department in base.departments if department.id in reviewing]
    moved, wrong = {}, False
    places = st.columns(min(len(departments), 4))
    for n, department in enumerate(departments):
        name = department_name(base, department.id, text)
        clerks = whole_number(
            places[n % len(places)],
            text("page.matter.reviewers", department=name),
            1,
            max(MOST_REVIEWERS, department.most_reviewers),
            text,
            key=f"reviewers-{matter.id}-{department.id}",
            first=department.most_reviewers,
        )
        wrong |= clerks is None
        if clerks is not None and clerks != department.most_reviewers:
            moved[f"departments.{department.id}.reviewers"] = _roster_of(department, clerks)
    return None if wrong else moved


def _roster_of(department: Department, most: int) -> str:
    """The roster of a department's reviewers with another largest number, as overrides write it."""
    roster = scaled_roster(department.reviewers, department.most_reviewers, most)
    return f"{most}" if set(roster) == {ALWAYS} else shown_roster(roster)


# === before and after === #


def _as_written(seen: _Seen, text: Text) -> None:
    """What the scenario says of the matter; nothing is run for it."""
    scenario, matter = seen.scenario, seen.matter
    problems = no_before(scenario.hash, scenario)
    if not problems and matter.id in bundles(scenario):
        st.subheader(text("page.matter.process"), anchor=False)
        draw = partial(process_figure, scenario, matter.id, text)
        show(seen.key(), "process", _words("page.matter.process", seen, text), text, draw)
        with st.expander(text("page.matter.network")):
            _network(seen, text)
        return
    if problems:
        st.info(text("page.matter.no_before"))
        with st.expander(text("page.matter.why")):
            st.markdown("\n".join(f"- {plain(problem.sentence(text))}" for problem in problems))
    else:
        st.info(text("page.matter.one_item"))
    st.subheader(text("page.matter.network"), anchor=False)
    _network(seen, text)


def _network(seen: _Seen, text: Text) -> None:
    draw = partial(matter_network, seen.scenario, seen.matter.id, text)
    show(seen.key(), "network", _words("page.matter.network", seen, text), text, draw)
    draw_blocks([items_table(seen.scenario, seen.matter, text)], text)


def _ways(seen: _Seen, ways: Sequence[Way], text: Text) -> None:
    """The same person's case, where time goes and who is last; before and after, or as it is."""
    st.subheader(text("page.matter.case"), anchor=False)
    stories = {way.handling: way.stories.get(seen.matter.id, ()) for way in ways}
    row = _which(min(map(len, stories.values())), seen, text)
    if row is not None:
        reach = _widest([cases[row].reach for cases in stories.values()])
        for handling, cases in stories.items():
            _head(handling, text)
            words = _words("page.matter.case", seen, text)
            draw = partial(story_timeline, seen.scenario, cases[row], text, reach)
            show(seen.key(handling, row), f"timeline-{handling}", words, text, draw)
        if len(stories) > 1:
            st.caption(text("page.matter.one_scale"))
    matter = seen.matter.id
    whole, part = zip(*(causes_reach(way.study, matter) for way in ways), strict=True)
    causes = partial(causes_figure, reach=(max(whole), max(part)))
    for name, figure, table in (
        ("causes", causes, causes_table),
        ("last", last_department_figure, last_table),
    ):
        st.subheader(text(f"page.figure.{name}"), anchor=False)
        for way in ways:
            _head(way.handling, text)
            words = _words(f"page.figure.{name}", seen, text)
            key = seen.key(way.handling, way.study.replications)
            draw = partial(figure, way.study, text, matter)
            show(key, f"{name}-{way.handling}", words, text, draw)
        draw_blocks([table(ways, matter, text)], text)


def _widest(reaches: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return min(start for start, _ in reaches), max(end for _, end in reaches)


def _head(handling: Handled, text: Text) -> None:
    if handling in BOTH:
        st.markdown(f"**{plain(way_name(handling, text))}**")


def _words(key: str, seen: _Seen, text: Text) -> str:
    name = matter_name(seen.scenario, seen.matter.id, text)
    return text("page.matter.figure_of", figure=text(key), matter=name)


def _which(cases: int, seen: _Seen, text: Text) -> int | None:
    """The row of the case to look at; none when none was finished."""
    if not cases:
        st.info(text("page.matter.no_case"))
        return None
    chosen = whole_number(
        st.container(),
        text("page.matter.which_case", cases=cases),
        1,
        cases,
        text,
        key=f"case-{seen.matter.id}",
        help=text("page.matter.which_case_help"),
    )
    return None if chosen is None else chosen - 1
