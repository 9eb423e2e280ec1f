"""Rules that choose a list before they choose a ticket: in turn, or the longest list first."""

from __future__ import annotations

from hypothesis import given

from sim.scenario.load import scenario_from_text
from tests.strategies import (
    FEW,
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

MATTERS = f"[{errand('10 min', id_='m')}, {errand('10 min', id_='n')}]"
HELPER = "id: b, serves: [n], clerks: 1, helps: [a]"
CLOSED = "id: a, serves: [m], clerks: {16:00-17:00: 1}"
"""Windows that open late: until then only the helper calls their list."""
RULE = "layouts.*.calling.rule"


def _called(calling: str, *flow_texts: str, groups: tuple[str, ...] = (CLOSED, HELPER)) -> str:
    """Lists of the tickets that the helper calls, in order of the calls."""
    layouts = windows(*groups, more=f"calling: {calling}")
    day = tell(small(matters=MATTERS, layouts=layouts, demand=flows(*flow_texts)))
    assert set(day.windows) == {"b-1"}
    rows = sorted(range(day.n_tickets), key=lambda row: int(day.journal.called_at[row]))
    return "".join(day.plan.names.lists[day.journal.list_[row]] for row in rows)


def _flow(matter: str, *clocks: str) -> str:
    return at(*clocks, flow=f"of_{matter}", matter=matter)


EARLY = ("09:00", "09:01", "09:02", "09:03")
OWN, OTHER = _flow("n", *EARLY), _flow("m", *EARLY)


def test_one_and_one() -> None:
    """The first of its own at 09:00, then one of the other list, and so on."""
    assert _called("{rule: alternation}", OWN, OTHER) == "babababa"


def test_three_of_its_own_then_one_of_the_other() -> None:
    """Its own four are taken as three and one; then the other list follows."""
    assert _called("{rule: alternation, own_calls: 3}", OWN, OTHER) == "bbbabaaa"


def test_where_nobody_else_waits_the_count_waits_too() -> None:
    """Four of its own are called alone; who comes to the other list then is called at once."""
    own = _flow("n", *EARLY, "09:31", "09:32")
    assert _called("{rule: alternation, own_calls: 3}", own, _flow("m", "09:35")) == "bbbbabb"


def test_a_call_for_others_begins_the_count_anew() -> None:
    """With nobody of its own there the helper calls m at 09:00; then two of its own come first."""
    own, other = _flow("n", *EARLY[1:]), _flow("m", "09:00", "09:05", "09:06")
    assert _called("{rule: alternation, own_calls: 2}", own, other) == "abbaba"


def test_the_longest_list_is_called() -> None:
    """After the first, three wait in a and two in b: a, then of two equal lists the first one."""
    own, other = _flow("n", "09:00", "09:01", "09:02"), _flow("m", "09:03", "09:04", "09:05")
    assert _called("{rule: longest_list}", own, other) == "baabab"


def test_most_waiting_wins_over_waiting_longer() -> None:
    """Two who came later to one list are called before who waits alone in the other."""
    own, other = _flow("n", "09:00", "09:01"), _flow("m", "09:02", "09:03")
    assert _called("{rule: longest_list}", own, other) == "baab"


@FEW
@given(scenarios())
def test_a_count_that_is_never_reached_is_own_first(text: str) -> None:
    """In any hall: a thousand of one's own before one of the others is one's own list first."""
    no_threshold = ("layouts.*.calling.help_after", "0 min")
    many = altered(text, (RULE, "alternation"), ("layouts.*.calling.own_calls", 1_000))
    first = altered(text, (RULE, "own_first"), no_threshold)
    assert_same_day(altered(many, no_threshold), first)


@FEW
@given(scenarios())
def test_one_list_is_called_as_by_priority(text: str) -> None:
    """In any hall of one list and no help, both rules call whom class and ticket name."""
    groups = "layouts.*.windows.*"
    alone = altered(
        text,
        (f"{groups}.list", "only"),
        (f"{groups}.helps", []),
        (f"{groups}.at_break", None),
        ("layouts.*.quota", None),
    )
    plain = altered(alone, (RULE, "priority"))
    for rule in ("alternation", "longest_list"):
        assert_same_day(altered(alone, (RULE, rule)), plain)


def test_accumulating_priority_is_the_longest_weighted_wait() -> None:
    """The field's name for the rule: one scenario, whichever word it is written with."""
    by_word = []
    for word in ("weighted_wait", "accumulating_priority"):
        layouts = windows("id: a, serves: [errand], clerks: 1", more=f"calling: {{rule: {word}}}")
        by_word.append(scenario_from_text(small(layouts=layouts)))
    assert by_word[0].hash == by_word[1].hash
    assert by_word[1].layouts[0].calling.rule == "weighted_wait"
