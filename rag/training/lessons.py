"""Training data become lessons for the language model: what it is asked, and what it should have said.

Lessons come in groups whose prompts begin alike: questions about the same sentences, answers beside the same evidence,
follow-ups under the same instructions.  Nothing is fixed: sentences and typing change from group to group.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from index.store.lexical_index import LexicalIndex
from index.text.normalise import fold, normalise
from index.text.terms import terms
from rag.schema import Turn
from rag.training.data import FollowUp, Judged, Passage, Question, Split, TrainingData, Verdict
from rag.training.noise import as_typed
from rag.writer.generator import Message
from rag.writer.tasks import (
    NOT_TOLD,
    VERDICT_WORDS,
    Line,
    condense_messages,
    judge_messages,
    write_messages,
    written,
)

Task: TypeAlias = Literal["write", "judge", "condense"]
TASK_SHARES: dict[Task, float] = {"write": 0.5, "judge": 0.35, "condense": 0.15}
"""Which part of the lessons belongs to each task."""

_KIND_WEIGHTS = {
    "absent": 3.0,
    "yesno": 1.6,
    "hard": 1.2,
    "list": 1.2,
    "ambiguous": 0.6,
    "compare": 0.6,
    "both": 0.5,
}
"""How often a kind of question begins a group of lessons; the others 1, those of several passages 0.5."""
_VERDICT_WEIGHTS: dict[Verdict, float] = {"supported": 0.28, "contradicted": 0.45, "not_told": 0.27}
_LINES = (1, 2, 3, 3, 4, 4, 5, 6)
_NEAR = 8
_GROUP: dict[Task, int] = {"write": 5, "judge": 6, "condense": 5}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YES_NO = re.compile(r"(?:Có|Không|Đúng|Chưa|Rồi|Phải)(?=[,.])")
_DENIAL = re.compile(r"(?:Không|Chưa|Sai|Tài liệu|Bài)\b")


_Thing = TypeVar("_Thing")
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing asked of the language model and the reply to learn."""

    task: Task
    messages: tuple[Message, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class _Place:
    passage: str
    sentence: int


class LessonMaker:
    """Makes groups of lessons without end; the same seed gives the same ones."""

    def __init__(self, data: TrainingData, seed: int, split: Split = "train") -> None:
        self._rng = random.Random(seed)
        self._passages = data.passages
        own = [passage for passage in data.passages.values() if passage.split == split]
        self._pool = own
        self._lexical = LexicalIndex.build(
            [terms(normalise(" ".join((passage.heading, *passage.sentences)))) for passage in own]
        )
        self._questions = [q for q in data.questions if q.split == split and _can_be_written(q)]
        self._by_kind = _grouped(self._questions, lambda question: question.kind)
        self._by_passage = _grouped(self._questions, lambda question: question.passages)
        judged = [one for one in data.judged if one.split == split]
        self._judged = _grouped(judged, lambda one: one.verdict)
        self._beside = _grouped(judged, lambda one: (one.passage, one.sentences))
        self._follow_ups = [one for one in data.follow_ups if one.split == split and one.turns]

    def groups(self) -> Iterator[list[Lesson]]:
        """Groups of the three tasks, so that the lessons keep to ``TASK_SHARES``."""
        makers: dict[Task, Iterator[list[Lesson]]] = {
            "write": self.writing(),
            "judge": self.judging(),
            "condense": self.condensing(),
        }
        made: dict[Task, int] = dict.fromkeys(TASK_SHARES, 0)
        while True:
            task = min(TASK_SHARES, key=lambda name: made[name] / TASK_SHARES[name])
            group = next(makers[task])
            made[task] += len(group)
            yield group

    def writing(self) -> Iterator[list[Lesson]]:
        """Questions about the same few sentences, some of which these do not tell."""
        orders = {kind: _endless(questions, self._rng) for kind, questions in self._by_kind.items()}
        weights = [_kind_weight(kind, questions[0]) for kind, questions in self._by_kind.items()]
        while True:
            first = next(orders[self._rng.choices(list(orders), weights)[0]])
            places = self._chosen(first)
            told = [first, *self._others(first)]
            lessons = [lesson for question in told if (lesson := self._write(question, places))]
            silent = [lesson for lesson in lessons if lesson.reply == NOT_TOLD]
            spoken = [lesson for lesson in lessons if lesson.reply != NOT_TOLD]
            at_least = int(not first.evidence or self._rng.random() < 0.5)
            keep = silent[: max(at_least, len(spoken) // 3)] + spoken
            if keep:
                yield self._shuffled(keep)[: _GROUP["write"]]

    def judging(self) -> Iterator[list[Lesson]]:
        """Answers beside the same evidence."""
        orders = {verdict: _endless(rows, self._rng) for verdict, rows in self._judged.items()}
        weights = [_VERDICT_WEIGHTS[verdict] for verdict in orders]
        while True:
            first = next(orders[self._rng.choices(list(orders), weights)[0]])
            lines = self._evidence(first.passage, first.sentences)
            rows = [
                first,
                *self._few(
                    [one for one in self._beside[first.passage, first.sentences] if one is not first], first
                ),
                *self._made(first.passage, first.sentences),
            ]
            yield [self._judge(one, lines) for one in rows[: _GROUP["judge"]]]

    def condensing(self) -> Iterator[list[Lesson]]:
        """Follow-up questions, and questions that only follow others and stand alone."""
        follow_ups = _endless(self._follow_ups, self._rng)
        while True:
            yield [self._condense(next(follow_ups)) for _ in range(_GROUP["condense"])]

    def _chosen(self, question: Question) -> list[_Place]:
        """The sentences that tell the answer (mostly), with like ones of the same and of another passage."""
        told = [_Place(one.passage, sentence) for one in question.evidence for sentence in one.sentences]
        size = max(self._rng.choice(_LINES), len(told))
        if told and self._rng.random() < 0.1:
            told = []  # the reader missed them
        own = [
            _Place(number, sentence)
            for number in question.passages
            for sentence in range(len(self._passages[number].sentences))
            if not any(sentence in one.sentences for one in question.evidence if one.passage == number)
        ]
        near = [*own, *self._near(question)]
        near.sort(key=lambda place: -_shared(self._sentence(place), question.text) - 1.5 * self._rng.random())
        places = told + near[: max(size - len(told), 0 if told else 1)]
        return self._ordered(places)

    def _near(self, question: Question) -> list[_Place]:
        """The likest sentences of like passages; none of a passage of the same pair, which may tell it too."""
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
                range(len(passage.sentences)), key=lambda n: _shared(passage.sentences[n], question.text)
            )
            best.append(_Place(passage.id, sentence))
        return best

    def _ordered(self, places: list[_Place]) -> list[_Place]:
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

    def _write(self, question: Question, places: list[_Place]) -> Lesson | None:
        """The lesson; ``None`` where only a part of what tells the answer is among the sentences."""
        told = [_Place(one.passage, sentence) for one in question.evidence for sentence in one.sentences]
        marks = sorted(places.index(place) + 1 for place in told if place in places)
        if 0 < len(marks) < len(told):
            return None
        lines = [Line(self._passages[place.passage].heading, self._sentence(place)) for place in places]
        reply = self._reply(question, places) if marks else NOT_TOLD
        return Lesson("write", write_messages(as_typed(question.text, self._rng), lines), reply)

    def _reply(self, question: Question, places: list[_Place]) -> str:
        answers = [(one, answer) for one in question.evidence for answer in one.answers]
        items = [
            (places.index(_Place(one.passage, sentence)) + 1, answer)
            for one, answer in answers
            for sentence in one.sentences
            if answer in self._passages[one.passage].sentences[sentence]
        ]
        if question.kind == "list" and len({mark for mark, _ in items}) > 1 and len(items) == len(answers):
            return "\n".join(
                written((mark,), f"**{answer[0].upper()}{answer[1:]}**", item=True) for mark, answer in items
            )
        marks = sorted(
            places.index(_Place(one.passage, sentence)) + 1
            for one in question.evidence
            for sentence in one.sentences
        )
        return written(marks, mark_short(question.reply, [answer for _, answer in answers]))

    def _evidence(self, passage: str, sentences: Sequence[int]) -> list[Line]:
        """The sentences, some of the time with one more, as an assistant may cite."""
        cited = self._passages[passage]
        chosen = set(sentences)
        if self._rng.random() < 0.25:
            chosen.add(self._rng.randrange(len(cited.sentences)))
        return [Line(cited.heading, cited.sentences[number]) for number in sorted(chosen)]

    def _few(self, rows: list[Judged], first: Judged) -> list[Judged]:
        """Other answers beside the same sentences; of bare words of yes and no at most one."""
        bare = [one for one in rows if len(one.answer) < 8]
        full = [one for one in rows if len(one.answer) >= 8]
        return self._shuffled(full)[:3] + self._shuffled(bare)[: int(len(first.answer) >= 8)]

    def _made(self, number: str, sentences: tuple[int, ...]) -> list[Judged]:
        """Answers that were written for other questions, or with another number, or for what is not told."""
        passage = self._passages[number]
        questions = self._by_passage.get((number,), [])
        here = [q for q in questions if q.evidence and set(q.evidence[0].sentences) <= set(sentences)]
        elsewhere = [q for q in questions if q.evidence and not set(q.evidence[0].sentences) & set(sentences)]
        absent = [q for q in questions if not q.evidence]
        made = []
        for question in self._shuffled(here)[:1]:
            wrong = self._renumbered(question.reply, passage)
            verdict: Verdict = "contradicted" if wrong else "supported"
            made.append(_judged(question.text, wrong or question.reply, number, sentences, verdict))
        if elsewhere and self._rng.random() < 0.4:
            told = " ".join(passage.sentences[sentence] for sentence in sentences)
            question = max(elsewhere, key=lambda q: _shared(q.reply, told) + self._rng.random())
            made.append(_judged(question.text, question.reply, number, sentences, "not_told"))
        if absent and here and self._rng.random() < 0.5:
            question = max(absent, key=lambda q: _shared(q.text, here[0].text) + self._rng.random())
            short = max(here, key=lambda q: _shared(q.text, question.text))
            if short.evidence[0].answers and short.kind != "yesno":
                made.append(
                    _judged(question.text, short.evidence[0].answers[0], number, sentences, "not_told")
                )
        return self._shuffled(made)

    def _renumbered(self, reply: str, passage: Passage) -> str | None:
        """The reply with one of its numbers exchanged for another of the passage."""
        said = list(_NUMBER.finditer(reply))
        others = sorted(set(_NUMBER.findall(" ".join(passage.sentences))) - {match.group() for match in said})
        if not said or not others or self._rng.random() < 0.35:
            return None
        match = self._rng.choice(said)
        alike = sorted(others, key=lambda number: abs(len(number) - len(match.group())))[:3]
        return f"{reply[: match.start()]}{self._rng.choice(alike)}{reply[match.end() :]}"

    def _judge(self, one: Judged, lines: list[Line]) -> Lesson:
        question = as_typed(one.question, self._rng) if self._rng.random() < 0.5 else one.question
        return Lesson("judge", judge_messages(question, one.answer, lines), VERDICT_WORDS[one.verdict])

    def _condense(self, one: FollowUp) -> Lesson:
        turns = [Turn(question, answer) for question, answer in one.turns]
        typed, standalone = one.typed, one.standalone
        if self._rng.random() < 0.2:  # another subject
            typed = standalone = self._rng.choice(self._follow_ups).standalone
        if self._rng.random() < 0.2:
            typed = typed.lower().rstrip("? ")
            standalone = typed if one.typed == one.standalone else standalone
        return Lesson("condense", condense_messages(typed, turns), standalone)

    def _sentence(self, place: _Place) -> str:
        return self._passages[place.passage].sentences[place.sentence]

    def _shuffled(self, things: list[_Thing]) -> list[_Thing]:
        return self._rng.sample(things, len(things))


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
    best, at = 0, (0, 0)
    for first in range(len(bare)):
        for begin in range(len(wanted)):
            length = 0
            while (
                first + length < len(bare)
                and begin + length < len(wanted)
                and bare[first + length] == wanted[begin + length]
            ):
                length += 1
            if length > best:
                best, at = length, (first, begin)
    first, begin = at
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


def _judged(question: str, answer: str, passage: str, sentences: tuple[int, ...], verdict: Verdict) -> Judged:
    return Judged(question, answer, passage, sentences, verdict, "train")


def _shared(one: str, other: str) -> int:
    return len(set(fold(one).split()) & set(fold(other).split()))


def _grouped(things: Sequence[_Thing], key: Callable[[_Thing], _Key]) -> dict[_Key, list[_Thing]]:
    groups: dict[_Key, list[_Thing]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return dict(groups)


def _endless(things: Sequence[_Thing], rng: random.Random) -> Iterator[_Thing]:
    """All of them in a new order each time."""
    while True:
        yield from rng.sample(things, len(things))
