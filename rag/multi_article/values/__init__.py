"""Names, days, amounts and time spans of questions and sentences, and what is calculated from them."""

__all__ = ["calculate", "names_and_days", "quantities", "time_spans"]
