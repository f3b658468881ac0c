"""The plots of the page and of the documents, as SVG that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from markupsafe import Markup

from eval.metrics.refusals import risk_coverage
from eval.report.kept import KeptRun
from eval.report.strings import Strings, label
from eval.report.summary import ALL, outcomes
from eval.schema import System

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0b8a7d", "#4a7ad0", "#8e68c4", "#c07a1a", "#8a94a0", "#cf4a6e")
INK = "#76808d"
"""Legible on white and on black, as a page may be either."""


def kinds_plot(run: KeptRun, words: Strings) -> Markup:
    """The share of right answers of each kind and over all; the assistant has its 95% interval."""
    main, *others = run.systems
    kinds = list(main.scores)
    names = [
        f"{label(words, 'kind', kind)} ({main.sizes.get(kind, len(main.rows))})"
        if kind != ALL
        else f"{words['kind.all']} ({len(main.rows)})"
        for kind in kinds
    ]
    figure, axes = axes_of(height=0.9 + 0.34 * len(kinds))
    for place, system in reversed(list(enumerate(others, 1))):
        shown = [(y, kind) for y, kind in enumerate(kinds) if kind in system.scores]
        values = [system.scores[kind]["right"].value for _, kind in shown]
        axes.plot(
            [float("nan") if value is None else value for value in values],
            [y for y, _ in shown],
            "o",
            color=COLOURS[place % len(COLOURS)],
            markersize=4,
            label=label(words, "system", system.name),
        )
    for y, kind in enumerate(kinds):
        right = main.scores[kind]["right"]
        if right.value is None or right.low is None or right.high is None:
            continue
        axes.hlines(y, right.low, right.high, color=COLOURS[0], alpha=0.4, linewidth=3)
        axes.plot(right.value, y, "o", color=COLOURS[0], markersize=8, label=main.name if not y else None)
    axes.set_yticks(range(len(kinds)), names)
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.set_xlabel(words["right"])
    if others:
        handles, shown_names = axes.get_legend_handles_labels()
        axes.legend(
            handles[::-1],
            shown_names[::-1],
            frameon=False,
            fontsize="small",
            labelcolor=INK,
            loc="upper left",
            bbox_to_anchor=(1, 1),
        )
    return svg(figure)


def risk_plot(systems: Sequence[System], words: Strings) -> Markup:
    """Risk against coverage, for the systems that answered anything; empty where none did."""
    curves = [(system, curve) for system in systems if (curve := risk_coverage(outcomes(system.rows)))]
    if not curves:
        return Markup("")
    figure, axes = axes_of(height=3.6)
    for place, (system, curve) in enumerate(curves):
        axes.plot(
            *zip(*curve, strict=True),
            color=COLOURS[place % len(COLOURS)],
            label=label(words, "system", system.name),
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:.0%}")
    axes.set_xlabel(words["report.coverage"])
    axes.set_ylabel(words["report.risk_axis"])
    axes.legend(frameon=False, fontsize="small", labelcolor=INK)
    return svg(figure)


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
