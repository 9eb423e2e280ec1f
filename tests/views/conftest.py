"""One small study for all figures: three layouts, two departments, a matter with three items."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import Run, compile_plan, draw_tape, load_scenario, run
from sim.questions.compare import Comparison, compare
from sim.results.tables import Tables
from sim.runs.replicate import Study, replicate
from sim.scenario.scenario import Scenario

TINY = """
name: {zh: 小厅, en: Small hall}
note: Nobody publishes this hall.
run: {start: 2025-03-03, warmup_days: 2, measured_days: 6, followup_days: 10, replications: 3}
calendars:
- {id: day, weekly: {mon-fri: [08:30-12:00, 14:00-17:00]}}
hall: {name: {zh: 小厅, en: Small hall}, hours: day, source: a visit}
departments:
- {id: market, name: {zh: 市场监管局, en: Market}, reviewers: 2, hours: day, own_matter: proof,
   source: a visit}
- {id: tax, name: {zh: 税务局, en: Tax}, reviewers: 1, hours: day, own_matter: proof,
   source: a visit}
applicants:
  patience: {law: exponential, mean: 40 min}
  assumed: {patience.mean: [20 min, 80 min]}
matters:
- id: shop
  name: {zh: 开店一件事, en: Open a shop}
  lead: market
  promised: 5 wd
  published: {steps: [4, 1], materials: [9, 3], days: [20, 5], trips: [3, 0]}
  source: a guide
  service: {base: {law: exponential, mean: 12 min}}
  assumed: {service.base.mean: [8 min, 20 min]}
  items:
  - {id: licence, name: {zh: 营业执照, en: Licence}, department: market, promised: 1 wd,
     review: {law: exponential, mean: 20 min}, correction_share: 0.2}
  - {id: hygiene, name: {zh: 食品经营许可, en: Food permit}, department: market, share: 0.5,
     review: {law: exponential, mean: 10 min}, after: [licence],
     external: {law: constant, value: 1 wd}}
  - {id: tax, name: {zh: 税务登记, en: Tax registration}, department: tax,
     review: {law: exponential, mean: 15 min}, after: [licence]}
- id: proof
  name: {zh: 开具证明, en: Proof}
  lead: tax
  service: {base: {law: exponential, mean: 8 min}}
- id: seal
  name: {zh: 刻章, en: Seal}
  lead: tax
  service: {base: {law: exponential, mean: 8 min}}
  items:
  - {id: check, name: {zh: 核验, en: Check}, department: tax, share: 0.5}
demand:
- {id: seal, matter: seal, per_day: 5, source: a count}
- {id: shop, matter: shop, per_day: 40, assumed: {per_day: [20, 60]}}
- {id: proof, matter: proof, per_day: 45, source: a count}
layouts:
- id: one
  name: {zh: 综合窗口, en: Any window}
  windows:
  - {id: any, name: {zh: 综合窗口, en: Any window}, serves: [shop, proof, seal], clerks: 3}
- id: two
  name: {zh: 分类窗口, en: Own windows}
  windows:
  - {id: shops, name: {zh: 企业窗口, en: Shops}, serves: [shop], clerks: 2}
  - {id: proofs, serves: [proof, seal], clerks: 1}
- id: three
  name: {zh: 反过来, en: The other way}
  windows:
  - {id: shops, name: {zh: 企业窗口, en: Shops}, serves: [shop], clerks: 1}
  - {id: proofs, name: {zh: 证明窗口, en: Proofs}, serves: [proof, seal], clerks: 2}
money: {clerk_yuan_per_hour: 34, source: a payroll}
"""


@pytest.fixture(scope="session")
def tiny_text() -> str:
    return TINY


@pytest.fixture(scope="session")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path: Path = tmp_path_factory.mktemp("scenario") / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return load_scenario(path)


@pytest.fixture(scope="session")
def study(scenario: Scenario) -> Study:
    return replicate(scenario, run=Run(engine="reference", workers=1))


@pytest.fixture(scope="session")
def comparison(study: Study) -> Comparison:
    return compare(study)


@pytest.fixture(scope="session")
def tables(scenario: Scenario) -> Tables:
    plan = compile_plan(scenario, "one")
    tape = draw_tape(plan.demand, 1, 0)
    return Tables(plan, tape, run(plan, tape, "reference"))
