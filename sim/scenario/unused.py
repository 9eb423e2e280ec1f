"""What is defined and plays no part in the run: nothing refers to it, or no day of the run does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sim.clock import DAY, WEEKDAYS, format_span
from sim.scenario.base import Block
from sim.scenario.dated_hours import DatedHours
from sim.scenario.distributions import mean_of
from sim.scenario.findings import Finding
from sim.scenario.hours import OpenDays, calendars_in_use, hall_dates
from sim.scenario.matters import Matter
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario


def unused_parts(scenario: Scenario) -> Iterator[Finding]:
    """Parts that nothing refers to, and dates, weekdays and delays that no day of the run meets."""
    yield from _without_reference(scenario)
    yield from _other_days(scenario)
    yield from _long_delays(scenario)
    yield from _idle_fields(scenario)


def _without_reference(scenario: Scenario) -> Iterator[Finding]:
    demanded = _asked_for(scenario)
    acting = {matter.id for matter in demanded}
    acting.update(*(scenario.matters_sought(matter) for matter in demanded))
    for matter in scenario.matters:
        if matter.id not in acting:
            yield Finding("nobody_asks", ("matters", matter.id), matter.id, severity="warning")
    profiles = {flow.profile for flow in scenario.demand}
    calendars = calendars_in_use(scenario)
    idle: list[Steps] = [
        *(("profiles", profile.id) for profile in scenario.profiles if profile.id not in profiles),
        *(("calendars", week.id) for week in scenario.calendars if week.id not in calendars),
    ]
    for path in idle:
        yield Finding("unused", path, str(path[-1]), severity="warning")


def _other_days(scenario: Scenario) -> Iterator[Finding]:
    """Closed dates of other years, and factors of weekdays on which nothing is open."""
    dates, used = hall_dates(scenario), calendars_in_use(scenario)
    calendars = [calendar for calendar in scenario.calendars if calendar.id in used]
    years = {dates[0].year, dates[-1].year, scenario.run.start.year}
    for calendar in calendars:
        if calendar.closed and years.isdisjoint(day.year for day in calendar.closed):
            listed = ", ".join(map(str, sorted(calendar.closed)[:3]))
            run = f"{scenario.run.start} – {dates[-1]}"
            path: Steps = ("calendars", calendar.id, "closed")
            yield Finding("outside_run", path, listed, run, "warning")
    zero, end = (
        datetime.combine(day, time()) for day in (scenario.run.start, dates[-1] + timedelta(days=1))
    )
    for outage in scenario.hall.outages:
        for n, span in enumerate(outage.dated):
            if span.ends <= zero or span.begins >= end:
                listed, run = str(span.begins.date()), f"{scenario.run.start} – {dates[-1]}"
                path = ("hall", "outages", outage.id, "dated", n)
                yield Finding("outside_run", path, listed, run, "warning")
    open_days = OpenDays(scenario)
    weekdays = {
        WEEKDAYS[day]
        for calendar in calendars
        for week in DatedHours(calendar).weeks()
        for day in week
    }
    # a make-up day opens what is shut on its weekday
    weekdays |= {WEEKDAYS[day.weekday()] for name in used for day in open_days.of(name)}
    for flow in scenario.demand:
        if flow.weekdays and weekdays.isdisjoint(flow.weekdays):
            named = ", ".join(flow.weekdays)
            yield Finding("weekday_shut", ("demand", flow.id, "weekdays"), named, "", "warning")


def _long_delays(scenario: Scenario) -> Iterator[Finding]:
    """Delays that last longer on average than the whole run, so that what they delay is cut off."""
    whole = ((hall_dates(scenario)[-1] - scenario.run.start).days + 1) * DAY
    corrections, unserved = scenario.corrections, scenario.applicants.unserved
    demanded = _asked_for(scenario)
    reviewed = any(item.correction_share > 0 for matter in demanded for item in matter.items)
    papers_lack = scenario.intakes_find_faults or reviewed
    mended_later = papers_lack and corrections.on_the_spot < 1
    delays: list[tuple[Steps, Block, bool]] = [
        (("corrections", "delay"), corrections, mended_later),
        (("applicants", "unserved", "after"), unserved, unserved.returns > 0),
    ]
    for matter in demanded:
        issue, separate = matter.issue, matter.handling == "separate"
        delays += [
            (("matters", matter.id, "issue", "collects_after"), issue, issue.collection > 0),
            (("matters", matter.id, "between"), matter, separate),
        ]
    for path, block, acts in delays:
        field = str(path[-1])
        law = getattr(block, field)
        if not acts or field not in block.model_fields_set or mean_of(law) < whole:
            continue
        lasts, most = format_span(round(mean_of(law))), f"< {format_span(whole)}"
        yield Finding("delay_beyond_run", path, lasts, most, "warning")


def _asked_for(scenario: Scenario) -> list[Matter]:
    demanded = scenario.matters_demanded()
    return [matter for matter in scenario.matters if matter.id in demanded]


def _idle_fields(scenario: Scenario) -> Iterator[Finding]:
    """A desk at which nobody sits, help that nobody needs, an online intake that nobody uses."""
    reception, applicants = scenario.hall.reception, scenario.applicants
    if reception is not None and not any(reception.clerks.values()):
        path: Steps = ("hall", "reception", "clerks")
        yield Finding("reception_unstaffed", path, "0", "≥ 1", "warning")
    if "assistance_factor" in applicants.model_fields_set and not any(
        class_.assisted_share > 0 for class_ in applicants.classes
    ):
        path = ("applicants", "assistance_factor")
        factor = f"{applicants.assistance_factor:g}"
        yield Finding("nobody_assisted", path, factor, "", "warning")
    if scenario.online is not None and not (
        any(flow.online_share > 0 for flow in scenario.demand)
        or applicants.unserved.online > 0
        or (scenario.intakes_find_faults and scenario.corrections.online > 0)
    ):
        yield Finding("nobody_online", ("online",), "", "", "warning")
