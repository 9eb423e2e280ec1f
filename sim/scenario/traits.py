"""What people are like by class and by matter: whose patience is which, and who balks when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

from sim.scenario.arrival_rows import BLANK
from sim.scenario.demand import Applicants, Appointments, Flow, PriorityClass
from sim.scenario.findings import Finding
from sim.scenario.matters import Matter
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario

Trait = Literal["patience", "balk_at", "companions"]
TRAITS: Final[tuple[Trait, ...]] = ("patience", "balk_at", "companions")


def trait_of(
    trait: Trait, applicants: Applicants, matter: Matter, class_: PriorityClass | None
) -> Any:
    """What is stated for who comes for a matter in a class; None where nothing is.

    The class goes before the matter, and the matter before everybody (DESIGN §2.4).

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/constant_patience.yaml"))
    >>> trait_of("patience", scenario.applicants, scenario.matters[0], None).value
    1200000
    """
    stated = (getattr(part, trait) for part in (class_, matter, applicants) if part is not None)
    return next((value for value in stated if value is not None), None)


def all_traits(trait: Trait, scenario: Scenario) -> list[Any]:
    """What is stated for each class of people that a flow or a book brings, by matter.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> all_traits("balk_at", load_scenario(example_path("exact/loss.yaml")))
    [None]
    """
    people, come = scenario.applicants, classes_that_come(scenario)
    demanded = scenario.matters_demanded()
    classes: list[PriorityClass | None] = [class_ for class_ in people.classes if class_.id in come]
    return [
        trait_of(trait, people, matter, class_)
        for matter in scenario.matters
        if matter.id in demanded
        for class_ in classes or [None]
    ]


def classes_that_come(scenario: Scenario) -> set[str]:
    """Classes of applicants whom a flow or a book brings."""
    come = {name for flow in scenario.demand for name in classes_of(flow, scenario.applicants)}
    return come | {book.priority_class or "" for book in scenario.applicants.appointments}


def classes_of(flow: Flow, applicants: Applicants) -> set[str]:
    """Classes of a flow's people, as rows of a table say or drawn; all in the first by default."""
    drawn = {class_id for class_id, share in flow.classes.items() if share > 0}
    drawn = drawn or {class_.id for class_ in applicants.classes[:1]}
    rows = flow.arrivals_file
    if rows is None:
        return drawn
    return {*rows.classes, *(drawn if (rows.class_ == BLANK).any() else ())}


def overruled_traits(scenario: Scenario) -> Iterator[Finding]:
    """Patience and limits of a matter, or of everybody, which each class or matter replaces."""
    people, come = scenario.applicants, classes_that_come(scenario)
    demanded = scenario.matters_demanded()
    matters = [matter for matter in scenario.matters if matter.id in demanded]
    classes = [class_ for class_ in people.classes if class_.id in come]
    for trait in TRAITS:
        by_class = bool(classes) and all(getattr(each, trait) is not None for each in classes)
        by_matter = bool(matters) and all(getattr(each, trait) is not None for each in matters)
        if getattr(people, trait) is not None and (by_class or by_matter):
            beside = f"{'classes' if by_class else 'matters'}.*.{trait}"
            yield _overruled(("applicants", trait), beside)
        for matter in matters:
            if by_class and getattr(matter, trait) is not None:
                yield _overruled(("matters", matter.id, trait), f"applicants.classes.*.{trait}")


def _overruled(path: Steps, beside: str) -> Finding:
    return Finding("ignored_field", path, str(path[-1]), "", "warning", (("beside", beside),))


def book_of_matters(
    scenario: Scenario, books: Iterable[Appointments] | None = None
) -> dict[str, Appointments]:
    """Matters that can be booked, each with its book; of some books, or of all."""
    named = scenario.matters_named()
    some = scenario.applicants.appointments if books is None else books
    return {matter: book for book in some for name in book.serves for matter in named[name]}


def booked_share_of(flow: Flow, book: Appointments | None) -> float:
    """Share of a flow's people who book: its own, else that of its matter's book; 0 without one."""
    if book is None:
        return 0.0
    return book.share if flow.booked_share is None else flow.booked_share


def booking_flows(scenario: Scenario, books: Iterable[Appointments] | None = None) -> list[Flow]:
    """Flows of whose people some have a place drawn for them, in some books or in any."""
    book_of = book_of_matters(scenario, books)
    return [
        flow
        for flow in scenario.demand
        if flow.online_share < 1 and flow.arrivals_file is None
        if booked_share_of(flow, book_of.get(flow.matter)) > 0
    ]


def never_booking(scenario: Scenario) -> Iterator[Finding]:
    """Lateness and no-shows of a class in which nobody books."""
    people = scenario.applicants
    booking = {name for flow in booking_flows(scenario) for name in classes_of(flow, people)}
    for class_ in people.classes:
        for field in ("lateness", "no_show"):
            if getattr(class_, field) is not None and class_.id not in booking:
                path: Steps = ("applicants", "classes", class_.id, field)
                yield Finding("class_never_books", path, class_.id, "", "warning")
