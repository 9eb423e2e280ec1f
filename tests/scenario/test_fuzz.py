"""Whatever stands in a file or an override: a scenario, or problems in words, nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import Problem, ScenarioError
from sim.scenario.layers import override_tree
from sim.scenario.load import read_scenario, scenario_from_text, validate_tree
from sim.scenario.tree import parse_tree
from sim.text import LANGUAGES, load_text
from tests.scenario.town import TOWN

LINES = TOWN.splitlines()
WORDS = sorted(set(re.findall(r"[\w.:-]+", TOWN)))
NASTY = [
    *("null", "true", "''", ".nan", "-.inf", "1e999", "-1", "0", "0.5", "9" * 400, "9" * 5000),
    *("1e400 d", "12", "12 minutes", "5 wd", "-3 min", "9:30", "25:00-26:00", "09:30-09:30"),
    *("2025-02-30", "2025-03-03", "2025-03-03 9:30", "2025-03-03T09:30:00Z", "0000-00-00"),
    *("[]", "{}", "[[]]", "[1, [2]]", "{a: {b: c}}", "{law: []}", "{law: {a: b}}", "{law: gamma}"),
    *("{law: constant}", "{law: empirical, values: []}", "{? [a] : b}", "{a: 1, a: 2}", "{1: 2}"),
    *("*a", "&a b", "!!python/object:os.system x", "! x", "|", ">", "- a", "? a", "%", "@", "`"),
    *(
        "\t",
        "\0",
        "\ufeff",
        "\U0001f600",
        "：",
        "、",
        "\\",
        '"\\UFFFFFFFF"',
        '"\\x"',
        "'",
        "#",
        "---",
    ),
]
VALUES = st.sampled_from([*NASTY, *WORDS]) | st.text(max_size=12)
PATHS = st.lists(st.sampled_from([*WORDS, "0", "99", "-1", "²", "*", ""]) | st.text(max_size=5))


def assert_read_or_explained(read: Callable[[], object]) -> None:
    """Read a scenario; what is wrong with it can be said in both languages."""
    try:
        read()
    except ScenarioError as error:
        for language in LANGUAGES:
            for sentence in error.sentences(load_text(language)):
                assert "\n" not in sentence
                assert "allowed." not in sentence


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The town with a few of its lines dropped, doubled, moved, indented or changed."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        n = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 6)):
            case 0:
                del lines[n]
            case 1:
                lines.insert(draw(st.integers(0, len(lines))), lines[n])
            case 2:
                lines[n] = draw(st.sampled_from([" ", "  ", "\t", "- "])) + lines[n]
            case 3:
                lines[n] = lines[n][2:]
            case 4:
                key, colon, _ = lines[n].partition(":")
                lines[n] = f"{key}{colon} {draw(VALUES)}"
            case 5:
                pieces = re.split(r"([\w.:-]+)", lines[n])
                pieces[draw(st.integers(0, len(pieces) - 1))] = draw(VALUES)
                lines[n] = "".join(pieces)
            case _:
                at = draw(st.integers(0, len(lines[n])))
                lines[n] = lines[n][:at] + draw(st.text(max_size=4)) + lines[n][at:]
        if not lines:
            break
    return "\n".join(lines)


@settings(max_examples=150)
@given(mutated())
def test_a_mutated_scenario_is_read_or_told(text: str) -> None:
    assert_read_or_explained(lambda: scenario_from_text(text, "town.yaml"))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_bytes_are_read_or_told(data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(TOWN.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        content[start : start + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    path = tmp_path / "town.yaml"
    path.write_bytes(content)
    assert_read_or_explained(lambda: read_scenario(path))


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    assert_read_or_explained(lambda: scenario_from_text(text))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=PATHS, value=VALUES, equals=st.sampled_from(["=", "=", "=", ""]))
def test_any_override_is_followed_or_told(
    path: list[str], value: str, equals: str, tmp_path: Path
) -> None:
    file = tmp_path / "town.yaml"
    if not file.exists():
        file.write_text(TOWN, encoding="utf-8")
    assert_read_or_explained(lambda: read_scenario(file, [f"{'.'.join(path)}{equals}{value}"]))


def leaves(node: object, path: str = "") -> list[str]:
    """Dotted paths of every value of a plain tree."""
    below = [path] if path else []
    if isinstance(node, dict):
        for key, child in node.items():
            below += leaves(child, f"{path}.{key}" if path else str(key))
    if isinstance(node, tuple):
        for n, child in enumerate(node):
            below += leaves(child, f"{path}.{n}")
    return below


TREE = parse_tree(TOWN, "town.yaml")


@settings(max_examples=150)
@given(path=st.sampled_from(leaves(TREE.plain())), value=st.sampled_from(NASTY))
def test_a_field_with_a_nasty_value_is_read_or_told(path: str, value: str) -> None:
    assert_read_or_explained(partial(override, path, value))


@pytest.mark.slow
@pytest.mark.parametrize("value", NASTY)
def test_every_field_meets_every_nasty_value(value: str) -> None:
    for path in leaves(TREE.plain()):
        assert_read_or_explained(partial(override, path, value))


def override(path: str, value: str) -> object:
    """The town with one value set as `--set` does."""
    problems: list[Problem] = []
    tree = override_tree(TREE, [f"{path}={value}"], problems)
    return validate_tree(tree, problems)
