"""The log and the roster of a made office: `python -m tests.office_log` writes both tables
of `office_replay.yaml`.

The office, its people and its laws are invented; one crowd is drawn from them, as anywhere in this
program, and told as a ticket machine would: to the second, with the service that each person had.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sim import compile_plan, data_dir, draw_tape
from sim.clock import SECOND
from sim.plan.replay import rows_of_crowd
from sim.scenario.arrival_rows import ArrivalRows
from sim.scenario.load import scenario_from_text
from sim.storage.arrivals_table import arrivals_csv

FOLDER: Final = data_dir("scenarios") / "data"
FILE: Final = FOLDER / "office_log.csv"
ROSTER: Final = FOLDER / "office_clerks.csv"
SEED: Final = 1
OFFICE: Final = """
name: A made office
run: {start: 2025-03-03, measured_days: 10}
calendars: [{id: office, weekly: {mon-fri: [08:30-14:00]}}]
hall: {name: An office, hours: office}
applicants:
  classes: [{id: walk_in, name: Walk-in}, {id: elderly, name: Elderly}]
  day_factor: {law: gamma, mean: 1, cv: 0.2}
matters:
  - id: certificates
    name: Certificates
    service: {base: {law: gamma, mean: 7 min, cv: 0.8}}
  - id: registrations
    name: Registrations
    service: {base: {law: gamma, mean: 13 min, cv: 0.6}}
profiles:
  - {id: day, shape: {08:30-09:00: 2.0, 09:00-10:00: 1.4, 10:00-12:00: 2.2, 12:00-14:00: 0.8}}
demand:
  - id: certificates
    matter: certificates
    per_day: 70
    profile: day
    classes: {walk_in: 0.8, elderly: 0.2}
  - id: registrations
    matter: registrations
    per_day: 32
    profile: day
    classes: {walk_in: 0.9, elderly: 0.1}
layouts:
  - id: desks
    name: Desks
    windows:
      - id: desks
        serves: [certificates, registrations]
        clerks: {08:30-14:00: 3, 2025-03-05 08:30-14:00: 2, 2025-03-10 08:30-14:00: 4}
"""
"""Two weeks of three desks; one day with a clerk fewer, one with a clerk more."""


def made_log() -> ArrivalRows:
    """Two weeks of the made office, as its ticket machine would have written them."""
    plan = compile_plan(scenario_from_text(OFFICE), "desks")
    rows = rows_of_crowd(plan, draw_tape(plan.demand, SEED, 0))
    return ArrivalRows(
        rows.instants // SECOND * SECOND,
        FILE.name,
        matters=rows.matters,
        matter=rows.matter,
        classes=rows.classes,
        class_=rows.class_,
        service=np.rint(rows.service / SECOND).astype(np.int64) * SECOND,
    )


def made_roster() -> str:
    """Who was on duty on each day, as the office would have noted it."""
    clerks = {5: 2, 10: 4}
    days = [day for day in range(3, 15) if day not in (8, 9)]
    rows = [f"2025-03-{day:02d},08:30,14:00,desks,{clerks.get(day, 3)}" for day in days]
    return "\n".join(("date,from,to,group,clerks", *rows, ""))


if __name__ == "__main__":
    ROSTER.write_text(made_roster(), encoding="utf-8")
    FILE.write_bytes(arrivals_csv(made_log()))
