"""Stand-ins for the models, given like the real ones: deterministic, rich enough that results can be asserted."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import numpy as np

from index.schema import Article, FloatMatrix
from index.text.normalise import fold, sentence_spans, syllables
from index.text.values import find_values
from rag.proof.names import NAME
from rag.reader.decode import NOTHING_READ, Judgement, PassageReading, SentenceReading, Span
from rag.schema import MessageKind
from rag.writer.generator import GenerationEvent, Piece, Prompt, Started

_POINTS_BACK = re.compile(r"^(?:còn|con|thế|the) |\b(?:đó|này|ấy|thì sao)\b", re.IGNORECASE)

ARTICLES = (
    Article(
        "kim-lien.txt",
        "kim-lien.txt",
        "Đảng bộ huyện Kim Liên kết nạp đảng viên mới",
        "Đảng bộ huyện Kim Liên kết nạp đảng viên mới\n\n"
        "Từ đầu năm 2018 đến nay, toàn huyện kết nạp 82 đảng viên mới, đạt 59% kế hoạch năm. "
        "Hội nghị do đồng chí Trần Văn An chủ trì.",
        date(2018, 10, 3),
        place="huyện Kim Liên",
    ),
    Article(
        "ba-sen.txt",
        "ba-sen.txt",
        "Huyện Ba Sen giảm nghèo",
        "Huyện Ba Sen giảm nghèo\n\n"
        "Trong 9 tháng, huyện giảm 45 hộ nghèo, đưa tỷ lệ hộ nghèo còn 1,29%. "
        "Diện tích rừng trồng mới đạt 3.772 ha.",
        date(2020, 10, 15),
        place="huyện Ba Sen",
    ),
    Article(
        "cau.txt",
        "cau.txt",
        "Khánh thành cầu Suối Đá",
        "Khánh thành cầu Suối Đá\n\nNgày 25-6, cầu Suối Đá dài 120 m được khánh thành với kinh phí 14 tỷ đồng.",
        date(2021, 6, 26),
    ),
    Article(
        "truong.txt",
        "truong.txt",
        "Trường THPT Đồng Mai khai giảng",
        "Trường THPT Đồng Mai khai giảng\n\n"
        "Năm học này nhà trường đón 412 học sinh lớp 10. Hiệu trưởng là cô Lê Thị Hoa.",
    ),
    Article(
        "che.txt",
        "che.txt",
        "Hợp tác xã chè Tân Sơn",
        "Hợp tác xã chè Tân Sơn\n\nHTX chè Tân Sơn có 36 thành viên, mỗi năm bán 18 tấn chè khô cho UBND tỉnh.",
    ),
)


class FakeEncoder:
    """Hashes accent-free words into buckets: texts that share words are near, and nothing else is."""

    name = "fake-encoder"
    dimension = 128

    def __init__(self) -> None:
        self.encoded_passages = 0

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> FloatMatrix:
        self.encoded_passages += len(texts)
        if on_progress is not None:
            on_progress(len(texts))
        return np.stack([self._vector(text) for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in syllables(text):
            vector[zlib.crc32(fold(word).encode()) % self.dimension] += 1
        return vector / np.linalg.norm(vector)


class FakeMessages:
    """Knows the kinds of the messages that it is given, and which lean on others: these, or those that point back."""

    def __init__(
        self,
        kinds: Mapping[str, MessageKind] = MappingProxyType({}),
        follow_ups: frozenset[str] = frozenset(),
    ) -> None:
        self._kinds = kinds
        self._follow_ups = follow_ups

    def kind(self, text: str) -> MessageKind:
        return self._kinds.get(text, "question")

    def is_follow_up(self, text: str) -> bool:
        return text in self._follow_ups or _POINTS_BACK.search(text) is not None


class FakeGenerator:
    """Replays queued replies word by word and records its prompts."""

    name = "fake-llm"
    context_tokens = 4096
    trained = False

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.prompts: list[Prompt] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        self.prompts.append(prompt)
        yield Started(sum(self.count_tokens(message.text) for message in prompt.messages))
        words = self.replies.pop(0).split(" ")
        for place, word in enumerate(words[:max_tokens]):
            if stop.is_set():
                return
            yield Piece(word if place == 0 else f" {word}", 1, -0.1)


class FakeReader:
    """Reads by shared words: a sentence answers a question of which it holds most of the syllables.

    ``supporting`` of a sentence is ten times the share of the question's syllables that it holds, less five;
    ``answerable`` of a passage and the margin of its span are those of its best sentence.  The span is the first name
    for "ai", the first date for "ngày", "năm nào" or "khi nào", else the first other value, else the whole sentence.
    """

    name = "fake-reader"

    def __init__(self, verdicts: Mapping[str, float] | None = None) -> None:
        self.verdicts = dict(verdicts or {})
        self.passages_read = 0
        self.claims: list[tuple[str, str, str, str]] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageReading]:
        self.passages_read += len(passages)
        return [_read_passage(question, text) for _, text in passages]

    def judge(self, claims: Sequence[tuple[str, str, str, str]]) -> list[Judgement]:
        self.claims += claims
        return [self._judge(answer, f"{heading} {cited}") for _, answer, heading, cited in claims]

    def _judge(self, answer: str, text: str) -> Judgement:
        if (supported := self.verdicts.get(answer)) is not None:
            return Judgement(supported, 1 - supported, 0.0)
        if _share(answer, text) >= 0.8:
            return Judgement(0.9, 0.05, 0.05)
        worded = "".join(answer[start:end] for start, end in _between_values(answer))
        return Judgement(0.05, 0.9, 0.05) if _share(worded, text) >= 0.8 else Judgement(0.05, 0.05, 0.9)


def _read_passage(question: str, text: str) -> PassageReading:
    sentences = []
    for start, end in sentence_spans(text):
        supporting = 10 * _share(question, text[start:end]) - 5
        begin, stop = _words(fold(question), text[start:end])
        sentences.append(
            SentenceReading(start, end, supporting, Span(start + begin, start + stop, supporting))
        )
    if not sentences:
        return NOTHING_READ
    best = max(sentences, key=lambda sentence: sentence.supporting)
    return PassageReading(best.supporting, best.span, tuple(sentences))


def _words(asked: str, sentence: str) -> tuple[int, int]:
    if re.search(r"\bai\b", asked) and (name := re.search(rf"(?<!^){NAME}", sentence)):
        return name.span()
    wants_date = re.search(r"\bngay\b|\bnam nao\b|\bkhi nao\b", asked) is not None
    for value in find_values(sentence):
        if (value.kind == "date") == wants_date:
            return value.start, value.end
    return 0, len(sentence)


def _share(words: str, text: str) -> float:
    wanted = set(syllables(fold(words)))
    return len(wanted & set(syllables(fold(text)))) / max(len(wanted), 1)


def _between_values(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for value in find_values(text):
        yield start, value.start
        start = value.end
    yield start, len(text)
