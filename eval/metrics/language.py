"""Whether the answer stays in the language of the question."""

from __future__ import annotations

import unicodedata

from index.text.normalise import has_accents, syllables

MIN_SYLLABLES = 5
"""A shorter answer without accents may be a name or a number."""


def language_leak(asked: str, answer: str) -> str | None:
    """The foreign script in an answer, ``"unaccented"`` for one that is no written Vietnamese, or ``None``.

    Single Greek letters are symbols.  An answer to a question with accents counts as unaccented when none of its
    five or more words has one: that is English, or Vietnamese nobody writes.
    """
    for letter in filter(str.isalpha, answer):
        script = unicodedata.name(letter, "UNKNOWN").split()[0]
        if letter > "\u024f" and script not in ("LATIN", "GREEK", "MODIFIER"):
            return script.capitalize()
    words = [word for word in syllables(answer) if word.isalpha()]
    if has_accents(asked) and len(words) >= MIN_SYLLABLES and not has_accents(answer):
        return "unaccented"
    return None
