"""Answers and passages as they are shown, and the markup read as a browser would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from html.parser import HTMLParser

from index.schema import Article, Chunk, Hit
from rag.schema import Answer, Citation, Extract, Seconds, Statement
from ui.conversations.entries import Exchange, Rating

TEXT = (
    "Huyện Ba Sen giảm nghèo\n\n"
    "Trong 9 tháng, huyện giảm 45 hộ nghèo. Tỷ lệ hộ nghèo còn 1,29%.\n\n"
    "Diện tích rừng trồng mới đạt 3.772 ha."
)


class Page(HTMLParser):
    """Every tag with its attributes, as a browser would read them, and the text between them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attributes
            for name, attributes in self.tags
            if name == tag
            and all(
                attributes.get(key.rstrip("_").replace("_", "-")) == value for key, value in wanted.items()
            )
        ]


def article(text: str = TEXT, **changes: str | date | None) -> Article:
    return replace(
        Article("ba-sen.txt", "2020/ba-sen.txt", "Huyện Ba Sen giảm nghèo", text, date(2020, 10, 15)),
        **changes,
    )


def hit(of: Article | None = None, rank: int = 1) -> Hit:
    whole = of or article()
    return Hit(Chunk(whole, rank - 1, 0, len(whole.text)), 0.825, rank, 0.9, 0.5)


def cited(quote: str, mark: int = 1, found: Hit | None = None) -> Citation:
    of = found or hit()
    start = of.chunk.article.text.index(quote)
    return Citation(mark, of, start, start + len(quote), 0.83)


def exchange(
    text: str, statements: tuple[Statement, ...] = (), *citations: Citation, **changes: object
) -> Exchange:
    passages = tuple(dict.fromkeys(citation.hit for citation in citations)) or (hit(),)
    answer = Answer(
        question="Huyện giảm bao nhiêu hộ nghèo?",
        standalone="Huyện giảm bao nhiêu hộ nghèo?",
        text=text,
        refused=False,
        statements=statements,
        citations=citations,
        passages=passages,
        seconds=Seconds(0.1, 0.4, 2.34),
        llm="qwen",
        encoder="e5",
    )
    rating = changes.pop("rating", None)
    assert rating is None or isinstance(rating, Rating)
    return Exchange(
        7, datetime(2026, 1, 2, tzinfo=timezone.utc), "hoidap 0.1", replace(answer, **changes), rating
    )  # type: ignore[arg-type]


def answered() -> Exchange:
    text = "Huyện giảm 45 hộ nghèo [1]. Đây là kết quả cao nhất tỉnh."
    return exchange(
        text, (Statement(0, 27, (1,)), Statement(28, len(text), ())), cited("huyện giảm 45 hộ nghèo.")
    )


def extract(words: str, found: Hit | None = None, confidence: float = 0.87) -> Extract:
    of = found or hit()
    start = of.chunk.article.text.index(words, of.chunk.start)
    return Extract(of, start, start + len(words), confidence)
