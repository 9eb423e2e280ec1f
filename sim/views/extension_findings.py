"""What is found of new stations, as documents tell it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.questions.extension import Extension
from sim.text import Text
from sim.views.asked_words import asked_of_stations
from sim.views.blocks import SentenceBlock, say_each
from sim.views.extend_counted import counted_sentences, is_settled, settled_sentence
from sim.views.extend_words import (
    area_blocks,
    cautions_of,
    group_blocks,
    group_pictures,
    place_blocks,
    station_blocks,
    travel_sentence,
    verdict_blocks,
)
from sim.views.findings import AnnexPart, Findings, annex_of, simply
from sim.views.worth_words import answer_key, answer_of, money_sentences


def extension_findings(extension: Extension, text: Text) -> Findings:
    """Whether the stations pay, for whom, at what cost, how sure that is, and every table."""
    plain, scenario = simply(text), extension.scenario
    settled = [settled_sentence(extension, plain)] if is_settled(extension) else []
    return Findings(
        text("document.subject.extend", scenario=text.name(scenario.name)),
        scenario,
        (extension.layout,),
        extension.replications,
        extension.seed,
        {
            "asked": (SentenceBlock(asked_of_stations(extension, plain)),),
            "answer": (
                SentenceBlock(answer_of(extension, plain), "answer"),
                SentenceBlock(_advice(extension, plain)),
                SentenceBlock(travel_sentence(extension, plain), "point"),
            ),
            "money": say_each(money_sentences(extension, plain), "point"),
            "sureness": say_each(
                [_runs(extension, plain), *counted_sentences(extension, plain), *settled], "point"
            ),
            "to_check": say_each(cautions_of(extension, plain), "caution"),
        },
        tuple(_annexes(extension, text)),
        engine=extension.engine,
        about="places",
    )


def _advice(extension: Extension, text: Text) -> str:
    """What follows for who decides on the stations."""
    worth = extension.worth
    return text(
        f"document.advice.extend_{answer_key(extension)}",
        n=len(extension.points),
        gap=text.number(abs(worth.residents.mean - worth.yearly), 0),
    )


def _runs(extension: Extension, text: Text) -> str:
    return text(
        "document.sureness.runs",
        replications=extension.replications,
        days=extension.year.measured_hall_days,
        level=text.share(extension.level, 0),
    )


def _annexes(extension: Extension, text: Text) -> Iterator[AnnexPart]:
    yield AnnexPart(text("stations.serve"), tuple(station_blocks(extension, text)))
    yield AnnexPart(text("document.annex.verdict"), tuple(verdict_blocks(extension, text)))
    yield annex_of(text("stations.area"), area_blocks(extension, text)[1:])
    who = [*group_blocks(extension, text), *group_pictures(extension, text)]
    yield AnnexPart(text("stations.who"), tuple(who))
    yield annex_of(text("cli.heading.places"), place_blocks(extension, text)[1:])
