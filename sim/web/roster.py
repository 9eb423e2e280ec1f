"""Who works when, on the page of staffing: people, the roster, changes by hand, files to post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.errors import HallError
from sim.questions.roster import DutyRoster
from sim.questions.rostering import (
    MAX_WEEKS,
    RosterQuestion,
    needs_of,
    rostered_scenario,
)
from sim.questions.size import Need, SizeQuestion
from sim.scenario.scenario import Scenario
from sim.storage.posted_table import group_names, posted_question, read_posted
from sim.storage.request import Request, read_request
from sim.storage.spreadsheet import CellValue
from sim.text import Text
from sim.views.posted import person_name
from sim.views.roster_sheets import posted_rows, roster_calendar, roster_csv, roster_workbook
from sim.views.roster_words import roster_blocks
from sim.views.scenario_names import layout_name
from sim.web.adopt import offer_roster
from sim.web.change import Change, made
from sim.web.drawing import draw_answer
from sim.web.example import question_at_first
from sim.web.fields import choose, whole_number
from sim.web.people import people_part
from sim.web.question import ask_replications, ask_seed, run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key, job_of, jobs, keep, question_of
from sim.web.session import session as current
from sim.web.sides import open_sides
from sim.web.siting import belongs
from sim.web.telling import plain, tell, tell_beside

WEEKS: Final = 2
"""Rostered on the page where nobody says how many."""
MOST_ROWS: Final = 60
"""Of the table to change, before it scrolls."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def roster_part(scenario: Scenario, text: Text) -> None:
    """Ask who can work and when, and show who works when."""
    st.header(text("page.roster.heading"), anchor=False)
    st.markdown(text("page.roster.what"))
    ids = [layout.id for layout in scenario.layouts]
    sides = open_sides("roster")
    columns = sides.controls.columns(3)
    layout = choose(
        columns[0],
        "roster-layout",
        text("page.roster.layout"),
        ids,
        lambda layout: layout_name(scenario, layout, text),
        text,
        first=current().layouts[0] if current().layouts else ids[0],
    )
    before = question_at_first(RosterQuestion) or RosterQuestion()
    change, needs = _sized(scenario, layout)
    promised = made(change).scenario or scenario
    sides.controls.caption(text(f"page.roster.needs_{_needs_from(promised, needs)}"))
    first_day = _first_day(columns[1], before, scenario, text)
    weeks = whole_number(
        columns[2],
        text("page.roster.weeks"),
        1,
        MAX_WEEKS,
        text,
        key="roster-weeks",
        first=before.weeks if before.first_day else WEEKS,
    )
    left, right = sides.controls.columns(2)
    replications = ask_replications(left, RosterQuestion, scenario, text)
    seed = ask_seed(right, RosterQuestion, scenario, text)
    with sides.answer:
        staff = people_part(promised, layout, text, before=before.staff)
    request = None
    if None not in (staff, weeks, replications, seed) and first_day:
        question = RosterQuestion(layout, staff or (), weeks or WEEKS, first_day, needs)
        request = Request(question, replications or 0, seed or 0)
    start = partial(start_or_find, change=change)
    go = "page.roster.go"
    run_and_answer(RosterQuestion, request, start, _answer, promised, text, sides=sides, words=go)


def _first_day(
    place: DeltaGenerator, before: RosterQuestion, scenario: Scenario, text: Text
) -> str:
    """The first date of the roster; empty while nothing is chosen."""
    monday = scenario.run.start - timedelta(days=scenario.run.start.weekday())
    keep("roster-first", date.fromisoformat(before.first_day) if before.first_day else monday)
    chosen = place.date_input(text("page.roster.first"), format="YYYY-MM-DD", key="roster-first")
    return chosen.isoformat() if isinstance(chosen, date) else ""


def _sized(scenario: Scenario, layout: str) -> tuple[Change, tuple[Need, ...]]:
    """The clerks that the answer above asks for, with the promises that they keep; else none."""
    session = current()
    job = job_of(session.job(SizeQuestion))
    folder = jobs().folder(session.job(SizeQuestion))
    if job is None or job.state != "done" or folder is None:
        return session.change, ()
    try:
        change = Change.from_data(read_request(folder).settings["change"])
        sizing = answer_to(SizeQuestion, session.job(SizeQuestion))
    except (HallError, ValueError, TypeError, KeyError, AttributeError):
        return session.change, ()
    same = replace(change, fields=session.change.fields) == session.change
    needs = [need for row in sizing.layouts if row.layout == layout for need in row.needs]
    return (change, tuple(needs)) if same and needs else (session.change, ())


def _needs_from(scenario: Scenario, needs: tuple[Need, ...]) -> str:
    if needs:
        return "sized"
    return "promises" if scenario.targets.promises else "today"


def _answer(session: Session, scenario: Scenario, text: Text) -> None:
    job = session.job(RosterQuestion)
    roster = answer_to(RosterQuestion, job)
    belongs(roster, [roster.layout], job, scenario, text)
    draw_answer(roster_blocks(roster, text), text, figures_key(job))
    _change_by_hand(roster, job, text)
    _files(roster, job, text)
    _offer(roster, text)


# === changes by hand === #


def _change_by_hand(roster: DutyRoster, job: str, text: Text) -> None:
    """The roster as a table to edit; it is simulated again as it stands."""
    st.subheader(text("page.roster.edit"), anchor=False)
    st.caption(text("page.roster.edit_help"))
    heads, weekdays, *rows = posted_rows(roster, text)
    people, legend = rows[: len(roster.people)], rows[len(roster.people) :]
    name, *dates = heads
    shown = [f"{date[5:]} {day}" for date, day in zip(dates, weekdays[1:], strict=True)]
    edited = st.data_editor(
        pd.DataFrame(people, columns=[name, *shown], dtype=str),
        key=f"posted-{job}-{text.language}",
        num_rows="fixed",
        hide_index=True,
        disabled=[name],
        width="stretch",
        column_config={
            name: st.column_config.TextColumn(name, pinned=True),
            **{head: st.column_config.TextColumn(head, width=112) for head in shown},
        },
        height="content" if len(people) <= MOST_ROWS else "auto",
    )
    table: list[list[CellValue]] = [[*heads]]
    table += [[cell or None for cell in row] for row in edited.to_numpy().tolist()]
    table += [[*row] for row in legend]
    request = _checked(roster, job, table, text)
    change = _change_of(job)
    st.button(
        text("page.roster.check"),
        key="check-roster",
        disabled=request is None or change is None,
        on_click=partial(start_or_find, change=change),
        args=(request,),
    )


def _checked(
    roster: DutyRoster, job: str, table: list[list[CellValue]], text: Text
) -> Request | None:
    """What is asked of the table; None while something in it is wrong, which is told."""
    question = question_of(RosterQuestion, job)
    if question is None:
        return None
    ids = {person_name(roster, person.name, text): person.name for person in roster.people}
    try:
        posted = read_posted(table, group_names(roster.scenario, roster.layout))
    except HallError as error:
        tell(error.problems, text)
        return None
    duties = tuple(duty._replace(person=ids[duty.person]) for duty in posted.duties)
    check = posted_question(question, posted._replace(duties=duties))
    if roster.needs_from == "promises":
        check = replace(check, needs=needs_of(roster))
    return Request(check, roster.asked, roster.seed)


def _change_of(job: str) -> Change | None:
    """What the scenario of a job was changed in; None where that is not known."""
    folder = jobs().folder(job)
    if folder is None:
        return None
    try:
        return Change.from_data(read_request(folder).settings["change"])
    except (HallError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _offer(roster: DutyRoster, text: Text) -> None:
    """The clerks of the roster can become those of the scenario in use."""
    name = plain(layout_name(roster.scenario, roster.layout, text))
    words = text("page.roster.take", layout=name)
    offer_roster(words, partial(rostered_scenario, roster), roster.layout, "take-roster")
    tell_beside("take-roster", text)


# === files === #


def _files(roster: DutyRoster, job: str, text: Text) -> None:
    """The roster to post, to edit and for calendars; they are made when they are asked for."""
    st.subheader(text("app.download"), anchor=False)
    names = {person.name: person_name(roster, person.name, text) for person in roster.people}
    everybody = text("page.roster.everybody")
    whose = choose(
        st.columns(3)[0],
        f"calendar-{job}",
        text("page.roster.calendar_of"),
        ["", *names],
        lambda name: names.get(name, everybody),
        text,
    )

    def calendar() -> bytes:
        return roster_calendar(roster, text, datetime.now(UTC), whose).encode()

    kinds: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("xlsx", XLSX, partial(roster_workbook, roster, text)),
        ("csv", "text/csv", lambda: roster_csv(roster, text).encode("utf-8-sig")),
        ("ics", "text/calendar", calendar),
    )
    for place, (kind, mime, content) in zip(st.columns(3), kinds, strict=True):
        place.download_button(
            text(f"page.roster.{kind}"),
            content,
            f"govhall-{job}.{kind}",
            mime,
            key=f"roster-{kind}",
            on_click="ignore",
            width="stretch",
        )
