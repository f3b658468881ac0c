"""Names, days, amounts and time spans of questions and sentences, and what is calculated from them."""

__all__ = ["calculate", "named", "quantities", "time_spans"]
