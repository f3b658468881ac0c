"""The story of an answer: search, read, weigh, write, check."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from index.schema import Filters, Hit
from index.text import normalise, syllables
from rag.abstain import Calibration, best_evidence, evidence_features, support_features
from rag.cite import Attribution, attribute, quotation
from rag.config import AnswerConfig, LlmConfig
from rag.extract import agreement, extracts, find_short
from rag.generate import Cut, Generator, Piece, Prompt, Started, Waiting
from rag.language import answer_language, leaked_script
from rag.parts import parts
from rag.prompt import build_prompt, is_echo, is_refusal
from rag.question import asks_for_several
from rag.retrieve import LookUp, Retriever, together
from rag.schema import (
    Answer,
    Asked,
    Checking,
    Delta,
    Event,
    Finished,
    Found,
    Queued,
    Rewriting,
    Seconds,
    Turn,
)

NOTHING = Attribution("", (), (), 0)
_SCAFFOLD_TOKENS = 64
"""Room for the control tokens of a chat template."""


@dataclass(slots=True)
class _Written:
    """What the generator has written so far."""

    text: str = ""
    told: list[str] = field(default_factory=list)
    """The normalised replies, of each part of the question its own, but for those that tell nothing."""
    prompt_tokens: int = 0
    output_tokens: int = 0
    logprob: float | None = 0.0
    first_token: float | None = None
    cut: Literal["time", "length"] | None = None

    def forget(self) -> None:
        """Drop the reply; what it cost stays."""
        self.text, self.told, self.cut = "", [], None
        self.output_tokens, self.logprob = 0, 0.0

    @property
    def mean_logprob(self) -> float | None:
        return self.logprob / self.output_tokens if self.logprob is not None and self.output_tokens else None


class Assistant:
    """Answers questions about one store."""

    def __init__(
        self,
        retriever: Retriever,
        generator: Generator,
        calibration: Calibration,
        answer: AnswerConfig = AnswerConfig(),
        llm: LlmConfig = LlmConfig(),
    ) -> None:
        self.retriever = retriever
        self.generator = generator
        self._calibration = calibration
        self._answer = answer
        self._llm = llm

    def search(self, question: str, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find passages without writing an answer."""
        return self.retriever.search(question, k, filters)

    def answer(self, question: str, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Answer:
        """Ask and wait for the checked answer."""
        *_, last = self.ask(question, history, filters=filters)
        assert isinstance(last, Finished)
        return last.answer

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer a question, telling each step as it is done; ``stop`` ends the writing early."""
        began = time.monotonic()
        stop = stop or threading.Event()
        asked = self.retriever.in_full(question, history, filters)
        hits, looks = self._look_up(asked, filters)
        model = self._calibration.extract
        of_parts = [extracts(look.readings, model) if model else () for _, look in looks]
        found = sorted(chain.from_iterable(of_parts), key=lambda one: -one.confidence)
        extract = found[0] if model and found and found[0].confidence >= model.threshold else None
        retrieved = time.monotonic() - began
        features = best_evidence(
            evidence_features(part.text, look.hits, look.background, own)
            for (part, look), own in zip(looks, of_parts, strict=True)
        )
        confidence = self._calibration.evidence.probability(features)
        told = bool(hits) and confidence >= self._calibration.evidence.threshold
        extract = extract if told else None
        yield Found(asked.text, hits, extract)

        written = _Written()
        checked = NOTHING
        quoted = False
        short: tuple[int, int] | None = None
        if told:
            yield from self._write(looks, stop, began, written)
            yield Checking()
            quoted = bool(found) and not (written.told or written.cut == "time" or stop.is_set())
            if quoted:
                checked = quotation(found[0])
            elif text := " ".join(written.told):
                checked = attribute(text, asked.text, hits, withhold=self._answer.unsupported == "withhold")
            if self.retriever.reader:
                short = find_short(self.retriever.reader, asked.question, checked)
            said = checked.text[slice(*short)] if short else ""
            agrees = agreement(said, found)
            if extract and said and not agreement(said, [extract]):
                extract = None  # the answer, which is checked, has outdone it
            features |= support_features(
                asked.text, checked.statements, checked.citations, written.mean_logprob, agrees, quoted=quoted
            )
            confidence = self._calibration.support.probability(features)
            told = bool(checked.statements) and confidence >= self._calibration.support.threshold
        # A reply that could not be written to its end says nothing about what the articles hold.
        unfinished = stop.is_set() or (written.cut == "time" and bool(checked.text))
        refused = not told and not unfinished
        if refused:
            checked = replace(NOTHING, text=refusal(asked.text, hits), dropped_marks=checked.dropped_marks)
        yield Finished(
            Answer(
                question=question,
                standalone=asked.text,
                text=checked.text,
                refused=refused,
                statements=checked.statements,
                citations=checked.citations,
                passages=hits,
                seconds=Seconds(retrieved, written.first_token, time.monotonic() - began),
                llm=self.generator.name,
                encoder=self.retriever.encoder.name,
                prompt_tokens=written.prompt_tokens,
                output_tokens=written.output_tokens,
                mean_logprob=written.mean_logprob,
                dropped_marks=checked.dropped_marks,
                stopped=stop.is_set(),
                cut=written.cut is not None and not (refused or quoted),
                confidence=confidence,
                features=features,
                extract=None if refused else extract,
                short_span=None if refused else short,
                reader=self.retriever.reader.name if self.retriever.reader else "",
                quoted=quoted and not refused,
            )
        )

    def _look_up(self, asked: Asked, filters: Filters) -> tuple[tuple[Hit, ...], list[tuple[Asked, LookUp]]]:
        """The passages found for a question, hardly more for several parts than for one, and each part with its own."""
        asked_for = parts(asked)
        share = -(-self._answer.passages // len(asked_for))
        looks = [self.retriever.look_up(part, share, filters) for part in asked_for]
        whole = together(looks)
        return whole.hits, [(part, look.within(whole)) for part, look in zip(asked_for, looks, strict=True)]

    def _write(
        self,
        looks: Sequence[tuple[Asked, LookUp]],
        stop: threading.Event,
        began: float,
        written: _Written,
    ) -> Iterator[Event]:
        """Write a reply to each part of the question.

        One in a script that the passages do not have is written once more, then dropped.
        """
        given = "".join(
            f"{part.text}{hit.chunk.article.title}{hit.chunk.text}"
            for part, look in looks
            for hit in look.hits
        )
        for again in (False, True):
            for part, look in looks:
                if stop.is_set() or written.cut == "time":
                    break
                if written.text:
                    written.text += " "
                    yield Delta(" ")
                begin = len(written.text)
                prompt = self._prompt(part, look, insist=again)
                yield from self._generate(prompt, stop, began, written)
                reply = normalise(written.text[begin:])
                repeated = any(set(syllables(reply)) <= set(syllables(one)) for one in written.told)
                if not (is_refusal(reply) or is_echo(reply, part.text) or repeated):
                    written.told.append(reply)
            if stop.is_set() or not leaked_script(written.text, given):
                return
            timed_out = written.cut == "time"
            written.forget()
            if timed_out:
                written.cut = "time"
            if again or timed_out:
                return
            yield Rewriting()

    def _generate(
        self, prompt: Prompt, stop: threading.Event, began: float, written: _Written
    ) -> Iterator[Event]:
        for event in self.generator.generate(
            prompt, max_tokens=self._llm.max_tokens, stop=stop, seconds=self._llm.seconds
        ):
            match event:
                case Waiting(ahead):
                    yield Queued(ahead)
                case Started(prompt_tokens):
                    written.prompt_tokens += prompt_tokens
                case Piece(text, tokens, logprob):
                    if written.first_token is None:
                        written.first_token = time.monotonic() - began
                    written.text += text
                    written.output_tokens += tokens
                    both = written.logprob is not None and logprob is not None
                    written.logprob = written.logprob + logprob if both else None  # type: ignore[operator]
                    if text:
                        yield Delta(text)
                case Cut(why):
                    written.cut = why

    def _prompt(self, asked: Asked, looked_up: LookUp, *, insist: bool) -> Prompt:
        room = self.generator.context_tokens - self._llm.max_tokens - _SCAFFOLD_TOKENS
        wanted = self._answer.reading_tokens * (2 if asks_for_several(asked.question) else 1)
        budget = min(wanted, room)
        return build_prompt(
            asked,
            looked_up.hits,
            budget,
            self.generator.count_tokens,
            clues=looked_up.clues,
            insist=insist,
        )


def refusal(question: str, hits: Sequence[Hit]) -> str:
    """Say in the language of the question that the articles do not tell, and what was looked for."""
    if answer_language(question) == "en":
        looked = f"I searched them for “{question}”"
        if not hits:
            return f"The articles do not tell this. {looked} and found no passage about it."
        return f"The articles do not tell this. {looked}; the nearest passages are listed with this answer."
    looked = f"Tôi đã tìm “{question}” trong các bài viết"
    if not hits:
        return f"Các bài viết không cho biết điều này. {looked} nhưng không thấy đoạn nào liên quan."
    return f"Các bài viết không cho biết điều này. {looked}; những đoạn gần nhất được liệt kê kèm theo."
