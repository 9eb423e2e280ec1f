"""Single changes that can be made to a source file."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.provider import OperatorProvider

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = (
    "analysis",
    "runs",
    "questions",
    "storage",
    "plan",
    "results",
    "views",
    "scenario",
)
"""Without the engines, which watch each other, and without the commands and the app."""

# The near ones only: `a << b` in place of `a + b` fails at once and tells nothing of the tests.
BINARY: Final = (
    ("Add", "Sub"),
    ("Sub", "Add"),
    ("Mul", "Div"),
    ("Div", "Mul"),
    ("Div", "FloorDiv"),
    ("FloorDiv", "Div"),
    ("FloorDiv", "Mul"),
    ("Mod", "FloorDiv"),
    ("Pow", "Mul"),
    ("LShift", "RShift"),
    ("RShift", "LShift"),
    ("BitOr", "BitAnd"),
    ("BitAnd", "BitOr"),
    ("BitXor", "BitOr"),
)
COMPARISON: Final = (
    ("Eq", "NotEq"),
    ("NotEq", "Eq"),
    ("Lt", "LtE"),
    ("Lt", "GtE"),
    ("LtE", "Lt"),
    ("LtE", "Gt"),
    ("Gt", "GtE"),
    ("Gt", "LtE"),
    ("GtE", "Gt"),
    ("GtE", "Lt"),
    ("Is", "IsNot"),
    ("IsNot", "Is"),
)
OPERATORS: Final = (
    *(f"ReplaceBinaryOperator_{operator}_{replacement}" for operator, replacement in BINARY),
    *(
        f"ReplaceComparisonOperator_{operator}_{replacement}"
        for operator, replacement in COMPARISON
    ),
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Invert",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
)


class Change(NamedTuple):
    """One change at one place."""

    path: str
    """Of the file, from the root of the repository."""
    line: int
    column: int
    operator: str
    occurrence: int
    """Which of the operator's places in the file, from 0."""

    def apply(self, source: str) -> str:
        """Source after the change."""
        changed = mutate_code(source, OperatorProvider()[self.operator](), self.occurrence)
        assert changed is not None, self
        return str(changed)


def sources(root: Path = ROOT) -> tuple[str, ...]:
    """Files in which changes are drawn, from the root."""
    return tuple(
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in sorted((root / "sim" / package).rglob("*.py"))
    )


def changes(path: str, source: str) -> Iterator[Change]:
    """All changes to a file, also those that change nothing but an annotation."""
    nodes = list(ast_nodes(get_ast(source)))
    for name in OPERATORS:
        operator = OperatorProvider()[name]()
        places = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, (line, column) in enumerate(places):
            yield Change(path, line, column, name, occurrence)


def meaning(source: str) -> str:
    """Syntax tree without what only a type checker reads, and without `strict` of zip.

    That one says of sequences that they are of one length: nothing but an assertion.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "strict"]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
            for arg in ast.walk(node.args):
                if isinstance(arg, ast.arg):
                    arg.annotation = None
    return ast.dump(tree)


def draw(root: Path, seed: int, within: Sequence[str] = ()) -> Iterator[Change]:
    """Changes in random order: a place is drawn first, then one of the changes made there.

    Parameters
    ----------
    within
        Files or folders, from the root; all of `PACKAGES` if empty.

    Yields
    ------
    Change
        At each place one, until all places were drawn; those that change nothing are left out.
    """
    rng = random.Random(seed)
    places: dict[tuple[str, int, int], list[Change]] = {}
    texts = {
        path: (root / path).read_text(encoding="utf-8")
        for path in sources(root)
        if not within or path.startswith(tuple(within))
    }
    for path, text in texts.items():
        for change in changes(path, text):
            places.setdefault((path, change.line, change.column), []).append(change)
    order = sorted(places)
    rng.shuffle(order)
    for place in order:
        change = rng.choice(places[place])
        changed = change.apply(texts[change.path])
        try:
            if meaning(changed) != meaning(texts[change.path]):
                yield change
        except SyntaxError:
            continue
