"""Questions and answers, as they are shown and copied."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from view_maker import Page, answered, article, cited, exchange, extract, hit

from rag.schema import Statement
from ui.conversations.export import to_markdown
from ui.strings import words_in
from ui.views import conversation, sources
from ui.views.answer_text import checked


def test_the_short_answer_is_bold_wherever_the_marks_stand() -> None:
    text = "Huyện giảm **rất** <45> hộ nghèo [1]."
    item = exchange(
        text,
        (Statement(0, len(text), (1,)),),
        cited("huyện giảm 45 hộ nghèo."),
        short_span=(text.index("<45>"), text.index(" nghèo")),
    )
    (drawn,) = checked(item, words_in("vi"))
    assert "<strong>rất</strong> <strong>&lt;45&gt; hộ</strong> nghèo<a" in drawn


def test_a_short_answer_that_the_model_made_bold_is_bold_once() -> None:
    text = "Giảm **45 hộ** nghèo."
    item = exchange(text, (), short_span=(text.index("45"), text.index("**", 9)))
    (drawn,) = checked(item, words_in("vi"))
    assert "Giảm <strong>45 hộ</strong> nghèo." in drawn


def test_a_mark_is_a_link_that_names_its_source() -> None:
    page = Page(conversation.exchange(answered(), words_in("vi")))
    [link] = page.having("a", class_="cite")
    assert (link["data-act"], link["data-exchange"], link["data-mark"]) == ("cite", "7", "1")
    assert link["aria-label"] == "Nguồn 1: Huyện Ba Sen giảm nghèo"
    assert "nghèo [1]" not in page.text


def test_a_sentence_without_a_source_looks_different_and_is_named() -> None:
    page = Page(conversation.exchange(answered(), words_in("vi")))
    assert len(page.having("span", class_="unsupported")) == 1
    assert words_in("vi").unsupported_note in page.text
    assert "(Không có nguồn)" in page.text


def test_a_mark_that_the_text_does_not_show_is_added_after_its_sentence() -> None:
    item = exchange("Huyện giảm 45 hộ nghèo.", (Statement(0, 23, (1,)),), cited("huyện giảm 45 hộ nghèo."))
    drawn = conversation.exchange(item, words_in("vi"))
    assert len(Page(drawn).having("a", class_="cite")) == 1
    assert "nghèo.<a " in drawn


def test_a_mark_that_points_nowhere_stays_text() -> None:
    page = Page(
        conversation.exchange(exchange("Theo điều [9] của luật.", (Statement(0, 23, ()),)), words_in("vi"))
    )
    assert "[9]" in page.text
    assert not page.having("a", class_="cite")


def test_lines_and_bullets_of_an_answer_become_paragraphs_and_a_list() -> None:
    page = Page(
        conversation.exchange(exchange("Có hai xã:\n- **Ba Sen**\n- Kim Liên\n\nHết."), words_in("vi"))
    )
    assert [tag for tag, _ in page.tags if tag in {"ul", "li", "strong"}] == ["ul", "li", "strong", "li"]
    assert "**" not in page.text


def test_a_refusal_offers_the_nearest_passages() -> None:
    item = exchange("Tôi không tìm thấy.", refused=True)
    page = Page(conversation.exchange(item, words_in("vi")))
    assert words_in("vi").refused_title in page.text
    assert "Không thấy căn cứ cho “Huyện giảm bao nhiêu hộ nghèo?” trong các đoạn tìm được." in page.text
    assert "Searched for “Huyện giảm" in Page(conversation.exchange(item, words_in("en"))).text
    [nearest] = page.having("button", class_="nearest")
    assert nearest["data-rank"] == "1"
    assert words_in("vi").sources_nearest in Page(sources.sources(item, words_in("vi"))).text


def test_a_refusal_shows_the_closest_sentence_and_opens_it() -> None:
    closest = extract("Trong 9 tháng, huyện giảm 45 hộ nghèo.")
    item = exchange("Tôi không tìm thấy.", refused=True)
    item = replace(item, answer=replace(item.answer, passages=(closest.hit,), closest=closest))
    page = Page(conversation.exchange(item, words_in("vi")))
    assert f"{words_in('vi').closest_label}Huyện Ba Sen giảm nghèoTrong 9 tháng" in page.text
    [opener] = page.having("button", class_="from")
    assert (opener["data-act"], opener["data-rank"]) == ("cite", "1")
    shown = sources.sources(item, words_in("vi"), rank=1)
    assert words_in("vi").closest_short in Page(shown).text
    assert '<mark class="extracted active">Trong 9 tháng, huyện giảm 45 hộ nghèo.</mark>' in shown
    assert words_in("vi").closest_label in to_markdown("Hỏi", [item], words_in("vi"))


def test_an_answer_that_a_limit_ended_is_not_shown_as_whole() -> None:
    cut = conversation.exchange(exchange("Huyện giảm 45 hộ", cut=True), words_in("vi"))
    assert words_in("vi").cut_note in cut
    assert words_in("vi").stopped_note not in cut
    assert words_in("vi").cut_note not in conversation.exchange(exchange("Huyện giảm 45 hộ"), words_in("vi"))
    cut_answer = exchange("Huyện giảm 45 hộ", cut=True).answer
    assert conversation.plain_answer(cut_answer, words_in("en")).endswith(f"45 hộ\n{words_in('en').cut_note}")


def test_an_answer_that_is_only_quoted_says_so() -> None:
    quoted = exchange("Huyện giảm 45 hộ nghèo.", quoted=True)
    assert words_in("vi").quoted_note in conversation.exchange(quoted, words_in("vi"))
    assert words_in("vi").quoted_note not in conversation.exchange(
        exchange("Huyện giảm 45 hộ nghèo."), words_in("vi")
    )
    assert conversation.plain_answer(quoted.answer, words_in("en")).endswith(
        f"nghèo.\n{words_in('en').quoted_note}"
    )


def test_sentences_left_out_for_want_of_proof_are_counted_and_never_shown() -> None:
    partly = exchange("Huyện giảm 45 hộ nghèo.", unanswered=("Xã A giảm 12 hộ.", "Xã B giảm 7 hộ."))
    shown = Page(conversation.exchange(partly, words_in("vi"))).text
    assert "Đã bỏ 2 câu vì không thấy căn cứ trong bài." in shown
    assert "Xã A" not in shown
    assert conversation.plain_answer(partly.answer, words_in("en")).endswith(
        "the articles do not bear them out."
    )


def test_what_may_be_meant_is_told_as_not_sure() -> None:
    unsure = exchange("Có thể là: Huyện giảm 45 hộ nghèo.", quoted=True, manner="perhaps")
    shown = Page(conversation.exchange(unsure, words_in("vi"))).text
    assert words_in("vi").perhaps_note in shown
    assert words_in("vi").quoted_note not in shown


def test_the_time_that_was_understood_stands_with_the_answer() -> None:
    notice = "“Năm ngoái” được hiểu là năm 2025, tính từ hôm nay 02/05/2026."
    assert notice in Page(conversation.exchange(exchange("45 hộ.", remark=notice), words_in("vi"))).text
    assert (
        notice in Page(conversation.exchange(exchange("…", refused=True, remark=notice), words_in("vi"))).text
    )
    assert conversation.plain_answer(exchange("45 hộ.", remark=notice).answer, words_in("vi")).endswith(
        notice
    )


@pytest.mark.parametrize(
    ("said", "unsure"),
    [
        ({"refused": True, "manner": "not_told"}, True),
        ({"manner": "perhaps"}, True),
        ({"kind": "count"}, True),
        ({"manner": "sure"}, False),
        ({"kind": "greeting"}, False),
    ],
)
def test_what_may_stand_in_articles_that_were_being_read_says_so(said: dict[str, Any], unsure: bool) -> None:
    words = words_in("vi")
    for reading in (True, False):
        shown = Page(conversation.exchange(exchange("45 hộ.", still_reading=reading, **said), words)).text
        assert (words.was_reading in shown) is (reading and unsure)


def test_a_follow_up_tells_what_was_searched() -> None:
    page = Page(
        conversation.exchange(
            exchange("45.", standalone="Năm 2020 huyện Ba Sen giảm bao nhiêu hộ?"), words_in("vi")
        )
    )
    assert "Hiểu câu hỏi là: Năm 2020 huyện Ba Sen giảm bao nhiêu hộ?" in page.text


def test_copied_text_holds_the_answer_and_its_sources() -> None:
    item = exchange(
        "Giảm 45 hộ [1].",
        (),
        cited("huyện giảm 45 hộ nghèo.", found=hit(article(url="https://ba.example/1"))),
    )
    assert conversation.plain_answer(item.answer, words_in("vi")) == (
        "Giảm 45 hộ [1].\n\nNguồn:\n"
        "[1] Huyện Ba Sen giảm nghèo, 15/10/2020, 2020/ba-sen.txt, https://ba.example/1: “huyện giảm 45 hộ nghèo.”"
    )


def test_a_reader_that_is_off_is_told() -> None:
    item = exchange("Huyện giảm 45 hộ nghèo.")
    with_reader = replace(item, answer=replace(item.answer, reader="reader@1"))
    text = Page(conversation.exchange(item, words_in("vi"))).text
    assert "Mô hình trả lời: qwen; tìm kiếm: e5; trích đáp án: mô hình đọc đang tắt" in text
    assert "trích đáp án: reader@1" in Page(conversation.exchange(with_reader, words_in("vi"))).text


def test_numbered_lists_and_tables_keep_the_marks_of_their_sentences() -> None:
    text = "Kết quả:\n2. Ba Sen giảm 45 hộ [1].\n3) Còn 9 hộ [1].\n\n| Xã | Số hộ |\n|---|:--:|\n| Nà Lủa | 45 [1] |\n"
    begin = text.index("Ba Sen")
    statements = (
        Statement(begin, text.index("\n3)"), (1,)),
        Statement(text.index("Nà Lủa"), text.rindex(" |"), (1,)),
    )
    drawn = "".join(checked(exchange(text, statements, cited("giảm 45 hộ nghèo.")), words_in("vi")))
    page = Page(drawn)
    assert '<ol start="2"><li>Ba Sen giảm 45 hộ<a' in drawn and drawn.count("<li>") == 2
    assert '<th scope="col"> Xã </th><th scope="col"> Số hộ </th>' in drawn
    assert "<td> Nà Lủa </td><td> 45<a" in drawn
    assert len(page.having("a", class_="cite")) == 3
    assert "---" not in page.text


def test_an_answer_of_several_articles_can_be_narrowed_by_a_press() -> None:
    one = hit(article(place="xã Khe Mây"))
    other = hit(article(id="na-loc.txt", place="xã Nà Lốc", date=date(2021, 3, 1)), 2)
    cites = [cited("huyện giảm 45 hộ nghèo.", found.rank, found) for found in (one, other)]
    page = Page(conversation.exchange(exchange("45 [1]. 45 [2].", (), *cites), words_in("vi")))
    chips = [(chip["data-by"], chip["data-value"]) for chip in page.having("button", data_act="narrow")]
    assert chips == [
        ("place", "xã Khe Mây"),
        ("place", "xã Nà Lốc"),
        ("year", "2020"),
        ("year", "2021"),
    ]
    alone = Page(conversation.exchange(answered(), words_in("vi")))
    assert alone.having("button", data_act="narrow") == []


def test_of_a_long_conversation_the_newest_are_drawn_with_the_way_to_all() -> None:
    items = [answered() for _ in range(conversation.MOST_SHOWN + 2)]
    page = Page(conversation.past(items, words_in("vi"), whole=False))
    assert len(page.having("article", class_="exchange")) == conversation.MOST_SHOWN
    assert len(page.having("button", data_act="earlier")) == 1 and "Xem 2 câu hỏi trước đó" in page.text
    for shown in (
        conversation.past(items, words_in("vi"), whole=True),
        conversation.past(items[2:], words_in("vi"), whole=False),
    ):
        assert Page(shown).having("button", data_act="earlier") == []
