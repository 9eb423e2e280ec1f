"""A scenario of a log is one like any other, and people wait in it as they waited in the log."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from sim import compile_plan, draw_tape, run
from sim.__main__ import main
from sim.clock import HOUR, MINUTE, WEEKDAYS
from sim.errors import ScenarioError
from sim.learning import learned_factor
from sim.learning.learned import LearnedLog, read_log
from sim.learning.learned_day import learned_day
from sim.learning.learned_days import alike_days
from sim.learning.learned_factor import FACTORS, RosterFactor, mean_waits, roster_factor
from sim.learning.learned_roster import RosterHour, mean_at_least, weekly_roster
from sim.learning.learned_scenario import learned_scenario
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall
from sim.results.eventlog import write_log
from sim.results.tables import Tables
from sim.scenario.base import Remark
from sim.scenario.format import flow_text, formatted
from sim.scenario.load import load_scenario, read_scenario, scenario_from_text
from sim.scenario.provenance import numbers
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, Language, load_text
from tests.learning.made_log import FILE, made_tables
from tests.learning.test_reading import SHARED

HALL: Final = """
name: A hall with two kinds of windows, and Saturdays
run: {{start: 2025-03-03, measured_days: {days}}}
calendars: [{{id: office, weekly: {{mon-fri: [09:00-12:00, 14:00-17:00], sat: [09:00-12:00]}}}}]
hall: {{name: A hall, hours: office}}
applicants: {{unserved: {{returns: 0, lost: 1}}}}
matters:
  - {{id: passports, name: Passports, service: {{base: {{law: gamma, mean: 9 min, cv: 0.6}}}}}}
  - {{id: cards, name: Cards, service: {{base: {{law: lognormal, mean: 6 min, cv: 0.8}}}}}}
  - {{id: taxes, name: Taxes, service: {{base: {{law: exponential, mean: 12 min}}}}}}
demand:
  - {{id: passports, matter: passports, per_day: 60, weekdays: {{sat: 0.5}}}}
  - {{id: cards, matter: cards, per_day: 40, weekdays: {{sat: 0.5}}}}
  - {{id: taxes, matter: taxes, per_day: 45, weekdays: {{sat: 0}}}}
layouts:
  - id: windows
    name: Windows
    windows:
      - {{id: people, serves: [passports, cards], clerks: 3}}
      - {{id: tax, serves: [taxes], clerks: {{mon-fri 09:00-12:00: 2, mon-fri 14:00-17:00: 2}}}}
"""


CHANGING: Final = HALL.replace(
    "serves: [passports, cards], clerks: 3",
    "serves: [passports, cards], clerks: {{week A mon-sat 09:00-12:00: 4,"
    " week A mon-fri 14:00-17:00: 4, week B mon-sat 09:00-12:00: 2,"
    " week B mon-fri 14:00-17:00: 2}}",
)
"""Four clerks in one week and two in the next: a mean of three makes people wait less."""


def scenario_of(learned: LearnedLog, factor: float = 1.0) -> Scenario:
    written = learned_scenario(learned, "A hall", factor=factor)
    return scenario_from_text(formatted(flow_text(written)))


def factor_of(learned: LearnedLog) -> RosterFactor | None:
    assert isinstance(learned.log, TicketLog)
    return roster_factor(learned.log, "china", lambda factor: scenario_of(learned, factor))


def tables_of(scenario: Scenario, seed: int) -> Tables:
    plan = compile_plan(scenario, scenario.layouts[0].id)
    tape = draw_tape(plan.demand, seed, 0)
    return Tables(plan, tape, run(plan, tape, "reference"))


def waits(tables: Tables) -> tuple[float, float]:
    """Mean in minutes, and share within a quarter of an hour."""
    called = tables.tickets.called_at >= 0
    wait = (tables.tickets.called_at - tables.tickets.taken_at)[called] / MINUTE
    return float(wait.mean()), float((wait <= 15).mean())


SUNDAYS: Final = """
name: A hall that is open on all days
run: {{start: 2025-05-05, measured_days: {days}}}
calendars: [{{id: office, holidays: none, weekly: {{mon-sun: [09:00-15:00]}}}}]
hall: {{name: A hall, hours: office}}
applicants: {{unserved: {{returns: 0, lost: 1}}}}
matters: [{{id: cards, name: Cards, service: {{base: {{law: gamma, mean: 9 min, cv: 0.6}}}}}}]
profiles:
  - {{id: usual, shape: {{09:00-12:00: 2, 12:00-15:00: 1}}}}
  - {{id: sunday, shape: {{09:00-12:00: 1, 12:00-15:00: 3}}}}
demand:
  - {{id: cards, matter: cards, per_day: 120, profile: usual, weekdays: {{sat: 0.6, sun: 0}}}}
  - id: sunday
    matter: cards
    per_day: 36
    profile: sunday
    weekdays: {{mon: 0, tue: 0, wed: 0, thu: 0, fri: 0, sat: 0}}
layouts:
  - id: windows
    name: Windows
    windows:
      - id: people
        serves: [cards]
        clerks: {{mon-fri 09:00-15:00: 3, sat 09:00-15:00: 2, sun 09:00-15:00: 1}}
"""


def test_sundays_have_numbers_of_their_own_where_the_log_has_a_month_of_them(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.csv"
    write_log(tables_of(scenario_from_text(SUNDAYS.format(days=56)), 1), path)
    scenario = scenario_of(read_log(path, hall=LogHall("none")))
    [flow] = [each for each in scenario.demand if people_on(scenario, each.profile) == {"sun"}]
    assert flow.per_day == pytest.approx(36, rel=0.2)
    most: dict[str, float] = dict.fromkeys(("mon-fri", "sat", "sun"), 0)
    for key, n in scenario.layouts[0].windows[0].clerks.items():
        most[key.split()[-2]] = max(most[key.split()[-2]], n)
    assert most == {"mon-fri": 3, "sat": 2, "sun": 1}
    [profile] = [each for each in scenario.profiles if people_on(scenario, each.id) == {"sun"}]
    late = sum(share for key, share in profile.shape.items() if key >= "12:00")
    assert late / sum(profile.shape.values()) == pytest.approx(0.75, abs=0.06)


def people_on(scenario: Scenario, profile: str | None) -> set[str]:
    """Weekdays of a profile that come with no factor of 0."""
    return {
        day
        for flow in scenario.demand
        if flow.profile == profile
        for day in WEEKDAYS
        if flow.weekdays.get(day) != 0
    }


def test_few_sundays_share_the_numbers_of_others_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write_log(tables_of(scenario_from_text(SUNDAYS.format(days=20)), 1), path)
    scenario = scenario_of(read_log(path, hall=LogHall("none")))
    assert isinstance(scenario.note, Remark)
    for language in LANGUAGES:
        text = load_text(language)
        sentence = text("learned_scenario.few_days", day=text("weekday.7"), n="2")
        assert sentence in getattr(scenario.note, language)


def test_a_hall_comes_back_from_its_log(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    truth = scenario_from_text(HALL.format(days=60))
    tables = tables_of(truth, 1)
    write_log(tables, path)
    scenario = scenario_of(read_log(path))
    (calendar,) = scenario.calendars
    assert {key: len(hours) for key, hours in calendar.weekly.items()} == {"mon-fri": 2, "sat": 1}
    open_ = sum(hours.end - hours.start for hours in calendar.weekly["mon-fri"])
    assert 6 * HOUR <= open_ <= 7 * HOUR
    assert {tuple(sorted(group.serves)) for group in scenario.layouts[0].windows} == {
        ("cards", "passports"),
        ("taxes",),
    }
    most = {max(group.clerks.values()) for group in scenario.layouts[0].windows}
    assert most == {2, 3}
    saturday = {f.matter for f in scenario.demand if f.weekdays.get("mon") == 0}
    assert saturday == {"cards", "passports"}
    mean, within = waits(tables)
    learned = [waits(tables_of(scenario, seed)) for seed in range(4)]
    means, shares = np.mean(learned, axis=0)
    # 60 days of one crowd: their mean wait varies by a tenth and more from crowd to crowd
    assert means == pytest.approx(mean, rel=0.3)
    assert shares == pytest.approx(within, abs=0.05)


def test_every_number_says_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "hall.yaml"
    written = formatted(flow_text(learned_scenario(read_log(FILE), "An office")))
    path.write_text(written, encoding="utf-8")
    scenario, warnings = read_scenario(path)
    assert warnings == ()
    by_origin: dict[str, int] = {}
    for number in numbers(scenario):
        by_origin[number.origin] = by_origin.get(number.origin, 0) + 1
    assert set(by_origin) == {"measured", "document"}
    assert by_origin["measured"] > 30
    assert "made_ticket_log.csv, 2025-03-03" in str(scenario.source)
    assert formatted(written) == written


def test_the_office_that_ships_waits_as_its_log() -> None:
    learned = read_log(FILE)
    observed = learned.log.details.wait  # type: ignore[union-attr]
    mean = observed[observed >= 0].mean() / MINUTE
    runs = [waits(tables_of(scenario_of(learned), seed))[0] for seed in range(6)]
    assert np.mean(runs) == pytest.approx(mean, rel=0.25)


def test_exact_numbers_alone_would_make_a_roster_too_short() -> None:
    """Of three days people wait on two, with two clerks; on the third three are in use."""
    clerks = np.array([2, 2, 3, 2, 3, 1])
    is_exact = np.array([True, True, False, False, True, False])
    assert clerks[is_exact].mean() < mean_at_least(clerks, is_exact) < 3
    assert mean_at_least(clerks, np.ones(6, np.bool_)) == pytest.approx(clerks.mean())


def test_days_that_are_alike_share_hours() -> None:
    learned = read_log(FILE)
    assert learned.staffing is not None
    (alike,) = alike_days(learned.log, learned.staffing, "china")  # type: ignore[arg-type]
    assert sum(share.mean for _, share in alike.shape) == pytest.approx(1)
    assert len(alike.days) == 20
    (row,) = weekly_roster(learned.staffing, 0, alike)
    assert (row.begin, row.end) == alike.hours[0]


def test_a_log_of_words_for_everything_is_a_scenario_too(tmp_path: Path) -> None:
    """The own log of the made office, names in its own language, patience known to the instant."""
    path = tmp_path / "log.csv"
    write_log(made_tables(days=30, seed=3), path)
    scenario = scenario_of(read_log(path))
    assert [matter.id for matter in scenario.matters] == ["certificates", "registrations"]
    assert scenario.applicants.patience is not None
    assert scenario.applicants.missed is not None
    assert scenario.applicants.missed.then == "void"


def test_matters_that_are_left_out_are_named(tmp_path: Path) -> None:
    """A matter that came twice in four weeks is a flow, or is said not to be one."""
    path = tmp_path / "log.csv"
    lines = FILE.read_text(encoding="utf-8").splitlines()
    lines[900] = lines[900].replace("证明", "咨询").replace("登记", "咨询")
    lines[901] = lines[901].replace("证明", "咨询").replace("登记", "咨询")
    path.write_text("\n".join(lines), encoding="utf-8")
    names = {matter.name.zh for matter in scenario_of(read_log(path)).matters}
    written = learned_scenario(read_log(path), "A hall")
    assert ("咨询" in names) != ("咨询" in written["note"]["zh"])


@pytest.fixture(scope="module")
def changing_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("changing") / "log.csv"
    write_log(tables_of(scenario_from_text(CHANGING.format(days=40)), 1), path)
    return path


def test_a_factor_on_clerks_brings_the_mean_wait_of_the_log(changing_log: Path) -> None:
    learned = read_log(changing_log)
    factor = factor_of(learned)
    assert factor is not None
    assert factor.plain_mean < factor.plain_high < factor.observed
    assert abs(factor.mean - factor.observed) < 0.2 * abs(factor.plain_mean - factor.observed)
    assert FACTORS[0] <= factor.factor < 1
    scenario = scenario_of(learned, factor.factor)
    assert mean_waits(scenario).mean() == pytest.approx(factor.mean)
    assert isinstance(scenario.note, Remark)
    assert f"{factor.factor:.3f}" in scenario.note.en
    assert f"{factor.factor:.3f}" in scenario.note.zh


def test_the_factor_acts_on_clerk_hours_and_the_logs_number_stays_in_the_range(
    changing_log: Path,
) -> None:
    learned = read_log(changing_log)
    assert learned.staffing is not None
    alike = alike_days(learned.log, learned.staffing, "china")[0]  # type: ignore[arg-type]
    plain, fewer = (
        [
            weekly_roster(learned.staffing, group, alike, factor)
            for group in range(len(learned.staffing.groups))
        ]
        for factor in (1.0, 0.9)
    )
    hours = [clerk_hours(group) for group in plain], [clerk_hours(group) for group in fewer]
    assert sum(hours[1]) == pytest.approx(0.9 * sum(hours[0]), rel=0.05)
    for before, after in zip(plain, fewer, strict=True):
        for row in after:
            [told] = [each for each in before if each.begin <= row.begin < each.end]
            assert (
                row.low <= min(row.clerks, told.clerks) <= max(row.clerks, told.clerks) <= row.high
            )


def clerk_hours(roster: tuple[RosterHour, ...]) -> float:
    return sum(row.clerks * (row.end - row.begin) for row in roster) / HOUR


def test_no_factor_where_the_logs_wait_is_one_that_chance_brings(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write_log(tables_of(scenario_from_text(HALL.format(days=40)), 1), path)
    factor = factor_of(read_log(path))
    assert factor is not None
    assert factor.plain_low <= factor.observed <= factor.plain_high
    assert (factor.factor, factor.mean) == (1.0, factor.plain_mean)


def test_a_long_log_finds_its_factor_by_fewer_runs(
    changing_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned = read_log(changing_log)
    factor = factor_of(learned)
    monkeypatch.setattr(learned_factor, "SEARCH_PEOPLE", 1)
    by_one_run = factor_of(learned)
    assert factor is not None
    assert by_one_run is not None
    assert abs(by_one_run.factor - factor.factor) <= 0.03
    bounds = [(each.plain_low, each.plain_mean, each.plain_high) for each in (by_one_run, factor)]
    assert bounds[0] == bounds[1]  # of nineteen runs


def test_no_factor_without_waits(changing_log: Path) -> None:
    learned = read_log(changing_log)
    assert isinstance(learned.log, TicketLog)
    details = learned.log.details._replace(wait=np.full(len(learned.log), -1))
    assert factor_of(replace(learned, log=replace(learned.log, details=details))) is None


def test_a_real_office_waits_as_its_log_with_its_factor() -> None:
    """Clerks of Rubí's office change by date: without a factor people wait ten minutes more."""
    file = SHARED / "rubi_oac_visits_2025-01_2025-09.csv.gz"
    if not file.exists():
        pytest.skip("the log is not here")
    hall = LogHall("none", "Europe/Madrid", "OAC")
    learned = read_log(file, hall=hall, chosen={"short_service": "kept"})
    assert isinstance(learned.log, TicketLog)

    def scenario_with(factor: float) -> Scenario:
        return scenario_from_text(flow_text(learned_scenario(learned, "Rubí", hall, factor)))

    factor = roster_factor(learned.log, "none", scenario_with)
    assert factor is not None
    assert factor.plain_mean - factor.observed > 5
    assert abs(factor.mean - factor.observed) < 1
    assert 1 < factor.factor < 1.15


class TestCommand:
    def test_the_factor_is_told_and_can_be_left_out(
        self, changing_log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out, plain = tmp_path / "hall.yaml", tmp_path / "plain.yaml"
        assert left("learn", str(changing_log), "--out", str(out), "--format", "json") == 0
        factor = json.loads(capsys.readouterr().out)["roster_factor"]
        assert factor["factor"] < 1
        assert factor["mean_min_without_factor"] < factor["mean_min"]
        asked = ("learn", str(changing_log), "--out", str(plain), "--uncalibrated")
        assert left(*asked, "--format", "json") == 0
        assert json.loads(capsys.readouterr().out)["roster_factor"] is None
        hall = load_scenario(out)
        assert isinstance(hall.note, Remark)
        assert f"{factor['factor']:.3f}" in hall.note.en
        origins = {number.origin for number in numbers(hall) if "clerks" in number.path}
        assert "assumed" in origins
        assert mean_waits(hall).mean() == pytest.approx(factor["mean_min"])
        without = mean_waits(load_scenario(plain)).mean()
        assert without == pytest.approx(factor["mean_min_without_factor"])

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_the_mean_wait_stands_in_the_answer(
        self, language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "hall.yaml"
        assert left("learn", str(FILE), "--out", str(out), "--lang", language) == 0
        said = capsys.readouterr().out
        assert load_text(language)("learned_scenario.fit") in said
        found = factor_of(read_log(FILE))
        assert found is not None
        assert f"{found.plain_mean:.1f} [{found.plain_low:.1f}, {found.plain_high:.1f}]" in said

    def test_uncalibrated_is_of_a_scenario(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert left("learn", str(FILE), "--uncalibrated") == 2
        assert "--uncalibrated" in capsys.readouterr().err

    def test_a_scenario_is_written(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "hall.yaml"
        assert left("learn", str(FILE), "--out", str(out), "--name", "办事处") == 0
        assert load_scenario(out).name.zh == "办事处"
        assert "hall.yaml" in capsys.readouterr().err
        assert left("check", str(out)) == 0
        assert left("run", str(out), "--replications", "2", "--cores", "1") == 0

    def test_a_figure_is_drawn(self, tmp_path: Path) -> None:
        folder = tmp_path / "figures"
        assert left("learn", str(FILE), "--figures", str(folder), "--lang", "zh") == 0
        assert (folder / "figure.png").stat().st_size > 10_000

    def test_a_name_is_of_a_scenario(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert left("learn", str(FILE), "--name", "x") == 2
        assert "--name" in capsys.readouterr().err

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_a_log_that_says_too_little_is_told(
        self, language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path, out = tmp_path / "few.csv", tmp_path / "hall.yaml"
        lines = FILE.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(lines[:40]), encoding="utf-8")
        assert left("learn", str(path), "--out", str(out), "--lang", language) == 2
        said = capsys.readouterr().err
        text = load_text(language)
        assert text("error.log_lacks_arrivals") in said
        assert text("error.log_lacks_services") in said
        assert "Traceback" not in said
        assert not out.exists()


def left(*arguments: str) -> Any:
    with pytest.raises(SystemExit) as done:
        main([*arguments])
    return done.value.code


def test_a_log_of_cases_is_no_scenario(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        "project_no,apply_date,accept_date\n1,2025-03-03,2025-03-04\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as error:
        learned_scenario(read_log(path), "x")
    assert [problem.code for problem in error.value.problems] == ["log_lacks_tickets"]


def test_an_average_day_of_the_model_is_that_of_the_log() -> None:
    """Nine of ten runs lie in each band: of 15 half hours the log may leave a few."""
    learned = read_log(FILE)
    assert isinstance(learned.log, TicketLog)
    day = learned_day(learned.log, scenario_of(learned))
    busy = [slot for slot in day.slots if slot.came > 1]
    assert len(busy) == 15
    assert sum(slot.came for slot in day.slots) == pytest.approx(1_998 / 20)
    assert np.mean([slot.came_low <= slot.came <= slot.came_high for slot in busy]) > 0.7
    assert np.mean([slot.wait_low <= slot.wait <= slot.wait_high for slot in busy]) > 0.7
    assert day.mean_low < day.mean < day.mean_high


def test_what_a_log_lacks_for_a_scenario_is_told_each_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("取号时间\n2025-03-03 09:00\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        learned_scenario(read_log(path), "x")
    lacks = ["log_lacks_arrivals", "log_lacks_services", "log_lacks_staffing"]
    assert [problem.code for problem in error.value.problems] == lacks
    for language in LANGUAGES:
        for problem in error.value.problems:
            assert "log.csv" in problem.sentence(load_text(language))


def test_of_many_matters_the_rarest_are_one(tmp_path: Path) -> None:
    """A hall names more matters than anybody can tell apart; as many people come."""
    heads, *rows = FILE.read_text(encoding="utf-8").splitlines()
    cells = [row.split(",") for row in rows]
    for n, row in enumerate(cells):
        row[3] = f"事项{(n * n) % 397:03}"
    path = tmp_path / "log.csv"
    path.write_text("\n".join([heads, *map(",".join, cells)]), encoding="utf-8")
    learned = read_log(path)
    assert "many_matters" in learned.quality.limits
    scenario = scenario_of(learned)
    assert len(scenario.matters) == 100
    assert {matter.name.en for matter in scenario.matters} > {"Other matters"}
    per_day = sum(flow.per_day for flow in scenario.demand if flow.per_day is not None)
    assert per_day == pytest.approx(len(rows) / 20, rel=0.01)


def test_long_names_are_cut_where_the_language_ends(tmp_path: Path) -> None:
    words = FILE.read_text(encoding="utf-8").replace("登记", "登" * 300)
    path = tmp_path / "log.csv"
    path.write_text(words, encoding="utf-8")
    names = {matter.name.zh for matter in scenario_of(read_log(path)).matters}
    assert names == {"证明", "登" * 199 + "…"}
