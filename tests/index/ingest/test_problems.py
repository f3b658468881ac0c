"""What could not be read, as a sentence with its pages and its remedy."""

from __future__ import annotations

import pickle

from index.ingest.document import Place
from index.ingest.problems import UnreadPartsError, explain


def test_pages_are_named_in_ranges_and_each_kind_once() -> None:
    pages = [("picture-of-text", Place(page=page)) for page in (3, 1, 2, 7)]
    message = explain([*pages, ("too-long", Place(sheet="2020"))])
    assert message == (
        "it has pictures of text (pages 1–3, 7); to have them read, run: "
        "sudo apt-get install tesseract-ocr tesseract-ocr-vie. "
        "it is longer than the limit and was not read on sheet 2020; split it into smaller files"
    )


def test_pictures_of_a_file_without_pages_are_counted() -> None:
    message = explain([("picture-of-text", Place(picture=1)), ("picture-of-text", Place(picture=3))])
    assert message.startswith("it has pictures of text (pictures 1, 3); to have them read, run: ")


def test_what_has_no_page_is_told_too() -> None:
    assert explain([("embedded-file", Place())]).startswith("it holds another file on some places")


def test_an_error_of_parts_comes_back_whole_from_another_process() -> None:
    error = UnreadPartsError((("too-long", Place(page=2)),))
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), back.problems, back.code) == (
        UnreadPartsError,
        str(error),
        error.problems,
        error.code,
    )
