"""What the window shows becomes HTML, which cannot carry what it quotes."""

__all__ = [
    "article",
    "articles",
    "controls",
    "conversation",
    "errors",
    "extract",
    "markup",
    "progress",
    "shell",
    "sources",
    "wording",
]
