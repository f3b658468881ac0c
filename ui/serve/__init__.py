"""The answers for other programs: HTTP in the forms of OpenAI and of our own, and MCP."""

__all__ = ["access", "main"]
