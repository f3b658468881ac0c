from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import index.errors
import rag.errors
from index.errors import ArticleError, IndexingError, ModelError, StoreError
from rag.errors import AnsweringError, ConfigError, EmptyQuestionError, GenerationError
from ui.errors import WindowError
from ui.strings import ENGLISH, VIETNAMESE
from ui.trouble import ERROR_SIGNS, FILE_SIGNS, notice, trouble, unread_file

CASES = [
    (StoreError("The store is being written by process 7 (hoidap sync); wait for it."), "trouble_busy"),
    (StoreError("The store in /x cannot be written (disk full). Make room."), "trouble_full"),
    (StoreError("Damaged search files in /x: vectors.npy. Run …"), "trouble_store"),
    (ArticleError("The store has no folder yet; run 'hoidap sync FOLDER' first."), "trouble_no_folder"),
    (ArticleError("/x is not a folder; check its path."), "trouble_folder"),
    (ArticleError("/x holds no article; is a disk missing? If …"), "trouble_folder_empty"),
    (StoreError("The store holds no article 'a.txt'."), "trouble_gone"),
    (ModelError("model.safetensors is not here; run 'hoidap models fetch e5'"), "trouble_model"),
    (GenerationError("q.gguf needs 1.6 GB of memory and 0.9 GB are free; close …"), "trouble_memory"),
    (EmptyQuestionError("The question holds no word; …"), "trouble_no_words"),
    (GenerationError("the prompt of 9 tokens and a reply … do not fit into 8 tokens"), "trouble_too_long"),
    (GenerationError("the language model wrote nothing in 120 s; ask again …"), "trouble_too_slow"),
    (GenerationError("the server at http://127.0.0.1:1 cannot be reached (…); start it"), "trouble_server"),
    (GenerationError("the language model failed (llama.cpp: 3); ask again"), "trouble_llm"),
    (WindowError("The conversations in /x cannot be read or written (…)."), "trouble_history"),
    (ConfigError("The configuration /x is not valid: …"), "trouble_other"),
]


@pytest.mark.parametrize(("error", "name"), CASES)
def test_an_error_is_told_in_the_language_of_the_window(
    error: IndexingError | AnsweringError | WindowError, name: str
) -> None:
    for words in (VIETNAMESE, ENGLISH):
        assert trouble(error, words).sentence == getattr(words, name)
    assert trouble(error, VIETNAMESE).detail == str(error)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            "its pages are pictures without text; run text recognition (OCR) on it first",
            "nhận dạng chữ (OCR)",
        ),
        ("it is locked by a password; save an unlocked copy", "Tệp có mật khẩu."),
        ("it cannot be read as a PDF (no trailer); print it to a new PDF", "Hãy lưu lại bằng phần mềm"),
        ("it is not a line of JSON (…); write one JSON object on each line", "mỗi dòng là một bài"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_name_and_the_remedy(reason: str, said: str) -> None:
    told = unread_file("báo cáo.pdf", reason, VIETNAMESE)
    assert told.startswith("báo cáo.pdf: ")
    assert said in told


def test_the_technical_message_is_folded_away() -> None:
    drawn = notice(trouble(StoreError("Damaged <b>"), VIETNAMESE), VIETNAMESE)
    assert "<details><summary>Chi tiết kỹ thuật</summary><code>Damaged &lt;b&gt;</code></details>" in drawn


def test_every_sign_is_still_part_of_a_message() -> None:
    """A message that is worded anew must not quietly lose its translation."""
    said = messages(Path(index.errors.__file__).parent) + messages(Path(rag.errors.__file__).parent)
    said += messages(Path(trouble.__code__.co_filename).parent)
    for signs in (ERROR_SIGNS, FILE_SIGNS):
        for sign in signs:
            for part in re.sub(r"[()^]|\?:", "", sign).split("|"):
                words = part.split(".*")[-1].strip()
                assert any(words in text for text in said), f"no message says {words!r}"


def messages(folder: Path) -> list[str]:
    """Every text in the code of a folder but for the signs themselves; values inside are left out."""
    found = []
    for path in folder.rglob("*.py"):
        if path.name == "trouble.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
                found.append("…".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return found
