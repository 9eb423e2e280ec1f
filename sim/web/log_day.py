"""A day of a log in motion, on the page of the log: nothing of it is simulated."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from sim.errors import HallError
from sim.learning.learned import LearnedLog
from sim.learning.logged_day import busiest_date, logged_dates, logged_day
from sim.learning.ticket_log import TicketLog
from sim.text import Text
from sim.views.logged_day import logged_day_data
from sim.web.fields import choose
from sim.web.player import player
from sim.web.telling import tell


def log_day(as_read: tuple[Hashable, ...], learned: LearnedLog, title: str, text: Text) -> None:
    """One day of a log of tickets; nothing of other logs, which cannot be played.

    Parameters
    ----------
    as_read
        What the reading of the log follows from.
    title
        What the log is called.
    """
    log = learned.log
    if not isinstance(log, TicketLog) or learned.snapshots is not None:
        return
    key = f"log-day-{as_read[0]}"
    with st.expander(text("logged_day.expander")):
        dates = [day.isoformat() for day in logged_dates(log)]
        chosen = choose(
            st.container(),
            f"{key}-date",
            text("logged_day.date"),
            dates,
            lambda day: text.date(date.fromisoformat(day)),
            text,
            first=busiest_date(log).isoformat(),
        )
        if not st.toggle(text("logged_day.show"), key=f"{key}-shown"):
            return
        try:
            data = _data((*as_read, title, chosen), log, text, text.language)
        except HallError as error:
            fields = {"--place": "page.my_log.place", "--date": "logged_day.date"}
            problems = [replace(each, path=text(fields[each.path])) for each in error.problems]
            tell(problems, text)
            return
        player(data, key, f"govhall-log-{chosen}", text)


@st.cache_resource(show_spinner=True, max_entries=8, scope="session")
def _data(key: tuple[Any, ...], _log: TicketLog, _text: Text, language: str) -> dict[str, Any]:
    """What the player reads; the key ends with what the log is called and the date."""
    del language
    *_, title, day = key
    return logged_day_data(logged_day(_log, date.fromisoformat(day)), title, _text)
