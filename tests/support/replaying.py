"""An assistant that replays and surveys that read by shared words: what stands in for the models in a window."""

from __future__ import annotations

import math
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from index.errors import StoreError
from index.ingest.list_folder import SourceFile
from index.ingest.read_files import read_file
from index.schema import Article, Chunk, Filters, Hit
from index.text.normalise import fold
from index.text.sentences import sentence_spans
from rag.schema import (
    Answer,
    Checking,
    Citation,
    Delta,
    Event,
    Evidence,
    Extract,
    Finished,
    Found,
    Seconds,
    Statement,
    Turn,
)
from rag.tools.check_text import CheckedSentence, CheckedText, Source
from rag.tools.table import Cell, Limits, Table, TableRow

if TYPE_CHECKING:
    from tests.support.window_app import FolderLibrary

Step: TypeAlias = Literal["searching", "reading", "writing", "checking"]
_SOME_WORDS = 3
"""Words that are there while an answer is held in its writing."""
REFUSAL = "Tôi không tìm thấy thông tin này trong các bài viết."


@dataclass
class ReplayingAssistant:
    """Finds passages by shared words and answers with their best sentences, word by word.

    ``delay`` is the pause between two words; ``hold`` lets answers come as far as a step and no farther.  A question
    holding ``bịa`` gets a sentence without a source, one holding ``hỏng`` fails, one holding ``lâu`` is cut by its
    time limit; one that is ``prepared`` gets that answer; ``asked`` keeps what was to be answered, not what was only
    searched for.
    """

    library: FolderLibrary
    delay: float = 0.0
    asked: list[tuple[str, tuple[Turn, ...], Filters]] = field(default_factory=list)
    held: Step | None = None
    prepared: Mapping[str, Answer] = field(default_factory=dict)

    def hold(self, step: Step) -> None:
        """Let every answer come to this step, and wait there."""
        self.held = step

    def go_on(self) -> None:
        """Let every answer come to its end."""
        self.held = None

    def _at(self, step: Step, stopped: threading.Event, pauses: float = 0) -> None:
        stopped.wait(self.delay * pauses)
        while self.held == step and not stopped.wait(0.01):
            pass

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        started = time.monotonic()
        stopped = stop or threading.Event()
        self._at("searching", stopped, 4)
        if "hỏng" in question:
            self.asked.append((question, tuple(history), filters))
            raise StoreError("Damaged search files in kho: vectors.npy. Run 'hoidap verify --repair'.")
        standalone = f"{question} ({history[-1].question})" if history and len(question) < 25 else question
        title = re.search("“(.+)”", question)
        sought = title[1] if title else standalone
        hits = search(sought, [one for one in self.library.held.values() if passes(one, filters)])
        answer = replace(compose(question, sought, hits), standalone=standalone)
        if question in self.prepared:
            standalone, answer = question, self.prepared[question]
            hits = answer.passages
        extract = answer.extract
        if title and answer.citations and extract is None:  # what an article is about is told by its title
            quoted = answer.citations[0]
            extract = Extract(quoted.hit, quoted.start, quoted.end, 0.87)
        yield Found(standalone, hits, extract)
        self.asked.append((question, tuple(history), filters))
        self._at("reading", stopped, 10)
        written = ""
        for number, piece in enumerate(re.findall(r"\S+\s*", answer.text)):
            if number == _SOME_WORDS:
                self._at("writing", stopped)
            if stopped.wait(self.delay):
                break
            written += piece
            yield Delta(piece)
        spent = Seconds(0.21, 0.9, round(time.monotonic() - started, 2))
        if stopped.is_set():
            yield Finished(cut(answer, written.rstrip(), spent))
        else:
            yield Checking()
            if "lâu" in question:
                answer = replace(answer, cut=True)
            self._at("checking", stopped, 6)
            yield Finished(replace(answer, seconds=spent))


@dataclass
class ReplayingSurveys:
    """Reads by shared words: a cell is the first number of the sentence that holds most of the question's words.

    A checked sentence is supported where an article holds it, contradicted where it does but for its numbers.
    """

    library: FolderLibrary
    delay: float = 0.0

    def table(
        self,
        questions: Sequence[str],
        filters: Filters = Filters(),
        *,
        limits: Limits = Limits(),
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        stop: threading.Event | None = None,
    ) -> Table:
        stopped = stop or threading.Event()
        articles = list(self.library.held.values())[: limits.articles]
        rows = []
        for done, article in enumerate(articles):
            on_progress(done, len(articles))
            if stopped.wait(self.delay):
                break
            rows.append(TableRow(article, tuple(self._cell(question, article) for question in questions)))
        rows.sort(key=lambda row: not row.has_answer)
        return Table(tuple(questions), tuple(rows), stopped.is_set())

    def check(
        self,
        text: str,
        filters: Filters = Filters(),
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        stop: threading.Event | None = None,
    ) -> CheckedText:
        stopped = stop or threading.Event()
        spans = sentence_spans(text)
        checked = []
        for done, (start, end) in enumerate(spans):
            on_progress(done, len(spans))
            if stopped.wait(self.delay):
                break
            checked.append(self._checked(text, start, end))
        return CheckedText(text, tuple(checked), stopped.is_set())

    def _cell(self, question: str, article: Article) -> Cell | None:
        for evidence in self._evidence(question, article):
            if share(question, evidence.text) >= 0.6:
                return Cell(evidence, 0.93)
        return None

    def _evidence(self, question: str, article: Article) -> Iterator[Evidence]:
        [hit] = [Hit(Chunk(article, 0, 0, len(article.text)), 1.0, 1, 1.0, 1.0)]
        for start, end in sentence_spans(article.text):
            text = article.text[start:end]
            number = re.search(r"\d[\d.,]*\d%?|\d%?", text)
            short = number.span() if number else (0, 0)
            yield Evidence(hit, start, end, text, short, (start + short[0], start + short[1]), 1, 1, 1)

    def _checked(self, text: str, start: int, end: int) -> CheckedSentence:
        sentence = text[start:end]
        found = [one for article in self.library.held.values() for one in self._evidence(sentence, article)]
        best = max(found, key=lambda one: share(sentence, one.text))
        source = Source(best.hit, best.start, best.end, best.text)
        if share(sentence, best.text) < 0.6:
            return CheckedSentence(start, end, "not_found", source)
        number = re.search(r"\d[\d.,]*\d|\d", sentence)
        if number and best.short_answer and number.group() != best.short_answer:
            return CheckedSentence(start, end, "contradicted", source, number.group(), best.short_answer)
        return CheckedSentence(start, end, "supported", source)


def read(file: SourceFile) -> Article:
    """Read a file as the product does; a line ``nguồn: …`` gives the article an address."""
    [article] = read_file(file)
    assert isinstance(article, Article)
    url = re.search(r"^nguồn: (\S+)$", article.text, re.MULTILINE)
    return replace(article, url=url[1] if url else None)


def chunks(article: Article) -> list[Chunk]:
    spans = [(match.start(), match.end()) for match in re.finditer(r"(?:[^\n]+\n*){1,3}", article.text)]
    kept = [(start, start + len(article.text[start:end].rstrip())) for start, end in spans]
    return [Chunk(article, position, start, end) for position, (start, end) in enumerate(kept)]


def passes(article: Article, filters: Filters) -> bool:
    dated = not filters.from_date or bool(article.date and article.date >= filters.from_date)
    before = not filters.to_date or bool(article.date and article.date <= filters.to_date)
    placed = not filters.sources or any(article.source.startswith(source) for source in filters.sources)
    return dated and before and placed


def words(text: str) -> Counter[str]:
    asking = {"bao", "nhieu", "may", "gi", "ai", "sao", "nao"}
    return Counter(word for word in re.findall(r"\w+", fold(text)) if len(word) > 1 and word not in asking)


def share(question: str, text: str, rarity: Mapping[str, float] | None = None) -> float:
    """The part of the question's words that the text holds, rare words counting more."""
    wanted, held = words(question), words(text)
    weight = {word: (rarity or {}).get(word, 1.0 if rarity is None else 2.0) for word in wanted}
    return sum(weight[word] for word in wanted if word in held) / max(1e-9, sum(weight.values()))


def search(question: str, articles: Sequence[Article]) -> tuple[Hit, ...]:
    held = [set(words(f"{article.title} {article.text}")) for article in articles]
    counts = Counter(word for found in held for word in found)
    rarity = {word: math.log(1 + len(articles) / count) for word, count in counts.items()}
    found = [
        (share(question, f"{chunk.article.title} {chunk.text}", rarity), chunk)
        for article in articles
        for chunk in chunks(article)
    ]
    best = sorted(found, key=lambda pair: -pair[0])[:4]
    return tuple(
        Hit(chunk, 0.4 + 0.5 * score, rank, 0.7 + 0.2 * score, score)
        for rank, (score, chunk) in enumerate(best, 1)
    )


def compose(question: str, standalone: str, hits: Sequence[Hit]) -> Answer:
    """Answer with the best sentence of the best two passages; refuse when the words are too few."""
    text, statements, citations = "", [], []
    for mark, hit in enumerate(hits[:2], 1):
        chunk = hit.chunk
        spans = [(chunk.start + start, chunk.start + end) for start, end in sentence_spans(chunk.text)]
        start, end = max(spans, key=lambda span: share(standalone, chunk.article.text[span[0] : span[1]]))
        if hit.lexical < max(0.6, 0.95 * hits[0].lexical):
            continue
        sentence = chunk.article.text[start:end].strip().rstrip(".")
        begin = len(text)
        text += f"{sentence} [{mark}]. "
        statements.append(Statement(begin, len(text) - 1, (mark,)))
        citations.append(Citation(mark, hit, start, end, 0.9 - 0.12 * mark))
    if "bịa" in question:
        begin = len(text)
        text += "Kết quả này được đánh giá là cao nhất từ trước đến nay."
        statements.append(Statement(begin, len(text), ()))
    refused = not text
    extract = None if refused else number_in(citations[0])
    return Answer(
        question, standalone, text.strip() or REFUSAL, refused, tuple(statements), tuple(citations), tuple(hits),
        Seconds(0.1, 0.2, 0.3), "qwen2.5-coder-1.5b q4_k_m (cc324af0)", "multilingual-e5-small (1571fc98)", 712, 64,
        extract=extract, reader="reader@0a1b2c3d",
    )  # fmt: skip


def number_in(citation: Citation) -> Extract | None:
    """The first number of a quote, as a reader would give it."""
    number = re.search(r"\d[\d.,/-]*\d|\d", citation.quote)
    if number is None:
        return None
    start, end = citation.start + number.start(), citation.start + number.end()
    return Extract(citation.hit, start, end, 0.87)


def cut(answer: Answer, text: str, seconds: Seconds) -> Answer:
    kept = tuple(one for one in answer.statements if one.end <= len(text))
    return replace(answer, text=text, statements=kept, seconds=seconds, stopped=True)
