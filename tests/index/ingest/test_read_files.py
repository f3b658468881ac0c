"""Files become articles; what cannot be read is said and the rest goes on."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
import tracemalloc
import unicodedata
from datetime import date
from pathlib import Path

import docx
import pytest
from pdf_maker import make_pdf

from index.errors import ArticleError
from index.ingest.document import Removed
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.list_folder import SourceFile, Unreadable
from index.ingest.plain import text_blocks
from index.ingest.read_files import (
    find_files,
    hash_file,
    list_documents,
    read_file,
    read_folder,
)
from index.schema import Article
from index.tables import row_in_words

BODY = "Ngày 14/10, huyện Ba Sen họp. Huyện Ba Sen trồng được 3.772 ha rừng, đạt 125,7% kế hoạch của cả năm."


def write(folder: Path, name: str, data: str | bytes) -> SourceFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return next(file for file in find_files(folder) if file.path == path)


def one(file: SourceFile) -> Article:
    (article,) = read_file(file)
    assert isinstance(article, Article), article
    return article


def reason(file: SourceFile, limits: Limits = DEFAULT_LIMITS) -> str:
    (problem,) = read_file(file, limits)
    assert isinstance(problem, Unreadable), problem
    return problem.reason


def row(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False)


def test_files_are_found_sorted_hidden_and_foreign_ones_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "bài"
    outside = tmp_path / "ngoài.txt"
    outside.write_text("bí mật", encoding="utf-8")
    for name in ("b.txt", "a/c.md", "a/.ẩn.txt", ".git/x.txt", "~$mở.docx", "ảnh.jpg", "B.HTML", "cũ.doc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "ra.txt").symlink_to(outside)
    (folder / "trong.txt").symlink_to(folder / "b.txt")
    (folder / "vòng").symlink_to(folder)
    files = find_files(folder)
    assert [file.source for file in files] == ["B.HTML", "a/c.md", "b.txt", "cũ.doc", "trong.txt"]
    assert files[1].size == 1


def test_names_are_one_id_on_every_system(tmp_path: Path) -> None:
    (tmp_path / "huye\u0323\u0302n.txt").write_text(BODY, encoding="utf-8")  # as macOS writes it
    assert [file.source for file in find_files(tmp_path)] == ["huyện.txt"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="is not a folder"):
        find_files(tmp_path / "không-có")


def test_hash(tmp_path: Path) -> None:
    file = write(tmp_path, "a.txt", b"abc")
    assert hash_file(file) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    file.path.unlink()
    with pytest.raises(ArticleError, match="cannot be opened"):
        hash_file(file)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_file(tmp_path: Path, end: str) -> None:
    text = f"Huyện Ba Sen trồng rừng\n\n15/10/2020 08:00\n\n{BODY}\n".replace("\n", end)
    assert one(write(tmp_path, "xã/tin.txt", text.encode())) == Article(
        id="xã/tin.txt",
        source="xã/tin.txt",
        title="Huyện Ba Sen trồng rừng",
        text=f"Huyện Ba Sen trồng rừng\n\n{BODY}",
        date=date(2020, 10, 15),
        place="huyện Ba Sen",
        removed=(Removed("15/10/2020 08:00", "page-line"),),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = f"Tin cũ của xã\n\n{BODY}"
    assert one(write(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_old_fonts_in_a_utf8_file(tmp_path: Path) -> None:
    article = one(
        write(tmp_path, "a.txt", "Céng hßa x· héi chñ nghÜa ViÖt Nam, ®éc lËp - tù do - h¹nh phóc.")
    )
    assert article.text == "Cộng hòa xã hội chủ nghĩa Việt Nam, độc lập - tự do - hạnh phúc."


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    head = 'title: "Trồng rừng"\ndate: 2020-10-15\nauthor: Thanh Vân\nurl: https://a.example/1\ntext: không'
    text = f"---\n{head}\n---\n{BODY}\n"
    article = one(write(tmp_path, "a.md", text))
    assert (article.title, article.date, article.author) == ("Trồng rừng", date(2020, 10, 15), "Thanh Vân")
    assert (article.text, article.url) == (BODY, "https://a.example/1")


@pytest.mark.parametrize(
    "notice", ["THÔNG BÁO KHẨN: hồ Nà Pục xả lũ lúc 14 giờ.", "KHẨN: hồ Nà Pục xả lũ lúc 14 giờ."]
)
def test_a_notice_between_two_rules_is_text(tmp_path: Path, notice: str) -> None:
    assert notice in one(write(tmp_path, "a.md", f"---\n{notice}\n---\n{BODY}\n")).text


def test_html_pdf_and_docx(tmp_path: Path) -> None:
    html = one(
        write(
            tmp_path,
            "a.html",
            f"<title>Trồng rừng</title><nav>Menu chính</nav><h1>Trồng rừng</h1><p>{BODY}</p>",
        )
    )
    assert (html.title, html.text) == ("Trồng rừng", f"Trồng rừng\n\n{BODY}")
    make_pdf(tmp_path / "b.pdf", [["Huyện Ba Sen trồng rừng", BODY]])
    document = docx.Document()
    document.add_paragraph("Huyện Ba Sen trồng rừng")
    document.add_paragraph(BODY)
    document.save(str(tmp_path / "c.docx"))
    for file in find_files(tmp_path)[1:]:
        article = one(file)
        assert article.title == "Huyện Ba Sen trồng rừng"
        assert article.text.split("\n\n")[-1].endswith(BODY)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_rows_of_json(tmp_path: Path, name: str) -> None:
    lines = [
        row(
            id="7",
            title="Một",
            text=BODY,
            date="2020-10-15T08:00:00Z",
            author="An",
            url="https://a.example",
            place="Sen",
        ),
        row(id=8, headline="Hai", content=BODY, source="Báo Sen", published="15/10/2020 07:00"),
        "",
        row(tieu_de="Ba", body=BODY),
    ]
    data = ("\ufeff" + "\n".join(lines) + "\n").encode()
    first, second, third = read_file(
        write(tmp_path, name, gzip.compress(data) if name.endswith(".gz") else data)
    )
    assert first == Article(
        "7", f"{name}#1", "Một", BODY, date(2020, 10, 15), "An", "Sen", "https://a.example"
    )
    assert isinstance(second, Article) and isinstance(third, Article)
    assert (second.id, second.source, second.title, second.url) == ("8", f"{name}#2", "Hai", None)
    assert second.date == date(2020, 10, 15)
    assert (third.source, third.title) == (f"{name}#4", "Ba")
    assert re.fullmatch(rf"{name}#[0-9a-f]{{10}}", third.id)  # what it says, not where it stands


def test_a_bad_line_costs_only_itself(tmp_path: Path) -> None:
    lines = [
        row(text=BODY),
        "{không phải",
        "[1, 2]",
        row(title="Trống", text=" "),
        row(text="x" * 300),
        row(text=BODY),
    ]
    items = list(read_file(write(tmp_path, "a.jsonl", "\n".join(lines)), Limits(line_bytes=250)))
    assert [item.source for item in items] == [f"a.jsonl#{line}" for line in range(1, 7)]
    assert [type(item) for item in items] == [Article, *[Unreadable] * 4, Article]
    reasons = [item.reason for item in items if isinstance(item, Unreadable)]
    for reason, expected in zip(
        reasons, ["not a line of JSON", "not a JSON object", "holds no text", "longer"], strict=True
    ):
        assert expected in reason


def test_rows_of_a_table(tmp_path: Path) -> None:
    table = f'id;Title;Text;Date\r\n1;Một;"{BODY}\n\nĐoạn ""hai"".";15/10/2020\r\n;Hai;{BODY};\r\n'
    first, second = read_file(write(tmp_path, "a.csv", table))
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.id, first.title, first.date) == ("1", "Một", date(2020, 10, 15))
    assert first.text == f'{BODY}\n\nĐoạn "hai".'
    assert (second.source, second.title) == ("a.csv#5", "Hai")


def test_a_table_of_figures_is_one_article(tmp_path: Path) -> None:
    article = one(write(tmp_path, "a.csv", "Số hộ nghèo năm 2021;;\nXã;Hộ nghèo;Tỷ lệ\nKhe Mây;45;4,5\n"))
    assert (article.id, article.title) == ("a.csv", "Số hộ nghèo năm 2021")
    assert article.text.endswith("Xã | Hộ nghèo | Tỷ lệ\nKhe Mây | 45 | 4,5")
    assert article.tables[0].header_rows == 1


TEXT = "Xã Khe Mây khánh thành trạm bơm trị giá 420 triệu đồng phục vụ 215 hộ dân của ba thôn vùng cao."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", f"sep=;\r\ntitle;text\r\nTrạm bơm;{TEXT}\r\n".encode("utf-8-sig")),
        ("b.csv", f"title\ttext\r\nTrạm bơm\t{TEXT}\r\n".encode("utf-16")),
        ("c.csv", f"title|text\r\nTrạm bơm|{TEXT}\r\n".encode()),
        ("d.csv", f"Danh sách bài viết,,\r\nid,title,text\r\n1,Trạm bơm,{TEXT}\r\n".encode()),
        ("e.json", row(title="Trạm bơm", text=TEXT).encode()),
        ("f.json", f"[{row(title='Trạm bơm', text=TEXT)}]".encode()),
        ("g.ndjson", row(title="Trạm bơm", text=TEXT).encode()),
        ("h.jsonl", json.dumps({"title": "Trạm bơm", "text": TEXT}, indent=2).encode()),
        ("i.jsonl", f"[{row(title='Trạm bơm', text=TEXT)}]".encode()),
        ("k.jsonl", row(**{"Tiêu đề": "Trạm bơm", "Nội dung": TEXT}).encode()),
        ("l.jsonl", unicodedata.normalize("NFD", row(**{"Tiêu đề": "Trạm bơm", "Nội dung": TEXT})).encode()),
        ("m.jsonl", row(tieude="Trạm bơm", noidung=TEXT).encode()),
        ("n.jsonl", row(metadata={"title": "Trạm bơm"}, text=[TEXT]).encode()),
        ("o.jsonl", row(id=True, name="Trạm bơm", article_text=TEXT).encode()),
        (
            "m2.jsonl",
            row(post_title="Trạm bơm", postContent=TEXT, post_author=1, post_name="tram-bom").encode(),
        ),
        ("m3.jsonl", row(title={"rendered": "Trạm bơm"}, content={"rendered": f"<p>{TEXT}</p>"}).encode()),
        ("m4.json", row(total=1, data={"items": [{"title": "Trạm bơm", "text": TEXT}]}).encode()),
        ("m5.json", row(articles={"7": {"title": "Trạm bơm", "text": TEXT}}).encode()),
        ("m6.json", json.dumps([["title", "text"], ["Trạm bơm", TEXT]]).encode()),
        ("m7.json", row(title="Trạm bơm", paragraphs=[TEXT]).encode()),
        ("m8.jsonl", row(title="Trạm bơm", image={"text": "Ảnh", "name": "a"}, content=TEXT).encode()),
        ("m9.jsonl", row(title="Trạm bơm", noi_dung_bai_hay=f"{TEXT} {TEXT}").encode()),
        ("m10.jsonl", ('{"title": "Trạm bơm", "text": "\t' + TEXT + '"}').encode()),
        ("m11.csv", f'"sep=;"\r\ntitle;text\r\nTrạm bơm;{TEXT}\r\n'.encode("utf-8-sig")),
        ("m12.csv", f"| title | text |\n|---|---|\n| Trạm bơm | {TEXT} |\n".encode()),
        ("p.csv.gz", gzip.compress(f"title,text\nTrạm bơm,{TEXT}\n".encode())),
        ("q.txt.gz", gzip.compress(f"Trạm bơm\n\n{TEXT}\n".encode())),
    ],
)
def test_rows_of_every_shape(tmp_path: Path, name: str, data: bytes) -> None:
    article = one(write(tmp_path, name, data))
    assert article.title == "Trạm bơm"
    assert article.text.endswith(TEXT)


@pytest.mark.parametrize("name", ["a.txt.gz", "a.html.gz", "a.csv.gz", "a.json.gz", "a.jsonl.gz"])
def test_a_small_file_that_unpacks_to_a_huge_one_is_told_and_costs_little(tmp_path: Path, name: str) -> None:
    """Fifty megabytes in fifty thousand bytes; no more of them than the limit is ever held."""
    file = write(tmp_path, name, gzip.compress(b"a" * 50_000_000))
    assert file.size < 100_000
    tracemalloc.start()
    [unreadable] = read_file(file, Limits(unpacked_bytes=1_000_000, line_bytes=1_000_000))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(unreadable, Unreadable) and most < 10_000_000
    assert "split" in unreadable.reason


def test_separators_and_quotation_marks_in_a_text(tmp_path: Path) -> None:
    table = (
        "id,title,text\r\n1,Một,Sáng 3/5, xã Khe Mây khánh thành trạm bơm, trị giá 420 triệu đồng.\r\n"
        '2,Hai,"Trạm bơm thứ hai có 5 máy.\r\n3,Ba,Trạm bơm thứ ba có 7 máy.\r\n'
        '4,Bốn,"Đoạn một, có ""nháy"".\r\n\r\nĐoạn hai."\r\n'
    )
    articles = [item for item in read_file(write(tmp_path, "a.csv", table)) if isinstance(item, Article)]
    assert [article.text for article in articles] == [
        "Sáng 3/5, xã Khe Mây khánh thành trạm bơm, trị giá 420 triệu đồng.",
        "Trạm bơm thứ hai có 5 máy.",
        "Trạm bơm thứ ba có 7 máy.",
        'Đoạn một, có "nháy".\n\nĐoạn hai.',
    ]
    tabs = 'title\ttext\nMột\t"Về nguồn" là chương trình.\nHai\t"Trạm bơm 5 máy\nBa\tTrạm bơm có 7 máy.\n'
    articles = [item for item in read_file(write(tmp_path, "b.tsv", tabs)) if isinstance(item, Article)]
    assert [article.text for article in articles] == [
        '"Về nguồn" là chương trình.',
        "Trạm bơm 5 máy",
        "Trạm bơm có 7 máy.",
    ]


def test_marks_and_entities_in_rows(tmp_path: Path) -> None:
    content = (
        "<!-- wp:paragraph --><p>Xã <strong>Khe&nbsp;Mây</strong> có 420&nbsp;triệu.</p><p>Tr&#7841;m b&#417;m.</p>"
        "<table><tr><td>Máy bơm</td><td>3</td></tr><tr><td>Bể</td><td>1</td></tr></table><script>var a=1;</script>"
    )
    article = one(write(tmp_path, "a.jsonl", row(title="N&#432;&#7899;c s&#7841;ch", content=content)))
    assert article.title == "Nước sạch"
    assert article.text == "Xã Khe Mây có 420 triệu.\n\nTrạm bơm.\n\nMáy bơm | 3\nBể | 1"


def test_a_lead_is_text_too(tmp_path: Path) -> None:
    article = one(
        write(tmp_path, "a.jsonl", row(title="Trạm bơm", description="Do ông Páo lo.", content=TEXT))
    )
    assert (article.lead, article.text) == ("Do ông Páo lo.", f"Do ông Páo lo.\n\n{TEXT}")


def test_names_that_look_alike_and_names_of_no_letters(tmp_path: Path) -> None:
    for form, number in (("NFC", 111), ("NFD", 222)):
        (tmp_path / unicodedata.normalize(form, "Hà Giang.txt")).write_text(
            f"Bài {number}.", encoding="utf-8"
        )
    for byte in (b"\xe0", b"\xe1"):
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/b" + byte + b"i.txt"))).write_text(
            "Bài.", encoding="utf-8"
        )
    first, second, third, fourth = (file.source for file in find_files(tmp_path))
    assert (first, third, fourth) == ("Hà Giang.txt", "b%E0i.txt", "b%E1i.txt")
    assert second.startswith("Hà Giang.txt~")


def test_what_is_passed_over_is_told(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    folder = tmp_path / "bài"
    (folder / "Nước sạch_files").mkdir(parents=True)
    for name in ("a.txt", "b.xml", "c.jpg", "Nước sạch.html", "Nước sạch_files/saved_resource.html"):
        (folder / name).write_text(f"<p>{TEXT}</p>", encoding="utf-8")
    (folder / "x.txt").symlink_to("y.txt")
    (folder / "y.txt").symlink_to("x.txt")
    (folder / "ngoài").symlink_to(tmp_path / "outside")
    listing = list_documents(folder)
    assert [file.source for file in listing.files] == ["Nước sạch.html", "a.txt"]
    assert {(item.source, item.kind) for item in listing.passed_over} == {
        ("Nước sạch_files/", "frame"),
        ("b.xml", ".xml"),
        ("c.jpg", ".jpg"),
        ("ngoài/", "link"),
        ("x.txt", "link"),
        ("y.txt", "link"),
    }


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary data"),
        ("a.txt", b"", "no text"),
        ("a.txt", "— * —".encode(), "no text"),
        ("a.pdf", b"%PDF-1.4 broken", "PDF"),
        ("a.docx", b"x", "Word file"),
        ("a.html", b"<p> </p>", "no text"),
        ("a.jsonl.gz", b"not packed", "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "x"}\n' * 500)[:40], "cannot be read"),
    ],
)
def test_every_failure_is_a_sentence_with_a_remedy(
    tmp_path: Path, name: str, data: bytes, expected: str
) -> None:
    items = list(read_file(write(tmp_path, name, data)))
    problem = items[-1]
    assert isinstance(problem, Unreadable)
    assert problem.source == name
    assert expected in problem.reason
    assert ";" in problem.reason or "," in problem.reason


def test_the_size_limit_holds_for_files_but_not_for_rows(tmp_path: Path) -> None:
    limits = Limits(file_bytes=1000)
    assert "limit" in reason(write(tmp_path, "a.txt", BODY * 20), limits)
    rows = list(read_file(write(tmp_path, "b.jsonl", "\n".join([row(text=BODY)] * 20)), limits))
    assert len(rows) == 20 and all(isinstance(item, Article) for item in rows)


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    file = write(tmp_path, "a.txt", BODY)
    os.unlink(file.path)
    assert "cannot be read" in reason(file)


@pytest.mark.slow
def test_a_file_of_rows_is_read_in_memory_that_does_not_grow(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / "hàng.jsonl"
        path.write_text("\n".join(row(id=str(number), title="Tin", text=BODY * 20) for number in range(rows)))
        (source,) = find_files(tmp_path)
        tracemalloc.start()
        assert sum(1 for _ in read_file(source)) == rows
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(1)  # fills the caches of the regular expressions
    assert peak(200) < 2 * peak(10)


def test_read_folder_goes_on_after_failures(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", BODY)
    write(tmp_path, "b.pdf", b"broken")
    write(tmp_path, "c.txt", BODY)
    assert [(type(item), item.source) for item in read_folder(tmp_path)] == [
        (Article, "a.txt"),
        (Unreadable, "b.pdf"),
        (Article, "c.txt"),
    ]


def test_real_pages(shared_folder: Path) -> None:
    articles = list(read_folder(shared_folder / "corpus" / "seeds"))
    assert len(articles) == 5
    assert all(isinstance(article, Article) and len(article.text) > 2500 for article in articles)


def test_what_a_row_tells_of_other_things_is_not_told_of_the_article(tmp_path: Path) -> None:
    line = row(
        _id={"$oid": "5f1"}, content=TEXT, publishedAt={"$date": "2021-05-03T20:00:00Z"},
        category={"id": 5, "name": "Tin tức"}, author={"@type": "Person", "name": "Thu Hà"}, source={"name": "Báo Sen"},
    )  # fmt: skip
    article = one(write(tmp_path, "a.jsonl", line))
    assert (article.id, article.author, article.date) == ("5f1", "Thu Hà", date(2021, 5, 4))
    assert article.title.startswith("Xã Khe Mây khánh thành")


def test_rows_with_too_many_cells_and_cells_of_several_lines(tmp_path: Path) -> None:
    table = (
        'title,text,date\r\n"Họp ""giao ban""","Thu 1.250 triệu.\r\n\r\nCòn 350 triệu.",05/03/2021,\r\n'
        "Khánh thành cầu,Cầu dài 42 m, rộng 2,5 m,12/05/2021\r\nKhe Mây, Suối Đá mất điện,Cắt từ 7h30,13/05/2021\r\n"
    )
    articles = [item for item in read_file(write(tmp_path, "a.csv", table)) if isinstance(item, Article)]
    assert [(item.title, item.text, item.date and item.date.day) for item in articles] == [
        ('Họp "giao ban"', "Thu 1.250 triệu.\n\nCòn 350 triệu.", 5),
        ("Khánh thành cầu", "Cầu dài 42 m, rộng 2,5 m", 12),
        ("Khe Mây, Suối Đá mất điện", "Cắt từ 7h30", 13),
    ]


def test_a_quotation_that_never_ends_does_not_swallow_the_rows_up_to_the_next_one(tmp_path: Path) -> None:
    table = 'id,title,text\n1,Một,"Trạm A có 3 máy.\n2,Hai,Trạm B có 5 máy"\n3,Ba,"Trạm C\ncó 7 máy."\n'
    articles = [item for item in read_file(write(tmp_path, "a.csv", table)) if isinstance(item, Article)]
    assert [item.text for item in articles] == ["Trạm A có 3 máy.", 'Trạm B có 5 máy"', "Trạm C\ncó 7 máy."]


def test_a_table_of_figures_has_its_title_its_names_and_who_signed_apart(tmp_path: Path) -> None:
    table = (
        "UBND XÃ KHE MÂY;;;;\n;;;;\nXã;2019;;2020;\n;Nghèo;Cận;Nghèo;Cận\nKhe Mây;45;132;40;120\nSuối Đá;30;118;25;9\n"
        "Người lập biểu: Hoàng Văn Tài;;;;\n"
    )
    article = one(write(tmp_path, "a.csv", table))
    assert article.text.split("\n\n")[::2] == ["UBND XÃ KHE MÂY", "Người lập biểu: Hoàng Văn Tài"]
    assert row_in_words(article, article.tables[0], 3) == (
        "Xã: Suối Đá; 2019 – Nghèo: 30; 2019 – Cận: 118; 2020 – Nghèo: 25; 2020 – Cận: 9"
    )


def test_a_table_without_a_title_has_the_name_of_its_file(tmp_path: Path) -> None:
    article = one(write(tmp_path, "xã/Hộ_nghèo 2021.csv.gz", gzip.compress("Xã,Hộ\nKhe Mây,45\n".encode())))
    assert article.title == "Hộ nghèo 2021"


def test_a_comma_within_a_name_moves_no_figure_to_another_column(tmp_path: Path) -> None:
    (tmp_path / "điểm.csv").write_text(
        "SBD,Họ và tên,Toán,Văn\n001,Lò Thị Én,8.25,7.5\n002,Vàng A Sử, nhì tỉnh,9,8\n003,Giàng A Páo,6,5\n",
        encoding="utf-8",
    )
    (article,) = read_folder(tmp_path)
    assert isinstance(article, Article)
    assert article.text.split("\n")[2] == "002 | Vàng A Sử, nhì tỉnh | 9 | 8"
    assert {len(row) for row in article.tables[0].rows} == {4}


def test_a_short_letter_without_offices_over_it_is_titled_by_its_number_and_subject(tmp_path: Path) -> None:
    text = "Số: 87/CV-PGD\nV/v hướng dẫn tuyển sinh\n\nKính gửi: Các trường THCS\n\nNộp báo cáo trước 16h00."
    (tmp_path / "cv.txt").write_text(text, encoding="utf-8")
    (article,) = read_folder(tmp_path)
    assert isinstance(article, Article)
    assert (article.title, article.number) == ("Công văn 87/CV-PGD về việc hướng dẫn tuyển sinh", "87/CV-PGD")


TABS = "Thuốc\tTồn đầu\tNhập\tXuất\tTồn cuối"


def test_a_table_that_was_pasted_with_tabs_keeps_its_empty_cells(tmp_path: Path) -> None:
    rows = f"{TABS}\nParacetamol\t1.200\t0\t85\t1.115\nOresol\t340\t200\t\t540\nAmoxicillin\t60"
    article = one(write(tmp_path, "a.txt", f"Sổ trạm y tế xã\n\nTrực:\tLò Thị Tiện\n\n{rows}\n\n{BODY}"))
    [table] = article.tables
    assert [[article.text[start:end] for start, end in row] for row in table.rows] == [
        ["Thuốc", "Tồn đầu", "Nhập", "Xuất", "Tồn cuối"],
        ["Paracetamol", "1.200", "0", "85", "1.115"],
        ["Oresol", "340", "200", "", "540"],
        ["Amoxicillin", "60", "", "", ""],
    ]
    assert table.header_rows == 1
    assert "Trực: Lò Thị Tiện" in article.text
    assert article.text.endswith(BODY)


@pytest.mark.parametrize(
    "lines",
    [
        "Nơi nhận:\t\t\tCHỦ TỊCH\n- Như trên\t\t\t(đã ký)\n- Lưu VT\t\t\tNguyễn Văn An",
        "\tĐoạn thụt vào đầu dòng.\n\tĐoạn thứ hai.\n\tĐoạn thứ ba.",
        "KẾ TOÁN\tTHỦ QUỸ\tGIÁM ĐỐC\nLò Thị A\tCầm Văn B\tHà Văn C",
    ],
)
def test_tabs_that_only_put_words_in_their_place_make_no_table(tmp_path: Path, lines: str) -> None:
    assert one(write(tmp_path, "a.txt", f"{BODY}\n\n{lines}\n")).tables == ()


def test_what_is_struck_in_markdown_is_told_and_left_out(tmp_path: Path) -> None:
    article = one(
        write(tmp_path, "a.md", f"# Hạn nộp\n\n{BODY}\n\n~~Hạn cũ: 15/3.~~ Hạn mới: 30/3. ~5 km~\n")
    )
    assert "Hạn cũ" not in article.text
    assert "Hạn mới: 30/3. ~5 km~" in article.text
    assert [(item.text, item.reason) for item in article.removed] == [("Hạn cũ: 15/3.", "struck-out")]


def test_marks_in_code_and_in_addresses_strike_nothing(tmp_path: Path) -> None:
    code = "```\n~~một~~\n~~~\n~~hai~~\n```\n\n~~~~ sh\n~~ba~~\n~~~\n~~bốn~~\n~~~~"
    article = one(
        write(tmp_path, "a.md", f"# Mã\n\n{BODY}\n\n{code}\n\nXem http://x.vn/~~an~~/b và x~~y~~. ~~Bỏ.~~\n")
    )
    for kept in ("~~một~~", "~~hai~~", "~~ba~~", "~~bốn~~", "http://x.vn/~~an~~/b", "x~~y~~."):
        assert kept in article.text
    assert [(item.text, item.reason) for item in article.removed] == [("Bỏ.", "struck-out")]


def test_an_indented_line_after_a_table_is_no_row_of_it(tmp_path: Path) -> None:
    rows = f"{TABS}\nParacetamol\t1.200\t0\t85\t1.115\n\t200\t0\t0\t200\nOresol\t340\t200"
    after = "Bảng trên do phòng nhân sự lập ngày 5/3."
    article = one(write(tmp_path, "a.txt", f"Sổ trạm y tế xã\n\n{rows}\n\t{after}\n\n{BODY}"))
    [table] = article.tables
    assert [[article.text[start:end] for start, end in cells] for cells in table.rows][2:] == [
        ["", "200", "0", "0", "200"],
        ["Oresol", "340", "200", "", ""],
    ]
    assert f"\n{after}\n" in article.text


@pytest.mark.parametrize(
    "lines",
    [
        "aa\tbb\tcc\nx\ty\nx\ty\nx\ty\n" * 2500,
        "aa\tbb\tcc\n" * 5000 + "x\ty\n" * 15_000,
        "aa\tbb\tcc\nx\ty\n" * 5000,
    ],
)
def test_lines_with_tabs_that_are_no_table_cost_no_more_than_their_length(lines: str) -> None:
    began = time.process_time()
    assert all(block.table is None for block in text_blocks(lines))
    assert time.process_time() - began < 2
