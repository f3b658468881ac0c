"""What a measurement of speed gives, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from eval.report.numbers import DASH, GIGABYTE
from eval.report.tables import align
from eval.schema import Facts

T = TypeVar("T")
Unit: TypeAlias = Literal["s", "ms", "/s", "times", "cosine", "chunks", "MB"]


@dataclass(frozen=True, slots=True)
class Figure:
    """The single measurements of one thing, in the order in which they were taken."""

    what: str
    unit: Unit
    values: tuple[float, ...]

    def at(self, share: float) -> float | None:
        """The value below which this share of them lies, between two of them in proportion; undefined for none."""
        return float(np.quantile(self.values, share)) if self.values else None

    def quantiles(self) -> list[str]:
        """The median, and between which values nine of ten measurements lie."""
        return [_number(self.at(share)) for share in (0.5, 0.05, 0.95)]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the benchmark; ``facts`` say what was measured, ``peak_bytes`` is the process's most memory."""

    name: str
    figures: tuple[Figure, ...]
    facts: Facts
    peak_bytes: int | None = None


def in_milliseconds(what: str, seconds: Sequence[float]) -> Figure:
    """A figure of short times."""
    return Figure(what, "ms", tuple(1000 * value for value in seconds))


def timed(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes."""
    return clocked(work)[1][0]


def clocked(work: Callable[[], T]) -> tuple[T, tuple[float, float]]:
    """What a piece of work gives, and its seconds: by the clock, and of the processor, of all threads together.

    Other programs do not lengthen those of the processor.
    """
    began, used = perf_counter(), process_time()
    made = work()
    return made, (perf_counter() - began, process_time() - used)


def speed_table(parts: Sequence[Part]) -> str:
    """Each part's figures: the median, and between which values nine of ten measurements lie."""
    texts = []
    for part in parts:
        memory = DASH if part.peak_bytes is None else f"{part.peak_bytes / GIGABYTE:.2f} GB"
        facts = ", ".join(f"{name} {value}" for name, value in part.facts.items())
        rows = [[part.name, "median", "5%", "95%", "unit", "n"]]
        rows += [
            [figure.what, *figure.quantiles(), figure.unit, str(len(figure.values))]
            for figure in part.figures
        ]
        texts.append(f"{align(rows)}peak memory {memory}; {facts}\n")
    return "\n".join(texts)


def side_by_side(figures: Sequence[Figure]) -> list[str]:
    """The cells of a table that compares like figures: each the median and nine of ten in brackets."""
    return ["{} ({}–{})".format(*figure.quantiles()) for figure in figures]


def _number(value: float | None) -> str:
    if value is None:
        return DASH
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.4g}"
