"""The place an article is about, from patterns and counts."""

from __future__ import annotations

import pytest

from index.ingest.metadata.place import find_place

LONG = "Hội nghị đánh giá kết quả công tác của huyện trong năm qua và bàn nhiệm vụ của huyện trong thời gian tới. "


@pytest.mark.parametrize(
    ("title", "lines", "office", "place"),
    [
        ("Hội nghị", ["Huyện ủy Kim Sen xác định nhiệm vụ. Huyện ủy Kim Sen họp."], "", "huyện Kim Sen"),
        ("Hội nghị", ["UBND huyện Ba Sen họp, UBND huyện Ba Sen kết luận."], "", "huyện Ba Sen"),
        ("Thị ủy Đồng Mai họp", ["Nhiều việc."], "", "thị xã Đồng Mai"),
        ("Giá đất", ["Quận 3 và TP. Hoa Lư họp. TP. Hoa Lư kết luận."], "", "thành phố Hoa Lư"),
        (
            "Xã Khe Sim đón bằng",
            ["Xã Khe Sim, huyện Yên Sen. Huyện Yên Sen mừng."],
            "",
            "xã Khe Sim, huyện Yên Sen",
        ),
        ("Kỳ họp", [LONG * 3], "Trung tâm TT&VH Ba Sen", "huyện Ba Sen"),
        ("Tân Sen: Gỡ khó", [LONG * 3], "", "huyện Tân Sen"),
        ("Giao ban", [LONG * 3 + "Xã Hương Sen và Thị trấn Vũ Sen sáp nhập."], "", "huyện Vũ Sen"),
        ("Giao ban", [LONG * 3 + "Xã Quân Sen và xã Cẩm Sen làm tốt. Xã Quân Sen đứng đầu."], "", None),
        ("Nghệ An: Bắt cướp", [LONG * 3], "", None),  # a province, no district
        ("Tổng kết", [LONG + "Chủ tịch UBND huyện Đặng Hữu Phước chủ trì. Ông Phước kết luận."], "", None),
        ("Tin", ["Bí thư Huyện ủy Lê Sen đến dự. Bí thư Huyện ủy Lê Sen chúc mừng."], "", None),
        (
            "Tin",
            ["Chủ tịch UBND thành phố Hồ Chí Minh họp. Thành phố Hồ Chí Minh mưa."],
            "",
            "thành phố Hồ Chí Minh",
        ),
        ("Tin", ["Xã Tân Sen trồng chè. Xã Tân Sen bán chè."], "", "xã Tân Sen"),
        ("Tin", ["Tỉnh Hoa Sen có bão, tỉnh Hoa Sen cứu dân."], "", "tỉnh Hoa Sen"),
        ("Tin", ["Huyện Hoa Sen và huyện Hoa Mai thi bóng chuyền."], "", None),
        ("Tin thế giới", ["Tổng thống Mỹ thăm Nga."], "", None),
        ("Báo cáo rà soát", ["UBND HUYỆN YÊN SEN", "PHÒNG LAO ĐỘNG", "Có 45 hộ."], "", "huyện Yên Sen"),
        ("Báo cáo rà soát", ["ĐẢNG BỘ TỈNH QUẢNG SEN", "HUYỆN ỦY BA SEN"], "", "huyện Ba Sen"),
        ("Báo cáo rà soát", ["ỦY BAN NHÂN DÂN XÃ KHE SEN BAN CHỈ ĐẠO HÈ", "Có 45 hộ."], "", None),
    ],
)
def test_place(title: str, lines: list[str], office: str, place: str | None) -> None:
    assert find_place(title, [title, *lines], office) == place


def test_a_passing_mention_is_not_the_place() -> None:
    assert find_place("Giá vàng tăng", ["Giá vàng tăng mạnh. Một người ở huyện Ba Sen mua vàng."]) is None
