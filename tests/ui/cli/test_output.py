"""What a sync did, in words."""

from __future__ import annotations

from index.ingest.list_folder import Unreadable
from index.schema import Filters
from index.sync.sync import SyncReport
from ui.cli.output import nothing_found, passed_over_summary, problem_lines


def test_filters_are_named_only_where_there_are_some() -> None:
    within = Filters(sources=("2018",))
    assert nothing_found(0, Filters()) == "the store holds no article; read some with: hoidap sync FOLDER"
    assert nothing_found(0, within) == nothing_found(0, Filters())
    assert nothing_found(7, Filters()) == "no passage was found"
    assert nothing_found(7, within) == "no passage was found within these filters"


def test_many_rows_of_one_file_with_one_problem_are_told_in_one_line() -> None:
    rows = [Unreadable(f"bang.jsonl#{number}", "it holds no text") for number in range(1, 6)]
    other = [
        Unreadable("bang.jsonl#9", "its date is not understood"),
        Unreadable("hỏng.pdf", "it is damaged"),
    ]
    assert list(problem_lines([*rows, *other])) == [
        "not read: bang.jsonl: 5 rows, the first is bang.jsonl#1: it holds no text",
        "not read: bang.jsonl#9: its date is not understood",
        "not read: hỏng.pdf: it is damaged",
    ]


def test_a_few_rows_and_files_with_such_names_are_told_one_by_one() -> None:
    few = [Unreadable(f"bang.jsonl#{number}", "it holds no text") for number in (4, 7)]
    assert list(problem_lines(few)) == [
        "not read: bang.jsonl#4: it holds no text",
        "not read: bang.jsonl#7: it holds no text",
    ]


def test_a_file_of_which_some_pages_could_not_be_read_is_not_told_as_not_read() -> None:
    problem = Unreadable("tờ trình.pdf", "it has pictures of text (pages 2–3); install", in_part=True)
    assert list(problem_lines([problem])) == [
        "read in part: tờ trình.pdf: it has pictures of text (pages 2–3); install (the rest is stored)"
    ]


def test_what_a_person_took_out_is_told_though_nothing_else_is_passed_over() -> None:
    report = SyncReport(0, 0, 0, 0, 3, articles=3, chunks=3, problems=(), seconds=0.1, left_out=1)
    assert passed_over_summary(report) == "1 articles stay out, as you took them out"
