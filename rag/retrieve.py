"""A question becomes the passages worth reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from index.encoder import Encoder
from index.schema import Chunk, Filters, Hit
from index.search import search, search_words
from index.store import Store
from index.text import has_accents, normalise, syllables
from rag.accents import restore_accents
from rag.errors import EmptyQuestionError
from rag.extract import Clue, Reading, find_clues, read_hits, surest
from rag.follow import may_need_context, needs_context, written_out
from rag.language import answer_language
from rag.question import asking, only_question, years_in
from rag.reader.reader import Reader
from rag.repeats import distinct
from rag.schema import Asked, Turn

_PASSAGES_FOR_ACCENTS = 8
_BACKGROUND = slice(10, 20)
"""The ranks that tell how near the rest of the store comes to a question; measured in docs/notes.md."""
_PASSAGES_TO_READ = 8
_YEAR_WEIGHT = 0.06
"""What the year in a title is worth; measured in docs/notes.md."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """What was found for a question: the passages to read, the ``clues`` in them, and the ``background``.

    The last is the mean score of the passages of ranks 11 to 20, where there are fewer that of the last one but never
    the first, else 0: how well passages of this store fit a question that they do not answer.
    """

    readings: tuple[Reading, ...]
    background: float
    clues: tuple[Clue, ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages."""
        return tuple(reading.hit for reading in self.readings)

    def within(self, whole: LookUp) -> LookUp:
        """What was found here, as the passages of a look-up that this one was put into, in the order found here."""
        held: dict[int, Reading] = {}
        for own in self.readings:
            holder = next(one.hit for one in whole.readings if _holds(one.hit.chunk, own.hit.chunk))
            spans = [own.span_in(holder.chunk)] + ([held[holder.rank].span] if holder.rank in held else [])
            held[holder.rank] = Reading(holder, surest(spans))
        return replace(self, readings=tuple(held.values()))


def together(looked_up: Sequence[LookUp]) -> LookUp:
    """The passages of several look-ups by turns, each of them once; at least one look-up is given."""
    turns = zip_longest(*(one.readings for one in looked_up))
    readings = [reading for turn in turns for reading in turn if reading]
    background = sum(one.background for one in looked_up) / len(looked_up)
    return LookUp(
        _ranked(_joined(readings)), background, tuple(clue for one in looked_up for clue in one.clues)
    )


class Retriever:
    """Searches one store with the encoder that built it; a reader reads what was found."""

    def __init__(
        self, store: Store, encoder: Encoder, reader: Reader | None = None, relevance_weight: float = 0.0
    ) -> None:
        self.store = store
        self.encoder = encoder
        self.reader = reader
        self.relevance_weight = relevance_weight

    def wording(self, question: str, filters: Filters = Filters(), earlier: str = "") -> str:
        """Give the question as it is searched: normalised, and with its accents where it was typed without.

        The accents are those of passages about it, and about the ``earlier`` question.
        """
        asked = normalise(question)
        if has_accents(asked) or answer_language(asked) != "vi":
            return asked
        hits = self.find_words(f"{earlier} {asked}", _PASSAGES_FOR_ACCENTS, filters)
        return restore_accents(asked, [f"{hit.chunk.article.title}\n{hit.chunk.text}" for hit in hits])

    def in_full(self, question: str, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Asked:
        """Give the question as it is searched and answered: a follow-up written out, and with accents.

        What only stands around the question in the message is left out.  Raises EmptyQuestionError where nothing is
        asked.
        """
        question = only_question(_with_words(question))
        worded = self.wording(question, filters)
        if not history or not (needs_context(question) or may_need_context(worded)):
            return Asked(worded)
        earlier = (only_question(normalise(turn.question)) for turn in history)
        turns = [
            replace(turn, question=self.wording(asked, filters))
            for turn, asked in zip(history, earlier, strict=True)
        ]
        return written_out(self.wording(question, filters, turns[-1].question), turns)

    def search(self, question: str, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find the ``k`` best passages: no two tell the same, and neighbours in an article are one passage.

        Raises EmptyQuestionError where nothing is asked.
        """
        return self.look_up(Asked(self.wording(_with_words(question), filters)), k, filters).hits

    def look_up(self, question: Asked, k: int, filters: Filters = Filters()) -> LookUp:
        """Find the ``k`` best passages with what the reader says of each.

        The reader is given the question without its context, which asks for something else, where it asks by itself.
        """
        asked = question.text
        count = max(k, _PASSAGES_TO_READ)  # those that join others leave room
        found = distinct(self.find(asked, 3 * count, filters), max(count, _BACKGROUND.stop))
        hits = found[:count]
        if self.reader is None:
            readings = [Reading(hit) for hit in hits]
        else:
            alone = question.question if asking(question.question) else asked
            readings = read_hits(self.reader, alone, hits[:_PASSAGES_TO_READ], self.relevance_weight)
            readings += [Reading(hit) for hit in hits[_PASSAGES_TO_READ:]]
        rest = [hit.score for hit in found[_BACKGROUND] or found[1:][-1:]] or [0.0]
        return LookUp(_ranked(_joined(readings)[:k]), sum(rest) / len(rest), find_clues(readings))

    def find_words(self, asked: str, count: int, filters: Filters) -> list[Hit]:
        """Search by words alone, accents left aside."""
        return search_words(self.store, asked, count, filters)

    def find(self, asked: str, count: int, filters: Filters) -> list[Hit]:
        """Search for a question in its final wording; neighbours and repetitions stay apart."""
        hits = search(self.store, asked, self.encoder.encode_queries([asked])[0], count, filters)
        return _of_the_year(asked, hits)


def _with_words(question: str) -> str:
    """A question, normalised; EmptyQuestionError where it holds no word."""
    question = normalise(question)
    if not syllables(question):
        raise EmptyQuestionError("The question holds no word; write what you want to know.")
    return question


def _of_the_year(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """Prefer articles whose title names a year of the question to those whose title names only others."""
    years = years_in(question)
    if not years:
        return list(hits)
    scored = []
    for hit in hits:
        titled = years_in(hit.chunk.article.title)
        change = 0.0 if not titled else _YEAR_WEIGHT if titled & years else -_YEAR_WEIGHT
        scored.append(replace(hit, score=hit.score + change))
    scored.sort(key=lambda hit: -hit.score)
    return [replace(hit, rank=rank) for rank, hit in enumerate(scored, start=1)]


def _joined(readings: Sequence[Reading]) -> list[Reading]:
    """Make one passage of neighbouring or overlapping chunks, in the place and with the scores of the better one."""
    while len(joined := _joined_once(readings)) < len(readings):
        readings = joined
    return joined


def _joined_once(readings: Sequence[Reading]) -> list[Reading]:
    joined: list[Reading] = []
    for reading in readings:
        for place, better in enumerate(joined):
            if _adjacent(better.hit.chunk, reading.hit.chunk):
                chunk = _union(better.hit.chunk, reading.hit.chunk)
                spans = [one.span_in(chunk) for one in (better, reading)]
                joined[place] = Reading(replace(better.hit, chunk=chunk), surest(spans))
                break
        else:
            joined.append(reading)
    return joined


def _holds(chunk: Chunk, other: Chunk) -> bool:
    return chunk.article.id == other.article.id and chunk.start <= other.start and other.end <= chunk.end


def _adjacent(first: Chunk, second: Chunk) -> bool:
    if first.article.id != second.article.id:
        return False
    left, right = sorted((first, second), key=lambda chunk: chunk.start)
    return not first.article.text[left.end : right.start].strip()


def _union(first: Chunk, second: Chunk) -> Chunk:
    return Chunk(
        first.article,
        min(first.position, second.position),
        min(first.start, second.start),
        max(first.end, second.end),
    )


def _ranked(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    return tuple(
        replace(reading, hit=replace(reading.hit, rank=rank))
        for rank, reading in enumerate(readings, start=1)
    )
