"""Why figures of a matter are as they are, where a reader of the field would doubt them."""

from __future__ import annotations

from typing import Final

from sim.clock import MINUTE
from sim.questions.doubts import REASONS, Doubt, assumed_work, doubts
from sim.questions.reductions import Reductions
from sim.text import Text
from sim.views.item_network import span_words
from sim.views.scenario_names import matter_name

DAYS_FROM: Final = 2.0
"""Days from which a time is told in days and not in hours."""


def reason_sentences(reductions: Reductions, text: Text, matter: str | None = None) -> list[str]:
    """The reason for each figure that is doubted: of one matter, or of all, those alike together.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.reductions import reductions
    >>> from sim.text import load_text
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=5"])
    >>> run = Run(replications=1, workers=1)
    >>> studied = reductions(city, "counters", run=run, followup=60, matters=["birth"])
    >>> sentences = reason_sentences(studied, load_text("en"), "birth")
    >>> any("promised" in sentence for sentence in sentences)
    True
    """
    if matter is not None:
        return [_reason(reductions, doubt, text) for doubt in doubts(reductions, matter)]
    assumed = assumed_work(reductions.scenario)
    every = [doubt for each in reductions.matters for doubt in doubts(reductions, each, assumed)]
    said = []
    for reason in REASONS:
        alike = [doubt for doubt in every if doubt.reason == reason]
        if alike:
            names = (_told(reductions, doubt, text) for doubt in alike)
            matters = text("format.list").join(names)
            said.append(text(f"reduction.doubts_{reason}", matters=matters))
    return said


def _reason(reductions: Reductions, doubt: Doubt, text: Text) -> str:
    name = matter_name(reductions.scenario, doubt.matter.id, text)
    key = f"reduction.doubt_{doubt.reason}"
    match doubt.reason:
        case "soon":
            spans = "spans" if doubt.spans else "no_spans"
            source = "assumed" if doubt.is_assumed else "sourced"
            return text(
                key,
                matter=name,
                time=_time_words(doubt.days, text),
                working_days=text.number(doubt.working_days, 2),
                promised=_promise(doubt, text),
                work=text.with_unit(text.number(doubt.work / MINUTE, 0), "min"),
                source=text(f"reduction.work_{source}"),
                spans=text(f"reduction.{spans}", items=doubt.spans),
            )
        case "no_trips":
            return text(key, matter=name, share=text.share(doubt.online, 0))
        case "more_papers":
            before, after = (text.number(papers, 1) for papers in doubt.papers)
            return text(key, matter=name, before=before, after=after)
        case _:
            return text(key, matter=name, cases=doubt.compared)


def _told(reductions: Reductions, doubt: Doubt, text: Text) -> str:
    """A matter among others that are doubted alike, with its figure."""
    name = matter_name(reductions.scenario, doubt.matter.id, text)
    match doubt.reason:
        case "soon":
            figure = text(
                "reduction.soon_beside",
                time=_time_words(doubt.days, text),
                promised=_promise(doubt, text),
            )
        case "more_papers":
            figure = " → ".join(text.number(papers, 1) for papers in doubt.papers)
        case "few":
            figure = text("reduction.cases", cases=doubt.compared)
        case _:
            return name
    return text("reduction.beside", name=name, figure=figure)


def _promise(doubt: Doubt, text: Text) -> str:
    return span_words(doubt.promised, text) if doubt.promised is not None else ""


def _time_words(days: float, text: Text) -> str:
    """A mean time in hours, or in days where it is long."""
    if days < DAYS_FROM:
        return text.with_unit(text.number(days * 24, 1), "h")
    return text.with_unit(text.number(days, 1), "d")
