"""What could not be read of a file: its codes, and a sentence with its remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from index.errors import ArticleCode, ArticleError
from index.ingest.document import Place, Problem
from index.ingest.folder import Unreadable
from index.ingest.pdf.ocr import INSTALL

PICTURE_OF_TEXT: Final = "picture-of-text"
TOO_LONG: Final = "too-long"
EMBEDDED_FILE: Final = "embedded-file"
NOTHING_RECOGNISED: Final = "nothing-recognised"
DAMAGED_PAGE: Final = "damaged-page"
NOT_COMPUTED: Final = "formula-not-computed"
_SENTENCES: Mapping[ArticleCode, str] = {
    PICTURE_OF_TEXT: f"it has pictures of text on {{places}}; to have them read, run: {INSTALL}",
    NOTHING_RECOGNISED: "text recognition found no text in the pictures on {places}; scan them again, sharper",
    TOO_LONG: "it is longer than the limit and was not read on {places}; split it into smaller files",
    DAMAGED_PAGE: "it is damaged on {places}, which could not be read; print it to a new file",
    NOT_COMPUTED: "it has formulas whose values were never computed on {places}; open it, save it, and sync again",
    EMBEDDED_FILE: "it holds another file on {places}, which is not read; save that one by itself",
}


class UnreadPartsError(ArticleError):
    """Nothing of a file could be read, since each of its parts has a problem."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(explain(problems))
        self.problems = problems


def unreadable(source: str, error: ArticleError) -> Unreadable:
    """Tell an error of reading as data."""
    if isinstance(error, UnreadPartsError):
        return Unreadable(source, str(error), error.problems)
    return Unreadable(source, str(error), ((error.code, Place()),))


def explain(problems: Sequence[Problem]) -> str:
    """Say what could not be read, each kind once with its pages, and what to do."""
    return ". ".join(
        _SENTENCES[code].format(places=_places(places)) for code, places in by_code(problems).items()
    )


def by_code(problems: Sequence[Problem]) -> dict[ArticleCode, list[Place]]:
    """Map each code, in order, to the places where it is so."""
    places: dict[ArticleCode, list[Place]] = {}
    for code, place in problems:
        places.setdefault(code, []).append(place)
    return places


def pages_and_sheets(places: Sequence[Place]) -> tuple[str, str]:
    """Write the pages as ``1–3, 7`` and the sheets by name; ``""`` where the places name none."""
    pages = sorted({place.page for place in places if place.page is not None})
    sheets = dict.fromkeys(place.sheet for place in places if place.sheet is not None)
    return _ranges(pages), ", ".join(sheets)


def _places(places: Sequence[Place]) -> str:
    pages, sheets = pages_and_sheets(places)
    several = len({place.page or place.sheet for place in places}) > 1
    if pages:
        return f"page{'s' if several else ''} {pages}"
    return f"sheet{'s' if several else ''} {sheets}" if sheets else "some places"


def _ranges(numbers: Sequence[int]) -> str:
    """Write 1, 2, 3, 7 as ``1–3, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
