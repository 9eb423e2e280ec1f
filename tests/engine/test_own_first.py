"""A window calls its own list first and helps others, at once or after a threshold."""

from hypothesis import assume, given

from tests.strategies import (
    FEW,
    NEVER,
    altered,
    assert_same_day,
    at,
    errand,
    flows,
    ordinary_scenarios,
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
    calls = called("{rule: own_first}")
    assert calls == [("a-1", "09:00"), ("b-1", "09:01"), ("b-1", "09:31")]


def test_own_list_first() -> None:
    """A window with tickets of its own leaves the others alone, however long they wait."""
    demand = flows(at("09:00", "09:02", matter="m"), at("09:01", "09:05", flow="q", matter="n"))
    calls = called("{rule: own_first}", demand)
    assert calls == [("a-1", "09:00"), ("b-1", "09:01"), ("b-1", "09:21"), ("b-1", "09:11")]


def test_threshold() -> None:
    """A helped list is called in the instant its head has waited so long."""
    calls = called("{rule: own_first, help_after: 10 min}")
    assert calls == [("a-1", "09:00"), ("b-1", "09:15"), ("b-1", "09:05")]


def test_threshold_never_reached() -> None:
    """Nobody is helped whom the own window calls before."""
    calls = called("{rule: own_first, help_after: 29 min}")
    assert calls == [("a-1", "09:00"), ("a-1", "09:30"), ("b-1", "09:05")]
    in_time = called("{rule: own_first, help_after: 28 min}")
    assert in_time[1] == ("b-1", "09:29")


def test_other_rules_do_not_know_own() -> None:
    """Under the other rules a helped list counts like an own one: lowest ticket first."""
    demand = flows(at("09:00", "09:02", "09:03", matter="m"), at("09:01", flow="q", matter="n"))
    calls = called("{rule: priority}", demand)
    assert calls == [("a-1", "09:00"), ("b-1", "09:01"), ("b-1", "09:11"), ("a-1", "09:30")]


def test_helping_means_calling_whatever_waits_there() -> None:
    """A window calls all tickets of a list that it helps, whatever it serves itself."""
    helper = "id: b, serves: [n], clerks: 1, helps: [a]"
    assert called("{rule: own_first}", helper=helper) == called("{rule: own_first}")
    assert called("{rule: priority}", helper=helper) == called("{rule: priority}")


def test_helping_opens_no_list_for_what_is_helped() -> None:
    """Tickets for what a window helps with are taken where it is served, and nowhere else."""
    layouts = windows(A, "id: b, serves: [n], clerks: 1, helps: [a]")
    day = tell(small(matters=MATTERS, layouts=layouts, demand=DEMAND))
    assert day.lists == ["a", "a", "b"]


def test_who_helps_keeps_a_list_open() -> None:
    """The list's own clerk leaves at noon; the window that helps it is there all day."""
    a = "id: a, serves: [m], clerks: {09:00-12:00: 1}"
    layouts = windows(a, "id: b, serves: [n], clerks: 1, helps: [a]")
    demand = flows(at("15:00", matter="m"))
    assert tell(small(matters=MATTERS, layouts=layouts, demand=demand)).windows == ["b-1"]


def test_who_helps_has_more_skills() -> None:
    """Of idle windows the one with fewest skills calls first; what is helped counts."""
    layouts = windows(
        "id: a, serves: [m, n], clerks: 1", "id: b, list: c, serves: [o], clerks: 1, helps: [a]"
    )
    matters = (
        f"[{errand('30 min', id_='m')}, {errand('10 min', id_='n')}, {errand('9 min', id_='o')}]"
    )
    text = small(matters=matters, layouts=layouts, demand=flows(at("09:00", matter="m")))
    day = tell(text)
    assert (day.plan.hall.n_skills.tolist(), day.windows) == ([2, 3], ["a-1"])


CALLING, GROUPS = "layouts.*.calling", "layouts.*.windows.*"


@FEW
@given(ordinary_scenarios())
def test_help_that_never_comes_is_own_lists_only(text: str) -> None:
    """In any hall whose windows all accept the same, and are staffed while it is open."""
    assume("arrivals_file" not in text)  # a table names matters of its own
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
@given(ordinary_scenarios())
def test_with_one_list_own_first_is_priority(text: str) -> None:
    """In any hall where there is nothing but one's own list."""
    one_list = altered(
        text,
        (f"{GROUPS}.list", "all"),
        (f"{GROUPS}.helps", None),
        (f"{GROUPS}.at_break", None),
        ("layouts.*.quota", None),
    )
    rule = f"{CALLING}.rule"
    assert_same_day(altered(one_list, (rule, "own_first")), altered(one_list, (rule, "priority")))
