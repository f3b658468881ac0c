"""The addresses that programs ask: those of OpenAI, our own, and the figures of whoever runs the server."""

__all__ = ["articles", "inspection", "openai_chat", "openai_responses", "tools"]
