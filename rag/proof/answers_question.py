"""Whether a reply says what was asked, and not something else that its sentences tell as truly."""

from __future__ import annotations

from index.chunking import context
from index.text.normalise import fold, syllables
from rag.citation_marks import MARK
from rag.reader.model import Reader
from rag.schema import Evidence, Query

_SHARE = 0.6
"""The part of the reader's words that a reply must hold."""
_SLACK = 2.0
"""How much less surely, in logits, the reply may tell what is asked than the sentence that it is made of."""


def answers(reply: str, query: Query, best: Evidence, reader: Reader) -> bool:
    """Whether a proved reply answers as the best sentence does.

    It holds the words that the reader found in that sentence; and read in the sentence's place, it tells what is asked
    no less surely.
    """
    if share_said(reply, best) < _SHARE:
        return False
    said, told = answerable_scores(reply, query, best, reader)
    return said >= told - _SLACK


def share_said(reply: str, best: Evidence) -> float:
    """The part of the syllables of the reader's words that stand in a reply, 1 where it found none."""
    found = set(syllables(fold(best.words)))
    return len(found & set(syllables(fold(reply)))) / len(found) if found else 1.0


def answerable_scores(reply: str, query: Query, best: Evidence, reader: Reader) -> tuple[float, float]:
    """The reader's logits that the reply, and that the sentence, tells what is asked."""
    heading = context(best.hit.chunk.article)
    reply = MARK.sub("", reply)
    said, told = reader.read(query.text, [(heading, reply), (heading, best.text)])
    return said.told, told.told
