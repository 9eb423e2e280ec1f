"""What can go wrong, said so that a planner can act on it.

::

    HallError
    ├── ScenarioError     a scenario or an override is wrong                       exit status 2
    ├── OptionError       an option of the command line or of a call is wrong      exit status 2
    ├── RunError          a simulation could not be carried out                    exit status 1
    │   ├── LawViolation  its results lose or double something                     exit status 1
    │   └── Cancelled     someone stopped it                                       exit status 1
    ├── ResultError       stored results cannot be read, or lack what was asked    exit status 1
    └── OutputError       a file cannot be written                                 exit status 1

Every error carries one or more `Problem`: where, what was found, what is allowed, what to do.
The sentences are in `sim/text`, under `error.<code>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter
from typing import ClassVar, Final, Literal

from sim.text import Text, load_text
from sim.text.foreign import visible

LONGEST_FOUND: Final = 120
"""Characters of `found` that a sentence shows."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    `found`, `path` and `values` are data and shown as they are. `allowed` and `remedy` are taken
    from the catalogue (`error.<code>.allowed`, `error.<code>.remedy`) unless given here; given
    here, they may be data (`"constant, gamma"`) or name another key of the catalogue
    (`"allowed.share"`), whose placeholders `values` fills. A value called `nearest` adds
    "did you mean …?".

    Examples
    --------
    >>> problem = Problem("bare_number", "hall.last_ticket", "city.yaml", 41, 16, found="15")
    >>> print(problem.sentence(load_text("en")))
    city.yaml:41:16 hall.last_ticket: 15 has no unit; allowed: a number and a unit: ...
    """

    code: str
    path: str = ""
    """Dotted path of the field, as people read it."""
    file: str = ""
    line: int = 0
    """From 1; 0 when there is none."""
    column: int = 0
    """From 1; 0 when there is none."""
    found: str = ""
    allowed: str = ""
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"
    values: tuple[tuple[str, str], ...] = ()

    def sentence(self, text: Text) -> str:
        """Where · what was found · what is allowed · what to do, in the reader's language.

        Raises
        ------
        MissingText
            When the catalogue does not know the code, or a text needs a value the problem lacks.
        """
        if text.language == "keys":
            return f"{self.where} error.{self.code}".strip()
        values = {
            "nearest": "",
            **dict(self.values),
            "found": _one_line(self.found),
            "path": " ".join(self.path.split()),
        }
        allowed = self._words(text, self.allowed, "allowed", values)
        remedy = self._words(text, self.remedy, "remedy", values)
        values |= {"allowed": allowed, "remedy": remedy}
        key = f"error.{self.code}"
        shown_names = {name for _, name, _, _ in Formatter().parse(text.template(key))}

        def part(name: str, value: str) -> str:
            shown = value and name not in shown_names
            return text(f"error.pattern.{name}", **{name: value}) if shown else ""

        sentence = text(
            "error.pattern",
            where=part("where", self.where),
            what=text(key, **values),
            found=part("found", values["found"]),
            nearest=part("nearest", values["nearest"]),
            allowed=part("allowed", allowed),
            remedy=part("remedy", remedy),
        )
        return visible(sentence)

    @property
    def where(self) -> str:
        """The place, as `file:line:column path`, as far as it is known."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return " ".join(f"{place} {self.path}".split())

    def _words(self, text: Text, own: str, name: str, values: dict[str, str]) -> str:
        if own:
            return text(own, **values) if "." in own and text.has(own) else own
        key = f"error.{self.code}.{name}"
        return text(key, **values) if text.has(key) else ""


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, problem.path


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_FOUND else f"{line[: LONGEST_FOUND - 1]}…"


class HallError(Exception):
    """Anything this project refuses, with the reasons; `str()` of it is English.

    Parameters
    ----------
    problems : Problem or iterable of Problem
        At least one. Warnings beside errors are left out: they are not why it stopped.

    Raises
    ------
    ValueError
        Without a problem.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        listed = (problems,) if isinstance(problems, Problem) else tuple(problems)
        if not listed:
            raise ValueError(f"{type(self).__name__} needs at least one Problem")
        listed = tuple(problem for problem in listed if problem.severity == "error") or listed
        super().__init__(listed)
        self.problems: tuple[Problem, ...] = tuple(sorted(listed, key=_place))

    def sentences(self, text: Text) -> tuple[str, ...]:
        """One sentence a problem, by file, line, column and path."""
        return tuple(problem.sentence(text) for problem in self.problems)

    def __str__(self) -> str:
        return "\n".join(self.sentences(load_text("en")))


class ScenarioError(HallError):
    """A scenario or an override is wrong: every problem found, in the order of the file.

    Examples
    --------
    >>> error = ScenarioError([Problem("unused", line=9), Problem("no_demand", line=2)])
    >>> [problem.code for problem in error.problems]
    ['no_demand', 'unused']
    """

    exit_status = 2


class OptionError(HallError):
    """An option of the command line, or an argument of a call, is wrong."""

    exit_status = 2


class RunError(HallError):
    """A simulation could not be carried out."""


class LawViolation(RunError):  # noqa: N818 a law was violated; the word says it
    """Results break a law of the hall: something was lost or counted twice."""


class Cancelled(RunError):  # noqa: N818 no error: someone asked for it
    """Someone stopped the run."""

    def __init__(self, problems: Problem | Iterable[Problem] = Problem("cancelled")) -> None:
        super().__init__(problems)


class ResultError(HallError):
    """Stored results cannot be read, or do not hold what was asked of them."""


class OutputError(HallError):
    """A file cannot be written."""
