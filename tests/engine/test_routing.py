"""Where a ticket is taken when several lists accept the matter."""

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    come,
    crowd,
    department,
    errand,
    scenarios,
    sequence,
    small,
    tell,
    windows,
)

A = "id: a, serves: [errand], clerks: 1"
B = "id: b, serves: [errand], clerks: 1"
LOST = "{unserved: {returns: 0, lost: 1}}"


def test_shortest_wait() -> None:
    """The machine sends to the list with the shortest expected wait, the first among equals."""
    demand = come("09:00", "09:01", "09:02", "09:03")
    day = tell(small(layouts=windows(A, B), demand=demand))
    assert day.lists == ["a", "b", "a", "b"]


def test_more_windows_shorter_wait() -> None:
    """Two clerks empty a list twice as fast: the fifth and sixth join where two call."""
    two = "id: b, serves: [errand], clerks: 2"
    day = tell(small(layouts=windows(A, two), demand=come(*["09:00"] * 6)))
    assert day.lists == ["a", "b", "b", "b", "a", "b"]


def test_work_of_the_list() -> None:
    """A list with longer matters is expected to take longer with as many people."""
    matters = f"[{errand('10 min')}, {errand('60 min', id_='long')}]"
    mixed = "id: a, serves: [errand, long], clerks: 1"
    people = "[{id: p, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T09:00:00, "
    people += "2025-01-06T09:00:00]}, {id: q, matter: long, at: [2025-01-06T08:00:00]}]"
    day = tell(small(matters=matters, layouts=windows(mixed, B), demand=people))
    assert day.lists == ["a", "b", "b", "b"]


def test_not_to_a_list_at_lunch() -> None:
    """A list nobody serves at the moment ranks behind one that somebody serves."""
    later = "id: a, serves: [errand], clerks: {13:00-17:00: 1}"
    day = tell(small(layouts=windows(later, B), demand=come(*["09:00"] * 3)))
    assert day.lists == ["b", "b", "b"]


def test_not_to_a_list_that_is_over() -> None:
    """A list nobody serves any more that day takes no ticket, whatever the shares say."""
    early = "id: a, serves: [errand], clerks: {09:00-12:00: 1}"
    layouts = windows(early, B, more="routing: {rule: shares, shares: {a: 1}}")
    day = tell(small(layouts=layouts, demand=come("11:00", "12:00")))
    assert day.lists == ["a", "b"]


def test_fixed_shares() -> None:
    """Tickets spread by the given shares."""
    layouts = windows(A, B, more="routing: {rule: shares, shares: {a: 1, b: 3}}")
    matters = f"[{errand('0 min')}]"
    day = tell(small(layouts=layouts, matters=matters, demand=come(*["09:00"] * 1000)))
    # 250 expected, standard deviation √(1000 × 0.25 × 0.75) = 13.7
    assert abs(day.lists.count("a") - 250) < 3 * 13.7


def test_no_share_no_ticket() -> None:
    """A list without a share is left out."""
    layouts = windows(A, B, more="routing: {rule: shares, shares: {b: 1}}")
    day = tell(small(layouts=layouts, demand=come(*["09:00"] * 20)))
    assert set(day.lists) == {"b"}


def test_habit() -> None:
    """By habit a person goes to the same list on every trip; by shares not."""
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 4}"
    corrections = "{share: 1, at_most: 1, on_the_spot: 1}"
    matters = f"[{errand('0 min')}]"
    changed = {}
    for rule in ("habit", "shares"):
        layouts = windows(A, B, more=f"routing: {{rule: {rule}}}")
        demand = come(*["09:00"] * 50)
        text = small(
            run=run, layouts=layouts, matters=matters, corrections=corrections, demand=demand
        )
        day = tell(text)
        lists: dict[int, set[str]] = {}
        for errand_, name in zip(day.journal.errand[:100], day.lists, strict=True):
            case = int(day.tape.errands.case[int(errand_)])
            lists.setdefault(case, set()).add(name)
        changed[rule] = sum(len(names) > 1 for names in lists.values())
    assert changed["habit"] == 0
    assert changed["shares"] > 10


def test_same_list_different_windows() -> None:
    """Groups that share a list take tickets of one line."""
    one_list = "id: a, list: all, serves: [errand], clerks: 1"
    two = "id: b, list: all, serves: [errand], clerks: 1"
    day = tell(small(layouts=windows(one_list, two), demand=come(*["09:00"] * 3)))
    assert (day.lists, day.windows) == (["all"] * 3, ["a-1", "b-1", "a-1"])


def test_hall_without_windows() -> None:
    """A hall in which nobody works turns everybody away; who applies online needs no window."""
    demand = "[{id: net, matter: errand, at: [2025-01-06T09:00:00], online_share: 1}]"
    day = tell(
        small(
            layouts=windows("id: a, serves: [errand], clerks: 0"),
            demand=demand,
            online="{department: office, precheck: 5 min}",
            departments=f"[{department('office')}]",
        )
    )
    assert day.ended == ["09:05"]


@FEW
@given(scenarios(), st.sampled_from(["shares", "habit"]))
def test_one_list_needs_no_rule(text: str, rule: str) -> None:
    """In any hall whose windows share a list."""
    groups, routing = "layouts.*.windows.*", "layouts.*.routing.rule"
    one_list = altered(
        text,
        (f"{groups}.list", "all"),
        (f"{groups}.helps", None),
        (f"{groups}.at_break", None),
        ("layouts.*.quota", None),
    )
    assert_same_day(
        altered(one_list, (routing, rule)), altered(one_list, (routing, "shortest_wait"))
    )


@FEW
@given(MINUTES, MINUTES, st.sampled_from(["shares", "habit"]))
def test_shares_of_one_list_are_that_list(gaps: list[int], work: list[int], rule: str) -> None:
    """All the weight on one list is the same as windows of the other that accept other matters."""
    matters = f"[{errand(sequence(*work))}, {errand('5 min', id_='other')}]"
    rules = f"routing: {{rule: {rule}, shares: {{a: 3}}}}"
    text = crowd(gaps, work, matters=matters, layouts=windows(A, B, more=rules))
    elsewhere = B.replace("[errand]", "[other]")
    assert_same_day(text, crowd(gaps, work, matters=matters, layouts=windows(A, elsewhere)))
