"""An article is made ready to be asked about: its sentences, what can be asked of each, and what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.schema import Article
from index.text import sentence_spans
from rag.reader.cohesion import Cohesion
from rag.reader.gaps import Gap, find_gaps

REPEATED_KINDS = frozenset(
    ("person", "named", "place", "body", "name", "number", "money", "percent", "date", "called")
)
"""Names and values, which an article may tell in more than one sentence."""

_SENTENCE_WORDS = range(6, 46)


@dataclass(frozen=True, slots=True)
class Written:
    """A question that was written for an article; ``article.text[start:end]`` answers it."""

    article: str
    start: int
    end: int
    question: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question for the answer ``start:end`` of a sentence, counted among those of its article."""

    text: str
    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AskableText:
    """An article with its sentences, what can be asked of each, and phrases that name its subject."""

    id: str
    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    gaps: tuple[tuple[Gap, ...], ...]
    topics: tuple[str, ...]
    written: tuple[Question, ...] = ()

    def sentence(self, number: int) -> str:
        """The exact slice of the article."""
        start, end = self.sentences[number]
        return self.text[start:end]

    def answer(self, asked: Question) -> str:
        """The words that answer a question."""
        return self.sentence(asked.sentence)[asked.start : asked.end]


def prepare(article: Article, cohesion: Cohesion, written: Sequence[Written]) -> AskableText:
    """Find what can be asked of an article, by rule and by the questions that were ``written`` for it."""
    sentences = tuple(sentence_spans(article.text))
    gaps: list[tuple[Gap, ...]] = []
    for start, end in sentences:
        sentence = article.text[start:end]
        fits = len(sentence.split()) in _SENTENCE_WORDS
        gaps.append(
            tuple(gap for gap in find_gaps(sentence) if _is_whole(sentence, gap, cohesion)) if fits else ()
        )
    return AskableText(
        article.id,
        article.title,
        article.text,
        sentences,
        tuple(gaps),
        tuple(_topics(article)),
        tuple(_placed(written, sentences)),
    )


def _placed(written: Sequence[Written], sentences: Sequence[tuple[int, int]]) -> Iterator[Question]:
    """The questions whose answer lies in one sentence."""
    for question in written:
        for number, (start, end) in enumerate(sentences):
            if start <= question.start and question.end <= end:
                yield Question(question.question, number, question.start - start, question.end - start)


def _topics(article: Article) -> Iterator[str]:
    """What people would name of an article: names, places and times of its title, and the place it is about."""
    if article.place:
        yield article.place
    for gap in find_gaps(article.title):
        if gap.kind in REPEATED_KINDS - {"number", "money", "percent"}:
            yield article.title[gap.begin : gap.stop].strip(" ,")


def _is_whole(sentence: str, gap: Gap, cohesion: Cohesion) -> bool:
    """Whether the gap and its answer begin and end between words."""
    return not any(cohesion.cuts_a_word(sentence, edge) for edge in (gap.begin, gap.stop))


def tiles(text: AskableText) -> Iterator[tuple[int, int]]:
    """The text in pieces of whole sentences, as long as a passage."""
    begin: int | None = None
    for start, end in text.sentences:
        begin = start if begin is None else begin
        if end - begin >= 700:
            yield begin, end
            begin = None
    if begin is not None:
        yield begin, text.sentences[-1][1]
