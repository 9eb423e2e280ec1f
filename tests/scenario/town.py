"""A small scenario with one of everything, as text, and what a mistake in it leads to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from sim.errors import Problem, ScenarioError
from sim.scenario.load import read_scenario
from sim.scenario.scenario import Scenario

TOWN: Final = """\
name: {zh: 小镇, en: Town}
source: a test
run:
  start: 2025-03-03
  measured_days: 5
  seed: 7
calendars:
  - id: week
    weekly:
      mon-fri: [08:30-12:00, 14:30-17:30]
      sat: [09:00-12:00]
  - {id: office, weekly: {mon-fri: [09:00-17:00]}}
hall:
  name: {zh: 大厅, en: Hall}
  hours: week
  last_ticket: 15 min
  reception: {clerks: 1, service: 30 s}
departments:
  - {id: market, name: {zh: 市监, en: Market}, reviewers: 2, hours: office}
  - {id: police, name: {zh: 公安, en: Police}, reviewers: 1, hours: office}
matters:
  - id: open_shop
    name: {zh: 开店, en: Open a shop}
    groups: [one_matter]
    lead: market
    promised: 5 wd
    service: {base: {law: gamma, mean: 12 min, cv: 0.6}, materials: 3, per_material: 1 min}
    items:
      - {id: licence, name: {zh: 执照, en: Licence}, department: market, review: 10 min}
      - id: seal
        name: {zh: 印章, en: Seal}
        department: police
        after: [licence]
        external: {law: uniform, low: 1 wd, high: 3 wd}
  - id: id_card
    name: {zh: 身份证, en: Identity card}
    lead: police
    service: {base: 8 min}
profiles:
  - {id: morning, shape: {08:30-10:00: 3, 10:00-12:00: 1}}
demand:
  - id: shops
    matter: open_shop
    per_day: 20
    profile: morning
    months: {3: 1.1}
    classes: {booked: 0.4, walk_in: 0.6}
  - {id: cards, matter: id_card, rate: 6 per h, online_share: 0.1}
applicants:
  classes:
    - {id: booked, name: {zh: 预约, en: Booked}, priority: 0}
    - {id: walk_in, name: {zh: 现场, en: Walk-in}, priority: 1}
  patience: {law: exponential, mean: 60 min}
  unserved: {returns: 0.7, lost: 0.3}
corrections: {share: 0.1, on_the_spot: 0.5, online: 0.2}
online: {department: market, precheck: 5 min}
layouts:
  - id: zone
    name: {zh: 专区, en: Zone}
    windows:
      - id: one_stop
        serves: [one_matter]
        clerks: {mon-fri 08:30-12:00: 2, sat 09:00-12:00: 1}
        count: 3
      - {id: plain, serves: [police], helps: [one_stop], clerks: 2}
    routing: {rule: shares, shares: {one_stop: 2, plain: 1}}
"""


def changed(old: str, new: str) -> str:
    """The town with one piece of its text, which stands there once, replaced."""
    assert TOWN.count(old) == 1, old
    return TOWN.replace(old, new)


def place_of(text: str, mark: str) -> tuple[int, int]:
    """Line and column, from 1, at which a piece of text starts that stands there once."""
    assert text.count(mark) == 1, mark
    before = text[: text.index(mark)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def read(folder: Path, text: str, *overrides: str) -> tuple[Scenario, tuple[Problem, ...]]:
    """Write a scenario as `town.yaml` and read it."""
    path = folder / "town.yaml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path, overrides)


def problems(folder: Path, text: str, *overrides: str) -> tuple[Problem, ...]:
    """What is wrong with a scenario; a test fails when nothing is."""
    with pytest.raises(ScenarioError) as caught:
        read(folder, text, *overrides)
    return caught.value.problems


def only(reported: tuple[Problem, ...]) -> Problem:
    """The one problem that there is."""
    assert len(reported) == 1, reported
    return reported[0]
