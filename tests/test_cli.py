"""The command line as planners and programs meet it: words, figures, files, and every way out."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest

from sim import data_dir, example_path, load_scenario
from sim.__main__ import main
from sim.command.options import ENGINES
from sim.command.root import govhall
from sim.engine.run import ENGINES as KNOWN_ENGINES
from sim.engine.run import Engine
from sim.storage.example import example_folder
from sim.storage.kept_study import open_study
from sim.text import LANGUAGES, load_text
from tests.scenario.test_places import AREA

ROOT = Path(__file__).resolve().parents[1]
CITY_FILE = str(example_path("sanmenxia.yaml"))
CJK = re.compile(r"[\u4e00-\u9fff]")
TINY = """\
name: {zh: 小厅, en: Small hall}
run: {start: 2025-01-06, warmup_days: 0, measured_days: 2, replications: 3, seed: 5}
calendars:
- {id: day, weekly: {mon-sun: [09:00-12:00]}, source: a sign at the door}
hall: {name: {zh: 小厅, en: Small hall}, hours: day}
departments:
- id: office
  name: {zh: 办公室, en: Office}
  reviewers: 1
  hours: day
  assumed: {reviewers: [1, 2]}
matters:
- id: errand
  name: {zh: 单项业务, en: Single item}
  lead: office
  service: {base: {law: exponential, mean: 9 min}}
  source: a week with a stop watch
  assumed: {service.base.mean: [7 min, 12 min]}
demand:
- {id: everybody, matter: errand, rate: 12 per h, source: the ticket machine}
layouts:
- id: one_list
  name: {zh: 一条队, en: One list}
  windows: [{id: pool, serves: [errand], clerks: 3, assumed: {clerks: [2, 4]}}]
- id: two_lists
  name: {zh: 两条队, en: Two lists}
  routing: {rule: shortest_wait}
  windows:
  - {id: left, serves: [errand], clerks: 2, assumed: {clerks: [1, 3]}}
  - {id: right, serves: [errand], clerks: 1, assumed: {clerks: [1, 3]}}
"""
QUICK = ("--engine", "reference", "--cores", "1")


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str


class Hall:
    """A folder with a small scenario, and the command line in it."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capture = folder, capture
        self.file = str(folder / "tiny.yaml")
        Path(self.file).write_text(TINY, encoding="utf-8")

    def __call__(self, *arguments: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = self._capture.readouterr()
        assert isinstance(left.value.code, int)
        return Said(left.value.code, out, err)

    def data(self, *arguments: str) -> Any:
        said = self(*arguments, "--format", "json")
        assert said.status == 0, said.err
        return json.loads(said.out)


@pytest.fixture
def hall(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hall]:
    for name in ("GOVHALL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGINT)
    yield Hall(tmp_path, capsys)
    assert signal.getsignal(signal.SIGINT) is before


@contextmanager
def process(*arguments: str, **settings: Any) -> Iterator[subprocess.Popen[str]]:
    """The command line as a process of its own, in English; it does not outlive its test."""
    environment = {**os.environ, "GOVHALL_LANG": "en", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
        **settings,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


class TestHelp:
    @pytest.mark.parametrize("command", ["", *govhall(load_text("en")).commands])
    def test_is_in_one_language(self, hall: Hall, command: str) -> None:
        words = [command] if command else []
        zh = hall(*words, "--help", "--lang", "zh")
        en = hall(*words, "--lang", "en", "--help")
        assert zh.status == en.status == 0
        assert zh.out.startswith("用法：govhall")
        for line in filter(None, zh.out.splitlines()):
            name, _, meaning = line.strip().partition("  ")
            assert CJK.search(meaning or name), line
        assert en.out.startswith("Usage: govhall")
        assert not CJK.search(en.out)

    def test_without_a_command_tells_what_there_is(self, hall: Hall) -> None:
        assert hall().out == hall("--help").out
        assert hall("--lang", "en").out == hall("--help", "--lang", "en").out

    def test_says_defaults(self, hall: Hall) -> None:
        assert f"[default: {ENGINES[0]}]" in hall("run", "--help", "--lang", "en").out
        assert f"[默认：{ENGINES[0]}]" in hall("run", "--help").out

    def test_engines_are_those_there_are(self) -> None:
        assert ENGINES == KNOWN_ENGINES == get_args(Engine)

    def test_version(self, hall: Hall) -> None:
        assert re.fullmatch(r"govhall \d+\.\d+\.\d+\n", hall("--version").out)

    def test_answers_at_once(self) -> None:
        """Nothing heavy is imported to say what there is."""
        heavy = ["matplotlib", "numba", "numpy", "pandas", "pydantic", "rich", "scipy", "streamlit"]
        code = (
            "import runpy, sys; sys.argv = ['govhall', '--help']\n"
            "try: runpy.run_module('sim', run_name='__main__')\n"
            f"except SystemExit: print(sorted(set({heavy}) & set(sys.modules)))"
        )
        finished = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
        )
        assert finished.stdout.endswith("[]\n")


class TestLanguage:
    def test_option_then_environment_then_terminal_then_chinese(
        self, hall: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert hall().out.startswith("用法")
        monkeypatch.setenv("LANG", "en_GB.UTF-8")
        assert hall().out.startswith("Usage")
        monkeypatch.setenv("GOVHALL_LANG", "zh")
        assert hall().out.startswith("用法")
        assert hall("--lang=en").out.startswith("Usage")

    def test_names_follow_it(self, hall: Hall) -> None:
        assert "两条队" in hall("check", hall.file).out
        assert "Two lists" in hall("check", hall.file, "--lang", "en").out


class TestOldNames:
    def test_a_limit_under_its_old_name_is_not_lost_in_silence(
        self, hall: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HALLSIM_MEMORY_GB", "2")
        said = hall("schema", "--lang", "en")
        assert said.status == 0
        assert said.err.count("HALLSIM_MEMORY_GB") == said.err.count("GOVHALL_MEMORY_GB") == 1
        assert said.out == hall("schema", "--lang", "zh").out


class TestCheck:
    def test_says_what_the_scenario_says(self, hall: Hall) -> None:
        said = hall("check", hall.file, "--lang", "en")
        assert said.status == 0
        assert "matters: 1, departments: 1, layouts: 2" in said.out
        assert "a week with a stop watch" in said.out
        row = next(line for line in said.out.splitlines() if "service.base.mean" in line)
        assert "9 min" in row
        assert "7 min – 12 min" in row

    def test_departments_once_window_groups_in_every_layout(self, hall: Hall) -> None:
        lines = hall("check", hall.file, "--lang", "en").out.splitlines()
        cells = [[cell.strip() for cell in line.split("│")] for line in lines if "│" in line]
        ids = [cell for row in cells for cell in row]
        assert ids.count("office") == 1
        assert {"pool", "left", "right"} <= set(ids)

    def test_an_impossible_load_is_told(self, hall: Hall) -> None:
        said = hall("check", hall.file, "--lang", "en", "--set", "demand.everybody.rate=60 per h")
        assert said.status == 0
        assert "layouts[one_list] pool: more work comes than the clerks can do" in said.err

    def test_every_number_as_csv(self, hall: Hall) -> None:
        rows = list(csv.DictReader(io.StringIO(hall("check", hall.file, "--format", "csv").out)))
        by_path = {row["path"]: row for row in rows}
        assert len(by_path) == len(rows)
        mean = by_path["matters.errand.service.base.mean"]
        assert (mean["value"], mean["low"], mean["high"]) == ("9 min", "7 min", "12 min")
        assert by_path["demand.everybody.rate"]["source"] == "the ticket machine"

    def test_json(self, hall: Hall) -> None:
        data = hall.data("check", hall.file)
        assert data["scenario"]["path"] == hall.file
        assert [load["id"] for load in data["offered_load"]["two_lists"]][:2] == ["left", "right"]

    def test_loads_of_places_are_those_before_waits(self, hall: Hall) -> None:
        for text, is_noted in ((TINY, False), (AREA, True)):
            Path(hall.file).write_text(text, encoding="utf-8")
            for language in LANGUAGES:
                words = load_text(language)("cli.loads_before_waits").split()
                said = hall("check", hall.file, "--lang", language).out.split()
                assert (" ".join(words) in " ".join(said)) is is_noted

    def test_every_promise_is_a_sentence(self, hall: Hall) -> None:
        promises = "[{measure: wait, at_most: 8 min, each: day}, {measure: give_up_share,"
        promises += " at_most: 2 %, each: run}]"
        change = ("--set", f"targets.promises={promises}")
        for language in LANGUAGES:
            text = load_text(language)
            said = hall("check", hall.file, *change, "--lang", language)
            data = hall.data("check", hall.file, *change, "--lang", language)
            assert said.status == 0
            assert text("size.promised") in said.out
            assert len(data["promises"]) == 2
            assert all(sentence in said.out for sentence in data["promises"])
            assert text("size.promised") not in hall("check", hall.file, "--lang", language).out

    def test_an_error_is_told_with_its_place(self, hall: Hall) -> None:
        Path(hall.file).write_text(TINY.replace("9 min}}", "9}}"), encoding="utf-8")
        for language in LANGUAGES:
            said = hall("check", hall.file, "--lang", language)
            assert said.status == 2
            assert f"{hall.file}:16:" in said.err
            assert "Traceback" not in said.err


class TestFigures:
    def test_json_has_what_a_reader_needs_to_check_and_repeat(self, hall: Hall) -> None:
        data = hall.data("compare", hall.file, *QUICK)
        assert data["scenario"]["path"] == hall.file
        assert re.fullmatch(r"[0-9a-f]{16}", data["scenario"]["hash"])
        assert (data["seed"], data["replications"], data["engine"]) == (5, 3, "reference")
        assert list(data["layouts"]) == ["one_list", "two_lists"]
        for measures in data["layouts"].values():
            for numbers in measures.values():
                assert list(numbers) == ["mean", "low", "high", "unit", "n"]
        [pair] = data["pairs"]
        assert (pair["before"], pair["after"]) == ("one_list", "two_lists")
        wait = pair["differences"]["wait"]
        means = [data["layouts"][layout]["wait"]["mean"] for layout in ("one_list", "two_lists")]
        assert wait["mean"] == pytest.approx(means[1] - means[0])
        assert wait["low"] <= wait["mean"] <= wait["high"]

    def test_csv_has_the_same_numbers(self, hall: Hall) -> None:
        data = hall.data("compare", hall.file, *QUICK)
        said = hall("compare", hall.file, *QUICK, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(said.out)))
        of = {(row["layout"], row["against"], row["measure"]): row for row in rows}
        mean = data["layouts"]["two_lists"]["wait"]["mean"]
        assert float(of["two_lists", "", "wait"]["mean"]) == mean
        pair = data["pairs"][0]["differences"]["wait"]
        assert float(of["two_lists", "one_list", "wait"]["mean"]) == pair["mean"]
        assert len({len(row) for row in rows}) == 1

    def test_one_replication_has_no_interval_and_is_still_json(self, hall: Hall) -> None:
        data = hall.data("run", hall.file, *QUICK, "--replications", "1")
        assert data["layouts"]["one_list"]["trips"]["low"] is None

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_table_has_units_intervals_verdict_and_how_to_repeat(
        self, hall: Hall, language: str
    ) -> None:
        said = hall("compare", hall.file, *QUICK, "--lang", language)
        assert said.status == 0
        words = {
            "zh": ("平均等候时长", "分钟", "结论", "样本编号 5", "模拟 3 轮", "差异不显著"),
            "en": (
                "Mean wait",
                "min",
                "points",
                "Verdict",
                "seed 5",
                "3 replications",
                "told apart",
            ),
        }
        for word in words[language]:
            assert word in said.out
        assert bool(CJK.search(said.out)) == (language == "zh")

    def test_a_difference_of_shares_is_in_percentage_points(self, hall: Hall) -> None:
        out = hall("compare", hall.file, *QUICK, "--lang", "en").out
        measures, differences = out.split("Paired differences")
        row = next(line for line in measures.splitlines() if "Utilisation" in line)
        assert "│ % " in row
        row = next(line for line in differences.splitlines() if "Utilisation" in line)
        assert "points" in row

    def test_run_takes_the_first_layout_or_the_one_asked_for(self, hall: Hall) -> None:
        assert list(hall.data("run", hall.file, *QUICK)["layouts"]) == ["one_list"]
        data = hall.data("run", hall.file, *QUICK, "--layout", "two_lists")
        assert list(data["layouts"]) == ["two_lists"]
        assert data["pairs"] == []

    def test_layouts_in_the_order_asked_for(self, hall: Hall) -> None:
        data = hall.data("compare", hall.file, *QUICK, "--layouts", "two_lists, one_list")
        assert list(data["layouts"]) == ["two_lists", "one_list"]

    def test_days_replications_seed_and_set(self, hall: Hall) -> None:
        options = ("--days", "1", "--replications", "2", "--seed", "9")
        data = hall.data("run", hall.file, *QUICK, *options, "--set", "run.warmup_days=1")
        assert data["days"]["measured"] == data["days"]["warmup"] == 1
        assert (data["replications"], data["seed"]) == (2, 9)
        assert (
            hall.data("run", hall.file, *QUICK, *options)["scenario"]["hash"]
            != (data["scenario"]["hash"])
        )

    def test_same_seed_same_output_on_any_cores_and_engine(self, hall: Hall) -> None:
        expected = hall.data("compare", hall.file, *QUICK)
        assert hall.data("compare", hall.file, "--engine", "reference", "--cores", "2") == expected
        fast = hall.data("compare", hall.file, "--engine", "fast", "--cores", "1")
        assert {**fast, "engine": "reference"} == expected
        reseeded = hall.data("compare", hall.file, *QUICK, "--seed", "6")
        assert reseeded["layouts"] != expected["layouts"]


class TestSweep:
    """A grid of values, each point beside the scenario as it is."""

    VARY = ("--vary", "demand.everybody.rate=10 per h:14 per h:3")

    def test_json_csv_and_table_agree(self, hall: Hall) -> None:
        data = hall.data("sweep", hall.file, *QUICK, *self.VARY)
        assert [point["values"] for point in data["points"]] == [
            {"demand.everybody.rate": f"{rate} per h"} for rate in (10, 12, 14)
        ]
        assert data["points"][1]["hash"] == data["scenario"]["hash"], "12 per h is how it is"
        said = hall("sweep", hall.file, *QUICK, *self.VARY, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(said.out)))
        [wait] = [
            row
            for row in rows
            if row["demand.everybody.rate"] == "14 per h"
            and (row["layout"], row["against"], row["measure"]) == ("one_list", "", "wait")
        ]
        mean = data["points"][2]["layouts"]["one_list"]["wait"]["mean"]
        assert float(wait["mean"]) == mean
        for language in LANGUAGES:
            out = hall("sweep", hall.file, *QUICK, *self.VARY, "--lang", language).out
            assert f"{mean:.1f}" in out
            assert "14 per h" in out
            assert bool(CJK.search(out)) == (language == "zh")

    def test_out_holds_data_rows_and_figure(self, hall: Hall) -> None:
        said = hall(
            "sweep", hall.file, *QUICK, *self.VARY, "--out", "found", "--layouts", "one_list"
        )
        assert said.status == 0
        names = {path.name for path in (hall.folder / "found").iterdir()}
        assert names == {"result.json", "measures.csv", "figure.png"}

    def test_all_that_is_wrong_is_told_at_once(self, hall: Hall) -> None:
        wrong = ("run.seed=1,2", "demand.everybody.rate=1:2:3", "hall.doors=1,2", "x=1:1:3")
        options = [part for lever in wrong for part in ("--vary", lever)]
        for language in LANGUAGES:
            said = hall("sweep", hall.file, *options, "--lang", language)
            assert (said.status, said.out) == (2, "")
            for path in ("run.seed", "demand[everybody].rate", "hall.doors", "x"):
                assert f"--vary {path}" in said.err
            assert bool(CJK.search(said.err)) == (language == "zh")

    def test_without_a_lever_and_with_an_unknown_measure(self, hall: Hall) -> None:
        assert "nothing is varied" in hall("sweep", hall.file, "--lang", "en").err
        said = hall("sweep", hall.file, *self.VARY, "--measure", "waits", "--lang", "en")
        assert said.status == 2
        assert "'waits' is not a measure" in said.err

    def test_a_point_of_another_budget_is_marked(self, hall: Hall) -> None:
        vary = ("--vary", "layouts.one_list.windows.pool.clerks=3,4")
        said = hall("sweep", hall.file, *QUICK, *vary, "--lang", "en")
        assert said.status == 0
        assert "One list *" in said.out
        assert "more clerks are not a better layout" in said.out


class TestSize:
    """How many clerks promises need, half hour by half hour."""

    PROMISE = (
        "--set",
        "targets.promises=[{measure: called_within, within: 10 min, at_least: 80 %,"
        " each: half_hour}]",
    )

    def test_json_csv_and_table_agree(self, hall: Hall) -> None:
        data = hall.data("size", hall.file, *QUICK, *self.PROMISE, "--layout", "one_list")
        [sized] = data["layouts"]
        assert sized["layout"] == "one_list"
        assert sized["clerk_hours_a_week"] == sum(7 * need["clerks"] / 2 for need in data["needs"])
        said = hall(
            "size", hall.file, *QUICK, *self.PROMISE, "--layout", "one_list", "--format", "csv"
        )
        rows = list(csv.DictReader(io.StringIO(said.out)))
        assert [row["starts"] for row in rows] == [need["starts"] for need in data["needs"]]
        assert [int(row["clerks"]) for row in rows] == [need["clerks"] for need in data["needs"]]
        for language in LANGUAGES:
            options = (*QUICK, *self.PROMISE, "--layout", "one_list", "--lang", language)
            out = hall("size", hall.file, *options).out
            assert f" {sized['clerk_hours_a_week']:g} " in " ".join(out.split())
            assert bool(CJK.search(out)) == (language == "zh")

    def test_out_holds_figures_of_each_layout_and_promise(self, hall: Hall) -> None:
        layouts = ("--layout", "two_lists", "--layout", "one_list")
        said = hall("size", hall.file, *QUICK, *self.PROMISE, *layouts, "--out", "found")
        assert said.status == 0
        names = {path.name for path in (hall.folder / "found").iterdir()}
        assert names == {
            *("result.json", "size.csv", "figure.png", "promise_1.png", "report.html"),
            *("figure_one_list.png", "promise_1_one_list.png", "study"),
        }
        for name in ("found", "found/study"):
            assert open_study(str(hall.folder / name)).kind == "size"
        report = hall("report", "found", "--to", "html", "--out", "sized.html", "--lang", "en")
        assert (report.status, (hall.folder / "sized.html").is_file()) == (0, True), report.err

    def test_what_is_wrong_is_told(self, hall: Hall) -> None:
        said = hall("size", hall.file, "--lang", "en")
        assert said.status == 2
        assert "promises nothing" in said.err
        said = hall("size", hall.file, *self.PROMISE, "--layout", "one_lst", "--lang", "en")
        assert said.status == 2
        assert "one_list" in said.err


class TestAllocate:
    """What clerk hours buy."""

    def test_json_csv_and_table_agree(self, hall: Hall) -> None:
        command = ("allocate", hall.file, *QUICK, "--layout", "one_list", "--hours", "20")
        data = hall.data(*command)
        [layout] = data["layouts"]
        assert layout["allowed_clerk_hours_a_week"] == 20
        [best] = [row for row in data["points"] if row["roster"] == "best"]
        assert best["clerk_hours"] == sum(7 * post["clerks"] / 2 for post in data["roster"])
        rows = list(csv.DictReader(io.StringIO(hall(*command, "--format", "csv").out)))
        assert [row["roster"] for row in rows] == [row["roster"] for row in data["points"]]
        for language in LANGUAGES:
            out = hall(*command, "--lang", language).out
            assert f" {best['clerk_hours']:g} " in " ".join(out.split())
            assert bool(CJK.search(out)) == (language == "zh")

    def test_out_holds_a_figure(self, hall: Hall) -> None:
        said = hall("allocate", hall.file, *QUICK, "--out", "bought")
        assert said.status == 0
        names = {path.name for path in (hall.folder / "bought").iterdir()}
        assert names == {"result.json", "allocation.csv", "figure.png", "study"}

    @pytest.mark.parametrize("hours", ["0", "-1", "many", "1e9"])
    def test_hours_are_a_number_above_nothing(self, hall: Hall, hours: str) -> None:
        said = hall("allocate", hall.file, f"--hours={hours}", "--lang", "en")
        assert said.status == 2
        assert "--hours" in said.err


class TestRoster:
    """Who works when, and the files that a hall posts."""

    WEEK = ("--layout", "one_list", "--weeks", "1", "--from", "2025-01-06")

    @pytest.fixture
    def staff(self, hall: Hall) -> str:
        path = hall.folder / "staff.csv"
        path.write_text("姓名,岗位\n张三,全部\n李四,全部\n王五,全部\n", encoding="gb18030")
        return str(path)

    def test_json_csv_and_table_agree(self, hall: Hall, staff: str) -> None:
        command = ("roster", hall.file, *QUICK, *self.WEEK, "--staff", staff)
        data = hall.data(*command)
        assert [person["name"] for person in data["people"]] == ["张三", "李四", "王五"]
        rows = list(csv.DictReader(io.StringIO(hall(*command, "--format", "csv").out)))
        assert [row["person"] for row in rows] == [duty["person"] for duty in data["duties"]]
        for language in LANGUAGES:
            out = hall(*command, "--lang", language).out
            assert f" {data['hours']:g} " in " ".join(out.split())
            assert "2025" in out

    def test_all_files_go_into_one_folder(self, hall: Hall, staff: str) -> None:
        """The remedy: name one folder."""
        command = ("roster", hall.file, *QUICK, *self.WEEK, "--staff", staff, "--lang", "en")
        said = hall(*command, "--out", "one", "--out", "two")
        assert said.status == 2
        assert "one, two" in said.err
        assert hall(*command, "--out", "one").status == 0

    def test_files_are_written_each_by_its_ending(self, hall: Hall, staff: str) -> None:
        outs = ("--out", "r.xlsx", "--out", "r.csv", "--out", "r.ics", "--out", "all")
        said = hall("roster", hall.file, *QUICK, *self.WEEK, "--staff", staff, *outs)
        assert said.status == 0, said.err
        assert (hall.folder / "r.xlsx").read_bytes()[:2] == b"PK"
        assert (hall.folder / "r.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
        assert (hall.folder / "r.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
        names = {path.name for path in (hall.folder / "all").iterdir()}
        files = {"result.json", "roster.csv", "figure.png", "posted.png"}
        assert names == files | {"posted.xlsx", "posted.csv", "roster.ics", "calendars", "study"}
        calendars = sorted(path.name for path in (hall.folder / "all" / "calendars").iterdir())
        assert calendars == ["001_张三.ics", "002_李四.ics", "003_王五.ics"]

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_what_was_posted_is_simulated_as_it_stands(
        self, hall: Hall, staff: str, ending: str
    ) -> None:
        about = ("roster", hall.file, *QUICK, "--layout", "one_list", "--staff", staff)
        made = hall.data(*about, *self.WEEK[2:], "--out", f"r.{ending}")
        read_back = hall.data(*about, "--posted", f"r.{ending}")
        assert read_back["posted"]
        assert read_back["duties"] == made["duties"]
        assert read_back["cover"] == made["cover"]

    def test_what_is_wrong_is_told(self, hall: Hall, staff: str) -> None:
        about = ("roster", hall.file, *QUICK, "--lang", "en")
        said = hall(*about, "--from", "3 March")
        assert (said.status, "YYYY-MM-DD" in said.err) == (2, True)
        said = hall(*about, "--out", "one", "--out", "two")
        assert (said.status, "more than one folder" in said.err) == (2, True)
        said = hall(*about, "--posted", staff, "--weeks", "1")
        assert (said.status, "--weeks" in said.err) == (2, True)
        said = hall(*about, "--posted", staff)
        assert (said.status, "no dates" in said.err) == (2, True)
        said = hall(*about, "--staff", "nobody.csv")
        assert (said.status, "nobody.csv" in said.err) == (2, True)
        said = hall(*about, "--out", "no/folder/r.xlsx")
        assert said.status == 1
        Path(staff).write_text("姓名,岗位\n张三,没有的岗位\n", encoding="utf-8")
        said = hall(*about, "--staff", staff)
        assert said.status == 2
        assert "staff.csv B2" in said.err


class TestTune:
    """Which settings are best with the same clerks."""

    LEVER = ("--lever", "seats", "--layout", "two_lists")

    def test_json_csv_and_table_agree(self, hall: Hall) -> None:
        data = hall.data("tune", hall.file, *QUICK, *self.LEVER)
        said = hall("tune", hall.file, *QUICK, *self.LEVER, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(said.out)))
        assert [row["verdict"] for row in rows] == [row["verdict"] for row in data["candidates"]]
        assert {row["clerk_hours_a_week"] for row in data["candidates"]} == {
            data["candidates"][0]["clerk_hours_a_week"]
        }
        for language in LANGUAGES:
            out = hall("tune", hall.file, *QUICK, *self.LEVER, "--lang", language).out
            assert bool(CJK.search(out)) == (language == "zh")

    def test_the_scenario_that_it_saves_has_the_chosen_settings(self, hall: Hall) -> None:
        options = ("--lever", "hall.last_ticket=30 min", "--save", "best.yaml", "--out", "found")
        data = hall.data("tune", hall.file, *QUICK, *options)
        chosen = next(row for row in data["candidates"] if row["verdict"] == "chosen")
        saved = load_scenario(hall.folder / "best.yaml")
        edits = [edit for edit in chosen["overrides"].split("; ") if edit]
        assert saved.hash == load_scenario(hall.folder / hall.file, edits).hash
        assert (hall.folder / "found" / "tune.csv").exists()
        assert (hall.folder / "found" / "figure.png").exists()

    def test_what_is_wrong_is_told(self, hall: Hall) -> None:
        for arguments, words in (
            (("--lever", "opning"), "opening"),
            ((), "no lever is named"),
            (("--lever", "seats", "--zone", "much"), "much"),
            (("--lever", "tidal_threshold"), "nothing that this lever moves"),
        ):
            said = hall("tune", hall.file, *arguments, "--lang", "en")
            assert said.status == 2
            assert words in said.err


class TestExtend:
    """New stations in townships: by name, or where a budget does most."""

    @pytest.fixture
    def area(self, hall: Hall) -> str:
        text = AREA.replace("    townships: [ridge]\n", "")
        path = hall.folder / "area.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def test_points_by_name(self, hall: Hall, area: str) -> None:
        how = (*QUICK, "--replications", "2", "--points", "ridge,port")
        data = hall.data("extend", area, *how)
        assert data["points"] == ["ridge", "port"]
        assert data["ranking"] == []
        assert set(data["against"]) == {"stations", "online"}
        stations = data["against"]["stations"]
        assert stations["places"]["new_ridge"]["is_new"]
        travel = next(effect for effect in stations["area"] if effect["measure"] == "travel")
        assert travel["difference"]["mean"] < 0

    def test_within_a_budget(self, hall: Hall, area: str) -> None:
        how = (*QUICK, "--replications", "2", "--budget", "120000", "--at-most", "1")
        data = hall.data("extend", area, *how)
        assert len(data["points"]) == 1
        saved = [row["residents_save_yuan_a_year"]["mean"] for row in data["ranking"]]
        assert saved == sorted(saved, reverse=True)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_whom_it_helps(self, hall: Hall, area: str, language: str) -> None:
        how = (*QUICK, "--replications", "2", "--points", "ridge", "--lang", language)
        said = hall("extend", area, *how, "--out", "found")
        assert said.status == 0, said.err
        assert {"en": "Residents save", "zh": "群众每年节省"}[language] in said.out
        assert bool(CJK.search(said.out)) == (language == "zh")
        names = {path.name for path in (hall.folder / "found").iterdir()}
        assert names == {"result.json", "stations.csv", "figure.png", "study"}
        assert open_study(str(hall.folder / "found")).kind == "extend"

    def test_rows(self, hall: Hall, area: str) -> None:
        how = (*QUICK, "--replications", "2", "--points", "ridge", "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(hall("extend", area, *how).out)))
        assert {row["by"] for row in rows} == {"area", "township", "county", "class", "place"}
        assert {row["against"] for row in rows} == {"stations", "online"}

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--points", "ridge", "--budget", "90000"), "do not go together: --points --budget"),
            (("--points", "ridge", "--frontier"), "do not go together: --points --frontier"),
            (("--next", "--at-most", "2"), "do not go together: --at-most --next"),
            (("--top", "2", "--points", "ridge"), "do not go together: --points --top"),
            (("--next", "--points", "seat,brook,ridge,port"), "is chosen already"),
            (("--next", "--points", "rigde"), "rigde"),
            (("--points", "rigde"), "rigde"),
            (("--points", ","), "--points: ',' cannot be used"),
            (("--budget", "1000"), "does not pay for a single point"),
        ],
    )
    def test_wrong_input_is_told(
        self, hall: Hall, area: str, options: tuple[str, ...], words: str
    ) -> None:
        said = hall("extend", area, *options, "--lang", "en")
        assert said.status == 2
        assert words in said.err.replace("\n", " ")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_where_one_more_saves_most(self, hall: Hall, area: str, language: str) -> None:
        how = (*QUICK, "--replications", "2", "--next", "--points", "ridge", "--lang", language)
        said = hall("extend", area, *how, "--out", "found")
        assert said.status == 0, said.err
        assert {"en": "Chosen so far: Ridge", "zh": "已定服务点：山梁乡"}[language] in said.out
        assert bool(CJK.search(said.out)) == (language == "zh")
        names = {path.name for path in (hall.folder / "found").iterdir()}
        assert names == {"result.json", "next.csv", "figure.png", "study"}
        data = json.loads((hall.folder / "found" / "result.json").read_text(encoding="utf-8"))
        assert (data["points"], data["screened"]) == (["ridge"], 3)
        assert data["ranking"][0]["judgement"] == "first"
        saved = [row["residents_save_yuan_a_year"]["mean"] for row in data["ranking"]]
        assert saved == sorted(saved, reverse=True)

    def test_only_so_many_are_run(self, hall: Hall, area: str) -> None:
        how = (*QUICK, "--replications", "2", "--next", "--top", "1", "--format", "csv")
        [row] = csv.DictReader(io.StringIO(hall("extend", area, *how).out))
        assert row["judgement"] == "first"
        assert float(row["station_yuan_a_year"]) == 56_000

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_how_many_pay(self, hall: Hall, area: str, language: str) -> None:
        how = (*QUICK, "--replications", "2", "--frontier", "--at-most", "2", "--budget", "999999")
        said = hall("extend", area, *how, "--lang", language, "--out", "found")
        assert said.status == 0, said.err
        assert {"en": "How many stations pay", "zh": "设几个服务点划算"}[language] in said.out
        assert bool(CJK.search(said.out)) == (language == "zh")
        data = json.loads((hall.folder / "found" / "result.json").read_text(encoding="utf-8"))
        assert [step["number"] for step in data["steps"]] == [0, 1, 2]
        assert data["steps"][0]["residents_save_yuan_a_year"]["mean"] == 0
        assert data["steps"][2]["stations_yuan_a_year"] == 112_000
        table = (hall.folder / "found" / "frontier.csv").read_text(encoding="utf-8-sig")
        assert [row["number"] for row in csv.DictReader(io.StringIO(table))] == ["0", "1", "2"]

    def test_break_even_of_both_accounts(self, hall: Hall, area: str) -> None:
        how = (*QUICK, "--replications", "2", "--points", "port", "--lang", "en")
        paid = ("--set", "money.clerk_yuan_per_hour=30")
        assert "With the hours of the other places" in hall("extend", area, *how, *paid).out
        assert "With the hours of the other places" not in hall("extend", area, *how).out
        money = hall.data("extend", area, *how, *paid)["worth"]
        assert money["break_even_both_visits_a_year"] <= money["break_even_visits_a_year"]

    def test_a_scenario_without_places(self, hall: Hall) -> None:
        said = hall("extend", hall.file, "--points", "ridge", "--lang", "en")
        assert said.status == 2
        assert "does not say how a new station would serve" in said.err


class TestLevers:
    """Which of the assumed numbers matters most."""

    def test_ranks_the_ranges_of_the_file(self, hall: Hall) -> None:
        data = hall.data("levers", hall.file, *QUICK, "--layout", "one_list")
        assert {lever["path"] for lever in data["levers"]} == {
            "layouts.one_list.windows.pool.clerks",
            "matters.errand.service.base.mean",
            "departments.office.reviewers",
        }
        assert data["levers"][-1]["path"] == "departments.office.reviewers", "nothing is reviewed"
        assert data["levers"][-1]["high"]["difference"]["mean"] == 0
        assert {refusal["codes"][0] for refusal in data["left_out"]} == {"lever_other_layout"}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_table_names_what_was_left_out(self, hall: Hall, language: str) -> None:
        said = hall("levers", hall.file, *QUICK, "--top", "1", "--lang", language)
        assert said.status == 0
        words = {"en": "belongs to another layout", "zh": "属于另一种布局"}
        assert words[language] in said.out.replace("\n", " ")
        assert bool(CJK.search(said.out)) == (language == "zh")

    def test_files_and_own_levers(self, hall: Hall) -> None:
        own = ("--vary", "hall.last_ticket=0 min,30 min", "--only", "hall,departments")
        said = hall("levers", hall.file, *QUICK, *own, "--out", "found", "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(said.out)))
        assert {row["path"] for row in rows} == {"hall.last_ticket", "departments.office.reviewers"}
        names = {path.name for path in (hall.folder / "found").iterdir()}
        assert names == {"result.json", "levers.csv", "figure.png", "study"}

    def test_wrong_input_is_told(self, hall: Hall) -> None:
        said = hall("levers", hall.file, "--only", "departmants,x", "--lang", "en")
        assert said.status == 2
        assert said.err.count("there is no lever") == 2
        assert hall("levers", hall.file, "--vary", "hall.last_ticket=1 min").status == 2
        assert hall("levers", hall.file, "--layout", "nowhere").status == 2


class TestReductions:
    """Before and after the reform, of the city for two days."""

    DAYS = ("--set", "run.warmup_days=1", "--days", "2", "--replications", "1", "--cores", "1")

    def test_all_matters_as_data(self, hall: Hall) -> None:
        data = hall.data("reductions", CITY_FILE, *self.DAYS, "--layout", "counters")
        steps = data["all"]["reductions"]["steps"]
        assert steps["separate"]["mean"] > 2 * steps["bundled"]["mean"]
        assert data["all"]["reductions"]["trips"]["published_cut"] == 0.83

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_one_matter_in_words_and_files(self, hall: Hall, language: str) -> None:
        how = (*self.DAYS, "--layout", "counters", "--lang", language, "--out", "told")
        said = hall("matter", CITY_FILE, "birth", *how)
        assert said.status == 0
        assert bool(CJK.search(said.out)) == (language == "zh")
        assert "7 → 1" in said.out
        names = {path.name for path in (hall.folder / "told").iterdir()}
        assert names == {"result.json", "reductions.csv", "figure.png", "process.png", "study"}

    def test_wrong_input_is_told(self, hall: Hall) -> None:
        said = hall("matter", CITY_FILE, "bith", "--lang", "en")
        assert (said.status, "no matter 'bith' with items" in said.err) == (2, True)
        assert hall("reductions", CITY_FILE, "--layout", "nowhere").status == 2
        said = hall("reductions", hall.file, "--lang", "en")
        assert (said.status, "no matter has more than one item" in said.err) == (2, True)


class TestReform:
    """A row of scenarios, each against the one before."""

    def test_stages_are_told_in_their_order_and_files_are_written(self, hall: Hall) -> None:
        later = hall.folder / "later.yaml"
        text = f"extends: {Path(hall.file).name}\nname: {{zh: 之后, en: Afterwards}}\n"
        later.write_text(text, encoding="utf-8")
        how = (*QUICK, "--lang", "en", "--out", "told")
        said = hall("reform", hall.file, str(later), *how)
        assert said.status == 0
        lines = [line for line in said.out.splitlines() if line.startswith("│")]
        assert "Afterwards" not in lines[0]
        assert "Afterwards" in lines[1]
        names = {path.name for path in (hall.folder / "told").iterdir()}
        assert names == {"result.json", "reform.csv", "figure.png"}

    def test_wrong_input_is_told(self, hall: Hall) -> None:
        said = hall("reform", hall.file, "--lang", "en")
        assert (said.status, "1 stage of a reform" in said.err) == (2, True)
        said = hall("reform", hall.file, hall.file, "--matters", "birth", "--lang", "en")
        assert (said.status, "unknown matter 'birth'" in said.err) == (2, True)


class TestReport:
    """A kept study as a document."""

    def test_a_study_of_a_store_becomes_a_document(self, hall: Hall) -> None:
        hall("compare", hall.file, *QUICK, "--store", "kept")
        [folder] = [path for path in (hall.folder / "kept").iterdir() if path.is_dir()]
        said = hall("report", str(folder), "--to", "docx", "--out", "a.docx", "--lang", "en")
        assert (said.status, said.out) == (0, "")
        assert (hall.folder / "a.docx").read_bytes()[:2] == b"PK"
        assert "making “Report on the simulation of window layouts: Small hall”" in said.err
        assert str(hall.folder / "a.docx") in said.err

    def test_the_ending_says_the_form_and_a_name_is_found(self, hall: Hall) -> None:
        hall("run", hall.file, *QUICK, "--store", "kept")
        [folder] = [path for path in (hall.folder / "kept").iterdir() if path.is_dir()]
        assert hall("report", str(folder)).status == 0
        assert (hall.folder / f"govhall-{folder.name}.docx").is_file()

    @pytest.mark.parametrize(
        ("arguments", "status", "words"),
        [
            (("nowhere",), 1, "no study is kept at 'nowhere'"),
            (("20250101-000000-abcdefabcdef",), 1, "no study is kept at"),
            ((".", "--to", "odt"), 2, "docx"),
            ((".", "--out", "a.odt"), 2, ".docx"),
            ((".", "--out", "no/such/folder.docx"), 1, "no/such/folder.docx"),
        ],
    )
    def test_what_is_wrong_is_one_clear_sentence(
        self, hall: Hall, arguments: tuple[str, ...], status: int, words: str
    ) -> None:
        said = hall("report", *arguments, "--lang", "en")
        assert (said.status, said.out) == (status, "")
        assert words in said.err
        assert "Traceback" not in said.err
        assert len(said.err.splitlines()) == 1


class TestFiles:
    def test_out_holds_report_result_and_measures(self, hall: Hall) -> None:
        folder = hall.folder / "a" / "study"
        said = hall("compare", hall.file, *QUICK, "--out", str(folder), "--format", "json")
        assert said.status == 0
        names = {path.name for path in folder.iterdir()}
        assert names == {"report.html", "result.json", "measures.csv", "study"}
        assert open_study(str(folder)).answer.study.scenario.hash in said.out
        assert json.loads((folder / "result.json").read_text("utf-8")) == json.loads(said.out)
        assert (folder / "measures.csv").read_bytes().startswith("\ufefflayout,".encode())
        assert str(folder / "report.html") in said.err

    def test_report_needs_no_other_file_and_no_network(self, hall: Hall) -> None:
        hall("compare", hall.file, *QUICK, "--out", "study")
        report = (hall.folder / "study" / "report.html").read_text("utf-8")
        assert "两条队" in report
        assert not re.search(r"""(src|href)=["'](?!#|data:)""", report)

    def test_a_file_in_the_place_of_the_folder(self, hall: Hall) -> None:
        (hall.folder / "study").write_text("mine")
        said = hall("compare", hall.file, *QUICK, "--out", "study", "--lang", "en")
        assert said.status == 1
        assert said.err.startswith("--out: nothing can be written into 'study'; allowed: a folder")
        assert said.out == ""
        assert (hall.folder / "study").read_text() == "mine"


class TestLog:
    @pytest.mark.parametrize("suffix", [".xes", ".xes.gz", ".csv"])
    def test_is_the_same_file_every_time_and_says_how_to_repeat_it(
        self, hall: Hall, suffix: str
    ) -> None:
        out = hall.folder / f"a{suffix}"
        command = ("log", hall.file, "--layout", "two_lists", "--replication", "2", *QUICK[:2])
        said = hall(*command, "--out", str(out), "--lang", "en")
        assert (said.status, said.err) == (0, "")
        words = r"\d+ cases with \d+ events written to .*layout two_lists, seed 5, replication 2\n"
        assert re.fullmatch(words, said.out)
        first = out.read_bytes()
        assert hall(*command, "--out", str(out)).status == 0
        assert out.read_bytes() == first
        assert sorted(path.name for path in hall.folder.iterdir()) == [out.name, "tiny.yaml"]

    def test_replications_differ_and_one_layout_is_enough(self, hall: Hall) -> None:
        for replication in ("0", "1"):
            options = ("--replication", replication, "--out", f"{replication}.csv")
            assert hall("log", hall.file, *QUICK[:2], *options).status == 0
        first, second = (Path(f"{n}.csv").read_text("utf-8") for n in (0, 1))
        assert first != second
        assert "pool-1" in first

    def test_names_are_those_of_the_scenario_when_asked_for(self, hall: Hall) -> None:
        for names in LANGUAGES:
            options = ("--names", names, "--out", f"{names}.csv", "--excel")
            assert hall("log", hall.file, *QUICK[:2], *options).status == 0
        assert "单项业务" in Path("zh.csv").read_text("utf-8-sig")
        english = Path("en.csv").read_text("utf-8")
        assert english.startswith("\ufeff")
        assert "Single item" in english
        assert not CJK.search(english)


class TestCase:
    @pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
    def test_draws_the_same_figure_every_time(self, hall: Hall, suffix: str) -> None:
        out = Path(f"case{suffix}")
        command = ("case", hall.file, "3", *QUICK[:2], "--out", str(out), "--lang", "en")
        said = hall(*command)
        assert (said.status, said.err) == (0, "")
        assert said.out == f"Figure of case 3 written to {out}; seed 5, replication 0\n"
        first = out.read_bytes()
        assert hall(*command).status == 0
        assert out.read_bytes() == first


class TestAnimate:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_writes_the_same_page_every_time(self, hall: Hall, language: str) -> None:
        command = ("animate", hall.file, *QUICK[:2], "--out", "day.html", "--lang", language)
        said = hall(*command)
        assert (said.status, said.err) == (0, "")
        first = Path("day.html").read_text("utf-8")
        assert hall(*command).status == 0
        assert Path("day.html").read_text("utf-8") == first
        assert first.count("</script>") == 2

    def test_a_kept_study_is_played_with_its_seed_and_layouts(self, hall: Hall) -> None:
        assert hall("compare", hall.file, *QUICK, "--store", "kept").status == 0
        [study] = [path.parent for path in Path("kept").rglob("manifest.json")]
        played = hall("animate", str(study), "--out", "kept.html", "--lang", "en")
        assert (played.status, played.err) == (0, "")
        assert "seed 5" in played.out
        assert hall("animate", hall.file, *QUICK[:2], "--out", "file.html").status == 0
        assert hall("animate", str(study), "--out", "zh.html").status == 0
        records = [
            re.findall(r'"tickets": \{.*?\}', Path(f"{n}.html").read_text()) for n in ("zh", "file")
        ]
        assert len(records[0]) == 2
        assert records[0] == records[1]

    def test_a_kept_sizing_plays_the_hall_as_it_is_and_as_sized(self, hall: Hall) -> None:
        study, out = str(example_folder("size")), ("--out", "day.html", "--lang", "en")
        played = hall("animate", study, *out)
        assert (played.status, played.err) == (0, "")
        page = Path("day.html").read_text("utf-8")
        assert page.count('"floor": {') == 2
        assert re.findall(r'"name": "([^"]*: (?:as it is|staffed as advised))"', page)
        ended = hall("animate", study, "--layout", "zone", *out)
        assert ended.status == 2
        assert "--layout" in ended.err

    def test_a_study_of_places_has_no_hall_to_play(self, hall: Hall) -> None:
        study = str(example_folder("frontier"))
        ended = hall("animate", study, "--out", "day.html", "--lang", "en")
        assert ended.status == 2
        assert "is a study of many halls, or of places around one" in ended.err

    def test_layouts_are_chosen_and_other_people_come_in_another_replication(
        self, hall: Hall
    ) -> None:
        pages = []
        for replication in ("0", "1"):
            options = ("--layout", "two_lists", "--replication", replication, "--out", "day.html")
            assert hall("animate", hall.file, *QUICK[:2], *options).status == 0
            pages.append(Path("day.html").read_text("utf-8"))
        assert pages[0] != pages[1]
        assert pages[0].count('"floor": {') == 1

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_day_of_a_log_is_played_without_a_scenario(self, hall: Hall, language: str) -> None:
        log = str(data_dir("scenarios") / "data" / "made_ticket_log.csv")
        ended = hall("animate", log, "--out", "day.html", "--lang", language)
        assert (ended.status, ended.err) == (0, "")
        page = Path("day.html").read_text("utf-8")
        assert page.count('"floor": {') == 1
        dated = hall("animate", log, "--date", "2025-03-04", "--out", "b.html", "--lang", language)
        assert (dated.status, dated.err) == (0, "")
        assert Path("b.html").read_text("utf-8") != page

    def test_what_does_not_belong_to_a_log_or_to_a_hall_is_told_at_once(self, hall: Hall) -> None:
        log = str(data_dir("scenarios") / "data" / "made_ticket_log.csv")
        out = ("--out", "a.html", "--lang", "en")
        ended = hall("animate", log, "--day", "2", "--seed", "1", *out)
        assert ended.status == 2
        assert ended.err.count("is a log, which is played as it is") == 2
        ended = hall("animate", hall.file, "--date", "2025-03-04", "--mapping", "taken=x", *out)
        assert ended.status == 2
        assert ended.err.count("is no log, and this option says how one is read") == 2
        assert "several files are one log" in hall("animate", log, hall.file, *out).err
        assert "no ticket on 2024-03-04" in hall("animate", log, "--date", "2024-03-04", *out).err


class TestWrongInput:
    """One sentence in the reader's language, status 2, nothing on standard output."""

    @pytest.mark.parametrize(
        ("arguments", "en", "zh"),
        [
            (["--days", "-3"], "--days: '-3' cannot be used", "--days：“-3”不能用于"),
            (["--days", "two"], "--days: 'two' cannot be used", "--days：“two”不能用于"),
            (["--days", "1.5"], "a whole number from 1 to 100000", "1 到 100000 的整数"),
            (["--replications", "0"], "a whole number from 1 to", "1 到"),
            (["--seed", "-1"], f"a whole number from 0 to {2**63 - 1}", f"0 到 {2**63 - 1} 的"),
            (["--seed", str(2**63)], "a whole number from 0 to", "0 到"),
            (["--seed", "one"], "--seed: 'one' cannot be used", "--seed：“one”不能用于"),
            (["--cores", "0"], "--cores: '0'", "--cores：“0”"),
            (["--engine", "warp"], "fast, reference", "fast, reference"),
            (["--format", "xlsx"], "table, json, csv", "table, json, csv"),
            (["--layout", "nowhere"], "unknown layout 'nowhere'", "没有定义布局“nowhere”"),
            (["--dayz", "3"], "no option '--dayz'", "没有选项“--dayz”"),
            (["--days"], "'--days' has no value", "“--days”没有取值"),
            (["one", "more"], "'one more' is more than", "用不到“one more”"),
            (["--set", "run.seed"], "'run.seed' cannot be read", "run.seed"),
            (["--set", "run.sede=3"], "run.sede", "run.sede"),
        ],
    )
    def test_is_told(self, hall: Hall, arguments: list[str], en: str, zh: str) -> None:
        for language, words in (("en", en), ("zh", zh)):
            said = hall("--lang", language, "run", hall.file, *arguments)
            assert said.status == 2, said
            assert words in said.err
            assert said.err.count("\n") == 1
            assert bool(CJK.search(said.err)) == (language == "zh")
            assert said.out == ""

    def test_several_layouts_are_all_told(self, hall: Hall) -> None:
        said = hall("compare", hall.file, "--layouts", "one_list,x,y", "--lang", "en")
        assert said.status == 2
        assert ["'x'" in said.err, "'y'" in said.err] == [True, True]
        assert hall("compare", hall.file, "--layouts", "one_list,one_list").status == 2

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["check", "nowhere.yaml"], "nowhere.yaml: no such file"),
            (["compare"], "the argument FILE is missing"),
            (["simulate"], "no command 'simulate'"),
            (["app", "--port", "99999"], "a whole number from 1 to 65535"),
            (["log", "tiny.yaml"], "the argument --out LOG is missing"),
            (["log", "tiny.yaml", "--out", "a.xml"], "allowed: .xes, .xes.gz, .csv"),
            (["log", "tiny.yaml", "--out", "a.csv", "--layout", "x"], "unknown layout 'x'"),
            (
                ["log", "tiny.yaml", "--out", "a.csv", "--replication", "-1"],
                "a whole number from 0",
            ),
            (["case", "tiny.yaml", "--out", "a.svg"], "the argument CASE is missing"),
            (["case", "tiny.yaml", "1", "--out", "a.gif"], "allowed: .svg, .png, .pdf"),
            (["animate", "tiny.yaml", "--out", "a.gif"], "allowed: .html, .htm"),
            (["animate", "tiny.yaml", "--out", "a.html", "--layout", "x"], "unknown layout 'x'"),
            (["animate", "tiny.yaml", "--out", "a.html", "--day", "99"], "--day: '99' cannot"),
            (["animate", ".", "--out", "a.html", "--days", "2"], "--days: '.' is a kept study"),
            (
                ["case", "tiny.yaml", "999999", "--out", "a.svg", "--engine", "reference"],
                "CASE: there is no case 999999",
            ),
        ],
    )
    def test_of_commands(self, hall: Hall, arguments: list[str], words: str) -> None:
        said = hall(*arguments, "--lang", "en")
        assert said.status == 2
        assert words in said.err
        assert said.err.count("\n") == 1

    @pytest.mark.parametrize(
        "arguments", [["log", "tiny.yaml", "--out"], ["case", "tiny.yaml", "1", "--out"]]
    )
    def test_a_file_that_cannot_be_written(self, hall: Hall, arguments: list[str]) -> None:
        (hall.folder / "folder.svg").mkdir()
        (hall.folder / "folder.csv").mkdir()
        name = "a.svg" if arguments[0] == "case" else "a.csv"
        for out in (f"nowhere/{name}", name.replace("a", "folder", 1)):
            said = hall(*arguments, out, "--lang", "en")
            assert said.status == 1
            assert said.err.startswith(f"--out: '{out}' cannot be written")
            assert said.err.count("\n") == 1

    def test_an_unknown_language_is_told_in_chinese(self, hall: Hall) -> None:
        said = hall("check", hall.file, "--lang", "fr")
        assert said.status == 2
        assert "zh, en" in said.err

    def test_a_mistake_of_ours_is_one_sentence_too(
        self, hall: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError("by no clerk")

        monkeypatch.setattr("sim.questions.compare.replicate", broken)
        said = hall("run", hall.file, "--lang", "en")
        assert said.status == 1
        assert "ZeroDivisionError: by no clerk" in said.err
        assert "Traceback" not in said.err


class TestSchema:
    def test_is_json(self, hall: Hall) -> None:
        assert json.loads(hall("schema").out)["type"] == "object"


@pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of POSIX")
class TestProcess:
    def test_a_reader_that_has_seen_enough_meets_no_complaint(self, hall: Hall) -> None:
        with process("check", hall.file, "--format", "csv") as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.close()
            assert running.stderr.read() == ""
            assert running.wait(timeout=60) == 0

    def test_ctrl_c_keeps_what_is_finished(self, hall: Hall) -> None:
        """The signal goes to the whole group, workers included, as a terminal sends it."""
        long = ("--replications", "50000", "--cores", "2", "--engine", "reference")
        with process(
            "run", hall.file, *long, "--format", "json", start_new_session=True
        ) as running:
            assert running.stderr is not None
            assert "50000" in running.stderr.readline()
            time.sleep(8)
            os.killpg(running.pid, signal.SIGINT)
            out, err = running.communicate(timeout=60)
            assert running.returncode == 130
            notice = re.fullmatch(r"Cancelled: (\d+) of 50000 replications were .*\n", err)
            assert notice is not None, err
            data = json.loads(out)
            assert data["cancelled"]
            assert data["replications"] == int(notice[1]) > 0
            with pytest.raises(ProcessLookupError):
                os.killpg(running.pid, 0)

    def test_ctrl_c_before_the_first_replication(self, hall: Hall) -> None:
        endless = ("--days", "400", "--set", "demand.everybody.rate=12 per min")
        more = ("--engine", "reference", "--cores", "2", "--replications", "2")
        with process("run", hall.file, *endless, *more, start_new_session=True) as running:
            assert running.stderr is not None
            running.stderr.readline()
            time.sleep(1)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=60)
            assert running.returncode == 130
            assert out == ""
            assert err == "Cancelled before the first replication was finished; nothing is kept\n"
            with pytest.raises(ProcessLookupError):
                os.killpg(running.pid, 0)


class TestUntil:
    def test_stops_when_it_is_known_well_enough(self, hall: Hall) -> None:
        said = hall(
            "run",
            hall.file,
            *QUICK,
            "--replications",
            "60",
            "--until",
            "wait=4",
            "--format",
            "json",
        )
        assert said.status == 0
        assert 10 <= json.loads(said.out)["replications"] < 60

    @pytest.mark.parametrize(
        "wish", ["waits=1", "wait=0", "wait=soon", "wait", "wait=nan", "wait=inf", "=1", " "]
    )
    def test_a_wish_that_cannot_be_met_is_one_sentence(self, hall: Hall, wish: str) -> None:
        said = hall("run", hall.file, *QUICK, "--until", wish)
        assert said.status == 2
        assert len(said.err.strip().splitlines()) == 1

    def test_not_together_with_a_store(self, hall: Hall) -> None:
        said = hall(
            "run", hall.file, *QUICK, "--until", "wait=4", "--store", str(hall.folder / "kept")
        )
        assert said.status == 2
