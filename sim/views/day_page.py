"""A day of the hall as one page that plays it: data for the player, and a file of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from sim.analysis.day_record import DayDuties, day_record
from sim.plan.plan import HALL, Plan
from sim.results.columns import CASE_FATES, FATES
from sim.results.tables import Tables
from sim.runs.played_day import PlayedDay, PlayedHall
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.text.foreign import escaped_json
from sim.views.document import rendered
from sim.views.scenario_names import layout_name, log_labels
from sim.views.shown_hall import ShownGroup, ShownHall, ShownPlace, shown_halls

SCRIPTS: Final = (
    "hall_look",
    "hall_record",
    "hall_places",
    "hall_story",
    "hall_heat",
    "hall_ground",
    "hall_people",
    "hall_floor",
    "hall_player",
)
"""Files of the player, which together are one module."""
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "play": (),
    "pause": (),
    "time": (),
    "speed": (),
    "times": ("n",),
    "colour": (),
    "by_matter": (),
    "by_wait": (),
    "other": (),
    "wait_under": ("n",),
    "wait_between": ("low", "high"),
    "wait_over": ("n",),
    "papers": (),
    "at_work": (),
    "open": (),
    "shut": (),
    "apart": (),
    "waiting": (),
    "longest": (),
    "serving": (),
    "served": (),
    "late": (),
    "minutes": ("n",),
    "offices": (),
    "desk": (),
    "door": (),
    "places": (),
    "sign": ("waiting", "open", "all"),
    "place": ("waiting", "busy"),
    "hint": (),
    "absent": ("case",),
    "person": ("case", "matter"),
    "company": ("n",),
    "came": ("clock", "place"),
    "taken": ("clock", "list"),
    "called": ("clock", "window", "minutes"),
    "ended": ("clock", "fate"),
    "review": ("department", "released", "started", "ended"),
    "over_limit": ("clock",),
    "closed": ("clock", "fate"),
    "last": ("department",),
    "window": ("group", "number", "name"),
    "window_served": ("n", "minutes"),
    "window_now": ("case", "matter", "clock"),
    "department_now": ("queued", "in_hand", "done"),
    "before": (),
    "after": (),
    "heat": (),
    "heat_list": (),
    "heat_queue": (),
    "heat_none": (),
    "heat_last": (),
    "heat_nobody": (),
    "heat_note": (),
}
"""Texts of the player, `animation.<name>`, and what it fills in while it plays."""
NO_WORDS: Final[Mapping[str, str]] = MappingProxyType({})


def day_html(data: Mapping[str, Any], text: Text) -> str:
    """The page of `day_data` as one file that asks for nothing outside.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.runs.played_day import serve_day
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> text = load_text("en")
    >>> day_html(day_data(serve_day(scenario, ["hall"]), text), text).startswith("<!DOCTYPE html>")
    True
    """
    return rendered(
        "day.html.jinja",
        text,
        title=data["title"],
        data=Markup(json_words(data)),
        style=Markup(player_part("css")),
        script=Markup(player_part("js")),
    )


def json_words(data: Mapping[str, Any]) -> str:
    """The data as it stands in a page: a name with "</script>" in it does not end the script."""
    return escaped_json(json.dumps(data, ensure_ascii=False)).replace("<", "\\u003c")


def player_part(kind: str) -> str:
    """The player's script, `js`, or its look, `css`."""
    folder = files("sim.views")
    names = SCRIPTS if kind == "js" else ("hall_player",)
    return "\n".join(folder.joinpath(f"{name}.{kind}").read_text("utf-8") for name in names)


def day_data(played: PlayedDay, text: Text) -> dict[str, Any]:
    """All that the player reads: names in one language, floor plans, records, texts."""
    scenario, plan = played.scenario, played.tables[0].plan
    halls = [
        _shown(hall, tables, played.day, text)
        for hall, tables in zip(played.halls, played.tables, strict=True)
    ]
    when = date.fromordinal(plan.period.start_ordinal + played.day)
    about = text(
        "animation.about",
        scenario=text.name(scenario.name),
        replication=played.replication,
        seed=played.seed,
        hash=scenario.hash,
    )
    title = text("animation.title", hall=text.name(scenario.hall.name), date=text.date(when))
    note = text("animation.note" if played.same_people else "animation.note_others")
    return player_data(halls, title, about, note, text)


def player_data(
    halls: Sequence[ShownHall],
    title: str,
    about: str,
    note: str,
    text: Text,
    own: Mapping[str, str] = NO_WORDS,
) -> dict[str, Any]:
    """Halls of one day and the texts of the player.

    Parameters
    ----------
    about
        Where the day comes from.
    note
        How to read the picture.
    own
        Name in `WORDS` -> key of the text that stands in its place.
    """
    words = {
        name: _template(text, own.get(name, f"animation.{name}"), fields)
        for name, fields in WORDS.items()
    }
    return {
        "title": title,
        "about": about,
        "note": note,
        "layouts": shown_halls(halls),
        "text": {
            **words,
            "fates": [text(f"fate.{fate}") for fate in FATES],
            "case_fates": [text(f"fate.{fate}") for fate in CASE_FATES],
        },
    }


def _template(text: Text, key: str, fields: Sequence[str]) -> str:
    """A text whose places the player fills."""
    return text(key, **{field: f"{{{field}}}" for field in fields})


def _shown(played: PlayedHall, tables: Tables, day: int, text: Text) -> ShownHall:
    """A hall on one day of a replication."""
    scenario, plan = played.scenario, tables.plan
    name = layout_name(scenario, plan.names.layout, text)
    if played.side:
        name = text("animation.side", layout=name, side=text(f"side.{played.side}"))
    labels, hall = log_labels(scenario, plan.names, text), plan.hall
    place_of_window = hall.place_of_list[hall.list_of_window]
    numbers = np.unique(hall.group_of_window)
    record = day_record(tables, day)
    drawn = np.isin(record.duties.group, numbers)
    group, *spans = (column[drawn] for column in record.duties)
    duties = DayDuties(np.searchsorted(numbers, group), *spans)
    seats = scenario.hall.seats
    return ShownHall(
        name=name,
        lists=tuple(labels.lists),
        windows=tuple(plan.names.windows),
        matters=tuple(labels.matters),
        departments=tuple(labels.departments),
        groups=tuple(
            ShownGroup(
                labels.groups[windows[0]],
                (int(hall.list_of_window[windows[0]]),),
                windows,
                _position(scenario, plan, windows[0]),
            )
            for windows in (
                tuple(np.flatnonzero(hall.group_of_window == number).tolist()) for number in numbers
            )
        ),
        places=tuple(
            ShownPlace(
                name,
                tuple(np.flatnonzero(hall.place_of_list == place).tolist()),
                tuple(np.flatnonzero(place_of_window == place).tolist()),
            )
            for place, name in enumerate(labels.places)
        ),
        record=record._replace(duties=duties),
        has_desk=hall.has_reception,
        seats=None if seats is None else (seats.x, seats.y),
    )


def _position(scenario: Scenario, plan: Plan, window: int) -> tuple[float, float] | None:
    """Where the scenario has the group of a window; none of places beside the hall."""
    if plan.hall.place_of_list[plan.hall.list_of_window[window]] != HALL:
        return None
    group = plan.names.groups[window]
    [at] = [
        each.position for each in scenario.layout(plan.names.layout).windows if each.id == group
    ]
    return None if at is None else (at.x, at.y)
