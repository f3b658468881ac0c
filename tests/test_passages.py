from __future__ import annotations

from math import exp, log

import pytest

from index.schema import Article, Chunk, Hit
from rag.extract import Clue
from rag.passages import score_sentences, select_sentences


def passage(text: str, rank: int = 1, title: str = "Tin") -> Hit:
    article = Article(f"{rank}.txt", f"{rank}.txt", title, text)
    return Hit(Chunk(article, 0, 0, len(text)), 1.0, rank, 0.5, 0.5)


def words(text: str) -> int:
    return len(text.split())


TREES = passage("Trời mưa to. Huyện trồng rừng. Rừng có keo. Dân vui.")


def test_a_sentence_weighs_what_it_shares_with_the_question_and_hands_some_to_its_neighbours() -> None:
    scores = [sentence.score for sentence in score_sentences("Trồng rừng gì?", [TREES])]
    # "trồng" and the pair "trồng rừng" stand in one sentence of four, "rừng" in two.
    second = log(1 + 4 / 1) + 0.5 * log(1 + 4 / 1) + log(1 + 4 / 2)
    third = log(1 + 4 / 2)
    assert scores == pytest.approx(
        [0.35 * second, second + 0.35 * third, third + 0.35 * second, 0.35 * third], rel=1e-9
    )


def test_later_passages_count_a_little_less() -> None:
    first, later = score_sentences("rừng", [passage("Rừng keo."), passage("Rừng thông.", 2)])
    assert later.score == pytest.approx(first.score / 1.25)


def test_a_question_without_accents_finds_accented_sentences_and_an_accented_one_is_exact() -> None:
    text = passage("Cô bán má. Cô bán mạ.")
    unaccented = [sentence.score for sentence in score_sentences("ma", [text])]
    assert unaccented[0] == unaccented[1] > 0
    exact = [sentence.score for sentence in score_sentences("mạ ở đâu", [text])]
    assert exact[1] > exact[0]


def test_abbreviations_are_the_words_they_stand_for() -> None:
    scored = score_sentences("UBND nào?", [passage("Trời mưa. Ủy ban nhân dân họp.")])
    assert scored[1].score > scored[0].score > 0


def test_what_the_title_says_counts_for_every_sentence_of_the_article() -> None:
    other = passage("Xã trồng keo.", title="Xã Ba Sen")
    right = passage("Trồng keo nhiều.", 2, title="Xã Tân Sơn")
    scores = [sentence.score for sentence in score_sentences("Tân Sơn trồng gì?", [other, right])]
    assert scores == pytest.approx([log(1 + 2 / 2), log(1 + 2 / 2) / 1.25])  # in no sentence: no rarity
    named = passage("Tân Sơn có đồi. Trồng keo nhiều.", 2, title="Xã Tân Sơn")
    scores = [sentence.score for sentence in score_sentences("Tân Sơn trồng gì?", [other, named])]
    assert scores[2] > 2 * scores[0]


def test_the_title_is_no_sentence_of_its_passage() -> None:
    hit = passage("Huyện trồng rừng\n\nNăm nay trồng 50 ha.", title="Huyện trồng rừng")
    assert [sentence.text for sentence in score_sentences("rừng", [hit])] == ["Năm nay trồng 50 ha."]


def test_the_best_sentences_that_fit_are_kept_whole_and_in_order() -> None:
    assert [s.text for s in select_sentences(score_sentences("Trồng rừng gì?", [TREES]), 6, words)] == [
        "Huyện trồng rừng.",
        "Rừng có keo.",
    ]
    assert [s.text for s in select_sentences(score_sentences("Trồng rừng gì?", [TREES]), 5, words)] == [
        "Huyện trồng rừng.",
        "Dân vui.",
    ]
    assert len(select_sentences(score_sentences("Trồng rừng gì?", [TREES]), 100, words)) == 4
    assert select_sentences(score_sentences("Trồng rừng gì?", [TREES]), 1, words) == []
    assert select_sentences(score_sentences("Trồng rừng gì?", []), 100, words) == []


def test_a_passage_costs_its_heading_once() -> None:
    def chosen(budget: int) -> list[str]:
        selected = select_sentences(
            score_sentences("Trồng rừng gì?", [TREES]), budget, words, lambda hit: "một hai ba bốn"
        )
        return [sentence.text for sentence in selected]

    assert chosen(6) == ["Dân vui."]
    assert chosen(7) == ["Huyện trồng rừng."]
    assert chosen(10) == ["Huyện trồng rừng.", "Rừng có keo."]


def test_a_long_sentence_is_chosen_from_by_its_clauses() -> None:
    filler = "công tác văn hóa, văn nghệ, thể dục thể thao được duy trì ở tất cả các xã trong huyện"
    text = f"Năm qua, {filler}; {filler}; huyện giảm 45 hộ nghèo, đưa tỷ lệ hộ nghèo còn 1,29%; {filler}."
    scored = score_sentences("Tỷ lệ hộ nghèo còn bao nhiêu?", [passage(text)])
    assert "".join(sentence.text for sentence in scored).replace(" ", "") == text.replace(" ", "")
    assert all(len(sentence.text) <= 240 for sentence in scored)
    best = max(scored, key=lambda sentence: sentence.score)
    assert "1,29%" in best.text and len(best.text) < 240


def test_a_sentence_with_a_sure_clue_rises_by_how_sure_it_is() -> None:
    plain = [sentence.score for sentence in score_sentences("Trồng rừng gì?", [TREES])]
    keo, rain = TREES.chunk.text.index("keo"), TREES.chunk.text.index("mưa")
    clues = [Clue("1.txt", keo, keo + 3, 6.0), Clue("1.txt", rain, rain + 3, -2.0), Clue("2.txt", 0, 3, 6.0)]
    lifted = [sentence.score for sentence in score_sentences("Trồng rừng gì?", [TREES], clues)]
    best = max(plain)
    rise = [0.35 * best * exp(-1), 0, 0.35 * best, 0]
    assert lifted == pytest.approx([score + more for score, more in zip(plain, rise, strict=True)])


def test_several_articles_share_the_room_where_the_choice_is_spread() -> None:
    first = passage("Rừng keo lai. Rừng keo lá. Rừng keo to.")
    second = passage("Rừng thông.", 2)
    scored = score_sentences("rừng keo và rừng thông", [first, second])
    narrow = select_sentences(scored, 9, words)
    assert {sentence.hit.rank for sentence in narrow} == {1}
    wide = select_sentences(scored, 9, words, spread=True)
    assert [sentence.hit.rank for sentence in wide] == [1, 1, 2]
