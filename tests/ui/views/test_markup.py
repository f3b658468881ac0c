"""Text stays text in every view, and an address is a link only where a browser opens it safely."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from view_maker import Page, article, cited, exchange, extract, hit

from index.ingest.list_folder import Unreadable
from index.schema import Filters
from rag.schema import Statement
from tests.support.window_app import listed
from ui.articles.library import Synced
from ui.articles.syncing import Step
from ui.conversations.entries import Conversation, Rating, Unanswered
from ui.conversations.progress import Progress
from ui.strings import words_in
from ui.views import articles, conversation, shell, sources
from ui.views.articles import Listing
from ui.views.extractive_answer import extracted
from ui.views.markup import Html, element, join, web_address
from ui.views.progress import progress

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror="alert(2)"> ![ảnh](http://evil.example/a.png) '
    "[bấm](javascript:alert(3)) ${alert(4)} {{constructor}} \"><a href='javascript:alert(5)'>x</a>"
)


def test_element_escapes_text_and_attributes_but_not_finished_markup() -> None:
    drawn = element("p", "a < b", element("b", "&"), title='"x"', data_act="go", hidden=True, lang=None)
    assert drawn == '<p title="&quot;x&quot;" data-act="go" hidden>a &lt; b<b>&amp;</b></p>'
    assert element("input", name="title", value="1") == '<input name="title" value="1">'
    assert join("<", Html("<br>")) == "&lt;<br>"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://bacha.example/tin?id=1", True),
        (" HTTP://bacha.example ", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//bacha.example", False),
        ("http://", False),
        ("http://[bad", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, kept: bool) -> None:
    assert web_address(url) == (url.strip() if kept and url else None)


def test_nothing_hostile_becomes_markup() -> None:
    bad = article(
        HOSTILE, title=HOSTILE, source=HOSTILE, author=HOSTILE, place=HOSTILE, url="javascript:alert(6)"
    )
    text = f"{HOSTILE} [1]"
    item = exchange(text, (Statement(0, len(text), (1,)),), cited("alert(1)", found=hit(bad)), question=HOSTILE,
                    standalone=HOSTILE + "?", llm=HOSTILE, rating=Rating(False, HOSTILE, HOSTILE))  # fmt: skip
    talk = Conversation("a", HOSTILE, datetime.now(timezone.utc))
    drawn = [
        conversation.exchange(item, words_in("vi")),
        conversation.exchange(replace(item, answer=replace(item.answer, refused=True)), words_in("vi")),
        progress(Progress(HOSTILE, "writing", 1.0, item.answer.passages, HOSTILE), words_in("vi")),
        conversation.unanswered(
            Unanswered(1, HOSTILE, datetime.now(timezone.utc), HOSTILE, Filters(), "store", HOSTILE),
            words_in("vi"),
        ),
        shell.notice(HOSTILE),
        conversation.welcome([HOSTILE], 3, words_in("vi")),
        sources.sources(item, words_in("vi"), mark=1),
        sources.found(item.answer.passages, words_in("vi")),
        sources.whole_article(item, 1, bad, words_in("vi")),
        shell.conversations([talk], "a", HOSTILE, datetime.now(timezone.utc), words_in("vi")),
        shell.filters(Filters(sources=(HOSTILE,)), [HOSTILE], words_in("vi")),
        articles.article_list([listed(HOSTILE, HOSTILE, None, HOSTILE, 1)], Listing(), words_in("vi")),
        articles.preview(bad, words_in("vi")),
        articles.outcome(
            [HOSTILE], Synced(0, 0, 0, (Unreadable(HOSTILE, HOSTILE),), ((HOSTILE, 1),)), words_in("vi")
        ),
        articles.progress(Step(1, 2, 3.0, HOSTILE, 1, 2), words_in("vi")),
        shell.editing(HOSTILE, words_in("vi")),
    ]
    bad_extract = extract("<script>alert(1)</script>", hit(bad))
    drawn += [
        extracted(bad_extract, words_in("vi"), 7),
        progress(Progress(HOSTILE, "reading", 1.0, standalone="x", extract=bad_extract), words_in("vi")),
        sources.found([bad_extract.hit], words_in("vi"), bad_extract),
        sources.sources(
            replace(item, answer=replace(item.answer, extract=bad_extract)), words_in("vi"), rank=1
        ),
    ]
    for markup in drawn:
        page = Page(markup)
        assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "style"}
        for _, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on")]
            assert not (attributes.get("href") or "").startswith("javascript")
        assert "alert(1)" in page.text or "alert(1)" in markup
