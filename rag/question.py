"""What of a message is the question, and what kind of question it is."""

from __future__ import annotations

import re

from index.text import CAPITAL, fold, sentence_spans

ASKING = re.compile(
    r"\b(?<!không )(?:ai|gì|nào|đâu|mấy|bao (?:nhiêu|lâu|giờ|xa)|(?:vì|tại|làm) sao|(?:như )?thế nào|ra sao)\b"
)
"""The words that make a sentence in small letters a question; "không gì" and the like make none."""
_FOLDED_ASKING = re.compile(
    r"\b(?<!khong )(?:ai|gi|nao|dau|may|bao (?:nhieu|lau|gio|xa)|(?:vi|tai|lam) sao|(?:nhu )?the nao|ra sao)\b"
)
_COMPARING = re.compile(r"\b(?:lần lượt|hay|so với|cả hai)\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MARK = re.compile(r"\[\d+\]")
_NAMES = re.compile(rf"(?<=\s)[{CAPITAL}][^\W\d_]*[^\W\d_{CAPITAL}](?!\w)|(?<!\w)\d+(?!\w)")
"""Names, but for a sentence's first word and what is written in capitals throughout, and numbers."""


def only_question(message: str) -> str:
    """Leave out of a normalised message what only stands around its question.

    That is what is said again, and what follows the first question without asking or naming anything: thanks,
    wishes for the form of the answer, orders to the assistant.  What stands before it may tell what is meant.
    """
    sentences = [message[start:end] for start, end in sentence_spans(message)]
    different = list(dict.fromkeys(sentences))
    first = next((place for place, sentence in enumerate(different) if sentence.endswith("?")), None)
    if first is not None:
        before, after = different[: first + 1], different[first + 1 :]
        different = before + [sentence for sentence in after if _asks(sentence) or _names(sentence)]
    return message if different == sentences else " ".join(different)


def asks_for_several(question: str) -> bool:
    """Tell whether a normalised question wants two things or compares two, which seldom stand side by side."""
    asked = question.lower()
    asking, years = ASKING.findall(asked), set(_YEAR.findall(asked))
    return len(asking) > 1 or len(years) > 1 or _COMPARING.search(asked) is not None


def _asks(sentence: str) -> bool:
    return sentence.endswith("?") or _FOLDED_ASKING.search(fold(sentence)) is not None


def _names(sentence: str) -> bool:
    return _NAMES.search(_MARK.sub("", sentence)) is not None
