"""The page that plays a day: what the player counts is what the record says, and it is harmless."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.views
from sim.analysis.day_record import LAST
from sim.runs.played_day import serve_day
from sim.scenario.load import scenario_from_text
from sim.text import LANGUAGES, Language, load_text
from sim.views.day_page import WORDS, day_data, day_html, packed
from sim.views.floor_plan import WIDTH, Bay, Premises, floor_plan, seat_pitch
from tests.analysis.test_day_record import counted
from tests.scenario.test_places import AREA
from tests.strategies import small

NODE = shutil.which("node")
PLAYER = Path(sim.views.__file__).with_name("hall_player.js")
BUSY = small(
    run="{start: 2025-01-06, measured_days: 1}",
    hall="{name: {zh: 厅, en: '</script><b>'}, hours: day}",
    demand="[{id: people, matter: errand, rate: 9 per h}]",
)


def unpacked(words: str) -> list[int]:
    """What `packed` wrote, read digit by digit."""
    import base64

    numbers, number, value, shift = [], 0, 0, 0
    for byte in base64.b64decode(words):
        value += (byte & 127) << shift
        shift += 7
        if byte < 128:
            number += -(value + 1) // 2 if value % 2 else value // 2
            numbers.append(number)
            value = shift = 0
    return numbers


@pytest.mark.parametrize(
    "numbers", [[], [0], [-1, LAST, 0, 5, 5], [2**31, -(2**31)], [63, 64, 200]]
)
def test_packed_numbers_are_read_back(numbers: list[int]) -> None:
    assert unpacked(packed(np.array(numbers, dtype=np.int64))) == numbers


@pytest.mark.skipif(NODE is None, reason="no node on the PATH")
@pytest.mark.parametrize(("text", "layout"), [(BUSY, "hall"), (AREA, "zone")], ids=["hall", "area"])
def test_the_player_counts_what_the_record_says(tmp_path: Path, text: str, layout: str) -> None:
    from sim.analysis.day_record import day_record

    played = serve_day(scenario_from_text(text), [layout])
    data = tmp_path / "day.json"
    data.write_text(json.dumps(day_data(played, load_text("en"))), encoding="utf-8")
    player = tmp_path / "player.mjs"
    shutil.copy(PLAYER, player)
    script = tmp_path / "count.mjs"
    script.write_text(
        'import { readFileSync } from "node:fs"\n'
        'import { counts_at, read_layout } from "./player.mjs"\n'
        f'const data = JSON.parse(readFileSync("{data}", "utf-8"))\n'
        "const layout = read_layout(data.layouts[0])\n"
        "const sum = (numbers) => numbers.reduce((total, n) => total + n, 0)\n"
        "console.log(JSON.stringify([...Array(1440).keys()].map((minute) => {\n"
        "  const c = counts_at(layout, 60 * minute)\n"
        "  const office = [c.late, sum(c.queued), sum(c.in_hand)]\n"
        "  return [[...c.waiting], [...c.serving], office]\n"
        "})))\n",
        encoding="utf-8",
    )
    assert NODE is not None
    done = subprocess.run([NODE, str(script)], capture_output=True, text=True, check=True)
    [tables] = played.tables
    record, names = day_record(tables, played.day), tables.plan.names
    for minute, counts in enumerate(json.loads(done.stdout)):
        assert counts == counted(record, minute, len(names.windows), len(names.lists)), minute


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_one_script_of_ours_and_asks_for_nothing(language: Language) -> None:
    text = load_text(language)
    page = day_html(day_data(serve_day(scenario_from_text(BUSY), ["hall"]), text), text)
    assert len(re.findall("<script", page)) == len(re.findall("</script>", page)) == 2
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|@import|\bimport\s|url\(|src=", page)


def test_every_text_of_the_player_is_used_and_is_there() -> None:
    script = PLAYER.read_text(encoding="utf-8")
    for name in WORDS:
        assert re.search(rf"\btext\.{name}\b|\"{name}\"|name of \[.*{name}", script), name
    used = set(re.findall(r"\btext\.(\w+)", script)) - {"fates", "case_fates"}
    assert used <= set(WORDS)


def boxes(plan: dict[str, Any]) -> list[list[float]]:
    wide, high = plan["counter"]
    counters = [[x - wide / 2, y - high / 2, wide, high] for x, y in filter(None, plan["windows"])]
    return [*counters, *filter(None, plan["departments"]), *filter(None, plan["places"])]


@pytest.mark.parametrize("sizes", [[1], [3, 12], [40], [4] * 15, [1, 30, 2, 9]])
def test_nothing_on_the_floor_lies_on_another_or_outside(sizes: list[int]) -> None:
    starts = np.cumsum([0, *sizes])
    bays = [
        Bay(n, [(n, range(int(starts[n]), int(starts[n + 1])))], 7 * size)
        for n, size in enumerate(sizes)
    ]
    premises = Premises(
        bays, len(bays), len(bays), int(starts[-1]), 30, range(17), 9, range(1, 9), True
    )
    plan = floor_plan(premises, seat_pitch(bays))
    drawn = boxes(plan)
    assert len(drawn) == sum(sizes) + 17 + 8
    for n, (x, y, wide, high) in enumerate(drawn):
        assert x >= 0
        assert y >= 0
        assert x + wide <= WIDTH + 0.01
        assert y + high <= plan["height"] + 0.01
        for left, top, breadth, height in drawn[:n]:
            apart = x >= left + breadth or left >= x + wide or y >= top + height or top >= y + high
            assert apart, (n, sizes)


def test_groups_with_positions_stand_as_they_do_in_the_hall() -> None:
    """Two at the back, the left one first; one before the door."""
    spots = [(9.0, 20.0), (2.0, 3.0), (1.0, 21.0)]
    bays = [Bay(n, [(n, [n])], 0, at) for n, at in enumerate(spots)]
    premises = Premises(bays, 3, 3, 3, 0, [], 1, [], False)
    groups = floor_plan(premises, 0.8)["groups"]
    assert groups[2][1] == groups[0][1] < groups[1][1]
    assert groups[2][0] < groups[0][0]
    unplaced = [bays[0], bays[1]._replace(at=None), bays[2]]
    groups = floor_plan(premises._replace(bays=unplaced), 0.8)["groups"]
    assert groups[0][1] == groups[1][1] == groups[2][1]
    assert groups[0][0] < groups[1][0] < groups[2][0]
