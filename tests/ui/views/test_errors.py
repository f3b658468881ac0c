from __future__ import annotations

import ast
import gzip
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from fakes import FakeEncoder

import index.errors
import rag.errors
import ui.errors
from index.errors import ArticleCode, ArticleError, IndexingError, ModelError, StoreError
from index.ingest.document import Place, Problem
from index.ingest.limits import Limits
from index.ingest.list_folder import Unreadable
from index.ingest.problems import (
    DAMAGED_PAGE,
    EMBEDDED_FILE,
    NOT_COMPUTED,
    NOTHING_RECOGNISED,
    PICTURE_OF_TEXT,
    TOO_LONG,
)
from index.ingest.read_files import find_files, read_file
from index.store.store import Store
from index.sync.sync import sync
from rag.errors import AnsweringError, ConfigError, EmptyQuestionError, GenerationError
from ui.errors import WindowError
from ui.strings import LANGUAGES, words_in
from ui.views.errors import error_text, notice, unread_file

PLACES = {"index": index.errors, "rag": rag.errors, "ui": ui.errors}


def test_an_error_is_told_in_the_language_of_the_window_whatever_its_text() -> None:
    for words in map(words_in, LANGUAGES):
        error = error_text(StoreError("?", code="busy"), words)
        assert (error.sentence, error.detail) == (words.errors["busy"], "?")
        assert error_text(StoreError("?"), words).sentence == words.errors["store"]
        assert error_text(ModelError("?"), words).sentence == words.errors["model"]
        assert error_text(ArticleError("?"), words).sentence == words.file_errors["file"]
        assert error_text(EmptyQuestionError("?"), words).sentence == words.errors["no_words"]
        assert error_text(GenerationError("?"), words).sentence == words.errors["llm"]
        assert error_text(WindowError("?"), words).sentence == words.errors["history"]
        assert error_text(ConfigError("?"), words).sentence == words.errors["other"]


def test_every_code_that_is_raised_has_a_sentence_and_every_sentence_a_code() -> None:
    raised = {code for place in PLACES.values() for code in codes(Path(place.__file__ or "").parent)}
    raised |= {*get_args(ArticleCode)}
    for words in map(words_in, LANGUAGES):
        known = {*words.errors, *words.file_errors}
        assert raised <= known
        # Three are told without an error of ours: what was broken off, what nobody foresaw, and what the system says.
        assert known - raised == {"interrupted", "unknown", "disk_full"}
        assert all(words.errors.values()) and all(words.file_errors.values())


def test_what_is_wrong_with_a_file_has_a_sentence_among_those_of_files() -> None:
    of_files = {code for code in get_args(ArticleCode) if not code.startswith("folder")}
    for words in map(words_in, LANGUAGES):
        assert set(words.file_errors) == of_files


def test_real_errors_carry_their_code(tmp_path: Path, store: Store, encoder: FakeEncoder) -> None:
    def code_of(work: Callable[[], object]) -> str:
        with pytest.raises((IndexingError, AnsweringError)) as raised:
            work()
        return raised.value.code

    empty = tmp_path / "empty"
    empty.mkdir()
    assert code_of(lambda: find_files(tmp_path / "nowhere")) == "folder"
    assert code_of(lambda: sync(store, empty, encoder)) == "folder_empty"
    assert code_of(lambda: store.database.article("nowhere")) == "gone"
    assert code_of(lambda: Store.open(tmp_path / "nowhere")) == "store"
    kept = pickle.loads(pickle.dumps(StoreError("?", code="busy")))
    assert (str(kept), kept.code) == ("?", "busy")


def codes(folder: Path) -> Iterator[str]:
    """Every code that an error of a folder is raised with, or has of itself.

    Those of articles are a type, so that the type checker finds what is none of them.
    """
    for path in folder.rglob("*.py"):
        if path.relative_to(folder).parts[0] in {"serve", "cli"}:
            continue  # they tell other programs and the terminal
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error"):
                given = [key.value for key in node.keywords if key.arg == "code"]
                # "closed" if … else "full"
                either = [
                    branch
                    for one in given
                    for branch in (getattr(one, "body", one), getattr(one, "orelse", one))
                ]
                yield from (str(one.value) for one in either if isinstance(one, ast.Constant))
            if (
                path.name == "errors.py"
                and isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
            ):
                yield str(node.value.value)


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        (
            [(PICTURE_OF_TEXT, Place(page=2)), (PICTURE_OF_TEXT, Place(page=3))],
            "Chữ trong ảnh chưa đọc được (trang 2–3). Để đọc được, hãy nhờ người cài đặt bổ sung bộ nhận dạng "
            "chữ tiếng Việt.",
        ),
        (
            [(NOTHING_RECOGNISED, Place(page=4)), (DAMAGED_PAGE, Place(page=1))],
            "Không nhận ra chữ trong ảnh (trang 4). Hãy quét lại cho rõ hơn. Tệp bị hỏng, chưa đọc được trang 1.",
        ),
        ([(PICTURE_OF_TEXT, Place(picture=2))], "Chữ trong ảnh chưa đọc được (ảnh thứ 2)."),
        ([(NOT_COMPUTED, Place(sheet="2020", row=3))], "(trang tính 2020)"),
        ([(EMBEDDED_FILE, Place())], "(một vài chỗ)"),
        ([(TOO_LONG, Place(page=9))], "chưa đọc trang 9. Hãy chia"),
        ([("needs-libreoffice", Place())], "Hãy cài LibreOffice"),
        ([("locked", Place())], "Tệp có mật khẩu."),
        ([("file", Place())], "Hãy lưu lại bằng phần mềm"),
        ([("a code of a later version", Place())], "Hãy lưu lại bằng phần mềm"),
        ([("not-rows", Place())], "mỗi dòng là một bài"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_name_and_the_remedy(
    problems: list[Problem], expected: str
) -> None:
    message = unread_file(Unreadable("báo cáo.pdf", "?", tuple(problems)), words_in("vi"))
    assert message.startswith("báo cáo.pdf: ")
    assert expected in message


def test_a_broken_file_of_each_kind_is_told_by_its_own_code(tmp_path: Path) -> None:
    files = {
        "trống.txt": (b" \n", "empty"),
        "ảnh.txt": (bytes(range(256)) * 8, "not-text"),
        "hỏng.pdf": (b"%PDF-1.4 broken", "file"),
        "hỏng.json": (b"{", "not-rows"),
        "bảng.csv": (b"a\n", "not-rows"),
        "lớn.txt": ("Xã Khe Mây. ".encode() * 200, "too-big"),
        "lớn.html.gz": (gzip.compress(b"<p>" + b"a" * 5000), "too-big"),
    }
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    limits = Limits(file_bytes=2500, unpacked_bytes=4000)
    outcomes = {item.source: item for file in find_files(tmp_path) for item in read_file(file, limits)}
    found = {name: item.problems for name, item in outcomes.items() if isinstance(item, Unreadable)}
    assert found == {name: ((code, Place()),) for name, (_, code) in files.items()}


def test_the_technical_message_is_folded_away() -> None:
    drawn = notice(error_text(StoreError("Damaged <b>"), words_in("vi")), words_in("vi"))
    assert "<details><summary>Chi tiết kỹ thuật</summary><code>Damaged &lt;b&gt;</code></details>" in drawn
