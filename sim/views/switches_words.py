"""What is said of service modes: the best of all combinations, and a table of them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.analysis.judge import judge, way_of
from sim.questions.switches import SHOWN, SwitchedHall, SwitchStep
from sim.text import Text
from sim.views.blocks import (
    AnyBlock,
    AnyCell,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    say_each,
)
from sim.views.context import changes_sentence
from sim.views.judged import explain_marks, judged_cell
from sim.views.scenario_names import layout_name, measure_name
from sim.views.siting_words import run_sentence
from sim.views.switches import step_name, switches_figure
from sim.views.values import (
    digits_of,
    gap_words,
    number_of,
    unit_key,
    unit_of_difference,
)
from sim.views.verdict import pair_word


def switches_blocks(hall: SwitchedHall, text: Text) -> list[AnyBlock]:
    """The shortest wait that is surely shorter, what each combination comes to, how to read it."""
    return [
        SentenceBlock(best_sentence(hall, text), "answer"),
        *_picture(hall, text),
        difference_table(hall, text),
        value_table(hall, text),
        *say_each(cautions(hall, text), "note"),
    ]


def terminal_blocks(hall: SwitchedHall, path: str, text: Text) -> list[AnyBlock]:
    """The same with what differs from the file, and enough to run it again."""
    closing = filter(None, [changes_sentence(hall.scenario, text), run_sentence(hall, path, text)])
    return [*switches_blocks(hall, text), *say_each(closing, "plain")]


def _picture(hall: SwitchedHall, text: Text) -> Iterator[PictureBlock]:
    """All combinations below each other, once there is one."""
    if len(hall.steps) < 2:
        return
    title = text("figure.switches.title", layout=layout_name(hall.scenario, hall.layout, text))
    yield PictureBlock("switches", title, lambda: switches_figure(hall, text))


def best_sentence(hall: SwitchedHall, text: Text) -> str:
    """Of the combinations that surely shorten the wait, the one that does so most."""
    waits = [
        (difference.interval.mean, step, difference)
        for step in hall.steps
        if (difference := step.difference("wait")) is not None
        and way_of(judge(difference)) == "better"
    ]
    layout = layout_name(hall.scenario, hall.layout, text)
    if not waits:
        return text("switch.words.none_better", layout=layout)
    _, step, difference = min(waits, key=lambda row: row[0])
    gap = {"names": step_name(step, text), "gap": gap_words(difference, text)}
    return text("switch.words.best", layout=layout, **gap, word=pair_word(difference, text))


def value_table(hall: SwitchedHall, text: Text) -> TableBlock:
    """A row a combination, a column a measure."""
    measures = _measures(hall)
    rows = [
        (
            step_name(step, text),
            *(
                text("format.missing")
                if (estimate := step.estimate(measure)) is None
                else number_of(estimate, text, _digits(hall, measure))
                for measure in measures
            ),
        )
        for step in hall.steps
    ]
    heads = (text("switch.words.modes"), *(_head(hall, each, text) for each in measures))
    return TableBlock(text("switch.words.values"), heads, tuple(rows), names=1)


def difference_table(hall: SwitchedHall, text: Text) -> TableBlock:
    """A row a combination, a column a measure: how far it is from the hall as it is."""
    measures = _measures(hall)
    rows: list[tuple[AnyCell, ...]] = [
        (step_name(step, text), *(_cell(hall, step, measure, text) for measure in measures))
        for step in hall.steps[1:]
    ]
    heads = (
        text("switch.words.modes"),
        *(_head(hall, each, text, is_difference=True) for each in measures),
    )
    level, comparisons = text.share(hall.level, 0), len(hall.steps) - 1
    return TableBlock(
        text("switch.words.differences"),
        heads,
        tuple(rows),
        text("switch.words.note", level=level, comparisons=comparisons),
        names=1,
        marks=explain_marks((each for step in hall.steps for each in step.differences), text),
    )


def _cell(hall: SwitchedHall, step: SwitchStep, measure: str, text: Text) -> AnyCell:
    gaps = [gap for each in hall.steps if (gap := each.difference(measure)) is not None]
    return judged_cell(step.difference(measure), digits_of(gaps), text)


def _measures(hall: SwitchedHall) -> list[str]:
    return [
        measure
        for measure in SHOWN
        if any(step.estimate(measure) is not None for step in hall.steps)
    ]


def _digits(hall: SwitchedHall, measure: str) -> int:
    return digits_of([each for step in hall.steps if (each := step.estimate(measure)) is not None])


def _head(hall: SwitchedHall, measure: str, text: Text, *, is_difference: bool = False) -> str:
    unit = next(each.unit for step in hall.steps if (each := step.estimate(measure)) is not None)
    if unit == "wd":  # the name says it
        return measure_name(measure, hall.scenario, text)
    words = unit_of_difference(unit, text) if is_difference else text(f"unit.{unit_key(unit)}")
    name = measure_name(measure, hall.scenario, text)
    return text("stations.measured", measure=name, unit=words)


def cautions(hall: SwitchedHall, text: Text) -> list[str]:
    """What luck does not cancel, and how many replications there were."""
    words = [text("switch.words.run", replications=hall.replications, seed=hall.seed)]
    others = [
        step_name(step, text) for step in hall.steps if step.switches and not step.same_people
    ]
    if others:
        words.append(text("switch.words.other_people"))
    if hall.replications < hall.asked:
        words.append(text("switch.words.cut", done=hall.replications, asked=hall.asked))
    return words
