"""Which blocks of a web page are its article.

trafilatura's text says where the article is.  Blocks of it that lie in boxes of comments, sharing and the like
go, and what it leaves out in the midst of the article (entries of lists, tables, short lines) is put back.
Measured by ``python -m eval.benchmarks.formats.webpages``, see docs/notes.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from index.ingest.encodings import vietnamese_share
from index.ingest.web.blocks import HEADINGS, PageBlock

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BESIDE_TAGS = frozenset(("nav", "aside", "footer", "dialog", "menu"))
_ROLES = frozenset(
    ("banner", "complementary", "contentinfo", "dialog", "menu", "navigation", "search", "alert")
)
_BESIDE = re.compile(
    r"(?<![\w-])(?:comments?|kommentare?|respond|comments?[-_](?:section|list|item|area|form|respond|wrap\w*|body)"
    r"|author[-_]?(?:box|bio|info\w*)|entry-author|post-author|newsletter[\w-]*|[\w-]*copyright[\w-]*|[\w-]*paywall[\w-]*"
    r"|[\w-]*content-blocker[\w-]*|(?:[\w-]*[-_])?(?:related|recommend)(?:[-_](?:posts?|articles?|news|images|content|links"
    r"|stories|box))?|breadcrumbs?|cookie[\w-]*|pagination|social[-_]?(?:share|links|icons|media)?|share|sharing|sharedaddy"
    r"|ads?|banner[-_]?ads?|advertisement|disclosure|affiliate[\w-]*|toc_container|twitter-tweet)(?![\w-])",
    re.IGNORECASE,
)
"""Whole names of classes and ids; a word within a longer name (``social-insurance``) says nothing."""
_CAPTION = re.compile(r"(?<![a-z])(?:caption|copyright|credits?|legend)", re.IGNORECASE)
_BUILT = ("wp-page", "wp-post")
"""What Elementor calls the content of a page; headers, footers and lists of posts are of other types."""
_TOOLS = re.compile(
    r"elementor-(?:tabs-wrapper|widget-(?:nav-menu|share-buttons|social-icons|posts|archive-posts|loop-\w+|form|button"
    r"|breadcrumbs|post-\w+|author-box|search\w*|login|table-of-contents|sitemap|theme-\w+|wp-widget-[\w-]+))(?![\w])"
)
_LINKED = 0.6
_ALL_LINKED = 0.8
_PROSE_CHARS = 60
_SENTENCE_CHARS = 35
_STRAY_CHARS = 120
"""A block outside of the article's container is a part of it only when it is longer."""
_SAME = 0.5
_SHORT_LINE = 8
_VIETNAMESE = 0.7
_MOST = 0.8
"""The part of the main text that the container of the article holds at least."""


def select(blocks: Sequence[PageBlock], main: str, title: str) -> tuple[list[bool], int | None]:
    """Tell which blocks belong to the article, and which of them is its heading."""
    matched = _matched(blocks, main)
    if not any(matched):
        kept = [not block.hidden and not _is_beside(block.ancestors) for block in blocks]
        kept = kept if any(kept) else [True] * len(blocks)
        return kept, _heading(blocks, title, len(blocks) - 1)
    home = _home(blocks, matched)
    heading = _heading(blocks, title, max(place for place, keep in enumerate(matched) if keep))
    wide = home if heading is None else _with_heading(blocks[heading], home)
    matched = _without_strays(blocks, matched, home, wide)
    kept = _with_labels(blocks, _filled(blocks, matched, wide, heading), wide)
    kept = _with_built(blocks, kept, home)
    return _with_whole_lists(blocks, kept, wide), heading


def _matched(blocks: Sequence[PageBlock], main: str) -> list[bool]:
    """Tell which blocks a text holds: half of their runs of four words.

    A block of fewer words must be a line of it, or begin or end a short one (trafilatura glues some).
    """
    lines: set[tuple[str, ...]] = set()
    for line in re.split(r"[\n|]", main):
        line_words = tuple(_words(line))
        lines.add(line_words)
        if len(line_words) <= _SHORT_LINE:
            lines |= {line_words[:3], line_words[-3:], line_words[:2], line_words[-2:]}
    runs = set(_runs(_words(main)))
    found = []
    words_of = cache(_words)  # thousands of like lines are read once
    for block in blocks:
        words = words_of(block.whole)
        if len(words) < 4:
            found.append(bool(words) and tuple(words) in lines)
        else:
            word_runs = _runs(words)
            found.append(sum(run in runs for run in word_runs) >= _SAME * len(word_runs))
    return found


def _words(text: str) -> list[str]:
    """The words of a text; both texts that are compared are of one page, so their letters need only be composed."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(words, words[1:], words[2:], words[3:], strict=False))


def _home(blocks: Sequence[PageBlock], matched: Sequence[bool]) -> HtmlElement:
    """Find the innermost container, never a paragraph itself, that holds most of the matched text."""
    chars: dict[HtmlElement, int] = {}
    total = 0
    for block, keep in zip(blocks, matched, strict=True):
        if keep:
            total += len(block.whole)
            for element in block.ancestors[:-1]:
                chars[element] = chars.get(element, 0) + len(block.whole)
    enough = [element for element, count in chars.items() if count >= _MOST * total]
    if not enough:
        return blocks[0].ancestors[0]
    return max(enough, key=lambda element: sum(1 for _ in element.iterancestors()))


def _with_heading(heading: PageBlock, home: HtmlElement) -> HtmlElement:
    """Widen the container so that it holds the article's heading too, but never to the whole page."""
    around = set(heading.ancestors)
    common = next((element for element in (home, *home.iterancestors()) if element in around), home)
    return home if common.tag in ("body", "html", "form") else common


def _with_whole_lists(blocks: Sequence[PageBlock], kept: list[bool], home: HtmlElement) -> list[bool]:
    """Keep the other entries of a list of which one is kept, links though they may be."""
    lists = {
        block.ancestors[-2]
        for block, keep in zip(blocks, kept, strict=True)
        if keep and block.kind == "item" and len(block.ancestors) > 1
    }
    return [
        keep
        or (
            block.kind == "item"
            and block.ancestors[-2] in lists
            and not block.hidden
            and not _is_beside(_inside(block, home))
        )
        for block, keep in zip(blocks, kept, strict=True)
    ]


def _without_strays(
    blocks: Sequence[PageBlock], matched: Sequence[bool], home: HtmlElement, wide: HtmlElement
) -> list[bool]:
    """Take back matched blocks that lie in a box beside the article, or are nothing but a link to another."""
    kept = [
        keep
        and not _is_beside(_inside(block, home))
        and not _is_stray(block, home, wide)
        and not _is_reference(block)
        for block, keep in zip(blocks, matched, strict=True)
    ]
    return kept if any(kept) else list(matched)


def _is_stray(block: PageBlock, home: HtmlElement, wide: HtmlElement) -> bool:
    """Tell whether a short block lies outside of the container, and is no prose of the wider one."""
    if home in block.ancestors or len(block.whole) >= _STRAY_CHARS:
        return False
    return not (wide in block.ancestors and _is_prose(block))


def _filled(
    blocks: Sequence[PageBlock], matched: Sequence[bool], home: HtmlElement, heading: int | None
) -> list[bool]:
    """Put back what the main text lacks of the article."""
    places = [place for place, keep in enumerate(matched) if keep]
    first, last = places[0], places[-1]
    owners = {blocks[place].element for place in places}
    near = owners | {blocks[place].ancestors[-2] for place in places if len(blocks[place].ancestors) > 1}
    kept = list(matched)
    going_on = True
    for place, block in enumerate(blocks):
        if matched[place]:
            continue
        belongs = home in block.ancestors and _could_belong(block, home)
        beside = block.element in owners or (len(block.ancestors) > 1 and block.ancestors[-2] in near)
        if place == heading:
            kept[place] = True
        elif first < place < last:
            more = beside or block.kind in ("item", "table") or _is_picture_description(block)
            kept[place] = belongs and (more or (block.kind == "paragraph" and _is_prose(block)))
        elif place < first:
            kept[place] = belongs and heading is not None and heading < place and _is_prose(block)
        else:
            more = (
                beside
                or block.kind in ("item", "table")
                or _is_picture_description(block)
                or _is_prose(block)
            )
            going_on = going_on and belongs and more and block.kind != "heading"
            kept[place] = going_on
    return kept


def _with_labels(blocks: Sequence[PageBlock], kept: list[bool], home: HtmlElement) -> list[bool]:
    """Put back headings and questions without a link that stand right above a kept block, and below one."""
    first = next((place for place, keep in enumerate(kept) if keep), len(kept))
    labelled = list(kept)
    for place in range(len(blocks) - 2, first, -1):
        block = blocks[place]
        if labelled[place] or not labelled[place + 1] or block.linked or blocks[place + 1].linked:
            continue
        if home in block.ancestors:
            is_label = block.kind == "heading" or block.whole.endswith("?")
            labelled[place] = is_label and _could_belong(block, home)
    return labelled


def _with_built(blocks: Sequence[PageBlock], kept: list[bool], home: HtmlElement) -> list[bool]:
    """Keep all that a person put together for this page with a page builder, which marks its part of the page.

    There a number, an address or a price stands by itself, which elsewhere would be a part of the page around.
    """
    around = (home, *home.iterancestors())
    built = next((element for element in around if element.get("data-elementor-type") in _BUILT), None)
    if built is None:
        return kept
    return [
        keep
        or (
            built in block.ancestors
            and _could_belong(block, built)
            and not any(_TOOLS.search(element.get("class") or "") for element in _inside(block, built))
        )
        for block, keep in zip(blocks, kept, strict=True)
    ]


def _could_belong(block: PageBlock, home: HtmlElement) -> bool:
    if block.hidden or _is_caption(block) or _is_beside(_inside(block, home)):
        return False
    return block.linked <= _LINKED * len(block.whole) or _names_document(block)


def _names_document(block: PageBlock) -> bool:
    """Tell whether a block is the linked name of a document, ``Nghị định 30/2020/NĐ-CP``, or an entry of a list."""
    return re.search(r"\d/", block.whole) is not None or block.kind == "table"


def _is_reference(block: PageBlock) -> bool:
    if block.kind != "paragraph" or _names_document(block):
        return False
    return block.linked > _ALL_LINKED * len(block.whole)


def _is_prose(block: PageBlock) -> bool:
    text = block.whole
    long = len(text) >= _PROSE_CHARS or (len(text) >= _SENTENCE_CHARS and text.endswith((".", "!", "?", ";")))
    return long and block.linked <= _LINKED / 2 * len(text)


def _is_picture_description(block: PageBlock) -> bool:
    """Tell whether a block is a Vietnamese caption: these tell who does what, and stay."""
    return block.element.tag == "figcaption" and (vietnamese_share(block.whole) or 0) > _VIETNAMESE


def _is_caption(block: PageBlock) -> bool:
    """Tell whether a block is the caption of a picture in another language, which mostly names its owner."""
    if (vietnamese_share(block.whole) or 0) > _VIETNAMESE:
        return False
    return any(
        element.tag in ("figure", "figcaption") or _CAPTION.search(element.get("class") or "")
        for element in block.ancestors[-4:]
    )


def _inside(block: PageBlock, home: HtmlElement) -> tuple[HtmlElement, ...]:
    """Give the elements around a block, those of the article's container left out."""
    return block.ancestors[block.ancestors.index(home) + 1 :] if home in block.ancestors else block.ancestors


def _is_beside(elements: Sequence[HtmlElement]) -> bool:
    """Tell whether one of these elements is a part of a page that stands beside an article."""
    return any(
        element.tag in _BESIDE_TAGS
        or element.get("role") in _ROLES
        or _BESIDE.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        for element in elements
    )


def _heading(blocks: Sequence[PageBlock], title: str, last: int) -> int | None:
    """Find the heading that is the page's title, else the first main heading, before the end of the article."""
    headings = [
        place
        for place, block in enumerate(blocks[: last + 1])
        if block.element.tag in HEADINGS[:4] and len(block.text) >= 8
    ]
    for place in headings:
        text = blocks[place].text
        if text in title or (len(title) >= 8 and title in text):
            return place
    return next((place for place in headings if blocks[place].element.tag == "h1"), None)
