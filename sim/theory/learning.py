"""What people learn by doing something again: each doubling of experience saves the same share."""

import math

from sim.theory.checks import above_zero, at_least_zero


def learning_curve(exposure: float, rate: float, floor: float = 0.0) -> float:
    """What is left of a time, or of a share of mistakes, after more experience.

    Parameters
    ----------
    exposure : float
        Further experience, in units of that before: 1 doubles it.
    rate : float
        Factor at each doubling, above 0 up to 1; 1 = nothing is learnt.
    floor : float
        The factor never falls below it; 0 up to 1.

    Returns
    -------
    float
        Factor, 1 at most, and exactly 1 without exposure or with a rate of 1.

    References
    ----------
    T. P. Wright, Factors affecting the cost of airplanes, Journal of the Aeronautical Sciences 3
    (1936) 122-128.

    Examples
    --------
    >>> [round(learning_curve(exposure, rate=0.9), 3) for exposure in (0, 1, 3, 7)]
    [1.0, 0.9, 0.81, 0.729]
    """
    for name, value in (
        ("rate", above_zero("rate", rate)),
        ("floor", at_least_zero("floor", floor)),
    ):
        if value > 1:
            raise ValueError(f"{name}: found {value}; allowed is 1 at most; correct it")
    return max(floor, float((1 + at_least_zero("exposure", exposure)) ** math.log2(rate)))
