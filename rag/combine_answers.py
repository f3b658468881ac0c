"""Several answers to the questions of one message become one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.schema import Hit
from rag.citation_marks import MARK
from rag.nothing_found import not_found
from rag.schema import Answer, Citation, MessageKind, Seconds, Statement
from rag.timing import STAGES


def combine(message: str, kind: MessageKind, answers: Sequence[Answer], *, cut: bool = False) -> Answer:
    """Several answers as one: each under its question, all marks counted on; ``cut`` where some are missing."""
    if len(answers) == 1:
        return replace(answers[0], question=message, kind=kind, cut=cut or answers[0].cut)
    text, statements, citations, passages = _under_questions(answers)
    return replace(
        answers[0],
        question=message,
        standalone=message,
        text=text,
        refused=all(answer.refused for answer in answers),
        statements=statements,
        citations=citations,
        passages=passages,
        seconds=_summed([answer.seconds for answer in answers]),
        prompt_tokens=sum(answer.prompt_tokens for answer in answers),
        output_tokens=sum(answer.output_tokens for answer in answers),
        mean_logprob=None,
        dropped_marks=sum(answer.dropped_marks for answer in answers),
        stopped=any(answer.stopped for answer in answers),
        cut=cut or any(answer.cut for answer in answers),
        confidence=min(
            (answer.confidence for answer in answers if answer.confidence is not None), default=None
        ),
        features={},
        extract=None,
        short_span=None,
        quoted=all(answer.quoted for answer in answers),
        unanswered=tuple(sentence for answer in answers for sentence in answer.unanswered),
        manner="not_told" if all(answer.refused for answer in answers) else "sure",
        kind=kind,
        remark=" ".join(dict.fromkeys(answer.remark for answer in answers if answer.remark)),
    )


def _under_questions(
    answers: Sequence[Answer],
) -> tuple[str, tuple[Statement, ...], tuple[Citation, ...], tuple[Hit, ...]]:
    """Each answer under its number and question, with its statements, citations and passages counted on."""
    text = ""
    statements: list[Statement] = []
    citations: list[Citation] = []
    passages: list[Hit] = []
    for number, answer in enumerate(answers, 1):
        shown = replace(answer, text=not_found(answer.standalone)) if answer.refused else answer
        question = shown.standalone.removeprefix(f"{answers[0].standalone} ")
        text += ("\n" if text else "") + f"{number}. {question}\n"
        body, spans = _counted_on(shown, len(citations))
        statements += [
            Statement(len(text) + start, len(text) + end, tuple(mark + len(citations) for mark in marks))
            for start, end, marks in spans
        ]
        text += body
        moved = {hit: replace(hit, rank=len(passages) + hit.rank) for hit in shown.passages}
        marks = len(citations)
        citations += [replace(one, mark=one.mark + marks, hit=moved[one.hit]) for one in shown.citations]
        passages += moved.values()
    return text, tuple(statements), tuple(citations), tuple(passages)


def _summed(all_seconds: Sequence[Seconds]) -> Seconds:
    """Of answers that were made one after another: the moments of the first, and all that was spent."""
    spent = {name: sum(getattr(seconds, name) for seconds in all_seconds) for name in ("total", *STAGES)}
    return replace(all_seconds[0], **spent)


def _counted_on(answer: Answer, before: int) -> tuple[str, list[tuple[int, int, tuple[int, ...]]]]:
    """The text of an answer with its marks counted on from ``before``, and where its statements stand in it."""
    known = {citation.mark for citation in answer.citations}
    pieces, moves, at = [], [(0, 0)], 0
    for mark in MARK.finditer(answer.text):
        if int(mark[1]) not in known:
            continue
        pieces += [answer.text[at : mark.start()], f"[{int(mark[1]) + before}]"]
        at = mark.end()
        moves.append((at, len("".join(pieces)) - at))

    def moved(place: int) -> int:
        return place + next(move for start, move in reversed(moves) if start <= place)

    text = "".join([*pieces, answer.text[at:]])
    return text, [(moved(one.start), moved(one.end), one.marks) for one in answer.statements]
