from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.schema import Article, Chunk, Hit
from rag.schema import Answer, Citation, Extract, Seconds, Statement
from ui import export
from ui.errors import WindowError
from ui.history import GoneError, History, Rating
from ui.records import excerpt, from_json, to_json
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


def ask(history: History, *answers: Answer, owner: str = "local") -> str:
    key = history.start(owner, answers[0].question)
    for item in answers:
        history.add(owner, key, item)
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
    items = again.exchanges("local", key)
    assert [item.answer for item in items] == [
        excerpt(answer()),
        excerpt(answer("Ai chủ trì?", "Ông An [1].")),
    ]
    assert {item.software for item in items} == {"hoidap 0.1.0"}
    assert [item.title for item in again.conversations("local")] == ["Kết nạp bao nhiêu đảng viên?"]


def test_the_newest_conversation_comes_first(history: History) -> None:
    old, new = ask(history, answer("Câu cũ?")), ask(history, answer("Câu mới?"))
    assert [item.id for item in history.conversations("local")] == [new, old]
    history.add("local", old, answer())
    assert [item.id for item in history.conversations("local")] == [old, new]


@pytest.mark.parametrize("search", ["dang vien", "ĐẢNG VIÊN", "chu tri hoi nghi", "  82 "])
def test_search_needs_no_accents_and_looks_into_answers(history: History, search: str) -> None:
    found = ask(history, answer("Ai chủ trì hội nghị?", "82 đảng viên."))
    ask(history, answer("Chợ mới mở khi nào?", "Ngày 3."))
    assert [item.id for item in history.conversations("local", search)] == [found]


def test_search_takes_signs_as_they_are(history: History) -> None:
    ask(history, answer("Đạt 100% chưa?"))
    assert history.conversations("local", "100%")
    assert not history.conversations("local", "%0%")


def test_a_long_first_question_makes_a_short_title(history: History) -> None:
    key = ask(
        history,
        answer("Từ đầu năm đến nay toàn đảng bộ huyện Kim Bảng đã kết nạp được bao nhiêu đảng viên mới?"),
    )
    assert history.title("local", key) == "Từ đầu năm đến nay toàn đảng bộ huyện Kim Bảng đã kết nạp…"


def test_rename_and_delete(history: History) -> None:
    key = ask(history, answer())
    history.rename("local", key, "  Đảng viên\n2018 ")
    history.rename("local", key, "   ")
    assert history.title("local", key) == "Đảng viên 2018"
    history.delete("local", key)
    assert history.conversations("local") == []
    with pytest.raises(GoneError):
        history.title("local", key)


def test_a_deleted_conversation_leaves_no_bytes(tmp_path: Path) -> None:
    history = History(tmp_path / "history.db")
    key = ask(history, answer("Từ khóa hiếm xyzzy?"))
    assert b"xyzzy" in (tmp_path / "history.db").read_bytes()
    history.delete("local", key)
    assert b"xyzzy" not in (tmp_path / "history.db").read_bytes()
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        assert connection.execute("SELECT count(*) FROM exchanges").fetchone() == (0,)


def test_owners_are_apart(history: History) -> None:
    key = ask(history, answer(), owner="hoa")
    [item] = history.exchanges("hoa", key)
    assert (
        not history.conversations("lan")
        and not history.exchanges("lan", key)
        and not history.owns("lan", key)
    )
    for act in (
        lambda: history.exchange("lan", item.id),
        lambda: history.rename("lan", key, "x"),
        lambda: history.delete("lan", key),
        lambda: history.add("lan", key, answer()),
        lambda: history.cut("lan", key, item.id),
        lambda: history.rate("lan", item.id, Rating(True)),
    ):
        with pytest.raises(GoneError):
            act()
    assert history.exchanges("hoa", key) == [item]


def test_cut_drops_an_exchange_and_the_later_ones(history: History) -> None:
    key = ask(history, answer("Một?"), answer("Hai?"), answer("Ba?"))
    history.cut("local", key, history.exchanges("local", key)[1].id)
    assert [item.answer.question for item in history.exchanges("local", key)] == ["Một?"]


def test_a_rating_is_kept_with_its_exchange_and_can_change(history: History) -> None:
    key = ask(history, answer())
    [item] = history.exchanges("local", key)
    assert item.rating is None
    history.rate("local", item.id, Rating(True))
    rated = history.rate("local", item.id, Rating(False, " thiếu năm ", "82 người"))
    assert rated.rating == Rating(False, "thiếu năm", "82 người")
    assert history.exchanges("local", key) == [rated]


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
    written = export.to_markdown("Hỏi", history.exchanges("local", key), VIETNAMESE)
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
    written = export.to_markdown("Hỏi", history.exchanges("local", key), ENGLISH)
    line = (
        "> Extract (87% sure): “Kết \\*nạp\\* \\<script\\>alert(1)\\</script\\> **82 đảng viên** mới ở "
        "\\[đây\\](javascript:x).” — Tiêu đề, 2018-10-03, 2018/kim.txt, <https://kim.example/1>"
    )
    assert f"## Kết nạp bao nhiêu đảng viên?\n\n{line}\n\n82 đảng viên [1]." in written
    assert written.count("Extract") == 1


def test_json_holds_everything(history: History) -> None:
    key = ask(history, answer())
    [item] = history.exchanges("local", key)
    history.rate("local", item.id, Rating(True, "tốt"))
    told = json.loads(export.to_json("Hỏi", history.exchanges("local", key)))
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
    first, second, third, fourth, _ = history.exchanges("local", key)
    history.rate("local", first.id, Rating(True))
    history.rate("local", second.id, Rating(False, "sai người", "ông An"))
    history.rate("local", third.id, Rating(True))
    history.rate("local", fourth.id, Rating(False, "sai"))
    lines = [json.loads(line) for line in export.to_questions(history.rated("local")).splitlines()]
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
