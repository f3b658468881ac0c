"""The list of conversations, the exports and the filters around a conversation as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from index.schema import Filters
from ui import search_scope
from ui.conversations.entries import Conversation
from ui.search_scope import shown_source
from ui.strings import Words
from ui.views.controls import button, icon
from ui.views.formatting import day, grouped
from ui.views.markup import Html, element, join

MOST_LISTED = 100
"""Conversations that are listed; those before them are found by searching."""


def conversations(
    listed: Sequence[Conversation], current: str | None, search: str, now: datetime, words: Words
) -> Html:
    """List the conversations, those of today first; the current one can be renamed, taken along or deleted."""
    older, listed = len(listed[MOST_LISTED:]), listed[:MOST_LISTED]
    today = [item for item in listed if item.updated.astimezone().date() == now.astimezone().date()]
    earlier = [item for item in listed if item not in today]
    groups = [
        join(
            element("h2", label), element("ul", *(_conversation(item, current, now, words) for item in group))
        )
        for label, group in ((words.today, today), (words.earlier, earlier))
        if group
    ]
    if not groups:
        message = words.no_conversations_found if search else words.no_conversations
        groups = [element("p", message, class_="note")]
    if older:
        groups.append(
            element("p", words.conversations_older.format(count=grouped(older, words)), class_="note")
        )
    return element("div", *groups, class_="conversations", data_current=current or "")


def _conversation(item: Conversation, current: str | None, now: datetime, words: Words) -> Html:
    chosen = item.id == current
    moment = item.updated.astimezone()
    today = moment.date() == now.astimezone().date()
    opener = element(
        "button",
        element("span", item.title, class_="name"),
        element("span", f"{moment:%H:%M}" if today else day(moment.date(), words), class_="moment"),
        type="button",
        class_="opener",
        data_act="open",
        data_conversation=item.id,
        aria_current="true" if chosen else None,
        title=item.title,
    )
    if not chosen:
        return element("li", opener)
    form = element(
        "form",
        element(
            "label",
            element("span", words.rename_label, class_="unseen"),
            element("input", type="text", name="title", value=item.title, maxlength=80),
        ),
        element("button", words.save, type="submit", class_="button"),
        data_act="rename",
        data_conversation=item.id,
    )
    rename = element("details", element("summary", icon("edit"), element("span", words.rename)), form)
    delete = button(
        words.delete, "delete", picture="delete", data_conversation=item.id, data_confirm=words.confirm_delete
    )
    return element("li", opener, element("div", rename, delete, class_="manage"), class_="chosen")


def exports(conversation: str | None, words: Words) -> Html:
    """Offer the conversation and all ratings as files."""
    offers = [button(words.export_feedback, "export", data_kind="ratings")]
    if conversation:
        offers = [
            button(words.export_word, "export", data_kind="word"),
            element("button", words.print_page, type="button", class_="quiet", data_print=True),
            button(words.export_markdown, "export", data_kind="markdown"),
            button(words.export_json, "export", data_kind="json"),
            *offers,
        ]
    items = [element("li", offer) for offer in offers]
    return element(
        "details", element("summary", icon("download"), element("span", words.export)), element("ul", *items)
    )


def filters(chosen: Filters, sources: Sequence[str], words: Words, title: str = "") -> Html:
    """Offer bounds of date and source for the articles that are searched, those that are set as chips.

    ``title`` is that of the article, where the source is a single one.
    """
    typed = _typed(chosen.from_date, words), _typed(chosen.to_date, words), "".join(chosen.sources)
    named = search_scope.names(sources, words)
    source = next(
        (name for name, source_label in named.items() if source_label == typed[2]), shown_source(typed[2])
    )
    names = ("from", "to", "source")
    labels = (
        words.bound_from.format(day=typed[0]),
        words.bound_to.format(day=typed[1]),
        words.bound_source.format(source=f"“{title}”" if title else source),
    )
    chips = [
        _chip(name, label, dict(zip(names, typed, strict=True)), words)
        for name, label, value in zip(names, labels, typed, strict=True)
        if value
    ]
    offers = element("datalist", *(element("option", value=name) for name in named), id="sources-known")
    form = element(
        "form",
        _labelled(words.from_date, _box("from", typed[0], words.day_example)),
        _labelled(words.to_date, _box("to", typed[1], words.day_example)),
        _labelled(words.in_source, _box("source", source, words.every_source, "sources-known")),
        offers,
        element("button", words.apply, type="submit", class_="button"),
        button(words.clear, "filter") if chips else Html(),
        data_act="filter",
    )
    return element(
        "div",
        element("ul", *chips, class_="chips", aria_label=words.filters) if chips else Html(),
        element("details", element("summary", icon("filter"), element("span", words.filters)), form),
        element("p", words.may_be_wrong, class_="may-be-wrong"),
        class_="filters on" if chips else "filters",
        data_from=typed[0],
        data_to=typed[1],
        data_source=typed[2],
    )


def _chip(name: str, label: str, bounds: Mapping[str, str], words: Words) -> Html:
    """One bound that is set, with the button that removes it and keeps the others."""
    others = {f"data_{other}": value for other, value in bounds.items() if other != name}
    remove = button(words.bound_remove.format(bound=label), "filter", picture="close", bare=True, **others)
    return element("li", element("span", label), remove, class_="chip")


def notice(sentence: str) -> Html:
    """Show why the last action was not possible."""
    return element("p", sentence, class_="notice", role="alert") if sentence else Html()


def taken(key: str) -> Html:
    """Tell the browser, unseen, that the question that it kept under a key is kept here now."""
    return element("span", hidden=True, data_taken=key)


def editing(question: str, words: Words) -> Html:
    """Say that sending replaces an earlier question, and offer to leave it."""
    return element(
        "p",
        element("span", words.editing_notice),
        button(words.cancel_editing, "leave"),
        class_="editing",
        role="status",
        title=question,
    )


def _labelled(label: str, control: Html) -> Html:
    return element("label", element("span", label), control)


def _box(name: str, value: str, placeholder: str, offers: str | None = None) -> Html:
    return element(
        "input", type="text", name=name, value=value, placeholder=placeholder, list=offers, autocomplete="off"
    )


def _typed(chosen: date | None, words: Words) -> str:
    return day(chosen, words) if chosen else ""
