"""Values as people write them: one meaning, one scenario; or a word about why it is not sure."""

from __future__ import annotations

import codecs
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import Problem, ScenarioError
from sim.scenario.encoding import decode
from sim.scenario.load import load_scenario, read_scenario, scenario_from_text
from sim.scenario.spelling import SIGNS, WIDE, read_clock, read_instant, read_number, read_span
from sim.text import LANGUAGES, load_text
from tests.strategies import SECTIONS, small

MATTER = "[{id: errand, name: {zh: 事, en: E}, lead: office, service: {base: 9 min}, GAP}]"
LIMIT = MATTER.replace("GAP", "promised: GAP")
CLERKS = "[{id: h, name: {zh: 厅, en: H}, windows: [{id: w, serves: [errand], clerks: GAP}]}]"
PEOPLE = "[{id: p, matter: errand, per_day: GAP}]"
WEEK = "[{id: day, weekly: {mon-fri: [GAP]}}]"
SAME: dict[str, tuple[str, str, list[str]]] = {
    # what it is: (section, usual text with a gap, usual value and others that mean the same)
    "a number": ("demand", PEOPLE, ["3", "３", '"3"', "“3”", "３ "]),
    "thousands": (
        *("demand", PEOPLE),
        ["1200", '"1,200"', "1，200", "１，２００", "'1200'", "0.12万"],
    ),
    "clerks": (
        *("layouts", CLERKS),
        ["3", "３", '"3"', "{mon-sun 00:00-24:00: ３}"],
    ),
    "hours of a roster": (
        *("layouts", CLERKS),
        [
            "{mon-fri 09:00-12:00: 3}",
            "{周一至周五 9:00－12:00: 3}",
            "{Mon - Fri 9：00～12：00: ３}",
        ],
    ),
    "a date": (
        *("run", "{start: GAP, measured_days: 1}"),
        [
            *(
                "2025-07-01",
                '"2025-07-01"',
                "2025/7/1",
                "2025年7月1日",
                "2025.7.1",
                "２０２５-０７-０１",
            ),
            *(
                "2025-07-01 00:00:00",
                "2025/7/1 0:00",
                "2025-7-1",
                "20250701",
                "'20250701'",
                "2025－07－01",
                "2025-07-01 ",
            ),
        ],
    ),
    "an instant": (
        *("demand", "[{id: p, matter: errand, at: [GAP]}]"),
        [
            *("2025-01-06T09:30:00", "2025-01-06 9:30", '"2025/1/6 9:30"', "2025年1月6日9点30分"),
            "2025年1月6日 9：30",
        ],
    ),
    "hours": (
        *("calendars", WEEK),
        [
            *(
                "08:30-12:00",
                "8:30-12:00",
                "08：30-12：00",
                "08:30–12:00",
                "08:30—12:00",
                "8:30~12:00",
            ),
            *("8:30～12:00", "8:30至12:00", "8:30 到 12:00", "08:30 - 12:00", "08:30:00-12:00:00"),
            *(
                "8点30分-12点",
                "8时30分至12时",
                "８：３０－１２：００",
                "8点半-12点整",
                "“8:30-12:00”",
            ),
            '"08:30\u00a0- 12:00"',
        ],
    ),
    "days": (
        *("calendars", "[{id: day, weekly: {GAP: [09:00-17:00]}}]"),
        ["mon-fri", "周一至周五", "星期一到星期五", "Mon–Fri", "monday - friday", "ｍｏｎ－ｆｒｉ"],
    ),
    "a duration": (
        *("hall", "last_ticket: GAP"),
        [
            *(
                "90 min",
                "90min",
                "90分钟",
                "90 分钟",
                "９０ min",
                "90\u00a0min",
                "90 minutes",
                "1.5h",
            ),
            *("1.5小时", "1小时30分钟", "1 h 30 min", "5400秒", "'90 min'", "90分"),
        ],
    ),
    "working days": (
        *("matters", LIMIT),
        ["5 wd", "5wd", "5个工作日", "5 个工作日", "5工作日", "５ wd", "5 working days"],
    ),
    "calendar days": (
        *("matters", LIMIT),
        ["3 d", "3d", "3天", "3 自然日", "3个自然日", "3 days"],
    ),
    "a rate": (
        *("demand", "[{id: p, matter: errand, rate: GAP}]"),
        ["24 per h", "24/h", "24 / 小时", "24 per hour", "24每小时", "24／h", "0.4/分钟"],
    ),
    "a share": (
        *("applicants", "{balk_at: 9, unserved: {returns: GAP, lost: 0.85}}"),
        ["0.15", "15%", "15 %", '"15%"', "１５％", "15％", "'0.15'", "０．１５"],
    ),
    "a factor": ("applicants", "{volume_factor: GAP}", ["1.5", "150%", '"1.5"', "１５０％"]),
    "an id": (
        *("demand", "[{id: p, matter: GAP, per_day: 3}]"),
        ["errand", "“errand”", "ｅrrand", '"errand "', "errand\u200b", "\u3000errand"],
    ),
    "a choice": (
        "run",
        "{start: 2025-01-06, measured_days: 1, holidays: GAP}",
        ["china", "ｃhina", "“china”"],
    ),
    "months": (
        *("demand", "[{id: p, matter: errand, per_day: 3, months: {GAP: 1.5}}]"),
        ["7", "７", "7月", '"7"'],
    ),
    "weekdays": (
        *("demand", "[{id: p, matter: errand, per_day: 3, weekdays: {GAP: 1.5}}]"),
        ["mon", "周一", "星期一", "Monday"],
    ),
    "a range": (
        *("applicants", "{volume_factor: 1.5, assumed: {volume_factor: [1, GAP]}}"),
        ["1.7", '"1.7"', "170%", "１.７"],
    ),
}


@pytest.mark.parametrize("kind", SAME)
def test_spellings_of_one_meaning_are_one_scenario(kind: str) -> None:
    section, text, ways = SAME[kind]
    usual = {"demand": "[{id: p, matter: errand, per_day: 9}]", section: text}
    scenarios = {
        way: scenario_from_text(
            small(**{name: text.replace("GAP", way) for name, text in usual.items()})
        )
        for way in ways
    }
    assert {way: scenario.hash for way, scenario in scenarios.items()} == dict.fromkeys(
        ways, scenarios[ways[0]].hash
    )
    assert len({scenario.model_dump_json() for scenario in scenarios.values()}) == 1


UNSURE: dict[str, tuple[str, str, str, str]] = {
    # what is not sure: (section, text, code, what the sentence must name)
    "a decimal comma": ("demand", PEOPLE.replace("GAP", "'1,5'"), "wrong_type", "comma"),
    "thousands and decimals": ("demand", PEOPLE.replace("GAP", "'1.200,5'"), "wrong_type", "comma"),
    "a full-width comma in a list": (
        "matters",
        MATTER.replace("GAP", "published: {days: [100，200, 3]}"),
        "wrong_type",
        "comma",
    ),
    "per cent of a number": ("demand", PEOPLE.replace("GAP", "15%"), "wrong_type", "per cent"),
    "a number with a word": ("demand", PEOPLE.replace("GAP", "3人"), "wrong_type", "digits alone"),
    "day and month": ("run", "{start: 7/1/2025, measured_days: 1}", "wrong_date", "2025-07-18"),
    "a month": ("run", "{start: 2025年7月, measured_days: 1}", "wrong_date", "2025-07-18"),
    "no day of the calendar": (
        "run",
        "{start: 2025/2/30, measured_days: 1}",
        "wrong_date",
        "2025-07-18",
    ),
    "afternoon": ("calendars", WEEK.replace("GAP", "上午9:00-下午5:00"), "wrong_clock", "24 hours"),
    "a point in a clock": ("calendars", WEEK.replace("GAP", "8.30-12.00"), "wrong_clock", "colon"),
    "minutes of one digit": (
        "calendars",
        WEEK.replace("GAP", "'8:5-12:00'"),
        "wrong_clock",
        "HH:MM",
    ),
    "seconds": ("calendars", WEEK.replace("GAP", "'08:30:15-12:00'"), "wrong_clock", "HH:MM"),
    "two intervals in one": (
        "calendars",
        WEEK.replace("GAP", "8:30-12:00，14:30-17:30"),
        "wrong_interval",
        "entry of its own",
    ),
    "sexagesimal": ("calendars", WEEK.replace("GAP", "510-720"), "wrong_clock", "HH:MM"),
    "days of a limit": (
        "matters",
        MATTER.replace("GAP", "promised: 5日"),
        "wrong_unit",
        "write d or wd",
    ),
    "weeks": ("hall", "last_ticket: 2周", "wrong_unit", "s, min, h or d"),
    "no unit": ("hall", "last_ticket: ３０", "bare_number", "unit"),
    "ids in one": (
        "layouts",
        CLERKS.replace("[errand]", "[errand，other]").replace("GAP", "1"),
        "wrong_id",
        "entry of its own",
    ),
    "a full-width colon after a key": ("hall", "last_ticket：15 min", "unknown_key", "U+FF1A"),
    "an invisible sign in a key": ("hall", "last_ticket\u200b: 15 min", "unknown_key", "U+200B"),
    "wide brackets": (
        "layouts",
        CLERKS.replace("[errand]", "［errand］").replace("GAP", "1"),
        "wrong_type",
        "brackets",
    ),
    "figures of another script": (
        "calendars",
        WEEK.replace("GAP", "٠٩:00-17:00"),
        "wrong_clock",
        "HH:MM",
    ),
    "thousands of two figures": ("demand", PEOPLE.replace("GAP", "'12,00'"), "wrong_type", "comma"),
    "a small decimal comma": ("demand", PEOPLE.replace("GAP", "'0,500'"), "wrong_type", "comma"),
    "thousands where there are none": (
        "applicants",
        "{volume_factor: '1,200'}",
        "wrong_type",
        "comma",
    ),
}


@pytest.mark.parametrize("what", UNSURE)
def test_what_is_not_sure_is_named(what: str) -> None:
    section, text, code, named = UNSURE[what]
    problems = problems_of(small(**{section: text}))
    matching = [problem for problem in problems if problem.code == code]
    assert matching, problems
    sections = [*SECTIONS, *({section} - set(SECTIONS))]
    assert all(problem.line == sections.index(section) + 1 for problem in matching)
    assert named in matching[0].sentence(load_text("en"))
    assert all(matching[0].sentence(load_text(language)) for language in LANGUAGES)


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(text, "hall.yaml")
    return caught.value.problems


MISPLACED = {
    "name： {zh: 厅, en: Hall}": ("：", 1, 5),
    "name: {zh: 厅， en: Hall}": ("，", 1, 13),
    "a:\n\tb: 1": ("U+0009", 2, 1),
    "a: ｛b: 1": ("｛", 1, 4),
    "a: [1, 2］\nb: 1": ("］", 1, 9),
    "a: “b: c”": ("“", 1, 4),
    "a: 1\n＃ b": ("＃", 2, 1),
    "a:\n - b\n\u3000- c: d: 2": ("U+3000", 3, 1),
}


@pytest.mark.parametrize("text", MISPLACED)
def test_a_sign_that_is_none_of_yaml_is_named_with_its_place(text: str) -> None:
    sign, line, column = MISPLACED[text]
    (problem,) = problems_of(text)
    assert problem.code == "yaml_sign"
    assert problem.found.startswith(sign)
    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x: 1\n“a”: 2\n- e\n", (2, 1)),
        ("x: 1\n“a”: 2\nb: 3\nc: 4\n- e\n", (2, 1)),
        ("x: 1\n“a”: 2\nb: 3\nc: 4\nd: 5\n- e\n", None),
        ("a：1\nc: 1\n", (1, 2)),
        ("a：1\nb\nc: 1\n", None),
    ],
)
def test_a_sign_far_from_where_reading_ends_is_not_blamed(
    text: str, place: tuple[int, int] | None
) -> None:
    """Up to three lines above it, but no more than one above what is being read there."""
    (problem,) = problems_of(text)
    if place is None:
        assert (problem.code, problem.line) == ("yaml_syntax", text.count("\n"))
    else:
        assert (problem.code, problem.line, problem.column) == ("yaml_sign", *place)


def test_odd_signs_are_told_once_a_file_and_usual_ones_never(tmp_path: Path) -> None:
    path = tmp_path / "hall.yaml"
    path.write_text(small(run="seed: １, warmup_days: ２, replications: '3'"), encoding="utf-8")
    notes = [note for note in read_scenario(path)[1] if note.code == "read_as"]
    assert [(note.line, note.found) for note in notes] == [(3, "１ → 1; ２ → 2")]
    path.write_text(small(calendars="[{id: day, weekly: {mon-fri: [9:00-17:00]}}]"), "utf-8")
    assert "read_as" not in {note.code for note in read_scenario(path)[1]}
    limit = "promised: 3天"
    path.write_text(small(matters=SECTIONS["matters"].replace("lead", f"{limit}, lead")), "utf-8")
    assert "read_as" in {note.code for note in read_scenario(path)[1]}


@pytest.mark.parametrize("number", ["1,200", "1,200,000", "12,345.6"])
def test_a_comma_between_braces_parts_no_number(number: str) -> None:
    """YAML reads `{per_day: 1,200}` as two entries, of which the second has no value."""
    text = small(demand=f"[{{id: p, matter: errand, per_day: {number}}}]")
    (problem,) = problems_of(text)
    assert (problem.code, problem.path) == ("parted_number", "demand[p].per_day")
    assert (problem.found, problem.line) == (number, 8)


def test_layers_and_overrides_know_one_spelling(tmp_path: Path) -> None:
    """A file over another, and overrides over both, however their hours are spelled."""
    group = "{id: window, serves: [errand], clerks: {GAP: 2}}"
    layouts = "[{id: hall, name: {zh: 厅, en: Hall}, windows: [GROUP]}]".replace("GROUP", group)
    base, over = tmp_path / "base.yaml", tmp_path / "over.yaml"
    base.write_text(small(layouts=layouts.replace("GAP", "9:00-17:00")), encoding="utf-8")
    changed = layouts.replace("GAP: 2", "09：00-17：00: 3")
    over.write_text(f"extends: base.yaml\nlayouts: {changed}", encoding="utf-8")
    path = "layouts.hall.windows.window.clerks"
    ways = [
        load_scenario(over),
        load_scenario(base, [f"{path}.09:00-17:00=3"]),
        load_scenario(base, [f"{path}.9:00～17:00=３"]),
        load_scenario(base, [f"{path}={{9:00-17:00: '3'}}"]),
        load_scenario(base, [f"{path}.９：００－１７：００=3"]),
        load_scenario(base, [f"{path.replace('.', '．')}＝{{9:00-17:00: 3}}"]),
    ]
    assert len({scenario.hash for scenario in ways}) == 1


def test_one_key_in_two_spellings_is_written_twice() -> None:
    shape = "[{id: p, shape: {09:00-10:00: 1, 9:00-10:00: 2}}]"
    (problem,) = problems_of(small(profiles=shape))
    assert (problem.code, problem.found) == ("duplicate_key", "9:00-10:00")


def test_signs_are_those_that_look_alike() -> None:
    """All full-width ones of ASCII, all blanks, and those of these names."""
    names = {
        "-": "HYPHEN, NON-BREAKING HYPHEN, FIGURE DASH, EN DASH, EM DASH, HORIZONTAL BAR,"
        " MINUS SIGN, SMALL HYPHEN-MINUS",
        ":": "RATIO, SMALL COLON",
        "~": "WAVE DASH, TILDE OPERATOR",
        "": "SOFT HYPHEN, ZERO WIDTH SPACE, ZERO WIDTH NON-JOINER, ZERO WIDTH JOINER,"
        " LEFT-TO-RIGHT MARK, RIGHT-TO-LEFT MARK, WORD JOINER, ZERO WIDTH NO-BREAK SPACE",
    }
    alike = {
        unicodedata.lookup(name): plain for plain in names for name in names[plain].split(", ")
    }
    for sign in map(chr, range(0x80, 0x10000)):
        plain = unicodedata.normalize("NFKC", sign)
        if unicodedata.name(sign, "").startswith("FULLWIDTH ") and plain.isascii():
            alike[sign] = plain
        elif unicodedata.category(sign) == "Zs":
            alike[sign] = " "
    assert alike == SIGNS


@pytest.mark.parametrize(("most", "number"), [(1_200, 1_200), (1_199, None)])
def test_thousands_are_parted_where_there_may_be_so_many(most: float, number: int | None) -> None:
    assert read_number("1,200", most=most) == number


@given(st.integers(0, 59), st.integers(0, 999_999), st.integers(1, 6))
def test_an_instant_has_the_part_of_its_second(second: int, micros: int, digits: int) -> None:
    """`.5` is half a second in one digit as in six."""
    part = f"{micros:06d}"[:digits]
    expected = datetime(2025, 7, 1, 8, 30, second, int(part) * 10 ** (6 - digits))
    for day in ("2025-07-01 ", "2025/7/1T", "２０２５年７月１日"):
        assert read_instant(f"{day}8：30:{second:02d}.{part}") == expected


def test_names_and_notes_stay_as_they_are_written() -> None:
    scenario = scenario_from_text(
        small(name="{zh: “大厅”（１，２００）, en: '３'}", note="２０２５年")
    )
    assert (scenario.name.zh, scenario.name.en, scenario.note) == (
        "“大厅”（１，２００）",
        "３",
        "２０２５年",
    )


@given(st.integers(0, 10**9))
def test_a_whole_number_is_itself_in_every_spelling(n: int) -> None:
    wide = str(n).translate({ord(plain): sign for sign, plain in WIDE.items()})
    assert [read_number(way) for way in (str(n), f"{n:,}", wide, f" {n} ")] == [n] * 4


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_clock_is_itself_in_every_spelling(hour: int, minute: int) -> None:
    ways = (f"{hour}:{minute:02d}", f"{hour:02d}：{minute:02d}", f"{hour}点{minute}分")
    assert {read_clock(way) for way in ways} == {f"{hour:02d}:{minute:02d}"}


@given(st.text(max_size=12))
def test_any_text_is_read_or_left(text: str) -> None:
    for read in (read_number, read_clock, read_span):
        read(text)


# --- encodings ------------------------------------------------------------------------------


TEXT = small(name="{zh: 三门峡市政务服务中心, en: Hall}")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-be", "utf-32"]
)
def test_a_file_in_any_sure_encoding_is_the_same(encoding: str, ends: str, tmp_path: Path) -> None:
    path = tmp_path / "hall.yaml"
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    path.write_bytes(mark + TEXT.replace("\n", ends).encode(encoding))
    scenario, notes = read_scenario(path)
    assert scenario == scenario_from_text(TEXT)
    assert [note.code for note in notes] == (["read_in_encoding"] if "gb" in encoding else [])


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("a: 1\nb: é".encode("latin-1"), (2, 4)),
        ("a: Café Zürich".encode("cp1252"), (1, 7)),
        ("a: 便民服務中心開辦".encode("big5"), (1, 4)),
        ("a: 窓口サービス".encode("shift_jis"), (1, 4)),
        ("a: Приветы".encode("cp1251"), (1, 4)),
        ("a: 大厅".encode()[:-1], (1, 5)),
        ("a: 大厅\n".encode() + b"b: \xff", (2, 4)),
    ],
)
def test_an_encoding_that_is_not_sure_is_told_with_its_byte(
    content: bytes, place: tuple[int, int]
) -> None:
    with pytest.raises(ScenarioError) as caught:
        decode(content, "hall.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.column) == ("not_utf8", *place)
    before = content.decode("utf-8", errors="ignore").splitlines()[: place[0]]
    signs = "\n".join([*before[:-1], before[-1][: place[1] - 1]])
    assert problem.found == f"0x{content[len(signs.encode())]:02X}"


@pytest.mark.parametrize(
    ("mark", "encoding", "name", "damage"),
    [
        (codecs.BOM_UTF8, "utf-8", "UTF-8", "FF"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16", "00DC"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16", "DC00"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32", "FFFFFFFF"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32", "EEFFFFFF"),
    ],
)
@pytest.mark.parametrize(
    ("before", "place"),
    [("", (1, 1)), ("上", (1, 2)), ("a: 大厅\n上: b", (2, 5)), ("上\r\n\n", (3, 1))],
)
def test_a_file_that_is_not_what_its_mark_says(
    before: str, place: tuple[int, int], mark: bytes, encoding: str, name: str, damage: str
) -> None:
    """Told at the sign that an editor shows, whatever bytes are before it."""
    with pytest.raises(ScenarioError, match="not what its mark says") as caught:
        decode(mark + before.encode(encoding) + bytes.fromhex(damage), "hall.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("damaged_encoding", "hall.yaml")
    assert (problem.line, problem.column) == place
    assert problem.found == f"{name} 0x{damage[:2]}"


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("Rubí", "Rubí", "Rubí"),
        ("{zh: 大厅}", "大厅", "大厅"),
        ("{en: Desk}", "Desk", "Desk"),
        ("{zh: 大厅, en: Desk}", "大厅", "Desk"),
    ],
)
def test_a_name_in_one_language_suffices(written: str, zh: str, en: str) -> None:
    scenario = scenario_from_text(small().replace(SECTIONS["name"], written))
    assert (scenario.name.zh, scenario.name.en) == (zh, en)
    same = scenario_from_text(small(name=f"{{zh: {zh}, en: {en}}}"))
    assert scenario.hash == same.hash
