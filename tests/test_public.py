"""What `import sim` offers: exactly `sim.__all__`, each name documented and shown at work."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import sim

STUB = Path(sim.__file__).read_text(encoding="utf-8")
OWN = {"data_dir", "example_path"}
"""Names that are defined in `sim` itself."""
MADE_BY_OTHERS = {"Comparison", "Scenario", "Study"}
"""Results of `compare`, `load_scenario` and `replicate`, whose examples show them."""


def test_all_is_sorted_and_importable() -> None:
    assert sorted(set(sim.__all__)) == sim.__all__
    for name in sim.__all__:
        assert getattr(sim, name).__name__ == name


def test_nothing_else_is_offered() -> None:
    lazy = set(sim._HOMES)
    defined = {
        name
        for name, thing in vars(sim).items()
        if inspect.isfunction(thing) and not name.startswith("_") and name not in lazy
    }
    assert lazy | defined - {"import_module"} == set(sim.__all__)


def test_type_checkers_see_the_same_homes() -> None:
    [checking] = [node for node in ast.parse(STUB).body if isinstance(node, ast.If)]
    imports = [node for node in checking.body if isinstance(node, ast.ImportFrom)]
    typed = {name.name: node.module for node in imports for name in node.names}
    assert typed == sim._HOMES


@pytest.mark.parametrize("name", sim.__all__)
def test_is_documented_and_shown_at_work(name: str) -> None:
    words = inspect.getdoc(getattr(sim, name)) or ""
    assert words
    if name not in OWN | MADE_BY_OTHERS:
        assert ">>> " in words, name


def test_each_question_is_asked_in_the_readme() -> None:
    readme = (Path(sim.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    questions = {
        name
        for name, home in sim._HOMES.items()
        if home.startswith("sim.questions.") and name.islower()
    }
    assert {"extend", "rank", "reductions", "staffing_curve", "turning"} <= questions
    assert [name for name in questions if f"`sim.{name}`" not in readme] == []


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(AttributeError, match="it has Comparison, Run, Scenario"):
        sim.simulate  # noqa: B018 the attribute access is the test


def test_import_is_light() -> None:
    code = "import sim, sys; print(sorted({'numpy', 'pydantic', 'pandas'} & set(sys.modules)))"
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert finished.stdout.strip() == "[]"


def test_shipped_files_are_found() -> None:
    assert sim.example_path("sanmenxia.yaml").is_file()
    with pytest.raises(FileNotFoundError):
        sim.data_dir("no such folder")
