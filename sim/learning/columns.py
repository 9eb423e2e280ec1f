"""Which column of a log is which: by the form of a known system, by headings, or as asked.

A mapping says for each column of a log that is read which heading it stands under. What no mapping
names is not read at all, and headings that say who somebody is are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, get_args

from sim.errors import OptionError, Problem
from sim.scenario.fields import nearest
from sim.scenario.tables import folded
from sim.text import load_log_forms

LogRole = Literal[
    "ticket",
    "case",
    "trip",
    "date",
    "hour",
    "arrived",
    "taken",
    "called",
    "started",
    "ended",
    "wait_s",
    "wait_min",
    "service_s",
    "service_min",
    "window",
    "clerk",
    "matter",
    "department",
    "list",
    "place",
    "class",
    "booked",
    "booked_for",
    "outcome",
    "rating",
    "applied",
    "accepted",
    "promised",
    "closed",
    "result",
    "suspended_from",
    "suspended_until",
    "seen",
    "waiting",
    "number",
    "open_windows",
    "stated_min",
]
"""What a column of a log may hold."""
ROLES: Final[tuple[LogRole, ...]] = get_args(LogRole)
INSTANTS: Final[tuple[LogRole, ...]] = ("arrived", "taken", "called", "started", "ended")
"""In the order in which they happen."""
UNLIKE: Final[tuple[tuple[LogRole, LogRole], ...]] = (
    ("wait_s", "wait_min"),
    ("service_s", "service_min"),
)
"""Columns of which a log has one only."""
HowMapped = Literal["asked", "form", "heading", "content"]
"""Who says it: an option, the form, the words of the heading, or what stands in the cells."""

_WORDS: Final[Mapping[str, Any]] = load_log_forms()
PERSONAL: Final = frozenset(folded(word) for word in _WORDS["personal"]["headings"])


class LogKind(NamedTuple):
    """What logs of a kind may hold: of tickets, of cases, or snapshots of queues."""

    roles: tuple[LogRole, ...]
    headings: Mapping[str, LogRole]
    """Folded heading -> role."""
    forms: Mapping[str, Any]
    """Known forms of systems by name."""
    outcomes: Mapping[str, Sequence[str]]
    """Outcome -> words that name it."""


def _log_kind(headings: str, forms: str, outcomes: str) -> LogKind:
    """The kind of which sections of the words tell."""
    words: Mapping[LogRole, Sequence[str]] = _WORDS[headings]
    roles = tuple(role for role in ROLES if role in words)
    meant = {folded(word): role for role in roles for word in reversed(words[role])}
    return LogKind(roles, meant, _WORDS[forms], _WORDS[outcomes])


TICKETS: Final = _log_kind("headings", "form", "outcomes")
CASES: Final = _log_kind("case_headings", "case_form", "case_results")
SNAPSHOTS: Final = _log_kind("snapshot_headings", "snapshot_form", "snapshot_outcomes")
KINDS: Final = (TICKETS, CASES, SNAPSHOTS)
FORMS: Final[tuple[str, ...]] = tuple(form for kind in KINDS for form in kind.forms)
"""Known forms of systems, by name."""


@dataclass(frozen=True)
class LogMapping:
    """Which heading each column of a log stands under.

    Examples
    --------
    >>> mapping = guess_mapping(["票号", "取号时间", "姓名", "窗口", "天气"])
    >>> dict(mapping.headings), mapping.personal, mapping.left_aside
    ({'ticket': '票号', 'taken': '取号时间', 'window': '窗口'}, ('姓名',), ('天气',))
    """

    headings: Mapping[LogRole, str]
    how: Mapping[LogRole, HowMapped]
    form: str = ""
    """Name of the known form; empty = none."""
    personal: tuple[str, ...] = ()
    """Headings that say who somebody is: dropped."""
    left_aside: tuple[str, ...] = ()
    """Headings that nothing is read from."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Folded code or word -> outcome."""


def is_heading(words: str) -> bool:
    """Whether words are a heading that some log has.

    Examples
    --------
    >>> is_heading("Ticket_Number"), is_heading("2025")
    (True, False)
    """
    plain = folded(words)
    return any(plain in kind.headings for kind in KINDS) or plain in _SIGNED


_SIGNED: Final = PERSONAL | frozenset(
    folded(word) for kind in KINDS for form in kind.forms.values() for word in form["signature"]
)


def read_asked_mapping(words: Iterable[str]) -> tuple[str, dict[LogRole, str]]:
    """The form and the columns that options name: `t_call`, or `taken=取号时间`.

    Raises
    ------
    OptionError
        `unknown_log_form`, `unknown_log_column`, `named_twice`: every one.

    Examples
    --------
    >>> read_asked_mapping(["t_call", "place=area"])
    ('t_call', {'place': 'area'})
    """
    form, by_hand = "", dict[LogRole, str]()
    problems = []
    for word in words:
        name, sign, heading = (part.strip() for part in word.partition("="))
        if not sign and name in FORMS:
            problems += [Problem("named_twice", "--mapping", found=name)] if form else []
            form = name
        elif not sign:
            allowed = ", ".join(FORMS)
            close = nearest(name, FORMS)
            problems.append(
                Problem("unknown_log_form", "--mapping", found=name, allowed=allowed, values=close)
            )
        elif name not in ROLES:
            allowed = ", ".join(ROLES)
            close = nearest(name, ROLES)
            problems.append(
                Problem(
                    "unknown_log_column", "--mapping", found=name, allowed=allowed, values=close
                )
            )
        elif name in by_hand:
            problems.append(Problem("named_twice", "--mapping", found=name))
        else:
            by_hand[name] = heading
    if problems:
        raise OptionError(problems)
    return form, by_hand


def guess_mapping(
    names: Sequence[str],
    form: str = "",
    by_hand: Mapping[LogRole, str] | None = None,
    kind: LogKind = TICKETS,
) -> LogMapping:
    """The mapping of a log: what is asked for, else that of a form, else by headings.

    Parameters
    ----------
    names
        Headings of the log.
    form
        A known form; default: the one all of whose signature the log has.
    by_hand
        Columns that somebody names; an empty heading means that there is none.
    kind
        What the log is of.

    Raises
    ------
    OptionError
        `no_such_heading` for headings that are asked for and are not there, `personal_heading` for
        those that say who somebody is.
    """
    by_hand = by_hand or {}
    place = {folded(name): name for name in reversed(names)}
    _refuse_headings(names, by_hand, place)
    if not form:
        form = next((name for name in kind.forms if _is_form(kind.forms[name], place)), "")
    of_form = kind.forms[form]["columns"] if form in kind.forms else {}
    headings: dict[LogRole, str] = {}
    how: dict[LogRole, HowMapped] = {}
    for role, heading in by_hand.items():
        if heading:
            headings[role], how[role] = place[folded(heading)], "asked"
    for role, heading in of_form.items():
        if role not in by_hand and folded(heading) in place:
            headings[role], how[role] = place[folded(heading)], "form"
    taken = set(headings.values())
    for name in names:
        role_meant = kind.headings.get(folded(name))
        if role_meant is None or name in taken or role_meant in {*by_hand, *headings, *of_form}:
            continue
        if folded(name) in PERSONAL and role_meant != "clerk":
            continue
        headings[role_meant], how[role_meant] = name, "heading"
    for first, second in UNLIKE:
        if first in headings and second in headings:
            del headings[second], how[second]
    in_order = {role: headings[role] for role in ROLES if role in headings}
    others = [name for name in names if name not in set(in_order.values())]
    personal = tuple(name for name in others if folded(name) in PERSONAL)
    return LogMapping(
        headings=in_order,
        how={role: how[role] for role in in_order},
        form=form,
        personal=personal,
        left_aside=tuple(name for name in others if name not in personal),
        outcomes=_outcomes(kind, form),
    )


def _refuse_headings(
    names: Sequence[str], by_hand: Mapping[LogRole, str], place: Mapping[str, str]
) -> None:
    has = ", ".join(names)
    problems = []
    for role, heading in by_hand.items():
        if not heading:
            continue
        if folded(heading) in PERSONAL:
            problems.append(Problem("personal_heading", f"--mapping {role}", found=heading))
        elif folded(heading) not in place:
            close = nearest(heading, names)
            problems.append(
                Problem(
                    "no_such_heading",
                    f"--mapping {role}",
                    found=heading,
                    allowed=has,
                    values=close,
                )
            )
    if problems:
        raise OptionError(problems)


def _is_form(form: Mapping[str, Any], place: Mapping[str, str]) -> bool:
    return all(folded(word) in place for word in form["signature"])


def _outcomes(kind: LogKind, form: str) -> dict[str, str]:
    """Folded words and codes -> outcome; those of the form go before those of any log."""
    listed = [kind.outcomes, kind.forms.get(form, {}).get("outcomes", {})]
    return {
        folded(word): outcome
        for words_of in listed
        for outcome, words in words_of.items()
        for word in words
    }


def looks_personal(words: str) -> bool:
    """Whether words are an identity number, a mobile number or an address of mail.

    Examples
    --------
    >>> looks_personal("13800138000"), looks_personal("A0138")
    (True, False)
    """
    return any(re.match(pattern, words.strip()) for pattern in _WORDS["personal"]["patterns"])
