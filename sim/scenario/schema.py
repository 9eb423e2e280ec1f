"""The scenario language for editors and readers: a JSON Schema, and a table of all fields.

`python -m sim.scenario.schema scenarios` writes `schema.json` there, and the table between the
markers of `README.md`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.scenario.fields import SIDE_NOTES, SchemaPart, allowed_of, entry_of, field_schema, options
from sim.text import load_text

BEGIN: Final = "<!-- fields: written by python -m sim.scenario.schema -->"
END: Final = "<!-- end of fields -->"
EXTENDS: Final = "A scenario file, from the folder of this one, that this one refines."
COMMON: Final[Mapping[str, str]] = {
    "id": "Name by which other parts, overrides and `extends` refer to it.",
    "name": "Name that people read.",
    "county": "County that the township belongs to.",
    "population": "People who live there.",
    "applicant": "Who applies: a company or a person.",
    "matter": "What they come for.",
}
"""What fields say that need no words of their own in the code."""
BRIEFLY: Final[Mapping[str, str]] = {
    "id": "an id",
    "bilingual": "a name, or `{zh: …, en: …}`",
    "share": "a share",
    "span": "a duration",
    "duration": "a duration, `wd` allowed",
}
"""Words of the table for what its first lines explain."""
_BY_NAME: Final = ("properties", "$defs")
"""What maps names to pieces of schema."""
_NUMBER: Final = ("type", "minimum", "maximum", "exclusiveMinimum")
"""What is said of a number itself."""
_PER_CENT: Final = "PerCent"
"""How a share or a factor may be written too; its bounds are checked on reading."""
_NOISE: Final = frozenset({"title", "kind", "keys", "discriminator", "ratio"})


def schema_text() -> str:
    """JSON Schema (2020-12) for editors that complete and check YAML, as text of a file.

    A file that extends another may leave out anything, so only ids are required inside of parts.

    Examples
    --------
    >>> json.loads(schema_text())["properties"]["extends"]["type"]
    'string'
    """
    schema = _for_editors(field_schema())
    names = {name: _short(name) for name in schema["$defs"]}
    root = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "govhall scenario",
        **schema,
        "$defs": {
            **{names[name]: part for name, part in schema["$defs"].items()},
            _PER_CENT: {"type": "string", "pattern": r"^\d+(\.\d+)? ?%$", "examples": ["90 %"]},
        },
        "properties": {
            "extends": {"type": "string", "description": EXTENDS},
            **schema["properties"],
        },
        "anyOf": [{"required": ["extends"]}, {"required": field_schema()["required"]}],
    }
    text = json.dumps(root, indent=1, ensure_ascii=False)
    for name, short in names.items():
        text = text.replace(f'"#/$defs/{name}"', f'"#/$defs/{short}"')
    return f"{text}\n"


def _for_editors(part: Any) -> Any:
    """A piece of pydantic's schema as an editor should see it, with the short forms of values."""
    if isinstance(part, list):
        return [_for_editors(child) for child in part]
    if not isinstance(part, dict):
        return part
    clean = {key: _for_editors(part[key]) for key in part if key not in {*_NOISE, *_BY_NAME}}
    for key in _BY_NAME:
        if key in part:
            clean[key] = {name: _for_editors(child) for name, child in part[key].items()}
    if "required" in part:
        clean["required"] = [name for name in part["required"] if name == "id"]
    if part.get("type") == "object":  # pydantic counts the keys of a mapping as letters
        for bound in ("min", "max"):
            if f"{bound}Length" in clean:
                clean[f"{bound}Properties"] = clean.pop(f"{bound}Length")
    if part.get("format") == "date-time":
        del clean["format"]
        clean["pattern"] = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"
    if "discriminator" in part:
        value = next(options(part))["properties"]["value"]
        clean["anyOf"] = [_for_editors(value), *clean.pop("oneOf")]
    if part.get("kind") in {"roster", "places"}:
        shape_keys = ("type", "additionalProperties", "minProperties", "maxProperties")
        shape = {key: clean[key] for key in shape_keys}
        clean = {"description": clean["description"]}
        clean["anyOf"] = [shape["additionalProperties"], shape]
    if part.get("ratio"):
        number = {key: clean.pop(key) for key in _NUMBER if key in clean}
        clean["anyOf"] = [number, {"$ref": f"#/$defs/{_PER_CENT}"}]
    return {key: value for key, value in clean.items() if not _is_empty(key, value)}


def _is_empty(key: str, value: object) -> bool:
    return value == [] or (key in {"default", "propertyNames"} and value in (None, {}))


def _short(name: str) -> str:
    """A readable name of a definition; pydantic spells the parameters of a distribution out."""
    law, _, parameter = name.partition("_")
    if not parameter:
        return law
    kind = {"Annotated_Span": "Span", "Annotated_int": "Duration"}
    return law + next((kind[key] for key in kind if parameter.startswith(key)), "Factor")


class _Section(NamedTuple):
    """One part of a scenario in the table: its path, and what may stand in it."""

    path: str
    part: SchemaPart
    about: str


def field_table() -> str:
    """Every field in Markdown: what to write, its default and what it says.

    Examples
    --------
    >>> "`measured_days`" in field_table()
    True
    """
    lines = [
        "An **id** has lower-case letters, digits and underscores and starts with a letter."
        " A **share** is a number from 0 to 1. A **duration** is a number and `s`, `min`, `h` or"
        " `d` (calendar days): `12 min`; where `wd` is allowed, working days too: `5 wd`.",
        "",
        "Every part may also have `source` (where its numbers come from), `assumed` (numbers that"
        " are assumptions, each with its lowest and highest plausible value: `{reviewers: [2, 6]}`)"
        ", `measured` (numbers that the hall's own data gave: `{base.mean: {file: tickets.csv,"
        " n: 4312, interval: [10.9 min, 11.3 min]}}`) and `note`.",
    ]
    for section in _sections():
        lines += ["", f"#### {_heading(section)}", "", section.about, ""]
        lines += _rows(section)
    lines += ["", "#### Laws", ""]
    lines += ["A bare value is short for `{law: constant, value: …}`.", ""]
    lines += ["| law | its fields | what it is |", "| --- | --- | --- |"]
    laws = field_schema()["$defs"]["Applicants"]["properties"]["day_factor"]
    for part in options(laws):
        fields = ", ".join(f"`{name}`" for name in part["properties"] if name not in _LAW_FIELDS)
        law = part["properties"]["law"]["const"]
        lines.append(f"| `{law}` | {fields} | {part['description']} |")
    return "\n".join(lines)


_LAW_FIELDS: Final = SIDE_NOTES | {"law"}


def _heading(section: _Section) -> str:
    return f"`{section.path}`" if section.path else "Top of the file"


def _sections() -> Iterator[_Section]:
    """The parts of a scenario from the top, each before what it holds."""
    waiting = [_Section("", field_schema(), "`extends` names a file that this one refines.")]
    while waiting:
        section = waiting.pop(0)
        yield section
        below = []
        for name, field in section.part["properties"].items():
            part = _part(field)
            if name not in SIDE_NOTES and part is not None:
                path = f"{section.path}.{name}" if section.path else name
                below.append(_Section(path, part, str(part.get("description", ""))))
        waiting = below + waiting


def _part(field: SchemaPart) -> SchemaPart | None:
    """The part with fields of its own that a field holds, once or as a list."""
    shapes = [part for option in options(field) for part in options(option.get("items", option))]
    parts = [part for part in shapes if "properties" in part]
    is_law = any("law" in part["properties"] for part in parts)
    is_name = any({"zh", "en"} == set(part["properties"]) for part in parts)
    return parts[0] if parts and not is_law and not is_name else None


def _rows(section: _Section) -> Iterator[str]:
    yield "| field | what to write | default | what it says |"
    yield "| --- | --- | --- | --- |"
    for name, field in section.part["properties"].items():
        if name in SIDE_NOTES:
            continue
        path = f"{section.path}.{name}" if section.path else name
        required = name in section.part.get("required", ())
        inner = _part(field) or {}
        default = "**required**" if required else _default(field.get("default"))
        default = "its defaults" if field.get("default") == {} and inner else default
        about = field.get("description") or COMMON.get(name) or str(inner.get("description", ""))
        yield f"| `{name}` | {_words(field, path)} | {default} | {_cell(about)} |"


def _default(value: object) -> str:
    return "none" if value in (None, {}, []) else f"`{value}`"


def _cell(words: str) -> str:
    return " ".join(words.replace("|", r"\|").split())


def _words(field: SchemaPart, path: str) -> str:
    """What to write into a field, in English."""
    parts = list(options(field))
    part, inner, entry = parts[0], _part(field), entry_of(parts[0])
    if inner is not None:
        kind = "a list of parts" if "items" in part else "a part"
        return f"{kind}: [`{path}`](#{path.replace('.', '')})"
    if any("law" in part.get("properties", ()) for part in parts):
        few = f" ({', '.join(_laws(parts))})" if len(parts) < len(_all_laws()) else ""
        return f"{_words(part['properties']['value'], path)}, or a [law](#laws){few}"
    if "items" in part:
        return f"a list of: {_words(part['items'], path)}"
    if entry is not None and "kind" not in part:
        keys = part.get("propertyNames")
        return f"a mapping: {_words(keys, path) if keys else 'ids'} → {_words(entry, path)}"
    key, values = allowed_of(parts)
    own = BRIEFLY.get(key.removeprefix("allowed."))
    return own or _cell(load_text("en")(key, **dict(values)))


def _laws(parts: list[SchemaPart]) -> list[str]:
    return [str(part["properties"]["law"]["const"]) for part in parts]


def _all_laws() -> list[str]:
    return _laws(list(options(field_schema()["$defs"]["Applicants"]["properties"]["day_factor"])))


def update(folder: Path) -> None:
    """Write `schema.json`, and the table between the markers of `README.md` where it has them."""
    (folder / "schema.json").write_text(schema_text(), encoding="utf-8")
    readme = folder / "README.md"
    if readme.exists():
        readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")


def with_table(text: str) -> str:
    """A text with the table of fields between its markers; unchanged without markers.

    Examples
    --------
    >>> with_table("no markers")
    'no markers'
    """
    before, begin, from_table = text.partition(BEGIN)
    _, end, after = from_table.partition(END)
    return f"{before}{BEGIN}\n{field_table()}\n{END}{after}" if begin and end else text


if __name__ == "__main__":
    update(Path(sys.argv[1]))
