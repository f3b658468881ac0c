"""Retrieval: turns a question into a query, and a query into the passages worth reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.encoding.encoder import Encoder
from index.schema import Filters, Hit
from index.search import search, search_articles, search_words
from index.store.store import Store
from index.text.normalise import has_accents, normalise, syllables
from rag.collection.parse_question import asks_for_articles
from rag.errors import EmptyQuestionError
from rag.proof.names import YEAR
from rag.query.accents import Names, known_names, restore_accents
from rag.query.condense import condense
from rag.query.language import answer_language, is_foreign
from rag.query.message_kind import MessageClassifier
from rag.query.time_expressions import Today, relative_period, written_as_dates
from rag.query.typing_errors import correct_typing
from rag.retrieval.deduplicate import deduplicate
from rag.schema import COLLECTION_KINDS, SMALL_TALK_KINDS, MessageKind, Query, Turn

_PASSAGES_FOR_ACCENTS = 8
_FURTHER = 40
"""Articles beyond those that were found which are read for a question that many articles answer."""
_SPEAKS = 0.5
"""Such an article holds this much of the words of a question, in parts of what the one with most holds."""
_EMPTY_QUESTION = "The question holds no word; write what you want to know."


class Retriever:
    """Searches one store with the encoder that built it.

    ``messages`` classifies messages; ``today`` is what "năm ngoái" is counted from.
    """

    def __init__(
        self, store: Store, encoder: Encoder, messages: MessageClassifier, today: Today = date.today
    ) -> None:
        self.store = store
        self.encoder = encoder
        self.today = today
        self._messages = messages
        self._names: tuple[int, Names] | None = None

    def kind(self, message: str) -> MessageKind:
        """What a message wants; raises EmptyQuestionError where nothing is written."""
        typed = normalise(message).strip()
        if not typed:
            raise EmptyQuestionError(_EMPTY_QUESTION)
        if not syllables(typed):
            return "nonsense"
        if is_foreign(message):  # before letters that look like Latin ones become such
            return "other_language"
        kind = self._messages.kind(self.corrected(typed))
        if kind in COLLECTION_KINDS and not asks_for_articles(kind, typed):
            return "question"
        # A year alone is another year for the last question.
        english = kind == "other_language" and answer_language(typed) == "en"
        return "question" if english or YEAR.fullmatch(typed) else kind

    def understand(self, question: str, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Query:
        """Turn a question into a query: normalised, with accents, typing errors corrected, a follow-up condensed.

        A time that is counted from today becomes its date where the store has articles as new as that.  Raises
        EmptyQuestionError where the question has no word.
        """
        typed = normalise(question)
        if not syllables(typed):
            raise EmptyQuestionError(_EMPTY_QUESTION)
        text = self.normalise_question(typed, filters)
        follow_up = text
        earlier = [turn for turn in history if self._is_question(turn.question)]
        if earlier and self.is_follow_up(text):
            turns = [
                replace(turn, question=self.normalise_question(turn.question, filters)) for turn in earlier
            ]
            found = condense(
                self.normalise_question(typed, filters, turns[-1].question), turns, self.is_follow_up
            )
            text, follow_up = found.text, found.question
        period = relative_period(text, self.today())
        days = self.store.database.days() if period else None
        if period and not period.now and days and days[1] >= period.first:
            before = len(text) - len(follow_up)
            text = written_as_dates(text, period)
            follow_up = text[before:] if period.start >= before else follow_up
        return Query(text, question, follow_up if follow_up != text else "", period)

    def normalise_question(self, question: str, filters: Filters = Filters(), earlier: str = "") -> str:
        """Normalise a question, correct its typing errors, and restore accents where it was typed without.

        The accents are those of passages about it, and about the ``earlier`` question.
        """
        text = self.corrected(normalise(question))
        if has_accents(text) or answer_language(text) != "vi":
            return text
        hits = search_words(self.store, f"{earlier} {text}", _PASSAGES_FOR_ACCENTS, filters)
        passages = [f"{hit.chunk.article.title}\n{hit.chunk.text}" for hit in hits]
        return restore_accents(text, passages, {**known_names(passages), **self._names_of_store()})

    def _names_of_store(self) -> Names:
        """The places and authors of the store, read again when it has changed."""
        database = self.store.database
        if self._names is None or self._names[0] != database.generation:
            self._names = database.generation, known_names([*database.places(), *database.authors()])
        return self._names[1]

    def corrected(self, message: str) -> str:
        """A normalised message with its typing errors put right; what the articles write is none."""
        return correct_typing(message, lambda word: self.store.engine().is_written(word))

    def is_follow_up(self, question: str) -> bool:
        """Whether a question of a conversation cannot be understood without the earlier ones."""
        return self._messages.is_follow_up(question)

    def _is_question(self, message: str) -> bool:
        """Whether an earlier message asked something that a follow-up can go on from."""
        return bool(message.strip()) and self.kind(message) not in SMALL_TALK_KINDS

    def search(self, question: str, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find the ``k`` best passages for a question, of which none repeats another.

        Raises EmptyQuestionError where the question has no word.
        """
        return self.find(self.understand(question, (), filters), k, filters)

    def find(self, query: Query, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find the ``k`` best passages for a query, of which none repeats another, ranked from 1."""
        vector = self.encoder.encode_queries([query.text])[0]
        hits = deduplicate(search(self.store, query.text, vector, 3 * k, filters), k)
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, 1))

    def further(self, query: Query, known: Sequence[Hit], filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find the best passage of each further article that speaks of a query, beside those that are known."""
        articles = {hit.chunk.article.id for hit in known}
        vector = self.encoder.encode_queries([query.text])[0]
        found = search_articles(self.store, query.text, vector, _FURTHER + len(articles), 1, filters)
        most = max((hit.lexical for hit in known), default=0.0)
        new = [
            hit for (hit,) in found if hit.chunk.article.id not in articles and hit.lexical >= _SPEAKS * most
        ]
        return tuple(deduplicate([*known, *new], len(known) + len(new))[len(known) :])
