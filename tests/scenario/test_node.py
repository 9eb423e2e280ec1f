"""Values with places: how they are found, left out and shown."""

from __future__ import annotations

from sim.scenario.node import Node, show_value
from sim.scenario.tree import parse_tree


def test_keys_of_digits_are_numbers_in_plain_values_only() -> None:
    tree = parse_tree("{7: a, '08': b, x: c}")
    assert tree.plain() == {7: "a", "08": "b", "x": "c"}
    assert tree.child("7") == tree.child(7)


def test_nine_digits_are_a_number_and_ten_are_a_word() -> None:
    """No list is as long; whoever has an id of so many digits is found by it."""
    tree = parse_tree("[{id: '999999999', a: 1}, {id: '1234567890', a: 2}]")
    assert tree.child("999999999") is None
    second = tree.child("1234567890")
    assert second is not None
    assert second.plain() == {"id": "1234567890", "a": 2}
    assert tree.child("0") == tree.child(0)
    assert tree.child("2") is tree.child(-1) is None
    keys = parse_tree("{'999999999': a, '1234567890': b, '٣': c}").plain()
    assert keys == {999_999_999: "a", "1234567890": "b", "٣": "c"}


def test_a_place_is_that_of_the_key_or_of_the_entry() -> None:
    tree = parse_tree("a:\n  b: 1\n  c:\n  - id: x\n    d: 2\n", "f.yaml")
    node, words = tree.follow(("a", "c", "x", "d"))
    assert (node.file, node.line, node.column, words) == ("f.yaml", 5, 5, "a.c[x].d")
    assert tree.follow(("a", "c", 0)) == tree.follow(("a", "c", "x"))
    assert tree.follow(("a", "some_tag", "b"))[1] == "a.b"
    assert tree.follow(("a", "c", 1, "d"))[1] == "a.c"


def test_without_a_key_or_an_entry() -> None:
    tree = parse_tree("a: [{id: x, b: 1}, {id: y}]")
    assert tree.without(("a", 0)).plain() == {"a": ({"id": "y"},)}
    assert tree.without(("a", 0, "b")).plain() == {"a": ({"id": "x"}, {"id": "y"})}
    assert tree.without(("a",)).plain() == {}


def test_a_value_is_shown_as_it_would_be_written() -> None:
    assert show_value({"a": (1, None, True, float("inf"), float("-inf"), float("nan"))}) == (
        "{a: [1, null, true, .inf, -.inf, .nan]}"
    )
    assert show_value("x" * 100) == "x" * 59 + "…"
    assert len(show_value({str(n): list(range(1000)) for n in range(1000)})) == 60


def test_a_node_made_by_hand_has_no_place() -> None:
    assert Node(5).follow(())[0].line == 0
