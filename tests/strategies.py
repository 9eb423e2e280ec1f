"""Small scenarios: texts built by hand for exact times, and any valid one drawn by Hypothesis."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date
from io import StringIO
from typing import Any, Final, NamedTuple

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim import compile_plan, draw_tape
from sim.arrays import Ints
from sim.clock import DAY, MINUTE
from sim.engine.run import ENGINES, run
from sim.plan import journal as fates
from sim.plan.journal import Journal, written
from sim.plan.plan import Plan
from sim.plan.tape import Tape
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.scenario.arrival_rows import EPOCH, NOT_BOOKED, ArrivalRows
from sim.scenario.load import scenario_from_text
from sim.scenario.promises import EACH_OF, PROMISABLE, WHO_OF
from tests.assertions import assert_same_journal

FEW = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""How many drawn scenarios show that two ways to say a thing mean the same."""
MINUTES = st.lists(st.integers(0, 20), min_size=2, max_size=20)
"""Gaps between arrivals, or work at the window."""
BREAK_RULES: Final = ("wait", "serve_first", "keep_ticket", "new_ticket")
"""What those who wait when a break begins may do."""
PLAIN: Final = YAML(typ="safe")
NEVER = "3000 d"
"""Longer than any run."""
MONDAY = "2025-01-06"
"""A week without holidays."""
TICKET_FATES = {
    fates.PENDING: "pending",
    fates.SERVED: "served",
    fates.SENT_BACK: "sent back",
    fates.CAUGHT: "caught",
    fates.GAVE_UP: "gave up",
    fates.BALKED: "balked",
    fates.TURNED_AWAY: "turned away",
    fates.MISSED: "missed",
    fates.CUT_OFF: "cut off",
    fates.FORWARDED: "forwarded",
    fates.AT_BREAK: "at break",
    fates.REFUSED: "refused",
    fates.HELD_OVER: "held over",
}
CASE_FATES = {
    fates.OPEN: "open",
    fates.ISSUED: "issued",
    fates.REJECTED: "rejected",
    fates.PARTLY: "partly",
    fates.LOST: "lost",
}
SECTIONS = {
    "name": "{zh: 小厅, en: Small hall}",
    "source": "a test",
    "run": "{start: 2025-01-06, measured_days: 1}",
    "calendars": "[{id: day, weekly: {mon-fri: [09:00-17:00]}}]",
    "hall": "{name: {zh: 厅, en: Hall}, hours: day}",
    "departments": "[{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: day}]",
    "matters": "[{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min}}]",
    "demand": "[{id: people, matter: errand, at: [2025-01-06T09:00:00]}]",
    "layouts": "[{id: hall, name: {zh: 厅, en: Hall},"
    " windows: [{id: window, serves: [errand], clerks: 1}]}]",
}


def small(**sections: str) -> str:
    """The text of a scenario: one window, one matter of ten minutes, but for what is told.

    A section is YAML; `run`, `hall` and `layouts` without braces are added to the usual ones.
    """
    texts = dict(SECTIONS)
    for name, text in sections.items():
        is_whole = text[:1] in "[{" or name not in texts
        texts[name] = text if is_whole else _with(texts[name], text)
    return "\n".join(f"{name}: {text}" for name, text in texts.items())


def without_departments(text: str) -> str:
    """The text of a small scenario in which nothing is reviewed, and nobody is there to review."""
    departments = f"departments: {SECTIONS['departments']}\n"
    return text.replace(departments, "").replace("lead: office, ", "")


def _with(mapping: str, text: str) -> str:
    """A flow mapping, or the only one of a list, with further keys."""
    end = "}]" if mapping.endswith("]") else "}"
    return f"{mapping.removesuffix(end)}, {text}{end}"


def at(*clocks: str, more: str = "", flow: str = "people", matter: str = "errand") -> str:
    """A flow whose people come at `09:00` of Monday, or at `3 09:00`, Thursday of that week."""
    instants = []
    for clock in clocks:
        day, _, time = clock.rpartition(" ")
        instants.append(f"{np.datetime64(MONDAY) + int(day or 0)}T{time}:00")
    tail = f", {more}" if more else ""
    return f"{{id: {flow}, matter: {matter}, at: [{', '.join(instants)}]{tail}}}"


def flows(*texts: str) -> str:
    """The demand section from flows."""
    return f"[{', '.join(texts)}]"


def come(*clocks: str, more: str = "") -> str:
    """The demand section with one flow; see `at`."""
    return flows(at(*clocks, more=more))


def sequence(*minutes: float) -> str:
    """A law that gives these minutes in order of arrival."""
    return f"{{law: sequence, values: [{', '.join(f'{x} min' for x in minutes)}]}}"


def errand(service: str, more: str = "", id_: str = "errand") -> str:
    """One matter with its window work."""
    tail = f", {more}" if more else ""
    name = "name: {zh: 事, en: Errand}"
    return f"{{id: {id_}, {name}, lead: office, service: {{base: {service}}}{tail}}}"


def item(id_: str, review: str = "0 min", more: str = "", department: str = "office") -> str:
    """One item of a matter."""
    tail = f", {more}" if more else ""
    name = "name: {zh: 项, en: Item}"
    return f"{{id: {id_}, {name}, department: {department}, review: {review}{tail}}}"


def bundle(*items: str, work: str = "0 min", more: str = "") -> str:
    """The matters section with one matter of these items, handed in at once."""
    tail = f", {more}" if more else ""
    joined = ", ".join(items)
    return f"[{errand(work, f'items: [{joined}]{tail}')}]"


def department(id_: str, reviewers: int | str = 1, more: str = "") -> str:
    """One department."""
    tail = f", {more}" if more else ""
    name = "name: {zh: 局, en: Office}"
    return f"{{id: {id_}, {name}, reviewers: {reviewers}, hours: day{tail}}}"


def crowd(gaps: Sequence[int], work: Sequence[int], hour: int = 9, **sections: str) -> str:
    """One list and two windows; people come so many minutes after each other, from an hour on.

    Whoever leaves unserved is lost.
    """
    minutes = 60 * hour + np.cumsum(gaps)
    texts = {
        "demand": come(*[f"{m // 60:02d}:{m % 60:02d}" for m in minutes.tolist()]),
        "matters": f"[{errand(sequence(*work))}]",
        "layouts": windows("id: window, serves: [errand], clerks: 2"),
        "applicants": "{unserved: {returns: 0, lost: 1}}",
    }
    return small(**{**texts, **sections})


def windows(*texts: str, more: str = "") -> str:
    """The layouts section with one layout of these window groups, each without its braces."""
    tail = f", {more}" if more else ""
    groups = ", ".join(f"{{{text}}}" for text in texts)
    return f"[{{id: hall, name: {{zh: 厅, en: Hall}}, windows: [{groups}]{tail}}}]"


def clock(ticks: int) -> str | None:
    """`09:00` on the first day, `3 09:00` three days later; None when it did not happen.

    Examples
    --------
    >>> clock(9 * 60 * MINUTE), clock(2 * DAY + 90 * MINUTE), clock(-1)
    ('09:00', '2 01:30', None)
    """
    if ticks < 0:
        return None
    assert ticks % MINUTE == 0, ticks
    day, minute = ticks // DAY, ticks % DAY // MINUTE
    return f"{day} " * (day > 0) + f"{minute // 60:02d}:{minute % 60:02d}"


class Told(NamedTuple):
    """One run, with its columns as people tell them: clocks, names of fates."""

    plan: Plan
    tape: Tape
    journal: Journal

    def lawful_tables(self) -> Tables:
        """The tables of the run, whose invariants hold."""
        tables = Tables(self.plan, self.tape, self.journal)
        check_invariants(tables)
        return tables

    @property
    def n_tickets(self) -> int:
        """Rows of the ticket columns in use; they have room to spare."""
        return int(self.journal.n_tickets[0])

    def _clocks(self, column: Ints) -> list[str | None]:
        return [clock(int(x)) for x in column]

    @property
    def arrived(self) -> list[str | None]:
        """Tickets: at the door, back in the hall, or applied online."""
        return self._clocks(self.journal.arrived_at[: self.n_tickets])

    @property
    def greeted(self) -> list[str | None]:
        """Tickets: the desk begins."""
        return self._clocks(self.journal.greeted_at[: self.n_tickets])

    @property
    def taken(self) -> list[str | None]:
        """Tickets: taken."""
        return self._clocks(self.journal.taken_at[: self.n_tickets])

    @property
    def called(self) -> list[str | None]:
        """Tickets: called."""
        return self._clocks(self.journal.called_at[: self.n_tickets])

    @property
    def ended(self) -> list[str | None]:
        """Tickets: served or gone."""
        return self._clocks(self.journal.ended_at[: self.n_tickets])

    @property
    def accepted(self) -> list[str | None]:
        """Cases: accepted."""
        return self._clocks(self.journal.accepted_at)

    @property
    def closed(self) -> list[str | None]:
        """Cases: issued, rejected or lost."""
        return self._clocks(self.journal.closed_at)

    @property
    def issued(self) -> list[str | None]:
        """Cases: the applicant has the result."""
        return self._clocks(self.journal.issued_at)

    @property
    def released(self) -> list[str | None]:
        """Items: nothing to wait for any more."""
        return self._clocks(self.journal.item_released_at)

    @property
    def completed(self) -> list[str | None]:
        """Items: finished."""
        return self._clocks(self.journal.completed_at)

    @property
    def started(self) -> list[str | None]:
        """Reviews: taken up."""
        return self._clocks(self.journal.started_at)

    @property
    def reviewed(self) -> list[str | None]:
        """Reviews: ended."""
        return self._clocks(self.journal.ended_review_at)

    @property
    def fates(self) -> list[str]:
        """Tickets: how each ended."""
        return [TICKET_FATES[int(x)] for x in self.journal.fate[: self.n_tickets]]

    @property
    def windows(self) -> list[str | None]:
        """Tickets: which window called."""
        names = self.plan.names.windows
        return [names[x] if x >= 0 else None for x in self.journal.window[: self.n_tickets]]

    @property
    def lists(self) -> list[str]:
        """Tickets: the waiting list, `none`, or `online`."""
        names = {-1: "none", -2: "online", **dict(enumerate(self.plan.names.lists))}
        return [names[int(x)] for x in self.journal.list_[: self.n_tickets]]

    @property
    def trips(self) -> list[int]:
        """Tickets: which trip of the case; 0 = online."""
        return [int(x) for x in self.journal.trip[: self.n_tickets]]

    @property
    def case_fates(self) -> list[str]:
        """Cases: how each stands."""
        return [CASE_FATES[int(x)] for x in self.journal.case_fate]


def tell(text: str, layout: str = "hall", seed: int = 1, replication: int = 0) -> Told:
    """Run one layout of a scenario text with every engine; all must tell the same."""
    plan = compile_plan(scenario_from_text(text), layout)
    tape = draw_tape(plan.demand, seed, replication)
    journal = run(plan, tape, "reference")
    for engine in ENGINES:
        assert_same_journal(journal, run(plan, tape, engine))
    return Told(plan, tape, journal)


def altered(text: str, *changes: tuple[str, object]) -> str:
    """A scenario text with other values at dotted paths; `*` is every entry, None takes a key away.

    Examples
    --------
    >>> text = altered(small(), ("hall.last_ticket", "5 min"), ("layouts.*.windows.*.clerks", 3))
    >>> tell(text).plan.names.windows
    ('window-1', 'window-2', 'window-3')
    """
    tree = PLAIN.load(text)
    for path, value in changes:
        *above, key = path.split(".")
        for part in _parts(tree, above):
            if value is None:
                part.pop(key, None)
            else:
                part[key] = deepcopy(value)  # written twice, a value would become an alias
    return text_of(tree)


def text_of(tree: Any) -> str:
    """A scenario's text from what `PLAIN` read."""
    out = StringIO()
    PLAIN.dump(tree, out)
    return out.getvalue()


def _parts(tree: Any, path: list[str]) -> Iterator[dict[str, Any]]:
    """The mappings at a path; what is not there is passed over."""
    if not path:
        yield tree
    elif path[0] == "*":
        for entry in tree if isinstance(tree, list) else tree.values():
            yield from _parts(entry, path[1:])
    elif tree.get(path[0]) is not None:
        yield from _parts(tree[path[0]], path[1:])


def assert_same_day(first: str, second: str, without: tuple[str, ...] = (), seed: int = 1) -> None:
    """Two scenario texts lead to the same journal, but for some of its columns."""
    first_journal, second_journal = (
        written(tell(text, seed=seed).journal) for text in (first, second)
    )
    for name in Journal._fields:
        if name not in without:
            np.testing.assert_array_equal(
                getattr(second_journal, name), getattr(first_journal, name), err_msg=name
            )


# === any scenario === #


def _minutes(draw: st.DrawFn, high: int = 40) -> str:
    """A law: given values with ties and zeros, or a random one."""
    values = draw(st.lists(st.integers(0, high), min_size=1, max_size=5))
    if draw(st.integers(0, 3)):
        return sequence(*values)
    return f"{{law: exponential, mean: {max(values)} min}}"


def _share(draw: st.DrawFn) -> float:
    return draw(st.sampled_from([0.0, 0.0, 0.3, 0.7, 1.0]))


def _items(draw: st.DrawFn, departments: list[str]) -> str:
    names = [f"i{n}" for n in range(draw(st.integers(0, 4)))]
    texts = []
    for n, name in enumerate(names):
        after = [before for before in names[:n] if draw(st.booleans())]
        choice = ", one_of: kind" if draw(st.integers(0, 4)) == 0 else ""
        share = draw(st.sampled_from([1.0, 1.0, 0.5, 0.0])) / (len(names) if choice else 1)
        external = draw(st.sampled_from(["", "", "external: 90 min, ", "external: 1 wd, "]))
        department_ = draw(st.sampled_from(departments))
        keys = f"{external}after: [{', '.join(after)}], share: {share}{choice}"
        keys += f", correction_share: {_share(draw)}, rejection_share: {_share(draw) / 2}"
        if draw(st.integers(0, 3)) == 0:
            keys += f", own_service: {{base: {_minutes(draw)}, materials: 2, per_material: 1 min}}"
        if draw(st.integers(0, 3)) == 0:
            keys += f", materials: {draw(st.integers(0, 3))}"
        others = [joining for joining in departments if joining != department_]
        if others and draw(st.integers(0, 3)) == 0:
            ahead = draw(st.sampled_from(["0 d", "1 wd", "90 min"]))
            keys += f", survey: {{joined_by: [{', '.join(others)}], ahead: {ahead}}}"
        texts.append(item(name, _minutes(draw, 90), keys, department_))
    return f"[{', '.join(texts)}]"


def _issue(draw: st.DrawFn, matter: str) -> str:
    """How results reach applicants; often not told."""
    if draw(st.booleans()):
        return ""
    post, collection = draw(st.sampled_from([(1, 0), (0, 1), (0.3, 0.5), (0, 0)]))
    mailing = draw(st.sampled_from(["2 h", "1 wd", "{law: uniform, low: 0 d, high: 2 d}"]))
    where = f", at: {matter}" if draw(st.booleans()) else ""
    return (
        f", issue: {{post: {post}, mailing: {mailing}, collection: {collection},"
        f" collects_after: {_minutes(draw, 900)}, service: {_minutes(draw, 9)}{where}}}"
    )


def _roster(draw: st.DrawFn) -> str:
    early, late = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    rosters = ["1", "2", f"{{09:00-11:00: {early}, 13:00-17:00: {late}}}", "{13:00-17:00: 1}"]
    rosters += ["1.5", "{13:00-17:00: 1, 2025-01-07 10:00-11:00: 2}"]
    return draw(st.sampled_from(rosters))


def _window_groups(draw: st.DrawFn, matters: list[str]) -> list[str]:
    """Groups of windows in any overlap of matters, lists and help; the first accepts all."""
    n = draw(st.integers(1, 3))
    lists = [f"list{draw(st.integers(0, n - 1))}" for _ in range(n)]
    rules = {name: draw(st.sampled_from(["", "", *BREAK_RULES])) for name in sorted(set(lists))}
    groups = []
    for g in range(n):
        serves = matters if g == 0 else draw(st.lists(st.sampled_from(matters), min_size=1))
        helps = [name for name in sorted(set(lists)) if draw(st.booleans())]
        groups.append(
            f"id: g{g}, list: {lists[g]}, serves: [{', '.join(dict.fromkeys(serves))}],"
            f" helps: [{', '.join(helps)}], clerks: {'1' if g == 0 else _roster(draw)},"
            f" proficiency: {draw(st.sampled_from([1.0, 1.0, 1.3]))},"
            f" changeover: {draw(st.sampled_from([0, 0, 4]))} min"
            f"{draw(st.sampled_from(['', '', ', walk: 3 min']))}"
            f"{_service_laws(draw, matters)}"
            f"{_at_break(rules[lists[g]])}"
        )
    if draw(st.booleans()):
        pools = [n for n, group in enumerate(groups) if ": 0, 13:00-17:00: 0" not in group]
        groups.append(_reserve(draw, lists[0], pools, matters) + _at_break(rules[lists[0]]))
    return groups


def _service_laws(draw: st.DrawFn, matters: list[str]) -> str:
    """Matters for which a group has a law of its own, also such as never come there."""
    if draw(st.integers(0, 2)):
        return ""
    some = draw(st.lists(st.sampled_from(matters), min_size=1, unique=True))
    return f", service_laws: {{{', '.join(f'{name}: {_minutes(draw)}' for name in some)}}}"


def _at_break(rule: str) -> str:
    """What a group says of breaks; nothing where it goes by the hall."""
    return f", at_break: {rule}" if rule else ""


def _reserve(draw: st.DrawFn, list_: str, pools: list[int], matters: list[str]) -> str:
    """Reserve windows beside the first group."""
    least = draw(st.integers(1, 3))
    keys = [f"setup: {draw(st.sampled_from([0, 0, 4]))} min"]
    if draw(st.booleans()):
        keys += [f"opens_at: {least}", f"closes_at: {draw(st.integers(0, least - 1))}"]
    if draw(st.booleans()) or len(keys) == 1:
        keys += [f"opens_after: {draw(st.sampled_from([0, 6, 20]))} min"]
    if draw(st.booleans()):
        keys += [f"pool: g{draw(st.sampled_from(pools))}"]
    some = draw(st.lists(st.sampled_from(matters), min_size=1))
    return (
        f"id: reserve, list: {list_}, serves: [{', '.join(dict.fromkeys(some))}],"
        f" clerks: {_roster(draw)}, tidal: {{{', '.join(keys)}}}"
    )


def _rules(draw: st.DrawFn) -> str:
    rules = ["priority", "weighted_wait", "own_first", "alternation", "longest_list"]
    rule = draw(st.sampled_from(rules))
    keys = [f"rule: {rule}", f"help_after: {draw(st.sampled_from([0, 7]))} min"]
    keys.append(f"own_calls: {draw(st.integers(1, 3))}")
    if draw(st.booleans()):
        keys.append("ageing: 9 min")
    routing = draw(st.sampled_from(["shortest_wait", "shares", "habit"]))
    idle = draw(st.sampled_from(["fewest_skills", "longest_idle"]))
    transfer = draw(st.sampled_from(["keep_place", "new_ticket"]))
    tail = f"routing: {{rule: {routing}}}, idle: {idle}, transfer: {transfer}"
    return f"calling: {{{', '.join(keys)}}}, {tail}"


def _quota(draw: st.DrawFn, group: str) -> str:
    """Perhaps so many tickets of a group's list, or none of any list that are called too late."""
    if draw(st.integers(0, 2)):
        return ""
    list_ = group.partition("list: ")[2].partition(",")[0]
    tickets = draw(st.sampled_from(["", f"{list_}: {draw(st.integers(0, 4))}"]))
    beyond = draw(st.sampled_from(["give", "refuse"]))
    return f", quota: {{tickets: {{{tickets}}}, beyond_closing: {beyond}}}"


def _flow(draw: st.DrawFn, n: int, matter: str, days: int) -> str:
    shares = "classes: {first: 0.5, second: 0.5}"
    tail = f"online_share: {_share(draw)}, {shares}"
    if draw(st.integers(0, 3)) == 0:
        tail += f", booked_share: {_share(draw)}"
    if draw(st.integers(0, 3)) == 0:
        rate = draw(st.integers(0, 12))
        batches = draw(st.sampled_from(["", "", ", batches: {2: 0.4, 5: 0.1}"]))
        return f"{{id: f{n}, matter: {matter}, rate: {rate} per h, {tail}{batches}}}"
    moments = st.tuples(st.integers(0, days - 1), st.integers(8 * 12, 18 * 12))
    times = draw(st.lists(moments, max_size=12))
    if times and draw(st.integers(0, 2)) == 0:
        return replay(_rows(draw, sorted(times), matter), f"f{n}", matter, more=tail)
    clocks = [f"{day} {five // 12:02d}:{five % 12 * 5:02d}" for day, five in times]
    return at(*clocks, more=tail, flow=f"f{n}", matter=matter)


def replay(rows: ArrivalRows, flow: str = "log", matter: str = "errand", more: str = "") -> str:
    """A flow with a table of arrivals, as a scenario that travels as text writes it."""
    tail = f", {more}" if more else ""
    return f"{{id: {flow}, matter: {matter}, arrivals_file: {json.dumps(rows.packed)}{tail}}}"


def _rows(draw: st.DrawFn, moments: list[tuple[int, int]], matter: str) -> ArrivalRows:
    """Rows of which some cells are blank."""
    zero, n = (date.fromisoformat(MONDAY) - EPOCH).days, len(moments)
    maybe = st.lists(st.integers(-1, 1), min_size=n, max_size=n)
    work = st.lists(st.integers(-1, 20), min_size=n, max_size=n)
    instants = np.array([(zero + day) * DAY + five * 5 * MINUTE for day, five in moments])
    booked = np.array(draw(maybe))
    return ArrivalRows(
        instants,
        matters=(matter,),
        matter=np.minimum(draw(maybe), 0),
        classes=("first", "second"),
        class_=draw(maybe),
        booked_for=np.where(booked > 0, instants // (30 * MINUTE) * 30 * MINUTE, NOT_BOOKED),
        service=np.array([minutes * MINUTE if minutes >= 0 else -1 for minutes in draw(work)]),
    )


def book(slots: str, more: str = "", serves: str = "errand", id_: str = "book") -> str:
    """One book of appointments: all book, half-hour slots, but for keys told `a: 1; b: 2`."""
    usual = {"share": "share: 1.0", "slot": "slot: 30 min"}
    stated = {pair.partition(":")[0]: pair for pair in more.split("; ") if pair}
    tail = ", ".join((usual | stated).values())
    return f"{{id: {id_}, name: {{zh: 号, en: Book}}, serves: [{serves}], slots: {slots}, {tail}}}"


def _book(draw: st.DrawFn, n: int, matter: str) -> str:
    slots = draw(
        st.sampled_from(["1", "2", "{09:00-11:00: 1, 14:00-16:00: 2}", "{13:00-17:00: 3}"])
    )
    keys = [
        f"share: {_share(draw)}",
        f"slot: {draw(st.sampled_from([30, 60]))} min",
        f"ahead: {draw(st.sampled_from([0, 10]))} min",
        f"lateness: {_minutes(draw, 30)}",
        f"no_show: {_share(draw)}",
        f"no_show_returns: {_share(draw)}",
        f"when_full: {draw(st.sampled_from(['walk_in', 'next_day']))}",
    ]
    if draw(st.booleans()):
        keys.append("priority_class: first")
    if draw(st.booleans()):
        keys.append(f"grace: {draw(st.sampled_from([0, 10]))} min")
    return book(slots, "; ".join(keys), matter, f"book{n}")


def _traits(draw: st.DrawFn) -> str:
    """Patience and a limit of people waiting, each perhaps, as further keys of a part."""
    traits = ""
    if draw(st.integers(0, 3)) == 0:
        traits += f", patience: {_minutes(draw)}"
    if draw(st.integers(0, 3)) == 0:
        traits += f", balk_at: {draw(st.integers(0, 3))}"
    return traits


def _class_traits(draw: st.DrawFn) -> str:
    """What a class may have of its own, as further keys."""
    traits = _traits(draw) + draw(st.sampled_from(["", "", ", pace: 2", ", companions: {2: 1}"]))
    if draw(st.integers(0, 3)) == 0:
        traits += f", lateness: {_minutes(draw, 30)}, no_show: {_share(draw)}"
    return traits


def _applicants(draw: st.DrawFn, matters: list[str], scalable: bool) -> str:
    first, second = _class_traits(draw), _class_traits(draw)
    keys = [
        f"classes: [{{id: first, name: {{zh: 一, en: First}}, priority: 0, weight: 2{first}}},"
        " {id: second, name: {zh: 二, en: Second}, priority: 1, assisted_share: 0.5"
        f"{second}}}]",
        "assistance_factor: 1.5",
    ]
    returns, online = draw(st.sampled_from([(1.0, 0.0), (0.0, 1.0), (0.5, 0.25), (0.0, 0.0)]))
    at_most = draw(st.integers(0, 2))
    lost = 1 - returns - online
    keys.append(f"unserved: {{returns: {returns}, online: {online}, lost: {lost}")
    keys[-1] += f", at_most: {at_most}{_same_day(draw, 1.0)}}}"
    if draw(st.booleans()):
        keys.append(f"patience: {_minutes(draw)}")
    if draw(st.integers(0, 2)) == 0:
        keys.append(f"balk_at: {draw(st.integers(0, 3))}")
    if draw(st.booleans()):
        waits, then = draw(st.integers(0, 5)), draw(st.sampled_from(["void", "requeue"]))
        keys.append(f"missed: {{share: {_share(draw)}, window_waits: {waits} min, then: {then}}}")
    if draw(st.integers(0, 2)) == 0:
        books = [
            _book(draw, n, name) for n, name in enumerate(matters) if n == 0 or draw(st.booleans())
        ]
        keys.append(f"appointments: [{', '.join(books)}]")
    if draw(st.integers(0, 2)) == 0:
        keys.append("companions: {1: 0.4, 3: 0.1}")
    if draw(st.integers(0, 2)) == 0:
        keys.append("pace: {law: gamma, mean: 1.2, cv: 0.5}")
    if scalable:
        keys.append(f"volume_factor: {draw(st.sampled_from([1.0, 0.5, 1.7]))}")
    return f"{{{', '.join(keys)}}}"


def _same_day(draw: st.DrawFn, most: float) -> str:
    """Coming again on the same day, by a share up to the most; as a further key, or not at all."""
    if draw(st.integers(0, 2)) > 0:
        return ""
    ticket = draw(st.sampled_from(["new", "keep"]))
    share = round(most * draw(st.sampled_from([0.5, 1.0])), 9)
    return f", same_day: {{share: {share}, after: {_minutes(draw, 90)}, ticket: {ticket}}}"


def _corrections(draw: st.DrawFn) -> str:
    spot, online = draw(st.sampled_from([(0, 0), (1, 0), (0, 1), (0.4, 0.3)]))
    return (
        f"{{share: {_share(draw)}, at_most: {draw(st.integers(0, 2))}, on_the_spot: {spot},"
        f" online: {online}, spot_delay: {_minutes(draw)}, delay: {_minutes(draw, 900)}"
        f"{_same_day(draw, 1 - spot - online)},"
        f" hand_in: {_minutes(draw, 10)}, service_share: 0.5, review_again: 0.5}}"
    )


def _hall(draw: st.DrawFn) -> str:
    keys = [f"closing: {draw(st.sampled_from(['serve_all', 'cut_off', 'keep_ticket']))}"]
    keys.append(f"last_ticket: {draw(st.sampled_from([0, 30]))} min")
    if draw(st.booleans()):
        keys.append(f"at_break: {draw(st.sampled_from(BREAK_RULES))}")
        keys.append(f"last_ticket_before_break: {draw(st.sampled_from([0, 20]))} min")
    if draw(st.integers(0, 3)) == 0:
        keys.append(
            f"training: {{sessions: {draw(st.integers(0, 3))}, people: 2, staff: 2,"
            " service_rate: 0.8, correction_rate: 0.7, least_correction: 0.5}"
        )
    if draw(st.integers(0, 2)) == 0:
        keys.append(f"capacity: {draw(st.integers(1, 6))}")
    if draw(st.integers(0, 2)) == 0:
        way_in, walk = draw(st.integers(0, 5)), draw(st.integers(0, 5))
        keys.append(f"way_in: {way_in} min, walk: {walk} min")
    if draw(st.integers(0, 2)) == 0:
        clerks = draw(st.sampled_from(["1", "2", "{09:00-11:00: 1}"]))
        keys.append(
            f"reception: {{clerks: {clerks}, service: {_minutes(draw, 8)},"
            f" catches: {_share(draw)}}}"
        )
    return ", ".join(keys)


def _initial(draw: st.DrawFn, items_of: dict[str, list[str]]) -> str:
    """The section with which some runs begin: a queue, cases in hand, or both."""
    waiting, backlog = list[str](), list[str]()
    for matter, items in items_of.items():
        if draw(st.integers(0, 3)) == 0:
            number, waited = draw(st.integers(0, 4)), _minutes(draw, 60)
            waiting.append(
                f"{{id: {matter}, matter: {matter}, number: {number}, waited: {waited}}}"
            )
        if items and draw(st.integers(0, 3)) == 0:
            done = draw(st.lists(st.sampled_from(items), unique=True, max_size=len(items) - 1))
            remaining = draw(st.sampled_from([1.0, 0.5, 0.0]))
            filed = draw(st.sampled_from(["", ", filed: 2025-01-01"]))
            number = draw(st.integers(0, 4))
            backlog.append(
                f"{{id: {matter}, matter: {matter}, number: {number}, done: [{', '.join(done)}],"
                f" remaining: {remaining}{filed}}}"
            )
    return f"{{waiting: [{', '.join(waiting)}], backlog: [{', '.join(backlog)}]}}"


REVIEWERS: tuple[int | str, ...] = (
    1,
    2,
    "{10:00-11:00: 2, 14:00-16:00: 1}",
    "{mon-tue 10:30-11:00: 1, tue-fri 14:00-15:30: 3}",
)
"""A number, and rosters within all hours that a drawn office has."""


@st.composite
def scenarios(draw: st.DrawFn) -> str:
    """The text of any small valid scenario, with one layout, `hall`."""
    days = draw(st.integers(1, 3))
    lunch = draw(st.booleans())
    hours = "[09:00-12:00, 13:00-17:00]" if lunch else "[09:00-17:00]"
    short = draw(st.sampled_from(["[09:00-17:00]", "[10:00-11:00, 14:00-16:00]"]))
    names = [f"m{n}" for n in range(draw(st.integers(1, 3)))]
    departments = ["a", "b"][: draw(st.integers(1, 2))]
    matters, reviewers, items_of = [], [], dict[str, list[str]]()
    seconds = draw(st.integers(0, 3)) == 0
    for name in departments:
        closes, queue = (
            st.sampled_from(["pause", "finish"]),
            st.sampled_from(["due_date", "first_in"]),
        )
        keys = f"at_close: {draw(closes)}, queue: {draw(queue)}, own_matter: {names[0]}"
        text = department(name, draw(st.sampled_from(REVIEWERS)), keys)
        reviewers.append(text.replace("hours: day", "hours: office"))
    for name in names:
        promised = draw(st.sampled_from(["", "promised: 2 wd, ", "promised: 3 d, "]))
        statute = draw(st.sampled_from(["", "statutory: 2 wd, ", "statutory: 5 d, "]))
        refusal = draw(st.sampled_from(["stop", "continue"]))
        items = _items(draw, departments)
        items_of[name] = [each["id"] for each in PLAIN.load(items)]
        keys = f"{promised}{statute}on_rejection: {refusal}, items: {items}"
        if draw(st.integers(0, 2)) == 0:
            keys += f", handling: separate, between: {_minutes(draw, 900)}"
        keys += _issue(draw, names[0]) + _traits(draw)
        if draw(st.integers(0, 2)) == 0:
            keys += f", wrap_up: {_minutes(draw, 12)}"
        if seconds:
            keys += f", also: {{copy: {draw(st.sampled_from([0.0, 0.4, 1.0]))}}}"
        matters.append(errand(_minutes(draw), keys, name).replace("lead: office", "lead: a"))
    if seconds:
        names.append("copy")
        matters.append(errand(_minutes(draw), "", "copy").replace("lead: office", "lead: a"))
    dated = draw(st.sampled_from(["", "", ", days: {2025-01-07: [09:00-11:00, 13:00-17:00]}"]))
    calendars = (
        f"[{{id: day, weekly: {{mon-fri: {hours}}}{dated}}},"
        f" {{id: office, weekly: {{mon-fri: {short}}}}}]"
    )
    demand = flows(*[_flow(draw, n, name, days) for n, name in enumerate(names)])
    groups = _window_groups(draw, names)
    return small(
        run=f"{{start: {MONDAY}, measured_days: {days}}}",
        calendars=calendars,
        hall=_hall(draw),
        departments=f"[{', '.join(reviewers)}]",
        matters=f"[{', '.join(matters)}]",
        demand=demand,
        layouts=windows(*groups, more=_rules(draw) + _quota(draw, groups[0])),
        applicants=_applicants(
            draw, names, scalable="at: [" not in demand and "arrivals_file" not in demand
        ),
        corrections=_corrections(draw),
        online=f"{{department: a, precheck: {_minutes(draw)}}}",
        initial=_initial(draw, items_of),
    )


# === … and places around it === #


def with_places(text: str, points: Sequence[dict[str, object]], choice: dict[str, object]) -> str:
    """A scenario text whose people live in three towns, with places beside the hall."""
    towns = [
        {"id": f"t{n}", "name": {"zh": "甲", "en": "Town"}, "county": "c", "population": 1}
        | {"lon": 111.0, "lat": 34.0 + n / 5}
        for n in range(3)
    ]

    def named(**keys: object) -> dict[str, object]:
        return {"name": {"zh": "站", "en": "Place"}, **keys}

    main = named(id="main", kind="city_hall", county="c", lon=111.0, lat=34.3, clerks=1)
    stations = [
        named(id=f"point{n or ''}", **{"kind": "station", "township": f"t{n}"} | point)
        for n, point in enumerate(points)
    ]
    plain = named(id="plain", road_factor=1.3, km_per_hour=40)
    travel = {"terrains": [plain], "fare_yuan_per_km": 0.2, "value_of_time_yuan_per_h": 10}
    places = {"open": [main, *stations], "travel": travel, "choice": choice}
    return altered(text, ("applicants.townships", towns), ("places", places))


def _point(draw: st.DrawFn, matters: list[str]) -> dict[str, object]:
    """A station that accepts or sends on; agents who may go out, a courier, markets perhaps."""
    accepts, forwards = (draw(st.lists(st.sampled_from(matters), unique=True)) for _ in range(2))
    point: dict[str, object] = {"accepts": accepts, "forwards": forwards}
    point["forwarded_work"] = draw(st.sampled_from([1.0, 0.5, 0.0]))
    point["clerks"] = draw(st.integers(1, 2))
    point["hours"] = draw(st.sampled_from(["day", "office"]))
    if draw(st.booleans()):
        leaves = draw(st.sampled_from([["11:00"], ["10:00", "16:00"]]))
        takes = draw(st.sampled_from([0, 45]))
        point["courier"] = {"leaves": leaves, "takes": f"{takes} min"}
    if draw(st.booleans()):
        classes = draw(st.sampled_from([[], ["second"]]))
        within = draw(st.sampled_from([0, 50, 90]))
        point["home_visits"] = {"agents": 1, "classes": classes, "within": f"{within} min"}
    if draw(st.integers(0, 3)) == 0:
        point["market_days"] = {"ends_in": [6, 8], "month": "solar"}
    return point


def ordinary_scenarios() -> st.SearchStrategy[str]:
    """Halls as of `scenarios`, in which a run begins empty, each comes for one matter and again on
    another day, and nobody walks: for laws that are about something else."""
    return scenarios().map(
        lambda text: altered(
            text,
            ("initial", None),
            ("matters.*.also", None),
            ("layouts.*.transfer", None),
            ("corrections.same_day", None),
            ("applicants.unserved.same_day", None),
            ("applicants.pace", None),
            ("applicants.classes.*.pace", None),
            ("applicants.companions", None),
            ("applicants.classes.*.companions", None),
            ("matters.*.companions", None),
            ("hall.way_in", None),
            ("hall.walk", None),
            ("layouts.*.windows.*.walk", None),
        )
    )


@st.composite
def areas(draw: st.DrawFn) -> str:
    """The text of any small scenario, as `scenarios`, with one or two places in its towns.

    The second may be a county hall, to which the first sends what it does not accept.
    """
    text = draw(scenarios())
    matters = [matter["id"] for matter in PLAIN.load(text)["matters"]]
    points = [_point(draw, matters) for _ in range(draw(st.integers(1, 2)))]
    if len(points) == 2 and draw(st.booleans()):
        some = draw(st.lists(st.sampled_from(matters), unique=True))
        forwarded = [matter for matter in matters if matter not in some]
        points[1] |= {"kind": "county_hall", "accepts": some, "forwards": forwarded}
    rule = draw(st.sampled_from(["lowest_cost", "nearest", "shares"]))
    choice: dict[str, object] = {"rule": rule, "taste_yuan": draw(st.sampled_from([0, 5, 40]))}
    if rule == "shares" and draw(st.booleans()):
        choice["shares"] = {"main": 1, "point": draw(st.integers(0, 3))}
    return with_places(text, points, choice)


# === … and promises made to its people === #

LEVELS: Final = {
    "share": (0, 0.5, 0.9, "90 %", "99%", 1.0),
    "min": ("0 min", "5 min", "480 s", "0.5 h"),
    "wd": ("0 wd", "3 wd"),
}
"""Of each unit, in every way in which they are written."""


def _promise(draw: st.DrawFn, tree: Any) -> dict[str, object]:
    """A promise of any measure that can have one, to whom and where it may be made."""
    measure, kind = draw(st.sampled_from(sorted(PROMISABLE.items())))
    side = "at_least" if kind.better == "high" else "at_most"
    promise: dict[str, object] = {
        "measure": measure,
        side: draw(st.sampled_from(LEVELS[kind.unit])),
    }
    promise["each"] = draw(st.sampled_from(EACH_OF[kind.over]))
    if measure == "called_within" and draw(st.booleans()):
        promise["within"] = f"{draw(st.integers(1, 30))} min"
    who = draw(st.sampled_from((None, *WHO_OF[kind.over])))
    if who is not None:
        layouts, people = tree["layouts"], tree["applicants"]
        names = {
            "groups": [group["id"] for group in layouts[0]["windows"]],
            "matters": [*(matter["id"] for matter in tree["matters"]), "a"],  # and who leads them
            "classes": [class_["id"] for class_ in people["classes"]],
            "departments": [department["id"] for department in tree["departments"]],
        }
        promise[who] = draw(st.lists(st.sampled_from(names[who]), min_size=1, unique=True))
    return promise


@st.composite
def promising(draw: st.DrawFn, halls: st.SearchStrategy[str]) -> str:
    """The text of any of some halls, as `scenarios` or `areas`, that promises something."""
    text = draw(halls)
    tree = PLAIN.load(text)
    promises = [_promise(draw, tree) for _ in range(draw(st.integers(1, 4)))]
    groups = [group["id"] for group in tree["layouts"][0]["windows"]]
    constant = draw(st.lists(st.sampled_from(groups), max_size=2, unique=True))
    return altered(text, ("targets", {"promises": promises, "constant_over_day": constant}))
