"""Where Vietnamese sentences end."""

from __future__ import annotations

import re

_STOP = re.compile(r"""(?:\./\.|[.!?…]+)["”’»)\]*_]*""")
_LAST_WORD = re.compile(r"[^\W_]+(?:/[^\W_]+)*$")
_NEXT_WORD = re.compile(r"""[\s"“‘«(\[*_]*([^\W_]+)""")

# Words whose full stop belongs to them; a single capital is judged as an initial.
_ABBREVIATED = re.compile(
    r"T[PXTS]|T[pxts]|tp|tt|st|St|tr|Tr|Th[Ss]|PGS|GS|TSKH|B[Ss]|BSCK|CKI{0,2}|K[Ss]|CN|L[Ss]|Mrs?|Ms|Dr|Prof|"
    r"Jr|Sr|No|N[Xx][Bb]|ĐH|CĐ|NS[NƯ][DT]|NG[NƯ][DT]|TT[NƯ][DT]|[Đđ]/c|ĐC|v[dD]|V[Dd]|www|[CGKNPT]h|Ng"
)
_MARKER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[^\W\d_])")
"""The number of a list item, when nothing else stands before the full stop."""
_LONGEST_WORD = 40
"""Characters before a full stop that are examined."""
_DEGREES = re.compile(r"(?:độ |°)[CF]$")
# A sentence may begin with these after `anh Nguyễn Văn T.`; with another word the full stop is the initial's.
_OPENERS = re.compile(
    "anh|ba|bà|bác|bên|bị|các|cả|chị|chiều|cho|chú|còn|công|cô|cơ|cùng|cụ|do|đây|đêm|đến|để|đối|đồng|"
    "được|em|gặp|gia|hai|hiện|khi|khoảng|không|lúc|lực|mặc|một|nay|nếu|ngày|ngoài|nhận|như|nhưng|những|"
    "ông|ở|qua|quá|rạng|riêng|sáng|sau|song|tại|theo|tính|tòa|tối|trên|trong|trước|trưa|tuy|từ|và|về|vì|"
    "với|vụ",
    re.IGNORECASE,
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences and lines of a text in reading order, without the white space around them.

    Together they hold every character that is not white space.  A line end always ends a sentence, a
    full stop does not after an abbreviation, an initial, a list marker or inside a number, and does in
    sentences glued together (``kế hoạch.Thu``).
    """
    spans = []
    start = 0
    for end in _ends(text):
        piece = text[start:end]
        left = len(piece) - len(piece.lstrip())
        if left < len(piece):
            spans.append((start + left, start + len(piece.rstrip())))
        start = end
    return spans


def _ends(text: str) -> list[int]:
    ends = [match.end() for match in re.finditer(r"\n", text)]
    line_start = 0
    for line_end in [*ends, len(text)]:
        begin = line_start
        for match in _STOP.finditer(text, line_start, line_end):
            if _ends_sentence(text, begin, match, line_end):
                begin = match.end()
                ends.append(begin)
        line_start = line_end
    ends.append(len(text))
    return sorted(set(ends))


def _ends_sentence(text: str, begin: int, stop: re.Match[str], line_end: int) -> bool:
    if "./." in stop.group():
        return True
    follower = _NEXT_WORD.match(text, stop.end(), line_end)
    if follower is None or follower[1][0].islower():
        return False  # the end of the line is an end anyway
    spaced = text[stop.end()].isspace()
    if stop.group()[0] in "!?…" or stop.group().startswith(".."):
        return spaced or not follower[1][0].isdigit()
    nearest = max(begin, stop.start() - _LONGEST_WORD)
    word_match = _LAST_WORD.search(text, nearest, stop.start())
    word = word_match.group() if word_match else ""
    if stop.group() == ".":
        if _ABBREVIATED.fullmatch(word) or (
            nearest == begin and _MARKER.fullmatch(text, begin, stop.start())
        ):
            return False
        if len(word) == 1 and word.isupper() and not _DEGREES.search(text, nearest, stop.start()):
            return spaced and _OPENERS.fullmatch(follower[1]) is not None
    return spaced or _is_glued(word, follower[1])


def _is_glued(word: str, follower: str) -> bool:
    """Tell whether a stop without a space stands between two sentences, not in an address or a name."""
    begins = follower[0].isupper() and (len(follower) == 1 or follower[1:].islower())
    return begins and len(word) != 1
