"""Questions that the articles themselves answer, to show a newcomer what can be asked.

Vietnamese leaves the question word where the answer stands, so a sentence becomes a question when its number is
replaced by ``bao nhiêu``, or the person who chairs a meeting by ``ai``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.schema import Article
from index.text import fold, sentence_spans, syllables
from index.values import find_values
from rag.follow import needs_context
from rag.reader.gaps import Gap, find_gaps

_ASKED_INSIDE = {"number": "bao nhiêu", "percent": "bao nhiêu phần trăm", "money": "bao nhiêu tiền"}
_CLAUSE_END = re.compile(r"[,;:](?!\d)| - ")
_APPOSITION = re.compile(r"^\s*[,–-] [^,;:]{3,60}, ?")
_LEADING = re.compile(
    r"^(?:trong đó|đến nay|và|còn|nay|hiện|cùng đó|riêng|do đó|theo đó|mà|với|ngoài ra|bên cạnh đó|cũng)\b[ ,]+",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"[“”\"'*|()…/:#]|^[-–•\d]|\b(\w+) \1\b|\b(?:này|đó|trên|dưới đây|ông|bà|anh|chị|em|họ|tôi)\b"
)
_NOUN = re.compile(r" (?!của |về |là |và )[a-zà-ỹđ]")
_NO_SUBJECT = re.compile(r"[ ,]*(?:tại|ở|lấy|là|đến|về|trên)\b")
_DEED = re.compile(r" (?:đã )?(?:chủ trì|phát biểu|trao|cắt băng|báo cáo|đến dự|được bầu|giữ chức|công bố)\b")
_REASONED = re.compile(r"(?!từ |nguyên nhân|có |phải |cũng )\w+(?: \w+){5}", re.IGNORECASE)
_HOURS = re.compile(r"\d+ ?(?:h|giờ)\b")
SHORTEST, LONGEST = 7, 20
"""Syllables of a question."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    kind: str
    whole: bool

    @property
    def awkwardness(self) -> tuple[bool, bool, int]:
        """Order candidates: whole sentences, naming something, of a good length."""
        named = bool(re.search(r"\s[A-ZĐÀ-Ỹ]", self.text[1:]))
        return (not self.whole, not named, abs(len(syllables(self.text)) - 13))


def suggest_questions(articles: Iterable[Article], count: int = 4) -> list[str]:
    """Give up to ``count`` questions, each from another article and not all of one kind, in their order."""
    chosen: list[_Candidate] = []
    for article in articles:
        if len(chosen) == count:
            break
        used = [one.kind for one in chosen]
        fresh = [one for one in _candidates(article) if one.text not in {other.text for other in chosen}]
        if fresh:
            chosen.append(min(fresh, key=lambda one: (not one.whole, used.count(one.kind), one.awkwardness)))
    return [one.text for one in chosen]


def _candidates(article: Article) -> Iterator[_Candidate]:
    for start, end in sentence_spans(article.text):
        sentence = article.text[start:end].rstrip(" .")
        for gap in find_gaps(sentence) if sentence != article.title else ():
            clause = _clause(sentence, gap)
            if clause is None or _BROKEN.search(clause) or needs_context(clause):
                continue
            question = _asked(clause, article.place)
            if SHORTEST <= len(syllables(question)) <= LONGEST:
                whole = not _CLAUSE_END.search(sentence[: gap.begin] + sentence[gap.stop :])
                yield _Candidate(question, gap.kind, whole)


def _clause(sentence: str, gap: Gap) -> str | None:
    """The sentence, without what opens it, asking for the gap; ``None`` where that would read badly."""
    before, rest = sentence[: gap.begin], sentence[gap.stop :].lstrip(",")
    after = _APPOSITION.sub(" ", sentence[gap.stop :])
    before, after = _CLAUSE_END.split(before)[-1].lstrip(), _CLAUSE_END.split(after)[0]
    if gap.kind == "person":
        named = " " in sentence[gap.start : gap.end]
        clause = f"ai{after}" if named and not before and _DEED.match(after) else ""
    elif gap.kind in _ASKED_INSIDE:
        counted = gap.kind != "number" or _NOUN.match(after)
        clause = f"{before}{_ASKED_INSIDE[gap.kind]}{after}" if counted and " " in before.strip() else ""
    elif gap.kind == "reason":
        clause = f"vì sao {before[:1].lower()}{before[1:]}" if _REASONED.match(before) else ""
    elif gap.kind == "date" and not before and not _NO_SUBJECT.match(rest) and not _CLAUSE_END.search(rest):
        clause = f"khi nào{rest}"
    else:
        return None
    clause = _LEADING.sub("", " ".join(clause.split()).strip(" ,"))
    values = [value for value in find_values(clause) if value.kind != "date"]
    return None if not clause or values or _HOURS.search(clause) else clause


def _asked(clause: str, place: str | None) -> str:
    """Make a clause a question that names its place."""
    if place and fold(place.split(" ", 1)[-1].split(",")[0]) not in fold(clause):
        first, _, rest = clause.partition(" ")
        # Capitals stay in an abbreviation, and where the second word has one too: then the two are a name.
        opening = first if rest[:1].isupper() or first.isupper() else first.lower()
        clause = f"ở {place.split(',')[0]}, {opening} {rest}"
    return f"{clause[0].upper()}{clause[1:]}?"
