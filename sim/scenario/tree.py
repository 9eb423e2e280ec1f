"""YAML text as a tree that remembers where each value stands; hostile files are refused."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from sim.errors import Problem, ScenarioError

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 24
DATE_LENGTH: Final = len("2025-03-03")

Scalar: TypeAlias = "str | int | float | bool | date | datetime | None"
Step: TypeAlias = "str | int"
Steps: TypeAlias = "tuple[Step, ...]"


@dataclass(frozen=True)
class Node:
    """A value and the place it was written."""

    value: Scalar | Mapping[str, Node] | tuple[Node, ...]
    file: str = ""
    line: int = 0
    column: int = 0

    def plain(self) -> object:
        """The value as plain Python: dict, tuple, scalar."""
        if isinstance(self.value, Mapping):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, tuple):
            return tuple(child.plain() for child in self.value)
        return self.value

    def child(self, step: Step) -> Node | None:
        """The value under a key, at an index, or with an id; None when there is none."""
        if isinstance(self.value, Mapping):
            return self.value.get(step) if isinstance(step, str) else None
        if not isinstance(self.value, tuple):
            return None
        if isinstance(step, int) or step.isdigit():
            return self.value[int(step)] if int(step) < len(self.value) else None
        return next((child for child in self.value if child.id == step), None)

    @property
    def id(self) -> str:
        """The `id` of a mapping, or the empty string."""
        name = self.value.get("id") if isinstance(self.value, Mapping) else None
        return name.value if name is not None and isinstance(name.value, str) else ""

    def follow(self, path: Steps) -> tuple[Node, str]:
        """Walk down as far as the path exists: the deepest node and the path as people read it."""
        node, words = self, ""
        for step in path:
            below = node.child(step)
            if below is None:
                continue
            is_list = isinstance(node.value, tuple)
            words += f"[{below.id or step}]" if is_list else f".{step}" if words else str(step)
            node = below
        return node, words


def read_tree(path: Path) -> Node:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        For a file that cannot be read, is too large, is not UTF-8, or is not plain YAML.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise _refuse("not_a_file", name)
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _refuse("too_large_file", name, found=f"{size:,} B", allowed=f"{MAX_BYTES:,} B")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _refuse("missing_file", name) from None
    except UnicodeDecodeError:
        raise _refuse("not_utf8", name) from None
    except OSError as error:
        raise _refuse("unreadable_file", name, found=error.strerror or "") from None
    return parse_tree(text, name)


def parse_tree(text: str, name: str = "") -> Node:
    """Parse YAML 1.2 text without anchors, aliases or tags; duplicate keys are errors.

    Examples
    --------
    >>> parse_tree("open: 9:30").plain()
    {'open': '9:30'}
    """
    try:
        _refuse_hostile(text, name)
        root = YAML(typ="rt").compose(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refuse("yaml_syntax", name, line, column, str(error.problem or "")) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise _refuse("yaml_syntax", name, 1, 1, str(error)[:120]) from None
    problems: list[Problem] = []
    node = _build(root, name, problems) if root is not None else Node(None, name, 1, 1)
    if problems:
        raise ScenarioError(problems)
    return node


def _refuse(
    code: str, file: str, line: int = 0, column: int = 0, found: str = "", allowed: str = ""
) -> ScenarioError:
    return ScenarioError([Problem(code, "", file, line, column, found=found, allowed=allowed)])


def _refuse_hostile(text: str, name: str) -> None:
    """Stop before anything is built: aliases that multiply, tags that construct, deep nesting."""
    depth = 0
    for event in YAML(typ="rt").parse(io.StringIO(text)):
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
        if not isinstance(event, NodeEvent):
            continue
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, AliasEvent) or event.anchor:
            raise _refuse("yaml_alias", name, line, column, str(event.anchor))
        if getattr(event, "ctag", None):
            raise _refuse("yaml_tag", name, line, column, str(event.ctag))
        depth += isinstance(event, MappingStartEvent | SequenceStartEvent)
        if depth > MAX_DEPTH:
            raise _refuse("yaml_too_deep", name, line, column, str(depth), str(MAX_DEPTH))


def _build(node: YamlNode, name: str, problems: list[Problem]) -> Node:
    place = Node(None, name, node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, MappingNode):
        children: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key, mark = str(key_node.value), key_node.start_mark
            if key in children:
                first = children[key].line
                problems.append(
                    Problem(
                        "duplicate_key",
                        key,
                        name,
                        mark.line + 1,
                        mark.column + 1,
                        found=key,
                        values=(("first_line", str(first)),),
                    )
                )
            child = _build(value_node, name, problems)
            children[key] = replace(child, line=mark.line + 1, column=mark.column + 1)
        return replace(place, value=children)
    if isinstance(node, SequenceNode):
        return replace(place, value=tuple(_build(child, name, problems) for child in node.value))
    return replace(place, value=_scalar(node))


def _scalar(node: YamlNode) -> Scalar:
    """A plain scalar by YAML 1.2 rules; what does not convert stays text."""
    text = str(node.value)
    if not isinstance(node, ScalarNode) or node.style in {"'", '"', "|", ">"}:
        return text
    kind = str(node.ctag).rpartition(":")[2]
    try:
        match kind:
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "timestamp":
                return _instant(text)
    except ValueError:
        pass
    return text


def _instant(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) <= DATE_LENGTH else datetime.fromisoformat(text)
