"""Who works when: from the clerks that promises take to shifts and people, proven by simulation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval
from sim.clock import HOUR, WEEKDAYS, parse_days
from sim.errors import OptionError, Problem
from sim.plan.posted import PostedDuty
from sim.plan.roster_days import roster_days, workdays_by_week
from sim.plan.rosters import HALF_HOUR, Post, clerks_today, posts_of, rosters_of
from sim.plan.shift_forms import half_hours_of, spans_of
from sim.plan.staff import StaffMember
from sim.questions.question import one_layout
from sim.questions.roster import CheckedPromise, Cover, Crew, DutyRoster, NeedsFrom
from sim.questions.roster_people import duties_of, people_of, reserves_of, shifts_of
from sim.questions.roster_short import uncovered_of
from sim.questions.size import EXPECTED, Need, searched, size
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.posted_roster import breaches_of, people_posted, planned_as_posted
from sim.runs.roster_check import RosterCheck, WeekdayClerks, check_roster, weekday_clerks
from sim.runs.roster_crew import HiredCrew, plan_crews
from sim.runs.roster_task import PlannedRoster, RosterTask
from sim.runs.rostering import plan_roster
from sim.runs.run import Progress, ResolvedRun, Run
from sim.runs.sizing import SearchStoppedError
from sim.scenario.dated_hours import DatedHours
from sim.scenario.day_kinds import day_kinds
from sim.scenario.edit import with_roster, without_absence
from sim.scenario.hall import Layout
from sim.scenario.hours import hall_calendar
from sim.scenario.rostering import Rostering
from sim.scenario.scenario import Scenario

MAX_WEEKS: Final = 12
ROUNDS: Final = 3
"""Times that needs are raised where the roster breaks a promise."""
FRESH_AFTER: Final = 5
"""Times the replications of a run: more than sizing may have seen, in its search and its proof."""


def roster(
    scenario: Scenario,
    layout: str = "",
    staff: Sequence[StaffMember] = (),
    *,
    weeks: int = 4,
    first_day: date | None = None,
    needs: Sequence[Need] = (),
    posted: Sequence[PostedDuty] = (),
    run: Run = Run(),
    level: float = 0.95,
) -> DutyRoster:
    """Who works when, so that there are the clerks that the promises take.

    Shifts and people are found by integer programmes, week by week. The roster is then simulated as
    it stands, on crowds that nothing before has seen. Where it breaks a promise, one clerk more is
    needed there, and all is planned again.

    Parameters
    ----------
    layout
        Id; empty = the first one.
    staff
        People, as `read_staff` gives them; empty = as few as it takes.
    weeks
        1 to 12.
    first_day
        None = the Monday of the week in which the run of the scenario begins.
    needs
        Clerks that are needed, as `size` gives them; empty = they are sized for the promises, or
        those of the rosters as they are where the scenario promises nothing.
    posted
        Duties that somebody wrote down: they are simulated as they stand, and nothing is planned;
        empty = who works when is planned.
    level
        Coverage of the intervals.

    Raises
    ------
    OptionError
        `outside_range` for a number of weeks; `roster_without_needs` where nobody is needed on any
        date; `roster_needs_differ` for needs of half hours that the layout does not have;
        `posted_person`, `posted_date`, `posted_shut` for duties of nobody, or on a date that the
        roster has not, or on which the hall is shut; `not_on_cluster`.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> changes = ["run.measured_days=1", "run.warmup_days=0"]
    >>> changes += ["calendars.always.weekly={mon-sun: [08:00-10:00]}"]
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), changes)
    >>> answer = roster(hall, weeks=1, run=Run(replications=2, workers=1))
    >>> answer.crews[0].people, answer.hours, answer.lower_bound_hours
    (7, 70.0, 70.0)
    """
    if not 1 <= weeks <= MAX_WEEKS:
        allowed = f"1-{MAX_WEEKS}"
        raise OptionError(Problem("outside_range", "weeks", found=str(weeks), allowed=allowed))
    if DatedHours(hall_calendar(scenario)).is_dated:
        path = f"calendars[{scenario.hall.hours}]"
        raise OptionError(Problem("roster_dated_hours", path, found=scenario.hall.hours))
    how = run.resolved(scenario)
    name = layout or scenario.layouts[0].id
    begins = first_day or _monday(scenario.run.start)
    needs_from: NeedsFrom = "promises" if needs or scenario.targets.promises else "today"
    if not needs and scenario.targets.promises:
        quiet = replace(run, progress=_first_part(how))
        sized = size(without_absence(scenario), (name,), run=quiet).layouts
        needs = [need for each in sized for need in each.needs]
    if posted and not staff:
        everywhere = [group.id for group in scenario.layout(name).windows]
        contract = (scenario.rostering or Rostering()).staff.contract / HOUR
        staff = people_posted(posted, everywhere, contract)
    task = _task(scenario, name, tuple(staff), weeks, begins, needs)
    open_days = [d for week in range(weeks) for d in task.open_days(week)]
    if not any(task.needed[task.kind_of(d)].any() for d in open_days):
        raise OptionError(Problem("roster_without_needs", "first_day", found=begins.isoformat()))
    # for who does not come others stand by: the reserves of `rostering.staff.absence`
    everybody = without_absence(searched(scenario))
    proof = _proven(everybody, name, task, posted, how, level)
    return _answer(scenario, name, begins, needs_from, proof, how, level)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first_part(how: ResolvedRun) -> Progress:
    """Progress of sizing, as that of the whole question."""
    return lambda done, _: how.report(done, EXPECTED + ROUNDS)


# === what is needed === #


def _task(
    scenario: Scenario,
    name: str,
    staff: tuple[StaffMember, ...],
    weeks: int,
    begins: date,
    needs: Sequence[Need],
) -> RosterTask:
    layout, kinds = scenario.layout(name), day_kinds(scenario)
    posts = posts_of(scenario, layout, kinds, reserve_too=True)
    today = clerks_today(scenario, layout, posts, kinds)
    clerks = dict(zip(posts, today.tolist(), strict=True))
    strangers = [need for need in needs if Post(*need[:4]) not in clerks]
    if strangers:
        of_others = (f"{need.group} {need.days}" for need in strangers)
        posts_words = ", ".join(dict.fromkeys(of_others))
        raise OptionError(Problem("roster_needs_differ", "needs", found=posts_words))
    clerks |= {Post(*need[:4]): need.clerks for need in needs}
    groups = tuple(dict.fromkeys(post.group for post in clerks))
    needed = []
    rules = scenario.rostering or Rostering()
    for kind in kinds:
        spans = spans_of(rules, kind)
        of_kind = np.zeros((len(spans), len(groups)), dtype=np.int64)
        for post, number in clerks.items():
            if post.days == kind.key:
                within = [post.starts <= span.start < post.ends for span in spans]
                of_kind[within, groups.index(post.group)] = number
        needed.append(of_kind)
    built = {group.id: group.count for group in layout.windows}
    return RosterTask(
        rules,
        kinds,
        groups,
        tuple(built[group] for group in groups),
        tuple(needed),
        roster_days(scenario, kinds, begins, weeks),
        workdays_by_week(scenario, begins, weeks),
        staff,
        bool(staff),
    )


def needs_of(roster: DutyRoster) -> tuple[Need, ...]:
    """The clerks that a roster was made for, to hold another one of the same scenario to."""
    half_hours = {kind.key: half_hours_of(kind) for kind in day_kinds(roster.scenario)}
    needs: dict[tuple[str, str, int], Need] = {}
    for row in roster.cover:
        spans = half_hours[row.days]
        span = next(span for span in spans if span.start <= row.starts < span.end)
        need = Need(row.group, row.days, *span, row.need, 0, 0, math.nan, -1, math.nan)
        needs.setdefault(need[:3], need)
    return tuple(needs.values())


# === planned, simulated, repaired === #


class _Proof(NamedTuple):
    """A roster with its people, and what crowds say to it."""

    task: RosterTask
    planned: PlannedRoster
    crews: tuple[HiredCrew, ...]
    clerks: WeekdayClerks
    check: RosterCheck | None
    """None = stopped before."""
    rounds: int


def _proven(
    scenario: Scenario,
    name: str,
    task: RosterTask,
    posted: Sequence[PostedDuty],
    how: ResolvedRun,
    level: float,
) -> _Proof:
    layout, n = scenario.layout(name), how.replications
    with KeptCrowds(how.seed, how.engine, how.cores()) as crowds:
        for attempt in range(ROUNDS + 1):
            crews: tuple[HiredCrew, ...] = ()
            if posted:
                staffed, planned = task, planned_as_posted(task, posted)
            elif task.named:
                staffed, planned = task, plan_roster(task)
            else:
                staffed, planned, crews = plan_crews(task)
            clerks = weekday_clerks(staffed, planned)
            fresh = range((FRESH_AFTER + attempt) * n, (FRESH_AFTER + attempt + 1) * n)

            def pause() -> None:
                if how.cancelled():
                    raise SearchStoppedError

            try:
                check = check_roster(scenario, name, clerks, crowds, fresh, level, pause)
            except SearchStoppedError:
                return _Proof(staffed, planned, crews, clerks, None, attempt)
            how.report(EXPECTED + attempt, EXPECTED + ROUNDS)
            raised = None if posted else _raised(task, layout, clerks, check)
            if raised is None or attempt == ROUNDS:
                break
            task = raised
        how.report(EXPECTED + ROUNDS, EXPECTED + ROUNDS)
        return _Proof(staffed, planned, crews, clerks, check, attempt)


def _raised(
    task: RosterTask, layout: Layout, clerks: WeekdayClerks, check: RosterCheck
) -> RosterTask | None:
    """One clerk more where a promise is broken in spite of as many as needed; None = nowhere.

    A promise for a day or for the run is mended in the half hour that is worst of it. Where people
    are missing on a kind of day, its queues say nothing of the needs.
    """
    lists = {group.id: group.list_id for group in layout.windows}
    short = {
        (lists[post.group], kind)
        for post, kind, need, fewest in zip(
            clerks.posts, clerks.kinds, clerks.need, clerks.fewest, strict=True
        )
        if fewest < need
    }
    needed = [of_kind.copy() for of_kind in task.needed]
    changed = False
    for cell, is_kept in zip(check.cells, check.is_kept, strict=True):
        if is_kept or cell.what not in ("list", "all", "class", "matter", "group"):
            continue
        shares = {
            (name, days, slot): planned.mean
            for (name, days, slot), (_, planned) in check.shares.items()
            if cell.days in ("", days)
            and (name, days) not in short
            and cell.slot in (-1, slot)
            and (cell.what != "list" or name == cell.id)
            and (cell.what != "group" or name == lists.get(cell.id))
            and not math.isnan(planned.mean)
        }
        if not shares:
            continue
        name, days, slot = min(shares, key=lambda place: (shares[place], place))
        kind = [each.key for each in task.kinds].index(days)
        spans = task.spans(kind)
        for t, span in enumerate(spans):
            if span.start // HALF_HOUR != slot:
                continue
            places = [
                g
                for g, group in enumerate(task.groups)
                if lists[group] == name and task.needed[kind][t, g] > 0
            ]
            if places and needed[kind][t, places[0]] == task.needed[kind][t, places[0]]:
                needed[kind][t, places[0]] += 1
                changed = True
    return task._replace(needed=tuple(needed)) if changed else None


# === the answer === #


def _answer(
    scenario: Scenario,
    name: str,
    begins: date,
    needs_from: NeedsFrom,
    proof: _Proof,
    how: ResolvedRun,
    level: float,
) -> DutyRoster:
    task, planned, check = proof.task, proof.planned, proof.check
    people = people_of(task, planned)
    wage = scenario.money.clerk_yuan_per_hour if scenario.money else math.nan
    bound = min(sum(week.bound for week in planned.weeks), planned.hours)
    weekends = [person.weekend_days for person in people]
    contract = task.rules.staff.contract / HOUR
    return DutyRoster(
        scenario=scenario,
        layout=name,
        first_day=begins.isoformat(),
        weeks=len(task.workdays),
        named=task.named,
        needs_from=needs_from,
        days=task.days,
        people=people,
        duties=duties_of(task, planned),
        shifts=shifts_of(planned),
        cover=_cover(scenario.layout(name), proof, level),
        uncovered=uncovered_of(task, planned),
        reserves=reserves_of(task, planned) if task.named else (),
        crews=tuple(
            Crew((crew.group,), crew.people, crew.at_least, crew.with_absence, contract)
            for crew in proof.crews
        ),
        promises=() if check is None else _checked(check),
        hours=planned.hours,
        needed_hours=_needed_hours(task),
        cost=planned.hours * wage,
        lower_bound_hours=bound,
        gap=0.0 if math.isclose(bound, planned.hours) else 1 - bound / planned.hours,
        spread_weekend_days=max(weekends, default=0) - min(weekends, default=0),
        rounds=proof.rounds,
        replications=0 if check is None else how.replications,
        asked=how.replications,
        seed=how.seed,
        level=level,
        posted=planned.is_posted,
        breaches=breaches_of(task, planned) if planned.is_posted else (),
    )


def _checked(check: RosterCheck) -> tuple[CheckedPromise, ...]:
    return tuple(
        CheckedPromise(*cell, float(promised), interval)
        for cell, promised, interval in zip(check.cells, check.levels, check.planned, strict=True)
    )


def _cover(layout: Layout, proof: _Proof, level: float) -> tuple[Cover, ...]:
    clerks, nobody = proof.clerks, Interval(math.nan, math.nan, math.nan, 0, level)
    lists = {group.id: group.list_id for group in layout.windows}
    shares = proof.check.shares if proof.check else {}
    rows = []
    for n, (post, kind) in enumerate(zip(clerks.posts, clerks.kinds, strict=True)):
        needed, planned = shares.get((lists[post.group], kind, post.slot), (nobody, nobody))
        numbers = (int(clerks.need[n]), int(clerks.fewest[n]), int(clerks.most[n]))
        if any(numbers):
            weekday = WEEKDAYS.index(post.days)
            span = (post.group, post.starts, post.ends)
            rows.append(Cover(weekday, kind, *span, *numbers, needed, planned))
    return tuple(rows)


def _needed_hours(task: RosterTask) -> float:
    lengths = [
        np.array([(span.end - span.start) / HOUR for span in task.spans(kind)])
        for kind in range(len(task.kinds))
    ]
    of_kind = [float(lengths[kind] @ task.needed[kind].sum(axis=1)) for kind in range(len(lengths))]
    return sum(of_kind[task.kind_of(d)] for d, day in enumerate(task.days) if day.is_open)


def rostered_scenario(answer: DutyRoster) -> Scenario:
    """The scenario with the clerks of a roster, to run it or write it to a file.

    A scenario has weeks that are alike, so each half hour of a weekday has the fewest of its dates.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> changes = ["run.measured_days=1", "calendars.always.weekly={mon-sun: [08:00-10:00]}"]
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), changes)
    >>> answer = roster(hall, weeks=1, run=Run(replications=2, workers=1))
    >>> rostered_scenario(answer).layout("hall").windows[0].clerks
    {'mon-sun 08:00-10:00': 5}
    """
    by_group: dict[tuple[str, str], dict[int, list[tuple[int, int, int]]]] = {}
    for row in answer.cover:
        of_kind = by_group.setdefault((row.group, row.days), {})
        of_kind.setdefault(row.weekday, []).append((row.starts, row.ends, row.planned))
    posts: list[Post] = []
    clerks: list[int] = []
    for (group, days), by_weekday in by_group.items():
        weeks = {WEEKDAYS[day]: spans for day, spans in by_weekday.items()}
        if len(weeks) == len(parse_days(days)) and len({*map(tuple, weeks.values())}) == 1:
            weeks = {days: next(iter(weeks.values()))}  # one key says what all of its days have
        for key, spans in weeks.items():
            posts += [Post(group, key, starts, ends) for starts, ends, _ in spans]
            clerks += [planned for *_, planned in spans]
    rosters = rosters_of(posts, np.array(clerks, dtype=np.int64))
    return with_roster(answer.scenario, answer.layout, rosters)


@dataclass(frozen=True)
class RosterQuestion:
    """Who works when?

    Attributes
    ----------
    layout : str or None
        Id; None = the first one.
    staff : tuple of StaffMember
        Empty = as few people as it takes.
    weeks : int
    first_day : str
        As `2025-03-03`; empty = the Monday of the week in which the run of the scenario begins.
    needs : tuple of Need
        Clerks that are needed, of an earlier answer; empty = they are sized, or as today.
    posted : tuple of PostedDuty
        A roster that somebody wrote down, to be simulated as it stands; empty = one is made.
    level : float
        Coverage of the intervals.
    """

    layout: str | None = None
    staff: tuple[StaffMember, ...] = ()
    weeks: int = 4
    first_day: str = ""
    needs: tuple[Need, ...] = ()
    posted: tuple[PostedDuty, ...] = ()
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout, as every question has them."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """Staffs that are tried, where they are sized, and rosters; it is an estimate."""
        sizes = bool(scenario.targets.promises) and not self.needs
        return (EXPECTED if sizes else 0) + ROUNDS

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> DutyRoster:
        """Who works when."""
        return roster(
            scenario,
            self.layout or "",
            self.staff,
            weeks=self.weeks,
            first_day=date.fromisoformat(self.first_day) if self.first_day else None,
            needs=self.needs,
            posted=self.posted,
            run=run,
            level=self.level,
        )
