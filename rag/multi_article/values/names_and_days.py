"""The names and days of a question, and which of them an article has: it may answer only for those."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from index.schema import Article
from index.text.normalise import CAPITAL, fold, normalise, syllables
from index.text.terms import expand_abbreviations
from index.text.values import date_parts, find_values
from rag.proof.names import YEAR, folded_names
from rag.schema import Evidence

_QUARTER_MONTHS = 3
_FIRST = re.compile(rf"(?P<word>[{CAPITAL}]\w*) [{CAPITAL}]\w*(?!\w| [{CAPITAL}])")
"""A name of two syllables with which a question begins; the first word of others may have its capital for that."""
_FIRST_WORDS = """
    theo ông bà anh chị em cô cụ thầy xã huyện tỉnh thôn bản phường ở tại năm khi vì của với nếu trong sau trước đến từ
    hôm nhờ quý tháng ngày giữa cuối đầu và còn do để trên dưới số giá có phải
"""
_NO_NAME = frozenset(_FIRST_WORDS.split())
_NUMBERED = re.compile(
    r"(?<!\w)(?:phương án|lần(?: thứ)?|kỳ|khóa|vòng|chặng|tuyến|lớp|khối|điều|khoản|giai đoạn|đợt|nhiệm kỳ"
    r"|\w+ số|(?:quyết định|nghị quyết|chỉ thị|báo cáo|công văn)(?: số)?) (?:\d+|[IVX]+)(?![\w/])",
    re.IGNORECASE,
)
"""Things that only their number distinguishes."""

_BARE_DAY = re.compile(r"(?<![\d/.,])(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])(?![\d/]|[.,]\d)")
"""A day and month without "ngày" before them, as in a column of a table; it may also be a share."""


def names_and_days(question: str) -> frozenset[str]:
    """The names of two and more syllables and the days, months, quarters and years of a normalised question.

    A name is its syllables without accents, a day begins with ``=`` and is canonical as ``Value`` has it.
    """
    found = numbered(question)
    if (first := _FIRST.match(question)) and first["word"].lower() not in _NO_NAME:
        found.add(folded_words(first.group()))
    found |= {name for name in folded_names(question) if " " in name and not _means_time(name)}
    days = [f"={value.canonical}" for value in find_values(question) if value.kind == "date"]
    in_days = " ".join(days)
    years = [f"={year[0]}" for year in YEAR.finditer(question) if year[0] not in in_days]
    return frozenset([*found, *days, *years])


def numbered(text: str) -> set[str]:
    """The numbered things of a normalised text, folded, as "phuong an 1" and "lan v"."""
    return {folded_words(match.group()) for match in _NUMBERED.finditer(text)}


def missing_names(question: str, article: Article) -> frozenset[str]:
    """The names and days of a normalised question that stand nowhere in an article."""
    wanted = names_and_days(question)
    if not wanted:
        return frozenset()
    text, days = _words_and_days(article)
    return frozenset(
        one
        for one in wanted
        if not (_has_day(one[1:], days) if is_day(one) else _in_pieces(one.split(), text))
    )


def missing_nearby(question: str, evidence: Evidence) -> frozenset[str]:
    """The names and days of a normalised question that neither a sentence nor its title, place and date have."""
    return missing_names(question, replace(evidence.hit.chunk.article, text=evidence.text))


def is_day(name: str) -> bool:
    """Whether an element of ``names_and_days`` is a day, month, quarter or year."""
    return name.startswith("=")


def _means_time(name: str) -> bool:
    """Whether capitals belong to a quarter or to a weekday and name nothing."""
    return name.split()[0] in ("quy", "thang", "nam", "ngay", "thu")


def _in_pieces(words: list[str], text: str) -> bool:
    """Whether a name stands in a text, or its parts do: "Sở Y tế Hà Nội" where "Sở Y tế" and "Hà Nội" do."""
    if not words:
        return True
    return any(
        f" {' '.join(words[:length])} " in text and _in_pieces(words[length:], text)
        for length in range(len(words), 0, -1)
    )


@lru_cache(maxsize=256)
def _words_and_days(article: Article) -> tuple[str, frozenset[str]]:
    whole = normalise(f"{article.title}. {article.place or ''}. {article.text}")
    days = {value.canonical for value in find_values(whole) if value.kind == "date"}
    days |= {year[0] for year in YEAR.finditer(whole)}
    days |= {f"--{int(day[2]):02}-{int(day[1]):02}" for day in _BARE_DAY.finditer(whole)}
    if article.date:
        days.add(article.date.isoformat())
    return f" {folded_words(whole)} ", frozenset(days)


def folded_words(text: str) -> str:
    """Syllables without accents, abbreviations expanded; "lần thứ V" is "lần V"."""
    return " ".join(word for word in map(fold, expand_abbreviations(syllables(text))) if word != "thu")


def _has_day(wanted: str, days: frozenset[str]) -> bool:
    return any(_fits(wanted, day) for day in days)


def _fits(wanted: str, stated: str) -> bool:
    """Whether a stated date can be the wanted one, or lies in the wanted month, quarter or year."""
    wanted_parts, stated_parts = _with_quarter(wanted), _with_quarter(stated)
    return all(
        part is None or other is None or part == other
        for part, other in zip(wanted_parts, stated_parts, strict=True)
    ) and (_finest(wanted_parts) <= _finest(stated_parts))


def _with_quarter(canonical: str) -> tuple[int | None, int | None, int | None, int | None]:
    """Year, quarter, month and day of a canonical date; the quarter of a month is known."""
    year, quarter, month, day = date_parts(canonical)
    if month is not None:
        quarter = (month + _QUARTER_MONTHS - 1) // _QUARTER_MONTHS
    return year, quarter, month, day


def _finest(parts: tuple[object, ...]) -> int:
    return max((place for place, part in enumerate(parts) if part is not None), default=0)
