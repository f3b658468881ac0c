"""Answers messages: understands, searches, reads, writes and verifies, in this order."""

from __future__ import annotations

import threading
import time
from collections import abc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.schema import Filters, Hit
from index.text.normalise import normalise
from rag.combine_answers import combine
from rag.config import AnswerConfig, LlmConfig
from rag.extractive_answer import extractive_answer, possible_answers
from rag.multi_article.answer import answer_several
from rag.multi_article.gather_evidence import drop_irrelevant, only_matching_articles
from rag.multi_article.place_and_time import with_place_and_time
from rag.nothing_found import refusal
from rag.other_messages import classify_message, collection_answer, small_talk_answer, split_message
from rag.proof.answers_question import answers_question
from rag.proof.names import has_name
from rag.proof.verify import Verified, verify
from rag.query.condense import condense
from rag.query.time_expressions import remark
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.calibration import Calibration
from rag.reader.model import Reader
from rag.retrieval.retrieve import Retriever
from rag.schema import (
    COLLECTION_KINDS,
    SMALL_TALK_KINDS,
    Answer,
    Checking,
    Delta,
    Event,
    Extract,
    Finished,
    Found,
    Manner,
    MessageKind,
    Reading,
    Seconds,
    Turn,
)
from rag.timing import Stages
from rag.tools.check_text import CheckedText, check_text
from rag.tools.table import Limits, Table, tabulate
from rag.writer.draft import Draft, Writing, write
from rag.writer.generator import Generator
from rag.writer.prompt import choose_sentences, is_refusal, prompt_for

_LEAST_SECONDS = 1.0
"""What the language model gets at least, however late it is."""


@dataclass(frozen=True, slots=True)
class _Run:
    """The answering of one message: it ends early by ``stop``, or at ``deadline`` of the clock that never goes back."""

    stop: threading.Event
    deadline: float

    @property
    def is_over(self) -> bool:
        return self.stop.is_set() or time.monotonic() >= self.deadline


class Assistant:
    """Answers questions about one store."""

    def __init__(
        self,
        retriever: Retriever,
        reader: Reader,
        generator: Generator,
        calibration: Calibration,
        answer: AnswerConfig = AnswerConfig(),
        llm: LlmConfig = LlmConfig(),
    ) -> None:
        self.retriever = retriever
        self.reader = reader
        self.generator = generator
        self._calibration = calibration
        self._answer = answer
        self._llm = llm

    @property
    def _calibrated(self) -> CalibratedReader:
        return CalibratedReader(self.reader, self._calibration)

    def search(self, question: str, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find passages without writing an answer."""
        return self.retriever.search(question, k, filters)

    def answer(self, question: str, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Answer:
        """Ask and wait for the checked answer."""
        *_, last = self.ask(question, history, filters=filters)
        assert isinstance(last, Finished)
        return last.answer

    def read(self, question: str, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Reading:
        """Understand, search and read, without writing."""
        return self._read(question, history, filters, Stages())

    def _read(self, question: str, history: Sequence[Turn], filters: Filters, stages: Stages) -> Reading:
        with stages.of("understand"):
            query = self.retriever.understand(question, history, filters)
        with stages.of("search"):
            passages = self.retriever.find(query, self._answer.passages, filters)
        with stages.of("read"):
            return self._calibrated.read(query, passages)

    def table(
        self,
        questions: Sequence[str],
        filters: Filters = Filters(),
        *,
        limits: Limits = Limits(),
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        stop: threading.Event | None = None,
    ) -> Table:
        """Ask each question, a column, of every relevant article; ``stop`` ends it early."""
        return tabulate(
            self.retriever,
            self._calibrated,
            questions,
            filters,
            limits=limits,
            on_progress=on_progress,
            stop=stop,
        )

    def check(
        self,
        text: str,
        filters: Filters = Filters(),
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        stop: threading.Event | None = None,
    ) -> CheckedText:
        """Check every sentence of a text against the articles; ``stop`` ends it early."""
        return check_text(self.retriever, self.reader, text, filters, on_progress=on_progress, stop=stop)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer a message; yields an event for each step, ``Finished`` last.  ``stop`` ends the writing early."""
        run = _Run(stop or threading.Event(), time.monotonic() + self._answer.seconds)
        kind = classify_message(self.retriever, question, history)
        parts, earlier = split_message(kind, normalise(question), history)
        if kind in SMALL_TALK_KINDS:
            yield Finished(self._with_model_names(small_talk_answer(self.retriever, kind, question)))
        elif kind in COLLECTION_KINDS:
            yield Finished(
                self._with_model_names(collection_answer(self.retriever, kind, question, history, filters))
            )
        elif parts == (normalise(question),):
            yield from self._answer_question(question, earlier, filters, run)
        else:
            kind = "several" if len(parts) > 1 else kind
            yield from self._answer_parts(question, kind, parts, earlier, filters, run)

    def _answer_parts(
        self,
        message: str,
        kind: MessageKind,
        parts: Sequence[str],
        history: Sequence[Turn],
        filters: Filters,
        run: _Run,
    ) -> Iterator[Event]:
        """Answer the questions of one message one after the other; one that names nothing is about the first's."""
        answers: list[Answer] = []
        for part in parts:
            is_follow_up = answers and not has_name(part)
            part_question = (
                condense(part, [Turn(parts[0])], self.retriever.is_follow_up).text if is_follow_up else part
            )
            for event in self._answer_question(part_question, history, filters, run):
                if isinstance(event, Finished):
                    answers.append(event.answer)
                else:
                    yield event
            if run.is_over:
                break
            yield Delta("\n")
        late = len(answers) < len(parts) and not run.stop.is_set()
        yield Finished(combine(message, kind, answers, cut=late))

    def _with_model_names(self, answer: Answer) -> Answer:
        """An answer that no model wrote, with the names of those that could have."""
        return replace(
            answer, llm=self.generator.name, encoder=self.retriever.encoder.name, reader=self.reader.name
        )

    def _answer_question(
        self, question: str, history: Sequence[Turn], filters: Filters, run: _Run
    ) -> Iterator[Event]:
        """Understand, search, read, write and verify for one question."""
        began, stages = time.monotonic(), Stages()
        reading = self._read(question, history, filters, stages)
        with stages.of("read"):
            reading = drop_irrelevant(reading, self._calibrated)
            composed = answer_several(
                reading,
                self._calibrated,
                self.retriever.today(),
                lambda query, known: self.retriever.further(query, known, filters),
            )
            reading = reading if composed else only_matching_articles(reading, self._calibrated)
        manner = composed.manner if composed else self._manner(reading)
        extract = _extract(reading) if self._manner(reading) != "not_told" else None
        retrieved, draft = time.monotonic() - began, Draft()
        is_fallback = quoted = False
        yield Found(reading.query.text, reading.passages, extract)
        if composed:
            verified = composed.verified
        elif manner == "sure":
            verified, is_fallback, quoted = yield from self._write_and_verify(
                reading, run, began, draft, stages
            )
            if quoted and reading.probability < self._calibration.quoted:
                manner, (verified, quoted) = "perhaps", possible_answers(reading)
        elif manner == "perhaps":
            verified, quoted = possible_answers(reading)
        else:
            verified = Verified()
        answer = replace(
            self._as_answer(question, reading, manner, verified),
            seconds=Seconds(retrieved, draft.first_token, time.monotonic() - began, **stages.seconds),
            prompt_tokens=draft.prompt_tokens,
            output_tokens=draft.output_tokens,
            mean_logprob=draft.mean_logprob,
            stopped=run.stop.is_set(),
            cut=draft.cut is not None and not is_fallback,
            extract=extract,
            quoted=quoted,
            unanswered=verified.left_out if not is_fallback else (),
        )
        yield Finished(self._with_model_names(answer))

    def _write_and_verify(
        self, reading: Reading, run: _Run, began: float, draft: Draft, stages: Stages
    ) -> abc.Generator[Event, None, tuple[Verified, bool, bool]]:
        """Let the model write the answer and keep the proved part of it, else fall back to an extractive answer.

        Returns the answer, whether it is the fallback, and whether the fallback quotes a sentence.
        """
        given = choose_sentences(reading)
        prompt = prompt_for(self.generator, reading.query.question, given)
        seconds = min(self._llm.seconds, max(run.deadline - time.monotonic(), _LEAST_SECONDS))
        writing = Writing(self._llm.max_tokens, seconds, run.stop, began)
        yield from write(self.generator, prompt, writing, draft, stages)
        yield Checking()
        with stages.of("verify"):
            reply = "" if is_refusal(draft.text) else draft.text
            verified = verify(reply, reading, given, self.reader, self._calibration.supported)
            is_fallback = not run.stop.is_set() and not self._is_answer(verified, reading)
        quoted = False
        if is_fallback:
            verified, quoted = extractive_answer(reading, given[0])
        return with_place_and_time(verified, reading.query.text), is_fallback, quoted

    def _as_answer(self, question: str, reading: Reading, manner: Manner, verified: Verified) -> Answer:
        """The answer that a reading leads to, without its timings and token counts."""
        refused, query = manner == "not_told", reading.query
        shown = [one.hit for one in verified.citations] or reading.passages
        dates = [hit.chunk.article.date for hit in shown]
        return Answer(
            question=question,
            standalone=query.text,
            text=self._refusal(reading) if refused else verified.text,
            refused=refused,
            statements=verified.statements,
            citations=verified.citations,
            passages=tuple(dict.fromkeys((*reading.passages, *(one.hit for one in verified.citations)))),
            seconds=Seconds(0, None, 0),
            llm="",
            encoder="",
            dropped_marks=verified.dropped_marks,
            confidence=reading.probability,
            features=reading.features,
            short_span=verified.short_span,
            manner=manner,
            remark=remark(query.period, query.typed, dates, self.retriever.today()),
            closest=_closest(reading) if refused else None,
        )

    def _refusal(self, reading: Reading) -> str:
        articles = len(reading.passages) or self.retriever.store.database.counts().articles
        return refusal(reading.query.text, reading.passages, articles)

    def _manner(self, reading: Reading) -> Manner:
        if not reading.evidence or reading.probability < self._calibration.perhaps:
            return "not_told"
        return "sure" if reading.probability >= self._calibration.sure else "perhaps"

    def _is_answer(self, verified: Verified, reading: Reading) -> bool:
        """Whether the proved part of a draft answers the question; else the extractive answer is better."""
        best = reading.evidence[0]
        return bool(verified.citations) and answers_question(verified.text, reading.query, best, self.reader)


def _closest(reading: Reading) -> Extract | None:
    """The likeliest sentence of the passages, for people to judge: of a refused question it often is the right one."""
    shown = (one for one in reading.evidence if one.hit in reading.passages)
    best = next(shown, None)
    return Extract(best.hit, best.start, best.end, reading.probability) if best else None


def _extract(reading: Reading) -> Extract | None:
    best = reading.evidence[0]
    start, end = best.article_span
    return Extract(best.hit, start, end, reading.probability) if start < end else None
