"""The plots of the report, drawn from its scores."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

from markupsafe import Markup

from eval.metrics.intervals import Estimate
from eval.metrics.refusals import risk_coverage
from eval.numbers import decimal, percent
from eval.numbers import seconds as write_seconds
from eval.plots import Axis, Dot, Part, Series, dot_plot, legend, line_plot, stacked_bars
from eval.schema import STAGES, System
from eval.strings import Language, Strings, label
from eval.summary import RECALL_DEPTHS, Summary, count_stages, group_by_kind, outcomes

UNKNOWN = Estimate(None, None, None, 0, 0)
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def kinds_plot(
    systems: Sequence[System],
    summaries: Mapping[str, Mapping[str, Summary]],
    words: Strings,
    language: Language,
) -> Markup:
    """Share of right answers by kind, the main system with its interval."""
    rows = []
    for kind, members in group_by_kind(systems[0].rows).items():
        dots = [
            Dot(label(words, "system", system.name), f"s{place}", score.value, score.low, score.high)
            for place, system in enumerate(systems)
            for score in [summaries[system.name].get(kind, {}).get("right", UNKNOWN)]
            if score.value is not None
        ]
        rows.append((label(words, "kind", kind), str(len(members)), dots))
    plot = dot_plot(words["report.kinds"], rows, _shares(words["right"], language))
    if len(systems) == 1:
        return plot
    return plot + legend([(label(words, "system", s.name), f"s{i}") for i, s in enumerate(systems)])


def stages_plot(main: System, words: Strings) -> Markup:
    """How many answers of each kind ended at each stage."""
    groups = group_by_kind(main.rows)
    rows = [
        (
            label(words, "kind", kind),
            [Part(words[f"stage.{stage}"], stage, count) for stage, count in count_stages(members).items()],
        )
        for kind, members in groups.items()
    ]
    seen = count_stages(main.rows)
    names = [(words[f"stage.{stage}"], stage) for stage in STAGES if seen[stage]]
    return legend(names) + stacked_bars(words["report.failures"], rows)


def recall_plot(
    systems: Sequence[System], overall: Mapping[str, Summary], words: Strings, language: Language
) -> Markup:
    """Recall against the number of passages, for the systems that search; empty where none does."""
    series = []
    for place, system in enumerate(systems):
        values = [(k, overall[system.name][f"recall@{k}"].value) for k in RECALL_DEPTHS]
        points = [(float(order), value) for order, (_, value) in enumerate(values) if value is not None]
        if points:
            series.append(Series(label(words, "system", system.name), f"s{place}", points))
    if not series:
        return Markup("")
    steps = range(len(RECALL_DEPTHS))
    across = Axis(
        0, len(RECALL_DEPTHS) - 1, list(steps), words["report.k"], lambda x: str(RECALL_DEPTHS[int(x)])
    )
    return line_plot(words["report.retrieval"], series, across, _shares(words["report.recall"], language))


def risk_plot(systems: Sequence[System], words: Strings, language: Language) -> Markup:
    """Risk against coverage, for the systems that answered anything."""
    series = [
        Series(label(words, "system", system.name), f"s{place}", curve)
        for place, system in enumerate(systems)
        if (curve := risk_coverage(outcomes(system.rows)))
    ]
    if not series:
        return Markup("")
    across = _shares(words["report.coverage"], language)
    return line_plot(words["report.risk"], series, across, _shares(words["report.risk_axis"], language))


def speed_plot(systems: Sequence[System], words: Strings, language: Language) -> Markup:
    """Share of questions answered against seconds, on an axis that ends where 98% of the slowest system do."""
    times = {
        place: sorted(s for row in system.rows if (s := row.reply.seconds_total) is not None)
        for place, system in enumerate(systems)
    }
    ends = [series[int(0.98 * (len(series) - 1))] for series in times.values() if series]
    if not ends:
        return Markup("")
    ticks = nice_ticks(max(ends))
    series = []
    for place, values in times.items():
        total = len(systems[place].rows)
        points = [(0.0, 0.0)] + [
            (value, (rank + 1) / total) for rank, value in enumerate(values) if value <= ticks[-1]
        ]
        if values:
            median = write_seconds(values[(len(values) - 1) // 2], language)
            name = f"{label(words, 'system', systems[place].name)} · {median}"
            series.append(Series(name, f"s{place}", points, steps=True))
    write = partial(decimal, digits=0 if ticks[1] >= 1 else 1 if ticks[1] >= 0.1 else 2, language=language)
    across = Axis(0, ticks[-1], ticks, words["report.seconds_axis"], write)
    return line_plot(words["report.speed"], series, across, _shares(words["report.answered"], language))


def nice_ticks(high: float, count: int = 6) -> list[float]:
    """Round steps from 0 to at least ``high``, at most so many: steps of 1, 2 or 5 times a power of ten."""
    high = max(high, 1e-3)
    power = 10.0 ** math.floor(math.log10(high / count))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * count >= high * (1 - 1e-9))
    return [round(step * place, 9) for place in range(math.ceil(high / step - 1e-9) + 1)]


def _shares(name: str, language: Language) -> Axis:
    return Axis(0, 1, QUARTERS, name, lambda value: percent(value, language))
