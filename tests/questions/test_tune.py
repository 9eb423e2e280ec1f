"""Laws of tuning: the best is found, what does nothing is said to, nobody works longer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import Run, load_scenario, replicate, tune
from sim.errors import OptionError
from sim.questions import lever_search
from sim.questions.hall_levers import NAMED, LeverChoice, hall_levers, read_choices
from sim.questions.sweep import tallies_of
from sim.questions.tune import TuneQuestion, Tuning, tuned_scenario
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.edit import with_overrides
from sim.scenario.scenario import Scenario
from sim.storage.answers import QUESTIONS
from sim.storage.codec import read_plain, to_plain
from tests.answers.test_answers import HERE

SMALL = load_scenario(HERE / "hall.yaml")
CALM = with_overrides(SMALL, ["run.warmup_days=0", "run.measured_days=3", "run.followup_days=0"])
CLERKS = "layouts.zone.windows.rest.clerks"
RUN = Run(replications=4, workers=1)


def tuned(scenario: Scenario, *levers: str, layout: str = "zone", **options: object) -> Tuning:
    return tune(scenario, read_choices(levers), layout, run=RUN, **options)  # type: ignore[arg-type]


class TestSelection:
    def test_more_clerks_are_chosen_where_they_may_be(self) -> None:
        """Waits fall with each clerk, by more than the zone: the most is best."""
        tuning = tuned(CALM, f"{CLERKS}=2,3", any_hours=True, zone=0.2)
        assert tuning.best.values == ("3",)
        assert tuning.judgement.startswith("better")
        assert tuned_scenario(tuning).layout("zone").windows[1].clerks == {"mon-sun 00:00-24:00": 3}

    def test_a_row_is_what_its_scenario_gives(self) -> None:
        tuning = tuned(CALM, f"{CLERKS}=2,3", any_hours=True)
        for row in tuning.rows:
            varied = with_overrides(CALM, ["equal_budget=none", *row.overrides])
            study = replicate(varied, ["zone"], run=Run(replications=row.replications, workers=1))
            sums = sum(tally.by_day["wait"].sum(axis=1) for tally in study.tallies[0])
            assert row.measured.mean == pytest.approx(sums[0] / sums[1] / 60_000)

    def test_the_chosen_is_confirmed_on_crowds_that_the_search_has_not_met(self) -> None:
        tuning = tuned(CALM, f"{CLERKS}=3", any_hours=True)
        first = tuning.replications - tuning.confirmed_on
        assert tuning.confirmed_on >= 4
        study = replicate(tuned_scenario(tuning), ["zone"], run=Run(replications=40, workers=1))
        fresh = study.tallies[0][first : first + tuning.confirmed_on]
        sums = np.sum([tally.by_day["wait"].sum(axis=1) for tally in fresh], axis=0)
        assert tuning.fresh.mean == pytest.approx(sums[0] / sums[1] / 60_000)
        assert tuning.gain.mean == pytest.approx(tuning.fresh.mean - tuning.fresh_today.mean)

    def test_who_is_surely_behind_is_dropped_and_not_alike(self) -> None:
        tuning = tuned(CALM, f"{CLERKS}=2,3", any_hours=True, zone=0.2)
        today = tuning.table[tuning.today]
        assert today.candidate.dropped_after > 0
        assert today.verdict == "behind"

    def test_turning_people_away_is_no_way_to_shorten_waits(self) -> None:
        tuning = tuned(CALM, "hall.capacity=3")
        [away] = [row for row in tuning.table if not row.is_today]
        assert away.candidate.measured.mean < tuning.rows[tuning.today].measured.mean
        assert away.verdict == "serves_fewer"
        assert tuning.chosen == tuning.today

    def test_levers_in_turns_find_what_all_combinations_find(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        levers = (f"{CLERKS}=2,3", "hall.reception.clerks=1,3")
        both = tuned(CALM, *levers, any_hours=True)
        monkeypatch.setattr(lever_search, "AT_ONCE", 2)
        turns = tuned(CALM, *levers, any_hours=True)
        assert (both.in_turns, turns.in_turns) == (False, True)
        assert turns.best.values[0] == both.best.values[0] == "3"
        assert len(turns.rows) < len(both.rows)


class TestNothing:
    def test_a_lever_without_effect_is_said_to_have_none(self) -> None:
        tuning = tuned(CALM, "tidal_threshold=40,50", "opening")
        assert tuning.idle == ("layouts.zone.windows.tide.tidal.opens_at",)

    def test_more_places_without_bookings_change_nothing(self) -> None:
        nobody = with_overrides(CALM, ["applicants.appointments.shops.share=0"])
        tuning = tuned(nobody, "appointment_places=2,5")
        assert tuning.idle == ("applicants.appointments.shops.slots",)
        assert tuning.chosen == tuning.today
        assert tuning.confirmed_on == 0
        assert {row.apart.mean for row in tuning.rows} == {0.0}

    def test_todays_own_value_is_no_other_candidate(self) -> None:
        assert len(tuned(CALM, "tidal_threshold=3,40").rows) == 2


class TestHours:
    @pytest.mark.parametrize("lever", ["opening", "lunch_stagger", "tidal_threshold"])
    def test_every_candidate_has_todays_clerk_hours(self, lever: str) -> None:
        tuning = tuned(CALM, lever)
        assert len(tuning.rows) > 2
        hours = weekly_clerk_hours(CALM, CALM.layout("zone"))
        assert [row.clerk_hours for row in tuning.rows] == pytest.approx([hours] * len(tuning.rows))

    def test_seats_keep_the_sum_however_often_they_move(self) -> None:
        more = with_overrides(CALM, ["layouts.counters.windows.market.clerks=4"])
        tuning = tuned(more, "seats", layout="counters", zone=0.05)
        assert tuning.in_turns
        hours = weekly_clerk_hours(more, more.layout("counters"))
        assert [row.clerk_hours for row in tuning.rows] == pytest.approx([hours] * len(tuning.rows))
        assert tuning.best.values != tuning.rows[tuning.today].values, "four stood where few come"

    def test_other_clerk_hours_are_left_out_unless_they_are_asked_for(self) -> None:
        tuning = tuned(CALM, f"{CLERKS}=3", "tidal_threshold=5")
        assert {problem.code for row in tuning.left_out for problem in row.problems} == {
            "lever_other_hours"
        }
        assert {row.values[0] for row in tuning.rows} == {"1"}


class TestSharedCalendar:
    SHARED = with_overrides(CALM, ["departments.market.hours=hall"])

    @pytest.mark.parametrize("lever", ["opening", "lunch_stagger"])
    def test_the_hall_is_moved_and_who_shares_its_calendar_is_named(self, lever: str) -> None:
        tuning = tuned(self.SHARED, lever)
        assert tuning.keeping_hours == (("departments", "market"),)
        assert len(tuning.rows) > 2, "each setting could be made"
        for row in tuning.rows:
            paths = [override.partition("=")[0] for override in row.overrides]
            assert paths[:2] == ([] if not paths else ["calendars.hall_hours", "hall.hours"])

    def test_nobody_is_named_where_no_hours_move(self) -> None:
        assert tuned(self.SHARED, "tidal_threshold=5").keeping_hours == ()
        assert tuned(CALM, "opening").keeping_hours == ()


class TestRuns:
    def test_no_figure_depends_on_the_number_of_workers(self) -> None:
        alone, together = (
            tune(CALM, [LeverChoice("opening")], "zone", run=Run(replications=3, workers=n))
            for n in (1, 2)
        )
        assert alone == together

    def test_cancelled_it_keeps_the_best_so_far(self) -> None:
        done: list[int] = []
        run = Run(
            replications=4,
            workers=1,
            progress=lambda n, _: done.append(n),
            cancelled=lambda: len(done) >= 8,
        )
        tuning = tune(CALM, [LeverChoice("opening")], "zone", run=run)
        assert 0 < tuning.replications < tuning.asked
        assert tuning.confirmed_on == 0
        assert not tuning.is_decided

    def test_progress_never_goes_back_and_ends_at_its_total_or_before(self) -> None:
        steps: list[tuple[int, int]] = []
        run = Run(replications=3, workers=1, progress=lambda *step: steps.append(step))
        tune(CALM, [LeverChoice("opening")], "zone", run=run)
        assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
        assert all(done <= total for done, total in steps)

    def test_later_replications_are_those_of_a_longer_study(self) -> None:
        how = Run(replications=2, workers=1).resolved(CALM)
        [[later]] = tallies_of([CALM], ["zone"], ("wait",), run=how, first=3)
        study = replicate(CALM, ["zone"], run=Run(replications=5, workers=1))
        for tally, whole in zip(later, study.tallies[0][3:], strict=True):
            assert (tally.by_day["wait"] == whole.by_day["wait"]).all()

    def test_it_is_kept_and_read_again(self, tmp_path: Path) -> None:
        tuning, kind = tuned(CALM, "opening"), QUESTIONS["tune"]
        kind.save(tuning, tmp_path / "kept")
        assert repr(kind.load(tmp_path / "kept")) == repr(tuning)
        question = TuneQuestion((LeverChoice("seats", "a>b"),), "zone", zone=0.5)
        assert read_plain(TuneQuestion, to_plain(question)) == question


@pytest.mark.parametrize(
    ("levers", "options", "code"),
    [
        ((), {}, "no_levers_named"),
        (("oppening",), {}, "unknown_hall_lever"),
        (("seats=rest>nowhere",), {}, "lever_move"),
        (("opening", "opening"), {}, "vary_twice"),
        (("tidal_threshold=a,b",), {}, "outside_range"),
        (("lunch_stagger=soon,late",), {}, "wrong_duration"),
        (("hall.last_ticket=10",), {}, "bare_number"),
        (("tidal_threshold",), {"layout": "counters"}, "lever_absent"),
        (("opening",), {"measure": "visits"}, "unknown_measure"),
        (("opening",), {"zone": 0.0}, "outside_range"),
        (("opening",), {"measure": "clerk_hours"}, "outside_range"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    levers: tuple[str, ...], options: dict[str, object], code: str
) -> None:
    with pytest.raises(OptionError) as refused:
        tuned(CALM, *levers, **options)  # type: ignore[arg-type]
    assert {problem.code for problem in refused.value.problems} == {code}


@pytest.mark.parametrize("name", sorted(set(NAMED) - {"tidal_pool"}))
def test_every_lever_has_settings(name: str) -> None:
    layout = "counters" if name == "seats" else "zone"
    levers = hall_levers(CALM, layout, [LeverChoice(name)]).levers
    assert all(setting.overrides for lever in levers for setting in lever.settings)


def test_levers_are_made_once_for_a_hall() -> None:
    """However often a page asks for them; another hall has levers of its own."""
    asked = (CALM, CALM.layouts[0].id, [LeverChoice("lunch_stagger")])
    assert hall_levers(*asked) is hall_levers(*asked)
    longer = with_overrides(CALM, ["run.measured_days=4"])
    assert hall_levers(longer, *asked[1:]) is not hall_levers(*asked)


def test_a_pool_must_have_more_than_it_keeps() -> None:
    [lever] = hall_levers(CALM, "zone", [LeverChoice("tidal_pool")]).levers
    assert [setting.value for setting in lever.settings] == ["rest"]
    changes = ["layouts.zone.windows.zone.clerks=2", "layouts.zone.windows.tide.tidal.keep=1"]
    with pytest.raises(OptionError, match="nothing that this lever moves"):
        hall_levers(with_overrides(CALM, changes), "zone", [LeverChoice("tidal_pool")])


def test_a_measure_of_nobody_is_refused() -> None:
    nobody = with_overrides(CALM, ["applicants.appointments.shops.share=0"])
    with pytest.raises(OptionError, match="nothing to count"):
        tuned(nobody, "tidal_threshold=5", measure="no_show_share")
