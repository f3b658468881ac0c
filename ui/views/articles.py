"""The articles of the collection become the HTML of the page where one looks after them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from index.errors import IndexingError
from index.schema import Article
from index.store.database.records import ArticleInfo, Counts
from index.text.normalise import fold
from ui.articles.library import Synced
from ui.articles.mending import Mended
from ui.articles.syncing import Step
from ui.articles.trash import Removed
from ui.errors import WindowError
from ui.search_scope import shown_source
from ui.strings import Words
from ui.views.article import article_page, original, page_at, paper
from ui.views.controls import button, running
from ui.views.errors import error_text, notice, unread_file
from ui.views.formatting import day, grouped
from ui.views.markup import Html, element, join

ROWS = 40
_KINDS = 8
"""Kinds of files that are no documents, each reported by its name."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a window shows of the collection; ``page`` counts from 0, ``chosen`` is the article being read."""

    search: str = ""
    page: int = 0
    chosen: str | None = None
    column: str = ""
    backward: bool = False


def title(words: Words) -> Html:
    """Name the page."""
    return element("h2", words.corpus_title)


def heading(counts: Counts, last_sync: datetime | None, words: Words) -> Html:
    """Tell how much the collection holds and how fresh it is."""
    if last_sync is None:
        synced = words.never_synced
    else:
        local = last_sync.astimezone()
        synced = words.last_sync.format(when=f"{day(local.date(), words)} {local:%H:%M}")
    held = words.corpus_counts.format(
        articles=grouped(counts.articles, words), chunks=grouped(counts.chunks, words)
    )
    return join(title(words), element("p", f"{held} · {synced}", class_="meta"))


def hint(suffixes: Sequence[str], max_bytes: int, words: Words) -> Html:
    """Tell which files can be added."""
    megabytes = max(1, round(max_bytes / 1_000_000))
    text = words.upload_hint.format(kinds=", ".join(kinds(suffixes, words)), megabytes=megabytes)
    every = element(
        "details",
        element("summary", words.upload_suffixes),
        element("p", " ".join(suffixes)),
        class_="endings",
    )
    return join(element("p", text, class_="note"), every)


def kinds(suffixes: Sequence[str], words: Words) -> list[str]:
    """Name the kinds of files as people call them; an ending that no kind holds stands for itself."""
    named = {
        words.kind_word: (".docx", ".docm", ".doc", ".odt", ".rtf"),
        words.kind_excel: (".xlsx", ".xlsm", ".xls", ".ods"),
        words.kind_slides: (".pptx", ".ppt", ".odp"),
        words.kind_pdf: (".pdf",),
        words.kind_web: (".html", ".htm", ".xhtml", ".mhtml", ".mht"),
        words.kind_mail: (".eml",),
        words.kind_book: (".epub",),
        words.kind_text: (".txt", ".md", ".markdown"),
        words.kind_table: (".csv", ".tsv", ".json", ".jsonl", ".ndjson"),
    }
    bare = dict.fromkeys(suffix.removesuffix(".gz") for suffix in suffixes)
    known = {ending for endings in named.values() for ending in endings}
    known_kinds = [kind for kind, endings in named.items() if not bare.keys().isdisjoint(endings)]
    return known_kinds + [suffix for suffix in bare if suffix not in known]


def sender(suffixes: Sequence[str], max_bytes: int, words: Words, *, busy: bool = False) -> Html:
    """Draw the button through which files are chosen; the browser sends each to ``UPLOADS``."""
    chooser = element(
        "input",
        type="file",
        multiple=True,
        accept=",".join(suffixes),
        disabled=busy,
        class_="unseen",
        data_most=max_bytes,
        data_sending=words.upload_sending,
        data_failed=words.upload_failed,
    )
    return element("label", element("span", words.upload), chooser, class_="button primary choose")


def article_list(
    found: Sequence[ArticleInfo], view: Listing, words: Words, removed: Sequence[Removed] = ()
) -> Html:
    """List the articles that a search found, a page at a time, and below them what was taken out."""
    if not found:
        message = words.no_articles_found if view.search.strip() else words.corpus_empty
        style = "note" if view.search.strip() else "notice"
        return join(element("p", message, class_=style, role="status"), _bin(removed, words), _mending(words))
    pages = (len(found) + ROWS - 1) // ROWS
    page = min(view.page, pages - 1)
    head = element("tr", *(_column(name, label, view) for name, label in _columns(words)))
    shown = _ordered(found, view)[page * ROWS : (page + 1) * ROWS]
    rows = [_row(info, view.chosen, words) for info in shown]
    table = element("table", element("thead", head), element("tbody", *rows))
    pager = _pager(page, pages, words) if pages > 1 else Html()
    return join(table, pager, _bin(removed, words), _mending(words))


def _columns(words: Words) -> list[tuple[str, str]]:
    labels = (words.column_title, words.column_date, words.column_source, words.column_chunks)
    return list(zip(("title", "date", "source", "chunks"), labels, strict=True))


def _column(name: str, label: str, view: Listing) -> Html:
    order = None
    if name == view.column:
        order = "descending" if view.backward else "ascending"
    arrow = element("span", {"ascending": "▲", "descending": "▼"}.get(order or "", ""), aria_hidden="true")
    sorter = element(
        "button", label, arrow, type="button", class_="sorter", data_act="sort", data_column=name
    )
    return element("th", sorter, scope="col", aria_sort=order)


def _ordered(found: Sequence[ArticleInfo], view: Listing) -> Sequence[ArticleInfo]:
    keys: dict[str, Callable[[ArticleInfo], Any]] = {
        "title": lambda info: fold(info.title),
        "date": lambda info: info.date or date.min,
        "source": lambda info: fold(shown_source(info.source)),
        "chunks": lambda info: info.chunks,
    }
    if view.column not in keys:
        return found
    return sorted(found, key=keys[view.column], reverse=view.backward)


def _bin(removed: Sequence[Removed], words: Words) -> Html:
    """Offer what was taken out, to be put back."""
    if not removed:
        return Html()
    rows = [
        element(
            "li",
            element("span", f"{item.title} · {day(item.when.astimezone().date(), words)}"),
            button(words.restore, "restore", picture="back", data_article=item.id),
        )
        for item in removed[:ROWS]
    ]
    summary = element("summary", words.removed_articles.format(count=grouped(len(removed), words)))
    return element("details", summary, element("ul", *rows), class_="trash")


def _mending(words: Words) -> Html:
    """Offer to check the store: what a question came upon may not show on this page."""
    mend = button(words.mend, "mend", picture="check", data_confirm=words.confirm_mend)
    return element("p", mend, class_="upkeep")


def removal(article_id: str, title: str, words: Words) -> Html:
    """Tell that an article was taken out, with the way back."""
    message = element("p", words.removed.format(title=title))
    undo = button(words.undo, "restore", picture="back", data_article=article_id)
    return element("div", message, undo, class_="done", role="status", tabindex=-1)


def preview(article: Article | None, words: Words) -> Html:
    """Show one article in full, with the way to remove it."""
    if article is None:
        return element("p", words.preview_empty, class_="note")
    remove = button(
        words.remove, "remove", picture="delete", data_article=article.id, data_confirm=words.confirm_remove
    )
    within = button(words.ask_within, "within", data_source=article.source)
    first = page_at(article, 0)
    shown = paper(article, first, words, words.page_first) if first else Html()
    tools = element("p", within, shown, original(article, words), remove, class_="preview-tools")
    return element(
        "section",
        tools,
        article_page(article, words),
        class_="preview",
        tabindex=-1,
        data_article=article.id,
        aria_label=article.title,
    )


def progress(step: Step, words: Words, *, fresh: bool = False, stopping: bool = False) -> Html:
    """Tell how far a reading is and how long it will take, with the way to end it; ``fresh`` asks for what comes."""
    percent = round(step.share * 100)
    message = words.stopping if stopping else words.sync_step.format(percent=percent)
    if step.mending:
        return element("div", element("p", words.mending, role="status"), class_="syncing", data_fresh=fresh)
    if step.articles and not stopping:
        message += f" · {words.sync_articles.format(articles=grouped(step.articles, words))}"
    if step.left is not None and not stopping:
        message += f" · {time_left(step.left, words)}"
    file = shown_source(step.file)
    if step.pages:
        file += f", {words.sync_page.format(page=step.page, pages=step.pages)}"
    note = element("p", words.sync_file.format(file=file), class_="note path") if step.file else Html()
    stop = button(words.stop, "stop", picture="close", disabled=stopping)
    return running(message, percent, stop, label=words.syncing, note=note, fresh=fresh)


def time_left(seconds: float, words: Words) -> str:
    """Tell how long something will take, no finer than one can know."""
    if seconds < 60:
        return words.left_seconds.format(seconds=max(5, math.ceil(seconds / 5) * 5))
    return words.left_minutes.format(minutes=math.ceil(seconds / 60))


def outcome(notes: Sequence[str], synced: Synced | None, words: Words) -> Html:
    """Tell what was done, and every file that could not be read with its reason."""
    lines = list(notes)
    if synced is not None:
        lines.append(
            words.sync_done.format(
                added=grouped(synced.added, words),
                updated=grouped(synced.updated, words),
                removed=grouped(synced.removed, words),
                failed=grouped(sum(not item.in_part for item in synced.failed), words),
            )
        )
        if synced.passed_over:
            lines.append(words.passed_over.format(kinds=_passed_over(synced.passed_over, words)))
    shown = [element("p", line) for line in lines]
    if synced is not None and synced.failed:
        failures = [
            element("li", unread_file(item, words), title=item.reason) for item in synced.failed[:ROWS]
        ]
        shown.append(element("ul", *failures, class_="failed"))
    return element("div", *shown, class_="done", role="status") if shown else Html()


def fault(error: IndexingError | WindowError, words: Words) -> Html:
    """Tell what went wrong with the articles; a damaged store comes with the button that mends it."""
    mend = button(words.mend, "mend", class_="button", data_confirm=words.confirm_mend)
    return notice(error_text(error, words), words, remedy=mend if error.code == "store" else None)


def mended(done: Mended, words: Words) -> Html:
    """Tell what was done to the store."""
    message = {"whole": words.mend_whole, "search": words.mend_search, "emptied": words.mend_emptied}[done]
    return element(
        "div",
        element("p", message),
        class_="done",
        role="status",
        data_reopening=done in ("search", "emptied"),
    )


def _passed_over(kinds: Sequence[tuple[str, int]], words: Words) -> str:
    """Count once, by its kind, what is no document."""
    names = {"link": words.passed_links, "frame": words.passed_frames}
    counted = [f"{grouped(count, words)} {names.get(kind, kind)}" for kind, count in kinds[:_KINDS]]
    return ", ".join([*counted, "…"] if len(kinds) > _KINDS else counted)


def _row(info: ArticleInfo, chosen: str | None, words: Words) -> Html:
    opener = element(
        "button",
        info.title,
        type="button",
        class_="title",
        data_act="preview",
        data_article=info.id,
        aria_current="true" if info.id == chosen else None,
    )
    return element(
        "tr",
        element("td", opener),
        element("td", day(info.date, words), class_="when"),
        element("td", shown_source(info.source), class_="where"),
        element("td", grouped(info.chunks, words), class_="count"),
    )


def _pager(page: int, pages: int, words: Words) -> Html:
    return element(
        "nav",
        button(words.previous_page, "turn", data_page_number=page - 1, disabled=page == 0),
        element("span", words.page_of.format(page=page + 1, pages=pages)),
        button(words.next_page, "turn", data_page_number=page + 1, disabled=page == pages - 1),
        class_="pager",
        aria_label=words.corpus_title,
    )
