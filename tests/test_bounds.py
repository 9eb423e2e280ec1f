"""Libraries whose inner parts are used have upper bounds, and what is pinned lies inside them."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
INNER = {
    "simpy": "_now",
    "numba": "numba.core",
    "streamlit": "streamlit.delta_generator",
    "pydantic": "pydantic_core",
    "ruamel.yaml": "ruamel.yaml.events",
    "chinesecalendar": "chinese_calendar.constants",
}
"""Library -> an inner part of it that the code names."""


def needed() -> dict[str, Requirement]:
    """What the project depends on, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        requirement.name: requirement for requirement in map(Requirement, project["dependencies"])
    }


@pytest.mark.parametrize("name", INNER)
def test_a_library_whose_inner_parts_are_used_has_an_upper_bound(name: str) -> None:
    requirement = needed()[name]
    assert any(bound.operator == "<" for bound in requirement.specifier)
    assert version(name) in requirement.specifier


@pytest.mark.parametrize("name", INNER)
def test_its_inner_part_is_still_used(name: str) -> None:
    """A bound that nothing needs any more would only keep people from updates."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob("*.py"))
    assert any(INNER[name] in source for source in sources)


def test_pinned_versions_lie_inside_the_bounds() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        pins = dict(line.split(" ;")[0].split("==") for line in lines if "==" in line)
        for name, requirement in needed().items():
            assert pins[name.lower().replace(".", "-")] in requirement.specifier, (lock, name)
