"""A set whose articles were left out of the store: every question must now be refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eval.baselines import Search
from eval.errors import QuestionError
from eval.evidence import held
from eval.metrics.answers import contained
from eval.schema import Question
from eval.sets.check import content
from index.schema import Hit

MAYBE_ANSWERABLE = "maybe_told"
"""The kind of the questions that another article may answer; tables count them apart."""

DEPTH = 20
"""So many passages are looked through for a question."""

ABOUT = 0.5
"""A passage that holds an answer and this share of the question's content syllables may tell the answer."""


def as_unanswerable(questions: Sequence[Question], search: Search) -> tuple[Question, ...]:
    """The same questions as absent ones; what another article may tell becomes of kind ``maybe_told``.

    Whether a passage really tells is for a person to judge: its article is named in the note.  Raises
    QuestionError where the store holds the evidence of a question.
    """
    made: list[Question] = []
    for question in questions:
        hits = search(question.standalone_text, DEPTH)
        quoted = [hit for evidence in question.evidence for hit in search(evidence.quote, 3)]
        if any(held(question.evidence, hit) for hit in (*hits, *quoted)):
            raise QuestionError(
                f"The store holds the article that answers {question.id!r} ({question.text}); leave the articles "
                "of the questions out of it, or leave out --absent."
            )
        teller = next((hit for hit in hits if may_tell(question, hit)), None)
        made.append(
            replace(
                question,
                kind="absent" if teller is None else MAYBE_ANSWERABLE,
                answers=(),
                evidence=(),
                note="" if teller is None else f"{teller.chunk.article.id} holds the expected answer",
            )
        )
    return tuple(made)


def may_tell(question: Question, hit: Hit) -> bool:
    """Whether a passage holds an accepted answer and, with its title, half of what the question is about."""
    chunk = hit.chunk
    if contained(chunk.text, question.answers) != 1:
        return False
    asked = content(question.standalone_text)
    return len(asked & content(f"{chunk.article.title}\n{chunk.text}")) >= ABOUT * len(asked)
