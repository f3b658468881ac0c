"""Names and numbers of a text, which an answer may not change and an article must have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from index.schema import Article
from index.text.normalise import CAPITAL, fold, has_accents, syllables
from index.text.terms import expand_abbreviations

NAME = rf"[{CAPITAL}]\w*(?:\s+[{CAPITAL}]\w*)*"
"""Words with capitals that follow each other."""
YEAR = re.compile(r"(?<!\d)(?:18|19|20|21)\d\d(?!\d)")
_RUN = re.compile(rf"(?<!\w){NAME}")
_SURNAMES = """
    bạch bế bùi cao châu chu đàm đặng đào đinh đỗ đoàn dương giang hà hồ hoàng hứa huỳnh khuất kiều lã lâm lê lò lục
    lương lưu lý ma mai nghiêm ngô nguyễn ninh nông phạm phan phùng quách sùng tạ tăng thái thân tô tống trần triệu
    trịnh trương vàng vi võ vũ vương
"""
_SURNAME_WORDS = frozenset(_SURNAMES.split())
_FOLDED_SURNAMES = frozenset(map(fold, _SURNAME_WORDS))
_UNIT = re.compile(
    r"\b(?:xã|phường|thị trấn|thị xã|huyện|quận|thành phố|tỉnh|thôn|xóm|bản|làng|ấp|buôn|sông|suối|hồ|núi|đèo|chợ|chùa|"
    r"đền|đình|cầu|vịnh|hội|nước)\s+$",
    re.IGNORECASE,
)
_NAMED_AFTER = re.compile(
    r"\b(?:đường|phố|trường|trung học|tiểu học|thcs|thpt|mầm non|cấp)\s+$", re.IGNORECASE
)
"""What bears the name of a person."""
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]\s+|[\"“(]\s*)$")


def share_of_names(question: str, article: Article) -> float:
    """The share of a normalised question's names and numbers that stand in an article; 1 where it has none.

    A question that the articles miss narrowly often names a commune or a year that they do not.
    """
    wanted = {*folded_names(question), *(word for word in syllables(question) if word[0].isdigit())}
    if not wanted:
        return 1.0
    day = article.date.strftime("%d/%m/%Y") if article.date else ""
    words = f" {_folded_words(f'{article.title} {article.text} {article.place or str()} {day}')} "
    return sum(f" {name} " in words for name in wanted) / len(wanted)


def folded_names(text: str) -> set[str]:
    """The runs of capitalised words of a normalised text as syllables without accents.

    A sentence's first word is left out, since its capital means nothing, unless it is the surname of a name.
    """
    return {" ".join(words) for words in _name_runs(text, fold)}


def names_are_grounded(statement: str, quote: str, question: str, article: str) -> bool:
    """Whether every name of a normalised statement stands in ``quote``, or in both ``question`` and ``article``.

    A name may stand there in pieces, as "Kim Liên Trần Văn An" does in "Trần Văn An, huyện Kim Liên"; but a person is
    not made of the words of two.  Accents count where both sides have them: "Hoa" is not "Hòa".
    """
    form = str.lower if has_accents(statement) and has_accents(quote) else fold
    runs = list(_name_runs(statement, form))
    if not runs:
        return True
    # As written too: of "LĐ-TB&XH" the run is "LĐ" alone, which is spelt out in a longer whole.
    in_quote, in_question, in_article = (
        f" {_folded_words(text, form)} / {' '.join(map(form, syllables(text)))} "
        for text in (quote, question, article)
    )

    def is_found(words: Sequence[str]) -> bool:
        piece = f" {' '.join(words)} "
        return piece in in_quote or (piece in in_question and piece in in_article)

    return all(_in_pieces(words, is_found) for words in runs)


def name_runs(text: str) -> list[str]:
    """The names of a normalised text as they are written, without the first word of a sentence that is no surname."""
    found = []
    for run in _RUN.finditer(text):
        words = run.group()
        first, _, rest = words.partition(" ")
        if _SENTENCE_START.search(text[: run.start()]) and not (rest and first.lower() in _SURNAME_WORDS):
            words = rest
        if words:
            found.append(words)
    return found


def persons(text: str) -> list[tuple[int, int]]:
    """The spans of persons in a normalised text, which have a surname and more; places are none."""
    found = []
    for run in _RUN.finditer(text):
        words = [(run.start() + word.start(), word.group()) for word in re.finditer(r"\S+", run.group())]
        first = next(
            (place for place, (_, word) in enumerate(words[:-1]) if word.lower() in _SURNAME_WORDS), None
        )
        if first is None:
            continue
        before = text[: words[first][0]]
        # "xã Mai Chẩm" is a commune; in "Chủ tịch UBND xã Đặng Thị Liễu" a person follows the office.
        is_place = _UNIT.search(before) if len(words) - first == 2 else None
        if not (is_place or _NAMED_AFTER.search(before)):
            found.append((words[first][0], run.end()))
    return found


def has_name(question: str) -> bool:
    """Whether a question names something, but for its first word and abbreviations."""
    return any(not word.isupper() for run in _RUN.findall(question.partition(" ")[2]) for word in run.split())


def _name_runs(text: str, form: Callable[[str], str]) -> Iterator[list[str]]:
    """The words of each run of capitalised words, without the first word of a sentence that is no surname."""
    for words in name_runs(text):
        if spelt := _folded_words(words, form).split():
            yield spelt


def _in_pieces(words: Sequence[str], stands: Callable[[Sequence[str]], bool], begun: bool = False) -> bool:
    """Whether the words can be cut into pieces that stand somewhere; only a leading title may stand alone."""
    if not words:
        return True
    for length in range(len(words), 0, -1):
        piece = words[:length]
        lonely = length == 1 and (begun or (len(words) > 1 and fold(piece[0]) in _FOLDED_SURNAMES))
        if not lonely and stands(piece) and _in_pieces(words[length:], stands, True):
            return True
    return False


def _folded_words(text: str, form: Callable[[str], str] = fold) -> str:
    return " ".join(form(word) for word in expand_abbreviations(syllables(text)))
