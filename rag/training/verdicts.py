"""Training data become rows that judge: an answer beside the sentences that it cites."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.training.augmentation import in_conversation, with_typing_noise, word_overlap
from rag.training.data import (
    VERDICTS,
    Evidence,
    JudgedAnswer,
    Passage,
    Question,
    TrainingData,
    TrainingDataError,
)

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """An answer beside the sentences that it cites; ``verdict`` is an index of ``data.VERDICTS``."""

    question: str
    answer: str
    heading: str
    text: str
    verdict: int


class VerdictMaker:
    """Makes rows without end; the same seed gives the same ones."""

    def __init__(self, data: TrainingData, seed: int) -> None:
        self._rng = random.Random(seed)
        self._passages = data.passages
        self._judged = [judged for judged in data.judged if judged.split == "train"]
        self._replied = [
            question
            for question in data.questions
            if question.split == "train" and question.reply and len(question.evidence) == 1
        ]
        if not (self._judged or self._replied):
            raise TrainingDataError("The training data hold nothing to judge.")

    def verdicts(self) -> Iterator[VerdictRow]:
        """Judged answers, and replies beside their own, another and a changed sentence."""
        while True:
            order: list[JudgedAnswer | Question] = [
                *self._judged,
                *self._rng.sample(self._replied, (len(self._replied) + 1) // 2),
            ]
            self._rng.shuffle(order)
            for one in order:
                if isinstance(one, JudgedAnswer):
                    yield self._verdict(one)
                else:
                    yield from self._reply_verdicts(one)

    def _verdict(self, judged: JudgedAnswer) -> VerdictRow:
        passage = self._passages[judged.passage]
        return self._verdict_row(
            judged.question, judged.answer, passage, judged.sentences, VERDICTS.index(judged.verdict)
        )

    def _verdict_row(
        self, question: str, answer: str, passage: Passage, sentences: Sequence[int], verdict: int
    ) -> VerdictRow:
        chosen = set(sentences)
        # The assistant may cite a neighbour too; one more sentence could tell what the others do not.
        if verdict != VERDICTS.index("not_told") and self._rng.random() < 0.3:
            chosen.add(self._rng.randrange(len(passage.sentences)))
        text = " ".join(passage.sentences[number] for number in sorted(chosen))
        question = (
            with_typing_noise(question, self._rng) if question and self._rng.random() < 0.5 else question
        )
        return VerdictRow(question, answer, passage.heading, text, verdict)

    def _reply_verdicts(self, question: Question) -> Iterator[VerdictRow]:
        """A written reply is supported by its sentences, and by others not; with another number it is wrong."""
        evidence = question.evidence[0]
        passage = self._passages[evidence.passage]
        question_text = in_conversation(question, self._rng)
        answer = question.reply
        if evidence.answers and self._rng.random() < 0.3:
            answer = evidence.answers[0]
        chance = self._rng.random()
        if chance < 0.45:
            yield self._verdict_row(question_text, answer, passage, evidence.sentences, 0)
        elif chance < 0.75:
            others = [n for n in range(len(passage.sentences)) if n not in evidence.sentences]
            if others:
                near = sorted(others, key=lambda n: -word_overlap(passage.sentences[n], answer))[:3]
                yield self._verdict_row(question_text, answer, passage, (self._rng.choice(near),), 2)
        elif (wrong := self._changed(answer, passage, evidence)) is not None:
            yield self._verdict_row(question_text, wrong, passage, evidence.sentences, 1)

    def _changed(self, answer: str, passage: Passage, evidence: Evidence) -> str | None:
        """The answer with one of its numbers exchanged for another of the passage."""
        numbers = list(_NUMBER.finditer(answer))
        cited = " ".join(passage.sentences[number] for number in evidence.sentences)
        others = sorted(
            set(_NUMBER.findall(" ".join(passage.sentences))) - {match.group() for match in numbers}
        )
        if not numbers or not others:
            return None
        match = self._rng.choice(numbers)
        if match.group() not in cited:
            return None
        other: str = self._rng.choice(others)
        return answer[: match.start()] + other + answer[match.end() :]
