"""Layouts: choose them, staff them half hour by half hour, run them on the same crowds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from sim.clock import format_clock
from sim.errors import Problem
from sim.questions.compare import CompareQuestion
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.hours import hall_calendar
from sim.scenario.roster_keys import is_dated
from sim.scenario.scenario import Scenario
from sim.storage.answers import kind_of
from sim.storage.example import example_folder
from sim.storage.job_folder import Job
from sim.storage.request import Request
from sim.storage.scenario_file import scenario_yaml, tables_named
from sim.storage.shipped import example_name, is_example
from sim.text import Text
from sim.views.scenario_names import group_name, layout_name
from sim.web.change import (
    MOST_DAYS,
    MOST_REPLICATIONS,
    MOST_SEED,
    ChangedScenario,
    budget_problems,
    made,
)
from sim.web.example import tell_example
from sim.web.fields import choose, number_fault, whole_number
from sim.web.floor_editor import floor_editor
from sim.web.mechanisms import mechanisms_part
from sim.web.progress import watch
from sim.web.question import tell_time
from sim.web.results import results
from sim.web.rosters import DayType, changed_rosters, day_types, rosters_of, table_of
from sim.web.session import (
    Session,
    comparison_of,
    job_of,
    jobs,
    keep,
    name_of,
    put,
    put_job,
    submit,
)
from sim.web.session import session as current
from sim.web.sides import Sides, open_answer, open_sides
from sim.web.telling import plain, tell, tell_atop, tell_beside

NAME = "name"
NAME_OF_PAGE = name_of(CompareQuestion)
DEMAND = (50, 150, 5)
"""Lowest, highest and step of the demand slider, in percent."""
WIDE = 3
MOST_CLERKS = 200
"""At the windows of one group."""


def layouts(session: Session, text: Text) -> None:
    """The page of window layouts."""
    st.title(text("page.layouts.title"), anchor=False)
    st.markdown(text("page.layouts.what"))
    tell_atop(text)
    base = made(replace(session.change, rosters={}, built={}, unequal=True)).scenario
    if base is None:
        tell(made(session.change).problems, text)
        return
    sides = open_sides(NAME_OF_PAGE)
    with sides.controls:
        _choose(base, text)
    with sides.answer, st.expander(text("page.layouts.change")):
        _staff(base, text)
        is_right = mechanisms_part(st.session_state["staffed"], text)
    with sides.answer:
        floor_editor(st.session_state["staffed"], text)
    with sides.controls:
        ready = _settings(base, text) and is_right
    # as the widgets above have left it
    session = current()
    outcome = made(session.change)
    with sides.controls:
        _budget(session, outcome, text)
        _offer_file(outcome.scenario, text)
    with sides.start:
        job = _start(session, outcome, text, ready=ready)
    _result(sides, job, outcome, text)


# --- what to compare ---------------------------------------------------------


def _choose(base: Scenario, text: Text) -> None:
    ids = [layout.id for layout in base.layouts]
    session = current()
    keep("layouts", [layout for layout in session.layouts if layout in ids] or ids)
    chosen = st.pills(
        text("app.layouts"),
        ids,
        selection_mode="multi",
        format_func=lambda layout: plain(layout_name(base, layout, text)),
        key="layouts",
        help=text("page.layouts.choose_help"),
    )
    put(layouts=tuple(layout for layout in ids if layout in chosen))


# --- clerks by half hour -----------------------------------------------------


def _staff(base: Scenario, text: Text) -> None:
    st.subheader(text("page.layouts.clerks"), anchor=False)
    st.caption(text("page.layouts.clerks_help"))
    types = day_types(base)
    which, when = st.columns([3, 2])
    layout = choose(
        which,
        "staffed",
        text("app.layout"),
        [layout.id for layout in base.layouts],
        lambda layout: layout_name(base, layout, text),
        text,
    )
    number = when.segmented_control(
        text("page.layouts.day_type"),
        range(len(types)),
        format_func=lambda n: types[n].name(text),
        default=0,
        required=True,
        key="day_type",
    )
    if any(group.tidal is not None for group in base.layout(layout).windows):
        st.caption(text("page.layouts.tidal_help"))
    if _goes_by_dates(base, layout):
        st.info(text("page.layouts.dated"))
    else:
        _editor(base, layout, types, types[number], text)
    scenario = made(replace(current().change, unequal=True)).scenario
    if scenario is not None:
        _hours(scenario, text)


def _goes_by_dates(scenario: Scenario, layout: str) -> bool:
    """Whether the table of an ordinary week would lose what is written for some dates."""
    shown = scenario.layout(layout)
    return (
        DatedHours(hall_calendar(scenario)).is_dated
        or shown.clerks_file is not None
        or any(is_dated(group.clerks) for group in shown.windows)
    )


def _editor(
    base: Scenario, layout: str, types: tuple[DayType, ...], day_type: DayType, text: Text
) -> None:
    """The table; its base stays as it is while it is edited, else edits are lost or doubled."""
    state, session = st.session_state, current()
    own = rosters_of(base.layout(layout))
    now = {**own, **session.change.rosters.get(layout, {})}
    key = f"clerks-{layout}-{day_type.key}-{state.setdefault('revision', 0)}"
    if f"base-{key}" not in state or key not in state:
        state[f"base-{key}"] = table_of(now, day_type)
    before = state[f"base-{key}"]
    columns = [_column(n, day_type) for n in range(len(day_type.slots))]
    # plain numbers without bounds: an editor with bounds drops signs, and -3 or 1.5 becomes 3 or 15
    frame = pd.DataFrame.from_dict(before, orient="index", columns=columns, dtype=float)
    frame.insert(0, NAME, [group_name(base, layout, group, text) for group in frame.index])
    number = st.column_config.NumberColumn(required=True, format="plain", width=78)
    edited = st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=[NAME],
        width="stretch",
        column_config={
            NAME: st.column_config.TextColumn(text("page.layouts.group"), width=190, pinned=True),
            **dict.fromkeys(columns, number),
        },
    )
    cells = edited[columns].fillna(0.0)
    wrong = _no_clerks(cells, dict(zip(frame.index, frame[NAME], strict=True)))
    tell(wrong, text)
    table = {
        str(group): tuple(int(n) for n in row)
        for group, row in zip(cells.index, cells.to_numpy().tolist(), strict=True)
    }
    if not wrong and table != table_of(now, day_type):
        rosters = changed_rosters(now, types, day_type, table)
        _put_rosters(layout, {g: r for g, r in rosters.items() if r != own[g]})
        state.setdefault("history", []).append(session.change)
    undo, reset, _ = st.columns([2, 3, 4])
    undo.button(
        text("page.layouts.undo"),
        key="undo",
        on_click=_undo,
        disabled=not state.get("history"),
        width="stretch",
    )
    reset.button(
        text("app.reset"),
        key="reset",
        on_click=_reset,
        disabled=not current().change.rosters,
        width="stretch",
    )


def _no_clerks(cells: pd.DataFrame, names: Mapping[str, str]) -> list[Problem]:
    """Cells that are no number of clerks; the table is not taken while there are any."""
    return [
        problem
        for group, row in cells.iterrows()
        for column, value in row.items()
        if (problem := number_fault(f"{names[str(group)]} {column}", value, 0, MOST_CLERKS))
    ]


def _column(n: int, day_type: DayType) -> str:
    return format_clock(day_type.slots[n].start)


def _put_rosters(layout: str, rosters: dict[str, Any]) -> None:
    change = current().change
    others = {name: groups for name, groups in change.rosters.items() if name != layout}
    own = {layout: rosters} if rosters else {}
    put(change=replace(change, rosters={**others, **own}))


def _undo() -> None:
    history = st.session_state.get("history", [])
    if history:
        before = history.pop()
        put(change=replace(current().change, rosters=before.rosters, built=before.built))
        st.session_state["revision"] += 1


def _reset() -> None:
    st.session_state.setdefault("history", []).append(current().change)
    put(change=replace(current().change, rosters={}, built={}))
    st.session_state["revision"] += 1


def _hours(scenario: Scenario, text: Text) -> None:
    """Clerk hours a week of every layout, so that equal budgets are seen."""
    hours = {layout.id: weekly_clerk_hours(scenario, layout) for layout in scenario.layouts}
    st.caption(text("page.layouts.hours"))
    ids = list(hours)
    for row in (ids[n : n + WIDE] for n in range(0, len(ids), WIDE)):
        for place, layout in zip(st.columns(WIDE), row, strict=False):
            place.metric(
                plain(layout_name(scenario, layout, text)),
                text.with_unit(text.number(hours[layout]), "h"),
                border=True,
            )


# --- how much, how long ------------------------------------------------------


def _settings(base: Scenario, text: Text) -> bool:
    """How much and how long; whether all of it may be run."""
    session, run = current(), base.run
    own = made(replace(session.change, days=None, unequal=True)).scenario or base
    keep("demand", session.change.demand)
    keep("days", session.change.days or own.run.measured_days)
    keep("replications", session.replications or run.replications)
    keep("seed", run.seed if session.seed is None else session.seed)
    low, high, step = DEMAND
    demand = st.slider(
        text("page.layouts.demand"),
        min(low, session.change.demand),
        max(high, session.change.demand),
        step=step,
        format="%d%%",
        key="demand",
        help=text("page.layouts.demand_help"),
    )
    more = st.expander(text("app.advanced"))
    bounds = {
        "days": (1, MOST_DAYS),
        "replications": (2, MOST_REPLICATIONS),
        "seed": (0, MOST_SEED),
    }
    days, replications, seed = (
        whole_number(
            *(more, text(f"app.{name}"), *bounds[name], text),
            key=name,
            help=text(f"page.layouts.{name}_help"),
        )
        for name in bounds
    )
    if days is None or replications is None or seed is None:
        put(change=replace(session.change, demand=demand))
        return False
    put(
        change=replace(
            session.change, demand=demand, days=None if days == own.run.measured_days else days
        ),
        replications=replications,
        seed=seed,
    )
    return True


def _budget(session: Session, outcome: ChangedScenario, text: Text) -> None:
    """Unequal budgets, in words, and a way to compare them all the same."""
    unequal = budget_problems(session.change)
    if not unequal and not session.change.unequal:
        if outcome.scenario is None:
            tell(outcome.problems, text)
        return
    if unequal:
        st.warning(text("page.layouts.unequal"))
        tell(unequal, text)
    keep("unequal", session.change.unequal)
    st.checkbox(text("page.layouts.allow_unequal"), key="unequal", on_change=_allow)
    if outcome.scenario is None and not unequal:
        tell(outcome.problems, text)


def _allow() -> None:
    put(change=replace(current().change, unequal=bool(st.session_state["unequal"])))


def _offer_file(scenario: Scenario | None, text: Text) -> None:
    """The scenario that will be run, as a file."""
    has_tables = scenario is not None and bool(tables_named(scenario))
    st.download_button(
        text("page.mechanisms.yaml"),
        # written when somebody wants it: that takes longer than all else of the page
        "" if scenario is None or has_tables else partial(scenario_yaml, scenario),
        "scenario.yaml",
        "application/yaml",
        key="layouts-yaml",
        on_click="ignore",
        disabled=scenario is None or has_tables,
        help=text("page.mechanisms.yaml_tables") if has_tables else None,
    )


# --- running -----------------------------------------------------------------


def _start(session: Session, outcome: ChangedScenario, text: Text, *, ready: bool) -> Job | None:
    """The button, how long it takes and how far it is; the job that is shown."""
    name = session.job(CompareQuestion)
    job = job_of(name)
    live = job is not None and job.live
    ready = ready and outcome.scenario is not None and len(session.layouts) > 0
    if not session.layouts:
        st.info(text("page.layouts.none_chosen"))
    st.button(
        text("app.run_again") if name else text("app.run"),
        key="go",
        type="primary",
        disabled=live or not ready,
        on_click=_submit,
        width="stretch",
    )
    tell_beside("go", text)
    if ready and outcome.scenario is not None:
        tell_time(_request(session, outcome.scenario), outcome.scenario, text)
    return watch(name, text) if name else None


def _request(session: Session, scenario: Scenario) -> Request:
    return Request(
        CompareQuestion(session.layouts),
        session.replications or scenario.run.replications,
        scenario.run.seed if session.seed is None else session.seed,
    )


def _submit() -> None:
    session = current()
    scenario = made(session.change).scenario
    if scenario is None:
        return
    if job := submit(session, _request(session, scenario), scenario, "go"):
        put_job(CompareQuestion, job)


def _result(sides: Sides, job: Job | None, outcome: ChangedScenario, text: Text) -> None:
    """The answer; where nothing has been asked, that of the example, with the same figures."""
    if job is None or is_example(job.id):
        with sides.answer:
            tell_example(kind_of(CompareQuestion), text)
            results(example_folder(), example_name("compare"), text)
        return
    if job.state == "done":
        with open_answer(sides, NAME_OF_PAGE, job.id):
            _own_result(job, outcome, text)


def _own_result(job: Job, outcome: ChangedScenario, text: Text) -> None:
    session = current()
    study = comparison_of(jobs().result(job.id)).study
    settings = (session.layouts, session.seed, session.replications)
    same = outcome.scenario is not None and outcome.scenario.hash == study.scenario.hash
    if not same or settings != (study.layouts, study.seed, study.asked):
        st.warning(text("app.stale"))
    results(jobs().result(job.id), job.id, text, job.id)
