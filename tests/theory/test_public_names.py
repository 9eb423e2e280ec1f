"""What `sim.theory` promises: its names, and nothing of ours beneath it but names of arrays."""

import ast
from pathlib import Path

import sim.theory


def test_every_public_name_exists_once() -> None:
    assert sorted(set(sim.theory.__all__)) == sim.theory.__all__
    assert all(getattr(sim.theory, name).__doc__ for name in sim.theory.__all__)


def test_imports_nothing_else_of_ours() -> None:
    for file in Path(sim.theory.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            if module and module.startswith("sim"):
                assert module.startswith(("sim.theory", "sim.arrays")), file.name


def test_map_names_every_file() -> None:
    files = {file.name for file in Path(sim.theory.__file__).parent.glob("*.py")}
    named = {name for name in files if f"`{name}`" in (sim.theory.__doc__ or "")}
    assert files - named == {"__init__.py"}
