"""Files of questions, choosing among them, and the proof that a set is sound."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.errors import QuestionError
from eval.evidence import locate, missing_articles
from eval.files import CORPUS, NEW_CORPUS, NEW_QUESTIONS, QUESTIONS
from eval.schema import Evidence, Question
from eval.sets.check import check, longest_shared_run, nearest_places
from eval.sets.questions import choose, read_questions
from eval.sets.squad import squad_articles
from index.ingest.read_files import read_folder
from index.schema import Article

ARTICLE = Article(
    "a.txt",
    "a.txt",
    "Huyện Kim Liên kết nạp đảng viên",
    "Huyện Kim Liên kết nạp đảng viên\n\nTừ đầu năm đến nay, toàn huyện kết nạp 82 đảng viên mới. "
    "Hội nghị do đồng chí Trần Văn An chủ trì.",
)
SOUND = Question(
    id="q1",
    kind="number",
    split="dev",
    text="Huyện Kim Liên đã có thêm bao nhiêu đảng viên?",
    answers=(("82 đảng viên", "82"),),
    evidence=(Evidence("a.txt", "toàn huyện kết nạp 82 đảng viên mới"),),
)
ABSENT = Question("x1", "absent", "dev", "Đỉnh Fansipan cao bao nhiêu mét?", ())


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_jsonl_with_every_field(tmp_path: Path) -> None:
    row = {
        "id": "a-o01",
        "kind": "follow_up",
        "split": "dev",
        "question": "Còn năm 2019?",
        "follows": ["Năm 2018 thu bao nhiêu?"],
        "standalone": "Năm 2019 thu bao nhiêu?",
        "answers": [["62,8 tỷ đồng", "62,8"], ["11 xã"]],
        "evidence": [{"article": "a.txt", "quote": "thu 62,8 tỷ đồng"}],
        "note": "",
    }
    path = write(tmp_path / "q.jsonl", json.dumps(row, ensure_ascii=False) + "\n\n")
    assert read_questions(path) == (
        Question(
            id="a-o01",
            kind="follow_up",
            split="dev",
            text="Còn năm 2019?",
            answers=(("62,8 tỷ đồng", "62,8"), ("11 xã",)),
            evidence=(Evidence("a.txt", "thu 62,8 tỷ đồng"),),
            follows=("Năm 2018 thu bao nhiêu?",),
            standalone="Năm 2019 thu bao nhiêu?",
        ),
    )


def test_a_question_alone_is_enough(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", '{"question": "Ai?", "answers": [["An"]]}\n{"question": "Ở đâu?"}\n')
    first, second = read_questions(path)
    assert (first.id, first.kind, first.absent) == ("q1", "fact", False)
    assert (second.id, second.kind, second.absent) == ("q2", "absent", True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1 is not JSON"),
        ("[]", "line 1 must be a JSON object"),
        ('{"question": "Ai?", "anwsers": []}', "unknown fields: anwsers"),
        ('{"question": "Ai?", "answers": ["An"]}', "'answers' must be a list of parts"),
        ('{"question": "Ai?", "answers": [[]]}', "'answers' must be a list of parts"),
        ('{"question": "Ai?", "evidence": [{"quote": 3}]}', "'evidence' must be"),
        ('{"question": "Ai?", "follows": "Ở đâu?"}', "'follows' must be a list"),
        ('{"question": "Ai?", "kind": 4}', "'kind' must be a text"),
        ('{"question": "Có không?", "verdict": "có"}', "'verdict' must be yes, no, not_told"),
        ('{"question": " "}', "has no 'question'"),
        ("", "asks nothing"),
        ('{"id": "a", "question": "Ai?"}\n{"id": "a", "question": "Ai?"}', "stands twice"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        read_questions(write(tmp_path / "q.jsonl", line))


def test_other_endings_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"\.csv, \.json, \.jsonl"):
        read_questions(write(tmp_path / "q.xlsx", ""))
    with pytest.raises(QuestionError, match="--questions"):
        read_questions(tmp_path / "none.jsonl")


def squad(qas: list[dict[str, object]]) -> dict[str, object]:
    context = "Sông dài 120 km. Cầu Suối Đá do ông An xây năm 1998."
    return {"data": [{"title": "Sông_Đá", "paragraphs": [{"context": context, "qas": qas}]}]}


def test_squad_gives_the_sentence_of_the_answer_as_evidence(tmp_path: Path) -> None:
    answers = [{"text": "ông An", "answer_start": 32}, {"text": "ông An", "answer_start": 32}]
    data = squad([{"id": "7", "question": "Ai xây cầu?", "answers": answers}])
    (question,) = read_questions(write(tmp_path / "q.json", json.dumps(data)))
    assert question.answers == (("ông An",),)
    assert question.evidence == (Evidence("", "Cầu Suối Đá do ông An xây năm 1998."),)
    assert question.kind == "fact"


def test_squad_2_knows_impossible_questions(tmp_path: Path) -> None:
    data = squad([{"id": "8", "question": "Ai phá cầu?", "answers": [], "is_impossible": True}])
    (question,) = read_questions(write(tmp_path / "q.json", json.dumps(data)))
    assert question.absent
    assert question.kind == "absent"


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"data": [{}]},
        {"data": 3},
        squad([{"question": "?"}]),
        squad([{"id": "1", "question": "?", "answers": []}]),
    ],
)
def test_what_is_not_squad_is_told(tmp_path: Path, data: object) -> None:
    with pytest.raises(QuestionError, match=r"q\.json"):
        read_questions(write(tmp_path / "q.json", json.dumps(data)))


def test_squad_paragraphs_become_articles() -> None:
    data = squad([{"id": "7", "question": "?", "answers": [{"text": "An", "answer_start": 36}]}])
    (line,) = squad_articles(data, "q.json")
    assert json.loads(line)["id"] == "Sông_Đá-1"
    assert json.loads(line)["title"] == "Sông Đá"


@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_separates_spellings_and_parts(tmp_path: Path, separator: str) -> None:
    head = separator.join(["question", "answer", "article", "quote"])
    row = separator.join(
        ['"Ai, ở đâu?"', "ông An | An || Hà Nội", "a.txt || b.txt", "Ông An đến || ở Hà Nội"]
    )
    (question,) = read_questions(write(tmp_path / "q.csv", f"\ufeff{head}\n{row}\n"))
    assert question.text == "Ai, ở đâu?"
    assert question.answers == (("ông An", "An"), ("Hà Nội",))
    assert question.evidence == (Evidence("a.txt", "Ông An đến"), Evidence("b.txt", "ở Hà Nội"))


def test_csv_needs_only_questions_and_answers(tmp_path: Path) -> None:
    first, second = read_questions(write(tmp_path / "q.csv", "question,answer\nAi?,An\nỞ đâu?,\n"))
    assert first.answers == (("An",),)
    assert second.absent


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cau hoi,tra loi\n", "the first line must name"),
        ("question,answer,color\n", "it names answer, color, question"),
        ("question,answer\nAi?,An,thừa\n", "line 2 has more cells"),
        ("question,answer,article,quote\nAi?,An,a||b||c,x||y\n", "3 articles for 2 quotes"),
    ],
)
def test_csv_faults(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        read_questions(write(tmp_path / "q.csv", text))


def test_a_sample_keeps_the_order_and_has_all_kinds() -> None:
    questions = [replace(SOUND, id=f"n{i}") for i in range(9)] + [
        replace(ABSENT, id=f"x{i}") for i in range(9)
    ]
    ids = [q.id for q in choose(questions, limit=6, seed=1)]
    assert ids == sorted(ids) and [one[0] for one in ids] == ["n"] * 3 + ["x"] * 3
    assert ids == [q.id for q in choose(questions, limit=6, seed=1)]
    assert ids != [q.id for q in choose(questions, limit=6, seed=2)]
    assert set(ids) < {q.id for q in choose(questions, limit=7, seed=1)}
    assert [q.kind for q in choose(questions, kinds=["absent"], limit=1)] == ["absent"]
    assert len(choose(questions, split="dev")) == 18
    with pytest.raises(QuestionError, match="dev/absent"):
        choose(questions, split="test")


def test_a_quote_is_found_whatever_the_white_space_and_tone_placement() -> None:
    assert locate("toàn  huyện\nkết nạp", ARTICLE.text) == (
        ARTICLE.text.index("toàn"),
        ARTICLE.text.index(" 82"),
    )
    assert locate("hoà bình", "về hòa bình") == (3, 11)
    assert locate("không có câu này", ARTICLE.text) is None
    assert locate(" ", ARTICLE.text) is None


def test_a_quote_of_a_table_names_cells_of_one_row_in_their_order() -> None:
    rows = "| Xã | Hộ | Nghèo |\n|---|---|---|\n| Khe | 1.245 | 45 |\n| Vạc | 45 | 7,5 |"
    assert locate("Khe | 1.245", rows) == (rows.index("Khe"), rows.index(" | 45 |"))
    assert locate("Khe | 45", rows) == (rows.index("Khe"), rows.index(" |\n| Vạc"))
    assert locate("Khe | 45", "Xã: Khe; Hộ: 1.245; Nghèo: 45") == (4, 29)
    assert locate("Khe | 7,5", rows) is None, "another row"
    assert locate("Khe | 245", rows) is None, "a part of a number"
    assert locate("Vạc | 7", rows) is None, "a number that goes on"
    assert locate("| Vạc | 45 |", rows) == (rows.index("Vạc"), rows.index(" | 7,5"))


def test_missing_articles_are_named() -> None:
    assert missing_articles([SOUND, ABSENT], [ARTICLE]) == []
    assert missing_articles([SOUND], [replace(ARTICLE, source="tin/a.txt", id="7")]) == []
    assert missing_articles([SOUND], [replace(ARTICLE, source="tin/aa.txt", id="7")]) == ["a.txt"]


def test_a_sound_set_has_no_faults() -> None:
    assert check([SOUND, ABSENT], [ARTICLE]) == []


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (replace(SOUND, evidence=(Evidence("a.txt", "kết nạp 83 đảng viên"),)), "quotes what does not stand"),
        (replace(SOUND, evidence=(Evidence("b.txt", "kết nạp 82 đảng viên"),)), "not there: b.txt"),
        (replace(SOUND, evidence=()), "no evidence"),
        (replace(SOUND, answers=(("90",),)), "no quote holds"),
        (replace(SOUND, text="Toàn huyện kết nạp 82 đảng viên mới phải không?"), "copies 8 consecutive"),
        (replace(SOUND, text="Có đúng 82 người không? 82 đảng viên?"), "gives its answer away"),
        (replace(SOUND, kind="absent"), "of kind absent and has an answer"),
        (replace(SOUND, kind="unaccented"), "unaccented and has accents"),
        (replace(SOUND, kind="follow_up"), "needs 'follows'"),
        (replace(SOUND, kind="conversation"), "of kind conversation and needs 'follows'"),
        (replace(SOUND, follows=("Ai?",)), "not of kind follow_up"),
        (replace(SOUND, kind="list"), "two parts of an answer or more"),
        (replace(SOUND, kind="yesno"), "needs a 'verdict' and kind yesno"),
        (replace(SOUND, verdict="yes"), "needs a 'verdict' and kind yesno"),
        (replace(SOUND, kind="yesno", verdict="not_told"), "the verdict not_told and an answer"),
        (replace(ABSENT, kind="yesno", verdict="no"), "the verdict no and no answer"),
        (
            replace(SOUND, kind="yesno", verdict="no", text="Chỉ có 82 đảng viên mới phải không?"),
            "gives its answer away",
        ),
        (replace(SOUND, kind="far"), "of kind far and has an answer"),
        (replace(SOUND, note="ho\u0300a"), "note is not in Unicode form NFC"),
        (replace(ABSENT, kind="fact"), "not absent"),
        (replace(ABSENT, evidence=SOUND.evidence), "yet evidence"),
        (
            replace(ABSENT, text="Ai chủ trì hội nghị huyện Kim Liên kết nạp đảng viên?"),
            "may be answered by a.txt",
        ),
    ],
)
def test_each_fault_is_found(question: Question, message: str) -> None:
    problems = check([question], [ARTICLE])
    assert any(message in problem.text for problem in problems), problems


def test_yes_no_questions_are_sound_with_their_verdict() -> None:
    yes = replace(SOUND, kind="yesno", verdict="yes", text="Có phải Kim Liên có thêm đảng viên không?")
    no = replace(SOUND, id="q2", kind="yesno", verdict="no", text="Kim Liên có thêm 90 đảng viên phải không?")
    untold = replace(ABSENT, kind="yesno", verdict="not_told", text="Fansipan cao hơn núi Bà phải không?")
    assert check([yes, no, untold, replace(ABSENT, kind="far")], [ARTICLE]) == []


def test_a_note_vouches_for_an_absent_question_that_comes_near() -> None:
    near = replace(
        ABSENT, text="Ai chủ trì hội nghị huyện Kim Liên kết nạp đảng viên?", note="another year is meant"
    )
    assert check([near], [ARTICLE]) == []
    (place,) = nearest_places([near], [ARTICLE])
    assert place.share >= 0.85
    assert "Trần Văn An" in place.text


def test_repeated_questions_and_articles_in_both_splits_are_faults() -> None:
    again = replace(SOUND, id="q2", text="huyện kim liên đã có thêm bao nhiêu đảng viên")
    (problem,) = check([SOUND, again], [ARTICLE])
    assert problem.text == "asks the same as q1"
    other = replace(SOUND, id="q3", split="test", text="Kết quả phát triển Đảng?")
    (problem,) = check([SOUND, other], [ARTICLE])
    assert problem.text == "is of split test, its article a.txt of dev"


def test_the_longest_shared_run_is_counted_in_syllables_without_accents() -> None:
    assert longest_shared_run("Ket nap bao nhiêu đảng viên mới?", "kết nạp 82 đảng viên mới") == 3
    assert longest_shared_run("", "kết nạp") == 0


@pytest.mark.slow
@pytest.mark.parametrize(("questions", "corpus"), [(QUESTIONS, CORPUS), (NEW_QUESTIONS, NEW_CORPUS)])
def test_our_own_questions_are_sound(questions: Path, corpus: Path) -> None:
    items = list(read_folder(corpus))
    articles = [item for item in items if isinstance(item, Article)]
    assert articles == items, "every document of the corpus can be read"
    assert check(read_questions(questions), articles) == []


def test_every_article_of_our_own_is_asked_about() -> None:
    for questions, corpus in ((QUESTIONS, CORPUS), (NEW_QUESTIONS, NEW_CORPUS)):
        asked = {evidence.article for one in read_questions(questions) for evidence in one.evidence}
        assert asked == {path.name for path in corpus.iterdir()}
