"""What a frame of the day in motion costs on a machine like a phone.

The page that `govhall animate` writes is opened in headless Chromium at the width of a phone. It
plays while the browser slows the processor down, until the player knows how slow it is. Then each
frame's cost is measured at full speed and multiplied: the processor time of all that the page's
main thread does for it (script, layout, painting), from the browser's own trace. The browser's
brake goes by the clock, and would multiply what other programs of the machine take.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

import sim
from sim.arrays import Floats
from sim.runs.played_day import PlayedDay, serve_day
from sim.scenario.edit import demand_overrides
from sim.scenario.layers import read_extended
from sim.text import load_text
from sim.views.day_page import day_data, day_html
from tests.web.browsing import CHROMIUM

PEOPLE: Final = 1_500
"""On the day that is played."""
LAYOUTS: Final = ("zone", "counters")
SPEEDS: Final = (30, 120, 900)
"""Seconds of the day in one of the screen, slowest, usual and highest of the player."""
SLOWER: Final = 4
"""Times by which the processor is slower."""
WARM_MS: Final = 2_000
"""In which the player sees whether the machine keeps up."""
SECONDS: Final = 5
"""Of the screen, for each measurement; they have the busiest minute in their middle."""
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3.0}
CATEGORIES: Final = ("devtools.timeline", "disabled-by-default-devtools.timeline")
FRAME_MS: Final = 1000 / 60


def motion(rounds: int) -> list[dict[str, Any]]:
    """Milliseconds of a frame in one hall and in two side by side; over `rounds` runs of each.

    At most `FRAME_MS` at the 95 % quantile are wanted.
    """
    rows = []
    with tempfile.TemporaryDirectory() as folder, _phone() as browser:
        for layouts in (LAYOUTS[:1], LAYOUTS):
            played = _played(layouts)
            page = Path(folder) / f"{len(layouts)}.html"
            text = load_text("zh")
            page.write_text(day_html(day_data(played, text), text), encoding="utf-8")
            busiest = _busiest(played)
            for speed in SPEEDS:
                begin = max(busiest - speed * SECONDS // 2, 0)
                runs = [_frames(browser, page, begin, speed) for _ in range(rounds)]
                costs = np.concatenate([costs for costs, _ in runs])
                rows.append(
                    {
                        "halls": len(layouts),
                        "speed": speed,
                        "people": _people(played),
                        "frames": len(costs),
                        "median, ms": float(np.median(costs)),
                        "95 %, ms": float(np.quantile(costs, 0.95)),
                        "99 %, ms": float(np.quantile(costs, 0.99)),
                        "over a frame": float((costs > FRAME_MS).mean()),
                        "frames/s": float(np.mean([rate for _, rate in runs])),
                    }
                )
    return rows


def _played(layouts: tuple[str, ...]) -> PlayedDay:
    """The first day of the city, with so many people as are wanted."""
    tree = read_extended(sim.example_path("sanmenxia.yaml"), [])
    factor = 1.0
    for _ in range(4):
        changes = ["run.measured_days=1", *demand_overrides(tree, factor)]
        scenario = sim.load_scenario(sim.example_path("sanmenxia.yaml"), changes)
        played = serve_day(scenario, layouts)
        factor *= PEOPLE / _people(played)
    return played


def _people(played: PlayedDay) -> int:
    """Visits that begin on the day."""
    came = played.tables[0].visits.arrived_at // 86_400_000
    return int((came == played.day).sum())


def _busiest(played: PlayedDay) -> int:
    """Second of the day at which most people are in the first hall."""
    tickets = played.tables[0].tickets
    seconds = np.arange(86_400)
    came = np.sort(tickets.arrived_at - 86_400_000 * played.day) // 1000
    left = np.sort(tickets.ended_at - 86_400_000 * played.day) // 1000
    inside = np.searchsorted(came, seconds, "right") - np.searchsorted(left, seconds, "right")
    return int(np.argmax(inside))


@contextmanager
def _phone() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        raise SystemExit("no Chromium on the PATH; see CONTRIBUTING.md")
    with sync_playwright() as led:
        browser = led.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def _frames(browser: Any, page_file: Path, begin: int, speed: int) -> tuple[Floats, float]:
    """Milliseconds of each frame, and frames a second."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    clock = f"{begin // 3600:02}:{begin // 60 % 60:02}"
    page.goto(f"{page_file.as_uri()}#{clock}")
    page.locator(".hall-day select").first.select_option(str(speed))
    last = page.locator(".hall-day .layout").last
    last.evaluate("heading => heading.scrollIntoView({ block: 'center' })")  # both halls in sight
    page.wait_for_timeout(500)
    brake = context.new_cdp_session(page)
    brake.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.locator(".hall-day .play").evaluate("button => button.click()")
    page.wait_for_timeout(WARM_MS)
    brake.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    browser.start_tracing(page=page, categories=[*CATEGORIES])
    page.wait_for_timeout(1000 * SECONDS)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    context.close()
    costs, rate = frame_costs(events)
    return SLOWER * costs, rate


def frame_costs(events: list[dict[str, Any]]) -> tuple[Floats, float]:
    """Milliseconds of the main thread's processor time from one frame's script to the next one's,
    and frames a second; of a trace of the browser.
    """
    drawn = [event for event in events if event.get("name") == "FireAnimationFrame"]
    [thread] = {(event["pid"], event["tid"]) for event in drawn}
    frames = np.sort([event["ts"] for event in drawn])
    tasks = [
        event
        for event in events
        if event.get("ph") == "X"
        and event["name"] == "RunTask"
        and (event["pid"], event["tid"]) == thread
    ]
    ends = np.array([task["ts"] + task["dur"] for task in tasks])
    spent = np.array([task["tdur"] for task in tasks])
    frame = np.searchsorted(frames, ends, side="right") - 1
    inside = (frame >= 0) & (frame < len(frames) - 1)
    costs = np.bincount(frame[inside], weights=spent[inside], minlength=len(frames) - 1) / 1000
    return costs, (len(frames) - 1) / ((frames[-1] - frames[0]) / 1e6)
