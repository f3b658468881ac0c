"""The page: complete, needing nothing else, and safe to open whatever the articles hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.cards import answer_markup, cards, passage_markup, worst
from eval.drawing import drawing
from eval.errors import RunError
from eval.figures import nice_ticks
from eval.journal import read_result, write_result
from eval.kept import KeptRun, keep_run
from eval.metrics.intervals import Estimate
from eval.numbers import decimal, interval, milliseconds, percent, seconds, write
from eval.plots import Axis, Dot, Part, Series, dot_plot, line_plot, spread, stacked_bars
from eval.readme import DOCUMENTS, DRAWING, DRAWN, KEPT, filled
from eval.report import report
from eval.schema import (
    Evidence,
    Passage,
    Provenance,
    Question,
    Quote,
    Reply,
    Row,
    Run,
    Scores,
    Sentence,
    Stage,
    System,
)
from eval.strings import strings

ROOT = Path(__file__).parents[1]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> ![a](http://evil.test/a.png) & “ngoặc”"
WORDS = strings("vi")


def row(number: int, stage: Stage, kind: str = "fact", text: str = "Có 82 đảng viên. [1]") -> Row:
    refused = stage == "wrongly_refused"
    right = stage == "right"
    question = Question(
        f"q{number}", kind, "dev", f"Câu hỏi số {number}?", (("82",),), (Evidence("a.txt", "82 đảng viên"),)
    )
    passage = Passage(
        "a.txt", "Kết nạp đảng viên", 10, 42, "Toàn huyện có 82 đảng viên mới.\n\nHết.", 0.5, (0,)
    )
    answer = Reply(
        text=text,
        standalone=question.text,
        refused=refused,
        sentences=() if refused else (Sentence(0, len(text), (1,), right),),
        quotes=() if refused else (Quote(1, "a.txt", 24, 36, "82 đảng viên", 0.9),),
        passages=(passage,),
        seconds_retrieve=0.05,
        seconds_first=1.5,
        seconds_total=2.0 + number,
        prompt_tokens=600,
        output_tokens=20,
    )
    score = float(right)
    scores = Scores(
        stage=stage,
        right=right,
        found=stage != "not_found",
        cited=right,
        ranks=(1 if right else 4,),
        searches=True,
        exact=score,
        f1=score,
        contained=score,
        citation_recall=score,
        citation_precision=score,
        unsupported=0,
        leak=None,
        confidence=None if refused else 0.1 * number,
    )
    return Row(question, answer, scores)


def make_run(*rows: Row, others: tuple[System, ...] = ()) -> Run:
    origin = Provenance(
        "2026-11-22T10:00:00+07:00", "0123456789abcdef", "questions.jsonl", "ff00", 7,
        {"split": "all", "limit": None}, {"articles": 36}, {"cores": 2},
    )  # fmt: skip
    return Run(
        origin, (System("hoidap", {"passages": 5}, "llm@1", "encoder@1", rows, 3.0, 2_500_000_000), *others)
    )


MIXED = make_run(
    row(1, "right"),
    row(2, "not_found"),
    row(3, "misused", "number"),
    row(4, "wrongly_refused", "my_own_kind"),
    others=(System("textbook", {}, "llm@1", "", (row(1, "not_used"), row(2, "right"))),),
)


class Reader(HTMLParser):
    """Checks that every element is closed and gathers tags, links and text."""

    VOID = frozenset(["meta", "link", "img", "br"])

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_the_page_needs_nothing_else() -> None:
    page = report(MIXED)
    reader = read(page)
    assert reader.links == []
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(reader.tags)
    assert "url(" not in page and "@import" not in page and "http" not in page.replace("http-equiv", "")
    assert reader.tags.count("svg") == 5


def test_the_page_tells_everything_in_both_languages() -> None:
    vietnamese = " ".join(read(report(MIXED)).text)
    for text in (
        "Kết quả đánh giá", "4 câu hỏi từ questions.jsonl, trả lời lúc 10:00 22/11/2026.", "25%", "Từ chối nhầm",
        "Dùng mà vẫn sai", "my_own_kind", "RAG sách giáo khoa", "2,5 GB", "Câu hỏi số 3?", "0123456789", "encoder@1",
        "setting · split", "hoidap · passages",
    ):  # fmt: skip
        assert text in vietnamese, text
    english = " ".join(read(report(MIXED, "en")).text)
    for text in ("Evaluation", "Wrongly refused", "Textbook chain", "2.5 GB", "Risk and coverage"):
        assert text in english, text


@pytest.mark.parametrize("stage", ["right", "misused"])
def test_nothing_from_outside_becomes_markup(stage: Stage) -> None:
    made = row(1, stage, HOSTILE, text=HOSTILE)
    question = replace(
        made.question, text=HOSTILE, answers=((HOSTILE,),), evidence=(Evidence(HOSTILE, HOSTILE),)
    )
    passage = replace(made.reply.passages[0], article=HOSTILE, title=HOSTILE, text=HOSTILE)
    made = replace(
        made, question=question, reply=replace(made.reply, passages=(passage,), standalone=HOSTILE)
    )
    run = make_run(made)
    system = replace(run.systems[0], name=HOSTILE, llm=HOSTILE, settings={HOSTILE: HOSTILE})
    page = report(replace(run, systems=(system,)))
    reader = read(page)
    assert not {"script", "img", "a"} & set(reader.tags)
    assert HOSTILE in " ".join(reader.text)


def test_a_page_of_one_system_and_of_nothing_but_errors() -> None:
    error = Reply(error="The model broke.")
    broken = [replace(row(n, "failed"), reply=error) for n in (1, 2)]
    bare = [
        replace(
            r, scores=replace(r.scores, searches=False, confidence=None, found=None, citation_recall=None)
        )
        for r in broken
    ]
    text = " ".join(read(report(make_run(*bare))).text)
    assert "The model broke." in text
    assert "Gặp lỗi" in text
    assert "–" in text


def test_the_surest_failures_come_first() -> None:
    rows = [row(n, "misused") for n in range(1, 9)] + [row(9, "right")]
    ((stage, name, shown),) = worst(rows, WORDS, "vi")
    assert (stage, name) == ("misused", "Dùng mà vẫn sai")
    assert [card.id for card in shown] == ["q8", "q7", "q6", "q5", "q4"]


def test_a_card_tells_where_missed_evidence_stood() -> None:
    missed = row(1, "not_found")
    passage = replace(missed.reply.passages[0], holds=())
    missed = replace(missed, reply=replace(missed.reply, passages=(passage,)))
    (card,) = cards([missed], WORDS, "vi")
    assert card.note == "đoạn đúng đứng thứ 4"
    assert (card.expected, card.searched, card.seconds) == ("82", "", "3,0 s")


def test_marks_are_raised_and_unsupported_sentences_set_apart() -> None:
    text = "Có 82. [1] Nhất tỉnh."
    reply = Reply(text=text, sentences=(Sentence(0, 10, (1,), True), Sentence(11, 21, (), False)))
    assert answer_markup(reply, WORDS) == (
        'Có 82. <sup>1</sup> <span class="unsupported" title="câu không có căn cứ">Nhất tỉnh.</span>'
    )


def test_evidence_and_citations_may_overlap_in_a_passage() -> None:
    passage = Passage("a.txt", "T", 100, 130, "Có 82 đảng viên mới ở <huyện>.", 0.5, (0,))
    markup = passage_markup(passage, ["82 đảng viên"], [(111, 119)])
    assert re.sub("<[^>]*>", "", markup) == "Có 82 đảng viên mới ở &lt;huyện&gt;."
    assert markup.count("<mark>") == 2
    assert '<mark><span class="cited">viên</span></mark><span class="cited"> mới</span>' in markup


def test_numbers_are_written_as_people_of_the_language_do() -> None:
    assert decimal(3772.5, 1, "vi") == "3.772,5"
    assert decimal(3772.5, 1, "en") == "3,772.5"
    assert percent(0.126, "vi", 1) == "12,6%"
    assert (seconds(0.042, "vi"), seconds(12.34, "en"), seconds(123.4, "vi")) == ("0,04 s", "12.3 s", "123 s")
    assert (milliseconds(0.0042, "vi"), milliseconds(0.05, "en"), milliseconds(None, "en")) == (
        "4,2 ms",
        "50 ms",
        "–",
    )
    assert write(None, "right", "vi") == "–"
    assert write(0.5, "f1", "vi") == "0,500"
    assert interval(Estimate(0.5, 0.25, 0.75, 4, 4), "right", "vi") == "25–75"
    assert interval(Estimate(None, None, None, 0, 4), "right", "vi") == ""


def test_names_are_moved_apart_and_stay_inside() -> None:
    assert spread([10.0, 50.0], 15, 0, 100) == [10.0, 50.0]
    assert spread([10.0, 11.0, 12.0], 15, 0, 100) == [10.0, 25.0, 40.0]
    assert spread([98.0, 99.0], 15, 0, 100) == [85.0, 100.0]
    assert spread([], 15, 0, 100) == []


@pytest.mark.parametrize(
    ("high", "ticks"),
    [
        (6.0, [0, 1, 2, 3, 4, 5, 6]),
        (20.0, [0, 5, 10, 15, 20]),
        (0.09, [0, 0.02, 0.04, 0.06, 0.08, 0.1]),
        (130.0, [0, 50, 100, 150]),
        (0.0, [0, 0.0002, 0.0004, 0.0006, 0.0008, 0.001]),
    ],
)
def test_ticks_are_round(high: float, ticks: list[float]) -> None:
    assert nice_ticks(high) == pytest.approx(ticks)


def test_plots_place_values_by_scale() -> None:
    axis = Axis(0, 2, (0, 1, 2), "k", str)
    assert (axis.place(1, 100, 50), axis.place(9, 100, 50), axis.place(-1, 100, 50)) == (125.0, 150.0, 100.0)
    plot = line_plot("Tìm kiếm", [Series("A & B", "s0", [(0, 0), (2, 2)])], axis, axis)
    assert "A &amp; B" in plot and 'aria-label="Tìm kiếm"' in plot
    assert 'd="M46.0 260.0L516.0 28.0"' in plot
    bars = stacked_bars(
        "Sai", [("Con số", [Part("Đúng", "right", 3), Part("Sai", "misused", 0), Part("x", "y", 1)])]
    )
    assert bars.count("<rect") == 2
    dots = dot_plot("Loại", [("Con số", "42", [Dot("A", "s0", 1.0, 0.5, 1.5)])], axis)
    assert dots.count("whisker") == 1


# What is kept in the repository


def test_a_kept_run_has_the_scores_and_no_passages(tmp_path: Path) -> None:
    small = keep_run(MIXED)
    main, textbook = small.systems
    assert (main.sizes["fact"], main.scores["all"]["right"].value) == (2, 0.25)
    assert main.stages["number"] == {"misused": 1}
    assert [(row.id, row.stage, row.said[:6]) for row in main.rows[:2]] == [
        ("q1", "right", "Có 82 "),
        ("q2", "not_found", "Có 82 "),
    ]
    assert [row.said for row in textbook.rows] == ["", ""]
    write_result(small, tmp_path / "own.json")
    assert read_result(tmp_path / "own.json", KeptRun) == small
    assert "mới.\\n\\nHết" not in (tmp_path / "own.json").read_text(encoding="utf-8")


def test_tables_are_filled_between_their_marks(tmp_path: Path) -> None:
    write_result(keep_run(MIXED), tmp_path / KEPT / "own.json")
    text = "Trước\n<!-- table {} own -->\nold\n<!-- end of table -->\nSau\n"
    kinds = filled(text.format("kinds"), tmp_path)
    assert kinds.startswith("Trước\n<!-- table kinds own -->\n| Kind | Questions | Found | Right |")
    assert "old" not in kinds and kinds.endswith("<!-- end of table -->\nSau\n")
    assert "| Number | 1 | 100% | 0% |" in kinds
    assert "questions.jsonl · llm@1, encoder@1 · revision 01234567 · 2026-11-22" in kinds
    assert filled(kinds, tmp_path) == kinds
    assert "| Textbook chain | 50% (" in filled(text.format("systems"), tmp_path)
    assert "| Follow-up |" not in filled(text.format("failures"), tmp_path)
    with pytest.raises(RunError, match="no table 'magic'"):
        filled(text.format("magic"), tmp_path)
    with pytest.raises(RunError, match=r"none\.json cannot be read"):
        filled("<!-- table kinds none -->\n<!-- end of table -->", tmp_path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_tables_of_the_documents_are_the_kept_results(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert filled(text, ROOT) == text, "run 'hoidap eval keep' and commit what it changes"


def test_the_documents_have_tables_and_the_results_are_small() -> None:
    marks = re.findall(
        r"<!-- table \w+ ([\w-]+) -->", "".join((ROOT / n).read_text("utf-8") for n in DOCUMENTS)
    )
    kept = {path.stem: path for path in (ROOT / KEPT).glob("*.json")}
    assert {DRAWN} <= set(marks) <= set(kept)
    assert sum(path.stat().st_size for path in kept.values()) < 1_000_000
    assert not any(re.search(r"/(home|root|work|tmp)/", path.read_text("utf-8")) for path in kept.values())


def test_the_plot_of_the_documents_is_the_kept_result() -> None:
    drawn = (ROOT / DRAWING).read_text(encoding="utf-8")
    assert drawing(read_result(ROOT / KEPT / f"{DRAWN}.json", KeptRun)) == drawn


def test_the_plot_stands_alone() -> None:
    system = replace(MIXED.systems[1], name="a & <b>")
    tree = ElementTree.fromstring(drawing(keep_run(replace(MIXED, systems=(MIXED.systems[0], system)))))
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    texts = ["".join(text.itertext()) for text in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {"hoidap", "a & <b>", "All 4", "my_own_kind 1"} <= set(texts)
