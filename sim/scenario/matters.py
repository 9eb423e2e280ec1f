"""What applicants want done: departments, items, matters, and the work each costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.clock import Span
from sim.scenario.base import (
    Bilingual,
    Block,
    Duration,
    DurationOrWorkdays,
    FewIds,
    Id,
    ReviewerRoster,
    Share,
)
from sim.scenario.companions import Companions
from sim.scenario.distributions import (
    A_DAY,
    NO_CHANGE,
    NO_TIME,
    DurationLaw,
    FactorLaw,
    SpanLaw,
)

Count = Annotated[int, Field(ge=0, le=100_000)]

Handling = Literal["bundled", "separate"]


class Department(Block):
    """An authority with reviewers in the back office."""

    id: Id
    name: Bilingual
    reviewers: ReviewerRoster
    """People who review at the same time; by hours, nobody is there in hours that it leaves out."""
    hours: Id
    """Calendar in which reviews happen."""
    queue: Literal["due_date", "first_in"] = "due_date"
    """Which review is taken next."""
    at_close: Literal["pause", "finish"] = "pause"
    """A review in hand when its reviewer's hours end pauses until the next ones, or is finished."""
    own_matter: Id | None = None
    """Matter at whose windows the department's items are applied for one by one (分头办理)."""

    @property
    def most_reviewers(self) -> int:
        """The most who review at the same time."""
        return max(self.reviewers.values())


class Survey(Block):
    """Joint survey (联合踏勘): several departments look at the place together, once."""

    joined_by: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]
    """Departments that send a reviewer beside the item's own."""
    ahead: DurationOrWorkdays = Span(0)
    """From when the item can begin to the appointment, at the earliest."""


class Item(Block):
    """One department's part of a matter."""

    id: Id
    name: Bilingual
    department: Id
    """The department that owns the item."""
    review: DurationLaw = NO_TIME
    """Touch time: minutes a reviewer really works on it."""
    survey: Survey | None = None
    """The first review is a joint survey: its touch time is the time on the spot."""
    external: SpanLaw | None = None
    """Span that the law or outsiders take after the review and that uses no reviewer."""
    after: FewIds = ()
    """Items of the same matter that must be finished first."""
    share: Share = 1.0
    """Share of applicants who need the item."""
    one_of: Id | None = None
    """Items with the same mark exclude each other; their shares add to 1 at most."""
    correction_share: Share = 0.0
    """Probability that a review asks the applicant to mend papers, each time."""
    rejection_share: Share = 0.0
    """Probability that the final review rejects the item."""
    promised: DurationOrWorkdays | None = None
    """The item's own limit when it is applied for alone."""
    materials: Count | None = None
    """Papers handed in when it is applied for alone; default: those of the department's
    `own_matter`."""
    own_service: Service | None = None
    """Work at the window when it is applied for alone, its papers included; default: that of the
    department's `own_matter`."""


class Service(Block):
    """Work at the window for one intake: base + papers + form fields, times a personal factor."""

    base: DurationLaw
    """Everything that depends on neither papers nor fields."""
    materials: Count = 0
    """Papers handed in."""
    per_material: Duration = 0
    """Time to check one paper."""
    fields: Count = 0
    """Form fields in all."""
    per_field: Duration = 0
    """Time to fill in one field that is not pre-filled."""
    prefilled_share: Share = 0.0
    """Share of fields filled from shared data (免填写)."""
    individual: FactorLaw = NO_CHANGE
    """The person's own factor on the whole; mean 1 keeps the mean."""


class Issue(Block):
    """How results reach applicants (出件); who is left by the shares gets them electronically."""

    post: Share = 0.0
    """Share that is sent by post."""
    mailing: SpanLaw | None = None
    """Days in the post; none = it is there at once."""
    collection: Share = 0.0
    """Share that is collected in person: a further trip."""
    collects_after: DurationLaw = A_DAY
    """Delay of the applicant before the trip to collect it."""
    service: DurationLaw = NO_TIME
    """Window time to hand it over."""
    at: Id | None = None
    """Matter at whose windows it is handed over; default: its own."""

    @model_validator(mode="after")
    def _shares(self) -> Issue:
        if self.post + self.collection > 1 + 1e-9:  # rounding of decimal shares
            share_sum = f"post + collection = {self.post + self.collection:g}"
            raise PydanticCustomError(
                "shares_sum", "{found}", {"found": share_sum, "allowed": "≤ 1"}
            )
        return self


BeforeAfter = Annotated[tuple[Count, ...], Field(min_length=2, max_length=2)]
"""Two counts: before the reform, and after it."""


class Published(Block):
    """Before and after the reform, as published: shown beside the model's figures, never used."""

    steps: BeforeAfter | None = None
    """Steps that the applicant had to take, and has to take now."""
    materials: BeforeAfter | None = None
    """Papers handed in."""
    days: BeforeAfter | None = None
    """Limit in working days."""
    trips: BeforeAfter | None = None
    """Visits to a hall; 0 = done online."""


class Matter(Block):
    """What an applicant wants done: one item, or a bundle of linked items."""

    id: Id
    name: Bilingual
    groups: FewIds = ()
    """Names under which windows may accept it together with others."""
    applicant: Literal["company", "person"] = "person"
    lead: Id | None = None
    """Department that answers for the whole; none = nobody but the window."""
    promised: DurationOrWorkdays | None = None
    """Limit promised to the applicant, from acceptance to issue."""
    statutory: DurationOrWorkdays | None = None
    """Limit that the law allows for the whole, by the same clock as the promise (法定时限)."""
    service: Service
    """Work at the window when it is handed in."""
    wrap_up: DurationLaw = NO_TIME
    """Work of the clerk on each complete application after the applicant has left the window."""
    items: Annotated[tuple[Item, ...], Field(max_length=60)] = ()
    """Its network of items; none = finished at the window (即办件)."""
    issue: Issue = Issue()
    on_rejection: Literal["stop", "continue"] = "stop"
    """A rejected item keeps the rest from starting, or only what comes after it."""
    handling: Handling = "bundled"
    """One visit for all its items, or one department after the other, a visit each (分头办理)."""
    between: DurationLaw = NO_TIME
    """Separate handling: the applicant's own delay before going to the next department."""
    correction_share: Share | None = None
    """Probability that papers are incomplete at an intake; default: `corrections.share`."""
    patience: DurationLaw | None = None
    """Wait after which who comes for it gives up a ticket, where their class says nothing."""
    balk_at: Count | None = None
    """Waiting before them at which who comes for it leaves, where their class says nothing."""
    companions: Companions | None = None
    """Share of its applicants with whom so many come along, where their class says nothing."""
    also: Annotated[Mapping[Id, Share], Field(max_length=100)] = Field(default_factory=dict)
    """Second matters (顺带事项): share of its applicants in the hall who have each of these to do
    too, on the same ticket: `{copy: 0.2}`."""
    published: Published | None = None
    """Its steps, papers, days and trips before and after the reform, as published."""

    @model_validator(mode="after")
    def _seconds(self) -> Matter:
        total = sum(self.also.values())
        if total > 1 + 1e-9:  # rounding of decimal shares
            share_sum = {"found": f"also = {total:g}", "allowed": "≤ 1"}
            raise PydanticCustomError("shares_sum", "{found}", share_sum)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """By what windows and places may accept it: its id, its groups, its lead department."""
        return (self.id, *self.groups, *((self.lead,) if self.lead is not None else ()))
