"""Where a citation can be looked at."""

from __future__ import annotations

from urllib.parse import quote

from index.schema import Article
from ui.markup import web_address


def article_link(address: str, article: Article, span: tuple[int, int] | None = None) -> str:
    """The article's own address where it has one, else its page here, with the cited characters marked."""
    if own := web_address(article.url):
        return own
    place = f"{address}/articles/{quote(article.id)}"
    return f"{place}?start={span[0]}&end={span[1]}#trich" if span else place
