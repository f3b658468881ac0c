"""Models on this computer: which there are, fetched, checked and converted."""

__all__ = ["cache", "catalogue", "conversion", "fingerprint"]
