"""A window calls its own list first and helps others, at once or after a threshold."""

from hypothesis import given

from tests.strategies import (
    FEW,
    NEVER,
    altered,
    assert_same_day,
    at,
    errand,
    flows,
    scenarios,
    small,
    tell,
    windows,
)

MATTERS = f"[{errand('30 min', id_='m')}, {errand('10 min', id_='n')}]"
A = "id: a, serves: [m], clerks: 1"
HELPER = "id: b, serves: [m, n], clerks: 1, helps: [a]"
DEMAND = flows(at("09:00", "09:01", matter="m"), at("09:05", flow="q", matter="n"))


def called(calling: str, demand: str = DEMAND, helper: str = HELPER) -> list[tuple[str, str]]:
    """Who called each and when, in order of arrival. Matter m is accepted by both lists."""
    routing = "routing: {rule: shares, shares: {a: 1}}"
    layouts = windows(A, helper, more=f"calling: {calling}, {routing}")
    day = tell(small(matters=MATTERS, layouts=layouts, demand=demand))
    return [(str(w), str(c)) for w, c in zip(day.windows, day.called, strict=True)]


def test_helps_at_once() -> None:
    """Without own tickets and without a threshold a window helps at once."""
    told = called("{rule: own_first}")
    assert told == [("a-1", "09:00"), ("b-1", "09:01"), ("b-1", "09:31")]


def test_own_list_first() -> None:
    """A window with tickets of its own leaves the others alone, however long they wait."""
    demand = flows(at("09:00", "09:02", matter="m"), at("09:01", "09:05", flow="q", matter="n"))
    told = called("{rule: own_first}", demand)
    assert told == [("a-1", "09:00"), ("b-1", "09:01"), ("b-1", "09:21"), ("b-1", "09:11")]


def test_threshold() -> None:
    """A helped list is called in the instant its head has waited so long."""
    told = called("{rule: own_first, help_after: 10 min}")
    assert told == [("a-1", "09:00"), ("b-1", "09:15"), ("b-1", "09:05")]


def test_threshold_never_reached() -> None:
    """Nobody is helped whom the own window calls before."""
    told = called("{rule: own_first, help_after: 29 min}")
    assert told == [("a-1", "09:00"), ("a-1", "09:30"), ("b-1", "09:05")]
    in_time = called("{rule: own_first, help_after: 28 min}")
    assert in_time[1] == ("b-1", "09:29")


def test_other_rules_do_not_know_own() -> None:
    """Under the other rules a helped list counts like an own one: lowest ticket first."""
    demand = flows(at("09:00", "09:02", "09:03", matter="m"), at("09:01", flow="q", matter="n"))
    told = called("{rule: priority}", demand)
    assert told == [("a-1", "09:00"), ("b-1", "09:01"), ("b-1", "09:11"), ("a-1", "09:30")]


def test_helps_only_what_it_accepts() -> None:
    """A window helps a list only with matters it accepts."""
    helper = "id: b, serves: [n], clerks: 1, helps: [a]"
    told = called("{rule: own_first}", helper=helper)
    assert told == [("a-1", "09:00"), ("a-1", "09:30"), ("b-1", "09:05")]


CALLING, GROUPS = "layouts.*.calling", "layouts.*.windows.*"


@FEW
@given(scenarios())
def test_help_that_never_comes_is_own_lists_only(text: str) -> None:
    """In any hall whose windows all accept the same, and are staffed while it is open."""
    same = altered(
        text,
        (f"{GROUPS}.serves", ["m0"]),
        (f"{GROUPS}.clerks", 1),
        ("demand.*.matter", "m0"),
        ("matters.*.handling", "bundled"),
        (f"{CALLING}.rule", "own_first"),
    )
    never = altered(same, (f"{CALLING}.help_after", NEVER))
    assert_same_day(never, altered(same, (f"{GROUPS}.helps", None)))


@FEW
@given(scenarios())
def test_with_one_list_own_first_is_priority(text: str) -> None:
    """In any hall where there is nothing but one's own list."""
    one = altered(text, (f"{GROUPS}.list", "all"), (f"{GROUPS}.helps", None))
    rule = f"{CALLING}.rule"
    assert_same_day(altered(one, (rule, "own_first")), altered(one, (rule, "priority")))
