"""What is drawn, tried and put back."""

from __future__ import annotations

import ast
from itertools import islice
from pathlib import Path

import pytest

from tests.mutation.__main__ import ROOM, changed, copy, explained
from tests.mutation.atlas import moved
from tests.mutation.changes import PACKAGES, ROOT, changes, draw, meaning

SOURCE = '''"""A module."""

LIMIT = 3


def below(value: int | None, most: int = LIMIT) -> bool:
    """Whether it is below 4 of 5."""
    return value is not None and -value < most + 1
'''


def test_each_change_is_a_comparison_an_operator_or_a_constant() -> None:
    texts = {change.apply(SOURCE) for change in changes("a.py", SOURCE)}
    differing = {
        " ".join(line.split()) for text in texts for line in text.splitlines() if line not in SOURCE
    }
    body = "return value is not None and -value < most + 1"
    assert differing == {
        "LIMIT = 4",
        "LIMIT = 2",
        "def below(value: int & None, most: int = LIMIT) -> bool:",
        body.replace("is not None", "is None"),
        body.replace("and", "or"),
        body.replace("-value", "value"),
        body.replace("<", "<="),
        body.replace("<", ">="),
        body.replace("+ 1", "- 1"),
        body.replace("+ 1", "+ 2"),
        body.replace("+ 1", "+ 0"),
    }


def test_annotations_and_lengths_said_twice_change_nothing() -> None:
    assert meaning("def f(a: int | None) -> int: ...") == meaning("def f(a: int & None): ...")
    assert meaning("zip(a, b, strict=True)") == meaning("zip(a, b, strict=False)")
    assert meaning("f(a, flag=True)") != meaning("f(a, flag=False)")


def test_a_seed_draws_the_same_changes_each_at_its_own_place() -> None:
    first = list(islice(draw(ROOT, 5), 40))
    assert list(islice(draw(ROOT, 5), 40)) == first
    assert list(islice(draw(ROOT, 6), 40)) != first
    assert len({(change.path, change.line, change.column) for change in first}) == 40
    for change in first:
        assert change.path.startswith(tuple(f"sim/{package}/" for package in PACKAGES))
        source = (ROOT / change.path).read_text(encoding="utf-8")
        text = change.apply(source)
        ast.parse(text)
        assert meaning(text) != meaning(source)


def test_a_changed_file_looks_the_same_and_is_put_back(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(f"{SOURCE}# {'.' * ROOM}\n", encoding="utf-8")
    before, stat = file.read_bytes(), file.stat()
    for old, new in (("LIMIT = 3", "LIMIT = 1000"), ("is not None", "is None")):
        with changed(file, before.decode().replace(old, new)):
            assert new in file.read_text(encoding="utf-8")
            ast.parse(file.read_text(encoding="utf-8"))
            now = file.stat()
            assert (now.st_size, now.st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
        assert file.read_bytes() == before
        assert file.stat().st_mtime_ns == stat.st_mtime_ns


@pytest.mark.parametrize(
    ("new", "was"),
    [
        ("a\nb\nc\n", [1, 2, 3]),
        ("new\na\nb\nc\n", [1, 1, 2, 3]),
        ("a\nnew\nb\nc\n", [1, 1, 2, 3]),
        ("a\nB\nc\n", [1, 2, 3]),
        ("a\nc\n", [1, 3]),
        ("a\nB\nB\nB\nc\n", [1, 2, 2, 2, 3]),
    ],
)
def test_lines_are_followed(new: str, was: list[int]) -> None:
    assert [moved("a\nb\nc\n", new)[n] for n in range(1, len(was) + 1)] == was


def test_what_is_explained_is_still_there() -> None:
    """A reason for a line that is gone, or that moved to another file, explains nothing."""
    for path, before, _ in explained():
        lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        assert before in {line.strip() for line in lines}, f"{path}: {before}"


def test_the_copy_holds_every_package_that_is_changed(tmp_path: Path) -> None:
    copy(ROOT, tmp_path / "copy")
    for package in PACKAGES:
        assert (tmp_path / "copy" / "sim" / package / "__init__.py").exists(), package
