"""Proves that a set of questions is sound: what it takes for granted is looked up in the articles."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from eval.evidence import is_about, locate
from eval.metrics.answers import holds
from eval.schema import CONVERSATIONS, UNANSWERABLE, Question
from index.schema import Article
from index.text.normalise import fold, has_accents, normalise, sentence_spans, syllables

MAX_SHARED_RUN = 6
"""So many consecutive syllables a question may share with its evidence; more is copying."""

ANSWERABLE_SHARE = 0.85
"""A sentence that, with its title, holds this share of an absent question's weighted words may tell the answer.

On the project's own questions the share separates little (absent: median 0.65, answerable: 0.73), since a good
absent question asks beside what is told.  So it does not decide: it says which ones a person has to vouch for.
"""

_EMPTY_WORDS = """
    ai gì nào đâu sao bao nhiêu mấy khi lúc bằng ra
    là và của các những được có cho với trong tại ở từ đến về do bởi vì nên thì mà như để này đó kia ấy
    đã đang sẽ cũng còn không rằng theo trên dưới vào lên xuống bị một mỗi mọi hay hoặc nhưng song tuy
    gồm ông bà anh chị đồng chí nó họ vậy nay qua trước sau giữa cùng việc sự cái con chiếc bài viết
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
"""Syllables that ask, carry grammar or courtesy."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of one question, in one sentence."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The sentence of the articles that comes nearest to an absent question, for a reader to judge.

    ``share`` of the question's words, weighted by rarity, stand there or in the title.
    """

    question: Question
    article: str
    text: str
    share: float


def check(questions: Sequence[Question], articles: Sequence[Article]) -> list[Problem]:
    """All faults of a set, in its order; an empty list means that it is sound."""
    problems = [*_repeated(questions), *_shared_articles(questions)]
    for question in questions:
        checks = _check_absent(question) if question.absent else _check_answer(question, articles)
        for text in (*_check_form(question), *checks):
            problems.append(Problem(question.id, text))
    for near in nearest_places(questions, articles):
        if near.share >= ANSWERABLE_SHARE and not near.question.note:
            problems.append(
                Problem(
                    near.question.id,
                    f"may be answered by {near.article}, where {near.share:.0%} of its words stand: "
                    f"“{near.text}”; if not, say why in its note",
                )
            )
    order = {question.id: place for place, question in enumerate(questions)}
    return sorted(problems, key=lambda problem: order[problem.question])


def nearest_places(questions: Sequence[Question], articles: Sequence[Article]) -> list[Nearest]:
    """For each absent question the sentence that, with its title, holds most of its words; highest share first."""
    places = [place for article in articles for place in _places(article)]
    holders: Counter[str] = Counter()
    for _, _, words in places:
        holders.update(words)
    found: list[Nearest] = []
    for question in questions:
        if not question.absent or not places:
            continue
        sought = content(question.standalone_text)
        weights = {word: math.log(1 + len(places) / (1 + holders[word])) for word in sought}
        total = sum(weights.values()) or 1.0
        shares = [sum(weights[word] for word in sought & words) / total for _, _, words in places]
        best = max(range(len(places)), key=shares.__getitem__)
        article, text, _ = places[best]
        found.append(Nearest(question, article.id, text, shares[best]))
    return sorted(found, key=lambda nearest: -nearest.share)


def content(text: str) -> frozenset[str]:
    """The different content syllables of a text; question words are none."""
    return frozenset(syllables(normalise(text))) - _EMPTY


def longest_shared_run(one: str, other: str) -> int:
    """Length of the longest run of syllables that stands in both texts, accents left aside."""
    first, second = (syllables(fold(normalise(text))) for text in (one, other))
    best, row = 0, [0] * (len(second) + 1)
    for word in first:
        row = [0, *(row[place] + 1 if word == other_word else 0 for place, other_word in enumerate(second))]
        best = max(best, *row)
    return best


def _check_form(question: Question) -> Iterator[str]:
    for field in fields(question):
        value = getattr(question, field.name)
        if not unicodedata.is_normalized("NFC", str(value)):
            yield f"{field.name} is not in Unicode form NFC"
    if question.kind == "unaccented" and has_accents(question.text):
        yield "is of kind unaccented and has accents"
    if question.kind in CONVERSATIONS and not (question.follows and question.standalone):
        yield f"is of kind {question.kind} and needs 'follows' and 'standalone'"
    if question.kind not in CONVERSATIONS | UNANSWERABLE and question.follows:
        yield "has 'follows' and is not of kind follow_up or conversation"
    if question.kind == "list" and len(question.answers) < 2:
        yield "is of kind list and needs two parts of an answer or more"
    if (question.kind == "yesno") != bool(question.verdict):
        yield "needs a 'verdict' and kind yesno together"
    if question.verdict and (question.verdict == "not_told") != question.absent:
        yield f"has the verdict {question.verdict} and {'no' if question.absent else 'an'} answer"


def _check_absent(question: Question) -> Iterator[str]:
    if question.kind not in UNANSWERABLE and question.verdict != "not_told":
        yield f"has no answer and is of kind {question.kind}, not absent"
    if question.evidence:
        yield "has no answer and yet evidence"


def _check_answer(question: Question, articles: Sequence[Article]) -> Iterator[str]:
    if question.kind in UNANSWERABLE:
        yield f"is of kind {question.kind} and has an answer"
    if not question.evidence:
        yield "has an answer and no evidence"
    for evidence in question.evidence:
        about = [article for article in articles if is_about(evidence, article)]
        if not about:
            yield f"names an article that is not there: {evidence.article}"
        elif not any(locate(evidence.quote, article.text) for article in about):
            yield f"quotes what does not stand in {evidence.article or 'any article'}: “{evidence.quote}”"
        run = longest_shared_run(question.text, evidence.quote)
        if run > MAX_SHARED_RUN:
            yield f"copies {run} consecutive syllables of its evidence (at most {MAX_SHARED_RUN})"
    for part in question.answers:
        if question.evidence and not any(holds(e.quote, text) for e in question.evidence for text in part):
            yield f"has an answer that no quote holds: {' | '.join(part)}"
        if (
            question.kind != "multi"
            and not _offers_choice(question)
            and all(holds(question.text, x) for x in part)
        ):
            yield f"gives its answer away: {' | '.join(part)}"


def _offers_choice(question: Question) -> bool:
    """Whether a question names the answers to choose from."""
    return " hay " in f" {' '.join(syllables(normalise(question.text)))} "


def _repeated(questions: Sequence[Question]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for question in questions:
        asked = " ".join(syllables(normalise(question.standalone_text)))
        if asked in first:
            yield Problem(question.id, f"asks the same as {first[asked]}")
        first.setdefault(asked, question.id)


def _shared_articles(questions: Sequence[Question]) -> Iterator[Problem]:
    """Development and test questions must not lean on the same article."""
    splits: dict[str, str] = {}
    for question in questions:
        for evidence in question.evidence:
            split = (
                splits.setdefault(evidence.article, question.split) if evidence.article else question.split
            )
            if split != question.split:
                yield Problem(
                    question.id, f"is of split {question.split}, its article {evidence.article} of {split}"
                )


def _places(article: Article) -> Iterator[tuple[Article, str, frozenset[str]]]:
    title = content(article.title)
    for start, end in sentence_spans(article.text):
        text = article.text[start:end]
        yield article, text, title | content(text)
