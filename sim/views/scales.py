"""What the scales of a figure do not say by themselves."""

from __future__ import annotations

import re
from typing import Final

from matplotlib.figure import Figure

NUMBER: Final = re.compile(r"[+\u2212-]?\d[\d,]*(?:\.\d+)?\s*%?")
"""A label of a scale of numbers; times of day, dates and names are none."""


def leaves_out_zero(figure: Figure) -> bool:
    """Whether a scale of numbers does not show its zero, so that lengths mislead.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> whole, part = Figure(), Figure()
    >>> _ = whole.subplots().plot([0, 1], [0, 7]), part.subplots().plot([0, 1], [5, 7])
    >>> leaves_out_zero(whole), leaves_out_zero(part)
    (False, True)
    """
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            labels = [label.get_text() for label in axis.get_ticklabels()]
            numbers = [label for label in labels if label]
            if axis.get_scale() != "linear" or not all(map(NUMBER.fullmatch, numbers)):
                continue
            low, high = sorted(axis.get_view_interval())
            if numbers and axis.get_visible() and not low <= 0 <= high:
                return True
    return False
