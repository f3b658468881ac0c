"""What the assistant is compared with: the same models and articles, put together in simpler ways."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol, TypeAlias

from eval.schema import Facts
from index.encoding.encoder import Encoder
from index.schema import Article, Chunk, FloatMatrix, Hit
from index.search import CANDIDATES, Weights, search, search_words
from index.store.store import Store
from index.text.normalise import normalise, sentence_spans
from rag.schema import Answer, Citation, Seconds, Statement, Turn
from rag.writer.generator import Generator, Message, Piece, Prompt, Started

PIECE_CHARACTERS = 1000
TEXTBOOK_PASSAGES = 4
MAX_TOKENS = 256
TIME_LIMIT = 120.0

BASELINES = ("retrieval_only", "dense_only", "bm25_only", "llm_only", "textbook")
"""Names of the simpler systems, in the order of every table."""

DENSE_ONLY = Weights(dense=1.0, lexical=0.0)

_UNKNOWN = re.compile(
    r"không (?:được )?(?:biết|rõ|tìm thấy|đề cập|nêu|nhắc đến|có (?:đủ )?(?:thông tin|dữ liệu))"
    r"|không thể (?:trả lời|cung cấp|xác định)|chưa có thông tin|xin lỗi"
    r"|don't know|do not know|not (?:mentioned|provided|enough information)",
    re.IGNORECASE,
)


class Search(Protocol):
    """Any search: the best ``k`` passages for a question, best first."""

    def __call__(self, question: str, k: int) -> tuple[Hit, ...]:
        """Find the passages."""
        ...


@dataclass(frozen=True, slots=True)
class FirstSentence:
    """Retrieval without a language model: the answer is the first sentence of the best passage."""

    name: str
    search: Search
    settings: Facts = field(default_factory=dict)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Quote the first sentence of the best passage; refuse only where nothing was found."""
        start = perf_counter()
        asked = _in_context(question, history)
        hits = self.search(asked, 1)
        citations = tuple(_first_sentence(hit) for hit in hits)
        text = " ".join(f"{citation.quote} [{citation.mark}]" for citation in citations)
        statements = (Statement(0, len(text), (1,)),) if text else ()
        seconds = perf_counter() - start
        taken = Seconds(seconds, None, seconds)
        return Answer(question, asked, text, not text, statements, citations, hits, taken, llm="", encoder="")


@dataclass(frozen=True, slots=True)
class ClosedBook:
    """The language model alone, without any passage: what it knows, or makes up, by itself."""

    generator: Generator
    name: str = "llm_only"
    settings: Facts = field(default_factory=lambda: {"max_tokens": MAX_TOKENS})

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Ask the model, with the earlier questions before this one."""
        asked = _in_context(question, history)
        return _written(self.generator, asked, question, asked, (), 0.0)


class Textbook:
    """The chain of every tutorial: fixed pieces, their vectors, the nearest four into a default prompt.

    The four passages count as the sources of every sentence, since such chains list them under the answer.
    """

    def __init__(
        self, articles: Iterable[Article], encoder: Encoder, generator: Generator, name: str = "textbook"
    ) -> None:
        self.name = name
        self.settings: Facts = {
            "piece_characters": PIECE_CHARACTERS,
            "passages": TEXTBOOK_PASSAGES,
            "max_tokens": MAX_TOKENS,
        }
        self._pieces = [piece for article in articles for piece in fixed_pieces(article)]
        self._encoder = encoder
        self._generator = generator
        self._vectors: FloatMatrix | None = None

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        """The nearest pieces by cosine; the pieces are encoded at the first search."""
        if self._vectors is None:
            self._vectors = self._encoder.encode_passages([piece.text for piece in self._pieces])
        cosines = self._vectors @ self._encoder.encode_queries([question])[0]
        nearest = (-cosines).argsort(kind="stable")[:k]
        return tuple(
            Hit(self._pieces[place], float(cosines[place]), rank, float(cosines[place]), 0.0)
            for rank, place in enumerate(nearest.tolist(), start=1)
        )

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Put the passages and the question into one prompt and return what the model writes."""
        start = perf_counter()
        asked = _in_context(question, history)
        hits = self.search(asked, TEXTBOOK_PASSAGES)
        context = "\n\n".join(hit.chunk.text for hit in hits)
        text = (
            "Hãy trả lời câu hỏi dựa vào các đoạn văn dưới đây. "
            "Nếu không biết câu trả lời thì nói là không biết, đừng bịa ra.\n\n"
            f"{context}\n\nCâu hỏi: {asked}\nTrả lời:"
        )
        return _written(self._generator, text, question, asked, hits, perf_counter() - start)


Baseline: TypeAlias = FirstSentence | ClosedBook | Textbook


def open_baselines(
    names: Sequence[str], store: Store, encoder: Encoder, generator: Generator, retrieve: Search
) -> tuple[Baseline, ...]:
    """The baselines of these names over one store; ``retrieve`` is the assistant's own search."""
    makers: dict[str, Callable[[], Baseline]] = {
        "retrieval_only": lambda: FirstSentence("retrieval_only", retrieve),
        "dense_only": lambda: FirstSentence("dense_only", dense_search(store, encoder)),
        "bm25_only": lambda: FirstSentence("bm25_only", words_search(store)),
        "llm_only": lambda: ClosedBook(generator),
        "textbook": lambda: Textbook(all_articles(store), encoder, generator),
    }
    return tuple(makers[name]() for name in names)


def dense_search(store: Store, encoder: Encoder) -> Search:
    """The store's search by cosine alone and nothing after it: no merging, no removal of repeats."""

    def find(question: str, k: int) -> tuple[Hit, ...]:
        asked = normalise(question)
        return tuple(search(store, asked, encoder.encode_queries([asked])[0], k, weights=DENSE_ONLY))

    return find


def words_search(store: Store) -> Search:
    """The store's search by words alone, in the same plain way.

    As many candidates as for the product are taken by their folded words and then ordered as they are written.
    """

    def find(question: str, k: int) -> tuple[Hit, ...]:
        return tuple(search_words(store, normalise(question), max(k, CANDIDATES))[:k])

    return find


def all_articles(store: Store) -> Iterator[Article]:
    """Every article of a store."""
    database = store.database
    return (database.article(entry.id) for entry in database.articles())


def fixed_pieces(article: Article, characters: int = PIECE_CHARACTERS) -> list[Chunk]:
    """Cut an article every so many characters, wherever that falls."""
    starts = range(0, len(article.text), characters)
    return [
        Chunk(article, position, start, min(start + characters, len(article.text)))
        for position, start in enumerate(starts)
    ]


def says_unknown(text: str) -> bool:
    """Whether a model that has no way to refuse says in words that it does not know, or says nothing."""
    return not text.strip() or _UNKNOWN.search(text) is not None


def _in_context(question: str, history: Sequence[Turn]) -> str:
    """A follow-up in the simplest way: after the questions before it."""
    return " ".join([*(turn.question for turn in history), question])


def _first_sentence(hit: Hit) -> Citation:
    chunk = hit.chunk
    start, end = next(iter(sentence_spans(chunk.text)), (0, len(chunk.text)))
    return Citation(1, hit, chunk.start + start, chunk.start + end, hit.score)


def _written(
    generator: Generator,
    prompt: str,
    question: str,
    asked: str,
    hits: tuple[Hit, ...],
    seconds_retrieve: float,
) -> Answer:
    """Let the model write and take its words as they are; every sentence has all passages as its sources."""
    start = perf_counter()
    first: float | None = None
    prompt_tokens = output_tokens = 0
    text = ""
    for event in generator.generate(
        Prompt((Message("user", prompt),)), max_tokens=MAX_TOKENS, stop=threading.Event(), seconds=TIME_LIMIT
    ):
        if isinstance(event, Started):
            prompt_tokens = event.prompt_tokens
        elif isinstance(event, Piece):
            first = first if first is not None else seconds_retrieve + perf_counter() - start
            text += event.text
            output_tokens += event.tokens
    text = text.strip()
    citations = tuple(Citation(hit.rank, hit, hit.chunk.start, hit.chunk.end, hit.score) for hit in hits)
    marks = tuple(citation.mark for citation in citations)
    return Answer(
        question=question,
        standalone=asked,
        text=text,
        refused=says_unknown(text),
        statements=tuple(Statement(begin, end, marks) for begin, end in sentence_spans(text)),
        citations=citations,
        passages=hits,
        seconds=Seconds(seconds_retrieve, first, seconds_retrieve + perf_counter() - start),
        llm=generator.name,
        encoder="",
        prompt_tokens=prompt_tokens,
        output_tokens=output_tokens,
    )
