"""Questions that the articles themselves answer, to show a newcomer what can be asked.

Vietnamese leaves the question word where the answer stands, so a statement becomes a question when its number
is replaced by ``bao nhiêu``, or the person who chairs a meeting by ``ai``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.schema import Article
from index.text import sentence_spans, syllables
from index.values import find_values

_CLAUSE_ENDS = re.compile(r"[,;:()–…]| - ")
_CHAIR = re.compile(
    r"(?:Đồng chí|Ông|Bà)\s+[^.;]{3,80}?\b(?P<deed>chủ trì|phát biểu kết luận|trao|cắt băng) (?P<what>[^.,;()]{5,70})\."
)
_NOUN_AFTER = re.compile(r"\s*(?:%|[a-zà-ỹđ])")
_LEADING = re.compile(
    r"^(?:trong đó|đến nay|và|còn|nay|hiện|cùng đó|riêng|đã|do đó|theo đó|mà|với)\s+", re.IGNORECASE
)
_BROKEN = re.compile(r"[“”\"*|]|^[-–•]|\b(\w+) \1\b")
SHORTEST, LONGEST = 7, 18


def suggest_questions(articles: Iterable[Article], count: int = 4) -> list[str]:
    """Give up to ``count`` questions, each from another article, in the order of the articles."""
    chosen: list[str] = []
    for article in articles:
        if len(chosen) == count:
            break
        candidates = sorted(_questions(article), key=_awkwardness)
        fresh = [question for question in candidates if question not in chosen]
        if fresh:
            chosen.append(fresh[0])
    return chosen


def _questions(article: Article) -> Iterator[str]:
    for start, end in sentence_spans(article.text):
        sentence = article.text[start:end]
        yield from _number_questions(sentence, article.place)
        for match in _CHAIR.finditer(sentence):
            yield _asked(f"Ai {match['deed']} {match['what'].strip()}", article.place)


def _number_questions(sentence: str, place: str | None) -> Iterator[str]:
    for value in find_values(sentence):
        if value.kind not in ("number", "percent", "money"):
            continue
        before = _CLAUSE_ENDS.split(sentence[: value.start])[-1]
        after = _CLAUSE_ENDS.split(sentence[value.end :])[0].rstrip(" .")
        unit = {"percent": " phần trăm", "money": " tiền"}.get(value.kind, "")
        if value.kind == "number" and not _NOUN_AFTER.match(after):
            continue
        glue = "" if after.startswith("/") else " "
        clause = _LEADING.sub("", f"{before.strip()} bao nhiêu{unit}{glue}{after.strip()}".strip())
        if len(syllables(before)) >= 3 and not find_values(clause) and not _BROKEN.search(clause):
            yield _asked(clause, place)


def _asked(clause: str, place: str | None) -> str:
    """Make a clause a question that names its place."""
    if place and place.split(" ", 1)[-1].lower() not in clause.lower():
        first, _, rest = clause.partition(" ")
        # Capitals stay in an abbreviation, and where the second word has one too: then the two are a name.
        opening = first if rest[:1].isupper() or first.isupper() else first.lower()
        clause = f"ở {place}, {opening} {rest}"
    return f"{clause[0].upper()}{clause[1:]}?"


def _awkwardness(question: str) -> tuple[bool, bool, int]:
    """Order candidates: of a good length, naming something, short."""
    length = len(syllables(question))
    names = bool(re.search(r"\s[A-ZĐÀ-Ỹ]", question[1:]))
    return (not SHORTEST <= length <= LONGEST, not names, abs(length - 12))
