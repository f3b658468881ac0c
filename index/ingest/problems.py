"""What could not be read of a file, as a sentence with its remedy."""

from __future__ import annotations

from collections.abc import Sequence

from index.ingest.document import Place
from index.ingest.ocr import INSTALL

PICTURE_OF_TEXT = "picture-of-text"
TOO_LONG = "too-long"
EMBEDDED_FILE = "embedded-file"
DAMAGED_PAGE = "damaged-page"
NOT_COMPUTED = "formula-not-computed"
_SENTENCES = {
    PICTURE_OF_TEXT: f"{{places}} are pictures of text; to have them read, run: {INSTALL}",
    TOO_LONG: "it was read only as far as the limit allows ({places}); split it into smaller files",
    DAMAGED_PAGE: "{places} are damaged and were not read; print the file to a new one",
    NOT_COMPUTED: "{places} have formulas whose values were never computed; open the file, save it, and sync again",
    EMBEDDED_FILE: "{places} hold another file within, which is not read; save that one by itself",
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
    if pages:
        return f"pages {_ranges(pages)}"
    return f"sheets {', '.join(sheets)}" if sheets else "parts of it"


def _ranges(numbers: Sequence[int]) -> str:
    """Write 1, 2, 3, 7 as ``1–3, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
