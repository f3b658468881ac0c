"""A question about the collection is answered from the store: titles, days, authors, counts, and chosen sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from index.schema import Article, Chunk, Filters, Hit
from index.store.store import Store
from rag.citation_marks import MARK
from rag.collection.matching import (
    Matches,
    best_sentence,
    dated_newest_first,
    match,
    passages_of,
    pick_article,
    with_article,
)
from rag.collection.parse_question import CollectionQuestion, parse_collection_question
from rag.collection.summary import in_single_lines, summary_sentences
from rag.query.time_expressions import Period
from rag.retrieval.retrieve import Retriever
from rag.schema import Citation, MessageKind, Statement, Turn

_MOST = 8
_FEW = 5
_SENTENCES = 5
_MOST_SENTENCES = 12


@dataclass(frozen=True, slots=True)
class CollectionAnswer:
    """What is said, like a checked answer; ``period`` is the time that was understood."""

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    period: Period | None = None


@dataclass(slots=True)
class _Page:
    """Lines of an answer with what they cite; each article is cited by one passage."""

    text: str = ""
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Add a line about the collection, without a citation; what looks like a mark in it is escaped."""
        self.text += ("\n" if self.text else "") + MARK.sub(r"(\1)", line)

    def cite(self, line: str, hit: Hit, span: tuple[int, int]) -> None:
        """Add a line with the sentence that it comes from."""
        mark = len(self.citations) + 1
        self.say("")
        start = len(self.text)
        self.text += MARK.sub(r"(\1)", line) + f" [{mark}]"
        self.statements.append(
            Statement(start + (2 if line.startswith("- ") else 0), len(self.text), (mark,))
        )
        self.citations.append(Citation(mark, replace(hit, rank=mark), *span, 1.0))


def answer_collection(
    retriever: Retriever,
    kind: MessageKind,
    question: str,
    history: Sequence[Turn],
    filters: Filters,
    today: date,
) -> CollectionAnswer:
    """Answer a normalised question about the collection; without a subject it is about the last question's article."""
    database = retriever.store.database
    days = database.days()
    parsed = parse_collection_question(kind, question, database.authors(), today, days and days[1])
    parsed = replace(parsed, period=_with_articles(retriever.store, parsed.period))
    if kind in ("summary", "source") and not (parsed.topic or parsed.period or parsed.author):
        earlier = retriever.search(history[-1].question, 1, filters) if history else ()
        matches = Matches(earlier, len(earlier))
    else:
        matches = match(retriever, parsed, filters)
    page = _Page()
    if kind == "latest":
        _latest(page, retriever, parsed, matches, filters)
    elif kind == "source":
        _source(page, retriever.store, parsed, matches)
    elif kind == "summary" and parsed.several:
        _digest(page, retriever, parsed, matches)
    elif kind == "summary":
        _summary(page, retriever, parsed, matches)
    else:
        _find(page, retriever.store, parsed, matches)
    return CollectionAnswer(page.text, tuple(page.statements), tuple(page.citations), parsed.period)


def _find(page: _Page, store: Store, parsed: CollectionQuestion, matches: Matches) -> None:
    """How many articles there are, and the fittest of them; where they are only to be counted, a few."""
    counts = parsed.kind == "count"
    if matches.near or not matches.hits:
        page.say(f"Không có bài nào {_about(parsed)}.{_read(matches)}")
        if matches.hits and not counts:
            page.say("Gần với điều bạn tìm nhất là:")
            _lines(page, store, parsed, matches.hits[:_FEW])
        return
    page.say(f"Có {_counted(matches)} bài {_about(parsed)}{'.' if counts else ':'}{_read(matches)}")
    shown_now = _FEW if counts else _MOST
    _lines(page, store, parsed, matches.hits[:shown_now])
    _more(page, len(matches.hits) - shown_now)


def _latest(
    page: _Page, retriever: Retriever, parsed: CollectionQuestion, matches: Matches, filters: Filters
) -> None:
    store = retriever.store
    hits = [] if matches.near else dated_newest_first(matches.hits)
    if parsed.oldest:
        hits.reverse()
    if not hits:
        page.say(f"Không có bài nào {_about(parsed)}.")
        _newest_before(page, retriever, parsed, filters)
        return
    order = "cũ nhất" if parsed.oldest else "mới nhất"
    first = with_article(store, hits[0])
    span = best_sentence(first, parsed.pieces)
    page.cite(
        f"Bài {order} {_about(parsed)} là {_named(first.chunk.article)}: {_sentence(first, span)}",
        first,
        span,
    )
    if len(hits) > 1:
        page.say("Các bài liền trước:" if not parsed.oldest else "Các bài tiếp theo:")
        _lines(page, store, parsed, hits[1:_FEW])
        _more(page, len(hits) - _FEW)


def _newest_before(page: _Page, retriever: Retriever, parsed: CollectionQuestion, filters: Filters) -> None:
    """Where nothing is of the time that is asked: the newest article about the same, of whatever time."""
    anytime = replace(parsed, period=None)
    matches = match(retriever, anytime, filters) if parsed.period else Matches((), 0)
    for hit in [] if matches.near else dated_newest_first(matches.hits)[:1]:
        page.say(f"Bài mới nhất {_about(anytime)} là:")
        _lines(page, retriever.store, parsed, [hit])


def _source(page: _Page, store: Store, parsed: CollectionQuestion, matches: Matches) -> None:
    hit = pick_article(matches, parsed) if parsed.topic else next(iter(matches.hits), None)
    if hit is None:
        page.say(_unclear(parsed))
        return
    hit = with_article(store, hit)
    article = hit.chunk.article
    parts = [
        f"tác giả {article.author}" if article.author else "không ghi tên tác giả",
        f"ngày {article.date:%d/%m/%Y}" if article.date else "không ghi ngày",
        f"nguồn {article.url}" if article.url else f"tệp {_file(article)}",
    ]
    page.cite(f"Bài “{article.title}”: {', '.join(parts)}.", hit, best_sentence(hit, parsed.pieces))


def _summary(page: _Page, retriever: Retriever, parsed: CollectionQuestion, matches: Matches) -> None:
    hit = pick_article(matches, parsed) if parsed.topic else next(iter(matches.hits), None)
    if hit is None:
        page.say(_unclear(parsed))
        return
    article = with_article(retriever.store, hit).chunk.article
    wanted = min(parsed.length or _SENTENCES, _MOST_SENTENCES)
    spans = summary_sentences(retriever.encoder, article, wanted)
    page.say(
        f"Những câu chính của bài {_named(article)}:"
        if spans
        else f"Bài {_named(article)} không có câu nào để tóm tắt."
    )
    passages = passages_of(retriever.store, article)
    for span, text in zip(spans, in_single_lines(article, spans), strict=True):
        page.cite(f"- {text}", _around(passages, span), span)


def _digest(page: _Page, retriever: Retriever, parsed: CollectionQuestion, matches: Matches) -> None:
    """The main sentence of each of several articles, in the order of their days."""
    if matches.near or not matches.hits:
        page.say(f"Không có bài nào {_about(parsed)}.{_read(matches)}")
        return
    chosen = sorted(
        (with_article(retriever.store, hit) for hit in matches.hits[:_MOST]),
        key=lambda hit: hit.chunk.article.date or date.min,
    )
    found = f"Có {_counted(matches)} bài {_about(parsed)}"
    read = f" của {len(chosen)} bài đã đọc" if len(matches.hits) > _MOST else ""
    page.say(f"{found}. Câu chính{read}:")
    for hit in chosen:
        article = hit.chunk.article
        spans = summary_sentences(retriever.encoder, article, 1)
        if spans:
            hit = _around(passages_of(retriever.store, article), spans[0])
            page.cite(f"- {_named(article)}: {in_single_lines(article, spans)[0]}", hit, spans[0])
    _more(page, len(matches.hits) - _MOST)


def _lines(page: _Page, store: Store, parsed: CollectionQuestion, hits: Iterable[Hit]) -> None:
    for hit in hits:
        read = with_article(store, hit)
        page.cite(f"- {_named(read.chunk.article)}", read, best_sentence(read, parsed.pieces))


def _more(page: _Page, count: int) -> None:
    if count > 0:
        page.say(f"… và {count} bài khác.")


def _around(passages: Sequence[Chunk], span: tuple[int, int]) -> Hit:
    """The passage that holds most of a sentence."""
    best = max(passages, key=lambda chunk: min(chunk.end, span[1]) - max(chunk.start, span[0]))
    return Hit(best, 1.0, 1, 0.0, 0.0)


def _with_articles(store: Store, period: Period | None) -> Period | None:
    """A month or day of no year in the last year that has articles of it; the period itself where there are none."""
    if period is None or period.has_year:
        return period
    days = store.database.days()
    for year in range(period.first.year, days[0].year - 1 if days else period.first.year, -1):
        try:
            first, last = period.first.replace(year=year), period.last.replace(year=year)
        except ValueError:  # the 29th of February
            continue
        named = period.named.replace(str(period.first.year), str(year))
        moved = replace(period, first=first, last=last, named=named)
        if store.database.articles(Filters(first, last)):
            return moved
    return period


def _about(parsed: CollectionQuestion) -> str:
    """What the articles are about, as a part of a sentence."""
    parts = [
        f"nhắc đến “{parsed.topic}”" if parsed.topic else "",
        f"của {parsed.author}" if parsed.author else "",
        f"viết trong {parsed.period.named}" if parsed.period else "",
    ]
    return " ".join(filter(None, parts)) or "trong kho"


def _counted(matches: Matches) -> str:
    return f"{len(matches.hits)}" if matches.all_read else f"ít nhất {len(matches.hits)}"


def _read(matches: Matches) -> str:
    """How many articles were searched, where that was only a part of those with a word of the topic."""
    if matches.all_read:
        return ""
    return f" (đã đọc {matches.read} bài gần nhất với điều được hỏi, chưa đọc hết kho)"


def _unclear(parsed: CollectionQuestion) -> str:
    if parsed.topic:
        return f"Không tìm thấy bài “{parsed.topic}” trong kho. Bạn ghi lại tên bài giúp tôi."
    return "Bạn muốn hỏi bài nào? Ghi tên bài hoặc nội dung của bài giúp tôi."


def _named(article: Article) -> str:
    """The title with the place and day."""
    about = ", ".join(filter(None, (article.place, f"{article.date:%d/%m/%Y}" if article.date else "")))
    return f"“{article.title}”" + (f" ({about})" if about else "")


def _sentence(hit: Hit, span: tuple[int, int]) -> str:
    return " ".join(hit.chunk.article.text[slice(*span)].split())


def _file(article: Article) -> str:
    return article.source.removeprefix("@uploads/")
