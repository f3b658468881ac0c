"""A question that several articles answer gets a line for each of them."""

from __future__ import annotations

from datetime import date

from fakes import FakeReader

from index.schema import Article, Chunk, Hit
from rag.reader.calibration import Calibration
from rag.reader.read import read
from rag.schema import Evidence, Query
from rag.several import answers_by_article, listing

CALIBRATION = Calibration(weights={"told": 1}, bias=0, sure=0.5, perhaps=0.3, supported=0.5)
OPEN = "Tỷ lệ hộ nghèo giảm còn bao nhiêu?"


def report(commune: str, share: str, year: int = 2021) -> Article:
    title = f"Xã {commune} giảm nghèo"
    text = f"{title}\n\nCuối năm, tỷ lệ hộ nghèo giảm còn {share}."
    return Article(f"{commune}.txt", f"{commune}.txt", title, text, date(year, 12, 5), place=f"xã {commune}")


def answers(question: str, *articles: Article) -> tuple[Evidence, ...]:
    hits = [Hit(Chunk(one, 0, 0, len(one.text)), 1.0, rank, 1.0, 1.0) for rank, one in enumerate(articles, 1)]
    reader = FakeReader()
    reading = read(reader, Query(question, question), hits, CALIBRATION)
    return answers_by_article(reading, reader, CALIBRATION)


def test_every_article_that_tells_has_a_line_with_its_place_and_day() -> None:
    found = answers(OPEN, report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%"))
    told = listing(found, 0.9)
    assert told.text == (
        "- Xã Khe Mây giảm nghèo, xã Khe Mây, 5/12/2021: Cuối năm, tỷ lệ hộ nghèo giảm còn 8,79%. [1]\n"
        "- Xã Nà Lốc giảm nghèo, xã Nà Lốc, 5/12/2021: Cuối năm, tỷ lệ hộ nghèo giảm còn 15,38%. [2]"
    )
    assert [told.text[one.start : one.end][-3:] for one in told.statements] == ["[1]", "[2]"]
    assert [citation.quote for citation in told.citations] == [one.text for one in found]


def test_a_question_that_names_a_place_is_answered_from_its_article_alone() -> None:
    articles = report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%")
    assert answers("Tỷ lệ hộ nghèo ở Nà Lốc giảm còn bao nhiêu?", *articles) == ()


def test_articles_that_agree_give_one_answer() -> None:
    assert answers(OPEN, report("Khe Mây", "8,79%"), report("Khe Mây II", "8,79%")) == ()


def test_at_most_eight_articles_are_told_of() -> None:
    many = [report(f"Bản {letter * 3}", f"{number},5%") for number, letter in enumerate("ABCDEGHIKL", 1)]
    assert len(answers(OPEN, *many)) == 8
