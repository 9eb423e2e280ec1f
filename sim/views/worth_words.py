"""What new stations are worth, in sentences: whether they pay, for whom, and from when on."""

from __future__ import annotations

import math
from typing import Final

from sim.analysis.money import PointMoney, Visit, break_even_value_of_time
from sim.questions.extension import Extension
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.values import bracketed

PLAIN_FROM: Final = 20.0
"""Yuan an hour from which no decimal is shown."""


def answer_of(extension: Extension, text: Text) -> str:
    """Whether the stations pay for what residents save, at their worth of an hour; one sentence."""
    scenario, worth = extension.scenario, extension.worth
    assert scenario.places is not None
    return text(
        f"stations.answer.{answer_key(extension)}",
        names=text("format.list").join(
            town_name(scenario, township, text) for township in extension.points
        ),
        saved=bracketed(worth.residents, text),
        yearly=text.number(worth.yearly, 0),
        value=text.number(scenario.places.travel.value_of_time_yuan_per_h, 0),
    )


def answer_key(extension: Extension) -> str:
    """Whether residents save more than the stations cost, less, or neither can be said."""
    worth = extension.worth
    saved = worth.residents
    if not math.isfinite(saved.half_width):
        return "unknown"
    if saved.low > worth.yearly:
        return "more"
    return "less" if saved.high < worth.yearly else "alike"


def money_sentences(extension: Extension, text: Text) -> list[str]:
    """The money both ways, the pooling loss, what is set against it, and the worth of an hour."""
    summary, places = extension.summary, extension.scenario.places
    worth = summary.worth
    assert places is not None
    visits = worth.visits.mean
    sentences = [
        text(
            "cli.worth_cost",
            yearly=text.number(worth.yearly, 0),
            visits=bracketed(worth.visits, text),
            each=_known(worth.yearly / visits if visits > 0 else math.nan, text, 0),
        ),
        text(
            "cli.worth_residents",
            saved=bracketed(worth.residents, text),
            value=text.number(places.travel.value_of_time_yuan_per_h, 0),
        ),
        *_of_other_places(extension, text),
        _break_even(worth.break_even, "cli.worth_pays", "cli.worth_never", text),
    ]
    if math.isfinite(worth.hall_saved):
        keys = "cli.worth_pays_both", "cli.worth_never_both"
        sentences.append(_break_even(worth.break_even_both, *keys, text))
    sentences.append(
        text(
            "cli.pooling",
            points=_known(100 * worth.points.use.mean, text),
            points_wait=_known(worth.points.wait.mean, text),
            halls=_known(100 * worth.others.use.mean, text),
            halls_wait=_known(worth.others.wait.mean, text),
        )
    )
    if extension.has_rival:
        sentences.append(text("cli.online_rival", cases=text.number(summary.diverted, 0)))
    return [*sentences, _value_of_an_hour(extension, text)]


def _of_other_places(extension: Extension, text: Text) -> list[str]:
    """Work taken off the other places, and what a case costs the administration."""
    summary = extension.summary
    worth = summary.worth
    hours = bracketed(worth.hall_hours, text)
    if not math.isfinite(worth.hall_saved):
        return [text("cli.worth_hall_unpaid", hours=hours)]
    costs = summary.administration, summary.stations.administration
    before, after = (bracketed(cost, text) for cost in costs)
    return [
        text("cli.worth_hall", hours=hours, yuan=text.number(worth.hall_saved, 0)),
        text("cli.worth_case", before=before, after=after),
    ]


def _break_even(visits: float, pays: str, never: str, text: Text) -> str:
    if math.isfinite(visits):
        return text(pays, visits=text.number(visits, 0))
    return text(never)


def _value_of_an_hour(extension: Extension, text: Text) -> str:
    """From which worth of an hour on residents save what the stations cost, at these visits."""
    worth = extension.worth
    hours = sum(float(worth.saved[burden].mean()) for burden in ("travel", "inside")) / 60
    fares = float(worth.saved["fare"].mean())
    value = break_even_value_of_time(
        PointMoney(worth.yearly), Visit(fares, hours), Visit(0.0, 0.0), cases=1
    )
    if value == 0:
        return text("stations.any_value")
    if math.isfinite(value):
        shown = text.number(value, 0 if value >= PLAIN_FROM else 1)
        return text("stations.value", value=shown, hours=text.number(hours, 0))
    return text("stations.no_value")


def _known(value: float, text: Text, digits: int = 1) -> str:
    return text.number(value, digits) if math.isfinite(value) else text("format.missing")
