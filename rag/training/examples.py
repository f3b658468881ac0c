"""Makes training rows as the reader meets them: a question beside a window of a passage.

The window lies anywhere around the supporting sentences; beside it come unanswerable windows: others of the same
passage, like passages found by their words, the passages of narrow misses, and the same window for the question with
another name or year.  Windows of one question are about equally long, so that length reveals nothing.  Some questions
come with single sentences in place of windows, as the reader reads the best ones again.  Nothing is fixed: windows
and typing change from epoch to epoch.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.schema import Article
from index.store.local.lexical_index import LexicalIndex
from index.text.normalise import fold, normalise, sentence_spans, syllables
from index.text.terms import terms
from rag.proof.names import NAME, YEAR
from rag.training.augmentation import in_conversation, with_typing_noise
from rag.training.data import Evidence, Passage, Question, TrainingData, TrainingDataError

_SHORT, _LONG = (150, 700), (700, 1100)
"""Characters of a window, from and to: short ones vary most, long ones are what the product reads."""
_LONG_SHARE = 0.55
_LIKE = (0.8, 1.1)
"""How long a window is beside the others of its question."""
_NEIGHBOURS = 12
"""So many like windows of other passages are drawn from."""
_NAMED = re.compile(
    r"(?<!\w)(?P<what>(?i:ở|tại|xã|phường|huyện|quận|tỉnh|thôn|bản|đường|cầu|chợ|trường|ông|bà|anh|chị|cô|của|công ty))"
    rf"\s+(?P<name>{NAME})(?!-|\s+(?:hội|ủy|phủ|an)\b)"
)
"""A name with the word before it, which says what kind of thing has the name."""
_EXCHANGED_SHARE = 0.25
_NEAR_YEARS = (-3, -2, -1, 1, 2, 3)
_NARROW_WINDOWS = 2
"""Windows of a passage that misses a question narrowly, each time the question comes."""
_SINGLE_SHARE = 0.6
"""The questions that come with single sentences: they are short, so this costs about a third of the time."""
_SINGLE = 6
"""Unsupporting sentences beside a supporting one: those with most words of the question."""
_DRAWN = 9
"""So many of those with most words are drawn from."""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A question and a window.

    ``answerable`` says whether the window answers the question; ``answers`` are the spans of its words in ``text``,
    empty where not marked; ``sentences`` the spans of all sentences of the window, ``supporting`` the indexes of those
    that answer it.  Rows of the same ``group``, if it is not negative, are for one question, and as a rule one of them
    is answerable.
    """

    question: str
    heading: str
    text: str
    answerable: bool
    sentences: tuple[tuple[int, int], ...]
    supporting: tuple[int, ...] = ()
    answers: tuple[tuple[int, int], ...] = ()
    group: int = -1


class ExampleMaker:
    """Makes rows without end; the same seed gives the same ones.

    ``others`` are articles that answer none of the questions: distant windows come from them too.
    """

    def __init__(self, data: TrainingData, seed: int, others: Sequence[Article] = ()) -> None:
        self._rng = random.Random(seed)
        self._data = data
        self._passages = [passage for passage in data.passages.values() if passage.split == "train"]
        self._questions = [question for question in data.questions if question.split == "train"]
        if not self._questions:
            raise TrainingDataError("The training data hold no question to train on.")
        self._pool = [(p.id, p.heading, p.sentences) for p in self._passages] + [
            (article.id, article.title, tuple(_lines(article.text))) for article in others
        ]
        self._lexical = LexicalIndex.build(
            [terms(normalise(" ".join((heading, *sentences)))) for _, heading, sentences in self._pool]
        )
        self._near: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        self._group, self._size = -1, _SHORT[0]
        self._names: dict[str, list[str]] = {}
        for question in self._questions:
            for named in _NAMED.finditer(question.text):
                self._names.setdefault(named["what"].lower(), []).append(named["name"])

    def reading(self) -> Iterator[ReadingRow]:
        """Every question in a new order each epoch, with the rows that belong to it."""
        while True:
            order = list(self._questions)
            self._rng.shuffle(order)
            for question in order:
                self._group += 1
                self._size = self._rng.randint(*(_LONG if self._rng.random() < _LONG_SHARE else _SHORT))
                if self._rng.random() < _SINGLE_SHARE:
                    yield from self._single(question)
                else:
                    yield from self._rows(question)

    def _rows(self, question: Question) -> Iterator[ReadingRow]:
        passages = self._data.passages
        typed = replace(question, text=with_typing_noise(in_conversation(question, self._rng), self._rng))
        for evidence in question.evidence:
            yield self._answerable_window(typed, passages[evidence.passage], evidence)
            if row := self._beside(typed, passages[evidence.passage], evidence):
                yield row
        answerable_in = {evidence.passage for evidence in question.evidence}
        for number in question.passages:
            if number not in answerable_in:
                for _ in range(1 if answerable_in else _NARROW_WINDOWS):
                    yield self._unanswerable_window(
                        typed, passages[number].heading, passages[number].sentences
                    )
        # A window that misses it narrowly teaches more than one of something else.
        if answerable_in and (row := self._far(typed, question)):
            yield row
        for evidence in question.evidence:
            if row := self._exchanged(question, passages[evidence.passage], evidence):
                yield row

    def _single(self, question: Question) -> Iterator[ReadingRow]:
        """The supporting sentences and the most similar other ones, each by itself."""
        passages = self._data.passages
        typed = with_typing_noise(in_conversation(question, self._rng), self._rng)
        supporting = {(one.passage, number) for one in question.evidence for number in one.sentences}
        for evidence in question.evidence:
            if len(evidence.sentences) > 1:
                continue  # one of them may not answer alone
            passage = passages[evidence.passage]
            text = passage.sentences[evidence.sentences[0]]
            whole = (0, len(text))
            answers = [
                found for answer in evidence.answers if (found := _find(answer, text, [whole])) is not None
            ]
            heading = self._heading(passage.heading)
            yield ReadingRow(typed, heading, text, True, (whole,), (0,), tuple(answers), self._group)
        others = [
            (passages[number].heading, sentence)
            for number in question.passages
            for place, sentence in enumerate(passages[number].sentences)
            if (number, place) not in supporting
        ]
        near = self._foreign_places(question)
        for place in self._rng.sample(near, min(2, len(near))):
            _, heading, sentences = self._pool[place]
            others += [(heading, sentence) for sentence in sentences]
        question_words = set(syllables(fold(question.text)))
        others.sort(key=lambda other: len(question_words & set(syllables(fold(other[1])))), reverse=True)
        most_similar = others[:_DRAWN]
        for heading, text in self._rng.sample(most_similar, min(_SINGLE, len(most_similar))):
            yield ReadingRow(typed, self._heading(heading), text, False, ((0, len(text)),), group=self._group)

    def _answerable_window(self, question: Question, passage: Passage, evidence: Evidence) -> ReadingRow:
        first, last = min(evidence.sentences), max(evidence.sentences)
        first, last = self._window(passage.sentences, first, last)
        text, places = self._joined(passage.sentences[first : last + 1])
        supporting = tuple(number - first for number in evidence.sentences if first <= number <= last)
        answers = [
            place
            for answer in evidence.answers
            if (place := _find(answer, text, [places[number] for number in supporting])) is not None
        ]
        heading = self._heading(passage.heading)
        return ReadingRow(question.text, heading, text, True, places, supporting, tuple(answers), self._group)

    def _beside(self, question: Question, passage: Passage, evidence: Evidence) -> ReadingRow | None:
        """A window of the same passage without the supporting sentences; ``None`` where nothing is left."""
        supporting = {
            number
            for other in question.evidence
            if other.passage == evidence.passage
            for number in other.sentences
        }
        rest = [sentence for number, sentence in enumerate(passage.sentences) if number not in supporting]
        if len(rest) < 2 or self._rng.random() < 0.4:
            return None
        # A supporting sentence may stand in the middle: what is left is a passage of which it was cut out.
        return self._unanswerable_window(question, passage.heading, tuple(rest))

    def _exchanged(self, question: Question, passage: Passage, evidence: Evidence) -> ReadingRow | None:
        """The answerable window with the question for another year or name, which it does not answer."""
        if question.earlier or self._rng.random() > _EXCHANGED_SHARE:
            return None
        known = fold(" ".join((passage.heading, *passage.sentences)))
        changes = [
            (place.span(), str(int(place.group()) + self._rng.choice(_NEAR_YEARS)))
            for place in YEAR.finditer(question.text)
        ] + [
            (place.span("name"), self._rng.choice(self._names[place["what"].lower()]))
            for place in _NAMED.finditer(question.text)
        ]
        self._rng.shuffle(changes)
        for (start, end), other in changes:
            if fold(question.text[start:end]) in known and fold(other) not in known:
                text = with_typing_noise(question.text[:start] + other + question.text[end:], self._rng)
                first, last = self._window(
                    passage.sentences, min(evidence.sentences), max(evidence.sentences)
                )
                window, places = self._joined(passage.sentences[first : last + 1])
                return ReadingRow(text, self._heading(passage.heading), window, False, places)
        return None

    def _far(self, question: Question, original: Question) -> ReadingRow | None:
        """A like window of another passage or article; ``None`` where there is no other."""
        near = self._foreign_places(original)
        return self._unanswerable_window(question, *self._pool[self._rng.choice(near)][1:]) if near else None

    def _foreign_places(self, original: Question) -> list[int]:
        """The most similar passages and articles of the pool that do not answer the question."""
        key = (original.text, original.passages)
        near = self._near.get(key)
        if near is None:
            found = self._lexical.candidates(normalise(original.text), _NEIGHBOURS + 8).tolist()
            foreign = self._is_foreign(original)
            near = [place for place in found if foreign(place)][:_NEIGHBOURS]
            # Without a like passage any other one will do.
            self._near[key] = near = near or [place for place in range(len(self._pool)) if foreign(place)]
        return near

    def _is_foreign(self, question: Question) -> Callable[[int], bool]:
        """A predicate on places in the pool: of another set and article, and without a supporting sentence.

        The other articles may be those that passages were taken from.
        """
        own = {number.rstrip("ab") for number in question.passages} | set(question.passages)
        titles = {fold(self._data.passages[number].title) for number in question.passages}
        supporting = {
            fold(self._data.passages[evidence.passage].sentences[number])
            for evidence in question.evidence
            for number in evidence.sentences
        }

        def foreign(place: int) -> bool:
            name, heading, sentences = self._pool[place]
            if name in own or name.rstrip("ab") in own or fold(heading).partition(" | ")[0] in titles:
                return False
            text = fold(" ".join(sentences))
            return not any(sentence in text for sentence in supporting)

        return foreign

    def _unanswerable_window(self, question: Question, heading: str, sentences: Sequence[str]) -> ReadingRow:
        start = self._rng.randrange(len(sentences))
        first, last = self._window(sentences, start, start)
        text, places = self._joined(sentences[first : last + 1])
        return ReadingRow(question.text, self._heading(heading), text, False, places, group=self._group)

    def _window(self, sentences: Sequence[str], first: int, last: int) -> tuple[int, int]:
        """Widen a range of sentences on either side to about the length of the question's windows."""
        size = self._size * self._rng.uniform(*_LIKE)
        length = sum(len(sentence) + 1 for sentence in sentences[first : last + 1])
        while True:
            sides = [
                side
                for side in (first - 1, last + 1)
                if 0 <= side < len(sentences) and length + len(sentences[side]) < size
            ]
            if not sides:
                return first, last
            side = self._rng.choice(sides)
            length += len(sentences[side]) + 1
            first, last = min(first, side), max(last, side)

    def _joined(self, sentences: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
        glue = self._rng.choice((" ", " ", "\n"))
        places, at = [], 0
        for sentence in sentences:
            places.append((at, at + len(sentence)))
            at += len(sentence) + 1
        return glue.join(sentences), tuple(places)

    def _heading(self, heading: str) -> str:
        return heading if self._rng.random() < 0.9 else ""


def _find(answer: str, text: str, sentences: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Where the answer stands in one of the sentences, or across them; not inside another word or number, if it can.

    Without white space some texts glue it to the next word, so a place inside a word is better than none.
    """
    spaced = r"\s".join(map(re.escape, answer.split()))
    for pattern in (rf"(?<!\w)(?<!\d[.,]){spaced}(?!\w|[.,]\d)", spaced):
        for match in re.finditer(pattern, text):
            if any(begin <= match.start() < end for begin, end in sentences):
                return match.span()
    return None


def _lines(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)] or [text]
