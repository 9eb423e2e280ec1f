"""The method of a study after the STRESS-DES checklist, made from its scenario.

References
----------
Monks, T., Currie, C. S. M., Onggo, B. S., Robinson, S., Kunc, M. & Taylor, S. J. E. (2019),
Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines,
Journal of Simulation 13(1).
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping
from typing import Final

from sim.analysis.offered import cases_a_day
from sim.clock import format_span
from sim.plan.compile import compile_plan
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.provenance import numbers
from sim.text import Text
from sim.version import VERSION
from sim.views.blocks import TableBlock
from sim.views.findings import Findings
from sim.views.scenario_names import layout_name
from sim.views.size_tables import hours_words

ITEMS: Final[Mapping[str, str]] = {
    "1.1": "purpose",
    "1.2": "outputs",
    "1.3": "aims",
    "2.1": "overview",
    "2.2": "logic",
    "2.3": "alternatives",
    "2.4": "algorithms",
    "2.5.1": "entities",
    "2.5.2": "activities",
    "2.5.3": "resources",
    "2.5.4": "queues",
    "2.5.5": "entry_exit",
    "3.1": "sources",
    "3.2": "preprocessing",
    "3.3": "inputs",
    "3.4": "assumptions",
    "4.1": "initialisation",
    "4.2": "run_length",
    "4.3": "estimation",
    "5.1": "software",
    "5.2": "sampling",
    "5.3": "execution",
    "5.4": "system",
    "6.1": "sharing",
}
"""The checklist's twenty items, the fifth of the logic by its components; texts `stress.<name>`."""


def method_table(findings: Findings, text: Text) -> TableBlock:
    """A row an item of the checklist: enough to build the study again."""
    said = {
        **_objectives(findings, text),
        **_logic(findings, text),
        **_data(findings, text),
        **_experiment(findings, text),
        **_program(findings, text),
    }
    rows = tuple(
        (number, text(f"stress.item.{name}"), said[name]) for number, name in ITEMS.items()
    )
    heads = tuple(text(f"stress.head.{name}") for name in ("number", "item", "answer"))
    return TableBlock(text("stress.title"), heads, rows, names=len(heads))


def _objectives(findings: Findings, text: Text) -> dict[str, str]:
    asked = " ".join(block.words for block in findings.parts.get("asked", ()))
    measures = text("format.list").join(name for name, _ in findings.definitions)
    titles = text("format.list").join(part.heading for part in findings.annexes)
    return {
        "purpose": text("stress.purpose", subject=findings.subject),
        "outputs": text("stress.outputs", measures=measures or titles),
        "aims": asked,
    }


def _logic(findings: Findings, text: Text) -> dict[str, str]:
    scenario = findings.scenario
    layouts = [scenario.layout(layout) for layout in findings.layouts]
    plans = [compile_plan(scenario, layout.id) for layout in layouts]
    names = [layout_name(scenario, layout.id, text) for layout in layouts]
    counted = {
        "matters": len(scenario.matters),
        "items": sum(len(matter.items) for matter in scenario.matters),
        "departments": len(scenario.departments),
        "layouts": len(layouts),
        "flows": len(scenario.demand),
        "classes": max(len(scenario.applicants.classes), 1),
        "cases": text.number(cases_a_day(plans[0]), 1),
    }
    rules = [text(f"stress.{key}", rule=rule) for key, rule in _rules(findings)]
    hours = [hours_words(weekly_clerk_hours(scenario, layout), text) for layout in layouts]
    patience = scenario.applicants.patience
    return {
        "overview": text("stress.overview", **counted),
        "logic": text("stress.logic", rules=text("format.list").join(rules)),
        "alternatives": text("format.parts").join(
            text(
                "stress.alternative",
                layout=name,
                windows=len(plan.names.windows),
                groups=len(layout.windows),
                hours=hour,
            )
            for name, layout, plan, hour in zip(names, layouts, plans, hours, strict=True)
        ),
        "algorithms": text("stress.algorithms"),
        "entities": text("stress.entities", **counted),
        "activities": text("stress.activities", **counted),
        "resources": text(
            "stress.resources",
            windows=_each(names, [len(plan.names.windows) for plan in plans], text),
            **counted,
        ),
        "queues": text(
            "stress.queues", lists=_each(names, [len(plan.names.lists) for plan in plans], text)
        ),
        "entry_exit": text(
            "stress.entry_exit" if patience is not None else "stress.entry_patient",
            last_ticket=format_span(scenario.hall.last_ticket),
            closing=scenario.hall.closing,
            **counted,
        ),
    }


def _rules(findings: Findings) -> list[tuple[str, str]]:
    """Rules in force in any of the layouts, as the scenario writes them."""
    layouts = [findings.scenario.layout(layout) for layout in findings.layouts]
    rules: dict[str, list[str]] = {
        "calling": [layout.calling.rule for layout in layouts],
        "routing": [layout.routing.rule for layout in layouts],
        "idle": [layout.idle for layout in layouts],
        "transfer": [layout.transfer for layout in layouts],
    }
    return [(key, " / ".join(dict.fromkeys(values))) for key, values in rules.items()]


def _each(names: list[str], counts: list[int], text: Text) -> str:
    return text("format.list").join(
        text("report.value_of", layout=name, value=count)
        for name, count in zip(names, counts, strict=True)
    )


def _data(findings: Findings, text: Text) -> dict[str, str]:
    written = numbers(findings.scenario)
    origins = Counter(number.origin for number in written)
    sourced = [number.source for number in written if number.source]
    tables = sum(flow.arrivals_file is not None for flow in findings.scenario.demand)
    tables += sum(layout.clerks_file is not None for layout in findings.scenario.layouts)
    return {
        "sources": text("stress.sources", n=len(sourced), sources=len(set(sourced))),
        "preprocessing": text("stress.preprocessing", tables=tables, measured=origins["measured"]),
        "inputs": text("stress.inputs", n=len(written), hash=findings.scenario.hash),
        "assumptions": text("stress.assumptions", n=origins["assumed"], bare=origins["none"]),
    }


def _experiment(findings: Findings, text: Text) -> dict[str, str]:
    run, initial = findings.scenario.run, findings.scenario.initial
    people, cases = initial.size if initial is not None else (0, 0)
    return {
        "initialisation": text(
            "stress.initialisation", warmup=run.warmup_days, people=people, cases=cases
        ),
        "run_length": text(
            "report.method_days",
            start=text.date(run.start),
            warmup=run.warmup_days,
            measured=run.measured_days,
            followup=run.followup_days,
        ),
        "estimation": text("stress.estimation", replications=findings.replications),
    }


def _program(findings: Findings, text: Text) -> dict[str, str]:
    engine = findings.engine or text("stress.unrecorded")
    return {
        "software": text("stress.software", version=VERSION, python=platform.python_version()),
        "sampling": text("stress.sampling", seed=findings.seed),
        "execution": text("stress.execution", engine=engine, replications=findings.replications),
        "system": text("stress.system"),
        "sharing": text("stress.sharing", hash=findings.scenario.hash, version=VERSION),
    }
