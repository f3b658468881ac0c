from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from time import sleep

import httpx
import pytest

from tests.support.window_app import opened
from ui.errors import WindowError
from ui.window.access.auth import LoginLimiter
from ui.window.access.listen import DEFAULT_PORT, ListenOptions, is_loopback, listen


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
        listen("127.0.0.1", port, DEFAULT_PORT)


def test_without_a_wish_the_next_free_port_is_taken() -> None:
    with (
        closing(listen("127.0.0.1", None, DEFAULT_PORT)) as first,
        closing(listen("127.0.0.1", None, DEFAULT_PORT)) as second,
    ):
        assert DEFAULT_PORT <= first.getsockname()[1] < second.getsockname()[1]


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 70_000), ("127.0.0.1", -1), ("no-such-name.invalid", 7860)]
)
def test_an_impossible_address_is_told(host: str, port: int) -> None:
    with pytest.raises(WindowError):
        listen(host, port, DEFAULT_PORT)


def test_other_computers_need_a_password() -> None:
    with pytest.raises(WindowError, match="needs a password"):
        ListenOptions("0.0.0.0").hold(guarded=False)


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
    for name in ("evil.example", 'a"b.evil.example', "a{b.evil.example:7860", "[::1"):
        assert httpx.get(address, headers={"host": name}).status_code == 403, name
    ask = httpx.post(f"{address}gradio_api/run/predict", headers={"origin": "http://evil.example"}, json={})
    assert ask.status_code == 403


def test_files_of_the_computer_and_spare_pages_are_not_served(address: str) -> None:
    secret = Path(__file__).resolve()
    assert httpx.get(f"{address}gradio_api/file={secret}").status_code in {403, 404}
    for path in ("docs", "openapi.json", "monitoring"):
        assert httpx.get(address + path).status_code in {401, 403, 404}, path


def test_guesses_are_counted_for_each_client_alone() -> None:
    moment = 0.0
    limiter = LoginLimiter(lambda: moment)
    assert [limiter.takes("10.0.0.1") for _ in range(9)] == [True] * 8 + [False]
    assert limiter.takes("10.0.0.2")
    assert [limiter.takes(f"2001:db8::{n}") for n in range(9)] == [True] * 8 + [False]
    assert limiter.takes("2001:db8:0:1::1")
    moment = 61.0
    assert limiter.takes("10.0.0.1")
    limiter.forgive("10.0.0.1")
    assert [limiter.takes("10.0.0.1") for _ in range(9)] == [True] * 8 + [False]


def test_guesses_whose_words_are_held_back_are_counted_when_they_come(tmp_path: Path) -> None:
    """Thirty clients announce a password and send it only when all have been let in to be judged."""
    (tmp_path / "articles").mkdir()
    with opened(tmp_path, password="bí mật") as window, ExitStack() as lines:
        port = int(window.address.rsplit(":", 1)[1].strip("/"))
        held = [lines.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(30)]
        for line in held:
            line.sendall(b"POST /vao HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\n")
        sleep(0.5)
        for line in held:
            with suppress(OSError):
                line.sendall(b"password=x")
        statuses = [line.recv(20)[9:12] for line in held]
        assert (statuses.count(b"401"), statuses.count(b"429")) == (8, 22)
        assert httpx.post(f"{window.address}vao", data={"password": "bí mật"}).status_code == 429


def test_logging_out_ends_the_session_for_every_copy_of_its_cookie(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    with opened(tmp_path, password="bí mật") as window, httpx.Client(base_url=window.address) as client:
        response = client.post("vao", data={"password": "bí mật"})
        assert (response.status_code, response.headers["location"]) == (303, "/")
        assert "samesite=lax" in response.headers["set-cookie"].lower()
        copied = dict(client.cookies)
        assert httpx.get(window.address, cookies=copied).status_code == 200
        assert client.get("ra").status_code == 404
        assert client.post("ra").status_code == 303
        assert httpx.get(window.address, cookies=copied).status_code == 401


def test_a_client_cannot_take_another_address_unless_a_trusted_proxy_tells_it(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()

    def guesses(reach: ListenOptions) -> list[int]:
        with opened(tmp_path, password="bí mật", reach=reach) as window:
            return [
                httpx.post(
                    f"{window.address}vao", data={"password": "x"}, headers={"x-forwarded-for": f"10.0.0.{n}"}
                ).status_code
                for n in range(10)
            ]

    assert guesses(ListenOptions()) == [401] * 8 + [429] * 2
    assert guesses(ListenOptions(proxies=("127.0.0.1",))) == [401] * 10


def test_the_original_file_is_saved_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    page = "Bài xấu\n\n<script>alert(1)</script>"
    (tmp_path / "articles" / "bài 1.txt").write_text(page, encoding="utf-8")
    with opened(tmp_path) as window:
        given = httpx.get(f"{window.address}tep", params={"bai": "bài 1.txt"})
        assert given.text == page
        assert given.headers["content-disposition"].startswith("attachment;")
        assert given.headers["content-type"] == "application/octet-stream"
        missing = httpx.get(f"{window.address}tep", params={"bai": "../history.db"})
        assert (missing.status_code, missing.text[:24]) == (404, "Không còn tệp gốc của bà")
    with opened(tmp_path, password="bí mật") as window:
        assert httpx.get(f"{window.address}tep", params={"bai": "bài 1.txt"}).status_code == 401
