"""Store, conversations and configuration as revision 71b84d3 wrote them, in ``tests/data``, are taken over whole."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from fakes import FakeEncoder

from index.search import search
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.sync import sync
from rag.config import read_config
from ui.conversations.entries import Rating
from ui.conversations.history import History

FILES = Path(__file__).parent / "data" / "71b84d3"
TEXTS = {
    "cầu.txt": "Khánh thành cầu Suối Đá\n\n02/09/2023 08:00\n\n"
    "Cầu Suối Đá dài 120 m được khánh thành với kinh phí 14 tỷ đồng.",
    "chè.txt": "Hợp tác xã chè Tân Sơn\n\nHTX chè Tân Sơn có 36 thành viên, mỗi năm bán 18 tấn chè khô.",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the files, since opening changes them."""
    return shutil.copytree(FILES, tmp_path / "home")


def test_a_store_is_searched_at_once_and_goes_on(home: Path, encoder: FakeEncoder) -> None:
    folder = home / "articles"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    with closing(Store.open(home / "store")) as store:
        question = "kinh phí cầu Suối Đá"
        hits = search(store, question, encoder.encode_queries([question])[0], 1)
        (article,) = {hit.chunk.article for hit in hits}
        assert (article.title, str(article.date)) == ("Khánh thành cầu Suối Đá", "2023-09-02")
        report = sync(store, folder, encoder)
        assert (report.articles, report.problems, report.removed) == (2, (), 0)
        (folder / "chè.txt").unlink()
        assert sync(store, folder, encoder).removed == 1
        assert all(check.fault is None for check in verify_store(store, encoder).checks)


def test_conversations_keep_answers_sources_and_ratings(home: Path) -> None:
    history = History(home / "history.db", "hoidap now")
    (conversation,) = history.conversations("kết nạp")
    assert conversation.title == "Kết nạp bao nhiêu đảng viên?"
    answered, refused = history.exchanges(conversation.id)
    assert (answered.software, answered.answer.text) == ("hoidap 0.1.0 71b84d3", "82 đảng viên [1].")
    assert [citation.quote for citation in answered.answer.citations] == ["kết nạp 82 đảng viên mới."]
    assert answered.rating == Rating(True, "đúng")
    assert refused.answer.question == "Ai chủ trì hội nghị?"
    assert (refused.answer.refused, refused.answer.citations) == (True, ())


def test_a_configuration_keeps_what_is_still_there_to_choose(home: Path) -> None:
    config = read_config(home / "config.toml")
    assert (config.llm.max_tokens, config.index.chunk_tokens, config.answer.passages) == (160, 200, 4)
    assert config.models.order == ("pypi", "hub")
