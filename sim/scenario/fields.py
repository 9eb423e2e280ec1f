"""What may stand at a place of a scenario: the fields of its part, and words for its value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import WithDefaultSchema

from sim.clock import format_span
from sim.scenario.base import Block
from sim.scenario.node import Step
from sim.scenario.scenario import Scenario

SIDE_NOTES: Final = frozenset(Block.model_fields)
"""Fields that every part has; sentences about a part leave them out."""
MAX_NAMES: Final = 24
MAX_HINTS: Final = 50
"""Names of one list for which the nearest known one is looked for."""

SchemaPart = Mapping[str, Any]
"""One piece of JSON Schema."""


class _Allowed(NamedTuple):
    """What a value may be: a key of the catalogue, and what its placeholders stand for."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


class _Generator(GenerateJsonSchema):
    """pydantic's generator, with defaults as a planner would write them."""

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        part = super().default_schema(schema)
        if part.get("kind") == "span" and isinstance(part.get("default"), int):
            part["default"] = format_span(part["default"])
        return part

    def encode_default(self, dft: Any) -> Any:
        if not isinstance(dft, Block):
            return super().encode_default(dft)
        law, value = getattr(dft, "law", None), getattr(dft, "value", None)
        if law == "constant":
            return format_span(value) if isinstance(value, int) else value
        return {}


@cache
def field_schema() -> SchemaPart:
    """JSON Schema of a whole scenario as pydantic gives it; words of a part are under `kind`.

    Examples
    --------
    >>> field_schema()["properties"]["equal_budget"]["enum"]
    ['clerks', 'none']
    """
    return Scenario.model_json_schema(schema_generator=_Generator)


def options(part: SchemaPart) -> Iterator[SchemaPart]:
    """The alternatives that a part stands for, references followed, null left out."""
    if "$ref" in part:
        yield from options(field_schema()["$defs"][part["$ref"].rpartition("/")[2]])
    elif "anyOf" in part or "oneOf" in part:
        for option in (*part.get("anyOf", ()), *part.get("oneOf", ())):
            yield from options(option)
    elif part.get("type") != "null":
        yield part


def parts_at(path: Sequence[Step]) -> list[SchemaPart]:
    """What may stand at a path; steps may be keys, ids, indices, and the tags of pydantic."""
    parts = list(options(field_schema()))
    for step in path:
        below = parts_below(parts, step)
        parts = below or [part for part in parts if _law(part) == step]
    return parts


def parts_below(parts: Iterable[SchemaPart], step: Step) -> list[SchemaPart]:
    """The alternatives under a key, id or index of any of some parts."""
    return [option for part in parts for option in _below(part, step)]


def _below(part: SchemaPart, step: Step) -> Iterator[SchemaPart]:
    if step == "[key]":
        yield part
    elif "items" in part:
        yield from options(part["items"])
    elif step in part.get("properties", {}):
        yield from options(part["properties"][step])
    elif (entry := entry_of(part)) is not None:
        keys = part.get("propertyNames", {})
        yield from ({**option, "keys": keys} for option in options(entry))


def entry_of(part: SchemaPart) -> SchemaPart | None:
    """What stands under every key of a mapping whose keys are free; None for other parts."""
    entries = [part.get("additionalProperties"), *part.get("patternProperties", {}).values()]
    return next((entry for entry in entries if isinstance(entry, Mapping)), None)


def _law(part: SchemaPart) -> object:
    return part.get("properties", {}).get("law", {}).get("const")


def names_at(path: Sequence[Step]) -> list[str]:
    """Names of the fields of the part at a path, in their order.

    Examples
    --------
    >>> names_at(("demand", 0, "classes"))
    []
    >>> "promises" in names_at(("targets",))
    True
    """
    return list(
        dict.fromkeys(name for part in parts_at(path) for name in part.get("properties", ()))
    )


def allowed_at(path: Sequence[Step]) -> _Allowed:
    """Words for what may stand at a path.

    Examples
    --------
    >>> allowed_at(("run", "seed")).key
    'allowed.int_between'
    """
    if path and path[-1] == "[key]":
        keys = [part.get("keys", {}) for part in parts_at(path)]
        return allowed_of(keys) if any(keys) else _Allowed("")
    return allowed_of(parts_at(path))


def allowed_of(parts: Sequence[SchemaPart]) -> _Allowed:
    """Words for what one of these parts may be."""
    laws = [str(_law(part)) for part in parts if _law(part)]
    if laws:
        value = parts[0]["properties"].get("value", {})
        kind = "law_of_factors" if value.get("type") == "number" else "law_of_spans"
        return _Allowed(f"allowed.{kind}", (("choices", ", ".join(laws)),))
    if not parts:
        return _Allowed("")
    part = parts[0]
    if "kind" in part:
        return _Allowed(f"allowed.{part['kind']}")
    choices = [c for p in parts for c in p.get("enum", [p["const"]] if "const" in p else [])]
    if choices:
        return _Allowed("allowed.one_of", (("choices", ", ".join(map(str, choices))),))
    match part.get("type"):
        case "number" | "integer":
            return _number(part)
        case "string":
            kind = {"date": "date", "date-time": "instant"}.get(part.get("format", ""), "string")
            return _Allowed(f"allowed.{kind}")
        case "array":
            return _Allowed("allowed.tuple")
        case "object" if {"zh", "en"} == set(part.get("properties", ())):
            return _Allowed("allowed.bilingual")
        case "object":
            return _Allowed("allowed.model" if "properties" in part else "allowed.mapping")
    return _Allowed("allowed.bool" if part.get("type") == "boolean" else "")


def _number(part: SchemaPart) -> _Allowed:
    whole = "int_" if part["type"] == "integer" else ""
    bounds = (("low", "minimum"), ("low", "exclusiveMinimum"), ("high", "maximum"))
    values = tuple((name, _digits(part[key])) for name, key in bounds if key in part)
    if "exclusiveMinimum" in part:
        return _Allowed("allowed.above_to", values)
    match [name for name, _ in values]:
        case ["low", "high"]:
            return _Allowed(f"allowed.{whole}between", values)
        case ["low"]:
            return _Allowed("allowed.at_least", values)
        case ["high"]:
            return _Allowed("allowed.at_most", values)
    return _Allowed("allowed.int" if whole else "allowed.float")


def _digits(bound: float) -> str:
    return f"{bound:,}" if isinstance(bound, int) else f"{bound:,.12g}"


def nearest(word: str, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The name that was probably meant, as a value of a Problem; nothing when none is near.

    Examples
    --------
    >>> nearest("promissed", ["promised", "lead"])
    (('nearest', 'promised'),)
    """
    near = difflib.get_close_matches(word[:80], names, n=1, cutoff=0.6)
    return tuple(("nearest", name) for name in near)


class Known:
    """Names that may be referred to, and hints for those that are not among them.

    To look for the nearest name takes as long as there are names, so it is done for a few only:
    whoever misspells more has to look at the names anyway.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(dict.fromkeys(names))
        self._members = frozenset(self.names)
        self._hints: dict[str, tuple[tuple[str, str], ...]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @cached_property
    def words(self) -> str:
        """The names in one sentence."""
        return join_names(self.names)

    def near(self, word: str) -> tuple[tuple[str, str], ...]:
        """The name that was probably meant, as `nearest` gives it."""
        if word not in self._hints and len(self._hints) < MAX_HINTS:
            self._hints[word] = nearest(word, self.names)
        return self._hints.get(word, ())


def join_names(names: Sequence[str]) -> str:
    """Names in one sentence, cut when there are very many."""
    more = " …" if len(names) > MAX_NAMES else ""
    return f"{', '.join(names[:MAX_NAMES])}{more}"
