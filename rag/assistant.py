"""The story of an answer: search, read, weigh, write, check."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import itemgetter
from typing import Literal

from index.schema import Filters, Hit
from index.text import normalise, syllables
from rag.abstain import Calibration, evidence_features, support_features
from rag.cite import Attribution, attribute, quotation
from rag.config import AnswerConfig, LlmConfig
from rag.extract import agreement, extracts, find_short
from rag.follow import needs_context
from rag.generate import Cut, Generator, Piece, Prompt, Started, Waiting
from rag.language import answer_language, leaked_script
from rag.parts import parts
from rag.prompt import build_prompt, is_echo, is_refusal
from rag.question import asks_for_several
from rag.reader.kinds import lacks_amount
from rag.retrieve import LookUp, Retriever, together
from rag.schema import (
    Answer,
    Asked,
    Checking,
    Delta,
    Event,
    Extract,
    Finished,
    Found,
    Queued,
    Rewriting,
    Seconds,
    Turn,
)

NOTHING = Attribution("", (), (), 0)
_SURE = 0.2
"""The least confidence in an extract that decides by itself: what is quoted, or that a new subject begins."""
_SURER = 5.0
"""So many times the confidence with the earlier question it must be."""
_SCAFFOLD_TOKENS = 64
"""Room for the control tokens of a chat template."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the question with what was found for it, and whether that is about it at all."""

    asked: Asked
    look: LookUp
    features: dict[str, float]
    chance: float
    told: bool


@dataclass(slots=True)
class _Written:
    """What the generator has written so far."""

    text: str = ""
    told: dict[str, str] = field(default_factory=dict)
    """The normalised replies by the part of the question that they answer, but for those that tell nothing."""
    unanswered: list[str] = field(default_factory=list)
    """The parts whose reply tells nothing, or not what was asked for."""
    missed: bool = False
    """A reply told something else than the amount asked for: what was sought is hardly there."""
    prompt_tokens: int = 0
    output_tokens: int = 0
    logprob: float | None = 0.0
    first_token: float | None = None
    cut: Literal["time", "length"] | None = None

    def forget(self) -> None:
        """Drop the reply; what it cost stays."""
        self.text, self.told, self.unanswered, self.missed, self.cut = "", {}, [], False, None
        self.output_tokens, self.logprob = 0, 0.0

    @property
    def timed_out(self) -> bool:
        return self.cut == "time"

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
        asked = self._in_full(question, history, filters)
        hits, looked_up = self._look_up(asked, filters)
        confidence, features = max(((part.chance, part.features) for part in looked_up), key=itemgetter(0))
        to_write = [part for part in looked_up if part.told]
        told = bool(to_write)
        model = self._calibration.extract
        found = sorted(
            chain(*(self._extracts(part.look) for part in to_write)), key=lambda one: -one.confidence
        )
        extract = found[0] if model and found and found[0].confidence >= model.threshold else None
        retrieved = time.monotonic() - began
        yield Found(asked.text, hits, extract)

        written = _Written()
        checked = NOTHING
        quoted = False
        short: tuple[int, int] | None = None
        if told:
            yield from self._write(to_write, stop, began, written)
            yield Checking()
            ended = not (written.timed_out or stop.is_set())
            replies = {
                part: reply
                for part, reply in written.told.items()
                if attribute(reply, asked.text, hits).proved
            }
            if ended and replies:  # a part of which nothing is proved goes unanswered beside the others
                written.unanswered += written.told.keys() - replies.keys()
                written.told = replies
            if text := " ".join(written.told.values()):
                checked = attribute(text, asked.text, hits)
            likely = [one for one in found if one.confidence >= _SURE and not written.missed]
            if not checked.proved and ended and (stand_in := self._stand_in(asked, checked, likely)):
                checked, quoted = quotation(stand_in), True
            elif text and self._answer.unsupported == "withhold":
                checked = attribute(text, asked.text, hits, withhold=True)
            short = self._short(asked, checked)
            said = checked.text[slice(*short)] if short else ""
            agrees = agreement(said, found)
            if extract and said and not agreement(said, [extract]):
                extract = None  # the answer, which is checked, has outdone it
            features |= support_features(
                asked.text, checked.statements, checked.citations, written.mean_logprob, agrees, quoted=quoted
            )
            confidence = self._calibration.support.probability(features)
            # An answer of which nothing is proved is none: on development questions nearly all of them were wrong.
            told = checked.proved and confidence >= self._calibration.support.threshold
        # A reply that could not be written to its end says nothing about what the articles hold.
        unfinished = stop.is_set() or (written.timed_out and bool(checked.text))
        refused = not told and not unfinished
        unanswered = [
            part.asked.question
            for part in looked_up
            if not part.told or (part.asked.question in written.unanswered and not quoted)
        ]
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
                unanswered=() if refused or unfinished else tuple(unanswered),
            )
        )

    def _short(self, asked: Asked, checked: Attribution) -> tuple[int, int] | None:
        """Where the short answer stands in a text; ``None`` without a reader."""
        reader = self.retriever.reader
        return find_short(reader, asked.question, checked) if reader else None

    def _stand_in(self, asked: Asked, unproved: Attribution, likely: Sequence[Extract]) -> Extract | None:
        """The likely extract to quote in place of a reply of which nothing is proved.

        It says the same as the reply unless that was of no use.
        """
        if unproved.statements:
            said = unproved.text[slice(*(self._short(asked, unproved) or (0, 0)))]
            likely = [one for one in likely if agreement(said, [one])]
        return next(iter(likely), None)

    def _in_full(self, question: str, history: Sequence[Turn], filters: Filters) -> Asked:
        """The question in full; one that only names nothing begins a new subject where the reader is surer of that."""
        asked = self.retriever.in_full(question, history, filters)
        reads = self.retriever.reader is not None and self._calibration.extract is not None
        if not asked.context or needs_context(asked.question) or not reads:
            return asked
        alone = Asked(asked.question)
        sure, less_sure = (
            max((one.confidence for one in self._extracts(look)), default=0.0)
            for look in (
                self.retriever.look_up(way, self._answer.passages, filters) for way in (alone, asked)
            )
        )
        return alone if sure >= _SURE and sure > _SURER * less_sure else asked

    def _look_up(self, asked: Asked, filters: Filters) -> tuple[tuple[Hit, ...], list[_Part]]:
        """The passages found for a question, hardly more for several parts than for one, and each part with its own."""
        asked_for = parts(asked)
        share = -(-self._answer.passages // len(asked_for))
        looks = [self.retriever.look_up(part, share, filters) for part in asked_for]
        whole = together(looks)
        return whole.hits, [
            self._weighed(part, look, whole) for part, look in zip(asked_for, looks, strict=True)
        ]

    def _weighed(self, asked: Asked, look: LookUp, whole: LookUp) -> _Part:
        """A part with its evidence, as it was found for it alone: in the whole, a passage has one score for all."""
        model = self._calibration.evidence
        features = evidence_features(asked.text, look.hits, look.background, self._extracts(look))
        chance = model.probability(features)
        return _Part(
            asked, look.within(whole), features, chance, bool(look.hits) and chance >= model.threshold
        )

    def _extracts(self, look: LookUp) -> tuple[Extract, ...]:
        model = self._calibration.extract
        return extracts(look.readings, model) if model else ()

    def _write(
        self,
        to_write: Sequence[_Part],
        stop: threading.Event,
        began: float,
        written: _Written,
    ) -> Iterator[Event]:
        """Write a reply to each part of the question.

        One in a script that the passages do not have is written once more, then dropped.
        """
        given = "".join(
            f"{part.asked.text}{hit.chunk.article.title}{hit.chunk.text}"
            for part in to_write
            for hit in part.look.hits
        )
        for again in (False, True):
            for part in to_write:
                if stop.is_set() or written.timed_out:
                    break
                if written.text:
                    written.text += " "
                    yield Delta(" ")
                begin = len(written.text)
                prompt = self._prompt(part.asked, part.look, insist=again)
                yield from self._generate(prompt, stop, began, written)
                reply = normalise(written.text[begin:])
                whole = not (stop.is_set() or written.timed_out)
                if is_refusal(reply) or is_echo(reply, part.asked.text):
                    written.unanswered.append(part.asked.question)
                elif whole and lacks_amount(part.asked.question, reply):
                    written.unanswered.append(part.asked.question)
                    written.missed = True
                elif not any(set(syllables(reply)) <= set(syllables(one)) for one in written.told.values()):
                    written.told[part.asked.question] = reply
            if stop.is_set() or not leaked_script(written.text, given):
                return
            timed_out = written.timed_out
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
        looked = f"I found no answer in the articles. I searched them for “{question}”"
        if not hits:
            return f"{looked}, but no passage is about it."
        return f"{looked}; the nearest passages are listed with this answer."
    looked = f"Tôi không tìm thấy câu trả lời trong các bài viết. Đã tìm “{question}”"
    if not hits:
        return f"{looked} nhưng không có đoạn nào liên quan."
    return f"{looked}; những đoạn gần nhất được liệt kê kèm theo."
