"""How fast the product encodes, searches, syncs and answers: ``python -m eval.benchmarks.speed``."""

__all__ = ["texts"]
