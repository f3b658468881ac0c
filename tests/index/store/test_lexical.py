from __future__ import annotations

import numpy as np
import pytest

from index.store.local.lexical_index import LexicalIndex
from index.text.normalise import normalise
from index.text.terms import expand_abbreviations, pairs, terms

PASSAGES = [
    "Ủy ban nhân dân huyện họp về nông thôn mới",
    "UBND xã khen thưởng hai mươi hộ dân",
    "Con ma trong câu chuyện của má",
    "Má đi chợ mua mạ non",
    "Hội đồng nhân dân tỉnh thông qua nghị quyết",
]


@pytest.fixture
def lexical() -> LexicalIndex:
    return LexicalIndex.build([terms(normalise(passage)) for passage in PASSAGES])


def best(lexical: LexicalIndex, question: str) -> int:
    positions = lexical.candidates(question, 10)
    return int(positions[np.argmax(lexical.score(question, positions))])


def test_abbreviations_are_the_same_terms_as_their_wording() -> None:
    assert expand_abbreviations(["ubnd", "xã"]) == ["ủy", "ban", "nhân", "dân", "xã"]
    assert expand_abbreviations(["hdnd", "va", "UBND".lower()])[:4] == ["hội", "đồng", "nhân", "dân"]
    assert expand_abbreviations(["con", "ma"]) == ["con", "ma"]


def test_an_abbreviation_finds_the_wording_and_back(lexical: LexicalIndex) -> None:
    assert set(lexical.candidates("ubnd", 10)) >= {0, 1}
    assert best(lexical, "hđnd tỉnh") == 4
    assert best(lexical, "ủy ban nhân dân xã") == 1


def test_an_accented_question_asks_for_the_word_as_written(lexical: LexicalIndex) -> None:
    positions = np.array([2, 3])
    with_accent, without = lexical.score("má mua mạ", positions), lexical.score("ma mua ma", positions)
    assert with_accent[1] > with_accent[0]
    # Without accents every one of má, mà, mạ, ma is the same word, and passage 2 holds it twice too.
    assert without[0] > with_accent[0]


def test_a_share_is_one_for_no_passage_and_zero_without_common_words(lexical: LexicalIndex) -> None:
    scores = lexical.score("nghị quyết", np.arange(5))
    assert 0 < scores[4] < 1
    assert scores[0] == 0
    assert lexical.score("zzz", np.arange(5)).tolist() == [0] * 5


def test_an_unknown_word_lowers_the_share(lexical: LexicalIndex) -> None:
    known = lexical.score("nghị quyết", np.array([4]))[0]
    assert lexical.score("nghị quyết xyzw", np.array([4]))[0] < known


def test_the_score_is_the_formula_worked_by_hand() -> None:
    index = LexicalIndex.build([terms("a b"), terms("a c")])
    # "b" and nothing else is asked: one term, held by one of two chunks of average length.
    # gain = 1 / (1 + k1 * 1) with k1 = 1.2, and the term's weight cancels out.
    assert index.score("b", np.array([0, 1])) == pytest.approx([1 / 2.2, 0.0])


def test_only_allowed_positions_are_candidates(lexical: LexicalIndex) -> None:
    allowed = np.array([False, True, True, True, True])
    assert lexical.candidates("ủy ban nhân dân", 10, allowed).tolist()[0] == 1
    assert 0 not in lexical.candidates("ủy ban nhân dân", 10, allowed)


def test_an_empty_index_finds_nothing() -> None:
    empty = LexicalIndex.build([])
    assert empty.candidates("gì", 5).tolist() == []
    assert empty.score("gì", np.zeros(0, dtype=np.int64)).tolist() == []


@pytest.mark.parametrize("k", [1, 5, 100])
def test_among_many_chunks_the_best_are_those_of_all_scores(k: int) -> None:
    generator = np.random.default_rng(0)
    words = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    texts = [" ".join(words[generator.integers(0, 26, 6)]) for _ in range(5000)]
    many = LexicalIndex.build([terms(text) for text in texts])
    scores = many.score("a b c d", np.arange(5000))
    # Every term that is asked weighs alike in both, for nothing here has an accent.
    best = np.lexsort((np.arange(5000), -scores))[:k]
    assert many.candidates("a b c d", k).tolist() == best.tolist()


def test_a_chunk_holds_no_pair_across_its_border() -> None:
    bordering = LexicalIndex.build([terms("x a"), terms("b y"), terms("a b")])
    scores = bordering.score("a b", np.arange(3))
    # Of the terms a, b and "a b" the first two chunks hold one each, the third all; each chunk is average.
    single, pair = np.log1p((3 - 2 + 0.5) / (2 + 0.5)), 0.5 * np.log1p((3 - 1 + 0.5) / (1 + 0.5))
    share = single / 2.2 / (2 * single + pair)
    assert scores == pytest.approx([share, share, 1 / 2.2], rel=1e-5)


def test_a_question_without_accents_is_scored_as_its_words_stand_in_the_chunks() -> None:
    """Counts come from the lists here, and from the words themselves in the accented field: both are one formula."""
    generator = np.random.default_rng(1)
    words = np.array(["ho", "ngheo", "xa", "rung", "che", "lua"])
    texts = [" ".join(words[generator.integers(0, 6, 1 + number % 40)]) for number in range(300)]
    index = LexicalIndex.build([terms(text) for text in texts])
    (segment,) = index.segments
    wanted = np.unique(np.concatenate([terms("ho ngheo rung").folded, pairs(terms("ho ngheo rung").folded)]))
    positions = np.array([0, 7, 39, 40, 299])
    counts = segment.counts(wanted, positions, as_written=False)
    # Nothing here has an accent, so the words as written are the same terms.
    assert np.array_equal(counts, segment.counts(wanted, positions, as_written=True))
    assert counts.sum(axis=1)[2] > 3 and counts.max() > 1
