"""Passages tile their article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking import context, encoder_text, lexical_text, split
from index.ingest.document import Block, Document, Table
from index.ingest.document_to_article import to_article
from index.schema import Article
from index.tables import in_words
from index.text.normalise import normalise, sentence_spans


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def halves(texts: Sequence[str]) -> list[int]:
    """Count like a subword tokenizer: a long word weighs more."""
    return [sum(1 + len(word) // 4 for word in text.split()) for text in texts]


def article(text: str) -> Article:
    return Article("a.txt", "a.txt", "Tiêu đề", text)


def pieces(text: str, max_tokens: int) -> list[str]:
    return [chunk.text for chunk in split(article(text), words, max_tokens)]


@settings(deadline=None)  # the first cut imports the splitter
@given(
    st.text(st.one_of(st.characters(), st.sampled_from("aáđ bc.;,…!?\nĐT1 "))),
    st.integers(4, 40),
    st.sampled_from([words, halves]),
)
def test_chunks_tile_the_article(text: str, max_tokens: int, count: object) -> None:
    made = article(normalise(text))
    count_tokens = words if count is words else halves
    place = 0
    for position, chunk in enumerate(split(made, count_tokens, max_tokens)):
        assert chunk.position == position
        assert chunk.text == chunk.text.strip() != ""
        assert not made.text[place : chunk.start].strip()
        assert count_tokens([chunk.text])[0] <= max_tokens
        place = chunk.end
    assert not made.text[place:].strip()


@given(st.lists(st.integers(1, 12), min_size=1, max_size=30))
def test_chunks_end_where_sentences_end(lengths: list[int]) -> None:
    text = " ".join(("Một " + "hai " * (length - 1)).strip() + "." for length in lengths)
    ends = {end for _, end in sentence_spans(text)}
    assert all(chunk.end in ends for chunk in split(article(text), words, 20))


def test_paragraphs_stay_whole_where_they_fit() -> None:
    first = "Một hai ba bốn. Năm sáu bảy tám."
    second = "Chín mười một hai. Ba bốn năm sáu."
    assert pieces(f"{first}\n\n{second}", 10) == [first, second]
    assert pieces(f"{first}\n\n{second}", 20) == [f"{first}\n\n{second}"]


def test_any_number_of_empty_lines_ends_a_paragraph() -> None:
    first, second = "Một hai ba bốn.", "Năm sáu bảy tám."
    assert pieces(f"{first}\n\n\n\n{second}", 20) == [f"{first}\n\n\n\n{second}"]
    assert pieces(f"{first}\n\n\n\n{second}", 5) == [first, second]


def test_a_byline_and_a_heading_do_not_stand_alone() -> None:
    body = "Hội nghị bàn việc trồng rừng gỗ lớn. Các xã đã nhận đủ cây giống."
    assert pieces(f"{body}\n\nThanh Vân", 16)[-1].endswith("giống.\n\nThanh Vân")
    chunks = pieces(f"{body}\n\nKết quả chính\n\n{body}", 18)
    assert not any(chunk.endswith("Kết quả chính") for chunk in chunks)


def test_a_tail_that_does_not_fit_takes_a_sentence_with_it() -> None:
    text = "Một hai ba bốn. Năm sáu bảy tám.\n\nThanh Vân"
    assert pieces(text, 9) == ["Một hai ba bốn.", "Năm sáu bảy tám.\n\nThanh Vân"]


def test_a_long_sentence_is_cut_at_clauses_then_words() -> None:
    assert pieces("Một hai ba; bốn năm sáu; bảy tám chín.", 5) == [
        "Một hai ba;",
        "bốn năm sáu;",
        "bảy tám chín.",
    ]
    assert pieces("một hai ba bốn năm sáu bảy", 5) == ["một hai ba", "bốn năm sáu bảy"]


def test_counting_is_batched() -> None:
    calls: list[int] = []

    def counting(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return words(texts)

    split(article("Một câu ngắn. " * 50), counting, 20)
    assert calls == [50]


def test_empty_article_has_no_chunk() -> None:
    assert split(article(""), words, 10) == []
    assert split(article(" \n "), words, 10) == []


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (Article("a", "a", "Hội nghị", "x"), "Hội nghị"),
        (
            Article("a", "a", "Hội nghị", "x", date(2020, 10, 5), place="huyện Ba Sen"),
            "Hội nghị | huyện Ba Sen | 5/10/2020",
        ),
    ],
)
def test_context(made: Article, line: str) -> None:
    assert context(made) == line


def long_table() -> Article:
    rows = [("Thôn", "Hộ nghèo", "Hộ cận nghèo")]
    rows += [(f"Lũng {n}", str(n), str(2 * n)) for n in range(1, 31)]
    return to_article(Document((Block("table", table=Table(tuple(rows))),)), "a.docx", "a.docx")


def test_a_long_table_is_cut_between_rows_and_every_row_is_understood() -> None:
    made = long_table()
    chunks = split(made, words, 60)
    lines = made.text.split("\n")
    assert [line for chunk in chunks for line in chunk.text.split("\n")] == lines
    assert len(chunks) > 3
    last = encoder_text(chunks[-1]).split("\n")
    assert last[-1] == "Thôn: Lũng 30; Hộ nghèo: 30; Hộ cận nghèo: 60"
    assert all(line.startswith("Thôn: ") for line in last[1:])
    assert lexical_text(chunks[-1]).split("\n")[1] == lines[0]
    assert lexical_text(chunks[0]).split("\n")[1:] == chunks[0].text.split("\n")
    assert all(words([encoder_text(chunk).split("\n", 1)[1]])[0] <= 60 for chunk in chunks)


def test_merged_headers_and_empty_cells_in_words() -> None:
    table = Table(
        (
            ("Xã", "Năm 2020", "Năm 2020", "Ghi chú"),
            ("Xã", "Hộ nghèo", "Hộ cận nghèo", "Ghi chú"),
            ("Khe Mây", "45", "45", ""),
            ("Tổng", "7", "7", "tạm tính. Chưa duyệt"),
        ),
        header_rows=2,
    )
    made = to_article(
        Document((Block("paragraph", "Số hộ."), Block("table", table=table), Block("paragraph", "Hết."))),
        "a",
        "a",
    )
    (chunk,) = split(made, words, 200)
    assert encoder_text(chunk).split("\n")[1:] == [
        "Số hộ.",
        "",
        "Xã: Khe Mây; Năm 2020 – Hộ nghèo: 45; Năm 2020 – Hộ cận nghèo: 45",
        "Xã: Tổng; Năm 2020 – Hộ nghèo: 7; Năm 2020 – Hộ cận nghèo: 7; Ghi chú: tạm tính. Chưa duyệt",
        "",
        "Hết.",
    ]
    assert [piece.text for piece in split(made, words, 21)][1:] == [
        "Khe Mây | 45 | 45 |",
        "Tổng | 7 | 7 | tạm tính. Chưa duyệt\n\nHết.",
    ]


def test_words_of_a_row_know_their_cells_in_the_article() -> None:
    (chunk,) = split(long_table(), words, 2000)
    worded = in_words(chunk)
    row = "Thôn: Lũng 7; Hộ nghèo: 7; Hộ cận nghèo: 14"
    begin = worded.text.index(row)
    text = chunk.article.text

    def stands(piece: str) -> str:
        at = begin + row.index(piece)
        return text[slice(*worded.place(at, at + len(piece)))]

    assert stands(row) == "Lũng 7 | 7 | 14"
    assert stands("14") == "14"
    assert stands("Lũng 7; Hộ nghèo: 7") == "Lũng 7 | 7"
    assert stands("Hộ cận nghèo") == ""


def test_chunks_of_short_lines_are_few_and_full() -> None:
    """Of 40 lines of two words each and 20 words a chunk none is cut, and four chunks of ten lines cost least."""
    text = "\n".join("Thôn Lũng." for _ in range(40))
    assert [len(piece.split("\n")) for piece in pieces(text, 20)] == [10, 10, 10, 10]
