"""``python -m eval.benchmarks.growth_drawing GROWTH.json OUT.svg``: how what a store costs grows, as a drawing."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from eval.drawing import standalone
from eval.plots import Axis, Series, line_plot


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that grows: its name, the most that it may cost, and its cost by passages."""

    name: str
    limit: float
    points: tuple[tuple[int, float], ...]


def lines(sizes: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Take what has a limit from the measurements of ``eval.benchmarks.growth``; of several the median."""

    def of(name: str) -> tuple[tuple[int, float], ...]:
        return tuple(
            (size["passages"], median(figure["values"]))
            for size in sizes
            for figure in size["figures"]
            if figure["what"] == name
        )

    memory = tuple((size["passages"], size["resident_bytes"] / 1e9) for size in sizes)
    return [
        Line("search, of 60 ms", 60, of("search, accented, processor time")),
        Line("without accents, of 60 ms", 60, of("search, unaccented, processor time")),
        Line("one article more, of 1 s", 1, of("one article added until it is found so")),
        Line("memory, of 3 GB", 3, memory),
    ]


def drawing(drawn: Sequence[Line]) -> str:
    """Draw each line as a share of its limit, passages growing tenfold from tick to tick."""
    counts = sorted({count for line in drawn for count, _ in line.points})
    across = Axis(
        math.log10(counts[0]), math.log10(counts[-1]), [math.log10(count) for count in counts], "passages",
        lambda exponent: f"{round(10**exponent):,}",
    )  # fmt: skip
    highest = max(1.0, *(value / line.limit for line in drawn for _, value in line.points))
    up = Axis(0, highest, (0, 0.25, 0.5, 0.75, 1), "share of what it may cost", lambda share: f"{share:.0%}")
    series = [
        Series(
            line.name, f"s{place}", [(math.log10(count), value / line.limit) for count, value in line.points]
        )
        for place, line in enumerate(drawn)
    ]
    return standalone(line_plot("How a store grows", series, across, up), ())


def main(arguments: Sequence[str]) -> int:
    """Draw one file."""
    measured, target = map(Path, arguments)
    sizes = json.loads(measured.read_text(encoding="utf-8"))["sizes"]
    target.write_text(drawing(lines(sizes)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
