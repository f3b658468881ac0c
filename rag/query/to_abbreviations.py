"""A question in the abbreviations of the text that it is read with: what an office writes short, people ask in full."""

from __future__ import annotations

import re

from index.text.abbreviations import ABBREVIATIONS

_SHORTEST = 3
"""Letters of an abbreviation that means one thing alone."""


def with_abbreviations_of(question: str, text: str) -> str:
    """Put the abbreviations that a text uses into a question that writes them out; both are normalised."""
    lower = text.lower()
    for short, (full, *others) in ABBREVIATIONS.items():
        if others or len(short) < _SHORTEST or not short.isupper() or full in lower:
            continue
        if full in question.lower() and re.search(rf"(?<!\w){re.escape(short)}(?!\w)", text):
            question = re.sub(re.escape(full), short, question, flags=re.IGNORECASE)
    return question
