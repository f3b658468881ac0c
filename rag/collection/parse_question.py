"""What a question about the collection asks for: a subject, a time, an author."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from index.text.normalise import fold, has_accents, normalise, syllables
from rag.query.language import answer_language
from rag.query.time_expressions import Period, period_of
from rag.schema import MessageKind

_BEFORE = """
    đọc ở|xem ở|lấy ở|tin đó|thông tin này|thông tin trên|bài trên|vui lòng|xin|dạ|thưa|ad|bạn|anh|chị|cô|chú|bác|ơi|cho
    tôi|mình|em|con|hỏi|được biết|biết|giúp|giùm|dùm|hãy|cần|muốn|có thể|liệt kê|kể tên|tìm lại|tìm hộ
    tìm|kiếm hộ|kiếm|xem hộ|lọc ra|lọc|xem|đọc bài|mở bài|mở|đưa|gửi|đếm|thử|thống kê|tóm tắt|tóm lược
    tóm gọn|tóm lại|rút gọn|điểm lại|điểm tin|điểm các tin|tổng hợp|nêu|nói ngắn gọn|ngắn gọn|sơ lược
    kể sơ|kể|cập nhật|danh sách|số lượng|tổng số|tổng cộng|số bài viết|số bài|số tin|tất cả|bao nhiêu
    mấy|những|các|có|ở đây|trong kho dữ liệu|trong kho|trong máy|kho|này|đó|bài viết|bài báo|bài|báo nào
    tin tức|bản tin|tin|văn bản|tài liệu|nào|gì|ai|viết|nói tới|nói đến|nói về|nói|về|đề cập|nhắc
    liên quan|tới|đến|đưa tin|đăng|mới đăng|mới nhất|gần đây nhất|gần nhất|gần đây|dạo này|cũ nhất
    đầu tiên|nội dung chính|nội dung|những ý chính|ý chính|của|là|tác giả|phóng viên|nhà báo|pv|theo
    nguồn tin|nguồn|thông tin|đường dẫn|link|tình hình|nổi bật|phóng sự|trong|vào|thì|trên|từ
    các sự kiện|sự kiện|được|ra|do|với|ở|tại
"""
_AFTER = """
    ở đây|đọc ở|xem ở|lấy số liệu này ở|số liệu này|tin đó|thông tin này|thông tin trên|không|chưa|ạ|vậy|thế
    nhỉ|nhé|nha|đi|với|giúp|giùm|hộ tôi|hộ mình|hộ em|hộ với|tôi|mình|em|bạn|anh|chị|thôi|là|gì
    bao nhiêu|mấy|bài nào|tin nào|bài|nào|ai|hay không|được không|của ai|là ai|do ai viết|ai viết|viết
    được đăng|đăng|ngày nào|khi nào|năm nào|hôm nào|bao giờ|lúc nào|có tin gì mới|có tin tức gì mới
    có tin gì|có những tin gì|tin gì|có gì mới|có gì|gì mới|có chuyện gì|nói về việc gì|nói về|nói gì
    viết gì|kể gì|nêu|những gì|nêu gì|có những|kết quả|nội dung|chính|lấy từ đâu|lấy ở đâu|lấy|từ|ở đâu
    của báo|của|đọc được|đọc|ngắn gọn|trong kho|ra sao|thế nào|phóng viên|nhà báo|thực hiện|do|tóm tắt
    ngắn|tất cả|hả|à|ơi|ad|xem|nổi bật|sự kiện|trong|vào|các|những|có|mới nhất|được|về
"""
_LONGEST_PHRASE = 5
_ARTICLES = r"(?:bai|tin|van ban|tai lieu|bao cao|ban tin|muc tin)\b"
_ASKING: dict[MessageKind, re.Pattern[str]] = {
    "count": re.compile(
        rf"\b(?:bao nhieu|bn|may|so|so luong|tong so|dem|nhieu)\b(?: (?:cac|nhung|luong|luot))* {_ARTICLES}"
    ),
    "latest": re.compile(rf"\b{_ARTICLES}|\b(?:gi|j|chuyen|cap nhat)\b"),
}
"""How articles are spoken of where other things are counted, and are new, in the same words."""
_JOINTS = re.compile(
    r"(?:\s+(?:ở|tại|của|trong|về|và|cho|thuộc|có|o|tai|cua|ve|va|thuoc)(?=\s))+\s+|\s*[,;]\s*"
)
_COAUTHORS = re.compile(r"\s+[-–]\s+|[,;&:]")
_QUOTED = re.compile(r"[“\"«](?P<title>[^”\"»]{3,200})[”\"»]")
_LENGTH = re.compile(r"\b(?:trong |con |còn )?(?P<count>\d{1,2}) (?:câu|dòng|ý|cau|dong|y)\b")
_OLDEST = re.compile(r"\b(?:cu nhat|dau tien|som nhat|oldest)\b")
_SEVERAL = re.compile(
    r"\b(?:cac|nhung|may|moi|het|tat ca) (?:bai|tin|su kien|van ban|bao cao)\b|\b(?:diem|tong hop|tin|tinh hinh)\b"
)


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """A question about articles: ``topic`` are the words that they must be about, empty for all.

    ``title`` says that the topic is a title in quotes, ``several`` that more than one article is to be summarised,
    and ``length`` how many sentences are wanted, 0 where it is not said.
    """

    kind: MessageKind
    text: str
    topic: str
    period: Period | None = None
    author: str = ""
    title: bool = False
    oldest: bool = False
    several: bool = False
    length: int = 0

    @property
    def pieces(self) -> tuple[str, ...]:
        """The parts of the topic, each of which an article must hold."""
        if self.title:
            return (self.topic,)
        return tuple(part for part in _JOINTS.split(self.topic) if syllables(part))


def asks_for_articles(kind: MessageKind, text: str) -> bool:
    """Whether a normalised message surely speaks of articles; "bài bao nhiêu phút" counts none.

    English is understood elsewhere, but questions about the collection are taken apart in Vietnamese alone.
    """
    if answer_language(text) == "en":
        return False
    wanted = _ASKING.get(kind)
    return wanted is None or wanted.search(fold(text)) is not None


def parse_collection_question(
    kind: MessageKind, text: str, authors: Iterable[str], today: date, newest: date | None
) -> CollectionQuestion:
    """Take a normalised question apart; ``authors`` are those that the articles name, ``newest`` their last day."""
    period = period_of(text, today, newest)
    rest = f"{text[: period.start]} {text[period.end :]}" if period else text
    names = {name.strip() for author in authors for name in _COAUTHORS.split(author)}
    author = max((name for name in names if _named(name, rest)), key=len, default="")
    if author:
        place = fold(rest).index(fold(author))
        rest = f"{rest[:place]} {rest[place + len(author) :]}"
    length = _LENGTH.search(rest)
    if length:
        rest = f"{rest[: length.start()]} {rest[length.end() :]}"
    quoted = _QUOTED.search(rest)
    topic = quoted["title"].strip() if quoted else _topic(rest)
    return CollectionQuestion(
        kind, text, topic, period, author,
        title=quoted is not None,
        oldest=_OLDEST.search(fold(text)) is not None,
        several=quoted is None and (_SEVERAL.search(fold(rest)) is not None or (period is not None and not topic)),
        length=int(length["count"]) if length else 0,
    )  # fmt: skip


def _named(author: str, text: str) -> bool:
    """Whether an author's full name stands in a text."""
    named = re.search(rf"(?<!\w){re.escape(fold(author))}(?!\w)", fold(text))
    return len(syllables(author)) > 1 and named is not None


def _topic(text: str) -> str:
    """What is left of a question when the words of asking are taken from both ends."""
    bare = not has_accents(text)
    before, after = (_phrases(words, bare) for words in (_BEFORE, _AFTER))
    left = [word.strip('.,;:?!“”"()') for word in normalise(text).split()]
    words = [word for word in left if word]
    begin, end = 0, len(words)
    while taken := _taken(words[begin:end], before, first=begin == 0):
        begin += taken
    while taken := _taken(words[begin:end][::-1], after, backwards=True):
        end -= taken
    return " ".join(words[begin:end])


def _phrases(words: str, bare: bool) -> frozenset[tuple[str, ...]]:
    phrases = [part.strip() for line in words.strip().split("\n") for part in line.split("|")]
    return frozenset(tuple((fold(part) if bare else part).split()) for part in phrases)


def _taken(
    words: list[str], phrases: frozenset[tuple[str, ...]], *, first: bool = False, backwards: bool = False
) -> int:
    """How many words, from here on, are a phrase of asking; the longest counts.

    A word with a capital is a name, unless it is the ``first`` of the question.
    """
    for length in range(_LONGEST_PHRASE, 0, -1):
        part = words[:length][::-1] if backwards else words[:length]
        named = any(word[0].isupper() for word in part[1 if first else 0 :])
        if len(part) == length and not named and tuple(word.lower() for word in part) in phrases:
            return length
    return 0
