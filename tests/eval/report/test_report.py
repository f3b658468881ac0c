"""The page: complete, needing nothing else, and safe to open whatever the articles hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.errors import RunError
from eval.files import KEPT, read_result, write_result
from eval.metrics.intervals import Estimate
from eval.report.cards import answer_markup, missed_rank, passage_markup, worst
from eval.report.numbers import decimal, interval, milliseconds, percent, seconds, write
from eval.report.page import report
from eval.report.plots import kinds_plot, risk_plot
from eval.report.readme import DOCUMENTS, DRAWING, DRAWN, filled
from eval.report.records import RunRecord, run_record
from eval.report.strings import strings
from eval.report.tables import measures_table
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
    Stage,
    System,
)

ROOT = Path(__file__).parents[3]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> ![a](http://evil.test/a.png) & “ngoặc”"
WORDS, ENGLISH = strings("vi"), strings("en")


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
        manner="not_told" if refused else "sure",
        probability=0.1 * number,
        quoted=False,
        standalone=question.text,
        refused=refused,
        quotes=() if refused else (Quote(1, "a.txt", 24, 36, "82 đảng viên", 0.9, right),),
        passages=(passage,),
        seconds_retrieve=0.05,
        seconds_first=1.5,
        seconds_total=2.0 + number,
        prompt_tokens=600,
        output_tokens=20,
    )
    scores = Scores(
        stage=stage,
        right=right,
        marked_wrong=not right and not refused,
        found=stage != "not_found",
        cited=right,
        citations_right=int(right),
        ranks=(1 if right else 4,),
        searches=True,
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
        links = [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")]
        self.links += [link for link in links if not link.startswith("#")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

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
    assert "url(" not in page.replace("url(#", "") and "@import" not in page
    named = re.sub(
        r'http-equiv|xmlns(?::\w+)?="http[^"]*"', "", page
    )  # names of XML, which nothing is fetched from
    assert "http" not in named
    assert reader.tags.count("svg") == 2


def test_the_page_tells_everything_in_both_languages() -> None:
    vietnamese = " ".join(read(report(MIXED)).text)
    for text in (
        "Kết quả đánh giá", "4 câu hỏi từ questions.jsonl, trả lời lúc 10:00 22/11/2026.", "25%", "Từ chối nhầm",
        "Dùng mà vẫn sai", "Sai mà có dẫn nguồn",
        "my_own_kind", "RAG sách giáo khoa", "2,5 GB", "Câu hỏi số 3?", "0123456789", "encoder@1",
        "setting · split", "hoidap · passages",
    ):  # fmt: skip
        assert text in vietnamese, text
    english = " ".join(read(report(MIXED, "en")).text)
    assert "Compared with the last time" not in english
    for text in (
        "Evaluation",
        "Wrongly refused",
        "Textbook chain",
        "2.5 GB",
        "Risk and coverage",
        "Wrong with a proof mark",
    ):
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
    bare = [replace(r, scores=replace(r.scores, searches=False, confidence=None, found=None)) for r in broken]
    text = " ".join(read(report(make_run(*bare))).text)
    assert "The model broke." in text
    assert "Gặp lỗi" in text
    assert "–" in text


def test_the_surest_failures_come_first() -> None:
    rows = [row(n, "misused") for n in range(1, 9)] + [row(9, "right")]
    ((stage, shown),) = worst(rows)
    assert stage == "misused"
    assert [one.question.id for one in shown] == ["q8", "q7", "q6", "q5", "q4"]


def test_a_card_tells_where_missed_evidence_stood() -> None:
    missed = row(1, "not_found")
    assert missed_rank(missed) is None, "its passage holds the evidence"
    passage = replace(missed.reply.passages[0], holds=())
    missed = replace(missed, reply=replace(missed.reply, passages=(passage,)))
    assert missed_rank(missed) == 4
    text = " ".join(read(report(make_run(missed))).text)
    for expected in ("đoạn đúng đứng thứ 4", "Đáp án 82", "3,0 s"):
        assert expected in " ".join(text.split()), expected
    assert "Đã tìm" not in text


def test_the_page_tells_what_changed_since_an_earlier_result() -> None:
    earlier = make_run(row(1, "misused"), row(2, "right"), *MIXED.systems[0].rows[2:])
    text = " ".join(read(report(MIXED, "en", earlier)).text)
    assert "Compared with the last time" in text
    assert "Now wrong (1)" in text and "q2  Câu hỏi số 2?  [Right → Not found]" in text
    assert "Now right (1)" in text and "q1  Câu hỏi số 1?  [Used but wrong → Right]" in text


def test_marks_are_raised_and_those_of_wrong_citations_set_apart() -> None:
    quotes = (Quote(1, "a.txt", 0, 2, "82", 0.9, True), Quote(2, "b.txt", 0, 4, "Nhất", 0.9, False))
    reply = Reply(text="Có 82. [1] Nhất <tỉnh>. [2]", quotes=quotes)
    assert answer_markup(reply, WORDS) == (
        'Có 82. <sup>1</sup> Nhất &lt;tỉnh&gt;. <sup class="beside" title="dẫn không trúng">2</sup>'
    )


def test_evidence_and_citations_may_overlap_in_a_passage() -> None:
    passage = Passage("a.txt", "T", 100, 130, "Có 82 đảng viên mới ở <huyện>.", 0.5, (0,))
    made = row(1, "right")
    cited = replace(made, reply=replace(made.reply, quotes=(Quote(1, "a.txt", 111, 119, "viên mới", 0.9),)))
    markup = passage_markup(cited, passage)
    assert re.sub("<[^>]*>", "", markup) == "Có 82 đảng viên mới ở &lt;huyện&gt;."
    assert markup.count("<mark>") == 2
    assert '<mark><span class="cited">viên</span></mark><span class="cited"> mới</span>' in markup


def test_numbers_are_written_as_people_of_the_language_do() -> None:
    assert decimal(3772.5, 1, WORDS) == "3.772,5"
    assert decimal(3772.5, 1, ENGLISH) == "3,772.5"
    assert percent(0.126, WORDS, 1) == "12,6%"
    assert [seconds(0.042, WORDS), seconds(12.34, ENGLISH), seconds(123.4, WORDS)] == [
        "0,04 s",
        "12.3 s",
        "123 s",
    ]
    shown = [milliseconds(0.0042, WORDS), milliseconds(0.05, ENGLISH), milliseconds(None, ENGLISH)]
    assert shown == ["4,2 ms", "50 ms", "–"]
    assert write(None, "right", WORDS) == "–"
    assert write(0.5, "short_f1", WORDS) == "0,500"
    assert interval(Estimate(0.5, 0.25, 0.75, 4, 4), "right", WORDS) == "25–75"
    assert interval(Estimate(None, None, None, 0, 4), "right", WORDS) == ""


def texts(plot: str) -> list[str]:
    """What is written in a drawing."""
    tree = ElementTree.fromstring(plot)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    return ["".join(text.itertext()) for text in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_the_plot_of_kinds_names_kinds_and_systems() -> None:
    system = replace(MIXED.systems[1], name="a & <b>")
    plot = kinds_plot(run_record(replace(MIXED, systems=(MIXED.systems[0], system))), strings("en"))
    assert {"hoidap", "a & <b>", "All (4)", "my_own_kind (1)", "Number (1)", "100%"} <= set(texts(plot))
    assert plot == kinds_plot(run_record(replace(MIXED, systems=(MIXED.systems[0], system))), strings("en"))


def test_the_plot_of_risk_is_left_out_where_nothing_was_answered() -> None:
    assert {"hoidap", "Textbook chain", "risk"} <= set(texts(risk_plot(MIXED.systems, strings("en"))))
    refused = replace(MIXED.systems[0], rows=(row(1, "wrongly_refused"),))
    assert risk_plot([refused], strings("en")) == ""


# What is kept in the repository


def test_a_kept_run_has_the_scores_and_no_passages(tmp_path: Path) -> None:
    small = run_record(MIXED)
    main, textbook = small.systems
    assert (main.sizes["fact"], main.scores["all"]["right"].value) == (2, 0.25)
    assert main.stages["number"] == {"misused": 1}
    assert [(row.id, row.stage, row.said[:6]) for row in main.rows[:2]] == [
        ("q1", "right", "Có 82 "),
        ("q2", "not_found", "Có 82 "),
    ]
    assert [row.said for row in textbook.rows] == ["", ""]
    write_result(small, tmp_path / "own.json")
    assert read_result(tmp_path / "own.json", RunRecord) == small
    assert "mới.\\n\\nHết" not in (tmp_path / "own.json").read_text(encoding="utf-8")


def test_tables_are_filled_between_their_marks(tmp_path: Path) -> None:
    write_result(run_record(MIXED), tmp_path / KEPT / "own.json")
    text = "Trước\n<!-- table {} own -->\nold\n<!-- end of table -->\nSau\n"
    kinds = filled(text.format("kinds"), tmp_path)
    assert kinds.startswith(
        "Trước\n<!-- table kinds own -->\n| Kind | Questions | Found | Right | Wrong with a proof mark |"
    )
    assert "old" not in kinds and kinds.endswith("<!-- end of table -->\nSau\n")
    assert "| Number | 1 | 100% | 0% | 100% | 0% | 0% | 5.0 s |" in kinds
    assert "questions.jsonl · llm@1, encoder@1 · revision 01234567 · 2026-11-22" in kinds
    assert filled(kinds, tmp_path) == kinds
    systems = filled(text.format("systems"), tmp_path)
    assert "| Measure | hoidap | Textbook chain |" in systems
    assert re.search(r"\| Right \| 25% \(.*\) \| 50% \(", systems)
    assert "| Follow-up |" not in filled(text.format("failures"), tmp_path)
    with pytest.raises(RunError, match="no table 'magic'"):
        filled(text.format("magic"), tmp_path)
    with pytest.raises(RunError, match=r"none\.json cannot be read"):
        filled("<!-- table kinds none -->\n<!-- end of table -->", tmp_path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_tables_of_the_documents_are_the_kept_results(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert filled(text, ROOT) == text, "run 'hoidap eval keep' and commit what it changes"


def test_the_plot_of_the_documents_is_the_kept_result() -> None:
    drawn = (ROOT / DRAWING).read_text(encoding="utf-8")
    made = kinds_plot(read_result(ROOT / KEPT / f"{DRAWN}.json", RunRecord), strings("en"))
    assert texts(made) == texts(drawn), "run 'hoidap eval keep' and commit what it changes"


def test_a_measure_that_an_older_result_has_not_is_a_dash() -> None:
    kept = run_record(MIXED)
    older = replace(kept.systems[1], scores={"all": {"right": kept.systems[1].scores["all"]["right"]}})
    table = measures_table(replace(kept, systems=(older,)), ENGLISH, ("right", "marked_wrong"))
    assert table[1][1].startswith("50% (") and table[2] == ["Wrong with a proof mark", "–"]
