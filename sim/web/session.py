"""One frozen Session of a reader, kept between reruns; jobs and results shared by all readers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import streamlit as st

from sim.errors import HallError, Problem
from sim.questions.compare import Comparison, compare
from sim.questions.one_matter import MatterQuestion
from sim.questions.question import Question
from sim.scenario.edit import with_handling
from sim.scenario.scenario import Scenario
from sim.storage.answers import QUESTIONS, kind_of
from sim.storage.job_folder import Job
from sim.storage.jobs import Jobs, default_home
from sim.storage.keep import load_study
from sim.storage.limits import FREE_GB, RUNNING, WAITING, WAITING_ALL, faulty_limits
from sim.storage.request import Request, read_request
from sim.storage.shipped import is_example
from sim.storage.turning_keep import TURNING, find_turning
from sim.text import LANGUAGES, Language, Text, load_text
from sim.web.change import Change, Source
from sim.web.kept_choices import SIMPLE, VIEWS, View, kept_language, kept_view
from sim.web.reader import KEY as READER
from sim.web.reader import browser_name, reader
from sim.web.uploads import address_of, keep_file, kept_file

log: Final = logging.getLogger("govhall.app")
Answer = TypeVar("Answer")
Asked = TypeVar("Asked")
AnyQuestion = type[Question[Any, Any]]

KEY: Final = "session"
WIDGETS: Final = ("layouts", "demand", "days", "replications", "seed", "unequal")
"""Keys of the widgets that show parts of the session."""
MECHANISMS: Final = "mechanisms-"
"""What the keys of fields of mechanisms begin with."""
NAMES: Final = {"compare": "study", "extend": "townships", "next_points": "next"}
"""Kinds of question -> their names on pages and in the address; others go by their own."""
MY_HALL: Final = "my_hall"
"""In the state: answers of the page of that name."""
MY_LOG: Final = "my_log"
"""In the state: the log of the page of that name."""
MY_LOG_FILE: Final = f"{MY_LOG}-file"
"""In the state: the upload that was opened last, so that it does not replace an example."""
KEPT: Final = (KEY, READER, MY_HALL, MY_LOG, MY_LOG_FILE, "pages", "file", "language", "view")
"""What stays in the session's state when another scenario is taken."""
MOST_FIGURES: Final = 200
"""Figures that are kept, of all readers: of a few hundred kilobytes each."""
LOOKED_AT: Final = 50
"""Newest jobs that are looked through for the same question."""


@dataclass(frozen=True)
class Session:
    """All that a reader has set; pages read it and replace it."""

    language: Language = "zh"
    change: Change = field(default_factory=Change)
    layouts: tuple[str, ...] = ()
    """Layouts to compare; empty = all."""
    replications: int | None = None
    """None = the scenario's."""
    seed: int | None = None
    shown: Mapping[str, str] = field(default_factory=dict)
    """Jobs whose answers are shown, by the kind of question."""
    matter: str = ""
    problems: tuple[Problem, ...] = ()
    """Why the last thing asked for was not done."""
    button: str = ""
    """Key of the button that it was asked with; they are told beside it. Empty = atop the page."""
    view: View = SIMPLE

    def job(self, asks: AnyQuestion) -> str:
        """Job whose answer to a question is shown; empty when there is none."""
        return self.shown.get(kind_of(asks), "")


def session() -> Session:
    """The reader's session; the first time, what the address asks for."""
    if KEY not in st.session_state:
        st.session_state[KEY] = _from_address()
    stored: Session = st.session_state[KEY]
    return stored


def put(**changes: Any) -> None:
    """Replace parts of the session."""
    st.session_state[KEY] = replace(session(), **changes)


def put_job(asks: AnyQuestion, job: str, **changes: Any) -> None:
    """Show the answer of a job, and replace other parts of the session."""
    put(shown={**session().shown, kind_of(asks): job}, **changes)


def name_of(asks: AnyQuestion) -> str:
    """What a question is called on pages and in the address."""
    kind = kind_of(asks)
    return NAMES.get(kind, kind)


def keep(key: str, value: Any) -> None:
    """Give a widget its value again after another page was shown."""
    if key not in st.session_state:
        st.session_state[key] = value


def reopen(session: Session) -> None:
    """Take a session whole; widgets show what it says."""
    st.session_state[KEY] = session
    of_mechanisms = [key for key in st.session_state if str(key).startswith(MECHANISMS)]
    for key in (*WIDGETS, *of_mechanisms):
        st.session_state.pop(key, None)


def take(source: Source) -> None:
    """Take another base scenario; what was set for the one before does not fit it."""
    is_kept = source.text is None or keep_file(source)
    problems = () if is_kept else (Problem("file_not_kept", severity="warning"),)
    put(
        change=Change(source),
        layouts=(),
        replications=None,
        seed=None,
        shown={},
        matter="",
        problems=problems,
        button="",
    )
    for key in [key for key in st.session_state if str(key) not in KEPT]:
        del st.session_state[key]


def text_of(session: Session) -> Text:
    """The words of the reader's language."""
    return load_text(session.language)


def write_address() -> None:
    """Put language and studies into the address, so that it reopens what is seen."""
    opened = session()
    jobs_shown = {NAMES.get(kind, kind): opened.shown.get(kind, "") for kind in _shown_kinds()}
    file = address_of(opened.change.source) if opened.change.source != Source() else ""
    view = opened.view if opened.view != SIMPLE else ""
    address = {"lang": opened.language, "view": view, "file": file, **jobs_shown}
    for name, value in address.items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]


def _shown_kinds() -> list[str]:
    """Kinds of question that have a place of their own; where several are named in the address,
    the last sets the rest of the session.
    """
    return [kind for kind, question in QUESTIONS.items() if not question.about]


def _from_address() -> Session:
    address = st.query_params
    languages = [language for language in LANGUAGES if language == address.get("lang")]
    views = [view for view in VIEWS if view == address.get("view")]
    view = views[0] if views else kept_view(reader())
    language = languages[0] if languages else kept_language(browser_name())
    opened = Session(language=language, view=view)
    problems: list[Problem] = []
    file = address.get("file", "")
    if file and (source := kept_file(file)) is None:
        problems.append(Problem("lost_file"))
    elif file and source is not None:
        opened = replace(opened, change=Change(source))
    for kind in _shown_kinds():
        job = address.get(NAMES.get(kind, kind), "")
        if job and jobs().folder(job) is None:
            problems.append(Problem("unknown_study", found=job[:40]))
        elif job:
            opened = replace(with_settings(opened, job), shown={**opened.shown, kind: job})
    return replace(opened, problems=tuple(problems))


def with_settings(session: Session, job: str) -> Session:
    """The session set as it was when a job was started; as it is when that is not known."""
    folder = jobs().folder(job)
    if folder is None:
        return session
    try:
        request = read_request(folder)
        change = Change.from_data(request.settings["change"])
    except (HallError, ValueError, TypeError, KeyError, AttributeError):
        return session
    if isinstance(request.question, MatterQuestion):
        # layout and replications are those of its page alone
        return replace(session, change=change, seed=request.seed)
    return replace(
        session,
        change=change,
        layouts=request.question.layouts,
        replications=request.replications,
        seed=request.seed,
    )


@st.cache_resource(show_spinner=False)
def _jobs(home: str) -> Jobs:
    for problem in faulty_limits():
        log.warning(problem.sentence(load_text("en")))
    return Jobs(
        Path(home),
        int(RUNNING.read_or_default()),
        int(WAITING.read_or_default()),
        waiting_all=int(WAITING_ALL.read_or_default()),
        free_gb=FREE_GB.read_or_default(),
    )


def jobs() -> Jobs:
    """The jobs of this machine, shared by all readers."""
    return _jobs(str(default_home()))


def submit(session: Session, request: Request, scenario: Scenario, button: str) -> str:
    """Start a job that remembers how it was asked for, and by whom.

    Empty if it is refused; the reasons are told beside the button of that key.
    """
    settings = {"change": session.change.data()}
    try:
        name = jobs().submit(request._replace(settings=settings, reader=reader()), scenario)
    except HallError as error:
        put(problems=error.problems, button=button)
        return ""
    put(problems=(), button="")
    return name


def job_of(name: str) -> Job | None:
    """What is known of a job."""
    return jobs().job(name) if name else None


# --- results, read once and shared: they never change ------------------------


def comparison_of(folder: Path) -> Comparison:
    """The comparison that a finished job gave, and what it hangs on where that is known."""
    return _comparison(folder, (folder / TURNING).is_file())


@st.cache_resource(show_spinner=False, max_entries=8)
def _comparison(folder: Path, turning: bool) -> Comparison:
    return compare(load_study(folder))._replace(turning=find_turning(folder) if turning else None)


@st.cache_resource(show_spinner=False, max_entries=40)
def _answer(kind: str, folder: Path) -> Any:
    return QUESTIONS[kind].load(folder)


def answer_to(asks: type[Question[Any, Answer]], job: str) -> Answer:
    """The answer that a finished job gave to a question."""
    answer: Answer = load_result(kind_of(asks), job)
    return answer


def load_result(kind: str, job: str) -> Any:
    """The answer that a job gave, or has so far, of a kind of question that is named."""
    return _answer(kind, _answer_folder(job))


def figures_key(job: str) -> tuple[Hashable, ...]:
    """What tells the figures of an answer from those of others, and of the same job so far; of an
    example the same on every machine.
    """
    return (job if is_example(job) else str(_answer_folder(job)),)


def _answer_folder(job: str) -> Path:
    folder = jobs().result(job)
    early = None if folder.is_dir() else jobs().early(job)
    return folder if early is None else early


def question_of(asks: type[Asked], job: str) -> Asked | None:
    """What a job was asked; None when there is no such job, or it was asked something else.

    Raises
    ------
    ResultError
        When it cannot be read.
    """
    folder = jobs().folder(job)
    question = None if folder is None else read_request(folder).question
    return question if isinstance(question, asks) else None


def answered_before(request: Request, scenario: Scenario) -> str:
    """A finished job of this reader that answered the same in full; empty when there is none."""
    for name in jobs().newest(reader())[:LOOKED_AT]:
        folder, result = jobs().folder(name), jobs().result(name)
        if folder is None or not result.is_dir():
            continue
        try:
            same = read_request(folder).same_question(request)
            answer = _answer(request.kind, result) if same else None
        except (HallError, OSError, ValueError, TypeError, KeyError):
            continue
        if answer is None or answer.scenario.hash != scenario.hash:
            continue
        if answer.replications == answer.asked:
            return name
    return ""


def newest_of(asks: AnyQuestion, change: Change) -> str:
    """The reader's newest finished answer to a question about the scenario as set; or empty."""
    for name in jobs().newest(reader())[:LOOKED_AT]:
        folder = jobs().folder(name)
        if folder is None or not jobs().result(name).is_dir():
            continue
        try:
            request = read_request(folder)
            change_then = Change.from_data(request.settings["change"])
        except (HallError, ValueError, TypeError, KeyError, AttributeError):
            continue
        if isinstance(request.question, asks) and change_then == change:
            return name
    return ""


def drawn(key: tuple[Hashable, ...], draw: Callable[[], Answer]) -> Answer:
    """A figure, drawn once for what it shows: scenario hash, seed, replications, …"""
    figure: Answer = _drawn(key, draw)
    return figure


@st.cache_data(show_spinner=False, max_entries=MOST_FIGURES)
def _drawn(key: tuple[Hashable, ...], _draw: Callable[[], Any]) -> Any:
    return _draw()


@st.cache_resource(show_spinner=False, max_entries=16)
def no_before(scenario_hash: str, _scenario: Scenario) -> tuple[Problem, ...]:
    """Why a scenario cannot be handled department by department; empty when it can."""
    try:
        with_handling(_scenario, "separate")
    except HallError as error:
        return error.problems
    return ()
