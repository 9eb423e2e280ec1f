"""What was asked, in words: the same in documents and in the mark of an example."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from typing import Any, Final

from sim.questions.compare import Comparison
from sim.questions.extension import Extension
from sim.questions.hall_levers import LeverChoice
from sim.questions.question import Question
from sim.questions.size import Sizing
from sim.scenario.scenario import Scenario
from sim.scenario.switches import SWITCHES, HallSwitch
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.promise_words import promise_words
from sim.views.scenario_names import layout_name, measure_name


def asked_words(
    kind: str, question: Question[Any, Any], replications: int, answer: Any, text: Text
) -> str:
    """What was asked of which layouts, all that was chosen, and on how many crowds.

    Parameters
    ----------
    kind
        Of the table of questions (`sim/storage/answers.py`).
    replications
        That were asked for.
    answer
        As that table loads it; of `compare` the comparison.
    """
    sentences = []
    if kind in ASKED:
        sentences.append(ASKED[kind](answer, text))
    else:
        layouts = question.layouts or [layout.id for layout in answer.scenario.layouts]
        sentences.append(asked_topic(kind, answer.scenario, layouts, text))
        sentences += _chosen(kind, question, answer.scenario, text)
    sentences.append(text("asked.crowds", replications=replications))
    return reduce(lambda first, after: text("format.then", first=first, next=after), sentences)


def asked_topic(kind: str, scenario: Scenario, layouts: Iterable[str], text: Text) -> str:
    """What was asked of layouts, of a kind whose answer says no more of it."""
    return text(
        f"document.asked.{kind}",
        layouts=_quoted(scenario, layouts, text),
        start=text.date(scenario.run.start),
        days=scenario.run.measured_days,
    )


def asked_of_layouts(comparison: Comparison, text: Text) -> str:
    """What was asked of layouts that were compared."""
    study, run = comparison.study, comparison.study.scenario.run
    return text(
        f"document.asked.compare_{'many' if len(study.layouts) > 1 else 'one'}",
        n=len(study.layouts),
        layouts=_quoted(study.scenario, study.layouts, text),
        start=text.date(run.start),
        days=run.measured_days,
    )


def asked_of_sizing(sizing: Sizing, text: Text) -> str:
    """What was asked of promises."""
    scenario, run = sizing.scenario, sizing.scenario.run
    promises = [promise_words(scenario, promise, text) for promise in scenario.targets.promises]
    return text(
        "document.asked.size",
        promises=text("format.promises").join(promises),
        layouts=_quoted(scenario, (row.layout for row in sizing.layouts), text),
        start=text.date(run.start),
        days=run.measured_days,
    )


def asked_of_stations(extension: Extension, text: Text) -> str:
    """What was asked of new stations."""
    scenario = extension.scenario
    return text(
        "document.asked.extend",
        n=len(extension.points),
        names=_listed((town_name(scenario, each, text) for each in extension.points), text),
        layout=layout_name(scenario, extension.layout, text),
        year=extension.year.number,
    )


ASKED: Final[Mapping[str, Callable[[Any, Text], str]]] = {
    "compare": asked_of_layouts,
    "size": asked_of_sizing,
    "extend": asked_of_stations,
}
"""By the kind of question: those whose answer says all that was asked."""


def _quoted(scenario: Scenario, layouts: Iterable[str], text: Text) -> str:
    names = (layout_name(scenario, layout, text) for layout in layouts)
    return _listed((text("format.quoted", name=name) for name in names), text)


def _listed(words: Iterable[str], text: Text) -> str:
    return text("format.list").join(words)


# === what was chosen === #


def _chosen(kind: str, question: Any, scenario: Scenario, text: Text) -> list[str]:
    """What was chosen beside the layouts, as one sentence; none where that is nothing."""
    words = []
    for field in CHOSEN.get(kind, ()):
        value = FIELDS[field](getattr(question, field), scenario, text)
        if value:
            words.append(text(f"asked.{field}", value=value))
    return [text("asked.chosen", chosen=text("format.parts").join(words))] if words else []


def _measure(value: str, scenario: Scenario, text: Text) -> str:
    return text("format.quoted", name=measure_name(value, scenario, text))


def _parts(value: Iterable[str], scenario: Scenario, text: Text) -> str:
    del scenario
    return _listed((text(f"page.levers.part.{part}") for part in value), text)


def _way(value: bool, scenario: Scenario, text: Text) -> str:
    del scenario
    return text(f"asked.screened.{'groups' if value else 'singly'}")


def _numbers(value: Iterable[int], scenario: Scenario, text: Text) -> str:
    del scenario
    return _listed(map(str, value), text)


def _number(value: float | None, scenario: Scenario, text: Text) -> str:
    del scenario
    return "" if value is None else text.number(value, 0)


def _levers(value: Iterable[LeverChoice], scenario: Scenario, text: Text) -> str:
    del scenario
    return _listed((text(f"lever.named.{choice.name}") for choice in value), text)


def _modes(value: Iterable[HallSwitch], scenario: Scenario, text: Text) -> str:
    del scenario
    return _listed((_mode(switch, text) for switch in value), text)


def _mode(switch: HallSwitch, text: Text) -> str:
    numbers = (
        text("asked.number", name=text(f"switch.number.{number.name}"), value=value)
        for number, value in zip(SWITCHES[switch.name], switch.numbers, strict=True)
    )
    return text(
        "asked.mode", name=text(f"switch.name.{switch.name}"), numbers=_listed(numbers, text)
    )


def _date(value: str, scenario: Scenario, text: Text) -> str:
    del scenario
    return text.date(date.fromisoformat(value)) if value else ""


def _townships(value: Iterable[str], scenario: Scenario, text: Text) -> str:
    return _listed((town_name(scenario, township, text) for township in value), text)


FIELDS: Final[Mapping[str, Callable[[Any, Scenario, Text], str]]] = {
    "measure": _measure,
    "only": _parts,
    "screen": _way,
    "totals": _numbers,
    "hours": _number,
    "levers": _levers,
    "switches": _modes,
    "weeks": _number,
    "first_day": _date,
    "points": _townships,
    "most": _number,
    "numbers": _numbers,
}
"""How the value of a field is told, within the text `asked.<field>`."""
CHOSEN: Final[Mapping[str, tuple[str, ...]]] = {
    "levers": ("measure", "only", "screen"),
    "staffing": ("totals",),
    "allocate": ("hours",),
    "tune": ("levers", "measure"),
    "switches": ("switches",),
    "roster": ("first_day", "weeks"),
    "shortlist": ("points",),
    "next_points": ("points", "most"),
    "frontier": ("numbers",),
}
"""Fields that are told, by the kind of question."""
