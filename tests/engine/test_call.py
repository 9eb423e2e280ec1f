"""Who is called, when, at which window."""

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
    sequence,
    small,
    tell,
    windows,
)

TWO = windows("id: window, serves: [errand], clerks: 2")


def test_first_come_first_called() -> None:
    """One window calls people in the order of their tickets."""
    day = tell(small(demand=come("09:00", "09:03", "09:04")))
    assert day.called == ["09:00", "09:10", "09:20"]
    assert day.ended == ["09:10", "09:20", "09:30"]
    assert day.fates == ["served", "served", "served"]


def test_next_free_window() -> None:
    """One list, two windows: whoever is first in line goes to the window that frees first."""
    matters = f"[{errand(sequence(30, 10, 10, 10))}]"
    day = tell(small(matters=matters, layouts=TWO, demand=come("09:00", "09:00", "09:01", "09:02")))
    assert day.windows == ["window-1", "window-2", "window-2", "window-2"]
    assert day.called == ["09:00", "09:00", "09:10", "09:20"]


def test_lowest_window_first() -> None:
    """Of equal idle windows the lowest takes the next ticket."""
    day = tell(small(layouts=TWO, demand=come("09:00", "09:10", "09:20")))
    assert day.windows == ["window-1", "window-1", "window-1"]


def test_longest_idle_first() -> None:
    """The window that has been idle longest takes the next ticket, if the layout says so."""
    layouts = windows("id: window, serves: [errand], clerks: 2", more="idle: longest_idle")
    day = tell(small(layouts=layouts, demand=come("09:00", "09:10", "09:20", "09:30")))
    assert day.windows == ["window-1", "window-2", "window-1", "window-2"]


def test_slower_window() -> None:
    """Proficiency multiplies the service time of a window."""
    layouts = windows("id: window, serves: [errand], clerks: 1, proficiency: 1.5")
    assert tell(small(layouts=layouts)).ended == ["09:15"]


def test_papers_and_fields() -> None:
    """Window work is the base, each paper, and each field that is not pre-filled."""
    matter = (
        "{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 2 min,"
        " materials: 3, per_material: 1 min, fields: 20, per_field: 30 s, prefilled_share: 0.5}}"
    )
    assert tell(small(matters=f"[{matter}]")).ended == ["09:10"]


def test_assistance() -> None:
    """Who needs help takes longer at the window."""
    classes = "[{id: elderly, name: {zh: 老人, en: Elderly}, assisted_share: 1.0}]"
    day = tell(small(applicants=f"{{classes: {classes}, assistance_factor: 1.5}}"))
    assert day.ended == ["09:15"]


def test_personal_factor() -> None:
    """A person's own factor is on the whole of the work."""
    matter = errand("10 min, individual: {law: sequence, values: [0.5, 2.0]}")
    day = tell(small(matters=f"[{matter}]", demand=come("09:00", "10:00")))
    assert day.ended == ["09:05", "10:20"]


def test_zero_service() -> None:
    """Work that takes no time frees the window in the same instant, one after the other."""
    day = tell(small(matters=f"[{errand('0 min')}]", demand=come("09:00", "09:00", "09:00")))
    assert day.ended == ["09:00", "09:00", "09:00"]


def test_finished_at_the_window() -> None:
    """A matter without items is issued when it is accepted."""
    day = tell(small())
    assert (day.accepted, day.closed, day.case_fates) == (["09:10"], ["09:10"], ["issued"])


SERVICE, CLASSES = "matters.*.service", "applicants.classes"


@FEW
@given(scenarios(), st.integers(0, 4), st.integers(0, 4))
def test_parts_of_the_work_are_its_sum(text: str, papers: int, fields: int) -> None:
    """In any hall: base, papers and fields not pre-filled are as much base; none are none."""
    parts = {"base": "1 min", "materials": papers, "per_material": "2 min", "per_field": "3 min"}
    half = {**parts, "fields": 2 * fields, "prefilled_share": 0.5}
    whole = {"base": f"{1 + 2 * papers + 3 * fields} min"}
    own_times = ("layouts.*.windows.*.service_laws", None)  # in place of a base, not of its parts
    text = altered(text, ("matters.*.items.*.materials", None), own_times)
    assert_same_day(altered(text, (SERVICE, half)), altered(text, (SERVICE, whole)))
    all_known = {**half, "prefilled_share": 1.0}
    assert_same_day(altered(text, (SERVICE, all_known)), altered(text, (SERVICE, parts)))


@FEW
@given(scenarios())
def test_help_that_takes_no_longer_is_none(text: str) -> None:
    """In any hall, a factor of help of 1 and nobody who needs help are the same."""
    factor = altered(text, ("applicants.assistance_factor", 1.0))
    assert_same_day(factor, altered(text, (f"{CLASSES}.*.assisted_share", 0.0)))


@FEW
@given(scenarios())
def test_training_makes_up_for_proficiency(text: str) -> None:
    """In any hall: half the time for people who take twice as long."""
    twice = {"sessions": 1, "people": 1, "staff": 1, "service_rate": 0.5}
    slow = altered(text, ("layouts.*.windows.*.proficiency", 2.0), ("hall.training", twice))
    quick = altered(text, ("layouts.*.windows.*.proficiency", 1.0), ("hall.training", None))
    assert_same_day(slow, quick)


@FEW
@given(MINUTES, MINUTES, st.sampled_from(["materials", "fields"]))
def test_less_paper_makes_nobody_wait_longer(gaps: list[int], work: list[int], what: str) -> None:
    """Fewer papers, or more fields pre-filled: every visit is shorter, and no wait longer."""
    per = {"per_material": "1 min", "per_field": "1 min", "fields": 6, "materials": 6}
    service = {"base": {"law": "sequence", "values": [f"{x} min" for x in work]}, **per}
    text = altered(crowd(gaps, work), (SERVICE, service))
    less = (
        (f"{SERVICE}.materials", 1) if what == "materials" else (f"{SERVICE}.prefilled_share", 0.9)
    )
    before, after = tell(text).journal, tell(altered(text, less)).journal
    assert (after.called_at <= before.called_at).all()
    assert (after.ended_at < before.ended_at).all()
