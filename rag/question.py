"""What of a message is the question, and what kind of question it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.lexical import spell_out
from index.schema import Article
from index.text import CAPITAL, fold, has_accents, sentence_spans, syllables
from rag.language import answer_language
from rag.marks import without_marks

_NOT_ASKING = "".join(f"(?<!{before} )" for before in ("không", "không có", "chưa có", "chẳng có"))
ASKING = re.compile(
    rf"\b{_NOT_ASKING}(?:ai|gì|nào|đâu|mấy|bao (?:nhiêu|lâu|giờ|xa)|(?:vì|tại|làm) sao|(?:như )?thế nào|ra sao)\b"
    r"(?! cũng\b)"
)
"""The words that make a sentence in small letters a question; "không gì", "ai cũng" and the like make none."""
_FOLDED_ASKING = re.compile(
    rf"\b{fold(_NOT_ASKING)}(?:ai|gi|nao|dau|may|bao (?:nhieu|lau|gio|xa)|(?:vi|tai|lam) sao|(?:nhu )?the nao|ra sao)\b"
    r"(?! cung\b)"
)
_CALLED_AI = re.compile(rf"AI\b|Ai [{CAPITAL}]")
NAME = rf"[{CAPITAL}]\w*(?:\s+[{CAPITAL}]\w*)*"
"""Words with capitals that follow each other."""
_WHOLE_NAME = re.compile(rf"(?<!\w){NAME}")
_COMPARING = re.compile(r"\b(?:lần lượt|hay|so với|cả hai)\b")
YEAR = re.compile(r"(?<!\d)(?:18|19|20|21)\d\d(?!\d)")
_A_YEAR = re.compile(
    r"(?<![\d.,])(?:19|20)\d\d(?![\d%])(?![.,]\d)"
    r"(?! (?:hộ|người|ha|héc|m2|mét|km|kg|tấn|tạ|con|cây|em|học sinh|lượt|suất|tỷ|triệu|đồng)\b)"
)
_YEARS = re.compile(r"(?<!\d)(?P<first>(?:19|20)\d\d)\s*[-–]\s*(?P<last>(?:19|20)\d\d)(?!\d)")
_LONGEST_SPAN = 30  # years
_OWN_NAME = rf"(?<=\s)[{CAPITAL}][^\W\d_]*[^\W\d_{CAPITAL}](?!\w)"
"""A word with a capital, but for a sentence's first and what is written in capitals throughout."""
_NAME = re.compile(_OWN_NAME)
_NAME_OR_NUMBER = re.compile(rf"{_OWN_NAME}|(?<!\w)\d+(?!\w)")


def only_question(message: str) -> str:
    """Leave out of a normalised message what only stands around its question.

    That is what is said again, and what follows the first question without asking or naming anything: thanks,
    wishes for the form of the answer, orders to the assistant.  What stands before it may tell what is meant,
    but not if it is in another language and names nothing.
    """
    sentences = [message[start:end] for start, end in sentence_spans(message)]
    different = list(dict.fromkeys(sentences))
    first = next((place for place, sentence in enumerate(different) if sentence.endswith("?")), None)
    if first is not None:
        asked = different[first]
        before = [
            sentence
            for sentence in different[:first]
            if _names_something(sentence) or not _in_another_language(sentence, asked)
        ]
        after = [
            sentence for sentence in different[first + 1 :] if _asks(sentence) or _names_something(sentence)
        ]
        different = [*before, asked, *after]
    return message if different == sentences else " ".join(different)


def asking(question: str) -> list[re.Match[str]]:
    """The words of a normalised question that ask; "AI" and "Ai Cập" do not."""
    found = ASKING.finditer(question.lower())
    return [one for one in found if not _CALLED_AI.match(question, one.start())]


def years_in(text: str) -> set[int]:
    """The years that a text names, all of those between two with a dash; "2000 hộ" is none."""
    years = {int(found.group()) for found in _A_YEAR.finditer(text)}
    for found in _YEARS.finditer(text):
        first, last = int(found["first"]), int(found["last"])
        years |= set(range(first, last + 1)) if last - first < _LONGEST_SPAN else set()
    return years


def asks_for_several(question: str) -> bool:
    """Tell whether a normalised question wants two things or compares two, which seldom stand side by side."""
    asked = question.lower()
    years = set(YEAR.findall(asked))
    return len(asking(question)) > 1 or len(years) > 1 or _COMPARING.search(asked) is not None


def has_name(question: str) -> bool:
    """Tell whether a question names something, but for its first word and abbreviations."""
    return _NAME.search(question) is not None


def share_named(question: str, articles: Sequence[Article]) -> float:
    """The share of a normalised question's names and numbers that stand in an article; 1 where it has none.

    A question that the articles miss narrowly often names a commune or a year that they do not.
    """
    numbers = (word for word in syllables(question) if word[0].isdigit())
    wanted = {*_names_in(question), *numbers}
    if not wanted or not articles:
        return 1.0 if articles else 0.0
    texts = (
        f"{one.title} {one.text} {one.place or ''} {one.date.strftime('%d/%m/%Y') if one.date else ''}"
        for one in articles
    )
    told = " ".join(f" {_spelt(text)} " for text in texts)
    return sum(f" {name} " in told for name in wanted) / len(wanted)


def _spelt(text: str) -> str:
    """The syllables without accents, abbreviations spelt out."""
    return " ".join(fold(word) for word in spell_out(syllables(text)))


def _names_in(question: str) -> Iterator[str]:
    """Runs of words with capitals, as syllables without accents; a sentence's first word is in none."""
    for start, end in sentence_spans(question):
        rest = question[start:end].partition(" ")[2]
        for found in _WHOLE_NAME.finditer(rest):
            yield _spelt(found.group())


def _in_another_language(sentence: str, question: str) -> bool:
    """Whoever writes Vietnamese with its accents writes no four words of it without any."""
    bare = has_accents(question) and not has_accents(sentence) and len(syllables(sentence)) >= 4
    return bare or (answer_language(sentence), answer_language(question)) == ("en", "vi")


def _asks(sentence: str) -> bool:
    return sentence.endswith("?") or _FOLDED_ASKING.search(fold(sentence)) is not None


def _names_something(sentence: str) -> bool:
    return _NAME_OR_NUMBER.search(without_marks(sentence)) is not None
