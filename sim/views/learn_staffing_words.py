"""Windows in use as a log tells them: by which rule, half hour by half hour, and how sure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.clock import format_clock
from sim.learning.desk_groups import DeskGroup
from sim.learning.staffing import StaffingFit
from sim.learning.staffing_profile import usual_clerks
from sim.text import Text
from sim.text.foreign import visible
from sim.views.blocks import AnyBlock, HeadingBlock, SentenceBlock, TableBlock

MOST_GROUPS: Final = 12
"""Of which the tables are shown; JSON has all."""
LONGEST: Final = 80
HEADS: Final = ("slot", "usual", "range", "exact", "days")


def staffing_blocks(fit: StaffingFit, text: Text) -> Iterator[AnyBlock]:
    """How many windows were in use, a table for each group.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> from sim.text import load_text
    >>> fit = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").staffing
    >>> assert fit is not None
    >>> list(staffing_blocks(fit, load_text("en")))[3].title
    'Clerks: 登记, 证明'
    """
    yield HeadingBlock(text("learn_staffing.title"))
    yield SentenceBlock(text(f"learn_staffing.how_{fit.how}"))
    share = text.share(float(fit.is_exact.mean()), 0)
    n = text.number(len(fit.clerks), 0)
    yield SentenceBlock(text("learn_staffing.exact", share=share, n=n), "answer")
    for seen in fit.breaks:
        yield SentenceBlock(
            text(
                "learn_staffing.break",
                group=group_words(fit.groups[seen.group], text),
                hours=f"{format_clock(seen.begin)}–{format_clock(seen.end)}",
                share=text.share(seen.share, 0),
            ),
            "point",
        )
    usual = list(usual_clerks(fit))
    for number, group in enumerate(fit.groups[:MOST_GROUPS]):
        yield TableBlock(
            text("learn_staffing.group", group=group_words(group, text)),
            tuple(text(f"learn_staffing.head.{head}") for head in HEADS),
            tuple(
                (
                    f"{format_clock(row.begin)}–{format_clock(row.begin + fit.slot)}",
                    text.number(row.median, 1),
                    f"{text.number(row.low, 0)}–{text.number(row.high, 0)}",
                    text.share(row.exact_share, 0),
                    str(row.n),
                )
                for row in usual
                if row.group == number
            ),
        )
    if len(fit.groups) > MOST_GROUPS:
        more = len(fit.groups) - MOST_GROUPS
        yield SentenceBlock(text("learn_staffing.more", n=text.number(more, 0)), "note")
    yield SentenceBlock(text("learn_staffing.note"), "note")


def group_words(group: DeskGroup, text: Text) -> str:
    """The lists that a group serves, else its windows; in a hall of one group all windows."""
    names = visible(text("format.list").join(group.lists or group.windows))
    if not names:
        return text("learn_staffing.all_windows")
    return names if len(names) <= LONGEST else f"{names[: LONGEST - 1]}…"
