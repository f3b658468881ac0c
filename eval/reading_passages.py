"""What the reader is given to read: the passage that tells the answer, and others that do not."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.absent import may_tell
from eval.baselines import Search
from eval.evidence import is_about, locate, touches
from eval.metrics.answers import contained
from eval.schema import Evidence, Question
from index.chunks import split
from index.schema import Article, Chunk, Hit
from index.text import normalise, syllables

PASSAGE_SYLLABLES = 190
"""About the 240 tokens of a passage of the store."""

DEPTH = 20
"""So many found passages are looked through for one that does not tell."""


@dataclass(frozen=True, slots=True)
class Given:
    """A question with one answer, the passage that tells it, and two that do not (``None``: the set has none).

    ``other`` is drawn by chance from the passages of the set; ``hard`` is the one that fits the question best.
    """

    question: Question
    own: Chunk
    other: Chunk | None
    hard: Chunk | None


def squad_passages(path: Path) -> dict[str, Chunk]:
    """The paragraph of each question of a SQuAD file, by the question's id; the layout must have been checked."""
    found: dict[str, Chunk] = {}
    for entry in json.loads(path.read_text(encoding="utf-8-sig"))["data"]:
        title = str(entry.get("title", path.stem))
        for number, paragraph in enumerate(entry["paragraphs"], start=1):
            text = normalise(paragraph["context"])
            name = normalise(title.replace("_", " "))
            article = Article(f"{title}-{number}", path.name, name, text)
            found |= {str(item["id"]): Chunk(article, 0, 0, len(text)) for item in paragraph["qas"]}
    return found


def quoted_passages(questions: Sequence[Question], articles: Sequence[Article]) -> dict[str, Chunk]:
    """The passage around the evidence of each question, by the question's id.

    Of several the first that holds an accepted answer; a question whose quotes stand nowhere has none.
    """
    found: dict[str, Chunk] = {}
    for question in questions:
        around = [chunk for one in question.evidence if (chunk := _around(one, articles))]
        telling = [chunk for chunk in around if contained(chunk.text, question.answers) == 1]
        if around:
            found[question.id] = (telling or around)[0]
    return found


def give(
    questions: Sequence[Question], passages: Mapping[str, Chunk], seed: int, search: Search | None = None
) -> tuple[Given, ...]:
    """The questions that have a passage and an answer of one part, with passages that do not tell it.

    ``hard`` is the best that ``search`` finds; without a search the passage of another article of the set
    that shares the rarest words with the question.
    """
    kept = [question for question in questions if question.id in passages and len(question.answers) == 1]
    pool = list(dict.fromkeys(passages[question.id] for question in kept))
    rivals = _found(search) if search else _by_words(kept, pool, passages)
    return tuple(
        Given(
            question,
            own := passages[question.id],
            _untold(question, own, random.Random(f"{seed} {question.id}").sample(pool, len(pool))),
            _untold(question, own, rivals(question)),
        )
        for question in kept
    )


def tells(question: Question, chunk: Chunk) -> bool:
    """Whether a passage touches the evidence, or holds an answer and half of what the question is about."""
    return any(touches(one, chunk.article, chunk.start, chunk.end) for one in question.evidence) or may_tell(
        question, Hit(chunk, 0.0, 0, 0.0, 0.0)
    )


def _untold(question: Question, own: Chunk, chunks: Iterable[Chunk]) -> Chunk | None:
    return next((chunk for chunk in chunks if chunk != own and not tells(question, chunk)), None)


def _found(search: Search) -> Callable[[Question], Iterator[Chunk]]:
    return lambda question: (hit.chunk for hit in search(normalise(question.in_full), DEPTH))


def _by_words(
    questions: Sequence[Question], pool: Sequence[Chunk], passages: Mapping[str, Chunk]
) -> Callable[[Question], Iterator[Chunk]]:
    """For each question the passages of other articles by the cosine of tf-idf vectors of syllables."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not pool:
        return lambda question: iter(())
    vectors = TfidfVectorizer(analyzer=lambda text: syllables(normalise(text)))
    known = vectors.fit_transform([f"{chunk.article.title}\n{chunk.text}" for chunk in pool])
    scores = (vectors.transform([question.in_full for question in questions]) @ known.T).toarray()
    row = {question.id: place for place, question in enumerate(questions)}

    def ordered(question: Question) -> Iterator[Chunk]:
        title = passages[question.id].article.title
        places = (-scores[row[question.id]]).argsort(kind="stable").tolist()
        return (pool[place] for place in places if pool[place].article.title != title)

    return ordered


def _around(evidence: Evidence, articles: Sequence[Article]) -> Chunk | None:
    """The passage that a quote stands in; two joined where it stands in both."""
    for article in articles:
        place = locate(evidence.quote, article.text) if is_about(evidence, article) else None
        if place is not None:
            touched = [
                chunk
                for chunk in split(article, _count_syllables, PASSAGE_SYLLABLES)
                if chunk.start < place[1] and place[0] < chunk.end
            ]
            return Chunk(article, touched[0].position, touched[0].start, touched[-1].end)
    return None


def _count_syllables(texts: Sequence[str]) -> list[int]:
    return [len(syllables(text)) for text in texts]
