"""The examples that ship are what the program gives today, to the last bit.

Where this fails after a change of the model, of its measures or of the city's file:
`python -m sim.storage.example` makes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim import Run
from sim.analysis.measures import Tally
from sim.questions.reductions import quietest_layout
from sim.runs.replicate import Study
from sim.storage.answers import QUESTIONS
from sim.storage.example import (
    EXAMPLE_OF,
    example_answer,
    example_folder,
    make_example,
)
from sim.storage.jobs import Jobs
from sim.storage.keep import MANIFEST, load_manifest, load_study
from sim.storage.kept_study import open_study
from sim.storage.own_jobs import copy_job, delete_job
from sim.storage.request import read_request
from sim.storage.shipped import example_name, shipped_job
from sim.text import LANGUAGES, Language, load_text
from sim.views.asked_words import CHOSEN, FIELDS, asked_words
from sim.views.report_kinds import report_of

MOST_BYTES = 1_700_000
MOST_BYTES_OF_ALL = 5_000_000


def same(value: Any, other_value: Any) -> bool:
    """Whether two parts of a tally are equal to the bit."""
    if isinstance(value, Mapping):
        return value.keys() == other_value.keys() and all(
            same(value[key], other_value[key]) for key in value
        )
    return np.asarray(value).tobytes() == np.asarray(other_value, np.asarray(value).dtype).tobytes()


def check(shipped: Study, rerun: Study) -> None:
    for layout in rerun.layouts:
        for tally, tally_shipped in zip(rerun.of(layout), shipped.of(layout), strict=False):
            unlike = [
                field
                for field in Tally._fields
                if not same(getattr(tally, field), getattr(tally_shipped, field))
            ]
            assert not unlike, layout


def files_of(folder: Path) -> dict[str, bytes]:
    """What a folder holds, but for the moment at which it was made."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in named.items() if path.name != MANIFEST}


@pytest.mark.parametrize("kind", EXAMPLE_OF)
def test_an_example_is_of_its_scenario_as_the_file_stands(kind: str) -> None:
    example, answer = EXAMPLE_OF[kind], QUESTIONS[kind].load(example_folder(kind))
    assert answer.scenario.hash == example.scenario().hash
    assert answer.replications >= example.replications
    assert kind == "staffing" or answer.replications == answer.asked
    request = read_request(example_folder(kind).parent)
    assert request.question == example.question
    assert (request.replications, request.seed) == (example.replications, answer.seed)
    assert sum(map(len, files_of(example_folder(kind).parent).values())) < MOST_BYTES


def test_all_of_them_are_small() -> None:
    sizes = [len(file) for kind in EXAMPLE_OF for file in files_of(example_folder(kind)).values()]
    assert sum(sizes) < MOST_BYTES_OF_ALL


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EXAMPLE_OF)
def test_an_example_is_told_as_a_study_is(kind: str, language: Language) -> None:
    """Its document, and exactly what was asked: on how many crowds, and what was chosen."""
    study, text = open_study(example_name(kind)), load_text(language)
    assert study.kind == kind
    assert report_of(kind, study.answer, text).parts[0].name == "asked"
    request = read_request(example_folder(kind).parent)
    words = asked_words(kind, request.question, request.replications, study.answer, text)
    assert text("asked.crowds", replications=request.replications) in words
    for field in CHOSEN.get(kind, ()):
        value = FIELDS[field](getattr(request.question, field), study.answer.scenario, text)
        assert value in words, field


def test_the_example_of_the_first_page_has_all_layouts() -> None:
    shipped = load_study(example_folder())
    assert shipped.layouts == tuple(layout.id for layout in shipped.scenario.layouts)
    assert load_manifest(example_folder()).version == sim.__version__


def test_the_example_of_a_matter_is_of_the_layout_that_its_page_shows_first() -> None:
    example = EXAMPLE_OF["matter"]
    assert example.question.layouts == (quietest_layout(example.scenario()),)


def test_an_example_is_opened_like_a_job_and_never_written_to(tmp_path: Path) -> None:
    jobs, name = Jobs(tmp_path), example_name("compare")
    before = files_of(example_folder().parent)
    job = jobs.job(name)
    assert job is not None
    assert (job.id, job.state) == (name, "done")
    assert jobs.result(name) == example_folder()
    assert name not in jobs.newest()
    jobs.cancel(name)
    delete_job(jobs, name, "reader")
    assert files_of(example_folder().parent) == before
    copied = copy_job(jobs, name, "reader")
    assert jobs.newest("reader") == (copied,)
    assert open_study(name, tmp_path).kind == "compare"


@pytest.mark.parametrize("name", ["example-", "example-none", "example-../exact", "compare"])
def test_nothing_else_of_the_scenarios_is_a_job(name: str) -> None:
    assert shipped_job(name) is None


def test_its_first_crowd_comes_out_the_same() -> None:
    rerun = example_answer("compare", run=Run(replications=1, workers=1))
    check(load_study(example_folder()), rerun)


@pytest.mark.slow
def test_all_of_it_comes_out_the_same() -> None:
    check(load_study(example_folder()), example_answer("compare"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in EXAMPLE_OF if kind != "compare"])
def test_the_other_examples_come_out_the_same(kind: str, tmp_path: Path) -> None:
    make_example(kind, tmp_path / kind)
    assert files_of(tmp_path / kind) == files_of(example_folder(kind).parent)
