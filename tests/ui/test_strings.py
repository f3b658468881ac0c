"""The words of the window: all of them are said, and the Vietnamese ones are Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TypeAlias

import pytest

from index import ingest
from ui.settings.strings import SettingsWords, settings_words
from ui.strings import LANGUAGES, Language, Words, read_words, words_in
from ui.tools.strings import ToolWords, tool_words
from ui.views import conversation

AnyWords: TypeAlias = Words | SettingsWords | ToolWords
SETS: dict[str, Callable[[Language], AnyWords]] = {
    "window": words_in,
    "settings": settings_words,
    "tools": tool_words,
}


def texts(words: AnyWords) -> dict[str, str]:
    """Every text by its key; those of a family by the family's key and their own."""
    by_name: dict[str, str] = {}
    for key, value in asdict(words).items():
        by_name |= (
            {f"{key}.{name}": text for name, text in value.items()}
            if isinstance(value, dict)
            else {key: value}
        )
    return by_name


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


@pytest.mark.parametrize("words", SETS.values(), ids=SETS)
def test_both_languages_have_every_text_with_the_same_placeholders(
    words: Callable[[Language], AnyWords],
) -> None:
    vietnamese, english = texts(words("vi")), texts(words("en"))
    assert vietnamese.keys() == english.keys()
    assert all(vietnamese.values()) and all(english.values())
    assert [key for key in english if placeholders(vietnamese[key]) != placeholders(english[key])] == []


def test_a_text_in_one_language_only_or_under_an_unknown_name_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass(frozen=True)
    class Few:
        send: str

    monkeypatch.syspath_prepend(tmp_path)
    for name, table in (("lacking", 'send = ["Gửi"]'), ("unknown", 'send = ["Gửi", "Send"]\nx = ["a", "b"]')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "strings.toml").write_text(table, encoding="utf-8")
        with pytest.raises((TypeError, IndexError)):
            read_words(Few, name, "en")


def test_every_text_is_said_somewhere() -> None:
    root = Path(conversation.__file__).parents[1]
    code = "".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    page = (root / "loading.html").read_text(encoding="utf-8")
    for item in fields(Words):
        said = re.search(rf"words\.{item.name}\b", code) or f"[[{item.name}]]" in page
        assert said, f"nobody says {item.name}"


def test_every_reason_why_a_line_was_left_out_has_a_text() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path(ingest.__file__).parent.rglob("*.py"))
    for reason in words_in("vi").left_out:
        assert f'"{reason}"' in code, f"no line is left out for {reason}"


def test_vietnamese_texts_hold_no_english_word() -> None:
    """Names of programs, formats and keys are no words, nor is what is to be typed word for word."""
    names = {
        "web",
        "md",
        "mb",
        "word",
        "excel",
        "powerpoint",
        "pdf",
        "ocr",
        "libreoffice",
        "postgresql",
        "switch",
        "to",
        "english",
        "text",
        "llm",
        "database",
        "psycopg",
        "url",
    }
    typed = re.compile(r"\{\w+\}|\(\.\w+\)|\bllm\.\w+|\.(?:docx?|xlsx?|pptx?|pdf|txt)\b")

    def words_of(words: Words) -> set[str]:
        text = " ".join(typed.sub(" ", value) for value in texts(words).values())
        return set(re.findall(r"[a-z]{2,}", text.lower()))

    vietnamese = set(re.findall(r"\w+", " ".join(texts(words_in("vi")).values()).lower()))
    plain = {word for word in vietnamese if word.isascii()}
    english = words_of(words_in("en")) & words_of(words_in("vi")) & plain
    assert {word for word in english if not syllable(word)} <= names


def test_no_text_sends_anybody_to_a_terminal() -> None:
    """What to do is to be done in the window, or by whoever set the program up."""
    all_texts = [
        text for words in SETS.values() for one in map(words, LANGUAGES) for text in texts(one).values()
    ]
    commands = re.compile(
        r"\bhoidap [a-z]|(?<!\w)--?[a-z]{2}|\.py\b|HOIDAP_|terminal|pip install|apt install", re.I
    )
    assert [text for text in all_texts if commands.search(text)] == []


def syllable(word: str) -> bool:
    """Whether a word without accents could be a Vietnamese syllable."""
    begins = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|nh|ng|ngh|ph|qu|r|s|t|th|tr|v|x|"
    return re.fullmatch(rf"(?:{begins})[aeiouy]{{1,3}}(?:c|ch|m|n|ng|nh|p|t)?", word) is not None
