"""Draw changes, try each, list what no test saw. Status 1 when too few were caught."""

from __future__ import annotations

import argparse
import compileall
import difflib
import json
import os
import py_compile
import shutil
import sys
import time
import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.mutation import reach
from tests.mutation.atlas import Atlas, Seers, rounds, seers
from tests.mutation.changes import ROOT, Change, changes, draw, sources
from tests.mutation.child import in_child, load_libraries

SHARE: Final = 0.92
"""Of the changes drawn, so many must be caught; those known to change nothing count as missed."""
ROOM: Final = 40
"""Characters by which a change may lengthen a file."""
SURVIVORS: Final = Path(__file__).with_name("survivors.toml")


def copy(root: Path, to: Path) -> None:
    """Copy what the tests need into a folder of its own, compiled kernels with their times.

    Kernels are compiled anew when a file of the plan has another size or time. What they hold of it
    are its constants, so that most changes need not wait for that: a comment at the end of each
    file is shortened by as much as the change is longer.
    """
    names = ("__pycache__", ".git", ".venv", ".*_cache")
    shutil.copytree(root, to, ignore=shutil.ignore_patterns(*names), symlinks=True)
    for results in ("runs", "out"):  # of the folder itself; `sim.runs` is a package
        shutil.rmtree(to / results, ignore_errors=True)
    for file in sources(to):
        with (to / file).open("a", encoding="utf-8") as text:
            text.write(f"# {'.' * ROOM}\n")
    # a changed file has size and time of the other: bytecode is looked up by what it was made of
    by_content = py_compile.PycInvalidationMode.CHECKED_HASH
    for folder in ("sim", "tests"):
        compileall.compile_dir(to / folder, quiet=2, invalidation_mode=by_content)


@contextmanager
def changed(file: Path, text: str) -> Iterator[None]:
    """Put another text of the same size into a file for a while; to all who look it is the same."""
    before, times = file.read_bytes(), file.stat()
    surplus = len(text.encode()) - len(before)
    assert surplus < ROOM
    text = text[: -1 - surplus] + "\n" if surplus > 0 else text[:-1] + "." * -surplus + "\n"
    try:
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        yield
    finally:
        file.write_bytes(before)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def is_compiled(change: Change, source: str) -> bool:
    """Whether compiled kernels hold what is changed: constants of the plan."""
    text = source.splitlines()[change.line - 1]
    return change.path.startswith("sim/plan/") and not text.startswith(" ")


def module_of(path: str) -> str:
    """Name of the module in a file."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def try_part(module: str, part: Seers, unsound: Collection[str]) -> int:
    """Status of some tests, in their order."""
    by_tests = frozenset(test for tests in part.by_file.values() for test in tests) | {*unsound}
    order = {test: n for n, test in enumerate(part.order) if test not in unsound}
    return reach.attempt(module, tuple(part.by_file), order, by_tests)


class Trials:
    """Tries changes in a copy, with tests that pass there without any."""

    def __init__(self, root: Path, atlas: Atlas, most_seconds: float) -> None:
        self.root, self.atlas, self.most_seconds = root, atlas, most_seconds
        self.sound: dict[str, bool] = {}
        """Test that failed once -> whether it passes without the change."""

    def attempt(self, change: Change) -> dict[str, Any] | None:
        """Try a change; None when the changed file cannot even be imported."""
        source = (self.root / change.path).read_text(encoding="utf-8")
        text = change.apply(source)
        tests_that_see = seers(self.atlas, self.root, change.path, change.line, self.most_seconds)
        start = time.perf_counter()
        while True:
            status = self._status(change, source, text, tests_that_see)
            test = self._failed() if status == 1 else ""
            if not test or test in self.sound or self._is_sound(test):
                break
        if status == reach.BROKEN:
            return None
        # 1: a test failed, 2: one could not even be collected; 5: there was no test to run
        if status not in {None, 0, 1, 2, 5}:
            out = (self.root / "out.txt").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{change}: {out}")
        diff = difflib.unified_diff(source.splitlines(), text.splitlines(), n=0, lineterm="")
        return {
            **change._asdict(),
            "diff": [line for line in diff if line[0] in "+-" and line[:3] not in {"+++", "---"}],
            "tests": len(tests_that_see.order),
            "seconds": round(time.perf_counter() - start, 1),
            "caught": status in {None, 1, 2},
            "by": "time" if status is None else test,
        }

    def _status(self, change: Change, source: str, text: str, tests_that_see: Seers) -> int | None:
        compiled = is_compiled(change, source)
        unsound = {test for test, sound in self.sound.items() if not sound}
        with changed(self.root / change.path, text), TemporaryDirectory() as cache:
            for part in rounds(tests_that_see, change.path):
                part_status = in_child(
                    self.root,
                    partial(try_part, module_of(change.path), part, unsound),
                    int(60 + 4 * sum(part.order.values()) + 300 * compiled),
                    {"NUMBA_CACHE_DIR": cache} if compiled else {},
                )
                if part_status not in {0, 5}:
                    return part_status
        return 0

    def _failed(self) -> str:
        """The test that failed last."""
        lines = (self.root / "out.txt").read_text(encoding="utf-8", errors="replace").splitlines()
        seen = [
            line.partition(" - ")[0] for line in lines if line.startswith(("FAILED ", "ERROR "))
        ]
        return seen[0].partition(" ")[2] if seen else ""

    def _is_sound(self, test: str) -> bool:
        if test not in self.sound:
            status = in_child(self.root, lambda: reach.run_alone(test), 600, {})
            self.sound[test] = status == 0
            if status != 0:
                print(f"left out, as it fails without a change: {test}", flush=True)
        return self.sound[test]


def in_words(result: dict[str, Any]) -> str:
    """One change in words."""
    return "\n".join(
        [f"{result['path']}:{result['line']}", *(f"  {line}" for line in result["diff"])]
    )


def explained() -> dict[tuple[str, str, str], str]:
    """Changes that change nothing: file, line before, line after -> why."""
    rows = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["survivor"]
    return {(row["path"], row["before"], row["after"]): row["why"] for row in rows}


def why(result: dict[str, Any]) -> str:
    """Why a change that no test saw changes nothing; empty when nobody looked."""
    before, after = (
        "\n".join(line[1:].strip() for line in result["diff"] if line[0] == sign) for sign in "-+"
    )
    return explained().get((result["path"], before, after), "")


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--draw", type=int, default=300, help="changes to try (300)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw (1)")
    parser.add_argument("--within", action="append", default=[], help="a folder or file; all")
    parser.add_argument("--kept", type=Path, default=ROOT / "out" / "mutation", help="work folder")
    parser.add_argument("--most", type=float, default=90, help="seconds of tests a change (90)")
    parser.add_argument(
        "--measure",
        choices=("all", "new", "none"),
        default="all",
        help="which tests reach which lines: again where a source changed; only for tests that are "
        "new or changed, lines that moved are followed; as it was measured last",
    )
    parser.add_argument(
        "--again", type=Path, nargs="+", help="logs: only those changes that survived in them"
    )
    parser.add_argument(
        "--part", default="1/1", help="2/3: of each three changes drawn, the second (1/1)"
    )
    parser.add_argument(
        "--after", type=Path, nargs="+", default=(), help="logs of an earlier part of the same draw"
    )
    options = parser.parse_args()
    load_libraries()
    atlas = Atlas(options.kept / "atlas")
    with TemporaryDirectory(prefix="mutation_") as folder:
        root = Path(folder) / "copy"
        copy(ROOT, root)
        # compiled once: no change waits for it, and none is taken for one that never ends
        in_child(root, compile_kernels, 3_000, {})
        if options.measure != "none":
            atlas.measure(root, fresh=options.measure == "all")
        return summary(attempts(root, atlas, options))


def compile_kernels() -> int:
    """Compile what the fast engine is made of, where it is not kept yet."""
    from sim import compile_plan, example_path, load_scenario
    from sim.engine.run import prepare

    prepare(compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall"), "fast")
    return 0


def requested_changes(root: Path, options: argparse.Namespace) -> Iterator[Change]:
    """Changes to try: drawn, or those that survived before."""
    if options.again:
        for log in options.again:
            for result in results_in(log):
                if not result["caught"]:
                    yield from same_change(root, result)
        return
    part, parts = map(int, options.part.split("/"))
    tried = {key_of(result) for log in options.after for result in results_in(log)}
    for n, change in enumerate(draw(root, options.seed, options.within)):
        if n % parts == part - 1 and key_of(change._asdict()) not in tried:
            yield change


def key_of(change: Mapping[str, Any]) -> tuple[Any, ...]:
    """What tells one change from all others of the same sources."""
    return tuple(change[name] for name in Change._fields)


def results_in(log: Path) -> list[dict[str, Any]]:
    """What came of the changes in a log."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def same_change(root: Path, result: dict[str, Any]) -> Iterator[Change]:
    """The change that was tried before, wherever its line is now; none where it is gone."""
    text = (root / result["path"]).read_text(encoding="utf-8")
    before = text.splitlines()
    for change in changes(result["path"], text):
        is_same = (change.operator, change.column) == (result["operator"], result["column"])
        if is_same and f"-{before[change.line - 1]}" in result["diff"]:
            after = change.apply(text).splitlines()
            if f"+{after[change.line - 1]}" in result["diff"]:
                yield change
                return
    print(f"gone: {in_words(result)}")


def attempts(root: Path, atlas: Atlas, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Try changes until as many as asked were tried, and keep what came of each."""
    results = [result for log in options.after for result in results_in(log)]
    name = "again" if options.again else f"seed_{options.seed}_{options.part.replace('/', '_of_')}"
    log = options.kept / f"{name}_{time.time():.0f}.jsonl"
    trials = Trials(root, atlas, options.most)
    for change in requested_changes(root, options):
        if len(results) == options.draw:
            break
        result = trials.attempt(change)
        if result is None:
            continue
        results.append(result)
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
        caught = sum(tried_change["caught"] for tried_change in results)
        word = "caught" if result["caught"] else "SURVIVED"
        print(
            f"{caught}/{len(results)} {word} {result['seconds']} s {in_words(result)}", flush=True
        )
        print(f"  {result['by']}", flush=True)
    return results


def summary(results: list[dict[str, Any]]) -> int:
    """Print the share that was caught and what survived, and why."""
    survivors = [result for result in results if not result["caught"]]
    for result in survivors:
        print(f"\n{in_words(result)}\n  {why(result) or 'NOBODY HAS LOOKED AT THIS'}")
    share = 1 - len(survivors) / max(1, len(results))
    unexplained = sum(not why(result) for result in survivors)
    print(
        f"\n{len(results)} changes: {len(results) - len(survivors)} caught ({share:.1%}); "
        f"{len(survivors) - unexplained} change nothing, {unexplained} not looked at"
    )
    return int(share < SHARE or unexplained > 0)


if __name__ == "__main__":
    sys.exit(main())
