"""A question and its passages become what the model is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.schema import Hit
from index.text import fold, sentence_spans
from rag.cite import repeats
from rag.extract import Clue
from rag.generate import Message, Prompt
from rag.language import answer_language
from rag.marks import MARK, without_marks
from rag.passages import Sentence, score_sentences, select_sentences
from rag.question import ASKING, asks_for_several
from rag.schema import Asked

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Wording:
    """The fixed texts of one language; ``context`` stands before earlier questions, ``insist`` after the question."""

    system: str
    context: str
    insist: str


# Chosen by trial (docs/notes.md): asking the model for marks, or to refuse, makes its answers worse, and it
# does neither well; marks and refusals are made afterwards from what supports the answer.
_WORDINGS = {
    "vi": _Wording(
        system="Bạn là trợ lý trả lời câu hỏi dựa vào tài liệu. Answer in Vietnamese with one full sentence, keeping "
        "names, numbers and dates exactly as in the passages.",
        context="Câu hỏi trước",
        insist="Chỉ viết bằng tiếng Việt.",
    ),
    "en": _Wording(
        system="You answer questions from documents. Answer in English with one full sentence, keeping names, "
        "numbers and dates exactly as in the passages.",
        context="Earlier question",
        insist="Write nothing but English.",
    ),
}
_REFUSALS = re.compile(
    r"^khong tim thay|\b(?:khong tim thay (?:thong tin|cau tra loi|dap an|trong)"
    r"|khong (?:co|cung cap|du) thong tin|khong (?:duoc )?(?:de cap|nhac den|neu ro|neu|cho biet)"
    r"|khong the tra loi|chua co thong tin|not found|do(?:es)? not (?:tell|say|mention|contain|provide)"
    r"|no information|cannot answer)\b"
)
_QUESTION_SHARE = 4  # a question may take a quarter of the budget
_CONTEXT_SHARE = 6


def build_prompt(
    asked: Asked,
    hits: Sequence[Hit],
    budget: int,
    count_tokens: Count,
    *,
    clues: Sequence[Clue] = (),
    insist: bool = False,
) -> Prompt:
    """Ask for a short answer out of the passages, in the language of the question.

    The fixed text comes first, since the model need not read again what it read last; then the passages under their
    marks ``[rank]``, the best one last, since a small model uses best what it read last; then the question.
    The messages together never take more than ``budget`` tokens: of the passages the sentences that fit the
    question best are shown, those with likely ``clues`` before others, of a long question its end.  The context of a
    question is told as what was asked before it, so that the model answers the question alone.
    ``insist`` asks once more for the language.  Raises ValueError for a budget that cannot hold the instructions.
    """
    wording = _WORDINGS[answer_language(asked.text)]
    lines = [f"Question: {_end_of(asked.question, budget // _QUESTION_SHARE, count_tokens)}"]
    if asked.context:
        context = _end_of(asked.context, budget // _CONTEXT_SHARE, count_tokens)
        lines.insert(0, f"{wording.context}: {context}")
    task = "\n".join([*lines, wording.insist] if insist else lines)
    fixed = count_tokens(wording.system) + count_tokens(task)
    if fixed > budget:
        raise ValueError(f"{budget} tokens cannot hold the instructions of {fixed}")
    scored = score_sentences(asked.text, hits, clues)
    several = asks_for_several(asked.question)
    sentences = select_sentences(scored, budget - fixed, count_tokens, _heading, spread=several)
    while (
        count_tokens(text := _joined(sentences, task)) > budget - count_tokens(wording.system) and sentences
    ):
        sentences.remove(min(sentences, key=lambda sentence: sentence.score))
    return Prompt((Message("system", wording.system), Message("user", text)))


def is_refusal(text: str) -> bool:
    """Tell whether a reply only says that the passages do not tell; an empty reply is one too."""
    sentences = [text[start:end] for start, end in sentence_spans(without_marks(text).strip())]
    return not sentences or (len(sentences) <= 2 and _REFUSALS.search(fold(sentences[0])) is not None)


def is_echo(text: str, question: str) -> bool:
    """Tell whether a normalised reply only asks the question again, as small models do when they find nothing."""
    return ASKING.search(text.lower()) is not None and repeats(text, question)


def _joined(sentences: Sequence[Sentence], task: str) -> str:
    passages = [
        f"{_heading(hit)}\n{_shown(hit, list(shown))}"
        for hit, shown in groupby(sentences, key=lambda sentence: sentence.hit)
    ]
    return "\n\n".join([*reversed(passages), task])


def _heading(hit: Hit) -> str:
    """The mark of a passage and the title of its article in one line, with the year where the title has none."""
    article = hit.chunk.article
    year = str(article.date.year) if article.date else ""
    return f"[{hit.rank}] " + _harmless(
        article.title if year in article.title else f"{article.title}, {year}"
    )


def _shown(hit: Hit, sentences: Sequence[Sentence]) -> str:
    """The sentences as one line, with an ellipsis where some are left out."""
    text = hit.chunk.text
    parts: list[str] = []
    end = 0
    for sentence in sentences:
        if text[end : sentence.start].strip():
            parts.append("…")
        parts.append(sentence.text)
        end = sentence.end
    return _harmless(" ".join(parts))


def _harmless(text: str) -> str:
    """Text of an article in one line, in which nothing looks like the mark of a passage."""
    return MARK.sub(r"(\1)", " ".join(text.split()))


def _end_of(question: str, budget: int, count_tokens: Count) -> str:
    """The last words of a question that fit; people ask at the end."""
    while question and count_tokens(question) > budget:
        question = (
            question[len(question) // 8 + 1 :].partition(" ")[2] or question[(len(question) + 1) // 2 :]
        )
    return question
