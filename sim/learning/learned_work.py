"""What a learned scenario says of work at windows: laws of matters, and of groups that differ."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.analysis.intervals import Interval
from sim.clock import SECOND, format_span
from sim.learning.measured_parts import (
    WrittenPart,
    both_languages,
    measured_in,
    minutes_of,
    short_number,
)
from sim.learning.service_law import ServiceLaw
from sim.learning.service_paces import GroupPace


def work_of(law: ServiceLaw, file: str, cv_assumed: tuple[float, float] | None) -> WrittenPart:
    """The work of a matter, and what its numbers were measured from.

    Parameters
    ----------
    cv_assumed
        Range of the coefficient of variation where it is assumed.
    """
    part: WrittenPart = {"service": {"base": _written(law)}}
    measured = _measured(law, file, "service.base", cv_assumed is None)
    if cv_assumed is not None:
        part |= {"assumed": {"service.base.cv": [*cv_assumed]}, "note": both_languages("pace")}
    elif law.own_share < 1:
        part["note"] = both_languages("thin")
    return {**part, **({"measured": measured} if measured else {})}


def work_of_group(
    pace: GroupPace, laws: Mapping[int, ServiceLaw], ids: Mapping[int, str], file: str, n: int
) -> WrittenPart:
    """How a group of windows works: its pace, or where a matter has a law of its own there, laws.

    With such a law it has no `proficiency`, which would multiply that too: of the other matters the
    pace is in laws as well, so that each is the time that it takes at these windows.

    Parameters
    ----------
    laws
        Of all windows, by matter.
    ids
        Of the matters that the scenario has of those that it serves.
    n
        Tickets of the group.
    """
    own_laws = {law.matter: law for law in pace.own_laws if law.matter in ids}
    others = pace.pace_of_others
    differs = math.isfinite(others.low) and not others.low <= 1 <= others.high
    if not own_laws:
        if not differs:
            return {}
        return {
            "proficiency": short_number(others.mean),
            "measured": {"proficiency": measured_in(file, n, others)},
        }
    part: WrittenPart = {"service_laws": {}}
    measured = WrittenPart()
    for matter, id_ in ids.items():
        law = own_laws.get(matter)
        if law is None and differs:
            law = _at_pace(laws[matter], others)
        if law is not None:
            part["service_laws"][id_] = _written(law)
            measured |= _measured(law, file, f"service_laws.{id_}")
    return {**part, **({"measured": measured} if measured else {})}


def _written(law: ServiceLaw) -> WrittenPart:
    if law.values:
        return {"law": "empirical", "values": [format_span(value) for value in law.values]}
    base: WrittenPart = {"law": law.law.law, "mean": minutes_of(law.mean.mean)}
    if law.law.law != "exponential":
        base["cv"] = short_number(law.cv.mean)
    return base


def _measured(law: ServiceLaw, file: str, path: str, with_cv: bool = True) -> WrittenPart:
    if law.values:
        return {}
    n = max(law.n, 1)
    measured = {f"{path}.mean": measured_in(file, n, law.mean, minutes_of)}
    if with_cv and law.law.law != "exponential":
        measured[f"{path}.cv"] = measured_in(file, n, law.cv)
    return measured


def _at_pace(law: ServiceLaw, pace: Interval) -> ServiceLaw:
    """The law of all windows at a group's pace; bounds are those of both."""
    mean = law.mean._replace(
        mean=law.mean.mean * pace.mean, low=law.mean.low * pace.low, high=law.mean.high * pace.high
    )
    values = [round(value * pace.mean / SECOND) * SECOND for value in law.values]
    return law._replace(mean=mean, law=law.law._replace(mean=mean.mean), values=tuple(values))
