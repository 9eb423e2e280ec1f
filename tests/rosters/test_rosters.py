"""Reader and judge by hand, the exact solution by enumeration, the bridge by law."""

from __future__ import annotations

import os
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rosters.__main__ import BEST_KNOWN, PLANS, instances_in, main, on_weekdays
from tests.rosters.bridge import RULES_OF_A_HALL
from tests.rosters.exact import solve
from tests.rosters.instance import (
    FREE,
    RULES,
    CoverNeed,
    Employee,
    Instance,
    Request,
    Roster,
    judge,
    read_instance,
)

TINY = Path(__file__).with_name("tiny.txt")
FOLDER = os.environ.get("ROSTER_INSTANCES", "")


@cache
def tiny() -> Instance:
    return read_instance(TINY.read_text(encoding="utf-8"))


def roster_of(**people: str) -> Roster:
    """One letter a day, a dot for a day off."""
    return {name: [FREE if day == "." else day for day in days] for name, days in people.items()}


def breaches(instance: Instance, roster: Roster) -> dict[str, int]:
    return {rule: times for rule, times in judge(instance, roster).breaches.items() if times}


class TestReader:
    def test_reads_each_section(self) -> None:
        instance = tiny()
        assert (instance.horizon, instance.weeks) == (7, 1)
        assert instance.minutes == {"E": 480, "L": 480}
        assert instance.not_after == {"E": frozenset(), "L": frozenset("E")}
        assert instance.staff[0] == Employee(
            "A", {"E": 7, "L": 1}, 2400, 1440, 4, 2, 2, 1, frozenset({0})
        )
        assert instance.on == (Request("A", 1, "E", 3), Request("B", 4, "L", 2))
        assert instance.off[1] == Request("B", 1, "L", 5)
        assert instance.cover[6] == CoverNeed(4, "L", 1, 90, 2)

    def test_a_line_that_is_not_of_the_format_is_refused(self) -> None:
        with pytest.raises(ValueError, match="unpack"):
            read_instance(TINY.read_text(encoding="utf-8") + "6,L,1\n")


class TestJudge:
    def test_objective_by_hand(self) -> None:
        """Not heeded: B's day 4 (2) and day 1 (5). Missing: E of days 0, 3 and 6 (100 each), L of
        day 4 (90). Too many: L of day 3 (1)."""
        verdict = judge(tiny(), roster_of(A=".EE..E.", B="LL.L..."))
        assert (verdict.requests, verdict.under, verdict.over) == (7, 390, 1)
        assert (verdict.missing, verdict.objective) == (4, 398)

    @pytest.mark.parametrize(
        ("a", "b", "broken"),
        [
            (".EEEE..", "LL.LL..", {}),
            ("EEEE...", "LL.LL..", {"days_off": 1}),
            (".EEEE..", "LEL....", {"days_off": 1, "max_shifts": 1, "follows": 1}),
            (".EELL..", "LL.LL..", {"max_shifts": 1}),
            (".EEEEEE", "LL.LL..", {"max_minutes": 1, "max_running": 1}),
            (".EE....", "LL.LL..", {"min_minutes": 1}),
            (".EE..E.", "LL.LL..", {"min_running": 1}),
            (".EE.EE.", "LL.LL..", {"min_off_running": 1}),
            (".EEEE..", "LL....L", {"max_weekends": 1}),
            (".LE.EE.", "LL.LL..", {"min_off_running": 1, "follows": 1}),
        ],
    )
    def test_each_hard_rule(self, a: str, b: str, broken: dict[str, int]) -> None:
        assert breaches(tiny(), roster_of(A=a, B=b)) == broken


class TestExact:
    def test_as_enumeration_has_it(self) -> None:
        """All rosters of two people, one shift and seven days."""
        one_shift = tiny()._replace(
            minutes={"E": 480},
            not_after={"E": frozenset()},
            staff=tuple(
                person._replace(max_shifts={"E": most}, max_weekends=1)
                for person, most in zip(tiny().staff, (7, 3), strict=True)
            ),
            on=(Request("A", 1, "E", 3), Request("B", 4, "E", 2)),
            off=(Request("A", 3, "E", 4), Request("B", 1, "E", 5)),
            cover=tuple(need for need in tiny().cover if need.shift == "E"),
        )
        weeks = list(product((FREE, "E"), repeat=7))
        a, b = (
            [
                days
                for days in weeks
                if not breaches(one_shift._replace(staff=(person,)), {"A": days, "B": days})
            ]
            for person in one_shift.staff
        )
        least = min(
            judge(one_shift, {"A": days_a, "B": days_b}).objective
            for days_a, days_b in product(a, b)
        )
        solved = solve(one_shift)
        assert solved.objective == judge(one_shift, solved.roster).objective == least
        assert not breaches(one_shift, solved.roster)

    def test_fewer_rules_cost_no_more(self) -> None:
        objectives = [solve(tiny(), RULES[:n]).objective for n in range(len(RULES) + 1)]
        assert objectives == sorted(objectives)
        assert objectives[0] < objectives[-1]


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """A fortnight of up to six people and two shifts."""
    shifts = draw(st.sampled_from([("E",), ("E", "L")]))
    number, least_off = st.integers(0, 3), draw(st.integers(1, 3))
    staff = tuple(
        Employee(
            f"P{n}",
            {shift: draw(st.sampled_from((0, 3, 14))) for shift in shifts},
            480 * draw(st.integers(2, 10)),
            0,
            draw(st.integers(3, 6)),
            1,
            least_off,
            draw(st.integers(0, 2)),
            frozenset(draw(st.sets(st.integers(0, 13), max_size=3))),
        )
        for n in range(draw(st.integers(1, 6)))
    )
    cover = tuple(CoverNeed(d, s, draw(number), 100, 1) for d in range(14) for s in shifts)
    barred = {shift: frozenset(shifts[:n]) for n, shift in enumerate(shifts)}
    return Instance(14, dict.fromkeys(shifts, 480), barred, staff, (), (), cover)


class TestBridge:
    @settings(max_examples=12, deadline=None)
    @given(instances(), st.sampled_from(list(PLANS)))
    def test_keeps_the_rules_of_a_hall(self, instance: Instance, plan: str) -> None:
        """So it never beats the best roster under just these rules, and has nobody too many."""
        roster = PLANS[plan](instance)
        verdict = judge(instance, roster)
        assert not any(verdict.breaches[rule] for rule in RULES_OF_A_HALL)
        assert verdict.over == 0
        assert verdict.objective >= solve(instance, RULES_OF_A_HALL).objective
        for person in instance.staff:
            assert all(s == FREE or person.max_shifts[s] for s in roster[person.id])

    def test_hours_over_the_horizon_are_used_up(self) -> None:
        """Four and a half shifts a week are nine in two weeks, not eight."""
        staff = tuple(Employee(f"P{n}", {"E": 14}, 4320, 0, 5, 1, 1, 2) for n in range(2))
        cover = tuple(CoverNeed(d, "E", 2, 100, 1) for d in range(14) if d % 7 < 5)
        instance = Instance(14, {"E": 480}, {"E": frozenset()}, staff, (), (), cover)
        missing = {name: judge(instance, plan(instance)).missing for name, plan in PLANS.items()}
        assert missing == {"hours by the week": 4, "hours over all weeks": 2}

    def test_shifts_longer_than_a_day_together(self) -> None:
        """They are shortened, and contracts with them."""
        shifts = ("E", "D", "L", "N")
        staff = tuple(
            Employee(f"P{n}", dict.fromkeys(shifts, 14), 4800, 0, 6, 1, 1, 2) for n in range(4)
        )
        cover = tuple(CoverNeed(d, s, 1, 100, 1) for d in (0, 1, 2, 3, 4) for s in shifts)
        barred = dict.fromkeys(shifts, frozenset[str]())
        instance = Instance(14, dict.fromkeys(shifts, 480), barred, staff, (), (), cover)
        assert [judge(instance, plan(instance)).missing for plan in PLANS.values()] == [0, 0]


def test_a_folder_without_instances_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no Instance1.txt" in capsys.readouterr().out


@pytest.mark.parametrize(("option", "best_known"), [("--prove", True), ("--weekdays", False)])
def test_the_command_prints_best_known_and_ours(
    option: str, best_known: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Instance1.txt").write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    assert main([str(tmp_path), option]) == 0
    printed = capsys.readouterr().out
    assert ("607" in printed) == best_known
    instance = tiny() if best_known else on_weekdays(tiny())
    for plan in PLANS.values():
        assert str(judge(instance, plan(instance)).objective) in printed


@pytest.mark.skipif(not FOLDER, reason="ROSTER_INSTANCES names no folder with the instances")
class TestPublicInstances:
    @pytest.mark.parametrize("n", BEST_KNOWN)
    def test_ours_keep_the_rules_of_a_hall(self, n: int) -> None:
        instance = instances_in(Path(FOLDER))[n]
        for plan in PLANS.values():
            verdict = judge(instance, plan(instance))
            assert not any(verdict.breaches[rule] for rule in RULES_OF_A_HALL)
            assert verdict.over == 0

    @pytest.mark.slow
    @pytest.mark.parametrize("n", [1, 2])
    def test_all_rules_together_have_the_best_known_value(self, n: int) -> None:
        instance = instances_in(Path(FOLDER))[n]
        solved = solve(instance, time_limit=110)
        assert solved.objective == judge(instance, solved.roster).objective == BEST_KNOWN[n]
        assert not breaches(instance, solved.roster)
