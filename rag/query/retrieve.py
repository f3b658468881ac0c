"""A question becomes the passages worth reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.models.encoder import Encoder
from index.schema import Filters, Hit
from index.search import search, search_words
from index.store.store import Store
from index.text.normalise import has_accents, normalise, syllables
from rag.errors import EmptyQuestionError
from rag.query.accents import restore_accents
from rag.query.condense import may_need_context, needs_context, written_out
from rag.query.language import answer_language
from rag.query.repeats import distinct
from rag.schema import Query, Turn

_PASSAGES_FOR_ACCENTS = 8


class Retriever:
    """Searches one store with the encoder that built it."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self.store = store
        self.encoder = encoder

    def understand(self, question: str, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Query:
        """Give the question as it is searched and read: normalised, with accents, a follow-up written out.

        Raises EmptyQuestionError where nothing is asked.
        """
        typed = normalise(question)
        if not syllables(typed):
            raise EmptyQuestionError("The question holds no word; write what you want to know.")
        worded = self.wording(typed, filters)
        if not history or not (needs_context(typed) or may_need_context(worded)):
            return Query(worded, question)
        turns = [replace(turn, question=self.wording(turn.question, filters)) for turn in history]
        asked = written_out(self.wording(typed, filters, turns[-1].question), turns)
        return Query(asked.text, question, asked.question)

    def wording(self, question: str, filters: Filters = Filters(), earlier: str = "") -> str:
        """A question, normalised, and with its accents where it was typed without.

        The accents are those of passages about it, and about the ``earlier`` question.
        """
        asked = normalise(question)
        if has_accents(asked) or answer_language(asked) != "vi":
            return asked
        hits = search_words(self.store, f"{earlier} {asked}", _PASSAGES_FOR_ACCENTS, filters)
        return restore_accents(asked, [f"{hit.chunk.article.title}\n{hit.chunk.text}" for hit in hits])

    def search(self, question: str, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find the ``k`` best passages for a question; no two tell the same.

        Raises EmptyQuestionError where nothing is asked.
        """
        return self.find(self.understand(question, (), filters), k, filters)

    def find(self, query: Query, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find the ``k`` best passages for a query; no two tell the same."""
        vector = self.encoder.encode_queries([query.text])[0]
        hits = distinct(search(self.store, query.text, vector, 3 * k, filters), k)
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, 1))
