"""A question typed without accents gets them back from the passages that its bare words find.

The words that matter stand in the articles, so the passages themselves tell how they are written, and the places and
authors of the whole store how names are; the words of asking, which articles seldom hold, come from a short list of
phrases.  The best sequence is found with the Viterbi algorithm over single syllables and pairs.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

from index.text.normalise import fold
from rag.proof.names import name_runs

_WORD = re.compile(r"\w+")
_LINE_END = re.compile(r"[.!?…\n]+")
_PAIR = 4.0
"""How much more a pair of syllables that was seen together counts than a single syllable."""
_PHRASES = """
là bao nhiêu. có bao nhiêu người. bao nhiêu phần trăm. bao nhiêu hộ. bao nhiêu tiền. bao nhiêu tỷ đồng. bao
nhiêu ha. được bao nhiêu. còn bao nhiêu. đạt bao nhiêu. hết bao nhiêu. tăng bao nhiêu. giảm bao nhiêu. mấy
người. mấy năm. mấy xã. ai là người. ai đã. ai chủ trì. do ai. của ai. người nào. ông nào. bà nào. cho biết.
cho hỏi. xin hỏi. tên là gì. là gì. gồm những gì. làm gì. để làm gì. về việc gì. có gì. cái gì. loại gì.
nghề gì. bị gì. chuyện gì. những gì. khi nào. lúc nào. bao giờ. ngày nào. tháng nào. năm nào. hôm nào. mấy
giờ. vào ngày. từ ngày. đến ngày. trong năm. ở đâu. tại đâu. nơi nào. chỗ nào. xã nào. huyện nào. thôn nào.
tỉnh nào. đơn vị nào. cơ quan nào. trường nào. ở xã. ở huyện. vì sao. tại sao. sao lại. vì lý do gì. do đâu.
nguyên nhân là gì. như thế nào. thế nào. ra sao. bằng cách nào. có phải. bao lâu. bao xa. dài bao nhiêu.
rộng bao nhiêu. cao bao nhiêu. nặng bao nhiêu. hay không. có không. được không. phải không. của huyện. của
xã. của tỉnh. trên địa bàn. so với. đến nay. hiện nay. năm ngoái. năm nay. trước đó. sau đó. còn lại. nhiều
nhất. ít nhất. cao nhất. thấp nhất. lớn nhất. đầu tiên. cuối cùng. tổng cộng. tất cả. mỗi năm. hằng năm. và.
với. thì. mà. không. được. đã. sẽ. đang. bị. cho. của. các. những. này. đó. kia. cũng. rồi. nữa. lại. ra.
vào. lên. xuống. thế. hội nghị. chức vụ gì. thứ mấy. lần thứ mấy. mấy lần. mấy cái. mấy con. giá bao nhiêu.
bài nào nói về. bài nào viết về. những bài nào. bài viết về. bài báo. có bao nhiêu bài. mấy bài. tin mới nhất về.
bài mới nhất. có tin gì. tóm tắt bài. ai viết bài. tác giả bài. nhắc đến. liên quan đến. liệt kê các bài. đăng ngày nào.
"""


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often syllables, and pairs of them, are written in each way; keys are accent-free."""

    single: dict[str, Counter[str]]
    pairs: Counter[tuple[str, str]]


Names: TypeAlias = Mapping[tuple[str, ...], tuple[str, ...]]
"""The words of names as they are written, by the words without accents."""


def restore_accents(question: str, passages: Sequence[str], names: Names = MappingProxyType({})) -> str:
    """Write a question of bare letters with the accents and capitals of the passages.

    Where the words of one of the ``names`` follow each other they are that name.  A word that neither they nor the
    phrases hold stays as it is; so do signs and numbers.
    """
    words = list(_WORD.finditer(question))
    phrases = _PHRASES.replace("\n", " ")  # a line of the list may end within a phrase
    counts = _counted([phrases, *passages], frozenset(fold(match.group()) for match in words))
    fixed = _names_in([fold(match.group()) for match in words], names)
    chosen = _best_sequence(
        [fixed.get(place, match.group()) for place, match in enumerate(words)], counts, fixed
    )
    restored, place = [], 0
    for match, word in zip(words, chosen, strict=True):
        restored += [question[place : match.start()], word]
        place = match.end()
    return "".join([*restored, question[place:]])


def known_names(texts: Iterable[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The names of two and more words in some texts, each as it is written most often."""
    written: defaultdict[tuple[str, ...], Counter[tuple[str, ...]]] = defaultdict(Counter)
    for text in texts:
        for run in name_runs(f"… {text}"):
            words = tuple(_WORD.findall(run))
            if len(words) > 1:
                written[tuple(map(_bare, words))][words] += 1
    return {bare: ways.most_common(1)[0][0] for bare, ways in written.items()}


def _names_in(bare: Sequence[str], names: Names) -> dict[int, str]:
    """Which words of a question belong to a name, by their places, and how that is written; the longest name counts."""
    longest = max(map(len, names), default=0)
    asking = f" {fold(' '.join(_WORD.findall(_PHRASES)))} "
    found: dict[int, str] = {}
    place = 0
    while place < len(bare):
        for length in range(min(longest, len(bare) - place), 1, -1):
            run = tuple(bare[place : place + length])
            if run in names and f" {' '.join(run)} " not in asking:
                found |= dict(enumerate(names[run], place))
                break
        else:
            length = 1
        place += length
    return found


def _best_sequence(words: Sequence[str], counts: _Counts, fixed: Mapping[int, str]) -> list[str]:
    """Choose a way of writing for each word that is not ``fixed`` so that singles and pairs are likeliest together."""
    paths: dict[str, tuple[float, list[str]]] = {"": (0.0, [])}
    for place, word in enumerate(words):
        known = None if place in fixed else counts.single.get(fold(word))
        ways = known or Counter({word: 1})
        total = sum(ways.values())
        following: dict[str, tuple[float, list[str]]] = {}
        for way, count in ways.items():
            score, before = max(
                (
                    (score + _PAIR * math.log1p(counts.pairs[previous.lower(), way.lower()]), path)
                    for previous, (score, path) in paths.items()
                ),
                key=lambda option: option[0],
            )
            following[way] = (score + math.log(count / total), [*before, way])
        paths = following
    return max(paths.values(), key=lambda option: option[0])[1]


def _counted(texts: Iterable[str], wanted: frozenset[str]) -> _Counts:
    """Count how the texts write the ``wanted`` words, given without accents, and pairs of words."""
    single: defaultdict[str, Counter[str]] = defaultdict(Counter)
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for line in _LINE_END.split(text):
            words = _WORD.findall(line)
            small = [word.lower() for word in words]
            for place, word in enumerate(words):
                bare = _bare(word)
                if bare in wanted:
                    # The first word of a sentence has its capital from there.
                    single[bare][word if place else small[0]] += 1
            pairs.update(pairwise(small))
    return _Counts(dict(single), pairs)


@lru_cache(maxsize=65536)
def _bare(word: str) -> str:
    return fold(word)
