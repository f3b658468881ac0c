"""The plot of the documents: right answers by kind, the assistant against simpler systems, as a file of SVG."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from eval.kept import KeptRun
from eval.numbers import percent
from eval.plots import WIDTH, Axis, Dot, dot_plot
from eval.strings import label, strings
from eval.summary import ALL

LEGEND_COLUMNS = 3
LEGEND_STEP = 24

_COLOURS = ("#0b7a6f", "#3565b8", "#7a55b0", "#b06a10", "#7d8794", "#c23b5e", "#4d7c1f", "#0f7fa8")
_DARK = ("#4cc7b4", "#7fa9f0", "#b695e6", "#e0a04a", "#98a4b1", "#f07d9a", "#9ccc65", "#5fc3e6")
_STYLE = """
svg { --paper: #ffffff; --ink: #1b2430; --soft: #5a6675; --line: #e3e1da; %s }
@media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --ink: #e6eaee; --soft: #9daab8; --line: #2c353f; %s } }
text { fill: var(--ink); font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", Arial, sans-serif; }
.tick, .axis, .quiet { fill: var(--soft); font-size: 12px; }
.paper { fill: var(--paper); }
.grid { stroke: var(--line); }
.line { fill: none; stroke-width: 2; stroke: var(--c); }
.leader { opacity: .4; stroke: var(--c); }
.whisker { stroke-width: 3; stroke-linecap: round; opacity: .4; stroke: var(--c); }
.dot { stroke: var(--paper); stroke-width: 1.5; fill: var(--c); }
%s
"""


def drawing(run: KeptRun) -> str:
    """Draw the share of right answers of each kind, and over all; the assistant has its 95% interval."""
    words = strings("en")
    systems = run.systems
    rows = []
    for kind in systems[0].scores:
        dots = [
            Dot(label(words, "system", system.name), f"s{place}", found.value, found.low, found.high)
            for place, system in enumerate(systems)
            if kind in system.scores
            for found in [system.scores[kind]["right"]]
            if found.value is not None
        ]
        count = len(systems[0].rows) if kind == ALL else systems[0].sizes[kind]
        rows.append((label(words, "kind", kind), str(count), dots))
    across = Axis(0, 1, (0, 0.25, 0.5, 0.75, 1), words["right"], lambda value: percent(value, "en"))
    names = [(label(words, "system", system.name), f"s{place}") for place, system in enumerate(systems)]
    return standalone(dot_plot(words["report.kinds"], rows, across), names)


def standalone(plot: Markup, names: Sequence[tuple[str, str]]) -> str:
    """A plot with its legend and its own style, so that it can stand alone."""
    found = re.search(r'viewBox="0 0 \d+ (\d+)"', plot)
    assert found is not None
    tall = int(found.group(1))
    lines = -(-len(names) // LEGEND_COLUMNS)
    items = Markup("").join(
        Markup(
            '<circle class="dot {}" cx="{x:.0f}" cy="{y:.0f}" r="5"/><text x="{z:.0f}" y="{w:.0f}">{}</text>'
        ).format(
            style,
            name,
            x=24 + place % LEGEND_COLUMNS * WIDTH / LEGEND_COLUMNS,
            y=tall + 16 + place // LEGEND_COLUMNS * LEGEND_STEP,
            z=36 + place % LEGEND_COLUMNS * WIDTH / LEGEND_COLUMNS,
            w=tall + 20.5 + place // LEGEND_COLUMNS * LEGEND_STEP,
        )
        for place, (name, style) in enumerate(names)
    )
    inner = str(plot).replace("<svg ", f'<svg width="{WIDTH}" height="{tall}" ', 1)
    size = f"{WIDTH} {tall + 8 + lines * LEGEND_STEP}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{WIDTH}">'
        f'<style>{_style()}</style><rect class="paper" width="100%" height="100%"/>{inner}{items}</svg>\n'
    )


def _style() -> str:
    light, dark = (
        " ".join(f"--c{place}: {colour};" for place, colour in enumerate(colours))
        for colours in (_COLOURS, _DARK)
    )
    classes = "\n".join(f".s{place} {{ --c: var(--c{place}); }}" for place in range(len(_COLOURS)))
    return _STYLE % (light, dark, classes)
