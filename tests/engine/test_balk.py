"""Who sees too many people wait turns round."""

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    come,
    crowd,
    errand,
    scenarios,
    small,
    tell,
    windows,
)

LOST = "unserved: {returns: 0, lost: 1}"


def test_turns_round_at_a_long_queue() -> None:
    """Check 14h: one every 5 minutes, 21 at the window, three in the hall are too many.

    Ciw, test_simulation.py, test_baulking. One is at the window, so two wait.
    """
    demand = come(*[f"09:{minute:02d}" for minute in range(5, 52, 5)])
    applicants = f"{{balk_at: 2, {LOST}}}"
    day = tell(small(matters=f"[{errand('21 min')}]", applicants=applicants, demand=demand))
    balked = [at for at, fate in zip(day.arrived, day.fates, strict=True) if fate == "balked"]
    assert balked == ["09:20", "09:25", "09:35", "09:40", "09:45"]


def test_balks_at_once() -> None:
    """Who balks leaves in the instant of arrival and is never called."""
    demand = come("09:00", "09:01", "09:02")
    day = tell(small(applicants=f"{{balk_at: 1, {LOST}}}", demand=demand))
    assert day.fates == ["served", "served", "balked"]
    assert (day.ended, day.called[2]) == (["09:10", "09:20", "09:02"], None)


def test_nobody_waits() -> None:
    """A limit of one lets in who finds nobody waiting, however many are at windows."""
    layouts = windows("id: window, serves: [errand], clerks: 2")
    demand = come("09:00", "09:01", "09:02", "09:03")
    day = tell(small(applicants=f"{{balk_at: 1, {LOST}}}", demand=demand, layouts=layouts))
    assert day.fates == ["served", "served", "served", "balked"]


def test_zero_turns_everybody_round() -> None:
    """A limit of zero turns everybody round, even before an idle window."""
    assert tell(small(applicants=f"{{balk_at: 0, {LOST}}}")).fates == ["balked"]


def test_counts_who_arrived_in_the_same_instant() -> None:
    """Arrivals come before calls, so of two in one instant the second sees the first wait."""
    layouts = windows("id: window, serves: [errand], clerks: 2")
    demand = come("09:00", "09:00")
    day = tell(small(applicants=f"{{balk_at: 1, {LOST}}}", demand=demand, layouts=layouts))
    assert day.fates == ["served", "balked"]


def test_only_their_own_list_counts() -> None:
    """A long queue at another list does not deter."""
    layouts = windows("id: a, serves: [errand], clerks: 1", "id: b, serves: [other], clerks: 1")
    matters = f"[{errand('60 min')}, {errand('10 min', id_='other')}]"
    people = "{id: people, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T09:01:00]}"
    others = "{id: z, matter: other, at: [2025-01-06T09:02:00, 2025-01-06T09:02:00]}"
    day = tell(
        small(
            matters=matters,
            layouts=layouts,
            demand=f"[{people}, {others}]",
            applicants=f"{{balk_at: 1, {LOST}}}",
        )
    )
    assert day.fates == ["served", "served", "served", "balked"]


@FEW
@given(scenarios())
def test_a_queue_nobody_ever_sees_deters_nobody(text: str) -> None:
    """In any hall, a limit that no queue reaches is none."""
    never = altered(text, ("applicants.balk_at", 100_000))
    assert_same_day(never, altered(text, ("applicants.balk_at", None)))


@FEW
@given(MINUTES, MINUTES, st.integers(1, 4))
def test_who_turns_round_shortens_the_wait_of_those_who_stay(
    gaps: list[int], work: list[int], limit: int
) -> None:
    """Nobody who is called waits longer than if everybody had stayed."""
    text = crowd(gaps, work)
    some = tell(altered(text, ("applicants.balk_at", limit))).journal
    called = some.called_at >= 0
    assert (some.called_at <= tell(text).journal.called_at)[called].all()
