"""The colours of the window can be told apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ui


def colours(of: str) -> dict[str, str]:
    style = (Path(ui.__file__).with_name("window.css")).read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(of)} \{{(.*?)^\}}", style, re.MULTILINE | re.DOTALL)
    assert found
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", found[1]))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [":root", ".dark"])
def test_every_pair_of_colours_can_be_told_apart(theme: str) -> None:
    """Text 4.5 to 1, borders of controls and the ring of the focus 3 to 1 (WCAG 2.2 AA)."""
    of = colours(theme)
    grounds = ("paper", "raised", "tint", "side", "accent-tint", "warning-tint")
    texts = [(ink, ground) for ink in ("ink", "muted") for ground in grounds]
    texts += [("accent", ground) for ground in ("paper", "raised", "side", "accent-tint")]
    texts += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("warning", "warning-tint")]
    texts += [("evidence-ink", "evidence"), ("evidence-ink", "evidence-strong"), ("paper", "ink")]
    lines = [(line, ground) for line in ("control", "accent") for ground in ("paper", "raised", "side")]
    poor = [(one, other) for one, other in texts if contrast(of[one], of[other]) < 4.5]
    poor += [(one, other) for one, other in lines if contrast(of[one], of[other]) < 3]
    assert poor == []
