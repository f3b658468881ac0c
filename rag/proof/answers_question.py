"""Whether a proved reply answers the question, and is not another true statement of its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.chunking import context
from index.text.normalise import fold, syllables
from rag.citation_marks import MARK
from rag.reader.model import Reader
from rag.schema import Evidence, Query

_SHARE = 0.6
"""The least share of the reader's short answer that a reply must have."""
_SLACK = 2.0
"""How much lower, in logits, the reply may be rated as an answer than the sentence that it is made of."""
_ASKS_FOR_ALL = re.compile(
    r"(?<!\w)(?:(?:những|các)(?: [^\s?]+){0,6}? (?:nào|gì|ai)|những ai|gồm(?: những)? (?:gì|ai)|kể tên|liệt kê)(?!\w)",
    re.IGNORECASE,
)
_BETWEEN_ITEMS = re.compile(r"[,;:]\s+|\s+(?:và|hoặc|hay)\s+")
_ASKS_WHY = re.compile(
    r"(?<!\w)(?:vì sao|tại sao|do đâu|lý do|lí do|nguyên nhân|vì đâu)(?!\w)", re.IGNORECASE
)
_TIME_WORDS = frozenset(
    fold(
        "ngày tháng năm giờ phút lúc từ đến tới sáng chiều tối đêm trưa đầu giữa cuối hôm tuần quý khoảng vào trong là"
        " do vì bởi nên lý lí nguyên nhân"
    ).split()
)
_LEAST_REASON = 2
"""Words besides those of the question and of a time that a reason has at least."""
_COMPARES = r"hơn|kém|chênh|cách nhau|gấp"
_ASKS_DIFFERENCE = re.compile(
    rf"(?<!\w)(?:(?:{_COMPARES}) [^?]*(?:bao nhiêu|mấy)|(?:bao nhiêu|mấy) [^?]*(?:{_COMPARES}))(?!\w)",
    re.IGNORECASE,
)
_COMPARISON = re.compile(rf"(?<!\w)(?:{_COMPARES}|tăng|giảm|thêm|vượt|so với|lệch)(?!\w)", re.IGNORECASE)
_LEFT_OUT = 0.3
"""An item of which a reply has less than this part of the syllables is left out."""
_LEAST_SYLLABLES = 2
"""Of an item: shorter ones are numbers and the like."""
_MOST_SYLLABLES = 5
"""Of an item after the last one that is named: longer ones are no part of the list."""


def answers_question(reply: str, query: Query, best: Evidence, reader: Reader) -> bool:
    """Whether a proved reply answers as well as the best sentence does.

    It has the reader's short answer, all of a list that is asked for, more than a time for a reason, and a difference
    only from a sentence that compares; and read in the sentence's place, it is about as answerable.
    """
    question = query.question
    if (
        short_answer_overlap(reply, best) < _SHARE
        or (_ASKS_FOR_ALL.search(question) and omits_list_items(reply, best))
        or (_ASKS_WHY.search(question) and adds_only_a_time(reply, question))
        or (_ASKS_DIFFERENCE.search(question) and compares_alone(reply, best))
    ):
        return False
    reply_score, sentence_score = answerable_scores(reply, query, best, reader)
    return reply_score >= sentence_score - _SLACK


def short_answer_overlap(reply: str, best: Evidence) -> float:
    """The share, in [0, 1], of the short answer's syllables that stand in a reply; 1 where there is no short answer."""
    found = set(syllables(fold(best.short_answer)))
    return len(found & set(syllables(fold(reply)))) / len(found) if found else 1.0


def omits_list_items(reply: str, best: Evidence) -> bool:
    """Whether a reply names items of a list in the sentence, and leaves out others after the first of them.

    What stands before that introduces the list, and what is long at its end tells something else.
    """
    in_reply = set(syllables(fold(reply)))
    items = [item for item in _items(best.text) if len(item.words) >= _LEAST_SYLLABLES]
    shares = [sum(word in in_reply for word in item.words) / len(item.words) for item in items]
    named = [place for place, share in enumerate(shares) if share >= _SHARE]
    if not named:
        return False
    left_out = [item for item, share in zip(items, shares, strict=True) if share < _LEFT_OUT]
    begins, ends = items[named[0]], items[named[-1]]
    return any(
        begins.place < item.place < ends.place
        or (item.place > ends.place and len(named) > 1 and len(item.words) <= _MOST_SYLLABLES)
        or (item.place == ends.place + 1 and (item.joined or item.words[0] in ends.words))
        for item in left_out
    )


class _Item(NamedTuple):
    """A part of a sentence between two separators; ``joined`` is true after "và", "hoặc" or "hay"."""

    place: int
    words: list[str]
    joined: bool


def _items(text: str) -> Iterator[_Item]:
    begin, joined = 0, False
    for place, found in enumerate([*_BETWEEN_ITEMS.finditer(text), None]):
        end = found.start() if found else len(text)
        yield _Item(place, syllables(fold(text[begin:end])), joined)
        if found:
            begin, joined = found.end(), found.group()[0].isspace()


def adds_only_a_time(reply: str, question: str) -> bool:
    """Whether a reply adds no more than a time to a question: "lý do gia hạn là từ ngày 3 đến 7/5"."""
    added = set(syllables(fold(MARK.sub("", reply)))) - set(syllables(fold(question))) - _TIME_WORDS
    return sum(not word.isdigit() for word in added) < _LEAST_REASON


def compares_alone(reply: str, best: Evidence) -> bool:
    """Whether a reply compares where its sentence does not: "đắt hơn 6.200 đồng" of "giá cũ là 6.200 đồng"."""
    return bool(_COMPARISON.search(reply)) and not _COMPARISON.search(best.text)


def answerable_scores(reply: str, query: Query, best: Evidence, reader: Reader) -> tuple[float, float]:
    """The reader's logits that the reply, and that the sentence, answers the question."""
    heading = context(best.hit.chunk.article)
    reply = MARK.sub("", reply)
    with_reply, with_sentence = reader.read(query.text, [(heading, reply), (heading, best.text)])
    return with_reply.answerable, with_sentence.answerable
