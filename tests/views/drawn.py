"""A figure in words: every line, bar, patch and text on it, where it stands and how it looks.

A drawing that differs from the one that was kept shows in review as lines of text. Places are those
in the units of the axes; what Matplotlib arranges by itself, as ticks and margins, is left out, and
so is the hash of the scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text


def in_words(figure: Figure) -> str:
    """All that was put on a figure, a line each."""
    width, height = figure.get_size_inches()
    rows = [f"figure {number(width)} x {number(height)}"]
    rows += [f"  {row}" for words in figure.texts for row in _artist_rows(words)]
    for n, axes in enumerate(figure.axes):
        rows.append(f"axes {n} {_of_axes(axes)}")
        rows += [f"  {row}" for child in axes.get_children() for row in _artist_rows(child)]
    for legend in figure.legends:
        rows += [f"  {row}" for row in _artist_rows(legend)]
    return re.sub(r"\b[0-9a-f]{16}\b", "HASH", "\n".join(rows)) + "\n"


def number(value: float) -> str:
    """Four figures: enough to tell drawings apart, too few for rounding of the machine."""
    return f"{float(value) + 0.0:.4g}"


def _of_axes(axes: Axes) -> str:
    limits = (*axes.get_xlim(), *axes.get_ylim())
    words = [axes.get_title(loc="left"), axes.get_title(), axes.get_xlabel(), axes.get_ylabel()]
    scales = f"{axes.get_xscale()} {axes.get_yscale()}"
    lines = [name for name in ("x", "y") if _has_lines(getattr(axes, f"{name}axis"))]
    sides = [side for side, spine in axes.spines.items() if spine.get_visible()]
    return f"{_numbers(limits)} {scales} {words} grid {lines} sides {sides}"


def _has_lines(axis: Axis) -> bool:
    """Whether lines of the grid run across the drawing from its ticks."""
    return bool(axis.get_tick_params()["gridOn"])


def _artist_rows(artist: Artist) -> Iterator[str]:
    if not artist.get_visible() or isinstance(artist, Axis | Spine):
        return
    if isinstance(artist, Legend):
        labels = [text.get_text() for text in artist.get_texts()]
        yield f"legend z={number(artist.get_zorder())} {labels}"
        for handle in artist.legend_handles:
            if isinstance(handle, Line2D):
                style = f"{handle.get_linestyle()} {handle.get_marker()}{_marker(handle)}"
                yield f"  {style} {_colour(handle.get_color())}"
        return
    kind, look = type(artist).__name__, _look(artist)
    if isinstance(artist, Text):
        if artist.get_text():
            place = _numbers(artist.get_position())
            if isinstance(artist, Annotation):
                place += f" at {_numbers(artist.xy)}"
            sides = f"{artist.get_horizontalalignment()} {artist.get_verticalalignment()}"
            aligned = f"{sides} {number(artist.get_rotation())}"
            size = f"{number(float(artist.get_fontsize()))} {artist.get_fontweight()}"
            yield f"{kind} {place} {aligned} {size} {look} {artist.get_text()!r}"
    elif isinstance(artist, Line2D):
        x, y = (np.asarray(values, dtype=float) for values in artist.get_data())
        style = f"{artist.get_linestyle()} {number(artist.get_linewidth())}"
        size = f"{number(artist.get_markersize())} {number(artist.get_markeredgewidth())}"
        mark = f"{artist.get_marker()} {size}"
        yield f"{kind} {_values(x)} {_values(y)} {style} {mark}{_marker(artist)} {look}"
    elif isinstance(artist, Patch):
        path = artist.get_path().transformed(artist.get_patch_transform()).vertices
        edge = f"{number(artist.get_linewidth())} {_colour(artist.get_edgecolor())}"
        yield f"{kind} {_points(path)} {edge} {look}"
    elif isinstance(artist, Collection):
        paths = [np.asarray(path.vertices) for path in artist.get_paths()]
        drawn = _points(np.concatenate(paths)) if paths else ""
        placed = _points(np.ma.getdata(artist.get_offsets()))
        widths = _numbers(np.unique(np.atleast_1d(artist.get_linewidth())))
        colours = sorted({_colour(colour) for colour in artist.get_facecolor()})
        yield f"{kind} {len(paths)} {drawn} {placed} {widths} {colours[:3]} {look}"


def _marker(line: Line2D) -> str:
    """Colours of the marks and their edges, where they are not those of the line."""
    if line.get_marker() in {"None", "none", " ", "", None}:
        return ""
    colour = _colour(line.get_color())
    colours = (_colour(line.get_markerfacecolor()), _colour(line.get_markeredgecolor()))
    return "" if set(colours) == {colour} else f" {'/'.join(colours)}"


def _look(artist: Any) -> str:
    """What all have: which covers which, how one shines through, in which colour."""
    colour = artist.get_facecolor() if isinstance(artist, Patch) else None
    if isinstance(artist, Text | Line2D):
        colour = artist.get_color()
    alpha = artist.get_alpha()
    parts = [f"z={number(artist.get_zorder())}"]
    parts += [] if alpha is None or np.ndim(alpha) else [f"a={number(alpha)}"]
    parts += [] if colour is None else [_colour(colour)]
    return " ".join(parts)


def _colour(colour: Any) -> str:
    return "none" if isinstance(colour, str) and colour == "none" else to_hex(colour, True)


def _numbers(values: Iterable[Any]) -> str:
    return f"({', '.join(number(value) for value in values)})"


def _values(values: np.ndarray[Any, Any]) -> str:
    """A few as they are, of many their number, ends, mean and spread."""
    shown = values[np.isfinite(values)]
    if len(values) <= 6 or not len(shown):
        return _numbers(values)
    sums = (len(values), shown[0], shown[-1], shown.min(), shown.max(), shown.mean(), shown.std())
    return _numbers(sums)


def _points(points: Any) -> str:
    array = np.asarray(points, dtype=float).reshape(-1, 2)
    return f"{_values(array[:, 0])} {_values(array[:, 1])}"
