from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.window_app import opened
from ui.door import Door
from ui.errors import WindowError
from ui.server import DEFAULT_PORT, is_loopback, listen, serve
from ui.window.uploads import Uploads


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    with closing(socket.socket()) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", port))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_taken_port_that_was_asked_for_is_one_sentence_with_a_remedy() -> None:
    with (
        taken() as port,
        pytest.raises(WindowError, match=f"Port {port} is in use .* for example {port + 1}"),
    ):
        listen("127.0.0.1", port)


def test_without_a_wish_the_next_free_port_is_taken() -> None:
    with closing(listen("127.0.0.1", None)) as first, closing(listen("127.0.0.1", None)) as second:
        assert DEFAULT_PORT <= first.getsockname()[1] < second.getsockname()[1]


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 70_000), ("127.0.0.1", -1), ("no-such-name.invalid", 7860)]
)
def test_an_impossible_address_is_told(host: str, port: int) -> None:
    with pytest.raises(WindowError):
        listen(host, port)


def test_other_computers_need_a_password() -> None:
    with pytest.raises(WindowError, match="needs a password"):
        serve({}, host="0.0.0.0", uploads=Uploads(1))


@pytest.mark.parametrize(
    ("host", "near"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_only_this_computer_is_loopback(host: str, near: bool) -> None:
    assert is_loopback(host) is near


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("window")
    (home / "articles").mkdir()
    with opened(home) as window:
        yield window.address


def test_pages_carry_the_protecting_headers_and_name_no_font_host(address: str) -> None:
    for path in ("", "en/"):
        page = httpx.get(address + path)
        assert page.status_code == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "fonts.googleapis" not in page.text and "fonts.gstatic" not in page.text


def test_a_foreign_host_name_or_origin_is_turned_away(address: str) -> None:
    assert httpx.get(address, headers={"host": "evil.example"}).status_code == 403
    ask = httpx.post(f"{address}gradio_api/run/predict", headers={"origin": "http://evil.example"}, json={})
    assert ask.status_code == 403


def test_files_of_the_computer_and_spare_pages_are_not_served(address: str) -> None:
    secret = Path(__file__).resolve()
    assert httpx.get(f"{address}gradio_api/file={secret}").status_code in {403, 404}
    for path in ("docs", "openapi.json", "monitoring"):
        assert httpx.get(address + path).status_code in {401, 403, 404}, path


def test_a_cookie_that_was_not_signed_here_opens_nothing() -> None:
    door = Door("mật khẩu")
    name = "abc"
    signed = f"{name}.{door._sign(name)}"
    assert door.visitor({"hoidap": signed}) == name
    assert Door("mật khẩu").visitor({"hoidap": signed}) == name
    for other in ("", "abc", "abc.", f"x{signed}", signed[:-1]):
        assert door.visitor({"hoidap": other}) is None
    assert Door("khác").visitor({"hoidap": signed}) is None


def test_guessing_the_password_is_slowed_down(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    with opened(tmp_path, password="bí mật") as window:
        tries = [httpx.post(f"{window.address}vao", data={"password": f"{n}"}).status_code for n in range(10)]
        assert tries == [401] * 8 + [429] * 2
        assert httpx.post(f"{window.address}vao", data={"password": "bí mật"}).status_code == 429


def test_the_original_file_is_saved_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    page = "Bài xấu\n\n<script>alert(1)</script>"
    (tmp_path / "articles" / "bài 1.txt").write_text(page, encoding="utf-8")
    with opened(tmp_path) as window:
        given = httpx.get(f"{window.address}tep", params={"bai": "bài 1.txt"})
        assert given.text == page
        assert given.headers["content-disposition"].startswith("attachment;")
        assert given.headers["content-type"] == "application/octet-stream"
        gone = httpx.get(f"{window.address}tep", params={"bai": "../history.db"})
        assert (gone.status_code, gone.text[:24]) == (404, "Không còn tệp gốc của bà")
    with opened(tmp_path, password="bí mật") as window:
        assert httpx.get(f"{window.address}tep", params={"bai": "bài 1.txt"}).status_code == 401
