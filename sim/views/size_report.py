"""How many clerks promises need, as one HTML file: promises, answer, each layout, the method."""

from __future__ import annotations

from sim.questions.size import Sizing
from sim.scenario.provenance import numbers
from sim.text import Text
from sim.views.document import rendered
from sim.views.promise_words import promise_blocks
from sim.views.report import assumed_parts
from sim.views.scenario_names import layout_name
from sim.views.size_words import answer_blocks, layouts_blocks, method_sentence


def render_sizing(sizing: Sizing, text: Text) -> str:
    """The page as a string.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, size
    >>> from sim.text import load_text
    >>> changes = ["run.measured_days=1", "calendars.day.weekly={mon-sun: [09:00-11:00]}"]
    >>> hall = load_scenario(example_path("promised_day.yaml"), changes)
    >>> sizing = size(hall, run=Run(replications=2, workers=1))
    >>> "90 % are called within 15 min" in render_sizing(sizing, load_text("en"))
    True
    """
    scenario = sizing.scenario
    names = [layout_name(scenario, row.layout, text) for row in sizing.layouts]
    return rendered(
        "size_report.html.jinja",
        text,
        hash=scenario.hash,
        scenario=text.name(scenario.name),
        layouts=text("format.list").join(names),
        promises=promise_blocks(scenario, text)[1:],
        answer=answer_blocks(sizing, text),
        several=len(sizing.layouts) > 1,
        by_layout=layouts_blocks(sizing, text),
        **assumed_parts(numbers(scenario), text),
        start=text.date(scenario.run.start),
        days=scenario.run.measured_days,
        method=method_sentence(sizing, text),
    )
