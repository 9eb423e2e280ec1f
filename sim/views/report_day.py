"""The day in motion that a report holds: run again where that is cheap, and small enough."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from sim.questions.compare import Comparison
from sim.runs.played_day import serve_day
from sim.text import Text
from sim.views.day_page import day_data, json_words, player_part

SIDE_BY_SIDE: Final = 2
"""Layouts that are played: the first of the study."""
MOST_TICKETS: Final = 500_000
"""Tickets of a replication in these layouts, above which it is not run again for a report."""
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


def report_day(comparison: Comparison, text: Text) -> dict[str, Any] | None:
    """The first measured day of the study's first crowd, as the player reads it; None where it
    would cost too much to run it again, or nothing was open.

    Examples
    --------
    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = compare(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> report_day(study, load_text("en"))["layouts"][0]["name"]
    'One list'
    """
    study = comparison.study
    layouts = study.layouts[:SIDE_BY_SIDE]
    tickets = sum(int(study.of(layout)[0].by_group["wait", "slot"][1].sum()) for layout in layouts)
    if tickets > MOST_TICKETS or not len(study.plans[0].period.hall_days):
        return None
    return day_data(serve_day(study.scenario, layouts, seed=study.seed), text)


def drawn_day(data: dict[str, Any] | None) -> DrawnDay | None:
    """The parts of the player in a document; None where there is no day, or too large a one."""
    if data is None or len(words := json_words(data)) > MOST_BYTES:
        return None
    script = Markup(player_part("js") + START)
    return DrawnDay(Markup(words), Markup(player_part("css")), script)
