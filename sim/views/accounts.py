"""What became of everybody, and waits by group: tables and cautions."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from typing import Final, NamedTuple

from sim.analysis.account import Account, all_accounts
from sim.analysis.catalogue import BY_GROUP, MEASURES, OF_WINDOWS, By
from sim.analysis.estimates import Estimate
from sim.analysis.groups import OF_THE_CROWD, Group, by_group, group_changes, group_ids
from sim.analysis.intervals import Interval, bonferroni
from sim.analysis.judge import judge
from sim.questions.compare import Comparison
from sim.results.outcomes import ACCOUNTS
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.area_names import county_names
from sim.views.blocks import TableBlock
from sim.views.scenario_names import (
    group_name,
    layout_name,
    list_name,
    matter_name,
    measure_name,
)
from sim.views.values import (
    digits_of,
    judgement_name,
    number_of,
    unit_key,
)

SIDE_BY_SIDE = ("wait", "called_within")
"""Measures shown by group where several layouts stand side by side."""
_MEASURE = {measure.key: measure for measure in MEASURES}


def account_blocks(comparison: Comparison, text: Text) -> tuple[TableBlock, ...]:
    """The accounts of people, visits and cases; in each the rows add up to the last one.

    Examples
    --------
    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = compare(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> [block.title for block in account_blocks(study, load_text("en"))]
    ['What became of everybody', 'How visits ended', 'Where cases stand']
    """
    study = comparison.study
    of_layouts = [all_accounts(study.of(layout), comparison.level) for layout in study.layouts]
    heads = (
        text("account.head"),
        *(layout_name(study.scenario, layout, text) for layout in study.layouts),
    )
    return tuple(
        TableBlock(
            text(f"account.title.{name}"),
            heads,
            _account_rows([accounts[n] for accounts in of_layouts], text),
            text(f"account.note.{name}", replications=study.replications),
        )
        for n, name in enumerate(ACCOUNTS)
    )


def _account_rows(accounts: Sequence[Account], text: Text) -> tuple[tuple[str, ...], ...]:
    """One row an outcome that anybody has under any layout, and the total."""
    name = accounts[0].name
    rows = []
    for outcome in ACCOUNTS[name]:
        if not any(account.number_of(outcome) for account in accounts):
            continue
        shares = [_share(account, outcome) for account in accounts]
        digits = digits_of(shares)
        cells = [
            text(
                "account.cell",
                count=text.number(account.number_of(outcome), 0),
                share=number_of(share, text, digits),
            )
            for account, share in zip(accounts, shares, strict=True)
        ]
        rows.append((outcome_name(name, outcome, text), *cells))
    totals = (text.number(account.total, 0) for account in accounts)
    return (*rows, (text("account.total"), *totals))


def _share(account: Account, outcome: str) -> Estimate:
    standings = (standing for standing in account.standings if standing.outcome == outcome)
    standing = next(standings, None)
    nobody = Interval(0.0, 0.0, 0.0, 0)
    return Estimate(outcome, "share", "neither", nobody if standing is None else standing.share)


def outcome_name(account: str, outcome: str, text: Text) -> str:
    """What people call an outcome of an account."""
    if account == "people" or outcome == "not_accepted":
        return text(f"account.{account}.{outcome}")
    return text(f"fate.{outcome}")


class GroupChoice(NamedTuple):
    """Which groups of a grouping are told of."""

    most: int = 0
    """At most so many of an area's lists, windows and counties: those that wait longest, longest
    first; how many are left out, and where they are, is told. 0 = all."""
    left_out: str = "by.left_out"
    """Key of the words that tell it."""
    only: Container[str] | None = None
    """Ids of these groups; None = of all."""


ALL: Final = GroupChoice()
OF_AREAS: Final[frozenset[By]] = frozenset({"list", "group", "county"})
"""Groupings that grow with the area."""


def group_blocks(
    comparison: Comparison, groupings: Sequence[By], text: Text, choice: GroupChoice = ALL
) -> tuple[TableBlock, ...]:
    """One table a grouping and layout, or a grouping and measure where layouts are compared.

    Groupings of lists and windows are those of each layout, so they are told layout by layout.
    """
    blocks: list[TableBlock] = []
    for by in groupings:
        if by in OF_THE_CROWD and len(comparison.study.layouts) > 1:
            blocks += [_across(comparison, by, measure, text, choice) for measure in SIDE_BY_SIDE]
        else:
            layouts = range(len(comparison.layouts))
            blocks += [_within(comparison, by, n, text, choice) for n in layouts]
    return tuple(block for block in blocks if block.rows)


def _picked(
    groups: Iterable[Sequence[Group]], by: By, choice: GroupChoice
) -> tuple[list[str], int]:
    """The ids of the groups that are told of, and how many are left out; of several layouts."""
    waits: dict[str, float] = {}
    for group in (group for of_layout in groups for group in of_layout):
        if choice.only is None or group.id in choice.only:
            wait = group.figures["wait"].interval.mean if "wait" in group.figures else 0.0
            waits[group.id] = max(waits.get(group.id, 0.0), wait)
    ids = [*waits]
    if by not in OF_AREAS or not 0 < choice.most < len(ids):
        return ids, 0
    ids.sort(key=lambda id_: -waits[id_])
    return ids[: choice.most], len(ids) - choice.most


def _note(by: By, n_left_out: int, choice: GroupChoice, text: Text) -> str:
    note = text(f"by.note.{by}")
    if not n_left_out:
        return note
    return text(choice.left_out, note=note, most=choice.most, left_out=n_left_out)


def _within(comparison: Comparison, by: By, n: int, text: Text, choice: GroupChoice) -> TableBlock:
    """The measures of each group of one layout."""
    study = comparison.study
    layout, plan = study.layouts[n], study.plans[n]
    all_groups = by_group(plan, study.of(layout), by, comparison.level)
    ids, n_left_out = _picked([all_groups], by, choice)
    of_id = {group.id: group for group in all_groups}
    groups = [of_id[id_] for id_ in ids]
    keys = (*BY_GROUP, *OF_WINDOWS)
    measures = [key for key in keys if any(key in group.figures for group in groups)]
    columns = [_column([group.figures.get(key) for group in groups], text) for key in measures]
    names = [group_label(study.scenario, layout, by, group.id, text) for group in groups]
    called = [text.number(group.called, 1) for group in groups]
    return TableBlock(
        _title(by, text, layout_name(study.scenario, layout, text)),
        (
            text(f"by.{by}"),
            text("by.called"),
            *(_measure_head(key, study.scenario, text) for key in measures),
        ),
        tuple(zip(names, called, *columns, strict=True)),
        _note(by, n_left_out, choice, text),
    )


def _across(
    comparison: Comparison, by: By, measure: str, text: Text, choice: GroupChoice
) -> TableBlock:
    """One measure of each group, layout beside layout, with the paired differences."""
    study, level = comparison.study, comparison.level
    each = bonferroni(level, max(len(comparison.pairs), 1))
    columns: list[tuple[str, dict[str, Group]]] = []
    for layout, plan in zip(study.layouts, study.plans, strict=True):
        groups = by_group(plan, study.of(layout), by, level)
        name = layout_name(study.scenario, layout, text)
        columns.append((name, {group.id: group for group in groups}))
    ids, n_left_out = _picked([[*groups.values()] for _, groups in columns], by, choice)
    if len(study.layouts) == 2:
        before, after = study.layouts
        of_both, targets = (study.of(before), study.of(after)), study.scenario.targets
        changes = group_changes(study.plans[0], *of_both, by, targets, each)
        head = text("cli.head.minus", after=columns[1][0], before=columns[0][0])
        columns.append((head, {group.id: group for group in changes}))
    if not n_left_out:
        order = {id_: n for n, id_ in enumerate(_all_ids(comparison, by))}
        ids.sort(key=order.__getitem__)
    figures = [[_figure(groups, id_, measure) for id_ in ids] for _, groups in columns]
    names = [group_label(study.scenario, study.layouts[0], by, id_, text) for id_ in ids]
    heads = [text(f"by.{by}"), *(name for name, _ in columns)]
    cells = [names, *(_column(column, text) for column in figures)]
    if len(study.layouts) == 2:
        heads.append(text("by.judgement", after=columns[1][0]))
        cells.append([_word(change, text) for change in figures[-1]])
    return TableBlock(
        _title(by, text, _measure_head(measure, study.scenario, text)),
        tuple(heads),
        tuple(zip(*cells, strict=True)),
        _note(by, n_left_out, choice, text),
    )


def _word(change: Estimate | None, text: Text) -> str:
    """What the difference of a group allows to say."""
    if change is None:
        return text("format.missing")
    return judgement_name(judge(change), text)


def _all_ids(comparison: Comparison, by: By) -> list[str]:
    plans = comparison.study.plans
    return list(dict.fromkeys(id_ for plan in plans for id_ in group_ids(plan, by)))


def _figure(groups: dict[str, Group], id_: str, measure: str) -> Estimate | None:
    return groups[id_].figures.get(measure) if id_ in groups else None


def _column(estimates: Sequence[Estimate | None], text: Text) -> list[str]:
    digits = min(digits_of([estimate for estimate in estimates if estimate is not None]), 2)
    return [
        text("format.missing") if estimate is None else number_of(estimate, text, digits)
        for estimate in estimates
    ]


def _measure_head(measure: str, scenario: Scenario, text: Text) -> str:
    unit = text(f"unit.{unit_key(_MEASURE[measure].unit)}")
    return text("by.measure", measure=measure_name(measure, scenario, text), unit=unit)


def _title(by: By, text: Text, of: str) -> str:
    return text("by.title", by=text(f"by.{by}"), of=of)


def group_label(scenario: Scenario, layout: str, by: By, id_: str, text: Text) -> str:
    """What people call a group; ids of half hours and days are their names."""
    match by:
        case "class":
            classes = scenario.applicants.classes
            names = (text.name(class_.name) for class_ in classes if class_.id == id_)
            return next(names, text("by.everybody"))
        case "matter":
            return matter_name(scenario, id_, text)
        case "list":
            return list_name(scenario, layout, id_, text)
        case "group":
            return group_name(scenario, layout, id_, text)
        case "county":
            return county_names(scenario, text).get(id_, id_)
        case _:
            return id_


def default_groupings(comparison: Comparison) -> tuple[By, ...]:
    """What is told without being asked: classes and counties, where there are several of them."""
    scenario = comparison.study.scenario
    classes = len(scenario.applicants.classes) > 1
    counties = len({town.county for town in scenario.applicants.townships}) > 1
    by_county = counties and scenario.places is not None
    return (*(("class",) if classes else ()), *(("county",) if by_county else ()))


def account_cautions(comparison: Comparison, text: Text) -> tuple[str, ...]:
    """Whom the means leave out, and what those still waiting do to the wait.

    Layouts that leave out the same, as far as it is written, share a sentence.
    """
    study, comma = comparison.study, text("format.list")
    layouts_of: dict[str, list[str]] = {}
    still_waiting = []
    for layout in study.layouts:
        name = text("format.quoted", name=layout_name(study.scenario, layout, text))
        accounts = all_accounts(study.of(layout), comparison.level)
        parts = [
            text(
                "account.part",
                outcome=outcome_name(account.name, standing.outcome, text),
                share=_least(standing.share.mean, text),
            )
            for account in accounts
            if account.name != "visits"  # who is inside at the end stands among the people
            for standing in account.left_out
        ]
        if parts:
            layouts_of.setdefault(comma.join(parts), []).append(name)
        people = next(account for account in accounts if account.name == "people")
        waiting = people.number_of("waiting")
        if waiting:
            still_waiting.append(_still_waiting(comparison, layout, name, waiting, text))
    left_out = (
        text("account.left_out", layouts=comma.join(names), parts=parts)
        for parts, names in layouts_of.items()
    )
    return (*left_out, *still_waiting)


def _still_waiting(comparison: Comparison, layout: str, name: str, waiting: int, text: Text) -> str:
    estimates = _estimates_of(comparison, layout)
    measures = {estimate.measure: estimate.interval.mean for estimate in estimates}
    called, everybody = measures.get("wait", math.nan), measures.get("wait_of_all", math.nan)
    return text(
        "account.still_waiting",
        layout=name,
        tickets=text.number(waiting, 0),
        replications=comparison.study.replications,
        called=text.with_unit(text.number(called, 1), "min"),
        all=text.with_unit(text.number(everybody, 1), "min"),
    )


def _estimates_of(comparison: Comparison, layout: str) -> tuple[Estimate, ...]:
    return comparison.layouts[comparison.study.layouts.index(layout)]


def left_out_of_points(points: Iterable[Sequence[Estimate]], text: Text) -> str | None:
    """What to know of many results at once: in how many the means leave somebody out."""
    shares = [
        estimate.interval.mean
        for estimates in points
        for estimate in estimates
        if estimate.measure == "left_out_share" and estimate.interval.mean > 0
    ]
    if not shares:
        return None
    return text("account.left_out_of_points", points=len(shares), share=_least(max(shares), text))


SMALLEST: Final = 0.001
"""Shares below are told as smaller than this, never as nothing."""


def _least(share: float, text: Text) -> str:
    if share < SMALLEST:
        return text("account.less_than", share=text.share(SMALLEST, 1))
    return text.share(share, 1)
