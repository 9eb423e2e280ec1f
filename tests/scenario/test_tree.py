"""YAML text as a tree: what each value is, and what is written twice."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from sim.errors import ScenarioError
from sim.scenario.tree import parse_tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9:30", "9:30"),
        ("09:30", "09:30"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ('"true"', "true"),
        ("010", 10),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-2", -2),
        ("2025-03-03", date(2025, 3, 3)),
        ("2025-02-30", "2025-02-30"),
        ("'2025-03-03'", "2025-03-03"),
        ("2025-03-03 09:30", datetime(2025, 3, 3, 9, 30)),
        ("2025-03-03T09:30:15", datetime(2025, 3, 3, 9, 30, 15)),
        ("2025-03-03T09:30:00Z", "2025-03-03T09:30:00Z"),
        ("９", "９"),
    ],
)
def test_a_value_is_what_it_looks_like(text: str, value: object) -> None:
    read = parse_tree(f"a: {text}").plain()["a"]
    assert (read, type(read)) == (value, type(value))


def test_all_duplicate_keys_are_told_with_their_paths() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_tree("a: {b: 1, b: 2}\nc: [{id: x, d: 1, d: 2}]\na: 3\n")
    problems = [(p.path, p.line, p.column, dict(p.values)) for p in caught.value.problems]
    assert problems == [
        ("", 1, 11, {"first_line": "1"}),
        ("c[x].d", 2, 19, {"first_line": "2"}),
        ("a", 3, 1, {"first_line": "1"}),
    ]


def test_duplicate_keys_may_be_collected() -> None:
    problems: list[object] = []
    tree = parse_tree("a: 1\na: 2\n", "", problems)  # type: ignore[arg-type]
    assert tree.plain() == {"a": 2}
    assert len(problems) == 1


def test_text_of_a_page_is_limited_too() -> None:
    with pytest.raises(ScenarioError, match="too large"):
        parse_tree("a: 1 ".ljust(300_001, "#"))
    assert parse_tree("a: 1 ".ljust(300_000, "#")).plain() == {"a": 1}
    with pytest.raises(ScenarioError, match="too large"):
        parse_tree("a: 1 ".ljust(300_001, "#"))
