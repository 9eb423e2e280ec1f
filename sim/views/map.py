"""A map of the area: borders, townships coloured by a value, halls and stations. No map service."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox, ScaledTranslation

from sim import example_path
from sim.arrays import Floats
from sim.scenario.geography import coordinates_of
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.style import FAINT, INK, PALETTE, SMALL, drawing, finish, sheet

COLOURS: Final = "cividis_r"
"""Made for readers who see red and green alike (Nuñez et al. 2018); more is darker in grey too."""
SHAPES: Final[Mapping[str, tuple[str, float]]] = {
    "city_hall": ("*", 15.0),
    "county_hall": ("s", 7.5),
    "station": ("^", 8.5),
    "new_station": ("v", 9.5),
}
"""Marker and size of each kind of place."""
LARGEST: Final = 320.0
"""Square points of the circle of the most populous township."""
SMALLEST: Final = 12.0
"""… of any: smaller ones could not be seen."""
ABOVE: Final = 9.0
"""Points by which a station stands above its township, so that both are seen."""
THIN, THICK = 0.6, 2.0
"""Points of the edges of circles."""
LABELS: Final = 16
"""Townships that are named: those with most of what is shown, where their names have room."""
KM_A_DEGREE: Final = 111.2
MARGIN: Final = 0.06
"""Degrees around everything."""


class Border(NamedTuple):
    """A county on the map.

    Attributes
    ----------
    county : str
        Its id, as townships name it.
    zh, en : str
        Its name.
    rings : tuple of ndarray, each of shape (n, 2)
        Longitude and latitude along its border, first point repeated at the end.
    """

    county: str
    zh: str
    en: str
    rings: tuple[Floats, ...]


@lru_cache(maxsize=4)
def read_borders(path: str | Path) -> tuple[Border, ...]:
    """Borders from a GeoJSON file of polygons with the properties `county`, `zh` and `en`.

    Examples
    --------
    >>> from sim import example_path
    >>> [border.en for border in read_borders(example_path("data/sanmenxia_counties.geojson"))][:2]
    ['Hubin', 'Shanzhou']
    """
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    borders = []
    for feature in document["features"]:
        shape, about = feature["geometry"], feature["properties"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = tuple(np.array(ring, dtype=np.float64) for part in parts for ring in part)
        for ring in rings:
            ring.setflags(write=False)  # who reads them again gets the same
        borders.append(Border(about["county"], about["zh"], about["en"], rings))
    return tuple(borders)


def borders_of(scenario: Scenario) -> Sequence[Border]:
    """Borders that ship, where they are those of the scenario's counties; else none."""
    borders = read_borders(example_path("data/sanmenxia_counties.geojson"))
    counties = {town.county for town in scenario.applicants.townships}
    return borders if counties <= {border.county for border in borders} else ()


def townships_map(
    scenario: Scenario,
    values: Floats,
    label: str,
    text: Text,
    *,
    title: str = "",
    note: str = "",
    new: Sequence[str] = (),
    borders: Sequence[Border] = (),
    sure: Sequence[str] = (),
) -> Figure:
    """Where does it weigh most?

    A circle a township, its area by residents, its colour by the value; halls and stations are
    marked.

    Parameters
    ----------
    values : ndarray, shape (townships,)
        In the order of the scenario; nan = nothing to show, drawn hollow.
    label : str
        What the value is, with its unit.
    title, note : str
        Default: made of the label; what the values rest on, such as replications and seed.
    new : sequence of str
        Townships whose centres get a new station.
    borders : sequence of Border
        Drawn below everything, with their names.
    sure : sequence of str
        Townships drawn with a thick edge.

    Raises
    ------
    ValueError
        If there is not one value a township, or no township has coordinates.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.scenario.travel import ways_to_places
    >>> from sim.text import load_text
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> minutes = ways_to_places(area).minutes.min(axis=1)
    >>> borders = read_borders(example_path("data/sanmenxia_counties.geojson"))
    >>> figure = townships_map(area, minutes, "Minutes", load_text("en"), borders=borders)
    >>> figure.axes[1].get_xlabel()
    'Minutes'
    """
    townships = scenario.applicants.townships
    if values.shape != (len(townships),):
        raise ValueError(
            f"values: found shape {values.shape}; allowed is one for each of {len(townships)} "
            "townships; correct it"
        )
    where = [coordinates_of(scenario, town) for town in townships]
    seen = np.array([at is not None for at in where], dtype=np.bool_)
    if not seen.any():
        raise ValueError("townships: found none with coordinates; allowed is one at least; add it")
    spots = np.array([at for at in where if at is not None], dtype=np.float64)
    people = np.array([town.population for town in townships], dtype=np.float64)[seen]
    names = [text.name(t.name) for t, at in zip(townships, where, strict=True) if at is not None]
    shown = values[seen]
    size = np.maximum(LARGEST * people / max(float(people.max()), 1.0), SMALLEST)
    frame = _frame(spots, borders)
    with drawing():
        wide = 8.0
        height = wide * _shape_of(frame) + 1.9
        figure = sheet(title or text("figure.map.title", what=label), min(height, 11.0))
        axes = figure.subplots()
        _ground(axes, frame, borders, text)
        edges = np.array([THICK if town.id in sure else THIN for town in townships])[seen]
        _circles(figure, axes, spots, size, shown, label, edges)
        handles = _places(axes, scenario, new, text)
        _scale_bar(axes, frame, text)
        _north(axes, text)
        lines = [note] if note else []
        hidden = int((~seen).sum())
        if hidden:
            lines.append(text("figure.map.hidden", n=hidden))
        lines.append(text("figure.map.note", hash=scenario.hash))
        finish(figure, "\n".join(lines), handles)
        figure.draw_without_rendering()  # labels need to know where everything has come to lie
        _names(axes, spots, size, shown, names)
    return figure


def _frame(spots: Floats, borders: Sequence[Border]) -> Bbox:
    points = np.concatenate([spots, *(ring for border in borders for ring in border.rings)])
    low, high = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
    return Bbox([low, high])


def _stretch(frame: Bbox) -> float:
    """How many times longer a degree of latitude is than one of longitude here."""
    return 1 / math.cos(math.radians((frame.y0 + frame.y1) / 2))


def _shape_of(frame: Bbox) -> float:
    return float(frame.height * _stretch(frame) / frame.width)


def _ground(axes: Axes, frame: Bbox, borders: Sequence[Border], text: Text) -> None:
    axes.set_xlim(frame.x0, frame.x1)
    axes.set_ylim(frame.y0, frame.y1)
    axes.set_aspect(_stretch(frame))
    axes.set_axis_off()
    for border in borders:
        for ring in border.rings:
            axes.fill(*ring.T, facecolor="#f6f5f1", edgecolor=FAINT, linewidth=0.9, zorder=0)
        lon, lat = middle(border.rings[0])
        axes.text(
            lon,
            lat,
            text.name(border),
            ha="center",
            va="center",
            fontsize=SMALL + 5,
            color="#b3b0a6",
            zorder=0.5,
            clip_on=True,
            in_layout=False,
        )


def middle(ring: Floats) -> tuple[float, float]:
    """Centre of gravity of the area inside a ring."""
    x, y = ring.T
    turn = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = float(turn.sum())
    return (
        float(((x[:-1] + x[1:]) * turn).sum() / (3 * area)),
        float(((y[:-1] + y[1:]) * turn).sum() / (3 * area)),
    )


def _circles(
    figure: Figure,
    axes: Axes,
    spots: Floats,
    size: Floats,
    shown: Floats,
    label: str,
    edges: Floats,
) -> None:
    order = np.argsort(-size, kind="stable")  # the small ones on top
    finite = shown[np.isfinite(shown)]
    top = float(finite.max()) if finite.size else 1.0
    low = min(float(finite.min()), 0.0) if finite.size else 0.0
    circles = axes.scatter(
        spots[order, 0],
        spots[order, 1],
        s=size[order],
        c=np.where(np.isfinite(shown), shown, np.nan)[order],
        cmap=COLOURS,
        vmin=low,
        vmax=top if top > low else low + 1.0,
        edgecolors=INK,
        linewidths=THIN,
        plotnonfinite=False,
        zorder=2,
    )
    circles.set_linewidth(edges[order].tolist())
    nothing = order[~np.isfinite(shown[order])]
    axes.scatter(
        spots[nothing, 0],
        spots[nothing, 1],
        s=size[nothing],
        facecolors="none",
        edgecolors=INK,
        linewidths=0.6,
    )
    bar = figure.colorbar(circles, ax=axes, orientation="horizontal", shrink=0.6, aspect=34, pad=0)
    bar.set_label(label)
    bar.outline.set_visible(False)


def _places(axes: Axes, scenario: Scenario, new: Sequence[str], text: Text) -> list[Line2D]:
    """Marks of all places, and one of each kind for the legend."""
    marks: dict[str, list[tuple[float, float]]] = {kind: [] for kind in SHAPES}
    for place in scenario.places.open if scenario.places is not None else ():
        at = coordinates_of(scenario, place)
        if at is not None:
            marks[place.kind].append(at)
    for town in scenario.applicants.townships:
        at = coordinates_of(scenario, town)
        if town.id in new and at is not None:
            marks["new_station"].append(at)
    handles = []
    for kind, points in marks.items():
        if not points:
            continue
        marker, size = SHAPES[kind]
        colour = "#c40233" if kind == "new_station" else PALETTE[1]
        lifted = ABOVE / 72 if kind in {"station", "new_station"} else 0.0
        above = ScaledTranslation(0, lifted, axes.figure.dpi_scale_trans)
        [mark] = axes.plot(
            *np.array(points).T,
            linestyle="none",
            marker=marker,
            markersize=size,
            markerfacecolor=colour,
            markeredgecolor="white",
            markeredgewidth=0.9,
            label=text(f"figure.map.{kind}"),
            transform=axes.transData + above,
            zorder=3,
        )
        handles.append(mark)
    return handles


def _scale_bar(axes: Axes, frame: Bbox, text: Text) -> None:
    """A round number of kilometres, no more than a quarter of the width, at the lower left."""
    km_wide = float(frame.width) * KM_A_DEGREE / _stretch(frame)
    length = bar_length(km_wide / 4)
    left, low = frame.x0 + 0.02 * frame.width, frame.y0 + 0.025 * frame.height
    right = left + length / km_wide * frame.width
    axes.plot(
        [left, left, right, right],
        [low + 0.008 * frame.height, low, low, low + 0.008 * frame.height],
        color=INK,
        linewidth=1.4,
        solid_joinstyle="miter",
        gid="scale-bar",
    )
    axes.text(
        (left + right) / 2,
        low + 0.012 * frame.height,
        text.with_unit(f"{length:g}", "km"),
        ha="center",
        va="bottom",
        fontsize=SMALL,
    )


def bar_length(at_most: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is no longer.

    Examples
    --------
    >>> bar_length(40), bar_length(9.9), bar_length(0.3)
    (20.0, 5.0, 0.2)
    """
    power = 10.0 ** math.floor(math.log10(at_most))
    return round(max(step * power for step in (1, 2, 5) if step * power <= at_most), 12)


def _north(axes: Axes, text: Text) -> None:
    axes.annotate(
        text("figure.map.north"),
        xy=(0.965, 0.99),
        xytext=(0.965, 0.91),
        xycoords="axes fraction",
        ha="center",
        va="top",
        fontsize=SMALL + 1,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.2},
    )


def _names(axes: Axes, spots: Floats, size: Floats, shown: Floats, names: Sequence[str]) -> None:
    """Names beside the townships with the largest values, as far as none covers another."""
    taken: list[Bbox] = [Bbox([[0.93, 0.88], [1.0, 1.0]]).transformed(axes.transAxes)]  # north
    order = map(int, np.argsort(-np.nan_to_num(shown, nan=-np.inf), kind="stable"))
    for n in [n for n in order if np.isfinite(shown[n])][:LABELS]:
        away = math.sqrt(size[n] / math.pi) + 4
        for dx, dy, ha, va in (
            (away, 0.0, "left", "center"),
            (-away, 0.0, "right", "center"),
            (0.0, -away, "center", "top"),
        ):
            name = axes.annotate(
                names[n],
                xy=(float(spots[n, 0]), float(spots[n, 1])),
                xytext=(dx, dy),
                textcoords="offset points",
                fontsize=SMALL,
                ha=ha,
                va=va,
                zorder=4,
                gid="name",
                in_layout=False,
            )
            box = name.get_window_extent().padded(3)
            if not any(box.overlaps(taken_box) for taken_box in taken):
                taken.append(box)
                break
            name.remove()
