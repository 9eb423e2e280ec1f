"""Compiled matters and items: window work, corrections, issue of results, choices, visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from sim.arrays import Floats, Ints
from sim.plan.columns import floats, integers, offsets_of
from sim.plan.demand import IssuePlan, ItemPlan, MatterPlan, WorkPlan
from sim.plan.laws import LawRows
from sim.plan.parts import Part, PlanParts
from sim.plan.service_laws import laws_of_groups
from sim.plan.streams import words
from sim.scenario.distributions import NO_SPAN, NO_TIME
from sim.scenario.matters import Item, Matter, Service
from sim.scenario.scenario import Scenario


def compile_matters(scenario: Scenario, parts: PlanParts, laws: LawRows) -> MatterPlan:
    """What the windows do for each matter, and how its result reaches the applicant."""
    usual, groups = scenario.corrections.share, laws_of_groups(scenario)
    shares = [matter.correction_share for matter in parts.matters]
    return MatterPlan(
        work=_compile_work([matter.service for matter in parts.matters], laws),
        law_offsets=offsets_of([len(of_matter) for of_matter in groups]),
        group_law=integers(laws.add(law) for of_matter in groups for law in of_matter),
        correction_share=floats(usual if share is None else share for share in shares)
        * _trained(scenario),
        issue=_compile_issue(parts, laws),
        item_offsets=parts.offsets,
        also_shares=np.cumsum(
            [[matter.also.get(name, 0.0) for name in parts.ids] for matter in parts.matters], axis=1
        ).reshape(len(parts.ids), len(parts.ids)),
        wrap_up_law=integers(laws.add(matter.wrap_up) for matter in parts.matters),
        between_law=integers(laws.add(matter.between) for matter in parts.matters),
    )


def _compile_issue(parts: PlanParts, laws: LawRows) -> IssuePlan:
    """How results reach their applicants."""
    ids, issues = parts.ids, [matter.issue for matter in parts.matters]
    mailing = [issue.mailing or NO_SPAN for issue in issues]
    shares = [[issue.post, issue.post + issue.collection] for issue in issues]
    return IssuePlan(
        shares=np.array(shares).reshape(-1, 2),
        mailing_ticks=_bounds(mailing, "ticks"),
        mailing_workdays=_bounds(mailing, "workdays"),
        collects_law=integers(laws.add(issue.collects_after) for issue in issues),
        service_law=integers(laws.add(issue.service) for issue in issues),
        sought=integers(ids.index(matter.issue.at or matter.id) for matter in parts.matters),
    )


def compile_items(scenario: Scenario, parts: PlanParts, laws: LawRows) -> ItemPlan:
    """What applicants need of each matter, how it is applied for, and what may become of it."""
    every = parts.every
    marks = [
        _mark(matter, part)
        for matter, of_matter in zip(parts.matters, parts.of_matter, strict=True)
        for part in of_matter
    ]
    choices = sorted({mark for mark in marks if mark is not None})
    external = [NO_SPAN if part.is_visit else part.item.external or NO_SPAN for part in every]
    own_work = [None if part.visit is None else own_service(scenario, part.item) for part in every]
    corrections = [0.0 if part.is_visit else part.item.correction_share for part in every]
    return ItemPlan(
        words=words([part.id for part in every], "item"),
        review_law=integers(
            laws.add(NO_TIME if part.is_visit else part.item.review) for part in every
        ),
        share=floats(1.0 if part.is_visit else part.item.share for part in every),
        share_from=_shares_before(marks, [part.item.share for part in every]),
        own_work=_compile_work(own_work, laws),
        works_as_sought=np.array(
            [part.visit is not None and part.item.own_service is None for part in every],
            dtype=np.bool_,
        ),
        visit=_visits(parts),
        visit_order=integers(part.order for part in every),
        sought=_sought(scenario, parts),
        attendances=integers(len(part.surveyors) for part in every),
        choice=integers(-1 if mark is None else choices.index(mark) for mark in marks),
        choice_words=words(choices, "choice"),
        correction_share=floats(corrections) * _trained(scenario),
        rejection_share=floats(
            0.0 if part.is_visit else part.item.rejection_share for part in every
        ),
        external_ticks=_bounds(external, "ticks"),
        external_workdays=_bounds(external, "workdays"),
    )


def _compile_work(services: Sequence[Service | None], laws: LawRows) -> WorkPlan:
    """Window work of matters or items; none of what has no service."""
    return WorkPlan(
        base_law=integers(laws.add(service and service.base) for service in services),
        fixed=floats(_fixed_work(service) if service else 0.0 for service in services),
        individual_law=integers(laws.add(service and service.individual) for service in services),
    )


def _fixed_work(service: Service) -> float:
    """Ticks at the window for papers and fields."""
    to_fill = service.fields * (1.0 - service.prefilled_share)
    return service.materials * service.per_material + to_fill * service.per_field


def _trained(scenario: Scenario) -> float:
    """Factor of the staff's training on shares of incomplete papers."""
    training = scenario.hall.training
    return training.correction_factor if training else 1.0


def own_service(scenario: Scenario, item: Item) -> Service | None:
    """Window work of an item applied for alone; none where its department has no `own_matter`.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("sanmenxia.yaml"))
    >>> birth = next(matter for matter in scenario.matters if matter.id == "birth")
    >>> [own_service(scenario, item).materials for item in birth.items]
    [4, 3, 3, 3, 3, 3, 3]
    """
    department = next(office for office in scenario.departments if office.id == item.department)
    if department.own_matter is None:
        return None
    if item.own_service is not None:
        return item.own_service
    own = next(m.service for m in scenario.matters if m.id == department.own_matter)
    return own if item.materials is None else own.model_copy(update={"materials": item.materials})


def _sought(scenario: Scenario, parts: PlanParts) -> Ints:
    """int64, shape (I,): matter at whose windows a part is applied for on its own; -1 = none."""
    number = {name: n for n, name in enumerate(parts.ids)}
    counters = {department.id: department.own_matter for department in scenario.departments}
    sought: list[int] = []
    for matter, of_matter in zip(parts.matters, parts.of_matter, strict=True):
        for part in of_matter:
            name = counters[part.item.department]
            alone = matter.handling == "separate" and name is not None
            sought.append(number[name] if alone and name is not None else -1)
    return integers(sought)


def _visits(parts: PlanParts) -> Ints:
    """int64, shape (I,): the plan's number of each part's visit; -1 = none."""
    visits: list[int] = []
    for first, of_matter in zip(parts.offsets.tolist(), parts.of_matter, strict=False):
        number = {part.id: first + n for n, part in enumerate(of_matter)}
        visits += [number.get(part.visit or "", -1) for part in of_matter]
    return integers(visits)


def _mark(matter: Matter, part: Part) -> str | None:
    """Name of the choice an item belongs to."""
    mark = None if part.is_visit else part.item.one_of
    return None if mark is None else f"{matter.id}.{mark}"


def _shares_before(marks: Sequence[str | None], shares: Sequence[float]) -> Floats:
    """float64, shape (I,): shares of the items before each that it excludes."""
    taken: dict[str, float] = {}
    before = np.zeros(len(marks))
    for n, (mark, share) in enumerate(zip(marks, shares, strict=True)):
        if mark is not None:
            before[n] = taken.get(mark, 0.0)
            taken[mark] = before[n] + share
    return before


def _bounds(laws: Sequence[Any], unit: Literal["ticks", "workdays"]) -> Ints:
    """int64, shape (laws, 2): lowest and highest span of each, the part in one unit."""
    spans = [(law.value,) * 2 if law.law == "constant" else (law.low, law.high) for law in laws]
    return np.array([[getattr(s, unit) for s in row] for row in spans], np.int64).reshape(-1, 2)
