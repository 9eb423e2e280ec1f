"""New stations as one HTML file: the answer, the money, who gains, what places bear, how it was
found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from markupsafe import Markup
from matplotlib.figure import Figure

from sim.analysis.effects import AreaBy
from sim.questions.extend import Extension
from sim.scenario.provenance import numbers
from sim.text import Text
from sim.views.extend import burden_figure, extension_figure, money_figure
from sim.views.extend_counted import is_settled, settled_sentence
from sim.views.extend_tables import (
    WordTable,
    answer_of,
    answer_sentences,
    area_words,
    gaining,
    group_words,
    matter_sentences,
    place_words,
    station_words,
    stopped_and_few,
)
from sim.views.report import Picture, assumed_parts, rendered
from sim.views.style import as_svg
from sim.views.values import layout_name

GROUPS: Final[tuple[AreaBy, ...]] = ("county", "class")


def render_extension(found: Extension, text: Text) -> str:
    """The page as a string; of assumptions those about places are listed.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.extend import extend
    >>> from sim.text import load_text
    >>> days = ["run.warmup_days=0", "run.measured_days=1", "run.followup_days=0"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> found = extend(area, ["t411224204"], run=Run(replications=2, workers=1), rival=False)
    >>> "Tanghe Township" in render_extension(found, load_text("en"))
    True
    """
    scenario = found.scenario
    about = [one for one in numbers(scenario) if one.path[0] == "places"]
    return rendered(
        "extend_report.html.jinja",
        text,
        hash=scenario.hash,
        scenario=text.name(scenario.name),
        layout=layout_name(scenario, found.layout, text),
        stations=station_words(found, text),
        matters=matter_sentences(found, text),
        answer=answer_of(found, text),
        sentences=answer_sentences(found, text),
        cautions=stopped_and_few(found, text),
        money=_picture("money", lambda: money_figure(found, text)),
        level=text.share(found.level, 0),
        area=area_words(found, text),
        groups=list(_groups(found, text)),
        pictures=[
            _picture("county", lambda: burden_figure(found, text)),
            _picture("class", lambda: burden_figure(found, text, by="class")),
            _picture("map", lambda: extension_figure(found, text)),
        ],
        places=place_words(found, text),
        **assumed_parts(about, text, "stations.report.assumed_note"),
        found=found,
        start=text.date(date.fromordinal(found.settled[0].plan.period.start_ordinal)),
        days=found.year.measured_hall_days,
        settled=settled_sentence(found, text) if is_settled(found) else "",
    )


def _groups(found: Extension, text: Text) -> list[tuple[str, WordTable]]:
    """Headings and tables of the groups of people that there are."""
    tables = [(text(f"stations.by_{one}"), group_words(found, one, text)) for one in GROUPS]
    towns = gaining(found)
    if towns:
        words = group_words(found, "township", text, towns)
        tables.append((text("stations.gaining"), words))
    return [(heading, table) for heading, table in tables if table.rows]


def _picture(name: str, draw: Callable[[], Figure]) -> Picture:
    figure = draw()
    title = figure.get_suptitle()
    return Picture(title, Markup(as_svg(figure, name, title)))
