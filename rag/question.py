"""What of a message is the question, and what kind of question it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.lexical import spell_out
from index.schema import Article
from index.text import CAPITAL, fold, has_accents, sentence_spans, syllables
from rag.language import answer_language
from rag.marks import without_marks

ASKING = re.compile(
    r"\b(?<!không )(?:ai|gì|nào|đâu|mấy|bao (?:nhiêu|lâu|giờ|xa)|(?:vì|tại|làm) sao|(?:như )?thế nào|ra sao)\b"
)
"""The words that make a sentence in small letters a question; "không gì" and the like make none."""
_FOLDED_ASKING = re.compile(
    r"\b(?<!khong )(?:ai|gi|nao|dau|may|bao (?:nhieu|lau|gio|xa)|(?:vi|tai|lam) sao|(?:nhu )?the nao|ra sao)\b"
)
NAME = rf"[{CAPITAL}]\w*(?:\s+[{CAPITAL}]\w*)*"
"""Words with capitals that follow each other."""
_IN_TURN = re.compile(r",?\s?\blần lượt\b,?", re.IGNORECASE)
_COMPARES = re.compile(r"\b(?:hơn|so với|tăng|giảm|chênh|giữa|hay|cả hai|tổng cộng)\b")
_BEFORE_YEAR = r"(?:(?:trong|cuối|đầu|hết)\s+)?(?:năm\s+)?"
_HEAD = r"(?:(?i:xã|phường|thị trấn|huyện|quận|tỉnh|ông|bà)\s+)?"
_TWO_YEARS = re.compile(
    rf"(?<!\w)(?:(?:cả\s+)?hai\s+)?(?P<head>{_BEFORE_YEAR})(?P<one>(?:19|20)\d\d)\s*(?:,|và|,\s*và)\s+"
    rf"(?P<other_head>{_BEFORE_YEAR})(?P<other>(?:19|20)\d\d)(?!\w)",
    re.IGNORECASE,
)
_TWO_NAMES = re.compile(
    rf"(?<!\w)(?i:(?:cả\s+)?hai\s+)?(?P<head>{_HEAD})(?P<one>{NAME})\s+và\s+(?P<other_head>{_HEAD})(?P<other>{NAME})(?!\w)"
)
_WHOLE_NAME = re.compile(rf"(?<!\w){NAME}")
_COMPARING = re.compile(r"\b(?:lần lượt|hay|so với|cả hai)\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NAME_OR_NUMBER = re.compile(rf"(?<=\s)[{CAPITAL}][^\W\d_]*[^\W\d_{CAPITAL}](?!\w)|(?<!\w)\d+(?!\w)")
"""Names, but for a sentence's first word and what is written in capitals throughout, and numbers."""


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


def asks_for_several(question: str) -> bool:
    """Tell whether a normalised question wants two things or compares two, which seldom stand side by side."""
    asked = question.lower()
    asking, years = ASKING.findall(asked), set(_YEAR.findall(asked))
    return len(asking) > 1 or len(years) > 1 or _COMPARING.search(asked) is not None


def parts(question: str) -> tuple[str, ...]:
    """The questions that a normalised one puts together, when it asks one thing of two years or of two names.

    "Năm 2019 và năm 2020 xã thu bao nhiêu?" asks of each year alone; a question that compares them stays whole.
    """
    asked = question.lower()
    if len(ASKING.findall(asked)) != 1 or _COMPARES.search(asked):
        return (question,)
    years = _YEAR.findall(question)
    if len(years) == 2:
        pair = _TWO_YEARS.search(question)
    else:
        pair = _TWO_NAMES.search(question) if _IN_TURN.search(asked) else None
    if pair is None:
        return (question,)
    before, after = question[: pair.start()], question[pair.end() :]
    if before.rstrip().endswith(",") and pair.re is _TWO_NAMES:
        return (question,)  # two of a longer list
    both = (pair["head"] + pair["one"], (pair["other_head"] or pair["head"]) + pair["other"])
    whole = (" ".join(_IN_TURN.sub(" ", before + one + after).split()) for one in both)
    return tuple(one[:1].upper() + one[1:] for one in whole)


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
