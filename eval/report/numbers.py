"""Scores as people read them: Vietnamese writes a decimal comma, English a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from eval.metrics.intervals import Estimate
from eval.report.strings import Strings

DASH = "–"
GIGABYTE = 1e9


def decimal(value: float, digits: int, words: Strings) -> str:
    """A number with so many decimals and grouped thousands."""
    text = f"{value:,.{digits}f}"
    return text.translate({ord(","): ".", ord("."): ","}) if words["language"] == "vi" else text


def percent(value: float, words: Strings, digits: int = 0) -> str:
    """A share as a percentage."""
    return decimal(100 * value, digits, words) + "%"


def unit_of(measure: str) -> str:
    """How a measure is written: ``share``, ``score`` in [0, 1], ``seconds`` or ``count``."""
    if measure.endswith(("_p50", "_p95")):
        return "seconds"
    if measure in ("mrr@10", "ndcg@10", "f1", "short_f1", "aurc", "told_auroc"):
        return "score"
    return "count" if measure in ("words", "prompt_tokens", "output_tokens") else "share"


def write(value: float | None, measure: str, words: Strings) -> str:
    """A value of a measure in its unit; a dash where it is undefined."""
    return DASH if value is None else _WRITERS[unit_of(measure)](value, words)


def interval(estimate: Estimate, measure: str, words: Strings) -> str:
    """The 95% interval, its unit left to the value above it; empty where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return DASH.join(write(bound, measure, words).rstrip("%s ") for bound in (estimate.low, estimate.high))


def with_interval(estimate: Estimate, measure: str, words: Strings) -> str:
    """A value and its interval in brackets."""
    bounds = interval(estimate, measure, words)
    return write(estimate.value, measure, words) + (f" ({bounds})" if bounds else "")


def seconds(value: float, words: Strings) -> str:
    """Seconds, with more decimals the shorter they are."""
    return decimal(value, 2 if value < 1 else 1 if value < 100 else 0, words) + " s"


def milliseconds(value: float | None, words: Strings) -> str:
    """Seconds written in thousandths; a dash where they are not known."""
    return DASH if value is None else decimal(1000 * value, 1 if value < 0.01 else 0, words) + " ms"


def gigabytes(count: int | None, words: Strings) -> str:
    """Bytes in gigabytes; a dash where they are not known."""
    return DASH if count is None else decimal(count / GIGABYTE, 1, words) + " GB"


_WRITERS: Mapping[str, Callable[[float, Strings], str]] = {
    "share": percent,
    "score": lambda value, words: decimal(value, 3, words),
    "seconds": seconds,
    "count": lambda value, words: decimal(value, 0, words),
}
