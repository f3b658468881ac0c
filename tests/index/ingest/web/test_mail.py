"""Letters with their attachments, and web pages saved as one file."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from word_maker import make_word, paragraph

from index.errors import ArticleError
from index.ingest.office.read_office import OFFICE_READERS
from index.ingest.read_files import find_files, read_file
from index.ingest.web.mail import read_mail, read_mhtml
from index.schema import Article


def letter(**bodies: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Báo cáo hộ nghèo xã Khe Mây"
    message["From"] = "Giàng A Páo <pao@vi-du.gov.vn>"
    message["Date"] = "Thu, 05 Mar 2020 08:15:00 +0700"
    message.set_content(bodies["plain"])
    if "html" in bodies:
        message.add_alternative(bodies["html"], subtype="html")
    return message


def test_a_letter_has_title_author_and_date_and_its_paragraphs(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(bytes(letter(plain="Kính gửi UBND huyện,\n\nXã còn 45 hộ nghèo.\n")))
    document = read_mail(tmp_path / "a.eml")
    assert [block.text for block in document.blocks] == ["Kính gửi UBND huyện,", "Xã còn 45 hộ nghèo."]
    metadata = document.metadata
    assert (metadata.title, metadata.author) == ("Báo cáo hộ nghèo xã Khe Mây", "Giàng A Páo")
    assert metadata.date == "Thu, 05 Mar 2020 08:15:00 +0700"


def test_tables_of_a_letter_are_grids(tmp_path: Path) -> None:
    html = "<p>Số liệu:</p><table><tr><th>Xã</th><th>Hộ</th></tr><tr><td>Khe Mây</td><td>45</td></tr></table>"
    (tmp_path / "a.eml").write_bytes(bytes(letter(plain="Số liệu: Xã Hộ Khe Mây 45", html=html)))
    blocks = read_mail(tmp_path / "a.eml").blocks
    assert blocks[0].text == "Số liệu:"
    assert blocks[1].table is not None
    assert blocks[1].table.rows == (("Xã", "Hộ"), ("Khe Mây", "45"))


def test_a_letter_whose_page_holds_nothing_is_read_for_what_is_attached(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Gửi quyết định"
    message.set_content("<!-- gửi từ điện thoại -->", subtype="html")
    attached = make_word(tmp_path / "b.docx", paragraph("Điều 1. Giao đất")).read_bytes()
    message.add_attachment(attached, maintype="application", subtype="octet-stream", filename="b.docx")
    (tmp_path / "a.eml").write_bytes(bytes(message))
    blocks = read_mail(tmp_path / "a.eml", readers=OFFICE_READERS).blocks
    assert [block.text for block in blocks] == ["b.docx", "Điều 1. Giao đất"]


def test_attached_files_are_read_under_their_name_and_others_are_told(tmp_path: Path) -> None:
    attached = make_word(tmp_path / "b.docx", paragraph("Điều 1. Giao đất")).read_bytes()
    message = letter(plain="Xin gửi kèm quyết định.")
    message.add_attachment(
        attached, maintype="application", subtype="octet-stream", filename="quyết định.docx"
    )
    message.add_attachment(b"xyz", maintype="application", subtype="zip", filename="ảnh.zip")
    (tmp_path / "a.eml").write_bytes(bytes(message))
    document = read_mail(tmp_path / "a.eml", readers=OFFICE_READERS)
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", "Xin gửi kèm quyết định."),
        ("heading", "quyết định.docx"),
        ("paragraph", "Điều 1. Giao đất"),
    ]
    assert [code for code, _ in document.problems] == ["embedded-file"]


def test_texts_tables_and_letters_that_are_attached_are_read(tmp_path: Path) -> None:
    inner = letter(plain="Thôn Lũng Cao còn 77 hộ.")
    inner.add_attachment("Ghi chú: 12 thôn.", filename="ghi chú.txt")
    message = letter(plain="Xin gửi kèm.")
    message.add_attachment("Xã;Hộ\nKhe Mây;145\n", filename="Danh sách.csv")
    message.add_attachment(inner)
    (tmp_path / "a.eml").write_bytes(bytes(message))
    (found,) = read_file(find_files(tmp_path)[0])
    assert isinstance(found, Article) and not found.problems
    assert found.text.split("\n\n") == [
        "Xin gửi kèm.", "Danh sách.csv", "Xã | Hộ\nKhe Mây | 145", "Báo cáo hộ nghèo xã Khe Mây",
        "Thôn Lũng Cao còn 77 hộ.", "ghi chú.txt", "Ghi chú: 12 thôn.",
    ]  # fmt: skip


def test_a_plain_text_that_only_names_the_page_is_not_the_letter(tmp_path: Path) -> None:
    html = "<p>Kính gửi các xã, đề nghị báo cáo số hộ nghèo trước ngày 15/4/2021 về Phòng Lao động.</p>"
    (tmp_path / "a.eml").write_bytes(bytes(letter(plain="Xem bản HTML.", html=html)))
    assert [block.text for block in read_mail(tmp_path / "a.eml").blocks] == [html[3:-4]]


def test_a_page_saved_as_one_file_is_read_with_its_address(tmp_path: Path) -> None:
    text = (
        "Huyện Yên Hạ vừa tổng kết chương trình nước sạch, có 215 hộ dân ở ba thôn vùng cao được hưởng lợi."
    )
    page = f"<html><body><h1>Nước sạch về Khe Mây</h1><p>{text}</p><p>{text} Xong.</p></body></html>"
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://vi-du.vn/nuoc-sach"
    message.set_content(page, subtype="html", cte="quoted-printable")
    (tmp_path / "a.mhtml").write_bytes(bytes(message))
    document = read_mhtml(tmp_path / "a.mhtml")
    assert document.metadata.url == "https://vi-du.vn/nuoc-sach"
    assert f"{text} Xong." in [block.text for block in document.blocks]


@pytest.mark.parametrize("data", [b"", b"no header at all\n"])
def test_what_is_no_letter_is_an_error_with_a_remedy(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.eml").write_bytes(data)
    with pytest.raises(ArticleError, match="save it again"):
        read_mail(tmp_path / "a.eml")


def test_what_is_hidden_in_a_letter_or_left_out_of_an_attached_file_is_told(tmp_path: Path) -> None:
    html = "<p>Mức thu <s>300</s> 400.</p><p style='display:none'>xem trước</p><table><tr><td>a</td></tr></table>"
    message = letter(plain="Mức thu 400.", html=html)
    message.add_attachment(
        "<p>Giá <del>5</del> 6.</p>".encode(), maintype="application", subtype="x", filename="b.doc"
    )
    (tmp_path / "a.eml").write_bytes(bytes(message))
    document = read_mail(tmp_path / "a.eml", readers=OFFICE_READERS)
    assert [(item.text, item.reason) for item in document.removed] == [
        ("300", "struck-out"), ("xem trước", "hidden"), ("5", "struck-out"),
    ]  # fmt: skip


def test_letters_within_letters_within_letters_are_told_where_they_are_read_no_more(tmp_path: Path) -> None:
    message = letter(plain="Thư số 0")
    for number in range(1, 7):
        outer = letter(plain=f"Thư số {number}")
        outer.add_attachment(message)
        message = outer
    (tmp_path / "a.eml").write_bytes(bytes(message))
    document = read_mail(tmp_path / "a.eml")
    assert [block.text for block in document.blocks if block.kind == "paragraph"] == [
        f"Thư số {number}" for number in (6, 5, 4, 3)
    ]
    assert [code for code, _ in document.problems] == ["embedded-file"]
