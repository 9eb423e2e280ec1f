"""The house stands: imports go down, each library has one floor, every folder is on a floor."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIM = ROOT / "sim"


def floors() -> list[set[str]]:
    """Modules of `sim` by floor, the highest first, as pyproject.toml declares them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [layers] = [c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    return [set(re.findall(r"\w+", floor)) for floor in layers["layers"]]


def test_contracts_hold() -> None:
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", lint, "--no-logo", "--no-cache"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_every_module_of_sim_is_on_one_floor() -> None:
    modules = {path.parent.name for path in SIM.glob("*/*.py")}
    modules |= {path.stem for path in SIM.glob("*.py") if path.stem != "__init__"}
    named = [name for floor in floors() for name in floor]
    assert sorted(modules) == sorted(named)


def test_the_house_is_two_storeys_deep() -> None:
    """A file is `sim/<floor>.py` or `sim/<floor>/<file>.py`, nothing deeper."""
    assert not [path for path in SIM.rglob("*.py") if len(path.relative_to(SIM).parts) > 2]


def test_every_floor_says_what_it_is_for() -> None:
    silent = [
        path.parent.name
        for path in SIM.glob("*/__init__.py")
        if not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


SUMMED_UP = ("effects", "worth", "cuts")
"""Files of the analysis floor whose figures stand in the summary of an answer."""


def test_readers_compute_no_figure_of_an_answer() -> None:
    """They read its summary (DESIGN §7.13): of these files they import types and constants only."""
    computing = [
        (path.relative_to(SIM).as_posix(), alias.name)
        for floor in ("views", "storage", "command", "web")
        for path in SIM.glob(f"{floor}/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module in {f"sim.analysis.{name}" for name in SUMMED_UP}
        for alias in node.names
        if alias.name.islower()
    ]
    assert computing == []


DRAWING = {
    "rich": {"views/terminal.py", "command/outputs.py", "command/progress.py"},
    "jinja2": {"views/document.py"},
    "streamlit": set[str](),
}
"""Libraries that draw, and the files below the pages that may know them."""


def test_words_know_no_medium() -> None:
    """A topic's words are blocks; one file a medium draws them (DESIGN §7.15)."""
    knowing = [
        (path.relative_to(SIM).as_posix(), library)
        for floor in ("views", "command")
        for path in SIM.glob(f"{floor}/*.py")
        for name in imports(path)
        if (library := name.partition(".")[0]) in DRAWING
        and path.relative_to(SIM).as_posix() not in DRAWING[library]
    ]
    assert knowing == []


def test_pages_and_documents_take_nothing_from_a_file_that_prints() -> None:
    """They draw the blocks that a terminal draws."""
    drawing = [*SIM.glob("web/*.py"), SIM / "views" / "document.py", *SIM.glob("views/*report.py")]
    assert not [path.name for path in drawing if "sim.views.terminal" in imports(path)]
    assert not [*SIM.glob("*/*console.py")]


def imports(path: Path) -> set[str]:
    """Modules that a file imports when it runs; what only types need is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    ]
    named = [
        [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in typing
    ]
    return {name for names in named for name in names}


def test_no_file_is_called_after_nothing() -> None:
    vague = {"utils", "util", "common", "helpers", "misc", "base_classes", "manager", "handler"}
    assert not [path for path in SIM.rglob("*.py") if path.stem in vague]


EXAMPLE = "frontier"
"""The question through whose files CONTRIBUTING walks: what it costs to make one."""
YOUNGEST = "switches"
"""The question that was made last."""


def files_that_name(question: str) -> set[str]:
    """Files of `sim` in which a question is named; its plural is an ordinary word."""
    word = re.compile(rf"{question}(?!s\b)", re.IGNORECASE)
    paths = [path for path in SIM.rglob("*") if path.suffix in {".py", ".toml", ".js"}]
    return {
        path.relative_to(ROOT).as_posix()
        for path in paths
        if word.search(path.read_text(encoding="utf-8"))
    }


def walk_through_a_question() -> tuple[str, int]:
    """The section of CONTRIBUTING, and the number of files that it promises."""
    document = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [walk] = re.findall(r"^## A new question\n(.*?)^## ", document, re.DOTALL | re.MULTILINE)
    [number] = re.findall(rf"`{EXAMPLE}` is in (\d+) files", walk)
    return walk, int(number)


def test_a_question_is_one_room() -> None:
    """It is named where the walk through its files says, and in no other file."""
    walk, number = walk_through_a_question()
    firsts = [line.split("|")[1] for line in walk.splitlines() if line.startswith("| `")]
    listed = {path for cell in firsts for path in re.findall(r"`(sim/[\w/.]+)`", cell)}
    named = files_that_name(EXAMPLE)
    assert len(named) <= number
    assert named == listed


def test_the_youngest_question_is_in_no_more_files() -> None:
    _, number = walk_through_a_question()
    named = files_that_name(YOUNGEST)
    assert f"sim/questions/{YOUNGEST}.py" in named
    assert len(named) <= number, sorted(named)
