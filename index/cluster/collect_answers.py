"""The answers of the nodes become the files' articles again, each once and in the order of the work.

A cluster may say a thing twice (a node died after it had said it) or never; both are seen here, by the number of
the file and the place of the answer, so whatever becomes of nodes, no article is lost or doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import islice

from index.cluster.wire import Answer, FileTask
from index.encoding.encoded_passages import EncodedArticle
from index.ingest.limits import OnPage, ignore_progress
from index.ingest.list_folder import SourceFile
from index.ingest.processes import Readers
from index.sync.store_articles import ReadItem, Work

LOG = logging.getLogger(__name__)


def tasks_of(work: Work) -> list[FileTask]:
    """Give the tasks of a work, in its order."""
    return [
        FileTask(number, file, sha256, tuple(work.known(file.source)))
        for number, (file, sha256) in enumerate(work.files)
    ]


class ClusterReader:
    """Reads files out of the answers of nodes; what they do not give is read on this computer.

    ``answers`` come in the order of files and places, perhaps with some twice or missing.  ``on_here`` hears the
    source of every file that is read here.
    """

    def __init__(
        self, answers: Iterator[Answer], on_here: Callable[[str], None] = lambda source: None
    ) -> None:
        self._answers, self._on_here = answers, on_here
        self._ahead: Answer | None = None
        self._number = -1

    def read(self, file: SourceFile, on_page: OnPage = ignore_progress) -> Iterator[ReadItem]:
        """Read the articles of the next file, encoded where a node has done so."""
        self._number += 1
        place = 0
        for answer in self._of_this_file():
            if answer.place < place:
                continue  # said before
            if answer.place > place or answer.kind == "away":
                break
            if answer.kind == "end":
                return
            item = _item(answer)
            if item is None:
                break
            yield item
            place += 1
        self._on_here(file.source)
        LOG.info("%s is read on this computer from its item %d on.", file.source, place)
        with Readers([file], processes=1) as readers:
            yield from islice(readers.read(file, on_page), place, None)

    def _of_this_file(self) -> Iterator[Answer]:
        """Take the answers of the present file; those of earlier ones were said before, a later one waits."""
        while True:
            answer = self._ahead if self._ahead is not None else next(self._answers, None)
            if answer is None or answer.number > self._number:
                self._ahead = answer
                return
            self._ahead = None
            if answer.number == self._number:
                yield answer


def _item(answer: Answer) -> ReadItem | None:
    if answer.article is None:
        return answer.unreadable
    return answer.article if answer.passages is None else EncodedArticle(answer.article, answer.passages)
