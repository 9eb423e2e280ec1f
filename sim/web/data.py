"""The scenario behind the pages: which one, one's own, and where its numbers come from."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Final, get_args

import streamlit as st

from sim import data_dir, example_path
from sim.errors import Problem, ScenarioError
from sim.scenario.named_tables import tables_named
from sim.scenario.provenance import Number, numbers
from sim.scenario.scenario import Scenario
from sim.scenario.tree import parse_tree, text_of
from sim.storage.life import Life
from sim.text import Text
from sim.views.area_names import county_names
from sim.views.blocks import short_words
from sim.views.county_words import NO_COUNTY, county_of_path
from sim.views.promise_words import promise_blocks
from sim.views.replay_words import arrivals_table
from sim.views.scenario_words import Kind, number_table, numbers_of
from sim.web.area import area_part
from sim.web.change import Change, Source, made
from sim.web.disk import tell_disk
from sim.web.downloads import csv_bytes, download_table
from sim.web.drawing import draw_blocks, draw_long_table
from sim.web.fields import MOST_ROWS, choose, choose_page
from sim.web.session import Session, jobs, take
from sim.web.session import session as current
from sim.web.tables import keep_tables
from sim.web.telling import plain, tell, tell_atop
from sim.web.uploader import words_of_uploader
from sim.web.warm_up import warm_up_part

MOST_MB: Final = 20
"""Of a file; a scenario's text has its own limit."""
SCENARIOS: Final = ("yaml", "yml")
TABLES: Final = ("csv", "xlsx", "parquet")
WIDE: Final = 3
UPLOADER: Final = "upload"


def data(session: Session, text: Text) -> None:
    """The page of the scenario."""
    st.title(text("page.data.title"), anchor=False)
    st.markdown(text("page.data.what"))
    tell_atop(text)
    _built_in(text)
    _upload(text)
    st.caption(life_sentence(jobs().life, text))
    tell_disk(text)
    # as the widgets above have left it
    session = current()
    scenario, problems = made(Change(session.change.source))
    if scenario is None:
        tell(problems, text)
        return
    _describe(scenario, session, text)
    in_use = made(session.change).scenario
    if in_use is not None:
        warm_up_part(in_use, text)
    _warnings(problems, text)
    area_part(scenario, text)
    _sources(scenario, text)


def _built_in(text: Text) -> None:
    """Scenarios that ship; each asks one question."""
    names = built_in()
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    label = text("page.data.built_in")
    now = current().change.source.name
    first = now if now in names else Source().name
    shown = {file: words[text.language] for file, words in names.items()}
    name = choose(left, "built-in", label, [*names], shown.__getitem__, text, first=first)
    right.button(
        text("page.data.take"),
        key="take",
        on_click=take,
        args=(Source(name),),
        disabled=current().change.source == Source(name),
        width="stretch",
    )


@lru_cache(maxsize=1)
def built_in() -> Mapping[str, Mapping[str, str]]:
    """Files of the scenarios that ship, the city first, with their names in both languages."""
    files = [path.name for path in sorted(data_dir("scenarios").glob("*.yaml"))]
    names: dict[str, Mapping[str, str]] = {}
    for file in sorted(files, key=lambda file: file != Source().name):
        name = parse_tree(example_path(file).read_text(encoding="utf-8"), file).child("name")
        assert name is not None
        names[file] = name.plain()
    return names


def _upload(text: Text) -> None:
    """A scenario, and the tables that it names, in one go."""
    st.subheader(text("app.upload_scenario"), anchor=False)
    words_of_uploader(UPLOADER, text("page.data.limit"), text)
    with st.container(key=UPLOADER):
        files = st.file_uploader(
            text("page.data.file"),
            type=[*SCENARIOS, *TABLES],
            key="file",
            max_upload_size=MOST_MB,
            accept_multiple_files=True,
        )
    if not files:
        return
    texts = [file for file in files if file.name.lower().endswith(SCENARIOS)]
    if len(texts) != 1:
        tell([Problem("one_scenario", found=str(len(texts)), allowed="1")], text)
        return
    brought = {shown_name(file.name): file.getvalue() for file in files if file not in texts}
    name = shown_name(texts[0].name)
    source, problems = read(name, texts[0].getvalue(), brought)
    if source is None:
        st.error(text("page.data.refused", file=plain(name), n=len(problems)))
        tell(problems, text)
        return
    tell(problems, text)
    if current().change.source == source:
        st.success(text("page.data.accepted", file=plain(name)))
    else:
        st.button(text("page.data.use", file=plain(name)), key="use", on_click=take, args=(source,))


def shown_name(name: str) -> str:
    """A file's name without what could break a line or a path; it is never used as a path.

    Examples
    --------
    >>> shown_name("../../my hall.yaml")
    'my hall.yaml'
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    return "".join(sign for sign in last if sign.isprintable())[:60] or "?"


def read(
    name: str, content: bytes, tables: Mapping[str, bytes] | None = None
) -> tuple[Source | None, tuple[Problem, ...]]:
    """An uploaded file as a source, and tables that it does not name; or all that is wrong.

    Parameters
    ----------
    tables
        Name -> content of the tables that came with it; the scenario names them.
    """
    try:
        words = text_of(content, name)
        named = tables_named(parse_tree(words, name))
    except ScenarioError as error:
        return None, error.problems
    brought = tables or {}
    try:
        address = keep_tables({key: value for key, value in brought.items() if key in named})
    except OSError:
        return None, (Problem("tables_not_kept"),)
    source = Source(name, words, address)
    scenario, problems = made(Change(source))
    others = sorted(set(brought) - named)
    idle = (Problem("table_not_named", found=", ".join(others), severity="warning"),)
    if scenario is None:
        return None, (*problems, *idle[: len(others)])
    return source, idle[: len(others)]


def _describe(scenario: Scenario, session: Session, text: Text) -> None:
    st.subheader(text("page.data.now"), anchor=False)
    st.markdown(f"**{plain(text.name(scenario.name))}**")
    if session.change != Change(session.change.source):
        st.caption(text("page.data.unchanged"))
    counted = {
        "layouts": len(scenario.layouts),
        "matters": len(scenario.matters),
        "departments": len(scenario.departments),
    }
    for place, (name, n) in zip(st.columns(WIDE), counted.items(), strict=True):
        place.metric(text(f"page.data.{name}"), n, border=True)
    draw_blocks(promise_blocks(scenario, text), text)
    left, right, _ = st.columns(WIDE)
    left.download_button(
        text("app.download_scenario"),
        partial(yaml_of, session.change.source),
        shown_name(session.change.source.name),
        "application/yaml",
        key="yaml",
        on_click="ignore",
        width="stretch",
    )
    if session.change.source != Source():
        right.button(
            text("page.data.shipped"),
            key="shipped",
            on_click=take,
            args=(Source(),),
            width="stretch",
        )


def life_sentence(life: Life, text: Text) -> str:
    """How long results and files are kept, and who finds them."""
    days = text("page.data.life_days", days=text.number(life.days, 0))
    size = text("page.data.life_size", gigabytes=text.number(life.gigabytes, 1))
    limits = [
        words
        for words, bound in ((days, life.days), (size, life.gigabytes))
        if math.isfinite(bound)
    ]
    limits_words = text("format.list").join(limits) if limits else text("page.data.life_for_ever")
    return text("page.data.life", limits=limits_words)


def yaml_of(source: Source) -> str:
    """The file of a base scenario."""
    if source.text is not None:
        return source.text
    return example_path(source.name).read_text(encoding="utf-8")


def _warnings(problems: tuple[Problem, ...], text: Text) -> None:
    if problems:
        with st.expander(text("app.warnings", n=len(problems))):
            tell(problems, text)


def _sources(scenario: Scenario, text: Text) -> None:
    """Where people and numbers come from; assumptions with the range that is plausible."""
    replayed = arrivals_table(scenario, text)
    if replayed.rows:
        draw_blocks([replayed], text)
    stated = numbers(scenario)
    for kind in get_args(Kind):
        of_kind = numbers_of(stated, kind)
        if of_kind:
            with st.expander(text(f"page.data.{kind}", n=len(of_kind))):
                _numbers(scenario, of_kind, kind, text)


def _numbers(scenario: Scenario, of_kind: list[Number], kind: Kind, text: Text) -> None:
    """Numbers of a kind; of a large area those of one county at a time, and all to download."""
    shown = of_kind
    if len(of_kind) > MOST_ROWS:
        county_of = county_of_path(scenario)
        names = {NO_COUNTY: text("page.data.part_other"), **county_names(scenario, text)}
        place, words = st.columns(WIDE)[0], text("page.data.part")
        county = choose(place, f"{kind}-county", words, [*names], names.__getitem__, text)
        shown = [number for number in of_kind if county_of(number.path) == county]
    page = choose_page(len(shown), f"{kind}-page", text)
    draw_long_table(number_table(scenario, shown[page], text, kind), kind)
    if len(shown[page]) < len(of_kind):
        whole = partial(_number_file, scenario, of_kind, kind, text)
        download_table(kind, text, whole, f"{kind}-csv")


def _number_file(scenario: Scenario, of_kind: list[Number], kind: Kind, text: Text) -> bytes:
    table = number_table(scenario, of_kind, text, kind)
    cells = ([*map(short_words, row)] for row in table.rows)
    return csv_bytes(dict(zip(table.heads, row, strict=True)) for row in cells)
