"""Old Vietnamese encodings become Unicode: TCVN3 (ABC), VNI, VISCII, Windows-1258, VIQR, and twice encoded UTF-8.

No file says which one it is in, so a text is read in every way and the reading that looks most Vietnamese
is kept, where it clearly does; anything else (English, French) is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from index.errors import ArticleError
from index.ingest.tcvn3 import from_tcvn3, has_odd_case, whole_from_tcvn3
from index.ingest.viqr import from_viqr, is_viqr

# RFC 1456: the upper half, and six capitals at the places of control characters.
VISCII: Mapping[int, str] = dict(
    zip(
        (*range(0x80, 0x100), 0x02, 0x05, 0x06, 0x14, 0x19, 0x1E),
        "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
        "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮẲẴẪỶỸỴ",
        strict=True,
    )
)
# VNI-Win writes a letter and then its marks as a second character; some letters have a place of their own.
VNI_LETTERS: Mapping[str, str] = dict(zip("ôöñíìæóòîÔÖÑÍÌÆÓÒÎ", "ơưđíìỉĩịỵƠƯĐÍÌỈĨỊỴ", strict=True))
VNI_MARKS: Mapping[str, str] = dict(
    zip(
        "ùøûõïâáàåãäêéèúüë",
        ["\u0301", "\u0300", "\u0309", "\u0303", "\u0323"]
        + ["\u0302" + tone for tone in ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")]
        + ["\u0306" + tone for tone in ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")],
        strict=True,
    )
)
_VNI = re.compile(f"([aeouyôö])([{''.join(VNI_MARKS)}])|[{''.join(VNI_LETTERS)}]", re.IGNORECASE)

_WORD = re.compile(r"[^\s\x21-\x40\x5b-\x60\x7b-\x7e“”‘’«»–—…•°²³½\xa0]+")
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_FLAT_SYLLABLE = re.compile(
    "(?:ngh?|nh|gh?|ch|kh|ph|th|tr|qu|gi|[bcdđhklmnprstvx])?"
    "(?:(?:uyê|[iyu]ê|u[âôơy]|ươ|o[aăe]|[aăâeêioôơuưy])(?P<closed>ch|ng|nh|[cmnpt])"
    "|o[ae][ioy]?|u(?:ây|ôi|y[aêu]?|[âêơi]|a)|ươ[iu]|[iy]êu|ư[aiu]|i[aêu]|[aăâeêioôơuưy][iouy]?|yê)"
)
_SUSPICIOUS = re.compile(
    "[\xa1-\xbf\xc4-\xc7\xcb\xce-\xd1\xd6-\xd8\xdb\xdc\xde-\xdf\xe4-\xe7\xeb\xee-\xf1\xf6-\xf8\xfb\xfc\xfe\xffÃÂ\xad]"
    "|[a-z][\xc0-\xde]|[\xe0-\xff][A-Z]"
)
"""What Vietnamese in Unicode hardly has, as a capital behind a small letter: else no text is in an old encoding."""
_NO_SIGN_OF_IT = "±µ©®°ª¼½¾"
"""What may stand before a word or a unit, or behind a name, in any text: ``µm``, ``©VTV``, ``MAGGI®``."""
_LONE_SIGN = re.compile(r"(?<!\S)[·©®§¶°±«»](?!\S)")
_ABBREVIATION = re.compile(r"[A-ZĐ]+|[A-ZĐ][a-zđ]?[A-ZĐ][a-z]?")
_ODD = re.compile("[\0-\x08\x0e-\x1f\ufffd]")
"""Characters that no text has."""
_UNICODE_ONLY = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300-\u0323]")
"""Letters that no text of an old encoding holds."""
_FEW = 3
"""Words with marks that a text must have before it is judged."""


def decode(data: bytes) -> str:
    """Turn the bytes of a text file into Unicode text, not yet normalised.

    Raises ArticleError where they are no text in any encoding known here.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return mend(data.decode(encoding, "replace"))
    if b"\0" in data:
        return mend(_utf16(data))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _eight_bit(data)
    text = mend(text)
    _refuse_binary(text)
    return text


def mend(text: str) -> str:
    """Turn text in an old encoding that was taken for Latin letters (``Céng hßa``) into Vietnamese.

    Each line is judged by itself, since a document may hold lines typed in Unicode and others pasted from an old
    file; one with too few marked words to be judged is read as the lines beside it, or where signs stand within its
    words (``Tr¹m b¬m``) as those say.
    """
    if not _SUSPICIOUS.search(text):
        return _mend_ascii(text) if text.isascii() and "^" in text else text
    lines = text.split("\n")
    readings = [_reading(line) if _SUSPICIOUS.search(line) else None for line in lines]
    judged = [reading for reading in readings if reading is not None]
    if not judged:
        whole = _reading(text)
        judged = [whole] if whole is not None else []
    return "\n".join(
        line if not _SUSPICIOUS.search(line) else reading(line) if reading else _short(line, judged)
        for line, reading in zip(lines, readings, strict=True)
    )


def in_font(text: str, font: str) -> str:
    """Text in a font of an old encoding as Unicode: its name tells the encoding, and whether it has capitals only."""
    if _UNICODE_ONLY.search(text):
        return text
    if font.lower().startswith(".vn"):
        read = from_tcvn3(text)
        return read.upper() if font.endswith("H") else read
    return from_vni(text) if font.upper().startswith("VNI-") else text


def _reading(text: str) -> Callable[[str], str] | None:
    """Choose how to read a text in an old encoding; ``None`` where it is none, or too short to tell."""
    text = _LONE_SIGN.sub(" ", text)
    before = vietnamese_share(text)
    if before is None or before > 0.5:
        return None
    shares = [vietnamese_share(read(text)) or 0.0 for read in _MENDERS]
    best = max(range(len(shares)), key=shares.__getitem__)
    return _MENDERS[best] if shares[best] >= max(0.7, before + 0.3) else None


def _mend_ascii(text: str) -> str:
    """Read the lines of VIQR that become Vietnamese, beside one also those that are too short to tell."""
    lines = text.split("\n")
    read = [from_viqr(line) if is_viqr(line) else line for line in lines]
    is_vietnamese = [(vietnamese_share(line) or 0.0) >= 0.9 for line in read]
    if not any(is_vietnamese):
        return text
    return "\n".join(
        after if sure else _short_ascii(line)
        for line, after, sure in zip(lines, read, is_vietnamese, strict=True)
    )


def _short_ascii(line: str) -> str:
    read = from_viqr(line)
    marked = [word for word in _WORD.findall(read) if not word.isascii()]
    return read if is_viqr(line, 1) and marked and all(map(_is_syllable, marked)) else line


def _short(line: str, judged: Sequence[Callable[[str], str]]) -> str:
    """Read a line of few marked words as others were read, else in a way that makes syllables of all its words."""
    marked = [word for word in _WORD.findall(unicodedata.normalize("NFC", line)) if not word.isascii()]
    if len(marked) >= _FEW or all(map(_is_vietnamese, marked)):
        return line
    for read in judged:
        words = [word for word in _WORD.findall(read(line)) if not word.isascii()]
        if words and all(map(_is_vietnamese, words)):
            return read(line)
    if not any(map(_is_no_word, marked)):
        return line
    return next(
        (read(line) for read in _MENDERS if all(map(_is_vietnamese, _WORD.findall(read(line))))), line
    )


def _is_no_word(word: str) -> bool:
    """Whether no text in Unicode has a word: it is no syllable, and no sign before a word or unit."""
    word = word.rstrip(_NO_SIGN_OF_IT)
    has_letter = any(char.isascii() and char.isalpha() for char in word)
    return has_letter and word[0] not in _NO_SIGN_OF_IT and not _is_vietnamese(word)


def _is_vietnamese(word: str) -> bool:
    return _is_syllable(word) or _ABBREVIATION.fullmatch(word) is not None


def vietnamese_share(text: str) -> float | None:
    """Of the words with other than English letters, the share that are Vietnamese syllables.

    ``None`` where there are hardly any such words.
    """
    words = [
        word for word in _WORD.findall(unicodedata.normalize("NFC", text[:50_000])) if not word.isascii()
    ]
    if len(words) < _FEW:
        return None
    return sum(map(_is_syllable, words)) / len(words)


def from_vni(text: str) -> str:
    """Convert VNI-Win read as Latin-1."""
    return _VNI.sub(_vni_letter, text)


def _vni_letter(match: re.Match[str]) -> str:
    base, mark = match[1], match[2]
    if base is None:
        return VNI_LETTERS[match[0]]
    letter = unicodedata.normalize("NFC", VNI_LETTERS.get(base, base) + VNI_MARKS[mark.lower()])
    return letter if len(letter) == 1 else match[0]


def _from_twice_encoded(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 (``Há»™i``)."""
    latin = "".join(_BYTE_OF_CHAR.get(char, char) for char in text)
    try:
        return latin.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


_MENDERS: tuple[Callable[[str], str], ...] = (whole_from_tcvn3, from_vni, _from_twice_encoded)


def _as_windows(data: bytes) -> str:
    return "".join(_CHAR_OF_BYTE.get(byte, chr(byte)) for byte in data)


_CHAR_OF_BYTE = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"
}
_BYTE_OF_CHAR = {char: chr(byte) for byte, char in _CHAR_OF_BYTE.items()}
_READINGS: tuple[Callable[[bytes], str], ...] = (
    lambda data: data.decode("utf-8", "ignore"),  # a file cut within a letter
    lambda data: whole_from_tcvn3(_as_windows(data)),
    lambda data: from_vni(_as_windows(data)),
    lambda data: data.decode("cp1258", "replace"),
    lambda data: data.decode("latin-1").translate(VISCII),
)


def _eight_bit(data: bytes) -> str:
    """Read bytes that are no UTF-8; lines of a file that are some by themselves stay, only the others are judged."""
    lines = data.split(b"\n")
    read = [_as_utf8(line) for line in lines]
    non_ascii = "\n".join(text for text in read if text is not None and not text.isascii())
    if (vietnamese_share(non_ascii) or 0.0) < 0.7:
        return _best([read(data) for read in _READINGS], _as_windows(data))
    others = b"\n".join(line for line, text in zip(lines, read, strict=True) if text is None)
    judged = iter(_best([read(others) for read in _READINGS], _as_windows(others)).split("\n"))
    return "\n".join(next(judged) if text is None else text for text in read)


def _as_utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _best(readings: list[str], otherwise: str) -> str:
    """Return the most Vietnamese reading if its share of Vietnamese words reaches 0.7."""
    shares = [vietnamese_share(reading) or 0.0 for reading in readings]
    best = max(range(len(readings)), key=shares.__getitem__)
    return readings[best] if shares[best] >= 0.7 else otherwise


@lru_cache(maxsize=16384)
def _is_syllable(word: str) -> bool:
    """Tell whether a word could be a Vietnamese syllable with a mark."""
    split = unicodedata.normalize("NFD", word.lower())
    tones = _TONE.findall(split)
    flat = unicodedata.normalize("NFC", _TONE.sub("", split))
    match = _FLAT_SYLLABLE.fullmatch(flat)
    if match is None or len(tones) > 1 or has_odd_case(word):
        return False
    return match["closed"] not in ("c", "ch", "p", "t") or tones in (["\u0301"], ["\u0323"])


def _utf16(data: bytes) -> str:
    """Read UTF-16 without a byte order mark: its spaces and line ends tell the order."""
    for encoding in ("utf-16-le", "utf-16-be"):
        if data.count(" ".encode(encoding)) * 50 > len(data) or data.count("\n".encode(encoding)) * 200 > len(
            data
        ):
            text = data[: len(data) // 2 * 2].decode(encoding, "replace")
            if text.count("\0") + text.count("\ufffd") == 0:
                return text
    raise _not_text()


def _refuse_binary(text: str) -> None:
    head = text[:20_000]
    odd = len(_ODD.findall(head))
    if odd * 100 > len(head):
        raise _not_text()


def _not_text() -> ArticleError:
    return ArticleError(
        "it holds binary data, not text; save it as text in UTF-8, or remove it from the folder",
        code="not-text",
    )
