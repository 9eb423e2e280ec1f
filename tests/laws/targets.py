"""What each file of scenarios/exact must come to: target, tolerance, source."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.analysis.measures import By

MINUTES_A_DAY: Final = 1440
DAILY: Final = 268.0
"""Expected arrivals of the day of two peaks."""


class Target(NamedTuple):
    """One figure of one layout."""

    what: str
    """A measure of `sim.analysis.measures`, or a figure of `figures.py`."""
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
    "calendar_trace": Case("Reckoned by hand; calendar-trace-a", (), (), replications=1),
}
"""By file name; `calendar_trace` is exact to the tick and has a test of its own."""
