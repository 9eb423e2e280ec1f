"""The list of long tests names tests that are there."""

from pathlib import Path

import pytest

from tests.long import LIST, Duration, choose_long, read_long

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", sorted(read_long(LIST.read_text(encoding="utf-8"))))
def test_what_is_named_is_there(name: str) -> None:
    file, _, test = name.partition("::")
    words = test.partition("[")[0].replace("::", ".").split(".")
    assert words[-1] in (ROOT / file).read_text(encoding="utf-8")


def test_what_is_left_keeps_within_the_budget_and_one_fewer_would_not() -> None:
    durations = {f"a.py::test_{n}": Duration(0.0, 0.1 * n) for n in range(100)}
    chosen = choose_long(durations, budget_s=100.0)
    left = sum(sum(durations[name]) for name in durations.keys() - set(chosen))
    shortest = min(sum(durations[name]) for name in chosen)
    assert left <= 100.0 < left + shortest


def test_a_file_whose_fixture_takes_long_is_long() -> None:
    durations = {"a.py::test_x": Duration(3.0, 0.1), "a.py::test_y": Duration(0.0, 0.1)}
    assert choose_long(durations) == ["a.py"]
