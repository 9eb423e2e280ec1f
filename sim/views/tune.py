"""Which settings are best: every candidate with its interval, today's marked, the zone a band."""

from __future__ import annotations

from typing import Final

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.intervals import shifted
from sim.questions.tune import CandidateOfTuning, Tuning
from sim.text import Text
from sim.views.lever_names import hall_lever_name, setting_words
from sim.views.scenario_names import layout_name, measure_name
from sim.views.style import (
    FAINT,
    INK,
    PALETTE,
    SHADE,
    bars_of,
    drawing,
    finish,
    folded,
    sheet,
)
from sim.views.values import shown_scale, unit_key

MOST_SHOWN: Final = 20
"""Candidates that a figure shows, the best ones, and today's."""
LOOKS: Final = {
    "chosen": (PALETTE[0], "D"),
    "alike": (PALETTE[0], "o"),
    "behind": (FAINT, "o"),
    "serves_fewer": (PALETTE[1], "x"),
}
"""Colour and marker by what is said of a candidate."""


def tune_figure(tuning: Tuning, text: Text) -> Figure:
    """How good is each candidate, and which may be as good as the chosen one?

    A point a candidate, the best at the top: the chosen one's measure plus the difference on the
    crowds that both met, with the interval of that difference; those of all candidates hold
    together. The band reaches as far as a difference does not matter.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.hall_levers import LeverChoice
    >>> from sim.questions.tune import tune
    >>> from sim.text import load_text
    >>> days = ["run.warmup_days=0", "run.measured_days=1", "run.followup_days=0"]
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), days)
    >>> choice = LeverChoice("layouts.hall.windows.windows.clerks", "5,8")
    >>> tuning = tune(hall, [choice], run=Run(replications=2, workers=1), any_hours=True)
    >>> tune_figure(tuning, load_text("en")).axes[0].get_xlabel()
    'Mean wait (min)'
    """
    scenario, scale = tuning.scenario, shown_scale(tuning.unit)
    table = tuning.table
    rows = [row for n, row in enumerate(table) if n < MOST_SHOWN or row.is_today]
    measure = measure_name(tuning.measure, scenario, text)
    layout = layout_name(scenario, tuning.layout, text)
    with drawing():
        title = text("figure.tune.title", measure=measure, layout=layout)
        figure = sheet(title, 2.1 + 0.32 * max(len(rows), 1))
        axes = figure.subplots()
        unit = text(f"unit.{unit_key(tuning.unit)}")
        axes.set_xlabel(text("figure.levers.x", measure=measure, unit=unit))
        best = tuning.best.measured.mean
        edges = sorted(scale * (best + sign * tuning.zone) for sign in (0, _worse(tuning)))
        axes.axvspan(*edges, color=SHADE, zorder=0)
        for y, row in enumerate(rows):
            colour, marker = LOOKS[row.verdict]
            interval = shifted(row.candidate.behind, best)
            means, away = bars_of([interval], scale)
            axes.errorbar(means, [y], xerr=away, color=colour, elinewidth=1.2, capsize=3)
            face = "white" if row.is_today else colour
            axes.plot(means, [y], marker=marker, color=colour, markerfacecolor=face, markersize=6)
        names = [folded(_name(tuning, row, text), 40, 2) for row in rows]
        axes.set_yticks(range(len(rows)), names)
        axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        note = text(
            "figure.tune.footer",
            replications=tuning.replications - tuning.confirmed_on,
            seed=tuning.seed,
            hash=scenario.hash,
        )
        note += text("figure.footer_level", level=text.share(tuning.level, 0))
        levers = [hall_lever_name(lever.path, scenario, text) for lever in tuning.levers]
        note += "\n" + text("figure.tune.levers", levers=text("format.parts").join(levers))
        note += "\n" + text("figure.tune.note")
        if more := len(table) - len(rows):
            note += "\n" + text("figure.tune.more", n=more)
        return finish(figure, note, _handles(rows, text))


def _worse(tuning: Tuning) -> int:
    return -1 if tuning.better == "high" else 1


def _name(tuning: Tuning, row: CandidateOfTuning, text: Text) -> str:
    """The values of a candidate, in the order of the levers; today's by that name."""
    if row.is_today:
        return text("lever.as_today")
    values = zip(tuning.levers, row.candidate.values, strict=True)
    return text("format.joint").join(
        setting_words(lever, value, tuning.scenario, tuning.layout, text) for lever, value in values
    )


def _handles(rows: list[CandidateOfTuning], text: Text) -> list[Artist]:
    verdicts = {row.verdict for row in rows}
    said: list[Artist] = []
    for verdict, (colour, marker) in LOOKS.items():
        if verdict in verdicts:
            handle = Line2D([], [], color=colour, marker=marker, linewidth=0)
            handle.set_label(text(f"tune.verdict.{verdict}"))
            said.append(handle)
    today = Line2D([], [], color=INK, marker="o", markerfacecolor="white", linewidth=0)
    today.set_label(text("lever.as_today"))
    return [*said, today, Patch(facecolor=SHADE, label=text("figure.tune.zone"))]
