"""What each file of scenarios/exact must come to: target, tolerance, source."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.analysis.catalogue import By

MINUTES_A_DAY: Final = 1440
DAILY: Final = 268.0
"""Expected arrivals of the day of two peaks."""


class Target(NamedTuple):
    """One figure of one layout."""

    what: str
    """A measure of `sim.analysis.catalogue`, or a figure of `figures.py`."""
    expected: float
    tolerance: float
    """Relative; what is exactly zero must be zero."""
    layout: str = "hall"
    by: tuple[By, int] | None = None
    """Group of a measure: a class, a half hour of the day."""
    scale: float = 1.0
    """Units of the target in one unit of the measure: 1440 turns days into minutes."""
    half_width: float = 0.0
    """Of the 95 % interval of a target that was itself simulated."""

    @property
    def name(self) -> str:
        """For messages."""
        return " ".join([self.layout, self.what, *map(str, self.by or ())])


class Case(NamedTuple):
    """One file: its targets, and a run short enough for the quick suite."""

    source: str
    targets: tuple[Target, ...]
    quick: tuple[str, ...]
    """Overrides of the quick run."""
    replications: int = 10
    """Of the quick run."""


def days(measured: int, warmup: int = 1, followup: int = 1) -> tuple[str, ...]:
    """Overrides that shorten a run."""
    return (
        f"run.warmup_days={warmup}",
        f"run.measured_days={measured}",
        f"run.followup_days={followup}",
    )


APPROVALS: Final = "JaamSim A15-1 rebuilt, 10 x 20,000 cases; means by hand 3.5, 6 and 7.5 min"
CASES: Final[dict[str, Case]] = {
    "mm1": Case(
        "Rossetti, KSL book, example 4.5; M/M/1",
        (
            Target("wait", 3.0, 0.03),
            Target("utilisation", 0.5, 0.01),
            Target("stay_4_min", 0.513417, 0.02),
            Target("people_inside", 1.0, 0.03),
        ),
        days(10),
    ),
    "call_centre": Case(
        "pyworkforce, test_erlang.py; R package ErlangC",
        (
            Target("called_within", 0.88835, 0.01, "fourteen"),
            Target("wait", 7.836 / 60, 0.03, "fourteen"),
            Target("utilisation", 0.71429, 0.01, "fourteen"),
            Target("waited_share", 0.17413, 0.03, "fourteen"),
            Target("called_within", 0.941, 0.01, "fifteen"),
            Target("utilisation", 0.667, 0.01, "fifteen"),
            Target("waited_share", 0.102, 0.03, "fifteen"),
        ),
        days(1, 0, 0),
        replications=4,
    ),
    "call_centre_patience": Case(
        "pyworkforce, test_abandonment.py; Erlang A",
        (
            Target("waited_share", 0.14526, 0.03),
            Target("give_up_share", 0.013984, 0.03),
            Target("utilisation", 0.704297, 0.01),
            Target("wait_of_all", 0.069919, 0.03),
            Target("called_within", 0.916792, 0.01),
        ),
        days(1, 0, 0),
        replications=4,
    ),
    "waiting_seat": Case(
        "simmer, vignette 06; M/M/2/3",
        (Target("turned_away_share", 0.04936, 0.02), Target("people_inside", 0.76234, 0.02)),
        days(30),
    ),
    "loss": Case(
        "Erlang B and its insensitivity, Sevastyanov 1957; loss-a",
        (Target("turned_away_share", 0.191847, 0.02),),
        days(3),
    ),
    "mmck": Case(
        "Gross and Harris; mmck-a",
        (
            Target("turned_away_share", 0.170273, 0.02),
            Target("wait", 12.924, 0.02),
            Target("utilisation", 0.968015, 0.01),
            Target("people_waiting", 5.36171, 0.02),
        ),
        days(3),
    ),
    "mmc": Case(
        "Erlang C, Gross and Harris; mmc-a",
        (
            Target("wait", 5.54113, 0.03),
            Target("utilisation", 0.8, 0.01),
            Target("called_within", 0.876361, 0.01),
            Target("wait_p90", 17.122, 0.03),
            Target("waited_share", 0.554113, 0.02),
            Target("people_waiting", 2.21645, 0.03),
        ),
        days(6),
    ),
    "mm4": Case(
        "pydesrap_mms; Erlang C",
        (Target("wait", 2.132, 0.03), Target("utilisation", 0.625, 0.01)),
        days(6),
    ),
    "md1": Case(
        "Pollaczek and Khinchine; Erlang 1909; md1-a",
        (Target("wait", 8.0, 0.02), Target("called_within", 0.704852, 0.02)),
        days(12),
    ),
    "mg1": Case(
        "Pollaczek and Khinchine; mg1-a",
        (Target("wait", 13.3933, 0.025), Target("utilisation", 0.7, 0.01)),
        days(24),
    ),
    "erlang_2": Case(
        "Markov chain; tables of Hillier and Lo 1971; mgc-e2-a",
        (Target("wait", 5.67652, 0.025), Target("waited_share", 0.591447, 0.02)),
        days(5),
    ),
    "dm1": Case(
        "GI/M/1, Gross and Harris; dm1-a",
        (Target("wait", 13.5418, 0.025), Target("waited_share", 0.62863, 0.02)),
        days(20),
    ),
    "erlang_a": Case(
        "Garnett, Mandelbaum and Reiman 2002, table 1; erlanga-a",
        (
            Target("give_up_share", 0.0309122, 0.03),
            Target("wait_of_all", 0.0618245 * 60, 0.03),
            Target("waited_share", 0.467774, 0.03),
            Target("people_waiting", 2.96758, 0.03),
            Target("utilisation", 0.930324, 0.01),
        ),
        days(1),
        replications=8,
    ),
    "constant_patience": Case(
        "Baccelli and Hebuterne 1981; mmc-detpatience-a",
        (
            Target("give_up_share", 0.0703744, 0.03),
            Target("wait_of_all", 7.68719, 0.03),
            Target("waited_share", 0.755175, 0.02),
            Target("utilisation", 0.867651, 0.01),
        ),
        days(4),
    ),
    "two_patiences": Case(
        "Baccelli and Hebuterne 1981; theory.mmc_patiences",
        (
            Target("give_up_share", 0.238137, 0.02, by=("class", 0)),
            Target("give_up_share", 0.080794, 0.03, by=("class", 1)),
            Target("wait", 2.00421, 0.02, by=("class", 0)),
            Target("wait", 3.10856, 0.02, by=("class", 1)),
            Target("utilisation", 0.784499, 0.01),
        ),
        days(4),
    ),
    "accumulating_priority": Case(
        "Kleinrock 1964; Stanford, Taylor and Ziedins 2014; theory.accumulating_mg1",
        (
            Target("wait", 2.153846, 0.03, by=("class", 0)),
            Target("wait", 4.615385, 0.03, by=("class", 1)),
        ),
        days(2, 1, 0),
    ),
    "priority_mm1": Case(
        "Ciw, test_priority_system_compare_literature; Cobham 1954; stays 2 and 6 less service 1",
        (
            Target("wait", 1.0, 0.03, by=("class", 0)),
            Target("wait", 5.0, 0.03, by=("class", 1)),
        ),
        days(2, 1, 0),
    ),
    "priority_mmc": Case(
        "Cobham 1954; prio-mmc-a",
        (
            Target("wait", 3.23596, 0.02, by=("class", 0)),
            Target("wait", 16.1798, 0.02, by=("class", 1)),
        ),
        days(12),
    ),
    "feedback": Case(
        "Jackson 1957; feedback-mm1-a",
        (Target("stay", 28.5714, 0.025), Target("utilisation", 0.72, 0.01)),
        days(20),
    ),
    "tandem_mm1": Case(
        "Rossetti, KSL book, example 4.6; stay 18 min is 3 cases inside",
        (
            Target("wait", 8.0, 0.03),
            Target("review_wait", 3.0, 0.03),
            Target("case_stay", 18.0, 0.03),
        ),
        days(5),
    ),
    "tandem": Case(
        "Jackson 1957; tandem-a",
        (
            Target("elapsed", 34.8758, 0.02, scale=MINUTES_A_DAY),
            Target("wait", 6.47191, 0.03),
            Target("review_wait", 5.54113, 0.03),
            Target("issue_wait", 3.36275, 0.03),
        ),
        days(2),
        replications=8,
    ),
    "fork_join": Case(
        "Flatto and Hahn 1984; fj2-a",
        (
            Target("elapsed", 47.0833, 0.02, scale=MINUTES_A_DAY),
            Target("first_stay", 33.3333, 0.03),
            Target("synchronisation", 13.75, 0.03),
        ),
        days(12),
    ),
    "fork_join_three": Case(
        "Markov chain; fj3-a",
        (Target("elapsed", 34.3258, 0.02, scale=MINUTES_A_DAY),),
        days(15),
    ),
    "joint_ample": Case(
        "Inclusion and exclusion; joint-inf-a",
        (
            Target("turnaround_calendar", 3.92879, 0.01),
            Target("ended_within_7.61202_d", 0.9, 0.01),
        ),
        days(15, 0, 30),
    ),
    "approvals_series": Case(
        APPROVALS,
        (
            Target("turnaround_calendar", 17.010, 0.01, scale=MINUTES_A_DAY, half_width=0.015),
            Target("rejected_in", 6.673, 0.01, half_width=0.031),
            Target("level_1_waited", 0.0, 0.0),
            Target("level_3_busy", 0.525, 0.01),
            Target("approved_share", 0.504, 0.01),
        ),
        days(1, 0, 1),
        replications=4,
    ),
    "approvals_parallel": Case(
        APPROVALS,
        (
            Target("turnaround_calendar", 7.874, 0.01, scale=MINUTES_A_DAY, half_width=0.018),
            Target("rejected_in", 7.872, 0.01, half_width=0.016),
            Target("level_1_waited", 0.0, 0.0),
            Target("level_2_waited", 0.0, 0.0),
            Target("level_3_wait", 0.266, 0.03, half_width=0.009),
            Target("level_3_busy", 0.9375, 0.01),
            Target("approved_share", 0.504, 0.01),
        ),
        days(1, 0, 1),
        replications=4,
    ),
    "law_bank": Case(
        "Law, ch. 9, computed again over 1,500 days; the day's Kolmogorov equations give 2.0781",
        (
            Target("wait", 2.04, 0.02, half_width=0.07),
            Target("wait", 2.07812, 0.025),
            Target("called_within", 0.857, 0.01, half_width=0.006),
            Target("drain", 9.83539, 0.02),
            Target("visits", 480.0, 0.01),
        ),
        ("run.measured_days=8",),
    ),
    "jockeying_bank": Case(
        "Law, bank with jockeying; mean of the exact day of one list; law-bank-a",
        (
            Target("wait", 35.9368, 0.025, "four"),
            Target("drain", 75.4062, 0.025, "four"),
            Target("wait", 5.4421, 0.025, "five"),
            Target("drain", 15.6134, 0.025, "five"),
            Target("wait", 1.2058, 0.025, "six"),
            Target("drain", 10.4606, 0.025, "six"),
            Target("wait", 0.378957, 0.025, "seven"),
            Target("drain", 9.68381, 0.025, "seven"),
        ),
        ("run.measured_days=10",),
        replications=6,
    ),
    "hall_day": Case(
        "Kolmogorov equations of the day, Ingolfsson et al. 2007; hall-day-a",
        (
            Target("wait", 12.0528, 0.025),
            Target("drain", 14.8465, 0.025),
            Target("visits", DAILY, 0.01),
            Target("called_within", 0.680236, 0.02),
            Target("called_within", 0.305469, 0.05, by=("slot", 23)),
            Target("called_within", 0.883579, 0.02, by=("slot", 20)),
            Target("called_within", 0.933381, 0.01, by=("slot", 33)),
        ),
        ("run.measured_days=15",),
    ),
    "shift_change": Case(
        "Kolmogorov equations of the day, exhaustive discipline: Ingolfsson et al. 2007",
        (
            Target("queue_at_130", 4.65807, 0.02),
            Target("past_shift_at_130", 0.0482729, 0.2),
        ),
        ("run.measured_days=20",),
    ),
    "pooling": Case(
        "Smith and Whitt 1981; Erlang C; pooling-a; their ratio stands in test_exact.py",
        (Target("wait", 40.0, 0.03, "townships"), Target("wait", 7.45541, 0.03, "county")),
        days(5, 2, 1),
        replications=6,
    ),
    "shorter_of_two": Case(
        "Flatto and McKean 1977; jsq-a",
        (
            Target("wait", 19.5574, 0.025, "two_lists"),
            Target("wait", 17.7778, 0.025, "one_list"),
        ),
        days(12),
    ),
    "composite": Case(
        "Event simulation of the same hall by two separate programs; composite-a",
        (
            Target("wait", 2.4788, 0.025, half_width=0.04),
            Target("office_minutes", 86.6063, 0.025, half_width=0.34),
            Target("office_within_120", 0.816912, 0.025, half_width=0.0026),
        ),
        days(6, 4, 2),
    ),
    "unequal_clerks": Case(
        "Gumbel 1960; Markov chain; hetero-a",
        (
            Target("stay", 18.8766, 0.02),
            Target("utilisation", 0.765039, 0.01, by=("group", 0)),
            Target("utilisation", 0.749923, 0.01, by=("group", 1)),
        ),
        days(40),
    ),
    "specialists": Case(
        "Markov chain; skill-a; both ways of calling are the same rule here",
        (
            Target("wait", 4.19903, 0.025, "one_list", by=("matter", 0)),
            Target("wait", 4.99031, 0.025, "one_list", by=("matter", 1)),
            Target("wait", 4.19903, 0.025, "two_lists", by=("matter", 0)),
            Target("wait", 4.99031, 0.025, "two_lists", by=("matter", 1)),
        ),
        days(20),
    ),
    "groups": Case(
        "Gross and Harris, bulk input; batch-a",
        (Target("office_wait", 32.0, 0.025), Target("office_busy", 0.72, 0.01)),
        days(60),
    ),
    "other_work": Case(
        "Fuhrmann and Cooper 1985; vacation-a",
        (Target("wait", 7.79861, 0.02, by=("class", 0)),),
        days(30, 3, 0),
    ),
    "working_time": Case(
        "Erlang C in working time; worktime-a",
        (
            Target("office_minutes", 75.4717, 0.025),
            Target("cases_open_at_17", 4.5283, 0.025),
        ),
        days(400, 10, 10),
    ),
    "online_at_night": Case(
        "Periodic Markov chain; onoff-daily-a",
        (
            Target("case_stay", 8.14351, 0.02, scale=1 / 60),
            Target("cases_open_at_09", 25.2998, 0.02),
            Target("cases_open_at_17", 1.29979, 0.05),
        ),
        days(300, 5, 5),
    ),
    "busy_days": Case(
        "Kolmogorov equations of both days; busy-day-a",
        (Target("wait", 22.3084, 0.03), Target("visits", DAILY, 0.01)),
        ("run.measured_days=60",),
    ),
    "from_empty": Case(
        "Abate and Whitt 1987; transient-a",
        (Target("inside_at_30", 1.30188, 0.02), Target("inside_at_120", 2.77013, 0.02)),
        ("run.measured_days=800",),
    ),
    "appointments": Case(
        "Bailey 1952; Pegden and Rosenshine 1990; appt-a",
        (
            Target("wait", 6.02764, 0.02),
            Target("wait_at_110", 9.15601, 0.02),
            Target("work_ends", 127.156, 0.01),
        ),
        days(60, 1, 0),
    ),
    "constant_staffing": Case(
        "Kolmogorov equations of the day; staff-const-a: eight are enough, seven are not",
        (
            Target("called_within", 0.87237, 0.02, "seven", by=("slot", 22)),
            Target("called_within", 0.971985, 0.01, "eight", by=("slot", 22)),
        ),
        ("run.measured_days=40",),
    ),
    "wave": Case(
        "Eick, Massey and Whitt 1993; mtinf-a",
        (Target("busy_at_120", 38.9737, 0.02), Target("busy_at_360", 9.02628, 0.02)),
        ("run.measured_days=40",),
    ),
    "wave_with_patience": Case(
        "Feldman, Mandelbaum, Massey and Whitt 2008; isa-a: 100 + 10 (sin t - cos t) inside",
        (Target("inside_at_180", 110.0, 0.02), Target("inside_at_210", 90.0, 0.02)),
        ("run.measured_days=15",),
    ),
    "fork_join_staffed": Case(
        "Event simulation by two separate programs, Erlang C for each department; fj-mmc-a",
        (
            Target("elapsed", 25.1074, 0.02, scale=MINUTES_A_DAY, half_width=0.098),
            Target("first_stay", 17.1166, 0.02),
            Target("second_stay", 18.4454, 0.02),
        ),
        days(20),
    ),
    "treatment_centre": Case(
        "Nelson 2013, exercise 13, event simulation by two separate programs; treat-base-a",
        (
            Target("triage_wait", 31.9399, 0.03, half_width=0.47),
            Target("registration_wait", 108.565, 0.03, half_width=0.7),
            Target("examination_wait", 27.9022, 0.03, half_width=0.25),
            Target("cubicle_wait", 236.059, 0.03, half_width=1.3),
            Target("trauma_wait", 245.107, 0.03, half_width=3.9),
            Target("trauma_cubicle_wait", 20.3071, 0.03, half_width=0.34),
            Target(
                *("elapsed", 420.278, 0.03),
                by=("matter", 0),
                scale=MINUTES_A_DAY,
                half_width=4.2,
            ),
            Target(
                *("elapsed", 341.98, 0.03),
                by=("matter", 1),
                scale=MINUTES_A_DAY,
                half_width=1.5,
            ),
            Target("work_ends", 1801.23, 0.03, half_width=4.7),
            Target("visits", 226.872, 0.03, half_width=0.39),
        ),
        ("run.measured_days=20",),
    ),
    "career_mixer": Case(
        "Rossetti, KSL book, example 6.8, 400 runs, and mixer-a, computed again",
        (
            Target("stay_till_closing", 33.9396, 0.02, half_width=0.18),
            Target("stay_till_closing_straight", 21.8742, 0.02, half_width=0.18),
            Target("stay_till_closing_wanders", 46.9864, 0.02, half_width=0.18),
            Target("stay_till_closing_leaver", 27.0373, 0.02, half_width=0.054),
            Target("malwart_wait_till_closing", 2.68249, 0.02, half_width=0.038),
            Target("jhbunt_wait_till_closing", 10.3915, 0.02, half_width=0.17),
            Target("malwart_busy_till_closing", 1.35045 / 2, 0.02, half_width=0.0031 / 2),
            Target("jhbunt_busy_till_closing", 2.51441 / 3, 0.02, half_width=0.0045 / 3),
            Target("stay_till_closing", 34.3985, 0.02, half_width=0.8019),
            Target("stay_till_closing_straight", 22.3367, 0.02, half_width=0.8123),
            Target("stay_till_closing_wanders", 47.1614, 0.02, half_width=0.7897),
            Target("stay_till_closing_leaver", 27.0096, 0.02, half_width=0.2321),
            Target("malwart_wait_till_closing", 2.7871, 0.02, half_width=0.2147),
            Target("jhbunt_wait_till_closing", 10.6658, 0.02, half_width=0.7411),
            Target("malwart_busy_till_closing", 0.6766, 0.02, half_width=0.0071),
            Target("jhbunt_busy_till_closing", 0.8411, 0.02, half_width=0.0065),
        ),
        ("run.measured_days=60",),
    ),
    "tie_dye": Case(
        "Rossetti, KSL book, example 6.9, 30 runs of 480 min; two printings of its table",
        (
            Target("stay_till_closing", 66.9589, 0.02, half_width=6.3726),
            Target("makers_busy_till_closing", 0.5499, 0.02, half_width=0.0703),
            Target("packager_busy_till_closing", 0.2968, 0.02, half_width=0.0376),
            Target("makers_wait_till_closing", 23.3987, 0.02, half_width=5.8618),
            Target("stay_till_closing", 75.45, 0.02, half_width=7.2),
            Target("makers_busy_till_closing", 0.505, 0.02, half_width=0.071),
            Target("packager_busy_till_closing", 0.274, 0.02, half_width=0.041),
            Target("makers_wait_till_closing", 21.5, 0.02, half_width=5.0),
        ),
        ("run.measured_days=200",),
    ),
    "initial_queue": Case(
        "Busy period of M/M/1 that begins with n people, Gross and Harris: n / (μ - λ)",
        (Target("time_to_empty", 20 / (0.1 - 0.05), 0.02),),
        (),
        replications=60,
    ),
    "retrial": Case(
        "M/M/1 retrial queue, Falin and Templeton 1997: ρ / (1 - ρ) (ρ + λ / θ) people in orbit",
        (
            Target("people_in_orbit", 0.4 / 0.6 * (0.4 + 0.04 / 0.05), 0.03),
            Target("utilisation", 0.4, 0.01),
            Target("balk_share", 0.05 * 0.8 / (0.04 + 0.05 * 0.8), 0.02),
        ),
        days(10),
    ),
    "calendar_trace": Case("Reckoned by hand; calendar-trace-a", (), (), replications=1),
}
"""By file name; `calendar_trace` is exact to the tick and has a test of its own."""
