"""Milvus as the search engine of a store."""

__all__ = ["connection", "engine"]
