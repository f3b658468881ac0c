"""Measure text recognition on pages of our own articles: the character error rate, clean, and with noise and slant.

``python -m eval.benchmarks.formats.ocr`` renders the sample articles at 150 dots an inch in four fonts.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from eval.benchmarks.figures import clocked
from eval.command_options import command_parser, positive, print_json, print_text, run_command
from eval.errors import EvaluationError
from eval.files import CORPUS
from index.ingest.pdf.ocr import INSTALL, Recogniser, find_recogniser

FONTS = ("NotoSerif-Regular", "DejaVuSerif", "DejaVuSans", "NotoSans-Regular")
DPI = 150
_PAGE = (1240, 1754)
_MARGIN = 130
_SIZE = 27
"""13 points at 150 dots an inch."""
_LINES = 36


@dataclass(frozen=True, slots=True)
class OcrScore:
    """One page: its characters, and how many must be changed to come from what was recognised to what was printed."""

    article: str
    font: str
    condition: str
    characters: int
    errors: int
    seconds: float

    @property
    def rate(self) -> float:
        """The character error rate."""
        return self.errors / self.characters


def render(text: str, font: str) -> tuple[Image.Image, str]:
    """Print the beginning of a text on a page; returns the page and what stands on it."""
    face = ImageFont.truetype(f"{font}.ttf", _SIZE)
    page = Image.new("L", _PAGE, 255)
    draw = ImageDraw.Draw(page)
    lines = [
        line for paragraph in text.split("\n") if paragraph.strip() for line in _wrapped(paragraph, face)
    ]
    for number, line in enumerate(lines[:_LINES]):
        draw.text((_MARGIN, _MARGIN + number * _SIZE * 1.5), line, font=face, fill=0)
    return page, " ".join(lines[:_LINES])


def spoil(page: Image.Image, seed: int) -> Image.Image:
    """Simulate a poor scan of a page: turned by 1 to 3 degrees, grey, uneven light, blurred, with noise and specks."""
    rng = np.random.default_rng(seed)
    angle = float(rng.uniform(1, 3)) * (1 if seed % 2 else -1)
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.7))
    pixels = np.asarray(turned, dtype=np.float64)
    shade = np.linspace(1.0, 0.75, pixels.shape[1])
    pixels = 30 + pixels * 0.82 * shade + rng.normal(0, 18, pixels.shape)
    specks = rng.random(pixels.shape) < 0.003
    pixels[specks] = rng.choice([0, 255], int(specks.sum()))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def edit_distance(first: str, second: str) -> int:
    """The fewest characters to put in, take out or exchange that make one text the other."""
    codes = np.array([ord(char) for char in second], dtype=np.int32)
    places = np.arange(len(codes) + 1, dtype=np.int32)
    row = places.copy()
    for number, char in enumerate(first, 1):
        changed = row[:-1] + (codes != ord(char))
        best = np.minimum(row + 1, np.concatenate(([number], changed)))
        row = np.minimum.accumulate(best - places) + places
    return int(row[-1])


def measure(recogniser: Recogniser, pages: int, dpi: int) -> Iterator[OcrScore]:
    """Recognise the first ``pages`` sample articles, clean and spoilt."""
    for number, path in enumerate(sorted(CORPUS.glob("*.txt"))[:pages]):
        font = FONTS[number % len(FONTS)]
        clean, printed = render(path.read_text(encoding="utf-8"), font)
        for condition, page in (("clean", clean), ("noise and slant", spoil(clean, number))):
            blocks, (seconds, _) = clocked(partial(recogniser.read, page, dpi=dpi))
            read = _plain(" ".join(block.text for block in blocks))
            errors = edit_distance(_plain(printed), read)
            yield OcrScore(path.stem, font, condition, len(_plain(printed)), errors, round(seconds, 2))


def summary(scores: Sequence[OcrScore]) -> dict[str, dict[str, float]]:
    """The error rate over all characters, the worst page and the mean time, by condition."""
    result = {}
    for condition in dict.fromkeys(score.condition for score in scores):
        of = [score for score in scores if score.condition == condition]
        result[condition] = {
            "pages": len(of),
            "error_rate": sum(score.errors for score in of) / sum(score.characters for score in of),
            "worst_page": max(score.rate for score in of),
            "seconds_a_page": sum(score.seconds for score in of) / len(of),
        }
    return result


def _wrapped(paragraph: str, face: ImageFont.FreeTypeFont) -> Iterator[str]:
    line = ""
    for word in unicodedata.normalize("NFC", paragraph).split():
        longer = f"{line} {word}".strip()
        if face.getlength(longer) > _PAGE[0] - 2 * _MARGIN:
            yield line
            line = word
        else:
            line = longer
    yield line


def _plain(text: str) -> str:
    """Quotes and dashes in one form: fonts draw them alike."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return text.translate(str.maketrans("“”‘’–—", "\"\"''--"))


def _measure(args: argparse.Namespace) -> None:
    recogniser = find_recogniser()
    if recogniser is None:
        raise EvaluationError(f"Tesseract or its Vietnamese data is missing; install: {INSTALL}")
    scores = list(measure(recogniser, args.pages, DPI))
    if args.json:
        return print_json({"summary": summary(scores), "rows": scores})
    for condition, figures in summary(scores).items():
        print_text(
            f"{condition:16} {figures['pages']:3.0f} pages  error rate {figures['error_rate']:.2%}  "
            f"worst page {figures['worst_page']:.2%}  {figures['seconds_a_page']:.1f} s a page\n"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or JSON with every page."""
    parser = command_parser("eval.benchmarks.formats.ocr", __doc__, "json")
    parser.add_argument("--pages", type=positive, default=6, help="how many articles are printed and read")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
