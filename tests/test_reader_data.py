"""Questions made by rules, and the examples made of them."""

from __future__ import annotations

import itertools
import random

import pytest

from index.schema import Article
from index.text import fold
from rag.reader.cohesion import Cohesion
from rag.reader.examples import ExampleMaker
from rag.reader.gaps import find_gaps
from rag.reader.noise import fewer_words, mistyped, other_words, without_accents
from rag.reader.questions import as_typed, as_written, ask

PARTY = "Từ đầu năm 2018 đến nay, toàn huyện Kim Sơn kết nạp 82 đảng viên mới, đạt 59% kế hoạch."


def answers(sentence: str) -> dict[str, set[str]]:
    """What can be asked of a sentence: the answers by kind."""
    found: dict[str, set[str]] = {}
    for gap in find_gaps(sentence):
        found.setdefault(gap.kind, set()).add(sentence[gap.start : gap.end])
    return found


@pytest.mark.parametrize(
    ("sentence", "kind", "answer"),
    [
        (PARTY, "number", "82"),
        (PARTY, "percent", "59%"),
        (PARTY, "date", "2018"),
        (PARTY, "named", "Kim Sơn"),
        ("Ông Nguyễn Văn An chủ trì hội nghị sáng nay.", "person", "Nguyễn Văn An"),
        ("Hội nghị diễn ra tại huyện Kim Sơn vào sáng nay.", "place", "huyện Kim Sơn"),
        ("Cầu qua suối bị sập vì lũ quét trong đêm.", "reason", "lũ quét trong đêm"),
        ("Huyện mở lớp học để nông dân biết trồng nấm.", "purpose", "nông dân biết trồng nấm"),
        ("Anh học nghề tại xưởng trong 3 năm liền.", "duration", "3 năm"),
        ("Công trình được xây với kinh phí 4,3 tỷ đồng.", "money", "4,3 tỷ đồng"),
        ("Amazon là khu rừng nhiệt đới lớn nhất thế giới.", "being", "khu rừng nhiệt đới lớn nhất thế giới"),
        ("Cây cầu có tên là Hy Vọng từ năm ngoái.", "called", "Hy Vọng"),
    ],
)
def test_each_kind_of_answer_is_found(sentence: str, kind: str, answer: str) -> None:
    assert answer in answers(sentence)[kind]


def test_a_word_that_only_sounds_like_a_reason_is_none() -> None:
    assert "reason" not in answers("Người dân được tự do đi lại trong vùng.")
    assert "manner" not in answers("Chính sách này rất công bằng với người nghèo.")


def test_the_question_word_takes_the_answers_place() -> None:
    (gap,) = (gap for gap in find_gaps(PARTY) if gap.kind == "number")

    questions = [
        as_typed(ask(PARTY, gap, random.Random(seed)) or "", random.Random(seed)) for seed in range(40)
    ]

    assert len(set(questions)) > 30
    # A slip of the finger may hit the question word itself.
    assert sum("bao nhieu" in fold(question) or "may" in fold(question) for question in questions) >= 36
    assert not any("82" in question for question in questions)


def test_a_question_can_be_left_as_the_sentence_has_it() -> None:
    (gap,) = (gap for gap in find_gaps(PARTY) if gap.kind == "number")

    questions = {ask(PARTY, gap, random.Random(seed), ["Huyện đoàn"], vary=False) for seed in range(40)}

    kept = "kết nạp bao nhiêu đảng viên mới"
    assert any(kept in (question or "") for question in questions)
    assert not any("Huyện đoàn" in (question or "") for question in questions)
    assert as_written("  kết nạp  mấy đảng viên ?") == "Kết nạp mấy đảng viên?"


def test_too_little_context_makes_no_question() -> None:
    (gap,) = find_gaps("Năm 2018.")
    assert ask("Năm 2018.", gap, random.Random(1)) is None


def test_noise_does_what_it_says() -> None:
    rng = random.Random(3)
    assert without_accents("Ủy ban nhân dân xã") == "uy ban nhan dan xa"
    assert other_words("ủy ban nhân dân xã qua đời", rng, 1.0) in (
        "UBND xã mất",
        "UBND xã chết",
        "UBND xã tử vong",
    )
    assert other_words("ủy ban nhân dân xã qua đời", rng, 0.0) == "ủy ban nhân dân xã qua đời"
    assert fewer_words(["đã", "Hà", "trồng"], rng, 1.0, 0.0) == ["Hà", "trồng"]
    assert fewer_words(["đã", "Hà", "trồng"], rng, 0.0, 1.0) == ["đã", "Hà"]
    slip = mistyped("kết nạp đảng viên", rng)
    assert slip != "kết nạp đảng viên"
    assert len(slip.split()) == 4
    assert mistyped("a b", rng) == "a b"


def test_syllables_that_go_together_are_one_word() -> None:
    # "tên lửa" stands together each time; "tên" also ends other phrases, "lửa" never stands alone.
    cohesion = Cohesion(["phóng tên lửa mới"] * 5 + ["phóng xe mới", "mới đi xe"] * 5)

    assert cohesion.strength("tên", "lửa") > 0.9
    assert cohesion.strength("xe", "lửa") == 0
    assert cohesion.cuts_a_word("phóng tên lửa mới", len("phóng tên "))
    assert not cohesion.cuts_a_word("phóng tên lửa, mới", len("phóng tên lửa"))


ARTICLES = [
    Article(
        str(number),
        f"{number}.txt",
        f"Tin huyện {name}",
        f"Ông Nguyễn Văn {person} chủ trì hội nghị tổng kết tại huyện {name} ngày 12/{month}/2018. "
        f"Năm 2018 huyện {name} trồng mới {area} ha rừng, vượt kế hoạch được giao từ đầu năm. "
        f"Theo báo cáo, ông Nguyễn Văn {person} yêu cầu các xã của huyện {name} giữ rừng trong mùa khô. "
        f"Huyện đầu tư {money} tỷ đồng làm đường để người dân đi lại thuận lợi hơn trong mùa mưa. "
        f"Các thôn bản trong huyện {name} có thêm {houses} hộ thoát nghèo nhờ trồng nấm và nuôi ong.",
    )
    for number, (name, person, month, area, money, houses) in enumerate(
        [
            ("Kim Sơn", "An", 3, 3772, 4, 45),
            ("Tân Vịnh", "Bình", 5, 812, 17, 63),
            ("Lạc Thủy", "Cường", 7, 90, 26, 118),
            ("Yên Mô", "Dũng", 9, 1250, 9, 77),
        ]
    )
]


def test_an_example_holds_its_answer_or_none() -> None:
    examples = list(itertools.islice(ExampleMaker(ARTICLES, 5).examples(), 300))

    origins = {example.origin for example in examples}
    assert {"sentence", "elsewhere", "removed", "other", "changed"} <= origins
    for example in examples:
        if example.origin in ("sentence", "elsewhere"):
            answer = example.passage[example.start : example.end]
            assert answer.strip() == answer != ""
        else:
            assert (example.start, example.end) == (-1, -1)
    told = [example for example in examples if example.start >= 0]
    assert 0.5 < len(told) / len(examples) < 0.8


def test_a_seed_makes_the_same_examples() -> None:
    first, again, other = (
        list(itertools.islice(ExampleMaker(ARTICLES, seed).examples(), 20)) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_parts_of_the_recipe_can_be_left_out() -> None:
    maker = ExampleMaker(ARTICLES, 5, without=("changed", "removed", "kinds", "typing"))
    examples = list(itertools.islice(maker.examples(), 200))

    assert not {"changed", "removed"} & {example.origin for example in examples}
    assert all(example.question == as_written(example.question) for example in examples)
    answers_told = {
        example.passage[example.start : example.end] for example in examples if example.start >= 0
    }
    assert "trồng nấm và nuôi ong" not in answers_told
