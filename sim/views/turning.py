"""On which assumptions a verdict hangs, in sentences."""

from __future__ import annotations

from sim.questions.turning import TurnedEnd, Turning
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.lever_names import lever_name
from sim.views.values import layout_name, lead_words, measure_name, size_words

MOST_NAMED = 3
"""Assumptions that are named; how many more there are is told."""


def turning_sentences(found: Turning, scenario: Scenario, text: Text) -> list[str]:
    """Which assumed numbers would turn the verdict, or that none does, and how sure that is."""
    about = {
        "measure": measure_name(found.measure, scenario, text),
        "leader": layout_name(scenario, found.leader, text),
    }
    how = text(
        "turning.how",
        levers=found.levers,
        ends=found.ends,
        screened=found.screened,
        days=found.screened_days,
        confirmed=len(found.confirmed),
        replications=found.replications,
        left_out=found.left_out,
    )
    if not found.screened or not found.replications:
        return [text("turning.stopped")]
    if not found.turned:
        return [text("turning.none", ends=found.ends, **about), how]
    said = [text("turning.some", **about)]
    said += [_said(one, found, scenario, text) for one in found.turned[:MOST_NAMED]]
    if len(found.turned) > MOST_NAMED:
        said.append(text("turning.more", n=len(found.turned) - MOST_NAMED))
    if not all(one.same_budget for one in found.turned[:MOST_NAMED]):
        said.append(text("cli.other_budget"))
    return [*said, how]


def _said(one: TurnedEnd, found: Turning, scenario: Scenario, text: Text) -> str:
    now = ", ".join(one.now[:MOST_NAMED]) + (" …" if len(one.now) > MOST_NAMED else "")
    return text(
        f"turning.{one.turn}",
        lever=lever_name(one.path, scenario, text),
        value=one.value + ("" if one.same_budget else " *"),
        now=now or text("context.default"),
        leader=layout_name(scenario, found.leader, text),
        rival=layout_name(scenario, one.rival, text),
        gap=lead_words(one.difference, text),
        size=size_words(one.difference, text),
    )
