"""The text of a refusal, where the articles do not answer, in the language of the question."""

from __future__ import annotations

from collections.abc import Sequence

from index.schema import Hit
from rag.query.language import answer_language


def refusal(question: str, hits: Sequence[Hit], articles: int) -> str:
    """The refusal in the language of the question, with what was searched for.

    ``articles`` counts those of the store: where it has none, nothing was looked for.
    """
    if not articles:
        english = answer_language(question) == "en"
        return "There is no article to search yet." if english else "Kho chưa có bài viết nào để tìm."
    if answer_language(question) == "en":
        looked = f"I found no answer in the articles. I searched them for “{question}”"
        if not hits:
            return f"{looked}, but no passage is about it."
        return f"{looked}; the nearest passages are listed with this answer."
    looked = f"Tôi không tìm thấy câu trả lời trong các bài viết. Đã tìm “{question}”"
    if not hits:
        return f"{looked} nhưng không có đoạn nào liên quan."
    return f"{looked}; những đoạn gần nhất được liệt kê kèm theo."


def not_found(question: str) -> str:
    """The refusal of one question among several."""
    if answer_language(question) == "en":
        return "I found no answer in the articles."
    return "Không tìm thấy câu trả lời trong các bài viết."
