"""Milvus as the search engine of a store."""
