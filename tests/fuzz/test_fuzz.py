"""Any file, however changed: problems in words, or a run of both engines that keeps all laws.

A file that fails is made again, and shown, by its number: `python -m tests.fuzz 93`.
"""

from pathlib import Path

import pytest

from tests.fuzz.judge import judge
from tests.fuzz.mutate import made

QUICK = 150
MANY = 20_000


@pytest.mark.timeout(600)
def test_files_changed_at_random(tmp_path: Path) -> None:
    came = [judge(made(number), tmp_path).came for number in range(1, QUICK + 1)]
    # of files that are all refused, or all sound, nothing is learnt
    assert came.count("served") > QUICK // 10
    assert came.count("refused") > QUICK // 10


@pytest.mark.slow
@pytest.mark.timeout(36_000)
def test_many_files_changed_at_random(tmp_path: Path) -> None:
    for number in range(QUICK + 1, MANY + 1):
        try:
            judge(made(number), tmp_path)
        except BaseException as error:
            error.add_note(f"python -m tests.fuzz {number}")
            raise
