"""What a stranger receives: pinned lists, fonts, settings; and nothing about where it was made."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from matplotlib.ft2font import FT2Font
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sim.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "sim" / "views" / "fonts"
STATIC = ROOT / "static"

# Put together here, so that this file does not name them either.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("".join(("python", "hosted")), "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("anaconda", "org"),
    )
]
REGISTRY = re.compile(
    "|".join([*map(re.escape, HOSTS), r"://[^/\s\"']*(?:pypi|npm)"]).encode(), re.IGNORECASE
)


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def tracked_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def pins(lock: str) -> dict[str, list[str]]:
    """Versions by package: more than one where they differ between Pythons or systems."""
    versions: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition(";")[0].strip().partition("==")
        assert version, f"{lock}: not a pin: {line}"
        versions.setdefault(canonicalize_name(name), []).append(version)
    return versions


def characters_of(font: Path) -> set[int]:
    return set(FT2Font(str(font)).get_charmap())


def test_no_tracked_file_names_a_registry() -> None:
    named = {
        f"{path.relative_to(ROOT)}: {hit.group().decode()}"
        for path in tracked_files()
        for hit in REGISTRY.finditer(path.read_bytes())
    }
    assert not named


def test_version_is_one_and_the_changelog_has_it() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", changes, re.MULTILINE)
    assert "\n## [Unreleased]\n" in changes
    assert released[0][0] == toml(ROOT / "pyproject.toml")["project"]["version"] == VERSION
    assert released == sorted(released, reverse=True)
    assert [day for _, day in released] == sorted((day for _, day in released), reverse=True)


def test_changes_are_told_in_one_line_each() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 125] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_satisfies_pyproject(lock: str) -> None:
    project = toml(ROOT / "pyproject.toml")["project"]
    requirements = list(project["dependencies"])
    if lock == "requirements-dev.lock":
        requirements += project["optional-dependencies"]["dev"]
    pinned = pins(lock)
    unmet = [
        str(need)
        for need in map(Requirement, requirements)
        if not pinned.get(canonicalize_name(need.name))
        or not all(map(need.specifier.contains, pinned[canonicalize_name(need.name)]))
    ]
    assert not unmet


def test_development_lock_holds_the_plain_one() -> None:
    # versions and not lines: an extra may need on every system what the rest needs on some
    development = pins("requirements-dev.lock")
    plain = pins("requirements.lock")
    assert not [name for name in plain if not set(plain[name]) <= set(development.get(name, []))]


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_font_has_the_everyday_characters(weight: str) -> None:
    has = characters_of(FONTS / f"NotoSansSC-{weight}.ttf")
    # GB 2312 level 1: rows 16 to 55, the last one short of its five last places.
    level_1 = [
        ord(bytes([row, cell]).decode("gb2312"))
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
        if (row, cell) < (0xD7, 0xFA)
    ]
    assert len(level_1) == 3755
    also = map(ord, "，。、；：？！（）《》“”…—·￥％℃ ≤≥±×÷−→↑↓αλμρσΣ√∞①②³")
    assert not [chr(c) for c in [*level_1, *also] if c not in has]


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
@pytest.mark.parametrize("words", ["zh.toml", "en.toml", "glossary.toml"])
def test_font_has_every_character_the_product_says(weight: str, words: str) -> None:
    path = ROOT / "sim" / "text" / words
    if not path.exists():
        pytest.skip(f"{words} is not written yet")
    has = characters_of(FONTS / f"NotoSansSC-{weight}.ttf")
    said = {c for c in path.read_text(encoding="utf-8") if not c.isspace()}
    assert not sorted(c for c in said if ord(c) not in has)


def test_fonts_come_with_their_licence() -> None:
    for folder in (FONTS, STATIC):
        assert "SIL Open Font License" in (folder / "OFL.txt").read_text(encoding="utf-8")


def test_app_settings_name_files_that_exist() -> None:
    settings = toml(ROOT / ".streamlit" / "config.toml")
    assert settings["server"]["enableStaticServing"]
    faces = settings["theme"]["fontFaces"]
    assert {face["weight"] for face in faces} == {400, 700}
    for face in faces:
        served = ROOT / face["url"].removeprefix("app/")
        assert served.read_bytes()[:4] == b"wOF2"
    assert (STATIC / "icon.png").read_bytes().startswith(b"\x89PNG")
