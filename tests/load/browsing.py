"""A reader at a browser, as far as the server can tell: pages over a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import time
from types import TracebackType
from typing import NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.asyncio.client import ClientConnection, connect

from sim.text import Language
from sim.web.pages import PAGES
from sim.web.reader import COOKIE

LONGEST_S = 300.0
EARLY = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
"""The page turns to something else, and is run once more: it is not there yet."""


class PageTime(NamedTuple):
    """How long a page took."""

    page: str
    language: Language
    seconds: float
    size: int
    """Bytes that the server sent."""


class Browsing:
    """One session of a reader; what a page asks to be renewed by itself is renewed."""

    def __init__(self, port: int, mark: str) -> None:
        self._address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self._headers = {"Cookie": f"{COOKIE}={mark}"}
        self._socket: ClientConnection
        self._renewed: dict[str, float] = {}
        """Parts of the page that renew themselves, and every how many seconds."""
        self._address_of_page = ("", "")

    async def __aenter__(self) -> Browsing:
        self._socket = await connect(
            self._address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers=self._headers,
            max_size=None,
            ping_timeout=LONGEST_S,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()

    async def open(self, page: str, language: Language) -> PageTime:
        """Open a page, and wait until it is complete."""
        self._renewed.clear()
        self._address_of_page = (page if page != PAGES[0].key else "", language)
        begun = time.monotonic()
        await self._ask()
        size = await asyncio.wait_for(self._finished(), LONGEST_S)
        return PageTime(page, language, time.monotonic() - begun, size)

    async def look(self, seconds: float) -> None:
        """Look at the page for a while; parts that renew themselves are asked for."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if not self._renewed:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._finished(), left)
                continue
            part, every = next(iter(self._renewed.items()))
            await asyncio.sleep(min(every, left))
            await self._ask(part)
            await asyncio.wait_for(self._finished(), LONGEST_S)

    async def _ask(self, part: str = "") -> None:
        page, language = self._address_of_page
        message = BackMsg()
        message.rerun_script.query_string = f"lang={language}"
        message.rerun_script.page_script_hash = calc_hash(page)
        message.rerun_script.page_name = page
        message.rerun_script.fragment_id = part
        await self._socket.send(message.SerializeToString())

    async def _finished(self) -> int:
        size = 0
        async for data in self._socket:
            size += len(data)
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            kind = message.WhichOneof("type")
            if kind == "auto_rerun":
                self._renewed[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            if kind == "script_finished" and message.script_finished != EARLY:
                return size
        raise ConnectionError("the server has closed the connection")
