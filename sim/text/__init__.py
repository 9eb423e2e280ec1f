"""Words for people: strict look-up by key and language, and numbers as people write them.

`zh.toml` and `en.toml` hold every string the product shows, under the same flat keys
(`column.wait`); `glossary.toml` says what each word of the project means, and `spelling.toml` how
people may write values. A `Text` is a value that
is passed down; there is no global language.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol

from sim.text.foreign import visible

Language = Literal["zh", "en"]
Keys = Literal["keys"]
"""A third language whose every string is its own key: figures drawn in it need no font."""
NumberKind = Literal["number", "count", "share", "s", "min", "h", "d", "wd", "yuan"]
"""What a measured number is; it decides digits, and `measured` writes it as the unit."""

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

_TICKS: Final[Mapping[str, int]] = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "s": 1_000}
_DIGITS: Final[Mapping[NumberKind, int]] = {"yuan": 0}


class HasBothNames(Protocol):
    """Anything that carries its name in both languages, as zones, matters and departments do."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


class MissingText(KeyError):  # noqa: N818 says what is missing
    """A key that has no text, or a text that was not given one of its placeholders."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one language: `text("column.wait")`.

    Examples
    --------
    >>> text = load_text("en")
    >>> text("column.wait")
    'Wait'
    >>> text("cli.progress", done=3, total=20)
    '3 of 20 replications'
    >>> text("cli.elapsed", visits=1, seconds="0.1")
    '1 visit simulated in 0.1 s'
    >>> text("column.weight")
    Traceback (most recent call last):
        ...
    sim.text.MissingText: no text 'column.weight' in en; nearest: column.wait, ...
    """

    language: Language | Keys
    entries: Mapping[str, str] = field(repr=False, compare=False)

    def __call__(self, key: str, **values: object) -> str:
        """The text under a key, with its placeholders filled in.

        Raises
        ------
        MissingText
            When there is no such key, or a placeholder has no value.
        """
        template = self.template(key)
        if self.language == "keys":
            return template
        try:
            if self.language == "zh":
                return _closed_up(_with_seams(template).format_map(values))
            return _TEMPLATES.vformat(template, (), values)
        except KeyError as error:
            raise MissingText(f"text {key!r} needs a value for {{{error.args[0]}}}") from None

    def template(self, key: str) -> str:
        """The text under a key as it stands in the file.

        Raises
        ------
        MissingText
            When there is no such key; the nearest keys are named.
        """
        if key in self.entries:
            return self.entries[key]
        nearest = difflib.get_close_matches(key, self.entries, n=3, cutoff=0.5)
        hint = f"; nearest: {', '.join(nearest)}" if nearest else ""
        raise MissingText(f"no text {key!r} in {self.language}{hint}")

    def has(self, key: str) -> bool:
        """Whether there is a text under this key."""
        return key in self.entries

    def name(self, bilingual: HasBothNames) -> str:
        """The name of a zone, matter or department, fit to be shown; under `keys` the English one.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> load_text("en").name(SimpleNamespace(zh="", en="a\x1bb"))
        'a�b'
        """
        return visible(bilingual.zh if self.language == "zh" else bilingual.en)

    def said(self, words: str | HasBothNames | None) -> str:
        """What a scenario says in one language or in both; nothing is the empty string."""
        if words is None or isinstance(words, str):
            return visible(words or "")
        return self.name(words)

    def number(self, value: float, digits: int = 1) -> str:
        """A number with `digits` decimals, thousands apart; a dash for NaN.

        Examples
        --------
        >>> load_text("en").number(12345.67)
        '12,345.7'
        """
        if not math.isfinite(value):
            return "–" if self.language == "keys" else self("format.missing")
        rounded = round(value, digits)
        return f"{rounded if rounded else 0.0:,.{digits}f}"

    def share(self, value: float, digits: int = 1) -> str:
        """A share of 1 as a percentage.

        Examples
        --------
        >>> load_text("en").share(0.123), load_text("zh").share(0.123)
        ('12.3 %', '12.3%')
        """
        return self._pattern("format.share", "{value} %", value=self.number(100 * value, digits))

    def minutes(self, ticks: float, digits: int = 1) -> str:
        """A length of time in minutes.

        Examples
        --------
        >>> load_text("en").minutes(750_000)
        '12.5 min'
        """
        return self.with_unit(self.number(ticks / _TICKS["min"], digits), "min")

    def duration(self, ticks: float) -> str:
        """A length of time in its two largest units; days are 24 hours.

        Examples
        --------
        >>> load_text("en").duration(5_400_000), load_text("en").duration(45_000)
        ('1 h 30 min', '45 s')
        """
        if not math.isfinite(ticks):
            return self.number(ticks)
        if ticks < 0:
            return f"−{self.duration(-ticks)}"
        units = list(_TICKS)
        for unit, below in zip(units, [*units[1:], ""], strict=True):
            step = _TICKS[below] if below else _TICKS[unit]
            whole, part = divmod(round(ticks / step) * step, _TICKS[unit])
            if whole and part:
                return (
                    f"{self.with_unit(f'{whole}', unit)} {self.with_unit(f'{part // step}', below)}"
                )
            if whole:
                return self.with_unit(f"{whole}", unit)
        return self.with_unit("0", "s")

    def interval(self, mean: float, low: float, high: float, kind: NumberKind) -> str:
        """A mean with its interval, without a unit except for shares; NaN bounds are left out.

        Values are in the unit of `kind`; shares are given as shares of 1.

        Examples
        --------
        >>> load_text("en").interval(12.1, 11.8, 12.4, "min")
        '12.1 [11.8, 12.4]'
        >>> load_text("en").interval(0.121, 0.118, 0.124, "share")
        '12.1 % [11.8 %, 12.4 %]'
        """
        if not (math.isfinite(low) and math.isfinite(high)):
            return self._value(mean, kind)
        return self._pattern(
            "format.interval",
            "{mean} [{low}, {high}]",
            mean=self._value(mean, kind),
            low=self._value(low, kind),
            high=self._value(high, kind),
        )

    def measured(self, mean: float, low: float, high: float, kind: NumberKind) -> str:
        """A mean with its interval and its unit.

        Examples
        --------
        >>> load_text("en").measured(12.1, 11.8, 12.4, "min")
        '12.1 [11.8, 12.4] min'
        """
        value = self.interval(mean, low, high, kind)
        return value if kind in ("number", "share") else self.with_unit(value, kind)

    def with_unit(self, value: str, unit: str) -> str:
        """A written number and its unit, the unit named by its key under `unit`.

        Examples
        --------
        >>> load_text("en").with_unit("5", "wd")
        '5 wd'
        """
        return self._pattern(
            "format.measured", "{value} {unit}", value=value, unit=self(f"unit.{unit}")
        )

    def date(self, day: date) -> str:
        """A date in words; under `keys` as YYYY-MM-DD.

        Examples
        --------
        >>> from datetime import date
        >>> load_text("en").date(date(2025, 7, 18))
        '18 July 2025'
        """
        if self.language == "keys":
            return day.isoformat()
        return self("format.date", year=day.year, month=self(f"month.{day.month}"), day=day.day)

    def __reduce__(self) -> tuple[Callable[[Language | Keys], Text], tuple[Language | Keys]]:
        """Travels to worker processes by its language alone."""
        return load_text, (self.language,)

    def _value(self, value: float, kind: NumberKind) -> str:
        return self.share(value) if kind == "share" else self.number(value, _DIGITS.get(kind, 1))

    def _pattern(self, key: str, under_keys: str, **values: str) -> str:
        return under_keys.format_map(values) if self.language == "keys" else self(key, **values)


_CHINESE: Final = "[\u2018-\u201d\u3000-\u303f\u3400-\u9fff\uff01-\uff0f\uff1a-\uff1f]"
_SEAM: Final = "\0"
"""Where a text and the value of a placeholder meet."""
_BLANK_AT_SEAM: Final = re.compile(rf"(?<={_CHINESE})(?:\0+ \0*| \0+)(?={_CHINESE})")


@cache
def _with_seams(template: str) -> str:
    return re.sub(r"(?<!\{)\{\w+\}(?!\})", rf"{_SEAM}\g<0>{_SEAM}", template)


def _closed_up(filled: str) -> str:
    """Without the blanks that set figures off, where words stand in place of the figure."""
    return _BLANK_AT_SEAM.sub("", filled).replace(_SEAM, "")


class _Templates(Formatter):
    """As `str.format`, and `{n:day|days}` is the word that goes with a number: 1 day, 2 days."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        one_word, many_word = format_spec.split("|")
        return one_word if str(value) == "1" else many_word


_TEMPLATES: Final = _Templates()


@cache
def load_text(language: Language | Keys) -> Text:
    """The words of a language.

    Examples
    --------
    >>> load_text("zh").language
    'zh'
    >>> load_text("keys")("column.wait")
    'column.wait'
    """
    if language == "keys":
        return Text("keys", MappingProxyType({key: key for key in load_text("en").entries}))
    return Text(language, MappingProxyType(dict(_flat(_read(f"{language}.toml")))))


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the glossary."""

    code: str
    """The name in code: class, YAML key, column, variable."""
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str
    source: str
    """Where the word comes from."""


@cache
def load_glossary() -> Mapping[str, Term]:
    """Every word of the project by its name in code.

    Examples
    --------
    >>> load_glossary()["wait"].meaning_en
    'ticket to call'
    """
    rows: dict[str, Term] = {}
    for code, row in _read("glossary.toml").items():
        assert isinstance(row, dict)
        rows[code] = Term(code, **row)
    return MappingProxyType(rows)


@cache
def load_data_model() -> Mapping[str, Any]:
    """What the columns of results mean, in both languages: the words of `docs/data_model.md`.

    Examples
    --------
    >>> load_data_model()["table"]["visits"]["columns"]["left_at"]["en"]
    'Leaves'
    """
    return MappingProxyType(_read("data_model.toml"))


@cache
def load_spelling() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """How people write values beside the spelling of the language, by section and name.

    Examples
    --------
    >>> load_spelling()["units"]["min"][:3]
    ('min', 'mins', 'minute')
    """
    sections: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, section in _read("spelling.toml").items():
        assert isinstance(section, dict)
        listed = {
            key: value if isinstance(value, list) else [value] for key, value in section.items()
        }
        sections[name] = MappingProxyType({key: tuple(ways) for key, ways in listed.items()})
    return MappingProxyType(sections)


@cache
def load_log_forms() -> Mapping[str, Any]:
    """What logs of halls call their columns and outcomes, and the forms of some systems.

    Examples
    --------
    >>> load_log_forms()["form"]["t_call"]["outcomes"]["gave_up"]
    ['-1']
    """
    return MappingProxyType(_read("log_forms.toml"))


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(resources.files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)


__all__ = [
    "LANGUAGES",
    "Bilingual",
    "Keys",
    "Kind",
    "Language",
    "MissingText",
    "Term",
    "Text",
    "load_glossary",
    "load_log_forms",
    "load_spelling",
    "load_text",
]
