"""The app behind the web server as `deploy/nginx.conf` sets it up, in a real browser.

At an address of its own and at one with a path; with names and passwords, and a certificate of the
test's own. Needs Chromium, nginx, openssl (`apt install nginx-light openssl`) and
`pip install '.[browser]'`.
"""

from __future__ import annotations

import base64
import http.client
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from sim.text import load_text
from tests.web.browsing import ROOT, SCREENS, Visit, check, free_port, serve, until_it_works
from tests.web.halls import home_with_hall

NGINX: Final = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL: Final = shutil.which("openssl")
PASSWORDS: Final = {"ann": "first secret", "bob": "second secret"}
MB: Final = 1_000_000
"""As Streamlit's page reckons."""
LARGEST_MB: Final = 20
"""As `.streamlit/config.toml` and the page say."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(None in (NGINX, OPENSSL), reason="no nginx or no openssl on the PATH"),
]


class Front(NamedTuple):
    """The web server in front: its ports, and that of the app behind it."""

    https: int
    http: int
    app: int


@contextmanager
def in_front(folder: Path, path: str) -> Iterator[Front]:
    """The web server, with the file that ships; at `path`, as its words say."""
    assert NGINX is not None
    front = Front(free_port(), free_port(), free_port())
    pair = ["-keyout", f"{folder}/hall.key", "-out", f"{folder}/hall.crt"]
    run(OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *pair, "-subj", "/CN=localhost")
    users = [
        f"{name}:{run(OPENSSL, 'passwd', '-apr1', password)}"
        for name, password in PASSWORDS.items()
    ]
    (folder / "hall.users").write_text("".join(users))
    server = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for ours, tests in (
        ("listen 80;", f"listen 127.0.0.1:{front.http};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{front.https} ssl;"),
        ("hall.example.gov.cn", "localhost"),
        ("/etc/nginx/hall", f"{folder}/hall"),
        ("http://127.0.0.1:8501", f"http://127.0.0.1:{front.app}"),
        ("location / {", f"location {path} {{"),
        ("location = /_stcore", f"location = {path}_stcore"),
    ):
        assert ours in server
        server = server.replace(ours, tests)
    (folder / "hall.conf").write_text(server, encoding="utf-8")
    buffers = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = " ".join(f"{name}_temp_path {folder}/{name};" for name in buffers)
    # its workers read the test's files, which are nobody's but the test's
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f" http {{ access_log off; {own} include /etc/nginx/mime.types; include hall.conf; }}"
    )
    command = [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "error.log")]
    with subprocess.Popen(command) as server_in_front:
        try:
            until_it_works(
                lambda: socket.create_connection(("127.0.0.1", front.https), timeout=2).close()
            )
            yield front
        finally:
            server_in_front.terminate()


def run(*command: str | None) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


@pytest.fixture(params=["/", "/hall/"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address at which people open the app."""
    path: str = request.param
    settings = {"GOVHALL_USER_HEADER": "X-Remote-User"}
    if path != "/":
        settings["STREAMLIT_SERVER_BASE_URL_PATH"] = path.strip("/")
    home = home_with_hall(tmp_path)
    with in_front(tmp_path, path) as front, serve(home, port=front.app, **settings):
        yield f"https://localhost:{front.https}{path}".rstrip("/")


def visit_as(person: str, browser: Any, site: str, **window: Any) -> Visit:
    signed = {"username": person, "password": PASSWORDS[person]}
    more = {"ignore_https_errors": True, "http_credentials": signed, **window}
    return Visit(browser, site, "zh", SCREENS[0], **more)


def test_pages_are_drawn_readers_told_apart_and_large_files_taken(
    browser: Any, site: str, tmp_path: Path
) -> None:
    text = load_text("zh")
    saved = text("page.my_hall.kept", n=1)
    with visit_as("ann", browser, site) as visit:
        sockets: list[str] = []
        visit.page.on("websocket", lambda socket: sockets.append(socket.url))
        visit.open("my_hall")
        check(visit, f"nginx.{site.count('/') - 2}")
        assert sockets == [f"{site.replace('https', 'wss')}/_stcore/stream"]
        visit.press(text("page.my_hall.save"))
        visit.wait_for(saved)
        visit.open("my_log")
        largest = tmp_path / "largest.csv"
        largest.write_bytes(b"x" * LARGEST_MB * MB)
        with visit.page.expect_response(lambda answer: "/upload_file/" in answer.url) as sent:
            visit.page.locator("input[type=file]").first.set_input_files(largest)
        assert sent.value.ok
        visit.settle()
        assert visit.complaints == []
    with visit_as("bob", browser, site, extra_http_headers={"X-Remote-User": "ann"}) as visit:
        visit.open("my_hall")
        assert saved not in visit.words, "the hall is the other's"
    with visit_as("ann", browser, site) as visit:
        visit.open("my_hall")
        assert saved in visit.words, "the same person at another computer"


class _Recorder(BaseHTTPRequestHandler):
    """In the app's place: remembers what it is told."""

    headers_seen: Mapping[str, str] = {}

    def do_GET(self) -> None:
        type(self).headers_seen = {name.lower(): value for name, value in self.headers.items()}
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    """The web server, with something behind it that remembers what it is told."""
    with (
        in_front(tmp_path, "/") as ports,
        HTTPServer(("127.0.0.1", ports.app), _Recorder) as behind,
    ):
        thread = threading.Thread(target=behind.serve_forever)
        thread.start()
        yield ports
        behind.shutdown()
        thread.join()


def ask(front: Front, path: str = "/", method: str = "GET", **headers: str) -> int:
    """The status of an answer; words of headers are joined by `_`."""
    unknown = ssl.create_default_context()
    unknown.check_hostname, unknown.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection("localhost", front.https, context=unknown)
    sent = {name.replace("_", "-"): word for name, word in headers.items()}
    line.request(method, path, headers=sent)
    status = line.getresponse().status
    line.close()
    return status


def test_what_a_browser_says_of_its_reader_is_not_believed(front: Front) -> None:
    bobs = "Basic " + base64.b64encode(f"bob:{PASSWORDS['bob']}".encode()).decode()
    assert ask(front, Authorization=bobs, X_Remote_User="ann", X_Forwarded_Proto="http") == 200
    assert _Recorder.headers_seen["x-remote-user"] == "bob"
    assert _Recorder.headers_seen["x-forwarded-proto"] == "https"
    assert ask(front, X_Remote_User="ann") == 401
    assert ask(front, "/_stcore/health") == 200, "monitoring has no name"
    too_large = str(23 * MB)
    path = "/_stcore/upload_file/x"
    assert ask(front, path, "PUT", Authorization=bobs, Content_Length=too_large) == 413


def test_who_comes_in_the_open_is_led_to_the_secured_address(front: Front) -> None:
    line = http.client.HTTPConnection("localhost", front.http)
    line.request("GET", "/layouts?lang=en")
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (
        301,
        "https://localhost/layouts?lang=en",
    )
    line.close()
