"""What every answer of the app's server carries: what it may load, who may frame it, a mark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from starlette.middleware import Middleware

from sim.web.reader import COOKIE, MARK, new_mark

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        # Streamlit's own page has a script in it, and it runs components from strings
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "frame-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing is loaded from elsewhere, and nobody shows the app inside a page of theirs."""
HEADERS: Final = (
    ("content-security-policy", POLICY),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),  # an address opens a study: it is told to no other site
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
COOKIE_S: Final = 365 * 86_400
"""Seconds that a browser keeps its mark."""


class Gate:
    """Adds headers to every answer, and a mark to a browser that has none."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on; an answer gets its headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        more = [(name.encode(), value.encode()) for name, value in HEADERS]
        if scope["path"].rstrip("/").rpartition("/")[2].count(".") == 0 and not _marked(scope):
            more.append((b"set-cookie", _cookie(scope).encode()))
        ours = {name for name, _ in more} - {b"set-cookie"}

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept_headers = [
                    pair for pair in message.get("headers", ()) if pair[0].lower() not in ours
                ]
                message["headers"] = [*kept_headers, *more]
            await send(message)

        await self.app(scope, receive, send_with)


def _marked(scope: Message) -> bool:
    """Whether the browser has a mark of ours."""
    for name, value in scope.get("headers", ()):
        if name.lower() == b"cookie":
            try:
                mark = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                continue
            if mark is not None and MARK.fullmatch(mark.value):
                return True
    return False


def _cookie(scope: Message) -> str:
    headers = {name.lower(): value for name, value in scope.get("headers", ())}
    secure = "https" in (scope.get("scheme"), headers.get(b"x-forwarded-proto", b"").decode())
    about = f"Max-Age={COOKIE_S}; Path=/; HttpOnly; SameSite=Lax"
    return f"{COOKIE}={new_mark()}; {about}{'; Secure' if secure else ''}"


GATE: Final = (Middleware(Gate),)
