"""The log of a made office: `python -m tests.learning.made_log` writes the file that ships.

The office, its people and its laws are invented; one crowd is drawn and served as anywhere in this
program, and told as a ticket machine would: to the second, outcomes in its own words.
"""

from __future__ import annotations

import csv
import io
from typing import Final

import numpy as np

from sim import Tables, compile_plan, data_dir, draw_tape, run
from sim.clock import DAY, SECOND
from sim.plan.journal import GAVE_UP, MISSED, SENT_BACK, SERVED
from sim.results.columns import FATES
from sim.scenario.load import scenario_from_text

FILE: Final = data_dir("scenarios") / "data" / "made_ticket_log.csv"
SEED: Final = 4
OFFICE: Final = """
name: A made office with a ticket machine
run: {{start: 2025-03-03, measured_days: {days}}}
calendars: [{{id: office, weekly: {{mon-fri: [08:30-16:30]}}}}]
hall: {{name: An office, hours: office, last_ticket: 30 min}}
applicants:
  classes: [{{id: walk_in, name: Walk-in}}]
  day_factor: {{law: gamma, mean: 1, cv: 0.1}}
  missed: {{share: 0.03, window_waits: 40 s, then: void}}
matters:
  - id: certificates
    name: {{zh: 证明, en: Certificates}}
    service: {{base: {{law: gamma, mean: 8 min, cv: 0.5}}}}
    correction_share: 0.08
    patience: {{law: exponential, mean: 90 min}}
  - id: registrations
    name: {{zh: 登记, en: Registrations}}
    service: {{base: {{law: gamma, mean: 14 min, cv: 0.5}}}}
    correction_share: 0.08
    patience: {{law: exponential, mean: 90 min}}
profiles:
  - {{id: day, shape: {{08:30-10:00: 1.2, 10:00-11:30: 2.0, 11:30-14:00: 0.8, 14:00-16:00: 1.4}}}}
demand:
  - {{id: certificates, matter: certificates, per_day: 55, profile: day}}
  - {{id: registrations, matter: registrations, per_day: 35, profile: day}}
layouts:
  - id: desks
    name: Desks
    windows:
      - {{id: desks, serves: [certificates, registrations], clerks: {{08:30-16:30: 3}}}}
"""
HEADS: Final = (
    *("ordinal", "windowName", "agent", "businessType", "getTime", "startTime", "endTime"),
    "remarks",
)
WORDS: Final = {MISSED: "空号", GAVE_UP: "弃号", SENT_BACK: "退办", SERVED: ""}
CLERKS: Final = ("甲", "乙", "丙")
MATTERS: Final = {"certificates": "证明", "registrations": "登记"}


def made_tables(days: int = 20, seed: int = SEED) -> Tables:
    """What happened in the office."""
    plan = compile_plan(scenario_from_text(OFFICE.format(days=days)), "desks")
    tape = draw_tape(plan.demand, seed, 0)
    return Tables(plan, tape, run(plan, tape, "reference"))


def made_rows(tables: Tables) -> list[list[str]]:
    """Its tickets as a machine tells them, in the order of their numbers."""
    tickets, names = tables.tickets, tables.plan.names
    start = np.datetime64("1970-01-01") + (tables.plan.period.start_ordinal - 719163)
    number_on_day: dict[int, int] = {}
    rows = []
    for n in np.argsort(tickets.taken_at, kind="stable").tolist():
        taken = int(tickets.taken_at[n])
        if taken < 0:
            continue

        def stamp(ticks: int) -> str:
            if ticks < 0:
                return ""
            words = str(start + np.timedelta64(ticks // SECOND * SECOND, "ms"))
            return words[:19].replace("T", " ")

        day = taken // DAY
        number_on_day[day] = number_on_day.get(day, 0) + 1
        window, fate = int(tickets.window[n]), int(tickets.fate[n])
        assert fate in WORDS, FATES[fate]
        was_called = int(tickets.called_at[n]) >= 0
        rows.append(
            [
                f"A{number_on_day[day]:03}",
                f"{window + 1}号窗口" if was_called else "",
                CLERKS[window] if was_called else "",
                MATTERS[names.matters[int(tickets.matter[n])]],
                stamp(taken),
                stamp(int(tickets.called_at[n])),
                stamp(int(tickets.ended_at[n])) if was_called else "",
                WORDS[fate],
            ]
        )
    return rows


def csv_of(rows: list[list[str]], heads: tuple[str, ...] = HEADS) -> bytes:
    """Rows as a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue().encode()


def troubled_log() -> bytes:
    """A week of the log that ships, with some of everything that may be wrong in one."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    rows = [row for row in csv.reader(lines[1:]) if row[4] < "2025-03-08"]
    for place, row in enumerate(rows):
        match place % 40:
            case 3 if row[6]:
                row[6] = ""
            case 11 if row[6]:
                row[6] = f"{row[6][:11]}23:59:59"
            case 17 if row[5]:
                row[4] = f"{row[4][:11]}16:59:59"
            case 23:
                row[3] = "13800138000"
            case 29:
                row[4] = "?"
    whole = [[*row, "李四"] for row in rows]
    whole.append(whole[5])
    whole[50] = whole[50][:4]
    return csv_of(whole, (*HEADS, "姓名"))


if __name__ == "__main__":
    FILE.write_bytes(csv_of(made_rows(made_tables())))
