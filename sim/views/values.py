"""Estimates as people read them: the same digits in a figure, a table and a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.judge import Judgement, judge
from sim.text import Text

MOST_DIGITS: Final = 3
EXACT_DIGITS: Final = 17
"""Decimals beyond which a number near 1 has none."""
TWO_FIGURES_BELOW: Final = 3.55
"""The Particle Data Group's rule for rounding uncertainties."""
WORKDAY_HOURS: Final = 8
"""Hours of a working day at most (劳动法, article 36), in which parts of one are told."""
PLAIN_DIGITS: Final[Mapping[str, int]] = {"yuan_per_day": 0, "per_day": 0}
"""Decimals where there is no interval to take them from; elsewhere 1."""
KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("min", "h", "d", "wd"), "time"),
    **dict.fromkeys(("trip", "per_day"), "count"),
    "share": "share",
}
"""How units are compared in words: shorter, fewer, lower; else less."""
UNIT_TEXTS: Final[Mapping[str, str]] = {"per_day": "visit"}
"""The unit whose name reads well behind a number, where that is not the unit of the measure."""


def digits_for(interval: Interval, scale: float = 1.0, unit: str = "") -> int:
    """Decimals worth showing: one or two figures of the half width of the interval.

    Two where the first is small (a half width of 0.34), one where it is not (0.4).

    Examples
    --------
    >>> digits_for(Interval(12.0, 11.7, 12.3, n=20)), digits_for(Interval(900, 880, 920, n=20))
    (2, 0)
    """
    half = abs(interval.half_width) * scale
    if not math.isfinite(half) or half == 0:
        return PLAIN_DIGITS.get(unit, 1)
    power = math.floor(math.log10(half))
    digits = -power + int(half / 10.0**power < TWO_FIGURES_BELOW)
    return min(max(digits, 0), MOST_DIGITS - (unit == "share"))


def shown_scale(unit: str) -> float:
    """Shares are shown in percent, all else as it is measured."""
    return 100.0 if unit == "share" else 1.0


def in_brackets(
    interval: Interval, digits: int, text: Text, scale: float = 1.0, matters_from: float = 0.0
) -> str:
    """A mean with its bounds behind it; bounds that do not exist or have no width are left out.

    It is written with more decimals where fewer would say something else than the numbers do:
    touch a zero that the interval excludes, or reach a size that it does not reach.

    Examples
    --------
    >>> from sim.text import load_text
    >>> in_brackets(Interval(0.003, 0.0004, 0.006, n=20), 2, load_text("en"))
    '0.0030 [0.0004, 0.0060]'
    """
    digits = faithful_digits(interval, digits, scale, matters_from)
    mean, low, high = (signed(scale * value, digits, text) for value in interval[:3])
    if interval.high == math.inf and math.isfinite(interval.low):
        high = "∞"  # few replications say how short the longest waits are, not how long
    elif not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return mean
    if mean == low == high:
        return mean
    if text.language == "keys":
        return f"{mean} [{low}, {high}]"
    return text("format.interval", mean=mean, low=low, high=high)


def bracketed(interval: Interval, text: Text, most_digits: int = MOST_DIGITS) -> str:
    """A mean with its interval, with as many decimals as the interval is worth, and no more.

    Examples
    --------
    >>> from sim.text import load_text
    >>> text = load_text("en")
    >>> bracketed(Interval(2.71, 2.52, 2.9, n=20), text)
    '2.71 [2.52, 2.90]'
    >>> bracketed(Interval(0.0, 0.0, 0.0, n=20), text)
    '0'
    """
    if not math.isfinite(interval.mean):
        return text("format.missing")
    is_one_whole = interval.low == interval.high and interval.mean.is_integer()
    digits = 0 if is_one_whole else min(digits_for(interval), most_digits)
    return in_brackets(interval, digits, text)


def faithful_digits(
    interval: Interval, digits: int, scale: float = 1.0, matters_from: float = 0.0
) -> int:
    """Decimals, at least so many, with which the interval is judged as it is without rounding.

    Examples
    --------
    >>> faithful_digits(Interval(0.003, 0.0004, 0.006, n=20), 2)
    4
    """

    def judged(low: float, mean: float, high: float) -> Judgement:
        rounded = Interval(mean, low, high, interval.n, interval.level)
        return judge(Estimate("", "", "high", rounded, matters_from))

    exact = judged(interval.low, interval.mean, interval.high)
    for n in range(digits, EXACT_DIGITS):
        shown = (
            round(scale * value, n) / scale
            for value in (interval.low, interval.mean, interval.high)
        )
        if judged(*shown) == exact:
            return n
    return EXACT_DIGITS


def signed(value: float, digits: int, text: Text) -> str:
    """A number with a minus sign as wide as the plus sign, as on the axes."""
    return text.number(value, digits).replace("-", "−")


def number_of(estimate: Estimate, text: Text, digits: int | None = None) -> str:
    """An estimate with its interval, without a unit; shares in percent.

    Examples
    --------
    >>> from sim.text import load_text
    >>> share = Estimate("on_time_share", "share", "high", Interval(0.91, 0.9, 0.92, n=20))
    >>> number_of(share, load_text("en"))
    '91.0 [90.0, 92.0]'
    """
    scale = shown_scale(estimate.unit)
    chosen = digits_of([estimate]) if digits is None else digits
    return in_brackets(estimate.interval, chosen, text, scale, estimate.matters_from)


def digits_of(estimates: Sequence[Estimate]) -> int:
    """Decimals for estimates of one measure that stand side by side: those of the finest."""
    return max(
        (
            digits_for(estimate.interval, shown_scale(estimate.unit), estimate.unit)
            for estimate in estimates
        ),
        default=1,
    )


def written(estimate: Estimate, text: Text, digits: int | None = None) -> str:
    """An estimate with its interval and its unit.

    Examples
    --------
    >>> from sim.text import load_text
    >>> wait = Estimate("wait", "min", "low", Interval(12.14, 11.81, 12.47, n=20))
    >>> written(wait, load_text("en"))
    '12.14 [11.81, 12.47] min'
    """
    value = number_of(estimate, text, digits)
    if estimate.unit == "wd":
        return workday_words(estimate.interval.mean, value, text)
    if estimate.unit == "share":
        return f"{value} %" if text.language == "keys" else text("format.share", value=value)
    return text.with_unit(value, unit_key(estimate.unit))


def mean_words(estimate: Estimate, text: Text, digits: int | None = None) -> str:
    """An estimate without its interval, which stands elsewhere; with its unit.

    Examples
    --------
    >>> from sim.text import load_text
    >>> wait = Estimate("wait", "min", "low", Interval(12.14, 11.81, 12.47, n=20))
    >>> mean_words(wait, load_text("en"))
    '12.14 min'
    """
    interval = estimate.interval
    chosen = digits_of([estimate]) if digits is None else digits
    point = interval._replace(low=interval.mean, high=interval.mean)
    return written(estimate._replace(interval=point), text, chosen)


def likely_words(estimate: Estimate, text: Text, digits: int | None = None) -> str:
    """An estimate in words: its value with its unit, and between what it very likely is.

    Examples
    --------
    >>> from sim.text import load_text
    >>> wait = Estimate("wait", "min", "low", Interval(3.74, 3.61, 3.88, n=20))
    >>> likely_words(wait, load_text("en"), 1)
    '3.7 min, very likely between 3.6 and 3.9'
    """
    interval = estimate.interval
    chosen = digits_of([estimate]) if digits is None else digits
    value = mean_words(estimate, text, chosen)
    if estimate.unit == "wd":  # its bounds are days too, and no hours
        value = text("format.workdays", value=text.number(interval.mean, chosen))
    scale = shown_scale(estimate.unit)
    low, high = (signed(scale * bound, chosen, text) for bound in (interval.low, interval.high))
    if not math.isfinite(interval.half_width) or low == high:
        return value
    return text("format.likely", value=value, low=low, high=high)


def workday_words(mean: float, value: str, text: Text) -> str:
    """Working days; of less than one, how many working hours they are too.

    Examples
    --------
    >>> from sim.text import load_text
    >>> workday_words(0.388, "0.39", load_text("en")), workday_words(4.2, "4.2", load_text("en"))
    ('about 3 hours (0.39 working days)', '4.2 working days')
    """
    exact = text("format.workdays", value=value)
    minutes = abs(mean) * WORKDAY_HOURS * 60
    if not 1 <= minutes < WORKDAY_HOURS * 60:
        return exact
    if minutes < 60:
        return text("format.about_minutes", minutes=text.number(minutes, 0), exact=exact)
    hours = minutes / 60
    return text("format.about_hours", hours=text.number(hours, int(hours < 2)), exact=exact)


def size_words(estimate: Estimate, text: Text) -> str:
    """The size from which a difference matters, with its unit.

    Examples
    --------
    >>> from sim.text import load_text
    >>> share = Estimate("on_time_share", "share", "high", Interval(0.02, 0.01, 0.03, 20), 0.01)
    >>> size_words(share, load_text("en"))
    '1 percentage point'
    """
    size = shown_scale(estimate.unit) * estimate.matters_from
    digits = 0 if size == 0 else max(0, 1 - math.floor(math.log10(size)))
    value = text.number(size, digits)
    value = value.rstrip("0").rstrip(".") if "." in value else value
    if estimate.unit == "wd":
        return text("format.workdays", value=value)
    if estimate.unit == "share":
        return text("format.one_point" if value == "1" else "format.points", value=value)
    return text.with_unit(value, unit_key(estimate.unit))


def unit_key(unit: str) -> str:
    """The key under `unit.` of what a number of a measure counts."""
    return UNIT_TEXTS.get(unit, unit)


def unit_of_difference(unit: str, text: Text) -> str:
    """The unit of a difference: shares differ by percentage points, not by percent."""
    return text("figure.points") if unit == "share" else text(f"unit.{unit_key(unit)}")


def gap_words(difference: Estimate, text: Text) -> str:
    """A difference as a comparison: "3.2 [2.9, 3.5] min shorter".

    Examples
    --------
    >>> from sim.text import load_text
    >>> gap = Estimate("wait", "min", "low", Interval(-3.2, -3.5, -2.9, n=20))
    >>> gap_words(gap, load_text("en"))
    '3.20 [2.90, 3.50] min shorter'
    """
    interval, scale = difference.interval, shown_scale(difference.unit)
    digits = digits_for(interval, scale, difference.unit)
    less = interval.mean < 0
    if less:
        interval = opposite(interval)
    amount = in_brackets(interval, digits, text, scale, difference.matters_from)
    if difference.unit == "wd":
        amount = workday_words(interval.mean, amount, text)
    elif difference.unit != "share":
        amount = text.with_unit(amount, unit_key(difference.unit))
    way, kind = "less" if less else "more", KINDS.get(difference.unit, "amount")
    return text(f"figure.{way}.{kind}", amount=amount)


def lead_words(difference: Estimate, text: Text) -> str:
    """The size of a difference alone, without its sign and its interval.

    Examples
    --------
    >>> from sim.text import load_text
    >>> lead_words(Estimate("wait", "min", "low", Interval(3.2, 2.9, 3.5, n=20)), load_text("en"))
    '3.20 min'
    """
    scale = shown_scale(difference.unit)
    size = abs(difference.interval.mean)
    digits = digits_for(difference.interval, scale, difference.unit)
    value = text.number(scale * size, digits)
    if difference.unit == "wd":
        return workday_words(size, value, text)
    if difference.unit == "share":
        return text("format.points", value=value)
    return text.with_unit(value, unit_key(difference.unit))


def judgement_name(judgement: Judgement, text: Text) -> str:
    """A judgement in a word or two.

    Examples
    --------
    >>> from sim.text import load_text
    >>> judgement_name("not_distinguishable", load_text("en"))
    'cannot be told apart'
    """
    return text(f"figure.judgement.{judgement}")


def opposite(interval: Interval) -> Interval:
    """The interval of the difference the other way round."""
    return interval._replace(mean=-interval.mean, low=-interval.high, high=-interval.low)
