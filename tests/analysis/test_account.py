"""Everybody who wished something stands in one outcome, whatever became of them."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings

from sim.analysis.account import account, all_accounts
from sim.analysis.estimates import estimates
from sim.analysis.measures import measure
from sim.engine.run import run
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.results.invariants import check_invariants
from sim.results.outcomes import ACCOUNTS, LEFT_OUT, people
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from tests.laws.halls import told_tables
from tests.strategies import areas, bundle, come, errand, item, scenarios, small, windows

NEVER_BACK = "unserved: {returns: 0, lost: 1}"


def outcomes(tables: Tables, name: str = "people") -> dict[str, int]:
    """Outcome -> how many, of one replication."""
    people = account([measure(tables)], name)
    assert sum(standing.number for standing in people.standings) == people.total
    return {standing.outcome: standing.number for standing in people.standings}


class TestOutcomesByHand:
    def test_called_waiting_and_gone(self) -> None:
        """One window, 10 minutes each, patience of 15 minutes: the third and fourth give up."""
        day = told_tables(
            small(
                demand=come("09:00", "09:00", "09:00", "09:00"),
                applicants=f"{{patience: 15 min, {NEVER_BACK}}}",
            )
        )
        assert outcomes(day) == {"accepted": 2, "gave_up": 2}
        assert outcomes(day, "visits") == {"served": 2, "gave_up": 2}
        assert outcomes(day, "cases") == {"not_accepted": 2, "issued": 2}

    def test_who_waits_when_the_run_ends(self) -> None:
        """A hall that never closes: at a window, waiting, and at the end nobody is forgotten."""
        always = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
        day = told_tables(
            small(
                calendars=always,
                run="{start: 2025-01-06, measured_days: 1}",
                demand=come("23:45", "23:50", "23:55", "23:58"),
            )
        )
        assert outcomes(day) == {"accepted": 1, "at_window": 1, "waiting": 2}
        assert outcomes(day, "visits") == {"served": 1, "pending": 3}

    def test_who_is_at_the_desk_when_the_run_ends(self) -> None:
        """Four minutes at the desk, ten at the window; one is served, the next still waits.

        The third is being greeted from 23:58, the fourth waits for that.
        """
        day = told_tables(
            small(
                calendars="[{id: day, weekly: {mon-sun: [00:00-24:00]}}]",
                hall="reception: {clerks: 1, service: 4 min}",
                demand=come("23:30", "23:50", "23:51", "23:57", "23:59"),
            )
        )
        assert outcomes(day) == {"accepted": 1, "at_window": 1, "waiting": 1, "at_desk": 2}

    def test_from_the_first_instant_to_the_last(self) -> None:
        """Called, given a ticket or let in at midnight of the first date, and so to the end."""
        always = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
        for hall, expected in (
            ("closing: serve_all", {"at_window": 1, "waiting": 1}),
            ("reception: {clerks: 1, service: 30 h}", {"at_desk": 2}),
        ):
            text = small(
                calendars=always,
                hall=hall,
                matters=f"[{errand('30 h')}]",
                demand=come("00:00", "00:00"),
            )
            assert outcomes(told_tables(text)) == expected

    def test_who_comes_when_the_hall_is_over(self) -> None:
        day = told_tables(small(demand=come("18:00", "09:00"), applicants=f"{{{NEVER_BACK}}}"))
        assert outcomes(day) == {"accepted": 1, "turned_away": 1}

    def test_who_will_come_again_after_the_end(self) -> None:
        day = told_tables(
            small(
                run="{start: 2025-01-06, measured_days: 1}",
                demand=come("18:00"),
                applicants="{unserved: {returns: 1, lost: 0}}",
            )
        )
        assert outcomes(day) == {"comes_again": 1}

    def test_open_cases_stand_among_the_cases(self) -> None:
        day = told_tables(small(matters=bundle(item("check", "90 h")), demand=come("09:00")))
        assert outcomes(day) == {"accepted": 1}
        assert outcomes(day, "cases") == {"open": 1}

    def test_a_wish_on_a_closed_date_between_measured_days_counts(self) -> None:
        """Friday and Monday are measured; who comes on Sunday is turned away, not forgotten."""
        day = told_tables(
            small(
                run="{start: 2025-01-10, measured_days: 2}",
                calendars="[{id: day, weekly: {mon-fri: [09:00-17:00]}}]",
                demand=come("4 09:00", "6 10:00", "7 09:00"),
                applicants=f"{{{NEVER_BACK}}}",
            )
        )
        assert outcomes(day) == {"accepted": 2, "turned_away": 1}


PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=60, phases=[Phase.explicit, Phase.generate], suppress_health_check=PATIENT)
@given(scenarios() | areas())
def test_accounts_add_up_in_any_hall(text: str) -> None:
    plan = compile_plan(scenario_from_text(text), "hall")
    tape = draw_tape(plan.demand, seed=1, replication=0)
    tables = Tables(plan, tape, run(plan, tape))
    wished = int(tables.on_measured_dates(tape.cases.wished_at).sum())
    came = int(tables.on_measured_dates(tables.visits.arrived_at).sum())
    accounts = {account_.name: account_ for account_ in all_accounts([measure(tables)])}
    assert accounts["people"].total == accounts["cases"].total == wished
    assert accounts["visits"].total == came
    accepted = accounts["people"].number_of("accepted")
    assert accepted == wished - accounts["cases"].number_of("not_accepted")
    np.testing.assert_array_equal(people(tables) == 0, tables.cases.accepted_at >= 0)
    for account_ in accounts.values():
        assert sum(standing.number for standing in account_.standings) == account_.total
    check_invariants(tables)


def test_left_out_are_outcomes_of_their_account() -> None:
    for name, left_out in LEFT_OUT.items():
        assert set(left_out) < set(ACCOUNTS[name])


def test_more_clerks_move_people_between_outcomes_and_never_out_of_the_account() -> None:
    def day(clerks: int) -> dict[str, int]:
        return outcomes(
            told_tables(
                small(
                    demand="[{id: people, matter: errand, rate: 12 per h}]",
                    layouts=windows(f"id: window, serves: [errand], clerks: {clerks}"),
                    applicants=f"{{patience: 20 min, {NEVER_BACK}}}",
                )
            )
        )

    few, many = day(1), day(3)
    assert sum(few.values()) == sum(many.values())
    assert many["accepted"] > few["accepted"]


def test_the_share_left_out_is_that_of_the_account() -> None:
    always = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
    day = told_tables(
        small(
            calendars=always,
            run="{start: 2025-01-06, measured_days: 1}",
            demand=come("23:00", "23:45", "23:50", "23:55", "23:58"),
        )
    )
    tally = measure(day)
    [share] = [
        estimate.interval for estimate in estimates([tally]) if estimate.measure == "left_out_share"
    ]
    people_left_out = account([tally], "people").left_out
    assert sum(count.number for count in people_left_out) == 3
    assert share.mean == 3 / 5
