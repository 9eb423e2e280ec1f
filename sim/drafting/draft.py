"""The scenario that answers to the twelve questions describe, as a file and as a scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sim.clock import WEEKDAYS as WEEKDAY_NAMES
from sim.drafting.answers import HallAnswers
from sim.drafting.assumed import ASSUMED, UNASKED, WEEKDAYS, WITHOUT_NET
from sim.drafting.check import check_answers
from sim.drafting.checked import ANSWERED, CheckedHall, CheckedRow, Figure
from sim.drafting.faults import AnswerFault, place_words
from sim.drafting.form import MONTHS
from sim.drafting.opening import ALL_DAYS, WEEKEND
from sim.drafting.templates import BothNames, load_template
from sim.drafting.written_hours import (
    MEASURED_DAYS,
    WARMUP_DAYS,
    calendar_hours,
    hours_words,
    roster_of,
    run_start,
)
from sim.errors import Problem, ScenarioError
from sim.scenario.format import flow_text, formatted
from sim.scenario.load import validate_tree
from sim.scenario.respell import respell
from sim.scenario.scenario import Scenario
from sim.scenario.tree import parse_tree
from sim.text import Text, load_text

FilePart = dict[str, Any]
LAYOUT: Final = "today"
POOLED: Final = "pooled"
"""The second arrangement: the same clerks at windows that accept everything."""
ONLINE: Final = "online_intake"
WORKDAYS: Final = 250
"""A year, by which yearly pay becomes pay per hour."""
HUNDRED: Final = 100
SECTIONS: Final = {
    "departments": "departments",
    "matters": "matters",
    "demand": "matters",
    "windows": "windows",
    "calendars": "hours",
    "hall": "hours",
    "profiles": "visitors",
    "money": "wages",
    "targets": "promise",
    "online": "online",
    "layouts": "windows",
}
"""Parts of a scenario, and the question that they come from."""


class DraftedHall(NamedTuple):
    """What answers make.

    Attributes
    ----------
    text : str
        Of the scenario file; empty while something is wrong.
    scenario : Scenario or None
    faults : tuple of AnswerFault
        Everything that is wrong, or else warnings.
    """

    text: str
    scenario: Scenario | None
    faults: tuple[AnswerFault, ...]


def draft_hall(answers: HallAnswers, text: Text) -> DraftedHall:
    """The scenario of answers, with every fault at once, told by question and row.

    Numbers that are not answered are the template's: each has the range of an assumption, or the
    source that publishes it. Numbers that nobody is asked for are assumptions too.

    Parameters
    ----------
    text
        Language of faults, and of the source `ANSWERED`.

    Examples
    --------
    >>> from sim.drafting.answers import template_answers
    >>> english = load_text("en")
    >>> hall = draft_hall(template_answers("county", "en").with_cells(per_day=500), english)
    >>> round(sum(flow.per_day for flow in hall.scenario.demand) * (1 - 0.15), 2)
    500.0
    """
    checked, faults = check_answers(answers, text)
    if checked is None:
        return DraftedHall("", None, faults)
    return _drafted(_ScenarioDraft(checked, answers, text), text)


def _drafted(draft: _ScenarioDraft, text: Text) -> DraftedHall:
    tree = draft.tree()
    problems: list[Problem] = []
    try:
        written = formatted(flow_text(tree))
        node = respell(parse_tree(written, "", problems), problems)
        scenario, warnings = validate_tree(node, problems)
    except ScenarioError as error:
        return DraftedHall("", None, tuple(draft.fault(problem) for problem in error.problems))
    # rosters and the offices' calendar only repeat the hall's dates
    hall_warnings = (
        problem
        for problem in warnings
        if problem.code != "dates_beyond_run" or problem.path.startswith("calendars[hall]")
    )
    return DraftedHall(written, scenario, tuple(draft.fault(problem) for problem in hall_warnings))


class _ScenarioDraft:
    """A scenario while it is written."""

    def __init__(self, hall: CheckedHall, answers: HallAnswers, text: Text) -> None:
        self._hall, self._answers, self._text = hall, answers, text
        self._answered = text("draft.answered")

    def tree(self) -> FilePart:
        """The whole scenario as plain data, in the order in which people read it."""
        hall = self._hall
        departments = self._departments()
        tree: FilePart = {
            "name": _name(hall.name),
            "note": self._both(
                "draft.note",
                lambda text: {
                    "template": load_template(self._answers.template).name.of(
                        "en" if text.language == "en" else "zh"
                    )
                },
            ),
            "assumed": {
                key: [*span]
                for key, span in ASSUMED.items()
                if self._online or not key.endswith(".online")
            },
            "run": {
                "start": run_start(hall.hours),
                "warmup_days": WARMUP_DAYS,
                "measured_days": MEASURED_DAYS,
                "followup_days": 10,
                "holidays": "china",
                "replications": 10,
                "seed": 1,
            },
            "calendars": [
                self._calendar("hall", ALL_DAYS),
                *([self._calendar("office", hall.hours.by_slot)] if departments else []),
            ],
            "hall": {
                "name": _name(hall.name),
                "hours": "hall",
                "last_ticket": "15 min",
                "closing": "serve_all",
            },
            **({"departments": departments} if departments else {}),
            "matters": [self._matter(row) for row in hall.matters],
            "profiles": [self._profile()],
            "demand": self._demand(),
            **(UNASKED if self._online else WITHOUT_NET),
        }
        if self._online:
            tree["online"] = {
                "department": ONLINE,
                "precheck": {"law": "exponential", "mean": "8 min"},
                "assumed": {"precheck.mean": ["3 min", "20 min"]},
            }
        within = _minutes(hall.cells["called_within"].value)
        share = f"{hall.cells['called_share'].value:.12g} %"
        promise = {"measure": "called_within", "within": within, "at_least": share, "each": "day"}
        return tree | {
            "layouts": self._layouts(),
            "money": self._money(),
            "targets": {"called_within": within, "promises": [promise]},
        }

    # --- parts --- #

    @property
    def _online(self) -> float:
        return self._hall.cells["online_share"].value / HUNDRED

    def _calendar(self, id_: str, days: Sequence[int]) -> FilePart:
        hours = self._hall.hours
        source = self._source({hours.source})
        return {"id": id_, **calendar_hours(hours, days), "holidays": "china", **source}

    def _departments(self) -> list[FilePart]:
        parts = [
            self._part(
                {"id": row.id, "name": _name(row.name), "hours": "office"},
                {"reviewers": (row.figures["reviewers"], int)},
            )
            for row in self._hall.departments
        ]
        if self._online:
            intake = {"id": ONLINE, "name": self._both("draft.online_intake"), "hours": "office"}
            cases = self._hall.cells["per_day"].value * self._online / (1 - self._online)
            minutes = self._hall.hours.minutes_a_day
            reviewers = max(1, round(cases * 8 / minutes / 0.7 + 0.5))
            span = [max(1, reviewers // 2), 2 * reviewers]
            parts.append({**intake, "reviewers": reviewers, "assumed": {"reviewers": span}})
        return parts

    def _matter(self, row: CheckedRow) -> FilePart:
        lead = "".join(row.names["lead"])
        part: FilePart = {"id": row.id, "name": _name(row.name), **({"lead": lead} if lead else {})}
        figures: dict[str, tuple[Figure, Callable[[float], Any]]] = {
            "service.base": (row.figures["minutes"], _minutes)
        }
        if promised := row.figures.get("promised_days"):
            figures["promised"] = promised, _workdays
        part["correction_share"] = 0.15
        part["service"] = {"individual": {"law": "lognormal", "mean": 1, "cv": 0.7}}
        matter = self._part(part, figures)
        reviewed = row.figures["reviewed"]
        if reviewed.value:
            item: FilePart = {"id": "decision", "name": self._both("draft.decision")}
            item |= {"department": lead, "correction_share": 0.03}
            item["review"] = {"law": "exponential"}
            department = next(each for each in self._hall.departments if each.id == lead)
            review = department.figures["review_minutes"]
            shares = {"share": (reviewed, _share), "review.mean": (review, _minutes)}
            matter["items"] = [self._part(item, shares)]
        return matter

    def _profile(self) -> FilePart:
        hours = self._hall.hours
        slots = zip(hours.visit_slots, self._hall.shape, strict=True)
        shape = {hours_words(*slot): (figure, _plain) for slot, figure in slots}
        part: FilePart = {
            "id": "day",
            "shape": {key: _plain(f.value) for key, (f, _) in shape.items()},
            **({"when_closed": "stay_away"} if hours.is_by_day else {}),
        }
        spans = [figure.span for figure, _ in shape.values() if figure.span]
        if spans:
            low, high = min(low for low, _ in spans), max(high for _, high in spans)
            values = [figure.value for figure, _ in shape.values()]
            part["assumed"] = {"shape": [_plain(min(low, *values)), _plain(max(high, *values))]}
        return part | self._source({figure.source for figure, _ in shape.values()} - {""})

    def _demand(self) -> list[FilePart]:
        """Cases a day: of the visitors each matter has its part, and who comes online is added."""
        hall, online = self._hall, self._hall.cells["online_share"]
        visitors = hall.cells["per_day"]
        total = sum(row.figures["weight"].value for row in hall.matters)
        saturday = hall.cells["saturday_visitors"]
        flows = []
        for row in hall.matters:
            weight = row.figures["weight"]
            if not weight.value:
                continue
            cases = _product(visitors, weight, 1 / total / (1 - self._online))
            flow: FilePart = {"id": row.id, "matter": row.id, "profile": "day"}
            flow["weekdays"] = {**WEEKDAYS}
            figures: dict[str, tuple[Figure, Callable[[float], Any]]] = {"per_day": (cases, _plain)}
            for day in WEEKEND:
                if hall.hours.is_open_on(day):
                    figures[f"weekdays.{WEEKDAY_NAMES[day]}"] = saturday, _share
            for n in MONTHS:
                if (month := hall.cells.get(f"month_{n}")) is not None:
                    figures[f"months.{n}"] = month, _share
            if self._online:
                figures["online_share"] = online, _share
            flows.append(self._part(flow, figures))
        return flows

    def _layouts(self) -> list[FilePart]:
        """The windows as they are; the same clerks at windows that accept everything."""
        groups = [self._group(row) for row in self._hall.windows]
        today: FilePart = {"id": LAYOUT, "name": self._both("draft.today"), "windows": groups}
        if len(groups) == 1:
            return [today]
        per_slot = zip(*self._hall.clerks.values(), strict=True)
        clerks = [int(sum(figure.value for figure in figures)) for figures in per_slot]
        saturday = sum(int(row.figures["saturday_clerks"].value) for row in self._hall.windows)
        pool: FilePart = {
            "id": "all_windows",
            "name": self._both("draft.all_windows"),
            "serves": [row.id for row in self._hall.matters],
            "count": sum(group["count"] for group in groups),
            "clerks": roster_of(self._hall.hours, clerks, saturday),
            "proficiency": 1.1,
            "assumed": {"proficiency": [1.0, 1.25], "clerks": [1, max(clerks)]},
        }
        pool["assumed"]["count"] = [1, 2 * pool["count"]]
        pooled = {"id": POOLED, "name": self._both("draft.pooled"), "windows": [pool]}
        return [today, {**pooled, "note": self._both("draft.pooled_note")}]

    def _group(self, row: CheckedRow) -> FilePart:
        figures = self._hall.clerks[row.id]
        saturday = row.figures["saturday_clerks"]
        part: FilePart = {"id": row.id, "name": _name(row.name), "serves": [*row.names["accepts"]]}
        group = self._part(part, {"count": (row.figures["windows"], int)})
        numbers = [int(figure.value) for figure in figures]
        on_saturday = int(saturday.value) if self._hall.hours.weekend else 0
        group["count"] = max(group["count"], on_saturday)
        group["clerks"] = roster_of(self._hall.hours, numbers, on_saturday)
        spans = [figure.span for figure in figures if figure.span]
        if self._hall.hours.weekend and saturday.span:
            spans.append(saturday.span)
        if spans:
            low, high = min(low for low, _ in spans), max(high for _, high in spans)
            bounds = [min(int(low), *numbers), max(int(high), on_saturday, *numbers)]
            group.setdefault("assumed", {})["clerks"] = bounds
        sources = {figure.source for figure in (*figures, saturday, row.figures["windows"])}
        return group | self._source(sources - {""})

    def _money(self) -> FilePart:
        hours = self._hall.hours.minutes_a_day / 60
        pay = _product(self._hall.cells["yearly_yuan"], Figure(1), 1 / (WORKDAYS * hours))
        money = self._part({}, {"clerk_yuan_per_hour": (pay, lambda value: round(value, 1))})
        return {**money, "note": self._both("draft.pay_note", lambda _: {"days": WORKDAYS})}

    # --- words and sources --- #

    def _part(
        self, part: FilePart, figures: Mapping[str, tuple[Figure, Callable[[float], Any]]]
    ) -> FilePart:
        """A part with numbers put in: each with its range, or the part with its sources."""
        assumed: FilePart = {}
        for path, (figure, write) in figures.items():
            *above, last = path.split(".")
            place = part
            for step in above:
                place = place.setdefault(step, {})
            place[last] = write(figure.value)
            if figure.span:
                low, high = figure.span
                assumed[path] = [
                    write(min(low, figure.value)),
                    write(max(high, figure.value)),
                ]
        sources = {figure.source for figure, _ in figures.values() if figure.source}
        return part | ({"assumed": assumed} if assumed else {}) | self._source(sources)

    def _source(self, sources: set[str]) -> FilePart:
        words = [self._answered if source == ANSWERED else source for source in sorted(sources)]
        return {"source": "; ".join(words)} if words else {}

    def _both(self, key: str, values: Callable[[Text], dict[str, Any]] = lambda _: {}) -> FilePart:
        texts = (load_text("zh"), load_text("en"))
        return {str(text.language): text(key, **values(text)) for text in texts}

    # --- faults --- #

    def fault(self, problem: Problem) -> AnswerFault:
        """A problem of the scenario where somebody can mend it: at a question, or in its row."""
        steps = re.findall(r"([a-z_]+)(?:\[([^\]]*)\])?", problem.path)
        question, row = "hall", 0
        for name, id_ in steps:
            if name not in SECTIONS:
                continue
            question = SECTIONS[name]
            rows: tuple[CheckedRow, ...] = getattr(self._hall, question, ())
            if id_ and question in ("departments", "matters", "windows"):
                row = next((each.n for each in rows if each.id == id_), 0)
        place = place_words(self._text, question, row)
        named = Problem(
            problem.code,
            place,
            found=problem.found,
            allowed=problem.allowed,
            remedy=problem.remedy,
            severity=problem.severity,
            values=problem.values,
        )
        return AnswerFault(named, question)


def _product(first: Figure, second: Figure, factor: float) -> Figure:
    """Two numbers times a factor; the range is that of the first, else of the second.

    Both at once would be wider than either: visitors a day bound what all matters bring together.
    """
    value = first.value * second.value * factor
    for figure, other in ((first, second), (second, first)):
        if figure.span:
            low, high = (end * other.value * factor for end in figure.span)
            return Figure(value, (low, high), figure.source)
    is_answered = ANSWERED in (first.source, second.source)
    return Figure(value, None, ANSWERED if is_answered else first.source)


def _name(name: BothNames | str) -> Any:
    return name._asdict() if isinstance(name, BothNames) else name


def _plain(value: float) -> float | int:
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _minutes(value: float) -> str:
    return f"{_plain(value)} min"


def _workdays(value: float) -> str:
    return f"{int(value)} wd"


def _share(value: float) -> float:
    return round(value / HUNDRED, 6)
