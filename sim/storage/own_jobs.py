"""What readers do with finished jobs of theirs: copy them, take them away, write on them."""

from __future__ import annotations

import shutil
from pathlib import Path

from sim.errors import OutputError, Problem, ResultError
from sim.storage.job_folder import LOG, PROGRESS, RESULT, new_name
from sim.storage.jobs import Jobs
from sim.storage.keep import SCENARIO, write_folder
from sim.storage.life import remove_folder
from sim.storage.request import REQUEST, read_request, request_text
from sim.storage.study_card import CARD, StudyCard, write_card


def copy_job(jobs: Jobs, name: str, reader: str) -> str:
    """Copy a finished job, whosever it is; the copy is the reader's own. Its name.

    Raises
    ------
    ResultError
        When there is no such finished job, or it cannot be read.
    OutputError
        When the copy cannot be written.
    """
    folder = jobs.folder(name)
    if folder is None or not jobs.result(name).is_dir():
        raise ResultError(Problem("unknown_study", found=name[:40]))
    request = request_text(read_request(folder)._replace(reader=reader))
    copied = new_name()

    def add(making: Path) -> None:
        for part in (SCENARIO, PROGRESS, LOG, CARD):
            if (folder / part).is_file():
                shutil.copy2(folder / part, making / part)
        shutil.copytree(folder / RESULT, making / RESULT)

    write_folder(jobs.runs / copied, {REQUEST: request.encode()}, more=add)
    return copied


def delete_job(jobs: Jobs, name: str, reader: str) -> None:
    """Take away a reader's own job that has ended; of others nothing is taken.

    Raises
    ------
    OutputError
        When it cannot be removed.
    """
    job = jobs.job(name)
    if job is None or job.live or name not in jobs.newest(reader):
        return
    try:
        remove_folder(jobs.runs / name)
    except OSError:
        raise OutputError(Problem("unwritable_output", found=name)) from None


def write_on_job(jobs: Jobs, name: str, reader: str, card: StudyCard) -> None:
    """Give a reader's own job a name and a note; on others nothing is written.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    if name not in jobs.newest(reader):
        return
    try:
        write_card(jobs.runs / name, card)
    except OSError:
        raise OutputError(Problem("unwritable_output", found=name)) from None
