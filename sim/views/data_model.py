"""The data model as a page: every table, file and log column with type, unit and meaning.

`python -m sim.views.data_model docs` writes `data_model.md` and `data_model_zh.md`. Types and units
come from the declarations of columns, meanings from `sim/text/data_model.toml`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from sim.analysis.catalogue import MEASURES
from sim.analysis.judge import JUDGEMENTS
from sim.questions import reform
from sim.questions.columns import AnswerColumn, AnswerRows
from sim.results.columns import CASE_FATES, FATES, TABLES, Column
from sim.results.log_columns import CASE_COLUMNS, EVENT_COLUMNS, LogColumn
from sim.results.log_events import ACTIVITIES, CHANNELS, OUTCOMES, PURPOSES
from sim.results.outcomes import PEOPLE
from sim.results.second_matters import SECONDS
from sim.storage import (
    backtest_export,
    extend_export,
    learn_export,
    levers_export,
    log_replay_export,
    queue_backtest_export,
    reductions_export,
    sweep_export,
)
from sim.storage.answers import QUESTIONS
from sim.text import Language, Text, load_data_model, load_text

PAGES: Final[Mapping[Language, str]] = {"en": "data_model.md", "zh": "data_model_zh.md"}

LIST_OF_CODES: Final = {"FATES": "ticket", "CASE_FATES": "case", "SECONDS": "second"}
"""Words of a column of codes -> the list in which the page explains them."""

CellType = Literal["number", "whole", "text", "flag"]


class FileColumn(NamedTuple):
    """One column of a CSV file; its meaning is told in `sim/text/data_model.toml`."""

    name: str
    type: CellType = "number"
    unit: str = ""
    """Key of `unit.<name>` in the texts or in the words of the page; `as_unit` = see `unit`."""
    values: str = ""
    """Key of the list of words that may stand here; empty = anything of the type."""


def _with_interval(name: str, unit: str) -> tuple[FileColumn, ...]:
    """A mean and the bounds of its interval."""
    return tuple(FileColumn(f"{name}{end}", unit=unit) for end in ("", "_low", "_high"))


def _texts(*names: str) -> tuple[FileColumn, ...]:
    return tuple(FileColumn(name, "text") for name in names)


_ESTIMATE: Final = tuple(FileColumn(name, unit="as_unit") for name in ("mean", "low", "high"))
_JUDGED: Final = (
    FileColumn("matters_from", unit="as_unit"),
    FileColumn("judgement", "text", values="judgement"),
)
_N: Final = FileColumn("n", "whole")
_LEVEL: Final = FileColumn("level", unit="share_of_1")


_CELLS: Final[Mapping[str, CellType]] = {
    "number": "number",
    "whole": "whole",
    "text": "text",
    "words": "text",
    "flag": "flag",
}
"""Kind of an answer's column -> type of its cells."""


def _file_columns(columns: Sequence[AnswerColumn]) -> tuple[FileColumn, ...]:
    """Declared columns as a CSV file has them."""
    file_columns: list[FileColumn] = []
    for column in columns:
        if column.kind == "interval":
            file_columns += _with_interval(column.name, column.unit)
        else:
            kind = _CELLS[column.kind]
            file_columns.append(FileColumn(column.name, kind, column.unit, column.values))
    return tuple(file_columns)


def _declared(rows: AnswerRows) -> tuple[FileColumn, ...]:
    """The columns that an answer declares, as its CSV file has them."""
    has_intervals = any(column.kind == "interval" for column in rows.columns)
    return (*_file_columns(rows.columns), *((_LEVEL, _N) if has_intervals else ()))


FILES: Final[Mapping[str, tuple[FileColumn, ...]]] = {
    "measures": (
        *_texts("layout", "against", "by", "group", "measure"),
        *_ESTIMATE,
        *(FileColumn("unit", "text"), _N),
        *_JUDGED,
        FileColumn("count", "whole"),
    ),
    "sweep": _file_columns(sweep_export.COLUMNS),
    "levers": _file_columns(levers_export.COLUMNS),
    "reductions": _file_columns(reductions_export.COLUMNS),
    "extend": _file_columns(extend_export.COLUMNS),
    **{rows.file: _declared(rows) for kind in QUESTIONS.values() if (rows := kind.rows)},
    reform.ROWS.file: _declared(reform.ROWS),
    learn_export.FILE: _file_columns(learn_export.QUALITY),
    backtest_export.FILE: _file_columns(backtest_export.FORECASTS),
    queue_backtest_export.FILE: _file_columns(queue_backtest_export.QUEUES),
    log_replay_export.FILE: _file_columns(log_replay_export.WAITS),
    "check": _texts("path", "value", "low", "high", "source", "note"),
}
"""Columns of every CSV file in their order; a sweep has its levers' paths in front."""


def data_model_page(language: Language) -> str:
    """The whole page in one language, as Markdown.

    Examples
    --------
    >>> page = data_model_page("en")
    >>> "| `called_at` |" in page
    True
    """
    return _DocPage(language).written()


def write_pages(folder: Path) -> None:
    """Write the page of each language into a folder."""
    for language, name in PAGES.items():
        (folder / name).write_text(data_model_page(language), encoding="utf-8")


class _DocPage:
    """The page in one language: its words, and its parts as lines."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.text: Text = load_text(language)
        self.words: Mapping[str, Any] = load_data_model()

    def written(self) -> str:
        """All parts, a blank line between."""
        say = self._page
        top = [f"# {say('title')}", say("other"), say("made"), say("intro")]
        parts = [*self._tables(), *self._files(), *self._log(), *self._codes(), *self._measures()]
        contents = [f"## {say('contents')}", "\n".join(self._contents(parts))]
        return "\n\n".join([*top, *contents, *parts]) + "\n"

    def _page(self, key: str) -> str:
        return str(self.words["page"][f"{key}_{self.language}"])

    def _phrase(self, key: str, **values: str) -> str:
        return str(self.words["phrase"][f"{key}_{self.language}"]).format(**values)

    def _contents(self, parts: Sequence[str]) -> Iterator[str]:
        """One line a part and one a table, linked; anchors are those that stand before headings."""
        for anchor, heading in pairwise(parts):
            if anchor.startswith("<a id="):
                marks, _, title = heading.partition(" ")
                name = anchor.split('"')[1]
                yield f"{'  ' * (len(marks) - 2)}- [{title}](#{name})"

    def _heading(self, level: int, anchor: str, title: str) -> Iterator[str]:
        """A heading with an anchor of its own, the same in both languages."""
        yield f'<a id="{anchor}"></a>'
        yield f"{'#' * level} {title}"

    def _rows(self, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        head = [titles, ["---"] * len(titles)]
        return "\n".join(f"| {' | '.join(row)} |" for row in (*head, *rows))

    # === tables of a replication === #

    def _tables(self) -> Iterator[str]:
        yield from self._heading(2, "tables", self._page("tables"))
        yield self._page("tables_about")
        titles = [
            self._page(key) for key in ("column", "type", "unit", "values", "meaning", "lacks")
        ]
        for name, columns in TABLES.items():
            words = self.words["table"][name]
            yield from self._heading(3, name, f"`{name}`")
            yield str(words[f"about_{self.language}"])
            rows = [
                self._table_row(key, column, words["columns"][key])
                for key, column in columns.items()
            ]
            yield self._rows(titles, rows)

    def _table_row(self, name: str, column: Column, words: Mapping[str, str]) -> list[str]:
        kind = column.kind
        texts = kind in {"id", "code"}
        dtype = {"flag": "bool", "id": "text", "code": "text"}.get(kind, "int64")
        of = column.of
        match kind:
            case "row" if of in TABLES:
                values = self._phrase("row", of=of)
            case "row":
                values = str(self.words["of"][f"{of}_{self.language}"])
            case "id":
                values = self._phrase("id", of=self.words["of"][f"{of}_{self.language}"])
            case "code":
                values = self._list_link(LIST_OF_CODES[of])
            case "count":
                values = self._phrase("count" if of else "ordinal")
            case "flag":
                values = self._phrase("flag")
            case "instant":
                values = ""
        unit = (
            self._phrase("instant")
            if kind == "instant"
            else self._unit(of if kind == "count" else "")
        )
        lacks = self._phrase("never")
        if column.may_lack:
            key = "missing_text" if texts else "missing_number"
            lacks = self._phrase(key, lacks=words[f"lacks_{self.language}"])
        return [f"`{name.rstrip('_')}`", dtype, unit, values, words[self.language], lacks]

    def _unit(self, key: str) -> str:
        if not key:
            return ""
        if key == "as_unit":
            return self._phrase("as_unit")
        own = f"{key}_{self.language}"
        return (
            str(self.words["unit"][own]) if own in self.words["unit"] else self.text(f"unit.{key}")
        )

    def _list_link(self, name: str) -> str:
        title = self.words["code"][f"{name}_{self.language}"]
        return self._phrase("code", of=title, anchor=f"words-{name}")

    # === CSV files === #

    def _files(self) -> Iterator[str]:
        yield from self._heading(2, "files", self._page("files"))
        yield self._page("files_about")
        titles = [self._page(key) for key in ("column", "type", "unit", "meaning")]
        for name, columns in FILES.items():
            yield from self._heading(3, f"file-{name}", f"`{name}`")
            yield str(self.words["file"][name][f"about_{self.language}"])
            yield self._rows(titles, [self._file_row(name, column) for column in columns])

    def _file_row(self, file: str, column: FileColumn) -> list[str]:
        meaning = self._file_meaning(file, column.name)
        if column.values:
            link = self._list_link(column.values)
            meaning = self._phrase("with_link", meaning=meaning, link=link)
        kind = self._phrase(column.type)
        return [f"`{column.name}`", kind, self._unit(column.unit), meaning]

    def _file_meaning(self, file: str, name: str) -> str:
        """A column's own words, those that it shares with other files, or those of a bound."""
        for part in (file, "common"):
            columns = self.words["file"][part].get("columns", {})
            if name in columns:
                return str(columns[name][self.language])
        base, _, end = name.rpartition("_")
        return self._phrase(f"{end}_bound", of=base)

    # === event log === #

    def _log(self) -> Iterator[str]:
        yield from self._heading(2, "log", self._page("log"))
        yield self._page("log_about")
        titles = [self._page(key) for key in ("key", "name", "type", "meaning")]
        for scope, columns in (("case", CASE_COLUMNS), ("event", EVENT_COLUMNS)):
            yield from self._heading(3, f"log-{scope}", self._page(scope))
            words = self.words["log"][scope]
            yield self._rows(
                titles,
                [
                    self._log_row(column, words[name][self.language])
                    for name, column in columns.items()
                ],
            )

    def _log_row(self, column: LogColumn, meaning: str) -> list[str]:
        return [f"`{column.key}`", self.text(f"column.{column.column}"), column.kind, meaning]

    # === words and measures === #

    def _codes(self) -> Iterator[str]:
        yield from self._heading(2, "words", self._page("codes"))
        lists: Mapping[str, tuple[str, Sequence[str]]] = {
            "ticket": ("fate", FATES),
            "case": ("fate", CASE_FATES),
            "second": ("second", SECONDS),
            "activity": ("event", ACTIVITIES),
            "outcome": ("outcome", [outcome for outcome in OUTCOMES if outcome not in FATES]),
            "purpose": ("purpose", PURPOSES),
            "channel": ("channel", CHANNELS),
            "people": ("account.people", PEOPLE),
            "judgement": ("figure.judgement", JUDGEMENTS),
        }
        titles = [self._page("code"), self._page("meaning")]
        for name, (prefix, codes) in lists.items():
            title = str(self.words["code"][f"{name}_{self.language}"])
            yield from self._heading(3, f"words-{name}", title)
            yield self._rows(
                titles, [[f"`{code}`", self.text(f"{prefix}.{code}")] for code in codes]
            )

    def _measures(self) -> Iterator[str]:
        yield from self._heading(2, "measures", self._page("measures"))
        yield self._page("measures_about")
        keys = ("key", "name", "unit", "better", "cluster", "meaning")
        rows = [
            [
                f"`{measure.key}`",
                self.text(f"measure.{measure.key}"),
                self._unit("share_of_1" if measure.unit == "share" else measure.unit),
                self._phrase(measure.better),
                self._phrase(measure.cluster),
                self.text.template(f"measure_help.{measure.key}"),
            ]
            for measure in MEASURES
        ]
        yield self._rows([self._page(key) for key in keys], rows)


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
