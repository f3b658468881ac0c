"""Plots as inline SVG; colours and type come from the page's style sheet by class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 720
LABEL_HEIGHT = 15

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its name, its CSS class, and its points from left to right."""

    name: str
    style: str
    points: Sequence[Point]
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from ``low`` to ``high`` with its ticks, the name of what it shows, and how a value is written."""

    low: float
    high: float
    ticks: Sequence[float]
    name: str
    write: Callable[[float], str]

    def place(self, value: float, start: float, length: float) -> float:
        """Where a value stands on a line of this length, held inside it."""
        share = (value - self.low) / (self.high - self.low)
        return start + min(max(share, 0.0), 1.0) * length


@dataclass(frozen=True, slots=True)
class Dot:
    """A value in [0, 1], with its interval where it is known, of one system."""

    name: str
    style: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stacked bar."""

    name: str
    style: str
    count: int


def line_plot(title: str, series: Sequence[Series], across: Axis, up: Axis, height: int = 300) -> Markup:
    """Lines with their names at their right ends; those of steps, which all end at the top, from left to right.

    Where the points are few, each tells its values on hover.
    """
    left, top, right, bottom = 46, 28, 204, 40
    wide, tall = WIDTH - left - right, height - top - bottom

    def at(point: Point) -> Point:
        return across.place(point[0], left, wide), top + tall - (up.place(point[1], 0, tall))

    parts = [_grid_up(up, left, top, wide, tall), _ticks_across(across, left, top, wide, tall)]
    ends: list[tuple[float, Series]] = []
    for one in reversed(series):
        places = [at(point) for point in one.points]
        if not places:
            continue
        parts.append(Markup('<path class="line {}" d="{}"/>').format(one.style, _path(places, one.steps)))
        if not one.steps and len(places) <= 12:
            for (x, y), (a, b) in zip(places, one.points, strict=True):
                parts.append(
                    Markup(
                        '<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="3.5"><title>{}: {} → {}</title></circle>'
                    ).format(one.style, x, y, one.name, across.write(a), up.write(b))
                )
        if one.steps:
            ends.append((top + places[-1][0] / WIDTH, one))
        else:
            ends.append((places[-1][1], one))
            parts.append(_leader(places[-1], left + wide, one.style))
    parts.append(_end_labels(ends, left + wide + 10, top, top + tall))
    return _svg(title, height, parts)


def dot_plot(title: str, rows: Sequence[tuple[str, str, Sequence[Dot]]], across: Axis) -> Markup:
    """A row for each (label, remark, dots): the first dot large with its interval, the others small."""
    left, top, right, bottom, step = 168, 8, 24, 40, 34
    wide, tall = WIDTH - left - right, step * len(rows)
    parts = [_ticks_across(across, left, top, wide, tall, lines=True)]
    for place, (name, remark, dots) in enumerate(rows):
        y = top + step * (place + 0.5)
        parts.append(
            Markup(
                '<text class="label" x="{}" y="{:.1f}" text-anchor="end">{} <tspan class="quiet">{}</tspan></text>'
            ).format(left - 14, y + 4, name, remark)
        )
        for order, dot in reversed(list(enumerate(dots))):
            x = across.place(dot.value, left, wide)
            if order == 0 and dot.low is not None and dot.high is not None:
                ends = (across.place(dot.low, left, wide), across.place(dot.high, left, wide))
                parts.append(
                    Markup(
                        '<line class="whisker {}" x1="{:.1f}" x2="{:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
                    ).format(dot.style, *ends, y=y)
                )
            parts.append(
                Markup(
                    '<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}: {}</title></circle>'
                ).format(dot.style, x, y, 6.5 if order == 0 else 4, dot.name, across.write(dot.value))
            )
    return _svg(title, top + tall + bottom, parts)


def stacked_bars(title: str, rows: Sequence[tuple[str, Sequence[Part]]]) -> Markup:
    """A full-width bar for each (label, parts); a part that is wide enough carries its count."""
    left, top, right, step, thick = 168, 4, 24, 34, 20
    wide = WIDTH - left - right
    pieces: list[Markup] = []
    for place, (name, bar) in enumerate(rows):
        y = top + step * place + (step - thick) / 2
        pieces.append(
            Markup('<text class="label" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
                left - 14, y + thick / 2 + 4, name
            )
        )
        total, x = sum(part.count for part in bar) or 1, float(left)
        for part in bar:
            if not part.count:
                continue
            length = wide * part.count / total
            pieces.append(
                Markup(
                    '<g class="part {}"><rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" rx="2"/>'
                    "<title>{}: {}</title>"
                ).format(part.style, x + 0.75, y, max(length - 1.5, 1), thick, part.name, part.count)
            )
            if length >= 22:
                pieces.append(
                    Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
                        x + length / 2, y + thick / 2 + 4.5, part.count
                    )
                )
            pieces.append(Markup("</g>"))
            x += length
    return _svg(title, top + step * len(rows) + 4, pieces)


def _svg(title: str, height: float, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="plot" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}"><title>{}</title>{}</svg>'
    ).format(WIDTH, height, title, title, Markup("").join(parts))


def _grid_up(axis: Axis, left: float, top: float, wide: float, tall: float) -> Markup:
    lines = [
        Markup('<text class="axis" x="{:.1f}" y="{:.1f}">{}</text>').format(left - 38, top - 14, axis.name)
    ]
    for tick in axis.ticks:
        y = top + tall - axis.place(tick, 0, tall)
        lines.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{y:.1f}" y2="{y:.1f}"/>').format(
                left, left + wide, y=y
            )
        )
        lines.append(
            Markup('<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
                left - 8, y + 4, axis.write(tick)
            )
        )
    return Markup("").join(lines)


def _ticks_across(
    axis: Axis, left: float, top: float, wide: float, tall: float, *, lines: bool = False
) -> Markup:
    parts: list[Markup] = []
    for tick in axis.ticks:
        x = axis.place(tick, left, wide)
        if lines:
            parts.append(
                Markup('<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{}" y2="{}"/>').format(
                    top, top + tall, x=x
                )
            )
        parts.append(
            Markup('<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
                x, top + tall + 18, axis.write(tick)
            )
        )
    parts.append(
        Markup('<text class="axis" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>').format(
            left + wide, top + tall + 34, axis.name
        )
    )
    return Markup("").join(parts)


def _path(places: Sequence[Point], steps: bool) -> str:
    first, *others = places
    words = [f"M{first[0]:.1f} {first[1]:.1f}"]
    for x, y in others:
        words.append(f"H{x:.1f}V{y:.1f}" if steps else f"L{x:.1f} {y:.1f}")
    return "".join(words)


def _leader(end: Point, edge: float, style: str) -> Markup:
    """A faint line from where a series ends to the edge where its name stands."""
    if edge - end[0] < 8:
        return Markup("")
    return Markup('<line class="leader {}" x1="{:.1f}" x2="{:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>').format(
        style, end[0] + 4, edge + 4, y=end[1]
    )


def _end_labels(ends: Sequence[tuple[float, Series]], x: float, top: float, bottom: float) -> Markup:
    """Names beside the ends of their lines, moved apart so that none covers another."""
    ordered = sorted(ends, key=lambda end: end[0])
    places = spread([y for y, _ in ordered], LABEL_HEIGHT, top, bottom)
    return Markup("").join(
        Markup('<text class="name {}" x="{:.1f}" y="{:.1f}">{}</text>').format(one.style, x, y + 4, one.name)
        for y, (_, one) in zip(places, ordered, strict=True)
    )


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move sorted places apart to at least ``gap``, inside the bounds where they fit, each as little as it can."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap) if moved else max(place, low))
    limit = high
    for i in range(len(moved) - 1, -1, -1):
        moved[i] = min(moved[i], limit)
        limit = moved[i] - gap
    return moved


def legend(entries: Sequence[tuple[str, str]]) -> Markup:
    """Names with their colours, from (name, CSS class)."""
    items = Markup("").join(
        Markup('<li><span class="swatch {}"></span>{}</li>').format(style, name) for name, style in entries
    )
    return Markup('<ul class="legend">{}</ul>').format(items)
