"""The kinds of answers: a list, yes or no, the most, what is calculated, and a denial of what is taken for granted."""

__all__ = ["derived", "listing", "premise", "superlative", "yes_no"]
