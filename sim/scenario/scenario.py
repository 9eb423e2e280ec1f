"""The root of a scenario: one city hall, its crowd, its layouts, and how long to simulate."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, PrivateAttr

from sim.clock import HOUR, MINUTE
from sim.errors import Problem, ScenarioError
from sim.scenario.base import Bilingual, Block, Duration, FewIds, Share, Workdays
from sim.scenario.changed import Changed
from sim.scenario.demand import Applicants, Calendar, Corrections, Flow, Profile
from sim.scenario.hall import Hall, Layout, Online
from sim.scenario.initial import InitialState
from sim.scenario.matters import Department, Matter
from sim.scenario.packed_rows import BRIEFLY
from sim.scenario.places import Places
from sim.scenario.promises import Promise
from sim.scenario.rostering import Rostering

REPLICATIONS: Final = 10
SEED: Final = 1
"""Of a scenario that says nothing of them."""
Days = Annotated[int, Field(ge=0, le=100_000)]


class RunSettings(Block):
    """How long to simulate; days are days on which the hall opens."""

    start: date
    """First simulated date."""
    warmup_days: Days = 0
    """Hall days before measuring starts, in which the back office fills."""
    measured_days: Annotated[int, Field(ge=1, le=100_000)]
    """Hall days whose arrivals are measured."""
    followup_days: Days = 0
    """Hall days simulated after them, so that measured cases can finish."""
    holidays: Literal["none", "china"] | None = None
    """Whose public holidays working days follow; default: those that a calendar in use keeps."""
    replications: Annotated[int, Field(ge=1, le=100_000)] = REPLICATIONS
    """Independent crowds."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = SEED
    """Names the crowds: same seed, same people."""


class Money(Block):
    """Prices, for cost measures."""

    clerk_yuan_per_hour: Annotated[float, Field(gt=0.0, le=1e6)]
    """One clerk on duty for one hour, all in; whoever has no price for it leaves `money` out."""


class MattersFrom(Block):
    """Practical significance (实际意义): the smallest difference of each kind that matters."""

    wait: Duration = MINUTE
    """Of waits and stays in minutes: mean, percentiles, at the desk."""
    travel: Duration = MINUTE
    """Of ways, and of time at the place, in minutes a case."""
    overtime: Duration = 5 * MINUTE
    """Of overtime and of time after closing, in minutes a day."""
    share: Share = 0.01
    """Of every share, such as called in time or on time; 0.01 is one percentage point."""
    trips: Annotated[float, Field(ge=0.0, le=100.0)] = 0.05
    """Of trips a case."""
    turnaround: Workdays = 0.1
    """Of turnaround, in working days."""
    days: Duration = 2 * HOUR
    """Of time in calendar days, such as from the first trip to the result."""
    amount: Share = 0.01
    """Of cost, clerk hours and visits, as a share of what is compared."""


class Targets(Block):
    """What counts as good, and what as a difference."""

    called_within: Duration = 15 * MINUTE
    """Wait within which a ticket should be called."""
    matters_from: MattersFrom = MattersFrom()
    """Differences below these do not matter, however sure they are."""
    promises: Annotated[tuple[Promise, ...], Field(max_length=100)] = ()
    """What is promised (服务承诺), all of it at once."""
    constant_over_day: FewIds = ()
    """Window groups that `govhall size` gives one number of clerks all day (全天定员); on each kind
    of day its own."""


class PublishedCuts(Block):
    """By how much the reform cut what applicants do, as the city says: shown, never used."""

    steps: Share | None = None
    """Share of the steps that is gone."""
    materials: Share | None = None
    """Share of the papers that is gone."""
    time: Share | None = None
    """Share of the time that is gone."""
    trips: Share | None = None
    """Share of the visits to a hall that is gone."""
    prefilled_share: Share | None = None
    """Share of form fields filled from shared data."""


class Scenario(Block):
    """Everything a run needs; frozen, and identified by its hash."""

    name: Bilingual
    run: RunSettings
    calendars: Annotated[tuple[Calendar, ...], Field(min_length=1, max_length=200)]
    hall: Hall
    departments: Annotated[tuple[Department, ...], Field(max_length=500)] = ()
    matters: Annotated[tuple[Matter, ...], Field(min_length=1, max_length=2_000)]
    profiles: Annotated[tuple[Profile, ...], Field(max_length=200)] = ()
    demand: Annotated[tuple[Flow, ...], Field(min_length=1, max_length=5_000)]
    applicants: Applicants = Applicants()
    corrections: Corrections = Corrections()
    initial: InitialState | None = None
    """What the run begins with: people who wait, cases in hand; none = it begins empty."""
    online: Online | None = None
    layouts: Annotated[tuple[Layout, ...], Field(min_length=1, max_length=50)]
    equal_budget: Literal["clerks", "none"] = "clerks"
    """Layouts must have the same clerk hours a week, or may differ."""
    places: Places | None = None
    """Halls and stations of the whole area, and the ways there; none = the one hall."""
    money: Money | None = None
    targets: Targets = Targets()
    rostering: Rostering | None = None
    """How shifts are made, and by which rules people work them (排班); none = by the defaults."""
    published_cuts: PublishedCuts | None = None
    """What the city says that the reform has cut."""
    _changed: tuple[Changed, ...] = PrivateAttr(default=())
    _hash: str = PrivateAttr(default="")
    """Taken once: pages ask for it again and again."""

    @property
    def changed(self) -> tuple[Changed, ...]:
        """What differs from the file: reported with every result, and no part of the content."""
        return self._changed

    def with_changed(self, changed: Sequence[Changed]) -> Scenario:
        """The same scenario, with what was changed in it since its file was read."""
        copy = self.model_copy()
        copy._changed = tuple(changed)
        return copy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def hash(self) -> str:
        """Identity of the content: equal scenarios have equal hashes on every machine.

        Names, sources and notes are part of it: a changed source is a changed scenario. Of a table
        its rows are, and not how it is called or written.
        """
        if not self._hash:
            data = self.model_dump(mode="json", exclude_defaults=True, context=BRIEFLY)
            text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
            self._hash = hashlib.sha256(text.encode()).hexdigest()[:16]
        return self._hash

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's; the hash of a copy that differs is taken anew."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            copied._hash = ""
        return copied

    def layout(self, layout_id: str) -> Layout:
        """The layout of that id.

        Raises
        ------
        ScenarioError
            `unknown_layout` when the scenario has none of that id.
        """
        ids = [layout.id for layout in self.layouts]
        if layout_id in ids:
            return self.layouts[ids.index(layout_id)]
        nearest = difflib.get_close_matches(layout_id, ids, n=1)
        raise ScenarioError(
            Problem(
                "unknown_layout",
                "layouts",
                found=layout_id,
                allowed=", ".join(ids),
                values=(("nearest", "".join(nearest)),),
            )
        )

    def matters_named(self) -> Mapping[str, tuple[str, ...]]:
        """What a window's `serves` may say: a matter, a group or a lead department -> matters."""
        named: dict[str, list[str]] = {}
        for matter in self.matters:
            for name in matter.names:
                named.setdefault(name, []).append(matter.id)
        return {name: tuple(dict.fromkeys(ids)) for name, ids in named.items()}

    @property
    def is_replayed(self) -> bool:
        """Whether everybody comes by a table, so that all replications have the same arrivals."""
        return all(flow.arrivals_file is not None for flow in self.demand)

    def matters_demanded(self, in_person: bool = False) -> set[str]:
        """Matters that flows, and the people and cases of the run's beginning, bring.

        Parameters
        ----------
        in_person
            Only of people at windows, so not of flows of which everybody applies online.

        Examples
        --------
        >>> from sim import example_path, load_scenario
        >>> load_scenario(example_path("exact/mmc.yaml")).matters_demanded()
        {'errand'}
        """
        flows = [flow for flow in self.demand if flow.online_share < 1 or not in_person]
        begins = self.initial or InitialState()
        initial = {each.matter for each in begins.waiting if each.number > 0}
        if not in_person:
            initial |= {each.matter for each in begins.backlog if each.number > 0}
        return initial | {matter for flow in flows for matter in flow.matters}

    def matters_sought(self, matter: Matter) -> set[str]:
        """Matters at whose windows people with a matter take their tickets.

        Handled department by department these are the departments' own, and the matter itself only
        for applicants who need none of its items; results are collected at `issue.at`, and second
        matters are done besides.

        Examples
        --------
        >>> from sim import example_path, load_scenario
        >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
        >>> scenario.matters_sought(scenario.matters[0])
        {'errand'}
        """
        collects = {matter.issue.at or matter.id} if matter.issue.collection > 0 else set()
        collects |= {name for name, share in matter.also.items() if share > 0}
        if matter.handling == "bundled":
            return {matter.id, *collects}
        own = {department.id: department.own_matter for department in self.departments}
        names = (own.get(item.department) for item in matter.items)
        applied = {name for name in names if name is not None}
        needs_some = any(item.share >= 1 for item in matter.items)
        return {*applied, *collects} if needs_some else {matter.id, *applied, *collects}

    @property
    def intakes_find_faults(self) -> bool:
        """Whether papers are ever incomplete at an intake: in general, or in some matter."""
        return self.corrections.share > 0 or any(matter.correction_share for matter in self.matters)

    def __repr__(self) -> str:
        return (
            f"Scenario({self.name.en!r}: {len(self.layouts)} layouts, {len(self.matters)} matters,"
            f" {len(self.departments)} departments, {len(self.demand)} flows, {self.hash})"
        )

    __str__ = __repr__
