"""Scores as people read them: Vietnamese writes a decimal comma, English a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from eval.metrics.intervals import Estimate
from eval.report.strings import Language

DASH = "–"
GIGABYTE = 1e9


def decimal(value: float, digits: int, language: Language) -> str:
    """A number with so many decimals and grouped thousands."""
    text = f"{value:,.{digits}f}"
    return text.translate({ord(","): ".", ord("."): ","}) if language == "vi" else text


def percent(value: float, language: Language, digits: int = 0) -> str:
    """A share as a percentage."""
    return decimal(100 * value, digits, language) + "%"


def unit_of(measure: str) -> str:
    """How a measure is written: ``share``, ``score`` in [0, 1], ``seconds`` or ``count``."""
    if measure.endswith(("_p50", "_p95")):
        return "seconds"
    if measure in ("mrr@10", "ndcg@10", "f1", "short_f1", "aurc", "told_auroc"):
        return "score"
    return "count" if measure in ("words", "prompt_tokens", "output_tokens") else "share"


def write(value: float | None, measure: str, language: Language) -> str:
    """A value of a measure in its unit; a dash where it is undefined."""
    if value is None:
        return DASH
    return _WRITERS[unit_of(measure)](value, language)


def interval(estimate: Estimate, measure: str, language: Language) -> str:
    """The 95% interval, its unit left to the value above it; empty where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (write(bound, measure, language).rstrip("%s ") for bound in (estimate.low, estimate.high))
    return f"{low}{DASH}{high}"


def seconds(value: float, language: Language) -> str:
    """Seconds, with more decimals the shorter they are."""
    return decimal(value, 2 if value < 1 else 1 if value < 100 else 0, language) + " s"


def milliseconds(value: float | None, language: Language) -> str:
    """Seconds written in thousandths; a dash where they are not known."""
    return DASH if value is None else decimal(1000 * value, 1 if value < 0.01 else 0, language) + " ms"


def gigabytes(count: int | None, language: Language) -> str:
    """Bytes in gigabytes; a dash where they are not known."""
    return DASH if count is None else decimal(count / GIGABYTE, 1, language) + " GB"


_WRITERS: Mapping[str, Callable[[float, Language], str]] = {
    "share": percent,
    "score": lambda value, language: decimal(value, 3, language),
    "seconds": seconds,
    "count": lambda value, language: decimal(value, 0, language),
}
