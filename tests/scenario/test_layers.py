"""Files over files and overrides over both: what is changed, and where a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.clock import MINUTE
from sim.errors import ScenarioError
from sim.scenario.base import ALWAYS
from sim.scenario.layers import MAX_EXTENDS
from sim.scenario.load import load_scenario
from sim.text import load_text
from tests.scenario.town import TOWN, changed, only, place_of, problems, read

EN, ZH = load_text("en"), load_text("zh")
NEW_TAX = "departments: [{id: tax, name: {zh: 税务, en: Tax}, reviewrs: 3, hours: office}]"
NEW_FLOW = "demand: [{id: more, mater: id_card, rate: 7 per h}]"
TRAINING = "hall: {training: {sesions: 3, people: 2, staff: 3, service_rate: 0.8}}"
POLICE_4 = "departments: [{id: police, reviewers: 4}]"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with the town in it."""
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


class TestExtends:
    def test_a_map_is_refined_key_by_key(self, town: Path) -> None:
        path = write(town, "more.yaml", "extends: town.yaml\nrun: {seed: 99}\n")
        run = load_scenario(path).run
        assert (run.seed, run.measured_days) == (99, 5)

    def test_a_list_is_refined_id_by_id_and_grows(self, town: Path) -> None:
        more = "{id: tax, name: {zh: 税务, en: Tax}, reviewers: 3, hours: office}"
        text = f"extends: town.yaml\ndepartments:\n- {{id: police, reviewers: 4}}\n- {more}\n"
        departments = load_scenario(write(town, "more.yaml", text)).departments
        assert [(department.id, department.reviewers) for department in departments] == [
            ("market", {ALWAYS: 2}),
            ("police", {ALWAYS: 4}),
            ("tax", {ALWAYS: 3}),
        ]

    def test_another_law_replaces_the_whole_law(self, town: Path) -> None:
        base = "{law: exponential, mean: 9 min}"
        text = f"extends: town.yaml\nmatters: [{{id: open_shop, service: {{base: {base}}}}}]\n"
        law = load_scenario(write(town, "more.yaml", text)).matters[0].service.base
        assert (law.law, law.mean) == ("exponential", 9 * MINUTE)  # type: ignore[union-attr]

    def test_the_same_law_keeps_its_other_parameters(self, town: Path) -> None:
        text = "extends: town.yaml\nmatters: [{id: open_shop, service: {base: {cv: 0.9}}}]\n"
        law = load_scenario(write(town, "more.yaml", text)).matters[0].service.base
        assert (law.mean, law.cv) == (12 * MINUTE, 0.9)  # type: ignore[union-attr]

    def test_a_chain_has_a_length_that_is_told(self, town: Path) -> None:
        """Eight files over a ninth are read; over a tenth they are too many, and no circle."""
        for n in range(10):
            below = f"{n - 1}.yaml" if n else "town.yaml"
            write(town, f"{n}.yaml", f"extends: {below}\nrun: {{seed: {n}}}\n")
        assert load_scenario(town / f"{MAX_EXTENDS - 1}.yaml").run.seed == MAX_EXTENDS - 1
        with pytest.raises(ScenarioError) as caught:
            load_scenario(town / f"{MAX_EXTENDS}.yaml")
        problem = only(caught.value.problems)
        assert (problem.code, problem.allowed) == ("extends_too_deep", f"≤ {MAX_EXTENDS}")

    def test_lists_without_ids_are_replaced(self, town: Path) -> None:
        text = "extends: town.yaml\ncalendars: [{id: week, weekly: {sat: []}}]\n"
        weekly = load_scenario(
            write(town, "more.yaml", text), ["layouts.zone.windows.one_stop.clerks=1"]
        )
        assert weekly.calendars[0].weekly["sat"] == ()

    def test_over_several_files(self, town: Path) -> None:
        write(town, "a.yaml", "extends: town.yaml\nrun: {seed: 1}\n")
        write(town, "b.yaml", "extends: a.yaml\nrun: {replications: 3}\n")
        run = load_scenario(town / "b.yaml").run
        assert (run.seed, run.replications, run.measured_days) == (1, 3, 5)

    def test_an_error_in_the_base_names_the_line_of_the_base(self, town: Path) -> None:
        text = changed("last_ticket: 15 min", "last_ticket: 15")
        write(town, "town.yaml", text)
        path = write(town, "more.yaml", "extends: town.yaml\nrun: {seed: x}\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        base, own = sorted(caught.value.problems, key=lambda problem: problem.code)
        line, column = place_of(text, "last_ticket")
        assert (base.file, base.line, base.column) == (str(town / "town.yaml"), line, column)
        assert own.where == f"{path}:2:7 run.seed"

    def test_a_broken_reference_is_told_where_it_was_written(self, town: Path) -> None:
        path = write(town, "more.yaml", "extends: town.yaml\nhall: {hours: never}\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        assert only(caught.value.problems).where == f"{path}:2:8 hall.hours"

    @pytest.mark.parametrize(
        ("base", "code"),
        [
            ("none.yaml", "missing_file"),
            (".", "not_a_file"),
            ("more.yaml", "extends_cycle"),
            ("[town.yaml]", "wrong_type"),
            ("5", "wrong_type"),
            ("''", "wrong_type"),
        ],
    )
    def test_a_base_that_cannot_be_had(self, base: str, code: str, town: Path) -> None:
        path = write(town, "more.yaml", f"name: {{zh: 多, en: More}}\nextends: {base}\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        problem = next(p for p in caught.value.problems if p.code != "missing_field")
        assert problem.code == code
        assert problem.where == f"{path}:2:1 extends"
        assert problem.found in base or "\0" in problem.found
        assert problem.sentence(EN).startswith(f"{path}:2:1 extends: ")
        assert problem.sentence(ZH).startswith(f"{path}:2:1 extends：")

    def test_a_circle_of_several_files(self, town: Path) -> None:
        write(town, "a.yaml", "extends: b.yaml\n")
        write(town, "b.yaml", "extends: c.yaml\n")
        write(town, "c.yaml", "\nextends: a.yaml\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(town / "a.yaml")
        problem = only(caught.value.problems)
        assert (problem.code, problem.where) == ("extends_cycle", f"{town / 'c.yaml'}:2:1 extends")

    def test_a_base_whose_own_base_is_missing_names_the_base(self, town: Path) -> None:
        write(town, "a.yaml", "\n\nextends: none.yaml\n")
        write(town, "b.yaml", "extends: a.yaml\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(town / "b.yaml")
        problem = only(caught.value.problems)
        assert (problem.code, problem.where) == ("missing_file", f"{town / 'a.yaml'}:3:1 extends")

    def test_syntax_of_the_base_is_told_in_the_base(self, town: Path) -> None:
        write(town, "a.yaml", "run: [1\n")
        write(town, "b.yaml", "extends: a.yaml\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(town / "b.yaml")
        assert only(caught.value.problems).file == str(town / "a.yaml")

    @pytest.mark.parametrize(
        ("middle", "top", "code", "mark", "near"),
        [
            # a field of a new entry, with or without the same entry above
            (NEW_TAX, "departments: [{id: tax, at_close: finish}]", "unknown_key", "reviewrs", ""),
            (NEW_TAX, "departments: [{id: police, reviewers: 3}]", "unknown_key", "reviewrs", ""),
            (NEW_TAX, "run: {seed: 3}", "unknown_key", "reviewrs", "reviewers"),
            (NEW_FLOW, "demand: [{id: more, online_share: 0}]", "unknown_key", "mater", "matter"),
            # … of an entry that the base has, of a law, of a part, of the whole
            ("departments: [{id: police, reviewrs: 3}]", POLICE_4, "unknown_key", "reviewrs", ""),
            (
                "matters: [{id: open_shop, service: {base: {law: exponential, men: 9 min}}}]",
                "matters: [{id: open_shop, service: {materials: 2}}]",
                "unknown_key",
                "men",
                "mean",
            ),
            (TRAINING, "hall: {training: {people: 3}}", "unknown_key", "sesions", "sessions"),
            ("departmnts: [{id: police}]", POLICE_4, "unknown_key", "departmnts", "departments"),
            # the id itself, or its name: nothing below and above is lost by it
            ("departments: [{id: polise, reviewers: 3}]", POLICE_4, "unknown_entry", "{id:", ""),
            ("departments: [{ide: police, reviewers: 3}]", POLICE_4, "unknown_key", "ide", "id"),
        ],
    )
    def test_a_slip_in_the_middle_file_is_told_there_and_once(
        self, middle: str, top: str, code: str, mark: str, near: str, town: Path
    ) -> None:
        """Nothing that follows from it is told elsewhere, as a field that the top file lacks."""
        text = f"\nextends: town.yaml\n{middle}\n"
        write(town, "middle.yaml", text)
        path = write(town, "top.yaml", f"extends: middle.yaml\n{top}\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        problem = only(caught.value.problems)
        assert (problem.code, problem.file) == (code, str(town / "middle.yaml"))
        assert (problem.line, problem.column) == place_of(text, mark)
        assert dict(problem.values).get("nearest", "").startswith(near)
        # mended in the middle file alone, all of them can be read
        meant = dict(problem.values)["nearest"]
        write(town, "middle.yaml", text.replace(problem.found, meant))
        assert load_scenario(path).name.en

    def test_what_else_an_entry_lacks_is_told_with_its_slip(self, town: Path) -> None:
        """One field is misspelt and another is not there."""
        write(town, "middle.yaml", "extends: town.yaml\ndepartments: [{id: tax, reviewrs: 3}]\n")
        path = write(town, "top.yaml", "extends: middle.yaml\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        files = {problem.code: Path(problem.file).name for problem in caught.value.problems}
        assert files == {"unknown_key": "middle.yaml", "unknown_entry": "middle.yaml"}

    def test_an_entry_that_two_files_lack_a_base_for(self, town: Path) -> None:
        """It is told where the lower of the two writes it."""
        write(
            town, "middle.yaml", "extends: town.yaml\n\ndepartments: [{id: polise, hours: week}]\n"
        )
        text = "extends: middle.yaml\ndepartments: [{id: polise, reviewers: 3}]\n"
        path = write(town, "top.yaml", text)
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        problem = only(caught.value.problems)
        assert (problem.code, problem.allowed) == ("unknown_entry", "market, police")
        assert (Path(problem.file).name, problem.line) == ("middle.yaml", 3)

    def test_a_misspelt_field_of_a_single_file_is_told_once(self, tmp_path: Path) -> None:
        text = changed("  measured_days: 5\n", "  mesured_days: 5\n")
        problem = only(problems(tmp_path, text))
        assert (problem.code, problem.found) == ("unknown_key", "mesured_days")

    @pytest.mark.parametrize("name", ["police", "tax"])
    def test_the_same_id_twice_in_a_layer_is_told(self, name: str, town: Path) -> None:
        """Whether the file below has it or not: one of the two would be lost."""
        more = f"{{id: {name}, name: {{zh: 局, en: Office}}, reviewers: 3, hours: office}}"
        path = write(town, "more.yaml", f"extends: town.yaml\ndepartments:\n- {more}\n- {more}\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        problem = only(caught.value.problems)
        assert (problem.code, problem.found) == ("duplicate_id", name)
        assert (problem.file, problem.line, problem.column) == (str(path), 4, 4)

    @pytest.mark.parametrize("new", ["run: [1]", "departments: {police: 4}"])
    def test_a_list_over_a_map_is_a_conflict(self, new: str, town: Path) -> None:
        path = write(town, "more.yaml", f"extends: town.yaml\n{new}\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        problem = only(caught.value.problems)
        assert (problem.code, problem.line, problem.column) == ("extends_conflict", 2, 1)

    def test_a_base_that_is_no_map(self, town: Path) -> None:
        write(town, "a.yaml", "- 1\n")
        write(town, "b.yaml", "extends: a.yaml\n")
        with pytest.raises(ScenarioError, match=r"a\.yaml:1:1: the file does not start with"):
            load_scenario(town / "b.yaml")


class TestOverrides:
    @pytest.mark.parametrize(
        ("override", "value"),
        [
            ("run.seed=8", 8),
            (" run.seed = 8", 8),
            ("run.seed=", None),
        ],
    )
    def test_a_value_is_read_as_in_a_file(
        self, override: str, value: int | None, tmp_path: Path
    ) -> None:
        if value is None:
            assert only(problems(tmp_path, TOWN, override)).found == "null"
        else:
            assert read(tmp_path, TOWN, override)[0].run.seed == value

    def test_one_text_is_one_override(self, town: Path) -> None:
        assert load_scenario(town / "town.yaml", "run.seed=8").run.seed == 8

    def test_entries_are_named_by_id_or_by_index(self, tmp_path: Path) -> None:
        for name in ("police", "1"):
            scenario, _ = read(tmp_path, TOWN, f"departments.{name}.reviewers=4")
            assert scenario.departments[1].reviewers == {ALWAYS: 4}

    def test_a_structure_is_a_value(self, tmp_path: Path) -> None:
        override = "matters.id_card.service.base={law: gamma, mean: 9 min, cv: 0.5}"
        scenario, _ = read(tmp_path, TOWN, override)
        assert scenario.matters[1].service.base.law == "gamma"

    def test_a_month_is_a_key(self, tmp_path: Path) -> None:
        scenario, _ = read(tmp_path, TOWN, "demand.shops.months.7=2")
        assert scenario.demand[0].months == {3: 1.1, 7: 2.0}

    def test_a_whole_entry_is_added_under_its_id(self, tmp_path: Path) -> None:
        entry = "calendars.mornings={weekly: {mon-sat: [08:00-17:00]}}"
        scenario, _ = read(tmp_path, TOWN, entry, "hall.hours=mornings")
        assert [calendar.id for calendar in scenario.calendars][-1] == "mornings"
        assert scenario.hall.hours == "mornings"

    def test_a_part_of_an_entry_is_no_new_one(self, tmp_path: Path) -> None:
        problem = only(problems(tmp_path, TOWN, "calendars.weak={holidays: china}"))
        assert (problem.code, problem.found) == ("override_path", "weak")

    def test_what_the_file_leaves_to_its_default_can_be_set(self, tmp_path: Path) -> None:
        scenario, _ = read(
            tmp_path, TOWN, "targets.called_within=5 min", "layouts.zone.calling.ageing=9 min"
        )
        assert scenario.targets.called_within == 5 * MINUTE
        assert scenario.layouts[0].calling.ageing == 9 * MINUTE

    @pytest.mark.parametrize(
        ("override", "code", "path", "value", "nearest"),
        [
            ("run.sed=8", "unknown_key", "run.sed", "sed", "seed"),
            ("rum.seed=8", "override_path", "rum.seed", "rum", "run"),
            (
                "layouts.zona.idle=longest_idle",
                "override_path",
                "layouts.zona.idle",
                "zona",
                "zone",
            ),
            ("layouts.7.idle=longest_idle", "override_path", "layouts.7.idle", "7", ""),
            ("run.seed.x=8", "override_path", "run.seed.x", "x", ""),
            ("run.seed=eight", "wrong_type", "run.seed", "eight", ""),
            ("run.seed=-1", "negative", "run.seed", "-1", ""),
            ("run.seed=[1", "override_value", "run.seed", "run.seed=[1", ""),
            ("run.seed=*a", "yaml_alias", "run.seed", "*a", ""),
            ("run={seed: 1, seed: 2}", "duplicate_key", "run", "seed", ""),
            ("run.seed", "override_value", "", "run.seed", ""),
            ("=8", "override_value", "", "=8", ""),
            ("run..seed=8", "override_value", "", "run..seed=8", ""),
            ("hall.last_ticket=15", "bare_number", "hall.last_ticket", "15", ""),
            ("hall.hours=weak", "unknown_calendar", "hall.hours", "weak", "week"),
            (
                "applicants.patience={mean: 5 min}",
                "missing_field",
                "applicants.patience.law",
                "",
                "",
            ),
        ],
    )
    def test_a_mistake_is_said_to_come_from_the_override(
        self, override: str, code: str, path: str, value: str, nearest: str, tmp_path: Path
    ) -> None:
        problem = only(problems(tmp_path, TOWN, override))
        assert (problem.code, problem.where) == (code, f"--set {path}".strip())
        assert problem.found == value
        assert dict(problem.values).get("nearest", "") == nearest
        assert problem.sentence(EN).startswith(f"--set {path}".strip() + ": ")
        assert problem.sentence(ZH).startswith(f"--set {path}".strip() + "：")

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("run.seed=1", "run.seed=2"),
            ("run={}", "run.seed=2"),
            ("run.seed=1", "run={}"),
            ("departments.1.reviewers=3", "departments.police.reviewers=4"),
        ],
    )
    def test_two_overrides_of_one_place(self, first: str, second: str, tmp_path: Path) -> None:
        conflicts = problems(tmp_path, TOWN, first, second)
        assert "override_conflict" in {problem.code for problem in conflicts}

    def test_all_mistakes_are_told_at_once(self, tmp_path: Path) -> None:
        text = changed("hours: week", "hours: weak")
        overrides = ("run.seed=x", "nowhere=1", "lay.out=1", "run.replications")
        codes = [problem.code for problem in problems(tmp_path, text, *overrides)]
        assert codes == [
            "override_value",
            "override_path",
            "unknown_key",
            "wrong_type",
            "unknown_calendar",
        ]

    def test_an_override_over_an_extended_file(self, town: Path) -> None:
        path = write(town, "more.yaml", "extends: town.yaml\nrun: {seed: 99}\n")
        assert load_scenario(path, ["run.seed=5"]).run.seed == 5
