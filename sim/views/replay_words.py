"""Tables of arrivals that a scenario replays: how much they hold, and how much they say."""

from __future__ import annotations

from typing import Final

from sim.scenario.arrival_rows import ArrivalRows
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.blocks import TableBlock

HEADS: Final = (
    "flow",
    "table",
    "rows",
    "first",
    "last",
    "matter",
    "class",
    "township",
    "booked_for",
)
DIGITS: Final = 12
"""Of a digest: enough to tell two tables apart."""


def arrivals_table(scenario: Scenario, text: Text) -> TableBlock:
    """A row for each table of arrivals; without rows where nobody is replayed.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> office = load_scenario(example_path("office_replay.yaml"))
    >>> arrivals_table(office, load_text("en")).rows[0][:3]
    ('log', 'data/office_log.csv', '958')
    """
    rows = tuple(
        _cells(flow.id, flow.arrivals_file, text)
        for flow in scenario.demand
        if flow.arrivals_file is not None
    )
    heads = tuple(text(f"replay.head.{name}") for name in HEADS)
    return TableBlock(text("replay.title"), heads, rows, text("replay.note"), names=2)


def _cells(flow: str, rows: ArrivalRows, text: Text) -> tuple[str, ...]:
    first, last = (text.date(day) for day in rows.dates)
    filled = (text.share(rows.filled[column], 0) for column in rows.filled)
    digest = rows.sha256[:DIGITS]
    return (flow, rows.file, text.number(len(rows), 0), first, last, *filled, digest)
