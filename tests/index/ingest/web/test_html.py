"""The article of a saved page, whole, without what stands around it."""

from __future__ import annotations

import time
from datetime import date

import pytest

from index.errors import ArticleError
from index.ingest.document_to_article import to_article
from index.ingest.web.html import _EXPORTED, whole_page
from index.ingest.web.html import read_page as read_document
from index.schema import Article
from index.tables import row_in_words


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
    "boilerplate", ["Trang chủ", "Đại hội Đoàn", "Bản quyền", "Email", "không", "Quảng cáo", "Tin khác"]
)
def test_what_stands_around_is_gone(html: str, boilerplate: str) -> None:
    assert boilerplate not in read_page(html).text


def test_head_lists_and_tables() -> None:
    page = read_page(NEWSPAPER)
    assert (page.date, page.author, page.url) == (
        date(2020, 10, 15),
        "Bình Minh",
        "https://bao.example/tin-1",
    )
    assert "Chín tháng qua" in page.text
    assert page.text.endswith("- Thuế: 3,2 tỷ đồng\n\nNăm | Thu\n2019 | 72,4")
    assert page.tables[0].header_rows == 1


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


LONG = (
    "Sáng 12/5/2021, UBND xã Khe Mây tổ chức lễ khởi công công trình cấp nước sạch cho ba thôn vùng cao của xã với sự "
    "tham dự của lãnh đạo huyện Yên Hạ, đại diện nhà thầu và đông đảo nhân dân; công trình gồm một trạm bơm, một bể "
    "chứa và mười hai ki-lô-mét đường ống, được xây dựng trong sáu tháng bằng vốn của chương trình và của nhân dân."
)
HEAD = "Khởi công công trình nước sạch ở Khe Mây"


def lines_of(body: str) -> list[str]:
    page = f"<html><head><title>{HEAD}</title></head><body><div><h1>{HEAD}</h1>{body}</div></body></html>"
    return [line for line in read_page(page).text.split("\n") if line]


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (f"<p>{LONG}</p><p>Tổng mức đầu tư là 3,4 tỷ đồng.</p><p>Hộ nghèo được miễn phí.</p>", 2),
        ("<p>Lương: 7 triệu đồng.</p><p>Hạn nộp: 30/7/2021.</p><p>Nơi nộp: một cửa.</p>", 3),
        (f"<p>{LONG}</p><ul><li>Hộ bà Vàng Thị Sơ: 50 triệu</li><li>Hộ ông Páo: 40 triệu</li></ul>", 2),
        (
            f"<p>{LONG}</p><table><tr><td>Sinh hoạt</td><td>6.500</td></tr><tr><td>Khác</td><td>9</td></tr></table>",
            2,
        ),
        (f"<p>{LONG}</p><div class='social-insurance'><p>{LONG[:90]}.</p></div>", 1),
        (
            f"<p>{LONG}</p><div id='comment-lanh-dao'><p>Bà Lò Thị Pha cho biết lệ phí là 0 đồng.</p></div>",
            1,
        ),
        (
            f"<div class='elementor-widget'><p>{LONG}</p></div><div class='elementor-widget'><p>{LONG[:99]}.</p></div>",
            1,
        ),
        (
            f"<p>{LONG}</p><ul><li><a href=1>Nghị định 30/2020/NĐ-CP</a></li><li><a href=2>Mẫu đơn</a></li></ul>",
            2,
        ),
    ],
)
def test_what_follows_the_longest_paragraph_is_read(body: str, after: int) -> None:
    lines = lines_of(body)
    paragraphs_before = 1 if LONG in lines else 0
    assert len(lines) == 1 + paragraphs_before + after


def test_scripts_do_not_weigh() -> None:
    posts = "".join(
        f"<p>Trạm bơm số {n} trị giá {n}20 triệu đồng phục vụ 215 hộ dân của thôn.</p>" for n in (1, 2, 3)
    )
    script = "<script>" + "var cauHinh = {mau: 1};" * 300 + "</script>"
    body = f"{script}<div class='widget Blog'>{posts}</div><div class='note'><p>Trang của một người dân.</p></div>"
    assert [line for line in lines_of(body) if "Trạm bơm" in line] == [
        f"Trạm bơm số {n} trị giá {n}20 triệu đồng phục vụ 215 hộ dân của thôn." for n in (1, 2, 3)
    ]


def test_the_lines_of_a_cell_stay_apart_and_spanned_cells_stand_in_each_place() -> None:
    table = (
        "<table><tr><th>Xã</th><th>Năm 2019<br>và năm 2020</th><th>Loại</th></tr>"
        "<tr><td rowspan=2>Khe Mây</td><td>45<br>30</td><td>A</td></tr><tr><td><p>12</p><p>9</p></td><td></td></tr>"
        "<tr><td colspan=2>Tổng</td><td><div>7</div></td></tr></table>"
    )
    page = read_page(f"<title>{HEAD}</title><body><h1>{HEAD}</h1><p>{LONG}</p>{table}</body>")
    (stored,) = page.tables
    assert [[page.text[a:b] for a, b in row] for row in stored.rows] == [
        ["Xã", "Năm 2019 và năm 2020", "Loại"],
        ["Khe Mây", "45; 30", "A"],
        ["Khe Mây", "12; 9", ""],
        ["Tổng", "Tổng", "7"],
    ]
    assert stored.header_rows == 1


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ('<meta name="pubdate" content="Thứ ba, 26/06/2018 08:05">', ""),
        ('<meta name="pubdate" content="Tue, 26 Jun 2018 08:05:00 +0700">', ""),
        ('<meta property="article:published_time" content="2018-06-25T20:30:00Z">', ""),
        ('<meta name="DC.Date" content="26/06/2018">', ""),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2018-06-26"}</script>',
            "",
        ),
        ("", "<time>Thứ ba, 26/06/2018 08:05</time>"),
        ("", '<span class="date">Thứ 3, 26/06/2018, 08:05 (GMT+7)</span>'),
        ("", '<span class="date">26/06/18</span>'),
        ("", "<p>26-06-2018 | Tin hoạt động</p>"),
    ],
)
def test_the_day_of_publication(head: str, before: str) -> None:
    clock = '<div class="top"><nav></nav><time datetime="2024-03-01">Thứ sáu, 01/03/2024</time></div>'
    article = f"<article><h1>{HEAD}</h1>{before}<p>{LONG}</p></article>"
    page = f"<head><title>{HEAD}</title>{head}</head><body>{clock}{article}"
    assert read_page(page).date == date(2018, 6, 26)


def test_what_is_left_out_is_kept_as_removed() -> None:
    removed_text = " ".join(item.text for item in read_page(NEWSPAPER).removed)
    assert "Tin khác" in removed_text and "Trang chủ" in removed_text


def test_a_vietnamese_caption_tells_who_does_what_and_stays() -> None:
    caption = (
        "UBND xã Khe Mây công bố giá nước sạch áp dụng từ ngày 1/7/2021 cho tất cả các hộ dân trong xã.",
        "Giá nước được tính theo khối và thu vào cuối mỗi tháng tại nhà văn hóa của từng thôn trong toàn xã.",
    )
    page = read_page(
        f"<article><h1>Giá nước sạch ở Khe Mây</h1><p>{caption[0]}</p><p>{caption[1]}</p><figure><img src=a.jpg>"
        "<figcaption>Ông Lò Văn Tịnh kiểm tra trạm bơm</figcaption></figure></article>"
    )
    assert page.text.endswith("Ông Lò Văn Tịnh kiểm tra trạm bơm")


def test_a_term_and_what_is_said_of_it_are_one_entry() -> None:
    entries = (
        "<dl><dt>Tổng số</dt><dd>87</dd><dt>Trong đó nữ:</dt><dd>45 <b>người</b></dd><dd>dự kiến</dd></dl>"
    )
    text = read_page(
        f"<html><body><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>{entries}<p>{PARAGRAPHS[1]}</p></body></html>"
    ).text
    assert "- Tổng số: 87\n- Trong đó nữ: 45 người\n- Trong đó nữ: dự kiến" in text.replace("\n\n", "\n")


def body_of(inner: str, head: str = "") -> str:
    """A page with a part of its text between two paragraphs."""
    return (
        f"<html><head><title>{TITLE}</title>{head}</head><body><article><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>"
        f"{inner}<p>{PARAGRAPHS[2]}</p></article></body></html>"
    )


def between(html: str) -> list[str]:
    """The lines that were read between the two paragraphs."""
    text = read_page(html).text
    return text[text.index(PARAGRAPHS[0]) + len(PARAGRAPHS[0]) : text.index(PARAGRAPHS[2])].split("\n")[2:-2]


def test_several_things_said_of_a_term_each_know_it() -> None:
    entries = (
        "<dl><dt>Lệ phí</dt><dd>Miễn phí</dd><dd>Bản sao: 8.000 đồng</dd>"
        "<dt>Nơi nộp:</dt><dd><p>UBND cấp xã</p><p>Bộ phận một cửa</p></dd></dl>"
    )
    assert between(body_of(entries)) == [
        "- Lệ phí: Miễn phí",
        "- Lệ phí: Bản sao: 8.000 đồng",
        "- Nơi nộp: UBND cấp xã; Bộ phận một cửa",
    ]


def test_struck_and_hidden_text_is_kept_apart_and_a_raised_number_is_no_digit() -> None:
    html = body_of(
        "<p>Giá cũ <del>5.000</del> nay là 6.000 đồng<span style='display: none'>ẩn 999</span>, 10<sup>6</sup>"
        " m<sup>2</sup> đất.</p>"
    )
    page = read_page(html)
    assert between(html) == ["Giá cũ nay là 6.000 đồng, 10^6 m2 đất."]
    assert [(item.text, item.reason) for item in page.removed] == [
        ("5.000", "struck-out"),
        ("ẩn 999", "hidden"),
    ]


def test_the_names_of_columns_in_a_table_by_themselves_are_those_of_the_table_below() -> None:
    html = body_of(
        "<table><tr><th>Xã</th><th>Hộ nghèo</th></tr></table>"
        "<table><tr><td>Khe Mây</td><td>120</td></tr><tr><td>Suối Đá</td><td>98</td></tr></table>"
    )
    (table,) = read_page(html).tables
    assert (len(table.rows), table.header_rows) == (3, 1)


@pytest.mark.parametrize(
    "names",
    [
        ('role="table"', 'role="row"', 'role="cell"'),
        ('style="display: table"', 'style="display:table-row;"', 'style="color:red;display:table-cell"'),
        ('class="divTable"', 'class="divTableRow"', 'class="divTableCell"'),
    ],
)
def test_what_is_drawn_as_a_table_is_one(names: tuple[str, str, str]) -> None:
    whole, row, cell = names
    rows = [("Xã", "Hộ nghèo"), ("Khe Mây", "120"), ("Suối Đá", "98")]
    drawn = "".join(
        f"<div {row}>{''.join(f'<div {cell}>{text}</div>' for text in cells)}</div>" for cells in rows
    )
    assert between(body_of(f"<div {whole}>{drawn}</div>")) == [
        "Xã | Hộ nghèo",
        "Khe Mây | 120",
        "Suối Đá | 98",
    ]


def test_a_row_without_cells_under_one_that_spans_it_is_none() -> None:
    html = body_of(
        "<table><tr><th>Xã</th><th>Thôn</th><th>Hộ</th></tr><tr><td rowspan='3'>Khe Mây</td><td>Lũng</td><td>45</td>"
        "</tr><tr><td>Nà Pục</td><td>30</td></tr><tr></tr><tr><td>Suối Đá</td><td>Vàng</td><td>12</td></tr></table>"
    )
    assert between(html) == [
        "Xã | Thôn | Hộ",
        "Khe Mây | Lũng | 45",
        "Khe Mây | Nà Pục | 30",
        "Suối Đá | Vàng | 12",
    ]


def test_headings_and_questions_above_what_is_kept_stay() -> None:
    def widget(inner: str) -> str:
        return f'<div class="elementor-widget"><div class="elementor-widget-container">{inner}</div></div>'

    html = (
        f"<html><head><title>{TITLE}</title></head><body><div>{widget(f'<h1>{TITLE}</h1>')}"
        f"{widget('<span>20/12/2021</span>')}{widget(f'<p>{PARAGRAPHS[0]}</p>')}{widget('<h2>Số liệu</h2>')}"
        f"{widget(f'<p>{PARAGRAPHS[2]}</p>')}{widget('<div>Hồ sơ gồm những gì?</div>')}"
        f"{widget(f'<p>{PARAGRAPHS[3]}</p>')}</div></body></html>"
    )
    page = read_page(html)
    assert page.text.split("\n\n")[1:] == [
        PARAGRAPHS[0], "Số liệu", PARAGRAPHS[2], "Hồ sơ gồm những gì?", PARAGRAPHS[3],
    ]  # fmt: skip
    assert page.date == date(2021, 12, 20)


def test_an_article_that_only_a_program_would_draw_is_read_from_the_structured_data() -> None:
    data = (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2021-12-20",'
        '"headline": "Trạm bơm", "articleBody": "Xã Khe Mây còn 120 hộ.\\n\\nSuối Đá &amp; Bản Vàng còn 98 hộ."}]}'
        "</script>"
    )
    for shown in ("", "<noscript>Hãy bật JavaScript</noscript>"):
        page = read_page(
            f"<html><head><title>{TITLE}</title>{data}</head><body><div id='app'></div>{shown}</body></html>"
        )
        assert page.text == "Xã Khe Mây còn 120 hộ.\n\nSuối Đá & Bản Vàng còn 98 hộ."
        assert (page.title, page.date) == (TITLE, date(2021, 12, 20))


def test_text_that_a_style_strikes_through_is_told_and_the_number_of_a_note_is_no_figure() -> None:
    blocks, removed = whole_page(
        "<style>.old { color: red; text-decoration: line-through }</style>"
        "<p>Giá <span style='text-decoration:line-through'>300</span> <span class='big old'>350</span> 400 nghìn"
        "<sup><a epub:type='noteref' href='#n'>1</a></sup>.</p>"
    )
    assert [block.text for block in blocks] == ["Giá 400 nghìn."]
    assert [(item.text, item.reason) for item in removed] == [("300", "struck-out"), ("350", "struck-out")]


def test_a_title_over_all_columns_of_a_table_is_text_and_no_name_of_a_column() -> None:
    table = (
        "<table><tr><th colspan=2>HỘ VAY VỐN NĂM 2021</th></tr><tr><th>Chủ hộ</th><th>Số tiền</th></tr>"
        "<tr><td>Vàng Thị Sơ</td><td>50.000.000</td></tr></table>"
    )
    page = read_page(f"<title>{HEAD}</title><body><h1>{HEAD}</h1><p>{LONG}</p>{table}</body>")
    assert "\n\nHỘ VAY VỐN NĂM 2021\n\nChủ hộ | Số tiền\n" in page.text
    assert row_in_words(page, page.tables[0], 1) == "Chủ hộ: Vàng Thị Sơ; Số tiền: 50.000.000"


def test_what_a_page_builder_holds_of_a_page_is_its_text_down_to_counters_and_prices() -> None:
    def widget(kind: str, inside: str) -> str:
        return f'<div class="elementor-widget elementor-widget-{kind}"><div>{inside}</div></div>'

    price = (
        '<span class="title">Chè xanh</span><span class="line"></span><span class="price">120.000 đ</span>'
    )
    body = "".join(
        [
            widget("heading", f"<h1>{HEAD}</h1>"),
            widget("text-editor", f"<p>{LONG}</p>"),
            widget("counter", '<div>Tấn chè một năm</div><div><span data-to-value="1250" data-delimiter=".">0</span>'
                   "<span> tấn</span></div>"),
            widget("tabs", "<div class='elementor-tabs-wrapper'><div>Giá bán</div></div><div>Giá bán</div>"
                   "<div hidden><p>Bán tại xưởng.</p></div>"),
            widget("accordion", '<a href="">Giao hàng ở đâu?</a><div><p>Giao hàng toàn huyện trong 24 giờ.</p></div>'),
            widget("icon-list", '<ul><li><a href="tel:0203555444">0203 555 444</a></li><li>Thôn Lũng Cao</li></ul>'),
            widget("price-list", f"<ul><li>{price}</li></ul>"),
            widget("posts", '<a href="/a">Bản Vàng có điện lưới quốc gia</a>'),
            widget("nav-menu", '<a href="/">Trang chủ</a>'),
        ]
    )  # fmt: skip
    header = '<div data-elementor-type="header"><p>Hotline: 0203 999 999</p></div>'
    page = read_page(
        f'<title>{HEAD}</title><body>{header}<div data-elementor-type="wp-page">{body}</div></body>'
    )
    lines = [line for line in page.text.split("\n") if line]
    assert lines == [
        HEAD, LONG, "Tấn chè một năm", "1.250 tấn", "Giá bán", "Giao hàng ở đâu?",
        "Giao hàng toàn huyện trong 24 giờ.", "- 0203 555 444", "- Thôn Lũng Cao", "- Chè xanh 120.000 đ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counter", "shown"),
    [
        ('<span data-to-value="1250">0</span>', "1250"),
        ('<span data-count="12.5"></span>', "12.5"),
        ('<span data-target="#menu">0</span>', "0"),
        ('<span data-count="3">7</span>', "7"),
        ('<span class="counter" data-to="86"></span>', "86"),
        ('Trước <span data-to="2"></span>sau', "Trước sau"),
        ('Trước <b data-target="2"></b>sau', "Trước sau"),
    ],
)
def test_a_counter_is_read_as_it_stops(counter: str, shown: str) -> None:
    assert (
        f"Có {shown} hộ dân"
        in read_page(f"<title>{HEAD}</title><body><p>Có {counter} hộ dân.</p></body>").text
    )


@pytest.mark.parametrize(
    ("marks", "author"),
    [
        ('bởi <a class="url fn n" href="/author/mo">Lý Thị Mơ</a>', "Lý Thị Mơ"),
        ('<a rel="author" href="/mo">Lý Thị Mơ</a>', "Lý Thị Mơ"),
        ('<a rel="author">Lý Thị Mơ</a><a rel="author">Vàng A Sử</a>', None),
    ],
)
def test_the_author_that_a_page_marks(marks: str, author: str | None) -> None:
    comment = '<div class="comment-author vcard"><b class="fn">Người đọc</b></div>'
    body = f"<h1>{HEAD}</h1><div class='byline'>{marks}</div><p>{LONG}</p><div id='comments'>{comment}</div>"
    assert read_page(f"<title>{HEAD}</title><body>{body}</body>").author == author


def test_text_that_the_sheet_of_a_crawled_page_strikes_is_told_and_left_out() -> None:
    style = "ol.list{margin:0}.c0{text-decoration:line-through}.c1{color:red}"
    html = (
        f"<html><head><title>Quỹ lớp</title><style>{style}</style></head><body><h1>Quỹ lớp</h1>"
        f"{paragraphs()}<p>Mức thu: <span class='c0'>150.000 đ</span> <span class='c1'>200.000 đ</span></p></body>"
    )
    article = read_page(html)
    assert "Mức thu: 200.000 đ" in article.text
    assert "150.000" not in article.text
    assert ("150.000 đ", "struck-out") in [(item.text, item.reason) for item in article.removed]


def test_all_of_a_page_that_facebook_exports_is_content_with_the_days_of_its_posts() -> None:
    post = (
        '<div class="_3-95 _a6-g"><div class="_2ph_ _a6-h">Đoàn xã đã cập nhật.</div><div><div>{}</div></div>'
        '<div class="_3-94"><a href="https://x.example"><div>{}</div></a></div></div>'
    )
    posts = post.format("Tặng 135 suất quà.", "Tháng 9 15, 2024 7:42:10 tối") + post.format(
        "Đăng ký hiến máu trước ngày 20/10.", "Tháng 10 2, 2024 8:05:00 sáng"
    )
    html = f'<html><head><title>Bài viết của bạn</title></head><body><div role="main">{posts}</div></body></html>'
    text = read_page(html).text
    places = [text.index(part) for part in ("135 suất", "Tháng 9 15, 2024", "hiến máu", "Tháng 10 2, 2024")]
    assert places == sorted(places)


def test_a_part_of_a_page_that_is_named_like_a_letter_of_google_is_not_the_whole_page() -> None:
    html = (
        f"<html><head><title>{TITLE}</title></head><body><table><tr>{MENU}</tr></table>"
        f'<div class="doc-content"><h1>{TITLE}</h1>{paragraphs()}</div><ul>{OTHERS}</ul></body></html>'
    )
    text = read_page(html).text
    assert all(part in text for part in PARAGRAPHS[:1])
    assert "Giới thiệu" not in text and "nhiệm kỳ" not in text
    exported = (
        f'<html><body class="c5 doc-content"><table><tr>{MENU}</tr></table>{paragraphs()}</body></html>'
    )
    assert "Giới thiệu" in read_page(exported).text


def test_tags_that_never_end_cost_no_more_than_their_length() -> None:
    began = time.process_time()
    assert _EXPORTED.search("<div " * 16_000) is None
    assert time.process_time() - began < 1
