"""A window with an assistant that replays, for tests and pictures: no model is needed."""

from __future__ import annotations

import asyncio
import math
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Literal, TypeAlias

from index.errors import StoreError
from index.ingest.files import find_files, read_file
from index.ingest.folder import SourceFile
from index.schema import Article, Chunk, Filters, Hit
from index.sync import SyncProgress
from index.text.normalise import fold
from index.text.sentences import sentence_spans
from rag.check import CheckedSentence, CheckedText, Source
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
from rag.table import Cell, Limits, Table, TableRow
from ui.articles.bin import Removed
from ui.articles.library import ArticleInfo, Synced
from ui.articles.mending import Mended
from ui.articles.shelf import Shelf
from ui.articles.syncing import Syncing
from ui.articles.uploads import Uploads
from ui.conversations.answering import Answering, Job
from ui.conversations.further import Further, Trying
from ui.conversations.history import History
from ui.conversations.leases import Leases
from ui.conversations.sharing import Sharing
from ui.operation.line import FairLine
from ui.settings.state import Settings
from ui.strings import words_in
from ui.tools.events import Desk
from ui.window.app import build_app
from ui.window.listen import DEFAULT_PORT, Reach, listen
from ui.window.server import WindowServer, site

Step: TypeAlias = Literal["searching", "reading", "writing", "checking"]
_SOME_WORDS = 3
"""Words that are there while an answer is held in its writing."""
REFUSAL = "Tôi không tìm thấy thông tin này trong các bài viết."


@dataclass(frozen=True)
class Info:
    id: str
    title: str
    date: date | None
    source: str
    chunks: int


@dataclass(frozen=True)
class Totals:
    articles: int
    chunks: int


@dataclass
class FolderLibrary:
    """Articles in memory, files in a folder; a sync reads every file of the folder as one article.

    While it is ``held_up`` a sync comes no farther.
    """

    folder: Path
    held: dict[str, Article] = field(default_factory=dict)
    last_sync: datetime | None = None
    suffixes: tuple[str, ...] = (".txt", ".md")
    max_bytes: int = 100_000
    held_up: bool = False
    shelf: tuple[list[str], Shelf] | None = None
    left_out: dict[str, Removed] = field(default_factory=dict)
    damage: StoreError | None = None

    @property
    def fault(self) -> StoreError | None:
        return self.damage

    def counts(self) -> Totals:
        return Totals(len(self.held), sum(len(chunks(article)) for article in self.held.values()))

    def search(self, text: str) -> Sequence[ArticleInfo]:
        return self._shelf().matching(text)

    def sources(self) -> Sequence[str]:
        return self._shelf().sources

    def original(self, article_id: str) -> Path | None:
        path = self.folder / article_id
        return path if article_id in self.held and path.is_file() else None

    def _shelf(self) -> Shelf:
        if self.shelf is None or self.shelf[0] != list(self.held):
            infos = (
                Info(article.id, article.title, article.date, article.source, len(chunks(article)))
                for article in self.held.values()
            )
            self.shelf = list(self.held), Shelf(infos)
        return self.shelf[1]

    def article(self, article_id: str) -> Article | None:
        return self.held.get(article_id)

    def add(self, name: str, path: Path) -> None:
        target = self.folder / name
        if target.exists():
            raise StoreError("The store is being written by process 4711; wait for it.", code="busy")
        target.write_bytes(path.read_bytes())

    def remove(self, article_id: str) -> None:
        taken = self.held.pop(article_id, None)
        if taken is None:
            raise StoreError(f"The store holds no article {article_id!r}.", code="gone")
        self.left_out[article_id] = Removed(article_id, taken.title, article_id, datetime.now(timezone.utc))

    def removed(self) -> Sequence[Removed]:
        return list(self.left_out.values())

    def restore(self, article_id: str) -> None:
        if self.left_out.pop(article_id, None) is None:
            raise StoreError(f"The store holds no article {article_id!r}.", code="gone")

    def mend(self) -> Mended:
        mended: Mended = "search" if self.damage else "whole"
        self.damage = None
        return mended

    def sync(self, on_progress: Callable[[SyncProgress], None]) -> Synced:
        files = find_files(self.folder)
        before = set(self.held)
        for done, file in enumerate(files):
            on_progress(SyncProgress(done, len(files), 0, 0, file.source))
            while self.held_up:
                time.sleep(0.01)
            if file.source not in self.left_out:
                self.held[file.source] = read(file)
        on_progress(SyncProgress(len(files), len(files), 0, 0))
        gone = before - {file.source for file in files}
        for article_id in gone:
            del self.held[article_id]
        self.last_sync = datetime.now(timezone.utc)
        return Synced(len(set(self.held) - before), len(set(self.held) & before), len(gone))


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
        rows.sort(key=lambda row: not row.tells)
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
        said = re.search(r"\d[\d.,]*\d|\d", sentence)
        if said and best.words and said.group() != best.words:
            return CheckedSentence(start, end, "contradicted", source, said.group(), best.words)
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


@dataclass
class Window:
    """A served window; ``address`` ends with a slash.

    While ``offering`` is not set, no next question is looked for.
    """

    address: str
    assistant: ReplayingAssistant
    library: FolderLibrary
    history: History
    answering: Answering
    offering: threading.Event
    password: str | None = None

    def begin_anew(self) -> None:
        """Make it as it was when it was opened: nobody has asked anything, every article of the folder is there."""
        self.assistant.go_on()
        self.assistant.delay, self.library.held_up = 0.0, False
        self.offering.set()
        for talk in self.history.conversations():
            self.answering.stop(talk.id)
            while self.answering.of(talk.id):
                time.sleep(0.01)
            if self.history.holds(talk.id):
                self.history.delete(talk.id)
        self.assistant.asked.clear()
        self.library.left_out.clear()
        self.library.damage = None
        self.library.held.clear()
        self.library.sync(lambda progress: None)
        self.library.last_sync = None


EXAMPLES = ("Huyện Ba Sen giảm bao nhiêu hộ nghèo?", "Ai chủ trì hội nghị ở Kim Liên?")


@contextmanager
def opened(
    folder: Path,
    *,
    delay: float = 0.0,
    password: str | None = None,
    port: int = 0,
    examples: Sequence[str] = EXAMPLES,
    reach: Reach | None = None,
    settings: Settings | None = None,
    line: FairLine[Job] | None = None,
    database: str | None = None,
) -> Iterator[Window]:
    """Serve the articles of ``folder / "articles"`` until the block ends.

    What is kept lies in ``folder`` too, or in the ``database`` of that address.
    """
    library = FolderLibrary(folder / "articles")
    library.sync(lambda progress: None)
    assistant = ReplayingAssistant(library, delay)
    history = History(database or folder / "history.db", "hoidap test")
    sharing = Sharing(Leases(database), history) if database else None
    answering = Answering(assistant, history, sharing=sharing, line=line)
    answering.resume()
    offering = threading.Event()
    offering.set()

    def later(step: Callable[[], None]) -> None:
        def wait() -> None:
            offering.wait()
            answering.later(step)

        threading.Thread(target=wait, daemon=True).start()

    further = Further(Trying(assistant, later))
    desk = Desk(ReplayingSurveys(library, delay))
    syncing = Syncing(library, library.mend)
    uploads = Uploads(library.max_bytes)
    held = listen("127.0.0.1", port, DEFAULT_PORT)
    chosen = held.getsockname()[1]
    servers: list[WindowServer] = []

    async def serve() -> None:
        # Gradio makes an event loop of its own, and never closes it, wherever it finds none running.
        apps = {
            place: build_app(
                answering,
                library,
                history,
                uploads,
                syncing,
                lambda: examples,
                further,
                words=words,
                guarded=password is not None,
                settings=settings,
                desk=desk,
            )
            for place, words in (("", words_in("vi")), ("/en", words_in("en")))
        }
        web = site(
            apps,
            reach or Reach(),
            password,
            uploads=uploads,
            sessions=database or folder / "sessions.json",
            original=library.original,
            owner=settings.owner if settings else None,
        )
        servers.append(WindowServer(web, reach.proxies if reach else ()))
        await servers[0].serve([held])

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    while not (servers and servers[0].started):
        assert thread.is_alive(), "the window did not start"
        time.sleep(0.02)
    try:
        yield Window(f"http://127.0.0.1:{chosen}/", assistant, library, history, answering, offering)
    finally:
        servers[0].should_exit = True
        thread.join(10)
        answering.leave()
        uploads.close()
