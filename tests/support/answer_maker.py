"""Answers as the assistant gives them, and conversations that hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index.ingest.document import Place
from index.schema import Article, Chunk, Hit, Mark
from rag.schema import Answer, Citation, Extract, Seconds, Statement
from ui.conversations.history import History

TEXT = "Tiêu đề\n\nToàn huyện kết nạp 82 đảng viên mới. Hội nghị do ông An chủ trì.\n\nBí mật ở đoạn sau."


def answer(
    question: str = "Kết nạp bao nhiêu đảng viên?", text: str = "82 đảng viên [1].", refused: bool = False
) -> Answer:
    article = Article(
        "kim.txt",
        "2018/kim.txt",
        "Tiêu đề",
        TEXT,
        date(2018, 10, 3),
        "An",
        "huyện Kim",
        "https://kim.example/1",
    )
    start = TEXT.index("Toàn huyện")
    hit = Hit(Chunk(article, 1, start, TEXT.index("\n\nBí mật")), 0.8, 1, 0.9, 0.7)
    begin = TEXT.index("kết nạp")
    quote = Citation(1, hit, begin, TEXT.index(". Hội nghị") + 1, 0.95)
    return Answer(
        question=question,
        standalone=question,
        text=text,
        refused=refused,
        statements=() if refused else (Statement(0, len(text), (1,)),),
        citations=() if refused else (quote,),
        passages=(hit,),
        seconds=Seconds(0.1, None, 2.0),
        llm="qwen 1234",
        encoder="e5 5678",
        prompt_tokens=100,
        output_tokens=9,
        dropped_marks=1,
        stopped=True,
        cut=True,
    )


def with_extract(words: str = "82 đảng viên", text: str = TEXT) -> Answer:
    plain = answer()
    [hit] = plain.passages
    chunk = replace(hit.chunk, article=replace(hit.chunk.article, text=text), end=len(text))
    found, start = replace(hit, chunk=chunk), text.index(words)
    return replace(
        plain,
        passages=(found,),
        citations=(),
        confidence=0.91,
        reader="reader 9abc",
        extract=Extract(found, start, start + len(words), 0.87),
        short_span=(plain.text.index("82"), plain.text.index("82") + 2),
    )


def ask(history: History, *answers: Answer) -> str:
    key = None
    for item in answers:
        asked = history.ask(key, item.question)
        history.finish(asked.id, item)
        key = asked.conversation
    assert key is not None
    return key


def of_a_scan() -> Answer:
    """The same answer, cited from a recognised page."""
    plain = answer()
    [hit] = plain.passages
    marks = (Mark(0, Place(page=2)), Mark(hit.chunk.start, Place(page=3), 0.914))
    found = replace(hit, chunk=replace(hit.chunk, article=replace(hit.chunk.article, marks=marks)))
    [quote] = plain.citations
    return replace(plain, passages=(found,), citations=(replace(quote, hit=found),))
