"""What came of the mechanisms of a hall: a sentence for each that is at work in a layout."""

from __future__ import annotations

from typing import Final

from sim.questions.compare import Comparison
from sim.text import Text
from sim.views.blocks import AnyBlock, HeadingBlock, say_each
from sim.views.scenario_names import layout_name, measure_name
from sim.views.values import likely_words, written
from sim.views.verdict import measured

OF_MECHANISMS: Final = (
    *("break_share", "refused_share", "held_over_share", "same_day_share"),
    *("one_window_share", "transfer_share", "transfer_wait"),
    *("people", "peak_waiting", "balk_share", "give_up_share"),
    *("walk_hours", "changeover_hours", "wrap_up_hours", "down_hours", "absent_hours"),
    "backlog_time",
)
"""Measures that tell of a mechanism, in the order of their sentences."""
ALSO_WITHOUT: Final = ("balk_share", "give_up_share")
"""Measures that every hall has; they are told where they are above 0."""


def mechanism_blocks(
    comparison: Comparison, text: Text, *, is_simple: bool = False
) -> list[AnyBlock]:
    """A heading and the sentences; nothing where no mechanism is at work.

    A mechanism that acts on nobody in the run is told too, as its measure is 0.

    Parameters
    ----------
    is_simple
        Whether intervals are told in words, for who reads no brackets.
    """
    tell, sentences = likely_words if is_simple else written, []
    for measure in OF_MECHANISMS:
        estimates = measured(comparison, measure)
        is_told = estimates and (
            measure not in ALSO_WITHOUT
            or any(estimate.interval.mean > 0 for estimate in estimates.values())
        )
        if not is_told:
            continue
        scenario = comparison.study.scenario
        layouts = [
            text(
                "mechanism_words.layout",
                layout=layout_name(scenario, layout, text),
                value=tell(estimates[layout], text),
            )
            for layout in comparison.study.layouts
            if layout in estimates
        ]
        name = measure_name(measure, scenario, text)
        listed = text("format.parts" if is_simple else "format.list").join(layouts)
        sentences.append(text("mechanism_words.sentence", measure=name, layouts=listed))
    if not sentences:
        return []
    heading = HeadingBlock(text("mechanism_words.title"), is_within=True)
    return [heading, *say_each(sentences, "point")]
