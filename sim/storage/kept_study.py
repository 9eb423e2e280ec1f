"""A kept study of any kind, opened by its folder or by the number of its job."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.errors import Problem, ResultError
from sim.questions.compare import compare
from sim.storage.answers import QUESTIONS
from sim.storage.extend_keep import EXTENSION
from sim.storage.job_folder import ID, RESULT
from sim.storage.jobs import default_home
from sim.storage.keep import MANIFEST
from sim.storage.life import remove_folder
from sim.storage.one_matter_keep import MATTER
from sim.storage.request import REQUEST, read_request
from sim.storage.shipped import shipped_job
from sim.storage.turning_keep import find_turning

OWN_FILES: Final = {MATTER: "matter", EXTENSION: "extend", MANIFEST: "compare"}
"""Files that tell the kind of an answer which is not plain data."""


STUDY: Final = "study"
"""Of the folder of an answer beside the files that are made of it."""


class KeptStudy(NamedTuple):
    """What was asked, and what was found.

    Attributes
    ----------
    kind : str
        Of the table of questions (`answers.py`).
    folder : Path
        Of the answer.
    answer : any
        As the table loads it; of `compare` the comparison, and what it hangs on where it is known.
    """

    kind: str
    folder: Path
    answer: Any


def open_study(name: str, home: Path | None = None) -> KeptStudy:
    """The study in a folder, or of a number that the app shows.

    Parameters
    ----------
    name
        A folder of a store, of a job, with an answer, or with its folder `study`; or the number of
        a job, or the name of an example that ships (`example-size`).
    home
        Where jobs are kept; default: as the app has it.

    Raises
    ------
    ResultError
        `no_study` when nothing is kept there, `unreadable_study` when it cannot be read.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.storage.keep import save_study
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> folder = Path(mkdtemp()) / "study"
    >>> _ = save_study(replicate(scenario, run=Run(replications=2, workers=1)), folder)
    >>> open_study(str(folder)).kind
    'compare'
    """
    runs = (default_home() if home is None else home) / "runs"
    folder = Path(name)
    if not folder.is_dir():
        folder = runs / name if ID.fullmatch(name) else shipped_job(name) or folder
    if (folder / REQUEST).is_file():
        request = read_request(folder)
        about = folder if not request.about else folder.parent / request.about
        if not (folder / RESULT).is_dir():
            raise ResultError(Problem("no_study", "STUDY", found=name))
        # what turns a verdict is told with the verdict
        kind = request.kind if not QUESTIONS[request.kind].about else "compare"
        return _opened(kind, about / RESULT)
    if not (kind := _kind_of(folder)):
        folder /= STUDY  # beside files that were made of it
        kind = _kind_of(folder)
    if not kind:
        raise ResultError(Problem("no_study", "STUDY", found=name))
    return _opened(kind, folder)


def keep_answer(answer: Any, folder: Path) -> Path | None:
    """Keep an answer in the folder `study` within another, in place of an earlier one there.

    Returns
    -------
    Path or None
        Where it is kept; None where answers of its kind are not kept.

    Raises
    ------
    OutputError
        When it cannot be written, or something else lies there.
    """
    kept_in = folder / STUDY
    question = next((kind for kind in QUESTIONS.values() if type(answer) is kind.gives), None)
    if question is None:
        return None
    if _kind_of(kept_in):
        remove_folder(kept_in)
    question.save(answer, kept_in)
    return kept_in


def _kind_of(folder: Path) -> str:
    """The kind of an answer by its file; empty where there is none."""
    files = {question.file: kind for kind, question in QUESTIONS.items() if question.file}
    named = (kind for file, kind in {**OWN_FILES, **files}.items() if (folder / file).is_file())
    return next(named, "")


def _opened(kind: str, folder: Path) -> KeptStudy:
    answer = QUESTIONS[kind].load(folder)
    if kind == "compare":
        answer = compare(answer)._replace(turning=find_turning(folder))
    return KeptStudy(kind, folder, answer)
