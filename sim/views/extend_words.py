"""What is told of new stations: who gains, what places bear, and whether they are worth it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Final

from sim.analysis.effects import AreaBy, Effect, GroupEffect, PlaceEffect
from sim.analysis.judge import judge, way_of
from sim.questions.extension import Extension
from sim.questions.sites import Ranked
from sim.scenario.dated_rosters import most_clerks
from sim.scenario.geography import forwarded
from sim.text import Text
from sim.views.area_names import people_name, place_name, town_name
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    say_each,
)
from sim.views.context import changes_sentence
from sim.views.effects import difference_words, interval_words, mean_words, most_changed
from sim.views.extend import burden_figure, extension_figure, money_figure
from sim.views.extend_counted import (
    counted_cautions,
    counted_sentences,
    is_settled,
    settled_sentence,
)
from sim.views.hours import hours_name
from sim.views.scenario_names import layout_name
from sim.views.values import bracketed
from sim.views.verdict import FEW, pair_word
from sim.views.worth_words import answer_of, money_sentences

GROUPS: Final[tuple[AreaBy, ...]] = ("county", "class")
"""Groupings that are shown whole."""
HEADS: Final = {"county": "county", "class": "group", "township": "township"}
BURDEN_HEADS: Final = {"trips": "trips_each", "travel": "travel", "resident_cost": "costs"}
"""Burdens of groups that are shown; data hold all."""
MOST_TOWNS: Final = 12
"""Townships that are shown: those that gain most in all."""


def terminal_blocks(
    extension: Extension, path: str, text: Text, ranked: Ranked | None = None
) -> list[AnyBlock]:
    """All of it, the answer last, and enough to run it again.

    Parameters
    ----------
    path
        Of the scenario.
    ranked
        Proposals of which it is the best.
    """
    changes = changes_sentence(extension.scenario, text)
    return [
        *([ranking_block(ranked, text)] if ranked is not None else []),
        HeadingBlock(_heading(extension, text)),
        *station_blocks(extension, text),
        *area_blocks(extension, text),
        *group_blocks(extension, text),
        *place_blocks(extension, text),
        *verdict_blocks(extension, text),
        *settled_blocks(extension, text),
        *say_each([changes] if changes else [], "plain"),
        SentenceBlock(_run_line(extension, path, text)),
    ]


def _heading(extension: Extension, text: Text) -> str:
    names = [town_name(extension.scenario, township, text) for township in extension.points]
    return text(
        "cli.heading.extension",
        points=len(extension.points),
        names=text("format.list").join(names),
        layout=layout_name(extension.scenario, extension.layout, text),
    )


def _run_line(extension: Extension, path: str, text: Text) -> str:
    return text(
        "cli.extension_line",
        scenario=text.name(extension.scenario.name),
        path=path,
        hash=extension.scenario.hash,
        replications=extension.replications,
        seed=extension.seed,
        engine=extension.engine,
        year=extension.year.number,
        days=extension.year.measured_hall_days,
    )


def belongs(extension: Extension, number: str, text: Text) -> str:
    """Which scenario, layout, replications and seed it rests on."""
    return text(
        "stations.belongs",
        scenario=text.name(extension.scenario.name),
        layout=layout_name(extension.scenario, extension.layout, text),
        replications=extension.replications,
        seed=extension.seed,
        hash=extension.scenario.hash,
        year=extension.year.number,
        days=extension.year.measured_hall_days,
        number=number,
    )


# === the stations === #


def ranking_block(ranked: Ranked, text: Text) -> TableBlock:
    """Proposals, the best first."""
    heads = ("rule", "points", "saved", "behind")
    rows = [
        (
            text(f"cli.siting_rule.{proposal.rule}"),
            text("format.list").join(
                town_name(extension.scenario, township, text) for township in proposal.points
            ),
            bracketed(extension.worth.residents, text),
            bracketed(behind, text) if n else text("format.missing"),
        )
        for n, (proposal, extension, behind) in enumerate(
            zip(ranked.proposals, ranked.extensions, ranked.behind, strict=True)
        )
    ]
    return TableBlock(
        text("cli.heading.ranking"),
        tuple(text(f"cli.head.{head}") for head in heads),
        tuple(rows),
        names=2,
    )


def station_blocks(extension: Extension, text: Text) -> list[AnyBlock]:
    """How each new station serves, what it costs, and which matters it accepts."""
    matters = say_each(_matter_sentences(extension, text), "note")
    return [_station_table(extension, text), *matters]


def _station_table(extension: Extension, text: Text) -> TableBlock:
    scenario = extension.scenario
    calendars = {calendar.id: calendar for calendar in scenario.calendars}
    fields = ("hours", "agents", "market", "visiting", "yuan")
    heads = [text("cli.head.township"), *(text(f"stations.column.{name}") for name in fields)]
    heads.append(text("stations.yearly"))
    rows = []
    for station in extension.opened:
        market, home = station.market_days, station.home_visits
        days = text("stations.every_day")
        if market is not None and market.every is not None:
            days = text("stations.every", days=market.every)
        elif market is not None:
            days = text("format.list").join(map(str, market.ends_in))
        rows.append(
            (
                text.name(station.name),
                hours_name(calendars[station.hours or scenario.hall.hours], text),
                str(most_clerks(station.clerks)),
                days,
                str(home.agents if home is not None else 0),
                text.number(station.yuan_per_year, 0),
                text.number(station.yearly_cost, 0),
            )
        )
    return TableBlock(text("stations.serve"), tuple(heads), tuple(rows))


def _matter_sentences(extension: Extension, text: Text) -> list[str]:
    """Which matters the new stations accept and send on; one sentence where they are alike."""
    scenario, comma = extension.scenario, text("format.list")
    named = scenario.matters_named()
    stations_of: dict[tuple[str, str], list[str]] = {}
    for station in extension.opened:
        accepted = {matter for name in station.accepts for matter in named[name]}
        lists = (
            comma.join(text.name(matter.name) for matter in scenario.matters if matter.id in ids)
            for ids in (accepted, forwarded(scenario, station))
        )
        accepts, forwards = (names or text("format.missing") for names in lists)
        stations_of.setdefault((accepts, forwards), []).append(text.name(station.name))
    return [
        text("stations.matters", names=comma.join(names), accepts=accepts, forwards=forwards)
        for (accepts, forwards), names in stations_of.items()
    ]


# === the answer === #


def verdict_blocks(extension: Extension, text: Text, words: Text | None = None) -> list[AnyBlock]:
    """The answer, what to know before acting on it, the money, and what it rests on.

    Parameters
    ----------
    words
        Of sentences; None = as those of the figure.
    """
    said = words or text
    sentences = (
        travel_sentence(extension, said),
        one_way_sentence(extension, said),
        *money_sentences(extension, said),
        *counted_sentences(extension, said),
    )
    draw = partial(money_figure, extension, text)
    return [
        SentenceBlock(answer_of(extension, said), "answer"),
        *say_each(cautions_of(extension, said), "caution"),
        PictureBlock("money", text("figure.extension.money"), draw),
        *say_each(sentences, "point"),
    ]


def travel_sentence(extension: Extension, text: Text) -> str:
    """What it does to the way of everybody, in words that hold when nothing can be told."""
    travel = extension.summary.stations.effect("travel")
    before, after = (mean_words(side, travel, text) for side in (travel.before, travel.after))
    return text(
        "stations.travel",
        before=before,
        after=after,
        gap=difference_words(travel, text),
        word=pair_word(travel.change, text),
    )


def one_way_sentence(extension: Extension, text: Text) -> str:
    """How far a trip is, by the same definition as the map."""
    way = extension.summary.stations.effect("one_way")
    before, after = (mean_words(side, way, text) for side in (way.before, way.after))
    return text("stations.one_way", before=before, after=after)


def cautions_of(extension: Extension, text: Text) -> tuple[str, ...]:
    """What a reader must know before acting on the answer."""
    cautions = []
    if extension.replications < extension.asked:
        done = {"done": extension.replications, "asked": extension.asked}
        cautions.append(text("report.cut_short", **done))
    if extension.replications < FEW:
        cautions.append(text("report.provisional", replications=extension.replications))
    if not is_settled(extension):
        cautions.append(settled_sentence(extension, text))
    return (*cautions, *counted_cautions(extension, text))


def settled_blocks(extension: Extension, text: Text) -> tuple[SentenceBlock, ...]:
    """How well the expected waits agree with those found, where that is no caution."""
    return say_each([settled_sentence(extension, text)] if is_settled(extension) else [], "note")


# === the area, and who gains === #


def area_blocks(extension: Extension, text: Text) -> list[AnyBlock]:
    """Every measure of the area before and after, the difference, and what it allows to say."""
    summary = extension.summary
    online = summary.online.area if summary.online is not None else ()
    heads = [
        text("cli.head.measure"),
        *(text(f"cli.head.{name}") for name in ("now", "extended", "difference")),
        text("page.results.judgement"),
        *([text("cli.head.online")] if online else []),
    ]
    rows = [
        (
            _measured(effect, text),
            interval_words(effect.before, effect, text),
            interval_words(effect.after, effect, text),
            difference_words(effect, text),
            pair_word(effect.change, text),
            *(difference_words(instead, text) for instead in online[n : n + 1]),
        )
        for n, effect in enumerate(summary.stations.area)
    ]
    level = text.share(extension.level, 0)
    return [
        HeadingBlock(text("stations.area")),
        SentenceBlock(text("stations.brackets", level=level), "note"),
        TableBlock(text("stations.area"), tuple(heads), tuple(rows)),
    ]


def _measured(effect: Effect, text: Text) -> str:
    """Name and unit of a measure of the area."""
    name = text(f"area.{effect.measure}")
    if effect.unit == "number":
        return name
    return text("stations.measured", measure=name, unit=text(f"unit.{effect.unit}"))


def group_blocks(extension: Extension, text: Text) -> list[AnyBlock]:
    """Groups of people where there are several, and the townships that gain most."""
    groups = extension.summary.stations.groups
    several = [by for by in GROUPS if len(groups[by]) > 1]
    titles = {by: text(f"stations.by_{by}") for by in several}
    tables = []
    for by in several:
        shown = most_changed(groups[by], lambda group: group.total_change("travel"))
        table = group_block(extension, by, shown, titles[by], text)
        tables.append(table._replace(note=_left_out(len(groups[by]) - len(shown), text)))
    if towns := most_gaining(groups["township"]):
        title = text("stations.gaining")
        tables.append(group_block(extension, "township", towns, title, text))
    words = {"level": text.share(extension.level, 0), "apart": text("format.missing")}
    note = SentenceBlock(text("cli.extension_brackets", **words), "note")
    return [note, *tables] if tables else []


def group_block(
    extension: Extension, by: AreaBy, groups: Sequence[GroupEffect], title: str, text: Text
) -> TableBlock:
    """The burdens of each group before, and what they differ by after."""
    heads = [text(f"cli.head.{HEADS[by]}"), text("cli.head.cases")]
    for name in BURDEN_HEADS.values():
        what, when = text(f"cli.head.{name}"), text("cli.head.difference")
        heads += [what, text("stations.of_when", what=what, when=when)]
    heads.append(text("stations.judgement_of", measure=text("area.travel")))
    rows = []
    for group in groups:
        name = people_name(extension.scenario, by, group.group, text)
        cells = [name, text.number(group.cases, 0)]
        for effect in map(group.effect, BURDEN_HEADS):
            cells += [mean_words(effect.before, effect, text), difference_words(effect, text)]
        rows.append((*cells, pair_word(group.effect("travel").change, text)))
    return TableBlock(title, tuple(heads), tuple(rows))


def most_gaining(groups: Sequence[GroupEffect], most: int = MOST_TOWNS) -> tuple[GroupEffect, ...]:
    """Groups whose way gets shorter, those first that gain most in all."""
    gains = [(group.total_change("travel"), group) for group in groups]
    gains.sort(key=lambda pair: pair[0])
    shorter = (group for _, group in gains if group.effect("travel").difference.mean < 0)
    return tuple(shorter)[:most]


def group_pictures(extension: Extension, text: Text) -> list[PictureBlock]:
    """Who gains: by county and by class, and on the map."""
    burdens = [
        PictureBlock(
            by,
            text("figure.extension.burden", measure=text("area.travel")),
            partial(burden_figure, extension, text, by=by),
        )
        for by in GROUPS
    ]
    return [*burdens, map_picture(extension, text)]


def map_picture(extension: Extension, text: Text) -> PictureBlock:
    """Where the way gets shorter."""
    words = text("figure.map.title", what=text("figure.extension.label"))
    return PictureBlock("saved", words, partial(extension_figure, extension, text))


# === what places bear === #


def place_blocks(extension: Extension, text: Text) -> list[AnyBlock]:
    """What each place bears before and after: the relief of halls, the idleness of points."""
    columns = (
        ("visits", ("now", "extended", "difference")),
        ("wait", ("now", "extended", "difference")),
        ("use", ("now", "extended")),
    )
    heads = [
        text("stations.of_when", what=text(f"cli.head.{name}"), when=text(f"cli.head.{when}"))
        for name, whens in columns
        for when in whens
    ]
    places = extension.summary.stations.places
    shown = most_changed(places, _turnout)
    rows = [_place_row(extension, place, text) for place in shown]
    title = text("cli.heading.places")
    note = _left_out(len(places) - len(shown), text)
    return [
        HeadingBlock(title),
        SentenceBlock(text("stations.places_help"), "note"),
        TableBlock(title, (text("cli.head.place"), *heads), tuple(rows), note),
    ]


def _turnout(place: PlaceEffect) -> float:
    """By how much the visits to a place change; of a new one all are new."""
    return math.inf if place.is_new else place.visits.difference.mean


def _left_out(n: int, text: Text) -> str:
    """How many rows of a table are left out, and where they are."""
    return text("stations.left_out", n=n) if n else ""


def _place_row(extension: Extension, place: PlaceEffect, text: Text) -> tuple[str, ...]:
    def before(effect: Effect) -> str:
        return text("format.missing") if place.is_new else mean_words(effect.before, effect, text)

    return (
        place_name(extension, place.place, text, is_new=place.is_new),
        before(place.visits),
        mean_words(place.visits.after, place.visits, text),
        _gap(place.visits, text, is_new=place.is_new),
        before(place.wait),
        mean_words(place.wait.after, place.wait, text),
        _gap(place.wait, text, is_new=place.is_new),
        before(place.utilisation),
        mean_words(place.utilisation.after, place.utilisation, text),
    )


def _gap(effect: Effect, text: Text, *, is_new: bool) -> str:
    """By how much a place differs; in words where nothing can be told."""
    change = effect.change
    if is_new or not math.isfinite(change.interval.mean):
        return text("format.missing")
    if not way_of(judge(change)):
        return pair_word(change, text)
    return difference_words(effect, text)
