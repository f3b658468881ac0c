"""Errors in the words of the window: what happened and what to do about it, in the language of the person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.errors import ArticleError, IndexingError, ModelError, StoreError
from rag.errors import AnsweringError, GenerationError
from ui.errors import WindowError
from ui.markup import Html, element
from ui.strings import Words

FILE_SIGNS: Mapping[str, str] = {
    r"files are read through": "type",
    r"holds no text": "empty",
    r"pictures without text": "pictures",
    r"locked by a password": "locked",
    r"more than the limit|unpacks to": "big",
    r"cannot be opened|check its permissions": "closed",
    r"is no table with a column|JSON": "table",
}
"""By what stands in the reason why a file could not be read; every sign is part of a message of ``index``."""

ERROR_SIGNS: Mapping[str, str] = {
    r"is being (?:written|built)": "busy",
    r"The store in .* cannot be written": "full",
    r"has no folder yet": "no_folder",
    r"is not a folder|cannot be listed": "folder",
    r"holds no article; is a disk missing": "folder_empty",
    r"The store holds no article": "gone",
    r"GB of memory|no memory for": "memory",
    r"holds no word": "no_words",
    r"do not fit into": "too_long",
    r"wrote nothing in": "too_slow",
    r"^the server at|is no http address": "server",
}
"""The same for errors; those without a sign are told by their class."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with its remedy, and the technical message for whoever helps."""

    sentence: str
    detail: str


def trouble(error: IndexingError | AnsweringError | WindowError, words: Words) -> Trouble:
    """Put an error into the words of the window."""
    return told_trouble(kind_of(error), str(error), words)


def kind_of(error: IndexingError | AnsweringError | WindowError) -> str:
    """Name what went wrong, to be kept and told later in whichever language."""
    kind = next((kind for sign, kind in ERROR_SIGNS.items() if re.search(sign, str(error))), None)
    return kind or _kind(error)


def told_trouble(kind: str, detail: str, words: Words) -> Trouble:
    """Put what ``kind_of`` named into words."""
    sentences = _sentences(words)
    return Trouble(sentences.get(kind, sentences["other"]), detail)


def unread_file(name: str, reason: str, words: Words) -> str:
    """Tell why a file could not be read, and what to do; the name and the place in it stay as they are."""
    kind = next((kind for sign, kind in FILE_SIGNS.items() if re.search(sign, reason)), None)
    return f"{name}: {_file_sentences(words)[kind or 'other']}"


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


def _kind(error: Exception) -> str:
    match error:
        case StoreError():
            return "store"
        case ModelError():
            return "model"
        case ArticleError():
            return "file"
        case GenerationError():
            return "llm"
        case WindowError():
            return "history"
        case _:
            return "other"


def _sentences(words: Words) -> dict[str, str]:
    return {
        "busy": words.trouble_busy,
        "full": words.trouble_full,
        "store": words.trouble_store,
        "gone": words.trouble_gone,
        "no_folder": words.trouble_no_folder,
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
        "locked": words.trouble_file_locked,
        "big": words.trouble_file_big,
        "closed": words.trouble_file_closed,
        "table": words.trouble_file_table,
        "other": words.trouble_file,
    }
