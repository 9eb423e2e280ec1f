"""What a worker of a cluster does with a batch; no cluster is needed to see it."""

from __future__ import annotations

import pickle
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim import compile_plan, load_scenario
from sim.errors import RunError
from sim.plan.plan import Plan
from sim.runs import cluster
from sim.runs.cluster import FLOORS, PACKAGES, about
from sim.runs.task import Conditions, one_replication
from tests.runs.test_cluster import fields
from tests.test_cli import TINY


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, ...]:
    path = tmp_path_factory.mktemp("tiny") / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return tuple(compile_plan(load_scenario(path), name) for name in ("one_list", "two_lists"))


def packed(plans: tuple[Plan, ...], seed: int) -> tuple[bytes, Conditions]:
    """A question as it travels."""
    job = Conditions(seed, "reference", 600_000)
    return zlib.compress(pickle.dumps((plans, job)), 1), job


def test_rows_are_those_of_the_numbers(plans: tuple[Plan, ...]) -> None:
    question, job = packed(plans, 5)
    batch = cluster._batch(question, range(3, 6), about())
    assert batch.seconds > 0
    assert len(batch.rows) == 3
    for number, row in zip((3, 4, 5), batch.rows, strict=True):
        assert fields(row) == fields(one_replication(plans, job, number))


def test_two_questions_at_once_are_each_opened_once(
    plans: tuple[Plan, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To open plans takes longer than a small batch, and batches of two runs come in turn."""
    opened = list[object]()

    def decompress(data: bytes) -> bytes:
        opened.append(data)
        return zlib.decompress(data)

    monkeypatch.setattr(cluster, "zlib", SimpleNamespace(decompress=decompress))
    questions = [packed(plans[:1], seed)[0] for seed in (101, 102)]
    for number in range(4):
        for question in questions:
            cluster._batch(question, range(number, number + 1), about())
    assert len(opened) == 2


def test_who_is_another_gets_no_rows(plans: tuple[Plan, ...]) -> None:
    """The machine that asks, and the one that works, are each told as what they are."""
    with pytest.raises(RunError) as refused:
        cluster._batch(packed(plans, 5)[0], range(1), "another program")
    [problem] = refused.value.problems
    assert problem.code == "cluster_differs"
    assert (problem.found, problem.allowed) == (about(), "another program")


def test_what_makes_a_figure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Program, sources and packages: a changed source is another program, a line's end is not."""
    identity = about()
    for package in PACKAGES:
        assert f"{package} {cluster._version(package)}" in identity
    assert cluster._version("no such package") == "?"
    identities = list[str]()
    for text in (b"a = 1\n", b"a = 1\r\n", b"a = 2\n"):
        root = tmp_path / str(len(identities))
        for floor in FLOORS:
            (root / floor).mkdir(parents=True, exist_ok=True)
            (root / floor / "file.py").write_bytes(text)
        (root / "runs").mkdir(exist_ok=True)
        monkeypatch.setattr(cluster, "__file__", str(root / "runs" / "cluster.py"))
        cluster._digest.cache_clear()
        identities.append(about())
    monkeypatch.undo()
    cluster._digest.cache_clear()
    assert identities[0] == identities[1] != identities[2]
    assert about() == identity
