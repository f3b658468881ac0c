"""The types of answering, each of which holds the earlier one: query, evidence, reading, answer, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from index.schema import Hit
from index.text.normalise import sentence_spans
from rag.query.time_expressions import Period

Manner: TypeAlias = Literal["sure", "perhaps", "not_told"]
"""How an answer is given: as stated by the articles, as a possible answer, or as a refusal."""

MessageKind: TypeAlias = Literal[
    "question", "several", "context",
    "greeting", "thanks", "about", "opinion", "task", "complaint", "unsafe", "nonsense", "unclear", "other_language",
    "find", "count", "latest", "summary", "source",
]  # fmt: skip
"""The kind of a message.

A question, several ones, or one about a text pasted before it (``context``); small talk and what is declined; or a
question about the collection: which articles, how many, the newest, their summary, their author, date and place.
"""
SMALL_TALK_KINDS: frozenset[MessageKind] = frozenset(
    (
        "greeting",
        "thanks",
        "about",
        "opinion",
        "task",
        "complaint",
        "unsafe",
        "nonsense",
        "unclear",
        "other_language",
    )
)
"""Kinds that are answered without a search."""
COLLECTION_KINDS: frozenset[MessageKind] = frozenset(("find", "count", "latest", "summary", "source"))
"""Kinds that are answered from what the store knows of its articles."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange of the conversation; ``answer`` may be empty when only the question is known."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched and read: normalised, with its accents, and standing alone.

    ``typed`` is what the user wrote.  Where it follows up earlier questions of the conversation, ``text`` has them
    before it and ``follow_up`` is the question alone.  ``period`` is the time that it speaks of counted from today.
    """

    text: str
    typed: str
    follow_up: str = ""
    period: Period | None = None

    @property
    def question(self) -> str:
        """What is to be answered, without the questions before it."""
        return self.follow_up or self.text


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a retrieved passage that supports the answer.

    ``start`` and ``end`` are offsets into the text of the hit's article.  ``mark`` is the number shown
    in the answer as ``[mark]``; ``score`` in [0, 1] is the probability that the quote supports its sentence.
    """

    mark: int
    hit: Hit
    start: int
    end: int
    score: float

    @property
    def quote(self) -> str:
        """The exact slice of the article."""
        return self.hit.chunk.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Extract:
    """The likeliest short answer, word for word as it stands in a retrieved passage.

    ``start`` and ``end`` are offsets into the text of the hit's article; ``confidence`` in [0, 1] is the
    calibrated probability that it answers the question.
    """

    hit: Hit
    start: int
    end: int
    confidence: float

    @property
    def text(self) -> str:
        """The exact slice of the article."""
        return self.hit.chunk.article.text[self.start : self.end]

    @property
    def sentence(self) -> tuple[int, int]:
        """The span in the article of the sentence, or all the sentences, that it stands in."""
        chunk = self.hit.chunk
        spans = [(chunk.start + start, chunk.start + end) for start, end in sentence_spans(chunk.text)]
        touched = [span for span in spans if span[0] < self.end and self.start < span[1]]
        return (
            min([self.start, *(start for start, _ in touched)]),
            max([self.end, *(end for _, end in touched)]),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer the question, ``article.text[start:end]`` of the hit's article.

    ``text`` is the sentence as it was read: that slice, or a row of a table with the names of its columns.  Its best
    answer span is ``short_span`` in ``text`` and ``article_span`` in the article's text.  Three logits of the reader
    rate it: ``answerable``, that the passage answers the question, ``supporting``, that this sentence does, and
    ``margin``, the score of the span less the null score.  ``other_year`` is true where it names years and none of them
    is one of the question's.
    """

    hit: Hit
    start: int
    end: int
    text: str
    short_span: tuple[int, int]
    article_span: tuple[int, int]
    answerable: float
    supporting: float
    margin: float
    other_year: bool = False

    @property
    def short_answer(self) -> str:
        """The text of the best answer span, empty where it has no letter or digit."""
        return self.text[slice(*self.short_span)]


@dataclass(frozen=True, slots=True)
class Reading:
    """The evidence that was read for a query, the best first.

    ``probability`` in [0, 1] is the calibrated one that the passages answer the query, ``features`` its inputs.
    """

    query: Query
    passages: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    probability: float
    features: Mapping[str, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer, ``answer.text[start:end]``, with the marks that support it (none: unsupported)."""

    start: int
    end: int
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock seconds from the question; ``first_token`` is ``None`` when the model wrote nothing.

    The rest says how long each step took, 0 for one that was not taken; ``waiting`` is the time in which the language
    model served others.
    """

    retrieve: float
    first_token: float | None
    total: float
    waiting: float = 0.0
    understand: float = 0.0
    search: float = 0.0
    read: float = 0.0
    write: float = 0.0
    verify: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says, and everything needed to check it.

    ``standalone`` is the question that was searched: the question itself, or a follow-up written out in
    full.  ``dropped_marks`` counts the marks that the model wrote and that point at no passage.
    ``stopped`` is true when the user ended the answer early, ``cut`` when a limit of time or length did.
    ``mean_logprob`` is that of a written token, in nats (``None``: nothing written, or unknown).  ``confidence``
    in [0, 1] is the calibrated probability that the articles answer it, ``features`` its inputs, and
    ``manner`` what follows from it.  ``extract`` is the short answer of the reader, ``None`` where it found none;
    then ``closest`` is the sentence that comes closest, to be looked at and no answer.
    ``short_span`` is where the short answer stands in ``text``.  ``reader`` is empty where there is none.
    ``quoted`` is true when the text is a sentence of an article, because what the model wrote cannot be proved;
    ``unanswered`` are sentences of the model's that were left out for want of proof.  ``kind`` is the kind of message
    that is answered, ``remark`` what is said beside the answer: the time that was understood.  ``still_reading`` is
    true when articles were still being read, so that the answer may stand in one of those.
    """

    question: str
    standalone: str
    text: str
    refused: bool
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    seconds: Seconds
    llm: str
    encoder: str
    prompt_tokens: int = 0
    output_tokens: int = 0
    mean_logprob: float | None = None
    dropped_marks: int = 0
    stopped: bool = False
    cut: bool = False
    confidence: float | None = None
    features: Mapping[str, float] = field(default_factory=dict, hash=False)
    extract: Extract | None = None
    short_span: tuple[int, int] | None = None
    reader: str = ""
    quoted: bool = False
    unanswered: tuple[str, ...] = ()
    manner: Manner = "sure"
    kind: MessageKind = "question"
    remark: str = ""
    still_reading: bool = False
    closest: Extract | None = None

    @property
    def short(self) -> str:
        """The words of the text that answer the question, empty where none stand out."""
        return self.text[slice(*self.short_span)] if self.short_span else ""


@dataclass(frozen=True, slots=True)
class Queued:
    """The model is busy; ``ahead`` questions wait before this one."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Found:
    """The search and the reading are done, before the first word of the answer is written.

    ``standalone`` is the question that was searched, ``extract`` the short answer of the reader.
    """

    standalone: str
    passages: tuple[Hit, ...]
    extract: Extract | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """More text of the answer, whole characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """A server of the language model broke off and another one writes anew: what was streamed so far does not count."""


@dataclass(frozen=True, slots=True)
class Checking:
    """The writing is done; each sentence is now verified."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The checked answer; its text replaces what was streamed."""

    answer: Answer


Event: TypeAlias = Found | Queued | Delta | Restarted | Checking | Finished
"""What ``Assistant.ask`` yields, in this order; all but ``Found`` and ``Finished`` may be missing."""
