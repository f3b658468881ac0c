from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from index.schema import Article, Chunk, Filters, Hit
from rag.schema import Answer, Citation, Extract, Seconds, Statement
from ui.conversations import export
from ui.conversations.history import GoneError, History, Rating, Unanswered
from ui.conversations.records import excerpt, from_json, to_json
from ui.conversations.word_file import to_word
from ui.errors import WindowError
from ui.strings import ENGLISH, VIETNAMESE

TEXT = "Tiêu đề\n\nToàn huyện kết nạp 82 đảng viên mới. Hội nghị do ông An chủ trì.\n\nBí mật ở đoạn sau."


def answer(
    question: str = "Kết nạp bao nhiêu đảng viên?", text: str = "82 đảng viên [1].", refused: bool = False
) -> Answer:
    article = Article(
        "kim.txt",
        "2018/kim.txt",
        "Tiêu đề",
        TEXT,
        date(2018, 10, 3),
        "An",
        "huyện Kim",
        "https://kim.example/1",
    )
    start = TEXT.index("Toàn huyện")
    hit = Hit(Chunk(article, 1, start, TEXT.index("\n\nBí mật")), 0.8, 1, 0.9, 0.7)
    begin = TEXT.index("kết nạp")
    quote = Citation(1, hit, begin, TEXT.index(". Hội nghị") + 1, 0.95)
    return Answer(
        question=question,
        standalone=question,
        text=text,
        refused=refused,
        statements=() if refused else (Statement(0, len(text), (1,)),),
        citations=() if refused else (quote,),
        passages=(hit,),
        seconds=Seconds(0.1, None, 2.0),
        llm="qwen 1234",
        encoder="e5 5678",
        prompt_tokens=100,
        output_tokens=9,
        dropped_marks=1,
        stopped=True,
        cut=True,
    )


def with_extract(words: str = "82 đảng viên", text: str = TEXT) -> Answer:
    plain = answer()
    [hit] = plain.passages
    chunk = replace(hit.chunk, article=replace(hit.chunk.article, text=text), end=len(text))
    found, start = replace(hit, chunk=chunk), text.index(words)
    return replace(
        plain,
        passages=(found,),
        citations=(),
        confidence=0.91,
        reader="reader 9abc",
        extract=Extract(found, start, start + len(words), 0.87),
        short_span=(plain.text.index("82"), plain.text.index("82") + 2),
    )


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "kept" / "history.db", "hoidap 0.1.0")


def ask(history: History, *answers: Answer) -> str:
    key = None
    for item in answers:
        asked = history.ask(key, item.question)
        history.finish(asked.id, item)
        key = asked.conversation
    assert key is not None
    return key


def test_an_excerpt_keeps_the_passage_and_the_quote_and_nothing_else() -> None:
    kept = excerpt(answer())
    [hit] = kept.passages
    assert (
        hit.chunk.text
        == hit.chunk.article.text
        == "Toàn huyện kết nạp 82 đảng viên mới. Hội nghị do ông An chủ trì."
    )
    assert kept.citations[0].quote == "kết nạp 82 đảng viên mới."
    assert kept.citations[0].hit == hit
    assert "Bí mật" not in to_json(kept)


def test_an_answer_reads_back_as_it_was_written() -> None:
    kept = excerpt(answer())
    assert from_json(to_json(kept)) == kept
    bare = replace(kept.passages[0].chunk.article, date=None, url=None, author=None, place=None)
    hit = replace(kept.passages[0], chunk=replace(kept.passages[0].chunk, article=bare))
    undated = replace(kept, passages=(hit,), citations=())
    assert from_json(to_json(undated)) == undated


@pytest.mark.parametrize("words", ["Toàn huyện", "82 đảng viên", "ở đoạn sau."])
def test_an_extract_is_kept_with_its_passage(words: str) -> None:
    kept = excerpt(with_extract(words))
    assert kept.extract is not None
    assert (kept.extract.text, kept.extract.hit) == (words, kept.passages[0])
    assert kept.extract.hit.chunk.start == 0
    again = from_json(to_json(kept))
    assert again == kept
    assert (again.confidence, again.extract) == (0.91, kept.extract)
    assert (again.short_span, again.short) == (kept.short_span, "82")


def test_an_extract_from_a_passage_that_was_not_listed_brings_it_along() -> None:
    kept = excerpt(replace(with_extract(), passages=answer().passages))
    assert kept.extract is not None and kept.extract.hit == kept.passages[1]
    assert from_json(to_json(kept)) == kept


def test_a_record_of_before_there_were_extracts_has_none() -> None:
    kept = excerpt(with_extract())
    fields = json.loads(to_json(kept))
    assert fields["extract"] == {
        "passage": 0,
        "start": TEXT.index("82") - TEXT.index("Toàn huyện"),
        "end": TEXT.index(" mới.") - TEXT.index("Toàn huyện"),
        "text": "82 đảng viên",
        "confidence": 0.87,
    }
    del fields["extract"], fields["confidence"], fields["reader"], fields["short_span"]
    before = replace(kept, extract=None, confidence=None, reader="", short_span=None)
    assert from_json(json.dumps(fields)) == before


def test_conversations_outlive_a_restart(tmp_path: Path) -> None:
    first = History(tmp_path / "history.db", "hoidap 0.1.0")
    key = ask(first, answer(), answer("Ai chủ trì?", "Ông An [1]."))
    again = History(tmp_path / "history.db", "hoidap 0.2.0")
    items = again.exchanges(key)
    assert [item.answer for item in items] == [
        excerpt(answer()),
        excerpt(answer("Ai chủ trì?", "Ông An [1].")),
    ]
    assert {item.software for item in items} == {"hoidap 0.1.0"}
    assert [item.title for item in again.conversations()] == ["Kết nạp bao nhiêu đảng viên?"]


def test_the_newest_conversation_comes_first(history: History) -> None:
    old, new = ask(history, answer("Câu cũ?")), ask(history, answer("Câu mới?"))
    assert [item.id for item in history.conversations()] == [new, old]
    history.ask(old, "Câu nữa?")
    assert [item.id for item in history.conversations()] == [old, new]


@pytest.mark.parametrize("search", ["dang vien", "ĐẢNG VIÊN", "chu tri hoi nghi", "  82 "])
def test_search_needs_no_accents_and_looks_into_answers(history: History, search: str) -> None:
    found = ask(history, answer("Ai chủ trì hội nghị?", "82 đảng viên."))
    ask(history, answer("Chợ mới mở khi nào?", "Ngày 3."))
    assert [item.id for item in history.conversations(search)] == [found]


def test_search_takes_signs_as_they_are(history: History) -> None:
    ask(history, answer("Đạt 100% chưa?"))
    assert history.conversations("100%")
    assert not history.conversations("%0%")


def test_a_long_first_question_makes_a_short_title(history: History) -> None:
    key = ask(
        history,
        answer("Từ đầu năm đến nay toàn đảng bộ huyện Kim Bảng đã kết nạp được bao nhiêu đảng viên mới?"),
    )
    assert history.title(key) == "Từ đầu năm đến nay toàn đảng bộ huyện Kim Bảng đã kết nạp…"


def test_rename_and_delete(history: History) -> None:
    key = ask(history, answer())
    history.rename(key, "  Đảng viên\n2018 ")
    history.rename(key, "   ")
    assert history.title(key) == "Đảng viên 2018"
    history.delete(key)
    assert history.conversations() == []
    with pytest.raises(GoneError):
        history.title(key)


def test_a_deleted_conversation_leaves_no_bytes(tmp_path: Path) -> None:
    history = History(tmp_path / "history.db")
    key = ask(history, answer("Từ khóa hiếm xyzzy?"))
    assert b"xyzzy" in (tmp_path / "history.db").read_bytes()
    history.delete(key)
    assert b"xyzzy" not in (tmp_path / "history.db").read_bytes()
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        assert connection.execute("SELECT count(*) FROM exchanges").fetchone() == (0,)


def test_a_question_is_kept_as_it_is_sent_and_its_answer_when_it_is_finished(history: History) -> None:
    bounds = Filters(date(2019, 1, 1), date(2020, 12, 31), ("tin/",))
    asked = history.ask(None, "Kết nạp bao nhiêu đảng viên?", bounds)
    [entry] = history.entries(asked.conversation)
    assert entry == asked and history.waiting() == [asked] and history.exchanges(asked.conversation) == []
    assert [item.id for item in history.conversations("dang vien")] == [asked.conversation]
    history.begin(asked.id)
    assert history.waiting()[0].tries == 1
    item = history.finish(asked.id, answer())
    assert (item.question, item.filters) == ("Kết nạp bao nhiêu đảng viên?", bounds)
    assert history.waiting() == [] and history.entries(asked.conversation) == [item]


def test_what_went_wrong_is_kept_until_the_question_is_begun_again(history: History) -> None:
    asked = history.ask(None, "Hỏi gì?")
    history.fail(asked.id, "store", "Damaged search files")
    [entry] = history.entries(asked.conversation)
    assert isinstance(entry, Unanswered)
    assert (entry.problem, entry.detail, history.waiting()) == ("store", "Damaged search files", [])
    with pytest.raises(GoneError):
        history.exchange(asked.id)
    history.begin(asked.id)
    assert [(one.id, one.problem) for one in history.waiting()] == [(asked.id, "")]


def test_a_question_that_was_taken_back_leaves_nothing_empty(history: History) -> None:
    key = ask(history, answer())
    history.withdraw(history.ask(key, "Thôi?").id)
    alone = history.ask(None, "Thôi nữa?")
    history.withdraw(alone.id)
    history.withdraw(history.exchanges(key)[0].id)
    assert [item.id for item in history.conversations()] == [key]
    assert len(history.entries(key)) == 1


def test_a_branch_holds_what_came_before_and_leaves_the_conversation_whole(history: History) -> None:
    key = ask(history, answer("Một?"), answer("Hai?"), answer("Ba?"))
    first, second, _ = history.exchanges(key)
    new = history.branch(second.id, "Hai khác?")
    assert new is not None and history.title(new) == "Hai khác?"
    assert [item.question for item in history.exchanges(new)] == ["Một?"]
    assert [item.question for item in history.exchanges(key)] == ["Một?", "Hai?", "Ba?"]
    assert history.branch(first.id, "Một khác?") is None
    with pytest.raises(GoneError):
        history.branch(999, "x")


def test_what_an_older_version_kept_is_read_and_is_one_list_for_everybody(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(OLD_SCHEMA)
        for owner in ("local", "aX3_browser"):
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, '2026-01-01T00:00:00+00:00')",
                (f"c-{owner}", owner, "Cũ"),
            )
        connection.execute(
            "INSERT INTO exchanges VALUES (1, 'c-aX3_browser', '2026-01-01T00:00:00+00:00', 'v', ?, 'cu')",
            (to_json(excerpt(answer("Cũ?"))),),
        )
    history = History(path)
    assert {item.id for item in history.conversations()} == {"c-local", "c-aX3_browser"}
    assert [item.question for item in history.exchanges("c-aX3_browser")] == ["Cũ?"]
    assert history.waiting() == []


OLD_SCHEMA = """
CREATE TABLE conversations (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE exchanges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    asked TEXT NOT NULL, software TEXT NOT NULL, answer TEXT NOT NULL, searchable TEXT NOT NULL);
CREATE TABLE ratings (
    exchange INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
    good INTEGER NOT NULL, comment TEXT NOT NULL, correction TEXT NOT NULL);
"""


def test_a_rating_is_kept_with_its_exchange_and_can_change(history: History) -> None:
    key = ask(history, answer())
    [item] = history.exchanges(key)
    assert item.rating is None
    history.rate(item.id, Rating(True))
    rated = history.rate(item.id, Rating(False, " thiếu năm ", "82 người"))
    assert rated.rating == Rating(False, "thiếu năm", "82 người")
    assert history.exchanges(key) == [rated]


def test_a_file_that_is_no_history_is_told_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_text("đây không phải cơ sở dữ liệu" * 50, encoding="utf-8")
    with pytest.raises(WindowError, match="Move that file away"):
        History(path)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    History(tmp_path / "history.db")
    assert (tmp_path / "history.db").stat().st_mode & 0o077 == 0


def test_markdown_has_the_sources_and_no_foreign_markup(history: History) -> None:
    key = ask(history, answer("Có <b>bao nhiêu</b> *người*?", "82 [1]. ![x](http://evil.example)"))
    written = export.to_markdown("Hỏi", history.exchanges(key), VIETNAMESE)
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
    written = export.to_markdown("Hỏi", history.exchanges(key), ENGLISH)
    line = (
        "> Extract (87% sure): “Kết \\*nạp\\* \\<script\\>alert(1)\\</script\\> **82 đảng viên** mới ở "
        "\\[đây\\](javascript:x).” — Tiêu đề, 2018-10-03, 2018/kim.txt, <https://kim.example/1>"
    )
    assert f"## Kết nạp bao nhiêu đảng viên?\n\n{line}\n\n82 đảng viên [1]." in written
    assert written.count("Extract") == 1


def test_json_holds_everything(history: History) -> None:
    key = ask(history, answer())
    [item] = history.exchanges(key)
    history.rate(item.id, Rating(True, "tốt"))
    told = json.loads(export.to_json("Hỏi", history.exchanges(key)))
    [line] = told["exchanges"]
    assert told["title"] == "Hỏi"
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
    document = Document(BytesIO(to_word("Đảng viên", history.exchanges(asked.conversation), VIETNAMESE)))
    told = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert told[0] == ("Title", "Đảng viên")
    assert ("Heading 1", "Kết nạp bao nhiêu đảng viên?") in told
    assert ("Normal", "Chỉ tìm trong: trong 2018") in told
    assert ("List Bullet", "82 đảng viên [1].") in told
    assert ("List Number", "Mục một") in told
    source = (
        "[1] Tiêu đề, 03/10/2018, huyện Kim, 2018/kim.txt, https://kim.example/1: “kết nạp 82 đảng viên mới.”"
    )
    assert ("Normal", source) in told
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold]
    assert bold == ["82"]
