"""``hoidap show``: an article on the terminal, and what of its file is not in it; ``hoidap sync --report``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import FakeEncoder

from index.store.store import Store
from index.sync.report import report_object
from index.sync.sync import sync
from ui.cli import main

PAGE = """Số lượt truy cập: 120

EmailPrintAa

Khe Mây có nước sạch

15/10/2020 08:00

Xã Khe Mây đưa vào dùng trạm bơm trị giá 420 triệu đồng cho 215 hộ dân của ba thôn vùng cao trong xã.
"""


@pytest.fixture
def crawled(tmp_path: Path) -> Path:
    """A store of one crawled page, closed."""
    (tmp_path / "tin").mkdir()
    (tmp_path / "tin" / "a.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "tin" / "b.docx").write_bytes(b"no Word file")
    (tmp_path / "tin" / "c.jpg").write_bytes(b"a picture")
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "store", encoder.name, encoder.dimension, 240)
    report = sync(store, tmp_path / "tin", encoder)
    fates = report_object(report, store.database)
    (tmp_path / "report.json").write_text(json.dumps(fates, ensure_ascii=False), encoding="utf-8")
    store.close()
    return tmp_path


def test_show_prints_the_article_and_how_much_was_left_out(
    crawled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "a.txt", "--store", str(crawled / "store")]) == 0
    output = capsys.readouterr().out
    assert output.startswith("Khe Mây có nước sạch\nngày: 2020-10-15\n")
    assert "420 triệu đồng" in output and "EmailPrintAa" not in output
    assert "(đã bỏ 3 dòng; xem bằng: hoidap show 'a.txt' --removed)" in output


def test_show_removed_prints_each_line_with_its_reason(
    crawled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "a.txt", "--removed", "--store", str(crawled / "store")]) == 0
    assert capsys.readouterr().out == (
        "Khe Mây có nước sạch: đã bỏ 3 dòng\n"
        "- Số lượt truy cập: 120\n    (phần thừa của trang web)\n"
        "- EmailPrintAa\n    (phần thừa của trang web)\n"
        "- 15/10/2020 08:00\n    (dòng in quanh bài)\n"
    )


def test_an_article_that_is_not_there_is_told(crawled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "x.txt", "--store", str(crawled / "store")]) == 1
    assert "x.txt" in capsys.readouterr().err


def test_the_report_tells_the_fate_of_every_file(crawled: Path) -> None:
    report = json.loads((crawled / "report.json").read_text(encoding="utf-8"))
    page, broken = report["files"]
    assert (page["source"], page["fate"], page["problems"]) == ("a.txt", "new", [])
    (article,) = page["articles"]
    assert [(line["text"], line["reason"]) for line in article["removed"]] == [
        ("Số lượt truy cập: 120", "boilerplate"),
        ("EmailPrintAa", "boilerplate"),
        ("15/10/2020 08:00", "page-line"),
    ]
    assert (broken["source"], broken["fate"], broken["articles"]) == ("b.docx", "not read", [])
    assert "save it as .docx again" in broken["problems"][0]["reason"]
    assert report["passed_over"] == [{"source": "c.jpg", "kind": ".jpg"}]
    assert (report["articles"], report["left_out"]) == (1, 0)
