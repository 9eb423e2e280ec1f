"""A day of a roster as the programmes have it: periods, needs, shifts and rests as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arrays import Bools
from sim.clock import HOUR, Hours
from sim.plan.shift_forms import ShiftForm, rests_of, works_in
from sim.runs.roster_task import RosterTask
from sim.scenario.intervals import is_inside
from sim.theory.day_cover import DayToCover, RestTurns


def day_to_cover(
    task: RosterTask,
    groups: Sequence[int],
    kind: int,
    weekend: bool,
    times: int,
    forms: Sequence[ShiftForm],
) -> DayToCover:
    """Alike days of a week, for people of one class who may work every shift."""
    spans = task.spans(kind)
    return DayToCover(
        times=times,
        weekend=weekend,
        needed=task.needed[kind][:, list(groups)],
        span_hours=np.array([(span.end - span.start) / HOUR for span in spans]),
        works=works_in(forms, spans),
        hours=np.array([form.hours for form in forms]),
        allowed=np.ones((1, len(forms)), dtype=np.bool_),
        present=np.zeros(1, dtype=np.int64),
        seniors=0,
        rests=rests_to_take(forms, spans),
    )


def rests_to_take(forms: Sequence[ShiftForm], spans: Sequence[Hours]) -> tuple[RestTurns, ...]:
    """Rests of some shifts, in the order of `rests_of`, with the periods of each turn."""
    return tuple(
        RestTurns(
            np.array([rest in form.rests for form in forms], dtype=np.bool_),
            np.array([is_in(spans, [turn]) for turn in rest.turns], dtype=np.bool_),
        )
        for rest in rests_of(forms)
    )


def is_in(spans: Sequence[Hours], hours: Sequence[Hours]) -> Bools:
    """bool, shape (T,): periods that lie in some hours."""
    return np.array([is_inside(span, hours) for span in spans], dtype=np.bool_)
