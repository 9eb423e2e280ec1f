"""One mistake does not hide others, and is not told twice over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.town import TOWN, changed, problems

BROKEN_REFERENCE = "helps: [one_shop]"


def with_broken_reference(text: str) -> str:
    return text.replace("helps: [one_stop]", BROKEN_REFERENCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seed: 7", "seed: x"),
        ("  measured_days: 5\n", ""),
        ("run:\n", "runs:\n"),
        ("name: {zh: 小镇, en: Town}\n", ""),
        ("hours: week\n", "hours: 5\n"),
        ("{mon-fri: [09:00-17:00]}", "{mon-fri: [9.00-17:00]}"),
        ("id: market, name", "id: Market, name"),
        ("materials: 3", "materials: -3"),
        ("base: {law: gamma, mean: 12 min, cv: 0.6}, ", ""),
        ("review: 10 min", "review: 10"),
        ("{08:30-10:00: 3", "{8.30-10:00: 3"),
        ("per_day: 20\n", "per_day: -20\n"),
        ("    per_day: 20\n", ""),
        ("patience: {law: exponential", "patience: {law: expo"),
        ("{share: 0.1,", "{share: 1.1,"),
        ("precheck: 5 min", "precheck: 5"),
        ("count: 3", "count: three"),
        ("idle", "idel"),
        ("rule: shares", "rule: share"),
    ],
)
def test_a_broken_reference_is_told_beside_any_other_mistake(
    old: str, new: str, tmp_path: Path
) -> None:
    """And beside those two, nothing: what the first mistake brings with it is not told."""
    text = (
        changed(old, new) if old in TOWN else changed("    routing:", f"    {new}: x\n    routing:")
    )
    reported = problems(tmp_path, with_broken_reference(text))
    assert [p.found for p in reported if p.code == "unknown_list"] == ["one_shop"]
    others = {p.code for p in reported} - {"unknown_list"}
    assert others
    unknown = {code for code in others if code.startswith("unknown_")} - {"unknown_key"}
    assert unknown == set()
    alone = problems(tmp_path, text)
    assert {p.code for p in alone} == others


@pytest.mark.parametrize("section", ["calendars", "hall", "matters", "demand", "layouts", "run"])
def test_a_missing_section_is_told_once(section: str, tmp_path: Path) -> None:
    lines = TOWN.splitlines()
    start = lines.index(f"{section}:")
    end = next((n for n in range(start + 1, len(lines)) if lines[n][0] != " "), len(lines))
    text = "\n".join(lines[:start] + lines[end:])
    reported = problems(tmp_path, text)
    assert [(p.code, p.path) for p in reported] == [("missing_field", section)]


def test_a_file_with_nothing_but_a_name(tmp_path: Path) -> None:
    reported = problems(tmp_path, "name: {zh: 空, en: Empty}\n")
    assert {p.code for p in reported} == {"missing_field"}
    assert len(reported) == 6


def test_an_entry_of_a_list_that_is_no_part(tmp_path: Path) -> None:
    text = changed("departments:\n", "departments:\n  - office\n")
    reported = problems(tmp_path, with_broken_reference(text))
    assert [(p.code, p.path) for p in reported] == [
        ("wrong_type", "departments[0]"),
        ("unknown_list", "layouts[zone].windows[plain].helps[0]"),
    ]
