"""What people of a log come for, how long they wait, and who of them had booked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from sim.analysis.intervals import Interval
from sim.clock import MINUTE, SECOND, format_clock
from sim.learning.book import BookedSlot, BookFit
from sim.learning.booked import BookedFit
from sim.learning.learned import LearnedLog
from sim.learning.learned_patience import written_way
from sim.learning.mix import MixFit
from sim.learning.patience_groups import (
    FEWEST_OF_OWN,
    OwnPatience,
    PatienceGroups,
    group_name,
    patience_names,
)
from sim.learning.punctuality import PunctualityFit
from sim.learning.ticket_log import LOG_OUTCOMES, TicketLog
from sim.results.columns import FATES
from sim.text import Text
from sim.text.foreign import visible
from sim.views.blocks import AnyBlock, HeadingBlock, SentenceBlock, TableBlock


def mix_blocks(fit: MixFit, text: Text) -> Iterator[AnyBlock]:
    """What people come for, and how their tickets end."""
    yield HeadingBlock(text("learn.mix"))
    if len(fit.matters) > 1:
        yield TableBlock(
            text("learn.mix_matters"),
            tuple(text(f"learn.head.{name}") for name in ("matter", "tickets", "ticket_share")),
            tuple(
                (visible(matter.matter), text.number(matter.n, 0), _share(matter.share, text))
                for matter in fit.matters
            ),
        )
    if fit.n_without_matter:
        n = text.number(fit.n_without_matter, 0)
        yield SentenceBlock(text("learn.mix_without", n=n), "point")
    yield TableBlock(
        text("learn.mix_outcomes"),
        tuple(text(f"learn.head.{name}") for name in ("outcome", "tickets", "ticket_share")),
        tuple(
            (outcome_words(end.outcome, text), text.number(end.n, 0), _share(end.share, text))
            for end in fit.outcomes
        ),
    )
    if math.isfinite(fit.came_again.mean):
        again = _share(fit.came_again, text)
        yield SentenceBlock(text("learn.came_again", share=again), "point")


def patience_blocks(learned: LearnedLog, text: Text) -> Iterator[AnyBlock]:
    """How long people wait before they give up, and who misses a call."""
    fit = learned.patience
    if fit is None or not isinstance(learned.log, TicketLog):
        return
    yield HeadingBlock(text("learn.patience"))
    counts = {
        "answered": fit.n_answered,
        "empty": fit.n_empty,
        "left": fit.n_left,
        "before": fit.n_left_before,
    }
    words = {key: text.number(n, 0) for key, n in counts.items()}
    yield SentenceBlock(text("learn.patience_seen", **words))
    if fit.n_unknown:
        unknown = text.number(fit.n_unknown, 0)
        yield SentenceBlock(text("learn.patience_unknown", n=unknown), "point")
    if fit.law is None:
        yield SentenceBlock(text("learn.patience_untold"), "answer")
    else:
        yield SentenceBlock(
            text(
                "learn.patience_mean",
                mean=interval_words(fit.mean, text, 0, MINUTE),
                law=text(f"learn.law.{fit.law.law}"),
                censored=text.share(fit.censored_share, 0),
                longest=text.duration(round(fit.longest_wait / MINUTE) * MINUTE),
            ),
            "answer",
        )
        yield from _groups(learned, learned.log, text)
    if math.isfinite(fit.missed_share.mean):
        share = _share(fit.missed_share, text)
        yield SentenceBlock(text("learn.missed_share", share=share), "point")
    if fit.unannounced_share:
        share = text.share(fit.unannounced_share, 0)
        yield SentenceBlock(text("learn.unannounced", share=share), "point")
    if math.isfinite(fit.window_waits.mean):
        seconds = interval_words(fit.window_waits, text, 0, SECOND)
        yield SentenceBlock(text("learn.window_waits", seconds=seconds), "point")
    if fit.law is not None:
        yield SentenceBlock(text("learn.patience_note"), "note")


def _groups(learned: LearnedLog, log: TicketLog, text: Text) -> Iterator[AnyBlock]:
    """Whether patience differs by matter, booking or class, and which law the scenario has."""
    written = written_way(learned)
    for way in learned.patience_groups:
        about = {
            "by": text(f"learn.patience_by_{way.by}"),
            "fewest": text.number(FEWEST_OF_OWN, 0),
            "gain": text.number(way.gain, 1),
            "needed": text.number(way.needed, 1),
        }
        if len(way.own) < 2:
            yield SentenceBlock(text("learn.patience_few", **about), "point")
        elif not way.differ:
            yield SentenceBlock(text("learn.patience_alike", **about), "point")
        elif way.by == "classes" and learned.booked is not None:
            yield SentenceBlock(text("learn.patience_no_class", **about), "point")
            yield _group_table(way, log, about, text, "learn.patience_no_class_note")
        elif way is not written:
            yield SentenceBlock(text("learn.patience_second", **about), "point")
        else:
            yield SentenceBlock(text("learn.patience_differ", **about), "answer")
            yield _group_table(way, log, about, text, "learn.patience_groups_note")


def _group_table(
    way: PatienceGroups, log: TicketLog, about: Mapping[str, str], text: Text, note: str
) -> TableBlock:
    return TableBlock(
        text("learn.patience_groups", **about),
        tuple(text(f"learn.head.{name}") for name in ("group", "left", "patience_min")),
        tuple(
            (
                _group_name(way, group, log, text),
                text.number(group.n_left, 0),
                interval_words(group.mean, text, 0, MINUTE),
            )
            for group in way.own
        ),
        text(note),
    )


def _group_name(way: PatienceGroups, group: OwnPatience, log: TicketLog, text: Text) -> str:
    name = group_name(way, group, patience_names(log))
    if way.by == "booked":
        return text(f"learned_scenario.{name}")
    return visible(name) or text("learned_scenario.matter")


def booked_blocks(fit: BookedFit, text: Text) -> Iterator[AnyBlock]:
    """Booked people beside walk-ins."""
    yield HeadingBlock(text("learn.booked"))
    n, share = text.number(fit.n, 0), _share(fit.share, text)
    yield SentenceBlock(text("learn.booked_share", n=n, share=share), "answer")
    if math.isfinite(fit.wait_less.mean):
        waits = {
            "booked": interval_words(fit.wait_booked, text, 1, MINUTE),
            "walk_in": interval_words(fit.wait_walk_in, text, 1, MINUTE),
        }
        yield SentenceBlock(text("learn.booked_waits", **waits), "point")
    if math.isfinite(fit.service_ratio.mean):
        ratio = interval_words(fit.service_ratio, text, 2)
        yield SentenceBlock(text("learn.booked_service", ratio=ratio), "point")


def punctuality_blocks(fit: PunctualityFit, text: Text) -> Iterator[AnyBlock]:
    """How early or late booked people come, and how a scenario would say it."""
    yield HeadingBlock(text("learn.punctuality"))
    n, other = text.number(fit.n, 0), text.number(fit.n_other_day, 0)
    words = {"n": n, "other": other, "after": interval_words(fit.after, text, 1, MINUTE)}
    yield SentenceBlock(text("learn.punctuality_mean", **words), "answer")
    ends = {"low": fit.tenth, "middle": fit.median, "high": fit.nine_tenths}
    shown = {name: text.number(end / MINUTE, 1) for name, end in ends.items()}
    late = _share(fit.late_share, text)
    yield SentenceBlock(text("learn.punctuality_spread", **shown, late=late), "point")
    if fit.lateness is not None:
        law = {
            "ahead": text.number(fit.ahead / MINUTE, 1),
            "law": text(f"learn.law.{fit.lateness.law.law}"),
            "mean": interval_words(fit.lateness.mean, text, 1, MINUTE),
            "cv": interval_words(fit.lateness.cv, text, 2),
        }
        yield SentenceBlock(text("learn.punctuality_law", **law), "point")


def book_blocks(fit: BookFit, text: Text) -> Iterator[AnyBlock]:
    """The slots of the book: who came for each, and their places, seen or assumed."""
    yield HeadingBlock(text("learn.book"))
    yield SentenceBlock(
        text(
            "learn.book_slots",
            n=text.number(fit.n, 0),
            without=text.number(fit.n_without, 0),
            slot=text.duration(fit.slot),
        ),
        "answer",
    )
    shares = (fit.no_show, fit.no_show_low, fit.no_show_high)
    no_show, low, high = (text.share(share, 0) for share in shares)
    gains = {"gain": text.number(fit.gain, 1), "needed": text.number(fit.needed, 1)}
    yield SentenceBlock(
        text("learn.book_full" if fit.is_full else "learn.book_open", **gains), "point"
    )
    absent = {"share": no_show, "low": low, "high": high, "n": text.number(fit.n_absent, 0)}
    key = "learn.book_no_show_told" if fit.n_absent else "learn.book_no_show"
    yield SentenceBlock(text(key, **absent), "point")
    yield TableBlock(
        text("learn.book_table"),
        tuple(
            text(f"learn.head.{name}")
            for name in ("weekdays", "slot_begin", "days", "came_booked", "most", "places")
        ),
        tuple(
            (
                text("format.list").join(text(f"weekday.{day + 1}") for day in days.weekdays),
                format_clock(slot.begin),
                text.number(days.n_days, 0),
                interval_words(slot.came, text, 1),
                text.number(slot.most, 0),
                _places(slot, text),
            )
            for days in fit.days
            for slot in days.slots
        ),
    )
    yield SentenceBlock(text("learn.book_note"), "note")


def _places(slot: BookedSlot, text: Text) -> str:
    if not slot.is_full:
        return text("learn.places_at_least", n=text.number(slot.low, 0))
    if slot.low == slot.high:
        return text.number(slot.places, 0)
    return f"{slot.places} [{slot.low}, {slot.high}]"


def outcome_words(outcome: str, text: Text) -> str:
    """How a ticket ended, of LOG_OUTCOMES."""
    is_fate = LOG_OUTCOMES.index(outcome) < len(FATES)
    return text(f"fate.{outcome}" if is_fate else f"learn.outcome.{outcome}")


def _share(share: Interval, text: Text) -> str:
    return text.interval(share.mean, share.low, share.high, "share")


def interval_words(interval: Interval, text: Text, digits: int, unit: float = 1.0) -> str:
    """A mean with its bounds, which one day alone has not, in a unit.

    Examples
    --------
    >>> from sim.text import load_text
    >>> interval_words(Interval(9e4, 6e4, 12e4, n=9), load_text("en"), 1, 6e4)
    '1.5 [1.0, 2.0]'
    """
    mean, low, high = (text.number(end / unit, digits) for end in interval[:3])
    return f"{mean} [{low}, {high}]" if math.isfinite(interval.low) else mean
