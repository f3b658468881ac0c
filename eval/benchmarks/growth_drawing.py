"""``python -m eval.benchmarks.growth_drawing GROWTH.json OUT.svg``: how what a store costs grows, as a drawing."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from eval.report.plots import COLOURS, axes_of, legend, svg


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that grows: its name, the most that it may cost, and its cost by passages."""

    name: str
    limit: float
    points: tuple[tuple[int, float], ...]


def lines(sizes: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Take what has a limit from the measurements of ``eval.benchmarks.growth``; of several the median."""

    def of(name: str) -> tuple[tuple[int, float], ...]:
        figures = [(size["passages"], figure) for size in sizes for figure in size["figures"]]
        return tuple((count, median(figure["values"])) for count, figure in figures if figure["what"] == name)

    def memory(name: str) -> tuple[tuple[int, float], ...]:
        return tuple((size["passages"], size[name] / 1e9) for size in sizes if size[name])

    return [
        Line("search, of 60 ms", 60, of("search, accented, processor time")),
        Line("without accents, of 60 ms", 60, of("search, unaccented, processor time")),
        Line("one article more, of 1 s", 1, of("one article added until it is found so")),
        Line("memory, of 3 GB", 3, memory("own_bytes")),
        Line("with mapped files", 3, memory("resident_bytes")),
    ]


def drawing(drawn: Sequence[Line]) -> str:
    """Draw each line as a share of its limit, as SVG; passages grow tenfold from tick to tick."""
    figure, axes = axes_of(height=3.6)
    for line, colour in zip(drawn, COLOURS, strict=False):
        counts, costs = zip(*line.points, strict=True)
        axes.plot(counts, [cost / line.limit for cost in costs], "o-", color=colour, label=line.name)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.set(xlabel="passages", ylabel="share of what it may cost", title="How a store grows")
    legend(axes)
    return str(svg(figure))


def main(arguments: Sequence[str]) -> int:
    """Draw one file."""
    measured, target = map(Path, arguments)
    sizes = json.loads(measured.read_text(encoding="utf-8"))["sizes"]
    target.write_text(drawing(lines(sizes)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
