"""What is needed to run the app for a department: files agree with each other and with the code.

No container engine is needed: what they name exists, and what they set is understood. The image's
own steps are carried out by `test_image.py`.
"""

from __future__ import annotations

import fnmatch
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from sim.storage.limits import LIMITS
from sim.version import VERSION

ROOT: Final = Path(__file__).resolve().parents[1]
DEPLOY: Final = ROOT / "deploy"
DOCKERFILE: Final = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
NGINX: Final = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
IGNORED: Final = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SETTINGS: Final = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
BOTH_HALVES: Final = (DEPLOY / "README.md").read_text(encoding="utf-8").split("## English")


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    compose = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert list(compose["services"]) == ["govhall"]
    assert list(compose["volumes"]) == ["data"]
    made: dict[str, Any] = compose["services"]["govhall"]
    return made


def instructions(word: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    return [line.removeprefix(f"{word} ") for line in joined.splitlines() if line.startswith(word)]


# === the image === #


def test_the_image_is_of_a_python_that_the_project_runs_on() -> None:
    for base in instructions("FROM"):
        version = re.match(r"python:(\d\.\d+)-slim", base)
        assert version is not None, base
        assert f"Programming Language :: Python :: {version[1]}" in PROJECT["classifiers"]


def test_nobody_in_the_image_is_root_and_its_state_is_on_the_volume() -> None:
    [user] = instructions("USER")
    assert int(user) > 0
    assert f"--uid {user} " in DOCKERFILE
    assert instructions("VOLUME") == ["/data"]
    settings = dict(re.findall(r"(\w+)=(\S+)", " ".join(instructions("ENV"))))
    assert settings["HOME"] == "/data"
    assert settings["GOVHALL_HOME"].startswith("/data/")
    assert DOCKERFILE.index("USER") > DOCKERFILE.rindex("COPY"), "what is copied is root's"


def test_the_index_is_named_by_whoever_builds() -> None:
    assert instructions("ARG") == ["PIP_INDEX_URL"]


def test_all_that_is_built_from_is_there_and_let_in() -> None:
    named = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    assert [name for name in named - {"wheels"} if not (ROOT / name).exists()] == []
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    wheel = build["build"]["targets"]["wheel"]
    needed = {*wheel["only-include"], *wheel["force-include"], PROJECT["readme"]}
    needed |= {"pyproject.toml", *re.findall(r"-r (\S+)", DOCKERFILE)}
    needed |= {name for name in PROJECT["license-files"] if "/" not in name}
    assert needed <= named
    assert IGNORED.index("*") < min(IGNORED.index(f"!{name}") for name in named)
    assert not any(fnmatch.fnmatch("secrets.toml", name) for name in named)


def test_its_health_is_asked_where_streamlit_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    [check] = instructions("HEALTHCHECK")
    command = re.search(r'CMD \["python", "-c", "(.*)"\]', check)
    assert command is not None
    addresses: list[str] = []
    monkeypatch.setattr("urllib.request.urlopen", lambda url, timeout: addresses.append(url))
    for path in ("", "hall", "/a/b/"):
        monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", path)
        exec(command[1], {})
    start = "http://127.0.0.1:8501/"
    assert addresses == [f"{start}{path}_stcore/health" for path in ("", "hall/", "a/b/")]


# === compose === #


def test_compose_builds_that_image_and_names_what_exists(service: dict[str, Any]) -> None:
    build = service["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()
    assert list(build["args"]) == instructions("ARG")
    assert build["args"]["PIP_INDEX_URL"] is None, "no default"
    assert service["image"] == f"govhall:{VERSION}"


def test_compose_bounds_what_a_container_may_do(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert re.fullmatch(r"\d+g", service["mem_limit"])
    assert service["pids_limit"] > 0
    assert service["volumes"] == ["data:/data"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_settings_of_compose_are_ours_and_can_be_read(
    service: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_name = {limit.name: limit for limit in LIMITS}
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, value)
        assert by_name[name].read() == float(value)
    assert float(service["environment"]["GOVHALL_CORES"]) == service["cpus"]


# === the web server in front === #


def test_pages_reach_the_app_through_nginx() -> None:
    for line in (
        "proxy_http_version 1.1;",
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header Connection $connection_upgrade;",
        "proxy_set_header Host $http_host;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "proxy_set_header X-Remote-User $remote_user;",
    ):
        assert line in NGINX
    most = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert most is not None
    assert int(most[1]) > SETTINGS["server"]["maxUploadSize"]
    assert NGINX.count("{") == NGINX.count("}")


def test_nginx_takes_the_example(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    openssl = shutil.which("openssl")
    if nginx is None or openssl is None:
        pytest.skip("nginx and openssl are not installed")
    pair = ["-keyout", f"{tmp_path}/hall.key", "-out", f"{tmp_path}/hall.crt"]
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *pair, "-subj", "/CN=hall"]
    subprocess.run(made, check=True, capture_output=True)
    server = NGINX.replace("/etc/nginx/hall", f"{tmp_path}/hall")
    (tmp_path / "hall.conf").write_text(re.sub(r"listen (\d)", r"listen 1\1", server))
    whole = f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/hall.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole)
    command = [nginx, "-t", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr


# === signing in, starting, telling === #


def test_secrets_have_what_streamlit_asks_for_and_none_of_ours() -> None:
    example = tomllib.loads((DEPLOY / "secrets.toml.example").read_text(encoding="utf-8"))
    assert set(example["auth"]) == {
        *("redirect_uri", "cookie_secret"),
        *("client_id", "client_secret", "server_metadata_url"),
    }
    assert example["auth"]["redirect_uri"].endswith("/oauth2callback")
    assert not example["auth"]["cookie_secret"] + example["auth"]["client_secret"]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/deploy/secrets.toml", "/.streamlit/secrets.toml"} <= set(ignored)


def test_the_windows_script_is_one_that_windows_reads() -> None:
    content = (ROOT / "start.bat").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n"), "lines end as Windows ends them"
    assert not content.startswith(b"\xef\xbb\xbf"), "a mark would be taken for a command"
    lines = content.decode("utf-8").split("\r\n")
    first_chinese = next(n for n, line in enumerate(lines) if not line.isascii())
    assert lines.index("chcp 65001 >nul") < first_chinese
    assert all(line.count("(") == line.count(")") for line in lines if "echo " in line)
    words = "\n".join(lines)
    versions = re.findall(r"\d\.\d+", re.search(r"for %%v in \((.*?)\)", words)[1])  # type: ignore[index]
    named = [entry.rpartition(" ")[2] for entry in PROJECT["classifiers"] if ":: 3." in entry]
    assert versions == named[::-1], "the newest first"
    assert "%PYTHON% run.py app" in words
    assert words.count("(") == words.count(")")


@pytest.mark.parametrize("half", [0, 1], ids=["zh", "en"])
def test_both_languages_tell_of_every_file_and_setting(half: int) -> None:
    told_of = ["start.bat", "compose.yaml", "nginx.conf", "secrets.toml.example", "run.py wheels"]
    told_of += ["GOVHALL_USER_HEADER", "STREAMLIT_SERVER_BASE_URL_PATH", "PIP_INDEX_URL"]
    told_of += ["govhall backup", "govhall restore", "_stcore/health", "GOVHALL_CORES"]
    assert [word for word in told_of if word not in BOTH_HALVES[half]] == []


def test_old_pythons_are_told_so_and_nothing_else() -> None:
    """`run.py` is read by whatever Python is there: nothing in it may be too new to be read."""
    code = (ROOT / "run.py").read_text(encoding="utf-8")
    before_checks = code[: code.index("def fetch_wheels")]
    assert "import tomllib" not in before_checks
    helped = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "--help"], capture_output=True, text=True, check=True
    )
    assert "run.py wheels" in helped.stdout
