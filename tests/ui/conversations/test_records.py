"""Answers are kept as the passages that were read, and read back as they were written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from answer_maker import TEXT, answer, with_extract
from hypothesis import given
from hypothesis import strategies as st

from index.schema import Article, Chunk, Hit
from rag.schema import Citation, Extract
from ui.conversations.records import excerpt, from_json, to_fields, to_json


def test_an_excerpt_keeps_the_passage_and_the_quote_and_nothing_else() -> None:
    kept = excerpt(answer())
    [hit] = kept.passages
    assert (
        hit.chunk.text
        == hit.chunk.article.text
        == "Toàn huyện kết nạp 82 đảng viên mới. Hội nghị do ông An chủ trì."
    )
    assert kept.citations[0].quote == "kết nạp 82 đảng viên mới."
    assert kept.citations[0].hit == hit
    assert "Bí mật" not in to_json(kept)


@given(st.data())
def test_wherever_a_passage_and_its_quotes_lie_what_is_kept_says_the_same(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("aáđ 1.,\n"), min_size=1, max_size=60))

    def span(begin: int, end: int) -> tuple[int, int]:
        first, last = sorted(data.draw(st.tuples(st.integers(begin, end), st.integers(begin, end))))
        return first, last

    start, end = span(0, len(text))
    hit = Hit(Chunk(Article("a", "a.txt", "Tin", text), 0, start, end), 0.8, 1, 0.9, 0.5)
    quotes = [span(start, end) for _ in range(data.draw(st.integers(0, 3)))]
    citations = tuple(Citation(mark, hit, *quote, 0.9) for mark, quote in enumerate(quotes, 1))
    given_answer = replace(
        answer(), passages=(hit,), citations=citations, extract=Extract(hit, *span(start, end), 0.5)
    )
    kept = excerpt(given_answer)
    assert [one.quote for one in kept.citations] == [text[slice(*quote)] for quote in quotes]
    assert kept.extract is not None and given_answer.extract is not None
    assert kept.extract.text == given_answer.extract.text
    assert kept.passages[0].chunk.text == kept.passages[0].chunk.article.text == text[start:end]
    assert from_json(to_json(kept)) == kept


def test_an_answer_reads_back_as_it_was_written() -> None:
    kept = excerpt(replace(answer(), kind="count", remark="Năm ngoái là năm 2025.", still_reading=True))
    assert from_json(to_json(kept)) == kept
    before = {name: value for name, value in to_fields(kept).items() if name not in ("kind", "remark")}
    assert (from_json(json.dumps(before)).kind, from_json(json.dumps(before)).remark) == ("question", "")
    bare = replace(kept.passages[0].chunk.article, date=None, url=None, author=None, place=None)
    hit = replace(kept.passages[0], chunk=replace(kept.passages[0].chunk, article=bare))
    undated = replace(kept, passages=(hit,), citations=())
    assert from_json(to_json(undated)) == undated


def test_the_closest_sentence_of_a_refusal_is_kept_with_its_passage() -> None:
    given = with_extract("82 đảng viên")
    kept = excerpt(replace(given, refused=True, extract=None, closest=given.extract, passages=()))
    assert kept.closest is not None
    assert (kept.closest.text, kept.closest.hit) == ("82 đảng viên", kept.passages[0])
    assert from_json(to_json(kept)) == kept
    before = {name: value for name, value in to_fields(kept).items() if name != "closest"}
    assert from_json(json.dumps(before)).closest is None


@pytest.mark.parametrize("words", ["Toàn huyện", "82 đảng viên", "ở đoạn sau."])
def test_an_extract_is_kept_with_its_passage(words: str) -> None:
    kept = excerpt(with_extract(words))
    assert kept.extract is not None
    assert (kept.extract.text, kept.extract.hit) == (words, kept.passages[0])
    assert kept.extract.hit.chunk.start == 0
    again = from_json(to_json(kept))
    assert again == kept
    assert (again.confidence, again.extract) == (0.91, kept.extract)
    assert (again.short_span, again.short) == (kept.short_span, "82")


def test_an_extract_from_a_passage_that_was_not_listed_brings_it_along() -> None:
    kept = excerpt(replace(with_extract(), passages=answer().passages))
    assert kept.extract is not None and kept.extract.hit == kept.passages[1]
    assert from_json(to_json(kept)) == kept


def test_a_record_of_before_there_were_extracts_has_none() -> None:
    kept = excerpt(with_extract())
    fields = json.loads(to_json(kept))
    assert fields["extract"] == {
        "passage": 0,
        "start": TEXT.index("82") - TEXT.index("Toàn huyện"),
        "end": TEXT.index(" mới.") - TEXT.index("Toàn huyện"),
        "text": "82 đảng viên",
        "confidence": 0.87,
    }
    del fields["extract"], fields["confidence"], fields["reader"], fields["short_span"]
    before = replace(kept, extract=None, confidence=None, reader="", short_span=None)
    assert from_json(json.dumps(fields)) == before
