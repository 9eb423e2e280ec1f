"""Numbers that the fast engine's loop counts with, each in one place whoever changes it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


class Counters(Protocol):
    """How many there are of what. One record of int64, which kernels pass on by its address."""

    n_events: int
    """Pending events in the heap."""
    n_rows: int
    """Rows of the journal in use."""
    n_tickets: int
    """Tickets taken so far."""
    n_fresh: int
    """Tickets taken since the last calls, by people who may give up."""
    n_looks: int
    """Tickets taken in this instant, where people may turn round."""
    n_held: int
    """Tickets kept for who is away for a break."""
    next_look: int
    """The first of them that has not looked yet."""
    calls_wanted: int
    """1 = the desk and idle windows are asked to call at the end of the instant."""
    n_wanted: int
    """Departments that are asked to take up reviews at the end of the instant."""
    desk_first: int
    """Errand at the head of the desk's queue; -1 = nobody."""
    desk_last: int
    """Errand at its end."""
    desk_clerks: int
    """People who staff the desk."""
    desk_busy: int
    """Those of them who have somebody."""
    desk_step: int
    """Changes of their number so far."""


class Aftermath(Protocol):
    """What the present event sets off at its own instant; like `Counters` one record of int64."""

    errand: int
    """The errand in hand, and below its ticket's fate where that is over."""
    fate: int
    n_leaving: int
    """Rows of `CaseState.leaving` whose people leave."""
    leaves_by: int
    """Their fate."""
    n_starts: int
    """Reviews of `CaseState.starts` that begin to wait."""
    reviewed: int
    """Review that has ended; -1 = none, as below."""
    completed: int
    """Item that is finished."""
    accepts: int
    """Case whose papers have reached the departments."""


def blank_record(fields: type, **values: int) -> Any:
    """A record of the fields that a class names, int64: 0 where no value is given.

    Examples
    --------
    >>> counters = blank_record(Counters, desk_first=-1)
    >>> int(counters.n_events), int(counters.desk_first)
    (0, -1)
    """
    kinds: npt.DTypeLike = [(name, np.int64) for name in fields.__annotations__]
    record = np.zeros(1, kinds).view(np.recarray)[0]
    for name, value in values.items():
        setattr(record, name, value)
    return record
