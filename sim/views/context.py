"""What a result must not be read without: what differs from the file, and between the halls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sim.questions.alike import MEANS, Means, unlike
from sim.scenario.changed import Changed
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.lever_names import lever_name
from sim.views.scenario_names import layout_name

SHORT: Final = 48
"""Signs of a value that stands in a line; of more only the largest number of people is told."""
ROSTERS: Final = ("clerks", "reviewers")
PROMISES: Final = "targets.promises"
"""Too long to be told here; the answer tells them in words."""
AMOUNT: Final = re.compile(r"(-?\d+(?:\.\d+)?)(\D.*)?")
CLOSE: Final = 1e-6
"""Relative; numbers written with ten decimals are in one proportion when they agree so far."""
UNITS: Final = {"clerk_hours": "h", "most_clerks": "person", "staffed_hours": "h"}


class _Scaled(NamedTuple):
    """A field of many things alike, made more or less by the same factor."""

    path: str
    factor: float


def change_lines(scenario: Scenario, text: Text) -> list[str]:
    """What is not as the file has it, a line each; what was scaled alike is told once.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> change_lines(scenario, load_text("en"))
    ['run · measured days: 80 → 2']
    """
    together: dict[_Scaled | Changed, list[Changed]] = {}
    for change in scenario.changed:
        together.setdefault(_scaled(change) or change, []).append(change)
    lines = []
    for key, same in together.items():
        if isinstance(key, _Scaled) and len(same) > 1:
            name = lever_name(key.path, scenario, text)
            share = text.share(key.factor, 0 if round(100 * key.factor, 6) % 1 == 0 else 1)
            lines.append(text("context.scaled", name=name, places=len(same), share=share))
        else:
            lines += [_line(change, scenario, text) for change in same]
    return lines


def changes_sentence(scenario: Scenario, text: Text) -> str:
    """What is not as the file has it, in one sentence; empty where all is."""
    lines = change_lines(scenario, text)
    return text("context.line", lines=text("format.parts").join(lines)) if lines else ""


def _scaled(change: Changed) -> _Scaled | None:
    """The factor of a changed number, under the path of all fields like it."""
    before, now = AMOUNT.fullmatch(change.before), AMOUNT.fullmatch(change.now)
    steps = change.path.split(".")
    if not before or not now or before[2] != now[2] or len(steps) < 3 or not float(before[1]):
        return None
    path = ".".join((steps[0], "*", *steps[2:]))
    return _Scaled(path, round(float(now[1]) / float(before[1]) / CLOSE) * CLOSE)


def _line(change: Changed, scenario: Scenario, text: Text) -> str:
    if change.path == PROMISES or (change.path == "targets" and "promises:" in change.now):
        return text("context.promises")
    name = lever_name(change.path, scenario, text)
    before, now = change.before, change.now
    if change.path.rpartition(".")[2] in ROSTERS and max(len(before), len(now)) > SHORT:
        most = {"before": _most(before), "now": _most(now)}
        return text("context.roster", name=name, **most)
    words = [_short(value) or text("context.default") for value in (before, now)]
    return text("context.changed", name=name, before=words[0], now=words[1])


def _most(roster: str) -> int:
    """The largest number of a roster as it is written."""
    return max((int(n) for n in re.findall(r": (\d+)(?=[,}])", roster)), default=0)


def _short(value: str) -> str:
    return value if len(value) <= SHORT else f"{value[: SHORT - 1]}…"


def means_lines(scenario: Scenario, means: Sequence[Means], text: Text) -> list[str]:
    """In what the halls are not alike, a line each, with what each of them has."""
    return [
        text(
            f"context.{name}",
            values=text("format.list").join(_values(scenario, means, name, text)),
        )
        for name in unlike(means)
    ]


def _values(scenario: Scenario, means: Sequence[Means], name: str, text: Text) -> Iterator[str]:
    for mean in means:
        value = getattr(mean, name)
        number = text.number(value, int(round(value % 1, 3) != 0))
        yield text(
            "report.value_of",
            layout=layout_name(scenario, mean.layout, text),
            value=text.with_unit(number, UNITS[name]),
        )


def unlike_hours(scenario: Scenario, means: Sequence[Means], text: Text) -> str:
    """Clerk hours of each layout where they are not equal; empty where they are."""
    if MEANS[0] not in unlike(means):
        return ""
    return text("format.list").join(_values(scenario, means, MEANS[0], text))
