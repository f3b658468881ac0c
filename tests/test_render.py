from __future__ import annotations

import re
from dataclasses import asdict, fields, replace
from datetime import date, datetime, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index.ingest.files import SUFFIXES
from index.schema import Article, Chunk, Filters, Hit
from rag.schema import (
    Answer,
    Checking,
    Citation,
    Delta,
    Extract,
    Found,
    Queued,
    Seconds,
    Statement,
)
from tests.window_app import Info, Totals
from ui.articles.library import Synced
from ui.articles.shelf import Shelf, source_groups
from ui.conversations.history import Conversation, Exchange, Rating, Unanswered
from ui.scope import read_day
from ui.strings import ENGLISH, VIETNAMESE, Words
from ui.views import article as reading
from ui.views import articles as corpus_page
from ui.views import conversation as render
from ui.views import progress, shell, sources
from ui.views.answer_text import checked
from ui.views.articles import ROWS, Listing
from ui.views.extract import extract_line, extracted, in_sentence, sureness
from ui.views.markup import Html, element, join, web_address
from ui.views.progress import Progress, advance

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror="alert(2)"> ![ảnh](http://evil.example/a.png) '
    "[bấm](javascript:alert(3)) ${alert(4)} {{constructor}} \"><a href='javascript:alert(5)'>x</a>"
)

TEXT = (
    "Huyện Ba Sen giảm nghèo\n\n"
    "Trong 9 tháng, huyện giảm 45 hộ nghèo. Tỷ lệ hộ nghèo còn 1,29%.\n\n"
    "Diện tích rừng trồng mới đạt 3.772 ha."
)


class Page(HTMLParser):
    """Every tag with its attributes, as a browser would read them, and the text between them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attributes
            for name, attributes in self.tags
            if name == tag
            and all(
                attributes.get(key.rstrip("_").replace("_", "-")) == value for key, value in wanted.items()
            )
        ]


def article(text: str = TEXT, **changes: str | date | None) -> Article:
    return replace(
        Article("ba-sen.txt", "2020/ba-sen.txt", "Huyện Ba Sen giảm nghèo", text, date(2020, 10, 15)),
        **changes,
    )


def hit(of: Article | None = None, rank: int = 1) -> Hit:
    whole = of or article()
    return Hit(Chunk(whole, rank - 1, 0, len(whole.text)), 0.825, rank, 0.9, 0.5)


def cited(quote: str, mark: int = 1, found: Hit | None = None) -> Citation:
    of = found or hit()
    start = of.chunk.article.text.index(quote)
    return Citation(mark, of, start, start + len(quote), 0.83)


def exchange(
    text: str, statements: tuple[Statement, ...] = (), *citations: Citation, **changes: object
) -> Exchange:
    passages = tuple(dict.fromkeys(citation.hit for citation in citations)) or (hit(),)
    answer = Answer(
        question="Huyện giảm bao nhiêu hộ nghèo?",
        standalone="Huyện giảm bao nhiêu hộ nghèo?",
        text=text,
        refused=False,
        statements=statements,
        citations=citations,
        passages=passages,
        seconds=Seconds(0.1, 0.4, 2.34),
        llm="qwen",
        encoder="e5",
    )
    rating = changes.pop("rating", None)
    assert rating is None or isinstance(rating, Rating)
    return Exchange(
        7, datetime(2026, 1, 2, tzinfo=timezone.utc), "hoidap 0.1", replace(answer, **changes), rating
    )  # type: ignore[arg-type]


def answered() -> Exchange:
    text = "Huyện giảm 45 hộ nghèo [1]. Đây là kết quả cao nhất tỉnh."
    return exchange(
        text, (Statement(0, 27, (1,)), Statement(28, len(text), ())), cited("huyện giảm 45 hộ nghèo.")
    )


def test_the_short_answer_is_bold_wherever_the_marks_stand() -> None:
    text = "Huyện giảm **rất** <45> hộ nghèo [1]."
    item = exchange(
        text,
        (Statement(0, len(text), (1,)),),
        cited("huyện giảm 45 hộ nghèo."),
        short_span=(text.index("<45>"), text.index(" nghèo")),
    )
    (drawn,) = checked(item, VIETNAMESE)
    assert "<strong>rất</strong> <strong>&lt;45&gt; hộ</strong> nghèo<a" in drawn


def test_a_short_answer_that_the_model_made_bold_is_bold_once() -> None:
    text = "Giảm **45 hộ** nghèo."
    item = exchange(text, (), short_span=(text.index("45"), text.index("**", 9)))
    (drawn,) = checked(item, VIETNAMESE)
    assert "Giảm <strong>45 hộ</strong> nghèo." in drawn


def extract(words: str, found: Hit | None = None, confidence: float = 0.87) -> Extract:
    of = found or hit()
    start = of.chunk.article.text.index(words, of.chunk.start)
    return Extract(of, start, start + len(words), confidence)


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


def test_a_mark_is_a_link_that_names_its_source() -> None:
    page = Page(render.exchange(answered(), VIETNAMESE))
    [link] = page.having("a", class_="cite")
    assert (link["data-act"], link["data-exchange"], link["data-mark"]) == ("cite", "7", "1")
    assert link["aria-label"] == "Nguồn 1: Huyện Ba Sen giảm nghèo"
    assert "[1]" not in page.text


def test_a_sentence_without_a_source_looks_different_and_is_named() -> None:
    page = Page(render.exchange(answered(), VIETNAMESE))
    assert len(page.having("span", class_="unsupported")) == 1
    assert VIETNAMESE.unsupported_note in page.text
    assert "(Không có nguồn)" in page.text


def test_a_mark_that_the_text_does_not_show_is_added_after_its_sentence() -> None:
    item = exchange("Huyện giảm 45 hộ nghèo.", (Statement(0, 23, (1,)),), cited("huyện giảm 45 hộ nghèo."))
    drawn = render.exchange(item, VIETNAMESE)
    assert len(Page(drawn).having("a", class_="cite")) == 1
    assert "nghèo.<a " in drawn


def test_a_mark_that_points_nowhere_stays_text() -> None:
    page = Page(render.exchange(exchange("Theo điều [9] của luật.", (Statement(0, 23, ()),)), VIETNAMESE))
    assert "[9]" in page.text
    assert not page.having("a", class_="cite")


def test_lines_and_bullets_of_an_answer_become_paragraphs_and_a_list() -> None:
    page = Page(render.exchange(exchange("Có hai xã:\n- **Ba Sen**\n- Kim Liên\n\nHết."), VIETNAMESE))
    assert [tag for tag, _ in page.tags if tag in {"ul", "li", "strong"}] == ["ul", "li", "strong", "li"]
    assert "**" not in page.text


def test_a_refusal_offers_the_nearest_passages() -> None:
    item = exchange("Tôi không tìm thấy.", refused=True)
    page = Page(render.exchange(item, VIETNAMESE))
    assert VIETNAMESE.refused_title in page.text
    assert "Không thấy căn cứ cho “Huyện giảm bao nhiêu hộ nghèo?” trong các đoạn tìm được." in page.text
    assert "Searched for “Huyện giảm" in Page(render.exchange(item, ENGLISH)).text
    [nearest] = page.having("button", class_="nearest")
    assert nearest["data-rank"] == "1"
    assert VIETNAMESE.sources_nearest in Page(sources.sources(item, VIETNAMESE)).text


def test_an_answer_that_a_limit_ended_is_not_shown_as_whole() -> None:
    cut = render.exchange(exchange("Huyện giảm 45 hộ", cut=True), VIETNAMESE)
    assert VIETNAMESE.cut_note in cut
    assert VIETNAMESE.stopped_note not in cut
    assert VIETNAMESE.cut_note not in render.exchange(exchange("Huyện giảm 45 hộ"), VIETNAMESE)
    cut_answer = exchange("Huyện giảm 45 hộ", cut=True).answer
    assert render.plain_answer(cut_answer, ENGLISH).endswith(f"45 hộ\n{ENGLISH.cut_note}")


def test_an_answer_that_is_only_quoted_says_so() -> None:
    quoted = exchange("Huyện giảm 45 hộ nghèo.", quoted=True)
    assert VIETNAMESE.quoted_note in render.exchange(quoted, VIETNAMESE)
    assert VIETNAMESE.quoted_note not in render.exchange(exchange("Huyện giảm 45 hộ nghèo."), VIETNAMESE)
    assert render.plain_answer(quoted.answer, ENGLISH).endswith(f"nghèo.\n{ENGLISH.quoted_note}")


def test_sentences_left_out_for_want_of_proof_are_counted_and_never_shown() -> None:
    partly = exchange("Huyện giảm 45 hộ nghèo.", unanswered=("Xã A giảm 12 hộ.", "Xã B giảm 7 hộ."))
    shown = Page(render.exchange(partly, VIETNAMESE)).text
    assert "Đã bỏ 2 câu vì không thấy căn cứ trong bài." in shown
    assert "Xã A" not in shown
    assert render.plain_answer(partly.answer, ENGLISH).endswith("the articles do not bear them out.")


def test_what_may_be_meant_is_told_as_not_sure() -> None:
    unsure = exchange("Có thể là: Huyện giảm 45 hộ nghèo.", quoted=True, manner="perhaps")
    shown = Page(render.exchange(unsure, VIETNAMESE)).text
    assert VIETNAMESE.perhaps_note in shown
    assert VIETNAMESE.quoted_note not in shown


def test_the_original_is_the_published_page_or_else_the_file() -> None:
    [page] = Page(reading.original(article(url="https://basen.example/1"), VIETNAMESE)).having("a")
    assert (page["href"], page["target"]) == ("https://basen.example/1", "_blank")
    [file] = Page(reading.original(article(url="javascript:alert(1)", id="a&b#3"), VIETNAMESE)).having("a")
    assert file["href"] == "tep?bai=a%26b%233"
    assert "download" in file


def test_a_follow_up_tells_what_was_searched() -> None:
    page = Page(
        render.exchange(exchange("45.", standalone="Năm 2020 huyện Ba Sen giảm bao nhiêu hộ?"), VIETNAMESE)
    )
    assert "Hiểu câu hỏi là: Năm 2020 huyện Ba Sen giảm bao nhiêu hộ?" in page.text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (Progress("?", "queued", 0.0, ahead=2), "Đang chờ, còn 2 câu hỏi phía trước"),
        (Progress("?", "searching", 0.0), "Đang tìm trong kho"),
        (Progress("?", "reading", 1.0, (hit(),)), "Đang đọc 1 đoạn"),
        (Progress("?", "writing", 1.25, (hit(),), "Huyện"), "Đang viết"),
        (Progress("?", "checking", 2.0, (hit(),), "Huyện"), "Đang đối chiếu với nguồn"),
        (Progress("?", "writing", 2.0, (hit(),), "Huyện", stopping=True), "Đang dừng"),
    ],
)
def test_the_state_of_work_is_told_in_words(state: Progress, said: str) -> None:
    assert said in Page(progress.progress(state, VIETNAMESE)).text


def test_elapsed_time_has_the_decimal_sign_of_the_language() -> None:
    state = Progress("?", "writing", 1.25)
    assert "1,2 giây" in Page(progress.progress(state, VIETNAMESE)).text
    assert "1.2 s" in Page(progress.progress(state, ENGLISH)).text


def test_copied_text_holds_the_answer_and_its_sources() -> None:
    item = exchange(
        "Giảm 45 hộ [1].",
        (),
        cited("huyện giảm 45 hộ nghèo.", found=hit(article(url="https://ba.example/1"))),
    )
    assert render.plain_answer(item.answer, VIETNAMESE) == (
        "Giảm 45 hộ [1].\n\nNguồn:\n"
        "[1] Huyện Ba Sen giảm nghèo, 15/10/2020, 2020/ba-sen.txt, https://ba.example/1: “huyện giảm 45 hộ nghèo.”"
    )


def test_sources_highlight_the_sentence_inside_its_paragraph() -> None:
    drawn = sources.sources(answered(), VIETNAMESE, mark=1)
    page = Page(drawn)
    assert '<p>Trong 9 tháng, <mark class="active" data-mark="1">huyện giảm 45 hộ nghèo.<sup' in drawn
    assert page.having("li", class_="card active")
    assert "15/10/2020" in page.text and "2020/ba-sen.txt" in page.text
    assert "Khớp câu trích 83%" in page.text and "Độ liên quan 0,82" in page.text


def test_sources_put_cited_passages_before_those_that_were_only_read() -> None:
    other = hit(article("Chợ mới họp phiên đầu.", id="cho.txt", title="Chợ mới"), rank=1)
    used = replace(hit(rank=2), rank=2)
    item = exchange("45 hộ [1].", (), cited("45 hộ", found=used))
    item = replace(item, answer=replace(item.answer, passages=(other, used)))
    page = Page(sources.sources(item, VIETNAMESE))
    assert page.text.index("Huyện Ba Sen giảm nghèo") < page.text.index("Chợ mới")
    assert len(page.having("details")) == 1


def test_overlapping_quotes_are_cut_not_nested() -> None:
    both = (cited("huyện giảm 45 hộ"), cited("45 hộ nghèo. Tỷ lệ", mark=2))
    drawn = sources.sources(exchange("Có [1][2].", (), *both), VIETNAMESE)
    assert drawn.count("<mark") == 2
    assert (
        re.sub(r"<mark[^>]*>|</mark>|<sup.*?</sup>", "", drawn).count(
            "huyện giảm 45 hộ nghèo. Tỷ lệ hộ nghèo"
        )
        == 1
    )


def test_the_whole_article_is_marked_where_the_passage_stands_today() -> None:
    passage = article("Tỷ lệ hộ nghèo còn 1,29%.")
    item = exchange("1,29% [1].", (), cited("1,29%", found=hit(passage)))
    page = sources.whole_article(item, 1, article(), VIETNAMESE, mark=1)
    assert '<mark class="active" data-mark="1">1,29%<sup' in page
    assert "3.772 ha" in page


def test_an_article_that_changed_or_went_is_told() -> None:
    item = answered()
    assert VIETNAMESE.article_changed in sources.whole_article(item, 1, article("Bài khác."), VIETNAMESE)
    gone = sources.whole_article(item, 1, None, VIETNAMESE)
    assert VIETNAMESE.article_gone in gone and "<mark" in gone


def test_nothing_hostile_becomes_markup() -> None:
    bad = article(
        HOSTILE, title=HOSTILE, source=HOSTILE, author=HOSTILE, place=HOSTILE, url="javascript:alert(6)"
    )
    text = f"{HOSTILE} [1]"
    item = exchange(text, (Statement(0, len(text), (1,)),), cited("alert(1)", found=hit(bad)), question=HOSTILE,
                    standalone=HOSTILE + "?", llm=HOSTILE, rating=Rating(False, HOSTILE, HOSTILE))  # fmt: skip
    talk = Conversation("a", HOSTILE, datetime.now(timezone.utc))
    drawn = [
        render.exchange(item, VIETNAMESE),
        render.exchange(replace(item, answer=replace(item.answer, refused=True)), VIETNAMESE),
        progress.progress(Progress(HOSTILE, "writing", 1.0, item.answer.passages, HOSTILE), VIETNAMESE),
        render.unanswered(
            Unanswered(1, HOSTILE, datetime.now(timezone.utc), HOSTILE, Filters(), "store", HOSTILE),
            VIETNAMESE,
        ),
        shell.notice(HOSTILE),
        render.welcome([HOSTILE], 3, VIETNAMESE),
        sources.sources(item, VIETNAMESE, mark=1),
        sources.found(item.answer.passages, VIETNAMESE),
        sources.whole_article(item, 1, bad, VIETNAMESE),
        shell.conversations([talk], "a", HOSTILE, datetime.now(timezone.utc), VIETNAMESE),
        shell.filters(Filters(sources=(HOSTILE,)), [HOSTILE], VIETNAMESE),
        corpus_page.article_list([Info(HOSTILE, HOSTILE, None, HOSTILE, 1)], Listing(), VIETNAMESE),
        corpus_page.preview(bad, VIETNAMESE),
        corpus_page.outcome([HOSTILE], Synced(0, 0, 0, ((HOSTILE, HOSTILE),)), VIETNAMESE),
        shell.editing(HOSTILE, VIETNAMESE),
    ]
    told = extract("<script>alert(1)</script>", hit(bad))
    drawn += [
        extracted(told, VIETNAMESE, 7),
        progress.progress(Progress(HOSTILE, "reading", 1.0, standalone="x", extract=told), VIETNAMESE),
        sources.found([told.hit], VIETNAMESE, told),
        sources.sources(replace(item, answer=replace(item.answer, extract=told)), VIETNAMESE, rank=1),
    ]
    for markup in drawn:
        page = Page(markup)
        assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "style"}
        for _, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on")]
            assert not (attributes.get("href") or "").startswith("javascript")
        assert "alert(1)" in page.text or "alert(1)" in markup


def test_events_advance_what_is_known() -> None:
    state = Progress("?", "searching", 0.0)
    told = [Found("?", (hit(),)), Queued(2), Queued(0), Delta("Huyện "), Delta("Ba Sen"), Checking()]
    stages = []
    for event in told:
        state = advance(state, event, 1.0, stopping=False)
        stages.append(state.stage)
    assert stages == ["reading", "queued", "reading", "writing", "writing", "checking"]
    assert (state.text, len(state.passages)) == ("Huyện Ba Sen", 1)


def test_what_the_reader_found_stays_while_the_answer_is_written() -> None:
    told = extract("45 hộ nghèo")
    state = advance(
        Progress("còn hộ?", "searching", 0.0),
        Found("Còn hộ nào?", (told.hit,), told),
        1.0,
        stopping=False,
    )
    for event in (Queued(1), Delta("Giảm"), Checking()):
        state = advance(state, event, 2.0, stopping=False)
    assert (state.extract, state.standalone) == (told, "Còn hộ nào?")
    page = Page(progress.progress(state, VIETNAMESE))
    order = ["còn hộ?", "Hiểu câu hỏi là: Còn hộ nào?", "Bản nháp", "Giảm", "Đang đối chiếu với nguồn"]
    assert sorted(order, key=page.text.index) == order


def test_the_extract_stands_in_its_sentence_and_opens_its_source_once_it_is_kept() -> None:
    told = extract("45 hộ nghèo")
    live = Page(extracted(told, VIETNAMESE))
    assert live.having("figure", class_="extract") and not live.having("button")
    assert live.having("span", class_="from")
    kept = extracted(told, VIETNAMESE, 7)
    assert (
        "<blockquote>Trong 9 tháng, huyện giảm "
        '<mark class="extracted">45 hộ nghèo</mark>.</blockquote>' in kept
    )
    [opener] = Page(kept).having("button", class_="from")
    assert (opener["data-act"], opener["data-exchange"], opener["data-rank"]) == ("cite", "7", "1")
    assert Page(kept).text.startswith("Trích nguyên vănchắc chắn, 87%Huyện Ba Sen giảm nghèo")
    assert live.text == Page(kept).text


def test_a_kept_exchange_shows_its_extract_between_the_question_and_the_answer() -> None:
    with_it = exchange("Giảm 45 hộ.", standalone="Năm 2020 giảm mấy hộ?", extract=extract("45 hộ nghèo"))
    page = Page(render.exchange(with_it, ENGLISH))
    order = ["Huyện giảm bao nhiêu", "Searched for", "Extract87% sure", "45 hộ nghèo", "Giảm 45 hộ."]
    assert sorted(order, key=page.text.index) == order
    assert "figure" not in render.exchange(exchange("Giảm 45 hộ."), ENGLISH)
    refused = replace(with_it, answer=replace(with_it.answer, refused=True))
    assert "figure" not in render.exchange(refused, ENGLISH)


@pytest.mark.parametrize(
    ("confidence", "vietnamese", "english"),
    [
        (0.999, "chắc chắn, 99%", "99% sure"),
        (0.8, "chắc chắn, 80%", "80% sure"),
        (0.79, "khá chắc, 79%", "fairly sure, 79%"),
        (0.5, "khá chắc, 50%", "fairly sure, 50%"),
        (0.12, "chưa chắc, 12%", "not sure, 12%"),
    ],
)
def test_sureness_is_told_in_words_and_percent(confidence: float, vietnamese: str, english: str) -> None:
    told = extract("45 hộ nghèo", confidence=confidence)
    assert (sureness(told, VIETNAMESE), sureness(told, ENGLISH)) == (vietnamese, english)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Huyện Ba Sen", ("", "Huyện Ba Sen", " giảm nghèo")),
        ("3.772 ha", ("Diện tích rừng trồng mới đạt ", "3.772 ha", ".")),
        ("3.772 ha.", ("Diện tích rừng trồng mới đạt ", "3.772 ha.", "")),
        ("1,29%", ("Tỷ lệ hộ nghèo còn ", "1,29%", ".")),
        (
            "45 hộ nghèo. Tỷ lệ hộ nghèo",
            ("Trong 9 tháng, huyện giảm ", "45 hộ nghèo. Tỷ lệ hộ nghèo", " còn 1,29%."),
        ),
    ],
)
def test_an_extract_is_cut_out_with_its_sentence(words: str, parts: tuple[str, str, str]) -> None:
    assert in_sentence(extract(words)) == parts


def test_a_sentence_is_cut_inside_of_its_passage() -> None:
    begin, end = TEXT.index("huyện giảm"), TEXT.index(" nghèo. Tỷ lệ")
    part = Hit(Chunk(article(), 0, begin, end), 0.8, 1, 0.9, 0.5)
    assert in_sentence(extract("45", part)) == ("huyện giảm ", "45", " hộ")


@pytest.mark.parametrize("place", [0, 40, 99])
def test_a_long_sentence_is_shortened_around_the_extract(place: int) -> None:
    names = [f"từ{n:02}" for n in range(100)]
    before, found, after = in_sentence(extract(f"từ{place:02}", hit(article(" ".join(names)))))
    assert found == f"từ{place:02}"
    assert 230 <= len(before + found + after) <= 240
    assert before.startswith("…") == (place > 0) and after.endswith("…") == (place < 99)
    assert set((before + found + after).strip("…").split()) <= set(names)


def test_a_long_extract_is_not_shortened() -> None:
    long = " ".join(["dài"] * 70)
    assert in_sentence(extract(long, hit(article(f"Trước {long} sau.")))) == ("…", long, "…")


def test_signs_in_an_article_stay_signs_in_the_extract() -> None:
    told = extract("<b>**45**</b>", hit(article('Giảm **rất** "nhiều": <b>**45**</b> & hơn nữa.')))
    assert (
        "<blockquote>Giảm **rất** &quot;nhiều&quot;: "
        '<mark class="extracted">&lt;b&gt;**45**&lt;/b&gt;</mark> &amp; hơn nữa.</blockquote>'
        in extracted(told, ENGLISH)
    )


def test_an_extract_is_marked_inside_of_the_citation_that_holds_it() -> None:
    item = exchange("Giảm 45 hộ [1].", (), cited("huyện giảm 45 hộ nghèo."), extract=extract("45 hộ nghèo"))
    drawn = sources.sources(item, VIETNAMESE, mark=1)
    assert (
        '<mark class="active" data-mark="1">huyện giảm <mark class="extracted">45 hộ nghèo</mark>.'
        '<sup aria-hidden="true">1</sup></mark> Tỷ lệ' in drawn
    )
    assert '<span class="badge">1</span><span class="badge">Trích</span>' in drawn


def test_an_extract_across_the_ends_of_citations_is_cut_there() -> None:
    both = (cited("Trong 9 tháng"), cited("giảm 45 hộ", mark=2))
    item = exchange("Có [1][2].", (), *both, extract=extract("tháng, huyện giảm 45 hộ nghèo"))
    drawn = sources.sources(item, VIETNAMESE)
    marked = re.findall(r'<mark class="extracted">(.*?)</mark>', drawn)
    assert marked == ["tháng", ", huyện ", "giảm 45 hộ", " nghèo"]


def test_an_extract_across_paragraphs_is_marked_in_each() -> None:
    told = extract("1,29%.\n\nDiện tích")
    drawn = sources.found([told.hit], VIETNAMESE, told)
    assert re.findall(r'<mark class="extracted">(.*?)</mark>', drawn) == ["1,29%.", "Diện tích"]


def test_the_list_of_what_was_just_found_shows_the_extract_in_the_whole_passage() -> None:
    part = Hit(Chunk(article(), 1, TEXT.index("Tỷ lệ"), len(TEXT)), 0.8, 1, 0.9, 0.5)
    drawn = sources.found([part, hit(rank=2)], VIETNAMESE, extract("1,29%", part))
    assert '<div class="passage"><p>Tỷ lệ hộ nghèo còn <mark class="extracted">1,29%</mark>.</p>' in drawn
    assert drawn.count("passage clamp") == 1 and drawn.count("<mark") == 1
    assert "<mark" not in sources.found([part], VIETNAMESE)


def test_a_passage_with_the_extract_alone_is_used_and_opens_there() -> None:
    other = hit(article("Chợ mới họp phiên đầu ngày 3.", id="cho.txt", title="Chợ mới"), rank=1)
    quoted, unused = hit(rank=2), hit(article("Tin khác.", id="tin.txt", title="Tin khác"), rank=3)
    item = exchange("45 hộ [1].", (), cited("45 hộ", found=quoted), extract=extract("ngày 3", other))
    item = replace(item, answer=replace(item.answer, passages=(other, quoted, unused)))
    page = Page(sources.sources(item, VIETNAMESE))
    assert (
        page.text.index("Huyện Ba Sen")
        < page.text.index("Chợ mới")
        < page.text.index("Đoạn không được trích dẫn")
    )
    assert len(page.having("details")) == 1
    opened = sources.sources(item, VIETNAMESE, rank=1)
    assert '<mark class="extracted active">ngày 3</mark>' in opened and opened.count("active") == 2
    whole = sources.whole_article(item, 1, other.chunk.article, VIETNAMESE)
    assert '<mark class="extracted active">ngày 3</mark>' in whole and "around" not in whole


def test_an_extract_is_one_line_of_text() -> None:
    told = extract("1,29%.\n\nDiện tích", confidence=0.6)
    assert (
        extract_line(told, VIETNAMESE) == "Trích: 1,29%. Diện tích — Huyện Ba Sen giảm nghèo (khá chắc, 60%)"
    )
    assert extract_line(told, ENGLISH).startswith("Extract: 1,29%. Diện tích — ")


def test_a_reader_that_is_off_is_told() -> None:
    item = exchange("Huyện giảm 45 hộ nghèo.")
    with_reader = replace(item, answer=replace(item.answer, reader="reader@1"))
    assert "trích đáp án: mô hình đọc đang tắt" in render.exchange(item, VIETNAMESE)
    assert "trích đáp án: reader@1" in render.exchange(with_reader, VIETNAMESE)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("15/10/2020", date(2020, 10, 15), date(2020, 10, 15)),
        ("5-6-2018", date(2018, 6, 5), date(2018, 6, 5)),
        ("2020-10-15", date(2020, 10, 15), date(2020, 10, 15)),
        ("02/2020", date(2020, 2, 1), date(2020, 2, 29)),
        (" 2019 ", date(2019, 1, 1), date(2019, 12, 31)),
        ("31/02/2020", None, None),
        ("hôm qua", None, None),
        ("15", None, None),
        ("", None, None),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, first: date | None, last: date | None) -> None:
    assert (read_day(typed), read_day(typed, last=True)) == (first, last)


def test_folders_are_offered_before_files() -> None:
    assert source_groups(["b/1.txt", "a.jsonl#3", "a.jsonl#4", "b/2.txt"]) == (
        "b/",
        "a.jsonl",
        "b/1.txt",
        "b/2.txt",
    )


def test_the_list_of_articles_is_searched_without_accents_and_turned_in_pages() -> None:
    many = [Info(f"{n}.txt", f"Tin số {n}", date(2020, 1, 1), f"tin/{n}.txt", 2) for n in range(ROWS + 3)]
    first = Page(corpus_page.article_list(many, Listing(), VIETNAMESE))
    assert len(first.having("tr")) == ROWS + 1
    assert "Trang 1/2" in first.text
    assert len(Page(corpus_page.article_list(many, Listing(page=9), VIETNAMESE)).having("tr")) == 4
    assert [info.id for info in Shelf(many).matching("TIN so 12")] == ["12.txt"]
    assert len(Shelf(many).matching(" ")) == ROWS + 3
    assert VIETNAMESE.no_articles_found in corpus_page.article_list([], Listing("xyz"), VIETNAMESE)
    assert VIETNAMESE.corpus_empty in corpus_page.article_list([], Listing(), VIETNAMESE)


def test_the_collection_tells_its_size_and_age() -> None:
    moment = datetime(2026, 11, 22, 8, 5).astimezone()
    told = Page(corpus_page.heading(Totals(11729, 45012), moment, VIETNAMESE)).text
    assert "11.729 bài viết, 45.012 đoạn · Cập nhật lần cuối: 22/11/2026 08:05" in told
    assert VIETNAMESE.never_synced in corpus_page.heading(Totals(0, 0), None, VIETNAMESE)


def test_the_title_is_not_said_twice_in_an_article() -> None:
    page = Page(reading.article_page(article(), VIETNAMESE))
    assert page.text.count("Huyện Ba Sen giảm nghèo") == 1


def colours(of: str) -> dict[str, str]:
    style = (Path(render.__file__).parents[1] / "window.css").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(of)} \{{(.*?)^\}}", style, re.MULTILINE | re.DOTALL)
    assert found
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", found[1]))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [":root", ".dark"])
def test_every_pair_of_colours_can_be_told_apart(theme: str) -> None:
    """Text 4.5 to 1, borders of controls and the ring of the focus 3 to 1 (WCAG 2.2 AA)."""
    of = colours(theme)
    grounds = ("paper", "raised", "tint", "side", "accent-tint", "warning-tint")
    texts = [(ink, ground) for ink in ("ink", "muted") for ground in grounds]
    texts += [("accent", ground) for ground in ("paper", "raised", "side", "accent-tint")]
    texts += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("warning", "warning-tint")]
    texts += [("evidence-ink", "evidence"), ("evidence-ink", "evidence-strong"), ("paper", "ink")]
    lines = [(line, ground) for line in ("control", "accent") for ground in ("paper", "raised", "side")]
    poor = [(one, other) for one, other in texts if contrast(of[one], of[other]) < 4.5]
    poor += [(one, other) for one, other in lines if contrast(of[one], of[other]) < 3]
    assert poor == []


def test_every_text_is_said_somewhere_and_keeps_its_placeholders() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in Path(render.__file__).parents[1].rglob("*.py")
    )
    for item in fields(Words):
        assert re.search(rf"words\.{item.name}\b", code), f"nobody says {item.name}"
        places = [set(re.findall(r"\{(\w+)\}", getattr(words, item.name))) for words in (VIETNAMESE, ENGLISH)]
        assert places[0] == places[1], item.name


def test_numbered_lists_and_tables_keep_the_marks_of_their_sentences() -> None:
    text = "Kết quả:\n2. Ba Sen giảm 45 hộ [1].\n3) Còn 9 hộ [1].\n\n| Xã | Số hộ |\n|---|:--:|\n| Nà Lủa | 45 [1] |\n"
    begin = text.index("Ba Sen")
    statements = (
        Statement(begin, text.index("\n3)"), (1,)),
        Statement(text.index("Nà Lủa"), text.rindex(" |"), (1,)),
    )
    drawn = "".join(checked(exchange(text, statements, cited("giảm 45 hộ nghèo.")), VIETNAMESE))
    page = Page(drawn)
    assert '<ol start="2"><li>Ba Sen giảm 45 hộ<a' in drawn and drawn.count("<li>") == 2
    assert '<th scope="col"> Xã </th><th scope="col"> Số hộ </th>' in drawn
    assert "<td> Nà Lủa </td><td> 45<a" in drawn
    assert len(page.having("a", class_="cite")) == 3
    assert "---" not in page.text


def test_every_ending_of_a_file_belongs_to_a_kind_with_a_name() -> None:
    told = ", ".join(corpus_page.kinds(SUFFIXES, VIETNAMESE))
    assert told == (
        "Word, Excel, PowerPoint, PDF, trang web, thư điện tử, sách điện tử, văn bản thuần, bảng dữ liệu"
    )
    assert corpus_page.kinds((".txt", ".md.gz", ".xyz"), VIETNAMESE) == ["văn bản thuần", ".xyz"]


def test_a_passage_of_another_article_that_tells_the_same_is_said_to() -> None:
    text = "Huyện giảm 45 hộ nghèo [1]."
    first = hit()
    same = hit(
        article("Kỳ họp tháng 12\n\nNăm qua toàn huyện giảm 45 hộ nghèo.", id="b.txt", title="Kỳ họp"), 2
    )
    other = hit(article("Bản tin\n\nXã Khe Mây giảm 145 hộ nghèo.", id="c.txt", title="Bản tin"), 3)
    item = exchange(
        text,
        (Statement(0, len(text), (1,)),),
        cited("huyện giảm 45 hộ nghèo.", found=first),
        passages=(first, same, other),
        short_span=(text.index("45"), text.index(" [")),
    )
    assert Page(sources.sources(item, VIETNAMESE)).text.count("Cũng nêu “45 hộ nghèo”") == 1
    assert sources.also_tells(item.answer, same)
    assert not sources.also_tells(item.answer, other)
    lone = exchange(text, (), cited("huyện giảm 45 hộ nghèo.", found=first), short_span=(0, 5))
    assert not sources.also_tells(lone.answer, same)


def test_the_page_of_a_quote_stands_with_its_source() -> None:
    drawn = Page(sources.sources(answered(), VIETNAMESE, pages={1: 7}))
    assert [link["href"] for link in drawn.having("a", data_number="7")] == ["trang?bai=ba-sen.txt&so=7"]
    assert "Xem trang 7" in drawn.text
    assert not Page(sources.sources(answered(), VIETNAMESE)).having("a", data_number="7")


def test_vietnamese_texts_hold_no_english_word() -> None:
    """Names of programs, formats and keys are no words, nor is what is to be typed word for word."""
    names = {
        "web",
        "mb",
        "word",
        "excel",
        "powerpoint",
        "pdf",
        "ocr",
        "switch",
        "to",
        "english",
        "text",
        "llm",
    }
    typed = re.compile(r"“hoidap [^”]*”|\{\w+\}|\(\.\w+\)|\bllm\.\w+|\.(?:docx|pdf|txt)\b")

    def words_of(words: Words) -> set[str]:
        said = " ".join(typed.sub(" ", value) for value in asdict(words).values())
        return set(re.findall(r"[a-z]{2,}", said.lower()))

    vietnamese = set(re.findall(r"\w+", " ".join(asdict(VIETNAMESE).values()).lower()))
    plain = {word for word in vietnamese if word.isascii()}
    english = words_of(ENGLISH) & words_of(VIETNAMESE) & plain
    assert {word for word in english if not syllable(word)} <= names


def syllable(word: str) -> bool:
    """Whether a word without accents could be a Vietnamese syllable."""
    begins = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|nh|ng|ngh|ph|qu|r|s|t|th|tr|v|x|"
    return re.fullmatch(rf"(?:{begins})[aeiouy]{{1,3}}(?:c|ch|m|n|ng|nh|p|t)?", word) is not None
