"""Boilerplate of the page goes, the article stays, and what it tells about itself is found."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest

from index.ingest.document import Block, Document, Metadata, Place, Removed, Table
from index.ingest.document_to_article import to_article
from index.ingest.plain import text_blocks
from index.schema import Article
from index.text.normalise import normalise


def clean(raw: str, title: str = "", published: str = "") -> Article:
    """Read a text as that of a crawled page."""
    document = Document(tuple(text_blocks(raw)), Metadata(title=title, date=published))
    return to_article(document, "a.txt", "a.txt", crawled=True)


BODY = (
    "Ngày 14/10, Ban Chấp hành Đảng bộ huyện Ba Sen họp phiên thứ ba để đánh giá kết quả 9 tháng đầu năm. "
    "Đồng chí Nguyễn Văn An, Bí thư Huyện ủy chủ trì."
)
PAGE = f"""Số lượt truy cập

EmailPrintAa

Xây dựng Đảng

Huyện Ba Sen triển khai nhiệm vụ quý IV

quantri gửi vào T5, 2020-10-15 08:00

{BODY}

 Quang cảnh  hội nghị.

Tổng thu ngân sách đạt 30 tỷ đồng, bằng 84,3% dự toán./.

Bình Minh/Trung tâm TT&VH Ba Sen


Tìm kiếm theo chuyên mục - nội dung - ngày tháng

Tin Nóng
Tin tiêu điểm

Lịch công tác trống

Website liên kết
Thống kê truy cập
Hôm nay: 2023
Đã truy cập: 6581658

Rss"""


def test_a_crawled_page() -> None:
    cleaned = clean(PAGE)
    assert cleaned.text == (
        "Huyện Ba Sen triển khai nhiệm vụ quý IV\n\n"
        f"{BODY}\n\n"
        "Quang cảnh hội nghị.\n\n"
        "Tổng thu ngân sách đạt 30 tỷ đồng, bằng 84,3% dự toán./.\n\n"
        "Bình Minh/Trung tâm TT&VH Ba Sen"
    )
    assert cleaned.title == "Huyện Ba Sen triển khai nhiệm vụ quý IV"
    assert cleaned.date == date(2020, 10, 15)
    assert cleaned.author == "Bình Minh"
    assert cleaned.place == "huyện Ba Sen"


@pytest.mark.parametrize(
    "line",
    [
        "EmailPrintAa",
        "Rss",
        "Tin tiêu điểm",
        "Tìm kiếm theo chuyên mục - nội dung - ngày tháng",
        "Lịch công tác trống",
        "Website liên kết",
        "Thống kê truy cập",
        "Số lượt truy cập",
        "Đã truy cập: 6581658",
        "Đang online: 12",
        "Lượt xem: 350",
        "Chia sẻ bài viết",
        "Facebook Twitter Zalo",
        "Trang chủ » Tin tức » Kinh tế",
        "Bản in",
        "A- A+",
        "Quay lại trang trước",
        "Gửi bình luận",
    ],
)
def test_boilerplate_goes_wherever_it_stands_in_a_page_that_shows_more_of_it(line: str) -> None:
    page = clean(f"Tên bài\n\n{BODY}\n\n{line}\n\n{BODY}\n\nEmailPrintAa\n\nĐang online: 7")
    assert page.text == f"Tên bài\n\n{BODY}\n\n{BODY}"
    assert [item.text for item in page.removed] == [line, "EmailPrintAa", "Đang online: 7"]
    assert {item.reason for item in page.removed} == {"boilerplate"}


@pytest.mark.parametrize("line", ["Rss", "Bản in", "Đang online: 12", "Thống kê truy cập"])
def test_one_sign_alone_is_left_in_the_text(line: str) -> None:
    text = f"Tên bài\n\n{BODY}\n\n{line}"
    assert (clean(text).text, clean(text).removed) == (text, ())


@pytest.mark.parametrize(
    "line",
    ["Liên hệ", "Giới thiệu", "Video", "Dự án", "Tin tức", "Thông báo", "Hôm nay: 1.207", "Tổng số: 87"],
)
def test_words_that_are_also_content_go_only_between_boilerplate_and_an_end(line: str) -> None:
    assert clean(f"{line}\n\nEmailPrintAa\n\n{BODY}\n\n{BODY}\n\nRss\n\n{line}").text == f"{BODY}\n\n{BODY}"
    assert line in clean(f"EmailPrintAa\n\n{BODY}\n\n{line}\n\n{BODY}\n\nRss").text
    assert line in clean(f"{line}\n\n{BODY}").text


@pytest.mark.parametrize(
    "text",
    [
        "THÔNG BÁO\nUBND xã Khe Mây\nVề việc tạm ngừng cấp nước\n\nXã tạm ngừng cấp nước từ 8 giờ.",
        "Kết quả rà soát hộ nghèo\n\nThôn Nà Pục: 30\n\nThôn Bản Vàng: 12\n\nTổng số: 87\n\nToàn xã giảm.",
        "Biên bản họp\n\nThành viên: 14\n\nKhách: 6\n\nTổng: 20\n\nCuộc họp bàn về phương án sơ tán 36 hộ dân.",
        "LỊCH CÔNG TÁC\nTuần 26 năm 2021\n\nThứ hai, chủ tịch UBND xã tiếp công dân tại trụ sở.",
        "Danh bạ\n\nLiên kết\n\nHội Nông dân huyện: 0203 555 200\n\nHòm thư\n\nTài liệu",
        f"Hướng dẫn vay vốn\n\n{BODY}\n\nLiên quan\n\nGiấy tờ: căn cước\n\nMức vay: 100 triệu đồng\n\nLãi suất: 6,6%",
        f"Hướng dẫn vay vốn\n\n{BODY}\n\nTin liên quan\n\nGiấy tờ: căn cước\n\nMức vay: 100 triệu đồng",
    ],
)
def test_office_texts_whose_lines_look_like_boilerplate_stay_whole(text: str) -> None:
    article = clean(text)
    assert (article.text, article.removed) == (text, ())


def test_a_list_of_other_articles_goes() -> None:
    others = "Các tin khác\n- Đại hội Đoàn xã Tân An (12/10)\n- Khai giảng năm học mới (5/9)"
    assert clean(f"{BODY}\n\n{others}").text == BODY
    text = f"{BODY}\n\nTin liên quan\n\nHuyện sẽ họp tiếp vào tuần sau để bàn việc này."
    assert clean(text).text == text


def test_tables_and_lists_stay() -> None:
    text = f"# Kết quả\n\n{BODY}\n\n| Năm | Thu |\n|---|---|\n| 2019 | 72,4 |\n\n- một;\n- hai."
    assert clean(text).text == text


def test_spaces_and_wrapped_lines() -> None:
    assert clean("Hội  nghị\u00a0 họp .\n\n\n\n\nXong.").text == "Hội nghị họp .\n\nXong."
    wrapped = "Từ đầu năm đến nay toàn huyện đã kết nạp tám mươi hai\nđảng viên mới, đạt kế hoạch.\nDòng mới."
    assert clean(wrapped).text == wrapped.replace("hai\nđảng", "hai đảng")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"# Tái canh cà phê\n\n{BODY}", "Tái canh cà phê"),
        (f"Huyện tổng kết công tác thu\n\n15/10/2020 08:00\n\n{BODY}", "Huyện tổng kết công tác thu"),
        (
            f"Kinh tế\n\nHuyện Ba Sen tổng kết công tác thu ngân sách\n\n{BODY}",
            "Huyện Ba Sen tổng kết công tác thu ngân sách",
        ),
        (
            f"Các đồng chí lãnh đạo chủ trì hội nghị.\n\n{BODY}",
            "Ngày 14/10, Ban Chấp hành Đảng bộ huyện Ba Sen họp phiên thứ ba để đánh giá kết quả 9 tháng đầu năm",
        ),
        (
            f"Chú thích ảnh.\n\nSau {BODY}",
            "Sau Ngày 14/10, Ban Chấp hành Đảng bộ huyện Ba Sen họp phiên thứ ba để đánh giá kết quả 9 tháng đầu…",
        ),
        ("Bài rất ngắn.", "Bài rất ngắn"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert clean(text).title == title


def test_a_short_title_is_no_rubric_without_furniture_before_it() -> None:
    text = f"Trồng rừng ở Ba Sen\n\nĐồng chí Nguyễn Văn An kiểm tra việc trồng rừng\n\n{BODY}"
    assert (clean(text).title, clean(text).text) == ("Trồng rừng ở Ba Sen", text)
    crawled = clean(
        f"EmailPrintAa\n\nThứ hai, 19/11/2018\n\nKinh tế - Xã hội\n\nHuyện Ba Sen tổng kết việc thu\n\n{BODY}"
    )
    assert crawled.title == "Huyện Ba Sen tổng kết việc thu"
    assert crawled.text.startswith("Thứ hai, 19/11/2018\n\nHuyện Ba Sen")
    assert crawled.date == date(2018, 11, 19)


def test_a_given_title_is_kept_and_no_line_is_taken_for_one() -> None:
    cleaned = clean(f"Tin tức\n\nMột dòng không dấu chấm\n\n{BODY}", "Tên của hàng")
    assert cleaned.title == "Tên của hàng"
    assert cleaned.text == f"Tin tức\n\nMột dòng không dấu chấm\n\n{BODY}"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("15/10/2020 08:00", date(2020, 10, 15)),
        ("quantri gửi vào T3, 2018-06-26 10:31", date(2018, 6, 26)),
        ("Thứ hai, 19/11/2018", date(2018, 11, 19)),
        ("*Ngày 6 tháng 4 năm 2023*", date(2023, 4, 6)),
        ("Ngày đăng: 05/9/2022", date(2022, 9, 5)),
        ("Sáng 14/8/2019, Huyện ủy họp bàn việc sáp nhập thôn.", date(2019, 8, 14)),
        ("Khoảng 1 giờ 40 phút sáng 22/3/2021, xưởng gỗ bốc cháy.", date(2021, 3, 22)),
        ("Hội nghị tháng 11/2018\n\nSáng ngày 2/11, Thường trực Huyện ủy họp.", date(2018, 11, 2)),
        ("Sáng 2/11, Thường trực Huyện ủy họp bàn việc năm 2018.", None),  # that year is not told of that day
        ("Thực hiện Nghị quyết số 21/NQ-HĐND ngày 12/7/2019 của HĐND tỉnh.", None),
        ("Ông sinh ngày 5/3/1960 tại xã Tân An.", None),
        ("Ngày 31/2/2019, huyện họp.", None),
        ("Ngày 05/7/2021, 7h30 - 11h00\n\nThôn Lũng Cao của xã Khe Mây.", None),
        ("Ngày khai mạc: ngày 14 tháng 2 năm 2022.", None),
        ("Xã tạm ngừng cấp nước từ 8 giờ đến 17 giờ ngày 12/3/2021 tại thôn Lũng Cao.", None),
        ("Đợt tiêm chủng có 1.250 trẻ em tham gia. Ngày 3/2/2017, huyện đã tiêm đợt đầu tiên.", None),
        ("Ngày 20/7/2021, Điện lực Yên Hạ sẽ ngừng cấp điện để bảo dưỡng đường dây.", None),
        ("Lịch tiêm chủng\n\nNgày 20/7/2021, trạm y tế xã tiêm cho trẻ của thôn Nà Pục.", None),
        ("Ngày 5/7/2021, đoàn thăm xã Khe Mây.\n\nNgày 6/7/2021, đoàn thăm xã Suối Đá.", None),
        ("Không nói ngày nào.", None),
    ],
)
def test_date(head: str, day: date | None) -> None:
    assert clean(f"{head}\n\nHội nghị bàn nhiều việc quan trọng.").date == day


def test_a_day_line_of_the_reporter_stays_and_the_stamp_of_the_page_goes() -> None:
    assert "19/11/2018" in clean(f"Tên bài viết\n\nThứ hai, 19/11/2018\n\n{BODY}").text
    assert "08:00" not in clean(f"Tên bài viết\n\n19/11/2018 08:00\n\n{BODY}").text


@pytest.mark.parametrize(
    ("tail", "author"),
    [
        ("an toàn lao động…\n\nThanh Vân", "Thanh Vân"),
        ("trong thời gian tới.\n\nBích Hường – Quốc Lập", "Bích Hường – Quốc Lập"),
        ("của địa phương./.\n\nBình Minh/Trung tâm TT&VH Ba Sen", "Bình Minh"),
        ("đã xong.\n\nMinh Trí - Đài Truyền thanh huyện", "Minh Trí"),
        ("đã xong.\n\nThanh Hà - Phòng GD-ĐT", "Thanh Hà"),
        ("đã xong.\n\nBài, ảnh: Thu Hằng", "Thu Hằng"),
        ("đã xong.\n\n*Bài và ảnh: Thanh Ngần*", "Thanh Ngần"),
        ("cho năm học mới.Trọng Nghĩa", "Trọng Nghĩa"),
        ("là xã Hòa Lẫm.Hồng Điệp - Văn Sáng", "Hồng Điệp - Văn Sáng"),
        ("nghĩa cử đẹp. Y Thảo", "Y Thảo"),
        ("của người nghệ sĩ… KHÁNH LINH", "Khánh Linh"),
        ("Hội nghị kết thúc lúc 17 giờ.", None),
        ("đã xong. Theo Dân Trí", None),
        ("đã xong.\n\n(Ảnh: Khám phá)", None),
        ("thăm các gia đình ở xã Tân An", None),
        ("món quà.\n\nDanh sách nhận quà:\nVàng Thị Sơ\nGiàng A Páo", None),
        ("món quà.\n\nThanh Vân\nMinh Trí", "Minh Trí"),
    ],
)
def test_author(tail: str, author: str | None) -> None:
    cleaned = clean(f"{BODY}\n\nNgười dân phấn khởi với {tail}")
    assert cleaned.author == author
    assert cleaned.text.endswith(tail)  # the byline is evidence and stays


def test_the_line_below_a_title_tells_who_wrote_a_piece() -> None:
    piece = clean(f"Nước về bản\n\nGhi chép của Đinh Hoàng Vũ\n\n{BODY}\n\nNgười dân phấn khởi.")
    assert (piece.title, piece.author) == ("Nước về bản", "Đinh Hoàng Vũ")
    assert "Ghi chép của Đinh Hoàng Vũ" in piece.text
    assert clean(f"Nước về bản\n\nBài học của Đinh Hoàng Vũ\n\n{BODY}").author is None


def test_what_the_file_tells_goes_first() -> None:
    cleaned = clean(PAGE, "Tên", "2/1/2019")
    assert (cleaned.title, cleaned.date) == ("Tên", date(2019, 1, 2))


def test_cleaning_again_changes_nothing() -> None:
    once = clean(PAGE)
    assert clean(once.text).text == once.text


SEEDS = {
    "000_0038d8a8b541bb04.txt": (None, "Thanh Vân", "huyện Kim Bảng", 0),
    "001_f37f77b70096dbf0.txt": (date(2018, 6, 26), "Quỳnh Nga", "huyện Lục Ngạn", 1),
    "002_89987b1a15d4823c.txt": (date(2020, 10, 15), "Bình Minh", "huyện Ba Chẽ", 9),
    "003_496afb3d47ab2f5b.txt": (date(2016, 3, 23), None, None, 0),
    "004_a0de1b520c185285.txt": (date(2018, 11, 2), "Bích Hường – Quốc Lập", "huyện Vũ Quang", 4),
}


@pytest.mark.parametrize("name", SEEDS)
def test_real_pages_lose_their_furniture_and_nothing_else(shared_folder: Path, name: str) -> None:
    raw = (shared_folder / "corpus" / "seeds" / name).read_text(encoding="utf-8")
    day, author, place, furniture_lines = SEEDS[name]
    cleaned = clean(raw)
    assert (cleaned.date, cleaned.author, cleaned.place) == (day, author, place)
    before = [re.sub(" +", " ", line).strip() for line in normalise(raw).split("\n") if line.strip()]
    after = [line for line in cleaned.text.split("\n") if line]
    lost = [line for line in before if line not in after]
    assert len(lost) == len(before) - len(after) == furniture_lines
    assert all(len(line) < 60 and not line.endswith((".", "…")) for line in lost)


def test_titles_of_real_pages(shared_folder: Path) -> None:
    titles = [
        clean(path.read_text(encoding="utf-8")).title
        for path in sorted((shared_folder / "corpus/seeds").iterdir())
    ]
    assert titles == [
        "Quý III, Ban Thường vụ, Ban Chấp hành Đảng bộ huyện đã lãnh đạo, chỉ đạo các cấp, ngành, địa phương…",
        "Huyện ủy Lục Ngạn sơ kết giữa nhiệm kỳ thực hiện Nghị quyết Đảng các cấp",
        "Ban Chấp hành Đảng bộ huyện triển khai nhiệm vụ trọng tâm 3 tháng cuối năm 2020",
        "Hội nghị Giao ban khối xã, thị trấn tháng 3 năm 2016",
        "Thường trực Huyện ủy giao ban công tác xây dựng Đảng tháng 11/2018",
    ]


@pytest.mark.slow
def test_ordinary_news_keeps_every_word(shared_folder: Path) -> None:
    with gzip.open(shared_folder / "corpus" / "news.jsonl.gz", "rt", encoding="utf-8") as rows:
        sample = [json.loads(row) for _, row in zip(range(600), rows, strict=False)]
    for row in sample:
        assert clean(row["text"], row["title"]).text.split() == normalise(row["text"]).split(), row["id"]


def test_rows_of_a_table_are_lines_and_their_cells_are_found_again() -> None:
    table = Table(
        (
            ("Xã", "Hộ nghèo", "Hộ cận nghèo", "Hộ thoát nghèo"),
            ("Khe Mây", "45", "45", "12"),
            ("Bản Vàng", "", "", "7"),
            ("", "", "", ""),
            ("", "10\n20", "Suối\nvà khe", "10"),
        )
    )
    blocks = (
        Block("paragraph", "Số hộ", place=Place(page=1)),
        Block("table", table=table, place=Place(sheet="2020", row=3)),
    )
    article = to_article(Document(blocks), "a.docx", "a.docx")
    assert article.text == (
        "Số hộ\n\nXã | Hộ nghèo | Hộ cận nghèo | Hộ thoát nghèo\nKhe Mây | 45 | 45 | 12\nBản Vàng |  |  | 7\n"
        "| 10; 20 | Suối và khe | 10"
    )
    (stored,) = article.tables
    cells = [[article.text[start:end] for start, end in row] for row in stored.rows]
    assert cells[1:] == [
        ["Khe Mây", "45", "45", "12"],
        ["Bản Vàng", "", "", "7"],
        ["", "10; 20", "Suối và khe", "10"],
    ]
    assert (article.mark_at(0).place, article.mark_at(4).place) == (Place(page=1), Place(page=1))
    last = article.mark_at(len(article.text) - 1).place
    assert (last.sheet, last.row) == ("2020", 7)  # the fifth row of a table that begins in row 3


def test_a_date_that_is_not_understood_is_told_and_not_replaced() -> None:
    article = clean(f"Tên bài viết\n\n{BODY} Sáng 14/8/2019, Huyện ủy họp.", published="hôm kia")
    assert article.date is None
    assert article.removed == (Removed("hôm kia", "date-not-understood"),)


def test_the_two_columns_over_an_official_letter_are_no_table() -> None:
    head = Table(
        (
            (
                "ỦY BAN NHÂN DÂN\nHUYỆN YÊN HẠ\n-------",
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
            ),
            ("Số: 412/QĐ-UBND", "Yên Hạ, ngày 05 tháng 3 năm 2021"),
        )
    )
    lines = [
        "QUYẾT ĐỊNH",
        "Về việc giao đất làm nhà văn hóa thôn Lũng Cao",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN YÊN HẠ",
    ]
    blocks = (Block("table", table=head), *(Block("paragraph", line) for line in lines))
    article = to_article(Document(blocks), "a.docx", "a.docx")
    assert article.title == "Quyết định 412/QĐ-UBND về việc giao đất làm nhà văn hóa thôn Lũng Cao"
    assert (article.number, article.date, article.tables) == ("412/QĐ-UBND", date(2021, 3, 5), ())
    assert article.text.startswith("ỦY BAN NHÂN DÂN\nHUYỆN YÊN HẠ\nCỘNG HÒA")


def test_a_kind_alone_is_no_title_and_no_author() -> None:
    notice = clean(
        "THÔNG BÁO\nUBND xã Khe Mây\nVề việc tạm ngừng cấp nước sinh hoạt\n\nXã tạm ngừng cấp nước."
    )
    assert notice.title == "Thông báo về việc tạm ngừng cấp nước sinh hoạt"
    assert notice.text.startswith("THÔNG BÁO\nUBND xã Khe Mây\nVề việc")
    assert clean(f"Nghị quyết\n\n{BODY}\n\nTHÔNG BÁO\n\nDự án").author is None


@pytest.mark.parametrize(
    ("raw", "title", "day"),
    [
        ("UBND HUYỆN YÊN HẠ     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nPHÒNG Y TẾ         Độc lập - Tự do - Hạnh phúc\n"
         "Số: 88/BC-YT        Yên Hạ, ngày 30 tháng 6 năm 2021\n\nBÁO CÁO\nTình hình tiêm chủng\n\nĐạt 97,5%.",
         "Báo cáo 88/BC-YT: Tình hình tiêm chủng", date(2021, 6, 30)),
        ("Số: 15/KH-UBND\n\nKẾ HOẠCH\nPhòng chống dịch tả lợn\n\nXã tiêm 3.500 liều.",
         "Kế hoạch 15/KH-UBND: Phòng chống dịch tả lợn", None),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nQUYẾT ĐỊNH\nVề việc giao đất\n\nĐiều 1.",
         "Quyết định về việc giao đất", None),
        ("TRƯỜNG THCS KHE MÂY\n\nTHÔNG BÁO TUYỂN SINH\n\nNhà trường tuyển sinh 120 học sinh lớp 6.",
         "THÔNG BÁO TUYỂN SINH", None),
        ("BIÊN BẢN HỌP THÔN\n\nHôm nay, ngày 12 tháng 5 năm 2021, tại thôn Lũng Cao, chúng tôi gồm:\n\n1. Ông Páo",
         "BIÊN BẢN HỌP THÔN", date(2021, 5, 12)),
        ("Yên Hạ, 12/3/2021\n\nThông báo cắt điện\n\nĐiện lực cắt điện thôn Lũng Cao trong sáu giờ.",
         "Thông báo cắt điện", None),
    ],
)  # fmt: skip
def test_title_and_day_of_what_offices_and_schools_write(raw: str, title: str, day: date | None) -> None:
    article = clean(raw)
    assert (article.title, article.date) == (title, day)


def test_the_two_columns_of_a_head_that_was_typed_with_spaces_are_read_apart() -> None:
    text = clean("UBND HUYỆN YÊN HẠ      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nThôn   Số hộ\nLũng   45").text
    assert text == "UBND HUYỆN YÊN HẠ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nThôn Số hộ\nLũng 45"


@pytest.mark.parametrize("tail", ["Trạm D", "Yên Hạ, ngày 05 tháng 3 năm 2021"])
def test_all_that_an_article_says_and_the_place_of_issue_sign_nothing(tail: str) -> None:
    assert clean(tail, title="Bốn").author is None


def test_the_name_of_a_sheet_has_not_signed_what_stands_above_it() -> None:
    table = Table((("Xã", "Hộ"), ("Khe Mây", "45")))
    blocks = (Block("paragraph", BODY), Block("heading", "Quý Hai"), Block("table", "", table))
    assert to_article(Document(blocks), "a", "a.xlsx").author is None


WRAPPED = (
    "Lễ khởi công có đồng chí Chủ tịch Ủy ban nhân dân huyện\nYên Hạ Lò Văn Tịnh và lãnh đạo các phòng.",
    "Công trình nước sạch Khe Mây có tổng mức đầu tư hơn\n3.400 triệu đồng.",
    "Công trình phục vụ 215 hộ dân của ba thôn vùng cao là Lũng Cao,\nNà Pục và Đồi Chè.",
    "Sáng ngày 12/5/2021, tại nhà văn hóa thôn Lũng Cao, đồng chí Chủ tịch UBND xã\nKhe Mây đã trao 45 suất quà cho "
    "các hộ nghèo của thôn, mỗi suất trị giá hơn\n500.000 đồng.",
    "Công trình do Công ty cổ phần Xây dựng Thương mại\nThành Công thi công trong thời gian dài hơn so với\ndự kiến.",
)


@pytest.mark.parametrize("text", WRAPPED)
def test_one_sentence_that_was_broken_before_a_name_or_a_figure_is_joined(text: str) -> None:
    assert text.replace("\n", " ") in clean(f"Nước sạch về vùng cao\n\n{text}").text


def test_a_quantity_that_was_broken_off_is_joined_below_the_title() -> None:
    text = "Công trình nước sạch ở ba thôn vùng cao được thi công trong thời gian\n180 ngày."
    assert text.replace("\n", " ") in clean(f"Nước sạch về vùng cao\n\n{text}").text


def test_a_file_that_was_broken_at_one_width_shows_where_a_short_paragraph_was() -> None:
    wide = (
        "Nước sạch về vùng cao\n\n"
        "Từ đầu năm đến nay huyện đã đưa nước sạch về ba thôn vùng\n"
        "cao của xã Khe Mây, nơi trước đây người dân phải đi lấy nước\n"
        "ở suối rất xa.\n\n"
    )
    broken = "Hai trạm bơm của xã được giao cho Hợp tác xã dịch vụ điện\nYên Hạ trông coi."
    assert broken.replace("\n", " ") in clean(wide + broken).text
    heading = "Hai trạm bơm được giao cho Hợp tác xã\nYên Hạ trông coi từ năm nay."
    assert heading in clean(wide + heading).text, "the first line had room for the next word"


@pytest.mark.parametrize(
    "text",
    [
        "Trăm năm trong cõi người ta\nChữ tài chữ mệnh khéo là ghét nhau\nTrải qua một cuộc bể dâu\n"
        "Những điều trông thấy mà đau đớn lòng.",
        "Anh đi anh nhớ quê nhà\nNhớ canh rau muống nhớ cà dầm tương.",
        "Ủy ban nhân dân xã Khe Mây hỗ trợ các hộ dân vùng cao trong năm nay\n45 tấn xi măng\n30 tấn cát vàng.",
        "Khánh thành nhà văn hóa thôn Lũng Cao của xã Khe Mây\nNhà văn hóa trị giá 420 triệu đồng.",
        "Lịch tiếp công dân của lãnh đạo Ủy ban nhân dân xã\n8 giờ, Chủ tịch tiếp dân tại trụ sở.",
        "Trung tâm Văn hóa và Thể thao huyện Yên Hạ, tỉnh Lào Cai\nSố 5 đường Trần Phú, thị trấn Yên Hạ",
        "ĐIỀU LỆ GIẢI BÓNG ĐÁ NAM THANH NIÊN XÃ KHE MÂY NĂM\n2021 được ban hành ngày 3/5/2021.",
        "Khe Mây 45 hộ nghèo, 12 hộ cận nghèo của năm 2021\nSuối Đá 30 hộ nghèo, 9 hộ cận nghèo của năm 2021\n"
        "Bản Vàng 18 hộ nghèo, 7 hộ cận nghèo của năm 2021.",
        "1. Hỗ trợ gạo cho các hộ nghèo của xã Khe Mây trong năm\n2. Hỗ trợ xi măng làm đường thôn.",
    ],
)
def test_verse_lists_headings_rows_and_addresses_keep_their_lines(text: str) -> None:
    assert text in clean(f"Tin của xã Khe Mây\n\n{text}").text


def test_a_title_and_a_figure_below_it_are_two_lines() -> None:
    text = "Khánh thành nhà tình nghĩa cho hộ nghèo xã Khe Mây\n12 hộ nghèo được nhận nhà mới."
    assert clean(text).text == text
