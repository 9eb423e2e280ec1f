"""Reserve windows open when their list is long, and close when it is short."""

import pytest

from sim.errors import ScenarioError
from sim.plan.journal import Journal
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_journal
from tests.strategies import Told, come, errand, sequence, small, tell, windows

USUAL = "id: window, serves: [errand], clerks: 1"
OTHER = "id: other, serves: [rest], clerks: {clerks}"
REST = f"{errand('10 min', id_='rest')}"


def reserve(rule: str, clerks: str = "1") -> str:
    """A group of reserve windows for the usual list."""
    return f"id: reserve, list: window, serves: [errand], clerks: {clerks}, tidal: {{{rule}}}"


def hall(*groups: str, arrivals: tuple[str, ...], minutes: str = "10 min", more: str = "") -> Told:
    """A day with these groups of windows."""
    layouts = windows(*groups, more=more)
    matters = f"[{errand(minutes)}, {REST}]"
    return tell(small(layouts=layouts, matters=matters, demand=come(*arrivals)))


FOUR = ("09:00", "09:01", "09:02", "09:03")


def test_opens_when_so_many_wait() -> None:
    """The second who waits is the one too many; the set-up takes two minutes."""
    day = hall(USUAL, reserve("opens_at: 2, setup: 2 min"), arrivals=FOUR)
    assert day.called == ["09:00", "09:04", "09:10", "09:14"]
    assert day.windows == ["window-1", "reserve-1", "window-1", "reserve-1"]


def test_closes_when_few_wait() -> None:
    """With one left waiting it closes, rather than at nobody, and leaves that one to the other."""
    rule = "opens_at: 2, closes_at: 1, setup: 2 min"
    day = hall(USUAL, reserve(rule), arrivals=FOUR)
    assert day.called == ["09:00", "09:04", "09:10", "09:20"]


def test_opens_when_the_first_has_waited_long() -> None:
    """One person who has waited five minutes is enough."""
    day = hall(USUAL, reserve("opens_after: 5 min"), arrivals=("09:00", "09:01"))
    assert day.called == ["09:00", "09:06"]


def test_shut_out_in_the_meantime() -> None:
    """The queue is gone when the window is ready: it closes without having called."""
    minutes = sequence(3, 1, 1, 10, 10, 10)
    arrivals = ("09:00", "09:01", "09:02", "10:00", "10:01", "10:02")
    day = hall(USUAL, reserve("opens_at: 2, setup: 20 min"), arrivals=arrivals, minutes=minutes)
    assert day.called == ["09:00", "09:03", "09:04", "10:00", "10:10", "10:20"]


def test_takes_an_idle_clerk_of_the_pool() -> None:
    """Nobody is taken from a visit, and those to keep stay where they are."""
    rule = "opens_at: 1, pool: other"
    from_noon, all_day = (OTHER.format(clerks=n) for n in ("{09:00-12:00: 1, 13:00-17:00: 2}", "2"))
    assert hall(USUAL, from_noon, reserve(rule), arrivals=FOUR[:2]).called == ["09:00", "09:01"]
    day = hall(USUAL, from_noon, reserve(f"{rule}, keep: 1"), arrivals=FOUR[:2])
    assert day.called == ["09:00", "09:10"]
    day = hall(USUAL, all_day, reserve(f"{rule}, keep: 1"), arrivals=FOUR[:2])
    assert day.called == ["09:00", "09:01"]


def test_the_pool_is_short_of_who_went() -> None:
    """Who comes for the pool's own matter finds one clerk less, until that one is back."""
    text = small(
        layouts=windows(USUAL, OTHER.format(clerks=1), reserve("opens_at: 1, pool: other")),
        matters=f"[{errand('10 min')}, {REST}]",
        demand="[{id: people, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T09:01:00]},"
        " {id: others, matter: rest, at: [2025-01-06T09:02:00]}]",
    )
    day = tell(text)
    assert day.called == ["09:00", "09:01", "09:11"]
    assert day.windows == ["window-1", "reserve-1", "other-1"]


def test_lunch_ends_the_duty_of_who_was_lent() -> None:
    """The pool's clerk goes to lunch from the reserve window, after the visit in hand."""
    pool = "id: other, serves: [rest], clerks: {09:00-12:00: 1, 13:00-17:00: 1}"
    arrivals = ("11:55", "11:56", "11:57", "13:30")
    day = hall(
        USUAL, pool, reserve("opens_at: 1, pool: other"), arrivals=arrivals, minutes="20 min"
    )
    assert day.called == ["11:55", "11:56", "12:15", "13:30"]
    assert day.windows == ["window-1", "reserve-1", "window-1", "window-1"]


def test_who_is_still_at_a_reserve_window_after_lunch_is_nowhere_else() -> None:
    """The pool's clerk serves through lunch: the pool opens again when that visit is over."""
    pool = OTHER.format(clerks="{09:00-12:00: 1, 13:00-17:00: 1}")
    text = small(
        layouts=windows(USUAL, pool, reserve("opens_at: 1, pool: other")),
        matters=f"[{errand('90 min')}, {REST}]",
        demand="[{id: people, matter: errand, at: [2025-01-06T11:50:00, 2025-01-06T11:51:00]},"
        " {id: others, matter: rest, at: [2025-01-06T13:05:00]}]",
    )
    day = tell(text)
    assert day.called == ["11:50", "11:51", "13:21"]
    assert day.windows == ["window-1", "reserve-1", "other-1"]
    check_invariants(Tables(day.plan, day.tape, day.journal))


def test_who_stands_by_after_lunch_is_not_who_is_still_busy() -> None:
    """One clerk is on duty from 13:00, and still at a reserve window: no second one opens."""
    clerks = "{09:00-10:00: 2, 10:00-12:00: 1, 13:00-17:00: 1}"
    arrivals = ("11:50", "11:51", "13:01", "13:02")
    day = hall(USUAL, reserve("opens_at: 1", clerks), arrivals=arrivals, minutes="90 min")
    assert day.called == ["11:50", "11:51", "13:20", "13:21"]
    assert day.windows == ["window-1", "reserve-1", "window-1", "reserve-1"]
    check_invariants(Tables(day.plan, day.tape, day.journal))


def test_who_is_lent_goes_on_while_the_pool_shrinks() -> None:
    """At 09:10 the pool has one clerk fewer: its own window closes after the visit in hand, and the
    one who is lent calls in the meantime. That breaks no law of the hall."""
    pool = OTHER.format(clerks="{09:00-09:10: 2, 09:10-17:00: 1}")
    text = small(
        layouts=windows(USUAL, pool, reserve("opens_at: 1, pool: other")),
        matters=f"[{errand('12 min')}, {errand('40 min', id_='rest')}]",
        demand="[{id: people, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T09:01:00,"
        " 2025-01-06T09:02:00, 2025-01-06T09:03:00, 2025-01-06T09:04:00]},"
        " {id: others, matter: rest, at: [2025-01-06T09:05:00]}]",
    )
    day = tell(text)
    lent = [
        at
        for at, window in zip(day.called, day.windows, strict=True)
        if window and "reserve" in window
    ]
    assert lent == ["09:01", "09:13"]
    assert "other-1" in day.windows, "who is busy until 09:45, after the roster"
    check_invariants(Tables(day.plan, day.tape, day.journal))


def test_no_more_than_the_roster_says() -> None:
    """Reserve windows that may not open now stay shut, however many wait."""
    day = hall(USUAL, reserve("opens_at: 1", "{13:00-17:00: 1}"), arrivals=FOUR)
    assert day.called == ["09:00", "09:10", "09:20", "09:30"]


def journal_of(*groups: str) -> Journal:
    """Journal of a busy morning."""
    arrivals = tuple(f"09:{minute:02d}" for minute in range(0, 60, 3))
    return hall(*groups, arrivals=arrivals).journal


def test_thresholds_that_nobody_reaches() -> None:
    """A window that never opens is no window, tick for tick."""
    assert_same_journal(journal_of(USUAL), journal_of(USUAL, reserve("opens_at: 1000")))


def test_open_at_once_is_an_ordinary_window() -> None:
    """Who stands by, opens for one and needs no set-up serves like an ordinary window."""
    plain = "id: more, list: window, serves: [errand], clerks: 1"
    calls = journal_of(USUAL, reserve("opens_at: 1")).called_at
    assert calls.tolist() == journal_of(USUAL, plain).called_at.tolist()


@pytest.mark.parametrize("setup", ["0 min", "5 min"])
def test_a_lower_threshold_waits_no_longer(setup: str) -> None:
    """The earlier it opens the shorter the total wait, as standing by costs nothing here."""
    totals = []
    for opens_at in (1, 2, 4, 8):
        journal = journal_of(USUAL, reserve(f"opens_at: {opens_at}, setup: {setup}"))
        totals.append(int((journal.called_at - journal.taken_at).sum()))
    assert totals == sorted(totals)


def codes(*groups: str) -> list[str]:
    """Codes of what is wrong with a layout."""
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(small(layouts=windows(*groups), matters=f"[{errand('10 min')}, {REST}]"))
    return [problem.code for problem in caught.value.problems]


def test_bad_rules() -> None:
    """Rules that contradict themselves or the layout are refused."""
    other_group = OTHER.format(clerks=1)
    assert codes(USUAL, reserve("setup: 1 min")) == ["tidal_never"]
    assert codes(USUAL, reserve("opens_at: 3, closes_at: 3")) == ["tidal_oscillates"]
    assert codes(USUAL, reserve("opens_at: 3, pool: othr"), other_group) == ["unknown_pool"]
    assert codes(USUAL, reserve("opens_at: 3, pool: reserve")) == ["tidal_pool"]
    assert codes(USUAL, reserve("opens_at: 3, pool: other, keep: 1"), other_group) == ["tidal_keep"]
    alone = reserve("opens_at: 3").replace("list: window, ", "")
    assert codes(USUAL, alone) == ["tidal_alone"]
    second_reserve = reserve("opens_at: 3").replace("id: reserve", "id: again")
    assert codes(USUAL, reserve("opens_at: 3"), second_reserve) == ["tidal_same_list"]
