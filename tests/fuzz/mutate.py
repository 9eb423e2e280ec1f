"""A scenario file with some of its parts changed at random, made again from its number alone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim import data_dir
from sim.scenario.fields import entry_of, field_schema, options
from sim.scenario.layers import read_extended
from sim.scenario.tree import parse_tree
from tests.scenario.town import TOWN

LARGE: Final = 10_000
"""Bytes of a file that is rarely taken: reading it takes as long as a hundred others."""
CASES: Final = Path(__file__).parents[1] / "cases"


class Raw(str):
    """A scalar that is written as it stands, whatever YAML makes of it."""


class Made(NamedTuple):
    """One file to try: its bytes, and what is laid over it."""

    content: bytes
    overrides: tuple[str, ...] = ()
    base: str = ""
    """File it was made from."""
    done: tuple[str, ...] = ()
    """What was changed in it, in words."""


NUMBERS: Final = [
    *("0", "1", "2", "3", "5", "7", "10", "60", "100", "-1", "0.0", "0.5", "0.1", "1.0", "1.5"),
    *("1e-9", "1e9", "1e308", "-1e308", "99999999999", "9" * 40, "9" * 400, ".inf", ".nan", "-0.0"),
    *("0.3333333333", "1e-300", "010", "0x10", "1_000", "3.0", "20", "200", "1000", "100000"),
]
SPANS: Final = [
    *("0 min", "1 s", "0.001 s", "1 min", "10 min", "90 min", "8 h", "1 d", "30 d", "36525 d"),
    *("1 wd", "5 wd", "0 wd", "0.5 wd", "1e3 min", "-3 min", "12", "12 minutes", "10min", "2 h"),
    *("10分钟", "2小时", "3天", "5个工作日", "3日", "１０ min", "10 min", "0.0001 s", "99999 d"),
]
CLOCKS: Final = [
    *("08:30-12:00", "8:30-12:00", "00:00-24:00", "00:00-00:01", "23:59-24:00", "12:00-12:00"),
    *("08：30-12：00", "08:30～12:00", "08:30至12:00", "8点30分-12点", "08:30-12:00,14:00-15:00"),
    *("12:00-08:00", "25:00-26:00", "08:30", "24:00", "8:30", "0830", "8.30", "08:30:00-09:00:00"),
    *(
        "sat 09:00-12:00",
        "mon-fri 08:30-09:30",
        "周六 9:00-12:00",
        "fri-mon 08:00-09:00",
        "mon-fri",
    ),
]
DATES: Final = [
    *(
        "2025-01-06",
        "2025-02-29",
        "2024-02-29",
        "1990-01-01",
        "1899-12-31",
        "2199-12-31",
        "9999-12-31",
    ),
    *("2025/7/1", "2025年7月1日", "2025.7.1", "'2025-07-01'", "7/1/2025", "20250701", "2025-7-1"),
    *("2027-10-01", "2025-01-06T09:00:00", "2025-01-06 9:30", "2025-01-06T09:00:00Z", "0000-00-00"),
    *("2025-01-06T08:00:00.5", "2025-01-06T00:00:00", "2025-13-01", "2025-01-07T23:59:59.999"),
]
SHARES: Final = [
    "0",
    "1",
    "0.5",
    "15%",
    "15 %",
    "'15%'",
    "１５％",
    "150%",
    "0.999999999",
    "1e-12",
    "1,5",
]
ODD: Final = [
    *("null", "true", "~", "''", "[]", "{}", "[[]]", "[null]", "{law: gamma}", "{law: constant}"),
    *("{law: empirical, values: []}", "{law: uniform, low: 1 min, high: 2 min}", "是", "否", "yes"),
    *(
        "{law: exponential, mean: 5 min}",
        "{law: sequence, values: [0 min, 1 min]}",
        "1,200",
        "1，200",
    ),
    *(
        "{law: lognormal, mean: 3 min, cv: 10}",
        "{law: gamma, mean: 0 min, cv: 0.01}",
        "“大厅”",
        "3 个",
    ),
    *(
        '"\\ud800"',
        '"\\0"',
        '"\\x07"',
        '"\\uFFFF"',
        '"\\ud83d\\ude00"',
        "'=1+1'",
        "'a\u200bb'",
        "１２",
    ),
    *(
        "*a",
        "&a b",
        "!!str x",
        "|",
        "- a",
        "? a",
        "%",
        "@",
        "`",
        "x" * 3000,
        "\U0001f600",
        "\u3000",
    ),
]
SIGNS: Final = [
    *(
        "：",
        "，",
        "；",
        "　",
        "“",
        "”",
        "「",
        "」",
        "（",
        "）",
        "％",
        "－",
        "～",
        "—",
        "\u00a0",
        "\u200b",
    ),
    *("\ufeff", "\t", "\0", "\r", "\n", "\n\n", "  ", "#", "'", '"', ":", ",", "[", "]", "{", "}"),
    *(
        "-",
        "---",
        "...",
        "\x07",
        "\x85",
        "\u2028",
        "\ue000",
        "é",
        "１",
        "0",
        "\U0001f600",
        "&",
        "*",
    ),
]
ENCODINGS: Final = [
    *(
        "gb18030",
        "gbk",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-8-sig",
        "big5",
        "shift_jis",
    ),
    *("latin-1", "cp1252", "utf-7"),
]
TEXT_WAYS: Final = [
    *("sign", "sign", "sign", "replace", "cut", "line", "double", "indent", "outdent", "wide"),
]
TREE_WAYS: Final = [
    *("delete", "double", "swap", "rename", "empty", "cut", "key", "hole", "number", "number"),
    *("value", "value", "value", "graft", "graft", "graft", "add", "add", "add"),
]
TIMED: Final = [*SPANS, *CLOCKS, *DATES]
REFERENCES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("matter", "own_matter", "serves", "accepts", "forwards"), "matters"),
    **dict.fromkeys(("department", "lead", "joined_by"), "departments"),
    **dict.fromkeys(("hours",), "calendars"),
    **dict.fromkeys(("profile",), "profiles"),
    **dict.fromkeys(("priority_class",), "classes"),
    **dict.fromkeys(("township", "townships"), "townships"),
    **dict.fromkeys(("place", "forwards_to"), "open"),
    **dict.fromkeys(("terrain",), "terrains"),
    **dict.fromkeys(("pool", "helps", "list"), "windows"),
}
"""Fields that name something, and the list that it stands in."""
Place = tuple[Any, Any]
"""A dict or list, and a key or index in it."""


@cache
def bases() -> Mapping[str, str]:
    """Texts to start from, by the names of their files; what they extend is laid out."""
    root = data_dir("scenarios")
    files = [*root.glob("*.yaml"), *root.glob("exact/*.yaml"), *CASES.rglob("*.yaml")]
    texts = {"town": TOWN}
    for file in sorted(files, key=lambda path: (path.stat().st_size, path.name)):
        text = file.read_text(encoding="utf-8")
        if "\nextends:" not in f"\n{text}" and not file.name.startswith("lone_surrogate"):
            texts[file.name] = text
    return texts


@cache
def trees() -> Mapping[str, Any]:
    """The same as plain values, and the city with its townships."""
    of_files = {name: _loose(parse_tree(text, name).plain()) for name, text in bases().items()}
    whole = read_extended(data_dir("scenarios") / "sanmenxia_townships.yaml", [])
    return {**of_files, "sanmenxia_townships.yaml": _loose(whole.plain())}


def _loose(value: Any) -> Any:
    """Values that can be changed: lists for tuples."""
    if isinstance(value, dict):
        return {key: _loose(child) for key, child in value.items()}
    return [_loose(child) for child in value] if isinstance(value, tuple) else value


@cache
def grafts() -> Mapping[str, tuple[Any, ...]]:
    """Everything that stands under a key anywhere, by that key."""
    values_by_key: dict[str, list[Any]] = {}
    for tree in trees().values():
        for holder, key in places(tree):
            if isinstance(holder, dict) and len(values_by_key.setdefault(str(key), [])) < 400:
                values_by_key[str(key)].append(holder[key])
    return {key: tuple(values) for key, values in values_by_key.items()}


@cache
def fields() -> Mapping[frozenset[str], tuple[str, ...]]:
    """The fields of each part, by those that it must have."""
    names_by_required: dict[frozenset[str], tuple[str, ...]] = {}
    waiting, seen = [field_schema()], list[Any]()
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.append(part)
        names = part.get("properties", {})
        if names:
            names_by_required[frozenset(part.get("required", ()))] = tuple(names)
        below = [*names.values(), part.get("items"), entry_of(part)]
        waiting += [option for part_below in below if part_below for option in options(part_below)]
    return names_by_required


def places(value: Any) -> Iterator[Place]:
    """Every key and index of a tree."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


def made(number: int) -> Made:
    """File number so-and-so: always the same."""
    dice = random.Random(number)
    names = [name for name, text in bases().items() if len(text) < LARGE]
    name = dice.choice(names)
    if dice.random() < 0.02:
        name = dice.choice(list(trees()))
    if dice.random() < 0.3 and name in bases():
        return _by_text(dice, name)
    return _by_tree(dice, name)


def _by_tree(dice: random.Random, name: str) -> Made:
    tree, done = deepcopy(trees()[name]), list[str]()
    for _ in range(dice.choice([1, 1, 1, 1, 2, 2, 3, 5])):
        _change(dice, tree, done)
    if dice.random() < 0.8:
        _mend(dice, tree)
    if dice.random() < 0.5:
        _level(tree)
    overrides = _overrides(dice, tree) if dice.random() < 0.15 else ()
    return Made(_encoded(dice, written(tree), done), overrides, name, tuple(done))


def _change(dice: random.Random, tree: Any, done: list[str]) -> None:
    """One change somewhere in a tree."""
    where = list(places(tree))
    if not where:
        return
    holder, key = dice.choice(where)
    way = dice.choice(TREE_WAYS)
    done.append(f"{way} {key}")
    old = holder[key]
    match way:
        case "delete":
            del holder[key]
        case "double" if isinstance(holder, list):
            copy = deepcopy(old)
            if isinstance(copy, dict) and "id" in copy and dice.random() < 0.7:
                copy["id"] = f"{copy['id']}_{dice.randint(2, 99)}"
            holder.insert(dice.randint(0, len(holder)), copy)
        case "swap":
            partner, partner_key = dice.choice(where)
            if (
                not _inside(partner, old)
                and not _inside(holder, partner[partner_key])
                and partner_key in _keys(partner)
            ):
                holder[key], partner[partner_key] = deepcopy(partner[partner_key]), deepcopy(old)
        case "rename" if isinstance(holder, dict):
            holder[dice.choice([f"{key}s", "id", "name", str(dice.choice(where)[1])])] = holder.pop(
                key
            )
        case "value":
            holder[key] = Raw(dice.choice(dice.choice([NUMBERS, TIMED, SHARES, ODD])))
        case "number":
            holder[key] = _near(dice, old)
        case "graft":
            branches = grafts().get(str(key), ())
            if branches:
                holder[key] = deepcopy(dice.choice(branches))
        case "add":
            _add(dice, tree)
        case "empty":
            holder[key] = dice.choice([[], {}, None, ""])
        case "cut" if isinstance(old, list):
            del old[dice.randint(0, len(old)) :]
        case "key" if isinstance(holder, dict):
            holder[dice.choice([*CLOCKS, "mon-fri", "mon-sun", "1", "13", "ｉｄ", "a b", "é"])] = (
                old
            )
        case "hole" if isinstance(holder, dict):
            holder[key] = {**old, "law": "exponential"} if isinstance(old, dict) else [old]


def _near(dice: random.Random, old: Any) -> Any:
    """A value of the same kind, but another."""
    match old:
        case bool() | None:
            return Raw(dice.choice(ODD))
        case int():
            return dice.choice([0, 1, old + 1, old - 1, old * 10, old // 2, -old, float(old)])
        case float():
            return dice.choice([0.0, 1.0, old * 2, old / 3, -old, 1 - old, 1e-9])
        case datetime() | date():
            return Raw(dice.choice(DATES))
        case str() if old[:1].isdigit():
            return Raw(dice.choice(CLOCKS if ":" in old else SPANS))
    return old


def _add(dice: random.Random, tree: Any) -> None:
    """A field that a part may have and has not, with a value that stands under it elsewhere."""
    parts = [holder[key] for holder, key in places(tree) if isinstance(holder[key], dict)]
    part = dice.choice([tree, *parts])
    if not isinstance(part, dict):
        return
    kinds = [names for required, names in fields().items() if required and required <= set(part)]
    names = [name for names in kinds for name in names if name not in part and name in grafts()]
    if names:
        name = dice.choice(names)
        part[name] = deepcopy(dice.choice(grafts()[name]))


def _mend(dice: random.Random, tree: Any) -> None:
    """References that lead nowhere lead somewhere again, mostly."""
    ids: dict[str, list[str]] = {}
    for holder, key in places(tree):
        if isinstance(holder[key], list):
            names = [
                entry["id"] for entry in holder[key] if isinstance(entry, dict) and "id" in entry
            ]
            ids.setdefault(str(key), []).extend(str(name) for name in names)
    for holder, key in list(places(tree)):
        listed = ids.get(REFERENCES.get(str(key), ""), []) if isinstance(holder, dict) else []
        if not listed or dice.random() < 0.05:
            continue
        if isinstance(holder[key], str) and holder[key] not in listed:
            holder[key] = dice.choice(listed)
        elif isinstance(holder[key], list):
            holder[key] = [
                dice.choice(listed)
                if isinstance(reference, str) and reference not in listed
                else reference
                for reference in holder[key]
            ]


def _level(tree: Any) -> None:
    """Say that layouts may have unlike clerk hours, which most changes bring about."""
    if isinstance(tree, dict):
        tree["equal_budget"] = "none"


def _inside(inner: Any, outer: Any) -> bool:
    return inner is outer or any(holder[key] is inner for holder, key in places(outer))


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def _overrides(dice: random.Random, tree: Any) -> tuple[str, ...]:
    """Values set by path, most of them where something stands."""
    overrides = []
    for _ in range(dice.randint(1, 3)):
        steps, value = list[str](), tree
        while isinstance(value, dict | list) and value and dice.random() < 0.9:
            key = dice.choice(list(_keys(value)))
            value = value[key]
            is_named = isinstance(value, dict) and isinstance(value.get("id"), str)
            steps.append(str(value["id"]) if is_named else str(key))
        new = dice.choice(dice.choice([NUMBERS, TIMED, SHARES, ODD]))
        overrides.append(f"{dice.choice('...．').join(steps)}={new}")
    return tuple(overrides)


def written(value: Any, depth: int = 0) -> str:
    """A tree as YAML: sections in lines, everything else between brackets."""
    if isinstance(value, dict):
        pairs = [f"{_key(key)}: {written(child, depth + 1)}" for key, child in value.items()]
        return "\n".join(pairs) if depth == 0 and pairs else f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        inner = [written(child, depth + 1) for child in value]
        return f"[{', '.join(inner)}]"
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return str(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return _quoted(value) if isinstance(value, str) else repr(value)


def _key(key: Any) -> str:
    return _quoted(key) if isinstance(key, str) else str(key)


def _quoted(text: str) -> str:
    is_plain = text.isascii() and text.replace("_", "").isalnum() and not text[0].isdigit()
    return text if is_plain else "'" + text.replace("'", "''").replace("\n", " ") + "'"


def _by_text(dice: random.Random, name: str) -> Made:
    """The text itself changed: signs, lines, bytes, encodings."""
    text, done = bases()[name], list[str]()
    for _ in range(dice.choice([1, 1, 2, 3, 5])):
        lines = text.split("\n")
        n, at = dice.randrange(len(lines)), dice.randint(0, len(text))
        way = dice.choice(TEXT_WAYS)
        done.append(f"{way} {n}")
        match way:
            case "sign":
                text = text[:at] + dice.choice(SIGNS) + text[at:]
            case "replace":
                text = text[:at] + dice.choice(SIGNS) + text[at + 1 :]
            case "cut":
                text = text[:at] + text[at + dice.choice([1, 2, 5, 40]) :]
            case "line":
                text = "\n".join(lines[:n] + lines[n + 1 :])
            case "double":
                text = "\n".join([*lines[:n], lines[n], *lines[n:]])
            case "indent":
                lines[n] = dice.choice([" ", "  ", "\t", "　", "\u00a0"]) + lines[n]
                text = "\n".join(lines)
            case "outdent":
                lines[n] = lines[n][1:]
                text = "\n".join(lines)
            case "wide":
                lines[n] = _wide(dice, lines[n])
                text = "\n".join(lines)
    return Made(_encoded(dice, text, done), (), name, tuple(done))


def _wide(dice: random.Random, line: str) -> str:
    """Some signs of a line as a Chinese keyboard gives them."""
    return "".join(
        chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" and dice.random() < 0.2 else sign
        for sign in line
    )


def _encoded(dice: random.Random, text: str, done: list[str]) -> bytes:
    if dice.random() < 0.1:
        text = text.replace("\n", dice.choice(["\r\n", "\r"]))
        done.append("line ends")
    encoding = "utf-8"
    if dice.random() < 0.08:
        encoding = dice.choice(ENCODINGS)
        done.append(encoding)
    content = bytearray(
        text.encode(encoding, errors="surrogatepass" if "utf" in encoding else "ignore")
    )
    if dice.random() < 0.04:
        start = dice.randint(0, len(content))
        content[start : start + dice.randint(0, 4)] = dice.randbytes(dice.randint(0, 4))
        done.append(f"bytes {start}")
    return bytes(content)
