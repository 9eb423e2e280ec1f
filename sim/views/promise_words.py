"""Promises, and who and when they are checked for, as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from sim.analysis.intervals import Interval
from sim.analysis.promises import PromiseCell, Whom
from sim.analysis.slots import SLOT
from sim.clock import MINUTE, format_clock
from sim.scenario.promises import PROMISABLE, Promise, PromisedMeasure, Who
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.blocks import AnyBlock, HeadingBlock, say_each
from sim.views.hours import named_days
from sim.views.scenario_names import (
    group_name,
    list_name,
    measure_name,
)
from sim.views.values import (
    digits_for,
    in_brackets,
    shown_scale,
)

CALLED: Final[Mapping[Who, Whom]] = {
    "groups": "group",
    "matters": "matter",
    "classes": "class",
    "departments": "department",
}
"""What the names in each field of a promise are of."""


def promise_words(scenario: Scenario, promise: Promise, text: Text) -> str:
    """A promise as part of a sentence.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> promise = Promise(measure="called_within", at_least=0.9, each="half_hour")
    >>> promise_words(hall, promise, load_text("en"))
    '90 % are called within 15 min in every half hour'
    """
    level = level_words(promise, text)
    if promise.measure == "called_within":
        within = scenario.targets.called_within if promise.within is None else promise.within
        minutes = f"{within / MINUTE:g}"
        words = text(f"size.promise.called.{promise.each}", level=level, minutes=minutes)
    else:
        measure = measure_name(promise.measure, scenario, text)
        words = text(f"size.promise.{promise.side}.{promise.each}", measure=measure, level=level)
    who, ids = promise.who
    if who is None:
        return words
    names = [people_name(scenario, "", CALLED[who], id_, text) for id_ in ids]
    return text("size.promise.for", promise=words, who=text("format.list").join(names))


def promise_sentences(scenario: Scenario, text: Text) -> list[str]:
    """All that a scenario promises, a sentence each; numbered, as tables name promises."""
    return [
        text("size.promise.numbered", n=n, promise=promise_words(scenario, promise, text))
        for n, promise in enumerate(scenario.targets.promises, 1)
    ]


def promise_blocks(scenario: Scenario, text: Text) -> tuple[AnyBlock, ...]:
    """All that a scenario promises, below a heading; nothing where it promises nothing.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("promised_day.yaml"))
    >>> promise_blocks(scenario, load_text("en"))[1].words
    'Promise 1: 90 % are called within 15 min in every half hour.'
    """
    sentences = promise_sentences(scenario, text)
    if not sentences:
        return ()
    return (HeadingBlock(text("size.promised")), *say_each(sentences, "point"))


def level_words(promise: Promise, text: Text) -> str:
    """What is promised, with its unit."""
    return value_words(promise.measure, promise.level, text)


def value_words(
    measure: PromisedMeasure, value: float, text: Text, *, with_unit: bool = True
) -> str:
    """A value of a measure with as few decimals as it takes, at most one.

    Examples
    --------
    >>> from sim.text import load_text
    >>> value_words("called_within", 0.905, load_text("en"))
    '90.5 %'
    >>> value_words("wait", 8.0, load_text("en"))
    '8 min'
    """
    unit = PROMISABLE[measure].unit
    shown = value * shown_scale(unit)
    if not math.isfinite(shown):
        return text("format.missing")
    words = text.number(shown, int(not round(shown, 1).is_integer()))
    if not with_unit:
        return words
    return _with_unit(words, unit, text)


def interval_words(measure: PromisedMeasure, interval: Interval, text: Text) -> str:
    """The same with its interval behind it."""
    unit = PROMISABLE[measure].unit
    if not math.isfinite(interval.mean):
        return text("format.missing")
    scale = shown_scale(unit)
    words = in_brackets(interval, min(digits_for(interval, scale, unit), 1), text, scale)
    return _with_unit(words, unit, text)


def _with_unit(words: str, unit: str, text: Text) -> str:
    if unit == "share":
        return f"{words} %" if text.language == "keys" else text("format.share", value=words)
    return text.with_unit(words, unit)


def people_name(scenario: Scenario, layout: str, what: Whom, id_: str, text: Text) -> str:
    """Whom something is checked for.

    Parameters
    ----------
    layout
        Of which the list or the window group is; empty = the first that has such a group.
    """
    match what:
        case "all":
            return text("size.everybody")
        case "list":
            return list_name(scenario, layout, id_, text)
        case "group":
            having = [
                row.id for row in scenario.layouts if id_ in {group.id for group in row.windows}
            ]
            return group_name(scenario, layout or [*having, scenario.layouts[0].id][0], id_, text)
        case "class":
            names = {class_.id: class_.name for class_ in scenario.applicants.classes}
        case "department":
            names = {office.id: office.name for office in scenario.departments}
        case "matter":  # or who leads them, or a group of them
            names = {office.id: office.name for office in scenario.departments}
            names |= {matter.id: matter.name for matter in scenario.matters}
    return text.name(names[id_]) if id_ in names else id_


def kind_name(days: str, text: Text) -> str:
    """A kind of day for people: its weekdays, and the dates between which they are meant.

    Examples
    --------
    >>> from sim.text import load_text
    >>> kind_name("mon-fri", load_text("zh"))
    '周一至周五'
    """
    return named_days(days, text)


def cell_words(scenario: Scenario, layout: str, cell: PromiseCell, text: Text) -> str:
    """Whom and when a promise is checked for."""
    who = people_name(scenario, layout, cell.what, cell.id, text)
    if not cell.days:
        return who
    days = kind_name(cell.days, text)
    if cell.slot < 0:
        return text("size.cell.day", who=who, days=days)
    hours = clock_words(cell.slot * SLOT, (cell.slot + 1) * SLOT)
    return text("size.cell.half_hour", who=who, days=days, hours=hours)


def clock_words(starts: int, ends: int) -> str:
    """From when to when.

    Examples
    --------
    >>> clock_words(0, SLOT)
    '00:00–00:30'
    """
    return f"{format_clock(starts)}–{format_clock(ends)}"
