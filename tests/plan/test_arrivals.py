"""How many come, and when: rates, profiles, weekdays, years, busy days."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_demand, draw_tape
from sim.arrays import Floats
from sim.clock import DAY, HOUR, MINUTE
from sim.plan.demand import Demand
from sim.plan.tape import Tape
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_tape
from tests.strategies import small

WEEK = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00], sat: [09:00-12:00]}}]"


def crowd(flow: str, days: int, **sections: str) -> tuple[Demand, Tape]:
    """Demand and one crowd of so many hall days."""
    run = f"{{start: 2025-01-06, measured_days: {days}}}"
    demand = f"[{{id: people, matter: errand, {flow}}}]"
    text = small(**{"run": run, "demand": demand, "calendars": WEEK, **sections})
    compiled = compile_demand(scenario_from_text(text))
    return compiled, draw_tape(compiled, 1, 0)


def within(count: float, expected: float) -> bool:
    """A Poisson count is within four standard deviations."""
    return bool(abs(count - expected) <= 4 * max(expected, 1.0) ** 0.5)


def test_piecewise_rates() -> None:
    """Check 11: with rates 5, 1.5 and 3 on 3.2, 4.7 and 2.1 hours, 16, 7.05 and 6.3 come a day.

    Ciw, test_sampling.py, test_poissoninterval_against_theory: two cycles give 32, 14.1 and 12.6.
    """
    profiles = "[{id: shape, shape: {00:00-03:12: 5, 03:12-07:54: 1.5, 07:54-10:00: 3}}]"
    always = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
    flow = "per_day: 29.35, profile: shape"
    _, tape = crowd(flow, 400, profiles=profiles, calendars=always)
    clock = tape.cases.arrived_at % DAY
    edges = [0, 192 * MINUTE, 474 * MINUTE, 600 * MINUTE, DAY]
    counts = np.histogram(clock, edges)[0]
    assert all(
        within(*pair) for pair in zip(counts[:3], (400 * 16, 400 * 7.05, 400 * 6.3), strict=True)
    )
    assert counts[3] == 0


def test_no_rate_nobody() -> None:
    """Nobody comes in an interval of rate zero, also at its edges, and the day goes on after it."""
    profiles = "[{id: shape, shape: {09:00-10:00: 1, 10:00-11:00: 0, 11:00-12:00: 2}}]"
    _, tape = crowd("per_day: 300, profile: shape", 20, profiles=profiles)
    hours = np.bincount(tape.cases.arrived_at % DAY // HOUR, minlength=24)
    assert hours[9] > 0
    assert hours[11] > 0
    assert hours[10] == hours[:9].sum() == hours[12:].sum() == 0


def test_constant_rate() -> None:
    """A constant rate holds during hall hours, none at lunch, none on Sunday."""
    demand, tape = crowd("rate: 30 per h", 6)
    assert demand.flows.cases_of_day[0].tolist() == [210.0] * 5 + [90.0]
    clock = tape.cases.arrived_at % DAY // HOUR
    assert set(clock.tolist()) == {9, 10, 11, 13, 14, 15, 16}
    assert within(len(tape.cases.matter), 1140)


def test_profile_clipped_on_saturday() -> None:
    """A weekday's profile is cut at the Saturday's closing; the number a day stays."""
    profiles = "[{id: shape, shape: {09:00-12:00: 1, 13:00-17:00: 3}}]"
    demand, tape = crowd("per_day: 100, profile: shape", 24, profiles=profiles)
    saturdays = tape.cases.arrived_at // DAY % 7 == 5
    assert demand.flows.cases_of_day[0].sum() == 2400.0
    assert within(int(saturdays.sum()), 400)
    assert (tape.cases.arrived_at[saturdays] % DAY < 12 * HOUR).all()
    assert (tape.cases.arrived_at[~saturdays] % DAY >= 12 * HOUR).any()


def test_who_stays_away_comes_while_it_is_open() -> None:
    """Saturday's visitors come by the same rates in its hours; nobody waits at the door."""
    shape = "{08:00-11:00: 1, 11:00-14:00: 4, 14:00-17:00: 2}"
    profiles = f"[{{id: shape, shape: {shape}, when_closed: stay_away}}]"
    demand, tape = crowd("per_day: 100, profile: shape", 60, profiles=profiles)
    day, clock = np.divmod(tape.cases.arrived_at, DAY)
    saturday = day % 7 == 5
    hours = np.bincount(clock[~saturday] // HOUR, minlength=24)
    assert demand.flows.cases_of_day[0].sum() == 6000.0
    assert set(clock[~saturday] // HOUR) == {9, 10, 11, 13, 14, 15, 16}
    assert within(hours[11], 5000 * 4 / (2 + 4 + 4 + 6))
    assert within(int((clock[saturday] >= 11 * HOUR).sum()), 1000 * 4 / 6)
    assert set(clock[saturday] // HOUR) == {9, 10, 11}


def test_hours_in_which_all_stay_away() -> None:
    """Where a day has none of the profile's hours, its people come evenly while it is open."""
    profiles = "[{id: shape, shape: {18:00-20:00: 1}, when_closed: stay_away}]"
    _, tape = crowd("per_day: 700, profile: shape", 5, profiles=profiles)
    hours = np.bincount(tape.cases.arrived_at % DAY // HOUR, minlength=24)
    assert [hour for hour in range(24) if hours[hour]] == [9, 10, 11, 13, 14, 15, 16]
    assert all(within(hours[hour], 500) for hour in (9, 13, 16))


def test_early_birds() -> None:
    """A profile may begin before the opening."""
    profiles = "[{id: shape, shape: {08:00-09:00: 1, 09:00-10:00: 1}}]"
    _, tape = crowd("per_day: 200, profile: shape", 5, profiles=profiles)
    assert (tape.cases.arrived_at % DAY < 9 * HOUR).any()


def test_profile_outside_a_short_day() -> None:
    """When a day has no hour of the profile, its people spread evenly over the hall's hours."""
    profiles = "[{id: shape, shape: {13:00-17:00: 1}}]"
    _, tape = crowd("per_day: 100, profile: shape", 6, profiles=profiles)
    saturday = tape.cases.arrived_at[tape.cases.arrived_at // DAY == 5] % DAY
    assert within(len(saturday), 100)
    assert ((saturday >= 9 * HOUR) & (saturday < 12 * HOUR)).all()


def test_weekdays_and_months() -> None:
    """Weekday and month factors multiply the number a day."""
    flow = "per_day: 10, weekdays: {mon: 2.0, sat: 0.5}, months: {1: 3.0}"
    demand, _ = crowd(flow, 7)
    assert demand.flows.cases_of_day[0].tolist() == [60.0, 30.0, 30.0, 30.0, 30.0, 15.0, 0.0, 60.0]


@pytest.mark.parametrize("amount", ["per_day: 40", "per_year: 9000"])
@pytest.mark.parametrize(
    ("more", "sections"),
    [
        ("profile: flat", {"profiles": "[{id: flat, shape: {09:00-12:00: 2, 13:00-17:00: 2}}]"}),
        ("weekdays: {mon: 1, sat: 1}, months: {1: 1.0, 2: 1.0}", {}),
        ("", {"applicants": "{day_factor: 1.0}"}),
        ("", {"applicants": "{day_factor: {law: uniform, low: 1.0, high: 1.0}}"}),
        ("online_share: 0.0, classes: {}", {}),
    ],
)
def test_what_changes_nothing_is_as_if_left_out(
    amount: str, more: str, sections: dict[str, str]
) -> None:
    """An even profile, factors of 1, a share of nought: the same people at the same instants."""
    plain, same = crowd(amount, 6)[1], crowd(f"{amount}, {more}".rstrip(", "), 6, **sections)[1]
    assert len(plain.cases.matter) > 100
    assert_same_tape(plain, same)


@pytest.mark.parametrize("more", ["online_share: 0.3", "classes: {first: 0.2, second: 0.8}"])
def test_who_people_are_does_not_change_when_they_come(more: str) -> None:
    """Channel and class are drawn apart from arrivals and work."""
    classes = ", ".join(
        f"{{id: {name}, name: {{zh: 类, en: {name.title()}}}, assisted_share: 0.5}}"
        for name in ("first", "second")
    )
    sections = {
        "applicants": f"{{classes: [{classes}], assistance_factor: 1.0}}",
        "online": "{department: office, precheck: 1 min}",
    }
    plain, with_more = crowd("per_day: 40", 6)[1], crowd(f"per_day: 40, {more}", 6, **sections)[1]
    np.testing.assert_array_equal(plain.cases.arrived_at, with_more.cases.arrived_at)
    np.testing.assert_array_equal(plain.errands.service, with_more.errands.service)


def test_make_up_day_is_a_monday() -> None:
    """A Sunday worked in exchange for a holiday brings as many as a Monday."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-17:00]}, holidays: china}]"
    run = "{start: 2025-09-27, measured_days: 2}"
    flow = "per_day: 10, weekdays: {mon: 2.0, sun: 0.0}"
    demand, _ = crowd(flow, 2, calendars=calendars, run=run)
    assert demand.flows.cases_of_day[0].tolist() == [0.0, 20.0, 20.0]


def test_cases_a_year() -> None:
    """Cases a year spread over the hall's open days, so that a whole year brings them all."""
    run = "{start: 2025-01-01, measured_days: 313}"
    demand, tape = crowd("per_year: 6000", 313, run=run)
    assert demand.n_days == 365
    assert demand.flows.cases_of_day[0].sum() == pytest.approx(6000)
    assert within(len(tape.cases.matter), 6000)


def test_day_factor() -> None:
    """Busy days are busy for everybody: counts scatter more than Poisson, by the factor's cv."""
    applicants = "{day_factor: {law: gamma, mean: 1, cv: 0.3}}"
    _, tape = crowd("per_day: 100, weekdays: {sat: 0}", 400, applicants=applicants)
    counts = np.bincount(tape.cases.arrived_at // DAY)
    counts = counts[counts > 0]
    # variance 100 + (100 × 0.3)² = 1000; of about 330 days, so 4 standard errors are 31 %
    assert counts.var() == pytest.approx(1000, rel=0.31)
    assert counts.mean() == pytest.approx(100, rel=0.08)


def counts_of(tape: Tape, days: int, edges: Sequence[int]) -> Floats:
    """float64, shape (days, slots): how many come in each slot of the day; edges in minutes."""
    day, clock = tape.cases.arrived_at // DAY, tape.cases.arrived_at % DAY
    corners = np.arange(days + 1), np.array(edges) * MINUTE
    return np.asarray(np.histogram2d(day, clock, corners)[0])


def assert_near(values: Floats, expected: float, precision: float) -> None:
    """The mean of independent values is within three standard errors, and these are small."""
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    assert abs(float(values.mean()) - expected) <= 3 * error
    assert error <= precision * expected / 1.96


def test_sharp_step() -> None:
    """Case nhpp-jump-a: .1, 2 and .1 a minute for half an hour each bring 3, 60 and 3.

    Poisson: variance is mean, and slots know nothing of each other.
    """
    profiles = "[{id: shape, shape: {09:00-09:30: 0.1, 09:30-10:00: 2, 10:00-10:30: 0.1}}]"
    calendars = "[{id: day, weekly: {mon-sun: [09:00-10:30]}}]"
    n = 5000
    flow = "per_day: 66, profile: shape"
    _, tape = crowd(flow, n, profiles=profiles, calendars=calendars)
    counts = counts_of(tape, n, (540, 570, 600, 630))
    for slot, (mean, precision) in enumerate(((3, 0.02), (60, 0.01), (3, 0.02))):
        assert_near(counts[:, slot], mean, precision)
        assert_near((counts[:, slot] - mean) ** 2, mean, 0.06)
    off_diagonal = np.atleast_2d(np.corrcoef(counts.T))[np.triu_indices(3, 1)]
    assert (abs(off_diagonal) <= 3 / math.sqrt(n)).all()


@pytest.mark.parametrize(
    ("flow", "law", "mean", "variance"),
    [
        ("per_day: 200", "{law: gamma, mean: 1, cv: 0.2}", 200, 1800),
        ("per_day: 268", "{law: empirical, values: [0.8, 1.2]}", 268, 3140.96),
    ],
    ids=["count-overdispersion-a", "busy-day-a"],
)
@pytest.mark.parametrize("crowds", [2, pytest.param(40, marks=pytest.mark.slow)])
def test_counts_scatter_more_than_poisson(
    flow: str, law: str, mean: float, variance: float, crowds: int
) -> None:
    """Negative binomial m + m²/k with k = 25, and the mixture of two Poisson laws."""
    n = 500
    calendars = "[{id: day, weekly: {mon-sun: [09:00-17:00]}}]"
    demand, _ = crowd(flow, n, calendars=calendars, applicants=f"{{day_factor: {law}}}")
    tapes = (draw_tape(demand, 2, replication) for replication in range(crowds))
    counts = np.concatenate([counts_of(tape, n, (0, 1440))[:, 0] for tape in tapes])
    precision = 0.1 / math.sqrt(crowds / 2)
    assert_near(counts, mean, precision)
    assert_near((counts - mean) ** 2, variance, precision)


WAYS = ("per_day: 40", "per_year: 9000", "rate: 6 per h")


@pytest.mark.parametrize("amount", WAYS)
def test_a_factor_of_1_is_none(amount: str) -> None:
    plain = crowd(amount, 6)
    same = crowd(amount, 6, applicants="{volume_factor: 1.0}")
    assert_same_tape(plain[1], same[1])
    assert (plain[0].flows.cases_of_day == same[0].flows.cases_of_day).all()


@pytest.mark.parametrize(
    ("amount", "doubled"),
    list(zip(WAYS, ("per_day: 80", "per_year: 18000", "rate: 12 per h"), strict=True)),
)
def test_a_factor_of_2_doubles_every_volume(amount: str, doubled: str) -> None:
    """The same people as if each flow said twice as many."""
    assert_same_tape(crowd(doubled, 6)[1], crowd(amount, 6, applicants="{volume_factor: 2.0}")[1])


@pytest.mark.parametrize("amount", WAYS)
def test_more_volume_brings_nobody_later(amount: str) -> None:
    """The nth of a flow comes no later, and further people come after the last: never fewer."""
    factors = (0.3, 1.0, 1.01, 2.69, 5.0)
    demands = [crowd(amount, 6, applicants=f"{{volume_factor: {f}}}") for f in factors]
    expected = [demand.flows.cases_of_day.sum() for demand, _ in demands]
    assert expected == pytest.approx([f * expected[1] for f in factors])
    for (_, fewer), (_, more) in pairwise(demands):
        n = len(fewer.cases.arrived_at)
        assert n <= len(more.cases.arrived_at)
        assert (more.cases.arrived_at[:n] <= fewer.cases.arrived_at).all()
    assert within(len(demands[-1][1].cases.arrived_at), expected[-1])


def test_every() -> None:
    """One every so often while the hall is open, the first after one interval: nobody at night."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 14:00-18:00]}}]"
    _, tape = crowd("every: 2 h", 3, calendars=calendars)
    assert (tape.cases.arrived_at // HOUR).tolist() == [
        11,
        15,
        17,
        24 + 10,
        24 + 14,
        24 + 16,
        48 + 9,
        *(48 + hour for hour in (11, 15, 17)),
    ]


def test_every_in_a_hall_that_never_closes() -> None:
    """Day and night."""
    calendars = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
    _, tape = crowd("every: 7 h", 1, calendars=calendars)
    assert (tape.cases.arrived_at // HOUR).tolist() == [7, 14, 21]


@given(
    st.integers(1, 40).map(lambda n: n * 7 * MINUTE),
    st.lists(st.integers(0, 23), min_size=2, max_size=6, unique=True).map(sorted),
)
def test_every_is_as_many_as_its_rate(every: int, hours: list[int]) -> None:
    """In any hall hours: one for each whole interval that the hall has been open, all inside."""
    spans = [f"{a:02d}:00-{b:02d}:00" for a, b in zip(hours[::2], hours[1::2], strict=False)]
    calendars = f"[{{id: day, weekly: {{mon-sun: [{', '.join(spans)}]}}}}]"
    demand, tape = crowd(f"every: {every // MINUTE} min", 4, calendars=calendars)
    opened = 4 * sum(b - a for a, b in zip(hours[::2], hours[1::2], strict=False)) * HOUR
    assert len(tape.cases.arrived_at) == -(-opened // every) - 1
    assert demand.flows.given_offsets[-1] == len(tape.cases.arrived_at)
    clock = tape.cases.arrived_at % DAY
    inside = [
        (clock >= a * HOUR) & (clock < b * HOUR)
        for a, b in zip(hours[::2], hours[1::2], strict=False)
    ]
    assert np.any(inside, axis=0).all()


def test_given_instants() -> None:
    """Given instants are sorted; those after the run are left out."""
    at = "2025-01-06T10:00:00, 2025-01-06T09:00:00, 2025-01-07T00:00:00"
    _, tape = crowd(f"at: [{at}]", 1)
    assert (tape.cases.arrived_at // HOUR).tolist() == [9, 10]


def test_nobody() -> None:
    """A flow may bring nobody."""
    _, tape = crowd("at: []", 1)
    assert len(tape.cases.matter) == 0
    _, tape = crowd("per_day: 0", 3)
    assert len(tape.cases.matter) == 0


def test_origins() -> None:
    """People come from townships by population; without townships their origin is unknown."""
    towns = (
        "[{id: big, name: {zh: 大, en: Big}, county: c, population: 3000},"
        " {id: small, name: {zh: 小, en: Small}, county: c, population: 1000}]"
    )
    _, tape = crowd("per_day: 400", 10, applicants=f"{{townships: {towns}}}")
    n = len(tape.cases.township)
    assert within(int((tape.cases.township == 1).sum()), n / 4)
    _, unknown = crowd("per_day: 40", 1)
    assert set(unknown.cases.township.tolist()) == {-1}
