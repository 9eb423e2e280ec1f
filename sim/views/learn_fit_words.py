"""What was fitted to a log: how long work takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from sim.clock import HOUR, MINUTE
from sim.learning.service_law import ServiceLaw
from sim.learning.service_paces import GroupPace
from sim.learning.services import ServiceFit
from sim.learning.ticket_log import UNKNOWN
from sim.text import Text
from sim.text.foreign import visible
from sim.views.blocks import AnyBlock, HeadingBlock, SentenceBlock, TableBlock
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
        yield from _laws_of_groups(fit, text)
    if math.isfinite(fit.pace_cv.mean):
        cv = fit.pace_cv
        words = {
            "n": text.number(fit.n_people, 0),
            "cv": text.interval(cv.mean, cv.low, cv.high, "share"),
        }
        yield SentenceBlock(text(f"learn.pace_of_{fit.people}", **words), "point")


def _laws_of_groups(fit: ServiceFit, text: Text) -> Iterator[AnyBlock]:
    """Whether one law a matter and a pace a group are enough; laws of groups, and what they do."""
    differing = [group for group in fit.groups if group.own_laws]
    if differing:
        yield TableBlock(
            text("learn.group_laws"),
            tuple(text(f"learn.head.{name}") for name in ("windows", *SERVICE_HEADS)),
            tuple(
                (visible(", ".join(group.windows)), *_service_row(law, fit, text))
                for group in differing
                for law in group.own_laws
            ),
            text("learn.group_laws_note"),
            names=2,
        )
        named = _by_wait(
            [(group, group.wait_factor / group.wait_factor_of_all) for group in differing], text
        )
        yield SentenceBlock(text("learn.groups_own_laws", groups=named), "point")
    others = [group for group in fit.groups if not group.is_told]
    if others:
        named = _by_wait(
            [(group, group.wait_factor_seen.mean / group.wait_factor) for group in others], text
        )
        yield SentenceBlock(text("learn.groups_unlike", groups=named), "caution")
    elif not differing:
        yield SentenceBlock(text("learn.groups_one_law"), "point")


def _by_wait(groups: Sequence[tuple[GroupPace, float]], text: Text) -> str:
    """Windows of groups, and by how much their wait changes."""
    return "; ".join(
        f"{visible(', '.join(group.windows))} ({sign}{text.share(ratio - 1, 0)})"
        for group, ratio in groups
        for sign in ["+" if ratio > 1 else ""]
    )


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
