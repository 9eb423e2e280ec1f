"""The note of a learned scenario: what its log cannot say, and what is taken for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sim.learning.book import has_slots
from sim.learning.learned import LearnedLog
from sim.learning.learned_patience import written_way
from sim.learning.ticket_log import UNKNOWN, TicketLog
from sim.text import LANGUAGES, Language, Text, load_text

LONGEST_NOTE: Final = 1_900
GAPS: Final[Mapping[Language, str]] = {"zh": "", "en": " "}
"""Between sentences."""


def learned_note(
    learned: LearnedLog, left_out: Sequence[str], few: Sequence[tuple[int, int]], factor: float
) -> dict[str, str]:
    """What the log cannot say, and what the scenario takes for it, by language.

    Parameters
    ----------
    left_out
        Names of matters of which the scenario has none.
    few
        Saturdays or Sundays, and how many, whose numbers are shared with other days.
    factor
        On the clerks.
    """
    note: dict[str, str] = {}
    for language in LANGUAGES:
        text = load_text(language)
        names = text("format.list").join(left_out)
        patience = learned.patience is not None and learned.patience.law is not None
        sentences = [
            text("learned_scenario.note"),
            *(
                []
                if factor == 1
                else [text("learned_scenario.factor", factor=text.number(factor, 3))]
            ),
            *([] if patience else [text("learned_scenario.no_patience")]),
            *_slots(learned, text),
            *_classes(learned, text),
            *_groups(learned, text),
            *(
                text(
                    "learned_scenario.few_days",
                    day=text(f"weekday.{number + 1}"),
                    n=text.number(n_days, 0),
                )
                for number, n_days in few
            ),
            *([text("learned_scenario.left_out", matters=names)] if left_out else []),
            *(text(f"learn.limit.{name}") for name in learned.quality.limits),
        ]
        note[language] = GAPS[language].join(sentences)[:LONGEST_NOTE]
    return note


def _groups(learned: LearnedLog, text: Text) -> list[str]:
    """Groups of windows whose services the scenario's laws do not tell."""
    groups = () if learned.services is None else learned.services.groups
    unlike = [name for group in groups if not group.is_told for name in group.windows]
    names = text("format.list").join(unlike)
    return [text("learned_scenario.groups_unlike", windows=names)] if unlike else []


def no_slots(learned: LearnedLog) -> str:
    """Why a log with bookings has no slots: `no_slots`, or `slot_dates` = it says their dates."""
    log = learned.log
    if not isinstance(log, TicketLog) or has_slots(log):
        return "no_slots"
    return "slot_dates" if (log.details.booked_for != UNKNOWN).any() else "no_slots"


def _slots(learned: LearnedLog, text: Text) -> list[str]:
    """What the scenario takes for the book, and for those who do not come."""
    fit, book = learned.punctuality, learned.book
    if fit is None:
        if learned.booked is None:
            return []
        return [text(f"learned_scenario.{no_slots(learned)}")]
    if book is None:
        return [text("learned_scenario.no_book")]
    shares = (book.no_show, book.no_show_low, book.no_show_high)
    no_show, low, high = (text.share(share, 0) for share in shares)
    return [
        text(
            "learned_scenario.book_full" if book.is_full else "learned_scenario.book_open",
            n=text.number(book.n, 0),
        ),
        text(
            f"learned_scenario.{'no_shows_told' if book.n_absent else 'no_shows'}",
            share=no_show,
            low=low,
            high=high,
        ),
    ]


def _classes(learned: LearnedLog, text: Text) -> list[str]:
    """That classes of the log act in patience alone, or why they do not."""
    way = next((way for way in learned.patience_groups if way.by == "classes"), None)
    if way is None or not way.differ:
        return []
    if way is written_way(learned):
        return [text("learned_scenario.classes")]
    return [text("learned_scenario.no_classes")]
