"""Does the program still answer as an older version did? Status 1 when it does not.

Every scenario that shipped with the older version is read by both; every command that both have is
invoked on it, with few days and replications. Outputs are compared as JSON and CSV, each number to
the last bit. What was changed on purpose is in `deliberate.toml`.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.answers.test_answers import write_halls
from tests.regression.comparison import SHIPPED, Comparison
from tests.regression.deliberate import TABLE, read_table
from tests.regression.versions import Version, checkout, committed_at, working_copy

SMALL: Final = "small"
"""Folder of the small halls on which `tests/answers` keeps whole answers; they do not ship."""


def main() -> int:
    """Read the arguments, compare, and sum up."""
    parser = argparse.ArgumentParser(prog="python -m tests.regression", description=__doc__)
    parser.add_argument("ref", metavar="REF", help="the older version: a commit or a tag")
    parser.add_argument(
        "--only",
        metavar="INVOCATION[/SCENARIO]",
        action="append",
        default=[],
        help="what to compare, such as run, run/exact/* or */sanmenxia; all",
    )
    parser.add_argument(
        "--most", type=int, default=5, help="differences to tell of each such pair (5)"
    )
    options = parser.parse_args()
    only = [pattern if "/" in pattern else f"{pattern}/**" for pattern in options.only]
    deliberate = read_table(TABLE.read_text(encoding="utf-8"), committed_at(options.ref))
    with ExitStack() as stack:
        roots = (stack.enter_context(checkout(options.ref)), stack.enter_context(working_copy()))
        scenarios = roots[0] / "scenarios"
        versions = []
        for root in roots:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="regression_")))
            (folder / "scenarios").symlink_to(scenarios)
            (folder / SHIPPED).symlink_to(roots[1] / "scenarios")
            (folder / SMALL).mkdir()
            write_halls(folder / SMALL)
            versions.append(stack.enter_context(Version(root, folder)))
        before, now = versions
        comparison = Comparison(before, now, deliberate, only, options.most)
        files = [f"{SMALL}/{path.name}" for path in (before.folder / SMALL).iterdir()]
        unread = [file for file in files if before.invoke("check", file).status != 0]
        for file in unread:
            print(f"left out: {file}, which the older version does not read")
        files += (f"scenarios/{path.relative_to(scenarios)}" for path in scenarios.rglob("*.yaml"))
        comparison.run(sorted(set(files) - set(unread)))
    print()
    for reason, number in comparison.explained.most_common():
        print(f"{number:6} deliberate: {reason}")
    for fault in comparison.faults:
        print(f"fault: {fault}")
    print(f"{len(comparison.faults)} faults; {sum(comparison.answered.values())} answers compared")
    return int(bool(comparison.faults))


if __name__ == "__main__":
    sys.exit(main())
