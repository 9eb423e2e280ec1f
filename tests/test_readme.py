"""The README keeps its word: its YAML loads, its Python runs, its links and its figure are current.

`python -m tests.test_readme` draws the figure and runs the examples again, after a
change of their scenarios or of what the engine or the search makes of them.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import sim
from sim.command.root import govhall
from sim.text import load_text

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIGURE = ROOT / "static" / "three_halls.png"
CITY = "sanmenxia.yaml"
REPLICATIONS = 20
SIZE = "size scenarios/promised_day.yaml --lang en"
BROKEN, NEEDED = "Checks that today's roster misses", "Clerks that each window group"
"""Headings of the table that the example leaves out, and of the one that it shows."""
ROSTER = (
    "roster scenarios/promised_day.yaml --staff scenarios/data/promised_day_staff.csv --weeks 1"
    " --lang en"
)


def block(language: str) -> str:
    [code] = blocks(language)
    return code


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def draw_figure() -> None:
    """Draw the figure of the README; the scenario's hash and the first waits go along."""
    from sim.views.compare import compare_figure

    scenario = sim.load_scenario(sim.example_path(CITY))
    comparison = sim.compare(sim.replicate(scenario, run=sim.Run(replications=REPLICATIONS)))
    figure = compare_figure(comparison, load_text("en"), ["wait", "called_within"])
    about = {"Scenario": scenario.hash, "Waits": first_waits()}
    figure.savefig(FIGURE, dpi=110, metadata=about)


def first_waits() -> str:
    """Mean waits of the first crowd in each layout: other ones are those of another engine."""
    scenario = sim.load_scenario(sim.example_path(CITY))
    study = sim.replicate(scenario, run=sim.Run(replications=1))
    comparison = sim.compare(study)
    waits = [comparison.estimate(layout, "wait").interval.mean for layout in study.layouts]
    return " ".join(f"{wait:.6f}" for wait in waits)


def said_by(command: str) -> str:
    """What a command of the README prints."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", *shlex.split(command)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def size_example() -> str:
    """The answer of a sizing, and the clerks that are needed."""
    said = said_by(SIZE)
    answer, _, _ = said.partition(BROKEN)
    [table] = re.findall(rf"^{NEEDED}.*?┘\n", said, re.DOTALL | re.MULTILINE)
    return f"$ govhall {SIZE}\n{answer}{table}"


def roster_example() -> str:
    """The answer of a roster, and its week."""
    answer, end, _ = said_by(ROSTER).partition("┘\n")
    return f"$ govhall {ROSTER}\n{answer}{end}"


def renew_example() -> None:
    """Put what the commands say now into the README."""
    console = re.compile(r"```console\n.*?```", re.DOTALL)
    examples = iter([size_example(), roster_example()])
    new = console.sub(lambda _: f"```console\n{next(examples)}```", README)
    (ROOT / "README.md").write_text(new, encoding="utf-8")


def test_yaml_is_ten_lines_and_loads(tmp_path: Path) -> None:
    text = block("yaml")
    assert len(text.splitlines()) == 10
    shutil.copy(sim.example_path(CITY), tmp_path)
    (tmp_path / "variant.yaml").write_text(text, encoding="utf-8")
    city = sim.load_scenario(tmp_path / CITY)
    variant = sim.load_scenario(tmp_path / "variant.yaml")
    moved = {"zone": -2, "counter_market": 2}
    for before, after in zip(
        city.layout("zone").windows, variant.layout("zone").windows, strict=True
    ):
        change = max(after.clerks.values()) - max(before.clerks.values())
        assert change == moved.get(before.id, 0), before.id
    assert variant.layout("counters") == city.layout("counters")


def test_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block("python"), "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert re.match(r"\d+\.\d min, -?\d+\.\d to \d+\.\d\n(better|worse|not_dist|differs)", said)
    assert "called_at" in said


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_examples_are_what_the_commands_say() -> None:
    now = [size_example(), roster_example()]
    assert blocks("console") == now, "run: python -m tests.test_readme"


def test_figure_is_of_the_scenario_as_it_is() -> None:
    with Image.open(FIGURE) as image:
        about = dict(image.text)  # type: ignore[attr-defined]
    now = sim.load_scenario(sim.example_path(CITY)).hash
    remedy = "draw it again: .venv/bin/python -m tests.test_readme"
    assert about["Scenario"] == now, remedy
    assert about["Waits"] == first_waits(), remedy


def test_every_command_and_option_it_names_exists() -> None:
    commands = govhall(load_text("en")).commands
    assert set(re.findall(r"`govhall (\w+)", README)) == set(commands)
    options = {
        name for command in commands.values() for param in command.params for name in param.opts
    }
    assert set(re.findall(r"`(--\w+)", README)) <= options


def test_links_and_folders_are_there() -> None:
    links = re.findall(r"\]\((?!http)([^)\s]+)\)", README)
    named = re.findall(r"^\| (`[^|]*`) \|", README.partition("## Where")[2], re.MULTILINE)
    paths = [path for cell in named for path in re.findall(r"`([^`]+)`", cell)]
    assert links
    assert paths
    assert not [path for path in (*links, *paths) if not (ROOT / path).exists()]


def test_chinese_readers_are_addressed_first() -> None:
    assert re.search(r"[\u4e00-\u9fff]{4}", README.split("\n\n")[1])


def test_it_is_the_description_of_the_package() -> None:
    assert 'readme = "README.md"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


if __name__ == "__main__":
    draw_figure()
    renew_example()
