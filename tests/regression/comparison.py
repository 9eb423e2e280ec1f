"""Two versions of the program, invoked alike on the same scenarios, and where they differ."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Final

from tests.regression.deliberate import Deliberate, matches
from tests.regression.invocations import (
    INVOCATIONS,
    UNCOMPARED,
    NotApplicableError,
    Subject,
    read_subject,
)
from tests.regression.outputs import Difference, Form, differences, read_output, shown
from tests.regression.versions import Outcome, Version, invoke_both

FORMS: Final[tuple[Form, ...]] = ("json", "csv")
LARGE_FORMS: Final[tuple[Form, ...]] = ("json",)
"""Of scenarios whose runs take long; rows of a table hold the same as JSON."""
LOG: Final = "log.csv"
CONTENT: Final = "content"
"""What is compared of the files that ship: what each says, as this version reads it."""
SHIPPED: Final = "shipped"
"""Folder of the files that ship with this version; those of the older one are in `scenarios`."""


class Comparison:
    """Compares two versions and tells of it.

    Parameters
    ----------
    only
        Patterns of `INVOCATION/SCENARIO`: what is compared; none = all.
    most_shown
        Differences that are told of an invocation on a scenario.
    """

    def __init__(
        self,
        before: Version,
        now: Version,
        deliberate: Deliberate,
        only: Collection[str] = (),
        most_shown: int = 5,
    ) -> None:
        self.before, self.now, self.deliberate = before, now, deliberate
        self.only, self.most_shown = only, most_shown
        self.faults: list[str] = []
        """What nobody meant to change."""
        self.answered = Counter[str]()
        """Invocation -> scenarios on which both versions answered it."""
        self.explained = Counter[str]()
        """Why something was changed on purpose -> differences."""

    def run(self, files: Sequence[str]) -> None:
        """Compare all invocations on all files, those of the older version."""
        names = [CONTENT, *self._understood()]
        jobs = [
            (file, name)
            for file in files
            for name in names
            if not self.only or matches(f"{name}/{scenario_name(file)}", self.only)
        ]
        start = time.perf_counter()
        for number, (file, name) in enumerate(jobs, start=1):
            job_start = time.perf_counter()
            try:
                word = self._compare(file, name)
            except NotApplicableError as reason:
                word = f"skipped: {reason}"
            now = time.perf_counter()
            times = f"{now - job_start:.1f} s of {now - start:.0f} s"
            print(
                f"{number}/{len(jobs)} {name}/{scenario_name(file)}: {word} ({times})", flush=True
            )
        if not self.only:
            for name in names:
                if not self.answered[name]:
                    self._fault(name, "*", Difference("", "an answer", "on no scenario"))

    def _understood(self) -> Iterator[str]:
        """Invocations that both versions understand; the others are told with the reason."""
        before, now = self.before.understood(), self.now.understood()
        for command, reason in UNCOMPARED.items():
            print(f"left out: {command} {reason}")
        for command in sorted(before.options.keys() - now.options.keys()):
            self._fault(command, "*", Difference("", "a command", "gone"))
        for name, invocation in INVOCATIONS.items():
            if missing := before.lacks(invocation):
                print(f"left out: {name}; the older version lacks {missing}")
            elif missing := now.lacks(invocation):
                self._fault(name, "*", Difference("", missing, "gone"))
            else:
                yield name

    def _compare(self, file: str, name: str) -> str:
        """One invocation on one scenario; what came of it, in words."""
        subject = read_subject(self.now.folder, file)
        scenario = scenario_name(file)
        unexpected = 0
        explained = 0
        parts = self._content(file) if name == CONTENT else self._answers(subject, name)
        for difference in parts:
            change = self.deliberate.change(name, scenario, difference)
            if change is not None:
                explained += 1
                self.explained[change.reason] += 1
                continue
            unexpected += 1
            if unexpected <= self.most_shown:
                self._fault(name, scenario, difference)
        self.answered[name] += 1
        if unexpected > self.most_shown:
            self.faults.append(f"{name}/{scenario}: {unexpected - self.most_shown} more")
            print(f"  … {unexpected} differences")
        if unexpected:
            return "DIFFERS"
        return f"same but for {explained} deliberate differences" if explained else "same"

    def _answers(self, subject: Subject, name: str) -> Iterator[Difference]:
        """Where the answers of both versions differ, in each form.

        Raises
        ------
        NotApplicableError
            When both refuse the invocation alike.
        """
        arguments = subject.arguments(name)
        forms = LARGE_FORMS if subject.is_large else FORMS
        if LOG in arguments:
            forms = ("csv",)
        for form in forms:
            request = arguments if LOG in arguments else [*arguments, "--format", form]
            outcomes = invoke_both(self.before, self.now, request)
            before, now = outcomes
            if before.status != now.status or isinstance(now.status, str):
                yield Difference("status", described(before), described(now))
                return
            if before.status != 0:
                raise NotApplicableError(f"both refuse it: {described(now)}")
            rename = partial(self.deliberate.name_now, name, scenario_name(subject.file))
            texts = (
                [(version.folder / LOG).read_text("utf-8") for version in (self.before, self.now)]
                if LOG in arguments
                else [outcome.output for outcome in outcomes]
            )
            data_before, data_now = (read_output(text, form) for text in texts)
            yield from differences(data_before, data_now, rename, form)

    def _content(self, file: str) -> Iterator[Difference]:
        """Where the file that ships now says something else than that of the older version.

        Raises
        ------
        NotApplicableError
            For a file that only tests use.
        """
        if not file.startswith("scenarios/"):
            raise NotApplicableError("does not ship")
        ships = self.now.folder / SHIPPED / file.removeprefix("scenarios/")
        if not ships.exists():
            yield Difference("", "a file that ships", "gone")
            return
        outcomes = [
            self.now.invoke("check", path, "--format", "json")
            for path in (file, str(ships.relative_to(self.now.folder)))
        ]
        before, now = outcomes
        if (before.status, now.status) != (0, 0):
            yield Difference("status", described(before), described(now))
            return
        data_before, data_now = (read_output(outcome.output, "json") for outcome in outcomes)
        for data in (data_before, data_now):
            del data["scenario"]["path"]
        yield from differences(data_before, data_now, lambda path: None, "json")

    def _fault(self, name: str, scenario: str, difference: Difference) -> None:
        """Tell of a difference that nobody meant."""
        path, before, now = difference
        self.faults.append(f"{name}/{scenario} {path}: {before} -> {now}")
        print(f"  {self.faults[-1]}", flush=True)


def scenario_name(file: str) -> str:
    """A scenario's name in reports and patterns.

    Examples
    --------
    >>> scenario_name("scenarios/exact/mm1.yaml")
    'exact/mm1'
    """
    return file.removeprefix("scenarios/").removesuffix(".yaml")


def described(outcome: Outcome) -> str:
    """A status, and what was said last where it is no success."""
    if outcome.status == 0:
        return "answered"
    lines = outcome.complaints.strip().splitlines()
    return f"status {outcome.status}: {shown(lines[-1] if lines else '')}"
