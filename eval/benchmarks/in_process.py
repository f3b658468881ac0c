"""A cluster without Ray: what its nodes run, in the process that syncs, and answers that can be spoilt on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TypeAlias

from index.cluster.collect_answers import ClusterReader, tasks_of
from index.cluster.node import EncodeArticles, Encoding, read_files
from index.cluster.ray_cluster import blocks
from index.cluster.wire import Answer, read_answers, tasks_table
from index.encoding.encoder import Encoder
from index.sync.store_articles import FileReader, OpenReader, Work

Spoil: TypeAlias = Callable[[Iterator[Answer]], Iterator[Answer]]


def read_in_process(
    encoder: Encoder,
    spoil: Spoil = lambda answers: answers,
    on_here: Callable[[str], None] = lambda source: None,
) -> OpenReader:
    """Let a sync be read by what nodes run, one table after the other."""

    @contextmanager
    def open_reader(work: Work) -> Iterator[FileReader]:
        encode = EncodeArticles(Encoding(lambda threads: encoder, encoder.name, work.chunk_tokens))
        tables = chain.from_iterable(read_files(tasks_table(block)) for block in blocks(tasks_of(work)))
        answers = chain.from_iterable(read_answers(encode(table)) for table in tables)
        yield ClusterReader(spoil(answers), on_here)

    return open_reader
