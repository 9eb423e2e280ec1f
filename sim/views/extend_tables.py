"""New stations as tables of words and as one answer: what pages and reports show of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.analysis.effects import AreaBy, Effect, GroupEffect, PlaceEffect
from sim.analysis.judge import judge, way_of
from sim.analysis.money import PointMoney, Visit, break_even_value_of_time
from sim.questions.extend import Extension
from sim.scenario.geography import forwarded
from sim.text import Text
from sim.views.area_names import people_name, place_name, town_name
from sim.views.effects import difference_words, interval_words, mean_words
from sim.views.extend_console import extension_sentences
from sim.views.extend_counted import (
    counted_cautions,
    counted_sentences,
    is_settled,
    settled_sentence,
)
from sim.views.hours import hours_name
from sim.views.values import digits_for, in_brackets, layout_name
from sim.views.verdict import FEW, pair_word

HEADS: Final = {"county": "county", "class": "group", "township": "township"}
BURDEN_HEADS: Final = {"trips": "trips_each", "travel": "travel", "resident_cost": "costs"}
"""Burdens of groups that are told; data hold all."""
WAIT_GAP: Final = 5
"""Column of the table of places, behind its wait before and after."""
MOST_TOWNS: Final = 12
"""Townships that are told: those that gain most in all."""
PLAIN_FROM: Final = 20.0
"""Yuan an hour from which no decimal is shown."""


class WordTable(NamedTuple):
    """A table ready to be shown.

    Attributes
    ----------
    heads : tuple of str
    rows : tuple of tuple of str
        The first cell says what the row is of.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def station_words(found: Extension, text: Text) -> WordTable:
    """How each new station serves, and what it costs."""
    calendars = {one.id: one for one in found.scenario.calendars}
    fields = ("hours", "agents", "market", "visiting", "yuan")
    heads = [text("cli.head.township"), *(text(f"stations.column.{one}") for one in fields)]
    heads.append(text("stations.yearly"))
    rows = []
    for one in found.opened:
        market, home = one.market_days, one.home_visits
        days = text("stations.every_day")
        if market is not None and market.every is not None:
            days = text("stations.every", days=market.every)
        elif market is not None:
            days = text("format.list").join(map(str, market.ends_in))
        rows.append(
            (
                text.name(one.name),
                hours_name(calendars[one.hours or found.scenario.hall.hours], text),
                str(max(one.clerks.values())),
                days,
                str(home.agents if home is not None else 0),
                text.number(one.yuan_per_year, 0),
                text.number(one.yearly_cost, 0),
            )
        )
    return WordTable(tuple(heads), tuple(rows))


def matter_sentences(found: Extension, text: Text) -> list[str]:
    """Which matters the new stations accept and send on; one sentence where they are alike."""
    named, scenario = found.scenario.matters_named(), found.scenario
    alike: dict[tuple[str, str], list[str]] = {}
    for one in found.opened:
        accepts = {matter for name in one.accepts for matter in named[name]}
        forwards = forwarded(scenario, one)
        lists = (
            text("format.list").join(text.name(m.name) for m in scenario.matters if m.id in ids)
            for ids in (accepts, forwards)
        )
        first, second = (one or text("format.missing") for one in lists)
        alike.setdefault((first, second), []).append(text.name(one.name))
    return [
        text(
            "stations.matters",
            names=text("format.list").join(names),
            accepts=accepts,
            forwards=forwards,
        )
        for (accepts, forwards), names in alike.items()
    ]


def area_words(found: Extension, text: Text) -> WordTable:
    """Every measure of the area before and after, the difference, and what it allows to say."""
    summary = found.summary
    online = summary.online.area if summary.online is not None else ()
    heads = [
        text("cli.head.measure"),
        text("cli.head.now"),
        text("cli.head.extended"),
        text("cli.head.difference"),
        text("page.results.judgement"),
        *([text("cli.head.online")] if online else []),
    ]
    rows = []
    for n, one in enumerate(summary.stations.area):
        cells = [
            _measured(one, text),
            interval_words(one.before, one, text),
            interval_words(one.after, one, text),
            difference_words(one, text),
        ]
        cells.append(pair_word(one.change, text))
        if online:
            cells.append(difference_words(online[n], text))
        rows.append(tuple(cells))
    return WordTable(tuple(heads), tuple(rows))


def _measured(one: Effect, text: Text) -> str:
    """Name and unit of a measure of the area."""
    name = text(f"area.{one.measure}")
    if one.unit == "number":
        return name
    return text("stations.measured", measure=name, unit=text(f"unit.{one.unit}"))


def group_words(
    found: Extension, by: AreaBy, text: Text, rows: Sequence[GroupEffect] | None = None
) -> WordTable:
    """The burdens of each group before, and what they differ by after."""
    shown = found.summary.stations.groups[by] if rows is None else rows
    heads = [text(f"cli.head.{HEADS[by]}"), text("cli.head.cases")]
    for name in BURDEN_HEADS.values():
        what, when = text(f"cli.head.{name}"), text("cli.head.difference")
        heads += [what, text("stations.of_when", what=what, when=when)]
    heads.append(text("stations.judgement_of", measure=text("area.travel")))
    lines = []
    for row in shown:
        cells = [people_name(found.scenario, by, row.group, text), text.number(row.cases, 0)]
        for one in (effect for effect in row.effects if effect.measure in BURDEN_HEADS):
            cells += [mean_words(one.before, one, text), difference_words(one, text)]
        lines.append((*cells, pair_word(row.effect("travel").change, text)))
    return WordTable(tuple(heads), tuple(lines))


def gaining(found: Extension) -> tuple[GroupEffect, ...]:
    """Townships whose way gets shorter, those first that gain most in all."""
    return gaining_most(found.summary.stations.groups["township"])


def gaining_most(groups: Sequence[GroupEffect], most: int = MOST_TOWNS) -> tuple[GroupEffect, ...]:
    """Of these groups the first so many."""
    gains = [(group.cases * group.effect("travel").difference.mean, group) for group in groups]
    gains.sort(key=lambda pair: pair[0])
    return tuple(group for gain, group in gains if group.effect("travel").difference.mean < 0)[
        :most
    ]


def place_words(found: Extension, text: Text) -> WordTable:
    """What each place bears before and after: the relief of halls, the idleness of points."""
    now, then = text("cli.head.now"), text("cli.head.extended")
    heads = [text("cli.head.place")]
    for name in ("visits", "wait", "use"):
        what = text(f"cli.head.{name}")
        heads += [text("stations.of_when", what=what, when=when) for when in (now, then)]
    gap = text("stations.of_when", what=text("cli.head.wait"), when=text("cli.head.difference"))
    heads.insert(WAIT_GAP, gap)
    rows = []
    for place in found.summary.stations.places:
        cells = [place_name(found, place.place, text, is_new=place.is_new)]
        for one in (place.visits, place.wait, place.utilisation):
            before = text("format.missing") if place.is_new else mean_words(one.before, one, text)
            cells += [before, mean_words(one.after, one, text)]
        cells.insert(WAIT_GAP, _wait_gap(place, text))
        rows.append(tuple(cells))
    return WordTable(tuple(heads), tuple(rows))


def _wait_gap(place: PlaceEffect, text: Text) -> str:
    """By how much the wait differs; in words where nothing can be told."""
    gap = place.wait.change
    if place.is_new or not math.isfinite(gap.interval.mean):
        return text("format.missing")
    if not way_of(judge(gap)):
        return pair_word(gap, text)
    return difference_words(place.wait, text)


def answer_of(found: Extension, text: Text) -> str:
    """Whether the stations pay for what residents save, at their worth of an hour; one sentence."""
    money, places = found.worth, found.scenario.places
    assert places is not None
    names = text("format.list").join(town_name(found.scenario, one, text) for one in found.points)
    saved = money.residents
    if not math.isfinite(saved.half_width):
        word = "unknown"
    elif saved.low > money.yearly:
        word = "more"
    elif saved.high < money.yearly:
        word = "less"
    else:
        word = "alike"
    return text(
        f"stations.answer.{word}",
        names=names,
        saved=in_brackets(saved, digits_for(saved), text),
        yearly=text.number(money.yearly, 0),
        value=text.number(places.travel.value_of_time_yuan_per_h, 0),
    )


def answer_sentences(found: Extension, text: Text) -> list[str]:
    """What stands below the answer: the way, the money, the worth of an hour, who is counted."""
    money = (*extension_sentences(found, text), _valued(found, text))
    return [_travelled(found, text), *money, *counted_sentences(found, text)]


def _travelled(found: Extension, text: Text) -> str:
    """What it does to the way of everybody, in words that hold when nothing can be told."""
    travel = found.summary.stations.effect("travel")
    before, after = (mean_words(one, travel, text) for one in (travel.before, travel.after))
    word = pair_word(travel.change, text)
    return text(
        "stations.travel",
        before=before,
        after=after,
        gap=difference_words(travel, text),
        word=word,
    )


def _valued(found: Extension, text: Text) -> str:
    """From which worth of an hour on residents save what the stations cost, at these visits."""
    money = found.worth
    hours = sum(float(money.saved[burden].mean()) for burden in ("travel", "inside")) / 60
    fares = float(money.saved["fare"].mean())
    value = break_even_value_of_time(
        PointMoney(money.yearly), Visit(fares, hours), Visit(0.0, 0.0), cases=1
    )
    if value == 0:
        return text("stations.any_value")
    if math.isfinite(value):
        shown = text.number(value, 0 if value >= PLAIN_FROM else 1)
        return text("stations.value", value=shown, hours=text.number(hours, 0))
    return text("stations.no_value")


def stopped_and_few(found: Extension, text: Text) -> tuple[str, ...]:
    """What a reader must know before acting on the answer."""
    told = []
    if found.replications < found.asked:
        told.append(text("report.cut_short", done=found.replications, asked=found.asked))
    if found.replications < FEW:
        told.append(text("report.provisional", replications=found.replications))
    if not is_settled(found):
        told.append(settled_sentence(found, text))
    return (*told, *counted_cautions(found, text))


def belongs(found: Extension, number: str, text: Text) -> str:
    """Which scenario, layout, replications and seed it rests on."""
    return text(
        "stations.belongs",
        scenario=text.name(found.scenario.name),
        layout=layout_name(found.scenario, found.layout, text),
        replications=found.replications,
        seed=found.seed,
        hash=found.scenario.hash,
        year=found.year.number,
        days=found.year.measured_hall_days,
        number=number,
    )
