"""What a node of the cluster does: it reads files, and it cuts and encodes articles; plain functions of tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from index.chunking import split
from index.cluster.wire import Answer, FileTask, answers_table, read_answers, read_tasks
from index.encoding.encoded_passages import encode_chunks
from index.encoding.encoder import Encoder
from index.errors import ClusterError
from index.ingest.list_folder import Unreadable
from index.ingest.processes import Readers
from index.ingest.read_files import is_still
from index.store.database.structure import digest

if TYPE_CHECKING:
    import pyarrow as pa

MakeEncoder: TypeAlias = Callable[[int], Encoder]
"""Makes an encoder that runs on so many threads; it is sent to the nodes, so it names what it calls by its module."""

_ROWS = 32
"""Answers sent on together, so that a large file is encoded by several nodes while it is still read."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How articles are cut and encoded; ``name`` is that of the encoder which has built the store."""

    make_encoder: MakeEncoder
    name: str
    chunk_tokens: int
    threads: int = 1


def read_files(tasks: pa.Table) -> Iterator[pa.Table]:
    """Read files as a sync of one computer does, in a process that a broken or hostile file may take with it."""
    answers = _answers(read_tasks(tasks))
    while some := list(islice(answers, _ROWS)):
        yield answers_table(some)


def _answers(tasks: list[FileTask]) -> Iterator[Answer]:
    here = {task.number for task in tasks if is_still(task.file, task.sha256)}
    with Readers([task.file for task in tasks if task.number in here], processes=1) as readers:
        for task in tasks:
            if task.number not in here:
                yield Answer(task.number, 0, "away")
                continue
            place = 0
            for item in readers.read(task.file):
                if isinstance(item, Unreadable):
                    yield Answer(task.number, place, "unreadable", unreadable=item)
                else:
                    known = digest(item) in task.known
                    yield Answer(task.number, place, "article", article=item, known=known)
                place += 1
            yield Answer(task.number, place, "end")


class EncodeArticles:
    """An encoder on a node, loaded once: it gives the articles of a table their passages.

    Raises ClusterError where the node's encoder is not the one that has built the store.
    """

    def __init__(self, encoding: Encoding) -> None:
        # Read when the tokenizer's library is first used, which is later.
        os.environ["RAYON_NUM_THREADS"] = str(encoding.threads)
        self._encoder = encoding.make_encoder(encoding.threads)
        self._chunk_tokens = encoding.chunk_tokens
        if self._encoder.name != encoding.name:
            raise ClusterError(
                f"A node has the encoder {self._encoder.name}, the store was built by {encoding.name}; "
                "install the same version of hoidap and the same model on every node."
            )

    def __call__(self, table: pa.Table) -> pa.Table:
        """Encode the articles that are not known, all in one call."""
        answers = list(read_answers(table))
        chunks = {
            number: split(answer.article, self._encoder.count_tokens, self._chunk_tokens)
            for number, answer in enumerate(answers)
            if answer.article is not None and not answer.known
        }
        made = dict(zip(chunks, encode_chunks([*chunks.values()], self._encoder), strict=True))
        return answers_table(
            [replace(answer, passages=made.get(number)) for number, answer in enumerate(answers)]
        )
