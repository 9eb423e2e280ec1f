"""The page for who comes from another simulator: its two models run, and agree as it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "coming_from.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page's Python has computed, its YAML lying beside it under the name it uses."""
    folder = tmp_path_factory.mktemp("coming_from")
    [scenario] = blocks("yaml")
    (folder / "hall.yaml").write_text(scenario, encoding="utf-8")
    names: dict[str, Any] = {"__name__": "coming_from"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for code in blocks("python"):
            exec(compile(code, "coming_from.md", "exec"), names)
    return names


@pytest.mark.parametrize(("measure", "unit"), [("wait", 1), ("reneged", 100)])
def test_both_models_agree_within_the_interval_of_their_difference(
    answers: dict[str, Any], measure: str, unit: int
) -> None:
    value, half_width = answers[f"simpy_{measure}"]
    ours = answers[f"our_{measure}"]
    our_half_width = (ours.high - ours.low) / 2
    # an interval that says nothing would agree with everything
    assert max(half_width, our_half_width) < 0.1 * value
    assert abs(value - ours.mean) < (half_width**2 + our_half_width**2) ** 0.5
    assert value * unit > 1


@pytest.mark.parametrize(
    ("row", "measure", "unit"),
    [("mean wait of those called, min", "wait", 1), ("gave up, % of tickets", "reneged", 100)],
)
def test_the_figures_that_it_prints_are_those_of_today(
    answers: dict[str, Any], row: str, measure: str, unit: int
) -> None:
    value, half_width = answers[f"simpy_{measure}"]
    ours = answers[f"our_{measure}"]
    figures = (
        (value, value - half_width, value + half_width),
        (ours.mean, ours.low, ours.high),
    )
    cells = " | ".join(
        f"{mean * unit:.2f} [{low * unit:.2f}, {high * unit:.2f}]" for mean, low, high in figures
    )
    assert f"| {row} | {cells} |" in PAGE


def test_all_other_code_is_marked_as_not_run() -> None:
    others = [*blocks("r"), *blocks("text")]
    assert len(others) == 2
    assert all("not run here" in code.splitlines()[0] for code in others)
    assert PAGE.count("```") == 2 * (len(others) + len(blocks("python")) + len(blocks("yaml")))


def test_every_field_and_option_that_its_table_names_exists() -> None:
    schema = (ROOT / "scenarios" / "schema.json").read_text(encoding="utf-8")
    rows = PAGE.partition("## Your word, our word")[2].partition("\n\nWords of ours")[0]
    ours = " ".join(row.rpartition(" | ")[2] for row in rows.splitlines())
    named = {
        part
        for code in re.findall(r"`([^`]+)`", ours)
        if not code.startswith(("govhall", "--"))
        for part in re.findall(r"[a-z_]{2,}", code)
    }
    fields = {*re.findall(r'"([a-z_]+)"', schema), "mon", "fri"}
    assert named - fields == set()


def test_links_are_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#\s]+)", PAGE)
    assert links
    assert not [link for link in links if not (ROOT / "docs" / link).exists()]
