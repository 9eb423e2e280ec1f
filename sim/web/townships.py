"""Beyond the hall: who has far to go, where points would help, and whether they are worth it."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from sim.analysis.access import LIMITS, Nearness, Reach, nearness, reach
from sim.analysis.effects import GroupEffect
from sim.analysis.judge import judge, way_of
from sim.arrays import Floats
from sim.questions.extend import ExtendQuestion
from sim.questions.extension import Extension
from sim.scenario.geography import coordinates_of
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates
from sim.storage.request import Request
from sim.text import Text
from sim.views.area_names import county_names
from sim.views.blocks import HeadingBlock
from sim.views.county_words import is_large, near_table
from sim.views.extend import saved_minutes
from sim.views.map import borders_of
from sim.views.map_data import map_data
from sim.views.scenario_names import layout_name, matter_name
from sim.views.values import gap_words
from sim.views.verdict import pair_word
from sim.web.adopt import ADOPTED, BEFORE, adopt_points
from sim.web.change import Change, Source, made
from sim.web.chosen import add, arrange, choose_all, chosen, once_more, own_of, toggle
from sim.web.click_map import click_map
from sim.web.drawing import draw_blocks, draw_long_table
from sim.web.example import question_at_first, with_example
from sim.web.extension import answer
from sim.web.fields import choose, choose_now
from sim.web.frontier import frontier_part
from sim.web.home import go
from sim.web.next_point import next_part
from sim.web.points import own_stations
from sim.web.question import ask_replications, ask_seed, question, show_example, start_or_find
from sim.web.session import Session, answer_to, job_of, reopen, take
from sim.web.session import session as current
from sim.web.shortlist import shortlist_part
from sim.web.telling import plain

AREA: Final = Source("sanmenxia_townships.yaml")
"""The scenario that ships with places."""
SETTINGS: Final = "townships-settings"
"""Layout, replications and seed, in the state: all questions of the page share them."""
STATIONS: Final = "townships-stations"
"""In the state: stations of the chosen townships; None while something in their table is wrong."""
NAMED_ALL: Final = 60
"""Townships that are named at most where one county fills the map; counties, where they do."""


def townships(session: Session, text: Text) -> None:
    """The page of townships."""
    scenario = made(session.change).scenario
    if scenario is not None and scenario.places is None:
        if session.change != Change(Source(session.change.source.name)):
            _offer_area(session, text)
            return
        _turn_to_area(session)
        st.rerun()
    if scenario is not None:
        _tell_scenario(scenario, text)
    question(ExtendQuestion, session, text, _ask, start_or_find, answer, beside=_place)
    if scenario is None or scenario.places is None or scenario.places.siting is None:
        return
    settings = st.session_state.get(SETTINGS)
    own = own_of(scenario, text)
    use = partial(adopt_points, scenario, own, text)
    shortlist_part(scenario, chosen(scenario), own, settings, use, text)
    next_part(scenario, chosen(scenario), own, settings, add, text)
    frontier_part(scenario, settings, choose_all, text)


def _offer_area(session: Session, text: Text) -> None:
    """A hall of the reader's own is left only when they say so: all pages compute on it."""
    st.title(text("page.townships.title"), anchor=False)
    st.markdown(text("page.townships.what"))
    st.info(text("page.townships.no_places"))
    words = text("page.townships.take_area")
    st.button(words, key="area", type="primary", on_click=_turn_to_area, args=(session,))
    show_example(ExtendQuestion, answer, text)


def _turn_to_area(session: Session) -> None:
    """Take the scenario that ships with places; the one before can be turned back to."""
    take(AREA)
    st.session_state[BEFORE] = session


def _tell_scenario(scenario: Scenario, text: Text) -> None:
    """That the page has turned to another scenario, or put points into it, and the way back."""
    before = st.session_state.get(BEFORE)
    if before is None:
        return
    points = st.session_state.get(ADOPTED, ())
    if points:
        names = text("format.list").join(plain(name) for name in points)
        st.success(text("page.townships.adopted", names=names))
    else:
        words = text("page.townships.switched", name=text.name(scenario.name))
        st.info(plain(words))
    if st.button(text("page.townships.back"), key="townships-back"):
        for key in (BEFORE, ADOPTED):
            st.session_state.pop(key, None)
        reopen(before)
        if not points:
            go("layouts")
        st.rerun()


def _place(scenario: Scenario, text: Text) -> None:
    """The map, and how each point that is chosen on it serves: the button stays in sight."""
    once_more(scenario)
    _map(scenario, text)
    assert scenario.places is not None
    if scenario.places.siting is None:
        st.info(text("page.townships.no_siting"))
        return
    st.session_state[STATIONS] = arrange(scenario, text)


def _ask(scenario: Scenario, text: Text) -> Request | None:
    """What to run; None while something is missing or wrong."""
    if scenario.places is None or scenario.places.siting is None:
        return None
    points, stations = chosen(scenario), st.session_state[STATIONS]
    which, left, right = st.columns(3)
    ids = [layout.id for layout in scenario.layouts]
    layout = choose(
        which,
        "townships-layout",
        text("app.layout"),
        ids,
        lambda layout: layout_name(scenario, layout, text),
        text,
    )
    replications = ask_replications(left, ExtendQuestion, scenario, text)
    seed = ask_seed(right, ExtendQuestion, scenario, text)
    if replications is None or seed is None:
        st.session_state[SETTINGS] = None
        return None
    st.session_state[SETTINGS] = layout, replications, seed
    if not points or stations is None:
        return None
    own = own_stations(scenario, points, stations)
    return Request(ExtendQuestion(points, layout, own), replications, seed)


# --- which townships ---------------------------------------------------------


def _map(scenario: Scenario, text: Text) -> None:
    """The map and the list of names, which say the same."""
    st.subheader(text("page.townships.where"), anchor=False)
    names = {matter.id: matter_name(scenario, matter.id, text) for matter in scenario.matters}
    names[""] = text("page.townships.all_matters")
    which, what, where = st.columns([2, 2, 1])
    matter = choose(
        which,
        "errand",
        text("column.matter"),
        ["", *_first_stationed(scenario)],
        names.__getitem__,
        text,
    )
    result = _result()
    kinds = ["now", "then", *(["saved"] if result is not None else [])]
    shown = choose(
        what,
        "map-shows",
        text("page.townships.colour"),
        kinds,
        lambda shown: text(f"page.townships.shows.{shown}"),
        text,
    )
    counties = county_names(scenario, text)
    county = choose(
        where,
        "map-county",
        text("page.townships.county"),
        ["", *counties],
        lambda county: counties[county] if county else text("app.all"),
        text,
    )
    points = chosen(scenario)
    nearest = _nearest(scenario.hash, matter, points, scenario)
    by_county = not county and is_large(scenario)
    if any(coordinates_of(scenario, town) for town in scenario.applicants.townships):
        data = map_data(
            scenario,
            _values(scenario, nearest, shown, result),
            text(f"page.townships.shows.{shown}"),
            {} if by_county else _said(scenario, nearest, county, result, text),
            text,
            new=points,
            borders=borders_of(scenario),
            county=county,
            sure=_sure(shown, result),
            by_county=by_county,
        )
        data["title"] = text("page.townships.map", matter=names[matter])
        hint = "hint_county" if by_county else "hint_saved" if shown == "saved" else "hint"
        data["hint"] = text(f"page.townships.{hint}")
        if county or by_county:
            data["named"] = NAMED_ALL
        click_map(data, partial(choose_now, "map-county") if by_county else toggle)
    _names(scenario, points, county, text)
    _told(scenario, nearest, text)
    if is_large(scenario):
        _nearest_places(scenario, nearest, county, text)
    st.caption(text("page.townships.note", matter=names[matter]))


@st.cache_data(show_spinner=False, max_entries=50)
def _nearest(
    scenario_hash: str, matter: str, points: tuple[str, ...], _scenario: Scenario
) -> Nearness:
    """As `nearness`, which for all matters of a province takes seconds; empty = all matters."""
    del scenario_hash
    return nearness(_scenario, matter or None, points)


def _nearest_places(scenario: Scenario, nearest: Nearness, county: str, text: Text) -> None:
    """What the map shows as a table: counties, or the townships of the one that is chosen."""
    table = near_table(scenario, nearest, county, text)
    draw_blocks([HeadingBlock(table.title, is_within=True)], text)
    draw_long_table(table, f"near-{county}-{text.language}")


def _result() -> Extension | None:
    """The finished result that is shown, where there is one."""
    session = current()
    if question_at_first(ExtendQuestion) is not None:
        session = with_example(session, ExtendQuestion)
    job = job_of(session.job(ExtendQuestion))
    if job is None or job.state != "done":
        return None
    return answer_to(ExtendQuestion, job.id)


def _values(scenario: Scenario, nearest: Nearness, shown: str, result: Extension | None) -> Floats:
    """What the colours mean, a township."""
    if shown == "saved" and result is not None:
        saved, towns = saved_minutes(result), scenario.applicants.townships
        return np.array([saved[town.id].mean if town.id in saved else np.nan for town in towns])
    minutes = nearest.after if shown == "then" else nearest.before
    return np.where(np.isfinite(minutes), minutes, np.nan)


def _sure(shown: str, result: Extension | None) -> list[str]:
    """Townships whose saving can be told from chance."""
    if shown != "saved" or result is None:
        return []
    return [
        name
        for name, minutes in saved_minutes(result).items()
        if minutes.low > 0 or minutes.high < 0
    ]


def _said(
    scenario: Scenario, nearest: Nearness, county: str, result: Extension | None, text: Text
) -> dict[str, str]:
    """What is told of a township that is pointed at; `county` = of these only, empty = of all."""
    groups = result.summary.stations.groups["township"] if result else ()
    rows = {group.group: group for group in groups}
    said = {}
    for town, now, then in zip(scenario.applicants.townships, *nearest, strict=True):
        if county and town.county != county:
            continue
        parts = [
            text(
                "page.townships.tip",
                name=text.name(town.name),
                people=text.number(town.population, 0),
                now=text.number(now, 0),
                then=text.number(then, 0),
            )
        ]
        if town.id in rows:
            parts.append(_gain(rows[town.id], text))
        said[town.id] = text("format.parts").join(parts)
    return said


def _gain(row: GroupEffect, text: Text) -> str:
    travel = row.effect("travel").change
    if not way_of(judge(travel)):
        return text("page.townships.tip_same", word=pair_word(travel, text))
    return text("page.townships.tip_gain", gap=gap_words(travel, text))


def _names(scenario: Scenario, points: tuple[str, ...], county: str, text: Text) -> None:
    """The list of names: of a large area those of the county that is chosen, and chosen points."""
    counties = county_names(scenario, text)
    towns = {
        town.id: text(
            "page.townships.town_of", name=text.name(town.name), county=counties[town.county]
        )
        for town in candidates(scenario)
        if not is_large(scenario) or town.county == county or town.id in points
    }
    key = f"points-{text.language}"

    def changed() -> None:
        choose_all(st.session_state[key])

    st.session_state[key] = [*points]
    st.multiselect(
        text("page.townships.points"),
        [*towns],
        format_func=towns.__getitem__,
        key=key,
        on_change=changed,
        placeholder=text("page.townships.none_yet"),
        help=text(f"page.townships.{'points_large' if is_large(scenario) else 'points_help'}"),
    )


def _first_stationed(scenario: Scenario) -> list[str]:
    """Matters, those first that a new station would accept."""
    siting, named = scenario.places and scenario.places.siting, scenario.matters_named()
    accepts = siting.station.takes_in if siting else ()
    first = [matter for name in accepts for matter in named.get(name, ())]
    return list(dict.fromkeys([*first, *(matter.id for matter in scenario.matters)]))


def _told(scenario: Scenario, nearest: Nearness, text: Text) -> None:
    """The nearness of all residents, now and with the points."""
    people = np.array([town.population for town in scenario.applicants.townships], dtype=float)
    rows = [_reached(reach(minutes, people), text) for minutes in nearest]
    heads = (text("page.townships.now"), text("page.townships.then"))
    table = pd.DataFrame(dict(zip(heads, rows, strict=True)))
    st.table(table, border="horizontal", alt=text("page.townships.title"))


def _reached(reached: Reach, text: Text) -> dict[str, str]:
    limits = zip(LIMITS, reached.within, strict=True)
    return {
        text("page.townships.mean"): text.with_unit(text.number(reached.mean, 1), "min"),
        **{
            text("page.townships.within", minutes=f"{limit:.0f}"): text.share(share, 1)
            for limit, share in limits
        },
        text("page.townships.worst"): text.with_unit(text.number(reached.worst, 1), "min"),
        text("page.townships.gini"): text.number(reached.gini, 3),
    }
