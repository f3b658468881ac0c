"""Whether sentences of several articles tell the same."""

from __future__ import annotations

import pytest

from index.schema import Article, Chunk, Hit
from rag.multi_article.gather_evidence import same_information
from rag.schema import Evidence


def evidence(text: str, words: str) -> Evidence:
    hit = Hit(Chunk(Article("a", "a", "Hội thi", text), 0, 0, len(text)), 1.0, 1, 1.0, 1.0)
    start = text.index(words)
    place = (start, start + len(words))
    return Evidence(hit, 0, len(text), text, place, place, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Xã Khe Mây có 5 đội.", "5"), ("Xã Lũng Pù có 15 đội.", "15"), False),
        (("Giảm còn 8% hộ nghèo.", "8%"), ("Giảm còn 8,5% hộ nghèo.", "8,5%"), False),
        (("Xã có 5 đội.", "5"), ("Có tất cả 5 đội dự thi.", "5 đội"), True),
        (("Chi 1,5 tỷ đồng.", "1,5 tỷ đồng"), ("Chi 1.500 triệu đồng.", "1.500 triệu đồng"), True),
        (("Ông An chủ trì.", "Ông An"), ("Hội nghị do ông An chủ trì.", "ông An"), True),
    ],
)
def test_the_same_is_told_by_whole_words_or_values(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    assert same_information(evidence(*one), evidence(*other)) is same
    assert same_information(evidence(*other), evidence(*one)) is same
