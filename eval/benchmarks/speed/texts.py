"""Articles to measure speed with, as many as are wanted: those given, then altered copies of them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from eval.errors import EvaluationError
from index.ingest.list_folder import SourceFile
from index.ingest.read_files import read_file, read_folder
from index.schema import Article

_CHANGED = 0.3
"""Share of a copy's words that are others than in the original: too many for the two to tell the same."""
_POOL = 200_000
_WORD = re.compile(r"[^\W_]+")


def read_texts(path: Path) -> list[Article]:
    """Read the articles of a folder, or of one file of rows (``.jsonl``, also packed as ``.jsonl.gz``).

    Raises EvaluationError where it holds none.
    """
    file = path.is_file()
    read = read_file(SourceFile(path, path.name, path.stat().st_size)) if file else read_folder(path)
    articles = [item for item in read if isinstance(item, Article)]
    if not articles:
        raise EvaluationError(f"{path} holds no article; name a folder or a .jsonl file with --texts.")
    return articles


def grow(articles: Sequence[Article], seed: int) -> Iterator[Article]:
    """Yield the articles as they are, then copies of them without end, the same ones for the same seed.

    In a copy every word is exchanged, at a fixed probability, for one that stands somewhere in the articles,
    so that frequent words stay frequent and inverted lists grow as they do with real articles; a number gets
    other digits.
    """
    yield from articles
    chance = random.Random(seed)
    words = [word for article in articles for word in _WORD.findall(article.text) if not word.isdecimal()]
    pool = chance.sample(words, min(_POOL, len(words)))
    copies = 0
    while True:
        copies += 1
        for article in articles:
            name = f"copy{copies}/{article.id}"
            yield replace(
                article,
                id=name,
                source=name,
                title=_altered(article.title, pool, chance),
                text=_altered(article.text, pool, chance),
            )


def _altered(text: str, pool: Sequence[str], chance: random.Random) -> str:
    def change(match: re.Match[str]) -> str:
        word = match.group()
        if chance.random() >= _CHANGED:
            return word
        if word.isdecimal():
            return "".join(chance.choice("123456789") for _ in word)
        return chance.choice(pool) if pool else word

    return _WORD.sub(change, text)
