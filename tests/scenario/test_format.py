"""Formatting changes how a file looks and nothing that it says, and what is formatted stays."""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.tokens import CommentToken, Token

from sim import data_dir
from sim.command.exit_status import status
from sim.command.scenarios import UNFORMATTED_STATUS
from sim.errors import Problem, ScenarioError
from sim.scenario.encoding import decode
from sim.scenario.format import DEEPEST, SHORT, format_file, formatted
from sim.scenario.load import load_scenario
from sim.scenario.tree import MAX_BYTES, parse_tree
from sim.scenario.wrap import WIDTH, columns, cut, fold
from sim.text import load_text
from tests.fuzz.mutate import made

SHIPPED: Final = sorted(data_dir("scenarios").rglob("*.yaml"))
FUZZED: Final = 60
CASES: Final = sorted((Path(__file__).parents[1] / "cases").rglob("*.yaml"))


def comments_of(text: str) -> list[str]:
    """The lines of comments as ruamel's own scanner finds them, in the order of the alphabet."""

    def lines(comment: Any) -> Iterator[str]:
        if isinstance(comment, CommentToken):
            yield from (line.strip() for line in str(comment.value).split("\n"))
        elif isinstance(comment, Sequence) and not isinstance(comment, str):
            for part in comment:
                yield from lines(part)

    tokens: list[Token] = list(YAML(typ="rt", pure=True).scan(io.StringIO(text)))
    seen = {id(token.comment): token.comment for token in tokens if token.comment}
    seen_lines = [line for comment in seen.values() for line in lines(comment) if line]
    # it passes over those on the first line of a text in block style
    return sorted(seen_lines + re.findall(r"(?m): [|>][-+0-9]*[ \t]+(#.*)$", text))


def refusal(read: Callable[[str], object], text: str) -> tuple[Problem, ...]:
    """What a reader refuses a text for."""
    try:
        read(text)
    except ScenarioError as error:
        return error.problems
    return ()


def assert_same(before: str, after: str) -> None:
    """Two texts say the same, to the kind of each value, and the second stays as it is."""
    trees = [parse_tree(text).plain() for text in (before, after)]
    assert repr(trees[0]) == repr(trees[1])
    assert comments_of(before) == comments_of(after)
    assert formatted(after) == after


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_is_formatted(path: Path) -> None:
    """Run `govhall format FILE` after a change; comments too are no wider than a line."""
    data = path.read_bytes().replace(b"\r\n", b"\n")
    text = data.decode("utf-8")
    assert formatted(text) == text
    assert max(map(columns, text.split("\n"))) <= WIDTH


def test_the_largest_file_is_well_below_the_limit() -> None:
    assert max(path.stat().st_size for path in SHIPPED) < MAX_BYTES / 2


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_files_of_cases_say_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    problems = refusal(parse_tree, text)
    if problems:  # refused as the reader refuses it, at the same places
        assert refusal(formatted, text) == problems
    else:
        assert_same(text, formatted(text))


def test_files_changed_at_random_say_the_same(tmp_path: Path) -> None:
    """What the reader takes for plain YAML, with whatever in it, is formatted."""
    path, taken = tmp_path / "fuzzed.yaml", 0
    for number in range(FUZZED):
        content = made(number).content
        path.write_bytes(content)
        try:
            text, _ = decode(content)
        except ScenarioError:
            continue
        refused = [problem.code for problem in refusal(formatted, text)]
        assert "format_differs" not in refused, number
        if not refused:
            taken += 1
            new = formatted(text)
            assert formatted(new) == new, number
            if number % 10 == 0:
                assert format_file(path).after.decode("utf-8") == new
    assert taken > FUZZED / 3


WRITTEN: Final = {
    "braces become lines where they are long or deep": (
        "matters: [{id: a, service: {base: {law: exponential, mean: 5 min}}}, {id: b}]",
        """\
        matters:
          - id: a
            service: {base: {law: exponential, mean: 5 min}}
          - id: b
        """,
    ),
    "spelling and quotes of short values stay": (
        "a: {n: 1_000, o: 010, x: 0x1F, e: 1e3, d: '2025-01-01', t: 2025-01-01, q: \"no\"}",
        "a: {n: 1_000, o: 010, x: 0x1F, e: 1e3, d: '2025-01-01', t: 2025-01-01, q: \"no\"}\n",
    ),
    "comments inside braces": (
        "a: {b: 1, # one\n  # above\n  c: 2 # two\n  # last\n  } # end\n",
        """\
        a: # end
          b: 1 # one
          # above
          c: 2 # two
          # last
        """,
    ),
    "comments beside, above and below": (
        "# head\n\na: # key\n- # dash\n  b: 1 # beside\n  # still in b's record\n- {b: 2} # two\n"
        "# next\nc: 3\n# end",
        """\
        # head

        a: # key
          # dash
          - b: 1 # beside
            # still in b's record
          - b: 2 # two

        # next
        c: 3
        # end
        """,
    ),
    "comments of blocks of text": (
        "a: >- # folded\n  some\n  words\n\n# own\nb: | # kept\n  one\n\n  # no comment\n",
        """\
        # folded
        a: >-
          some words

        # own
        # kept
        b: |
          one

          # no comment
        """,
    ),
    "nothing, and empty braces": (
        "a:\nb: {}\nc: [ ]\nd: [{a}, {b: }, '']\ne: # said\nf: {1,200}",
        "a:\nb: {}\nc: []\nd: [{a}, {b}, '']\ne: # said\nf: {1, 200}\n",
    ),
    "texts whose lines count": (
        "a: |\n    x\n      y\n\n    z\nb: |2-\n    indented\n  less\nc: |+\n  kept\n\n"
        "d: >\n  a\n   b\n",
        """\
        a: |
          x
            y

          z

        b: |2-
            indented
          less

        c: "kept\\n\\n"

        d: |
          a
           b
        """,
    ),
    "keys of all kinds": (
        "? a\n: 1\n'b c': 2\n\"d\\n\": 3\n? |\n  e\n: 4\n{f: 1}: 5\n: 6\n",
        'a: 1\n\'b c\': 2\n"d\\n": 3\n"e\\n": 4\n{f: 1}: 5\n: 6\n',
    ),
    "lists in lists": (
        "a: [[1, [2, [3]]], []]\nb:\n- - 1\n  - 2\n-\n  - 3\n",
        """\
        a:
          - - 1
            - [2, [3]]
          - []

        b:
          - - 1
            - 2
          - - 3
        """,
    ),
    "marks of a document": ("%YAML 1.2\n---\n# why\na: 1\n...\n", "%YAML 1.2\n---\n# why\na: 1\n"),
}


def undented(text: str) -> str:
    """A text as it stands between triple quotes, from the margin on."""
    margin = " " * 8
    return "".join(line.removeprefix(margin) for line in text.splitlines(keepends=True))


@pytest.mark.parametrize("name", WRITTEN)
def test_style(name: str) -> None:
    before, after = WRITTEN[name]
    assert formatted(before) == undented(after)
    assert_same(before, formatted(before))


def test_records_of_a_list_are_alike_and_parted_where_they_are_long() -> None:
    short = "a: [{id: x, b: 1}, {id: y, c: {d: {e: 1}}}]"
    assert formatted(short) == "a:\n  - id: x\n    b: 1\n  - id: y\n    c: {d: {e: 1}}\n"
    long = ", ".join(f"k{n}: {{d: {{e: 1}}}}" for n in range(SHORT + 1))
    assert "\n\n  - id: y" in formatted(f"a: [{{id: x}}, {{id: y, {long}}}]")


def test_a_line_has_few_levels_and_columns() -> None:
    deep = "1"
    for _ in range(DEEPEST):
        deep = f"[{deep}]"
    assert formatted(f"a: {deep}") == f"a: {deep}\n"
    assert formatted(f"a: [{deep}]") == f"a:\n  - {deep}\n"
    wide = f"a: [{'大' * 30}, {'厅' * 26}s]"
    assert columns(wide) == WIDTH
    assert formatted(wide) == wide + "\n"
    assert formatted(wide.replace("]", "厅]")).count("\n") == 3


def test_long_text_is_folded_at_its_blanks() -> None:
    value = " ".join(["word"] * 60)
    for quoted in (value, f'"{value}"', f"'{value}'", value.replace(" ", "\n  ")):
        assert formatted(f"note: {quoted}").startswith("note: >-\n  word word")
        assert_same(f"note: {quoted}", formatted(f"note: {quoted}"))


@pytest.mark.parametrize(
    "value",
    [
        "大厅周六开门，周日不开。" * 20,
        "大厅 2025 年起" + "办理业务" * 40 + '\\"引号\\" 和 \\\\',
        "http://example.org/" + "a" * 80 + "?page=1&more=" + "b" * 80,
        "见（https://example.org/" + "a" * 60 + "）。" + "大厅" * 50,
        "“开头”" * 40,
    ],
)
def test_chinese_and_addresses_are_cut_without_a_blank(value: str) -> None:
    before = f'a: {{zh: "{value}"}}'
    after = formatted(before)
    assert "\\\n    " in after
    assert max(map(columns, after.split("\n"))) <= WIDTH
    assert_same(before, after)


@pytest.mark.parametrize(
    "value",
    [
        '"' + "x\\u5927\\t " * 30 + '"',
        '"' + "two  blanks   " * 20 + '"',
        '" ' + "begins with one " * 20 + '"',
        "'" + "tab\there " * 30 + "'",
        '"a\\ \n   b\\\n   c\n\n   d ' + "long " * 40 + '"',
        "9" * 200,
        "x" * 200,
        "|\n  " + "long line " * 30,
        ">\n  para\n\n\n  two " + "long " * 40 + "\n",
    ],
)
def test_text_that_cannot_be_wrapped_stays_what_it_is(value: str) -> None:
    assert_same(f"a: {value}", formatted(f"a: {value}"))
    assert_same(f"a: [{{b: 1}}, c]\nd:\n- {value}", formatted(f"a: [{{b: 1}}, c]\nd:\n- {value}"))


def test_fold_and_cut_say_the_same() -> None:
    value = "大厅周六开门，周日不开 (see 12 % of it)。" * 6
    for width in range(8, 60):
        assert " ".join(fold(value, width)) == value
        lines = cut(value, width, width)
        joined = "".join(
            line.removesuffix("\\") if line.endswith("\\") else line + " " for line in lines
        )
        assert joined.strip() == value


def test_line_ends_stay_and_marks_go() -> None:
    assert formatted("a:   1\r\nb: 2\r\n") == "a: 1\r\nb: 2\r\n"
    assert formatted("\ufeffa: 1\n") == "a: 1\n"


class TestCommand:
    """`govhall format FILE … [--check]`."""

    @staticmethod
    def run(*arguments: str) -> int:
        """The exit status."""
        return status(["format", *arguments], load_text("en"))

    def test_writes_what_check_names(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path, tidy = tmp_path / "hall.yaml", tmp_path / "tidy.yaml"
        tidy.write_text("extends: hall.yaml\n", "utf-8")
        source = next(path for path in SHIPPED if path.stem == "mmc")
        before = source.read_text("utf-8").replace(" {", "   {")
        path.write_text(before, "utf-8")
        path.chmod(0o640)
        scenario = load_scenario(tidy)
        assert self.run(str(path), str(tidy), "--check") == UNFORMATTED_STATUS
        assert path.read_text("utf-8") == before
        said = capsys.readouterr().out.splitlines()
        assert said == [f"Would be formatted: {path}", "1 of 2 files would change"]
        assert self.run(str(path), str(tidy), str(path)) == 0
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert list(tmp_path.iterdir()).sort() == [path, tidy].sort()
        assert path.read_text("utf-8") == source.read_text("utf-8")
        assert self.run(str(path), str(tidy), "--check") == 0
        assert load_scenario(tidy) == scenario
        assert load_scenario(tidy).hash == scenario.hash

    def test_other_encodings_are_told(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = "name: {zh: 三门峡市政务服务大厅}\n"
        marks = {"gb18030": "GB18030", "utf-16": "UTF-16", "utf-8-sig": "UTF-8 BOM"}
        for encoding, name in marks.items():
            path = tmp_path / "hall.yaml"
            path.write_text(words, encoding)
            assert self.run(str(path)) == 0
            assert f"is in {name};" in capsys.readouterr().err
            assert path.read_bytes() == words.encode("utf-8")

    def test_a_broken_file_is_told_and_none_is_written(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
        good.write_text("name:   {zh: 厅}\n", "utf-8")
        bad.write_text("run:\n  seed: [1\nname: 2\n", "utf-8")
        for flags in ((), ("--check",)):
            assert self.run(str(good), str(bad), *flags) == ScenarioError.exit_status
            assert f"{bad}:3:" in capsys.readouterr().err
        assert good.read_text("utf-8") == "name:   {zh: 厅}\n"
        bad.write_text("- a\n", "utf-8")
        assert self.run(str(bad)) == ScenarioError.exit_status

    def test_a_scenario_with_mistakes_is_formatted_too(self, tmp_path: Path) -> None:
        """Its mistakes are for `check`; they are the same before and after."""
        path = tmp_path / "hall.yaml"
        path.write_text("run:   {start: never}\n", "utf-8")
        assert self.run(str(path)) == 0
        assert path.read_text("utf-8") == "run: {start: never}\n"

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        path, link = tmp_path / "hall.yaml", tmp_path / "link.yaml"
        path.write_text("a:   1\n", "utf-8")
        link.symlink_to(path)
        assert self.run(str(link)) == 0
        assert link.is_symlink()
        assert path.read_text("utf-8") == "a: 1\n"

    def test_what_grows_beyond_the_limit_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "hall.yaml"
        values = ", ".join(["1"] * (MAX_BYTES // 40))
        path.write_text(f"{'{a: ' * 20}[{values}]{'}' * 20}", "utf-8")
        with pytest.raises(ScenarioError) as refused:
            format_file(path)
        assert {problem.code for problem in refused.value.problems} == {"too_large_file"}
