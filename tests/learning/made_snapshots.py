"""Snapshots of a made office's display: days that were simulated, so that the truth is known."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim import Tables, compile_plan, draw_tape, run
from sim.clock import DAY, HOUR, MINUTE
from sim.scenario.load import scenario_from_text
from tests.learning.made_log import csv_of

HEADS: Final = ("大厅", "日期", "时刻", "队列", "等候人数", "当前叫号", "开放窗口数")
OFFICE: Final = """
name: An office with a display
run: {{start: 2025-03-03, measured_days: {days}}}
calendars: [{{id: office, weekly: {{mon-fri: [08:30-16:30]}}}}]
hall: {{name: An office, hours: office}}
applicants: {{day_factor: {{law: gamma, mean: 1, cv: 0.1}}, unserved: {{returns: 0, lost: 1}}}}
matters:
  - {{id: a, name: A, service: {{base: {{law: gamma, mean: {a} min, cv: {cv}}}}}}}
  - {{id: b, name: B, service: {{base: {{law: gamma, mean: {b} min, cv: {cv}}}}}}}
demand:
  - {{id: a, matter: a, per_day: {per_day_a}}}
  - {{id: b, matter: b, per_day: {per_day_b}}}
layouts:
  - id: desks
    name: Desks
    windows:
      - {{id: desks_a, serves: [a], clerks: {{08:30-16:30: 3}}}}
      - {{id: desks_b, serves: [b], clerks: {{08:30-16:30: 2}}}}
"""
WINDOWS: Final = {"a": 3, "b": 2}
Row = list[str]


def display_tables(
    days: int = 15, seed: int = 4, a: float = 8.0, b: float = 12.0, cv: float = 0.8
) -> Tables:
    """What happened in the office; its windows are busy for nine tenths of the time."""
    words = OFFICE.format(
        days=days, a=a, b=b, cv=cv, per_day_a=3 * 450 * 0.9 / a, per_day_b=2 * 450 * 0.9 / b
    )
    plan = compile_plan(scenario_from_text(words), "desks")
    tape = draw_tape(plan.demand, seed, 0)
    return Tables(plan, tape, run(plan, tape))


def display_rows(tables: Tables, every: int = 5 * MINUTE) -> list[Row]:
    """What the display shows from 08:00 to 18:00, a row each queue and instant."""
    tickets, names = tables.tickets, tables.plan.names
    start = np.datetime64("1970-01-01") + (tables.plan.period.start_ordinal - 719163)
    rows = []
    for day in np.unique(tickets.taken_at[tickets.taken_at >= 0] // DAY).tolist():
        for at in range(day * DAY + 8 * HOUR, day * DAY + 18 * HOUR + 1, every):
            for place, matter in enumerate(names.matters):
                here = (tickets.matter == place) & (tickets.taken_at // DAY == day)
                here &= tickets.taken_at >= 0
                taken = int((tickets.taken_at[here] <= at).sum())
                called = tickets.called_at[here]
                number = int(((called >= 0) & (called <= at)).sum())
                is_open = 8 * HOUR + 30 * MINUTE <= at % DAY <= 16 * HOUR + 30 * MINUTE
                at_work = is_open or number < taken
                rows.append(
                    [
                        "东区大厅",
                        str(start + day),
                        f"{at % DAY // HOUR:02}:{at % HOUR // MINUTE:02}",
                        matter,
                        str(taken - number),
                        f"{matter.upper()}{number:03}" if number else "",
                        str(WINDOWS[matter] if at_work else 0),
                    ]
                )
    return rows


def display_csv(rows: list[Row]) -> bytes:
    """Rows as a file."""
    return csv_of(rows, HEADS)
