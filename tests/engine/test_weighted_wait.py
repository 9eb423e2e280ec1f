"""The longest weighted wait is called first."""

from hypothesis import given

from tests.strategies import (
    FEW,
    altered,
    assert_same_day,
    at,
    flows,
    scenarios,
    small,
    tell,
    windows,
)

CLASSES = (
    "[{id: elderly, name: {zh: 老人, en: Elderly}, weight: 3},"
    " {id: other, name: {zh: 其他, en: Others}, weight: 1}]"
)
RULE = "calling: {rule: weighted_wait}"


def called(others: tuple[str, ...], elderly: tuple[str, ...]) -> list[str | None]:
    """When each is called, in order of arrival."""
    demand = flows(
        at(*others, more="classes: {other: 1}"),
        at(*elderly, flow="z", more="classes: {elderly: 1}"),
    )
    layouts = windows("id: window, serves: [errand], clerks: 1", more=RULE)
    return tell(small(applicants=f"{{classes: {CLASSES}}}", demand=demand, layouts=layouts)).called


def test_weight_times_wait() -> None:
    """At 09:10 an elder's 4 minutes count 12, more than another's 9."""
    assert called(("09:00", "09:01"), ("09:06",)) == ["09:00", "09:20", "09:10"]


def test_longer_wait_still_wins() -> None:
    """At 09:10 an elder's 2 minutes count 6, less than another's 9."""
    assert called(("09:00", "09:01"), ("09:08",)) == ["09:00", "09:10", "09:20"]


def test_equal_weights() -> None:
    """At 09:10 an elder's 3 minutes count as much as another's 9: the lower ticket wins."""
    assert called(("09:00", "09:01"), ("09:07",)) == ["09:00", "09:10", "09:20"]


def test_without_classes_first_come() -> None:
    """With one weight for all this is first come first called."""
    layouts = windows("id: window, serves: [errand], clerks: 1", more=RULE)
    day = tell(small(layouts=layouts, demand=flows(at("09:00", "09:01", "09:02"))))
    assert day.called == ["09:00", "09:10", "09:20"]


@FEW
@given(scenarios())
def test_equal_weights_are_ticket_order(text: str) -> None:
    """In any hall, with one weight for all, this is priority without ranks."""
    rule = "layouts.*.calling.rule"
    even = altered(text, ("applicants.classes.*.weight", 2.0), ("applicants.classes.*.priority", 0))
    assert_same_day(altered(even, (rule, "weighted_wait")), altered(even, (rule, "priority")))
