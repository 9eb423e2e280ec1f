"""New stations as one HTML file: the answer, the money, who gains, what places bear, the method."""

from __future__ import annotations

from datetime import date

from sim.questions.extension import Extension
from sim.scenario.provenance import numbers
from sim.text import Text
from sim.views.document import rendered
from sim.views.extend_counted import is_settled, settled_sentence
from sim.views.extend_words import (
    area_blocks,
    group_blocks,
    group_pictures,
    place_blocks,
    station_blocks,
    verdict_blocks,
)
from sim.views.report import assumed_parts
from sim.views.scenario_names import layout_name


def render_extension(extension: Extension, text: Text) -> str:
    """The page as a string; of assumptions those about places are listed.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.extend import extend
    >>> from sim.text import load_text
    >>> days = ["run.warmup_days=0", "run.measured_days=1", "run.followup_days=0"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> run = Run(replications=2, workers=1)
    >>> extension = extend(area, ["t411224204"], run=run, rival=False)
    >>> "Tanghe Township" in render_extension(extension, load_text("en"))
    True
    """
    scenario = extension.scenario
    about = [number for number in numbers(scenario) if number.path[0] == "places"]
    start = extension.settled[0].plan.period.start_ordinal
    return rendered(
        "extend_report.html.jinja",
        text,
        hash=scenario.hash,
        scenario=text.name(scenario.name),
        layout=layout_name(scenario, extension.layout, text),
        stations=station_blocks(extension, text),
        verdict=verdict_blocks(extension, text),
        area=area_blocks(extension, text),
        groups=[*group_blocks(extension, text), *group_pictures(extension, text)],
        places=place_blocks(extension, text),
        **assumed_parts(about, text, "stations.report.assumed_note"),
        extension=extension,
        start=text.date(date.fromordinal(start)),
        settled=settled_sentence(extension, text) if is_settled(extension) else "",
    )
