"""Questions and answers as they are made, kept and taken along."""

__all__ = ["answering", "export", "further", "history", "progress", "watching", "word_file"]
