"""Many readers at once: how long each page takes while their simulations run, and in which order.

`python -m tests.load --readers 30` starts the app on a free port with a folder of its own. Each
reader has asked for simulations. As soon as the server answers, two readers open every page, one in
each language; then all open pages one after the other over a WebSocket, as a browser does, and
think in between. A page's time is from the request to the end of its script. Status 1 when one took
too long or failed, one was never opened, or the order was not fair.
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
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from sim import example_path, load_scenario
from sim.questions.compare import CompareQuestion
from sim.storage.jobs import Jobs, environment_of_workers
from sim.storage.request import Request
from sim.text import LANGUAGES, Language
from sim.web.pages import PAGES
from sim.web.reader import digest, new_mark
from tests.load.browsing import Browsing, PageTime
from tests.load.summary import most_memory, processor_seconds, start_order, table

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 60.0
"""Seconds that the server may take until it answers."""
EVERY = tuple((page.key, language) for page in PAGES for language in LANGUAGES)
"""Every page in every language."""
FAILED = "page failed"
"""What the server's log says of a page that broke, and so was quick."""


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
                first = asyncio.run(_open_all(port))
                before = processor_seconds(server.pid)
                times = asyncio.run(_read(port, marks, options))
                spent = processor_seconds(server.pid) - before
                memory = most_memory(server.pid)
                fair, started = start_order(home / "runs")
            finally:
                server.terminate()
        failed = (home / "server.log").read_text(encoding="utf-8").count(FAILED)
    load = ", ".join(f"{share:.1f}" for share in os.getloadavg())
    keys = [page.key for page in PAGES]
    print(f"each page right after the start, in each language:\n{table(first, keys)}\n")
    print(f"{options.readers} readers:\n{table(times, keys)}\n")
    slow = [each for each in (*first, *times) if each.seconds > options.limit]
    for each in slow:
        print(
            f"longer than {options.limit:g} s: {each.page} ({each.language}) {each.seconds:.2f} s"
        )
    print(
        f"{options.readers} readers, {len(times)} pages in {options.seconds} s, "
        f"a pause of {options.pause:g} s on average; {started} simulations begun, "
        f"{'in fair order' if fair else 'NOT in fair order'}; "
        f"{spent / max(len(times), 1):.2f} s of processor time a page; "
        f"at most {memory:.0f} MB of memory; "
        f"{os.cpu_count()} cores, load of the machine {load} in 1, 5, 15 minutes"
    )
    opened = {(each.page, each.language) for each in times}
    missing = [f"{page} ({language})" for page, language in EVERY if (page, language) not in opened]
    if missing:
        print(f"never opened: {', '.join(missing)}; more --readers or --seconds open them")
    if failed:
        print(f"{failed} pages failed")
    return 0 if fair and not (slow or missing or failed) else 1


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


async def _open_all(port: int) -> list[PageTime]:
    """Each page in each language as soon as the server answers, by a reader a language; one begins
    with the last page.
    """
    pages = [page.key for page in PAGES]
    orders = zip(LANGUAGES, (pages, pages[::-1]), strict=True)
    readers = [_open_in_order(port, language, order) for language, order in orders]
    return [each for times in await asyncio.gather(*readers) for each in times]


async def _open_in_order(port: int, language: Language, pages: Sequence[str]) -> list[PageTime]:
    async with Browsing(port, new_mark()) as browsing:
        return [await browsing.open(page, language) for page in pages]


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
    """Every page in every language in an order of the reader's own, again and again."""
    times: list[PageTime] = []
    waiting: list[tuple[str, Language]] = []
    await asyncio.sleep(draw.uniform(0, pause))
    async with Browsing(port, mark) as browsing:
        while time.monotonic() < until:
            waiting = waiting or draw.sample(EVERY, len(EVERY))
            times.append(await browsing.open(*waiting.pop()))
            await browsing.look(min(draw.expovariate(1 / pause), until - time.monotonic()))
    return times


if __name__ == "__main__":
    sys.exit(main())
