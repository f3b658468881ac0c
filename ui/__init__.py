"""People meet the assistant: the command line and the chat window."""

__all__ = ["assistant", "errors", "scope", "serialise", "strings"]
