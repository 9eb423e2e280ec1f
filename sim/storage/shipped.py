"""Finished jobs that ship with the program: an example of a question each, which nobody asked.

They lie among the scenarios as jobs lie in the folder of runs, so that pages and the command line
open them by name like any other. Nothing is ever written there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from sim import data_dir, example_path
from sim.questions.question import Question
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario

EXAMPLES: Final = "example"
"""Their folder among the scenarios."""
PREFIX: Final = "example-"
"""What their names begin with; no name of a reader's job does."""

CITY: Final = "sanmenxia.yaml"
TOWNSHIPS: Final = "sanmenxia_townships.yaml"


class Example(NamedTuple):
    """An example that ships.

    Attributes
    ----------
    question : Question
        As its page asks it first.
    replications : int
        Crowds: enough for intervals, few enough to be made anew.
    file : str
        Of the scenario.
    overrides : tuple of str
        What the page adds to it.
    """

    question: Question[Scenario, Any]
    replications: int
    file: str = CITY
    overrides: tuple[str, ...] = ()

    def scenario(self) -> Scenario:
        """What it is asked of, as the file stands."""
        return load_scenario(example_path(self.file), self.overrides)


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
