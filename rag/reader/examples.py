"""Articles become examples to learn reading from: question, passage, and the answer's place or its absence."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from index.errors import IndexingError
from index.lexical import terms
from index.lexical_index import LexicalIndex
from index.schema import Article
from index.text import fold, syllables
from rag.reader.askable import REPEATED_KINDS, AskableText, Question, Written, prepare, tiles
from rag.reader.cohesion import Cohesion
from rag.reader.gaps import Gap
from rag.reader.questions import as_typed, as_written, ask


@dataclass(frozen=True, slots=True)
class Example:
    """A question about a passage; the answer is ``passage[start:end]``, or absent when ``start`` is -1.

    ``origin`` names how it was made.
    """

    question: str
    title: str
    passage: str
    start: int
    end: int
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a sentence that can be asked for; the sentence's ``begin`` and the part count in its article."""

    article: str
    sentence: str
    begin: int
    start: int
    end: int
    answer: str


_KIND_WEIGHTS = {
    "number": 1.3, "date": 1.5, "money": 1.0, "percent": 1.0, "duration": 1.0, "age": 0.6, "length": 0.6, "time": 0.6,
    "person": 1.5, "role": 0.8, "named": 1.5, "called": 1.2, "body": 1.2, "place": 1.3, "name": 0.3,
    "reason": 1.6, "purpose": 1.3, "manner": 0.8, "being": 1.5, "list": 1.2, "some": 1.0, "object": 1.5, "subject": 1.2,
}  # fmt: skip
"""How often each kind of gap is asked for, however common it is in the text."""

_SHARES = (
    ("sentence", 0.56),
    ("elsewhere", 0.08),
    ("removed", 0.09),
    ("apart", 0.05),
    ("other", 0.13),
    ("changed", 0.09),
)
"""How the examples are made: the first two have an answer."""

_WRITTEN_SHARE = 0.25

ABLATIONS = ("written", "kinds", "wording", "typing", *(origin for origin, _ in _SHARES[1:]))
"""What of the recipe can be left out, to measure what it adds."""

_FIRST_KINDS = frozenset(("number", "date", "money", "percent", "person", "place", "named", "name"))
"""All that is asked for without ``kinds``: the answers that a text marks plainly."""

_COMMON_NUMBER = re.compile(r"\d{1,2}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười")
"""Numbers that stand twice in an article without meaning the same."""

_SHORTEST, _LONGEST = 160, 1000
"""Characters of a passage, at least and at most."""


class ExampleMaker:
    """Makes examples without end from articles; the same seed gives the same ones.

    Where questions were ``written`` for some of the articles, ``_WRITTEN_SHARE`` of the examples use them.
    ``without`` names parts of the recipe, of ``ABLATIONS``, to leave out.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        seed: int,
        written: Sequence[Written] = (),
        without: Collection[str] = (),
    ) -> None:
        self._rng = random.Random(seed)
        self._without = frozenset(without)
        cohesion = Cohesion(article.text for article in articles)
        questions: dict[str, list[Written]] = defaultdict(list)
        for question in written:
            questions[question.article].append(question)
        texts = (prepare(article, cohesion, questions[article.id]) for article in articles)
        self._texts = [text for text in texts if any(text.gaps)]
        if not self._texts:
            raise IndexingError(
                "No article has a sentence to ask about; give a folder of Vietnamese articles."
            )
        self._with_written = [text for text in self._texts if text.written]
        self._passages = [
            (number, *window) for number, text in enumerate(self._texts) for window in tiles(text)
        ]
        self._lexical = LexicalIndex.build(
            [terms(self._texts[number].text[start:end]) for number, start, end in self._passages]
        )
        self._makers = {
            "sentence": self._from_sentence,
            "elsewhere": self._from_elsewhere,
            "removed": self._with_answer_removed,
            "apart": self._from_another_part,
            "other": self._from_another_article,
            "changed": self._with_question_changed,
        }

    def examples(self) -> Iterator[Example]:
        """Examples in the shares of the recipe."""
        shares = {origin: share for origin, share in _SHARES if origin not in self._without}
        any_written = bool(self._with_written) and "written" not in self._without
        while True:
            origin = self._rng.choices(list(shares), list(shares.values()))[0]
            written = any_written and self._rng.random() < _WRITTEN_SHARE
            for _ in range(20):
                text = self._rng.choice(self._with_written if written else self._texts)
                example = self._makers[origin](text, written)
                if example is not None:
                    yield example
                    break

    def pick(self) -> Asked:
        """A gap of any article."""
        text = self._rng.choice(self._texts)
        number, gap = self._pick_gap(text)
        begin, end = text.sentences[number]
        start, stop = begin + gap.start, begin + gap.end
        return Asked(text.id, text.text[begin:end], begin, start, stop, text.text[start:stop])

    def _pick(self, text: AskableText, written: bool) -> Question | None:
        """A question about an article, one of those that were written or one made by rule."""
        if written:
            chosen = self._rng.choice(text.written)
            return replace(chosen, text=self._typed(chosen.text))
        number, gap = self._pick_gap(text)
        question = self._ask(text, number, gap)
        return Question(question, number, gap.start, gap.end) if question else None

    def _ask(self, text: AskableText, number: int, gap: Gap) -> str | None:
        question = ask(
            text.sentence(number), gap, self._rng, text.topics, vary="wording" not in self._without
        )
        return self._typed(question) if question else None

    def _typed(self, question: str) -> str:
        return as_written(question) if "typing" in self._without else as_typed(question, self._rng)

    def _pick_gap(self, text: AskableText) -> tuple[int, Gap]:
        """A sentence and a gap in it, common kinds no likelier than rare ones."""
        choices = [(number, gap) for number, gaps in enumerate(text.gaps) for gap in gaps]
        of_kind: dict[str, list[tuple[int, Gap]]] = defaultdict(list)
        for number, gap in choices:
            of_kind[gap.kind].append((number, gap))
        kinds = sorted(of_kind)
        if "kinds" in self._without:
            kinds = [kind for kind in kinds if kind in _FIRST_KINDS] or kinds
        kind = self._rng.choices(kinds, [_KIND_WEIGHTS[kind] for kind in kinds])[0]
        return self._rng.choice(of_kind[kind])

    def _window(self, text: AskableText, number: int, without: int | None = None) -> tuple[str, int]:
        """Some sentences around one, and where that one begins; ``without`` is left out."""
        # Most are short, which teaches as much in less time.
        size = _SHORTEST + (_LONGEST - _SHORTEST) * self._rng.random() ** 1.5
        first = last = number
        while True:
            start, end = text.sentences[first][0], text.sentences[last][1]
            grow = [
                step
                for step in ("back", "on")
                if (first > 0 if step == "back" else last + 1 < len(text.sentences))
            ]
            if end - start >= size or not grow:
                break
            if self._rng.choice(grow) == "back":
                first -= 1
            else:
                last += 1
        parts: list[str] = []
        at = 0
        for place in range(first, last + 1):
            if place == without:
                continue
            if place == number:
                at = sum(len(part) + 1 for part in parts)
            parts.append(text.sentence(place))
        return " ".join(parts), at

    def _found(self, text: AskableText, asked: Question, without: int | None, origin: str) -> Example:
        passage, at = self._window(text, asked.sentence, without)
        return Example(asked.text, self._title(text), passage, at + asked.start, at + asked.end, origin)

    def _title(self, text: AskableText) -> str:
        return text.title if self._rng.random() < 0.7 else ""

    def _from_sentence(self, text: AskableText, written: bool) -> Example | None:
        asked = self._pick(text, written)
        return self._found(text, asked, None, "sentence") if asked else None

    def _from_elsewhere(self, text: AskableText, _: bool) -> Example | None:
        """Asked with one sentence, told by another that shares some of its words."""
        told: dict[str, list[tuple[int, Gap]]] = defaultdict(list)
        for number, gaps in enumerate(text.gaps):
            for gap in gaps:
                answer = text.sentence(number)[gap.start : gap.end].lower()
                if gap.kind in REPEATED_KINDS and not _COMMON_NUMBER.fullmatch(answer):
                    told[answer].append((number, gap))
        pairs = [
            (asked, other)
            for answer, places in told.items()
            for asked in places
            for other in places
            if asked[0] != other[0] and _shared(text.sentence(asked[0]), text.sentence(other[0]), answer) >= 3
        ]
        if not pairs:
            return None
        (asked, gap), (number, there) = self._rng.choice(pairs)
        question = self._ask(text, asked, gap)
        if question is None:
            return None
        return self._found(text, Question(question, number, there.start, there.end), asked, "elsewhere")

    def _with_answer_removed(self, text: AskableText, written: bool) -> Example | None:
        asked = self._pick(text, written)
        if asked is None or len(text.sentences) < 4:
            return None
        passage, _ = self._window(text, asked.sentence, asked.sentence)
        return self._absent(text, passage, text.answer(asked), asked.text, "removed")

    def _from_another_part(self, text: AskableText, written: bool) -> Example | None:
        asked = self._pick(text, written)
        if asked is None:
            return None
        passage, _ = self._window(text, self._rng.randrange(len(text.sentences)))
        if text.sentence(asked.sentence) in passage:
            return None
        return self._absent(text, passage, text.answer(asked), asked.text, "apart")

    def _from_another_article(self, text: AskableText, written: bool) -> Example | None:
        asked = self._pick(text, written)
        if asked is None:
            return None
        found = [self._passages[place] for place in self._lexical.candidates(asked.text, 8)]
        others = [place for place in found if self._texts[place[0]] is not text]
        if not others:
            return None
        other, start, end = self._rng.choice(others)
        passage = self._texts[other].text[start:end]
        return self._absent(self._texts[other], passage, text.answer(asked), asked.text, "other")

    def _with_question_changed(self, text: AskableText, written: bool) -> Example | None:
        """A name, number or date of the question becomes another one, so that the passage just misses."""
        asked = self._pick(text, written)
        if asked is None:
            return None
        sentence = text.sentence(asked.sentence)
        swaps = [
            other
            for other in text.gaps[asked.sentence]
            if other.kind in REPEATED_KINDS
            and (other.end <= asked.start or other.start >= asked.end)
            and _whole(sentence[other.start : other.end]).search(asked.text)
        ]
        if not swaps:
            return None
        old = self._rng.choice(swaps)
        new = self._another(old.kind, sentence[old.start : old.end])
        passage, _ = self._window(text, asked.sentence)
        if new is None or fold(new) in fold(passage):
            return None
        question = _whole(sentence[old.start : old.end]).sub(lambda _: new, asked.text)
        return Example(question, self._title(text), passage, -1, -1, "changed")

    def _another(self, kind: str, value: str) -> str | None:
        if value.isdigit() and len(value) == 4 and kind == "date":
            return str(int(value) + self._rng.choice((-4, -3, -2, -1, 1, 2)))
        for _ in range(30):
            text = self._rng.choice(self._texts)
            number = self._rng.randrange(len(text.gaps))
            for gap in text.gaps[number]:
                other = text.sentence(number)[gap.start : gap.end]
                if gap.kind == kind and other != value:
                    return other
        return None

    def _absent(
        self, text: AskableText, passage: str, answer: str, question: str, origin: str
    ) -> Example | None:
        """An example without an answer, ``None`` when the passage tells it after all."""
        if len(passage) < 80 or fold(answer) in fold(passage):
            return None
        return Example(question, self._title(text), passage, -1, -1, origin)


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")


def _shared(one: str, other: str, answer: str) -> int:
    """How many syllables two sentences have in common, the answer's own and short ones left out."""
    own = set(syllables(answer))
    return len({word for word in set(syllables(one)) & set(syllables(other)) - own if len(word) > 2})
