"""Questions about the articles as a collection: which, how many, the newest, what they say in short, who wrote them."""

__all__ = ["answer", "parse_question"]
