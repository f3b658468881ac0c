"""A store that grew article by article is searched like one that was built at once, at the cost of each article."""

from __future__ import annotations

import random
import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder

from index.errors import StoreError
from index.search import search
from index.store.database.records import ChunkRows
from index.store.local.compaction import FEW, choose, compact
from index.store.local.segment import Segment
from index.store.local.snapshot import SearchFiles, SearchState
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.sync import sync
from index.text.terms import terms

WORDS = "xã huyện hộ nghèo cầu đường trường học bệnh viện rừng chè lúa nước má mà mạ ma".split()  # noqa: SIM905


def write(folder: Path, name: str, chance: random.Random) -> None:
    sentences = (" ".join(chance.choices(WORDS, k=10)) + "." for _ in range(chance.randrange(1, 20)))
    (folder / name).write_text(f"Bài {name}\n\n" + " ".join(sentences), encoding="utf-8")


def found(store: Store, question: str) -> list[tuple[str, int, float]]:
    vector = FakeEncoder().encode_queries([question])[0]
    hits = search(store, question, vector, 10)
    return [(hit.chunk.article.id, hit.chunk.position, round(hit.score, 4)) for hit in hits]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    return made


def make(directory: Path, encoder: FakeEncoder) -> Store:
    return Store.create(directory, encoder.name, encoder.dimension, 60)


def state(store: Store) -> SearchState:
    newest = SearchFiles(store.snapshot_folder).latest()
    assert newest is not None
    return newest


def test_it_finds_what_a_store_built_at_once_finds(
    tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    chance = random.Random(5)
    for _ in range(12):
        with closing(make(tmp_path / "grown", encoder)) as grown:
            names = sorted(path.name for path in folder.iterdir())
            for name in [f"bai{chance.randrange(1000)}.txt" for _ in range(5)] + names[::4]:
                write(folder, name, chance)
            for name in names[1::5]:
                (folder / name).unlink(missing_ok=True)
            sync(grown, folder, encoder)
    with closing(make(tmp_path / "grown", encoder)) as grown, closing(make(tmp_path / "s", encoder)) as new:
        sync(new, folder, encoder)
        assert len(state(grown).segments) > 1
        assert state(grown).removed == ()
        for question in ("xã nghèo", "cầu đường bệnh viện", "ma ma chè", "má mua mạ", "rung lua nuoc"):
            ours, theirs = found(grown, question), found(new, question)
            assert [score for _, _, score in ours] == [score for _, _, score in theirs]
            assert set(ours[:5]) <= set(found(new, question)) or ours[4][2] == ours[-1][2]
        assert verify_store(grown, encoder).whole


def test_one_article_more_or_less_leaves_the_other_segments_as_they_are(
    tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    chance = random.Random(1)
    for number in range(40):
        write(folder, f"{number}.txt", chance)
    with closing(make(tmp_path / "s", encoder)) as store:
        sync(store, folder, encoder)
        (first,) = state(store).segments
        write(folder, "new.txt", chance)
        sync(store, folder, encoder)
        assert state(store).segments[0] == first
        assert len(state(store).segments) == 2
        assert sum(entry.chunks for entry in state(store).segments) == store.database.counts().chunks
        assert store.database.removed_chunks() == []


def test_a_removed_article_is_not_found_and_then_gone_from_every_file(
    tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    (folder / "mat.txt").write_text("Bài mật\n\nZyxwvut là tên riêng của thôn.", encoding="utf-8")
    (folder / "con.txt").write_text("Bài còn\n\nThôn này có hai mươi hộ.", encoding="utf-8")
    with closing(make(tmp_path / "s", encoder)) as store:
        sync(store, folder, encoder)
        secret = terms("zyxwvut").exact.tobytes()
        assert any(secret in path.read_bytes() for path in store.directory.rglob("*.npy"))
        (folder / "mat.txt").unlink()
        sync(store, folder, encoder)
        assert "mat.txt" not in [article for article, _, _ in found(store, "zyxwvut")]
    files = [path for path in (tmp_path / "s").rglob("*") if path.is_file()]
    assert not any(secret in path.read_bytes() for path in files)


def test_search_files_of_another_history_are_built_again(
    tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    chance = random.Random(2)
    write(folder, "a.txt", chance)
    with closing(make(tmp_path / "s", encoder)) as store:
        sync(store, folder, encoder)
    shutil.copytree(tmp_path / "s", tmp_path / "backup")
    write(folder, "b.txt", chance)
    with closing(make(tmp_path / "s", encoder)) as store:
        sync(store, folder, encoder)
    shutil.copy(tmp_path / "backup" / "store.sqlite3", tmp_path / "s" / "store.sqlite3")
    (folder / "b.txt").unlink()
    for name in ("c.txt", "d.txt"):  # they get the numbers that b.txt had in the other history
        write(folder, name, chance)
        with closing(make(tmp_path / "s", encoder)) as store:
            sync(store, folder, encoder)
            assert verify_store(store, encoder).whole
            assert {article for article, _, _ in found(store, "xã huyện hộ")} <= {"a.txt", "c.txt", "d.txt"}


def test_a_compaction_changes_nothing_that_came_meanwhile(
    tmp_path: Path, folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    for number in range(6):
        write(folder, f"{number}.txt", chance)
    with closing(make(tmp_path / "s", encoder)) as store:
        sync(store, folder, encoder)
    (folder / "0.txt").unlink()
    merge = Segment.merge

    def meanwhile(segments: list[Segment], removed: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Segment:
        monkeypatch.setattr(Segment, "merge", merge)
        (folder / "1.txt").unlink()
        write(folder, "late.txt", chance)
        with closing(make(tmp_path / "s", encoder)) as other:
            sync(other, folder, encoder, wait_seconds=30)
        return merge(segments, removed)

    monkeypatch.setattr(Segment, "merge", meanwhile)
    with closing(make(tmp_path / "s", encoder)) as store:
        sync(store, folder, encoder)
    with closing(make(tmp_path / "s", encoder)) as store:
        assert state(store).removed == ()
        assert store.snapshot().chunks.tolist() == store.database.chunk_numbers()
        assert {info.id for info in store.database.articles()} == {
            "2.txt", "3.txt", "4.txt", "5.txt", "late.txt",
        }  # fmt: skip
        assert verify_store(store, encoder).whole


def test_a_damaged_state_is_told_with_its_remedy(store: Store) -> None:
    (path,) = store.snapshot_folder.glob("0*.json")
    path.write_text('{"generation": 1}', encoding="utf-8")
    with pytest.raises(StoreError, match="verify --repair"):
        Store.open(store.directory).snapshot()


@pytest.mark.parametrize(
    ("sizes", "removed", "chosen"),
    [
        ([], [], None),
        ([500], [0], None),
        ([500, 20], [0, 3], slice(1, 2)),  # what was removed comes first
        ([1] * FEW, [0] * FEW, slice(0, FEW)),
        ([1] * (FEW - 1), [0] * (FEW - 1), None),
        ([900, *[1] * FEW], [0] * (FEW + 1), slice(1, FEW + 1)),
        ([*[900] * FEW, 1], [0] * (FEW + 1), slice(0, FEW + 1)),
        ([900, *[1] * (FEW - 1)], [0] * FEW, None),  # the large one would be copied for the small
        ([*[400] * FEW, 1], [0] * (FEW + 1), slice(0, 2)),  # as many as fit into one of 1000
        ([1000, 1000, 1000], [0, 0, 0], None),
    ],
)
def test_what_is_merged_next(sizes: list[int], removed: list[int], chosen: slice | None) -> None:
    assert choose(sizes, removed, limit=1000 if 400 in sizes or 1000 in sizes else 10_000) == chosen


def test_growing_one_by_one_keeps_the_segments_few_and_copies_each_chunk_seldom() -> None:
    sizes: list[int] = []
    copied = 0
    for _ in range(2000):
        sizes.append(1)
        while (chosen := choose(sizes, [0] * len(sizes))) is not None:
            merged = sum(sizes[chosen])
            copied += merged
            sizes[chosen] = [merged]
    assert sum(sizes) == 2000
    assert len(sizes) < 2 * FEW
    assert copied / 2000 < 11  # 2000 < 2 ** 11


def rows(count: int, first: int) -> ChunkRows:
    texts = [f"xã số {number} có chè {'và rừng' * (number % 3)}" for number in range(first, first + count)]
    vectors = np.random.default_rng(first).standard_normal((count, 16)).astype(np.float16)
    numbers = np.arange(first, first + count, dtype=np.int64)
    return ChunkRows(numbers, numbers + 100, vectors, [terms(text) for text in texts])


def test_a_merged_segment_is_what_would_have_been_built() -> None:
    both, first, second = rows(50, 1), rows(30, 1), rows(20, 31)
    vectors = np.concatenate([first.vectors, second.vectors])
    removed = np.array([3, 30, 31, 50], dtype=np.int64)
    merged = Segment.merge([Segment.build(first), Segment.build(second)], removed)
    kept = ~np.isin(both.numbers, removed)
    built = Segment.build(
        ChunkRows(
            both.numbers[kept],
            both.articles[kept],
            vectors[kept],
            [one for one, keep in zip(both.terms, kept, strict=True) if keep],
        )
    )
    for name, array in built._arrays():
        assert np.array_equal(array, dict(merged._arrays())[name]), name


def test_compacting_an_empty_folder_does_nothing(tmp_path: Path) -> None:
    compact(SearchFiles(tmp_path))
    assert SearchFiles(tmp_path).latest() is None
