"""The page that plays a day: what the player counts is what the record says, and it is harmless."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.day_record import LAST, DayRecord, day_record
from sim.learning.logged_day import busiest_date, logged_day
from sim.runs.played_day import serve_day
from sim.scenario.load import scenario_from_text
from sim.text import LANGUAGES, Language, load_text
from sim.views.day_page import WORDS, day_data, day_html, player_part
from sim.views.floor_plan import WIDTH, Bay, Premises, floor_plan, seat_pitch
from sim.views.logged_day import logged_day_data
from sim.views.shown_hall import packed
from tests.analysis.test_day_record import counted
from tests.learning.test_log_replay import hour_log, made_log
from tests.scenario.test_places import AREA
from tests.strategies import FEW, small

NODE = shutil.which("node")
BUSY = small(
    run="{start: 2025-01-06, measured_days: 1}",
    hall="{name: {zh: 厅, en: '</script><b>'}, hours: day}",
    demand="[{id: people, matter: errand, rate: 9 per h}]",
)
SIDES = small(
    run="{start: 2025-01-06, measured_days: 1}",
    demand="[{id: people, matter: errand, rate: 9 per h}]",
    layouts="[{id: hall, name: Hall, windows: [{id: a, serves: [errand], clerks: 2}]},"
    " {id: other, name: Other, windows: [{id: b, serves: [errand], clerks: 2, proficiency: 1.3}]}]",
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


@cache
def played_halls() -> dict[str, tuple[list[DayRecord], dict[str, Any]]]:
    """Records and what the player reads: a hall, two side by side, townships, a day of a log."""
    text = load_text("en")
    halls = {}
    for name, words, layouts in (
        ("hall", BUSY, ["hall"]),
        ("side by side", SIDES, ["hall", "other"]),
        ("area", AREA, ["zone"]),
    ):
        played = serve_day(scenario_from_text(words), layouts)
        records = [day_record(tables, played.day) for tables in played.tables]
        halls[name] = (records, day_data(played, text))
    log = made_log()
    logged = logged_day(log, busiest_date(log))
    halls["log"] = ([logged.record], logged_day_data(logged, "log", text))
    return halls


def in_node(tmp_path: Path, data: dict[str, Any], words: str) -> Any:
    """What a script says in JSON; it has `layouts`, read, and the player's functions."""
    assert NODE is not None
    (tmp_path / "day.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "player.mjs").write_text(player_part("js"), encoding="utf-8")
    script = tmp_path / "script.mjs"
    script.write_text(
        'import { readFileSync } from "node:fs"\n'
        'import { counts_at, queue_heat, read_layout } from "./player.mjs"\n'
        'const data = JSON.parse(readFileSync("day.json", "utf-8"))\n'
        "const layouts = data.layouts.map(read_layout)\n"
        "const sum = (numbers) => numbers.reduce((total, n) => total + n, 0)\n"
        f"console.log(JSON.stringify({words}))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [NODE, script.name], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    return json.loads(done.stdout)


COUNTS: Final = """layouts.map((layout) => [...Array(1440).keys()].map((minute) => {
  const c = counts_at(layout, 60 * minute)
  return [[...c.waiting], [...c.serving], [c.late, sum(c.queued), sum(c.in_hand)]]
}))"""


@pytest.mark.skipif(NODE is None, reason="no node on the PATH")
@pytest.mark.parametrize("name", ["hall", "side by side", "area", "log"])
def test_the_player_counts_what_the_record_says(tmp_path: Path, name: str) -> None:
    """At every minute of the day, in each layout."""
    records, data = played_halls()[name]
    for record, layout, counts in zip(
        records, data["layouts"], in_node(tmp_path, data, COUNTS), strict=True
    ):
        n_windows, n_lists = len(layout["windows"]), len(layout["lists"])
        for minute, shown in enumerate(counts):
            assert shown == counted(record, minute, n_windows, n_lists), minute


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_one_script_of_ours_and_asks_for_nothing(language: Language) -> None:
    text = load_text(language)
    page = day_html(day_data(serve_day(scenario_from_text(BUSY), ["hall"]), text), text)
    assert len(re.findall("<script", page)) == len(re.findall("</script>", page)) == 2
    assert "default-src 'none'" in page
    named = page.replace("http://www.w3.org/2000/svg", "")  # a name: nobody asks there
    assert not re.search(r"https?://|@import|\bimport\s|url\(|src=", named)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_a_log_says_what_the_log_does_not(language: Language) -> None:
    text = load_text(language)
    log = hour_log(np.random.default_rng(1))
    data = logged_day_data(logged_day(log, busiest_date(log)), "</script>", text)
    assert data["note"].endswith(f"{text('logged_day.no_windows')} {text('logged_day.hours')}")
    assert len(re.findall("</script>", day_html(data, text))) == 2


def test_every_text_of_the_player_is_used_and_is_there() -> None:
    script = player_part("js")
    for name in WORDS:
        assert re.search(rf"\btext\.{name}\b|\"{name}\"|name of \[.*{name}", script), name
    used = set(re.findall(r"\btext\.(\w+)", script)) - {"fates", "case_fates"}
    assert used <= set(WORDS)


@pytest.mark.skipif(NODE is None, reason="no node on the PATH")
@pytest.mark.parametrize("name", ["hall", "side by side", "area", "log"])
def test_cells_of_the_queue_hold_the_time_that_people_waited(tmp_path: Path, name: str) -> None:
    """Half hour by half hour: as of the record; and its queue lasts while one person waits."""
    records, data = played_halls()[name]
    words = "layouts.map((layout) => queue_heat(layout))"
    for record, layout, rows in zip(
        records, data["layouts"], in_node(tmp_path, data, words), strict=True
    ):
        t = record.tickets
        until = np.minimum(t.called, t.ended)
        for number, row in enumerate(rows):
            there = (t.list_ == number) & (t.taken < until)
            cells = [
                np.clip(np.minimum(until, end) - np.maximum(t.taken, end - 1800), 0, 1800)[there]
                for end in range(1800, LAST + 1, 1800)
            ]
            waiting = [float(cell.sum()) / 1800 for cell in cells]
            assert row["cells"] == pytest.approx(waiting)
            queued = [slot for first, last in row["spans"] for slot in range(first, last + 1)]
            assert queued == [slot for slot, n in enumerate(waiting) if n >= 1]
            called = t.called[(t.list_ == number) & (t.called < LAST) & (t.called > 0)]
            assert row["last"] == (int(called.max()) if len(called) else LAST)
        assert len(rows) == len(layout["lists"])


def boxes(plan: dict[str, Any]) -> list[list[float]]:
    wide, high = plan["counter"]
    counters = [[x - wide / 2, y - high / 2, wide, high] for x, y in filter(None, plan["windows"])]
    return [*counters, *filter(None, plan["departments"]), *filter(None, plan["places"])]


@pytest.mark.parametrize("sizes", [[1], [3, 12], [40], [4] * 15, [1, 30, 2, 9]])
def test_nothing_on_the_floor_lies_on_another_or_outside(sizes: list[int]) -> None:
    starts = np.cumsum([0, *sizes])
    bays = [
        Bay([n], [(n, range(int(starts[n]), int(starts[n + 1])))], 7 * size)
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


def placed(spots: list[tuple[float, float] | None], sizes: list[int]) -> Premises:
    """A group with a list of its own at each spot."""
    starts = np.cumsum([0, *sizes])
    bays = [
        Bay([n], [(n, range(int(starts[n]), int(starts[n + 1])))], 3, (spot,))
        for n, spot in enumerate(spots)
    ]
    n = len(spots)
    return Premises(bays, n, n, int(starts[-1]), 0, [], 1, [], False)


def middles(plan: dict[str, Any]) -> list[tuple[float, float]]:
    """Of groups: across, and away from the door."""
    return [(x + wide / 2, -y) for x, y, wide in plan["groups"]]


def test_groups_with_positions_stand_where_the_scenario_has_them() -> None:
    """Two at the back, the left one first; one before the door: ways are as written."""
    spots = [(18.0, 20.0), (5.0, 10.0), (4.0, 20.5)]
    plan = floor_plan(placed([*spots], [2, 2, 2]), 0.8)
    drawn = middles(plan)
    for first, second in ((0, 1), (1, 2)):
        for axis in (0, 1):
            way = spots[first][axis] - spots[second][axis]
            assert abs(drawn[first][axis] - drawn[second][axis] - way) < 0.02


def test_positions_are_told_from_anywhere() -> None:
    spots = [(18.0, 20.0), (5.0, 10.0)]
    moved = [(x + 300.0, y - 50.0) for x, y in spots]
    near, far = (floor_plan(placed([*each], [3, 3]), 0.8) for each in (spots, moved))
    way = [drawn[0][0] - drawn[1][0] for drawn in (middles(near), middles(far))]
    assert abs(way[0] - way[1]) < 0.02
    assert far["width"] == near["width"]


def test_where_one_group_has_no_position_all_stand_in_rows() -> None:
    plain = floor_plan(placed([None, None], [2, 2]), 0.8)
    assert floor_plan(placed([(9.0, 20.0), None], [2, 2]), 0.8) == plain


def test_seats_are_where_the_scenario_has_them() -> None:
    premises = placed([(6.0, 20.0), (18.0, 20.0)], [2, 2])._replace(seats=(12.0, 6.0))
    plan = floor_plan(premises, 0.8)
    [block] = plan["seats"]
    assert plan["seats_of"] == [0, 0]
    assert block["number"] == 6
    assert abs(block["x"] + block["across"] * 0.8 / 2 - 12) < 0.02


@given(
    st.lists(
        st.tuples(st.floats(-40, 40), st.floats(-40, 40), st.integers(1, 25)),
        min_size=1,
        max_size=12,
    ),
    st.booleans(),
)
@FEW
def test_wherever_groups_are_put_none_lies_on_another(
    groups: list[tuple[float, float, int]], has_seats: bool
) -> None:
    premises = placed([(x, y) for x, y, _ in groups], [size for _, _, size in groups])
    plan = floor_plan(premises._replace(seats=(0.0, 0.0) if has_seats else None), 0.8)
    drawn = boxes(plan) + [[x, y, wide, plan["sign"]] for x, y, wide in plan["groups"]]
    for n, (x, y, wide, high) in enumerate(drawn):
        assert -0.01 <= x <= plan["width"] - wide + 0.02
        assert 0 <= y <= plan["height"] - high
        for left, top, breadth, height in drawn[:n]:
            beside = x >= left + breadth - 0.03 or left >= x + wide - 0.03
            assert beside or y >= top + height - 0.03 or top >= y + high - 0.03
