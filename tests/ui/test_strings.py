"""The words of the window: all of them are said, and the Vietnamese ones are Vietnamese."""

from __future__ import annotations

import re
from dataclasses import asdict, fields
from pathlib import Path

from ui.strings import ENGLISH, VIETNAMESE, Words
from ui.views import conversation


def test_every_text_is_said_somewhere_and_keeps_its_placeholders() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in Path(conversation.__file__).parents[1].rglob("*.py")
    )
    for item in fields(Words):
        assert re.search(rf"words\.{item.name}\b", code), f"nobody says {item.name}"
        places = [set(re.findall(r"\{(\w+)\}", getattr(words, item.name))) for words in (VIETNAMESE, ENGLISH)]
        assert places[0] == places[1], item.name


def test_vietnamese_texts_hold_no_english_word() -> None:
    """Names of programs, formats and keys are no words, nor is what is to be typed word for word."""
    names = {
        "web",
        "mb",
        "word",
        "excel",
        "powerpoint",
        "pdf",
        "ocr",
        "libreoffice",
        "postgresql",
        "psycopg",
        "switch",
        "to",
        "english",
        "text",
        "llm",
    }
    typed = re.compile(
        r"“(?:hoidap|pip) [^”]*”|\{\w+\}|\(\.\w+\)|\bllm\.\w+|\.(?:docx?|xlsx?|pptx?|pdf|txt)\b"
    )

    def words_of(words: Words) -> set[str]:
        said = " ".join(typed.sub(" ", value) for value in asdict(words).values())
        return set(re.findall(r"[a-z]{2,}", said.lower()))

    vietnamese = set(re.findall(r"\w+", " ".join(asdict(VIETNAMESE).values()).lower()))
    plain = {word for word in vietnamese if word.isascii()}
    english = words_of(ENGLISH) & words_of(VIETNAMESE) & plain
    assert {word for word in english if not syllable(word)} <= names


def syllable(word: str) -> bool:
    """Whether a word without accents could be a Vietnamese syllable."""
    begins = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|nh|ng|ngh|ph|qu|r|s|t|th|tr|v|x|"
    return re.fullmatch(rf"(?:{begins})[aeiouy]{{1,3}}(?:c|ch|m|n|ng|nh|p|t)?", word) is not None
