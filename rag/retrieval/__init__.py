"""A question finds the passages worth reading."""

__all__ = ["encoder_cache", "retrieve"]
