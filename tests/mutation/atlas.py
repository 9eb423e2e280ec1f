"""Which test reaches which line: measured once, remembered, and followed where lines moved."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.mutation import reach
from tests.mutation.changes import PACKAGES
from tests.mutation.child import in_child

LEFT_OUT: Final = tuple(
    f"tests/{name}/" for name in ("mutation", "notebooks", "speed", "text", "theory", "web")
)
"""Take long, or see no change of the packages that are changed."""
ANSWERS: Final = "tests/answers/"
"""Whole answers are kept there: they see most changes of what is said, wherever it is made."""
FIRST: Final = 4
"""Files whose tests are tried first."""


def test_files(root: Path) -> tuple[str, ...]:
    """Files of tests, and folders with examples in docstrings, each run in a process of its own."""
    tests = [path.relative_to(root).as_posix() for path in sorted(root.glob("tests/**/test_*.py"))]
    used = [path for path in tests if not path.startswith(LEFT_OUT)]
    examples = [f"sim/{package}" for package in PACKAGES]
    last = ("tests/engine/", "tests/laws/")
    return tuple(sorted([*used, *examples], key=lambda path: path.startswith(last)))


def digest(text: str) -> str:
    """Short name of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Atlas(NamedTuple):
    """For each file of tests, the lines that its tests reached when they were measured."""

    folder: Path

    def place(self, test_file: str) -> Path:
        """Where the measurement of a file of tests lies."""
        return self.folder / f"{test_file.replace('/', '.')}.json"

    def measure(self, root: Path, fresh: bool) -> None:
        """Measure the tests that changed or are new; if fresh, also those whose sources did."""
        (self.folder / "texts").mkdir(parents=True, exist_ok=True)
        files = test_files(root)
        for n, test_file in enumerate(files, 1):
            if self._stands(root, test_file, fresh):
                continue
            print(f"[{n}/{len(files)}] {test_file}", flush=True)
            self._measure(root, test_file)

    def _stands(self, root: Path, test_file: str, fresh: bool) -> bool:
        if not self.place(test_file).exists():
            return False
        texts: dict[str, str] = _read(self.place(test_file))["texts"]
        watched = texts if fresh else {key: texts[key] for key in texts if key == test_file}
        return all(
            (root / file).exists() and digest((root / file).read_text("utf-8")) == text
            for file, text in watched.items()
        )

    def _measure(self, root: Path, test_file: str) -> None:
        out = self.folder / "new.json"
        out.unlink(missing_ok=True)
        in_child(root, lambda: reach.measure(test_file, out), 1800, {})
        measured = json.loads(out.read_text("utf-8"))
        measured["texts"] = {}
        own = (test_file,) if test_file.endswith(".py") else ()
        for file in (*own, *measured["lines"]):
            text = (root / file).read_text("utf-8")
            measured["texts"][file] = digest(text)
            (self.folder / "texts" / digest(text)).write_text(text, encoding="utf-8")
        if measured["failed"]:
            print(f"  not used, as they fail already: {', '.join(measured['failed'])}", flush=True)
        self.place(test_file).write_text(json.dumps(measured), encoding="utf-8")

    def text(self, name: str) -> str:
        """A source as it was when a test was measured."""
        return (self.folder / "texts" / name).read_text("utf-8")


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@cache
def moved(old: str, new: str) -> Mapping[int, int]:
    """New line -> the line it was; a new line counts as the one above it."""
    matcher = difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    was: dict[int, int] = {}
    for _, start, end, at, till in matcher.get_opcodes():
        for n in range(at, till):
            was[n + 1] = 1 + max(0, min(start + n - at, end - 1))
    return was


class Seers(NamedTuple):
    """Tests that may see a change."""

    order: Mapping[str, float]
    """Test -> seconds it took, in the order in which they are tried."""
    by_file: Mapping[str, frozenset[str]]
    """File, or folder of examples -> all of its tests that were measured."""


def seers(atlas: Atlas, root: Path, path: str, line: int, most_seconds: float) -> Seers:
    """Tests that reach a line; of a line run on import, those whose file imports it.

    First those that are near: of the same package or about that module, or whole answers. With
    them go their neighbours in the same files: what a fixture keeps is reached by its first user
    only.

    Parameters
    ----------
    most_seconds
        The first tests up to this sum are kept.
    """
    new = (root / path).read_text("utf-8")
    rank: dict[str, tuple[int, float]] = {}
    by_file: dict[str, set[str]] = {}
    reached_at_all = False
    for test_file in test_files(root):
        if not atlas.place(test_file).exists():
            if test_file.endswith(".py") and names((root / test_file).read_text("utf-8"), path):
                by_file[test_file] = set()  # not measured: all of its tests
            continue
        measured = _read(atlas.place(test_file))
        lines = measured["lines"].get(path)
        if lines is None:
            continue
        old = moved(atlas.text(measured["texts"][path]), new).get(line, 0)
        reaching = set(lines.get(str(old), ()))
        if reaching == {""}:
            reaching = set(measured["seconds"])
        sound = set(measured["seconds"]) - set(measured["failed"])
        if not reaching & sound and not test_file.startswith(mirror(path)):
            continue
        by_file[test_file] = set(measured["seconds"])
        near = test_file.startswith((mirror(path), ANSWERS)) or (
            test_file.endswith(".py") and names((root / test_file).read_text("utf-8"), path)
        )
        reached = bool(reaching & sound)
        for test in sound:
            is_beside = test not in reaching
            rank[test] = (is_beside + 2 * (not near or not reached), measured["seconds"][test])
        reached_at_all |= reached
    if not reached_at_all:
        # run in processes of their own, or not at all: all tests that name the file
        for test_file in test_files(root):
            if test_file.endswith(".py") and names((root / test_file).read_text("utf-8"), path):
                by_file.setdefault(test_file, set())
    order: dict[str, float] = {}
    for test, (_, seconds) in sorted(rank.items(), key=lambda ranked: ranked[1]):
        if sum(order.values()) + seconds > most_seconds and order:
            break
        order[test] = seconds
    return Seers(order, {file: frozenset(tests) for file, tests in by_file.items()})


def rounds(all_seers: Seers, path: str) -> list[Seers]:
    """The tests in two rounds: a few files that see most, and the rest.

    To collect a hundred files takes longer than to run the tests that notice most changes.
    """

    def worth(file: str) -> tuple[bool, int]:
        chosen = all_seers.order.keys() & all_seers.by_file[file]
        near = file.startswith((mirror(path), path.rpartition("/")[0], ANSWERS))
        return near or not all_seers.by_file[file], len(chosen)

    files = sorted(all_seers.by_file, key=worth, reverse=True)
    parts = []
    for some in (files[:FIRST], files[FIRST:]):
        by_file = {file: all_seers.by_file[file] for file in some}
        tests = {test for file in some for test in by_file[file]}
        order = {test: seconds for test, seconds in all_seers.order.items() if test in tests}
        chosen = {
            file: tests for file, tests in by_file.items() if not tests or order.keys() & tests
        }
        if chosen:
            parts.append(Seers(order, chosen))
    return parts


def names(text: str, path: str) -> bool:
    """Whether a file of tests imports the module in a file."""
    package, module = Path(path).parent.name, Path(path).stem
    return f"from sim.{package}.{module} import" in text


def mirror(path: str) -> str:
    """Folder of the tests of a file's package."""
    return f"tests/{Path(path).parent.name}/"
