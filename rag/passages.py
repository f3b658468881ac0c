"""The sentences of the retrieved passages that are worth the model's reading time."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.lexical import spell_out
from index.schema import Article, Hit
from index.text import fold, has_accents, sentence_spans, syllables
from rag.extract import Clue

_PAIR_WEIGHT = 0.5  # two neighbouring syllables of the question, against one
_NEIGHBOUR = 0.35  # how much of its neighbour's score a sentence inherits
_RANK_LOSS = 0.25  # how much less each later passage counts
_SPREAD_LOSS = 0.3  # how much less each later sentence of one article counts, where several are wanted
_LONG = 240
"""Characters of a sentence above which its clauses are chosen one by one."""
_CLAUSE_END = re.compile(r"[;,](?=\s)")
_CLUE_WEIGHT = 0.35  # what the surest clue is worth, against the best sentence
_CLUE_SCALE = 8.0
"""How much less certain a clue is that is worth 1/e of the surest; measured with the weight in docs/notes.md."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, ``hit.chunk.text[start:end]``; ``score`` tells how well it fits the question."""

    hit: Hit
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The exact slice of the passage."""
        return self.hit.chunk.text[self.start : self.end]


def score_sentences(question: str, hits: Sequence[Hit], clues: Sequence[Clue] = ()) -> list[Sentence]:
    """All sentences of the passages but their titles in reading order, scored against the question.

    The score is the sum of the rarities of the question's syllables, and pairs of syllables, that the
    sentence or the title, place or year of its article holds, rarity being counted over these sentences; part of it is
    handed to the neighbours, and later passages count a little less.  Each of the ``clues`` lifts its
    sentence.  A question without accents is compared without accents.
    """
    exact = has_accents(question)
    wanted = _terms(question, exact)
    spans = [_sentence_spans(hit) for hit in hits]
    held = [
        [_terms(hit.chunk.text[start:end], exact) & wanted for start, end in places]
        for hit, places in zip(hits, spans, strict=True)
    ]
    holders = Counter(term for passage in held for terms in passage for term in terms)
    total = sum(map(len, held))
    weights = {term: _weight(term, count, total) for term, count in holders.items()}
    scored: list[Sentence] = []
    for order, (hit, places, passage) in enumerate(zip(hits, spans, held, strict=True)):
        about = _terms(_told_of_all(hit.chunk.article), exact) & wanted
        own = [sum(weights.get(term, 0.0) for term in terms | about) for terms in passage]
        padded = [0.0, *own, 0.0]
        for place, (start, end) in enumerate(places):
            score = own[place] + _NEIGHBOUR * max(padded[place], padded[place + 2])
            scored.append(Sentence(hit, start, end, score / (1 + _RANK_LOSS * order)))
    return _lifted(scored, clues)


def select_sentences(
    sentences: Sequence[Sentence],
    budget: int,
    count_tokens: Callable[[str], int],
    heading: Callable[[Hit], str] = lambda hit: "",
    *,
    spread: bool = False,
) -> list[Sentence]:
    """The best sentences that fit into ``budget`` tokens with the headings, in reading order.

    A sentence is kept whole or not at all; a passage without a sentence costs no heading.  To ``spread`` the
    choice over several articles, each chosen sentence makes the others of its article count less.
    """
    taken: Counter[str] = Counter()
    headed: set[int] = set()
    chosen: set[int] = set()
    waiting = set(range(len(sentences)))
    left = budget

    def worth(place: int) -> tuple[float, int]:
        sentence = sentences[place]
        fewer = _SPREAD_LOSS * taken[sentence.hit.chunk.article.id] if spread else 0.0
        return sentence.score / (1 + fewer), -place

    while waiting:
        place = max(waiting, key=worth)
        waiting.remove(place)
        hit = sentences[place].hit
        cost = count_tokens(sentences[place].text)
        if hit.rank not in headed:
            cost += count_tokens(heading(hit))
        if cost <= left:
            chosen.add(place)
            headed.add(hit.rank)
            taken[hit.chunk.article.id] += 1
            left -= cost
    return [sentences[place] for place in sorted(chosen)]


def _told_of_all(article: Article) -> str:
    """What holds for every sentence of an article: its title, place and year."""
    return f"{article.title}\n{article.place or ''}\n{article.date.year if article.date else ''}"


def _lifted(sentences: Sequence[Sentence], clues: Sequence[Clue]) -> list[Sentence]:
    if not sentences or not clues:
        return list(sentences)
    best = max(sentence.score for sentence in sentences) or 1.0
    surest = max(clue.certainty for clue in clues)
    worth = [_CLUE_WEIGHT * best * math.exp((clue.certainty - surest) / _CLUE_SCALE) for clue in clues]
    return [
        replace(
            sentence,
            score=sentence.score
            + max(
                (lift for clue, lift in zip(clues, worth, strict=True) if _holds(sentence, clue)), default=0.0
            ),
        )
        for sentence in sentences
    ]


def _holds(sentence: Sentence, clue: Clue) -> bool:
    chunk = sentence.hit.chunk
    return (
        clue.article == chunk.article.id
        and clue.start < chunk.start + sentence.end
        and clue.end > chunk.start + sentence.start
    )


def _sentence_spans(hit: Hit) -> list[tuple[int, int]]:
    """The sentences but for the title; of a long one, as reports have them, its clauses."""
    text, title = hit.chunk.text, hit.chunk.article.title
    return [
        part
        for start, end in sentence_spans(text)
        if text[start:end] != title
        for part in _clauses(text, start, end)
    ]


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at semicolons and commas, so that no part is longer than need be, nor much shorter than ``_LONG``."""
    while end - start > _LONG:
        cuts = [found.end() for found in _CLAUSE_END.finditer(text, start, start + _LONG)]
        if not cuts:
            break
        strong = [cut for cut in cuts if text[cut - 1] == ";" and cut - start > _LONG // 3]
        yield start, (strong or cuts)[-1]
        start = (strong or cuts)[-1]
        start += len(text[start:end]) - len(text[start:end].lstrip())
    yield start, end


def _terms(text: str, exact: bool) -> set[str]:
    words = spell_out(syllables(text))
    if not exact:
        words = [fold(word) for word in words]
    return {*words, *map(" ".join, pairwise(words))}


def _weight(term: str, holders: int, total: int) -> float:
    rarity = math.log(1 + total / holders)
    return rarity * (_PAIR_WEIGHT if " " in term else 1)
