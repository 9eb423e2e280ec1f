"""How many people must be there so that absence leaves enough."""

from __future__ import annotations

from scipy.special import bdtrc

from sim.theory.checks import share_of_one, whole


def people_with_absence(needed: int, absence: float, short_at_most: float) -> int:
    """Answer how many people to count on, so that enough of them come.

    Of N people each is absent with probability p by itself, so as many are absent as a binomial law
    says. N is the smallest number with P(absent > N - needed) ≤ short_at_most.

    Parameters
    ----------
    needed : int
        People who must come, 0 or more.
    absence : float
        p, from 0 to below 1.
    short_at_most : float
        Above 0 when anybody may be absent.

    Raises
    ------
    ValueError
        If a value is impossible.

    Examples
    --------
    >>> people_with_absence(20, 0.04, 0.05)
    23
    >>> people_with_absence(20, 0.0, 0.05)
    20
    """
    whole("needed", needed, least=0)
    people = needed
    while chance_of_too_few(people, needed, absence) > short_at_most:
        people += 1
    return people


def chance_of_too_few(people: int, needed: int, absence: float) -> float:
    """Answer how likely it is that fewer come than are needed.

    Parameters
    ----------
    people, needed : int
    absence : float
        From 0 to below 1.

    Raises
    ------
    ValueError
        If a value is impossible.

    Examples
    --------
    >>> round(chance_of_too_few(2, 2, 0.1), 2)
    0.19
    """
    if people < needed:
        return 1.0
    if absence == 0:
        return 0.0
    share_of_one("absence", absence)
    return float(bdtrc(people - needed, people, absence))
