"""Questions that more than one article answers: all their answers, comparisons, calculations, yes and no."""

__all__ = ["answer", "gather_evidence", "place_and_time", "question_type"]
