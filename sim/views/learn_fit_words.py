"""What was fitted to a log: how long work takes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from sim.clock import HOUR, MINUTE
from sim.learning.services import ServiceFit, ServiceLaw
from sim.learning.ticket_log import UNKNOWN
from sim.text import Text
from sim.text.foreign import visible
from sim.views.blocks import AnyBlock, HeadingBlock, SentenceBlock, TableBlock, Tone
from sim.views.learn_people_words import interval_words

SERVICE_HEADS: Final = (
    *("matter", "services", "law", "mean_min", "cv"),
    *("wait_factor", "wait_factor_seen", "work_per_day"),
)


def service_blocks(fit: ServiceFit, text: Text) -> Iterator[AnyBlock]:
    """How long work takes, by matter; how windows and people differ."""
    yield HeadingBlock(text("learn.services"))
    whole = fit.whole
    n, grain = text.number(whole.n, 0), text.duration(fit.grain)
    yield SentenceBlock(text("learn.services_seen", n=n, grain=grain))
    for key, number in (("censored", whole.n_censored), ("unknown", whole.n_unknown)):
        if number:
            yield SentenceBlock(text(f"learn.services_{key}", n=text.number(number, 0)), "point")
    if fit.floor:
        yield SentenceBlock(text("learn.services_floor", floor=text.duration(fit.floor)), "point")
    laws = (whole, *fit.laws) if len(fit.laws) > 1 else (whole,)
    yield TableBlock(
        text("learn.services_by_matter"),
        tuple(text(f"learn.head.{name}") for name in SERVICE_HEADS),
        tuple(_service_row(law, fit, text) for law in laws),
        text("learn.services_note"),
    )
    thin = [fit.matters[law.matter] for law in fit.laws if law.own_share < 1]
    if thin and len(fit.laws) > 1:
        yield SentenceBlock(text("learn.services_thin", matters=visible(", ".join(thin))), "note")
    if len(fit.groups) > 1:
        yield TableBlock(
            text("learn.window_groups"),
            tuple(
                text(f"learn.head.{name}")
                for name in ("windows", "serves", "pace", "wait_factor", "wait_factor_seen")
            ),
            tuple(
                (
                    visible(", ".join(group.windows)),
                    visible(", ".join(fit.matters[matter] for matter in group.matters)),
                    interval_words(group.factor, text, 2),
                    text.number(group.wait_factor, 2),
                    interval_words(group.wait_factor_seen, text, 2),
                )
                for group in fit.groups
            ),
            text("learn.window_groups_note"),
            names=2,
        )
        yield SentenceBlock(*_laws_of_groups(fit, text))
    if math.isfinite(fit.pace_cv.mean):
        cv = fit.pace_cv
        words = {
            "n": text.number(fit.n_people, 0),
            "cv": text.interval(cv.mean, cv.low, cv.high, "share"),
        }
        yield SentenceBlock(text(f"learn.pace_of_{fit.people}", **words), "point")


def _laws_of_groups(fit: ServiceFit, text: Text) -> tuple[str, Tone]:
    """Whether one law a matter and a pace a group are enough, by what they do to waits."""
    others = [group for group in fit.groups if not group.has_laws_of_all]
    if not others:
        return text("learn.groups_one_law"), "point"
    named = "; ".join(
        f"{visible(', '.join(group.windows))} ({'+' if change > 0 else ''}{text.share(change, 0)})"
        for group in others
        for change in [group.wait_factor_seen.mean / group.wait_factor - 1]
    )
    return text("learn.groups_unlike", groups=named), "caution"


def _service_row(law: ServiceLaw, fit: ServiceFit, text: Text) -> tuple[str, ...]:
    name = "" if law.matter == UNKNOWN else visible(fit.matters[law.matter])
    return (
        name or text("learn.all_matters"),
        text.number(law.n, 0),
        text(f"learn.law.{law.law_name}"),
        interval_words(law.mean, text, 1, MINUTE),
        interval_words(law.cv, text, 2),
        text.number(law.wait_factor, 2),
        interval_words(law.wait_factor_seen, text, 2),
        interval_words(law.work_per_day, text, 1, HOUR),
    )
