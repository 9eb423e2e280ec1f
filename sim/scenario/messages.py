"""From pydantic's errors to problems a planner can act on, each at its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from sim.errors import Problem
from sim.scenario.fields import SIDE_NOTES, allowed_at, join_names, names_at, nearest, parts_at
from sim.scenario.findings import Finding
from sim.scenario.node import Node, Steps, show_value
from sim.scenario.spelling import NUMERIC, WHOLE, doubt, doubtful_key
from sim.scenario.strangers import first_written, ids_below, is_new, lacking, stranger
from sim.text import load_text

CODES: Final[Mapping[str, str]] = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_key",
    "literal_error": "wrong_choice",
    "union_tag_invalid": "wrong_law",
    "union_tag_not_found": "missing_field",
    "string_pattern_mismatch": "wrong_id",
    "string_too_short": "empty_text",
    "string_too_long": "too_long_text",
    "too_long": "too_long_list",
    "too_short": "too_short_list",
    "date_type": "wrong_date",
    "date_from_datetime_inexact": "wrong_date",
    "datetime_type": "wrong_date",
    "datetime_from_date_parsing": "wrong_date",
    "finite_number": "not_a_number",
    "greater_than": "outside_range",
    "greater_than_equal": "outside_range",
    "less_than": "outside_range",
    "less_than_equal": "outside_range",
}
"""pydantic's error types -> the sentences of `sim/text`; our own codes pass through."""


def problems_of(tree: Node, errors: Iterable[ErrorDetails]) -> Iterator[Problem]:
    """One problem an error; a field is not said to be missing when its name is only misspelt."""
    errors, strangers = list(errors), set[Steps]()
    meant, nameless = _misspelt(tree, errors)
    for details in errors:
        loc = details["loc"]
        is_misspelt = details["type"] == "missing" and (loc in meant or loc[:-1] in nameless)
        if echo(details) or is_misspelt:
            continue
        place = stranger(tree, details["loc"]) if details["type"] in MISSING else ()
        if not place:
            yield _translated(tree, details)
        elif place not in strangers:
            strangers.add(place)
            yield _of_stranger(tree, place)


def _misspelt(tree: Node, errors: Iterable[ErrorDetails]) -> tuple[set[Steps], set[Steps]]:
    """Fields that unknown keys were probably meant for, and entries that miss nothing but an id.

    An entry over a base would have found all it lacks under its id.
    """
    meant, nameless = set[Steps](), set[Steps]()
    for details in errors:
        *above, key = details["loc"]
        if details["type"] == "extra_forbidden":
            for _, name in nearest(str(key), names_at(tuple(above))):
                meant.add((*above, name))
                if name == "id" and is_new(tree, tree.resolve(tuple(above))):
                    nameless.add(tuple(above))
    return meant, nameless


def echo(details: ErrorDetails) -> bool:
    """Whether pydantic calls a list too short only because its entries are wrong."""
    least = details.get("ctx", {}).get("min_length", 0)
    return details["type"] == "too_short" and len(details["input"]) >= least


def _of_stranger(tree: Node, place: Steps) -> Problem:
    """An entry that its base does not have, instead of every field that it lacks."""
    entry, words = tree.follow(place)
    ids, first = ids_below(tree, place), first_written(tree, place)
    missing = join_names(lacking(entry, place))
    values = (*nearest(entry.id, ids), ("missing", missing))
    where = (first.file, first.line, first.column)
    return Problem(
        "unknown_entry", words, *where, found=entry.id, allowed=join_names(ids), values=values
    )


def problem_of(tree: Node, finding: Finding) -> Problem:
    """A finding, at its place."""
    node, words = tree.follow(finding.path)
    return Problem(
        finding.code,
        words,
        node.file,
        node.line,
        node.column,
        found=finding.found,
        allowed=finding.allowed,
        severity=finding.severity,
        values=finding.values,
    )


def _translated(tree: Node, details: ErrorDetails) -> Problem:
    path: Steps = details["loc"]
    context: Mapping[str, Any] = details.get("ctx", {})
    code = CODES.get(details["type"], details["type"])
    if not load_text("en").has(f"error.{code}"):
        code = "wrong_type"
    if details["type"].startswith("union_tag"):
        path = (*path, "law")
    if code in {"missing_field", "too_long_list", "wrong_type"}:
        if "assumed" in path:
            code, path = "wrong_bounds", path[: path.index("assumed") + 2]
        elif "measured" in path and "interval" in path[:-1]:
            code, path = "wrong_bounds", path[: path.index("interval") + 1]
    key, values = allowed_at(path)
    allowed = str(context.get("allowed", key))
    text = str(context.get("found", show_value(details["input"])))
    match code:
        case "missing_field":
            text = ""
        case "unknown_key":
            text, names = str(path[-1]), names_at(path[:-1])
            allowed = join_names([name for name in names if name not in SIDE_NOTES])
            values = nearest(text, names)
        case "wrong_law":
            text = str(context["tag"])
            laws = str(context["expected_tags"]).replace("'", "")
            allowed, values = laws, nearest(text, laws.split(", "))
        case "wrong_choice":
            values += nearest(text, dict(values).get("choices", "").split(", "))
        case "outside_range":
            code = _range_code(path, details["input"])
        case "too_short_list" | "too_long_list" | "empty_text" | "too_long_text":
            allowed, values = _length(context)
            text = str(context["actual_length"]) if "actual_length" in context else text
        case _ if code in OWN_WORDS and "allowed" not in context:
            allowed = ""
    remedy = str(context.get("remedy", ""))
    if code == "unknown_key":
        remedy, signs = doubtful_key(text)
        values += signs
    elif code in UNSURE and isinstance(details["input"], str):
        remedy = doubt(details["input"], allowed or f"error.{code}") or remedy
    elif code == "wrong_type" and allowed in NUMERIC:
        remedy = f"error.wrong_type.remedy_{'whole' if allowed in WHOLE else 'number'}"
    node, words = tree.follow(path)
    if code == "missing_field":
        words = f"{words}.{path[-1]}" if words else str(path[-1])
    return Problem(
        code,
        words,
        node.file,
        node.line,
        node.column,
        found=text,
        allowed=allowed,
        remedy=remedy,
        values=values,
    )


MISSING: Final = frozenset({"missing", "union_tag_not_found"})
"""pydantic's error types of what is not there."""
UNSURE: Final = frozenset(
    {
        *("wrong_type", "wrong_id", "wrong_clock", "wrong_interval", "wrong_day_name"),
        *("wrong_duration", "wrong_unit"),
    }
)
"""Codes of values whose text may hold a sign that keeps it from being sure."""
OWN_WORDS: Final = frozenset(
    {
        *("wrong_bounds", "too_long_span", "mixed_units", "bounds_order"),
        *("half_coordinates", "place_nowhere"),
        *("market_days_way", "market_days_first", "clerks_alternate"),
    }
)
"""Codes whose own `allowed` says more than the kind of the field."""


def _range_code(path: Steps, value: object) -> str:
    is_key = path[-1:] == ("[key]",)
    if not is_key and any(part.get("kind") == "share" for part in parts_at(path)):
        return "share_outside"
    if isinstance(value, int | float) and value < 0:
        return "negative"
    return "too_small" if value == 0 else "outside_range"


def _length(context: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    if "max_length" in context:
        return "allowed.at_most", (("high", f"{context['max_length']:,}"),)
    return "allowed.at_least", (("low", f"{context['min_length']:,}"),)
