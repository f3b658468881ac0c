"""Questions over two articles, answers to them and systems that replay those: what the evaluation is tested with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.run import evaluate
from eval.schema import Evidence, Facts, Provenance, Question, Run
from index.schema import Article, Chunk, Hit
from rag.schema import Answer, Citation, Seconds, Statement, Turn

PARTY = Article(
    "kim-lien.txt",
    "kim-lien.txt",
    "Huyện Kim Liên kết nạp đảng viên",
    "Huyện Kim Liên kết nạp đảng viên\n\nNăm 2018, toàn huyện kết nạp 82 đảng viên mới. "
    "Hội nghị do đồng chí Trần Văn An chủ trì.",
)
BRIDGE = Article(
    "cau.txt",
    "cau.txt",
    "Khánh thành cầu Suối Đá",
    "Khánh thành cầu Suối Đá\n\nCầu Suối Đá dài 120 m, kinh phí 14 tỷ đồng.",
)
MEMBERS = Question(
    "n1", "number", "dev", "Kim Liên có thêm bao nhiêu đảng viên?", (("82 đảng viên", "82"),),
    (Evidence("kim-lien.txt", "toàn huyện kết nạp 82 đảng viên mới"),),
)  # fmt: skip
CHAIR = Question(
    "o1", "follow_up", "dev", "Ai chủ trì hội nghị đó?", (("Trần Văn An",),),
    (Evidence("kim-lien.txt", "Hội nghị do đồng chí Trần Văn An chủ trì"),),
    follows=("Kim Liên có thêm bao nhiêu đảng viên?",), standalone="Ai chủ trì hội nghị của Kim Liên?",
)  # fmt: skip
BOTH = Question(
    "m1", "multi", "dev", "Kim Liên thêm mấy đảng viên, cầu Suối Đá dài bao nhiêu?", (("82",), ("120 m",)),
    (Evidence("kim-lien.txt", "kết nạp 82 đảng viên"), Evidence("cau.txt", "Cầu Suối Đá dài 120 m")),
)  # fmt: skip
NOT_TOLD = Question("x1", "absent", "dev", "Đỉnh Fansipan cao bao nhiêu?", ())
QUESTIONS = (MEMBERS, CHAIR, BOTH, NOT_TOLD)
PROVENANCE = Provenance(
    "2026-11-22T10:00:00+00:00", None, "q.jsonl", "abc", 7, {}, {"articles": 2}, {"cores": 2}
)


def hit(article: Article, start: int = 0, end: int | None = None, rank: int = 1) -> Hit:
    return Hit(Chunk(article, 0, start, end or len(article.text)), 1.0, rank, 0.9, 0.5)


def quote(passage: Hit, text: str, mark: int = 1, sure: float = 0.8) -> Citation:
    start = passage.chunk.article.text.index(text)
    return Citation(mark, passage, start, start + len(text), sure)


def reply(
    question: str, text: str, passages: Sequence[Hit] = (), citations: Sequence[Citation] = ()
) -> Answer:
    """An answer of one sentence that rests on all its citations; an empty text is a refusal."""
    marks = tuple(citation.mark for citation in citations)
    return Answer(
        question=question,
        standalone=question,
        text=text or "Tôi không tìm thấy câu trả lời trong các bài viết.",
        refused=not text,
        statements=(Statement(0, len(text), marks),) if text else (),
        citations=tuple(citations),
        passages=tuple(passages),
        seconds=Seconds(0.1, 0.5, 2.0),
        llm="llm@1",
        encoder="encoder@1",
        prompt_tokens=100,
        output_tokens=20,
    )


PARTY_HIT, BRIDGE_HIT = hit(PARTY), hit(BRIDGE)
RIGHT = reply(
    MEMBERS.text,
    "Toàn huyện kết nạp 82 đảng viên mới. [1]",
    [PARTY_HIT],
    [quote(PARTY_HIT, PARTY.text[34:81])],
)


@dataclass
class Replay:
    """Gives the queued answer to each question and keeps what it was asked; an error is raised."""

    answers: dict[str, Answer | Exception]
    name: str = "hoidap"
    settings: Facts = field(default_factory=lambda: {"passages": 2})
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        found = self.answers[question]
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Searching(Replay):
    """One that can also be asked for its passages."""

    ranking: tuple[Hit, ...] = (BRIDGE_HIT, PARTY_HIT)

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        return self.ranking[:k]


def answers() -> dict[str, Answer | Exception]:
    both = reply(BOTH.text, "82 đảng viên và 120 m.", [PARTY_HIT], [quote(PARTY_HIT, "82 đảng viên")])
    return {
        MEMBERS.text: RIGHT,
        CHAIR.text: reply(CHAIR.text, "", [PARTY_HIT]),
        BOTH.text: both,
        NOT_TOLD.text: reply(NOT_TOLD.text, "Cao 120 m.", [BRIDGE_HIT], [quote(BRIDGE_HIT, "120 m")]),
    }


def finished(tmp_path: Path, **changed: Answer | Exception) -> Run:
    given = answers() | {q.text: changed[q.id] for q in QUESTIONS if q.id in changed}
    return evaluate([Searching(given)], QUESTIONS, PROVENANCE, tmp_path / "run.partial")
