"""The passages behind an answer, as they are shown."""

from __future__ import annotations

import re
from dataclasses import replace

from view_maker import Page, answered, article, cited, exchange, hit

from rag.schema import Statement
from ui.strings import words_in
from ui.views import sources


def test_sources_highlight_the_sentence_inside_its_paragraph() -> None:
    drawn = sources.sources(answered(), words_in("vi"), mark=1)
    page = Page(drawn)
    assert '<p>Trong 9 tháng, <mark class="active" data-mark="1">huyện giảm 45 hộ nghèo.<sup' in drawn
    assert page.having("li", class_="card active")
    assert "15/10/2020" in page.text and "2020/ba-sen.txt" in page.text
    assert "Khớp câu trích 83% · Độ liên quan 0,82Gần nghĩa 0,90, trùng từ 0,50" in page.text


def test_sources_put_cited_passages_before_those_that_were_only_read() -> None:
    other = hit(article("Chợ mới họp phiên đầu.", id="cho.txt", title="Chợ mới"), rank=1)
    used = replace(hit(rank=2), rank=2)
    item = exchange("45 hộ [1].", (), cited("45 hộ", found=used))
    item = replace(item, answer=replace(item.answer, passages=(other, used)))
    page = Page(sources.sources(item, words_in("vi")))
    assert page.text.index("Huyện Ba Sen giảm nghèo") < page.text.index("Chợ mới")
    assert [one for one in page.having("details") if one.get("class") != "score"] == [{}]


def test_overlapping_quotes_are_cut_not_nested() -> None:
    both = (cited("huyện giảm 45 hộ"), cited("45 hộ nghèo. Tỷ lệ", mark=2))
    drawn = sources.sources(exchange("Có [1][2].", (), *both), words_in("vi"))
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
    page = sources.whole_article(item, 1, article(), words_in("vi"), mark=1)
    assert '<mark class="active" data-mark="1">1,29%<sup' in page
    assert "3.772 ha" in page


def test_an_article_that_changed_or_went_is_told() -> None:
    item = answered()
    assert words_in("vi").article_changed in sources.whole_article(
        item, 1, article("Bài khác."), words_in("vi")
    )
    missing = sources.whole_article(item, 1, None, words_in("vi"))
    assert words_in("vi").article_gone in missing and "<mark" in missing


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
    assert Page(sources.sources(item, words_in("vi"))).text.count("Cũng nêu “45 hộ nghèo”") == 1
    assert sources.also_answers(item.answer, same)
    assert not sources.also_answers(item.answer, other)
    lone = exchange(text, (), cited("huyện giảm 45 hộ nghèo.", found=first), short_span=(0, 5))
    assert not sources.also_answers(lone.answer, same)


def test_the_page_of_a_quote_stands_with_its_source() -> None:
    drawn = Page(sources.sources(answered(), words_in("vi"), pages={1: 7}))
    assert [link["href"] for link in drawn.having("a", data_number="7")] == ["trang?bai=ba-sen.txt&so=7"]
    assert "Xem trang 7" in drawn.text
    assert not Page(sources.sources(answered(), words_in("vi"))).having("a", data_number="7")
