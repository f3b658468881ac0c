"""Whether a proved reply answers the question, and is not another true statement of its sentences."""

from __future__ import annotations

import re

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
_LEFT_OUT = 0.3
"""An item of which a reply has less than this part of the syllables is left out."""
_LEAST_SYLLABLES = 2
"""Of an item: shorter ones are numbers and the like."""


def answers_question(reply: str, query: Query, best: Evidence, reader: Reader) -> bool:
    """Whether a proved reply answers as well as the best sentence does.

    It has the reader's short answer, and all of a list that is asked for; and read in the sentence's place, it is about
    as answerable.
    """
    if short_answer_overlap(reply, best) < _SHARE or (
        _ASKS_FOR_ALL.search(query.question) and omits_list_items(reply, best)
    ):
        return False
    reply_score, sentence_score = answerable_scores(reply, query, best, reader)
    return reply_score >= sentence_score - _SLACK


def short_answer_overlap(reply: str, best: Evidence) -> float:
    """The share, in [0, 1], of the short answer's syllables that stand in a reply; 1 where there is no short answer."""
    found = set(syllables(fold(best.short_answer)))
    return len(found & set(syllables(fold(reply)))) / len(found) if found else 1.0


def omits_list_items(reply: str, best: Evidence) -> bool:
    """Whether a reply has two or more items of a list in the sentence, and leaves out others after the first of them.

    What stands before the first introduces the list.
    """
    in_reply = set(syllables(fold(reply)))
    items = [set(syllables(fold(item))) for item in _BETWEEN_ITEMS.split(best.text)]
    shares = [len(item & in_reply) / len(item) for item in items if len(item) >= _LEAST_SYLLABLES]
    named = [place for place, share in enumerate(shares) if share >= _SHARE]
    return len(named) > 1 and min(shares[named[0] :]) < _LEFT_OUT


def answerable_scores(reply: str, query: Query, best: Evidence, reader: Reader) -> tuple[float, float]:
    """The reader's logits that the reply, and that the sentence, answers the question."""
    heading = context(best.hit.chunk.article)
    reply = MARK.sub("", reply)
    with_reply, with_sentence = reader.read(query.text, [(heading, reply), (heading, best.text)])
    return with_reply.answerable, with_sentence.answerable
