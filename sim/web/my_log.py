"""My log: the log of a ticket system, step by step, until it is the hall that all pages use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from sim.clock import ClockError, Holidays, parse_time_zone
from sim.engine.run import is_ready
from sim.errors import HallError, Problem
from sim.learning.learned import LearnedLog
from sim.learning.learned_day import learned_day
from sim.learning.ticket_log import TicketLog
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.text.foreign import visible
from sim.views.blocks import AnyBlock, HeadingBlock, TableBlock
from sim.views.learn_words import fit_blocks, quality_blocks, reading_blocks
from sim.views.learned_day import learned_day_figure
from sim.views.roster_factor_words import factor_sentence
from sim.web.adopt import offer_hall
from sim.web.change import Change, Source, made
from sim.web.data import MOST_MB, shown_name
from sim.web.drawing import draw_blocks
from sim.web.fields import choose
from sim.web.kept_logs import saved_halls
from sim.web.log_columns import ask_columns, guessed_columns, halls_of
from sim.web.log_day import log_day
from sim.web.opened_log import OpenedLog, example_log, read_opened, write_opened
from sim.web.saving import offer_saving
from sim.web.session import MY_LOG, MY_LOG_FILE, Session
from sim.web.telling import plain, show, tell, tell_atop
from sim.web.uploader import words_of_uploader

KINDS: Final = ("csv", "gz", "xlsx", "xls", "parquet")
UPLOADER: Final = f"{MY_LOG}-upload"
RUN: Final = f"{MY_LOG}-run"
"""In the session's state once the reader has asked for the example."""
HOLIDAYS: Final[tuple[Holidays, ...]] = ("china", "none")
WIDE: Final = 3


def my_log(session: Session, text: Text) -> None:
    """The page of a log."""
    del session
    st.title(text("page.my_log.title"), anchor=False)
    st.markdown(text("page.my_log.what"))
    tell_atop(text)
    _open(text)
    saved_halls(text)
    if MY_LOG not in st.session_state:
        _open_example()
    opened: OpenedLog = st.session_state[MY_LOG]
    if opened.is_example:
        st.info(text("page.my_log.example_shown"))
    learned = _learned(opened, text)
    if learned is None:
        return
    _quality(opened, learned, text)
    log_day(opened.as_read, learned, opened.hall or opened.name.partition(".")[0], text)
    _fits(learned, text)
    if _may_run(opened, text):
        _use(opened, learned, text)


def _may_run(opened: OpenedLog, text: Text) -> bool:
    """Whether its scenario is run at once.

    The example that nobody asked for is not, as long as that would mean to compile the engine: a
    minute in which the server hardly answers anybody.
    """
    if not opened.is_example or RUN in st.session_state or is_ready("fast"):
        return True
    st.header(text("page.my_log.hall"), anchor=False)
    st.caption(text("page.my_log.first_run"))
    st.button(text("page.my_log.simulate"), key=f"{MY_LOG}-simulate", on_click=_ask_example)
    return False


def _change(opened: OpenedLog) -> None:
    """Take what was chosen, and read the log anew."""
    if opened != st.session_state[MY_LOG]:
        st.session_state[MY_LOG] = opened
        st.rerun()


# --- the log --- #


def _open(text: Text) -> None:
    """A file of one's own, or the example."""
    st.header(text("page.my_log.log"), anchor=False)
    words_of_uploader(UPLOADER, text("page.my_log.limit", most=text.number(MOST_MB, 0)), text)
    with st.container(key=UPLOADER):
        brought = st.file_uploader(
            text("page.my_log.file"),
            type=[*KINDS],
            key=f"{MY_LOG}-brought",
            accept_multiple_files=True,
            max_upload_size=MOST_MB,
            help=text("page.my_log.file_help"),
        )
    ids = tuple(file.file_id for file in brought)
    if ids and st.session_state.get(MY_LOG_FILE) != ids:
        st.session_state[MY_LOG_FILE] = ids
        files = tuple((shown_name(file.name), file.getvalue()) for file in brought)
        before: OpenedLog | None = st.session_state.get(MY_LOG)
        is_same = before is not None and before.files[0] == files[0]
        st.session_state[MY_LOG] = (
            replace(before, files=files) if before is not None and is_same else OpenedLog(files)
        )
    st.button(
        text("page.my_log.example"),
        key=f"{MY_LOG}-example",
        on_click=_ask_example,
        help=text("page.my_log.example_help"),
    )


def _ask_example() -> None:
    st.session_state[RUN] = True
    _open_example()


def _open_example() -> None:
    st.session_state[MY_LOG] = example_log()


def _learned(opened: OpenedLog, text: Text) -> LearnedLog | None:
    """The log read, and which of its columns is which; None where it cannot be read."""
    title = text("learn.title", file=", ".join(opened.names))
    st.markdown(f"**{plain(title)}**")
    try:
        columns = guessed_columns(opened.key, *opened.files[0])
    except HallError as error:
        tell(error.problems, text)
        return None
    st.header(text("page.my_log.columns"), anchor=False)
    read = st.container()
    if columns.roles:
        with st.expander(text("page.my_log.change_columns")):
            key = f"{MY_LOG}-{opened.key}-column"
            _change(replace(opened, by_hand=ask_columns(key, columns, opened.by_hand, text)))
    if columns.is_of_cases:
        _ask_parts(opened, text)
    heading = dict((*columns.guessed, *opened.by_hand)).get("place", "")
    _ask_hall(opened, heading, text)
    with read:
        return _shown(opened, text)


def _ask_parts(opened: OpenedLog, text: Text) -> None:
    """Further tables of a log of cases, which the command joins by an option."""
    key = f"{MY_LOG}-{opened.key}-parts"
    limit = text("page.my_log.limit", most=text.number(MOST_MB, 0))
    words_of_uploader(f"{UPLOADER}-parts", limit, text)
    with st.container(key=f"{UPLOADER}-parts"):
        files = st.file_uploader(
            text("page.my_log.parts"),
            type=[*KINDS],
            key=key,
            accept_multiple_files=True,
            max_upload_size=MOST_MB,
            help=text("page.my_log.parts_help"),
        )
    parts = tuple((shown_name(file.name), file.getvalue()) for file in files)
    _change(replace(opened, parts=parts))


def _ask_hall(opened: OpenedLog, heading: str, text: Text) -> None:
    """Which of several halls it is, and where its clock is.

    Parameters
    ----------
    heading
        Of the column that names halls; empty = there is none.
    """
    places = iter(st.columns(WIDE))
    place = opened.place
    try:
        halls = halls_of(opened.key, heading, opened.files) if heading else ()
    except HallError:  # told where the log is read
        halls = ()
    if len(halls) > 1:
        place = choose(
            next(places),
            f"{MY_LOG}-{opened.key}-place",
            text("page.my_log.place"),
            ("", *halls),
            lambda hall: visible(hall) or text("page.my_log.all_places"),
            text,
            first=opened.place,
        )
    key = f"{MY_LOG}-{opened.key}-zone"
    st.session_state.setdefault(key, opened.time_zone)
    beside = next(places)
    zone = beside.text_input(
        text("page.my_log.time_zone"), key=key, help=text("page.my_log.time_zone_help")
    ).strip()
    try:
        parse_time_zone(zone)
    except ClockError as error:
        with beside:
            tell((Problem(error.code, text("page.my_log.time_zone"), found=zone),), text)
        zone = opened.time_zone
    _change(replace(opened, place=place, time_zone=zone))


def _shown(opened: OpenedLog, text: Text) -> LearnedLog | None:
    """The log as it was read."""
    try:
        with st.spinner(text("page.my_log.reading")):
            learned, notes = read_opened(opened)
    except HallError as error:
        tell(_on_page(error.problems, text), text)
        return None
    tell(_on_page(notes, text), text)
    blocks = reading_blocks(learned, text)
    of_tables = {text("learn.columns"): text("page.my_log.columns_note")}
    draw_blocks(_noted(blocks, of_tables), text)
    return learned


def _on_page(problems: Iterable[Problem], text: Text) -> list[Problem]:
    """A field of the page stands for the option of the command."""
    fields = {"--join": text("page.my_log.parts"), "--out": text("page.my_log.hall")}
    of_page = []
    for problem in problems:
        option, _, role = problem.path.partition(" ")
        field_of = fields.get(option, problem.path)
        if option == "--mapping":
            field_of = text(f"learn.role.{role}") if role else text("page.my_log.columns")
        of_page.append(replace(problem, path=field_of))
    return of_page


# --- how good it is --- #


def _quality(opened: OpenedLog, learned: LearnedLog, text: Text) -> None:
    """What was found, and what is to be done about it."""
    st.header(text("page.my_log.quality"), anchor=False)
    blocks = quality_blocks(learned.quality, text)
    of_tables = {text("learn.quality"): text("page.my_log.quality_note")}
    draw_blocks(_noted(blocks, of_tables), text)
    treatments = dict(opened.treatments)
    choosable = [finding for finding in learned.quality.findings if len(finding.choices) > 1]
    places = st.columns(WIDE)
    for n, finding in enumerate(choosable):
        chosen = choose(
            places[n % WIDE],
            f"{MY_LOG}-{opened.key}-{finding.trap}",
            text(f"learn.trap.{finding.trap}"),
            finding.choices,
            lambda treatment: text(f"learn.treatment.{treatment}"),
            text,
            first=finding.treatment,
        )
        treatments[finding.trap] = next(each for each in finding.choices if each == chosen)
    holidays_observed = choose(
        places[len(choosable) % WIDE],
        f"{MY_LOG}-{opened.key}-holidays",
        text("page.my_log.holidays"),
        HOLIDAYS,
        lambda each: text(f"page.my_log.holidays_{each}"),
        text,
        first=opened.holidays,
    )
    holidays = next(each for each in HOLIDAYS if each == holidays_observed)
    as_found = {finding.trap: finding.treatment for finding in choosable}
    if holidays != opened.holidays or any(treatments[trap] != as_found[trap] for trap in as_found):
        _change(replace(opened, treatments=tuple(treatments.items()), holidays=holidays))


def _noted(blocks: Iterable[AnyBlock], notes: Mapping[str, str]) -> Iterator[AnyBlock]:
    """Blocks whose tables say how a page changes what a command changes by an option.

    Parameters
    ----------
    notes
        By the titles of the tables.
    """
    for block in blocks:
        if isinstance(block, TableBlock) and block.title in notes:
            yield block._replace(note=notes[block.title])
        else:
            yield block


# --- what it says --- #


def _fits(learned: LearnedLog, text: Text) -> None:
    """Everything that was fitted: a part to open for each heading."""
    parts: list[tuple[str, list[AnyBlock]]] = []
    for block in fit_blocks(learned, text):
        if isinstance(block, HeadingBlock) and not block.is_within:
            parts.append((block.words, []))
        else:
            parts[-1][1].append(block)
    if not parts:
        return
    st.header(text("page.my_log.fits"), anchor=False)
    for words, blocks in parts:
        with st.expander(plain(words)):
            draw_blocks(blocks, text)


# --- the hall --- #


def _use(opened: OpenedLog, learned: LearnedLog, text: Text) -> None:
    """The scenario beside its log, to take it along or to let all pages compute on it."""
    st.header(text("page.my_log.hall"), anchor=False)
    key = f"{MY_LOG}-{opened.key}-hall"
    if key not in st.session_state:
        st.session_state[key] = opened.hall or opened.name.partition(".")[0]
    name = st.text_input(text("page.my_log.called"), key=key, max_chars=60).strip()
    _change(replace(opened, hall=name))
    try:
        with st.spinner(text("page.my_log.reading")):
            written = write_opened(opened, name)
    except HallError as error:
        tell(_on_page(error.problems, text), text)
        return
    source = Source(f"{shown_name(name or opened.name)}.yaml", written.words)
    scenario, problems = made(Change(source))
    if scenario is None:
        tell(problems, text)
        return
    place = st.container()
    _doings(name or opened.name.partition(".")[0], source, text)
    with place:
        if written.factor is not None:
            draw_blocks([factor_sentence(written.factor, text)], text)
        _day(opened, learned, scenario, text)


def _doings(name: str, source: Source, text: Text) -> None:
    """Use it, take it along, save it under its name."""
    use, yaml, save = st.columns(WIDE)
    yaml.download_button(
        text("app.download_scenario"),
        source.text or "",
        source.name,
        "application/yaml",
        key=f"{MY_LOG}-yaml",
        on_click="ignore",
        width="stretch",
    )
    assert source.text is not None  # it was written from the log
    offer_saving(name, source.text, f"{MY_LOG}-save", text, save)
    offer_hall(source, f"{MY_LOG}-use", text, use)


def _day(opened: OpenedLog, learned: LearnedLog, scenario: Scenario, text: Text) -> None:
    log = learned.log
    assert isinstance(log, TicketLog)  # a log of cases makes no scenario
    key = (*opened.as_read, scenario.hash)
    with st.spinner(text("page.my_log.running")):
        show(
            key,
            "learned_day",
            text("figure.learned_day.title"),
            text,
            lambda: learned_day_figure(learned_day(log, scenario, opened.holidays), text),
        )
