"""Errors in the words of the window: what happened and what to do about it, in the language of the person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.errors import IndexingError
from rag.errors import AnsweringError
from ui.errors import WindowError
from ui.strings import Words
from ui.views.markup import Html, element

FILE_SIGNS: Mapping[str, str] = {
    r"files are read through": "type",
    r"holds no text": "empty",
    r"pictures of text": "pictures",
    r"no text in the pictures": "unrecognised",
    r"was not read on": "long",
    r"damaged on": "damaged",
    r"never computed on": "formulas",
    r"holds another file on": "embedded",
    r"locked by a password": "locked",
    r"more than the limit|unpacks to": "big",
    r"cannot be opened|check its permissions": "closed",
    r"is no table with a column|JSON": "table",
}
"""By what stands in the reason why a file could not be read; every sign is part of a message of ``index``."""
_PLACES = re.compile(r"(?: on |\()(?P<places>.+?)\)?(?:, which could not be read)?;")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with its remedy, and the technical message for whoever helps."""

    sentence: str
    detail: str


def trouble(error: IndexingError | AnsweringError | WindowError, words: Words) -> Trouble:
    """Put an error into the words of the window."""
    return told_trouble(error.code, str(error), words)


def told_trouble(code: str, detail: str, words: Words) -> Trouble:
    """Put the code of an error into words."""
    return Trouble(words.trouble.get(code, words.trouble["other"]), detail)


def unread_file(name: str, reason: str, words: Words, in_part: bool = False) -> str:
    """Tell why a file, or which parts of it, could not be read, and what to do; its name stays as it is."""
    told = [
        words.file_trouble[kind].format(places=_places(reason[sign.start() :], words))
        for pattern, kind in FILE_SIGNS.items()
        if (sign := re.search(pattern, reason))
    ]
    rest = f" {words.rest_is_read}" if in_part else ""
    return f"{name}: {' '.join(told) or words.trouble['file']}{rest}"


def _places(reason: str, words: Words) -> str:
    """Put the pages or sheets that the reason names into words."""
    found = _PLACES.search(reason)
    named = re.fullmatch(r"(page|sheet|picture)s? (.+)", found["places"]) if found else None
    if named is None:
        return words.places_some
    told = {"page": words.place_page, "sheet": words.place_sheet, "picture": words.place_picture}[named[1]]
    return told.format(**{named[1]: named[2]})


def notice(told: Trouble, words: Words, title: str = "", remedy: Html | None = None) -> Html:
    """Show what went wrong with the button of its ``remedy``, the technical message folded away."""
    return element(
        "div",
        element("strong", title) if title else Html(),
        element("p", told.sentence),
        remedy or Html(),
        element("details", element("summary", words.technical), element("code", told.detail))
        if told.detail
        else Html(),
        class_="notice",
        role="alert",
    )
