"""The first instant of a run is an instant like any other: what happens then is counted."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytest

from sim import Scenario
from sim.analysis.causes import causes
from sim.analysis.measures import Tally, measure
from sim.analysis.paperwork import paperwork
from sim.analysis.reductions import count_cases, pair_of, reviewed
from sim.analysis.sites import site_loads
from sim.clock import MINUTE
from sim.results.eventlog import EventLog
from sim.results.invariants import check_invariants
from sim.results.log_columns import id_labels
from sim.scenario.load import scenario_from_text
from tests.engine.test_separate import OFFICES, joint
from tests.laws.halls import tables_of
from tests.strategies import bundle, department, errand, item, small, windows

DAYS: Final = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
CHECK: Final = item("check", "0 min")
PARTS: Final = tuple(item(n, "0 min", "", d) for n, d in (("x", "office"), ("y", "tax")))
KINDS: Final[dict[str, dict[str, str]]] = {
    "at the window": {"matters": f"[{errand('0 min')}]"},
    "through the office": {"matters": bundle(CHECK)},
    "past the desk": {"matters": bundle(CHECK), "hall": "reception: {clerks: 1, service: 0 min}"},
    "through the net": {
        "matters": bundle(CHECK),
        "online": "{department: office, precheck: 0 min}",
        "more": "online_share: 1.0",
    },
    "not there when called": {
        "applicants": "{missed: {share: 1, window_waits: 0 min, then: requeue}}",
        "matters": f"[{errand('0 min')}]",
    },
    "incomplete": {
        "corrections": "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 0 min}",
        "matters": bundle(CHECK),
    },
    "asked for papers": {
        "corrections": "{share: 0, at_most: 1, online: 1, delay: 0 min}",
        "matters": bundle(item("check", "0 min", "correction_share: 1")),
        "online": "{department: office, precheck: 0 min}",
    },
    "rejected": {"matters": bundle(item("check", "0 min", "rejection_share: 1"))},
    "by post": {"matters": bundle(CHECK, more="issue: {post: 1, mailing: 0 d}")},
    "one after the other": {
        "departments": f"[{', '.join(OFFICES)}]",
        "matters": joint(*PARTS).replace("base: 5 min", "base: 0 min"),
        "layouts": windows(*(f"id: {name}, serves: [{name}], clerks: 1" for name in "abc")),
        "matter": "joint",
    },
}


def scenario_at(clock: str, kind: str) -> Scenario:
    """Three people come at a time of the first day, and do all that takes no time."""
    parts = {"matter": "errand", "more": "", **KINDS[kind]}
    matter, more = parts.pop("matter"), parts.pop("more")
    instants = ", ".join([f"2025-01-06T{clock}"] * 3)
    tail = f", {more}" if more else ""
    usual = {
        "calendars": DAYS,
        "departments": f"[{department('office')}]",
        "demand": f"[{{id: people, matter: {matter}, at: [{instants}]{tail}}}]",
        "run": "{start: 2025-01-06, measured_days: 1, followup_days: 3}",
    }
    return scenario_from_text(small(**{**usual, **parts}))


def count_everything(scenario: Scenario) -> dict[str, Any]:
    """All that is counted of the day."""
    tables = tables_of(scenario)
    check_invariants(tables)
    tally, papers = measure(tables), paperwork(scenario)
    pair = pair_of(tables, tables, (papers, papers))
    events = EventLog(tables, id_labels(tables.plan.names)).events
    return {
        **{f"day {key}": sums for key, sums in tally.by_day.items()},
        **{f"group {key}": sums for key, sums in tally.by_group.items()},
        **{
            f"tally {name}": getattr(tally, name)
            for name in ("wait_histogram", "causes_by_matter", "last_by_matter", "open_at_end")
            if name in Tally._fields
        },
        **{f"papers {key}": value for key, value in count_cases(tables, papers)._asdict().items()},
        **{f"pair {key}": value for key, value in pair._asdict().items()},
        **{f"site {key}": value for key, value in site_loads(tables)._asdict().items()},
        "reviewed": reviewed(tables),
        "causes": causes(tables),
        "events": np.array([len(events.at)]),
        "instants": events.at,
        "visits": tables.visits.fate,
        "finished": tables.finished,
    }


COUNTS: Final = (
    *("papers steps", "papers materials", "papers trips", "papers fields", "pair cases"),
    *("pair fates", "pair decided", "reviewed", "events", "visits", "finished"),
)
"""What a later day is no part of, however early the first one was."""


@pytest.mark.parametrize("kind", KINDS)
def test_it_counts_like_a_minute_later(kind: str) -> None:
    first, later = (
        count_everything(scenario_at(clock, kind)) for clock in ("00:00:00", "00:01:00")
    )
    assert first.keys() == later.keys()
    gaps = later.pop("instants") - first.pop("instants")
    days = {int(gap) for gap in gaps}
    assert days <= {0, MINUTE}  # a further trip falls anywhere in a later day
    assert MINUTE in days
    names = first if days == {MINUTE} else COUNTS
    for name in names:
        now = first[name]
        np.testing.assert_array_equal(np.asarray(now), np.asarray(later[name]), name)


@pytest.mark.parametrize("kind", ["through the office", "incomplete", "rejected"])
def test_all_of_it_happens_at_once(kind: str) -> None:
    """The law above is about the first tick: nothing has moved on from there."""
    journal = tables_of(scenario_at("00:00:00", kind)).journal
    assert set(journal.closed_at.tolist()) == {0}
