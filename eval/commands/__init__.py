"""The command ``hoidap eval``: its words, and what each of its actions does."""

__all__ = ["cli"]
