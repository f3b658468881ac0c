"""What a web page says of itself: title, day of publication, author, lead and address."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.ingest.document import Metadata
from index.ingest.metadata.dates import date_line, parse_date
from index.ingest.web.blocks import PageBlock

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datePublished", "pubdate", "publishdate", "publish-date",
    "publish_date", "dc.date.issued", "dc.date.created", "dc.date", "dcterms.created", "dcterms.issued", "date",
    "article:published", "sailthru.date", "parsely-pub-date", "citation_publication_date", "datecreated",
)  # fmt: skip
_DATE_NAMES = re.compile(r"(?<![a-z])(?:date|time|publish\w*|posted|ngay|thoi-?gian)(?![a-z])", re.IGNORECASE)


def page_title(root: HtmlElement) -> str:
    """Give the title that the head of a page tells."""
    return _plain(_meta(root, "og:title") or root.findtext(".//title") or "")


def structured_text(root: HtmlElement) -> str:
    """Give the longest text of an article in the structured data of a page, ``""`` where it holds none."""
    bodies = [body for item in _json_ld(root) if isinstance(body := item.get("articleBody"), str)]
    text = html.unescape(max(bodies, key=len, default=""))
    return re.sub(r"<[^<>]{1,200}>", " ", re.sub(r"</p>|<br ?/?>", "\n\n", text)).strip()


def page_metadata(
    root: HtmlElement, article: Sequence[PageBlock], heading: str = "", below: Sequence[PageBlock] = ()
) -> Metadata:
    """Read what a page tells of its article; ``below`` its own ``heading`` and above its text it may tell its day."""
    data = list(_json_ld(root))
    return Metadata(
        title=heading.replace("\n", " ") or page_title(root),
        date=_published(root, article, data, below),
        author=_author(root, data),
        url=_url(root),
    )


def _published(
    root: HtmlElement,
    article: Sequence[PageBlock],
    data: Sequence[dict[str, Any]],
    below: Sequence[PageBlock],
) -> str:
    """Find the day of publication: structured data, meta tags, then what stands in or beside the article.

    A clock in the head of the page tells today, so a ``<time>`` counts only inside the article's container.
    """
    candidates = [
        str(item[key]) for key in ("datePublished", "dateCreated") for item in data if item.get(key)
    ]
    candidates += [text for name in _PUBLISHED if (text := _meta(root, name))]
    inside = {element for block in article for element in block.ancestors[-4:]}
    for element in root.iter("time"):
        if inside & {element, *element.iterancestors()} - {root, root.find("body")}:
            candidates += [element.get("datetime") or "", element.text_content()]
    understood = next((text for text in candidates if text and parse_date(text)), None)
    if understood is not None:
        return understood
    for block in article:
        named = " ".join(
            f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}" for ancestor in block.ancestors[-2:]
        )
        if _DATE_NAMES.search(named) and date_line(block.text):
            return block.text
    dated = next((block.text for block in below if not block.hidden and date_line(block.text)), "")
    return dated or next((text for text in candidates if text), "")


def _author(root: HtmlElement, data: Sequence[dict[str, Any]]) -> str:
    candidates = [_name(item.get("author")) for item in data] + [
        _meta(root, "author"),
        _meta(root, "article:author"),
    ]
    candidates = [name for name in map(_plain, filter(None, candidates)) if _is_name(name)]
    return candidates[0] if candidates else _byline(root)


def _byline(root: HtmlElement) -> str:
    """Give the name that the page marks as that of the author, ``""`` where it marks several or none.

    Those who comment are marked in the same way, within the comments.
    """
    names = set()
    for node in root.iter("a", "span", "p", "div"):
        marked = node.get("rel") == "author" or "fn" in (node.get("class") or "").split()
        if not marked or not _is_name(name := _plain(str(node.text_content()))):
            continue
        around = " ".join(
            f"{ancestor.get('class')} {ancestor.get('id')}"
            for ancestor in node.iterancestors()
            if ancestor.tag != "body"
        )
        if "comment" not in around.lower():
            names.add(name)
    return names.pop() if len(names) == 1 else ""


def _is_name(text: str) -> bool:
    return 2 < len(text) <= 60 and not re.search(r"[/@.]", text)


def _name(author: object) -> str:
    if isinstance(author, list):
        return ", ".join(filter(None, map(_name, author)))
    if isinstance(author, dict):
        return str(author.get("name") or "")
    return author if isinstance(author, str) else ""


def _url(root: HtmlElement) -> str:
    links = [link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    urls = [*links, _meta(root, "og:url")]
    return next((url for url in urls if url and url.startswith(("http://", "https://"))), "")


def _meta(root: HtmlElement, name: str) -> str:
    return _metas(root).get(name.lower(), "")


@lru_cache(maxsize=1)  # of a page many names are asked
def _metas(root: HtmlElement) -> dict[str, str]:
    """What the meta tags of a page say, by each of their names in small letters; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        for key in ("property", "name", "itemprop"):
            if name := (meta.get(key) or "").lower():
                found.setdefault(name, meta.get("content") or "")
    return found


def _json_ld(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield the objects of a page's structured data that are articles."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            content = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        waiting = [content]
        while waiting:
            item = waiting.pop()
            if isinstance(item, list):
                waiting += item
            elif isinstance(item, dict):
                waiting += [item[key] for key in ("@graph", "mainEntity") if key in item]
                if re.search(r"Article|Posting|Report|WebPage", str(item.get("@type"))):
                    yield item


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
