"""The search engine of one computer: files in the store's folder that are mapped into memory."""

__all__ = ["engine", "lexical_index", "snapshot"]
