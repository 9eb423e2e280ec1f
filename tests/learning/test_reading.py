"""A log is read the same from any kind of file, its columns are found or asked for, what says who
somebody is goes nowhere, and what cannot be read is refused in one clear sentence."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from openpyxl import Workbook
from pyarrow import parquet
from rich.console import Console

from sim.__main__ import main
from sim.clock import MINUTE
from sim.errors import HallError, OptionError, Problem, ScenarioError
from sim.learning import log_memory
from sim.learning.columns import FORMS, LogRole, guess_mapping, read_asked_mapping
from sim.learning.learned import LearnedLog, read_log
from sim.learning.quality import read_treatments
from sim.learning.ticket_log import LOG_OUTCOMES, TicketLog
from sim.learning.traps import LogHall
from sim.plan.journal import FORWARDED, GAVE_UP, MISSED, PENDING, SENT_BACK, SERVED
from sim.storage.learn_export import caught_rows_of, learned_data, quality_rows
from sim.text import LANGUAGES, Language, load_text
from sim.views.learn_words import learned_blocks
from sim.views.terminal import print_blocks
from tests.learning.made_log import CLERKS, FILE, HEADS, csv_of, troubled_log
from tests.learning.test_traps import tickets_of

HERE: Final = Path(__file__).parent
SHARED: Final = Path(os.environ.get("GOVHALL_PUBLIC_LOGS", HERE.parents[2] / "shared/data/tickets"))
"""Where public logs lie that are not the project's to ship."""
CHINESE: Final = ("票号", "窗口", "经办人", "业务名称", "取号时间", "开始时间", "结束时间", "备注")


def rows_of(n: int = 60) -> list[list[str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1 : n + 1]


def log_of(content: bytes, folder: Path, name: str = "log.csv") -> TicketLog:
    (folder / name).write_bytes(content)
    return tickets_of(read_log(folder / name))


def table(heads: str, *rows: str) -> bytes:
    return "\n".join([heads, *rows, ""]).encode()


class TestFiles:
    def test_every_kind_of_file_gives_the_same_log(self, tmp_path: Path) -> None:
        rows = rows_of()
        plain = csv_of(rows, CHINESE)
        first = log_of(plain, tmp_path)
        assert len(first) == len(rows)
        logs = {
            "gb18030": log_of(plain.decode().encode("gb18030"), tmp_path),
            "mark": log_of(b"\xef\xbb\xbf" + plain, tmp_path),
            "semicolons": log_of(plain.replace(b",", b";"), tmp_path),
            "packed": log_of(gzip.compress(plain), tmp_path, "log.csv.gz"),
            "xlsx": log_of(_workbook(rows), tmp_path, "log.xlsx"),
            "parquet": log_of(_parquet(rows), tmp_path, "log.parquet"),
            "xls": tickets_of(read_log(HERE / "made_ticket_log.xls")),
        }
        assert [name for name, log in logs.items() if log != first] == []

    def test_lines_are_those_of_the_sheet(self) -> None:
        """Its titles stand in two rows above the headings."""
        log = tickets_of(read_log(HERE / "made_ticket_log.xls"))
        assert log.places is not None
        assert log.places.lines.tolist() == list(range(4, 64))

    def test_dates_and_clocks_may_stand_apart(self, tmp_path: Path) -> None:
        heads = "取号时间,叫号时间"
        whole = log_of(table(heads, "2025-03-03 08:05:00,2025-03-03 08:09:30"), tmp_path)
        apart = log_of(table("日期,取号时间,叫号时间", "2025/3/3,8:05,08:09:30"), tmp_path)
        digits = log_of(table(heads, "20250303080500,20250303080930"), tmp_path)
        assert whole == apart == digits

    @pytest.mark.parametrize("content", [b"", b"\n", b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0xx"])
    def test_what_is_no_table_is_refused(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "log.xls").write_bytes(content)
        with pytest.raises(ScenarioError) as error:
            read_log(tmp_path / "log.xls")
        assert {problem.code for problem in error.value.problems} <= {
            "table_empty",
            "table_unreadable",
        }

    def test_a_packed_file_that_is_cut_off_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "log.csv.gz").write_bytes(b"\x1f\x8b\x08\x00damaged")
        with pytest.raises(ScenarioError, match="cannot be read"):
            read_log(tmp_path / "log.csv.gz")


def _workbook(rows: list[list[str]]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["大厅排队叫号明细"])
    sheet.append(list(CHINESE))
    for row in rows:
        cells = [datetime.fromisoformat(cell) if cell[:3] == "202" else cell for cell in row]
        sheet.append([cell or None for cell in cells])
    book.save(content)
    return content.getvalue()


def _parquet(rows: list[list[str]]) -> bytes:
    frame = pd.DataFrame(rows, columns=list(CHINESE)).replace("", None)
    for name in ("取号时间", "开始时间", "结束时间"):
        frame[name] = pd.to_datetime(frame[name])
    content = io.BytesIO()
    parquet.write_table(pa.Table.from_pandas(frame), content)
    return content.getvalue()


class TestColumns:
    def test_calls_of_a_known_form(self, tmp_path: Path) -> None:
        """Its states: −1 弃号, 0 called, 1 done, 2 transferred, 3 suspended."""
        heads = "handleId,ticketNumber,ticketTime,busiSeq,windowNumber,windowUser,handleTime,state"
        rows = [
            f"{n},A{n},2025-03-03 09:0{n}:00,7,{n},u{n},2025-03-03 09:1{n}:00,{state}"
            for n, state in enumerate((-1, 0, 1, 2, 3))
        ]
        learned = _learned(table(heads, *rows), tmp_path)
        assert learned.form == "t_call"
        assert tickets_of(learned).tickets.fate.tolist() == [
            GAVE_UP,
            PENDING,
            SERVED,
            FORWARDED,
            PENDING,
        ]
        words = [LOG_OUTCOMES[code] for code in tickets_of(learned).details.outcome]
        assert words == ["gave_up", "called", "served", "transferred", "suspended"]
        assert (tickets_of(learned).details.wait == 600_000).all()

    def test_tickets_of_a_known_form(self, tmp_path: Path) -> None:
        heads = "ticketNumber,ticketTime,busTypeName,unitName,windowNumber,reserveSeq,state,"
        heads += "idCard,qNmae"
        rows = [
            "A1,2025-03-03 09:00:00,社保,人社局,3,0,1,411202199001011234,张三",
            "A2,2025-03-03 09:01:00,社保,人社局,,88,0,,李四",
        ]
        learned = _learned(table(heads, *rows), tmp_path)
        assert learned.form == "t_queue"
        assert learned.personal == ("idCard", "qNmae")
        assert tickets_of(learned).names.departments == ("人社局",)
        assert tickets_of(learned).details.booked.tolist() == [0, 1]
        assert tickets_of(learned).tickets.fate.tolist() == [SERVED, PENDING]

    @pytest.mark.parametrize(
        ("word", "fate"),
        [
            ("弃号", GAVE_UP),
            ("空号", MISSED),
            ("过号", MISSED),
            ("退办", SENT_BACK),
            ("转移", FORWARDED),
            ("暂停", PENDING),
            ("已办理", SERVED),
        ],
    )
    def test_outcomes_by_their_words(self, word: str, fate: int, tmp_path: Path) -> None:
        row = f"2025-03-03 09:00:00,2025-03-03 09:05:00,2025-03-03 09:15:00,{word}"
        log = log_of(table("取号时间,叫号时间,结束时间,状态", row), tmp_path)
        assert log.tickets.fate.tolist() == [fate]
        worked_on = fate in (SERVED, SENT_BACK, FORWARDED) or word == "暂停"
        assert log.details.service.tolist() == [600_000 if worked_on else -1]

    def test_columns_are_asked_for(self, tmp_path: Path) -> None:
        content = table("x,y,z", "2025-03-03 09:00:00,2025-03-03 09:04:00,5")
        form, by_hand = read_asked_mapping(["taken=x", "called=Y", "window = z"])
        learned = _learned(content, tmp_path, form, by_hand)
        assert tickets_of(learned).names.windows == ("5",)
        assert tickets_of(learned).details.wait.tolist() == [240_000]
        assert {column.how for column in learned.columns} == {"asked"}

    def test_instants_without_a_heading_are_told_by_their_order(self, tmp_path: Path) -> None:
        content = table(
            "c,a,b", *["2025-03-03 09:20:00,2025-03-03 09:00:00,2025-03-03 09:04:00"] * 3
        )
        problems: list[Problem] = []
        (tmp_path / "log.csv").write_bytes(content)
        learned = read_log(tmp_path / "log.csv", problems=problems)
        assert [problem.code for problem in problems] == ["log_guessed"]
        headings = {column.role: column.heading for column in learned.columns}
        assert headings == {"taken": "a", "called": "b", "ended": "c"}

    def test_a_column_that_is_not_wanted_is_left_aside(self) -> None:
        mapping = guess_mapping(["取号时间", "备注"], by_hand={"outcome": ""})
        assert dict(mapping.headings) == {"taken": "取号时间"}
        assert mapping.left_aside == ("备注",)

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (["t_cal"], "unknown_log_form"),
            (["wait=a"], "unknown_log_column"),
            (["taken=a", "taken=b"], "named_twice"),
            ([FORMS[0], FORMS[1]], "named_twice"),
        ],
    )
    def test_options_that_nobody_understands_are_refused(self, words: list[str], code: str) -> None:
        with pytest.raises(OptionError) as error:
            read_asked_mapping(words)
        assert [problem.code for problem in error.value.problems] == [code]

    @pytest.mark.parametrize(
        ("heading", "code"), [("叫号", "no_such_heading"), ("姓名", "personal_heading")]
    )
    def test_headings_that_cannot_be_read_are_refused(self, heading: str, code: str) -> None:
        with pytest.raises(OptionError) as error:
            guess_mapping(["取号时间", "姓名"], by_hand={"matter": heading})
        assert [problem.code for problem in error.value.problems] == [code]

    def test_all_that_is_wrong_with_treatments_is_told_at_once(self) -> None:
        with pytest.raises(OptionError) as error:
            read_treatments(["dubled=kept", "doubled=mended", "batch=kept", "batch=mended"])
        codes = sorted(problem.code for problem in error.value.problems)
        assert codes == ["named_twice", "trap_treatment", "unknown_trap"]


def _learned(
    content: bytes, folder: Path, form: str = "", by_hand: dict[LogRole, str] | None = None
) -> LearnedLog:
    (folder / "log.csv").write_bytes(content)
    return read_log(folder / "log.csv", form, by_hand)


def test_all_wrong_options_are_told_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--mapping", "t_cal", "--quality", "foo=kept", "--time-zone", "Mars", "--lang", "en"]
    with pytest.raises(SystemExit) as left:
        main(["learn", str(FILE), *words])
    sentences = capfd.readouterr().err
    assert left.value.code == 2
    assert [name in sentences for name in ("'t_cal'", "'foo'", "'Mars'")] == [True] * 3
    assert "Traceback" not in sentences


def test_the_account_is_written_to_a_folder(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(troubled_log())
    with pytest.raises(SystemExit) as left:
        main(["learn", str(tmp_path / "log.csv"), "--out", str(tmp_path / "out")])
    assert left.value.code == 0
    data = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    with (tmp_path / "out" / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    left_out = {row["line"] for row in rows if row["treatment"] == "left_out"}
    assert len(left_out) == data["rows"]["left_out"] == 2
    assert len(rows) == sum(trap["count"] for trap in data["traps"] if trap["scope"] == "rows")


class TestPrivacy:
    SECRETS: Final = ("13800138000", "李四", "411202199001011234", *CLERKS)

    def test_nothing_that_is_written_says_who_somebody_is(self, tmp_path: Path) -> None:
        learned = _learned(troubled_log(), tmp_path)
        written = [json.dumps(learned_data(learned), ensure_ascii=False)]
        written += [repr(quality_rows(learned)), repr(list(caught_rows_of(learned)))]
        written += [
            tickets_of(learned).frame().to_csv(),
            repr(tickets_of(learned)),
            repr(tickets_of(learned).names),
        ]
        for language in LANGUAGES:
            console = Console(file=io.StringIO(), width=500)
            print_blocks(learned_blocks(learned, load_text(language)), console)
            assert isinstance(console.file, io.StringIO)
            written.append(console.file.getvalue())
        leaks = {secret for secret in self.SECRETS for words in written if secret in words}
        assert leaks == set()

    def test_remarks_that_name_people_are_not_shown(self, tmp_path: Path) -> None:
        rows = ["2025-03-03 09:00:00,王小明下午再来", "2025-03-03 09:01:00,退办"]
        learned = _learned(table("取号时间,备注", *rows), tmp_path)
        assert "王小明" not in json.dumps(learned_data(learned), ensure_ascii=False)
        assert [f.trap for f in learned.quality.findings] == ["unknown_outcome"]


class TestLimits:
    """An answer with its limits, or a clear refusal."""

    def test_one_ticket(self, tmp_path: Path) -> None:
        learned = _learned(table("取号时间", "2025-03-03 09:00:00"), tmp_path)
        assert len(learned.log) == 1
        assert {"few_tickets", "one_day", "no_waits", "no_services"} <= set(learned.quality.limits)

    def test_no_ticket(self, tmp_path: Path) -> None:
        with pytest.raises(ScenarioError) as error:
            _learned(table("取号时间"), tmp_path)
        assert [problem.code for problem in error.value.problems] == ["table_empty"]

    def test_no_row_that_says_when(self, tmp_path: Path) -> None:
        with pytest.raises(ScenarioError) as error:
            _learned(table("取号时间,窗口", "?,1", ",2"), tmp_path)
        [problem] = error.value.problems
        assert problem.code == "log_instants_unread"
        assert problem.file.endswith("log.csv")

    def test_no_column_that_says_when(self, tmp_path: Path) -> None:
        with pytest.raises(ScenarioError) as error:
            _learned(table("窗口,人数", "1,5"), tmp_path)
        [problem] = error.value.problems
        assert (problem.code, problem.found) == ("log_without_instants", "窗口, 人数")

    def test_only_holidays(self, tmp_path: Path) -> None:
        rows = [f"2025-10-0{day} 09:{n:02}:00" for day in range(1, 8) for n in range(40)]
        learned = _learned(table("取号时间", *rows), tmp_path)
        assert len(learned.log) == len(rows)

    def test_without_starts_the_call_begins_the_work(self, tmp_path: Path) -> None:
        row = "2025-03-03 09:00:00,2025-03-03 09:05:00,2025-03-03 09:15:00"
        log = log_of(table("取号时间,叫号时间,结束时间", row), tmp_path)
        assert log.tickets.began_at.tolist() == log.tickets.called_at.tolist() != [-1]
        assert log.details.service.tolist() == [600_000]

    def test_of_two_halls_one_is_chosen(self, tmp_path: Path) -> None:
        rows = [f"2025-03-03 09:{n:02}:00,{'东' if n % 3 else '西'}区大厅" for n in range(60)]
        content = table("取号时间,大厅", *rows)
        both = _learned(content, tmp_path)
        assert "several_places" in both.quality.limits
        west = read_log(tmp_path / "log.csv", hall=LogHall(place="西区大厅"))
        assert (len(west.log), west.quality.rows_left_out) == (20, 40)
        assert tickets_of(west).names.places == ("西区大厅",)
        with pytest.raises(OptionError, match="东区大厅"):
            read_log(tmp_path / "log.csv", hall=LogHall(place="中区大厅"))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_refusal_is_a_sentence(self, language: str, tmp_path: Path) -> None:
        text = load_text("zh" if language == "zh" else "en")
        for content in (table("窗口", "1"), table("取号时间", "?"), b"\x1f\x8b\x08"):
            with pytest.raises(HallError) as error:
                _learned(content, tmp_path)
            assert all(sentence for sentence in error.value.sentences(text))


class TestPublicLogs:
    """Real logs, which lie outside the project: their licence is for non-commercial use."""

    def test_an_office_that_publishes_hours(self) -> None:
        """Its waits are as long as others found who modelled the office by hand."""
        path = public_log("rubi_oac_visits_2025-01_2025-09.csv.gz")
        learned = read_log(path, hall=LogHall("none", "Europe/Madrid", "OAC"))
        with gzip.open(path, "rt", encoding="utf-8-sig") as file:
            rows = [row for row in csv.DictReader(file) if row["OFICINA"] == "OAC"]
        seconds = sorted(float(row["TEMPS_ESPERA"]) for row in rows)
        assert learned.form == "oac_visits"
        assert sorted((tickets_of(learned).details.wait / 1000).tolist()) == seconds
        assert np.mean(seconds) / 60 == pytest.approx(22.9, abs=0.7)
        assert {"hours_only", "served_only"} <= set(learned.quality.limits)


def public_log(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not there: logs of CC BY-NC stay outside the project")
    return path


def test_the_shipped_headings_are_those_of_the_machine() -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == HEADS


WIDE: Final = str.maketrans("0123456789:-", "０１２３４５６７８９：－")


def of_sheet(at: datetime) -> float:
    return (at - datetime(1899, 12, 30)).total_seconds() / 86_400


FORMS_OF_INSTANTS: Final[dict[str, Callable[[datetime], str]]] = {
    "wide digits": lambda at: f"{at}".translate(WIDE),
    "Chinese": lambda at: (
        f"{at.year}年{at.month}月{at.day}日 {at.hour}时{at.minute}分{at.second}秒"
    ),
    "half days": lambda at: f"{at:%Y/%m/%d} {'上午' if at.hour < 12 else '下午'} {at:%I:%M:%S}",
    "AM and PM": lambda at: f"{at:%Y-%m-%d %I:%M:%S %p}",
    "days of a sheet": lambda at: f"{of_sheet(at):.6f}",
    "digits": lambda at: f"{at:%Y%m%d%H%M%S}",
}


@pytest.mark.parametrize("form", FORMS_OF_INSTANTS)
def test_instants_are_read_in_whatever_form(form: str, tmp_path: Path) -> None:
    write = FORMS_OF_INSTANTS[form]
    rows = rows_of()
    odd = [
        [*row[:4], *(write(datetime.fromisoformat(at)) if at else "" for at in row[4:7]), row[7]]
        for row in rows
    ]
    assert log_of(csv_of(odd), tmp_path) == log_of(csv_of(rows), tmp_path)


@pytest.mark.parametrize("as_dates", [True, False])
def test_a_sheet_has_dates_and_times_as_numbers_or_as_its_own(
    as_dates: bool, tmp_path: Path
) -> None:
    rows = rows_of()
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["日期", *CHINESE])
    for row in rows:
        at = [datetime.fromisoformat(cell) if cell else None for cell in row[4:7]]
        assert at[0] is not None
        clocks: list[object] = [None if each is None else each.time() for each in at]
        if not as_dates:
            clocks = [None if each is None else of_sheet(each) % 1 for each in at]
        day = at[0].date() if as_dates else int(of_sheet(at[0]))
        sheet.append([day, *row[:4], *clocks, row[7]])
    book.save(tmp_path / "log.xlsx")
    assert tickets_of(read_log(tmp_path / "log.xlsx")) == log_of(csv_of(rows, CHINESE), tmp_path)


def test_hours_alone_are_hours(tmp_path: Path) -> None:
    for form in ("%Y-%m-%d %H", "%Y-%m-%d %H时", "%Y/%m/%d %H:00"):
        rows = [[datetime.fromisoformat(row[4]).strftime(form)] for row in rows_of()]
        log = log_of(csv_of(rows, ("取号时间",)), tmp_path)
        assert (len(log), log.grain) == (len(rows), 60 * MINUTE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "cell",
    ["0001-03-03 08:05", "9999-12-31 08:05", "03/03/2025 08:05", "08:05:10", "monday", "45719天"],
)
def test_a_cell_that_is_no_instant_is_shown(cell: str, language: Language, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        log_of(csv_of([["A1", cell]] * 30, ("票号", "取号时间")), tmp_path)
    [problem] = caught.value.problems
    words = problem.sentence(load_text(language))
    assert (problem.code, problem.path) == ("log_instants_unread", "--mapping taken")
    assert cell in words
    assert "2025-03-03 08:05:10" in words


def test_what_says_who_somebody_is_is_not_shown_as_an_instant(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        log_of(csv_of([["13800138000x@y.cn"]] * 3, ("取号时间",)), tmp_path)
    assert "13800138000" not in str(caught.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_log_is_refused_before_memory_runs_out(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row more than there is memory for is too many; so many are read."""
    n_rows = len(FILE.read_text(encoding="utf-8").splitlines()) - 1
    system, group = tmp_path / "meminfo", tmp_path / "group"
    group.mkdir()
    monkeypatch.setattr(log_memory, "SYSTEM", system)
    monkeypatch.setattr(log_memory, "GROUP", group)
    least = -(-n_rows * log_memory.BYTES_PER_ROW // 1024)
    system.write_text(f"MemTotal: 9999999999 kB\nMemAvailable: {least} kB\n", "ascii")
    assert len(read_log(FILE).log) == n_rows
    for in_group in (False, True):
        free = n_rows * log_memory.BYTES_PER_ROW - 1
        if in_group:
            (group / "memory.max").write_text(f"{free + 7}\n", "ascii")
            (group / "memory.current").write_text("7\n", "ascii")
        system.write_text(f"MemAvailable: {least if in_group else least - 1} kB\n", "ascii")
        with pytest.raises(ScenarioError) as caught:
            read_log(FILE)
        [problem] = caught.value.problems
        assert problem.code == "log_memory"
        assert f"{n_rows:,}" in problem.sentence(load_text(language))
    for path in (system, group / "memory.max"):
        path.unlink()
    assert len(read_log(FILE).log) == n_rows  # a machine that tells nothing


@pytest.mark.parametrize("command", ["replay", "backtest", "learn"])
def test_a_run_of_a_log_is_refused_before_memory_runs_out(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """There is memory to read it, and none to let as many people come again."""
    system = tmp_path / "meminfo"
    monkeypatch.setattr(log_memory, "SYSTEM", system)
    monkeypatch.setattr(log_memory, "GROUP", tmp_path)
    n_rows = len(FILE.read_text(encoding="utf-8").splitlines()) - 1
    free = -(-n_rows * log_memory.BYTES_PER_ROW // 1024)
    system.write_text(f"MemAvailable: {free} kB\n", "ascii")
    options = ["--out", str(tmp_path / "hall.yaml")] if command == "learn" else []
    if command == "backtest":  # of a third of the people
        system.write_text(f"MemAvailable: {n_rows} kB\n", "ascii")
        monkeypatch.setattr(log_memory, "BYTES_PER_ROW", 1)
    with pytest.raises(SystemExit) as left:
        main([command, str(FILE), *options, "--lang", "en"])
    assert left.value.code == 2
    err = capfd.readouterr().err
    assert "the memory of this machine is free for fewer" in err
    assert "Traceback" not in err
    assert not (tmp_path / "hall.yaml").exists()
    system.write_text(f"MemAvailable: {9 * n_rows} kB\n", "ascii")
    with pytest.raises(SystemExit) as left:
        main([command, str(FILE), *options, "--lang", "en"])
    assert not left.value.code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("year", ["1970", "2999"])
def test_a_log_of_impossible_years_is_refused(
    year: str, language: Language, tmp_path: Path
) -> None:
    rows = [[cell.replace("2025-", f"{year}-") for cell in row] for row in rows_of()]
    with pytest.raises(ScenarioError) as caught:
        log_of(csv_of(rows), tmp_path)
    [problem] = caught.value.problems
    assert problem.code == "log_dates"
    assert f"{year}-03-03" in problem.sentence(load_text(language))
