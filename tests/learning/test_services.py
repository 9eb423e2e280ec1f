"""Laws of work come back from what a log records of it: as often as their intervals say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.arrays import Floats, Ints
from sim.clock import DAY, HOUR, MINUTE, SECOND
from sim.learning.learned import read_log
from sim.learning.learned_file import learned_file
from sim.learning.log_rows import LogRows
from sim.learning.log_tickets import ticket_log
from sim.learning.services import ServiceFit, fit_services
from sim.learning.span_laws import SPAN_LAWS, LawOfSpans, SeenSpans, SpanLawName, fit_spans
from sim.learning.staffing import fit_staffing
from sim.learning.ticket_log import TicketLog
from sim.scenario.load import scenario_from_text
from sim.text import LANGUAGES, Language, load_text
from sim.views.learn_fit_words import service_blocks
from tests.learning.made_log import FILE

MONDAY: Final = int(np.datetime64("2024-01-01").astype(np.int64))
START = 20_000 * DAY
"""Of a log, since 1970."""
LAWS: Final = tuple(
    LawOfSpans(law, 8.0 * MINUTE, cv) for law, cv in zip(SPAN_LAWS, (1.0, 0.5, 0.7), strict=True)
)


def drawn(law: LawOfSpans, rng: np.random.Generator, n: int) -> Floats:
    if law.law == "lognormal":
        square = np.log1p(law.cv**2)
        return law.mean * rng.lognormal(-square / 2, square**0.5, n)
    return rng.gamma(law.cv**-2, law.mean * law.cv**2, n)


def worked_log(
    rng: np.random.Generator,
    services: Floats,
    matter: Ints,
    window: Ints,
    grain: int = SECOND,
    n_days: int = 30,
) -> TicketLog:
    """Tickets at random times of weekdays, their instants cut to a grain."""
    n = len(services)
    work_day = np.arange(n) * n_days // n
    begun = (MONDAY + work_day // 5 * 7 + work_day % 5) * DAY + rng.integers(9 * HOUR, 16 * HOUR, n)
    rows = LogRows(n)
    rows.columns["taken"] = rows.columns["called"] = begun // grain * grain
    rows.columns["ended"] = (begun + services.astype(np.int64)) // grain * grain
    rows.columns["matter"], rows.columns["window"] = matter, window
    rows.names["matter"] = tuple(f"m{n}" for n in range(int(matter.max()) + 1))
    rows.names["window"] = tuple(f"w{n}" for n in range(int(window.max()) + 1))
    rows.grain = grain
    short = rows.service_of < 20 * SECOND
    rows.blank(short, "ended", "service")  # as reading does
    return ticket_log(rows)


def fitted(log: TicketLog) -> ServiceFit:
    staffing = fit_staffing(log)
    fit = fit_services(log, () if staffing is None else staffing.groups, "none")
    assert fit is not None
    return fit


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.law)
@pytest.mark.parametrize("grain", [SECOND, MINUTE])
def test_whole_minutes_and_the_floor_draw_nothing(law: LawOfSpans, grain: int) -> None:
    """Of 20 logs at most 5 % of intervals may miss, and a few more by chance (1 in 400)."""
    rng = np.random.default_rng(11)
    zeros = np.zeros(900, dtype=np.int64)
    fits = [
        fitted(worked_log(rng, drawn(law, rng, 900), zeros, zeros, grain)).whole for _ in range(20)
    ]
    assert np.mean([fit.mean.low <= law.mean <= fit.mean.high for fit in fits]) >= 0.85
    assert np.mean([fit.cv.low <= law.cv <= fit.cv.high for fit in fits]) >= 0.8
    assert np.mean([fit.law.mean for fit in fits]) == pytest.approx(law.mean, rel=0.015)
    assert np.mean([fit.law_name == law.law for fit in fits]) > 0.6


def test_spans_cut_off_at_a_bound_draw_nothing() -> None:
    rng = np.random.default_rng(12)
    means = []
    for law in LAWS:
        for _ in range(15):
            spans = drawn(law, rng, 1_000)
            is_cut = (spans > 10 * MINUTE) & (rng.random(1_000) < 0.7)
            low = np.where(is_cut, 10 * MINUTE, spans)
            seen = SeenSpans(low, np.where(is_cut, np.inf, low), np.arange(1_000) % 40, 1.0)
            fit = fit_spans(seen)
            assert fit is not None
            means.append(fit.law.mean / law.mean)
    assert np.mean(means) == pytest.approx(1, abs=0.015)


@pytest.mark.parametrize("name", SPAN_LAWS)
def test_a_law_adds_up(name: SpanLawName) -> None:
    law = LawOfSpans(name, 5.0, 1.0 if name == "exponential" else 0.8)
    x = np.linspace(0.0, 400.0, 400_001)
    assert law.integral(x)[-1] == pytest.approx(400 - 5, abs=1e-6)
    assert np.diff(law.integral(x)) / np.diff(x) == pytest.approx(law.cdf(x[1:]), abs=2e-3)
    whole = np.exp(law.log_recorded(np.arange(400.0), 1.0))
    assert whole.sum() == pytest.approx(1, abs=1e-6)
    assert whole @ np.arange(400.0) == pytest.approx(5, abs=1e-5)
    assert law.recorded_below(2.0, 1.0) == pytest.approx(whole[:2].sum())
    assert law.wait_factor_above(0.0) == pytest.approx(law.wait_factor)


def test_a_sample_of_two_kinds_stands_for_itself() -> None:
    """Half take two minutes, half forty: no law of the three makes people wait as they do."""
    rng = np.random.default_rng(13)
    services = np.where(rng.random(4_000) < 0.5, 2.0, 40.0) * MINUTE * rng.uniform(0.9, 1.1, 4_000)
    zeros = np.zeros(4_000, dtype=np.int64)
    law = fitted(worked_log(rng, services, zeros, zeros)).whole
    assert law.law_name == "empirical"
    values = np.array(law.values, dtype=np.float64)
    assert values.mean() == pytest.approx(services.mean(), rel=0.01)
    assert values.std() / values.mean() == pytest.approx(services.std() / services.mean(), abs=0.02)
    assert law.cv.low <= services.std() / services.mean() <= law.cv.high


def test_thin_matters_are_drawn_towards_all() -> None:
    rng = np.random.default_rng(14)
    matter = np.repeat([0, 1, 2, 3], [600, 600, 600, 10])
    rng.shuffle(matter)
    means = np.array([6.0, 8.0, 10.0, 14.0])[matter] * MINUTE
    log = worked_log(rng, means * rng.gamma(4, 0.25, len(matter)), matter, matter * 0)
    *_, thin = fitted(log).laws
    own = log.details.service[log.tickets.matter == 3].mean()
    assert thin.n == 10
    assert 0 < thin.own_share < 1
    assert fitted(log).whole.mean.mean < thin.mean.mean < own


def test_clerks_that_differ_are_told_from_those_that_do_not() -> None:
    rng = np.random.default_rng(15)
    n = 6_000
    window = rng.integers(0, 10, n)
    matter = rng.integers(0, 2, n)
    work = np.array([6.0, 12.0])[matter] * MINUTE * rng.gamma(4, 0.25, n)
    alike = fitted(worked_log(rng, work, matter, window))
    assert alike.pace_cv.low == 0
    assert alike.pace_cv.high < 0.04
    paces = np.linspace(0.7, 1.3, 10)
    differ = fitted(worked_log(rng, work * paces[window], matter, window))
    assert differ.pace_cv.low < paces.std(ddof=1) < differ.pace_cv.high
    assert differ.people == "windows"
    assert differ.n_people == 10


def test_windows_of_other_work_are_other_groups() -> None:
    rng = np.random.default_rng(16)
    n = 4_000
    window = rng.integers(0, 5, n)
    matter = np.where(window < 3, rng.integers(0, 2, n), 2)
    matter[:3] = 2  # somebody helped, once or twice
    pace = np.where(window < 3, 1.0, 1.5)
    log = worked_log(rng, pace * drawn(LAWS[1], rng, n), matter, window)
    groups = fitted(log).groups
    assert [(group.windows, group.matters) for group in groups] == [
        (("w0", "w1", "w2"), (0, 1)),
        (("w3", "w4"), (2,)),
    ]
    assert [round(group.factor.mean, 2) for group in groups] == [1, 1]


def test_who_is_in_hand_at_the_end_counts_as_longer() -> None:
    """Of what a window left open before it called the next one nothing is known."""
    rng = np.random.default_rng(17)
    zeros = np.zeros(300, dtype=np.int64)
    log = worked_log(rng, drawn(LAWS[0], rng, 300), zeros, zeros)
    rows = LogRows(302)
    for name, column in (
        ("taken", log.tickets.taken_at),
        ("called", log.tickets.called_at),
        ("ended", log.tickets.ended_at),
    ):
        rows.columns[name][:300] = np.where(column < 0, rows.columns[name][:300], column + START)
    rows.columns["window"] = np.array([0] * 300 + [1] * 2)
    rows.names["window"] = ("busy", "other")
    last = START + int(log.tickets.ended_at.max())
    rows.columns["taken"][300:] = rows.columns["called"][300:] = last - np.array([30, 50]) * MINUTE
    law = fitted(ticket_log(rows)).whole
    assert law.n_censored == 1
    assert law.n_unknown == 1 + int((log.tickets.ended_at < 0).sum())


def test_few_services_say_nothing() -> None:
    rng = np.random.default_rng(18)
    zeros = np.zeros(29, dtype=np.int64)
    assert fit_services(worked_log(rng, drawn(LAWS[1], rng, 29), zeros, zeros), (), "none") is None


def test_the_log_that_ships_has_its_services() -> None:
    fit = read_log(FILE).services
    assert fit is not None
    truth = {"登记": 14 * MINUTE, "证明": 8 * MINUTE}
    for law in fit.laws:
        mean = truth[fit.matters[law.matter]]
        assert law.mean.low <= mean <= law.mean.high
        assert law.cv.low <= 0.5 <= law.cv.high
        assert law.law_name == "gamma"


def grouped(path: Path, seed: int, cv: float, pace: float) -> ServiceFit:
    """What is told of windows of two lists at which the same is done; those of the second one vary
    by `cv` and take `pace` times as long."""
    rng = np.random.default_rng(seed)
    n = 1_600
    second = rng.integers(0, 2, n) == 1
    minutes = np.where(
        second, pace * rng.gamma(cv**-2, 8 * cv**2, n), rng.gamma(0.5**-2, 8 * 0.5**2, n)
    )
    lines = ["取号时间,叫号时间,结束时间,事项,队列,窗口"]
    for k in range(n):
        day, row = divmod(k, 80)
        monday = np.datetime64("2025-03-03T09:00:00")
        begin = monday + np.timedelta64(86_400 * (day // 5 * 7 + day % 5), "s")
        call = begin + np.timedelta64(row * 300, "s")
        at = (call, call, call + np.timedelta64(max(round(minutes[k] * 60), 20), "s"))
        group = int(second[k])
        window = 2 * group + row % 2 + 1
        stamps = [str(each).replace("T", " ") for each in at]
        lines.append(",".join([*stamps, "登记", "AB"[group], f"{window}号"]))
    path.write_text("\n".join(lines), encoding="utf-8")
    fit = read_log(path).services
    assert fit is not None
    return fit


def test_groups_of_one_law_are_told_to_have_it_whatever_their_pace(tmp_path: Path) -> None:
    """Their pace comes back; of ten pairs one may be told to differ (chance of more: 1 in 90)."""
    fits = [grouped(tmp_path / "log.csv", seed, 0.5, 1.3) for seed in range(5)]
    groups = [group for fit in fits for group in fit.groups]
    assert len(groups) == 10
    assert sum(bool(group.own_laws) for group in groups) <= 2  # both of a pair, or none
    assert sum(not group.is_told for group in groups) <= 1
    for fit in fits:
        of = {group.windows: group.factor.mean for group in fit.groups}
        first, second = of["1号", "2号"], of["3号", "4号"]
        assert second / first == pytest.approx(1.3, rel=0.1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_that_varies_otherwise_is_told_by_what_it_does_to_waits(
    language: Language, tmp_path: Path
) -> None:
    fit = grouped(tmp_path / "log.csv", 7, 1.3, 1.0)
    differing = {group.windows: group for group in fit.groups if group.own_laws}
    assert {*differing} == {("1号", "2号"), ("3号", "4号")}
    second = differing["3号", "4号"]
    [law] = second.own_laws
    assert law.cv.low <= 1.3 <= law.cv.high
    assert second.is_told
    assert second.wait_factor_of_all < second.wait_factor
    text = load_text(language)
    words = str([*service_blocks(fit, text)])
    assert "3号, 4号 (+" in words
    written = learned_file(read_log(tmp_path / "log.csv"), is_calibrated=False).words
    windows = scenario_from_text(written).layouts[0].windows
    assert [[*group.service_laws] for group in windows] == [["matter_1"], ["matter_1"]]
    assert all(group.proficiency == 1 for group in windows)
