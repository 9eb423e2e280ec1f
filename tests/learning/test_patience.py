"""Patience comes back though most of it is censored, and whoever missed a call is told from it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.arrays import Floats
from sim.clock import DAY, HOUR, MINUTE, SECOND
from sim.learning.booked import fit_booked
from sim.learning.learned import read_log
from sim.learning.learned_file import learned_file
from sim.learning.log_rows import LogRows
from sim.learning.log_tickets import ticket_log
from sim.learning.mix import fit_mix
from sim.learning.patience import PatienceFit, fit_patience
from sim.learning.ticket_log import LOG_OUTCOMES, TicketLog
from sim.plan.journal import GAVE_UP, MISSED, SERVED
from sim.scenario.consistency import findings
from sim.scenario.distributions import mean_of
from sim.scenario.load import scenario_from_text
from sim.text import LANGUAGES, load_text
from sim.views.learn_words import learned_blocks
from tests.learning.made_log import FILE

MONDAY: Final = int(np.datetime64("2024-01-01").astype(np.int64))
PATIENCE: Final = 45.0
MISSES: Final = 0.04


def waited_log(
    rng: np.random.Generator,
    n: int = 2_000,
    said: float = 1.0,
    at_instant: bool = True,
    mean_wait: float = 6.0,
    patience: Floats | None = None,
) -> TicketLog:
    """Offered waits of which a third is 0; who leaves before tells the system, or does not."""
    wait = np.where(rng.random(n) < 0.3, 0.0, rng.exponential(mean_wait, n)) * MINUTE
    lasts = rng.exponential(PATIENCE, n) * MINUTE if patience is None else patience * MINUTE
    came = (MONDAY + np.arange(n) * 40 // n) * DAY + rng.integers(9 * HOUR, 15 * HOUR, n)
    has_left = lasts < wait
    says = has_left & (rng.random(n) < said)
    is_missed = ~says & (has_left | (rng.random(n) < MISSES))
    rows = LogRows(n)
    rows.columns["taken"] = came
    call = came + np.rint(wait / SECOND).astype(np.int64) * SECOND
    rows.columns["called"] = np.where(says, rows["called"], call)
    rows.columns["ended"] = np.where(says, rows["ended"], call + 5 * MINUTE)
    if at_instant:
        gone = came + np.rint(lasts / SECOND).astype(np.int64) * SECOND
        rows.columns["ended"] = np.where(says, gone, rows["ended"])
    rows.columns["outcome"] = np.where(says, GAVE_UP, np.where(is_missed, MISSED, SERVED))
    return ticket_log(rows)


def fitted(log: TicketLog) -> PatienceFit:
    fit = fit_patience(log)
    assert fit is not None
    return fit


@pytest.mark.parametrize("said", [1.0, 0.5, 0.0])
def test_patience_is_unbiased_though_nine_of_ten_are_censored(said: float) -> None:
    """Intervals of 25 logs hold the truth in at least 20 (chance of fewer: 1 in 150)."""
    rng = np.random.default_rng(21)
    fits = [fitted(waited_log(rng, said=said)) for _ in range(25)]
    told = [fit for fit in fits if fit.law is not None]
    assert len(told) >= 23
    assert min(fit.n_answered / 2_000 for fit in told) > 0.8
    truth = PATIENCE * MINUTE
    means = [fit.mean.mean for fit in told]
    # a mean of so many events varies by a tenth and more: that of 25 by a fiftieth
    assert np.mean(means) == pytest.approx(truth, rel=0.07)
    assert np.mean([fit.mean.low <= truth <= fit.mean.high for fit in told]) >= 0.8
    missed = [fit.missed_share for fit in told]
    assert np.mean([share.mean for share in missed]) == pytest.approx(MISSES, abs=0.004)
    assert np.mean([share.low <= MISSES <= share.high for share in missed]) >= 0.8
    assert np.mean([1 - fit.unannounced_share for fit in told]) == pytest.approx(said, abs=0.1)


def test_the_law_has_a_shape_where_enough_patience_is_seen_to_end() -> None:
    rng = np.random.default_rng(22)
    patience = rng.gamma(9, 5, 3_000)
    fit = fitted(waited_log(rng, 3_000, mean_wait=40, patience=patience))
    assert fit.law is not None
    assert fit.law.law != "exponential"
    assert fit.mean.mean == pytest.approx(45 * MINUTE, rel=0.05)
    assert fit.cv.mean == pytest.approx(1 / 3, abs=0.05)


def test_missed_calls_alone_say_nothing_of_patience() -> None:
    rng = np.random.default_rng(23)
    fit = fitted(waited_log(rng, said=0, patience=np.full(2_000, 1e6)))
    assert fit.law is None
    assert np.isnan(fit.mean.mean)
    assert fit.missed_share.low <= MISSES <= fit.missed_share.high
    assert fit.window_waits.mean == pytest.approx(5 * MINUTE)


def test_who_gave_up_at_no_instant_is_bound_by_the_next_in_line() -> None:
    """The log that ships says only 弃号; patience there is drawn with a mean of 90 minutes."""
    learned = read_log(FILE)
    fit = learned.patience
    assert fit is not None
    assert (fit.n_left, fit.n_left_before > 90) == (0, True)
    assert fit.mean.low <= 90 * MINUTE <= fit.mean.high
    assert fit.missed_share.low <= 0.03 <= fit.missed_share.high


def parted(
    path: Path,
    seed: int,
    means: tuple[float, float],
    by: str,
    n_days: int = 40,
    some_book: bool = False,
) -> Path:
    """The file of a log of whom half come for either of two things, are of either of two classes,
    or had booked or not; patience has these means, in minutes.

    Parameters
    ----------
    some_book
        Every third had booked, whoever they are.
    """
    rng = np.random.default_rng(seed)
    n = 3_000
    group = rng.integers(0, 2, n)
    day = MONDAY + np.arange(n) * n_days // n
    came = day * DAY + rng.integers(9 * HOUR, 15 * HOUR, n)
    wait = np.where(rng.random(n) < 0.3, 0.0, rng.exponential(8, n)) * MINUTE
    lasts = rng.exponential(1.0, n) * np.array(means)[group] * MINUTE
    call, gone = came + wait.astype(np.int64), came + lasts.astype(np.int64)
    work = rng.gamma(4, 1.5, n) * MINUTE
    lines = ["取号时间,叫号时间,结束时间,事项,人群,是否预约,状态"]
    for k in range(n):
        leaves = lasts[k] < wait[k]
        at = (came[k], call[k], call[k] + int(work[k])) if not leaves else (came[k], None, gone[k])
        stamps = ["" if t is None else stamp(int(t)) for t in at]
        name = ("乙", "甲")[group[k]] if by == "matters" else "甲"  # sorted
        class_ = ("乙", "甲")[group[k]] if by == "classes" else ""
        booked = ("否", "是")[group[k] if by == "booked" else int(some_book and k % 3 == 0)]
        lines.append(",".join([*stamps, name, class_, booked, "弃号" if leaves else "办结"]))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def stamp(ticks: int) -> str:
    return str(np.datetime64(ticks // SECOND, "s")).replace("T", " ")


@pytest.mark.parametrize("by", ["matters", "booked", "classes"])
def test_groups_of_another_patience_come_back(by: str, tmp_path: Path) -> None:
    """Of twelve intervals at least nine hold the truth (chance of fewer: 1 in 500)."""
    held = list[bool]()
    for seed in range(6):
        learned = read_log(parted(tmp_path / "log.csv", seed, (25.0, 75.0), by))
        way = learned.patience_groups[0]
        assert (way.by, way.differ, len(way.own)) == (by, True, 2)
        for own, mean in zip(way.own, (25.0, 75.0), strict=True):
            held.append(own.mean.low <= mean * MINUTE <= own.mean.high)
    assert sum(held) >= 9


def test_groups_of_one_patience_have_one_law(tmp_path: Path) -> None:
    """Of twenty logs at most two are taken for two (chance of more: 1 in 1,000)."""
    ways = [
        read_log(parted(tmp_path / "log.csv", seed, (45.0, 45.0), "matters")).patience_groups[0]
        for seed in range(20)
    ]
    assert [way.by for way in ways] == ["matters"] * 20
    assert sum(way.differ for way in ways) <= 2


def test_few_who_left_tell_no_group(tmp_path: Path) -> None:
    path = parted(tmp_path / "log.csv", 3, (100.0, 1000.0), "matters")
    learned = read_log(path)
    [way] = learned.patience_groups
    assert len(way.own) < 2
    assert not way.differ
    for language in LANGUAGES:
        text = load_text(language)
        assert text("learn.patience_by_matters") in str([*learned_blocks(learned, text)])


@pytest.mark.parametrize("by", ["matters", "booked", "classes"])
def test_a_scenario_has_the_patience_of_each_group(by: str, tmp_path: Path) -> None:
    learned = read_log(parted(tmp_path / "log.csv", 1, (25.0, 75.0), by, 40))
    scenario = scenario_from_text(learned_file(learned, is_calibrated=False).words)
    own = {each.group: each.law.mean for each in learned.patience_groups[0].own}
    if by == "matters":
        parts = [matter.patience for matter in scenario.matters]
    else:
        parts = [class_.patience for class_ in scenario.applicants.classes]
        parts = parts[::-1] if by == "booked" else parts
    assert scenario.applicants.patience is None
    for n, patience in enumerate(parts):
        assert patience is not None
        assert mean_of(patience) == pytest.approx(own[n], rel=0.01)
    assert not [finding for finding in findings(scenario) if "patience" in str(finding)]


def test_classes_come_as_often_as_in_the_log(tmp_path: Path) -> None:
    learned = read_log(parted(tmp_path / "log.csv", 1, (25.0, 75.0), "classes"))
    assert isinstance(learned.log, TicketLog)
    scenario = scenario_from_text(learned_file(learned, is_calibrated=False).words)
    assert [class_.name.zh for class_ in scenario.applicants.classes] == ["乙", "甲"]
    share = float((learned.log.tickets.class_ == 0).mean())
    for flow in scenario.demand:
        assert flow.classes["class_1"] == pytest.approx(share, abs=0.01)
        assert sum(flow.classes.values()) == pytest.approx(1)
    for language in LANGUAGES:
        text = load_text(language)
        assert text("learned_scenario.classes") in str(getattr(scenario.note, language))


def test_classes_of_the_log_have_no_room_beside_booked_people(tmp_path: Path) -> None:
    """A person is of one class: that patience differs is told, and why it is not written."""
    path = parted(tmp_path / "log.csv", 1, (25.0, 75.0), "classes", some_book=True)
    learned = read_log(path)
    ways = {way.by: way.differ for way in learned.patience_groups}
    assert ways == {"classes": True, "booked": False}
    scenario = scenario_from_text(learned_file(learned, is_calibrated=False).words)
    assert [class_.id for class_ in scenario.applicants.classes] == ["booked", "walk_in"]
    assert scenario.applicants.patience is not None
    for language in LANGUAGES:
        text = load_text(language)
        assert text("learned_scenario.no_classes") in str(getattr(scenario.note, language))
        assert text("learn.patience_no_class_note") in str([*learned_blocks(learned, text)])


def test_a_log_without_calls_says_nothing() -> None:
    rows = LogRows(500)
    rows.columns["taken"] = MONDAY * DAY + np.arange(500) * MINUTE
    assert fit_patience(ticket_log(rows)) is None


def test_shares_of_matters_and_of_ends_add_up() -> None:
    mix = read_log(FILE).mix
    assert mix is not None
    assert sum(matter.share.mean for matter in mix.matters) == pytest.approx(1)
    assert sum(end.share.mean for end in mix.outcomes) == pytest.approx(1)
    truth = {"证明": 55 / 90, "登记": 35 / 90}
    for matter in mix.matters:
        assert matter.share.low <= truth[matter.matter] <= matter.share.high
    assert {end.outcome for end in mix.outcomes} <= set(LOG_OUTCOMES)


def test_booked_people_are_told_from_walk_ins(tmp_path: Path) -> None:
    rng = np.random.default_rng(24)
    log = waited_log(rng)
    lines = ["取号时间,叫号时间,结束时间,是否预约"]
    day0 = np.datetime64(log.first_date)
    for n in np.flatnonzero(log.tickets.fate == SERVED).tolist():
        call = log.tickets.called_at[n]
        at = (log.tickets.taken_at[n], call, call + 2 * MINUTE + rng.integers(6 * MINUTE))
        stamps = [str(day0 + np.timedelta64(int(t), "ms"))[:19].replace("T", " ") for t in at]
        lines.append(",".join([*stamps, "是" if n % 4 == 0 else "否"]))
    path = tmp_path / "booked.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    fit = read_log(path).booked
    assert fit is not None
    assert fit.share.low <= 0.25 <= fit.share.high
    assert fit.wait_less.low <= 0 <= fit.wait_less.high
    assert fit.wait_booked.mean - fit.wait_walk_in.mean == pytest.approx(-fit.wait_less.mean)
    assert fit.service_ratio.low <= 1 <= fit.service_ratio.high
    assert fit_booked(log) is None
    assert fit_mix(log).matters[0].n == 2_000
