"""What a staff table may call the skills of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.base import Bilingual
from sim.scenario.hall import Layout, WindowGroup
from sim.scenario.scenario import Scenario
from sim.storage.staff_words import plain_word


def skill_words(scenario: Scenario, layout: Layout) -> dict[str, tuple[str, ...]]:
    """What a table may call a skill, and the window groups that it means.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> sorted(skill_words(hall, hall.layout("hall")))[:2]
    ['errand', 'office']
    """
    named = scenario.matters_named()
    names = {
        **{department.id: department.name for department in scenario.departments},
        **{matter.id: matter.name for matter in scenario.matters},
    }
    words: dict[str, dict[str, None]] = {}
    for group in layout.windows:
        for word in _words_of_group(group, named, names):
            words.setdefault(plain_word(word), {})[group.id] = None
    return {word: tuple(groups) for word, groups in words.items()}


def _words_of_group(
    group: WindowGroup, named: Mapping[str, tuple[str, ...]], names: Mapping[str, Bilingual]
) -> Iterator[str]:
    """Its id and names, and those of what it serves: all that a word names is served there."""
    yield group.id
    if group.name is not None:
        yield from (group.name.zh, group.name.en)
    served = {matter for name in group.serves for matter in named.get(name, ())}
    for word, matters in named.items():
        if word in group.serves or set(matters) <= served:
            yield word
            if (name := names.get(word)) is not None:
                yield from (name.zh, name.en)
