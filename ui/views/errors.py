"""Errors in the words of the window: what happened and what to do about it, in the language of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import IndexingError
from index.ingest.document import Place
from index.ingest.list_folder import Unreadable
from index.ingest.problems import by_code, named_places
from rag.errors import AnsweringError
from ui.errors import WindowError
from ui.strings import Words
from ui.views.markup import Html, element


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What went wrong with its remedy, and the technical message for support."""

    sentence: str
    detail: str


def error_text(error: IndexingError | AnsweringError | WindowError, words: Words) -> ErrorText:
    """Put an error into the words of the window."""
    return error_text_of_code(error.code, str(error), words)


def error_text_of_code(code: str, detail: str, words: Words) -> ErrorText:
    """Put the code of an error into words."""
    sentences = {**words.file_errors, **words.errors}
    return ErrorText(sentences.get(code, words.errors["other"]).format(places=words.places_some), detail)


def unread_file(file: Unreadable, words: Words) -> str:
    """Tell why a file, or which parts of it, could not be read, and what to do; its name stays as it is."""
    sentences = [
        words.file_errors.get(code, words.file_errors["file"]).format(places=_places(places, words))
        for code, places in by_code(file.problems).items()
    ]
    rest = [words.rest_is_read] if file.in_part else []
    return f"{file.source}: {' '.join([*sentences, *rest])}"


def _places(places: Sequence[Place], words: Words) -> str:
    """Put pages, pictures or sheets into words."""
    named = named_places(places)
    if named is None:
        return words.places_some
    forms = {"page": words.place_page, "picture": words.place_picture, "sheet": words.place_sheet}
    return forms[named[0]].format(**{named[0]: named[1]})


def notice(error: ErrorText, words: Words, title: str = "", remedy: Html | None = None) -> Html:
    """Show what went wrong with the button of its ``remedy``, the technical message folded away."""
    return element(
        "div",
        element("strong", title) if title else Html(),
        element("p", error.sentence),
        remedy or Html(),
        element("details", element("summary", words.technical), element("code", error.detail))
        if error.detail
        else Html(),
        class_="notice",
        role="alert",
    )
