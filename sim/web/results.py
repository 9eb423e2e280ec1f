"""A finished comparison on a page: verdict, cards, figures, tables, downloads."""

from __future__ import annotations

import math
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from sim.analysis.catalogue import By
from sim.analysis.estimates import Estimate
from sim.analysis.groups import GROUPINGS, group_ids
from sim.questions.compare import Comparison
from sim.storage.comparison_export import comparison_data, comparison_rows
from sim.storage.keep import Manifest, load_manifest
from sim.text import Text
from sim.views import scenario_names, values, verdict
from sim.views.accounts import ALL, GroupChoice, account_blocks, group_blocks
from sim.views.area_names import county_names
from sim.views.blocks import SentenceBlock, as_part
from sim.views.comparison_figures import comparison_pictures
from sim.views.comparison_words import (
    context_blocks,
    difference_table,
    likely_table,
    measure_table,
    verdict_blocks,
)
from sim.views.county_words import (
    NO_COUNTY,
    counties,
    county_of_place,
    county_of_windows,
    is_large,
)
from sim.views.mechanism_words import mechanism_blocks
from sim.views.queue_times import queue_times_table
from sim.views.report import render_report
from sim.web.documents import documents
from sim.web.downloads import csv_bytes, downloads, json_bytes
from sim.web.drawing import draw_blocks
from sim.web.fields import choose
from sim.web.hall_day import hall_day
from sim.web.kept_choices import SIMPLE
from sim.web.session import comparison_of
from sim.web.session import session as current
from sim.web.telling import plain, show
from sim.web.turning import hanging

CARDS: Final = ("wait", "called_within", "turnaround")
WIDEST: Final = 3
"""Cards side by side: more would cut Chinese labels off."""


def belongs_to(folder: Path, number: str, text: Text) -> None:
    """Which scenario and replications a kept result belongs to; in the full view also its seed,
    its moment and how it is found again.

    Parameters
    ----------
    number
        By which it is found again.
    """
    manifest = load_manifest(folder)
    comparison = comparison_of(folder)
    study, run = comparison.study, comparison.study.scenario.run
    st.caption(
        plain(
            text(
                f"page.results.{'origin' if current().view == SIMPLE else 'belongs'}",
                scenario=text.name(study.scenario.name),
                days=run.measured_days,
                replications=study.replications,
                seed=study.seed,
                hash=study.scenario.hash,
                when=_when(manifest),
                version=manifest.version,
                number=number,
            )
        )
    )


def _when(manifest: Manifest) -> str:
    return datetime.fromisoformat(manifest.kept_at).astimezone().strftime("%Y-%m-%d %H:%M")


def headline(comparison: Comparison, text: Text) -> None:
    """The answer, sentence by sentence, and what to know before acting on it."""
    verdict_told = verdict_blocks(comparison, text, is_short=current().view == SIMPLE)
    draw_blocks([*verdict_told, *context_blocks(comparison, text)], text)


def results(folder: Path, number: str, text: Text, job: str = "") -> None:
    """A finished comparison: verdict, a figure, why, all figures, tables, how it was made.

    The simple view tells five measures in words; all measures, intervals, accounts, seeds and
    hashes are of the other one.

    Parameters
    ----------
    number
        By which the result is found again.
    job
        Whose result it is, so that more can be asked about it; empty = nobody's.
    """
    comparison, is_simple = comparison_of(folder), current().view == SIMPLE
    st.header(text("page.results.title"), anchor=False)
    headline(comparison, text)
    if is_simple:
        draw_blocks([likely_table(comparison, text)], text)
    else:
        st.caption(_interval_note(comparison, text))
        for measure in CARDS:
            _cards(comparison, measure, text)
    st.subheader(text("page.results.figures"), anchor=False)
    one_figure(comparison, text)
    hall_day(comparison, text)
    draw_blocks(mechanism_blocks(comparison, text, is_simple=is_simple), text)
    hanging(job, comparison, text)
    if not is_simple:
        _tables(comparison, text)
    _downloads(comparison, number, text)
    if is_simple:
        st.caption(text("page.results.more"))
        return
    st.subheader(text("page.results.method"), anchor=False)
    belongs_to(folder, number, text)


def _tables(comparison: Comparison, text: Text) -> None:
    draw_blocks(as_part(measure_table(comparison, text, with_meanings=True)), text)
    st.subheader(text("report.accounts"), anchor=False)
    draw_blocks(account_blocks(comparison, text), text)
    queues = queue_times_table(comparison.study, text, comparison.level)
    if queues.rows:
        draw_blocks(as_part(queues), text)
    st.subheader(text("report.groups"), anchor=False)
    _groups(comparison, text)
    if comparison.pairs:
        level = text.share(comparison.level, 0)
        meaning = SentenceBlock(text("report.verdict_note", level=level), "note")
        draw_blocks([*as_part(difference_table(comparison, text)), meaning], text)


def _interval_note(comparison: Comparison, text: Text) -> str:
    level = text.share(comparison.level, 0)
    return text("page.results.interval", level=level, replications=comparison.study.replications)


def _cards(comparison: Comparison, measure: str, text: Text) -> None:
    scenario = comparison.study.scenario
    estimates = verdict.measured(comparison, measure)
    if not estimates:
        return
    st.markdown(f"**{plain(scenario_names.measure_name(measure, scenario, text))}**")
    shown = [layout for layout in comparison.study.layouts if layout in estimates]
    digits = max(_digits(estimate) for estimate in estimates.values())
    for row in (shown[n : n + WIDEST] for n in range(0, len(shown), WIDEST)):
        for place, layout in zip(st.columns(WIDEST), row, strict=False):
            mean, interval = _apart(estimates[layout], digits, text)
            place.metric(
                plain(scenario_names.layout_name(scenario, layout, text)),
                mean,
                delta=interval or None,
                delta_color="off",
                delta_arrow="off",
                help=plain(scenario_names.measure_meaning(measure, scenario, text)),
                border=True,
                height="stretch",
            )


def _digits(estimate: Estimate) -> int:
    return values.digits_for(estimate.interval, values.shown_scale(estimate.unit), estimate.unit)


def _apart(estimate: Estimate, digits: int, text: Text) -> tuple[str, str]:
    """A mean with its unit, and its interval alone; empty where there is none."""
    scale = values.shown_scale(estimate.unit)
    mean, low, high = (text.number(scale * bound, digits) for bound in estimate.interval[:3])
    is_bounded = math.isfinite(estimate.interval.half_width)
    interval = text("page.results.bounds", low=low, high=high) if is_bounded else ""
    return text.with_unit(mean, values.unit_key(estimate.unit)), interval


def one_figure(comparison: Comparison, text: Text) -> None:
    """A choice of figures, one shown at a time: only that one is drawn."""
    study = comparison.study
    pictures = {picture.name: picture for picture in comparison_pictures(comparison, text)}
    names = list(pictures)
    if st.session_state.get("figure", names[0]) not in names:  # of a comparison with more of them
        del st.session_state["figure"]
    name = st.segmented_control(
        text("page.results.figures"),
        names,
        format_func=lambda figure: text(f"page.figure.{figure}"),
        default=names[0],
        required=True,
        key="figure",
        label_visibility="collapsed",
    )
    key = (study.scenario.hash, study.seed, study.replications, study.layouts)
    show(key, name, pictures[name].words, text, pictures[name].draw)


def _groups(comparison: Comparison, text: Text) -> None:
    """Waits by what the reader chooses."""
    chosen = st.segmented_control(
        text("page.results.by"),
        GROUPINGS,
        default=GROUPINGS[0],
        format_func=lambda by: text(f"by.{by}"),
        key="results_by",
    )
    if chosen:
        choice = _of_county(comparison, chosen, text)
        draw_blocks(group_blocks(comparison, (chosen,), text, choice), text)


def _of_county(comparison: Comparison, by: By, text: Text) -> GroupChoice:
    """Of a large area's lists and windows those of one county, which is chosen; else all."""
    scenario = comparison.study.scenario
    if by not in ("list", "group") or not is_large(scenario):
        return ALL
    names = {**county_names(scenario, text), NO_COUNTY: text("area.no_county")}
    place, words = st.columns(WIDEST)[0], text("page.results.county")
    county = choose(place, "results-county", words, counties(scenario), names.__getitem__, text)
    county_at = county_of_place(scenario)
    ids = {id_ for plan in comparison.study.plans for id_ in group_ids(plan, by)}
    return GroupChoice(only={id_ for id_ in ids if county_of_windows(id_, county_at) == county})


def _downloads(comparison: Comparison, job: str, text: Text) -> None:
    downloads(
        f"govhall-{job}",
        text,
        partial(csv_of, comparison),
        partial(json_of, comparison),
        partial(report_of, comparison, text),
    )
    documents("compare", comparison, job, text)


def csv_of(comparison: Comparison) -> bytes:
    """All numbers as CSV with code names."""
    return csv_bytes(comparison_rows(comparison, GROUPINGS))


def json_of(comparison: Comparison) -> bytes:
    """All numbers as JSON."""
    return json_bytes(comparison_data(comparison))


def report_of(comparison: Comparison, text: Text) -> bytes:
    """The report as one HTML file."""
    return render_report(comparison, text).encode()
