"""The example that ships, where a reader has no answer: its mark, and fields as it was asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from sim.questions.question import Question
from sim.scenario.scenario import Scenario
from sim.storage.answers import kind_of
from sim.storage.example import EXAMPLE_OF
from sim.storage.request import read_request
from sim.storage.shipped import example_name, is_example, shipped_job
from sim.text import Text
from sim.views.asked_words import asked_words
from sim.web.change import Change, Source
from sim.web.session import (
    AnyQuestion,
    Session,
    comparison_of,
    jobs,
    load_result,
    question_of,
)
from sim.web.session import session as current
from sim.web.telling import plain

Asked = TypeVar("Asked", bound=Question[Any, Any])


def with_example(session: Session, asks: AnyQuestion) -> Session:
    """The session, with the example that ships where no answer to a question is shown."""
    kind = kind_of(asks)
    example = example_name(kind)
    if session.job(asks) or shipped_job(example) is None:
        return session
    return replace(session, shown={**session.shown, kind: example})


def question_at_first(asks: type[Asked]) -> Asked | None:
    """What the fields of a question say first: as the job that is shown was asked, else as the
    example was, where its hall is in use as its file has it. None where there is neither.
    """
    kind, shown = kind_of(asks), current().job(asks)
    if shown and not is_example(shown):
        return question_of(asks, shown)
    return question_of(asks, example_name(kind)) if _is_of_example(kind) else None


def replications_at_first(asks: AnyQuestion, scenario: Scenario) -> int:
    """What a field of replications says first: as on other pages, else as the example was asked."""
    session, as_written, shown = current(), scenario.run.replications, current().job(asks)
    is_chosen = session.replications not in (None, as_written) or (shown and not is_example(shown))
    if is_chosen or not _is_of_example(kind_of(asks)):
        return session.replications or as_written
    return EXAMPLE_OF[kind_of(asks)].replications


def _is_of_example(kind: str) -> bool:
    """Whether the hall in use is that of the example of a kind, as its file has it."""
    example = EXAMPLE_OF.get(kind)
    return example is not None and current().change == Change(Source(example.file))


def tell_example(kind: str, text: Text) -> None:
    """The mark of an example: that it is one, and exactly what was asked."""
    job = example_name(kind)
    folder = shipped_job(job)
    if folder is None:
        return
    request = read_request(folder)
    answer = comparison_of(jobs().result(job)) if kind == "compare" else load_result(kind, job)
    question_words = asked_words(kind, request.question, request.replications, answer, text)
    mark = plain(text("app.example_asked", asked=question_words))
    st.info("\n\n".join((text("app.example"), mark)))
