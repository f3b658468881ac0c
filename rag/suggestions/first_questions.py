"""Questions about the articles themselves, to show a newcomer what can be asked.

A title is the one sentence of an article that was written to be read alone, so it is asked about as a whole; nothing
is cut out of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.schema import Article
from index.text.normalise import fold, has_accents, syllables
from rag.proof.injection import is_injection

_WORDINGS = (
    "Bài “{}” nói về việc gì?",
    "Theo bài “{}” thì có những kết quả nào?",
    "Bài “{}” nêu những số liệu gì?",
    "Nội dung chính của bài “{}” là gì?",
)
_SHORTEST, _LONGEST = 4, 18
"""Syllables of a title that is asked about."""
_QUOTES = re.compile('[“”"«»]')


def title_questions(articles: Iterable[Article], count: int) -> list[tuple[Article, str]]:
    """Give up to ``count`` questions, each about another article and worded in another way, in their order."""
    titles: dict[str, tuple[Article, str]] = {}
    for article in articles:
        if len(titles) == count:
            break
        title = " ".join(_QUOTES.sub("", article.title).split()).rstrip(" .;:,")
        if _reads_well(title):
            titles.setdefault(fold(title), (article, title))
    return [
        (article, _WORDINGS[place % len(_WORDINGS)].format(title))
        for place, (article, title) in enumerate(titles.values())
    ]


def _reads_well(title: str) -> bool:
    """Whether a title is a line in Vietnamese of a usual length: no file name, no number of a document, no order."""
    fitting = _SHORTEST <= len(syllables(title)) <= _LONGEST
    return fitting and has_accents(title) and "_" not in title and not is_injection(title)
