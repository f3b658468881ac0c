"""Chooses the sentences for the writer, builds its prompt, and recognises its refusals."""

from __future__ import annotations

from collections.abc import Sequence

from index.chunking import context
from index.text.normalise import fold
from rag.citation_marks import in_one_line
from rag.schema import Evidence, Reading
from rag.writer.generator import Generator, Message, Prompt
from rag.writer.instructions import Hint, Line, write_messages

_MOST = 6
"""Sentences that are given to the writer."""
_FAR = 6.0
"""How far below the best sentence another one may lie in the reader's logits and still be given."""
_INSTRUCTIONS = (
    "Bạn trả lời câu hỏi chỉ bằng các câu trích từ bài viết được đánh số dưới đây. "
    "Trả lời ngắn gọn bằng một câu tiếng Việt đầy đủ, đúng tên, đúng số liệu như trong câu trích; "
    "cuối câu ghi số của câu trích đã dùng, ví dụ [1]. Câu hỏi có hay không thì mở đầu bằng “Có” hoặc “Không”. "
    "Nếu các câu trích không cho biết điều được hỏi thì chỉ viết: không rõ."
)
_UNKNOWN = ("khong ro", "khong co thong tin", "khong tim thay", "khong duoc de cap", "khong de cap", "[0]")


def choose_sentences(reading: Reading) -> tuple[Evidence, ...]:
    """The sentences that the writer sees, the likeliest first, none of them twice."""
    chosen: list[Evidence] = []
    for one in reading.evidence:
        if len(chosen) == _MOST or (chosen and _worth(chosen[0]) - _worth(one) > _FAR):
            break
        if all(one.text != other.text for other in chosen):
            chosen.append(one)
    return tuple(chosen)


def prompt_for(generator: Generator, question: str, given: Sequence[Evidence]) -> Prompt:
    """The prompt for a model: in the form that it was trained on, or a plain one."""
    if not generator.trained:
        return plain_prompt(question, given)
    lines = [Line(context(one.hit.chunk.article), one.text) for one in given]
    return Prompt(
        write_messages(question, lines, Hint(1, given[0].short_answer) if given[0].short_answer else None)
    )


def plain_prompt(question: str, given: Sequence[Evidence]) -> Prompt:
    """The prompt for a model that was not trained for this task; nothing in a question looks like a passage."""
    lines = [
        f"[{number}] {in_one_line(context(one.hit.chunk.article))}: {in_one_line(one.text)}"
        for number, one in enumerate(given, 1)
    ]
    text = "\n".join([*lines, "", f"Câu hỏi: {in_one_line(question)}"])
    return Prompt((Message("system", _INSTRUCTIONS), Message("user", text)))


def is_refusal(reply: str) -> bool:
    """Whether a reply only says that the sentences do not answer."""
    plain = fold(reply).strip(' ."“”')
    return not plain or any(plain.startswith(words) for words in _UNKNOWN)


def _worth(evidence: Evidence) -> float:
    return evidence.answerable + evidence.supporting
