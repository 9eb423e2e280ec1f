"""Finished jobs that ship with the program: an example of a question each, which nobody asked.

They lie among the scenarios as jobs lie in the folder of runs, so that pages and the command line
open them by name like any other. Nothing is ever written there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim import data_dir

EXAMPLES: Final = "example"
"""Their folder among the scenarios."""
PREFIX: Final = "example-"
"""What their names begin with; no name of a reader's job does."""


def example_name(kind: str) -> str:
    """The name of the example of a kind of question, as a job's.

    Examples
    --------
    >>> example_name("size")
    'example-size'
    """
    return f"{PREFIX}{kind}"


def is_example(name: str) -> bool:
    """Whether a job of that name is an example that ships.

    Examples
    --------
    >>> is_example("example-compare"), is_example("20260101-120000-0123456789abcdef")
    (True, False)
    """
    return shipped_job(name) is not None


def shipped_job(name: str) -> Path | None:
    """The folder of an example by its name; None where there is none.

    Examples
    --------
    >>> shipped_job("example-compare").name
    'compare'
    >>> shipped_job("example-../exact") is None
    True
    """
    kind = name.removeprefix(PREFIX)
    if kind == name or not kind.isidentifier():
        return None
    folder = data_dir("scenarios") / EXAMPLES / kind
    return folder if folder.is_dir() else None
