"""What the settings of the window change, for whom, and what they keep from everybody else."""

from __future__ import annotations

import re
import socket
import stat
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from settings_maker import make_settings

from index.errors import ArticleError
from index.folders import NestedFolderError
from rag.config import read_config
from rag.errors import ConfigError
from rag.reader.calibration import load_calibration
from ui.articles.folder_watcher import Watcher
from ui.articles.syncing import Syncing
from ui.settings import page as settings_page
from ui.settings.folders import look_into
from ui.settings.owner import Opened, Owner, note_opened, read_opened
from ui.settings.password import PasswordHash
from ui.settings.strings import settings_words
from ui.strings import LANGUAGES, words_in
from ui.window.access.listen import ListenOptions, listen
from ui.window.loading_page import opening_page

COPY = settings_words("vi")
SMALL = "qwen2.5-coder-0.5b-instruct-q4_k_m"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("articles", "Công văn", "Công văn/2024", ".ẩn"):
        (tmp_path / name).mkdir()
    (tmp_path / "Công văn" / "a.docx").write_bytes(b"x")
    (tmp_path / "Công văn" / "anh.png").write_bytes(b"x")
    return tmp_path


def test_folders_that_are_chosen_stand_in_the_file_that_the_command_line_reads(home: Path) -> None:
    settings = make_settings(home)
    assert settings.folders() == (home / "articles",)
    settings.add_folder(str(home / "Công văn"))
    settings.add_folder(str(home / "Công văn"))
    both = (home / "articles", home / "Công văn")
    assert settings.folders() == both == read_config(home / "config.toml").articles.folders
    assert (home / "config.toml").read_text(encoding="utf-8").startswith("# của phòng\n")
    with pytest.raises(NestedFolderError):
        settings.add_folder(str(home / "Công văn" / "2024"))
    with pytest.raises(ArticleError, match="is not a folder"):
        settings.add_folder(str(home / "config.toml"))
    assert settings.drop_folder(0) == home / "articles"
    assert settings.drop_folder(0) == home / "Công văn"
    assert settings.folders() == (), "none is none, and not those of the store"
    with pytest.raises(ArticleError):
        settings.drop_folder(0)


def test_a_folder_is_looked_into_without_what_is_hidden(home: Path) -> None:
    view = look_into(str(home))
    assert [path.name for path in view.inside] == ["articles", "Công văn"]
    assert (look_into(str(home / "Công văn")).documents, view.parent) == (1, home.parent)
    assert look_into("/").parent is None
    for wrong in ("articles", str(home / "nothing"), "/\0"):
        with pytest.raises(ArticleError, match="is not a folder"):
            look_into(wrong)


def test_only_the_browser_that_the_program_opened_may_change_anything(home: Path) -> None:
    settings = make_settings(home)
    settings.owner.add_visitor("mine")
    assert [settings.rights(visitor) for visitor in ("mine", "another", "")] == [
        "owner",
        "stranger",
        "stranger",
    ]
    guests = make_settings(home, private=False)
    guests.owner.add_visitor("mine")
    assert guests.rights("mine") == "guests"
    for shown, why in (
        (settings.shown("another"), COPY.not_here_open),
        (guests.shown("mine"), COPY.not_here_guests),
    ):
        drawn = page(shown)
        assert why in drawn
        assert str(home) not in drawn, "no path is told to whoever may not choose one"
        assert "data-act" not in re.sub(r"<button[^>]*class=\"choice\"[^>]*disabled[^>]*>", "", drawn)
    mine = page(settings.shown("mine"))
    assert str(home / "articles") in mine and 'data-act="drop"' in mine
    assert [
        ListenOptions().private,
        ListenOptions("0.0.0.0").private,
        ListenOptions(names=("x.vn",)).private,
    ] == [True, False, False]


def page(shown: settings_page.Shown) -> str:
    return "".join(
        (
            settings_page.lead(shown, COPY),
            settings_page.folders(shown, None, words_in("vi"), COPY),
            settings_page.models(shown, words_in("vi"), COPY),
            settings_page.rest(shown, COPY),
        )
    )


def test_the_first_start_asks_for_a_folder_and_tells_of_missing_models(home: Path) -> None:
    settings = make_settings(home, empty=True)
    settings.owner.add_visitor("mine")
    drawn = page(settings.shown("mine"))
    assert "data-first" in drawn and COPY.first_text in drawn and COPY.first_models in drawn
    assert 'data-act="sample"' in drawn and 'data-act="look"' in drawn
    assert "Tải về (1,1 GB)" in drawn and "Tải về (491 MB)" in drawn
    settings.add_folder(str(home / "articles"))
    assert not settings.shown("mine").first


def test_what_caution_means_is_told_in_percent(home: Path) -> None:
    settings = make_settings(home)
    settings.owner.add_visitor("mine")
    shown = settings.shown("mine")
    drawn = settings_page.rest(shown, COPY)
    for caution in ("bold", "usual", "careful"):
        model = load_calibration().with_caution(caution)
        assert shown.least[caution] == (model.sure, model.perhaps)
    usual = load_calibration()
    assert f"từ khoảng {100 * usual.sure:.0f}%, nói “Có thể là” từ khoảng {100 * usual.perhaps:.0f}%" in drawn
    percents = [int(told) for told in re.findall(r"Trả lời thẳng từ khoảng (\d+)%", drawn)]
    assert percents == sorted(percents) and len(set(percents)) == 3


def test_models_caution_and_password_are_in_use_at_the_next_opening(home: Path) -> None:
    settings = make_settings(home)
    settings.owner.add_visitor("mine")
    assert not settings.shown("mine").unused
    settings.use_model(SMALL)
    settings.set_caution("careful")
    settings.set_password("mật khẩu dài")
    config = read_config(home / "config.toml")
    assert (config.llm.model, config.answer.caution) == (SMALL, "careful")
    assert PasswordHash(config.window.password).matches("mật khẩu dài")
    assert not PasswordHash(config.window.password).matches("mật khẩu dài ")
    assert "mật khẩu" not in (home / "config.toml").read_text(encoding="utf-8")
    shown = settings.shown("mine")
    assert shown.unused and COPY.reopen in settings_page.lead(shown, COPY)
    with pytest.raises(ConfigError, match="is in use"):
        settings.remove_model(settings.started.llm.model)
    with pytest.raises(ConfigError, match="writes no answers"):
        settings.use_model("multilingual-e5-small-q4")
    settings.use_model(settings.started.llm.model)
    settings.set_caution("usual")
    settings.set_password(None)
    assert not settings.shown("mine").unused


def test_words_of_both_languages_take_the_same_values() -> None:
    for name in COPY.__slots__:
        texts = [getattr(settings_words(language), name) for language in ("vi", "en")]
        assert len({tuple(sorted(re.findall(r"\{\w+\}", text))) for text in texts}) == 1, name
    assert [settings_page.format_size(1_117_320_768, words) for words in map(words_in, LANGUAGES)] == [
        "1,1 GB",
        "1.1 GB",
    ]


def test_a_key_counts_once_and_only_in_its_run(tmp_path: Path) -> None:
    owner = Owner()
    opened = Opened("http://127.0.0.1:7860/", owner.secret)
    key = opened.link().partition("?khoa=")[2]
    assert [owner.is_key(key), owner.is_key(key)] == [True, False]
    for wrong in ("", "-", "abc", f"x{opened.link().partition('?khoa=')[2]}", "a-é"):
        assert not owner.is_key(wrong)
    assert not Owner().is_key(opened.link().partition("?khoa=")[2])
    note = note_opened(tmp_path, opened)
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert read_opened(tmp_path) == opened
    note.write_text("{", encoding="utf-8")
    assert read_opened(tmp_path) is None


def test_a_small_page_answers_until_the_window_is_loaded() -> None:
    held = listen("127.0.0.1", 0, 7860)
    address = f"http://127.0.0.1:{held.getsockname()[1]}"
    with opening_page(held):
        for path, expected in (
            ("/", "Hỏi Đáp đang mở"),
            ("/?khoa=x", "gõ và gửi câu hỏi"),
            ("/en/", "Hỏi Đáp is opening"),
            ("/dang-mo", ""),
        ):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(address + path, timeout=10)
            with refused.value as answer:
                assert answer.code == 503
                body = answer.read().decode()
                assert expected in body and bool(body) == bool(expected) and "[[" not in body
        slow = socket.create_connection(held.getsockname())
        slow.sendall(b"GET / HT")
        slow.close()
    waiting = socket.create_connection(held.getsockname())  # the next server answers it
    taken, _ = held.accept()
    for one in (waiting, taken, held):
        one.close()


class Counted:
    """A library that counts how often it is read."""

    def __init__(self) -> None:
        self.times = 0

    def sync(self, on_progress: object) -> None:
        self.times += 1


def test_folders_are_followed_while_that_is_wished(home: Path) -> None:
    library = Counted()
    syncing = Syncing(library)  # type: ignore[arg-type]
    watcher = Watcher(syncing, lambda: (home / "articles", home / "Công văn"), home / "store")
    watcher.set(True)
    time.sleep(0.5)
    for times, folder in enumerate(("Công văn", "articles"), 1):
        (home / folder / "moi.txt").write_text("Bài mới", encoding="utf-8")
        end = time.monotonic() + 30
        while library.times < times and time.monotonic() < end:
            time.sleep(0.05)
        assert library.times == times
    watcher.set(False)
    assert [one.name for one in threading.enumerate() if one.name == "follow" and not one.daemon] == []
