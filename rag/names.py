"""Names and numbers of a text, which an answer may not change and an article must tell."""

from __future__ import annotations

import re

from index.lexical import spell_out
from index.schema import Article
from index.text import CAPITAL, fold, syllables

NAME = rf"[{CAPITAL}]\w*(?:\s+[{CAPITAL}]\w*)*"
"""Words with capitals that follow each other."""
YEAR = re.compile(r"(?<!\d)(?:18|19|20|21)\d\d(?!\d)")
_RUN = re.compile(rf"(?<!\w){NAME}")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]\s+|[\"“(]\s*)$")


def share_named(question: str, article: Article) -> float:
    """The share of a normalised question's names and numbers that stand in an article; 1 where it has none.

    A question that the articles miss narrowly often names a commune or a year that they do not.
    """
    wanted = {*names(question), *(word for word in syllables(question) if word[0].isdigit())}
    if not wanted:
        return 1.0
    day = article.date.strftime("%d/%m/%Y") if article.date else ""
    told = f" {_spelt(f'{article.title} {article.text} {article.place or str()} {day}')} "
    return sum(f" {name} " in told for name in wanted) / len(wanted)


def names(text: str) -> set[str]:
    """The runs of capitalised words of a normalised text as syllables without accents.

    A sentence's first word is in none, since its capital tells nothing.
    """
    found = set()
    for run in _RUN.finditer(text):
        words = run.group()
        if _SENTENCE_START.search(text[: run.start()]):
            words = words.partition(" ")[2]
        if spelt := _spelt(words):
            found.add(spelt)
    return found


def has_name(question: str) -> bool:
    """Whether a question names something, but for its first word and abbreviations."""
    return any(not word.isupper() for run in _RUN.findall(question.partition(" ")[2]) for word in run.split())


def name_words(text: str) -> set[str]:
    """The single words of all names."""
    return {word for name in names(text) for word in name.split()}


def _spelt(text: str) -> str:
    return " ".join(fold(word) for word in spell_out(syllables(text)))
