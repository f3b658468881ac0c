"""The small model with the adapter that comes with the program."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest

from rag.assemble import open_generator
from rag.config import Config, LlmConfig
from rag.writer.generator import Message, Piece, Prompt
from rag.writer.instructions import Hint, Line, write_messages
from rag.writer.llama import LlamaGenerator
from tests.conftest import SMALL_LLM, model_path

PARTY = Line("Công tác xây dựng Đảng huyện Ba Chẽ", "Năm 2018, toàn huyện kết nạp 82 đảng viên mới.")
CELLS = Line("Công tác xây dựng Đảng huyện Ba Chẽ", "Đảng bộ huyện có 41 chi bộ thôn, khu phố.")


@pytest.fixture(scope="module")
def writer() -> Iterator[LlamaGenerator]:
    model_path(SMALL_LLM)
    generator = open_generator(Config(llm=LlmConfig(model=SMALL_LLM, context_tokens=1024)))
    assert isinstance(generator, LlamaGenerator)
    yield generator
    generator.close()


def reply(writer: LlamaGenerator, messages: tuple[Message, ...]) -> str:
    events = writer.generate(Prompt(messages), max_tokens=80, stop=threading.Event(), seconds=300)
    return "".join(event.text for event in events if isinstance(event, Piece))


@pytest.mark.model
def test_an_answer_names_its_sentence_and_marks_the_short_answer(writer: LlamaGenerator) -> None:
    assert writer.trained
    question = "Năm 2018 huyện Ba Chẽ kết nạp bao nhiêu đảng viên mới?"
    said = reply(writer, write_messages(question, [CELLS, PARTY], Hint(2, "82")))
    assert said.startswith("[2] ")
    assert any("82" in short for short in re.findall(r"\*\*(.+?)\*\*", said))
    asked = write_messages("Đảng bộ huyện có mấy chi bộ?", [CELLS, PARTY], Hint(1, "41 chi bộ thôn"))
    other = reply(writer, asked)
    assert other.startswith("[1] ")
    assert "41" in other
