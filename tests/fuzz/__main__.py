"""`python -m tests.fuzz N` makes file number N again, shows it and what comes of it.

`python -m tests.fuzz FIRST LAST` tries all numbers from FIRST to LAST, and tells those that fail.
"""

from __future__ import annotations

import faulthandler
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from time import perf_counter

from tests.fuzz.judge import LONGEST, Hang, compiled, judge
from tests.fuzz.mutate import made


def show_file(number: int) -> None:
    """Show a file and what comes of it."""
    file = made(number)
    sys.stdout.buffer.write(file.content)
    print(f"\n# from {file.base}: {', '.join(file.done)}; over it: {list(file.overrides)}")
    with tempfile.TemporaryDirectory() as folder:
        print(judge(file, Path(folder)))


def many(first: int, last: int) -> int:
    """Try many files; how many fail."""
    came, codes, slow, failed = Counter[str](), Counter[str](), list[tuple[float, int]](), 0
    compiled()
    began = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, last + 1):
            # where compiled code never comes back, no signal is heard: say where, and end
            faulthandler.dump_traceback_later(5 * LONGEST, exit=True)
            start = perf_counter()
            try:
                verdict = judge(made(number), Path(folder))
                came[verdict.came] += 1
                codes.update(verdict.codes)
            except (Exception, Hang) as error:
                failed += 1
                lines = traceback.format_exception(error)
                last_line = " ".join(lines[-1].split())[:300]
                print(f"{number}: {last_line}\n{''.join(lines[-4:-1])}", flush=True)
            slow.append((perf_counter() - start, number))
            if number % 500 == 0:
                print(f"# {number}: {dict(came)}, {failed} failed", flush=True)
    faulthandler.cancel_dump_traceback_later()
    print(f"# {dict(came)}, {failed} failed, {perf_counter() - began:.0f} s")
    print(f"# slowest: {[(number, round(took, 1)) for took, number in sorted(slow)[-8:]]}")
    print(f"# told: {codes.most_common()}")
    return failed


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    if len(numbers) == 1:
        show_file(*numbers)
    else:
        raise SystemExit(many(*numbers) > 0)
