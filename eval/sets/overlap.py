"""Proof that no test passage and no test question is among the data that a model is trained on.

``python -m eval.sets.overlap TRAINING.jsonl…`` (or ``.json``, one value a file) compares the articles and questions
of the project's two sets with every text of those files.  Three things are faults: thirteen syllables in a row that
stand in both (as Brown et al. 2020 count them), a question of six syllables or more that is asked there word for
word, and an article that shares two invented names with one row, since one may meet by chance.  ``--public`` names a
file of real articles: what they name too is not invented.  The exit code is 1 where anything was found.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from eval.command_options import command_parser, print_text, run_command
from eval.errors import QuestionError
from eval.files import CORPUS, NEW_CORPUS, NEW_QUESTIONS, QUESTIONS, read_lines
from eval.sets.questions import read_questions
from index.ingest.read_files import read_folder
from index.schema import Article
from index.text.normalise import normalise, syllables

RUN = 13
"""So many syllables in a row are no chance."""

ASKED = 6
"""A shorter question ("Còn năm 2019 thì sao?") may be asked anywhere."""

NAMES = 2
"""So many invented names in common make two texts tell of the same invention."""

_TITLES = frozenset((
    "ông", "bà", "anh", "chị", "cụ", "em", "bác", "cô", "thầy", "xã", "huyện", "thôn", "xóm", "làng", "bản", "tỉnh",
    "thị", "trường", "công", "theo", "tại", "ở", "còn", "riêng",
))  # fmt: skip
_OFFICES = frozenset((
    "ban", "bộ", "chi", "cục", "đoàn", "đồn", "đội", "hạt", "hội", "luật", "phó", "phòng", "quỹ", "tết", "tiếng",
    "trạm", "trưởng", "ủy",
))  # fmt: skip
"""Words that begin the names of offices, laws and feasts, which are everybody's."""

_WORDS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the place that it can be found at: ``file, line`` or the id of an article or question."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a text of the test sets shares with one of the training data."""

    tested: str
    trained: str
    shared: str


def overlaps(
    passages: Sequence[Text], questions: Sequence[Text], training: Iterable[Text], public: Iterable[str] = ()
) -> list[Overlap]:
    """Everything that is shared, each place of the test sets once for each row of the training data."""
    runs = _by_run([*passages, *questions])
    asked = {words: passage.place for passage in questions if len(words := _words(passage.text)) >= ASKED}
    names_by_place = {passage.place: names(normalise(passage.text)) for passage in passages}
    invented = frozenset().union(*names_by_place.values())
    found: dict[tuple[str, str], str] = {}
    named: dict[tuple[str, str], frozenset[str]] = {}
    for row in training:
        text = normalise(row.text)
        words = tuple(syllables(text))
        for run in _runs(words):
            for place in runs.get(run, ()):
                found.setdefault((place, row.place), " ".join(run))
        if words in asked:
            found.setdefault((asked[words], row.place), row.text)
        if len(here := names(text) & invented) >= NAMES:
            shared = {place: here & of_place for place, of_place in names_by_place.items()}
            named |= {(place, row.place): both for place, both in shared.items() if len(both) >= NAMES}
    known = _named_by(public, frozenset().union(*named.values()))
    for key, both in named.items():
        if len(both - known) >= NAMES:
            found.setdefault(key, ", ".join(sorted(both - known)))
    return [Overlap(place, row, shared) for (place, row), shared in found.items()]


def _named_by(texts: Iterable[str], sought: frozenset[str]) -> frozenset[str]:
    """Those of the names that any of the texts tells as a name; only texts that hold one are taken apart."""
    held = (text for text in map(normalise, texts if sought else ()) if any(name in text for name in sought))
    return frozenset().union(*(names(text) & sought for text in held))


def names(text: str) -> frozenset[str]:
    """Names of two to four capitalised syllables of a normalised text, without a title ("Ông Lê Văn Bái")."""
    found = set()
    for match in _WORDS.finditer(text):
        for capital, group in groupby(match[0].split(), key=str.istitle):
            words = list(group)
            while words and words[0].lower() in _TITLES:
                del words[0]
            if capital and 2 <= len(words) <= 4 and _OFFICES.isdisjoint(word.lower() for word in words):
                found.add(" ".join(words))
    return frozenset(found)


def training_texts(path: Path) -> Iterator[Text]:
    """Every row of a file of JSON lines, packed by gzip or not, its texts joined and its strings of lists too.

    A file ending in ``.json`` is one row.  Raises QuestionError where it cannot be read.
    """
    lines = read_lines(path)
    for number, line in enumerate(["".join(lines)] if path.suffix == ".json" else lines, start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise QuestionError(f"{path} cannot be read as JSON lines: {error}.") from error
        yield from (Text(f"{path.name}, line {number}", text) for text in _strings(row))


def tested_passages() -> Iterator[Text]:
    """The articles of both sets, with their titles."""
    for folder in (CORPUS, NEW_CORPUS):
        for article in read_folder(folder):
            if isinstance(article, Article):
                yield Text(article.id, f"{article.title}\n{article.text}")


def tested_questions() -> Iterator[Text]:
    """The questions of both sets, those before a follow-up with them."""
    for path in (QUESTIONS, NEW_QUESTIONS):
        for question in read_questions(path):
            for text in {question.text, question.standalone_text, *question.follows}:
                yield Text(question.id, text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(syllables(normalise(text)))


def _by_run(texts: Sequence[Text]) -> Mapping[tuple[str, ...], list[str]]:
    runs: dict[tuple[str, ...], list[str]] = {}
    for passage in texts:
        for run in _runs(_words(passage.text)):
            runs.setdefault(run, []).append(passage.place)
    return runs


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (words[start : start + RUN] for start in range(len(words) - RUN + 1))


def _strings(value: object) -> Iterator[str]:
    """The texts of a row: a list of texts (the sentences of a passage) is one text, every other string its own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, list):
        if value and all(isinstance(member, str) for member in value):
            yield " ".join(value)
        else:
            for member in value:
                yield from _strings(member)


def _compare(args: argparse.Namespace) -> int:
    passages, questions = list(tested_passages()), list(tested_questions())
    rows = [row for path in args.training for row in training_texts(path)]
    public = [text.text for text in training_texts(args.public)] if args.public else []
    found = overlaps(passages, questions, rows, public)
    print_text(
        "".join(f"{overlap.tested} · {overlap.trained}: {overlap.shared}\n" for overlap in found)
        + f"{len(passages)} articles and {len(questions)} questions against {len(rows)} texts of "
        f"{len(args.training)} files: {len(found)} overlaps.\n"
    )
    return 1 if found else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print what is shared; 1 when anything is."""
    parser = command_parser("eval.sets.overlap", __doc__)
    add = parser.add_argument
    add("training", type=Path, nargs="+", metavar="TRAINING.jsonl")
    add(
        "--public",
        type=Path,
        metavar="ARTICLES.jsonl[.gz]",
        help="real articles; no name in them is invented",
    )
    return run_command(_compare, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
