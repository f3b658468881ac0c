"""Which articles of a store a question about the collection means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.schema import Article, Chunk, Filters, Hit
from index.search import search, search_words
from index.store.database.records import ArticleInfo
from index.store.store import Store
from index.text.normalise import fold, has_accents, sentence_spans, syllables
from index.text.terms import expand_abbreviations
from rag.collection.parse_question import CollectionQuestion
from rag.retrieval.retrieve import Retriever

_MOST_PASSAGES = 1000
"""Passages with words of the topic that are searched at most."""
_NEAREST = 20
_SHORTEST = 6
"""Syllables of a sentence that can be understood by itself."""
_SHARE_OF_TITLE = 0.7
"""The part of a topic's syllables that a title holds which is meant by it."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The articles that were found, each by its best passage, the fittest first.

    ``read`` counts the articles that were looked through, ``all_read`` tells whether that was all with a word of the
    topic.  ``near`` is true where none speaks of the topic and these only come near it.
    """

    hits: tuple[Hit, ...]
    read: int
    all_read: bool = True
    near: bool = False


def search_bounds(parsed: CollectionQuestion, filters: Filters) -> Filters:
    """The filters, narrowed to the time that is asked."""
    if parsed.period is None:
        return filters
    first = max(filter(None, (filters.from_date, parsed.period.first)))
    last = min(filter(None, (filters.to_date, parsed.period.last)))
    return replace(filters, from_date=first, to_date=last)


def match(retriever: Retriever, parsed: CollectionQuestion, filters: Filters) -> Matches:
    """Find the articles that hold every part of the topic, are of the time and by the author that are asked."""
    store, within = retriever.store, search_bounds(parsed, filters)
    if not parsed.topic:
        infos = [info for info in store.database.articles(within) if parsed.author in (info.author or "")]
        return Matches(tuple(_opening(store, info) for info in infos), len(infos))
    passages = search_words(store, parsed.topic, _MOST_PASSAGES, within)
    read = _one_an_article(hit for hit in passages if parsed.author in (hit.chunk.article.author or ""))
    whole = [hit for hit in read if all(mentions(hit.chunk.article, piece) for piece in parsed.pieces)]
    if whole:
        whole.sort(key=lambda hit: not all(_holds(hit.chunk.article.title, piece) for piece in parsed.pieces))
        return Matches(tuple(_ranked(whole)), len(read), len(passages) < _MOST_PASSAGES)
    vector = retriever.encoder.encode_queries([parsed.topic])[0]
    near = _one_an_article(search(store, parsed.topic, vector, _NEAREST, within))
    return Matches(tuple(_ranked(near)), len(read), len(passages) < _MOST_PASSAGES, near=True)


def pick_article(matches: Matches, parsed: CollectionQuestion) -> Hit | None:
    """The one article that a question is about: the one whose title is the topic, else the best match."""
    wanted = set(syllables(fold(parsed.topic)))

    def share(hit: Hit) -> float:
        return len(wanted & set(syllables(fold(hit.chunk.article.title)))) / max(1, len(wanted))

    titled = max(matches.hits, key=share, default=None)
    if titled is not None and share(titled) >= _SHARE_OF_TITLE:
        return titled
    return None if matches.near or not matches.hits else matches.hits[0]


def mentions(article: Article, piece: str) -> bool:
    """Whether the words of a piece stand side by side in an article, in its title, or are its place."""
    return any(_holds(text, piece) for text in (article.title, article.text, article.place or ""))


def best_sentence(hit: Hit, pieces: Sequence[str]) -> tuple[int, int]:
    """Where the sentence of a passage stands that holds most of the pieces; the first whole one where none does."""
    chunk = hit.chunk
    text = chunk.article.text
    spans = [(chunk.start + start, chunk.start + end) for start, end in sentence_spans(chunk.text)]
    spans = [span for span in spans if text[slice(*span)].strip() != chunk.article.title] or spans

    def worth(span: tuple[int, int]) -> tuple[int, bool]:
        return sum(_holds(text[slice(*span)], piece) for piece in pieces), is_whole(text[slice(*span)])

    return max(spans, key=worth, default=(chunk.start, chunk.end))


def is_whole(sentence: str) -> bool:
    """Whether a sentence can be understood by itself: no heading, no line with a day."""
    return len(syllables(sentence)) >= _SHORTEST and sentence.rstrip(' \n"”)')[-1:] in {".", "!", "?", "…"}


def passages_of(store: Store, article: Article) -> list[Chunk]:
    """The passages of an article in their order."""
    numbers = store.database.chunk_numbers(Filters(sources=(article.source,)))
    chunks = [chunk for chunk in store.database.chunks(numbers).values() if chunk.article.id == article.id]
    return sorted(chunks, key=lambda chunk: chunk.position)


def _opening(store: Store, info: ArticleInfo) -> Hit:
    """An article of a list by its beginning; only its title and day are known before it is shown."""
    article = Article(info.id, info.source, info.title, "", info.date, info.author, info.place, info.url)
    return Hit(Chunk(article, 0, 0, 0), 1.0, 1, 0.0, 0.0)


def with_article(store: Store, hit: Hit) -> Hit:
    """A hit with its article and its first passage read."""
    if hit.chunk.end:
        return hit
    article = store.database.article(hit.chunk.article.id)
    return replace(
        hit, chunk=next(iter(passages_of(store, article)), Chunk(article, 0, 0, len(article.text)))
    )


def dated_newest_first(hits: Sequence[Hit]) -> list[Hit]:
    """Those with a date, the newest first."""
    dated = [hit for hit in hits if hit.chunk.article.date]
    return sorted(dated, key=lambda hit: hit.chunk.article.date or date.min, reverse=True)


def _one_an_article(hits: Iterable[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.chunk.article.id, hit)
    return list(best.values())


def _ranked(hits: Sequence[Hit]) -> list[Hit]:
    return [replace(hit, rank=rank) for rank, hit in enumerate(hits, 1)]


def _holds(text: str, piece: str) -> bool:
    """Whether a text holds a piece word by word, also with abbreviations spelt out; accents as they were typed."""
    form = str.lower if has_accents(piece) else fold
    words = form(text)
    ways = {form(piece), " ".join(map(form, expand_abbreviations(syllables(piece))))}
    return any(re.search(rf"(?<!\w){re.escape(way)}(?!\w)", words) for way in ways)
