"""What can go wrong while articles become a store.

IndexingError
├── ArticleError   a file cannot be read as an article
├── ModelError     a model is missing, unknown, or its bytes are not the expected ones
└── StoreError     a store is missing, damaged, busy, or built by another encoder
"""


class IndexingError(Exception):
    """Base of every error of this folder; its text says what happened and the remedy."""


class ArticleError(IndexingError):
    """A file cannot be read as an article."""


class ModelError(IndexingError):
    """A model is missing, unknown, or its bytes are not the expected ones."""


class StoreError(IndexingError):
    """A store is missing, damaged, busy, or built by another encoder."""
