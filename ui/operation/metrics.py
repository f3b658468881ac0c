"""What happened and how things stand, in the form that Prometheus collects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from rag.timing import STAGES
from ui.operation.gauges import Figure
from ui.operation.observing import RESULTS, Observation

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

INSTALL = "pip install 'hoidap[metrics]'"
_BUCKETS = (0.01, 0.03, 0.1, 0.3, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300)
"""Upper ends in seconds."""


class Metrics:
    """Counts questions and adds the figures of the moment; raises ImportError where Prometheus' library is not here."""

    def __init__(self, figures: Callable[[], Iterable[Figure]]) -> None:
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram

        self.content_type: str = CONTENT_TYPE_LATEST
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "hoidap_questions", "Questions by what became of them.", ["result"], registry=self._registry
        )
        self._errors = Counter(
            "hoidap_errors", "Questions that failed, by what failed.", ["code"], registry=self._registry
        )
        self._cut = Counter(
            "hoidap_answers_cut", "Answers that a limit of time or length cut.", registry=self._registry
        )
        self._seconds = Histogram(
            "hoidap_seconds", "Seconds of each step of an answer, and of the whole.", ["stage"],
            buckets=_BUCKETS, registry=self._registry,
        )  # fmt: skip
        for result in RESULTS:  # a rate needs the zero before the first
            self._questions.labels(result)
        for stage in (*STAGES, "whole"):
            self._seconds.labels(stage)
        self._registry.register(_Collected(figures))

    def count(self, observation: Observation) -> None:
        """Count a question with the seconds of its steps."""
        self._questions.labels(observation.result).inc()
        if observation.error:
            self._errors.labels(observation.error).inc()
        if observation.cut:
            self._cut.inc()
        for stage, seconds in observation.seconds.items():
            self._seconds.labels(stage).observe(seconds)
        self._seconds.labels("whole").observe(observation.whole)

    def page(self) -> bytes:
        """Give everything in Prometheus' text format."""
        from prometheus_client import generate_latest

        written: bytes = generate_latest(self._registry)
        return written


class _Collected:
    """Gives the library the figures of the moment, those of one name together."""

    def __init__(self, figures: Callable[[], Iterable[Figure]]) -> None:
        self._figures = figures

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand: what there is depends on the moment."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count now."""
        from prometheus_client.core import GaugeMetricFamily

        families: dict[str, GaugeMetricFamily] = {}
        for figure in self._figures():
            names = sorted(figure.labels)
            family = families.get(figure.name)
            if family is None:
                family = families[figure.name] = GaugeMetricFamily(figure.name, figure.about, labels=names)
            family.add_metric([figure.labels[name] for name in names], float(figure.value))
        yield from families.values()


def open_metrics(figures: Callable[[], Iterable[Figure]]) -> Metrics | None:
    """Give the metrics, ``None`` where Prometheus' library is not installed."""
    try:
        return Metrics(figures)
    except ImportError:
        return None
