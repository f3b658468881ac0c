"""Whether a text supports a sentence: a deterministic test in the place of a judge.

ALCE (Gao et al. 2023) asks an entailment model of 11 billion parameters.  Here a text supports a sentence
when it holds every value of the sentence (number, percentage, amount, date, time) and most of its other
content syllables.  It is blind to negation and to who did what to whom, and strict with synonyms.
"""

from __future__ import annotations

from index.text import normalise, syllables
from index.values import find_values, same_value

MIN_SHARE = 0.6
"""Least share of a sentence's content syllables that must stand in the text."""

_FUNCTION_WORDS = (
    "là và của các những được có cho với trong tại ở từ đến về do bởi vì nên thì mà như khi để này đó kia ấy "
    "đã đang sẽ cũng còn không rằng theo trên dưới vào ra lên xuống bị một mỗi mọi hay hoặc nhưng song tuy "
    "gồm bao ông bà anh chị đồng chí nó họ vậy nay qua sau trước giữa cùng việc sự cái con chiếc bài viết"
)
FUNCTION_SYLLABLES = frozenset(_FUNCTION_WORDS.split())
"""Syllables that carry grammar, courtesy or "the article says" rather than content."""


def supports(text: str, sentence: str) -> bool:
    """Whether the text holds every value of the sentence and enough of its content syllables."""
    text, sentence = normalise(text), normalise(sentence)
    told = find_values(text)
    claimed = find_values(sentence)
    if not all(any(same_value(value, other) for other in told) for value in claimed):
        return False
    return support_share(text, sentence) >= MIN_SHARE


def support_share(text: str, sentence: str) -> float:
    """Share of the sentence's different content syllables, outside its values, that stand in the text; 1 if none."""
    sentence = normalise(sentence)
    words: list[str] = []
    position = 0
    for value in find_values(sentence):
        words += syllables(sentence[position : value.start])
        position = value.end
    wanted = set(words + syllables(sentence[position:])) - FUNCTION_SYLLABLES
    return len(wanted & set(syllables(normalise(text)))) / len(wanted) if wanted else 1.0
