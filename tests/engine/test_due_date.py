"""Which review is taken next: the one due first, or the one that came first."""

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    at,
    bundle,
    crowd,
    department,
    errand,
    flows,
    item,
    scenarios,
    sequence,
    small,
    tell,
)

LATE = errand("0 min", f"promised: 9 wd, items: [{item('x', '30 min')}]", "late")
SOON = errand("0 min", f"promised: 1 wd, items: [{item('x', '30 min')}]", "soon")
NONE = errand("0 min", f"items: [{item('x', '30 min')}]", "none")
ALL = "id: window, serves: [late, none, soon], clerks: 1"
LAYOUTS = f"[{{id: hall, name: {{zh: 厅, en: Hall}}, windows: [{{{ALL}}}]}}]"
DEMAND = flows(
    at("09:00", "09:01", flow="a", matter="late"),
    at("09:02", flow="b", matter="none"),
    at("09:03", flow="c", matter="soon"),
)


def started(queue: str, demand: str = DEMAND, **sections: str) -> list[str | None]:
    """When the reviews start, by order of arrival."""
    departments = f"[{department('office', 1, f'queue: {queue}')}]"
    matters = f"[{LATE}, {NONE}, {SOON}]"
    text = small(
        departments=departments, matters=matters, layouts=LAYOUTS, demand=demand, **sections
    )
    return tell(text).started


def test_due_first() -> None:
    """The shortest limit comes first; who was promised nothing comes last."""
    assert started("due_date") == ["09:00", "10:00", "10:30", "09:30"]


def test_first_in() -> None:
    """Without regard to limits the longest in the queue comes first."""
    assert started("first_in") == ["09:00", "09:30", "10:00", "10:30"]


def test_equally_due() -> None:
    """Among reviews due in the same instant the earlier case comes first."""
    others = at("09:00", flow="z", matter="none")
    demand = flows(at("09:00", "09:05", "09:10", matter="late"), others)
    assert started("due_date", demand) == ["09:00", "10:30", "09:30", "10:00"]


def test_working_days_and_calendar_days() -> None:
    """From Friday one working day lasts to the end of Monday: longer than 3 days, not than 4."""
    demand = flows(
        at("4 09:00", "4 09:01", flow="a", matter="soon"),
        at("4 09:02", flow="b", matter="four"),
        at("4 09:03", flow="c", matter="three"),
    )
    x = item("x", "30 min")
    four = errand("0 min", f"promised: 4 d, items: [{x}]", "four")
    three = errand("0 min", f"promised: 3 d, items: [{x}]", "three")
    text = small(
        run="{start: 2025-01-06, measured_days: 5}",
        matters=f"[{SOON}, {four}, {three}]",
        layouts=LAYOUTS.replace("late, none, soon", "four, three, soon"),
        demand=demand,
    )
    assert tell(text).started == ["4 09:00", "4 10:00", "4 10:30", "4 09:30"]


@FEW
@given(MINUTES, MINUTES, st.sampled_from(["3 d", "5 wd"]))
def test_equal_promises_are_first_in_first_out(
    gaps: list[int], work: list[int], promised: str
) -> None:
    """Cases of one item that are promised the same are due in the order of acceptance."""
    review = item("x", sequence(*[3 * minutes for minutes in work]))
    text = crowd(gaps, [0], matters=bundle(review, more=f"promised: {promised}"))
    rule = "departments.*.queue"
    assert_same_day(altered(text, (rule, "due_date")), altered(text, (rule, "first_in")))


@FEW
@given(scenarios())
def test_first_in_first_out_does_not_know_promises(text: str) -> None:
    """In any hall, a promise moves nobody where the queue does not go by it."""
    free = altered(text, ("departments.*.queue", "first_in"), ("matters.*.statutory", None))
    assert_same_day(
        altered(free, ("matters.*.promised", "1 wd")), altered(free, ("matters.*.promised", None))
    )
