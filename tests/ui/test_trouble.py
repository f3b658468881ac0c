from __future__ import annotations

import ast
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeEncoder

import index.errors
import rag.errors
import ui.errors
from index.errors import ArticleError, IndexingError, ModelError, StoreError
from index.ingest.document import Place
from index.ingest.files import find_files
from index.ingest.problems import (
    DAMAGED_PAGE,
    EMBEDDED_FILE,
    NOT_COMPUTED,
    NOTHING_RECOGNISED,
    PICTURE_OF_TEXT,
    TOO_LONG,
    explain,
)
from index.store.store import Store
from index.sync import sync
from rag.errors import AnsweringError, ConfigError, EmptyQuestionError, GenerationError
from ui.errors import WindowError
from ui.strings import LANGUAGES, words_in
from ui.views.errors import FILE_SIGNS, notice, trouble, unread_file

PLACES = {"index": index.errors, "rag": rag.errors, "ui": ui.errors}


def test_an_error_is_told_in_the_language_of_the_window_whatever_its_text() -> None:
    for words in map(words_in, LANGUAGES):
        told = trouble(StoreError("?", code="busy"), words)
        assert (told.sentence, told.detail) == (words.trouble["busy"], "?")
        assert trouble(StoreError("?"), words).sentence == words.trouble["store"]
        assert trouble(ModelError("?"), words).sentence == words.trouble["model"]
        assert trouble(ArticleError("?"), words).sentence == words.trouble["file"]
        assert trouble(EmptyQuestionError("?"), words).sentence == words.trouble["no_words"]
        assert trouble(GenerationError("?"), words).sentence == words.trouble["llm"]
        assert trouble(WindowError("?"), words).sentence == words.trouble["history"]
        assert trouble(ConfigError("?"), words).sentence == words.trouble["other"]


def test_every_code_that_is_raised_has_a_sentence_and_every_sentence_a_code() -> None:
    known = set(words_in("vi").trouble)
    raised = {keyword for place in PLACES.values() for keyword in codes(Path(place.__file__ or "").parent)}
    assert raised <= known
    # Two are told without an error: what was broken off, and what nobody foresaw.
    assert known - raised == {"interrupted", "unknown"}


def test_real_errors_carry_their_code(tmp_path: Path, store: Store, encoder: FakeEncoder) -> None:
    def code_of(work: Callable[[], object]) -> str:
        with pytest.raises((IndexingError, AnsweringError)) as told:
            work()
        return told.value.code

    empty = tmp_path / "empty"
    empty.mkdir()
    assert code_of(lambda: find_files(tmp_path / "nowhere")) == "folder"
    assert code_of(lambda: sync(store, empty, encoder)) == "folder_empty"
    assert code_of(lambda: store.database.article("nowhere")) == "gone"
    assert code_of(lambda: Store.open(tmp_path / "nowhere")) == "store"
    kept = pickle.loads(pickle.dumps(StoreError("?", code="busy")))
    assert (str(kept), kept.code) == ("?", "busy")


def codes(folder: Path) -> Iterator[str]:
    """Every code that an error of a folder is raised with, or has of itself."""
    for path in folder.rglob("*.py"):
        if path.relative_to(folder).parts[0] in {"serve", "cli"}:
            continue  # they tell other programs and the terminal
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error"):
                given = [key.value for key in node.keywords if key.arg == "code"]
                yield from (str(value.value) for value in given if isinstance(value, ast.Constant))
            if (
                path.name == "errors.py"
                and isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
            ):
                yield str(node.value.value)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            explain([(PICTURE_OF_TEXT, Place(page=2)), (PICTURE_OF_TEXT, Place(page=3))]),
            "Chữ trong ảnh chưa đọc được (trang 2–3). Để đọc được, hãy nhờ người cài đặt bổ sung bộ nhận dạng "
            "chữ tiếng Việt.",
        ),
        (
            explain([(NOTHING_RECOGNISED, Place(page=4)), (DAMAGED_PAGE, Place(page=1))]),
            "Không nhận ra chữ trong ảnh (trang 4). Hãy quét lại cho rõ hơn. Tệp bị hỏng, chưa đọc được trang 1.",
        ),
        (explain([(PICTURE_OF_TEXT, Place(picture=2))]), "Chữ trong ảnh chưa đọc được (ảnh thứ 2)."),
        (explain([(NOT_COMPUTED, Place(sheet="2020", row=3))]), "(trang tính 2020)"),
        (explain([(EMBEDDED_FILE, Place())]), "(một vài chỗ)"),
        (explain([(TOO_LONG, Place(page=9))]), "chưa đọc trang 9. Hãy chia"),
        (".doc files are read through LibreOffice; install it", "Hãy cài LibreOffice"),
        ("it is locked by a password; save an unlocked copy", "Tệp có mật khẩu."),
        ("it cannot be read as a PDF (no trailer); print it to a new PDF", "Hãy lưu lại bằng phần mềm"),
        ("it is not a line of JSON (…); write one JSON object on each line", "mỗi dòng là một bài"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_name_and_the_remedy(reason: str, said: str) -> None:
    told = unread_file("báo cáo.pdf", reason, words_in("vi"))
    assert told.startswith("báo cáo.pdf: ")
    assert said in told


def test_the_technical_message_is_folded_away() -> None:
    drawn = notice(trouble(StoreError("Damaged <b>"), words_in("vi")), words_in("vi"))
    assert "<details><summary>Chi tiết kỹ thuật</summary><code>Damaged &lt;b&gt;</code></details>" in drawn


def test_every_sign_of_an_unread_file_is_still_part_of_a_message() -> None:
    """A message that is worded anew must not quietly lose its translation."""
    said = messages(Path(index.errors.__file__).parent)
    for sign in FILE_SIGNS:
        for part in sign.split("|"):
            assert any(part in text for text in said), f"no message says {part!r}"


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
