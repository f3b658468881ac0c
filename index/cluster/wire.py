"""What travels between the computer that syncs and the nodes: tables of plain columns, which hold no code.

The tables are Arrow's, as Ray's own; pyarrow comes with the extra ``ray`` and is imported where it is used.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import numpy as np

from index.encoding.encoded_passages import Passages
from index.ingest.list_folder import SourceFile, Unreadable
from index.schema import Article
from index.store.database.structure import pack, pack_problems, unpack, unpack_problems
from index.text.terms import Terms

if TYPE_CHECKING:
    import pyarrow as pa

Kind: TypeAlias = Literal["article", "unreadable", "away", "end"]


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to read: its number in the work, its SHA-256, and the digests of its articles that need no encoding."""

    number: int
    file: SourceFile
    sha256: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that a node says of file ``number``; ``place`` counts from 0 what it has said of it.

    ``away``: the node does not find the file as it was hashed; ``end``: it has said all.  An article that is ``known``
    is not encoded, nor is one whose ``passages`` are still to come.
    """

    number: int
    place: int
    kind: Kind
    article: Article | None = None
    unreadable: Unreadable | None = None
    known: bool = False
    passages: Passages | None = None


def tasks_table(tasks: Sequence[FileTask]) -> pa.Table:
    """Write tasks; paths are bytes, since they need not be UTF-8."""
    import pyarrow as pa

    columns = {
        "number": (pa.int64(), [task.number for task in tasks]),
        "path": (pa.binary(), [os.fsencode(task.file.path) for task in tasks]),
        "source": (pa.string(), [task.file.source for task in tasks]),
        "size": (pa.int64(), [task.file.size for task in tasks]),
        "sha256": (pa.string(), [task.sha256 for task in tasks]),
        "known": (pa.list_(pa.string()), [list(task.known) for task in tasks]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def read_tasks(table: pa.Table) -> list[FileTask]:
    """Read what ``tasks_table`` has written."""
    return [
        FileTask(
            row["number"],
            SourceFile(Path(os.fsdecode(row["path"])), row["source"], row["size"]),
            row["sha256"],
            tuple(row["known"]),
        )
        for row in table.to_pylist()
    ]


def answers_table(answers: Sequence[Answer]) -> pa.Table:
    """Write answers."""
    import pyarrow as pa

    columns = {
        "number": (pa.int64(), [answer.number for answer in answers]),
        "place": (pa.int64(), [answer.place for answer in answers]),
        "kind": (pa.string(), [answer.kind for answer in answers]),
        "told": (pa.string(), [_content(answer) for answer in answers]),
        "known": (pa.bool_(), [answer.known for answer in answers]),
        "passages": (pa.binary(), [answer.passages and _packed(answer.passages) for answer in answers]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def read_answers(table: pa.Table) -> Iterator[Answer]:
    """Read what ``answers_table`` has written."""
    for row in table.to_pylist():
        kind = cast(Kind, row["kind"])
        answer = Answer(row["number"], row["place"], kind, known=row["known"])
        if kind == "article":
            passages = None if row["passages"] is None else _unpacked(row["passages"])
            answer = replace(answer, article=_article(row["told"]), passages=passages)
        elif kind == "unreadable":
            (unreadable,) = unpack_problems("", row["told"])
            answer = replace(answer, unreadable=unreadable)
        yield answer


def _content(answer: Answer) -> str:
    if answer.unreadable is not None:
        return pack_problems("", [answer.unreadable])
    if answer.article is None:
        return ""
    article = answer.article
    day = article.date.isoformat() if article.date else None
    plain = [article.id, article.source, article.title, article.text, day, article.author, article.place]
    return json.dumps([*plain, article.url, article.number, article.lead, pack(article)])


def _article(content: str) -> Article:
    *plain, structure = json.loads(content)
    article = Article(*plain)
    tables, marks, removed, problems = unpack(structure)
    return replace(
        article,
        date=date.fromisoformat(plain[4]) if plain[4] else None,
        tables=tables,
        marks=marks,
        removed=removed,
        problems=problems,
    )


def _packed(passages: Passages) -> bytes:
    """Write arrays as NumPy keeps them: spans (n, 2), vectors (n, dimension), and all terms one after the other."""
    none = np.empty(0, np.uint32)
    stream = io.BytesIO()
    np.savez(
        stream,
        spans=np.array(passages.spans, np.int64).reshape(-1, 2),
        vectors=passages.vectors,
        lengths=np.array([len(words.exact) for words in passages.terms], np.int64),
        exact=np.concatenate([none, *(words.exact for words in passages.terms)]),
        folded=np.concatenate([none, *(words.folded for words in passages.terms)]),
    )
    return stream.getvalue()


def _unpacked(packed: bytes) -> Passages:
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        cuts = np.cumsum(arrays["lengths"])[:-1]
        exact, folded = np.split(arrays["exact"], cuts), np.split(arrays["folded"], cuts)
        spans = tuple((int(start), int(end)) for start, end in arrays["spans"])
        words = tuple(Terms(*pair) for pair in zip(exact, folded, strict=True))[: len(spans)]
        return Passages(spans, arrays["vectors"], words)
