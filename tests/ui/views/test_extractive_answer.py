"""What the reader found, as it is shown beside an answer and in its source."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from view_maker import TEXT, Page, article, cited, exchange, extract, hit

from index.schema import Chunk, Hit
from rag.schema import Checking, Delta, Found, Queued
from ui.conversations.export import to_markdown
from ui.conversations.progress import Progress, advance
from ui.strings import words_in
from ui.views import conversation, sources
from ui.views.extractive_answer import extract_line, extracted, in_sentence, sureness
from ui.views.progress import progress


def test_what_the_reader_found_stays_while_the_answer_is_written() -> None:
    extracted = extract("45 hộ nghèo")
    state = advance(
        Progress("còn hộ?", "searching", 0.0),
        Found("Còn hộ nào?", (extracted.hit,), extracted),
        1.0,
        stopping=False,
    )
    for event in (Queued(1), Delta("Giảm"), Checking()):
        state = advance(state, event, 2.0, stopping=False)
    assert (state.extract, state.standalone) == (extracted, "Còn hộ nào?")
    page = Page(progress(state, words_in("vi")))
    order = ["còn hộ?", "Hiểu câu hỏi là: Còn hộ nào?", "Bản nháp", "Giảm", "Đang đối chiếu với nguồn"]
    assert sorted(order, key=page.text.index) == order


def test_the_extract_stands_in_its_sentence_and_opens_its_source_once_it_is_kept() -> None:
    short = extract("45 hộ nghèo")
    live = Page(extracted(short, words_in("vi")))
    assert live.having("figure", class_="extract") and not live.having("button")
    assert live.having("span", class_="from")
    kept = extracted(short, words_in("vi"), 7)
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
    page = Page(conversation.exchange(with_it, words_in("en")))
    order = ["Huyện giảm bao nhiêu", "Searched for", "Extract87% sure", "45 hộ nghèo", "Giảm 45 hộ."]
    assert sorted(order, key=page.text.index) == order
    assert "figure" not in conversation.exchange(exchange("Giảm 45 hộ."), words_in("en"))
    refused = replace(with_it, answer=replace(with_it.answer, refused=True))
    assert "figure" not in conversation.exchange(refused, words_in("en"))


@pytest.mark.parametrize("quoting", [{"quoted": True}, {"quoted": True, "manner": "perhaps"}])
def test_beside_an_answer_that_only_quotes_stands_no_extract(quoting: dict[str, object]) -> None:
    item = exchange("Giảm 45 hộ.", extract=extract("45 hộ nghèo"), **quoting)
    assert "figure" not in conversation.exchange(item, words_in("vi"))
    assert "Trích" not in to_markdown("Hỏi", [item], words_in("vi"))


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
    extracted = extract("45 hộ nghèo", confidence=confidence)
    assert (sureness(extracted, words_in("vi")), sureness(extracted, words_in("en"))) == (vietnamese, english)


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
    short = extract("<b>**45**</b>", hit(article('Giảm **rất** "nhiều": <b>**45**</b> & hơn nữa.')))
    assert (
        "<blockquote>Giảm **rất** &quot;nhiều&quot;: "
        '<mark class="extracted">&lt;b&gt;**45**&lt;/b&gt;</mark> &amp; hơn nữa.</blockquote>'
        in extracted(short, words_in("en"))
    )


def test_an_extract_is_marked_inside_of_the_citation_that_holds_it() -> None:
    item = exchange("Giảm 45 hộ [1].", (), cited("huyện giảm 45 hộ nghèo."), extract=extract("45 hộ nghèo"))
    drawn = sources.sources(item, words_in("vi"), mark=1)
    assert (
        '<mark class="active" data-mark="1">huyện giảm <mark class="extracted">45 hộ nghèo</mark>.'
        '<sup aria-hidden="true">1</sup></mark> Tỷ lệ' in drawn
    )
    assert '<span class="badge">1</span><span class="badge">Trích</span>' in drawn


def test_an_extract_across_the_ends_of_citations_is_cut_there() -> None:
    both = (cited("Trong 9 tháng"), cited("giảm 45 hộ", mark=2))
    item = exchange("Có [1][2].", (), *both, extract=extract("tháng, huyện giảm 45 hộ nghèo"))
    drawn = sources.sources(item, words_in("vi"))
    marked = re.findall(r'<mark class="extracted">(.*?)</mark>', drawn)
    assert marked == ["tháng", ", huyện ", "giảm 45 hộ", " nghèo"]


def test_an_extract_across_paragraphs_is_marked_in_each() -> None:
    extracted = extract("1,29%.\n\nDiện tích")
    drawn = sources.found([extracted.hit], words_in("vi"), extracted)
    assert re.findall(r'<mark class="extracted">(.*?)</mark>', drawn) == ["1,29%.", "Diện tích"]


def test_the_list_of_what_was_just_found_shows_the_extract_in_the_whole_passage() -> None:
    part = Hit(Chunk(article(), 1, TEXT.index("Tỷ lệ"), len(TEXT)), 0.8, 1, 0.9, 0.5)
    drawn = sources.found([part, hit(rank=2)], words_in("vi"), extract("1,29%", part))
    assert '<div class="passage"><p>Tỷ lệ hộ nghèo còn <mark class="extracted">1,29%</mark>.</p>' in drawn
    assert drawn.count("passage clamp") == 1 and drawn.count("<mark") == 1
    assert "<mark" not in sources.found([part], words_in("vi"))


def test_a_passage_with_the_extract_alone_is_used_and_opens_there() -> None:
    other = hit(article("Chợ mới họp phiên đầu ngày 3.", id="cho.txt", title="Chợ mới"), rank=1)
    quoted, unused = hit(rank=2), hit(article("Tin khác.", id="tin.txt", title="Tin khác"), rank=3)
    item = exchange("45 hộ [1].", (), cited("45 hộ", found=quoted), extract=extract("ngày 3", other))
    item = replace(item, answer=replace(item.answer, passages=(other, quoted, unused)))
    page = Page(sources.sources(item, words_in("vi")))
    assert (
        page.text.index("Huyện Ba Sen")
        < page.text.index("Chợ mới")
        < page.text.index("Đoạn không được trích dẫn")
    )
    assert [one for one in page.having("details") if one.get("class") != "score"] == [{}]
    opened = sources.sources(item, words_in("vi"), rank=1)
    assert '<mark class="extracted active">ngày 3</mark>' in opened and opened.count("active") == 2
    whole = sources.whole_article(item, 1, other.chunk.article, words_in("vi"))
    assert '<mark class="extracted active">ngày 3</mark>' in whole and "around" not in whole


def test_an_extract_is_one_line_of_text() -> None:
    extracted = extract("1,29%.\n\nDiện tích", confidence=0.6)
    assert (
        extract_line(extracted, words_in("vi"))
        == "Trích: 1,29%. Diện tích — Huyện Ba Sen giảm nghèo (khá chắc, 60%)"
    )
    assert extract_line(extracted, words_in("en")).startswith("Extract: 1,29%. Diện tích — ")
