"""Teaching the models of the assistant: what they learn from, and one command for each."""

__all__ = ["data"]
