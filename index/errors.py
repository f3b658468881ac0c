"""What can go wrong while articles become a store.

IndexingError
├── ArticleError   a file cannot be read as an article
├── ModelError     a model is missing, unknown, or its bytes are not the expected ones
├── ClusterError   a Ray cluster cannot be used, does not answer, or has another encoder
└── StoreError     a store is missing, damaged, busy, built by another encoder, or its search engine does not answer
"""

from __future__ import annotations

from typing import Literal, TypeAlias

ArticleCode: TypeAlias = Literal[
    "file",
    "empty",
    "not-text",
    "not-rows",
    "row-too-long",
    "locked",
    "copy-protected",
    "needs-libreoffice",
    "too-big",
    "too-slow",
    "cannot-open",
    "cannot-list",
    "picture-of-text",
    "nothing-recognised",
    "too-long",
    "damaged-page",
    "formula-not-computed",
    "embedded-file",
    "folder",
    "folder_empty",
    "folder_of_store",
]
"""What can be wrong with a file, a part of it, or (the last three) the folder itself."""


class IndexingError(Exception):
    """Base of every error of this folder; its text says what happened and the remedy.

    ``code`` names the kind for whoever tells it in other words or another language.
    """

    code = "other"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or type(self).code


class ArticleError(IndexingError):
    """A file cannot be read as an article."""

    code: ArticleCode = "file"

    def __init__(self, message: str, *, code: ArticleCode = "file") -> None:
        super().__init__(message, code=code)


class ModelError(IndexingError):
    """A model is missing, unknown, or its bytes are not the expected ones."""

    code = "model"


class StoreError(IndexingError):
    """A store is missing, damaged, busy, or built by another encoder."""

    code = "store"


class DamagedStoreError(StoreError):
    """The database of a store cannot be read where it stands."""


class ClusterError(IndexingError):
    """A Ray cluster cannot be used, does not answer, or has another encoder."""
