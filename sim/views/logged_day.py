"""A day of a log for the player: nothing of it is simulated."""

from __future__ import annotations

from typing import Any, Final

from sim.learning.logged_day import LoggedDay
from sim.text import Text
from sim.text.foreign import visible
from sim.views.day_page import player_data
from sim.views.shown_hall import ShownGroup, ShownHall, ShownPlace

MOST_NAMES: Final = 3
"""Lists on the sign of a group; of more it says how many there are."""
OWN_WORDS: Final = {
    name: f"logged_day.{name}" for name in ("person", "absent", "window", "window_now")
}
"""Texts of the player that say something else of a log."""


def logged_day_data(logged: LoggedDay, title: str, text: Text) -> dict[str, Any]:
    """All that the player reads of a day of a log.

    Parameters
    ----------
    title
        What the log is called.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> from sim.learning.logged_day import logged_day
    >>> from sim.text import load_text
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> data = logged_day_data(logged_day(log, log.first_date), "An office", load_text("en"))
    >>> data["title"], len(data["layouts"][0]["windows"])
    ('A day in An office · 3 March 2025', 3)
    """
    n_tickets = len(logged.record.tickets.case)
    when, name = text.date(logged.date), visible(title)
    return player_data(
        [_shown(logged, name, text)],
        text("animation.title", hall=name, date=when),
        text("logged_day.about", log=name, date=when, n=text.number(n_tickets, 0)),
        " ".join([text("logged_day.note"), *cautions(logged, text)]),
        text,
        OWN_WORDS,
    )


def cautions(logged: LoggedDay, text: Text) -> list[str]:
    """What of the picture the log does not say."""
    sentences = []
    if logged.n_unplaced:
        sentences.append(text("logged_day.unplaced", n=text.number(logged.n_unplaced, 0)))
    if not logged.has_services:
        sentences.append(text("logged_day.no_services"))
    elif logged.n_endless:
        sentences.append(text("logged_day.endless", n=text.number(logged.n_endless, 0)))
    if not logged.names_windows:
        sentences.append(text("logged_day.no_windows"))
    if logged.has_hours_only:
        sentences.append(text("logged_day.hours"))
    return sentences


def _shown(logged: LoggedDay, title: str, text: Text) -> ShownHall:
    unnamed = text("logged_day.unnamed")
    lists = tuple(visible(name) or unnamed for name in logged.lists)
    windows = tuple(visible(name) for name in logged.windows)
    every_list, every_window = tuple(range(len(lists))), tuple(range(len(windows)))
    return ShownHall(
        name=title,
        lists=lists,
        windows=windows,
        matters=tuple(visible(name) or unnamed for name in logged.matters),
        departments=(),
        groups=tuple(
            ShownGroup(
                _sign([lists[each] for each in group.lists], text), group.lists, group.windows
            )
            for group in logged.groups
        ),
        places=(ShownPlace(title, every_list, every_window),),
        record=logged.record,
        has_desk=False,
    )


def _sign(lists: list[str], text: Text) -> str:
    """What stands above windows: the lists that they call."""
    if len(lists) > MOST_NAMES:
        return text("logged_day.lists", first=lists[0], n=len(lists) - 1)
    return text("format.list").join(lists) or text("logged_day.unnamed")
