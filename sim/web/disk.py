"""How much of the disk readers' results take, said before there is no room left."""

from __future__ import annotations

import math
from typing import Final

import streamlit as st

from sim.storage.jobs import DiskUse
from sim.storage.life import GB
from sim.storage.limits import FREE_GB
from sim.text import Text
from sim.web.session import jobs

NEARLY_FULL: Final = 0.8
"""Share of what may be used."""
SCARCE: Final = 2.0
"""Times the room that must be free."""


def tell_disk(text: Text) -> None:
    """Beside results: what they take; as a warning where there is little room left."""
    use = jobs().use()
    words, is_short = disk_words(use, jobs().life.gigabytes, FREE_GB.read_or_default(), text)
    (st.warning if is_short else st.caption)(words)


def disk_words(use: DiskUse, most_gb: float, free_gb: float, text: Text) -> tuple[str, bool]:
    """What is said of a use of the disk, and whether there is little room left.

    Parameters
    ----------
    most_gb
        Of all results together, in gigabytes; infinite = without limit.
    free_gb
        Below which no simulation is taken on.

    Examples
    --------
    >>> from sim.text import load_text
    >>> disk_words(DiskUse(4 * GB, 100 * GB), 5.0, 1.0, load_text("en"))[1]
    True
    """
    sentences, is_short = [], False
    used = text.number(use.studies / GB, 1)
    if math.isfinite(most_gb):
        sentences.append(text("app.disk.used", used=used, most=text.number(most_gb, 1)))
        if use.studies >= NEARLY_FULL * most_gb * GB:
            sentences.append(text("app.disk.oldest_go"))
            is_short = True
    else:
        sentences.append(text("app.disk.used_unbounded", used=used))
    if use.free < SCARCE * free_gb * GB:
        free, least = text.number(use.free / GB, 1), text.number(free_gb, 1)
        sentences.append(text("app.disk.scarce", free=free, least=least))
        is_short = True
    return "\n\n".join(sentences), is_short
