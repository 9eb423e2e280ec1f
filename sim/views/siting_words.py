"""What is said of every answer about places for stations, and how its numbers are written."""

from __future__ import annotations

from typing import Final

from sim.analysis.intervals import Interval
from sim.questions.question import RowsAnswer, SitingAnswer
from sim.text import Text
from sim.views.context import changes_sentence
from sim.views.extend_counted import year_sentences

PLACE_DIGITS: Final = 1
"""Decimals in tables of places; what is told of one place alone may have more."""


def cautions(answer: SitingAnswer, text: Text) -> list[str]:
    """Of which year it is, how well people know the waits, and what brackets mean."""
    return [*year_sentences(answer.scenario, text), *_sureness(answer, text)]


def common_sentences(answer: SitingAnswer, path: str, text: Text) -> list[str]:
    """How sure it is, and enough to run it again."""
    return [
        *year_sentences(answer.scenario, text),
        *filter(None, [changes_sentence(answer.scenario, text)]),
        *_sureness(answer, text),
        run_sentence(answer, path, text),
    ]


def run_sentence(answer: RowsAnswer, path: str, text: Text) -> str:
    """Enough to run it again."""
    return text(
        "cli.siting_line",
        scenario=text.name(answer.scenario.name),
        path=path,
        hash=answer.scenario.hash,
        replications=answer.replications,
        seed=answer.seed,
    )


def _sureness(answer: SitingAnswer, text: Text) -> list[str]:
    return [
        text("cli.siting_waits", residual=text.number(answer.residual, 1)),
        text("cli.siting_brackets", level=text.share(answer.level, 0)),
    ]


def hours_of(minutes: Interval) -> Interval:
    """An interval of minutes in hours."""
    mean, low, high = (bound / 60 for bound in minutes[:3])
    return minutes._replace(mean=mean, low=low, high=high)
