"""One answer becomes one row: what it found, whether it is right, and where it went wrong if not.

Everything is judged by the labels of the question, nothing by a rule of the product.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.evidence import cites, held, is_about
from eval.metrics.answers import contained, exact_match, f1, holds, opening_verdict
from eval.metrics.language import language_leak
from eval.schema import Passage, Question, Quote, Reply, Row, Scores, Stage
from index.schema import Hit
from rag.schema import Answer, Citation


def score(question: Question, answer: Answer, ranks: tuple[int | None, ...] | None) -> Row:
    """Measure an answer; ``ranks`` are those of ``evidence_ranks``, ``None`` for a system without search."""
    right = is_right(question, answer)
    found = is_found(question, answer.passages)
    right_citations = (
        None
        if question.absent
        else sum(is_right_citation(question, citation) for citation in answer.citations)
    )
    has_reader = bool(answer.reader)
    scores = Scores(
        stage=stage(question, answer, right, found),
        right=right,
        marked_wrong=not right and is_marked(answer),
        found=found if ranks is not None else None,
        cited=None if right_citations is None else right_citations > 0,
        citations_right=right_citations,
        ranks=ranks or (),
        searches=ranks is not None,
        leak=None if answer.refused else language_leak(answer.standalone, answer.text),
        confidence=None if answer.refused else confidence(answer),
        short_exact=exact_match(answer.short, question.answers) if has_reader else None,
        short_f1=f1(answer.short, question.answers) if has_reader else None,
    )
    return Row(question, _reply(question, answer), scores)


def is_marked(answer: Answer) -> bool:
    """Whether an answer states something with a proof mark."""
    return not answer.refused and any(statement.marks for statement in answer.statements)


def is_right(question: Question, answer: Answer) -> bool:
    """Whether the answer holds every part and does not open with the wrong yes or no, or rightly is a refusal.

    What holds answers a yes/no question without a yes or no too ("Huyện có 12 xã"), but not in words that the
    question has: those may be its echo.
    """
    if question.absent or answer.refused:
        return question.absent and answer.refused
    parts = question.answers
    if question.verdict and (verdict := opening_verdict(answer.text)) != question.verdict:
        if verdict:
            return False
        parts = tuple(
            tuple(alternative for alternative in part if not holds(question.text, alternative))
            for part in parts
        )
    return contained(answer.text, parts) == 1


def failed(question: Question, error: str, *, searches: bool, reads: bool = False) -> Row:
    """The row of a question on which the system failed: wrong, and counted in every denominator it belongs to."""
    unread = 0.0 if reads and not question.absent else None
    scores = Scores(
        stage="failed",
        right=False,
        marked_wrong=False,
        found=False if searches and not question.absent else None,
        cited=None if question.absent else False,
        citations_right=None if question.absent else 0,
        ranks=(None,) * len(question.evidence) if searches else (),
        searches=searches,
        leak=None,
        confidence=None,
        short_exact=unread,
        short_f1=unread,
    )
    return Row(question, Reply(error=error), scores)


def is_found(question: Question, passages: Sequence[Hit]) -> bool | None:
    """Whether the passages hold what the answer needs; ``None`` for a question that cannot be answered.

    A question of kind ``multi`` needs all its evidence, another one for each part of its answer one evidence
    that holds the part.  Without any evidence in the set, the passages have to hold the answer itself.
    """
    if question.absent:
        return None
    if not question.evidence:
        return contained("\n".join(hit.chunk.text for hit in passages), question.answers) == 1
    reached = {place for hit in passages for place in held(question.evidence, hit)}
    if question.kind == "multi":
        return len(reached) == len(question.evidence)
    needs = [
        {place for place, evidence in enumerate(question.evidence) if _tells(evidence.quote, part)}
        for part in question.answers
    ]
    return bool(reached) and all(reached & need for need in needs if need)


def is_right_citation(question: Question, citation: Citation) -> bool:
    """Whether a citation comes from an article of the evidence, and quotes the evidence or a part of the answer.

    A question that names no article takes a part of its answer from any.
    """
    article, quote = citation.hit.chunk.article, citation.quote
    if any(cites(evidence, article, citation.start, citation.end) for evidence in question.evidence):
        return True
    known = not question.evidence or any(is_about(evidence, article) for evidence in question.evidence)
    return known and any(_tells(quote, part) for part in question.answers)


def _tells(quote: str, part: Sequence[str]) -> bool:
    return any(holds(quote, spelling) for spelling in part)


def stage(question: Question, answer: Answer, right: bool, found: bool | None) -> Stage:
    """Name the first step that went wrong.

    ``not_refused``: answered what the corpus does not tell.  ``not_found``: the evidence was not among the
    passages, whatever was said then.  ``wrongly_refused``: refused although it was.  ``not_used``: it was,
    but no citation comes from a passage that holds it (of kind ``multi``: from passages that hold all of it).
    ``misused``: such a passage is cited, and the answer is still wrong.
    """
    if right:
        return "right"
    if question.absent:
        return "not_refused"
    if not found:
        return "not_found"
    if answer.refused:
        return "wrongly_refused"
    return "misused" if _is_used(question, [citation.hit for citation in answer.citations]) else "not_used"


def confidence(answer: Answer) -> float:
    """How sure the answer is: as the system says, else the mean of its sentences' best citations, 0 for none."""
    if answer.confidence is not None:
        return answer.confidence
    best = [
        max(
            (citation.score for citation in answer.citations if citation.mark in statement.marks), default=0.0
        )
        for statement in answer.statements
    ]
    return sum(best) / len(best) if best else 0.0


def _is_used(question: Question, cited: Sequence[Hit]) -> bool:
    """Whether passages hold evidence (of kind ``multi`` all of it), in a set without evidence the answer."""
    if not question.evidence:
        return any(contained(hit.chunk.text, question.answers) == 1 for hit in cited)
    reached = {place for hit in cited for place in held(question.evidence, hit)}
    return len(reached) == len(question.evidence) if question.kind == "multi" else bool(reached)


def _reply(question: Question, answer: Answer) -> Reply:
    return Reply(
        text=answer.text,
        manner=answer.manner if answer.reader else None,
        probability=answer.confidence,
        quoted=answer.quoted if answer.reader else None,
        short=answer.short,
        standalone=answer.standalone,
        refused=answer.refused,
        quotes=tuple(_quote(question, citation) for citation in answer.citations),
        passages=tuple(_passage(question, hit) for hit in answer.passages),
        seconds_retrieve=answer.seconds.retrieve,
        seconds_first=answer.seconds.first_token,
        seconds_total=answer.seconds.total,
        prompt_tokens=answer.prompt_tokens,
        output_tokens=answer.output_tokens,
    )


def _quote(question: Question, citation: Citation) -> Quote:
    return Quote(
        mark=citation.mark,
        article=citation.hit.chunk.article.id,
        start=citation.start,
        end=citation.end,
        text=citation.quote,
        score=citation.score,
        right=None if question.absent else is_right_citation(question, citation),
    )


def _passage(question: Question, hit: Hit) -> Passage:
    chunk = hit.chunk
    return Passage(
        article=chunk.article.id,
        title=chunk.article.title,
        start=chunk.start,
        end=chunk.end,
        text=chunk.text,
        score=hit.score,
        holds=held(question.evidence, hit),
    )
