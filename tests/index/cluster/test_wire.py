from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.cluster.wire import Answer, FileTask, answers_table, read_answers, read_tasks, tasks_table
from index.encoding.encoded_passages import Passages
from index.ingest.document import Place, Removed
from index.ingest.list_folder import SourceFile, Unreadable
from index.schema import Article, Mark, StoredTable
from index.text.terms import terms

pytest.importorskip("pyarrow")

ARTICLE = Article(
    "a#1", "a.docx", "Bài “A”", "a | b\nc | d", date(2020, 2, 29), "Lê Hoa", "xã A", "https://x", "12/QĐ", "Lời dẫn",
    (StoredTable((((0, 1), (4, 5)), ((6, 7), (10, 11))), 1, (1,)),),
    (Mark(0, Place(page=3), 0.5), Mark(6, Place(sheet="T", row=2))),
    (Removed("quảng cáo", "boilerplate", Place(page=1)),),
    (("picture-of-text", Place(page=9)),),
)  # fmt: skip


def test_tasks_come_back_with_paths_that_are_no_utf_8() -> None:
    path = Path(os.fsdecode(b"/bai/H\xe0 N\xe1m.txt"))
    tasks = [
        FileTask(0, SourceFile(path, "H%E0.txt", 7), "ab", ("x", "y")),
        FileTask(3, SourceFile(path, "b", 0), ""),
    ]
    assert read_tasks(tasks_table(tasks)) == tasks
    assert read_tasks(tasks_table([])) == []


def test_articles_and_what_could_not_be_read_come_back_as_they_were() -> None:
    answers = [
        Answer(0, 0, "article", article=ARTICLE, known=True),
        Answer(0, 1, "article", article=Article("b", "b", "", "Chỉ có chữ.")),
        Answer(
            0,
            2,
            "unreadable",
            unreadable=Unreadable(
                "b#2", "hỏng\nở trang 3", (("damaged-page", Place(page=3)), ("locked", Place()))
            ),
        ),
        Answer(0, 3, "end"),
        Answer(1, 0, "away"),
    ]
    assert list(read_answers(answers_table(answers))) == answers


@pytest.mark.parametrize("texts", [["một hai ba", "", "UBND huyện"], ["một"], []])
def test_passages_come_back_to_the_last_bit(texts: list[str]) -> None:
    vectors = np.random.default_rng(1).random((len(texts), 5), dtype=np.float32)
    spans = tuple((n, n + 1) for n in range(len(texts)))
    before = Passages(spans, vectors, tuple(map(terms, texts)))
    (answer,) = read_answers(answers_table([Answer(0, 0, "article", article=ARTICLE, passages=before)]))
    after = answer.passages
    assert after is not None and after.spans == spans
    assert after.vectors.dtype == np.float32
    np.testing.assert_array_equal(after.vectors, vectors)
    assert len(after.terms) == len(texts)
    for one, other in zip(after.terms, before.terms, strict=True):
        assert one.exact.dtype == one.folded.dtype == np.uint32
        np.testing.assert_array_equal(one.exact, other.exact)
        np.testing.assert_array_equal(one.folded, other.folded)
