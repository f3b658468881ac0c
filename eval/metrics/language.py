"""Whether the answer stays in the language of the question."""

from __future__ import annotations

from index.text import has_accents, syllables
from rag.language import answer_language, foreign_script

MIN_SYLLABLES = 5
"""A shorter answer without accents may be a name or a number."""


def language_leak(question: str, answer: str) -> str | None:
    """The foreign script in an answer, ``"unaccented"`` for one that is no written Vietnamese, or ``None``.

    An answer to a Vietnamese question counts as unaccented when none of its five or more words has an
    accent: that is English, or Vietnamese nobody writes.
    """
    if script := foreign_script(answer):
        return script
    words = [word for word in syllables(answer) if word.isalpha()]
    if answer_language(question) == "vi" and len(words) >= MIN_SYLLABLES and not has_accents(answer):
        return "unaccented"
    return None
