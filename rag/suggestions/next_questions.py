"""Next questions after an answer: the same of another year or place, or about an article that was found.

After a refusal also the same with a name as the articles write it, "Quế Sa" where "Quê Sa" was typed.  They are only
candidates: the search and the reader decide whether the articles answer them (``is_answered``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.schema import Article
from index.text.normalise import fold
from rag.proof.names import name_runs
from rag.schema import Answer, Found
from rag.suggestions.first_questions import title_questions

_YEAR = re.compile(r"(?<![\d./,-])(?:19|20)\d\d(?![\d/-]|[.,]\d)")
_NEAREST_YEARS = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and what the passage that answers it must be ``about``: a year, a place, or a title."""

    question: str
    about: str


def further_questions(answer: Answer) -> list[Candidate]:
    """Give what could be asked next about the articles that were found, what is nearest to the question first."""
    cited = {citation.hit.chunk.article.id for citation in answer.citations}
    articles = list({hit.chunk.article.id: hit.chunk.article for hit in answer.passages}.values())
    articles.sort(key=lambda article: article.id in cited)
    # The standalone form of a follow-up has the question before it; two questions are not asked of another year.
    whole = answer.standalone if answer.standalone.count("?") <= 1 else ""
    made = [*_other_years(whole, articles), *_other_places(whole, articles), *_titles(articles)]
    asked_already = {fold(answer.question), fold(answer.standalone)}
    others = [one for one in dict.fromkeys(made) if fold(one.question) not in asked_already]
    meant = _names_as_written(answer) if answer.refused else None
    return [meant, *others] if meant else others


def is_answered(candidate: Candidate, found: Found) -> bool:
    """Whether the reader found an answer to a candidate, in a passage about what the candidate is about."""
    if found.extract is None:
        return False
    chunk = found.extract.hit.chunk
    article = chunk.article
    year = str(article.date.year) if article.date else ""
    return fold(candidate.about) in fold(f"{article.title}\n{article.place or ''}\n{year}\n{chunk.text}")


def _names_as_written(answer: Answer) -> Candidate | None:
    """Ask with the accents that the articles found give to names, where they write none as it was typed."""
    text = "\n".join(f"{hit.chunk.article.title}\n{hit.chunk.text}" for hit in answer.passages)
    bare, question, last = fold(text), answer.standalone, ""
    if len(bare) != len(text):
        return None
    for name in dict.fromkeys(name_runs(question)):
        if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
            continue
        written = Counter(
            text[place.start() : place.end()] for place in re.finditer(rf"\b{re.escape(fold(name))}\b", bare)
        )
        names = [way for way, _ in written.most_common() if way.istitle()]
        if names:
            last = names[0]
            question = question.replace(name, last)
    return Candidate(question, last) if last else None


def _other_years(question: str, articles: Sequence[Article]) -> Iterator[Candidate]:
    named_years = set(_YEAR.findall(question))
    if len(named_years) != 1:
        return
    year = int(named_years.pop())
    years = {int(one) for article in articles for one in _YEAR.findall(article.title)}
    years |= {article.date.year for article in articles if article.date}
    for other in sorted(years - {year}, key=lambda one: (abs(one - year), one))[:_NEAREST_YEARS]:
        yield Candidate(_YEAR.sub(str(other), question), str(other))


def _other_places(question: str, articles: Sequence[Article]) -> Iterator[Candidate]:
    """Ask of another place of the same rank: a commune for a commune."""
    places = dict.fromkeys(article.place.split(",")[0].strip() for article in articles if article.place)
    for place in places:
        named = re.search(rf"\b{re.escape(place)}\b", question, re.IGNORECASE)
        if named is None:
            continue
        for other in places:
            if other.lower() != place.lower() and other.split(" ")[0].lower() == place.split(" ")[0].lower():
                written = other if named.start() else f"{other[0].upper()}{other[1:]}"
                yield Candidate(f"{question[: named.start()]}{written}{question[named.end() :]}", other)


def _titles(articles: Sequence[Article]) -> Iterator[Candidate]:
    for article, question in title_questions(articles, len(articles)):
        yield Candidate(question, article.title)
