"""The day in motion that a report holds: run again where that is cheap, and small enough."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from sim.errors import OptionError
from sim.plan.compile import compile_plan
from sim.plan.year import expected_cases
from sim.runs.played_day import PlayedHall, serve_halls
from sim.text import Text
from sim.views.day_page import day_data, json_words, player_part

SIDE_BY_SIDE: Final = 2
"""Halls that are played."""
MOST_CASES: Final = 400_000
"""Cases of a replication in these halls, above which it is not run again for a report."""
MOST_BYTES: Final = 1_200_000
"""Of the record of the day, so that a report with all its figures stays below 3 MB."""
START: Final = """
play_day({
  data: JSON.parse(document.getElementById("day-data").textContent),
  parentElement: document.getElementById("day"),
  at: BUSIEST,
  rank: 3,
})
"""


class DrawnDay(NamedTuple):
    """What the template reads of a day."""

    data: Markup
    style: Markup
    script: Markup

    @property
    def digest(self) -> str:
        """By which a page allows this script and no other."""
        made = hashlib.sha256(self.script.encode()).digest()
        return f"sha256-{base64.b64encode(made).decode('ascii')}"


def day_of(halls: Sequence[PlayedHall], seed: int, text: Text) -> dict[str, Any] | None:
    """The first day of the first crowd of a study in its halls, as the player reads it; None where
    it would cost too much to run it again, where there is no hall, or it is never open.

    Parameters
    ----------
    seed
        Of the study.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> day_of([PlayedHall(scenario, "hall")], 1, load_text("en"))["layouts"][0]["name"]
    'One list'
    """
    if not halls or sum(map(_expected_cases, halls)) > MOST_CASES:
        return None
    try:
        return day_data(serve_halls(halls, seed=seed), text)
    except OptionError:  # they have no day in common
        return None


def _expected_cases(hall: PlayedHall) -> float:
    """Of a replication."""
    period = compile_plan(hall.scenario, hall.layout).period
    return float(expected_cases(hall.scenario, period).sum())


def drawn_day(data: dict[str, Any] | None) -> DrawnDay | None:
    """The parts of the player in a document; None where there is no day, or too large a one."""
    if data is None or len(words := json_words(data)) > MOST_BYTES:
        return None
    script = Markup(player_part("js") + START)
    return DrawnDay(Markup(words), Markup(player_part("css")), script)
