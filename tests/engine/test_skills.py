"""Windows that accept some matters only, in any overlap."""

from tests.strategies import at, errand, flows, small, tell, windows

MATTERS = f"[{errand('10 min', id_='m')}, {errand('10 min', id_='n')}]"


def test_window_passes_over_what_it_does_not_accept() -> None:
    """A window calls the first in line whom it may serve; the others keep their places."""
    layouts = windows(
        "id: both, list: all, serves: [m, n], clerks: 1",
        "id: only, list: all, serves: [n], clerks: 1",
    )
    demand = flows(at("09:00", "09:01", "09:02", matter="m"), at("09:03", flow="q", matter="n"))
    day = tell(small(matters=MATTERS, layouts=layouts, demand=demand))
    assert day.windows == ["both-1", "both-1", "both-1", "only-1"]
    assert day.called == ["09:00", "09:10", "09:20", "09:03"]


def test_fewest_skills_first() -> None:
    """Of several idle windows the one with the fewest matters takes the ticket."""
    layouts = windows(
        "id: both, list: all, serves: [m, n], clerks: 1",
        "id: only, list: all, serves: [n], clerks: 1",
    )
    demand = flows(at("09:00", matter="n"), at("09:01", flow="q", matter="m"))
    day = tell(small(matters=MATTERS, layouts=layouts, demand=demand))
    assert (day.windows, day.called) == (["only-1", "both-1"], ["09:00", "09:01"])


def test_ticket_order_across_matters() -> None:
    """A generalist calls by ticket, whatever the matter."""
    layouts = windows("id: w, serves: [m, n], clerks: 1")
    demand = flows(at("09:00", "09:03", matter="m"), at("09:02", "09:04", flow="q", matter="n"))
    day = tell(small(matters=MATTERS, layouts=layouts, demand=demand))
    assert day.called == ["09:00", "09:10", "09:20", "09:30"]


def test_by_group_and_by_department() -> None:
    """Windows accept by matter, by group of matters, or by lead department."""
    grouped = errand("10 min", "groups: [pair]", "m")
    departments = (
        "[{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: day},"
        " {id: tax, name: {zh: 税, en: Tax}, reviewers: 1, hours: day}]"
    )
    taxed = errand("10 min", id_="n").replace("lead: office", "lead: tax")
    layouts = windows("id: a, serves: [pair], clerks: 1", "id: b, serves: [tax], clerks: 1")
    demand = flows(at("09:00", matter="n"), at("09:00", flow="q", matter="m"))
    day = tell(
        small(
            matters=f"[{grouped}, {taxed}]",
            departments=departments,
            layouts=layouts,
            demand=demand,
        )
    )
    assert day.lists == ["b", "a"]


def test_each_department_its_own_list() -> None:
    """Separate lists do not help each other: one queue grows while the other window idles."""
    layouts = windows("id: a, serves: [m], clerks: 1", "id: b, serves: [n], clerks: 1")
    demand = flows(at("09:00", "09:00", matter="m"), at("09:30", flow="q", matter="n"))
    day = tell(small(matters=MATTERS, layouts=layouts, demand=demand))
    assert day.called == ["09:00", "09:10", "09:30"]


def test_pooling_never_hurts() -> None:
    """One list over equal windows waits no longer in all than one list a window."""
    crowd = [f"09:{minute:02d}" for minute in (0, 0, 0, 1, 5, 5, 12, 30, 31)]
    demand = flows(at(*crowd, matter="m"), at(*crowd[::3], flow="q", matter="n"))
    apart = windows("id: a, serves: [m], clerks: 1", "id: b, serves: [n], clerks: 1")
    pooled = windows("id: a, serves: [m, n], clerks: 2")
    waits = []
    for layouts in (pooled, apart):
        journal = tell(small(matters=MATTERS, layouts=layouts, demand=demand)).journal
        waits.append(int((journal.called_at - journal.taken_at)[: int(journal.n_tickets[0])].sum()))
    assert waits[0] <= waits[1]
