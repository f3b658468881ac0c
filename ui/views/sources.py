"""The passages behind an answer become HTML."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.excerpt import passage_only
from index.schema import Article, Hit
from rag.schema import SMALL_TALK_KINDS, Answer, Citation, Extract
from ui.conversations.entries import Exchange
from ui.strings import Words
from ui.views.article import Highlight, article_page, origin, original, page_at, paper, passage_text, standing
from ui.views.controls import button, icon
from ui.views.formatting import decimal
from ui.views.markup import Html, element, join

NO_PAGES: Mapping[int, int] = {}


def sources(
    item: Exchange,
    words: Words,
    mark: int | None = None,
    rank: int | None = None,
    pages: Mapping[int, int] = NO_PAGES,
) -> Html:
    """Show an answer's passages, the used ones first; ``mark`` or ``rank`` names the one to open at.

    ``pages`` tells by the rank of a passage on which page of a PDF its quote stands.
    """
    answer = item.answer
    if answer.kind in SMALL_TALK_KINDS:
        return no_sources(words)
    used = sorted((hit for hit in answer.passages if _is_used(item, hit)), key=lambda hit: _order(item, hit))
    unused = [hit for hit in answer.passages if hit not in used]
    heading = words.sources_nearest if answer.refused else words.sources_heading
    parts = [_heading(heading, words.sources_of.format(question=answer.question))]
    if used:
        cards = [_card(item, hit, words, mark, rank, pages.get(hit.rank)) for hit in used]
        parts.append(element("ol", *cards, class_="cards", aria_label=words.sources_list))
    if unused:
        cards = [_card(item, hit, words, mark, rank, pages.get(hit.rank)) for hit in unused]
        parts += [element("h3", words.other_passages)] if used else []
        parts.append(element("ol", *cards, class_="cards", aria_label=words.other_passages))
    if not answer.passages:
        parts.append(element("p", words.refused_hint, class_="note"))
    return element(
        "section", *parts, _back_link(words), class_="sources", data_exchange=item.id, aria_label=heading
    )


def found(passages: Sequence[Hit], words: Words, extract: Extract | None = None) -> Html:
    """Show the passages that were just found, before the answer."""
    return element(
        "section",
        _heading(words.sources_heading, words.sources_live),
        element("ol", *(_preview(hit, words, extract) for hit in passages), class_="cards"),
        class_="sources",
        aria_label=words.sources_heading,
    )


def _preview(hit: Hit, words: Words, extract: Extract | None) -> Html:
    """Show the beginning of a passage, or all of the one that holds the extract."""
    spots = _extract_spots(extract, hit)
    text = passage_text(hit.chunk.text, spots, title=hit.chunk.article.title, clamp=not spots)
    return element("li", _summary(hit, words, [words.extract_short] if spots else []), text, class_="card")


def no_sources(words: Words) -> Html:
    """Say what will be shown here once there is an answer."""
    return element(
        "section",
        element("h2", words.sources_heading),
        element("p", words.sources_empty_text, class_="note"),
        class_="sources empty",
        aria_label=words.sources_heading,
    )


def whole_article(
    item: Exchange, rank: int, article: Article | None, words: Words, mark: int | None = None
) -> Html:
    """Show the whole article around a passage, marked at the sentences that the answer quotes.

    ``article`` is the stored article of today, ``None`` when it has been removed.
    """
    hit = next(hit for hit in item.answer.passages if hit.rank == rank)
    chosen = mark if mark is not None else next((quote.mark for quote in _quotes(item, hit)), None)
    notes: list[Html] = []
    shown, highlights = article or hit.chunk.article, placed(item, hit, article, chosen)
    if article is None:
        notes.append(element("p", words.article_gone, class_="notice"))
        shown = hit.chunk.article
        highlights = _moved(_highlights(item, hit, chosen, opened=True), hit.chunk.start)
    elif not highlights:
        notes.append(element("p", words.article_changed, class_="notice"))
    page = page_of(item, hit, article)
    sheet = paper(shown, page, words, words.page_view) if page else Html()
    back = button(
        words.back_to_sources, "cite", picture="back", data_exchange=item.id, data_mark=mark, data_rank=rank
    )
    return element(
        "section",
        element("p", back, sheet, original(shown, words) if article else Html()),
        article_page(shown, words, highlights, notes),
        _back_link(words),
        class_="sources whole",
        data_exchange=item.id,
        aria_label=shown.title,
    )


def placed(item: Exchange, hit: Hit, article: Article | None, mark: int | None) -> tuple[Highlight, ...]:
    """Find an answer's quotes again in today's text of the article; none when the passage has changed."""
    if article is None:
        return ()
    spots: list[Highlight] = []
    for other in (passage for passage in item.answer.passages if passage.chunk.article.id == article.id):
        begin = article.text.find(other.chunk.text)
        if begin >= 0:
            chosen = mark if other == hit else None
            moved = _moved(_highlights(item, other, chosen, opened=other == hit), begin)
            spots += moved or (
                [Highlight(begin, begin + len(other.chunk.text), None, True)] if other == hit else []
            )
    return tuple(sorted(spots, key=lambda spot: spot.start))


def page_of(item: Exchange, hit: Hit, article: Article | None) -> int | None:
    """Say on which page of a PDF a passage, or its first quote, stands in today's text of the article."""
    begin = article.text.find(hit.chunk.text) if article else -1
    if article is None or begin < 0:
        return None
    quoted = min((quote.start for quote in _quotes(item, hit)), default=hit.chunk.start)
    return page_at(article, begin + quoted - hit.chunk.start)


def also_answers(answer: Answer, hit: Hit) -> bool:
    """Say whether a passage that the answer does not cite holds its short answer too, in an article of its own.

    A lone digit or syllable is found everywhere by chance and tells nothing.
    """
    short = " ".join(answer.short.split())
    cited = {citation.hit.chunk.article.id for citation in answer.citations}
    telling = sum(char.isdigit() for char in short) > 1 or len(short.split()) > 1
    if not telling or hit.chunk.article.id in cited:
        return False
    return re.search(rf"(?<!\w){re.escape(short)}(?!\w)", " ".join(hit.chunk.text.split()), re.I) is not None


def _quotes(item: Exchange, hit: Hit) -> list[Citation]:
    return sorted(
        (citation for citation in item.answer.citations if citation.hit == hit),
        key=lambda citation: (citation.mark, citation.start),
    )


def _is_used(item: Exchange, hit: Hit) -> bool:
    return bool(_quotes(item, hit) or _extract_spots(_marked(item.answer), hit))


def _marked(answer: Answer) -> Extract | None:
    """What is marked in its passage beside the quotes: the extract, or what comes closest to one."""
    return answer.extract or answer.closest


def _order(item: Exchange, hit: Hit) -> float:
    """Order used passages by their marks; one that only holds the extract comes last."""
    return min((quote.mark for quote in _quotes(item, hit)), default=math.inf)


def _highlights(item: Exchange, hit: Hit, mark: int | None, *, opened: bool) -> tuple[Highlight, ...]:
    """Mark quotes and extract in the text of a passage; one that is ``opened`` at no mark is so at its extract."""
    begin = hit.chunk.start
    spots = [
        Highlight(citation.start - begin, citation.end - begin, citation.mark, citation.mark == mark)
        for citation in _quotes(item, hit)
    ]
    spots += _extract_spots(_marked(item.answer), hit, active=opened and mark is None)
    return tuple(sorted(spots, key=lambda spot: spot.start))


def _moved(spots: Sequence[Highlight], by: int) -> tuple[Highlight, ...]:
    return tuple(replace(spot, start=spot.start + by, end=spot.end + by) for spot in spots)


def _extract_spots(extract: Extract | None, hit: Hit, *, active: bool = False) -> list[Highlight]:
    """Mark the extract in the text of the passage that holds it."""
    if extract is None or extract.hit != hit:
        return []
    begin = hit.chunk.start
    return [Highlight(extract.start - begin, extract.end - begin, None, active, extract=True)]


def _back_link(words: Words) -> Html:
    return element(
        "a",
        icon("back"),
        element("span", words.back_to_answer),
        href="#hoi",
        data_back=True,
        class_="quiet back-to-answer",
    )


def _heading(title: str, line: str) -> Html:
    return element("header", element("h2", title), element("p", line, class_="meta"), class_="sources-head")


def _card(
    item: Exchange, hit: Hit, words: Words, mark: int | None, rank: int | None, page: int | None
) -> Html:
    quotes = _quotes(item, hit)
    active = rank == hit.rank if rank is not None else mark in {quote.mark for quote in quotes}
    support = max((quote.score for quote in quotes), default=None)
    passage = passage_only(hit.chunk)
    spots = _moved(_highlights(item, hit, mark, opened=rank == hit.rank), passage.start)
    body = join(
        standing(hit.chunk.article, min((quote.start for quote in quotes), default=hit.chunk.start), words),
        passage_text(passage.article.text, spots, title=passage.article.title, tables=passage.article.tables),
        element(
            "footer",
            button(
                words.whole_article,
                "article",
                data_exchange=item.id,
                data_rank=hit.rank,
                data_mark=mark if active else None,
            ),
            button(words.ask_within, "within", data_source=hit.chunk.article.source),
            paper(hit.chunk.article, page, words, words.page_view) if page else Html(),
            original(hit.chunk.article, words),
            _scores(hit, support, words),
            class_="card-foot",
        ),
    )
    badges = [str(quote.mark) for quote in quotes]
    if _extract_spots(item.answer.extract, hit):
        badges.append(words.extract_short)
    if _extract_spots(item.answer.closest, hit):
        badges.append(words.closest_short)
    head = _summary(hit, words, badges)
    if not quotes and also_answers(item.answer, hit):
        text = words.also_told.format(short=item.answer.short.strip())
        head = join(head, element("p", text, class_="also"))
    if badges or active:
        return element("li", head, body, class_="card active" if active else "card", tabindex=-1)
    return element(
        "li", element("details", element("summary", head), body), class_="card unused", tabindex=-1
    )


def _summary(hit: Hit, words: Words, badges: Sequence[str]) -> Html:
    shown = [element("span", badge, class_="badge") for badge in dict.fromkeys(badges)]
    return element(
        "div",
        element("h3", *shown, hit.chunk.article.title),
        origin(hit.chunk.article, words),
        class_="card-head",
    )


def _scores(hit: Hit, support: float | None, words: Words) -> Html:
    hint = words.score_hint.format(dense=decimal(hit.dense, words, 2), lexical=decimal(hit.lexical, words, 2))
    shown = words.score.format(score=decimal(hit.score, words, 2))
    if support is not None:
        shown = f"{words.support.format(percent=round(support * 100))} · {shown}"
    return element("details", element("summary", shown), element("p", hint), class_="score")
