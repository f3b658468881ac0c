"""The article of a saved page, whole, without what stands around it."""

from __future__ import annotations

from datetime import date

import pytest

from index.errors import ArticleError
from index.ingest.assemble import to_article
from index.ingest.html import read_page as read_document
from index.schema import Article


def read_page(html: str) -> Article:
    return to_article(read_document(html), "a.html", "a.html", crawled=True)


TITLE = "Huyện Ba Sen triển khai nhiệm vụ quý IV"
PARAGRAPHS = [
    "Ngày 14/10, Ban Chấp hành Đảng bộ huyện Ba Sen họp phiên thứ ba để đánh giá kết quả công tác chín tháng đầu năm.",
    "Quang cảnh hội nghị",
    "Tổng thu ngân sách nhà nước trên địa bàn đạt trên 30 tỷ đồng, bằng 84,3% dự toán, tăng 47% so với cùng kỳ.",
    "Phát biểu kết luận, đồng chí Bí thư Huyện ủy yêu cầu các cơ sở Đảng hoàn thành các chỉ tiêu còn lại của năm.",
    "Bình Minh",
]
MENU = "".join(
    f'<td><a href="/{n}">{name}</a></td>' for n, name in enumerate(["Trang chủ", "Giới thiệu", "Liên hệ"])
)
OTHERS = "".join(
    f'<li><a href="/{n}">Đại hội Đoàn thanh niên xã nhiệm kỳ {n}</a> (12/10)</li>' for n in range(8)
)


def paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag}><span>{text}</span></{tag}>" for text in PARAGRAPHS)


PORTAL = f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html><head><title>{TITLE} - Cổng thông tin điện tử</title><script>var a = "<p>không</p>";</script></head>
<body><form><table><tr>{MENU}</tr></table><table><tr>
<td id="left"><div><h3>Tin Nóng</h3><ul>{OTHERS}</ul></div></td>
<td id="main"><h2>{TITLE}</h2><div>15/10/2020 08:00</div><div class="tools"><a>Email</a><a>Print</a></div>
<div class="content">{paragraphs()}</div><div><h3>Các tin khác</h3><ul>{OTHERS}</ul></div></td>
</tr></table><div id="footer">Bản quyền thuộc về UBND huyện.</div></form></body></html>"""

NEWSPAPER = f"""<html><head><meta property="og:title" content="{TITLE}">
<meta property="article:published_time" content="2020-10-15T08:00:00+07:00"><meta name="author" content="Bình Minh">
<link rel="canonical" href="https://bao.example/tin-1"></head>
<body><header><nav><a href="/">Trang chủ</a></nav></header><div class="sidebar-1"><h1>{TITLE}</h1>
<p class="description">Chín tháng qua, huyện Ba Sen đạt kết quả cao, thu ngân sách tăng gần một nửa so với năm qua.</p>
<article>{paragraphs()}
<div class="banner-ads"><p>Quảng cáo</p></div><ul><li>Thuế: 3,2 tỷ đồng</li></ul>
<table><tr><th>Năm</th><th>Thu</th></tr><tr><td>2019</td><td>72,4</td></tr></table></article></div>
<aside><a href="/x">Tin khác</a></aside><footer>Mọi quyền được bảo lưu.</footer></body></html>"""

PLAIN = f"<html><body><h1>{TITLE}</h1>{'<br><br>'.join(PARAGRAPHS)}</body></html>"


@pytest.mark.parametrize("html", [PORTAL, NEWSPAPER, PLAIN])
def test_every_paragraph_in_order_after_the_title(html: str) -> None:
    page = read_page(html)
    assert page.title == TITLE
    assert page.text.startswith(TITLE)
    places = [page.text.index(text) for text in PARAGRAPHS]
    assert places == sorted(places)


@pytest.mark.parametrize("html", [PORTAL, NEWSPAPER, PLAIN])
@pytest.mark.parametrize(
    "furniture", ["Trang chủ", "Đại hội Đoàn", "Bản quyền", "Email", "không", "Quảng cáo", "Tin khác"]
)
def test_what_stands_around_is_gone(html: str, furniture: str) -> None:
    assert furniture not in read_page(html).text


def test_head_lists_and_tables() -> None:
    page = read_page(NEWSPAPER)
    assert (page.date, page.author, page.url) == (
        date(2020, 10, 15),
        "Bình Minh",
        "https://bao.example/tin-1",
    )
    assert "Chín tháng qua" in page.text
    assert page.text.endswith("- Thuế: 3,2 tỷ đồng\n\nNăm | Thu\n\n2019 | 72,4")


def test_entities_and_links_inside_sentences() -> None:
    page = read_page(
        "<body><p>Huy&#7879;n &amp; x&atilde; <a href='/a'>Ba Sen</a> &lt;b&gt; tr&#7891;ng r&#7915;ng.</p></body>"
    )
    assert page.text == "Huyện & xã Ba Sen <b> trồng rừng."


def test_hostile_addresses_are_no_url() -> None:
    assert (
        read_page('<head><link rel="canonical" href="javascript:alert(1)"></head><p>Một câu.</p>').url is None
    )


@pytest.mark.parametrize("html", ["", "   ", "<html></html>", "<script>var x = 1</script>"])
def test_a_page_without_text_says_so(html: str) -> None:
    with pytest.raises(ArticleError, match="save it from the browser"):
        read_page(html)


def test_deeply_nested_and_broken_pages_are_read() -> None:
    assert "Một câu" in read_page("<div>" * 200 + "Một câu chưa đóng thẻ").text
