"""Days as files, sites and offices write them, and the lines that tell when a page was published."""

from __future__ import annotations

from datetime import date

import pytest

from index.ingest.metadata.dates import date_line, parse_date


@pytest.mark.parametrize(
    "text",
    [
        "2021-05-03",
        "2021-5-3",
        "2021/05/03",
        "20210503",
        "03/05/2021 8:05",
        "3.5.2021",
        "03-05-21",
        "05/23/2021",
        "May 3, 2021",
        "Tháng Năm 3, 2021",
        "3/5 năm 2021",
        "ngày 03-05 năm 2021",
        "3 May 2021",
        "Mon, 03 May 2021 08:00:00 +0700",
        "1620000000",
        "1620000000000",
        "1620000000000000",
        "20210503080500",
        "44319",
        "Thứ hai, 3/5/2021, 08:05 (GMT+7)",
        "Thứ Hai, ngày 03/05/2021",
        "03 Tháng 5, 2021",
        "Ngày 3 tháng Năm năm 2021",
        "2021-05-03T08:00:00+07:00",
        "2021-05-02T20:30:00Z",
        "2021-05-02T20:30:00.000+00:00",
    ],
)
def test_a_given_date(text: str) -> None:
    assert parse_date(text) == (date(2021, 5, 23) if "23" in text else date(2021, 5, 3))


@pytest.mark.parametrize(
    "text", ["", "hôm qua", "31/2/2019", "12h30", "7", "2021", "tháng 5/2021", "5 năm 2018", "31/6 năm 2018"]
)
def test_what_is_no_day(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "line",
    [
        "Thứ ba, 26/6/2018, 08:05 (GMT+7)",
        "26/06/2018 08:05 SA",
        "26/6/2018 8:05:33 CH",
        "Đăng lúc: Thứ ba - 26/06/2018 08:05 - Người đăng bài viết: Ban Biên tập",
        "Cập nhật: 26/06/2018 08h05'",
        "Cập nhật lúc: 08:05 | 26/06/2018",
        "Ngày gửi bài: 26/06/2018",
        "26/06/2018 08:05 | Lượt xem: 120",
        "26-06-2018 | Tin hoạt động",
        "Thứ ba, ngày 26 tháng 06 năm 2018 | 8:5:00",
        "Posted on June 26, 2018 by admin",
        "26/06/2018 08:05 - Chuyên mục: Kinh tế",
        "Đã đăng: 26/06/2018 14:03 chiều",
        "Ngày 26 tháng Sáu năm 2018",
        "26 Tháng 6, 2018",
        "quantri gửi vào T3, 2018-06-26 10:31",
    ],
)
def test_a_line_with_the_day_of_publication(line: str) -> None:
    dateline = date_line(line)
    assert dateline is not None and dateline.day == date(2018, 6, 26)


@pytest.mark.parametrize(
    "line",
    [
        "Ngày báo giá: 26/06/2018",
        "Ngày lập phiếu: 26/6/2018",
        "Ngày ban hành: 26/06/2018",
        "BÁO VÙNG CAO · Số 1.245 · Thứ Ba, 26/6/2018",
        "Bản tin Nông thôn mới, số 12 (26/6/2018)",
        "Báo Cao Bằng, 26/6/2018",
        "Báo Gia Lai, 26/6/2018",
    ],
)
def test_the_day_of_a_form_or_paper_is_its_own_and_the_line_stays(line: str) -> None:
    dateline = date_line(line)
    assert dateline is not None and (dateline.day, dateline.bare) == (date(2018, 6, 26), True)


@pytest.mark.parametrize(
    "line",
    [
        "Ngày sinh: 26/6/2018",
        "Báo cáo số 12, ngày 26/6/2018 của huyện",
        "Báo cáo tình hình, 26/6/2018",
        "Báo giá vật tư, 26/6/2018",
        "Ngày 26/6/2018, 7h30 - 11h00",
        "Yên Hạ, ngày 26 tháng 6 năm 2018",
        "Sáng 26/6/2018, Huyện ủy họp",
        "Từ ngày 26/6/2018 đến ngày 28/6/2018",
        "Lượt xem: 350",
    ],
)
def test_a_line_with_a_day_of_something_else(line: str) -> None:
    assert date_line(line) is None
