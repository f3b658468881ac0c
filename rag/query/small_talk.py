"""A word in reply to what is no question to the articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from index.text.normalise import has_accents, syllables
from rag.query.language import answer_language
from rag.schema import MessageKind

_EVERYDAY = """
    hello hi hey good morning afternoon evening thank thanks you so much very bye goodbye who are what can do how does
    this work please help me i am nice great ok okay is it to meet there a lot
"""
_VI: dict[str, str] = {
    "greeting": (
        "Xin chào! Bạn cứ hỏi về nội dung các bài viết, tôi sẽ trả lời kèm câu trích để bạn đối chiếu."
    ),
    "thanks": "Rất vui được giúp bạn. Cần hỏi thêm điều gì, bạn cứ nhắn.",
    "about": (
        "Tôi là Hỏi Đáp, trợ lý trả lời câu hỏi từ các bài viết trong kho này{held}. Bạn có thể hỏi một chi tiết "
        "trong bài, tìm bài, đếm bài, hỏi tin mới nhất hoặc nhờ tóm tắt một bài. Câu trả lời nào cũng kèm câu trích "
        "để bạn đối chiếu với bài gốc; điều các bài không nêu thì tôi nói là không tìm thấy."
    ),
    "opinion": (
        "Tôi không có ý kiến riêng, tôi chỉ nói lại những gì các bài viết nêu. Bạn thử hỏi xem các bài viết nói gì "
        "về việc này."
    ),
    "task": "Việc này tôi không làm được. Tôi chỉ trả lời câu hỏi, tìm và tóm tắt các bài viết trong kho.",
    "complaint": (
        "Xin lỗi bạn vì câu trả lời chưa đúng ý. Bạn hỏi lại giúp tôi, nêu rõ tên người, địa phương, năm hoặc tên "
        "bài; bạn cũng có thể mở câu trích để xem bài gốc viết thế nào."
    ),
    "unsafe": (
        "Tôi không giúp được việc này. Tôi chỉ trả lời theo đúng nội dung các bài viết. Nếu có người đang gặp nguy "
        "hiểm, bạn hãy gọi ngay 113 hoặc 115."
    ),
    "nonsense": (
        "Tôi chưa hiểu bạn muốn hỏi gì. Bạn viết thành một câu hỏi giúp tôi, ví dụ: “Huyện có bao nhiêu xã?”"
    ),
    "unclear": (
        "Câu hỏi chưa nói rõ về ai hay việc gì. Bạn viết thêm tên người, địa phương, sự việc hoặc năm giúp tôi, ví "
        "dụ: “Chủ tịch xã An Bình sinh năm nào?”"
    ),
}
_EN: dict[str, str] = {
    "greeting": "Hello! Ask me about the articles; every answer comes with the sentences that prove it.",
    "thanks": "You are welcome. Ask whenever you need something else.",
    "about": (
        "I am Hỏi Đáp and answer questions from the articles of this collection{held}. You can ask for a detail, look "
        "for articles, count them, ask for the latest news, or have an article summarised. Every answer comes with "
        "the sentences that prove it, and I say so where the articles do not tell."
    ),
    "opinion": (
        "I have no opinions of my own and only tell what the articles say. Try asking what they say about it."
    ),
    "task": "I cannot do this. I only answer questions, find articles and summarise them.",
    "complaint": (
        "I am sorry that the answer was not what you wanted. Please ask again with the name of the person, place, "
        "year or article; the cited sentences open the article itself."
    ),
    "unsafe": (
        "I cannot help with this. I only tell what the articles say. If somebody is in danger, please call 113 or 115 "
        "at once."
    ),
    "nonsense": (
        "I did not understand. Please write it as a question, for example: “How many communes are there?”"
    ),
    "unclear": "The question does not say whom or what it is about. Please add the person, place, event or year.",
}
_OTHER = (
    "Tôi chỉ hiểu tiếng Việt và tiếng Anh; bạn hỏi lại bằng một trong hai thứ tiếng này nhé. / "
    "I understand Vietnamese and English only; please ask in one of them."
)


def reply(kind: MessageKind, message: str, articles: int, dates: Sequence[date] = ()) -> str:
    """What is said to a message that is no question, in its language; ``about`` says how many articles there are."""
    if kind == "other_language":
        return _OTHER
    english = spoken_language(message) == "en"
    text = (_EN if english else _VI)[kind]
    return text.format(held=_held(articles, dates, english)) if kind == "about" else text


def spoken_language(message: str) -> Literal["vi", "en"]:
    """As ``answer_language``, and English where a message is made of a few English words of everyday talk."""
    words = syllables(message)
    if words and not has_accents(message) and set(words) <= set(_EVERYDAY.split()):
        return "en"
    return answer_language(message)


def _held(articles: int, dates: Sequence[date], english: bool) -> str:
    first, last = (min(dates), max(dates)) if dates else (None, None)
    if english:
        between = f", written between {first:%d/%m/%Y} and {last:%d/%m/%Y}" if first and last else ""
        return f", which holds {articles:,} articles{between}"
    between = f", viết từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}" if first and last else ""
    count = f"{articles:,}".replace(",", ".")
    return f", hiện có {count} bài{between}"
