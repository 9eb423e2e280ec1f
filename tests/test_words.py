"""The words stay honest: both languages, one glossary, no text outside the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import sim.text
from sim.results.columns import CASE_FATES, FATES
from sim.text import LANGUAGES, Language, load_glossary, load_text

ROOT = Path(sim.text.__file__).parents[1]
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;?()]|[,;?()][\u4e00-\u9fff]|[\u4e00-\u9fff]:(?! )")
FORBIDDEN = ("customer", "server", "counter", "queue_time", "business", "affair")
COUNTS = (
    "n",
    "runs",
    "replications",
    "days",
    "rows",
    "clerks",
    "cells",
    "levers",
    "cases",
)
"""Placeholders that are counts wherever they stand."""
LANGUAGE_FREE = (
    *("format.", "language.en", "unit.share", "error.pattern", "allowed."),
    *("judgement_mark.", "cli.head.minus", "cli.section"),
)
"""Keys whose Chinese may be a mere pattern or sign."""
TECHNICAL = {
    # the ground of pydantic models and of reading files; nobody meets them in a hall
    *("Block", "Bilingual", "Remark", "Finding", "Node", "Changed", "Number", "Amount", "Steps"),
    *("Piece", "Entry", "Formatted"),
    *("Known", "Hands"),
    # how a measure can be promised, a row of a table
    "Promisable",
    # an edited scenario, and the table of ways that is computed from one
    *("VariedScenario", "Spots", "Ways"),
    # a table of data, its columns and where its rows stand
    *(
        "CellTable",
        "DataTable",
        "RowPlaces",
        "InstantColumn",
        "NumberColumn",
        "NameColumn",
        "ArrivalRows",
        "EntryTable",
    ),
    *("DamagedWorkbook", "PackedRows"),
    "SheetRows",
    # names of probability laws are the textbooks'
    *("Constant", "Exponential", "Gamma", "LogNormal", "Uniform", "Triangular", "Empirical"),
    *("Sequence", "Weibull", "Erlang", "Mixture", "Beta"),
}
RAISERS = ("Problem", "Finding", "ClockError", "PydanticCustomError", "_refuse", "_unknown")
"""Names of calls whose first string is an error code; so are the values of a dict `CODES`."""


def entries(language: Language) -> dict[str, str]:
    return dict(load_text(language).entries)


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def shown_strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """String literals that do something; docstrings do not."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node


def type_name(node: ast.AST) -> str:
    """The name of a type that a statement defines: a class, or an alias of another type."""
    if isinstance(node, ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        is_alias = isinstance(node.value, ast.Subscript | ast.BinOp) and not name.isupper()
        return name if is_alias and name.lstrip("_")[:1].isupper() else ""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id if "TypeAlias" in ast.unparse(node.annotation) else ""
    return ""


def error_codes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "CODES":
            assert isinstance(node.value, ast.Dict)
            yield from (str(v.value) for v in node.value.values if isinstance(v, ast.Constant))
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in RAISERS and "problem" not in name.lower():
            continue
        keywords = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        for value in [*node.args[:1], *keywords]:
            for part in ast.walk(value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def scenario_classes() -> list[ast.ClassDef]:
    """Classes of floor 1, read and not imported: their words are checked even when it is broken."""
    folder = ROOT / "scenario"
    if not folder.is_dir():
        pytest.skip("there is no sim/scenario yet")
    trees = [tree for path, tree in sources() if folder in path.parents]
    return [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]


def is_plain(spec: str, language: Language) -> bool:
    """Whether a placeholder says nothing more, or in English the words for one and for many."""
    return not spec or (language == "en" and spec.count("|") == 1 and all(spec.split("|")))


class TestLanguages:
    def test_both_have_the_same_keys(self) -> None:
        assert entries("zh").keys() == entries("en").keys()

    def test_both_have_the_same_placeholders(self) -> None:
        zh, en = entries("zh"), entries("en")
        differing = [key for key in zh if placeholders(zh[key]) != placeholders(en[key])]
        assert differing == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_placeholders_are_plain_names(self, language: Language) -> None:
        fields = (part for text in entries(language).values() for part in Formatter().parse(text))
        odd = [
            field
            for field in fields
            if field[1] is not None
            and (not field[1].isidentifier() or field[3] or not is_plain(field[2] or "", language))
        ]
        assert odd == []

    def test_what_is_counted_fits_one(self) -> None:
        """A thing that some text counts as one and as many is never counted as many alone."""
        texts = entries("en")
        counted = {
            words.split("|")[1].split()[-1]
            for text in texts.values()
            for _, _, words, _ in Formatter().parse(text)
            if words
        } - {
            "are",
            "were",
            "have",
            "come",
            "change",
            "wait",
            "takes",
            "take",
            "name",
            "say",
            "do",
            "hold",
            "share",
        }
        things = "|".join(sorted(counted))
        alone = re.compile(rf"\{{({'|'.join(COUNTS)})\}} (?:[a-z-]+ )?({things})\b")
        assert [key for key, text in texts.items() if alone.search(text)] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_text_is_empty_or_padded(self, language: Language) -> None:
        joints = ("error.pattern", "format.")
        bad = [
            key
            for key, text in entries(language).items()
            if not text.strip() or (text != text.strip() and not key.startswith(joints))
        ]
        assert bad == []

    def test_chinese_is_chinese(self) -> None:
        foreign = [
            key
            for key, text in entries("zh").items()
            if not CJK.search(text)
            and not key.startswith(LANGUAGE_FREE)
            and re.sub(r"\.(allowed|remedy)$", "", key) == key
        ]
        assert foreign == []

    def test_chinese_has_chinese_punctuation(self) -> None:
        mixed = [text for text in entries("zh").values() if HALF_WIDTH.search(text)]
        assert mixed == []

    def test_english_has_no_chinese(self) -> None:
        foreign = {key for key, text in entries("en").items() if CJK.search(text)}
        assert foreign == {"language.zh"}

    def test_every_measure_is_explained(self) -> None:
        keys = entries("en")
        labels = {key.removeprefix("measure.") for key in keys if key.startswith("measure.")}
        helps = {key.removeprefix("measure_help.") for key in keys if key.startswith("measure_h")}
        assert labels == helps

    def test_every_fate_has_its_words(self) -> None:
        keys = entries("en")
        assert not [name for name in (*FATES, *CASE_FATES) if f"fate.{name}" not in keys]


class TestGlossary:
    def test_every_term_is_complete(self) -> None:
        for term in load_glossary().values():
            assert term.code == snake(term.code), term.code
            assert term.en, term.code
            assert term.meaning_en, term.code
            assert term.source, term.code
            assert CJK.search(term.zh), term.code
            assert CJK.search(term.meaning_zh), term.code
            assert not CJK.search(term.en + term.meaning_en), term.code

    def test_no_synonym_is_a_term_or_a_column(self) -> None:
        columns = {key.partition(".")[2] for key in entries("en") if key.startswith("column.")}
        assert not columns & set(FORBIDDEN)
        assert not set(load_glossary()) & set(FORBIDDEN)

    def test_a_column_that_is_a_term_has_its_english_word(self) -> None:
        """One word a thing: a header may be longer than the term, not another word."""
        text, glossary = load_text("en"), load_glossary()
        longer = {"class", "trip", "purpose", "promised", "fate", "list", "round", "outcome"}
        differing = {
            code: (term.en, text(f"column.{code}"))
            for code, term in glossary.items()
            if text.has(f"column.{code}") and code not in longer
            if text(f"column.{code}").split()[0] not in term.en
        }
        assert differing == {}

    def test_every_class_of_a_scenario_is_a_term(self) -> None:
        named = {block.name for block in scenario_classes() if not block.name.startswith("_")}
        missing = {name for name in named - TECHNICAL if snake(name) not in load_glossary()}
        assert missing == set()

    def test_no_field_of_a_scenario_is_a_synonym(self) -> None:
        fields = {
            part.target.id
            for block in scenario_classes()
            for part in block.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        }
        assert not fields & set(FORBIDDEN)


class TestCode:
    def test_words_for_people_live_in_the_catalogue(self) -> None:
        stray = [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
            for path, tree in sources()
            if (ROOT / "text") not in path.parents
            for node in shown_strings(tree)
            if CJK.search(str(node.value))
        ]
        assert stray == []

    def test_a_type_has_a_name_of_its_own(self) -> None:
        """One name a thing: a reader who looks one up finds one."""
        homes: dict[str, list[str]] = {}
        for path, tree in sources():
            for node in tree.body:
                if name := type_name(node).lstrip("_"):
                    homes.setdefault(name, []).append(str(path.relative_to(ROOT)))
        assert homes["Run"] == ["runs/run.py"]
        assert {name: files for name, files in homes.items() if len(files) > 1} == {}

    def test_every_error_code_has_its_sentence_and_its_remedy(self) -> None:
        text = load_text("en")
        file_of_code = {code: path.name for path, tree in sources() for code in error_codes(tree)}
        silent = {
            code: name
            for code, name in file_of_code.items()
            if not (text.has(f"error.{code}") and text.has(f"error.{code}.remedy"))
        }
        assert silent == {}

    def test_every_key_asked_for_by_name_exists(self) -> None:
        """`text("column.wait")` with a literal key, anywhere in the code."""
        text = load_text("en")
        unknown = [
            f"{path.relative_to(ROOT)}:{call.lineno} {call.args[0].value!r}"
            for path, tree in sources()
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "text"
            and call.args
            and isinstance(call.args[0], ast.Constant)
            and not text.has(str(call.args[0].value))
        ]
        assert unknown == []
