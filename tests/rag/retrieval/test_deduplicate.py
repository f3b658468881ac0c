"""Passages of one form that differ in what matters are all found; copies are found once."""

from __future__ import annotations

from datetime import date

import pytest

from index.schema import Article, Chunk, Hit
from rag.retrieval.deduplicate import deduplicate

REPORT = (
    "Thực hiện kế hoạch của UBND huyện Yên Hạ về việc rà soát hộ nghèo, UBND xã {x} đã thành lập ban chỉ đạo, tổ chức "
    "tập huấn cho điều tra viên, niêm yết công khai danh sách tại nhà văn hóa các thôn và họp dân để bình xét. "
    "Cuối năm {y} toàn xã {x} còn {n} hộ nghèo, chiếm tỷ lệ {p}% tổng số hộ dân của xã."
)


def hit(
    text: str, title: str = "Báo cáo rà soát hộ nghèo", day: date | None = None, place: str | None = None
) -> Hit:
    article = Article(f"{hash((text, title, day, place))}", "a.txt", title, text, day, place=place)
    return Hit(Chunk(article, 0, 0, len(text)), 1.0, 1, 0.9, 0.5)


def test_reports_of_several_places_and_years_are_all_found() -> None:
    rows = [("Khe Mây", 2019, 45, "4,5"), ("Khe Mây", 2020, 38, "3,8"), ("Suối Đá", 2020, 77, "6,7")]
    hits = [hit(REPORT.format(x=x, y=y, n=n, p=p)) for x, y, n, p in rows]
    assert deduplicate(hits, 5) == hits
    assert deduplicate(hits, 2) == hits[:2]


@pytest.mark.parametrize(
    "other",
    [
        hit(REPORT, title="Báo cáo rà soát hộ nghèo năm 2021"),
        hit(REPORT, day=date(2021, 1, 2)),
        hit(REPORT, place="xã Suối Đá"),
        hit(REPORT.replace("Yên Hạ", "Ba Sen")),
    ],
)
def test_one_difference_is_enough(other: Hit) -> None:
    assert len(deduplicate([hit(REPORT), other], 5)) == 2


def test_a_copy_is_found_once_though_a_word_is_other() -> None:
    text = REPORT.format(x="Khe Mây", y=2020, n=38, p="3,8")
    hits = [hit(text), hit(text), hit(text.replace("đã thành lập", "vừa thành lập"))]
    assert deduplicate(hits, 5) == hits[:1]
