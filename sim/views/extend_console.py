"""What the command line says of new stations: who gains, what places bear, the money both ways."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from sim.analysis.effects import AreaBy, GroupEffect
from sim.analysis.intervals import Interval
from sim.questions.extend import Extension
from sim.questions.sites import Ranked
from sim.text import Text
from sim.views.area_names import people_name, place_name, town_name
from sim.views.context import changes_sentence
from sim.views.effects import difference_words, mean_words
from sim.views.extend_counted import counted_cautions, counted_sentences, settled_sentence
from sim.views.values import digits_for, in_brackets, layout_name

NOTHING: Final = "–"
MOST_TOWNS: Final = 12
"""Townships that are told: those that gain most in all."""
TOLD: Final[tuple[tuple[AreaBy, str, str], ...]] = (
    ("county", "counties", "county"),
    ("class", "classes", "group"),
)
SHOWN: Final = ("trips", "travel", "resident_cost")
"""Burdens of groups that are told; data hold all."""


def print_extension(
    found: Extension, path: str, text: Text, console: Console, ranked: Ranked | None = None
) -> None:
    """The area, counties, groups, townships, places, and what it is worth."""
    if ranked is not None:
        console.print(_ranking_table(ranked, text))
    console.print(_area_table(found, text))
    for by, heading, head in TOLD:
        rows = found.summary.stations.groups[by]
        names = {one.group: people_name(found.scenario, by, one.group, text) for one in rows}
        if len(rows) > 1:
            console.print(_groups_table(heading, head, rows, names, text))
    towns = sorted(
        found.summary.stations.groups["township"],
        key=lambda one: one.cases * one.effects[1].difference.mean,
    )
    gaining = [one for one in towns if one.effects[1].difference.mean < 0][:MOST_TOWNS]
    names = {one.group: town_name(found.scenario, one.group, text) for one in gaining}
    if gaining:
        console.print(_groups_table("townships", "township", gaining, names, text))
    console.print(_places_table(found, text))
    level = text.share(found.level, 0)
    console.print(text("cli.extension_brackets", level=level, apart=NOTHING))
    said = [*extension_sentences(found, text), *counted_sentences(found, text)]
    for sentence in (*counted_cautions(found, text), *said, settled_sentence(found, text)):
        console.print(f"· {sentence}", markup=False)
    if sentence := changes_sentence(found.scenario, text):
        console.print(sentence, markup=False)
    console.print(
        text(
            "cli.extension_line",
            scenario=text.name(found.scenario.name),
            path=path,
            hash=found.scenario.hash,
            replications=found.replications,
            seed=found.seed,
            engine=found.engine,
            year=found.year.number,
            days=found.year.measured_hall_days,
        )
    )


def extension_sentences(found: Extension, text: Text) -> list[str]:
    """The money both ways, the pooling loss, and what is set against it."""
    summary, places = found.summary, found.scenario.places
    money = summary.worth
    assert places is not None
    visits = money.visits.mean
    said = [
        text(
            "cli.worth_cost",
            yearly=text.number(money.yearly, 0),
            visits=_bracketed(money.visits, text),
            each=text.number(money.yearly / visits, 0) if visits > 0 else NOTHING,
        ),
        text(
            "cli.worth_residents",
            saved=_bracketed(money.residents, text),
            value=text.number(places.travel.value_of_time_yuan_per_h, 0),
        ),
    ]
    hours = _bracketed(money.hall_hours, text)
    if math.isfinite(money.hall_saved):
        yuan = text.number(money.hall_saved, 0)
        said.append(text("cli.worth_hall", hours=hours, yuan=yuan))
        costs = summary.administration, summary.stations.administration
        before, after = (_bracketed(cost, text) for cost in costs)
        said.append(text("cli.worth_case", before=before, after=after))
    else:
        said.append(text("cli.worth_hall_unpaid", hours=hours))
    pays = math.isfinite(money.break_even)
    said.append(
        text("cli.worth_pays", visits=text.number(money.break_even, 0))
        if pays
        else text("cli.worth_never")
    )
    if math.isfinite(money.hall_saved):
        paid = math.isfinite(money.break_even_both)
        said.append(
            text("cli.worth_pays_both", visits=text.number(money.break_even_both, 0))
            if paid
            else text("cli.worth_never_both")
        )
    points, halls = money.points, money.others
    said.append(
        text(
            "cli.pooling",
            points=_known(100 * points.use.mean, text),
            points_wait=_known(points.wait.mean, text),
            halls=_known(100 * halls.use.mean, text),
            halls_wait=_known(halls.wait.mean, text),
        )
    )
    if found.has_rival:
        cases = text.number(summary.diverted, 0)
        said.append(text("cli.online_rival", cases=cases))
    return said


def _known(value: float, text: Text) -> str:
    return text.number(value, 1) if math.isfinite(value) else NOTHING


def _area_table(found: Extension, text: Text) -> Table:
    names = [town_name(found.scenario, one, text) for one in found.points]
    heads = ["now", "extended", "difference", *(["online"] if found.has_rival else [])]
    table = _table(
        text(
            "cli.heading.extension",
            points=len(found.points),
            names=", ".join(names),
            layout=layout_name(found.scenario, found.layout, text),
        ),
        [text("cli.head.what"), text("cli.head.unit")],
        [text(f"cli.head.{one}") for one in heads],
    )
    summary = found.summary
    online = summary.online.area if summary.online is not None else ()
    for n, one in enumerate(summary.stations.area):
        cells = [
            *(mean_words(part, one, text) for part in (one.before, one.after)),
            difference_words(one, text),
        ]
        if online:
            cells.append(difference_words(online[n], text))
        unit = "" if one.unit == "number" else text(f"unit.{one.unit}")
        table.add_row(text(f"area.{one.measure}"), unit, *cells)
    return table


def _groups_table(
    heading: str, head: str, rows: Sequence[GroupEffect], names: dict[str, str], text: Text
) -> Table:
    figures = []
    for column in ("trips_each", "travel", "costs"):
        figures += [text(f"cli.head.{column}"), text("cli.head.difference")]
    table = _table(
        text(f"cli.heading.{heading}"),
        [text(f"cli.head.{head}")],
        [text("cli.head.cases"), *figures],
    )
    for row in rows:
        cells = []
        for one in (effect for effect in row.effects if effect.measure in SHOWN):
            cells += [mean_words(one.before, one, text), difference_words(one, text)]
        table.add_row(names[row.group], text.number(row.cases, 0), *cells)
    return table


def _places_table(found: Extension, text: Text) -> Table:
    heads = ("visits", "visits_change", "wait", "wait_change", "use")
    table = _table(
        text("cli.heading.places"),
        [text("cli.head.place")],
        [text(f"cli.head.{one}") for one in heads],
    )
    for one in found.summary.stations.places:
        change = NOTHING if one.is_new else difference_words(one.visits, text)
        table.add_row(
            place_name(found, one.place, text, is_new=one.is_new),
            mean_words(one.visits.after, one.visits, text),
            change,
            mean_words(one.wait.after, one.wait, text),
            difference_words(one.wait, text),
            mean_words(one.utilisation.after, one.utilisation, text),
        )
    return table


def _ranking_table(ranked: Ranked, text: Text) -> Table:
    table = _table(
        text("cli.heading.ranking"),
        [text("cli.head.rule"), text("cli.head.points")],
        [text("cli.head.saved"), text("cli.head.behind")],
    )
    rows = zip(ranked.proposals, ranked.extensions, ranked.behind, strict=True)
    for n, (proposal, run, behind) in enumerate(rows):
        names = [town_name(run.scenario, one, text) for one in proposal.points]
        table.add_row(
            text(f"cli.siting_rule.{proposal.rule}"),
            ", ".join(names),
            _bracketed(run.worth.residents, text),
            _bracketed(behind, text) if n else NOTHING,
        )
    return table


def _bracketed(interval: Interval, text: Text) -> str:
    return in_brackets(interval, digits_for(interval), text)


def _table(title: str, names: Sequence[str], figures: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for figure in figures:
        table.add_column(figure, justify="right")
    return table
