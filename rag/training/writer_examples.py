"""Makes examples for training the language model: its messages, and the reply that it should learn.

Examples come in groups whose prompts begin alike: questions about the same sentences.  Nothing is fixed: sentences,
hints and typing change from group to group.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from index.store.local.lexical_index import LexicalIndex
from index.text.normalise import normalise
from index.text.terms import terms
from rag.training.augmentation import with_typing_noise, word_overlap
from rag.training.data import Question, TrainingData
from rag.writer.generator import Message
from rag.writer.instructions import UNANSWERABLE, Hint, Line, write_messages, written

_KIND_WEIGHTS = {
    "absent": 3.0,
    "yesno": 1.6,
    "hard": 1.2,
    "list": 1.2,
    "ambiguous": 0.6,
    "compare": 0.6,
    "both": 0.5,
}
"""How often a kind of question begins a group of examples; the others 1, those of several passages 0.5."""
_LINES = (1, 2, 3, 3, 4, 4, 5, 6)
_NEAR = 8
_GROUP = 5
_HINTED, _MISLED = 0.85, 0.95
"""Up to which share of the examples the hint is right, and then wrong; the others have none."""
_WRONG_HINT = (1, 6)
"""Words of a wrong hint, from and to."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YES_NO = re.compile(r"(?:Có|Không|Đúng|Chưa|Rồi|Phải)(?=[,.])")
_DENIAL = re.compile(r"(?:Không|Chưa|Sai|Tài liệu|Bài)\b")


_Item = TypeVar("_Item")
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class WriterExample:
    """The messages to the language model and the reply to learn."""

    messages: tuple[Message, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class _SentenceRef:
    passage: str
    sentence: int


class WriterExampleMaker:
    """Makes groups of examples without end; the same seed gives the same ones."""

    def __init__(self, data: TrainingData, seed: int) -> None:
        self._rng = random.Random(seed)
        self._passages = data.passages
        self._pool = [passage for passage in data.passages.values() if passage.split == "train"]
        self._lexical = LexicalIndex.build(
            [terms(normalise(" ".join((passage.heading, *passage.sentences)))) for passage in self._pool]
        )
        self._questions = [q for q in data.questions if q.split == "train" and _can_be_written(q)]
        self._by_kind = _grouped(self._questions, lambda question: question.kind)
        self._by_passage = _grouped(self._questions, lambda question: question.passages)

    def groups(self) -> Iterator[list[WriterExample]]:
        """Groups of examples about the same few sentences, which do not answer some of the questions."""
        orders = {kind: _endless(questions, self._rng) for kind, questions in self._by_kind.items()}
        weights = [_kind_weight(kind, questions[0]) for kind, questions in self._by_kind.items()]
        while True:
            first = next(orders[self._rng.choices(list(orders), weights)[0]])
            places = self._chosen(first)
            questions = [first, *self._others(first)]
            examples = [example for question in questions if (example := self._write(question, places))]
            refusals = [example for example in examples if example.reply == UNANSWERABLE]
            answered = [example for example in examples if example.reply != UNANSWERABLE]
            at_least = int(not first.evidence or self._rng.random() < 0.5)
            kept = refusals[: max(at_least, len(answered) // 3)] + answered
            if kept:
                yield self._shuffled(kept)[:_GROUP]

    def _chosen(self, question: Question) -> list[_SentenceRef]:
        """The supporting sentences (mostly), with similar ones of the same and of another passage."""
        supporting = [
            _SentenceRef(one.passage, sentence) for one in question.evidence for sentence in one.sentences
        ]
        size = max(self._rng.choice(_LINES), len(supporting))
        if supporting and self._rng.random() < 0.1:
            supporting = []  # the reader missed them
        own = [
            _SentenceRef(number, sentence)
            for number in question.passages
            for sentence in range(len(self._passages[number].sentences))
            if not any(sentence in one.sentences for one in question.evidence if one.passage == number)
        ]
        near = [*own, *self._near(question)]
        near.sort(
            key=lambda place: -word_overlap(self._sentence(place), question.text) - 1.5 * self._rng.random()
        )
        places = supporting + near[: max(size - len(supporting), 0 if supporting else 1)]
        return self._ordered(places)

    def _near(self, question: Question) -> list[_SentenceRef]:
        """The most similar sentences of similar passages; none of a passage of the same pair, which may answer too."""
        if self._rng.random() < 0.5:
            return []
        families = {number.rstrip("abc") for number in question.passages}
        found = [
            passage
            for place in self._lexical.candidates(normalise(question.text), _NEAR).tolist()
            if (passage := self._pool[place]).id.rstrip("abc") not in families
        ]
        best = []
        for passage in found[:3]:
            sentence = max(
                range(len(passage.sentences)), key=lambda n: word_overlap(passage.sentences[n], question.text)
            )
            best.append(_SentenceRef(passage.id, sentence))
        return best

    def _ordered(self, places: list[_SentenceRef]) -> list[_SentenceRef]:
        """Article by article in any order; the sentences of one mostly as they follow each other."""
        articles = self._shuffled(list(dict.fromkeys(place.passage for place in places)))
        in_order = self._rng.random() < 0.6
        ordered = []
        for article in articles:
            group = [place for place in places if place.passage == article]
            ordered += sorted(group, key=lambda place: place.sentence) if in_order else self._shuffled(group)
        return ordered

    def _others(self, first: Question) -> list[Question]:
        others = [one for one in self._by_passage[first.passages] if one is not first]
        return self._shuffled(others)

    def _write(self, question: Question, places: list[_SentenceRef]) -> WriterExample | None:
        """The example; ``None`` where only a part of the supporting sentences is among the given ones."""
        supporting = [
            _SentenceRef(one.passage, sentence) for one in question.evidence for sentence in one.sentences
        ]
        marks = sorted(places.index(place) + 1 for place in supporting if place in places)
        if 0 < len(marks) < len(supporting):
            return None
        lines = [Line(self._passages[place.passage].heading, self._sentence(place)) for place in places]
        reply = self._reply(question, places) if marks else UNANSWERABLE
        hint = self._hint(question, places, lines)
        return WriterExample(write_messages(with_typing_noise(question.text, self._rng), lines, hint), reply)

    def _hint(self, question: Question, places: list[_SentenceRef], lines: list[Line]) -> Hint | None:
        """Mostly the words that answer, as the reader finds them; some of the time others, and seldom none."""
        chance = self._rng.random()
        for one in question.evidence if chance < _HINTED else ():
            for sentence in one.sentences:
                place = _SentenceRef(one.passage, sentence)
                if place in places and (words := _around(one.answers, self._sentence(place))):
                    return Hint(places.index(place) + 1, words)
        if chance > _MISLED:
            return None
        number = self._rng.randrange(len(lines))
        others = lines[number].sentence.split()
        start = self._rng.randrange(len(others))
        return Hint(number + 1, " ".join(others[start : start + self._rng.randint(*_WRONG_HINT)]))

    def _reply(self, question: Question, places: list[_SentenceRef]) -> str:
        answers = [(one, answer) for one in question.evidence for answer in one.answers]
        items = [
            (places.index(_SentenceRef(one.passage, sentence)) + 1, answer)
            for one, answer in answers
            for sentence in one.sentences
            if answer in self._passages[one.passage].sentences[sentence]
        ]
        if question.kind == "list" and len({mark for mark, _ in items}) > 1 and len(items) == len(answers):
            return "\n".join(
                written((mark,), f"**{answer[0].upper()}{answer[1:]}**", item=True) for mark, answer in items
            )
        marks = sorted(
            places.index(_SentenceRef(one.passage, sentence)) + 1
            for one in question.evidence
            for sentence in one.sentences
        )
        return written(marks, mark_short(question.reply, [answer for _, answer in answers]))

    def _sentence(self, place: _SentenceRef) -> str:
        return self._passages[place.passage].sentences[place.sentence]

    def _shuffled(self, items: list[_Item]) -> list[_Item]:
        return self._rng.sample(items, len(items))


def _around(answers: Sequence[str], sentence: str) -> str:
    """What of a sentence reaches from its first answer to its last, empty where none stands in it."""
    found = [(start, start + len(answer)) for answer in answers if (start := sentence.find(answer)) >= 0]
    return sentence[min(found)[0] : max(end for _, end in found)] if found else ""


def mark_short(reply: str, answers: Sequence[str]) -> str:
    """Put ``**`` around the short answer in a reply: the word of yes or no, or the answers' words.

    Where a reply has only a part of an answer's words, that part is marked if it is half of them or holds all of the
    answer's numbers; else nothing is.
    """
    if match := _YES_NO.match(reply):
        return f"**{match.group()}**{reply[match.end() :]}"
    places: list[tuple[int, int]] = []
    for answer in answers:
        found = _longest_run(reply, answer)
        if found and all(found[1] <= start or end <= found[0] for start, end in places):
            places.append(found)
    for start, end in sorted(places, reverse=True):
        reply = f"{reply[:start]}**{reply[start:end]}**{reply[end:]}"
    return reply


def _longest_run(reply: str, answer: str) -> tuple[int, int] | None:
    words = [(match.start(), match.end()) for match in re.finditer(r"[^\s]+", reply)]
    bare = [_bare(reply[start:end]) for start, end in words]
    wanted = [_bare(word) for word in answer.split()]
    match = SequenceMatcher(None, bare, wanted, autojunk=False).find_longest_match()
    first, begin, best = match.a, match.b, match.size
    run = " ".join(wanted[begin : begin + best])
    numbers = set(_NUMBER.findall(answer))
    if not best or not (2 * best >= len(wanted) or (numbers and numbers <= set(_NUMBER.findall(run)))):
        return None
    start, end = words[first][0], words[first + best - 1][1]
    text = reply[start:end]
    start += len(text) - len(text.lstrip("\"'(“‘"))
    return start, end - (len(text) - len(text.rstrip(".,;:!?\"')”’")))


def _bare(word: str) -> str:
    return word.lower().strip(".,;:!?\"'()“”‘’")


def _can_be_written(question: Question) -> bool:
    """Whether the question has a reply that answers it, or should have none."""
    if not question.evidence:
        return True
    denies = question.kind == "contrast" and _DENIAL.match(question.reply) is not None
    return bool(question.reply) and not denies


def _kind_weight(kind: str, example: Question) -> float:
    return _KIND_WEIGHTS.get(kind, 1.0 if len(example.passages) == 1 else 0.5)


def _grouped(items: Sequence[_Item], key: Callable[[_Item], _Key]) -> dict[_Key, list[_Item]]:
    groups: dict[_Key, list[_Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def _endless(items: Sequence[_Item], rng: random.Random) -> Iterator[_Item]:
    """All of them in a new order each time."""
    while True:
        yield from rng.sample(items, len(items))
