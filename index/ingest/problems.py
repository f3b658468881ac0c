"""What could not be read of a file, as a sentence with its remedy."""

from __future__ import annotations

from collections.abc import Sequence

from index.ingest.document import Place
from index.ingest.pdf.ocr import INSTALL

PICTURE_OF_TEXT = "picture-of-text"
TOO_LONG = "too-long"
EMBEDDED_FILE = "embedded-file"
NOTHING_RECOGNISED = "nothing-recognised"
DAMAGED_PAGE = "damaged-page"
NOT_COMPUTED = "formula-not-computed"
_SENTENCES = {
    PICTURE_OF_TEXT: f"it has pictures of text ({{places}}); to have them read, run: {INSTALL}",
    NOTHING_RECOGNISED: "text recognition found no text in the pictures ({places}); scan them again, sharper",
    TOO_LONG: "it is longer than the limit and was not read on {places}; split it into smaller files",
    DAMAGED_PAGE: "it is damaged on {places}, which could not be read; print it to a new file",
    NOT_COMPUTED: "it has formulas whose values were never computed on {places}; open it, save it, and sync again",
    EMBEDDED_FILE: "it holds another file on {places}, which is not read; save that one by itself",
}


def explain(problems: Sequence[tuple[str, Place]]) -> str:
    """Say what could not be read, each kind once with its pages, and what to do."""
    codes = dict.fromkeys(code for code, _ in problems)
    return ". ".join(
        _SENTENCES[code].format(places=_places([place for of, place in problems if of == code]))
        for code in codes
    )


def _places(places: Sequence[Place]) -> str:
    pages = sorted({place.page for place in places if place.page is not None})
    sheets = dict.fromkeys(place.sheet for place in places if place.sheet is not None)
    pictures = sorted({place.picture for place in places if place.picture is not None})
    for name, numbers in (("page", pages), ("picture", pictures)):
        if numbers:
            return f"{name}{'s' if len(numbers) > 1 else ''} {_ranges(numbers)}"
    return f"sheet{'s' if len(sheets) > 1 else ''} {', '.join(sheets)}" if sheets else "some places"


def _ranges(numbers: Sequence[int]) -> str:
    """Write 1, 2, 3, 7 as ``1–3, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
