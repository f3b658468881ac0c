"""What the window shows becomes HTML, which cannot carry what it quotes."""

__all__ = [
    "article",
    "articles",
    "controls",
    "conversation",
    "errors",
    "extractive_answer",
    "formatting",
    "markup",
    "progress",
    "shell",
    "sources",
    "top_bar",
]
