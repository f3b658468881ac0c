"""Tabulates questions over many articles: a cell has the answer of one article with its sentence, or is empty."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.schema import Article, Filters, Hit
from index.search import search_articles
from index.text.normalise import normalise
from rag.proof.comparable_parts import years
from rag.query.to_abbreviations import with_abbreviations_of
from rag.reader.calibrated_reader import CalibratedReader, ranking_score
from rag.retrieval.retrieve import Retriever
from rag.schema import Evidence, Query

MOST_ARTICLES = 200
"""Articles that are read for one column."""
MOST_COLUMNS = 10
MOST_PASSAGES = 10
_PASSAGES = 3
"""Passages that are read of an article where no other number is wanted."""
_AT_ONCE = 4
"""Articles that are read between two looks at whether to stop."""
_SPEAKS = 0.4
"""Least lexical score of an article that is read, in parts of the highest."""
_ALWAYS_READ = 10
"""So many of the best are read whatever their words."""
_PAST_PENALTY = 4.0
"""What the score of a sentence loses if it is about years long before its article."""
_UNITS = (
    r"xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|thôn|xóm|bản|làng|ấp|buôn|tổ dân phố|khu phố|trường|"
    r"bệnh viện|trạm|công ty|doanh nghiệp|hợp tác xã|htx|chi bộ|đảng bộ|cơ quan|đơn vị|địa phương|nơi|bài(?: viết)?"
)
_EACH = re.compile(
    rf",?\s*(?:(?:của|ở|tại|theo|trong|trên|cho)\s+)?(?:tất cả\s+)?(?:các|từng|mỗi|những|mọi)\s+(?:{_UNITS})"
    rf"(?:(?:,|\s+và|\s+hay)\s+(?:{_UNITS}))*(?=\s*[?.!]*$)",
    re.IGNORECASE,
)
"""“… của các xã, thị trấn” at the end of a question: which articles are meant, not what is asked of each."""

Progress = Callable[[int, int], None]
"""Called with how much is done of how much."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read for a table: articles for each column, and passages of each article."""

    articles: int = MOST_ARTICLES
    passages: int = _PASSAGES


@dataclass(frozen=True, slots=True)
class Cell:
    """The answer of one article; ``certainty`` in [0, 1] is the calibrated probability that it answers."""

    evidence: Evidence
    certainty: float

    @property
    def value(self) -> str:
        """The short answer, the whole sentence where there is none."""
        return self.evidence.short_answer or self.evidence.text

    @property
    def quote(self) -> str:
        """The sentence as it stands in the article."""
        return self.evidence.hit.chunk.article.text[self.evidence.start : self.evidence.end]


@dataclass(frozen=True, slots=True)
class TableRow:
    """An article with a cell for each column, ``None`` where it does not answer."""

    article: Article
    cells: tuple[Cell | None, ...]

    @property
    def has_answer(self) -> bool:
        """Whether any cell holds something."""
        return any(cell is not None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A column for each question and a row for each article that was read, those with most certainty first.

    ``stopped`` is true when it was ended early: what was not read by then is not in it.
    """

    questions: tuple[str, ...]
    rows: tuple[TableRow, ...]
    stopped: bool = False


def tabulate(
    retriever: Retriever,
    reader: CalibratedReader,
    questions: Sequence[str],
    filters: Filters = Filters(),
    *,
    limits: Limits = Limits(),
    on_progress: Progress = lambda done, total: None,
    stop: threading.Event | None = None,
) -> Table:
    """Ask every article that speaks of a question, as many as the limits allow for each of ``MOST_COLUMNS`` questions.

    Raises EmptyQuestionError where a question holds no word.
    """
    stop = stop or threading.Event()
    queries = [retriever.understand(_for_one_article(question)) for question in questions[:MOST_COLUMNS]]
    vectors = retriever.encoder.encode_queries([query.text for query in queries])
    found = [
        _relevant(
            search_articles(retriever.store, query.text, vector, limits.articles, limits.passages, filters)
        )
        for query, vector in zip(queries, vectors, strict=True)
    ]
    done, total = 0, sum(map(len, found))
    on_progress(done, total)
    articles, cells = dict[str, Article](), dict[tuple[str, int], Cell | None]()
    for column, (query, groups) in enumerate(zip(queries, found, strict=True)):
        for some in _portions(groups):
            if stop.is_set():
                break
            for hits, cell in zip(some, _read(reader, query, some), strict=True):
                article = hits[0].chunk.article
                articles[article.id] = article
                cells[article.id, column] = cell
            done += len(some)
            on_progress(done, total)
    rows = [
        TableRow(article, tuple(cells.get((name, column)) for column in range(len(queries))))
        for name, article in articles.items()
    ]
    rows.sort(key=lambda row: -sum(cell.certainty for cell in row.cells if cell))
    return Table(tuple(map(normalise, questions[:MOST_COLUMNS])), tuple(rows), stop.is_set())


def _for_one_article(question: str) -> str:
    """The question for a single article: “tỷ lệ hộ nghèo của các xã” becomes “tỷ lệ hộ nghèo”."""
    text = normalise(question)
    rest = _EACH.sub("", text).strip()
    return rest if rest.strip("?.! ") else text


def _relevant(groups: list[list[Hit]]) -> list[list[Hit]]:
    """The articles worth reading: the best, and all of a high enough lexical score."""
    held = [max(hit.lexical for hit in hits) for hits in groups]
    most = max(held, default=0.0)
    return [
        hits
        for rank, (hits, share) in enumerate(zip(groups, held, strict=True))
        if rank < _ALWAYS_READ or share >= _SPEAKS * most
    ]


def _portions(groups: Sequence[list[Hit]]) -> Iterator[list[list[Hit]]]:
    rest = iter(groups)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _read(reader: CalibratedReader, query: Query, groups: Sequence[Sequence[Hit]]) -> list[Cell | None]:
    """Read the passages of some articles together; a cell for each article."""
    queries = [
        Query(with_abbreviations_of(query.text, hits[0].chunk.article.text), query.typed) for hits in groups
    ]
    found = dict[str, list[Evidence]]()
    for wording in dict.fromkeys(queries):
        hits = [hit for one, some in zip(queries, groups, strict=True) if one == wording for hit in some]
        for evidence in reader.read(wording, hits).evidence:
            found.setdefault(evidence.hit.chunk.article.id, []).append(evidence)
    return [
        _cell(reader, one, found.get(hits[0].chunk.article.id, []))
        for one, hits in zip(queries, groups, strict=True)
    ]


def _cell(reader: CalibratedReader, query: Query, evidence: Sequence[Evidence]) -> Cell | None:
    """The answer of one article from its sentences; ``None`` where none is sure."""
    if not evidence:
        return None
    best = max(evidence, key=lambda one: ranking_score(one) - _PAST_PENALTY * _is_about_past(one, query))
    certainty = reader.probability(query, best)
    return Cell(best, certainty) if certainty >= reader.calibration.sure else None


def _is_about_past(evidence: Evidence, query: Query) -> bool:
    """Whether a sentence is about years long before its article, where the question names none.

    A report states where it began beside what is reached; a table is of what is reached.
    """
    written = evidence.hit.chunk.article.date
    stated = years(evidence.text)
    return bool(written and stated and not years(query.text) and max(stated) < written.year - 1)
