"""What is taken along of conversations and ratings: Markdown, JSON, questions, a Word file."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from answer_maker import answer, ask, of_a_scan, with_extract
from docx import Document

from index.schema import Filters
from ui.answer_json import answer_object
from ui.conversations import export
from ui.conversations.entries import Rating
from ui.conversations.history import History
from ui.conversations.word_file import to_word
from ui.serve.routes.article_page import article_page
from ui.strings import words_in


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "kept" / "history.db", "hoidap 0.1.0")


def test_markdown_has_the_sources_and_no_foreign_markup(history: History) -> None:
    key = ask(history, answer("Có <b>bao nhiêu</b> *người*?", "82 [1]. ![x](http://evil.example)"))
    written = export.to_markdown("Hỏi", history.exchanges(key), words_in("vi"))
    assert "## Có \\<b\\>bao nhiêu\\</b\\> \\*người\\*?" in written
    assert "82 [1]. !\\[x\\](http://evil.example)" in written
    assert (
        "- [1] Tiêu đề, 03/10/2018, 2018/kim.txt, <https://kim.example/1>: “kết nạp 82 đảng viên mới.”"
        in written
    )


def test_markdown_quotes_the_extract_before_the_answer(history: History) -> None:
    hostile = "Kết *nạp* <script>alert(1)</script> 82 đảng viên mới ở [đây](javascript:x)."
    item = with_extract(text=f"{' ' * answer().passages[0].chunk.start}{hostile}")
    key = ask(history, item, answer("Ai?"))
    written = export.to_markdown("Hỏi", history.exchanges(key), words_in("en"))
    line = (
        "> Extract (87% sure): “Kết \\*nạp\\* \\<script\\>alert(1)\\</script\\> **82 đảng viên** mới ở "
        "\\[đây\\](javascript:x).” — Tiêu đề, 2018-10-03, 2018/kim.txt, <https://kim.example/1>"
    )
    assert f"## Kết nạp bao nhiêu đảng viên?\n\n{line}\n\n82 đảng viên [1]." in written
    assert written.count("Extract") == 1


def test_markdown_tells_where_was_searched(history: History) -> None:
    asked = history.ask(None, "Ai?", Filters(from_date=date(2018, 1, 1), sources=("2018/",)))
    history.finish(asked.id, answer("Ai?"))
    written = export.to_markdown("Hỏi", history.exchanges(asked.conversation), words_in("vi"))
    assert "## Ai?\n\n_Phạm vi tìm: từ 01/01/2018, trong 2018_\n\n82 đảng viên [1]." in written


@pytest.mark.slow
def test_of_a_huge_conversation_the_files_to_be_read_hold_the_newest_and_say_so(history: History) -> None:
    key = ask(history, answer("Câu đầu?"), *[answer("Câu sau?")] * export.MOST_WRITTEN)
    items = history.exchanges(key)
    notice = "Ở đây có 300 câu hỏi gần nhất. 1 câu trước đó có trong tệp dữ liệu (.json)."
    written = export.to_markdown("Hỏi", items, words_in("vi"))
    assert f"_{notice}_" in written
    assert written.count("## Câu sau?") == export.MOST_WRITTEN and "Câu đầu?" not in written
    word = [
        paragraph.text for paragraph in Document(BytesIO(to_word("Hỏi", items, words_in("vi")))).paragraphs
    ]
    assert notice in word and "Câu đầu?" not in word
    assert len(json.loads(export.to_json("Hỏi", items))["exchanges"]) == export.MOST_WRITTEN + 1
    assert "gần nhất" not in export.to_markdown("Hỏi", items[1:], words_in("vi"))


def test_json_holds_everything(history: History) -> None:
    key = ask(history, answer())
    [item] = history.exchanges(key)
    history.rate(item.id, Rating(True, "tốt"))
    exported = json.loads(export.to_json("Hỏi", history.exchanges(key)))
    [line] = exported["exchanges"]
    assert exported["title"] == "Hỏi"
    assert (line["llm"], line["encoder"], line["software"]) == ("qwen 1234", "e5 5678", "hoidap 0.1.0")
    assert line["rating"] == {"good": True, "comment": "tốt", "correction": ""}
    assert line["passages"][0]["text"].startswith("Toàn huyện")
    assert line["citations"][0]["quote"] == "kết nạp 82 đảng viên mới."


def test_ratings_become_evaluation_questions(history: History) -> None:
    key = ask(
        history,
        answer(),
        answer("Ai chủ trì?", "Bà Hoa [1]."),
        answer("Giá vàng?", "Tôi không tìm thấy.", refused=True),
        answer("Năm nào?", "Năm 2017 [1]."),
        answer("Chưa đánh giá?"),
    )
    first, second, third, fourth, _ = history.exchanges(key)
    history.rate(first.id, Rating(True))
    history.rate(second.id, Rating(False, "sai người", "ông An"))
    history.rate(third.id, Rating(True))
    history.rate(fourth.id, Rating(False, "sai"))
    lines = [json.loads(line) for line in export.to_questions(history.rated()).splitlines()]
    assert lines == [
        {
            "id": f"user-{first.id}", "kind": "fact", "split": "dev", "question": "Kết nạp bao nhiêu đảng viên?",
            "answers": [["82 đảng viên"]],
            "evidence": [{"article": "kim.txt", "quote": "kết nạp 82 đảng viên mới."}],
        },
        {
            "id": f"user-{second.id}", "kind": "follow_up", "split": "dev", "question": "Ai chủ trì?",
            "follows": ["Kết nạp bao nhiêu đảng viên?"], "standalone": "Ai chủ trì?", "answers": [["ông An"]],
            "evidence": [
                {"article": "kim.txt", "quote": "Toàn huyện kết nạp 82 đảng viên mới. Hội nghị do ông An chủ trì."}
            ],
        },
        {
            "id": f"user-{third.id}", "kind": "absent", "split": "dev", "question": "Giá vàng?", "answers": [],
            "evidence": [], "note": "A user agreed that the articles do not tell.",
        },
    ]  # fmt: skip
    assert list(lines[1]) == [
        "id",
        "kind",
        "split",
        "question",
        "follows",
        "standalone",
        "answers",
        "evidence",
    ]


def test_a_word_file_holds_the_answer_its_sources_and_its_bounds(history: History) -> None:
    asked = history.ask(None, "Kết nạp bao nhiêu?", Filters(sources=("2018/",)))
    history.finish(asked.id, answer(text="Toàn huyện:\n- **82** đảng viên [1].\n1. Mục một\x0b"))
    document = Document(BytesIO(to_word("Đảng viên", history.exchanges(asked.conversation), words_in("vi"))))
    paragraphs = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert paragraphs[0] == ("Title", "Đảng viên")
    assert ("Heading 1", "Kết nạp bao nhiêu đảng viên?") in paragraphs
    assert ("Normal", "Phạm vi tìm: trong 2018") in paragraphs
    assert ("List Bullet", "82 đảng viên [1].") in paragraphs
    assert ("List Number", "Mục một") in paragraphs
    source = (
        "[1] Tiêu đề, 03/10/2018, huyện Kim, 2018/kim.txt, https://kim.example/1: “kết nạp 82 đảng viên mới.”"
    )
    assert ("Normal", source) in paragraphs
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold]
    assert bold == ["82"]


def test_every_way_out_tells_the_page_and_that_it_was_recognised(history: History) -> None:
    items = history.exchanges(ask(history, of_a_scan()))
    stands = "trang 3 · văn bản nhận dạng từ ảnh, độ chắc chắn 91%"
    written = export.to_markdown("Hỏi", items, words_in("vi"))
    assert f"- [1] Tiêu đề, 03/10/2018, 2018/kim.txt, {stands}, <https://kim.example/1>: “" in written
    document = Document(BytesIO(to_word("Hỏi", items, words_in("vi"))))
    assert any(f"2018/kim.txt, {stands}, https" in one.text for one in document.paragraphs)
    [line] = json.loads(export.to_json("Hỏi", items))["exchanges"]
    assert line["citations"][0]["location"] == {"page": 3, "recognised": 0.914}
    payload = answer_object(of_a_scan())
    assert (
        payload["citations"][0]["location"]
        == payload["passages"][0]["location"]
        == {"page": 3, "recognised": 0.914}
    )
    [citation] = of_a_scan().citations
    page = article_page(citation.hit.chunk.article, (citation.start, citation.end))
    assert f"2018/kim.txt · {stands}" in page
