"""The tape: one crowd for all halls; everybody's draws stay theirs whatever else changes."""

import copy
from hashlib import blake2b
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from sim import compile_demand, compile_plan, draw_tape, load_scenario
from sim.clock import DAY
from sim.engine.run import run
from sim.plan.tape import COLLECT, INTAKE, Tape, empty_tape
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_tape, columns_of
from tests.strategies import bundle, department, errand, item, small, windows

RANDOM = "{law: exponential, mean: 10 min}"
PARTS = (
    item("x", RANDOM, "correction_share: 0.4, rejection_share: 0.2"),
    item("y", RANDOM, "share: 0.5, external: {law: uniform, low: 1 wd, high: 9 wd}"),
    item("v", RANDOM, "share: 0.5, one_of: kind"),
    item("w", RANDOM, "share: 0.4, one_of: kind"),
)
FLOW = "{id: people, matter: errand, rate: 40 per h, classes: {first: 0.5, second: 0.5}}"
CLASSES = (
    "classes: [{id: first, name: {zh: 一, en: First}, assisted_share: 0.3},"
    " {id: second, name: {zh: 二, en: Second}}]"
)
APPLICANTS = (
    f"{{{CLASSES}, patience: {RANDOM}, missed: {{share: 0.2, window_waits: 1 min}},"
    " unserved: {returns: 0.4, online: 0.3, lost: 0.3, at_most: 1}, assistance_factor: 1.5}"
)
RICH = {
    "matters": bundle(*PARTS, work=RANDOM),
    "demand": f"[{FLOW}]",
    "applicants": APPLICANTS,
    "corrections": f"{{share: 0.5, at_most: 2, on_the_spot: 0.2, online: 0.3, delay: {RANDOM}}}",
    "online": f"{{department: office, precheck: {RANDOM}}}",
    "departments": f"[{department('office')}]",
    "run": "{start: 2025-01-06, measured_days: 2}",
}
TRAITS = ("patience", "after_leaving", "habit", "class_", "assisted", "arrived_at")


def tape_of(seed: int = 1, replication: int = 0, **sections: str) -> Tape:
    """The crowd of a rich scenario, some sections replaced."""
    demand = compile_demand(scenario_from_text(small(**{**RICH, **sections})))
    return draw_tape(demand, seed, replication)


def test_one_crowd_for_all_layouts() -> None:
    """Plans of all layouts share the demand, so one tape serves them, and none changes it."""
    one_group = windows("id: a, serves: [errand], clerks: 1")
    two = windows("id: b, serves: [errand], clerks: 3", "id: c, serves: [errand], clerks: 1")
    three = windows("id: d, serves: [errand], clerks: 1", more="idle: longest_idle")
    texts = [
        text[1:-1].replace("id: hall", f"id: {name}")
        for name, text in zip("klm", (one_group, two, three), strict=True)
    ]
    layouts = f"[{', '.join(texts)}]"
    scenario = scenario_from_text(small(**RICH, layouts=layouts, equal_budget="none"))
    tape = draw_tape(compile_demand(scenario), 1, 0)
    copies = copy.deepcopy(tape)
    for layout in "klm":
        plan = compile_plan(scenario, layout)
        assert_same_tape(tape, draw_tape(plan.demand, 1, 0))
        run(plan, tape)
        assert_same_tape(copies, tape)


def test_same_seed_same_crowd() -> None:
    """Seed and replication name the crowd."""
    assert_same_tape(tape_of(), tape_of())
    assert tape_of(seed=2).cases.arrived_at[0] != tape_of().cases.arrived_at[0]
    assert tape_of(replication=1).cases.arrived_at[0] != tape_of().cases.arrived_at[0]


def test_another_flow_moves_nobody() -> None:
    """People of a flow keep all they have when a flow and a matter are added."""
    alone = tape_of()
    more = "{id: before, matter: a_new, rate: 40 per h, classes: {first: 1}}"
    matters = RICH["matters"][:-1] + f", {errand(RANDOM, id_='a_new')}]"
    layouts = windows("id: window, serves: [errand, a_new], clerks: 1")
    both = tape_of(matters=matters, demand=f"[{more}, {FLOW}]", layouts=layouts)
    cases = np.flatnonzero(both.cases.flow == 1)
    for name in TRAITS:
        np.testing.assert_array_equal(
            getattr(both.cases, name)[cases], getattr(alone.cases, name), name
        )
    errands = np.isin(both.errands.case, cases)
    for name in ("service", "route", "missed", "mend", "mend_delay", "position", "complete"):
        old, new = getattr(alone.errands, name), getattr(both.errands, name)
        np.testing.assert_array_equal(new[errands], old, name)
    # the new matter has no items: all items and reviews are those of the old flow
    old, new = columns_of(alone), columns_of(both)
    for name in (
        *("items.item", "items.rejected", "items.external_workdays"),
        *("reviews.touch", "reviews.mend_delay"),
    ):
        np.testing.assert_array_equal(new[name], old[name], name)


def test_another_item_moves_no_other() -> None:
    """Draws of an item depend on its name, not on its place among the items."""
    alone = tape_of()
    parts = (item("a_first", RANDOM, "share: 0.7, one_of: another"), *PARTS)
    both = tape_of(matters=bundle(*parts, work=RANDOM))
    np.testing.assert_array_equal(
        both.errands.service[both.errands.purpose == 0],
        alone.errands.service[alone.errands.purpose == 0],
    )
    for n in range(4):
        old, new = alone.items.item == n, both.items.item == n + 1
        np.testing.assert_array_equal(both.items.rejected[new], alone.items.rejected[old])
        np.testing.assert_array_equal(
            both.items.external_workdays[new], alone.items.external_workdays[old]
        )
        first = both.reviews.touch[both.items.review_offsets[:-1][new]]
        np.testing.assert_array_equal(
            first, alone.reviews.touch[alone.items.review_offsets[:-1][old]]
        )


@pytest.mark.parametrize(
    ("section", "text", "same"),
    [
        (
            "applicants",
            APPLICANTS.replace("0.2", "0.9"),
            ("cases.arrived_at", "errands.service", "cases.patience"),
        ),
        (
            "matters",
            bundle(*PARTS, work="3 min"),
            ("cases.arrived_at", "cases.patience", "reviews.touch", "errands.route"),
        ),
        ("hall", "capacity: 3", tuple(columns_of(empty_tape()))),
        (
            "online",
            "{department: office, precheck: 1 min}",
            ("errands.service", "errands.mend", "errands.mend_delay"),
        ),
    ],
)
def test_another_law_moves_no_other(section: str, text: str, same: tuple[str, ...]) -> None:
    """A changed law leaves what is drawn by other laws as it was."""
    usual, changed = columns_of(tape_of()), columns_of(tape_of(1, 0, **{section: text}))
    for name in same:
        np.testing.assert_array_equal(changed[name], usual[name], name)


def test_more_rounds_leave_the_first_alone() -> None:
    """People's first tries are the same however many further rounds are allowed."""
    few = tape_of(corrections="{share: 0.5, at_most: 1, on_the_spot: 0.2}")
    many = tape_of(corrections="{share: 0.5, at_most: 5, on_the_spot: 0.2}")
    for name in ("service", "route", "mend", "position"):
        for k in (0, 1):
            old, new = few.cases.errand_offsets[:-1] + k, many.cases.errand_offsets[:-1] + k
            has = (few.cases.errand_offsets[1:] > old) & (many.cases.errand_offsets[1:] > new)
            has &= (few.errands.purpose[np.minimum(old, len(few.errands.purpose) - 1)] == 0) & (
                many.errands.purpose[np.minimum(new, len(many.errands.purpose) - 1)] == 0
            )
            if name == "mend":  # nothing to mend where the papers are complete
                has[has] &= ~few.errands.complete[old[has]] & ~many.errands.complete[new[has]]
            before, after = (
                getattr(few.errands, name)[old[has]],
                getattr(many.errands, name)[new[has]],
            )
            np.testing.assert_array_equal(after, before, f"{name} {k}")


def test_busier_crowd_begins_like_a_quieter_one() -> None:
    """With a higher rate the same luck comes earlier; each person's own draws stay."""
    quiet = tape_of()
    busy = tape_of(demand=f"[{FLOW.replace('40', '80')}]")
    n = len(quiet.cases.matter)
    np.testing.assert_array_equal(busy.cases.patience[:n], quiet.cases.patience)
    np.testing.assert_array_equal(busy.cases.habit[:n], quiet.cases.habit)
    assert (busy.cases.arrived_at[:n] <= quiet.cases.arrived_at).all()


def test_names_and_order_mean_nothing() -> None:
    """Display names and the order of matters, departments, demand, calendars change nothing."""
    second = errand(RANDOM, f"items: [{item('y', RANDOM)}, {item('x', RANDOM)}]", "other")
    matters = [RICH["matters"][1:-1], second]
    demand = [FLOW, "{id: others, matter: other, rate: 9 per h, classes: {second: 1}}"]
    offices = [department("office"), department("tax")]
    calendars = [
        "{id: day, weekly: {mon-fri: [09:00-17:00]}}",
        "{id: late, weekly: {mon-fri: [10:00-17:00]}}",
    ]
    layouts = windows("id: window, serves: [errand, other], clerks: 2")

    def write_text(turn: int) -> str:
        sections = {
            "matters": matters[::turn],
            "demand": demand[::turn],
            "departments": offices[::turn],
            "calendars": calendars[::turn],
        }
        lists = {name: f"[{', '.join(parts)}]" for name, parts in sections.items()}
        return small(**{**RICH, **lists, "layouts": layouts})

    in_order, turned = (
        write_text(1),
        write_text(-1).replace("en: Errand", "en: Renamed").replace("zh: 局", "zh: 署"),
    )
    plans = [compile_plan(scenario_from_text(text), "hall") for text in (in_order, turned)]
    tapes = [draw_tape(plan.demand, 1, 0) for plan in plans]
    assert_same_tape(*tapes)
    for first, second_ in zip(*(run(p, t) for p, t in zip(plans, tapes, strict=True)), strict=True):
        np.testing.assert_array_equal(first, second_)


def test_order_of_items_means_nothing() -> None:
    """Items may be written in any order."""
    assert_same_tape(tape_of(), tape_of(matters=bundle(*PARTS[::-1], work=RANDOM)))


def test_merged_in_order_of_arrival() -> None:
    """Cases of all flows stand in the order of arrival; in a tie the flow's name decides."""
    demand = (
        "[{id: z, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T08:00:00]},"
        " {id: a, matter: errand, at: [2025-01-06T09:00:00]}]"
    )
    tape = tape_of(demand=demand, applicants="{}")
    assert tape.cases.flow.tolist() == [1, 0, 1]
    assert (np.diff(tape.cases.arrived_at) >= 0).all()


def test_offsets() -> None:
    """Ragged columns stand where their offsets say."""
    tape = tape_of()
    assert tape.cases.errand_offsets[-1] == len(tape.errands.purpose)
    assert tape.cases.item_offsets[-1] == len(tape.items.item)
    assert tape.items.review_offsets[-1] == len(tape.reviews.touch)
    owner = np.repeat(np.arange(len(tape.cases.matter)), np.diff(tape.cases.errand_offsets))
    np.testing.assert_array_equal(tape.errands.case, owner)
    trips = tape.reviews.hand_in[tape.reviews.hand_in >= 0]
    assert (tape.errands.purpose[trips] == 1).all()
    assert len(set(trips.tolist())) == len(trips) == int((tape.errands.purpose == 1).sum())


def test_intakes_end_complete() -> None:
    """A case's intakes are incomplete but the last."""
    tape = tape_of()
    intake = tape.errands.purpose == 0
    last = np.append(tape.errands.case[1:] != tape.errands.case[:-1], True)
    last |= np.append(~intake[1:], True)
    np.testing.assert_array_equal(tape.errands.complete[intake], last[intake])


def test_a_result_to_collect_needs_no_check_online() -> None:
    folder = Path(__file__).resolve().parents[1] / "answers"
    tape = draw_tape(compile_plan(load_scenario(folder / "hall.yaml"), "zone").demand, 7, 0)
    assert (tape.errands.purpose == COLLECT).any()
    assert (tape.errands.precheck[tape.errands.purpose == COLLECT] == 0).all()
    assert (tape.errands.precheck[tape.errands.purpose != COLLECT] > 0).all()


def test_who_comes_to_a_joint_survey() -> None:
    """It is an item's first round, if it takes any time; its department and all invited come."""
    both, only_y = "survey: {joined_by: [x, y]}", "survey: {joined_by: [y]}"
    repeats = "correction_share: 0.6"
    items = (
        item("alone", RANDOM, repeats, "z"),
        item("none", "0 s", f"{both}, {repeats}", "z"),
        item("short", "0.001 s", f"{both}, {repeats}", "z"),
        item("some", RANDOM, f"{only_y}, {repeats}", "z"),
    )
    offices = [department(name) for name in ("office", "x", "y", "z")]
    tape = tape_of(matters=bundle(*items), departments=f"[{', '.join(offices)}]")
    send = (0, 3, 3, 2)
    starts, attended = set(tape.items.review_offsets[:-1].tolist()), list[int]()
    for review, (row, touch) in enumerate(
        zip(tape.reviews.case_item.tolist(), tape.reviews.touch.tolist(), strict=True)
    ):
        comes = send[tape.items.item[row]] if review in starts and touch > 0 else 0
        assert tape.reviews.attends[review] == (len(attended) if comes else -1)
        attended += [review] * comes
    assert tape.attendances.review.tolist() == attended
    assert 1 in tape.reviews.touch[tape.reviews.attends >= 0]
    assert len(starts) < len(tape.reviews.touch), "some papers are asked for again"


def test_only_a_further_visit_waits_until_the_person_comes() -> None:
    """Where some matters go from door to door, what is handed in at once has no such delay."""
    offices = ("office", "tax")
    parts = ", ".join(item(f"of_{name}", "30 min", "", name) for name in offices)
    matters = [
        errand("5 min", f"items: [{parts}], between: 2 d, handling: {handling}", handling)
        for handling in ("separate", "bundled")
    ]
    own = [errand("5 min", id_=f"own_{name}") for name in offices]
    demand = [
        f"{{id: {name}, matter: {name}, at: [2025-01-06T09:00:00]}}"
        for name in ("separate", "bundled")
    ]
    tape = tape_of(
        matters=f"[{', '.join([*matters, *own])}]",
        departments=f"[{', '.join(department(n, 3, f'own_matter: own_{n}') for n in offices)}]",
        demand=f"[{', '.join(demand)}]",
        layouts=windows("id: all, serves: [separate, bundled, own_office, own_tax], clerks: 1"),
    )
    delays = np.split(tape.items.apply_delay, tape.cases.item_offsets[1:-1])
    at_once, from_door_to_door = sorted(delays, key=len)
    assert at_once.tolist() == [0, 0]
    assert from_door_to_door.tolist() == [0, 0, 2 * DAY], "two items, and a visit before the second"


def name(*parts: str) -> int:
    """The number of a name: eight bytes of BLAKE2b."""
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def mixed(bits: int) -> int:
    """SplitMix64, in whole numbers."""
    bits %= 2**64
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB % 2**64
    return bits ^ bits >> 31


def drawn(flow: str, purpose: str, person: int, attempt: int) -> float:
    """A number between 0 and 1 by its name and address alone (DESIGN §2.2), of seed 7, crowd 3."""
    stream = mixed(mixed(name("7", "3") + mixed(name("flow", flow))) + mixed(name(purpose)))
    address = (person + 1 + attempt * 2**40) * 0x9E3779B97F4A7C15
    return (mixed(stream + address) >> 40) / 2**24


def test_a_seed_names_the_same_crowd_in_every_version() -> None:
    """Each number of each person can be found from its name: trips to collect are try 2**20."""
    flows = (FLOW, FLOW.replace("people", "others"))
    tape = tape_of(
        seed=7,
        replication=3,
        matters=bundle(work=RANDOM, more="issue: {collection: 0.6, service: 1 min}"),
        demand=f"[{', '.join(flows)}]",
        run="{start: 2025-01-06, measured_days: 1}",
    )
    people = {"others": count(), "people": count()}
    tries, trips = set(), 0
    for case, number in enumerate(tape.cases.flow.tolist()):
        flow = sorted(people)[number]
        person = next(people[flow])
        for row in range(*tape.cases.errand_offsets[case : case + 2]):
            nth = row - int(tape.cases.errand_offsets[case])
            attempt = nth if tape.errands.purpose[row] == INTAKE else 2**20
            trips += attempt == 2**20
            tries.add(attempt)
            for purpose in ("route", "catch", "position"):
                value = float(getattr(tape.errands, purpose)[row])
                assert value == drawn(flow, purpose, person, attempt)
        assert float(tape.cases.habit[case]) == drawn(flow, "habit", person, 0)
    assert tries == {0, 1, 2, 2**20}
    assert trips > 100
