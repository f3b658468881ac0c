"""The articles of a collection, prepared once for being searched with every key that is pressed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.store.database.records import ArticleInfo
from index.text.normalise import fold

_MOST_SOURCES = 60


class TitleSearch:
    """A collection at one moment: its articles in their order, and the sources worth choosing as a filter."""

    def __init__(self, articles: Iterable[ArticleInfo]) -> None:
        self._articles = tuple(articles)
        self._folded = tuple(fold(f"{info.title} {info.source}") for info in self._articles)
        self.sources = source_groups(info.source for info in self._articles)

    def matching(self, search: str) -> Sequence[ArticleInfo]:
        """Give the articles whose title or source holds every searched word; accents do not matter."""
        wanted = fold(search).split()
        if not wanted:
            return self._articles
        return [
            info
            for info, folded in zip(self._articles, self._folded, strict=True)
            if all(word in folded for word in wanted)
        ]


def source_groups(sources: Iterable[str]) -> tuple[str, ...]:
    """Give the beginnings of sources that are worth choosing: folders first, then files."""
    files = sorted({source.split("#")[0] for source in sources})
    folders = sorted({f"{file.split('/')[0]}/" for file in files if "/" in file})
    return tuple([*folders, *files][:_MOST_SOURCES])
