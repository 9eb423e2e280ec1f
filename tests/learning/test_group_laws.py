"""Laws that one group of windows has for a matter come back from the program's own log, and no
others: each as often as its interval says, and a group that differs by pace alone has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pytest
from ruamel.yaml import YAML

from sim import compile_plan
from sim.analysis.intervals import Interval
from sim.clock import MINUTE
from sim.learning.learned import LearnedLog, read_log
from sim.learning.learned_file import learned_file
from sim.learning.learned_work import work_of_group
from sim.scenario.load import scenario_from_text
from sim.scenario.provenance import numbers
from sim.storage.learn_fits import services_data
from sim.text import LANGUAGES, Language, load_text
from sim.views.learn_fit_words import service_blocks
from tests.learning.own_log import write_own_log

HALL: Final = """
name: A drawn hall
run: {{start: 2025-03-03, measured_days: {days}}}
calendars: [{{id: office, weekly: {{mon-fri: [08:30-16:30]}}}}]
hall: {{name: A hall, hours: office, last_ticket: 30 min}}
applicants:
  day_factor: {{law: gamma, mean: 1, cv: 0.1}}
  unserved: {{returns: 0, lost: 1}}
matters:
  - {{id: card, name: Card, service: {{base: {card}}}}}
  - {{id: form, name: Form, service: {{base: {{law: gamma, mean: 6 min, cv: 0.6}}}}}}
  - {{id: rare, name: Rare, service: {{base: {{law: gamma, mean: 9 min, cv: 0.6}}}}}}
demand:
  - {{id: card, matter: card, per_day: {per_day}}}
  - {{id: form, matter: form, per_day: {per_day}}}
  - {{id: rare, matter: rare, per_day: 0.6}}
layouts:
  - id: hall
    name: Hall
    routing: {{rule: shares, shares: {{one: 1, two: 1}}}}
    windows:
      - {{id: one, serves: [card, form, rare], clerks: 2}}
      - {{id: two, serves: [card, form, rare], clerks: 3, proficiency: {pace}{more}}}
"""


class Law(NamedTuple):
    """Mean in minutes, and coefficient of variation."""

    law: str
    mean: float
    cv: float

    @property
    def written(self) -> str:
        return f"{{law: {self.law}, mean: {self.mean:.4f} min, cv: {self.cv:.4f}}}"


def learned(
    path: Path, seed: int, card: Law, there: Law | None = None, pace: float = 1.0, days: int = 30
) -> LearnedLog:
    """The program's own log of a hall, whose second group has a law of its own, read back."""
    more = "" if there is None else f", service_laws: {{card: {there.written}}}"
    text = HALL.format(days=days, card=card.written, per_day=50, pace=pace, more=more)
    write_own_log(text, seed, path, "hall")
    return read_log(path)


def own_laws(log: LearnedLog) -> dict[tuple[str, str], tuple[Any, Any, int]]:
    """Mean, cv and services of each law of a group's own, by group and matter."""
    assert log.services is not None
    return {
        (group.windows[0][:3], log.services.matters[law.matter]): (law.mean, law.cv, law.n)
        for group in log.services.groups
        for law in group.own_laws
    }


def test_laws_that_differ_in_mean_and_spread_come_back(tmp_path: Path) -> None:
    """Of 24 intervals at least 20 hold the truth (chance of fewer: 1 in 170); no other matter has
    a law of its own."""
    held = []
    for seed in range(6):
        rng = np.random.default_rng([9, seed])
        names = rng.permutation(["gamma", "lognormal"])
        card = Law(names[0], float(rng.uniform(5, 9)), float(rng.uniform(0.3, 0.6)))
        pace = float(rng.uniform(0.8, 1.3))
        there = Law(names[1], float(rng.uniform(8, 12)), float(rng.uniform(0.65, 0.9)))
        fitted = own_laws(learned(tmp_path / "log.csv", seed, card, there, pace))
        assert {*fitted} == {("one", "card"), ("two", "card")}
        for group, truth, factor in (("one", card, 1.0), ("two", there, pace)):
            mean, cv, _ = fitted[group, "card"]
            held.append(mean.low <= truth.mean * factor * MINUTE <= mean.high)
            held.append(cv.low <= truth.cv <= cv.high)
    assert sum(held) >= 20, held


@pytest.mark.parametrize("pace", [1.0, 1.4])
def test_groups_that_differ_by_pace_alone_have_none(tmp_path: Path, pace: float) -> None:
    """Of eight logs at most one is taken for another (chance of more: 1 in 370)."""
    card = Law("gamma", 8.0, 0.5)
    logs = [learned(tmp_path / "log.csv", 50 + seed, card, None, pace) for seed in range(8)]
    assert sum(bool(own_laws(log)) for log in logs) <= 1
    for log in logs:
        assert log.services is not None
        paces = [group.factor.mean for group in log.services.groups]
        assert max(paces) / min(paces) == pytest.approx(pace, rel=0.12)


def test_another_mean_than_the_pace_explains_is_found(tmp_path: Path) -> None:
    """Cards take half as long again at the second group, of the same spread; forms do not."""
    card = Law("gamma", 6.0, 0.5)
    log = learned(tmp_path / "log.csv", 3, card, Law("gamma", 9.0, 0.5), days=40)
    fitted = own_laws(log)
    assert {matter for _, matter in fitted} <= {"card", "form"}
    assert len({matter for _, matter in fitted}) == 1
    assert log.services is not None
    for group in log.services.groups:
        assert group.is_told


def test_the_scenario_has_them_and_is_the_hall_again(tmp_path: Path) -> None:
    """Its laws are the fitted ones, measured; the second group has no pace beside them."""
    card, there = Law("gamma", 7.0, 0.4), Law("gamma", 11.0, 1.0)
    log = learned(tmp_path / "log.csv", 4, card, there, pace=1.25)
    fitted = own_laws(log)
    words = learned_file(log, is_calibrated=False).words
    scenario = scenario_from_text(words)
    groups = {group.id: group for group in scenario.layouts[0].windows}
    laws: dict[str, Any] = {id_: group.service_laws for id_, group in groups.items()}
    assert all(group.proficiency == 1 for group in groups.values())
    ids = {matter.name.en: matter.id for matter in scenario.matters}
    written = sorted(law[ids["card"]].mean / MINUTE for law in laws.values())
    assert written == pytest.approx(
        sorted(mean.mean / MINUTE for mean, _, _ in fitted.values()), abs=0.01
    )
    # forms are a quarter longer at the second group: its pace is in a law too
    forms = [law[ids["form"]].mean / MINUTE for law in laws.values() if ids["form"] in law]
    assert max(forms) == pytest.approx(6 * 1.25, rel=0.08)
    measured = {
        ".".join(map(str, number.path))
        for number in numbers(scenario)
        if "service_laws" in number.path and number.origin == "measured"
    }
    assert {name.rpartition(".")[2] for name in measured} == {"mean", "cv"}
    plan = compile_plan(scenario, "as_seen")
    assert plan.hall.has_service_laws


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_they_do_is_told(tmp_path: Path, language: Language) -> None:
    """A row for each law, and by how much waits change with them."""
    card, there = Law("gamma", 7.0, 0.4), Law("gamma", 9.0, 1.2)
    log = learned(tmp_path / "log.csv", 5, card, there)
    assert log.services is not None
    text = load_text(language)
    blocks = [*service_blocks(log.services, text)]
    titles = [getattr(block, "title", "") for block in blocks]
    assert text("learn.group_laws") in titles
    words = str(blocks)
    assert "+" in words
    assert text("learn.groups_one_law") not in words
    data = services_data(log.services)
    laws = [law for group in data["window_groups"] for law in group["own_laws"]]
    assert {law["matter"] for law in laws} == {"card"}
    assert [group["laws_of_all"] for group in data["window_groups"]] == [False, False]


def test_a_pace_of_one_day_alone_is_none(tmp_path: Path) -> None:
    """Nothing bounds it, so that the scenario leaves it out, beside laws of its own and alone."""
    card, there = Law("gamma", 7.0, 0.4), Law("gamma", 11.0, 1.0)
    log = learned(tmp_path / "log.csv", 4, card, there)
    assert log.services is not None
    nowhere = Interval(1.5, float("nan"), float("nan"), 1)
    group = log.services.groups[0]._replace(pace_of_others=nowhere)
    laws = {law.matter: law for law in log.services.laws}
    ids = {law.matter: f"m{law.matter}" for law in log.services.laws}
    part = work_of_group(group, laws, ids, "log.csv", 100)
    assert [*part["service_laws"]] == [ids[law.matter] for law in group.own_laws]
    assert work_of_group(group._replace(own_laws=()), laws, ids, "log.csv", 100) == {}


def test_a_thin_cell_is_drawn_towards_its_matter(tmp_path: Path) -> None:
    """Of a matter that differs between two groups, a third with few services of it has a law, too:
    its mean lies between its own and the matter's."""
    text = HALL.format(
        days=30,
        card=Law("gamma", 7.0, 0.4).written,
        per_day=50,
        pace=1.0,
        more=f", service_laws: {{card: {Law('gamma', 11.0, 1.0).written}}}",
    )
    third = "      - {id: three, serves: [card, form], clerks: 1}\n"
    text = text.replace("shares: {one: 1, two: 1}", "shares: {one: 40, two: 40, three: 1}") + third
    write_own_log(text, 6, tmp_path / "log.csv", "hall")
    log = read_log(tmp_path / "log.csv")
    assert log.services is not None
    by_group = {group.windows[0].split("-")[0]: group for group in log.services.groups}
    [thin] = [law for law in by_group["three"].own_laws if law.own_share < 1]
    assert thin.n < 30
    assert 0 < thin.own_share < 1
    assert YAML(typ="safe").load(learned_file(log, is_calibrated=False).words)
