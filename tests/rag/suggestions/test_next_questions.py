"""What could be asked next: candidates, and which of them are offered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone

from index.errors import StoreError
from index.schema import Article, Chunk, Filters, Hit
from rag.schema import Answer, Citation, Event, Extract, Finished, Found, Seconds, Turn
from rag.suggestions.next_questions import Candidate, further_questions, is_answered
from ui.conversations.entries import Exchange
from ui.conversations.next_questions import Examples, NextQuestions, Trying, answers

YEN_HA_2019 = Article(
    "2019.txt", "2019.txt", "Yên Hạ thu ngân sách năm 2019", "Huyện Yên Hạ thu 12 tỷ đồng.",
    date(2019, 12, 20), place="huyện Yên Hạ",
)  # fmt: skip
YEN_HA_2020 = Article(
    "2020.txt", "2020.txt", "Thu ngân sách ở Yên Hạ tăng khá", "Huyện Yên Hạ thu 15 tỷ đồng.",
    date(2020, 12, 21), place="huyện Yên Hạ",
)  # fmt: skip
BA_SEN = Article(
    "ba-sen.txt", "ba-sen.txt", "Ba Sen vượt thu “ngoạn mục”", "Huyện Ba Sen thu 9 tỷ đồng.",
    date(2019, 12, 1), place="huyện Ba Sen, tỉnh Lâm Hà",
)  # fmt: skip
KHE_MAY = Article("xa.txt", "xa.txt", "bao_cao_xa", "Xã Khe Mây thu 1 tỷ đồng.", place="xã Khe Mây")


def hit(article: Article, rank: int = 1) -> Hit:
    return Hit(Chunk(article, 0, 0, len(article.text)), 0.8, rank, 0.8, 0.8)


def answered(question: str, *articles: Article, standalone: str = "") -> Answer:
    """An answer that found some articles and cites the first."""
    hits = tuple(hit(article, rank) for rank, article in enumerate(articles, 1))
    cited = (Citation(1, hits[0], 0, len(articles[0].text), 0.9),) if hits else ()
    return Answer(
        question,
        standalone or question,
        "…",
        False,
        (),
        cited,
        hits,
        Seconds(0.1, 0.2, 0.3),
        "llm",
        "encoder",
    )


def asked(answer: Answer) -> list[str]:
    return [candidate.question for candidate in further_questions(answer)]


def test_the_same_is_asked_of_the_other_years_that_were_found_the_nearest_first() -> None:
    question = "Năm 2019 huyện Yên Hạ thu ngân sách bao nhiêu?"
    older = Article("2014.txt", "2014.txt", "Yên Hạ nhìn lại năm 2014", "Huyện Yên Hạ thu 7 tỷ đồng.")
    assert asked(answered(question, YEN_HA_2019, older, YEN_HA_2020))[:2] == [
        "Năm 2020 huyện Yên Hạ thu ngân sách bao nhiêu?",
        "Năm 2014 huyện Yên Hạ thu ngân sách bao nhiêu?",
    ]


def test_no_year_is_put_into_a_day_a_number_or_beside_another_year() -> None:
    for question in (
        "Ngày 12/5/2019 Yên Hạ thu bao nhiêu?",
        "Từ năm 2018 đến 2019 Yên Hạ thu bao nhiêu?",
        "Yên Hạ thu 2019,5 triệu đồng vào lúc nào?",
        "Yên Hạ thu bao nhiêu?",
    ):
        assert all(
            one.startswith(("Bài", "Theo", "Nội dung")) for one in asked(answered(question, YEN_HA_2020))
        )


def test_the_same_is_asked_of_another_place_of_the_same_rank() -> None:
    found = asked(answered("Huyện Yên Hạ thu bao nhiêu?", YEN_HA_2019, KHE_MAY, BA_SEN))
    assert found[0] == "Huyện Ba Sen thu bao nhiêu?"
    assert not any("Khe Mây" in one for one in found)
    assert asked(answered("Thu của huyện Yên Hạ là bao nhiêu?", YEN_HA_2019, BA_SEN))[0] == (
        "Thu của huyện Ba Sen là bao nhiêu?"
    )


def test_articles_that_the_answer_did_not_use_are_offered_first_and_none_by_a_file_name() -> None:
    found = asked(answered("Ai vượt thu?", YEN_HA_2019, KHE_MAY, BA_SEN))
    assert found == [
        "Bài “Ba Sen vượt thu ngoạn mục” nói về việc gì?",
        "Theo bài “Yên Hạ thu ngân sách năm 2019” thì có những kết quả nào?",
    ]


def test_after_a_refusal_a_name_is_asked_for_as_the_articles_write_it() -> None:
    answer = answered("Giá nước ở Yên Hà và Khe Mây là bao nhiêu?", YEN_HA_2020, KHE_MAY)
    assert "Giá nước ở Yên Hạ và Khe Mây là bao nhiêu?" not in asked(answer)
    refused = replace(answer, refused=True, citations=())
    assert asked(refused)[0] == "Giá nước ở Yên Hạ và Khe Mây là bao nhiêu?"
    right = replace(refused, standalone="Giá nước ở Yên Hạ là bao nhiêu?")
    assert right.standalone not in asked(right)


def test_two_questions_in_one_are_not_asked_of_another_year_and_nothing_is_asked_twice() -> None:
    follow_up = answered(
        "Còn năm 2019?", YEN_HA_2019, YEN_HA_2020, standalone="Yên Hạ thu bao nhiêu? Còn năm 2019?"
    )
    assert all("bài" in one.lower() for one in asked(follow_up))
    again = answered("Bài “Thu ngân sách ở Yên Hạ tăng khá” nói về việc gì?", YEN_HA_2020)
    assert asked(again) == []


def test_an_answer_counts_only_where_the_passage_is_about_the_right_thing() -> None:
    told = Found("?", (), Extract(hit(YEN_HA_2020), 14, 16, 0.9))
    assert is_answered(Candidate("?", "2020"), told)
    assert is_answered(Candidate("?", "huyện Yên Hạ"), told)
    assert is_answered(Candidate("?", "Thu ngân sách ở Yên Hạ tăng khá"), told)
    assert not is_answered(Candidate("?", "2019"), told)
    assert not is_answered(Candidate("?", "huyện Ba Sen"), told)
    assert not is_answered(Candidate("?", "2020"), Found("?", (hit(YEN_HA_2020),)))


@dataclass
class Knowing:
    """Finds an answer in the article whose sentence a question names; whoever reads on past that fails."""

    articles: Sequence[Article]
    asked: list[tuple[str, Filters]] = field(default_factory=list)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: object = None,
    ) -> Iterator[Event]:
        self.asked.append((question, filters))
        if "hỏng" in question:
            raise StoreError("Damaged search files.")
        found = next(
            (one for one in self.articles if one.title.replace("“", "").replace("”", "") in question), None
        )
        yield Found(question, (), Extract(hit(found), 0, 5, 0.9) if found else None)
        raise AssertionError("the language model was asked")


def at_once(work: Callable[[], None]) -> None:
    work()


def test_only_what_is_told_is_offered_and_the_language_model_is_never_asked() -> None:
    knowing = Knowing([YEN_HA_2019])
    further = NextQuestions(Trying(knowing, at_once))
    bounds = Filters(sources=("a/",))
    item = Exchange(
        7, datetime.now(timezone.utc), "", answered("Ai vượt thu?", YEN_HA_2019, BA_SEN), filters=bounds
    )
    expected = ["Theo bài “Yên Hạ thu ngân sách năm 2019” thì có những kết quả nào?"]
    assert asyncio.run(further.of(item)) == expected
    assert {filters for _, filters in knowing.asked} == {bounds}
    tried = len(knowing.asked)
    assert asyncio.run(further.of(item)) == expected
    assert len(knowing.asked) == tried
    assert not answers(knowing, Candidate("hỏng", "x"))


def test_what_the_store_itself_answers_counts_where_it_cites() -> None:
    class FromTheStore(Knowing):
        def ask(
            self,
            question: str,
            history: Sequence[Turn] = (),
            *,
            filters: Filters = Filters(),
            stop: object = None,
        ) -> Iterator[Event]:
            yield Finished(answered(question, *self.articles))

    assert answers(FromTheStore([BA_SEN]), Candidate("Bài “Ba Sen” nói về việc gì?", "Ba Sen"))
    assert not answers(FromTheStore([]), Candidate("Bài “Ba Sen” nói về việc gì?", "Ba Sen"))


def test_examples_are_offered_at_once_and_later_only_those_that_are_told() -> None:
    waiting: list[Callable[[], None]] = []
    generation = [1]
    articles = [YEN_HA_2019, BA_SEN, YEN_HA_2020]
    examples = Examples(Trying(Knowing([BA_SEN]), waiting.append), lambda: generation[0], lambda: articles, 2)
    assert examples() == [
        "Bài “Yên Hạ thu ngân sách năm 2019” nói về việc gì?",
        "Theo bài “Ba Sen vượt thu ngoạn mục” thì có những kết quả nào?",
    ]
    while waiting:
        waiting.pop()()
    assert examples() == ["Theo bài “Ba Sen vượt thu ngoạn mục” thì có những kết quả nào?"]
    generation[0], articles[:] = 2, [BA_SEN]
    assert examples() == ["Bài “Ba Sen vượt thu ngoạn mục” nói về việc gì?"]
