"""Nothing that a visitor sends to the window opens a file, reaches another server or another visitor."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from settings_maker import make_settings

from tests.support.window_app import Window, opened
from tests.support.window_attacks import SECRET, events, hostile, takes
from ui.articles.uploads import MOST_FILES, Uploads
from ui.errors import WindowError
from ui.window.access.gradio_seam import (
    OPEN_ROUTES,
    OPENINGS,
    SHUT_ROUTES,
    EventShape,
    checked_event,
    event_shapes,
    keep_no_statistics,
    routes,
    windows,
)

PASSWORD = "mật khẩu dài"
PLACES = ("", "en/")


@pytest.fixture(scope="module", params=[None, PASSWORD], ids=["open", "password"])
def window(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    home = tmp_path_factory.mktemp("window")
    (home / "articles").mkdir()
    (home / "articles" / "a.txt").write_text(
        "Huyện Ba Sen giảm nghèo\n15/10/2020\n\nHuyện Ba Sen giảm 45 hộ nghèo.", encoding="utf-8"
    )
    (home / "secret.txt").write_text(SECRET, encoding="utf-8")
    with opened(home, password=request.param, settings=make_settings(home)) as window:
        window.password = request.param
        yield window


Visitor = Callable[[], httpx.Client]


@pytest.fixture
def visitor(window: Window) -> Iterator[Visitor]:
    """Make a browser that has come in and looked at the page."""
    with ExitStack() as leaving:

        def come() -> httpx.Client:
            client = leaving.enter_context(
                httpx.Client(base_url=window.address, follow_redirects=True, timeout=20)
            )
            if window.password:
                assert client.post("vao", data={"password": window.password}).status_code == 200
            assert client.get("").status_code == 200
            return client

        yield come


def secret_of(window: Window) -> Path:
    return window.library.folder.parent / "secret.txt"


def test_every_event_refuses_every_value_that_is_not_its_own(window: Window, visitor: Visitor) -> None:
    """Each hostile value in the place of each input, as the pressed control's values, inside them, and beside them."""
    client, path = visitor(), secret_of(window)
    sent = 0
    for place in PLACES:
        for event in events(client, place):
            plain: list[Any] = ["x" if kind == "textbox" else None for kind in event["kinds"]]
            for value in hostile(path)[:: 7 if place or window.password else 1]:
                bodies = [{"data": [*plain[:at], value, *plain[at + 1 :]]} for at in range(len(plain))]
                bodies += [{"data": [*plain, value]}, {"data": value}]
                bodies += [
                    {"data": plain, "event_data": value},
                    {"data": plain, "event_data": {"batch": value}},
                ]
                for body in bodies:
                    route = "queue/join" if event["queue"] else "run/predict"
                    response = client.post(
                        f"{place}gradio_api/{route}",
                        json={"fn_index": event["id"], "session_hash": "attacker1", **body},
                    )
                    sent += 1
                    assert SECRET not in response.text and "gradio_api/file" not in response.text, (
                        event,
                        body,
                    )
                    if takes(event, body):
                        continue  # a text is only ever a text, whatever it spells
                    assert response.status_code == 422, (event["id"], body, response.text[:200])
    assert sent > (300 if window.password else 2000)
    assert [item.name for item in window.library.folder.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("route", ["run/predict", "queue/join"])
def test_the_file_of_the_first_attack_is_not_read(window: Window, visitor: Visitor, route: str) -> None:
    client = visitor()
    for number in range(60):
        for place in PLACES:
            file = {"path": str(secret_of(window)), "meta": {"_type": "gradio.FileData"}}
            for data in ([file, None], [[file], None], [None, file], [file]):
                body = {"fn_index": number, "data": data, "session_hash": "attacker2"}
                assert client.post(f"{place}gradio_api/{route}", json=body).status_code == 422


def test_bodies_that_are_no_event_are_refused(window: Window, visitor: Visitor) -> None:
    client = visitor()
    fine = {"fn_index": 0, "data": ["x"], "session_hash": "attacker3"}
    bodies = [
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 60_000, b'{"a":' * 10_000,
        json.dumps({**fine, "fn_index": True}).encode(), json.dumps({**fine, "fn_index": "0"}).encode(),
        json.dumps({**fine, "fn_index": -1}).encode(), json.dumps({**fine, "fn_index": 10**30}).encode(),
        json.dumps({**fine, "session_hash": None}).encode(), json.dumps({**fine, "session_hash": "../x"}).encode(),
        json.dumps({**fine, "session_hash": ["a"]}).encode(), json.dumps({**fine, "trigger_id": "1"}).encode(),
        json.dumps({**fine, "data": [float("nan")]}).encode(),
    ]  # fmt: skip
    for body in bodies:
        response = client.post(
            "gradio_api/run/predict", content=body, headers={"content-type": "application/json"}
        )
        assert response.status_code == 422, body[:60]
    assert client.post("gradio_api/run/predict", content=b" " * 100_000).status_code == 413


def in_loop(made: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Make something of Gradio, which makes an event loop and leaves it open where it finds none."""

    async def run() -> Any:  # noqa: ANN401
        return made()

    return asyncio.run(run())


def test_what_stands_beside_an_event_never_reaches_gradio() -> None:
    def made() -> dict[int, EventShape]:
        with gr.Blocks() as blocks:
            box, held = gr.Textbox(), gr.State()
            box.submit(lambda one, two: None, [box, held], None)
            blocks.unload(lambda: None)
        return event_shapes(blocks)

    shapes = in_loop(made)
    assert list(shapes) == [0]
    body = {
        "fn_index": 0, "data": ["a", None], "session_hash": "abcdefgh", "trigger_id": 3, "batched": True,
        "simple_format": True, "event_id": "x", "oauth_token": "y", "request": {"z": 1},
    }  # fmt: skip
    assert json.loads(checked_event(json.dumps(body).encode(), shapes, lambda name: f"{name}2", queued=True)) == {
        "fn_index": 0, "data": ["a", None], "session_hash": "abcdefgh2", "trigger_id": 3, "event_data": None,
    }  # fmt: skip
    twice = b'{"fn_index": 0, "data": ["a", null], "session_hash": "abcdefgh", "data": [{"path": "/etc/x"}, null]}'
    with pytest.raises(ValueError, match="no text"):
        checked_event(twice, shapes, str, queued=True)


@pytest.mark.parametrize("made", [gr.UploadButton, gr.File, gr.Image, gr.MultimodalTextbox, gr.JSON, gr.HTML])
def test_a_window_with_another_input_than_text_is_not_served(made: Any) -> None:  # noqa: ANN401
    def shapes() -> None:
        with gr.Blocks() as blocks:
            taken = made()
            gr.Button().click(lambda one: None, taken, None)
        event_shapes(blocks)

    with pytest.raises(WindowError, match="only text is checked"):
        in_loop(shapes)


def test_gradio_keeps_no_statistics_of_events() -> None:
    """Had it gone on counting, the warning of the table that it makes of them would end other tests as well."""
    web = FastAPI()
    blocks = in_loop(gr.Blocks)
    in_loop(lambda: gr.mount_gradio_app(web, blocks, "/"))
    assert {"event_analytics", "ANALYTICS_MAX_EVENTS", "ANAYLTICS_CACHE_FREQUENCY"} <= vars(
        blocks._queue
    ).keys()
    keep_no_statistics(web)
    for number in range(3):
        blocks._queue.events_recorded = number
        blocks._queue.event_count_at_last_cache = -1
        assert blocks._queue.compute_analytics_summary([{"function": "ask"}]) == {"functions": {}}
    assert blocks._queue.ANALYTICS_MAX_EVENTS == 1


def gradio_routes() -> dict[str, frozenset[str]]:
    with gr.Blocks() as blocks:
        gr.Textbox()
    [app] = windows(gr.mount_gradio_app(FastAPI(), blocks, "/x", mcp_server=False, ssr_mode=False))
    return dict(routes(app))


def test_every_route_of_this_gradio_was_judged() -> None:
    """A new version that answers more than was looked at must be looked at first."""
    known = set(in_loop(gradio_routes))
    assert known - set(OPEN_ROUTES) - SHUT_ROUTES == set()
    assert set(OPEN_ROUTES) - known == set()
    assert not set(OPEN_ROUTES) & SHUT_ROUTES
    assert len(OPENINGS) == len(OPEN_ROUTES)


def raw(window: Window, client: httpx.Client, method: str, path: str) -> tuple[int, bytes]:
    """Send a path just as it is written, which httpx would tidy up first."""
    line = http.client.HTTPConnection(
        "127.0.0.1", int(window.address.rsplit(":", 1)[1].strip("/")), timeout=10
    )
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    line.request(method, path, body=b"{}" if method == "POST" else None, headers={"cookie": cookies})
    response = line.getresponse()
    found = response.status, response.read(100_000)
    line.close()
    return found


def test_routes_that_the_window_does_not_use_are_not_there(window: Window, visitor: Visitor) -> None:
    client, secret = visitor(), secret_of(window)
    values = [
        str(secret),
        f"..{secret}",
        "..%2f..%2fetc%2fhostname",
        "http:%2f%2f127.0.0.1:9%2f",
        "abcdefgh",
        "0",
    ]
    for route, methods in in_loop(gradio_routes).items():
        if route == "/favicon.ico":
            continue  # the window has one of its own
        for method in {*methods, "POST", "DELETE"} - {"OPTIONS"}:
            for value in values:
                path = re.sub(r"\{[^}]*\}", value.replace("\\", ""), route)
                for place in ("", "/en"):
                    if route in OPEN_ROUTES and (value == "abcdefgh" or "{" not in route):
                        continue
                    status, body = raw(window, client, method, place + path)
                    assert SECRET.encode() not in body
                    assert status in {404, 405}, (method, place + path, status, body[:100])


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file={secret}", "/gradio_api/file=/etc/hostname", "/gradio_api/file=http://127.0.0.1:9/",
        "/gradio_api/file={secret}?x=1", "//gradio_api/file={secret}", "/gradio_api//file={secret}",
        "/gradio_api/%66ile={secret}", "/en/../gradio_api/file={secret}", "/gradio_api/proxy=http://127.0.0.1:9/",
        "/assets/../../../../../../../../etc/hostname", "/assets/..%2f..%2f..%2f..%2fetc%2fhostname",
        "/assets/....//x.js", "/static/../index.html", "/static/img/x.svg", "/file/{secret}", "/gradio_api/info",
        "/config", "/gradio_api/queue/status", "/gradio_api/stream/abcdefgh/1/2/playlist.m3u8", "/?deep_link=../x&x",
        "/trang?bai=../secret.txt&so=1",
        "/tep?bai=../secret.txt", "/tep?bai={secret}", "/nicht", "/en/nicht", "/gradio_api/", "/gradio_api/upload",
    ],
)  # fmt: skip
def test_no_path_is_a_file_of_the_computer(window: Window, visitor: Visitor, path: str) -> None:
    client = visitor()
    place = path.format(secret=secret_of(window))
    status, body = raw(window, client, "GET", place)
    assert SECRET.encode() not in body
    assert status == (200 if path.startswith("/?") else 404)


def test_only_pages_are_given_to_whoever_has_not_opened_one(window: Window) -> None:
    body = {"fn_index": 0, "data": ["x"], "session_hash": "stranger1"}
    refused = {403} if window.password is None else {401}
    for asked in (
        httpx.post(f"{window.address}gradio_api/run/predict", json=body),
        httpx.post(f"{window.address}gradio_api/queue/join", json=body),
        httpx.get(f"{window.address}gradio_api/queue/data?session_hash=stranger1"),
        httpx.get(f"{window.address}gradio_api/heartbeat/stranger1"),
        httpx.post(f"{window.address}tai-len"),
    ):
        assert asked.status_code in refused


def test_another_visitors_session_gives_nothing_away(window: Window, visitor: Visitor) -> None:
    """The owner's stream comes to its end; under the same name another browser finds none."""
    owner, other = visitor(), visitor()
    looking = next(one for one in events(owner) if one["targets"][0][1] == "watch")
    body = {"fn_index": looking["id"], "data": [None], "session_hash": "shared12"}
    assert owner.post("gradio_api/queue/join", json=body).status_code == 200
    assert other.get("gradio_api/queue/data", params={"session_hash": "shared12"}).status_code == 404
    with owner.stream("GET", "gradio_api/queue/data", params={"session_hash": "shared12"}) as stream:
        assert any("process_completed" in line for line in stream.iter_lines())


def test_config_in_the_page_names_no_file_and_no_secret(window: Window, visitor: Visitor) -> None:
    client = visitor()
    page = client.get("").text
    for name, value in client.cookies.items():
        assert value not in page, name
    assert str(window.library.folder.parent) not in page
    assert "/home/" not in page and "/tmp/" not in page


def send(client: httpx.Client, batch: str, name: str, content: bytes, size: int | None = None) -> int:
    asked = {"lo": batch, "ten": name, "co": str(len(content) if size is None else size)}
    return client.post("tai-len", params=asked, content=content).status_code


def lot_of(client: httpx.Client) -> str:
    return str(client.post("tai-len").json()["batch"])


def test_an_upload_is_named_by_its_token_and_only_its_sender_can_add_it(
    window: Window, visitor: Visitor
) -> None:
    owner, other = visitor(), visitor()
    batch = lot_of(owner)
    assert send(owner, batch, "../../moi.txt", "Chợ Mường\n\nChợ có 214 gian hàng.".encode()) == 200
    assert send(other, batch, "x.txt", b"x") == 404
    upload = next(one["id"] for one in events(owner) if one["targets"][0][1] == "upload")

    def add(client: httpx.Client, uploaded: str) -> str:
        body = {
            "fn_index": upload,
            "data": [None],
            "event_data": {"batch": uploaded},
            "session_hash": "uploader",
        }
        return client.post("gradio_api/run/predict", json=body).text

    before = sorted(item.name for item in window.library.folder.iterdir())
    for foreign in (batch, "nothing", str(secret_of(window)), ""):
        add(other, foreign)
        assert sorted(item.name for item in window.library.folder.iterdir()) == before
    assert "syncing" in add(owner, batch)
    [new] = {item.name for item in window.library.folder.iterdir()} - set(before)
    assert new == "moi.txt"
    for _ in range(200):
        if new in window.library.held:
            break
        time.sleep(0.05)
    (window.library.folder / new).unlink()
    window.library.held.pop(new)
    add(owner, batch)
    assert sorted(item.name for item in window.library.folder.iterdir()) == before


def test_an_upload_is_bounded(window: Window, visitor: Visitor) -> None:
    client = visitor()
    batch = lot_of(client)
    most = window.library.max_bytes
    assert send(client, batch, "big.txt", b"", most + 1) == 413
    assert send(client, batch, "lies.txt", b"xx", 1) == 400
    assert send(client, batch, "short.txt", b"x", 2) == 400
    assert send(client, batch, "", b"x") == 422
    assert send(client, batch, "x" * 300, b"x") == 422
    assert client.post("tai-len", params={"lo": batch, "ten": "x", "co": "-1"}).status_code == 422


def test_uploads_that_nobody_adds_are_deleted_and_counted(tmp_path: Path) -> None:
    moment = 0.0
    uploads = Uploads(100, lambda: moment)
    batch = uploads.begin("An")
    path = uploads.expect("An", batch, "a.txt", 100)
    assert path is not None and path.parent.stat().st_mode & 0o777 == 0o700
    path.write_text("a", encoding="utf-8")
    uploads.came(batch, "a.txt", path)
    with pytest.raises(KeyError):
        uploads.expect("Bình", batch, "b.txt", 1)
    assert uploads.expect("An", batch, "big.txt", 101) is None
    assert [uploads.expect("An", batch, f"{n}.txt", 100) is None for n in range(20)] == [False] * 19 + [True]
    assert uploads.take("Bình", batch) is None
    moment = 3601.0
    uploads.begin("An")
    assert not path.exists() and uploads.take("An", batch) is None
    many = uploads.begin("An")
    for number in range(MOST_FILES):
        uploads.came(many, f"{number}.txt", uploads._home() / str(number))
    assert uploads.expect("An", many, "more.txt", 1) is None
    taken = uploads.take("An", many)
    assert taken is not None and taken.refused == [("more.txt", "many")]
    folder = path.parent
    uploads.close()
    assert not folder.exists()
