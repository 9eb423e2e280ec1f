"""The note of a learned scenario: what its log cannot say, and what is taken for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sim.clock import MINUTE
from sim.learning.learned import LearnedLog
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


def _slots(learned: LearnedLog, text: Text) -> list[str]:
    """What the scenario takes for the punctuality of booked people."""
    fit = learned.punctuality
    if fit is None:
        return [] if learned.booked is None else [text("learned_scenario.no_slots")]
    low, middle, high = (
        text.number(end / MINUTE, 1) for end in (fit.tenth, fit.median, fit.nine_tenths)
    )
    values = {"n": text.number(fit.n, 0), "low": low, "middle": middle, "high": high}
    return [text("learned_scenario.slots", **values)]
