"""Text typed in plain ASCII with the marks after their letters (VIQR, ``Vie^.t Nam``), as in old mailing lists."""

from __future__ import annotations

import re
import unicodedata

_HATS = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_STOPS = "'?."
"""Tones that are also the end of a sentence or of a quotation."""
_LETTER = re.compile(
    r"(?P<escaped>\\[\\^(+*'`?~.d])|(?P<stroke>dd|DD|Dd)"
    r"|(?P<vowel>[aeoAEO]\^|[aA]\(|[oOuU][+*]|[aeiouyAEIOUY])(?P<tone>['`?~.])?(?P<after>\s*(?P<next>\S)?)"
)
_HAT = re.compile(r"[a-zA-Z](?:[aeoAEO]\^|[aA]\((?=[a-z.'`?~\s])|[oOuU]\+)|(?<![a-zA-Z])[uUoO]\+|[oO]\+[iI]")
_ENOUGH = 3
"""Letters with a hat or horn that a text must have before it is taken for VIQR."""


def is_viqr(text: str, least: int = _ENOUGH) -> bool:
    """Tell whether a line is written so: all ASCII, with several letters that carry a hat or a horn."""
    return text.isascii() and len(_HAT.findall(text)) >= least


def from_viqr(text: str) -> str:
    """Put the marks on their letters; a stop before a capital or the end of the line stays a stop."""
    parts: list[str] = []
    at = 0
    while (match := _LETTER.search(text, at)) is not None:
        parts.append(text[at : match.start()])
        letter, at = _read(match)
        parts.append(letter)
    return unicodedata.normalize("NFC", "".join([*parts, text[at:]]))


def _read(match: re.Match[str]) -> tuple[str, int]:
    """Give the letter of a match, and where reading goes on."""
    if match["escaped"]:
        return match["escaped"][1], match.end()
    if match["stroke"]:
        return ("đ" if match["stroke"] == "dd" else "Đ"), match.end()
    letter = match["vowel"][0] + "".join(_HATS[mark] for mark in match["vowel"][1:])
    tone, following = match["tone"], match["next"] or ""
    if not tone:
        return letter, match.end("vowel")
    ends_word = match["after"] == "" or match["after"][0].isspace()
    if tone in _STOPS and ends_word and not following.islower() and not following.isdigit():
        return letter, match.end("vowel")
    return letter + _TONES[tone], match.end("tone")
