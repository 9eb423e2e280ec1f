"""What is advised about files, tables beside them, files over files and overrides mends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.layers import MAX_EXTENDS
from sim.scenario.load import read_scenario, scenario_from_text
from sim.scenario.tree import MAX_BYTES, MAX_DEPTH
from sim.text import LANGUAGES, load_text
from tests.scenario.remedies import codes_of
from tests.scenario.test_legs import NAMED, TABLE, WRITTEN
from tests.scenario.town import TOWN

Files = Mapping[str, str | bytes]
OVER = "extends: town.yaml\n"
TAX = "{id: tax, name: {zh: 税务, en: Tax}, reviewers: 3, hours: office}"
BASE = {"town.yaml": TOWN}
DEEP = "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)
CHAIN = {f"{n}.yaml": f"extends: {n - 1}.yaml\n" for n in range(1, MAX_EXTENDS + 2)}
LONG = {"0.yaml": TOWN, **CHAIN}
LAST = f"{MAX_EXTENDS + 1}.yaml"
WAYS = {"area.yaml": NAMED, "ways.csv": TABLE}
COMPUTED = {**WAYS, "area.yaml": NAMED.replace("rule: matrix", "rule: straight_line")}
ROW = "seat,city,60,30"
COMMA = TABLE.replace(ROW, "seat,city,1,200,30")
IN_QUOTES = TABLE.replace(ROW, 'seat,city,"1,200",30')
Case = tuple[Files, str, Sequence[str]]
"""Files, the one that is read, and overrides."""
ROWS: list[tuple[str, Case, list[Case]]] = [
    # the code, the files that have it and what each way of the remedy makes of them
    (
        "missing_file",
        ({**BASE, "over.yaml": "extends: twon.yaml\n"}, "over.yaml", ()),
        [({**BASE, "over.yaml": OVER}, "over.yaml", ())],
    ),
    (
        "missing_file",
        ({**BASE, "more/over.yaml": OVER}, "more/over.yaml", ()),
        [({**BASE, "more/over.yaml": "extends: ../town.yaml\n"}, "more/over.yaml", ())],
    ),
    ("missing_file", (BASE, "twon.yaml", ()), [(BASE, "town.yaml", ())]),
    ("not_a_file", (BASE, ".", ()), [(BASE, "town.yaml", ())]),
    (
        "not_a_file",
        ({**BASE, "over.yaml": "extends: .\n"}, "over.yaml", ()),
        [({**BASE, "over.yaml": "extends: ./town.yaml\n"}, "over.yaml", ())],
    ),
    (
        "too_large_file",
        ({"log.yaml": "10:00 called\n" * (MAX_BYTES // 12), **BASE}, "log.yaml", ()),
        [(BASE, "town.yaml", ())],
    ),
    (
        "not_utf8",
        (
            {"town.yaml": TOWN.replace("en: Town", "en: Vill\xe9").encode("latin-1", "replace")},
            "town.yaml",
            (),
        ),
        [({"town.yaml": TOWN.replace("en: Town", "en: Vill\xe9").encode()}, "town.yaml", ())],
    ),
    (
        "damaged_encoding",
        ({"town.yaml": TOWN.encode("utf-16")[:-1]}, "town.yaml", ()),
        [({"town.yaml": TOWN.encode("utf-8")}, "town.yaml", ())],
    ),
    (
        "read_in_encoding",
        ({"town.yaml": TOWN.encode("gb18030")}, "town.yaml", ()),
        [({"town.yaml": TOWN.encode("utf-8")}, "town.yaml", ())],
    ),
    (
        "yaml_not_mapping",
        ({"town.yaml": f"- {TOWN.splitlines()[0]}\n"}, "town.yaml", ()),
        [(BASE, "town.yaml", ())],
    ),
    (
        "yaml_too_deep",
        ({"town.yaml": f"{TOWN}note: {DEEP}\n"}, "town.yaml", ()),
        [({"town.yaml": f"{TOWN}note: a note\n"}, "town.yaml", ())],
    ),
    (
        "yaml_alias",
        ({"town.yaml": TOWN.replace("hours: week\n", "hours: &w week\n")}, "town.yaml", ()),
        [
            (
                {"town.yaml": TOWN, "over.yaml": f"{OVER}hall: {{last_ticket: 9 min}}\n"},
                "over.yaml",
                (),
            )
        ],
    ),
    (
        "extends_too_deep",
        (LONG, LAST, ()),
        [({**LONG, "1.yaml": TOWN}, LAST, ())],
    ),
    (
        "extends_cycle",
        ({"town.yaml": f"extends: over.yaml\n{TOWN}", "over.yaml": OVER}, "over.yaml", ()),
        [({**BASE, "over.yaml": OVER}, "over.yaml", ())],
    ),
    (
        "extends_conflict",
        ({**BASE, "over.yaml": f"{OVER}departments: {{police: 4}}\n"}, "over.yaml", ()),
        [
            (
                {**BASE, "over.yaml": f"{OVER}departments: [{{id: police, reviewers: 4}}]\n"},
                "over.yaml",
                (),
            )
        ],
    ),
    (
        "extends_conflict",
        ({**BASE, "over.yaml": f"{OVER}run: [3]\n"}, "over.yaml", ()),
        [({**BASE, "over.yaml": f"{OVER}run: {{measured_days: 3}}\n"}, "over.yaml", ())],
    ),
    (
        "unknown_entry",
        (
            {**BASE, "over.yaml": f"{OVER}departments: [{{id: tax, reviewers: 4}}]\n"},
            "over.yaml",
            (),
        ),
        [
            (
                {**BASE, "over.yaml": f"{OVER}departments: [{{id: market, reviewers: 4}}]\n"},
                "over.yaml",
                (),
            ),
            ({**BASE, "over.yaml": f"{OVER}departments: [{TAX}]\n"}, "over.yaml", ()),
        ],
    ),
    (
        "one_amount",
        ({**BASE, "over.yaml": f"{OVER}demand: [{{id: cards, per_day: 4}}]\n"}, "over.yaml", ()),
        [
            (
                {**BASE, "over.yaml": f"{OVER}demand: [{{id: cards, per_day: 4, rate: null}}]\n"},
                "over.yaml",
                (),
            ),
            ({**BASE, "over.yaml": OVER}, "over.yaml", ()),
        ],
    ),
    ("override_path", (BASE, "town.yaml", ["rum.seed=8"]), [(BASE, "town.yaml", ["run.seed=8"])]),
    (
        "override_conflict",
        (BASE, "town.yaml", ["run.seed=8", "run.seed=9"]),
        [(BASE, "town.yaml", [override]) for override in ("run.seed=8", "run.seed=9")],
    ),
    (
        "override_value",
        (BASE, "town.yaml", ["matters.id_card.service.base"]),
        [(BASE, "town.yaml", ["matters.id_card.service.base=12 min"])],
    ),
    (
        "override_value",
        (BASE, "town.yaml", ["matters.id_card.service.base=[12 min"]),
        [(BASE, "town.yaml", ["matters.id_card.service.base=12 min"])],
    ),
    (
        "table_unavailable",
        ({**WAYS, "area.yaml": WRITTEN}, "area.yaml", ["places.travel.legs_file=ways.csv"]),
        [({**WAYS, "area.yaml": WRITTEN}, "area.yaml", ()), (WAYS, "area.yaml", ())],
    ),
    (
        "legs_columns",
        ({**WAYS, "ways.csv": TABLE.replace("minutes", "min")}, "area.yaml", ()),
        [(WAYS, "area.yaml", ())],
    ),
    (
        "legs_columns",
        (
            {**WAYS, "ways.csv": "\n".join(f"{row},1" for row in TABLE.splitlines())},
            "area.yaml",
            (),
        ),
        [(WAYS, "area.yaml", ())],
    ),
    (
        "legs_row",
        ({**COMPUTED, "ways.csv": TABLE.replace(ROW, f"{ROW},1")}, "area.yaml", ()),
        [(COMPUTED, "area.yaml", ())],
    ),
    (
        "legs_row",
        ({**COMPUTED, "ways.csv": COMMA}, "area.yaml", ()),
        [({**COMPUTED, "ways.csv": IN_QUOTES}, "area.yaml", ())],
    ),
    (
        "legs_cell",
        ({**COMPUTED, "ways.csv": TABLE.replace(ROW, "seat,city,,30")}, "area.yaml", ()),
        [
            (COMPUTED, "area.yaml", ()),
            ({**COMPUTED, "ways.csv": TABLE.replace(f"{ROW}\n", "")}, "area.yaml", ()),
        ],
    ),
]


def _codes(folder: Path, case: Case) -> set[str]:
    """Codes of what is wrong, or else of what is warned of; all of it can be told."""
    files, name, overrides = case
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        problems = read_scenario(folder / name, overrides)[1]
    except ScenarioError as error:
        problems = error.problems
    for language in LANGUAGES:
        assert all(problem.sentence(load_text(language)) for problem in problems)
    return {problem.code for problem in problems}


@pytest.mark.parametrize(("code", "wrong", "remedied"), ROWS)
def test_a_remedy_mends(code: str, wrong: Case, remedied: list[Case], tmp_path: Path) -> None:
    """The files have that and nothing else; what is advised leaves no error and no warning."""
    assert _codes(tmp_path / "wrong", wrong) == {code}
    for n, case in enumerate(remedied):
        assert _codes(tmp_path / str(n), case) == set(), case[1:]


def test_under_a_matrix_a_cell_is_filled(tmp_path: Path) -> None:
    """Without the row its way would be missing, as advised."""
    empty = {**WAYS, "ways.csv": TABLE.replace(ROW, "seat,city,,30")}
    assert "legs_cell" in _codes(tmp_path / "wrong", (empty, "area.yaml", ()))
    short = {**WAYS, "ways.csv": TABLE.replace(f"{ROW}\n", "")}
    assert _codes(tmp_path / "short", (short, "area.yaml", ())) == {"missing_leg"}
    assert _codes(tmp_path / "whole", (WAYS, "area.yaml", ())) == set()


def test_a_text_without_a_folder_has_its_rows_written_or_is_read_from_its_folder(
    tmp_path: Path,
) -> None:
    """As advised of a table, and of a file that is extended."""
    for text, code in ((NAMED, "table_unavailable"), (OVER, "extends_unavailable")):
        with pytest.raises(ScenarioError) as caught:
            scenario_from_text(text)
        assert code in codes_of(caught.value)
    assert (
        scenario_from_text(WRITTEN).places
        == read_scenario(_kept(tmp_path, "area.yaml", WAYS))[0].places
    )
    over = {**BASE, "over.yaml": OVER}
    assert (
        scenario_from_text(TOWN).hash == read_scenario(_kept(tmp_path, "over.yaml", over))[0].hash
    )


def _kept(folder: Path, name: str, files: Files) -> Path:
    """The path of one of some files."""
    assert _codes(folder, (files, name, ())) == set()
    return folder / name


def test_a_file_that_may_not_be_read_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As advised: the same bytes in a file that is one's own."""
    path, copy = tmp_path / "town.yaml", tmp_path / "copy.yaml"
    for file in (path, copy):
        file.write_text(TOWN, encoding="utf-8")
    usual = Path.open

    def opened(self: Path, *args: str, **more: str) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return usual(self, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert codes_of(caught.value) == ["unreadable_file"]
    assert read_scenario(copy)[1] == ()
