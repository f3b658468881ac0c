"""People meet the assistant: the command line and the chat window."""

__all__ = ["assistant", "common_secret", "errors", "scope", "serialise", "strings"]
