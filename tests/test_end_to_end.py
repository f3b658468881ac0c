"""The product as a user meets it: real articles, real models, the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ui.cli import main

QUESTIONS = (
    ("82", "Đảng bộ huyện Kim Bảng kết nạp được bao nhiêu đảng viên mới?"),
    ("1.29", "Tỷ lệ hộ nghèo của huyện Ba Chẽ còn bao nhiêu?"),
    ("none", "Dân số của Hà Nội là bao nhiêu?"),
    ("1.29-plain", "ty le ho ngheo cua huyen ba che con bao nhieu"),
    ("follow", "Còn diện tích trồng rừng tập trung?"),
)


@pytest.fixture(scope="module")
def answers(
    real_models: None, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, dict[str, Any]], Path]:
    folder = tmp_path_factory.mktemp("seeds")
    store = str(folder / "store")
    assert main(["sync", str(shared_folder / "corpus" / "seeds"), "--store", store]) == 0
    lines = [{"id": name, "question": question} for name, question in QUESTIONS]
    lines[-1]["follows"] = [QUESTIONS[1][1]]  # type: ignore[assignment]
    asked, out = folder / "questions.jsonl", folder / "answers.jsonl"
    asked.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert main(["ask", "--file", str(asked), "--out", str(out), "--store", store]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row for row in rows}, folder / "store"


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "expected", "file"),
    [("82", "82", "000_"), ("1.29", "1,29%", "002_"), ("1.29-plain", "1,29%", "002_")],
)
def test_the_articles_tell(
    answers: tuple[dict[str, dict[str, Any]], Path], name: str, expected: str, file: str
) -> None:
    answer = answers[0][name]
    assert not answer["refused"]
    assert expected in answer["answer"]
    assert any(citation["article_id"].startswith(file) for citation in answer["citations"])
    assert any(expected in citation["quote"] for citation in answer["citations"])


@pytest.mark.model
def test_the_articles_do_not_tell(answers: tuple[dict[str, dict[str, Any]], Path]) -> None:
    answer = answers[0]["none"]
    assert answer["refused"]
    assert answer["citations"] == []
    assert "không tìm thấy" in answer["answer"]


@pytest.mark.model
def test_the_contract_of_an_answer(answers: tuple[dict[str, dict[str, Any]], Path]) -> None:
    from index.store.store import Store

    rows, store_folder = answers
    database = Store.open(store_folder).database
    for answer in rows.values():
        stages = {"waiting", "understand", "search", "read", "write", "verify"}
        assert set(answer["seconds"]) == {"retrieve", "first_token", "total"} | stages
        assert answer["llm"].startswith("qwen2.5-coder-0.5b")
        assert answer["encoder"].startswith("multilingual-e5-small")
        spans = [(hit["article_id"], hit["start"], hit["end"]) for hit in answer["passages"]]
        for hit in answer["passages"]:
            assert database.article(hit["article_id"]).text[hit["start"] : hit["end"]] == hit["text"]
        for citation in answer["citations"]:
            text = database.article(citation["article_id"]).text
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            assert any(
                article == citation["article_id"] and start <= citation["start"] and citation["end"] <= end
                for article, start, end in spans
            )


@pytest.mark.model
def test_a_follow_up_is_asked_in_full(answers: tuple[dict[str, dict[str, Any]], Path]) -> None:
    answer = answers[0]["follow"]
    assert "Ba Chẽ" in answer["standalone"]
    assert answer["passages"][0]["article_id"].startswith("002_")


@pytest.mark.model
def test_a_table_is_written_as_a_workbook(
    answers: tuple[dict[str, dict[str, Any]], Path], tmp_path: Path
) -> None:
    out = tmp_path / "bang.xlsx"
    asked = "tỷ lệ hộ nghèo của các huyện"
    assert main(["table", asked, "--out", str(out), "--store", str(answers[1])]) == 0
    sheet = load_workbook(out).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:5] == ("Bài viết", "Nơi", "Ngày", asked, "Độ chắc chắn")
    (told,) = (row for row in rows if str(row[-1]).startswith("002_"))
    assert "1,29%" in str(told[3]) and "1,29%" in str(told[5])
    assert 0.5 < float(str(told[4])) <= 1


@pytest.mark.model
def test_a_text_is_checked_on_the_terminal(
    answers: tuple[dict[str, dict[str, Any]], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "bản thảo.txt"
    text.write_text(
        "Huyện Ba Chẽ đưa tỷ lệ hộ nghèo còn 1,29%. Huyện Ba Chẽ đưa tỷ lệ hộ nghèo còn 5,29%. "
        "Sông Amazon dài 6.400 km.",
        encoding="utf-8",
    )
    assert main(["check", str(text), "--json", "--store", str(answers[1])]) == 0
    right, wrong, nowhere = json.loads(capsys.readouterr().out)["sentences"]
    assert right["verdict"] == "supported" and "1,29%" in right["source"]["quote"]
    assert (wrong["verdict"], wrong["said"], wrong["told"]) == ("contradicted", "5,29%", "1,29%")
    assert nowhere["verdict"] == "not_found"
    assert main(["check", str(text), "--store", str(answers[1])]) == 0
    printed = capsys.readouterr().out
    assert "! Huyện Ba Chẽ đưa tỷ lệ hộ nghèo còn 5,29%.\n" in printed
    assert printed.endswith("1 câu khớp, 1 câu trái, 1 câu không thấy trong kho\n")
