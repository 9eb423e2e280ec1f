"""A day of the hall in motion below a comparison: chosen, played, taken along as a page."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from sim.questions.compare import Comparison
from sim.runs.played_day import serve_day
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.day_page import day_data
from sim.views.scenario_names import layout_name
from sim.web.fields import whole_number
from sim.web.player import player

SIDE_BY_SIDE: Final = 2
KEY: Final = "hall-day"


def hall_day(comparison: Comparison, text: Text) -> None:
    """One day of one replication of the comparison; it is run when somebody wants to see it."""
    study = comparison.study
    with st.expander(text("animation.expander")):
        which, day_field, replication_field = st.columns([2, 1, 1])
        layouts = which.multiselect(
            text("animation.layouts"),
            study.layouts,
            study.layouts[:SIDE_BY_SIDE],
            format_func=lambda layout: layout_name(study.scenario, layout, text),
            max_selections=SIDE_BY_SIDE,
            key=f"{KEY}-layouts-{study.scenario.hash}-{text.language}",
        )
        n_days = len(study.plans[0].period.hall_days)
        number = whole_number(
            day_field, text("animation.day"), 1, n_days, text, key=f"{KEY}-number", first=1
        )
        replication = whole_number(
            replication_field,
            text("animation.replication"),
            0,
            max(study.replications - 1, 0),
            text,
            key=f"{KEY}-replication",
        )
        is_shown = st.toggle(text("animation.show"), key=f"{KEY}-shown")
        if not is_shown or not layouts or number is None or replication is None:
            return
        chosen = tuple(layouts)
        data = _data(
            study.scenario,
            text,
            study.scenario.hash,
            chosen,
            number,
            study.seed,
            replication,
            text.language,
        )
        player(data, KEY, f"govhall-day-{number}", text)


@st.cache_resource(show_spinner=True, max_entries=8)
def _data(
    _scenario: Scenario,
    _text: Text,
    scenario_hash: str,
    layouts: tuple[str, ...],
    number: int,
    seed: int,
    replication: int,
    language: str,
) -> dict[str, Any]:
    """What the player reads; hash and language stand for the scenario and its words."""
    del scenario_hash, language
    played = serve_day(_scenario, layouts, number=number, seed=seed, replication=replication)
    return day_data(played, _text)
