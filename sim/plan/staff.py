"""Who can be rostered: people with skills, contract hours, days off and wishes."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple, get_args

Wish = Literal["mornings", "afternoons", "no_weekends"]
"""What somebody would rather have; it is kept where that costs nothing."""
WISHES: Final[tuple[Wish, ...]] = get_args(Wish)


class DatedWish(NamedTuple):
    """What somebody would have on one date.

    Attributes
    ----------
    date : str
        As `2025-03-04`.
    what : str
        `off`, `on` for any shift, `mornings`, `afternoons`, or the id of a shift of the scenario.
    weight : int
        1 to 10: what counts as much as so many other wishes.
    """

    date: str
    what: str
    weight: int = 1


class StaffMember(NamedTuple):
    """One person who can be rostered.

    Attributes
    ----------
    name : str
        As the staff table has it; no two are alike.
    groups : tuple of str
        Ids of the window groups that they can serve.
    contract_hours : float
        Hours a week.
    weekdays_off : tuple of int
        Weekdays on which they never work, Monday 0.
    dates_off : tuple of str
        Dates on which they do not work, as `2025-03-04`.
    wishes : tuple of str
        Of `WISHES`.
    weekdays_wished_off : tuple of int
        Weekdays on which they would rather not work, Monday 0.
    senior : bool
        Experienced.
    part_time : bool
        Works the shorter shifts of people who work part time.
    dated_wishes : tuple of DatedWish
    weekends_at_most : int or None
        Week-ends of a roster with a day on duty; None = as the turns have it.
    shifts_at_most : tuple of (str, int)
        Ids of shifts, or of limits of the scenario, and how many of them in a roster at most.
    """

    name: str
    groups: tuple[str, ...]
    contract_hours: float
    weekdays_off: tuple[int, ...] = ()
    dates_off: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    weekdays_wished_off: tuple[int, ...] = ()
    senior: bool = False
    part_time: bool = False
    dated_wishes: tuple[DatedWish, ...] = ()
    weekends_at_most: int | None = None
    shifts_at_most: tuple[tuple[str, int], ...] = ()

    def is_off(self, day: date) -> bool:
        """Whether they are off on a date.

        Examples
        --------
        >>> StaffMember("Li", ("desk",), 40, dates_off=("2025-03-04",)).is_off(date(2025, 3, 4))
        True
        """
        return day.weekday() in self.weekdays_off or day.isoformat() in self.dates_off
