"""Questions that more than one article answers: all their answers, comparisons, calculations, yes and no."""

__all__ = ["answer", "gather", "place_and_time", "plan"]
