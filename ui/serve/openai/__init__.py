"""OpenAI's forms of questions and answers."""

__all__ = ["chat_completion", "messages", "response"]
