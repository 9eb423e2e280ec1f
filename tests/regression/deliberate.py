"""What was changed on purpose: keys that have another name now, values that are others.

The table is `deliberate.toml`. A row holds for versions that were committed before its time.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.regression.outputs import Difference

TABLE: Final = Path(__file__).with_name("deliberate.toml")


@dataclass(frozen=True)
class Change:
    """A row: what was changed, in which outputs, since when, and why."""

    paths: tuple[str, ...]
    """Where: patterns of paths; `*` is a key, `**` any number of them."""
    since: datetime
    """When it was committed: versions from before it differ."""
    changelog: str = ""
    """The line of the changelog that tells of it."""
    why: str = ""
    """The reason, where a user does not notice it and the changelog does not tell of it."""
    name: str = ""
    """For a key: its name now."""
    invocations: tuple[str, ...] = ("*",)
    scenarios: tuple[str, ...] = ("**",)
    before: str = "**"
    """What the older value looks like, as it is told."""
    now: str = "**"

    @property
    def reason(self) -> str:
        """Why it was changed, in a line."""
        return self.changelog or self.why

    def covers(self, invocation: str, scenario: str, path: str) -> bool:
        """Whether it is about a place of an output."""
        return (
            matches(invocation, self.invocations)
            and matches(scenario, self.scenarios)
            and matches(path, self.paths)
        )


@cache
def pattern(glob: str) -> re.Pattern[str]:
    """A pattern of paths as a regular expression.

    Examples
    --------
    >>> [bool(pattern(glob).fullmatch("a/b/c")) for glob in ("a/*", "a/**", "a/*/c", "**/c")]
    [False, True, True, True]
    """
    parts = re.split(r"(\*\*/|\*\*|\*)", glob)
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(meanings.get(part, re.escape(part)) for part in parts), re.DOTALL)


def matches(text: str, globs: Iterable[str]) -> bool:
    """Whether any of some patterns is that of a text."""
    return any(pattern(glob).fullmatch(text) for glob in globs)


@dataclass(frozen=True)
class Deliberate:
    """All that was changed on purpose since a version."""

    renamed: Sequence[Change] = ()
    changed: Sequence[Change] = ()

    def name_now(self, invocation: str, scenario: str, path: str) -> str | None:
        """What a key of the older output is called now; None = as before."""
        return next(
            (row.name for row in self.renamed if row.covers(invocation, scenario, path)), None
        )

    def change(self, invocation: str, scenario: str, difference: Difference) -> Change | None:
        """The row that explains a difference."""
        path, before, now = difference
        for row in self.changed:
            is_of_value = matches(before, [row.before]) and matches(now, [row.now])
            if is_of_value and row.covers(invocation, scenario, path):
                return row
        return None


def read_table(text: str, committed: datetime) -> Deliberate:
    """Rows that hold for a version that was committed at a time.

    Examples
    --------
    >>> row = '[[changed]]\\npaths = ["days/**"]\\nsince = 2026-01-02T00:00:00Z\\nwhy = "words"'
    >>> [len(read_table(row, datetime.fromisoformat(f"2026-01-0{day}T00:00:00Z")).changed)
    ...  for day in (1, 3)]
    [1, 0]
    """
    tables = tomllib.loads(text)
    return Deliberate(
        renamed=_rows(tables.get("renamed", ()), committed),
        changed=_rows(tables.get("changed", ()), committed),
    )


def _rows(rows: Iterable[Mapping[str, Any]], committed: datetime) -> list[Change]:
    changes = []
    for row in rows:
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
        }
        changes.append(Change(**fields))
    return [change for change in changes if committed < change.since]
