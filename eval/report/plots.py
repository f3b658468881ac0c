"""The plots of the page and of the documents, as SVG that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from eval.metrics.refusals import risk_coverage
from eval.report.records import RunRecord
from eval.report.strings import Strings, label
from eval.report.summary import ALL, outcomes
from eval.schema import System

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0b8a7d", "#4a7ad0", "#8e68c4", "#c07a1a", "#8a94a0", "#cf4a6e")
INK = "#76808d"
"""Legible on white and on black, as a page may be either."""


def kinds_plot(run: RunRecord, words: Strings) -> Markup:
    """The share of right answers of each kind and over all; the assistant has its 95% interval."""
    main = run.systems[0]
    sizes = {**main.sizes, ALL: len(main.rows)}
    kinds = list(main.scores)
    figure, axes = axes_of(height=0.9 + 0.34 * len(kinds))
    for place, system in reversed(list(enumerate(run.systems))):
        name = label(words, "system", system.name)
        colour = COLOURS[place % len(COLOURS)]
        for y, kind in enumerate(kinds):
            right = system.scores[kind]["right"] if kind in system.scores else None
            if right is None or right.value is None:
                continue
            if system is main and right.low is not None and right.high is not None:
                axes.hlines(y, right.low, right.high, color=colour, alpha=0.4, linewidth=3)
            axes.plot(right.value, y, "o", color=colour, markersize=8 if system is main else 4, label=name)
            name = "_"  # a label that matplotlib leaves out, so that each system has one
    axes.set_yticks(range(len(kinds)), [f"{label(words, 'kind', kind)} ({sizes[kind]})" for kind in kinds])
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.set_xlabel(words["right"])
    if len(run.systems) > 1:
        legend(axes, beside=True)
    return svg(figure)


def risk_plot(systems: Sequence[System], words: Strings) -> Markup:
    """Risk against coverage, for the systems that answered anything; empty where none did."""
    curves = [(system, curve) for system in systems if (curve := risk_coverage(outcomes(system.rows)))]
    if not curves:
        return Markup("")
    figure, axes = axes_of(height=3.6)
    for place, (system, curve) in enumerate(curves):
        colour = COLOURS[place % len(COLOURS)]
        axes.plot(*zip(*curve, strict=True), color=colour, label=label(words, "system", system.name))
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel=words["report.coverage"], ylabel=words["report.risk_axis"])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:.0%}")
    legend(axes)
    return svg(figure)


def legend(axes: Axes, *, beside: bool = False) -> None:
    """Name what was plotted, as small as a remark; beside the axes the last that was plotted comes first."""
    where: dict[str, Any] = {"reverse": True, "loc": "upper left", "bbox_to_anchor": (1, 1)} if beside else {}
    axes.legend(frameon=False, fontsize="small", labelcolor=INK, **where)


def axes_of(height: float) -> tuple[Figure, Axes]:
    """Axes without a frame; inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[:].set_visible(False)
    axes.grid(color=INK, alpha=0.25)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    return figure, axes


def svg(figure: Figure) -> Markup:
    """The drawing without the head of a file, the same for the same data; its texts stay texts."""
    from matplotlib import rc_context

    drawn = StringIO()
    plain = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "hoidap"}):
        figure.savefig(drawn, format="svg", transparent=True, metadata=plain)
    text = drawn.getvalue()
    return Markup(text[text.index("<svg") :])
