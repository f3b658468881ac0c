"""What could not be read of a file: its codes, and a sentence with its remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

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
    PICTURE_OF_TEXT: f"it has pictures of text ({{places}}); to have them read, run: {INSTALL}",
    NOTHING_RECOGNISED: "text recognition found no text in the pictures ({places}); scan them again, sharper",
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

    def __reduce__(self) -> tuple[type[UnreadPartsError], tuple[tuple[Problem, ...]]]:
        """Let it come back from another process as it was raised there."""
        return type(self), (self.problems,)


def unreadable(source: str, error: ArticleError) -> Unreadable:
    """Tell an error of reading as data."""
    if isinstance(error, UnreadPartsError):
        return Unreadable(source, str(error), error.problems)
    return Unreadable(source, str(error), ((error.code, Place()),))


def unread_parts(source: str, problems: Sequence[Problem]) -> Unreadable:
    """Tell the places of a file that could not be read, where the rest of it was."""
    return Unreadable(source, explain(problems), tuple(problems), in_part=True)


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


def named_places(places: Sequence[Place]) -> tuple[Literal["page", "picture", "sheet"], str] | None:
    """Write the pages of a file as ``1–3, 7``, else its pictures, else its sheets by name; ``None``: it has none."""
    pages = sorted({place.page for place in places if place.page is not None})
    pictures = sorted({place.picture for place in places if place.picture is not None})
    sheets = dict.fromkeys(place.sheet for place in places if place.sheet is not None)
    if pages:
        return "page", _ranges(pages)
    if pictures:
        return "picture", _ranges(pictures)
    return ("sheet", ", ".join(sheets)) if sheets else None


def _places(places: Sequence[Place]) -> str:
    named = named_places(places)
    several = len({place.page or place.picture or place.sheet for place in places}) > 1
    return f"{named[0]}{'s' if several else ''} {named[1]}" if named else "some places"


def _ranges(numbers: Sequence[int]) -> str:
    """Write 1, 2, 3, 7 as ``1–3, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
