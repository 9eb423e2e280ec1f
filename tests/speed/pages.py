"""What a page of the app costs with a province beside a prefecture: time, and what is sent.

Pages are run as their test runner runs them, without a browser: what a browser adds follows from
the bytes that it is sent.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from tests.speed.halls import PREFECTURES
from tests.speed.province_files import BASE, province_files

APP: Final = Path(__file__).resolve().parents[2] / "app.py"
DAYS: Final = 5


def pages(runs: int) -> list[dict[str, Any]]:
    """Seconds of each page, opened first and again, of the largest province over the prefecture.

    Each round reads the scenarios and draws all figures anew; the least of the rounds counts.
    """
    import streamlit as st

    from sim.web.change import Change, Source, made
    from sim.web.pages import PAGES
    from sim.web.tables import keep_tables

    least: dict[tuple[str, str], tuple[float, float, int]] = {}
    with tempfile.TemporaryDirectory() as home:
        os.environ["GOVHALL_HOME"] = home
        files = province_files(PREFECTURES[-1], DAYS)
        tables = keep_tables(files.tables)
        for n in range(runs + 1):  # the first round warms up
            anew = f"# {n}\n"
            small = Source("area.yaml", f"{anew}extends: {BASE}\n")
            large = Source("province.yaml", f"{anew}{files.text}", tables)
            for area, source in (("small", small), ("large", large)):
                change = Change(source)
                st.cache_data.clear()
                st.cache_resource.clear()
                assert made(change).scenario is not None
                for page in PAGES:
                    opened = _opened(page.key, change)
                    if n:
                        before = least.get((page.key, area), opened)
                        cheapest = (min(pair) for pair in zip(before, opened, strict=True))
                        least[page.key, area] = tuple(cheapest)  # type: ignore[assignment]
    rows = []
    for page in PAGES:
        first, again, sent = least[page.key, "large"]
        small_first, small_again, small_sent = least[page.key, "small"]
        rows.append(
            {
                "page": page.key,
                "first, s": first,
                "first, times": first / small_first,
                "again, s": again,
                "again, times": again / small_again,
                "kB": sent / 1000,
                "kB, times": sent / small_sent,
            }
        )
    return rows


def _opened(key: str, change: Any) -> tuple[float, float, int]:
    """Processor seconds until a page is there, first and again, and the bytes of its parts."""
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from sim.web.pages import PAGES
    from sim.web.session import Session

    app = AppTest.from_file(str(APP), default_timeout=600)
    app.session_state["session"] = Session("zh", change)
    app._page_hash = calc_hash("" if key == PAGES[0].key else key)
    seconds = []
    for _ in range(2):
        before = time.process_time()
        app.run()
        seconds.append(time.process_time() - before)
        assert not app.exception, key
    protos = (getattr(part, "proto", None) for part in app.main)
    sent = sum(proto.ByteSize() for proto in protos if proto is not None)
    return seconds[0], seconds[1], sent
