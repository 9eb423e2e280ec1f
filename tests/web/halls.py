"""A small hall in which every page has something to show and a day takes a moment."""

from pathlib import Path
from typing import Final

import pytest

from sim.web.change import Source
from sim.web.uploads import keep_file

SMALL = """\
name: {zh: 小厅, en: Small hall}
run:
  {start: 2025-03-03, warmup_days: 1, measured_days: 3, followup_days: 6, replications: 2, seed: 1}
calendars:
- {id: hall, weekly: {mon-fri: [09:00-11:00], sat: [09:00-10:00]}}
hall: {name: {zh: 小厅, en: Small hall}, hours: hall}
departments:
- {id: market, name: {zh: 市场监管局, en: Market}, reviewers: 1, hours: hall, own_matter: errand}
- {id: tax, name: {zh: 税务局, en: Tax}, reviewers: 1, hours: hall, own_matter: errand}
matters:
- id: open_company
  name: {zh: 企业开办, en: Start a business}
  groups: [bundled]
  applicant: company
  lead: market
  promised: 3 wd
  service: {base: {law: exponential, mean: 6 min}}
  items:
  - {id: licence, name: {zh: 营业执照, en: Licence}, department: market, review: 10 min}
  - {id: tax_file, name: {zh: 税务登记, en: Tax file}, department: tax, review: 5 min,
     after: [licence]}
- id: errand
  name: {zh: 单项业务, en: Single item}
  lead: market
  service: {base: {law: exponential, mean: 5 min}}
demand:
- {id: companies, matter: open_company, per_day: 10}
- {id: people, matter: errand, rate: 20 per h}
layouts:
- id: zone
  name: {zh: 专区, en: Zone}
  windows:
  - {id: zone, name: {zh: 专区窗口, en: Zone windows}, serves: [bundled],
     clerks: {mon-fri 00:00-24:00: 2, sat 09:00-10:00: 1}}
  - {id: rest, name: {zh: 普通窗口, en: Other windows}, serves: [errand],
     clerks: {mon-fri 00:00-24:00: 2, sat 09:00-10:00: 1}}
- id: pooled
  name: {zh: 综合, en: Pooled}
  windows:
  - {id: all, name: {zh: 综合窗口, en: Comprehensive windows}, serves: [market],
     clerks: {mon-fri 00:00-24:00: 4, sat 09:00-10:00: 2}}
money: {clerk_yuan_per_hour: 30}
"""


def small_file(folder: Path) -> Path:
    """The small hall as a file."""
    path = folder / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


RANGED: Final = Source(
    "small.yaml",
    SMALL.replace("rate: 20 per h}", "rate: 20 per h, assumed: {rate: [15 per h, 25 per h]}}"),
)
"""The small hall with a number that is assumed, as a file that a reader has brought."""


def home_with_hall(folder: Path) -> Path:
    """A folder of the app, in which a reader has brought the small hall."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVHALL_HOME", str(folder / "home"))
        assert keep_file(RANGED)
    return folder / "home"
