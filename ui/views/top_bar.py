"""The top bar as HTML: the pages, the language, the theme, the list of keys and the sheet of a PDF's page."""

from __future__ import annotations

import json

from ui.settings.strings import settings_words
from ui.strings import LONGEST_QUESTION, Words
from ui.tools.strings import tool_words
from ui.views.controls import icon
from ui.views.markup import Html, element, join


def top_bar(words: Words, *, guarded: bool, settings: bool = False, tools: bool = False) -> Html:
    """Draw the bar with the product's name, the two pages, the language and the theme."""
    return join(
        element("a", words.skip_to_question, href="#question", class_="skip", data_focus="question"),
        _list_toggle(words),
        element(
            "a",
            element("span", "?", class_="logo", aria_hidden="true"),
            element("h1", words.product),
            href="#hoi",
            class_="brand",
        ),
        _pages(words, settings=settings, tools=tools),
        element(
            "span",
            class_="spread",
            data_sayings=_gradio_messages(words),
            data_sending=words.state_sending,
            data_longest=LONGEST_QUESTION,
            data_too_long=words.question_too_long.format(limit=LONGEST_QUESTION),
            data_parts=_parts(words),
        ),
        _keys(words),
        _paper(words),
        _language_link(words),
        _theme_toggle(words),
        _logout_form(words) if guarded else Html(),
    )


def _list_toggle(words: Words) -> Html:
    """The button that opens the list of conversations on a small screen."""
    return element(
        "button",
        icon("menu"),
        type="button",
        class_="quiet only-small",
        data_toggle="list",
        aria_expanded="false",
        aria_controls="list",
        aria_label=words.toggle_conversations,
        title=words.toggle_conversations,
    )


def _pages(words: Words, *, settings: bool, tools: bool) -> Html:
    """The links to the pages of the window, to the optional ones where they are offered."""
    links = [
        element("a", words.nav_talk, href="#hoi", data_page="hoi"),
        element("a", *_named(words.nav_corpus), href="#kho", data_page="kho", data_act="visit"),
    ]
    if tools:
        links.append(element("a", tool_words(words.language).nav, href="#cong-cu", data_page="cong-cu"))
    if settings:
        links.append(element("a", settings_words(words.language).nav, href="#cai-dat", data_page="cai-dat"))
    return element("nav", *links, aria_label=words.nav, class_="pages")


def _language_link(words: Words) -> Html:
    """The link to the same window in the other language."""
    vietnamese = words.language == "vi"
    return element(
        "a",
        element("span", words.other_language, class_="full"),
        element("span", "EN" if vietnamese else "VI", class_="short", aria_hidden="true"),
        href="en/" if vietnamese else "../",
        class_="quiet language",
        aria_label=words.other_language_name,
        title=words.other_language_name,
        lang="en" if vietnamese else "vi",
    )


def _theme_toggle(words: Words) -> Html:
    return element(
        "button",
        icon("theme"),
        type="button",
        class_="quiet",
        data_toggle="theme",
        aria_label=words.toggle_theme,
        title=words.toggle_theme,
    )


def _named(name: str) -> tuple[Html, Html]:
    """A name of which a narrow bar shows the first word."""
    first, space, rest = name.partition(" ")
    return join(first), element("span", space, rest, class_="more") if rest else Html()


def _logout_form(words: Words) -> Html:
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


def _gradio_messages(words: Words) -> str:
    """Map the beginnings of Gradio's own English messages to our texts."""
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
