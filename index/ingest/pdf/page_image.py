"""Pictures of pages made ready for text recognition: grey, of 300 dots an inch, straight, without noise and shadow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI = 300
_PAGE_INCHES = 11.7
"""The longer side of A4, for pictures whose resolution is not known."""
_MOST_PIXELS = 5_000
_STEEPEST = 8.0
"""Degrees up to which a page may be turned."""
_SMALL = 800
"""Pixels of the longer side of the picture by which the slant is found."""
_CLEARLY = 1.05
"""A page is turned by a degree or more where its rows are sharper by this factor than as it lies."""
_SHADE = 100
"""Pixels of the longer side of the picture by which the light on the paper is found."""


def prepare(image: Image, dpi: float = 0.0) -> Image:
    """Make a page ready; ``dpi`` 0: it is taken for a whole page."""
    from PIL import Image as PillowImage
    from PIL import ImageFilter

    grey = _flattened(image)
    if _is_noisy(grey):
        grey = grey.filter(ImageFilter.MedianFilter(3))
    grey = _evenly_lit(grey)
    longest = max(grey.size)
    factor = _DPI / dpi if dpi else _DPI * _PAGE_INCHES / longest
    factor = min(max(factor, 0.25), 4.0, _MOST_PIXELS / longest)
    if abs(factor - 1) > 0.1:
        size = (max(1, round(grey.width * factor)), max(1, round(grey.height * factor)))
        grey = grey.resize(size, PillowImage.Resampling.LANCZOS)
    angle = slant(grey)
    if abs(angle) > 0.1:
        grey = grey.rotate(-angle, PillowImage.Resampling.BICUBIC, expand=True, fillcolor=255)
    return grey


def slant(grey: Image) -> float:
    """Find by how many degrees the lines of text rise to the left: turned back by it the rows of ink are sharpest."""
    from PIL import Image as PillowImage

    small = grey.copy()
    small.thumbnail((_SMALL, _SMALL), PillowImage.Resampling.BILINEAR)
    pixels = np.asarray(small, dtype=np.float32)
    ink = PillowImage.fromarray(((pixels < pixels.mean() - 0.5 * pixels.std()) * 255).astype(np.uint8))
    if ink.getbbox() is None:
        return 0.0

    def sharpness(angle: float) -> float:
        turned = np.asarray(ink.rotate(-angle, PillowImage.Resampling.BILINEAR), dtype=np.float32)
        return float(np.square(np.diff(turned.sum(axis=1))).sum())

    best = max(np.arange(-_STEEPEST, _STEEPEST + 0.1, 1.0), key=sharpness)
    if sharpness(best) < _CLEARLY * sharpness(0.0):
        best = 0.0
    best = max(np.arange(best - 0.75, best + 0.76, 0.25), key=sharpness)
    return float(max(np.arange(best - 0.15, best + 0.16, 0.05), key=sharpness))


def _flattened(image: Image) -> Image:
    """Grey on white, whatever the picture had behind it."""
    from PIL import Image as PillowImage

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = PillowImage.alpha_composite(PillowImage.new("RGBA", image.size, "white"), image)
    return image.convert("L")


def _evenly_lit(grey: Image) -> Image:
    """Take away shadows: every pixel by the paper around it, which is the brightest in its neighbourhood."""
    from PIL import Image as PillowImage
    from PIL import ImageFilter

    paper = grey.copy()
    paper.thumbnail((_SHADE, _SHADE), PillowImage.Resampling.BOX)
    paper = paper.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(3))
    light = np.asarray(paper.resize(grey.size, PillowImage.Resampling.BILINEAR), dtype=np.float32)
    even = np.asarray(grey, dtype=np.float32) / np.maximum(light, 1.0) * 255
    return PillowImage.fromarray(even.clip(0, 255).astype(np.uint8))


def _is_noisy(grey: Image) -> bool:
    """Whether single pixels differ from those around them all over the page."""
    from PIL import ImageFilter

    pixels: NDArray[np.float32] = np.asarray(grey, dtype=np.float32)
    smooth = np.asarray(grey.filter(ImageFilter.MedianFilter(3)), dtype=np.float32)
    return float(np.median(np.abs(pixels - smooth))) > 3.0
