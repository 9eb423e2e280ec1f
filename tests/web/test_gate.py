"""What each answer of the server carries, and the mark by which a browser is known again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sim.web.gate import HEADERS, POLICY, Gate
from sim.web.reader import COOKIE, MARK


def answered(
    *headers: tuple[bytes, bytes], path: str = "/", scheme: str = "http", kind: str = "http"
) -> list[tuple[bytes, bytes]]:
    """Headers of an answer to a request with these."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        start = [(b"content-type", b"text/html"), (b"X-Frame-Options", b"ALLOWALL")]
        await send({"type": "http.response.start", "status": 200, "headers": start})

    async def keep(message: Any) -> None:
        sent.append(message)

    async def nothing() -> Any:
        return {}

    scope = {"type": kind, "path": path, "scheme": scheme, "headers": list(headers)}
    asyncio.run(Gate(app)(scope, nothing, keep))
    sent_headers: list[tuple[bytes, bytes]] = sent[0]["headers"]
    return sent_headers


def test_every_answer_has_the_headers_once() -> None:
    for path in ("/", "/layouts", "/static/js/index.js", "/_stcore/health"):
        headers = [(name.lower(), value) for name, value in answered(path=path)]
        for name, value in HEADERS:
            assert headers.count((name.encode(), value.encode())) == 1
            assert [header for header, _ in headers].count(name.encode()) == 1, (
                "ours, not another's"
            )


def test_nobody_frames_the_app_and_nothing_comes_from_elsewhere() -> None:
    rules = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert rules["frame-ancestors"] == "'none'"
    assert rules["object-src"] == "'none'"
    assert rules["default-src"] == "'self'"
    assert "http" not in POLICY.replace("https", "http")
    assert "*" not in POLICY


def cookies(headers: list[tuple[bytes, bytes]]) -> list[str]:
    return [value.decode() for name, value in headers if name == b"set-cookie"]


def test_a_browser_gets_a_mark_once() -> None:
    [cookie] = cookies(answered())
    name, _, value = cookie.partition("=")
    mark, _, about = value.partition("; ")
    assert name == COOKIE
    assert MARK.fullmatch(mark)
    assert "HttpOnly" in about
    assert "SameSite=Lax" in about
    assert "Secure" not in about
    assert cookies(answered((b"cookie", f"a=b; {COOKIE}={mark}".encode()))) == []
    [new_cookie] = cookies(answered())
    assert new_cookie != cookie
    assert cookies(answered(path="/static/js/index.js")) == []


@pytest.mark.parametrize("wrong", ["", "x", "A" * 32, "0" * 33, "../../etc", '"'])
def test_a_mark_that_is_none_of_ours_is_replaced(wrong: str) -> None:
    assert len(cookies(answered((b"cookie", f"{COOKIE}={wrong}".encode())))) == 1


def test_over_https_the_mark_never_travels_in_the_open() -> None:
    assert "Secure" in cookies(answered(scheme="https"))[0]
    assert "Secure" in cookies(answered((b"x-forwarded-proto", b"https")))[0]


def test_a_socket_is_passed_on_as_it_is() -> None:
    assert (b"x-content-type-options", b"nosniff") not in answered(kind="websocket")
