"""The map tells distances, people and values as they are, and asks for nothing outside."""

from __future__ import annotations

import io
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from sim import example_path, load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.travel import ways_to_places
from sim.text import Text, load_text
from sim.views.map import Border, bar_length, read_borders, townships_map
from sim.views.style import as_svg, drawing
from tests.scenario.test_places import AREA
from tests.scenario.town import TOWN, read

EN, ZH = load_text("en"), load_text("zh")


@pytest.fixture(scope="module")
def city() -> Scenario:
    return load_scenario(example_path("sanmenxia_townships.yaml"))


@pytest.fixture(scope="module")
def borders() -> tuple[Border, ...]:
    return read_borders(example_path("data/sanmenxia_counties.geojson"))


@pytest.fixture(scope="module")
def drawn(city: Scenario, borders: tuple[Border, ...]) -> Figure:
    minutes = ways_to_places(city).minutes.min(axis=1)
    return townships_map(city, minutes, "分钟", ZH, borders=borders, new=["t411224204"])


def circles(figure: Figure) -> PathCollection:
    places = figure.axes[0].collections[0]
    assert isinstance(places, PathCollection)
    return places


def test_north_is_as_long_as_east(drawn: Figure) -> None:
    """Ten kilometres in any direction are as many pixels: distances on paper are distances."""
    drawn.draw_without_rendering()
    axes, km = drawn.axes[0], 10 / 111.2
    lat = float(np.mean(axes.get_ylim()))
    here = (111.0, lat)
    east, north = (111.0 + km / np.cos(np.radians(lat)), lat), (111.0, lat + km)
    pixels = axes.transData.transform([here, east, north])
    assert np.hypot(*(pixels[1] - pixels[0])) == pytest.approx(
        np.hypot(*(pixels[2] - pixels[0])), rel=1e-3
    )


def test_the_bar_is_as_long_as_it_says(drawn: Figure) -> None:
    axes = drawn.axes[0]
    [bar] = [line for line in axes.lines if line.get_gid() == "scale-bar"]
    lon, lat = np.asarray(bar.get_xdata(), float), float(np.mean(axes.get_ylim()))
    lengths = [
        float(text.get_text().split()[0]) for text in axes.texts if "公里" in text.get_text()
    ]
    assert (lon[-1] - lon[0]) * 111.2 * np.cos(np.radians(lat)) == pytest.approx(lengths[0])
    left, right = axes.get_xlim()
    assert (right - left) / 10 < lon[-1] - lon[0] <= (right - left) / 4
    assert [bar_length(width) for width in (1, 1.99, 2, 5, 49, 50)] == [1, 1, 2, 5, 20, 50]


def test_a_circle_is_as_large_as_its_people_are_many(drawn: Figure, city: Scenario) -> None:
    people = sorted((town.population for town in city.applicants.townships), reverse=True)
    size = circles(drawn).get_sizes()
    large = size > 20
    assert size[large] / size[0] == pytest.approx(np.array(people)[large] / people[0])
    assert (np.diff(size) <= 0).all()


def test_more_is_darker(drawn: Figure) -> None:
    drawn.draw_without_rendering()
    shown = circles(drawn)
    values = np.asarray(shown.get_array(), float)
    light = np.asarray(shown.get_facecolor())[:, :3] @ [0.2126, 0.7152, 0.0722]
    order = np.argsort(values)
    assert (np.diff(light[order]) <= 0.01).all()


@pytest.mark.parametrize("text", [EN, ZH], ids=["en", "zh"])
def test_no_name_covers_another(city: Scenario, borders: tuple[Border, ...], text: Text) -> None:
    minutes = ways_to_places(city).minutes.min(axis=1)
    figure = townships_map(city, minutes, "min", text, borders=borders)
    figure.draw_without_rendering()
    names = [text for text in figure.axes[0].texts if text.get_gid() == "name"]
    assert len(names) > 10
    with drawing():
        boxes = [name.get_window_extent() for name in names]
    texts = [name.get_text() for name in names]
    assert len(set(texts)) == len(texts)
    for box, neighbour in combinations(boxes, 2):
        shared = Bbox.intersection(box, neighbour)
        assert shared is None or min(shared.width, shared.height) < 2


def test_the_worst_is_named(drawn: Figure, city: Scenario) -> None:
    minutes = ways_to_places(city).minutes.min(axis=1)
    worst = city.applicants.townships[int(np.argmax(minutes))].name.zh
    notes = [text for text in drawn.axes[0].texts if isinstance(text, Annotation)]
    assert worst in [note.get_text() for note in notes]


def test_it_asks_for_nothing(drawn: Figure) -> None:
    svg = as_svg(drawn, "map", "图")
    outside = [url for url in re.findall(r"https?://[^\"'\s)]+", svg) if "w3.org" not in url]
    assert outside == []
    assert "<text" not in svg


def test_every_kind_of_place_has_its_mark(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, AREA)
    figure = townships_map(scenario, np.arange(4.0), "x", EN, new=["ridge"])
    labels = [label.get_text() for label in figure.legends[0].get_texts()]
    assert labels == ["City hall", "County hall", "Service station", "New station"]


def test_nothing_to_show_is_hollow(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, AREA)
    for values in (np.array([1.0, np.nan, 3.0, np.inf]), np.full(4, np.nan), np.zeros(4)):
        figure = townships_map(scenario, values, "x", EN)
        figure.savefig(io.BytesIO(), format="png", dpi=30)
    hollow = townships_map(scenario, np.array([1.0, np.nan, 3.0, 4.0]), "x", EN)
    assert len(hollow.axes[0].collections[1].get_offsets()) == 1  # type: ignore[arg-type]


def test_townships_without_coordinates_are_told(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, AREA)
    towns = scenario.applicants.townships
    lost = (*towns[:3], towns[3].model_copy(update={"lon": None, "lat": None}))
    people = scenario.applicants.model_copy(update={"townships": lost})
    figure = townships_map(scenario.model_copy(update={"applicants": people}), np.ones(4), "x", EN)
    assert "1 township without coordinates" in figure.texts[-1].get_text()
    bare, _ = read(tmp_path, TOWN)
    with pytest.raises(ValueError, match="none with coordinates"):
        townships_map(bare, np.ones(0), "x", EN)
    with pytest.raises(ValueError, match="one for each of 4 townships"):
        townships_map(scenario, np.ones(3), "x", EN)


def test_borders_enclose_what_the_city_measures(borders: tuple[Border, ...]) -> None:
    """Areas of the counties in km², as their governments publish them, within 2 %."""
    published = {"shanzhou": 1610.8, "mianchi": 1368, "lingbao": 3011}
    for border in borders:
        x, y = (border.rings[0] * [111.32 * np.cos(np.radians(34.5)), 111.0]).T
        area = abs((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2
        if border.county in published:
            assert area == pytest.approx(published[border.county], rel=0.02)
