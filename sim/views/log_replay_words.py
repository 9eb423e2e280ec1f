"""What a replay of a log says: how near the model comes, and what stays unexplained."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from matplotlib.figure import Figure

from sim.learning.log_replay import LogReplay
from sim.text import Text
from sim.views.blocks import AnyBlock, HeadingBlock, PictureBlock, SentenceBlock
from sim.views.learn_staffing_words import group_words
from sim.views.observed_waits import observed_waits_figure
from sim.views.wait_tables import cells_table, errors_table, figures_table


def replay_blocks(replay: LogReplay, text: Text) -> Iterator[AnyBlock]:
    """All that a replay says, for any medium.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> from sim.learning.log_replay import replay_log
    >>> from sim.text import load_text
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> blocks = list(replay_blocks(replay_log(log), load_text("en")))
    >>> blocks[1].words
    '1,829 people from 3 March 2025 to 28 March 2025, each with the work that they were.'
    """
    yield HeadingBlock(text("log_replay.title"))
    yield SentenceBlock(
        text(
            "log_replay.people",
            n=text.number(len(replay.people), 0),
            first=text.date(replay.days[0]),
            last=text.date(replay.days[1]),
        )
    )
    if left_out := replay.n_tickets - len(replay.people):
        yield SentenceBlock(text("log_replay.left_out", n=text.number(left_out, 0)), "point")
    yield SentenceBlock(text(f"learn_staffing.how_{replay.staffing.how}"), "point")
    if replay.factor != 1:
        factor = text.number(replay.factor, 3)
        plain = text.number(replay.plain_mean, 1)
        yield SentenceBlock(text("log_replay.factor", factor=factor, mean=plain), "point")
    if replay.n_unserved:
        unserved = text.number(replay.n_unserved, 0)
        yield SentenceBlock(text("log_replay.unserved", n=unserved), "caution")
    share = replay.unexplained / replay.observed.mean if replay.observed.mean else 0.0
    yield SentenceBlock(
        text(
            "log_replay.unexplained",
            minutes=text.number(replay.unexplained, 1),
            mean=text.number(replay.observed.mean, 1),
            share=text.share(share, 0),
        ),
        "answer",
    )
    columns = [
        (text("waits_told.head.observed"), replay.observed),
        (text("waits_told.head.simulated"), replay.simulated),
    ]
    if replay.changed is not None:
        columns.append((text("waits_told.head.changed"), replay.changed.figures))
    yield figures_table(columns, text)
    if replay.changed is not None:
        yield SentenceBlock(_difference(replay, text), "answer")
    yield errors_table(replay.errors, text)
    changed = None if replay.changed is None else dict(replay.changed.by_hour)
    hours = {hour: f"{hour:02}:00–{hour + 1:02}:00" for hour in range(24)}
    yield cells_table(replay.cells, "hour", hours, text, changed)
    months = {cell.key: _month(cell.key) for cell in replay.cells if cell.by == "month"}
    if len(months) > 1:
        yield cells_table(replay.cells, "month", months, text)
    if len({cell.key for cell in replay.cells if cell.by == "group"}) > 1:
        names = {n: group_words(group, text) for n, group in enumerate(replay.people.groups)}
        yield cells_table(replay.cells, "group", names, text)
    yield PictureBlock("replay", text("log_replay.title"), partial(replay_figure, replay, text))
    yield SentenceBlock(text("log_replay.note"), "note")


def replay_figure(replay: LogReplay, text: Text) -> Figure:
    """Observed and simulated waits by day and by hour."""
    note = text(
        "log_replay.figure_note",
        n=text.number(len(replay.people), 0),
        hash=replay.scenario.hash,
        factor=text.number(replay.factor, 3),
    )
    title = text("log_replay.title")
    return observed_waits_figure(replay.cells, replay.people.first_date, title, note, text)


def _difference(replay: LogReplay, text: Text) -> str:
    assert replay.changed is not None
    gap = replay.changed.difference
    return text(
        "log_replay.changed",
        difference=text.interval(gap.mean, gap.low, gap.high, "min"),
        sooner=text.number(replay.changed.n_sooner, 0),
        later=text.number(replay.changed.n_later, 0),
    )


def _month(key: int) -> str:
    return f"{key // 100}-{key % 100:02}"
