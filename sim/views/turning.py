"""On which assumptions a verdict hangs, in sentences."""

from __future__ import annotations

from sim.questions.turning import TurnedEnd, Turning
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.lever_names import lever_name
from sim.views.scenario_names import layout_name, measure_name
from sim.views.scenario_words import value_in_words
from sim.views.values import lead_words, size_words

MOST_NAMED = 3
"""Assumptions that are named; how many more there are is told."""


def turning_sentences(turning: Turning, scenario: Scenario, text: Text) -> list[str]:
    """Which assumed numbers would turn the verdict, or that none does, and how sure that is."""
    about = {
        "measure": measure_name(turning.measure, scenario, text),
        "leader": layout_name(scenario, turning.leader, text),
    }
    how = text(
        "turning.how",
        levers=turning.levers,
        ends=turning.ends,
        screened=turning.screened,
        days=turning.screened_days,
        confirmed=len(turning.confirmed),
        replications=turning.replications,
        left_out=turning.left_out,
    )
    if not turning.screened or not turning.replications:
        return [text("turning.stopped")]
    if not turning.turned:
        return [text("turning.none", ends=turning.ends, **about), how]
    said = [text("turning.some", **about)]
    said += [_said(end, turning, scenario, text) for end in turning.turned[:MOST_NAMED]]
    if len(turning.turned) > MOST_NAMED:
        said.append(text("turning.more", n=len(turning.turned) - MOST_NAMED))
    if not all(end.same_budget for end in turning.turned[:MOST_NAMED]):
        said.append(text("cli.other_budget"))
    return [*said, how]


def _said(end: TurnedEnd, turning: Turning, scenario: Scenario, text: Text) -> str:
    was = [value_in_words(value, text) for value in end.now[:MOST_NAMED]]
    now = ", ".join(was) + (" …" if len(end.now) > MOST_NAMED else "")
    return text(
        f"turning.{end.turn}",
        lever=lever_name(end.path, scenario, text),
        value=value_in_words(end.value, text) + ("" if end.same_budget else " *"),
        now=now or text("context.default"),
        leader=layout_name(scenario, turning.leader, text),
        rival=layout_name(scenario, end.rival, text),
        gap=lead_words(end.difference, text),
        size=size_words(end.difference, text),
    )
