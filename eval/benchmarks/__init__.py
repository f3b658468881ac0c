"""Benchmarks of parts of the product, each a command of its own."""

__all__ = ["reading", "retrieval"]
