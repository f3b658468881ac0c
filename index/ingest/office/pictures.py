"""The pictures in an office file: those that are pages of text are recognised, or reported as not read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from index.ingest.document import Block, Place, Problem
from index.ingest.office.package import Package
from index.ingest.pdf.ocr import Recogniser
from index.ingest.problems import NOTHING_RECOGNISED, PICTURE_OF_TEXT
from index.ingest.word.text import Picture

_PORTRAIT_PAGE = 15_000
"""Square millimetres from which an upright picture is a page: illustrations lie, or are smaller."""
_PAGE = 35_000
_LEAST = 900
"""Smaller ones are logos and lines."""
_HARDLY_ANY_TEXT = 100
"""Letters; a file with less and a picture is a photograph of a page."""


@dataclass(slots=True)
class Pictures:
    """Reads pictures by their relationship; ``problems`` are those that could not be read."""

    package: Package
    related: dict[str, tuple[str, str]]
    recogniser: Recogniser | None
    problems: list[Problem] = field(default_factory=list)
    _others: list[tuple[Picture, Place]] = field(default_factory=list)
    _seen: int = 0

    def read(self, picture: Picture) -> Iterable[Block]:
        """Recognise a picture that is as large as a page; others wait for ``rest``."""
        self._seen += 1
        place = Place(picture=self._seen)
        area = picture.width * picture.height
        if area >= _PAGE or (area >= _PORTRAIT_PAGE and picture.height > picture.width):
            return self._recognise(picture, place)
        if area >= _LEAST or not area:
            self._others.append((picture, place))
        return ()

    def rest(self, blocks: Sequence[Block]) -> list[Block]:
        """Recognise the other pictures where the file holds hardly any text beside them."""
        letters = sum(char.isalnum() for block in blocks for char in block.text)
        if letters >= _HARDLY_ANY_TEXT or any(block.table is not None for block in blocks):
            return []
        return [block for picture, place in self._others for block in self._recognise(picture, place)]

    def _recognise(self, picture: Picture, place: Place) -> Iterable[Block]:
        name = self.related.get(picture.relation, ("", ""))[1]
        if name not in self.package:
            return ()
        if self.recogniser is None:
            self.problems.append((PICTURE_OF_TEXT, place))
            return ()
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(io.BytesIO(self.package.read(name))) as image:
                dpi = image.width / picture.width * 25.4 if picture.width else 0.0
                found = self.recogniser.read(image, dpi=dpi)
            if not found:
                self.problems.append((NOTHING_RECOGNISED, place))
            return found
        except (UnidentifiedImageError, Image.DecompressionBombError, OSError):
            self.problems.append((PICTURE_OF_TEXT, place))  # a drawing in vectors, or a damaged picture
            return ()
