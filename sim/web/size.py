"""How many clerks a promise needs, on the page of staffing: the promise, the answer, the roster."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from sim.clock import MINUTE
from sim.questions.size import SizedLayout, SizeQuestion, Sizing, sized_scenario
from sim.questions.size_rows import ROWS
from sim.scenario.promises import EACH, Promise
from sim.scenario.scenario import Scenario
from sim.storage.answer_export import answer_data, answer_rows
from sim.storage.request import Request
from sim.text import Text
from sim.views.promise_words import promise_words
from sim.views.scenario_names import layout_name
from sim.views.size_report import render_sizing
from sim.views.size_words import size_blocks
from sim.web.adopt import offer_roster
from sim.web.change import Change, made
from sim.web.downloads import csv_bytes, downloads, json_bytes
from sim.web.drawing import draw_answer
from sim.web.fields import choose, whole_number
from sim.web.question import ask_layouts, ask_replications, ask_seed, run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key, jobs
from sim.web.session import session as current
from sim.web.sides import open_sides
from sim.web.siting import belongs
from sim.web.staff_change import change_part
from sim.web.telling import plain, tell, tell_beside

FIELD: Final = "targets.promises"
SHARE, MINUTES = 90, 15
"""Promised on the page where the scenario promises nothing."""
MOST_MINUTES: Final = 600
MOST_REPEATS: Final = 20


def size_part(scenario: Scenario, text: Text) -> None:
    """Ask which roster keeps a promise, and show it beside today's."""
    st.header(text("page.size.promise_step"), anchor=False)
    st.markdown(text("page.size.promise_what"))
    st.markdown(text("page.size.what"))
    sides = open_sides("size")
    request, promised = None, None
    with sides.controls:
        change = _ask_promise(scenario, text)
    if change is not None:
        promised, problems = made(change)
        said = [row for row in problems if promised is None or row.path.startswith(FIELD)]
        with sides.controls:
            tell(said, text)
    if promised is not None:
        with sides.controls:
            _tell_promises(promised, text)
            st.markdown(f"**{text('page.size.answer_step')}**")
            request = _ask_size(promised, text)
    start = partial(start_or_find, change=change)
    shown = promised or scenario
    run_and_answer(
        SizeQuestion, request, start, _answer, shown, text, sides=sides, words="page.size.go"
    )


def _ask_promise(scenario: Scenario, text: Text) -> Change | None:
    """The sentence of the promise as fields; the change that puts it into the scenario."""
    now = _to_everybody(scenario)
    share, minutes, each = SHARE, MINUTES, EACH[0]
    if now is not None:
        within = scenario.targets.called_within if now.within is None else now.within
        share, minutes, each = round(100 * now.level), round(within / MINUTE), now.each
    columns = st.columns(3)
    words = [text(f"page.size.{name}") for name in ("share", "minutes", "each")]
    chosen_share = whole_number(columns[0], words[0], 1, 100, text, key="size-share", first=share)
    chosen_minutes = whole_number(
        columns[1], words[1], 1, MOST_MINUTES, text, key="size-minutes", first=minutes
    )
    where = choose(
        columns[2],
        "size-each",
        words[2],
        EACH,
        lambda name: text(f"page.size.each.{name}"),
        text,
        first=each,
    )
    if chosen_share is None or chosen_minutes is None:
        return None
    if now is not None and (chosen_share, chosen_minutes, where) == (share, minutes, each):
        return current().change
    promise = {
        "measure": "called_within",
        "within": f"{chosen_minutes} min",
        "at_least": chosen_share / 100,
        "each": where,
    }
    others = [
        stated.model_dump(mode="json", exclude_unset=True)
        for stated in scenario.targets.promises
        if stated is not now
    ]
    written = json.dumps([promise, *others], ensure_ascii=False)
    change = current().change
    return replace(change, fields={**change.fields, FIELD: written})


def _to_everybody(scenario: Scenario) -> Promise | None:
    """The promise of the scenario that the fields of the page say; None where there is none."""
    return next(
        (
            promise
            for promise in scenario.targets.promises
            if promise.measure == "called_within" and promise.who[0] is None
        ),
        None,
    )


def _tell_promises(scenario: Scenario, text: Text) -> None:
    """All that is promised, in words."""
    words = [promise_words(scenario, promise, text) for promise in scenario.targets.promises]
    promises = plain(text("format.parts").join(words))
    st.markdown(text("page.size.promised", promises=promises))


def _ask_size(scenario: Scenario, text: Text) -> Request | None:
    """Layouts to size; none when nothing is chosen."""
    layouts = ask_layouts(SizeQuestion, scenario, text)
    left, middle, right = st.columns(3)
    replications = ask_replications(left, SizeQuestion, scenario, text)
    seed = ask_seed(middle, SizeQuestion, scenario, text)
    words = text("page.size.repeats")
    repeats = whole_number(right, words, 1, MOST_REPEATS, text, key="size-repeats", first=1)
    if not layouts or replications is None or seed is None or repeats is None:
        return None
    return Request(SizeQuestion(layouts, repeats=repeats), replications, seed)


def _answer(session: Session, scenario: Scenario, text: Text) -> None:
    job = session.job(SizeQuestion)
    sizing = answer_to(SizeQuestion, job)
    belongs(sizing, [row.layout for row in sizing.layouts], job, scenario, text)
    draw_answer(size_blocks(sizing, text), text, figures_key(job))
    for row in sizing.layouts:
        change_part(sizing, row, jobs().result(job), text)
        _offer(sizing, row, text)
    downloads(
        f"govhall-{job}",
        text,
        lambda: csv_bytes(answer_rows(sizing, ROWS)),
        lambda: json_bytes(answer_data(sizing, ROWS)),
        lambda: render_sizing(sizing, text).encode(),
        key="size-",
    )


def _offer(sizing: Sizing, row: SizedLayout, text: Text) -> None:
    """The sized roster can become that of the scenario in use."""
    name = plain(layout_name(sizing.scenario, row.layout, text))
    button = f"take-size-{row.layout}"
    words = text("page.size.take", layout=name)
    offer_roster(words, partial(sized_scenario, sizing, row.layout), row.layout, button)
    tell_beside(button, text)
