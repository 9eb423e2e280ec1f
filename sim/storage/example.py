"""The worked examples that ship: `python -m sim.storage.example` makes them anew.

Each is the answer to a question as its page first asks it, of a scenario as its file stands, with
the seed of the file. Whoever opens a page for the first time sees a result at once, and never that
of somebody else. Kinds that are named (`… size matter`) are made alone.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sim import data_dir
from sim.questions.one_matter import OneMatter
from sim.runs.run import Run
from sim.storage.answers import QUESTIONS
from sim.storage.job_folder import RESULT
from sim.storage.keep import write_folder
from sim.storage.request import REQUEST, Request, request_text
from sim.storage.shipped import EXAMPLES, Example, example_name, shipped_job

FEW_CASES: Final = 5
"""Cases of a matter that the example tells."""


EXAMPLE_OF: Final[Mapping[str, Example]] = {
    kind: question.example for kind, question in QUESTIONS.items() if question.example is not None
}
"""By the kind of question."""


def example_folder(kind: str = "compare") -> Path:
    """Where the answer of an example is kept.

    Raises
    ------
    FileNotFoundError
        When no example of that kind ships.
    """
    folder = shipped_job(example_name(kind))
    if folder is None:
        raise FileNotFoundError(kind)
    return folder / RESULT


def example_answer(kind: str, *, run: Run | None = None) -> Any:
    """The answer that an example shows, found anew.

    Raises
    ------
    LawViolation
        When a run breaks a law of the hall.
    """
    example = EXAMPLE_OF[kind]
    return example.question.answer(
        example.scenario(), run=Run(replications=example.replications) if run is None else run
    )


def _with_few_cases(answer: OneMatter) -> OneMatter:
    """The same with the first cases of each matter alone: hundreds of stories take long to read."""
    ways = tuple(
        way._replace(stories={matter: cases[:FEW_CASES] for matter, cases in way.stories.items()})
        for way in answer.ways
    )
    return answer._replace(ways=ways)


def make_example(kind: str, folder: Path) -> None:
    """Make an example in a folder, in place of what is there."""
    example, answer = EXAMPLE_OF[kind], example_answer(kind)
    request = Request(example.question, example.replications, answer.seed)
    if isinstance(answer, OneMatter):
        answer = _with_few_cases(answer)
    shutil.rmtree(folder, ignore_errors=True)

    def add(making: Path) -> None:
        QUESTIONS[kind].save(answer, making / RESULT)
        for path in making.rglob("*.json"):  # nobody reads them, and they travel with each copy
            data = json.loads(path.read_text(encoding="utf-8"))
            words = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
            path.write_text(words, encoding="utf-8")

    write_folder(folder, {REQUEST: request_text(request).encode()}, more=add)


def main(kinds: Sequence[str]) -> None:
    """Make examples of these kinds of question; of all where none is named."""
    home = data_dir("scenarios") / EXAMPLES
    for kind in kinds or EXAMPLE_OF:
        make_example(kind, home / kind)


if __name__ == "__main__":
    main(sys.argv[1:])
