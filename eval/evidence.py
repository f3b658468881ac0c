"""Where the evidence of a question stands in articles and passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from eval.schema import Evidence, Question
from index.schema import Article, Hit
from index.store.database.records import ArticleInfo
from index.text.normalise import normalise

LADDER = (*range(1, 11), 20)
"""How many passages are searched for evidence, and at which numbers recall is reported."""

HALF = 0.5
"""A passage holds a quote when it covers at least this share of the quote's characters."""


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Find a quote in a normalised text, whatever white space stands between its words.

    ``|`` stands between two cells of a table: they have to follow each other on one line, and other cells,
    borders or names of columns may stand between them, as each way of writing a table down has its own.
    """
    cells = [cell.split() for cell in normalise(quote).split("|")]
    patterns = [r"\s*".join(map(re.escape, words)) for words in cells if words]
    if not patterns:
        return None
    match = re.search(_NEXT_CELL.join(patterns) + (_CELL_END if len(patterns) > 1 else ""), text)
    return match.span() if match else None


_NEXT_CELL = r"(?!\w)[^\n]{0,200}?(?<![\w.,])"
_CELL_END = r"(?!\w|[.,]\d)"


Named: TypeAlias = Article | ArticleInfo
"""What tells an article apart by id and source."""


def is_about(evidence: Evidence, article: Named) -> bool:
    """Whether the evidence names this article: by id, source or file name, or names none."""
    name = evidence.article
    return not name or name in (article.id, article.source) or article.source.endswith(f"/{name}")


def covers(evidence: Evidence, article: Article, start: int, end: int) -> bool:
    """Whether ``article.text[start:end]`` covers at least half of the evidence's quote."""
    place = _place(evidence, article)
    return place is not None and overlap(place, (start, end)) >= HALF * (place[1] - place[0])


def cites(evidence: Evidence, article: Article, start: int, end: int) -> bool:
    """Whether ``article.text[start:end]`` is evidence: half of the shorter of it and the evidence's quote is shared."""
    place = _place(evidence, article)
    return place is not None and shares_half(place, (start, end))


def overlap(span: tuple[int, int], other: tuple[int, int]) -> int:
    """How many characters two stretches of a text share; below 0 where they lie apart."""
    return min(span[1], other[1]) - max(span[0], other[0])


def shares_half(span: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches of a text share half of the shorter."""
    return overlap(span, other) >= HALF * min(span[1] - span[0], other[1] - other[0])


def _place(evidence: Evidence, article: Article) -> tuple[int, int] | None:
    return locate(evidence.quote, article.text) if is_about(evidence, article) else None


def held(evidence: Sequence[Evidence], hit: Hit) -> tuple[int, ...]:
    """The evidences that a passage holds, as places in the list."""
    chunk = hit.chunk
    return tuple(
        place
        for place, wanted in enumerate(evidence)
        if covers(wanted, chunk.article, chunk.start, chunk.end)
    )


def evidence_ranks(
    evidence: Sequence[Evidence], search: Callable[[int], Sequence[Hit]]
) -> tuple[int | None, ...]:
    """For each evidence the least number of passages to ask for that holds it, ``None`` where none of ``LADDER`` does.

    ``search`` gives that many best passages.  It is asked anew for each number, since a search may join
    neighbours: in a list of twenty, one passage can be nearly its whole article.
    """
    ranks: list[int | None] = [None] * len(evidence)
    for k in LADDER:
        if None not in ranks:
            break
        for place in {place for hit in search(k) for place in held(evidence, hit)}:
            if ranks[place] is None:
                ranks[place] = k
    return tuple(ranks)


def missing_articles(questions: Sequence[Question], articles: Sequence[Named]) -> list[str]:
    """The names of articles that evidence stands in and that are not among these, sorted."""
    named = {evidence.article: evidence for question in questions for evidence in question.evidence}
    return sorted(
        name
        for name, evidence in named.items()
        if not any(is_about(evidence, article) for article in articles)
    )
