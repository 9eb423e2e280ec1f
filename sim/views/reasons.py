"""Why figures of a matter are as they are, where a reader of the field would doubt them."""

from __future__ import annotations

from typing import Final

from sim.clock import MINUTE
from sim.questions.doubts import REASONS, Doubt, assumed_work, doubts
from sim.questions.reductions import Reductions
from sim.text import Text
from sim.views.item_network import span_words
from sim.views.values import matter_name

DAYS_FROM: Final = 2.0
"""Days from which a time is told in days and not in hours."""


def reason_sentences(found: Reductions, text: Text, matter: str | None = None) -> list[str]:
    """The reason for each figure that is doubted: of one matter, or of all, those alike together.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.reductions import reductions
    >>> from sim.text import load_text
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=5"])
    >>> run = Run(replications=1, workers=1)
    >>> found = reductions(city, "counters", run=run, followup=60, matters=["birth"])
    >>> any("promised" in one for one in reason_sentences(found, load_text("en"), "birth"))
    True
    """
    if matter is not None:
        return [_reason(found, one, text) for one in doubts(found, matter)]
    assumed = assumed_work(found.scenario)
    every = [one for each in found.matters for one in doubts(found, each, assumed)]
    said = []
    for reason in REASONS:
        alike = [one for one in every if one.reason == reason]
        if alike:
            names = (_told(found, one, text) for one in alike)
            matters = text("format.list").join(names)
            said.append(text(f"reduction.doubts_{reason}", matters=matters))
    return said


def _reason(found: Reductions, one: Doubt, text: Text) -> str:
    name = matter_name(found.scenario, one.matter.id, text)
    key = f"reduction.doubt_{one.reason}"
    match one.reason:
        case "soon":
            spans = "spans" if one.spans else "no_spans"
            source = "assumed" if one.is_assumed else "sourced"
            return text(
                key,
                matter=name,
                time=_time_words(one.days, text),
                working_days=text.number(one.working_days, 2),
                promised=_promise(one, text),
                work=text.with_unit(text.number(one.work / MINUTE, 0), "min"),
                source=text(f"reduction.work_{source}"),
                spans=text(f"reduction.{spans}", items=one.spans),
            )
        case "no_trips":
            return text(key, matter=name, share=text.share(one.online, 0))
        case "more_papers":
            before, after = (text.number(papers, 1) for papers in one.papers)
            return text(key, matter=name, before=before, after=after)
        case _:
            return text(key, matter=name, cases=one.compared)


def _told(found: Reductions, one: Doubt, text: Text) -> str:
    """A matter among others that are doubted alike, with its figure."""
    name = matter_name(found.scenario, one.matter.id, text)
    match one.reason:
        case "soon":
            figure = text(
                "reduction.soon_beside",
                time=_time_words(one.days, text),
                promised=_promise(one, text),
            )
        case "more_papers":
            figure = " → ".join(text.number(papers, 1) for papers in one.papers)
        case "few":
            figure = text("reduction.cases", cases=one.compared)
        case _:
            return name
    return text("reduction.beside", name=name, figure=figure)


def _promise(one: Doubt, text: Text) -> str:
    return span_words(one.promised, text) if one.promised is not None else ""


def _time_words(days: float, text: Text) -> str:
    """A mean time in hours, or in days where it is long."""
    if days < DAYS_FROM:
        return text.with_unit(text.number(days * 24, 1), "h")
    return text.with_unit(text.number(days, 1), "d")
