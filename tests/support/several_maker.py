"""Articles and readings for the tests of answers over several articles."""

from __future__ import annotations

from datetime import date

from fakes import FakeReader

from index.schema import Article, Chunk, Hit
from rag.multi_article.answer import answer_several
from rag.multi_article.answers.listing import ComposedAnswer
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.calibration import Calibration
from rag.schema import Query, Reading

# The fake reader's logit is above -3 where a sentence holds more than a fifth of the question's syllables.
CALIBRATION = Calibration(weights={"told": 1}, bias=3, sure=0.5, perhaps=0.3, supported=0.5)


TODAY = date(2024, 5, 1)


def article(name: str, title: str, text: str, day: date | None = None, place: str | None = None) -> Article:
    """An article whose text begins with its title."""
    return Article(f"{name}.txt", f"{name}.txt", title, f"{title}\n\n{text}", day, place=place)


def report(commune: str, share: str, year: int = 2021) -> Article:
    """A report of a commune on its poor households."""
    text = f"Cuối năm, tỷ lệ hộ nghèo giảm còn {share}."
    return article(f"{commune} {year}", f"Xã {commune} giảm nghèo", text, date(year, 12, 5), f"xã {commune}")


def reading_of(question: str, *articles: Article) -> Reading:
    """What the fake reader reads of articles that are found in this order, each one passage."""
    hits = [Hit(Chunk(one, 0, 0, len(one.text)), 1.0, rank, 1.0, 1.0) for rank, one in enumerate(articles, 1)]
    return CalibratedReader(FakeReader(), CALIBRATION).read(Query(question, question), hits)


def answered(question: str, *articles: Article) -> ComposedAnswer | None:
    """The answer over several articles."""
    return answer_several(reading_of(question, *articles), CalibratedReader(FakeReader(), CALIBRATION), TODAY)


def text_of(question: str, *articles: Article) -> str:
    """The text of that answer; fails where there is none."""
    worded = answered(question, *articles)
    assert worded is not None
    return worded.verified.text
