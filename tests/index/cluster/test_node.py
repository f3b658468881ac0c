from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from cluster_maker import make_articles
from fakes import FakeEncoder

from index.cluster.node import EncodeArticles, Encoding, read_files
from index.cluster.wire import Answer, FileTask, read_answers, tasks_table
from index.errors import ClusterError
from index.ingest.read_files import find_files, hash_file
from index.store.database.structure import digest

pytest.importorskip("pyarrow")


def encoding(encoder: FakeEncoder, name: str = "fake-encoder") -> Encoding:
    return Encoding(lambda threads: encoder, name, 60)


def read(tasks: Sequence[FileTask]) -> list[list[Answer]]:
    return [list(read_answers(table)) for table in read_files(tasks_table(tasks))]


def test_a_large_file_is_sent_on_while_it_is_read_and_ends_with_a_word(tmp_path: Path) -> None:
    files = find_files(make_articles(tmp_path / "f", files=0, rows=100))
    (rows,) = (file for file in files if file.source == "rows.jsonl")
    tables = read([FileTask(5, rows, hash_file(rows))])
    answers = [answer for table in tables for answer in table]
    assert len(tables) == 4 and max(map(len, tables)) == 32
    assert [(answer.number, answer.place) for answer in answers] == [(5, place) for place in range(102)]
    assert [answer.kind for answer in answers].count("article") == 100
    assert (answers[50].kind, answers[-1].kind) == ("unreadable", "end")


def test_a_file_that_is_not_there_or_is_another_costs_no_other(tmp_path: Path) -> None:
    first, second, third = find_files(make_articles(tmp_path / "f", files=3, rows=2))[:3]
    tasks = [
        FileTask(0, first, hash_file(first)),
        FileTask(1, second, "other"),
        FileTask(2, third, hash_file(third)),
    ]
    third.path.unlink()
    (answers,) = read(tasks)
    assert [(answer.number, answer.kind) for answer in answers] == [
        (0, "article"),
        (0, "end"),
        (1, "away"),
        (2, "away"),
    ]


def test_an_article_that_the_store_has_is_not_encoded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Xã Đông Hải có 12 thôn.", encoding="utf-8")
    (file,) = find_files(tmp_path)
    encoder = FakeEncoder()
    encode = EncodeArticles(encoding(encoder))
    (table,) = read_files(tasks_table([FileTask(0, file, hash_file(file))]))
    new, _ = read_answers(encode(table))
    assert new.article is not None and new.passages is not None
    assert new.passages.spans == ((0, len(new.article.text)),) and encoder.encoded_passages == 1
    (table,) = read_files(tasks_table([FileTask(0, file, hash_file(file), (digest(new.article),))]))
    known, _ = read_answers(encode(table))
    assert known.known and known.passages is None and encoder.encoded_passages == 1


def test_a_node_with_another_encoder_is_refused() -> None:
    with pytest.raises(ClusterError, match=r"fake-encoder.*other@1.*every node"):
        EncodeArticles(encoding(FakeEncoder(), "other@1"))
