"""The catalogue and the cache of models, with downloaders of this test's own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import ModelError
from index.models.cache import ModelCache, default_root
from index.models.catalogue import ModelEntry, ModelFile, find, load_catalogue, parse_catalogue
from rag.config import EncoderConfig, LlmConfig

BYTES = bytes(range(256)) * 40
WEIGHTS = ModelFile("weights.gguf", len(BYTES), hashlib.sha256(BYTES).hexdigest())
TOKENS = ModelFile("tokenizer.json", 2, hashlib.sha256(b"{}").hexdigest())
ENTRY = ModelEntry("tiny", "llm", "Tiny", "MIT", (WEIGHTS, TOKENS))


class FolderDownloader:
    """Copies from memory in halves; ``break_after`` ends it half-way, as a lost line would."""

    def __init__(self, name: str, contents: dict[str, bytes], break_after: int | None = None) -> None:
        self.name = name
        self.contents = contents
        self.break_after = break_after
        self.asked: list[tuple[str, int]] = []

    def serves(self, file: ModelFile) -> bool:
        return file.name in self.contents

    def fetch(self, file: ModelFile, folder: Path, on_bytes: Callable[[int], None]) -> Path:
        target = folder / "half"
        there = target.stat().st_size if target.exists() else 0
        self.asked.append((file.name, there))
        data = self.contents[file.name]
        with target.open("ab") as out:
            if self.break_after is not None and there < self.break_after:
                out.write(data[there : self.break_after])
                raise ModelError("the line is broken")
            out.write(data[there:])
        on_bytes(len(data))
        return target


GOOD = {"weights.gguf": BYTES, "tokenizer.json": b"{}"}


def cache(root: Path, *downloaders: FolderDownloader, free: int = 10**12) -> ModelCache:
    return ModelCache(root, downloaders, lambda folder: free)


def left(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_a_fetched_model_is_ready_and_fetched_once(tmp_path: Path) -> None:
    downloader = FolderDownloader("hub", GOOD)
    models = cache(tmp_path, downloader)
    progress: list[tuple[int, int]] = []

    assert models.status(ENTRY).state == "missing"
    path = models.fetch(ENTRY, on_progress=lambda done, total: progress.append((done, total)))

    assert path.read_bytes() == BYTES
    assert models.status(ENTRY).state == "ready"
    assert models.path(ENTRY) == path
    assert progress[-1] == (10242, 10242)  # 256 × 40 bytes and "{}"
    models.fetch(ENTRY)
    assert downloader.asked == [("weights.gguf", 0), ("tokenizer.json", 0)]


def test_wrong_bytes_are_refused_and_nothing_stays(tmp_path: Path) -> None:
    models = cache(tmp_path, FolderDownloader("hub", GOOD | {"weights.gguf": BYTES[:-1] + b"!"}))

    with pytest.raises(ModelError, match="not the expected ones"):
        models.fetch(ENTRY)

    assert left(tmp_path) == set()
    assert models.status(ENTRY).state == "missing"


def test_a_downloader_that_fails_is_named_and_the_next_one_taken(tmp_path: Path) -> None:
    notes: list[str] = []
    models = cache(tmp_path, FolderDownloader("hub", GOOD, break_after=1), FolderDownloader("pypi", GOOD))

    models.fetch(ENTRY, on_note=notes.append)

    assert models.status(ENTRY).state == "ready"
    assert notes == ["hub: the line is broken", "hub: the line is broken"]


def test_only_the_chosen_downloaders_are_asked(tmp_path: Path) -> None:
    models = cache(tmp_path, FolderDownloader("hub", GOOD), FolderDownloader("pypi", {}))

    with pytest.raises(ModelError, match="not to be had by pypi"):
        models.fetch(ENTRY, names=["pypi"])
    with pytest.raises(ModelError, match=r"no source 'ftp'; choose from: hub, pypi"):
        models.fetch(ENTRY, names=["ftp"])


def test_an_interrupted_fetch_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"the line is broken.*run 'hoidap models fetch tiny' again"):
        cache(tmp_path, FolderDownloader("hub", GOOD, break_after=4000)).fetch(ENTRY)
    assert cache(tmp_path).status(ENTRY).state == "partial"

    downloader = FolderDownloader("hub", GOOD)
    path = cache(tmp_path, downloader).fetch(ENTRY)

    assert downloader.asked[0] == ("weights.gguf", 4000)
    assert path.read_bytes() == BYTES


def test_too_small_a_disk_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    downloader = FolderDownloader("hub", GOOD)
    large = ModelEntry("tiny", "llm", "Tiny", "MIT", (WEIGHTS, TOKENS), working_bytes=1_000_000_000)

    with pytest.raises(ModelError, match=r"needs 1\.2 GB .* 0\.5 GB are free; make room"):
        cache(tmp_path, downloader, free=500_000_000).fetch(large)

    assert downloader.asked == []


def test_a_changed_file_is_hashed_again_before_use(tmp_path: Path) -> None:
    models = cache(tmp_path, FolderDownloader("hub", GOOD))
    path = models.fetch(ENTRY)

    os.utime(path, ns=(1, 1))
    assert models.status(ENTRY).state == "unverified"
    assert models.path(ENTRY) == path  # the same bytes: hashed once and remembered
    assert models.status(ENTRY).state == "ready"

    path.write_bytes(BYTES[:-1] + b"!")
    with pytest.raises(ModelError, match=r"not the expected file; run 'hoidap models remove tiny'"):
        models.path(ENTRY)


def test_verify_hashes_even_what_looks_untouched(tmp_path: Path) -> None:
    models = cache(tmp_path, FolderDownloader("hub", GOOD))
    path = models.fetch(ENTRY)
    models.verify(ENTRY)
    times = path.stat()
    path.write_bytes(BYTES[:-1] + b"!")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    with pytest.raises(ModelError, match="not the expected file"):
        models.verify(ENTRY)


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="run 'hoidap models fetch tiny'"):
        cache(tmp_path).path(ENTRY)


def test_removal_frees_everything(tmp_path: Path) -> None:
    models = cache(tmp_path, FolderDownloader("hub", GOOD))
    models.fetch(ENTRY)
    models.derived(ENTRY, "made", lambda folder: _write(folder, "a", b"12345"))

    freed = models.remove(ENTRY)

    assert freed >= len(BYTES) + 2 + 5
    assert left(tmp_path) == set()


def test_what_is_made_from_a_model_is_made_once_and_never_half(tmp_path: Path) -> None:
    models = cache(tmp_path, FolderDownloader("hub", GOOD))
    models.fetch(ENTRY)
    built: list[Path] = []

    def fail(folder: Path) -> None:
        _write(folder, "a", b"half")
        raise ModelError("stopped")

    def build(folder: Path) -> None:
        built.append(folder)
        _write(folder, "a", b"whole")

    with pytest.raises(ModelError, match="stopped"):
        models.derived(ENTRY, "made", fail)
    first = models.derived(ENTRY, "made", build)
    second = models.derived(ENTRY, "made", build)

    assert (first / "a").read_bytes() == b"whole"
    assert first == second
    assert len(built) == 1


def test_two_processes_fetch_a_model_once(tmp_path: Path) -> None:
    root, log = tmp_path / "models", tmp_path / "log"
    program = f"""
import hashlib, sys, time
from pathlib import Path
from index.models.catalogue import ModelEntry, ModelFile
from index.models.cache import ModelCache

class SlowRoad:
    name = "slow"
    def serves(self, file):
        return True
    def fetch(self, file, folder, on_bytes):
        with open({str(log)!r}, "a") as log:
            log.write("fetched\\n")
        time.sleep(0.5)
        (folder / "x").write_bytes(b"abc")
        return folder / "x"

entry = ModelEntry("tiny", "llm", "", "", (ModelFile("x", 3, hashlib.sha256(b"abc").hexdigest()),))
path = ModelCache(Path({str(root)!r}), [SlowRoad()], lambda folder: 10**12).fetch(entry)
sys.stdout.write(path.read_text())
"""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=60)[0] for process in processes]

    assert outputs == ["abc", "abc"]
    assert log.read_text() == "fetched\n"


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ModelError, match="name another folder in HOIDAP_MODELS"):
        cache(tmp_path / "file" / "models", FolderDownloader("hub", GOOD)).fetch(ENTRY)


def test_the_root_can_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOIDAP_MODELS", str(tmp_path))
    assert default_root() == tmp_path
    monkeypatch.delenv("HOIDAP_MODELS")
    assert default_root().parts[-2:] == ("hoidap", "models")


def test_the_catalogue_holds_what_the_configuration_names_at_first() -> None:
    entries = load_catalogue()

    assert find(entries, LlmConfig().model).size == 491_400_064
    assert find(entries, LlmConfig().model).files[0].pypi is not None
    assert find(entries, EncoderConfig().model).name == "multilingual-e5-small-q4@1571fc98"
    with pytest.raises(ModelError, match=r"choose one of: qwen2\.5-coder"):
        find(entries, "gpt")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "../weights"}, "file name"),
        ({"sha256": "abc"}, "SHA-256"),
        ({"size": 0}, "size"),
        ({"colour": "red"}, "colour"),
        ({"hub": {"repo": "a/b"}}, "revision"),
    ],
)
def test_an_impossible_catalogue_is_refused(change: dict[str, object], reason: str) -> None:
    file = {"name": "weights", "size": 3, "sha256": "0" * 64} | change
    lines = ["[[model]]", 'id = "a"', 'role = "llm"', 'title = "A"', 'licence = "MIT"', "[[model.file]]"]
    lines += [f"{key} = {_toml(value)}" for key, value in file.items()]

    with pytest.raises(ModelError, match=reason):
        parse_catalogue("\n".join(lines))


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + "}"
    return json.dumps(value)


def _write(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data)
