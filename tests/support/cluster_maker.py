"""A folder with something of everything for a cluster to read, and a comparison of two stores."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from word_maker import make_word, paragraph

from index.schema import Article
from index.store.store import Store


def make_articles(folder: Path, files: int = 30, rows: int = 120) -> Path:
    """Write texts, Word files, rows with an id twice, a broken PDF and a bad row."""
    folder.mkdir()
    for number in range(files):
        text = f"Bài số {number}\n\n" + " ".join(f"Thôn {number} có {n} hộ nghèo." for n in range(12))
        if number % 10:
            (folder / f"{number:03d}.txt").write_text(text, encoding="utf-8")
        else:
            make_word(folder / f"{number:03d}.docx", paragraph(text))
    lines = [json.dumps({"id": f"r{n}", "text": f"Xã số {n} có {n * 3} hộ dân."}) for n in range(rows)]
    (folder / "rows.jsonl").write_text("\n".join([*lines[: rows // 2], "{", *lines[rows // 2 :]]))
    (folder / "more.jsonl").write_text("\n".join(lines[:3]))
    (folder / "hong.pdf").write_bytes(b"%PDF-1.4 broken")
    return folder


def held(store: Store) -> dict[str, tuple[Article, str, str | None]]:
    """All articles of a store with their files and digests."""
    database = store.database
    return {
        info.id: (database.article(info.id), database.file_of(info.id) or "", database.digest_of(info.id))
        for info in database.articles()
    }


def assert_same(one: Store, other: Store, tolerance: float = 1e-3) -> None:
    """Both stores hold the same files, articles, passages and words, and vectors but for rounding."""
    assert one.database.files() == other.database.files()
    assert held(one) == held(other)
    stored = []
    for store in (one, other):
        numbers = store.database.chunk_numbers()
        chunks, vectors = store.database.chunks(numbers), store.database.chunk_vectors(numbers)
        words = store.database.chunk_terms(numbers)
        stored.append(
            {
                (chunks[n].article.id, chunks[n].start, chunks[n].end): (
                    chunks[n].position,
                    vectors[n],
                    words[n],
                )
                for n in numbers
            }
        )
        assert len(stored[-1]) == len(numbers)  # none is there twice
    assert stored[0].keys() == stored[1].keys()
    for place, (position, vector, words_here) in stored[0].items():
        position_there, vector_there, words_there = stored[1][place]
        assert position == position_there
        np.testing.assert_allclose(vector, vector_there, atol=tolerance)
        np.testing.assert_array_equal(words_here.exact, words_there.exact)
        np.testing.assert_array_equal(words_here.folded, words_there.folded)
