"""The tape: one crowd for all halls; everybody's draws stay theirs whatever else changes."""

from hashlib import blake2b
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from sim import compile_demand, compile_plan, draw_tape, load_scenario
from sim.clock import DAY
from sim.engine.run import run
from sim.plan.tape import COLLECT, INTAKE, Tape
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_tape
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
PURPOSES = ("patience", "after_leaving", "habit", "class_", "assisted", "arrived_at")


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
    copies = Tape._make(column.copy() for column in tape)
    for layout in "klm":
        plan = compile_plan(scenario, layout)
        assert_same_tape(tape, draw_tape(plan.demand, 1, 0))
        run(plan, tape)
        assert_same_tape(copies, tape)


def test_same_seed_same_crowd() -> None:
    """Seed and replication name the crowd."""
    assert_same_tape(tape_of(), tape_of())
    assert tape_of(seed=2).arrived_at[0] != tape_of().arrived_at[0]
    assert tape_of(replication=1).arrived_at[0] != tape_of().arrived_at[0]


def test_another_flow_moves_nobody() -> None:
    """People of a flow keep all they have when a flow and a matter are added."""
    alone = tape_of()
    more = "{id: before, matter: a_new, rate: 40 per h, classes: {first: 1}}"
    matters = RICH["matters"][:-1] + f", {errand(RANDOM, id_='a_new')}]"
    layouts = windows("id: window, serves: [errand, a_new], clerks: 1")
    both = tape_of(matters=matters, demand=f"[{more}, {FLOW}]", layouts=layouts)
    cases = np.flatnonzero(both.flow == 1)
    for name in PURPOSES:
        np.testing.assert_array_equal(getattr(both, name)[cases], getattr(alone, name), name)
    errands = np.isin(both.case_of_errand, cases)
    for name in ("service", "route", "missed", "mend", "mend_delay", "position", "complete"):
        np.testing.assert_array_equal(getattr(both, name)[errands], getattr(alone, name), name)
    # the new matter has no items: all items and reviews are those of the old flow
    for name in ("item", "rejected", "external_workdays", "touch", "review_delay"):
        np.testing.assert_array_equal(getattr(both, name), getattr(alone, name), name)


def test_another_item_moves_no_other() -> None:
    """Draws of an item depend on its name, not on its place among the items."""
    alone = tape_of()
    parts = (item("a_first", RANDOM, "share: 0.7, one_of: another"), *PARTS)
    both = tape_of(matters=bundle(*parts, work=RANDOM))
    np.testing.assert_array_equal(
        both.service[both.purpose == 0], alone.service[alone.purpose == 0]
    )
    for n in range(4):
        old, new = alone.item == n, both.item == n + 1
        np.testing.assert_array_equal(both.rejected[new], alone.rejected[old])
        np.testing.assert_array_equal(both.external_workdays[new], alone.external_workdays[old])
        first = both.touch[both.review_offsets[:-1][new]]
        np.testing.assert_array_equal(first, alone.touch[alone.review_offsets[:-1][old]])


@pytest.mark.parametrize(
    ("section", "text", "same"),
    [
        ("applicants", APPLICANTS.replace("0.2", "0.9"), ("arrived_at", "service", "patience")),
        ("matters", bundle(*PARTS, work="3 min"), ("arrived_at", "patience", "touch", "route")),
        ("hall", "capacity: 3", Tape._fields),
        ("online", "{department: office, precheck: 1 min}", ("service", "mend", "mend_delay")),
    ],
)
def test_another_law_moves_no_other(section: str, text: str, same: tuple[str, ...]) -> None:
    """A changed law leaves what is drawn by other laws as it was."""
    usual, changed = tape_of(), tape_of(1, 0, **{section: text})
    for name in same:
        np.testing.assert_array_equal(getattr(changed, name), getattr(usual, name), name)


def test_more_rounds_leave_the_first_alone() -> None:
    """People's first tries are the same however many further rounds are allowed."""
    few = tape_of(corrections="{share: 0.5, at_most: 1, on_the_spot: 0.2}")
    many = tape_of(corrections="{share: 0.5, at_most: 5, on_the_spot: 0.2}")
    for name in ("service", "route", "mend", "position"):
        for k in (0, 1):
            old, new = few.errand_offsets[:-1] + k, many.errand_offsets[:-1] + k
            has = (few.errand_offsets[1:] > old) & (many.errand_offsets[1:] > new)
            has &= (few.purpose[np.minimum(old, len(few.purpose) - 1)] == 0) & (
                many.purpose[np.minimum(new, len(many.purpose) - 1)] == 0
            )
            if name == "mend":  # nothing to mend where the papers are complete
                has[has] &= ~few.complete[old[has]] & ~many.complete[new[has]]
            before, after = getattr(few, name)[old[has]], getattr(many, name)[new[has]]
            np.testing.assert_array_equal(after, before, f"{name} {k}")


def test_busier_crowd_begins_like_a_quieter_one() -> None:
    """With a higher rate the same luck comes earlier; each person's own draws stay."""
    quiet = tape_of()
    busy = tape_of(demand=f"[{FLOW.replace('40', '80')}]")
    n = len(quiet.matter)
    np.testing.assert_array_equal(busy.patience[:n], quiet.patience)
    np.testing.assert_array_equal(busy.habit[:n], quiet.habit)
    assert (busy.arrived_at[:n] <= quiet.arrived_at).all()


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

    def told(turn: int) -> str:
        sections = {
            "matters": matters[::turn],
            "demand": demand[::turn],
            "departments": offices[::turn],
            "calendars": calendars[::turn],
        }
        lists = {name: f"[{', '.join(parts)}]" for name, parts in sections.items()}
        return small(**{**RICH, **lists, "layouts": layouts})

    in_order, turned = (
        told(1),
        told(-1).replace("en: Errand", "en: Renamed").replace("zh: 局", "zh: 署"),
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
    assert tape.flow.tolist() == [1, 0, 1]
    assert (np.diff(tape.arrived_at) >= 0).all()


def test_offsets() -> None:
    """Ragged columns stand where their offsets say."""
    tape = tape_of()
    assert tape.errand_offsets[-1] == len(tape.purpose)
    assert tape.item_offsets[-1] == len(tape.item)
    assert tape.review_offsets[-1] == len(tape.touch)
    owner = np.repeat(np.arange(len(tape.matter)), np.diff(tape.errand_offsets))
    np.testing.assert_array_equal(tape.case_of_errand, owner)
    trips = tape.hand_in[tape.hand_in >= 0]
    assert (tape.purpose[trips] == 1).all()
    assert len(set(trips.tolist())) == len(trips) == int((tape.purpose == 1).sum())


def test_intakes_end_complete() -> None:
    """A case's intakes are incomplete but the last."""
    tape = tape_of()
    intake = tape.purpose == 0
    last = np.append(tape.case_of_errand[1:] != tape.case_of_errand[:-1], True)
    last |= np.append(~intake[1:], True)
    np.testing.assert_array_equal(tape.complete[intake], last[intake])


def test_a_result_to_collect_needs_no_check_online() -> None:
    folder = Path(__file__).resolve().parents[1] / "answers"
    tape = draw_tape(compile_plan(load_scenario(folder / "hall.yaml"), "zone").demand, 7, 0)
    assert (tape.purpose == COLLECT).any()
    assert (tape.precheck[tape.purpose == COLLECT] == 0).all()
    assert (tape.precheck[tape.purpose != COLLECT] > 0).all()


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
    starts, attended = set(tape.review_offsets[:-1].tolist()), list[int]()
    for review, (row, touch) in enumerate(
        zip(tape.item_of_review.tolist(), tape.touch.tolist(), strict=True)
    ):
        comes = send[tape.item[row]] if review in starts and touch > 0 else 0
        assert tape.attends[review] == (len(attended) if comes else -1)
        attended += [review] * comes
    assert tape.review_of_attendance.tolist() == attended
    assert 1 in tape.touch[tape.attends >= 0]
    assert len(starts) < len(tape.touch), "some papers are asked for again"


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
    delays = np.split(tape.apply_delay, tape.item_offsets[1:-1])
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
    for case, number in enumerate(tape.flow.tolist()):
        flow = sorted(people)[number]
        person = next(people[flow])
        for row in range(*tape.errand_offsets[case : case + 2]):
            nth = row - int(tape.errand_offsets[case])
            attempt = nth if tape.purpose[row] == INTAKE else 2**20
            trips += attempt == 2**20
            tries.add(attempt)
            for purpose in ("route", "catch", "position"):
                value = float(getattr(tape, purpose)[row])
                assert value == drawn(flow, purpose, person, attempt)
        assert float(tape.habit[case]) == drawn(flow, "habit", person, 0)
    assert tries == {0, 1, 2, 2**20}
    assert trips > 100
