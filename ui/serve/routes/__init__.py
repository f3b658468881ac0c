"""The addresses that programs ask: those of OpenAI, our own, and the figures for the administrator."""

__all__ = ["articles", "openai_chat", "openai_responses", "tools"]
