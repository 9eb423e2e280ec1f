"""Without a network: what `run.py wheels` fetches is all that an empty environment needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("sim", "scenarios", "static", ".streamlit", "app.py", "run.py", "pyproject.toml")
FILES = ("requirements.lock", "requirements-dev.lock", "README.md", "LICENSE")


@pytest.mark.slow
@pytest.mark.timeout(3_000)
def test_a_computer_without_a_network_installs_from_the_folder(tmp_path: Path) -> None:
    """Fetched in one folder, installed in another in both ways: by run.py, and as the image is."""
    connected, alone = tmp_path / "connected", tmp_path / "alone"
    copy_project(connected)
    fetched = run(connected, [sys.executable, "run.py", "wheels"])
    if fetched.returncode:
        pytest.skip(f"no package index: {fetched.stderr[-300:]}")
    copy_project(alone)
    shutil.move(connected / "wheels", alone / "wheels")
    shutil.rmtree(connected)
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}

    schema = run(alone, [sys.executable, "run.py", "schema"], **offline)
    assert schema.returncode == 0, schema.stderr[-2000:]
    assert schema.stdout.rstrip().endswith("}")

    image = tmp_path / "image"
    run(alone, [sys.executable, "-m", "venv", str(image)])
    programs = image / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(programs / "pip"), "install", "--no-cache-dir", "--find-links=wheels"]
    locked = ["-c", "requirements.lock", "-r", "requirements.lock", ".[auth]"]
    installed = run(alone, [*pip, *locked], **offline)
    assert installed.returncode == 0, installed.stderr[-2000:]
    version = run(tmp_path, [str(programs / "govhall"), "--version"])
    assert version.stdout.startswith("govhall ")
    code = "import authlib; from sim import data_dir; print(data_dir('app.py').is_file())"
    assert run(tmp_path, [str(programs / "python"), "-c", code]).stdout == "True\n"


def copy_project(to: Path) -> None:
    to.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            without = shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc")
            shutil.copytree(ROOT / part, to / part, ignore=without)
        else:
            shutil.copy2(ROOT / part, to)
    for name in FILES:
        shutil.copy2(ROOT / name, to)


def run(folder: Path, command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    lead_astray = {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PYTHONPATH"}
    drop = lead_astray if "PIP_NO_INDEX" in environment else {"PYTHONPATH"}
    variables = {name: value for name, value in os.environ.items() if name not in drop}
    return subprocess.run(
        command,
        cwd=folder,
        env={**variables, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
