"""People meet the assistant: the command line and the chat window."""

__all__ = ["answer_json", "assistant_protocol", "errors", "search_scope", "shared_secret", "strings"]
