"""What a reader writes on a study: its name and a note, kept in the folder of its job."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Final, NamedTuple

from sim.storage.codec import read_plain, to_plain
from sim.storage.keep import DAMAGE, write_file

CARD: Final = "card.json"
MOST_NAME: Final = 80
MOST_NOTE: Final = 2_000
"""Signs; what is longer is cut."""


class StudyCard(NamedTuple):
    """A name and a note; both may be empty."""

    name: str = ""
    note: str = ""


def read_card(folder: Path) -> StudyCard:
    """The card of a job; an empty one where there is none that can be read."""
    with contextlib.suppress(*DAMAGE):
        return read_plain(StudyCard, json.loads((folder / CARD).read_text(encoding="utf-8")))
    return StudyCard()


def write_card(folder: Path, card: StudyCard) -> None:
    """Write the card of a job, in place of the one before.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    name = " ".join(card.name.split())[:MOST_NAME]
    data = to_plain(StudyCard(name, card.note.strip()[:MOST_NOTE]))
    write_file(folder / CARD, json.dumps(data, ensure_ascii=False).encode())
