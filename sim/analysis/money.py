"""What a case costs, whom, and from how many cases on a point pays (DESIGN §8).

Two accounts stand side by side: what the administration pays, and what residents pay in fares and
time. Which of them counts is for the reader to say, so both are always given.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Accounts(NamedTuple):
    """Cost of one case, in yuan, or of all of them.

    Attributes
    ----------
    administration : float
        Clerks, agents, rent, equipment, couriers.
    residents : float
        Fares, and the worth of the time.
    """

    administration: float
    residents: float

    @property
    def both(self) -> float:
        """Society as a whole."""
        return self.administration + self.residents


class Visit(NamedTuple):
    """What one trip to a place costs a resident, out and back.

    Attributes
    ----------
    fare : float
        Yuan.
    hours : float
        On the way, waiting and being served.
    """

    fare: float
    hours: float


class PointMoney(NamedTuple):
    """A point, as far as its money goes.

    Attributes
    ----------
    yearly : float
        Yuan a year for having it, however many come.
    per_case : float
        Yuan for each case more: courier, paper.
    avoided : float
        Trips to the hall that a case no longer needs when it is taken in at the point.
    visits : float
        Trips to the point that it needs instead.
    hall_saved : float
        Yuan of clerks' work at the hall that a case taken in at the point saves, if it does.
    """

    yearly: float
    per_case: float = 0.0
    avoided: float = 1.0
    visits: float = 1.0
    hall_saved: float = 0.0


def saved_per_case(
    point: PointMoney, at_hall: Visit, at_point: Visit, value_of_time: float
) -> Accounts:
    """Yuan that one case at the point saves each account, the yearly cost left aside.

    Parameters
    ----------
    at_hall, at_point : Visit
        One trip to either.
    value_of_time : float
        Yuan an hour.

    Examples
    --------
    From a far township: 38 yuan and 5 hours to the county seat, 4 yuan and an hour to the point.

    >>> saved_per_case(PointMoney(57_000), Visit(38, 5), Visit(4, 1), value_of_time=11)
    Accounts(administration=0.0, residents=78.0)
    """
    _at_least_zero(value_of_time=value_of_time)
    residents = point.avoided * (at_hall.fare + at_hall.hours * value_of_time)
    residents -= point.visits * (at_point.fare + at_point.hours * value_of_time)
    return Accounts(point.hall_saved - point.per_case, residents)


def break_even(yearly: float, saved: float) -> float:
    """Cases a year from which what each of them saves pays for a yearly cost.

    Parameters
    ----------
    yearly : float
        Yuan.
    saved : float
        Yuan a case, of one account or of both.

    Returns
    -------
    float
        `inf` where a case saves nothing; 0 for what costs nothing.

    Examples
    --------
    >>> break_even(57_000, 78), break_even(57_000, 0), break_even(0, 0)
    (730.7692307692307, inf, 0.0)
    """
    _at_least_zero(yearly=yearly)
    if yearly == 0:
        return 0.0
    return yearly / saved if saved > 0 else math.inf


def break_even_value_of_time(
    point: PointMoney, at_hall: Visit, at_point: Visit, cases: float
) -> float:
    """Yuan an hour from which a point with a number of cases a year pays.

    Returns
    -------
    float
        0 where it pays though time is worth nothing; `inf` where no value of time is enough.

    Examples
    --------
    >>> point, at_hall, at_point = PointMoney(57_000), Visit(38, 5), Visit(4, 1)
    >>> round(break_even_value_of_time(point, at_hall, at_point, cases=1_000), 2)
    5.75
    """
    _at_least_zero(cases=cases)
    hours = point.avoided * at_hall.hours - point.visits * at_point.hours
    at_once = saved_per_case(point, at_hall, at_point, 0.0).both * cases
    missing = point.yearly - at_once
    if missing <= 0:
        return 0.0
    return missing / (hours * cases) if hours * cases > 0 else math.inf


def _at_least_zero(**named: float) -> None:
    for name, value in named.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name}: found {value}; allowed is a number from 0 up; correct it")
