"""Errors in the words of the window: what happened and what to do about it, in the language of the person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.errors import IndexingError
from index.ingest.pdf.ocr import INSTALL
from rag.errors import AnsweringError
from ui.errors import WindowError
from ui.strings import Words
from ui.views.markup import Html, element

FILE_SIGNS: Mapping[str, str] = {
    r"files are read through": "type",
    r"holds no text": "empty",
    r"pictures of text on": "pictures",
    r"no text in the pictures on": "unrecognised",
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
_PLACES = re.compile(r" on (?P<places>.+?)(?:, which could not be read)?;")


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
    sentences = _sentences(words)
    return Trouble(sentences.get(code, sentences["other"]), detail)


def unread_file(name: str, reason: str, words: Words) -> str:
    """Tell why a file, or which parts of it, could not be read, and what to do; its name stays as it is."""
    sentences = _file_sentences(words)
    told = [
        sentences[kind].format(places=_places(reason[sign.start() :], words), command=INSTALL)
        for pattern, kind in FILE_SIGNS.items()
        if (sign := re.search(pattern, reason))
    ]
    return f"{name}: {' '.join(told) or sentences['other']}"


def _places(reason: str, words: Words) -> str:
    """Put the pages or sheets that the reason names into words."""
    found = _PLACES.search(reason)
    named = re.fullmatch(r"(page|sheet)s? (.+)", found["places"]) if found else None
    if named is None:
        return words.places_some
    return (words.place_page if named[1] == "page" else words.place_sheet).format(
        page=named[2], sheet=named[2]
    )


def notice(told: Trouble, words: Words, title: str = "") -> Html:
    """Show what went wrong, the technical message folded away."""
    return element(
        "div",
        element("strong", title) if title else Html(),
        element("p", told.sentence),
        element("details", element("summary", words.technical), element("code", told.detail))
        if told.detail
        else Html(),
        class_="notice",
        role="alert",
    )


def _sentences(words: Words) -> dict[str, str]:
    """Give the sentence of every code that an error may carry."""
    return {
        "busy": words.trouble_busy,
        "full": words.trouble_full,
        "store": words.trouble_store,
        "engine": words.trouble_engine,
        "database": words.trouble_database,
        "driver": words.trouble_driver,
        "gone": words.trouble_gone,
        "folder": words.trouble_folder,
        "folder_empty": words.trouble_folder_empty,
        "model": words.trouble_model,
        "memory": words.trouble_memory,
        "no_words": words.trouble_no_words,
        "too_long": words.trouble_too_long,
        "too_slow": words.trouble_too_slow,
        "server": words.trouble_server,
        "llm": words.trouble_llm,
        "history": words.trouble_history,
        "file": words.trouble_file,
        "interrupted": words.trouble_interrupted,
        "unknown": words.error_unknown,
        "other": words.trouble_other,
    }


def _file_sentences(words: Words) -> dict[str, str]:
    return {
        "type": words.trouble_file_type,
        "empty": words.trouble_file_empty,
        "pictures": words.trouble_file_pictures,
        "unrecognised": words.trouble_file_unrecognised,
        "long": words.trouble_file_long,
        "damaged": words.trouble_file_damaged,
        "formulas": words.trouble_file_formulas,
        "embedded": words.trouble_file_embedded,
        "locked": words.trouble_file_locked,
        "big": words.trouble_file_big,
        "closed": words.trouble_file_closed,
        "table": words.trouble_file_table,
        "other": words.trouble_file,
    }
