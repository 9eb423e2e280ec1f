"""The Chinese lunar calendar, from the instants of new moons and the longitude of the sun."""

import math
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

MEAN_MONTH: Final = 29.530588861
"""Days between two new moons, on average."""
EPOCH: Final = datetime(2000, 1, 1, 12)
"""Julian ephemeris day 2451545.0."""
BEIJING: Final = timedelta(hours=8, seconds=-70)
"""From the formula's uniform time, about 70 s ahead of the earth in these decades, to UTC+8."""
# each term: days, power of the orbit's eccentricity, multiples of M, M', F
TERMS: Final = (
    (-0.40720, 0, 0, 1, 0),
    (+0.17241, 1, 1, 0, 0),
    (+0.01608, 0, 0, 2, 0),
    (+0.01039, 0, 0, 0, 2),
    (+0.00739, 1, -1, 1, 0),
    (-0.00514, 1, 1, 1, 0),
    (+0.00208, 2, 2, 0, 0),
    (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2),
    (+0.00056, 1, 1, 2, 0),
    (-0.00042, 0, 0, 3, 0),
    (+0.00042, 1, 1, 0, 2),
    (+0.00038, 1, 1, 0, -2),
    (-0.00024, 1, -1, 2, 0),
    (-0.00007, 0, 2, 1, 0),
)
PLANETS: Final = (
    (0.000325, 299.77, 0.107408),
    (0.000165, 251.88, 0.016321),
    (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478),
    (0.000110, 84.66, 18.206239),
)
"""Days, degrees, degrees a month."""


def lunar_day(day: date) -> int:
    """Day of the Chinese lunar month, 1 to 30: month days begin at midnight in Beijing.

    The new moon is right to about two minutes from 1900 to 2100, so a month can be wrong by a day
    only where the moon is new within two minutes of midnight.

    References
    ----------
    J. Meeus, Astronomical algorithms, 2nd ed., Willmann-Bell 1998, chapter 49.
    GB/T 33661-2017, Calculation and promulgation of the Chinese calendar.

    Examples
    --------
    The spring festival of 2025, and the first day after it on which a market of 3, 6, 9 is held:

    >>> lunar_day(date(2025, 1, 29)), lunar_day(date(2025, 1, 31))
    (1, 3)
    """
    return (day - _new_moon(_month_of(day))).days + 1


class Festivals(NamedTuple):
    """Days of a year that follow from moon and sun."""

    spring: date
    """First day of the lunar year."""
    tomb_sweeping: date
    """The sun is at 15 degrees (清明)."""
    dragon_boat: date
    """Fifth day of the fifth month (端午)."""
    mid_autumn: date
    """Fifteenth day of the eighth month (中秋)."""


@cache
def festivals(year: int) -> Festivals:
    """Festivals of a year in Beijing.

    The winter solstice is in the eleventh month. Where there are thirteen months from one to the
    next, the first in which the sun enters no twelfth of its circle is a leap month and has the
    number of the one before. The sun is right to a few minutes of time.

    References
    ----------
    GB/T 33661-2017, Calculation and promulgation of the Chinese calendar.

    Examples
    --------
    >>> dates = festivals(2027)
    >>> str(dates.spring), str(dates.dragon_boat), str(dates.mid_autumn)
    ('2027-02-06', '2027-06-09', '2027-09-15')
    """
    first, last = (_month_of(_sun_at(270, date(y, 12, 21))) for y in (year - 1, year))
    months = list(range(first, last))
    if len(months) == 13:
        leap = next(n for n in months[1:] if _twelfth(n) == _twelfth(n + 1))
        months.remove(leap)
    eleventh_on = dict(zip((11, 12, *range(1, 11)), months, strict=True))

    def day(month: int, nth: int) -> date:
        return _new_moon(eleventh_on[month]) + timedelta(days=nth - 1)

    return Festivals(day(1, 1), _sun_at(15, date(year, 4, 5)), day(5, 5), day(8, 15))


def _month_of(day: date) -> int:
    """Number of the new moon that began the month of a day."""
    number = math.floor(((datetime(day.year, day.month, day.day) - EPOCH).days + 7) / MEAN_MONTH)
    while _new_moon(number + 1) <= day:
        number += 1
    while _new_moon(number) > day:
        number -= 1
    return number


def _twelfth(number: int) -> int:
    """Twelfth of the sun's circle at the midnight at which a month begins."""
    return math.floor(_longitude(_new_moon(number)) / 30)


def _sun_at(longitude: float, near: date) -> date:
    """Date in Beijing on which the sun comes to a longitude, within some days of another."""
    day = near - timedelta(days=5)
    while (_longitude(day + timedelta(days=1)) - longitude + 180) % 360 < 180:
        day += timedelta(days=1)
    return day


def _longitude(day: date) -> float:
    """Apparent longitude of the sun at the beginning of a day in Beijing, in degrees.

    References
    ----------
    J. Meeus, Astronomical algorithms, 2nd ed., Willmann-Bell 1998, chapter 25, to 0.01 degrees.
    """
    begin = datetime(day.year, day.month, day.day) - BEIJING
    t = (begin - EPOCH) / timedelta(days=36_525)
    anomaly = math.radians(357.52911 + 35_999.05029 * t - 0.0001537 * t * t)
    centre = (1.914602 - 0.004817 * t - 0.000014 * t * t) * math.sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * math.sin(2 * anomaly) + 0.000289 * math.sin(3 * anomaly)
    mean = 280.46646 + 36_000.76983 * t + 0.0003032 * t * t
    omega = math.radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * math.sin(omega)) % 360


@cache
def _new_moon(number: int) -> date:
    """Date in Beijing of a new moon, counted from the first of the year 2000."""
    k = float(number)
    t = k / 1236.85
    eccentric = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t * t
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t * t + 0.00001238 * t**3
    node = 160.7108 + 390.67050284 * k - 0.0016118 * t * t - 0.00000227 * t**3
    omega = 124.7746 - 1.56375588 * k + 0.0020672 * t * t
    days = 5.09766 + MEAN_MONTH * k + 0.00015437 * t * t - 0.000000150 * t**3
    days -= 0.00017 * math.sin(math.radians(omega))
    for size, power, m, m_, f in TERMS:
        days += size * eccentric**power * math.sin(math.radians(m * sun + m_ * moon + f * node))
    for size, start, speed in PLANETS:
        days += size * math.sin(math.radians(start + speed * k))
    return (EPOCH + timedelta(days=days) + BEIJING).date()
