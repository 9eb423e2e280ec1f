"""A queue before the doors, person by person: it goes as the fluid says, but for whole people."""

import pytest

from sim.clock import HOUR, MINUTE
from sim.theory import backlog_time
from tests.laws.halls import told_tables
from tests.strategies import small, windows

OPENING = 40 * MINUTE
"""By then 120 have come, three a minute from midnight on, and wait at the door."""
EVERY_20_S = ", ".join(
    f"2025-01-06 {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(20, 10_800, 20)
)


@pytest.mark.parametrize(("clerks", "cleared"), [(5, 60), (6, 40), (9, 20)])
def test_queue_before_the_doors(clerks: int, cleared: float) -> None:
    """Civil-service exam problem; case fluid-backlog-a: 120 queue, 3 a minute come, 1 min each."""
    text = small(
        calendars="[{id: day, weekly: {mon-sun: [00:40-03:00]}}]",
        matters="[{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 1 min}}]",
        demand=f"[{{id: people, matter: errand, at: [{EVERY_20_S}]}}]",
        layouts=windows(f"id: window, serves: [errand], clerks: {clerks}"),
    )
    tickets = told_tables(text).tickets
    assert (tickets.taken_at == OPENING).sum() == 120
    at_once = (tickets.called_at == tickets.taken_at) & (tickets.taken_at > OPENING)
    first = int(tickets.taken_at[at_once].min() - OPENING) / MINUTE
    assert backlog_time(120, 3, 1, clerks) == cleared
    # a window is free once fewer people are left than windows; the next person comes in 20 s
    assert cleared - clerks / (clerks - 3) <= first <= cleared + 1 / 3
    # from then on nobody waits
    assert at_once[tickets.taken_at >= OPENING + cleared * MINUTE + MINUTE].all()
    assert (tickets.taken_at < 3 * HOUR).any()
