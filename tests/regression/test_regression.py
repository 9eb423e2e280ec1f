"""Comparing with older versions: every command, every number; a planted difference is seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from sim import data_dir, example_path
from tests.regression.comparison import Comparison
from tests.regression.deliberate import TABLE, Change, Deliberate, read_table
from tests.regression.invocations import (
    INVOCATIONS,
    UNCOMPARED,
    UNCOMPARED_OPTIONS,
    NotApplicableError,
    Understood,
    read_subject,
)
from tests.regression.outputs import Difference, differences, read_output
from tests.regression.versions import ROOT, Outcome, Version

NOTHING = Deliberate()
SINCE = datetime(2026, 11, 29, tzinfo=UTC)
ANSWER = {
    "seed": 1,
    "layouts": {"zone": {"wait": {"mean": 2.5, "low": None}, "drain": {"mean": 0.1}}},
    "levers": [{"path": "a", "mean": 0.25}, {"path": "b", "mean": 0.5}],
}


def changed(change: Callable[[Any], object]) -> Any:
    """The answer with a change."""
    answer = json.loads(json.dumps(ANSWER))
    change(answer)
    return answer


def paths(now: Any, deliberate: Deliberate = NOTHING) -> list[str]:
    """Where an answer differs."""
    rename = lambda path: deliberate.name_now("run", "exact/mm1", path)  # noqa: E731
    return [difference.path for difference in differences(ANSWER, now, rename)]


def test_the_last_bit_of_a_number_is_seen() -> None:
    [difference] = differences(
        ANSWER,
        changed(lambda answer: answer["levers"][1].update(mean=0.5000000000000001)),
        lambda path: None,
    )
    assert difference == Difference("levers/b/mean", "0.5", "0.5000000000000001")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda answer: None, []),
        (lambda answer: answer.update(seed=1.0), ["seed"]),
        (lambda answer: answer["layouts"]["zone"]["wait"].update(low=0), ["layouts/zone/wait/low"]),
        (lambda answer: answer["layouts"]["zone"].pop("drain"), ["layouts/zone/drain"]),
        (lambda answer: answer["layouts"].update(counters={}), ["layouts/counters"]),
        (lambda answer: answer["levers"].reverse(), []),
        (lambda answer: answer["levers"].insert(0, {"path": "c", "mean": 0.25}), ["levers/c"]),
        (lambda answer: answer["levers"].pop(0), ["levers/a"]),
    ],
)
def test_each_difference_is_told_once_with_its_place(
    change: Callable[[Any], object], where: list[str]
) -> None:
    assert paths(changed(change)) == where


def test_the_sign_of_nothing_is_seen() -> None:
    assert list(differences([0.0], [-0.0], lambda path: None)) == [Difference("0", "0.0", "-0.0")]


def test_a_key_with_another_name_is_compared_under_it() -> None:
    rename = Change(("layouts/*/drain",), SINCE, name="drain_time", why="said so")
    now = changed(lambda answer: answer["layouts"]["zone"].update(drain_time={"mean": 0.1}))
    del now["layouts"]["zone"]["drain"]
    assert paths(now) == ["layouts/zone/drain", "layouts/zone/drain_time"]
    assert paths(now, Deliberate(renamed=[rename])) == []
    now["layouts"]["zone"]["drain_time"]["mean"] = 0.2
    assert paths(now, Deliberate(renamed=[rename])) == ["layouts/zone/drain_time/mean"]


def test_rows_of_a_table_are_matched_by_their_texts_and_by_new_names_of_columns() -> None:
    before = read_output("layout,measure,mean\nzone,wait,2.5\nzone,stay,9\n", "csv")
    now = read_output("layout,of,mean\nzone,trips,1\nzone,stay,9\nzone,wait,2.5\n", "csv")
    rename = {"*/measure": "of"}
    seen = list(differences(before, now, lambda path: rename.get(path.replace("zone stay", "*"))))
    assert [difference.path for difference in seen][-1] == "zone trips"


def test_rows_hold_for_versions_from_before_them() -> None:
    text = """
        [[renamed]]
        paths = ["json/drain"]
        name = "drain_time"
        since = 2026-11-29T10:00:00Z
        why = "the field's word"
        [[changed]]
        paths = ["csv/**/mean"]
        since = 2026-11-29T12:00:00Z
        changelog = "Means are means."
        invocations = ["run*"]
        scenarios = ["exact/*"]
        before = "-*"
    """
    old = read_table(text, datetime(2026, 11, 29, 9, tzinfo=UTC))
    young = read_table(text, datetime(2026, 11, 29, 11, tzinfo=UTC))
    assert (len(old.renamed), len(old.changed)) == (1, 1)
    assert (len(young.renamed), len(young.changed)) == (0, 1)
    assert old.name_now("log", "sanmenxia", "json/drain") == "drain_time"
    difference = Difference("csv/zone wait/mean", "-0.1", "0.0")
    assert old.change("run_by", "exact/mm1", difference) is not None
    for name, scenario, path in (
        ("sweep", "exact/mm1", "csv/zone wait/mean"),
        ("run_by", "sanmenxia", "csv/zone wait/mean"),
        ("run_by", "exact/mm1", "csv/zone wait/low"),
    ):
        assert old.change(name, scenario, difference._replace(path=path)) is None
    assert old.change("run_by", "exact/mm1", difference._replace(before="0.1")) is None


def test_each_deliberate_change_is_in_the_changelog_or_says_why() -> None:
    changelog = " ".join((ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split())
    rows = read_table(TABLE.read_text(encoding="utf-8"), datetime.min.replace(tzinfo=UTC))
    for row in (*rows.renamed, *rows.changed):
        assert bool(row.changelog) != bool(row.why), row
        assert row.changelog in changelog
    assert all(row.name for row in rows.renamed)


@pytest.fixture(scope="module")
def understood(tmp_path_factory: pytest.TempPathFactory) -> Understood:
    """What this version understands, by its own help."""
    with Version(ROOT, tmp_path_factory.mktemp("folder")) as version:
        return version.understood()


def test_every_command_and_option_is_compared_or_says_why_not(understood: Understood) -> None:
    invoked = {invocation.split()[0] for invocation in INVOCATIONS.values()}
    assert invoked.isdisjoint(UNCOMPARED)
    assert understood.options.keys() == invoked | UNCOMPARED.keys()
    for command in invoked:
        used = {
            word
            for invocation in INVOCATIONS.values()
            for word in invocation.split()
            if invocation.split()[0] == command and word.startswith("--")
        }
        assert understood.options[command] - used <= UNCOMPARED_OPTIONS.keys(), command
        assert used <= understood.options[command]


def test_what_an_older_version_lacks_is_named() -> None:
    older = Understood({"run": frozenset({"--cores"})})
    assert older.lacks("run --cores 1") == ""
    assert older.lacks("run --cores 1 --by class") == "run --by"
    assert older.lacks("extend --next") == "extend"


def test_a_scenario_without_matters_of_several_items_is_skipped_with_the_reason() -> None:
    subject = read_subject(data_dir("scenarios"), "exact/mm1.yaml")
    assert subject.arguments("run")[:2] == ["run", "exact/mm1.yaml"]
    with pytest.raises(NotApplicableError, match="has no matter"):
        subject.arguments("matter")


class Answering:
    """Stands for a version: answers `run` as it is told."""

    def __init__(self, folder: Path, answer: Any, status: int = 0) -> None:
        self.folder, self.answer, self.status = folder, answer, status

    def understood(self) -> Understood:
        return Understood({"run": frozenset({"--cores", "--replications"})})

    def begin(self, arguments: Sequence[str]) -> None:
        self.form = arguments[-1]

    def end(self) -> Outcome:
        data = json.dumps(self.answer)
        return Outcome(self.status, data if self.form == "json" else "a\n1\n", "no\nnot so", 0.1)


@pytest.mark.parametrize(
    ("answers", "statuses", "faults"),
    [
        ((ANSWER, ANSWER), (0, 0), []),
        ((ANSWER, {**ANSWER, "seed": 2}), (0, 0), ["run/exact/mm1 json/seed: 1 -> 2"]),
        ((ANSWER, ANSWER), (2, 2), []),
        ((ANSWER, ANSWER), (0, 2), ['run/exact/mm1 status: answered -> status 2: "not so"']),
    ],
)
def test_two_versions_are_compared(
    answers: tuple[Any, Any],
    statuses: tuple[int, int],
    faults: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "scenarios").symlink_to(example_path("sanmenxia.yaml").parent)
    before, now = (
        cast(Version, Answering(tmp_path, answer, status))
        for answer, status in zip(answers, statuses, strict=True)
    )
    comparison = Comparison(before, now, NOTHING, only=["run/**"])
    comparison.run(["scenarios/exact/mm1.yaml"])
    assert comparison.faults == faults
    said = capsys.readouterr().out
    assert ("both refuse it" in said) == (statuses == (2, 2))
