"""The articles of the collection become the HTML of the page where one looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from index.schema import Article
from ui.controls import button
from ui.library import ArticleInfo, Counts, Synced
from ui.markup import Html, element, join
from ui.reading import article_page, original
from ui.strings import Words
from ui.trouble import unread_file
from ui.wording import day, grouped

ROWS = 40


@dataclass(frozen=True, slots=True)
class Listing:
    """What a window shows of the collection; ``page`` counts from 0, ``chosen`` is the article being read."""

    search: str = ""
    page: int = 0
    chosen: str | None = None


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
    return join(element("h1", words.corpus_title), element("p", f"{held} · {synced}", class_="meta"))


def hint(suffixes: Sequence[str], max_bytes: int, words: Words) -> Html:
    """Tell which files can be added."""
    megabytes = max(1, round(max_bytes / 1_000_000))
    told = words.upload_hint.format(suffixes=" ".join(suffixes), megabytes=megabytes)
    return element("p", told, class_="note")


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


def article_list(found: Sequence[ArticleInfo], view: Listing, words: Words) -> Html:
    """List the articles that a search found, a page at a time."""
    if not found and not view.search.strip():
        return element("p", words.corpus_empty, class_="notice")
    if not found:
        return element("p", words.no_articles_found, class_="note", role="status")
    pages = (len(found) + ROWS - 1) // ROWS
    page = min(view.page, pages - 1)
    labels = (words.column_title, words.column_date, words.column_source, words.column_chunks)
    head = element("tr", *(element("th", label, scope="col") for label in labels))
    rows = [_row(info, view.chosen, words) for info in found[page * ROWS : (page + 1) * ROWS]]
    table = element("table", element("thead", head), element("tbody", *rows))
    return join(table, _pager(page, pages, words) if pages > 1 else Html())


def preview(article: Article | None, words: Words) -> Html:
    """Show one article in full, with the way to remove it."""
    if article is None:
        return element("p", words.preview_empty, class_="note")
    remove = button(
        words.remove, "remove", picture="delete", data_article=article.id, data_confirm=words.confirm_remove
    )
    within = button(words.ask_within, "within", data_source=article.source)
    tools = element("p", within, original(article, words), remove, class_="preview-tools")
    return element(
        "section",
        tools,
        article_page(article, words),
        class_="preview",
        tabindex=-1,
        data_article=article.id,
        aria_label=article.title,
    )


def progress(share: float, words: Words) -> Html:
    """Tell how far a sync is; ``share`` in [0, 1]."""
    percent = round(share * 100)
    return element(
        "div",
        element("p", words.sync_step.format(percent=percent), role="status"),
        element("progress", value=percent, max=100, aria_label=words.syncing),
        class_="syncing",
    )


def outcome(notes: Sequence[str], synced: Synced | None, words: Words) -> Html:
    """Tell what was done, and every file that could not be read with its reason."""
    lines = list(notes)
    if synced is not None:
        lines.append(
            words.sync_done.format(
                added=grouped(synced.added, words),
                updated=grouped(synced.updated, words),
                removed=grouped(synced.removed, words),
                failed=grouped(len(synced.failed), words),
            )
        )
    shown = [element("p", line) for line in lines]
    if synced is not None and synced.failed:
        told = [
            element("li", unread_file(name, reason, words), title=reason)
            for name, reason in synced.failed[:ROWS]
        ]
        shown.append(element("ul", *told, class_="failed"))
    return element("div", *shown, class_="done", role="status") if shown else Html()


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
        element("td", info.source, class_="where"),
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
