"""What stands around the conversation: the top bar, the list of conversations and the filters become HTML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from index.schema import Filters
from ui import search_scope
from ui.conversations.entries import Conversation
from ui.search_scope import shown_source
from ui.settings.strings import settings_words
from ui.strings import LONGEST_QUESTION, Words
from ui.tools.strings import tool_words
from ui.views.controls import button, icon
from ui.views.formatting import day, grouped
from ui.views.markup import Html, element, join

MOST_LISTED = 100
"""Conversations that are listed; those before them are found by searching."""


def top_bar(words: Words, *, guarded: bool, settings: bool = False, tools: bool = False) -> Html:
    """Draw the bar with the product's name, the two pages, the language and the theme."""
    other = "en/" if words.language == "vi" else "../"
    copy = settings_words(words.language)
    return join(
        element("a", words.skip_to_question, href="#question", class_="skip", data_focus="question"),
        element(
            "button",
            icon("menu"),
            type="button",
            class_="quiet only-small",
            data_toggle="list",
            aria_expanded="false",
            aria_controls="list",
            aria_label=words.toggle_conversations,
            title=words.toggle_conversations,
        ),
        element(
            "a",
            element("span", "?", class_="logo", aria_hidden="true"),
            element("h1", words.product),
            href="#hoi",
            class_="brand",
        ),
        element(
            "nav",
            element("a", words.nav_talk, href="#hoi", data_page="hoi"),
            element("a", *_named(words.nav_corpus), href="#kho", data_page="kho", data_act="visit"),
            element("a", tool_words(words.language).nav, href="#cong-cu", data_page="cong-cu")
            if tools
            else Html(),
            element("a", copy.nav, href="#cai-dat", data_page="cai-dat") if settings else Html(),
            aria_label=words.nav,
            class_="pages",
        ),
        element(
            "span",
            class_="spread",
            data_sayings=_sayings(words),
            data_sending=words.state_sending,
            data_longest=LONGEST_QUESTION,
            data_too_long=words.question_too_long.format(limit=LONGEST_QUESTION),
            data_parts=_parts(words),
        ),
        _keys(words),
        _paper(words),
        element(
            "a",
            element("span", words.other_language, class_="full"),
            element("span", "EN" if words.language == "vi" else "VI", class_="short", aria_hidden="true"),
            href=other,
            class_="quiet language",
            aria_label=words.other_language_name,
            title=words.other_language_name,
            lang="en" if words.language == "vi" else "vi",
        ),
        element(
            "button",
            icon("theme"),
            type="button",
            class_="quiet",
            data_toggle="theme",
            aria_label=words.toggle_theme,
            title=words.toggle_theme,
        ),
        _way_out(words) if guarded else Html(),
    )


def _named(name: str) -> tuple[Html, Html]:
    """A name of which a narrow bar shows the first word."""
    first, space, rest = name.partition(" ")
    return join(first), element("span", space, rest, class_="more") if rest else Html()


def _way_out(words: Words) -> Html:
    leave = element("button", words.log_out, type="submit", class_="quiet")
    return element("form", leave, method="post", action=f"{words.up}ra", class_="way-out")


def _parts(words: Words) -> str:
    """Name the parts of the window for a screen reader."""
    named = {
        "list": words.part_list,
        "talk": words.nav_talk,
        "side": words.sources_heading,
        "collection": words.nav_corpus,
        "reading": words.part_reading,
        "settings": settings_words(words.language).title,
        "tools": tool_words(words.language).title,
    }
    return json.dumps(named, ensure_ascii=False)


def _keys(words: Words) -> Html:
    """Offer the list of keys."""
    listed = [
        ("Enter", words.key_send),
        ("Shift+Enter", words.key_line),
        ("Esc", words.key_stop),
        ("Ctrl+K", words.key_search),
        ("?", words.keys),
    ]
    rows = [join(element("dt", key), element("dd", does)) for key, does in listed]
    close = element("form", element("button", words.close, class_="button"), method="dialog")
    shown = element("dialog", element("h2", words.keys), element("dl", *rows), close, id="keys")
    opener = element(
        "button", "⌨", type="button", class_="quiet", data_keys=True, aria_label=words.keys, title=words.keys
    )
    return join(opener, shown)


def _paper(words: Words) -> Html:
    """Make the sheet on which a page of a PDF is shown; the browser fills it."""
    bar = element(
        "div",
        element(
            "button",
            words.previous_page,
            type="button",
            class_="quiet",
            data_turn=-1,
            aria_keyshortcuts="ArrowLeft",
        ),
        element("span", role="status"),
        element(
            "button",
            words.next_page,
            type="button",
            class_="quiet",
            data_turn=1,
            aria_keyshortcuts="ArrowRight",
        ),
        element("form", element("button", words.close, class_="button"), method="dialog"),
        class_="paper-bar",
    )
    sheet = element(
        "div",
        element("img", alt="", hidden=True),
        class_="sheet",
        tabindex=0,
        role="region",
        aria_label=words.page_first,
    )
    return element(
        "dialog",
        element("h2", id="paper-title"),
        bar,
        sheet,
        id="paper",
        aria_labelledby="paper-title",
        data_alt=words.page_alt,
        data_loading=words.page_loading,
        data_failed=words.page_failed,
        data_count=words.page_of,
    )


def _sayings(words: Words) -> str:
    """Give what Gradio says by itself in English, as beginnings of its sentences, with the words to say instead."""
    return json.dumps(
        {
            "Error": words.error_title,
            "Connection Lost": words.connection_title,
            "Connection to the server was lost": words.connection_lost,
            "Connection errored out": words.connection_failed,
            "This application is currently busy": words.too_busy,
            "Close": words.close,
        },
        ensure_ascii=False,
    )


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
        said = words.no_conversations_found if search else words.no_conversations
        groups = [element("p", said, class_="note")]
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
    source = next((name for name, one in named.items() if one == typed[2]), shown_source(typed[2]))
    names = ("from", "to", "source")
    told = (
        words.bound_from.format(day=typed[0]),
        words.bound_to.format(day=typed[1]),
        words.bound_source.format(source=f"“{title}”" if title else source),
    )
    chips = [
        element(
            "li",
            element("span", label),
            button(
                words.bound_remove.format(bound=label),
                "filter",
                picture="close",
                bare=True,
                **{
                    f"data_{other}": value for other, value in zip(names, typed, strict=True) if other != name
                },
            ),
            class_="chip",
        )
        for name, label, value in zip(names, told, typed, strict=True)
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


def notice(sentence: str) -> Html:
    """Say what stands in the way of what was just pressed."""
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
