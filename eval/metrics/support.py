"""Whether a text supports a sentence: a deterministic test in the place of a judge.

ALCE (Gao et al. 2023) asks an entailment model of 11 billion parameters.  Here a text supports a sentence
when it holds every value of the sentence (number, percentage, amount, date, time) and most of its other
content syllables, and does not contradict it by the rules of ``rag.support``, which the assistant's marks obey
too.  ``python -m eval.support`` tells how far the test agrees with a person.
"""

from __future__ import annotations

from index.text import normalise
from index.values import find_values
from rag.support import content_syllables, contradicts, is_among, spelt_syllables

MIN_SHARE = 0.6
"""Least share of a sentence's content syllables that must stand in the text."""


def supports(text: str, sentence: str) -> bool:
    """Whether the text holds every value of the sentence and enough of its content syllables."""
    return support_score(text, sentence) >= MIN_SHARE


def support_score(text: str, sentence: str) -> float:
    """The share of content syllables that the text holds, in [0, 1]; 0 where a value lacks or the text contradicts."""
    text, sentence = normalise(text), normalise(sentence)
    told = find_values(text)
    if not all(is_among(value, told) for value in find_values(sentence)) or contradicts(text, sentence):
        return 0.0
    return support_share(text, sentence)


def support_share(text: str, sentence: str) -> float:
    """Share of the sentence's different content syllables, outside its values, that stand in the text; 1 if none."""
    wanted = content_syllables(normalise(sentence))
    return len(wanted & spelt_syllables(normalise(text))) / len(wanted) if wanted else 1.0
