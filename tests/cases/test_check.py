"""What `govhall check` says of the cases to get right, and of their kin."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import compile_plan, draw_tape
from sim.analysis.offered import cases_a_day, offered_load
from sim.clock import DAY, HOUR
from sim.engine.run import run
from sim.errors import Problem, ScenarioError
from sim.results.tables import Tables
from sim.scenario.hours import hall_dates, unpublished_years, workday_holidays
from sim.scenario.load import read_scenario, scenario_from_text
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, load_text
from tests.strategies import small, windows

ANSWERS = Path(__file__).parent / "answers"


def read_case(name: str, *overrides: str) -> tuple[Scenario, dict[str, Problem]]:
    """A case and its warnings by their code, those about sources left aside."""
    scenario, warnings = read_scenario(ANSWERS / f"{name}.yaml", overrides)
    return scenario, {problem.code: problem for problem in warnings if problem.code != "no_source"}


class TestArrivals:
    """Who comes while the hall is shut."""

    def test_one_every_so_often_comes_in_hall_hours(self) -> None:
        """3 days of 8 hours hold 144 intervals of 10 minutes; the last ends with the run."""
        scenario, warnings = read_case("every_at_night")
        clock = draw_tape(compile_plan(scenario, "hall").demand, 1, 0).cases.arrived_at % DAY
        assert len(clock) == 143
        assert ((clock >= 9 * HOUR) & (clock < 17 * HOUR)).all()
        assert not warnings

    def test_given_instants_are_counted(self) -> None:
        """6.5 hours, one every 10 minutes; the first day begins with a gap."""
        scenario, _ = read_case("check_counts_zero")
        assert cases_a_day(compile_plan(scenario, "hall")) == pytest.approx(39, abs=0.06)
        text = small(
            run="{start: 2025-01-06, measured_days: 2}",
            demand="[{id: all, matter: errand, at: [2025-01-06 10:00, 2025-01-07 10:00,"
            " 2025-01-07 11:00]}]",
        )
        assert cases_a_day(compile_plan(scenario_from_text(text), "hall")) == 1.5

    def test_who_comes_early_waits_at_the_door(self) -> None:
        """180 and 150 of 720 weights before closing; 90 of 810 lie after it."""
        scenario, warnings = read_case("profile_outside_hours")
        assert set(warnings) == {"profile_outside_hours", "profile_after_closing"}
        early = warnings["profile_outside_hours"].found
        assert early == "07:30-08:30: 25%, 12:00-14:30: 21%"
        assert warnings["profile_after_closing"].found == "11%"
        tape = draw_tape(compile_plan(scenario, "hall").demand, 1, 0)
        clock = tape.cases.arrived_at % DAY / HOUR
        assert np.mean(clock < 8.5) == pytest.approx(0.25, abs=0.04)
        assert np.mean((clock >= 12) & (clock < 14.5)) == pytest.approx(0.21, abs=0.04)
        assert clock.max() < 17.5

    @pytest.mark.parametrize(
        ("instants", "expected"),
        [
            ("2025-01-06 10:00", {}),
            ("2025-01-06 08:00, 2025-01-06 10:00", {"given_at_door": "50%"}),
            ("2025-01-06 12:30, 2025-01-06 10:00", {"given_at_door": "50%"}),
            ("2025-01-06 17:00", {"given_turned_away": "100%"}),
            ("2025-01-08 10:00, 2025-01-07 10:00", {"given_turned_away": "50%"}),
            ("2025-01-10 10:00, 2025-01-07 10:00", {"given_after_run": "50%"}),
        ],
    )
    def test_given_instants_outside_hours(self, instants: str, expected: dict[str, str]) -> None:
        """Before the opening, in a break, after closing, on a shut day, after the run."""
        text = small(
            source="a test",
            run="{start: 2025-01-06, measured_days: 3}",
            calendars="[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]},"
            " closed: [2025-01-08]}]",
            demand=f"[{{id: all, matter: errand, at: [{instants}]}}]",
        )
        shares: dict[str, Any] = {}
        for problem in read_text(text):
            shares[problem.code] = dict(problem.values)["share"]
        assert shares == expected


class TestNeverActs:
    """A mechanism that can never act is told with what follows."""

    @pytest.mark.parametrize(
        ("sections", "code"),
        [
            ({"hall": "last_ticket: 8 h"}, "no_tickets"),
            ({"hall": "last_ticket: 7 h"}, None),
            ({"applicants": "{balk_at: 4}"}, "tidal_out_of_reach"),
            ({"applicants": "{balk_at: 6}"}, None),
        ],
    )
    def test_it_is_told(self, sections: dict[str, str], code: str | None) -> None:
        layouts = windows(
            "id: window, list: l, serves: [errand], clerks: 1",
            "id: reserve, list: l, serves: [errand], clerks: 1, tidal: {opens_at: 6}",
        )
        warnings = read_text(small(source="a test", layouts=layouts, **sections))
        assert {problem.code for problem in warnings} == ({code} if code else set())


class TestRemedies:
    """What is advised helps."""

    def test_windows_at_which_nobody_sits(self) -> None:
        """The cause is told; with one clerk the file is sound."""
        with pytest.raises(ScenarioError) as told_:
            read_case("unclear_no_clerks")
        [problem] = told_.value.problems
        assert problem.code == "matter_without_clerk"
        assert dict(problem.values)["groups"] == "windows"
        read_case("unclear_no_clerks", "layouts.hall.windows.windows.clerks=1")


class TestHolidays:
    """What is not published is said; what the law fixes is kept."""

    def test_years_to_come(self) -> None:
        scenario, warnings = read_case("holidays_2027")
        assert warnings["holidays_unpublished"].found == "2027, 2028"
        assert unpublished_years(scenario) == (2027, 2028)
        days = hall_dates(scenario)
        assert date(2027, 2, 5) not in days
        assert date(2027, 10, 1) not in days
        assert date(2027, 9, 15) not in days
        # 261 weekdays of 2027, 13 of them off; the first of January is one
        assert sum(day.year == 2027 for day in days) == 248

    def test_working_days_follow_the_calendars(self) -> None:
        """Left out, the spring festival of 2025 does not count; as none, it is told."""
        scenario, warnings = read_case("forgotten")
        assert "workdays_on_holidays" not in warnings
        plan = compile_plan(scenario, "hall")
        assert workday_holidays(scenario) == "china"
        assert (
            compile_plan(
                read_case("forgotten", "run.holidays=china")[0], "hall"
            ).office.workday_rank
            == plan.office.workday_rank
        ).all()
        _, warnings = read_case("forgotten", "run.holidays=none")
        assert warnings["workdays_on_holidays"].found == "office_hours"

    def test_holidays_that_one_part_forgets(self) -> None:
        """The hall rests, its department does not; or neither, while working days do."""
        calendars = (
            "[{{id: day, weekly: {{mon-fri: [09:00-17:00]}}, holidays: {0}}},"
            " {{id: office, weekly: {{mon-fri: [09:00-17:00]}}}}]"
        )
        office = "[{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: office}]"
        codes = [
            {problem.code for problem in read_text(small(source="a test", **sections))}
            for sections in (
                {"calendars": calendars.format("china"), "departments": office},
                {"run": "{start: 2025-01-06, measured_days: 5, holidays: china}"},
                {"calendars": calendars.format("none"), "departments": office},
            )
        ]
        assert codes[:2] == [{"holidays_mixed"}, {"holidays_not_kept"}]
        assert codes[2] == set()


class TestLoad:
    """Overload is told exactly when no assignment of all the work to the clerks is feasible."""

    def test_work_that_two_groups_share(self) -> None:
        """4.1 people's work on 5: the groups help each other out."""
        scenario, _ = read_case("load_of_shared_list")
        loads = offered_load(compile_plan(scenario, "hall"))[:2]
        assert [load.load for load in loads] == pytest.approx([0.82, 0.82])
        assert {load.together for load in loads} == {("billers", "flexible")}

    def test_trips_with_papers_are_work(self) -> None:
        """0.2 x 9 / 3, and 0.45 + 0.45^2 + … as much again."""
        scenario, _ = read_case("load_of_papers")
        [load] = [
            load for load in offered_load(compile_plan(scenario, "hall")) if load.id == "windows"
        ]
        assert load.load == pytest.approx(0.6 * (1 - 0.45**21) / 0.55)

    @pytest.mark.parametrize(
        ("change", "grows"),
        [
            ("layouts.hall.windows.flexible.clerks=3", False),
            ("demand.o.rate=0.32 per min", True),  # 3.2 people's work that 3 may do
            ("demand.b.rate=0.34 per min", True),  # 5.1 on 5
            ("demand.b.rate=0.31 per min", False),
        ],
    )
    def test_queues_grow_where_it_is_told(self, change: str, grows: bool) -> None:
        """Twice the days: about twice as many wait at the end, or no more."""
        waiting = []
        for days in (40, 80):
            overrides = [change, f"run.measured_days={days}"]
            plan = compile_plan(
                read_scenario(ANSWERS / "load_of_shared_list.yaml", overrides)[0], "hall"
            )
            tape = draw_tape(plan.demand, 1, 0)
            tickets = Tables(plan, tape, run(plan, tape)).tickets
            waiting.append(np.count_nonzero((tickets.taken_at >= 0) & (tickets.called_at < 0)))
        over = max(load.load for load in offered_load(plan)) > 1
        assert over is grows
        assert (waiting[1] > 1.5 * waiting[0] > 500) if grows else max(waiting) < 200

    @pytest.mark.parametrize(
        ("shares", "loads"), [("{}", (0.6, 0.6)), ("{left: 9, right: 1}", (1.08, 0.12))]
    )
    def test_fixed_weights_are_no_choice(self, shares: str, loads: tuple[float, float]) -> None:
        """Who is sent to a list by weight is not served by another that idles."""
        text = small(
            run="{start: 2025-01-06, measured_days: 5}",
            demand="[{id: all, matter: errand, rate: 7.2 per h}]",
            layouts="[{id: hall, name: {zh: 厅, en: Hall},"
            f" routing: {{rule: shares, shares: {shares}}},"
            " windows: [{id: left, serves: [errand], clerks: 1},"
            " {id: right, serves: [errand], clerks: 1}]}]",
        )
        loads_of_groups = offered_load(compile_plan(scenario_from_text(text), "hall"))
        assert [load.load for load in loads_of_groups[:2]] == pytest.approx(loads)

    def test_a_list_that_closes_early_has_less(self) -> None:
        """Right closes at one: all who come later go left, whatever the weights."""
        text = small(
            run="{start: 2025-01-06, measured_days: 5}",
            demand="[{id: all, matter: errand, rate: 6 per h}]",
            layouts="[{id: hall, name: {zh: 厅, en: Hall}, routing: {rule: shares},"
            " windows: [{id: left, serves: [errand], clerks: 1},"
            " {id: right, serves: [errand], clerks: {09:00-13:00: 1}}]}]",
        )
        loads = offered_load(compile_plan(scenario_from_text(text), "hall"))
        assert [load.work_hours for load in loads[:2]] == pytest.approx([30, 10])

    def test_reserve_windows_have_the_time_of_their_pool(self) -> None:
        """The busy list has one clerk and at most one of the pool's two; the third stays away."""
        layout = (
            "[{id: hall, name: {zh: 厅, en: Hall}, windows: [{id: busy, list: l, serves: [errand],"
            " clerks: 1}, {id: reserve, list: l, serves: [errand], clerks: 1, tidal: {opens_at: 3,"
            " pool: calm}}, {id: calm, serves: [other], clerks: 2}]}]"
        )
        matters = ", ".join(
            f"{{id: {id_}, name: {{zh: 事, en: Errand}}, lead: office, service: {{base: 10 min}}}}"
            for id_ in ("errand", "other")
        )
        text = small(
            run="{start: 2025-01-06, measured_days: 5}",
            matters=f"[{matters}]",
            demand="[{id: a, matter: errand, rate: 7.5 per h},"
            " {id: b, matter: other, rate: 1.2 per h}]",
            layouts=layout,
        )
        loads_of_groups = offered_load(compile_plan(scenario_from_text(text), "hall"))
        loads = {load.id: load.load for load in loads_of_groups}
        assert loads["busy"] == pytest.approx(1.25 / 2)
        assert loads["calm"] == pytest.approx((1.25 / 2 + 0.2) / 2)
        assert loads["reserve"] == 0
        # one of three clerks may leave, for the first of two reserve windows
        text = text.replace("calm}}", "calm, keep: 2}}")
        text = text.replace("other], clerks: 2", "other], clerks: 3")
        text = text.replace("[errand], clerks: 1, tidal", "[errand], clerks: 2, tidal")
        plan = compile_plan(scenario_from_text(text), "hall")
        loads = {group.id: group.load for group in offered_load(plan)}
        assert loads["busy"] == pytest.approx(1.25 / 2)
        assert loads["calm"] == pytest.approx((1.25 / 2 + 0.2) / 3)


def read_text(text: str) -> tuple[Problem, ...]:
    """Warnings of a scenario that comes as text; each can be told in both languages."""
    from sim.scenario.load import validate_tree
    from sim.scenario.tree import parse_tree

    problems: list[Problem] = []
    warnings = validate_tree(parse_tree(text, "", problems), problems)[1]
    texts = [load_text(language) for language in LANGUAGES]
    assert all(warning.sentence(text_) for warning in warnings for text_ in texts)
    return warnings
