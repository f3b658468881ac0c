"""The look of Gradio's own controls; everything drawn by hand is styled in ``window.css``."""

from __future__ import annotations

import gradio as gr

_FONTS = [
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Noto Sans",
    "Helvetica Neue",
    "Arial",
    "sans-serif",
]
_MONO = ["ui-monospace", "SF Mono", "Menlo", "Consolas", "Noto Sans Mono", "monospace"]


_COLOURS = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "background_fill_primary": "var(--paper)",
    "background_fill_secondary": "var(--tint)",
    "block_background_fill": "transparent",
    "block_border_width": "0px",
    "block_shadow": "none",
    "input_background_fill": "var(--raised)",
    "input_background_fill_focus": "var(--raised)",
    "input_border_color": "var(--control)",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "input_placeholder_color": "var(--muted)",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent-strong)",
    "button_primary_text_color": "var(--on-accent)",
    "button_primary_border_color": "transparent",
    "button_secondary_background_fill": "var(--raised)",
    "button_secondary_background_fill_hover": "var(--tint)",
    "button_secondary_text_color": "var(--ink)",
    "button_secondary_border_color": "var(--control)",
}


def window_theme() -> gr.themes.Base:
    """Give a quiet theme of system fonts, which all have every Vietnamese letter; nothing is fetched for it.

    The colours are variables that ``window.css`` sets for light and for dark, so both get the same names.
    """
    theme = gr.themes.Base(font=_FONTS, font_mono=_MONO)
    return theme.set(**_COLOURS, **{f"{name}_dark": value for name, value in _COLOURS.items()})
