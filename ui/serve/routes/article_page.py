"""An article as a page, for who follows a citation's link."""

from __future__ import annotations

from index.schema import Article
from ui.strings import words_in
from ui.views.formatting import format_place
from ui.views.markup import Html, element, page

_STYLE = (
    "body{font:1.05rem/1.65 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}main{white-space:pre-wrap}mark{padding:.1em 0}small{opacity:.7}"
)


def article_page(article: Article, span: tuple[int, int] | None = None) -> str:
    """Write the page of an article with the characters of ``span`` marked."""
    start, end = span or (0, 0)
    text = article.text
    marked = element("mark", text[start:end], id="trich") if end > start else Html()
    stands = format_place(article.mark_at(start), words_in("vi")) if span else ""
    day = f"{article.date:%d/%m/%Y}, " if article.date else ""
    body = element(
        "body",
        element("p", element("small", f"{day}{article.source}{f' · {stands}' if stands else ''}")),
        element("main", text[:start], marked, text[max(start, end) :]),
    )
    return page(article.title, _STYLE, body, "vi")
