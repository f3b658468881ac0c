"""The nouns of evaluation; a later one holds the earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rag.schema import Manner

Facts: TypeAlias = Mapping[str, str | int | float | bool | None]
"""Flat names and values that travel with a result: settings, versions, what the store says of itself."""

KINDS = (
    "fact", "number", "reason", "list", "paraphrase", "unaccented", "hard", "yesno", "table",
    "follow_up", "conversation", "multi", "absent", "far",
)  # fmt: skip
"""The kinds of the project's own questions, in the order of every table; other sets may name others."""

CONVERSATIONS = frozenset({"follow_up", "conversation"})
"""Kinds of questions that are understood only with the earlier ones."""

UNANSWERABLE = frozenset({"absent", "far"})
"""Kinds that the articles do not answer: ``absent`` misses narrowly, ``far`` is of something else altogether."""

Verdict: TypeAlias = Literal["", "yes", "no", "not_told"]
VERDICTS: tuple[Verdict, ...] = ("", "yes", "no", "not_told")
"""What the right answer to a yes/no question says; empty for every other question."""

Stage: TypeAlias = Literal[
    "right", "failed", "not_found", "not_used", "misused", "wrongly_refused", "not_refused"
]
"""Where an answer went wrong; see ``eval.score.stage``."""

STAGES: tuple[Stage, ...] = (
    "right",
    "not_found",
    "not_used",
    "misused",
    "wrongly_refused",
    "not_refused",
    "failed",
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that carries an answer; an empty ``article`` means any article that holds the quote."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is known about its answer.

    ``answers`` are parts, each a tuple of accepted spellings: an answer is right when it holds one spelling
    of every part.  No part at all means that the corpus cannot answer it.  ``follows`` are the earlier
    questions of the conversation, oldest first, and ``standalone`` the same question needing none of them.
    A yes/no question has a ``verdict`` beside its answers: "Không, chỉ 12 xã" is right where the verdict is
    ``no`` and the answers are ``12 xã``.  ``not_told`` has no answers and is to be refused.
    """

    id: str
    kind: str
    split: str
    text: str
    answers: tuple[tuple[str, ...], ...]
    evidence: tuple[Evidence, ...] = ()
    follows: tuple[str, ...] = ()
    standalone: str = ""
    note: str = ""
    verdict: Verdict = ""

    @property
    def standalone_text(self) -> str:
        """The question so that it needs none of the earlier ones, as far as that is known."""
        return self.standalone or self.text

    @property
    def absent(self) -> bool:
        """Whether the right answer is that the corpus does not tell."""
        return not self.answers


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was used: an exact slice of its article, and the evidence that it holds (places in the list)."""

    article: str
    title: str
    start: int
    end: int
    text: str
    score: float
    holds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation: the place and the text that ``[mark]`` points at.

    ``right`` says whether the labels of the question bear it out, ``None`` where there is nothing to cite.
    """

    mark: int
    article: str
    start: int
    end: int
    text: str
    score: float
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system said to one question; ``error`` is set, and all else empty, when it failed.

    ``manner``, ``probability`` and ``quoted`` are those of ``rag.schema.Answer``, undefined for simpler systems.
    """

    text: str = ""
    manner: Manner | None = None
    probability: float | None = None
    quoted: bool | None = None
    short: str = ""
    standalone: str = ""
    refused: bool = False
    quotes: tuple[Quote, ...] = ()
    passages: tuple[Passage, ...] = ()
    seconds_retrieve: float | None = None
    seconds_first: float | None = None
    seconds_total: float | None = None
    prompt_tokens: int = 0
    output_tokens: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """The measurements of one reply; ``None`` is undefined for this question and never counts as 0.

    ``ranks`` holds one entry for each evidence: how many passages must be asked for to get it, or ``None``
    when not even 20 hold it.  It is empty for a system that does not search (``searches`` is false).
    ``marked_wrong`` is an answer that is wrong and carries a proof mark.  ``cited`` tells whether a citation is right,
    ``citations_right`` how many are.  The measures of the short answer are undefined for a system without a reader,
    and 0 where it gave none.
    """

    stage: Stage
    right: bool
    marked_wrong: bool
    found: bool | None
    cited: bool | None
    citations_right: int | None
    ranks: tuple[int | None, ...]
    searches: bool
    leak: str | None
    confidence: float | None
    short_exact: float | None = None
    short_f1: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One question, what was replied, and how good it was."""

    question: Question
    reply: Reply
    scores: Scores


@dataclass(frozen=True, slots=True)
class System:
    """One system's rows in the order of the questions.

    ``seconds_cold`` is the time of a first answer, models loaded, that counts nowhere else; ``peak_bytes``
    is the most memory that the process held while this system answered.
    """

    name: str
    settings: Facts
    llm: str
    encoder: str
    rows: tuple[Row, ...]
    seconds_cold: float | None = None
    peak_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a result comes from: enough to tell whether two results may be compared, and to make it again."""

    created: str
    revision: str | None
    questions: str
    questions_sha256: str
    seed: int
    settings: Facts
    manifest: Facts
    machine: Facts


@dataclass(frozen=True, slots=True)
class Run:
    """A finished evaluation: the systems that answered the same questions, the assistant first."""

    provenance: Provenance
    systems: tuple[System, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """One way of searching, over questions typed with or without accents: ranks and seconds of each question.

    ``ranks`` are those of ``Scores``; ``seconds`` is the wall-clock time of one search.
    """

    way: str
    accents: bool
    ranks: tuple[tuple[int | None, ...], ...]
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A finished measurement of the search alone; the ids are those of the questions, in the order of the ranks."""

    provenance: Provenance
    encoder: str
    ids: tuple[str, ...]
    searched: tuple[Searched, ...]
