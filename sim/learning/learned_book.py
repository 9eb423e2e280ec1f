"""The book of a learned scenario, and the flows of those who book in it (DESIGN §9.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, t_interval
from sim.arrays import Bools, Floats, Ints
from sim.clock import SECOND, WEEKDAYS, Holidays, format_span
from sim.learning.arrivals import weekday_of
from sim.learning.book import BookedSlot, BookFit
from sim.learning.book_wishes import wishes_for
from sim.learning.learned import LearnedLog
from sim.learning.learned_days import AlikeDays, day_keys, hours_key
from sim.learning.learned_patience import law_of_patience
from sim.learning.measured_parts import WrittenPart, floored, measured_in, minutes_of, short_number
from sim.learning.punctuality import PunctualityFit
from sim.learning.ticket_log import TicketLog

BOOK: Final = "book"
LONGEST_ID: Final = 40


class BookedPart(NamedTuple):
    """Days of the week of one kind, with the same slots."""

    kind: int
    """Place among the days that are alike."""
    weekdays: tuple[int, ...]
    days: Ints
    """int64: whole days of the log."""
    slots: tuple[BookedSlot, ...]
    wishes: Floats
    """float64, shape (slots,): people a day who wish for each."""


class LearnedBook(NamedTuple):
    """What is written of a book."""

    fit: BookFit
    punctuality: PunctualityFit
    parts: tuple[BookedPart, ...]
    people: Bools
    """bool, shape (tickets,): who came for a slot of these parts."""
    length: int
    """Ticks of a slot."""


def learned_book(
    learned: LearnedLog,
    log: TicketLog,
    alike: Sequence[AlikeDays],
    holidays: Holidays,
    day_cv: float,
) -> LearnedBook | None:
    """The book of a log within the hours of its hall; None where it tells of none.

    Parameters
    ----------
    alike
        Days of the week by their hours.
    day_cv
        Coefficient of variation of the scenario's day factor.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> assert isinstance(learned.log, TicketLog)
    >>> learned_book(learned, learned.log, [], "china", 0.0) is None
    True
    """
    fit, punctuality = learned.book, learned.punctuality
    if fit is None or punctuality is None:
        return None
    dates = [log.first_date + timedelta(days=n) for n in range(log.n_days)]
    weekday = np.array([weekday_of(when, holidays) for when in dates], dtype=np.int64)
    parts = list[BookedPart]()
    people = np.zeros(len(log), dtype=np.bool_)
    length = fit.slot
    for kind, days in enumerate(alike):
        for booked in fit.days:
            weekdays = tuple(number for number in booked.weekdays if number in days.weekdays)
            slots, rooms = [], []
            for slot in booked.slots:
                room = [end - slot.begin for begin, end in days.hours if begin <= slot.begin < end]
                slots += [slot] if room else []
                rooms += room
            those = days.days[np.isin(weekday[days.days], weekdays)]
            if not slots or not len(those):
                continue
            length = min(length, *rooms)
            parts.append(BookedPart(kind, weekdays, those, _with_room(slots), np.zeros(len(slots))))
            begins = [slot.begin for slot in slots]
            people |= np.isin(fit.begin, begins) & np.isin(log.day, those)
    if not parts:
        return None
    return LearnedBook(fit, punctuality, _with_wishes(parts, fit, day_cv), people, length)


def _with_room(slots: Sequence[BookedSlot]) -> tuple[BookedSlot, ...]:
    """The slots, of which those without a visible bound have one number of places that is enough
    for each: a number for each would say more than the log does."""
    open_ = [slot for slot in slots if not slot.is_full]
    places = max((slot.places for slot in open_), default=0)
    least = max((slot.low for slot in open_), default=0)
    return tuple(
        slot if slot.is_full else slot._replace(places=places, low=least, high=places)
        for slot in slots
    )


def _with_wishes(
    parts: Sequence[BookedPart], fit: BookFit, day_cv: float
) -> tuple[BookedPart, ...]:
    """The parts with what people must wish for, such that as many come as in the log."""
    week = [n for number in range(7) for n, part in enumerate(parts) if number in part.weekdays]
    booked = [
        np.array([slot.came.mean for slot in part.slots]) / (1 - fit.no_show) for part in parts
    ]
    places = [np.array([slot.places for slot in part.slots]) for part in parts]
    rates = wishes_for([booked[n] for n in week], [places[n] for n in week], day_cv)
    means = [
        np.mean([rate for of, rate in zip(week, rates, strict=True) if of == n], axis=0)
        for n in range(len(parts))
    ]
    return tuple(part._replace(wishes=mean) for part, mean in zip(parts, means, strict=True))


def booked_profiles(book: LearnedBook, file: str) -> list[WrittenPart]:
    """When people wish to come, a profile for each part: people a day who wish for each slot."""
    stays = 1 - book.fit.no_show
    profiles = []
    for n, part in enumerate(book.parts):
        keys = [hours_key(slot.begin, slot.begin + book.length) for slot in part.slots]
        shape = dict(zip(keys, map(short_number, part.wishes.tolist()), strict=True))
        booked = [_through(slot.came, stays) for slot in part.slots]
        measured = {
            f"shape.{key}": measured_in(file, book.fit.n, floored(interval, 0.0))
            for key, interval in zip(keys, booked, strict=True)
            if interval.low <= shape[key] <= interval.high
        }
        provenance = {"measured": measured} if measured else {}
        profiles.append({"id": _profile(n), "shape": shape, **provenance})
    return profiles


def _profile(number: int) -> str:
    return "booked" if number == 0 else f"booked_{number + 1}"


def _through(interval: Interval, share: float) -> Interval:
    return interval._replace(
        mean=interval.mean / share, low=interval.low / share, high=interval.high / share
    )


def booked_flows(
    book: LearnedBook,
    log: TicketLog,
    code: Ints,
    ids: Sequence[str],
    file: str,
    is_served: Callable[[int, int], bool],
    months: WrittenPart,
    class_id: str,
) -> Iterator[WrittenPart]:
    """Those who book, by matter and part.

    Parameters
    ----------
    code
        int64, shape (tickets,): matter of each.
    ids
        Of matters.
    is_served
        Of kind and matter.
    months
        Factors.
    class_id
        Class of the booked; empty = classes are not told.
    """
    stays = 1 - book.fit.no_show
    for number, part in enumerate(book.parts):
        here = book.people & np.isin(log.day, part.days)
        n_with_matter = np.count_nonzero(here & (code >= 0))
        for matter, id_ in enumerate(ids):
            of_days = np.bincount(log.day[here & (code == matter)], minlength=log.n_days)[part.days]
            if not of_days.any() or not is_served(part.kind, matter):
                continue
            share = float(of_days.sum()) / n_with_matter
            without = np.count_nonzero(here) / n_with_matter
            mean = t_interval(of_days * without / stays)
            per_day = short_number(float(part.wishes.sum()) * share)
            is_told = mean.low <= per_day <= mean.high
            measured = measured_in(file, int(of_days.sum()), floored(mean, 0.0))
            others = [day for day in range(7) if day not in part.weekdays]
            yield {
                "id": f"{id_[:LONGEST_ID]}_{_profile(number)}",
                "matter": id_,
                "per_day": per_day,
                "profile": _profile(number),
                **({"weekdays": {WEEKDAYS[day]: 0 for day in others}} if others else {}),
                **({"months": months} if months else {}),
                "booked_share": 1,
                **({"classes": {class_id: 1}} if class_id else {}),
                **({"measured": {"per_day": measured}} if is_told else {}),
            }


def written_book(
    book: LearnedBook, serves: Sequence[str], file: str, name: dict[str, str], class_id: str
) -> WrittenPart:
    """The book itself, as the language has it."""
    fit, punctuality = book.fit, book.punctuality
    slots, assumed, measured = WrittenPart(), WrittenPart(), WrittenPart()
    for part in book.parts:
        for begin, end, slot in _runs(part.slots, book.length):
            for days in day_keys(part.weekdays):
                key = f"{days} {hours_key(begin, end)}"
                slots[key] = slot.places
                if slot.low < slot.high:
                    assumed[f"slots.{key}"] = [slot.low, slot.high]
    no_show = short_number(fit.no_show)
    ends = [short_number(fit.no_show_low), short_number(fit.no_show_high)]
    if fit.n_absent:
        measured["no_show"] = {"file": file, "n": fit.n + fit.n_absent, "interval": ends}
    elif ends[0] < ends[1]:
        assumed["no_show"] = ends
    law = punctuality.lateness
    if punctuality.values or law is None:
        values = [format_span(value) for value in punctuality.values]
        lateness: WrittenPart = {"law": "empirical", "values": values}
    else:
        lateness = law_of_patience(law.law)
        measured["lateness.mean"] = measured_in(file, punctuality.n, law.mean, minutes_of)
        if law.law.law != "exponential":
            measured["lateness.cv"] = measured_in(file, punctuality.n, law.cv)
    return {
        "id": BOOK,
        "name": name,
        "serves": [*serves],
        "share": 0,
        "slots": slots,
        "slot": format_span(book.length),
        **({"priority_class": class_id} if class_id else {}),
        "ahead": format_span(round(punctuality.ahead / SECOND) * SECOND),
        "lateness": lateness,
        "no_show": no_show,
        "no_show_returns": 0,
        "when_full": "next_day",
        **({"measured": measured} if measured else {}),
        **({"assumed": assumed} if assumed else {}),
    }


def _runs(slots: Sequence[BookedSlot], length: int) -> Iterator[tuple[int, int, BookedSlot]]:
    """Begin and end of slots that follow each other with the same places, and one of them."""
    first = slots[0]
    begin, end = first.begin, first.begin + length
    for slot in slots[1:]:
        is_alike = (slot.places, slot.low, slot.high) == (first.places, first.low, first.high)
        if slot.begin == end and is_alike:
            end += length
            continue
        yield begin, end, first
        first, begin, end = slot, slot.begin, slot.begin + length
    yield begin, end, first
