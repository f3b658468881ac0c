"""An answer of several articles offers the same question for one place, year or source of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from several_maker import report

from index.schema import Article, Filters
from rag.schema import Answer, Citation, Seconds, Statement
from rag.suggestions.narrower import narrowings
from tests.rag.suggestions.test_next_questions import hit

QUESTION = "Tỷ lệ hộ nghèo giảm còn bao nhiêu?"


def answer(*articles: Article, question: str = QUESTION) -> Answer:
    """An answer that cites a sentence of each article."""
    hits = tuple(hit(article, rank) for rank, article in enumerate(articles, 1))
    cited = tuple(Citation(one.rank, one, 0, len(one.chunk.text), 0.9) for one in hits)
    joined = (Statement(0, 1, tuple(one.mark for one in cited)),)
    return Answer(question, question, "…", False, joined, cited, hits, Seconds(0, None, 0), "", "")


def offered(answer: Answer) -> dict[str, list[str]]:
    """What is offered by place, year and source."""
    found: dict[str, list[str]] = {}
    for one in narrowings(answer):
        found.setdefault(one.by, []).append(one.value)
    return found


def test_places_and_years_in_which_the_articles_differ_are_offered() -> None:
    found = narrowings(answer(report("Khe Mây", "8,79%", 2020), report("Nà Lốc", "15,38%")))
    assert [(one.by, one.value, one.question) for one in found] == [
        ("place", "xã Khe Mây", "Tỷ lệ hộ nghèo giảm còn bao nhiêu ở xã Khe Mây?"),
        ("place", "xã Nà Lốc", "Tỷ lệ hộ nghèo giảm còn bao nhiêu ở xã Nà Lốc?"),
        ("year", "2020", QUESTION),
        ("year", "2021", QUESTION),
    ]
    assert found[2].filters == Filters(date(2020, 1, 1), date(2020, 12, 31))


def test_nothing_is_offered_for_one_article_or_what_compares_articles() -> None:
    both = report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%")
    assert offered(answer(both[0])) == {}
    compared = "Nà Lốc hay Khe Mây, xã nào có tỷ lệ hộ nghèo thấp hơn?"
    assert offered(answer(*both, question=compared)) == {}
    assert offered(replace(answer(*both), kind="find")) == {}


def test_what_all_articles_or_the_question_have_narrows_nothing() -> None:
    same = report("Khe Mây", "8,79%", 2020), report("Khe Mây", "7,5%", 2021)
    assert offered(answer(*same)) == {"year": ["2020", "2021"]}
    asked = "Năm 2020 và sau đó tỷ lệ hộ nghèo của Khe Mây ra sao?"
    assert offered(answer(*same, question=asked)) == {"year": ["2021"]}


def test_files_of_rows_and_folders_are_sources() -> None:
    one, other = report("Khe Mây", "8,79%"), report("Khe Mây", "7,5%")
    of_rows = replace(one, source="tin/bao.jsonl#12"), replace(other, id="b", source="xa/khe-may.txt")
    assert offered(answer(*of_rows)) == {"source": ["tin/bao.jsonl", "xa"]}


def test_a_year_stays_within_the_bounds_that_were_set() -> None:
    found = narrowings(
        answer(report("Khe Mây", "8,79%", 2020), report("Khe Mây", "7,5%", 2021)),
        Filters(date(2020, 6, 1), None, ("xa",)),
    )
    assert found[0].filters == Filters(date(2020, 6, 1), date(2020, 12, 31), ("xa",))
