"""What a study rests on: how many of its numbers are assumed, and which to look up first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from sim.scenario.assumptions import amount_of
from sim.scenario.provenance import Number, range_path, with_ranges
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.lever_names import lever_name
from sim.views.scenario_words import few, value_in_words, written_path

MOST_NAMED: Final = 3
"""Assumptions that are named in one sentence."""


def origins_sentence(written: Sequence[Number], text: Text) -> str:
    """How many numbers have a source, were measured, are assumed, or have neither."""
    origins = Counter(number.origin for number in written)
    return text(
        "document.origins",
        all=text.number(len(written), 0),
        sourced=text.number(origins["published"] + origins["document"], 0),
        measured=text.number(origins["measured"], 0),
        assumed=text.number(origins["assumed"], 0),
        bare=text.number(origins["none"], 0),
    )


def widest(written: Sequence[Number]) -> list[tuple[Number, ...]]:
    """Assumed numbers by the range they share, that with the largest ratio of its ends first.

    Ranges whose ends are no amounts, such as opening hours that move, are left out.
    """
    shared = with_ranges(number for number in written if number.assumed)
    rated = [(_ratio(same[0]), n, tuple(same)) for n, same in enumerate(shared.values())]
    rated.sort(key=lambda row: (-row[0], row[1]))
    return [same for ratio, _, same in rated if ratio > 1]


def _ratio(number: Number) -> float:
    """The high end over the low one; 0 where they cannot be compared."""
    low, high = amount_of(number.low), amount_of(number.high)
    if low is None or high is None or low.kind != high.kind:
        return 0.0
    return float(high.size / low.size) if low.size > 0 else math.inf if high.size > 0 else 0.0


def widest_sentence(written: Sequence[Number], scenario: Scenario, text: Text) -> str:
    """Which assumptions to look up first: those of the widest ranges; empty where nothing is.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.scenario.provenance import numbers
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> widest_sentence(numbers(scenario), scenario, load_text("en"))
    ''
    """
    ranges = widest(written)
    if not ranges:
        return ""
    named = text("format.parts").join(
        text(
            "document.range_of",
            name=lever_name(_path(same), scenario, text),
            value=few(value_in_words(number.value, text) for number in same),
            low=value_in_words(same[0].low, text),
            high=value_in_words(same[0].high, text),
        )
        for same in ranges[:MOST_NAMED]
    )
    if more := len(ranges) - MOST_NAMED:
        named = text("format.more", shown=named, n=more) if more > 0 else named
    return text("document.look_up", ranges=named)


def _path(same: Sequence[Number]) -> str:
    place = same[0].path if len(same) == 1 else range_path(same[0].stated_at)
    return written_path(place)
