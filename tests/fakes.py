"""Stand-ins that enter by the front door: deterministic, and rich enough that results can be asserted."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np

from index.schema import Article, FloatMatrix
from index.text import fold, sentence_spans, syllables
from index.values import find_values
from rag.generate import GenerationEvent, Piece, Prompt, Started
from rag.reader.spans import Span

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


class FakeGenerator:
    """Replays queued replies word by word and records its prompts."""

    name = "fake-llm"
    context_tokens = 4096

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
    """Takes the first value of the sentence that shares most syllables with the question, or that sentence.

    Both logits are ten times the share of the question's syllables that the sentence holds, less five.
    """

    name = "fake-reader"

    def __init__(self) -> None:
        self.passages_read = 0

    def read(
        self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
    ) -> list[Span]:
        self.passages_read += len(passages)
        wanted = set(syllables(fold(question)))
        return [self._span(wanted, text) for _, text in passages]

    def _span(self, wanted: set[str], text: str) -> Span:
        shared, start, end = max(
            (
                (len(wanted & set(syllables(fold(text[start:end])))), start, end)
                for start, end in sentence_spans(text)
            ),
            key=lambda sentence: sentence[0],
            default=(0, 0, 0),
        )
        logit = 10 * shared / max(len(wanted), 1) - 5
        for value in find_values(text[start:end])[:1]:
            start, end = start + value.start, start + value.end
        return Span(start, end, logit, logit)
