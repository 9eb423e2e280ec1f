"""Many readers at once: how long each page takes while their simulations run, and in which order.

`python -m tests.load --readers 30` starts the app on a free port with a folder of its own. Each
reader has asked for simulations, then opens pages one after the other over a WebSocket, as a
browser does, and thinks in between. A page's time is from the request to the end of its script.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import IO

from sim import example_path, load_scenario
from sim.questions.compare import CompareQuestion
from sim.storage.jobs import Jobs, environment_of_workers
from sim.storage.request import Request
from sim.text import LANGUAGES
from sim.web.pages import PAGES
from sim.web.reader import digest, new_mark
from tests.load.browsing import Browsing, PageTime
from tests.load.summary import most_memory, processor_seconds, start_order, table

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 60.0
"""Seconds that the server may take until it answers."""


def main() -> int:
    """Measure, print, and say whether each page was quick enough and the order was fair."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), _free_port()
        marks = [new_mark() for _ in range(options.readers)]
        _ask(home, marks, options)
        with (home / "server.log").open("w") as log, _serve(home, port, log) as server:
            try:
                _await(port)
                first = asyncio.run(_open_each(port))
                before = processor_seconds(server.pid)
                times = asyncio.run(_read(port, marks, options))
                spent = processor_seconds(server.pid) - before
                memory = most_memory(server.pid)
                fair, started = start_order(home / "runs")
            finally:
                server.terminate()
    load = ", ".join(f"{share:.1f}" for share in os.getloadavg())
    keys = [page.key for page in PAGES]
    print(f"each page for the first time in each language, by one reader:\n{table(first, keys)}\n")
    print(f"{options.readers} readers:\n{table(times, keys)}\n")
    print(
        f"{options.readers} readers, {len(times)} pages in {options.seconds} s, "
        f"a pause of {options.pause:g} s on average; {started} simulations begun, "
        f"{'in fair order' if fair else 'NOT in fair order'}; "
        f"{spent / max(len(times), 1):.2f} s of processor time a page; "
        f"at most {memory:.0f} MB of memory; "
        f"{os.cpu_count()} cores, load of the machine {load} in 1, 5, 15 minutes"
    )
    slowest = max((each.seconds for each in times), default=0.0)
    return 0 if fair and slowest <= options.limit else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--readers", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=120, help="how long they read")
    parser.add_argument("--pause", type=float, default=15.0, help="seconds between pages")
    parser.add_argument("--jobs", type=int, default=2, help="simulations that each reader asks for")
    parser.add_argument("--days", type=int, default=20, help="days of each")
    parser.add_argument("--limit", type=float, default=3.0, help="seconds that a page may take")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _ask(home: Path, marks: list[str], options: argparse.Namespace) -> None:
    """Put all simulations into the queue: each reader asks for all of theirs in one go."""
    scenario = load_scenario(example_path("sanmenxia.yaml"), [f"run.measured_days={options.days}"])
    layouts = tuple(layout.id for layout in scenario.layouts)
    queue = Jobs(home, running=0, waiting=options.jobs, waiting_all=10_000)
    for mark in marks:
        for seed in range(options.jobs):
            queue.submit(
                Request(CompareQuestion(layouts), 10, seed + 1, reader=digest(mark)), scenario
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _serve(home: Path, port: int, log: IO[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    flags = [f"--server.port={port}", "--server.headless=true"]
    environment = {**environment_of_workers(), "GOVHALL_HOME": str(home)}
    return subprocess.Popen([*command, *flags], cwd=ROOT, env=environment, stdout=log, stderr=log)


def _await(port: int) -> None:
    until = time.monotonic() + WAIT_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


async def _open_each(port: int) -> list[PageTime]:
    """Each page once in each language, as it is after the server has started."""
    async with Browsing(port, new_mark()) as browsing:
        return [await browsing.open(page.key, language) for language in LANGUAGES for page in PAGES]


async def _read(port: int, marks: list[str], options: argparse.Namespace) -> list[PageTime]:
    """All readers at once; each begins at a moment of the first pause."""
    until = time.monotonic() + options.seconds
    readers = [
        _read_alone(port, mark, random.Random(options.seed * 1_000 + n), until, options.pause)
        for n, mark in enumerate(marks)
    ]
    return [each for times in await asyncio.gather(*readers) for each in times]


async def _read_alone(
    port: int, mark: str, draw: random.Random, until: float, pause: float
) -> list[PageTime]:
    times = []
    await asyncio.sleep(draw.uniform(0, pause))
    async with Browsing(port, mark) as browsing:
        while time.monotonic() < until:
            page = draw.choice(PAGES).key
            times.append(await browsing.open(page, draw.choice(LANGUAGES)))
            await browsing.look(min(draw.expovariate(1 / pause), until - time.monotonic()))
    return times


if __name__ == "__main__":
    sys.exit(main())
