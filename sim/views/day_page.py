"""A day of the hall as one page that plays it: data for the player, and a file of its own."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np
from markupsafe import Markup

from sim.analysis.day_record import DayRecord, day_record
from sim.arrays import AnyInts
from sim.plan.journal import FORWARDED, SENT_BACK, SERVED
from sim.plan.plan import HALL, Plan
from sim.results.columns import CASE_FATES, FATES
from sim.runs.played_day import PlayedDay
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.text.foreign import escaped_json
from sim.views.document import rendered
from sim.views.floor_plan import Bay, Premises, floor_plan, seat_pitch
from sim.views.scenario_names import layout_name, log_labels

COLOURS: Final = 7
"""Matters with a colour of their own; the others share one."""
DONE: Final = (SERVED, SENT_BACK, FORWARDED)
"""How a ticket ends with which a window did something."""
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
    "window": ("group", "number"),
    "window_served": ("n", "minutes"),
    "window_now": ("case", "matter", "clock"),
    "department_now": ("queued", "in_hand", "done"),
    "before": (),
    "after": (),
}
"""Texts of the player, `animation.<name>`, and what it fills in while it plays."""


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
    # a name with "</script>" in it does not end the script
    words = escaped_json(json.dumps(data, ensure_ascii=False)).replace("<", "\\u003c")
    return rendered(
        "day.html.jinja",
        text,
        title=data["title"],
        data=Markup(words),
        style=Markup(player_part("css")),
        script=Markup(player_part("js")),
    )


def player_part(kind: str) -> str:
    """The player's script, `js`, or its look, `css`."""
    return files("sim.views").joinpath(f"hall_player.{kind}").read_text(encoding="utf-8")


def day_data(played: PlayedDay, text: Text) -> dict[str, Any]:
    """All that the player reads: names in one language, floor plans, records, texts."""
    scenario, day = played.scenario, played.day
    plans = [tables.plan for tables in played.tables]
    records = [day_record(tables, day) for tables in played.tables]
    ranks = matter_ranks(records, len(plans[0].names.matters))
    most_reviews = max(_most_reviews(record) for record in records)
    premises = [
        _premises(scenario, plan, record) for plan, record in zip(plans, records, strict=True)
    ]
    pitch = min(seat_pitch(each.bays) for each in premises)
    layouts = [
        {
            **_names(scenario, plan, text),
            "ranks": ranks,
            "done": list(DONE),
            "most_reviews": most_reviews,
            "floor": floor_plan(each, pitch),
            **_packed_record(plan, record),
        }
        for plan, record, each in zip(plans, records, premises, strict=True)
    ]
    when = date.fromordinal(plans[0].period.start_ordinal + day)
    words = {name: _template(text, name, fields) for name, fields in WORDS.items()}
    return {
        "title": text("animation.title", hall=text.name(scenario.hall.name), date=text.date(when)),
        "about": text(
            "animation.about",
            scenario=text.name(scenario.name),
            replication=played.replication,
            seed=played.seed,
            hash=scenario.hash,
        ),
        "note": text("animation.note"),
        "layouts": layouts,
        "text": {
            **words,
            "fates": [text(f"fate.{fate}") for fate in FATES],
            "case_fates": [text(f"fate.{fate}") for fate in CASE_FATES],
        },
    }


def packed(numbers: AnyInts) -> str:
    """Whole numbers as base64 of differences, zigzag, seven bits a byte: small where they are near.

    Examples
    --------
    >>> packed(np.array([300, 301, 299]))
    '2AQCAw=='
    """
    steps = np.diff(numbers.astype(np.int64), prepend=0)
    zigzag = np.where(steps < 0, -2 * steps - 1, 2 * steps)
    sevens = [(zigzag >> shift) & 127 for shift in range(0, 35, 7)]
    lengths = sum((zigzag >> shift > 0).astype(np.int64) for shift in range(7, 35, 7)) + 1
    rows = np.stack(sevens, axis=1).reshape(len(zigzag), 5)
    place = np.arange(5)
    rows |= np.where(place < np.reshape(lengths, (-1, 1)) - 1, 128, 0)
    written = rows[place < np.reshape(lengths, (-1, 1))].astype(np.uint8)
    return base64.b64encode(written.tobytes()).decode("ascii")


def matter_ranks(records: Sequence[DayRecord], n_matters: int) -> list[int]:
    """Place of each matter among those that most people come for; from COLOURS on they share one.

    Examples
    --------
    >>> matter_ranks([], 2)
    [0, 1]
    """
    came = sum(
        (np.bincount(record.tickets.matter, minlength=n_matters) for record in records),
        np.zeros(n_matters, dtype=np.int64),
    )
    ranks = np.empty(n_matters, dtype=np.int64)
    ranks[np.argsort(-came, kind="stable")] = np.arange(n_matters)
    return [min(rank, COLOURS) for rank in ranks.tolist()]


def _template(text: Text, name: str, fields: Sequence[str]) -> str:
    """A text whose places the player fills."""
    return text(f"animation.{name}", **{field: f"{{{field}}}" for field in fields})


def _names(scenario: Scenario, plan: Plan, text: Text) -> dict[str, Any]:
    labels, hall = log_labels(scenario, plan.names, text), plan.hall
    place_of_window = hall.place_of_list[hall.list_of_window]
    return {
        "name": layout_name(scenario, plan.names.layout, text),
        "lists": list(labels.lists),
        "windows": list(plan.names.windows),
        "matters": list(labels.matters),
        "departments": list(labels.departments),
        "groups": [
            {
                "name": labels.groups[int(windows[0])],
                "list": int(hall.list_of_window[windows[0]]),
                "windows": windows.tolist(),
            }
            for windows in _windows_of_groups(plan)
        ],
        "places": [
            {
                "name": name,
                "lists": np.flatnonzero(hall.place_of_list == place).tolist(),
                "windows": np.flatnonzero(place_of_window == place).tolist(),
            }
            for place, name in enumerate(labels.places)
        ],
    }


def _windows_of_groups(plan: Plan) -> list[AnyInts]:
    groups = plan.hall.group_of_window
    return [np.flatnonzero(groups == group) for group in np.unique(groups)]


def _premises(scenario: Scenario, plan: Plan, record: DayRecord) -> Premises:
    hall, n_departments = plan.hall, len(plan.names.departments)
    t = record.tickets
    inside = t.place == HALL
    peaks = _most_waiting(record, plan)
    groups = [windows.tolist() for windows in _windows_of_groups(plan)]
    of_list: dict[int, list[tuple[int, list[int]]]] = {}
    for group, windows in enumerate(groups):
        if hall.place_of_list[hall.list_of_window[windows[0]]] == HALL:
            of_list.setdefault(int(hall.list_of_window[windows[0]]), []).append((group, windows))
    active = np.bincount(record.reviews.department, minlength=n_departments) > 0
    return Premises(
        bays=[
            Bay(number, own, int(peaks[number]), _position(scenario, plan, own[0][1][0]))
            for number, own in of_list.items()
        ],
        n_lists=len(plan.names.lists),
        n_groups=len(groups),
        n_windows=len(plan.names.windows),
        n_departments=n_departments,
        departments=np.flatnonzero(active).tolist(),
        n_places=len(plan.names.places),
        places=list(range(1, len(plan.names.places))),
        has_desk=hall.has_reception,
        lobby=_most_at_once(t.came[inside], np.minimum(t.taken, t.ended)[inside]),
    )


def _position(scenario: Scenario, plan: Plan, window: int) -> tuple[float, float] | None:
    """Where the scenario has the group of a window of the hall."""
    group = plan.names.groups[window]
    [at] = [
        each.position for each in scenario.layout(plan.names.layout).windows if each.id == group
    ]
    return None if at is None else (at.x, at.y)


def _most_waiting(record: DayRecord, plan: Plan) -> AnyInts:
    """int64, shape (Z,): the most tickets that wait in each list at once."""
    t = record.tickets
    return np.array(
        [
            _most_at_once(t.taken[rows], np.minimum(t.called, t.ended)[rows])
            for rows in (t.list_ == number for number in range(len(plan.names.lists)))
        ],
        dtype=np.int64,
    )


def _most_reviews(record: DayRecord) -> int:
    """The most reviews that a department has at once."""
    reviews = record.reviews
    return max(
        (
            _most_at_once(reviews.released[rows], reviews.ended[rows])
            for rows in (reviews.department == d for d in np.unique(reviews.department))
        ),
        default=0,
    )


def _most_at_once(starts: AnyInts, ends: AnyInts) -> int:
    lasting = ends > starts
    stamps = np.concatenate([2 * ends[lasting], 2 * starts[lasting] + 1])
    steps = np.concatenate([np.full(lasting.sum(), -1), np.full(lasting.sum(), 1)])
    return int(np.cumsum(steps[np.argsort(stamps, kind="stable")]).max(initial=0))


def _packed_record(plan: Plan, record: DayRecord) -> dict[str, dict[str, str]]:
    groups = np.unique(plan.hall.group_of_window)
    drawn = np.isin(record.duties.group, groups)
    duties = record.duties._replace(
        **{name: column[drawn] for name, column in record.duties._asdict().items()}
    )
    duties = duties._replace(group=np.searchsorted(groups, duties.group))
    parts: dict[str, NamedTuple] = {
        "tickets": record.tickets,
        "work": record.work,
        "duties": duties,
        "cases": record.cases,
        "reviews": record.reviews,
    }
    return {
        name: {column: packed(numbers) for column, numbers in part._asdict().items()}
        for name, part in parts.items()
    }
