"""Every form that an answer takes, worded by the program itself where it does so, for looks at it in a browser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fakes import FakeReader
from several_maker import CALIBRATION, answered, article, reading_of, report

from index.ingest.document import Place
from index.schema import Article, Chunk, Hit, Mark, StoredTable
from rag.citation_marks import MARK
from rag.combine_answers import combine
from rag.multi_article.answers.yes_no import answer_yes_no
from rag.reader.calibrated_reader import CalibratedReader
from rag.schema import Answer, Citation, Extract, Manner, Seconds, Statement

OPEN = "Tỷ lệ hộ nghèo giảm còn bao nhiêu?"
REPORTS = (report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%", 2020), report("Bản Vược", "11,2%"))
MANY = tuple(
    report(f"Bản {name}", f"{at},5%")
    for at, name in enumerate(["Áng", "Bon", "Cọ", "Dốc", "En", "Giàng", "Hin", "Khá", "Lếch", "Mòn"], 1)
)
FAIR = article(
    "le-hoi", "Lễ hội đình Thạch Vân",
    "Lễ hội đình Thạch Vân năm nay kéo dài 3 ngày. Phần hội có đua thuyền, kéo co và ném còn. "
    "Ban tổ chức đón chừng 12.000 lượt khách.", date(2023, 2, 5), "xã Thạch Vân",
)  # fmt: skip
VERY_LONG = "Nghịquyếtsố" * 30


def forms() -> dict[str, Answer]:
    """Answers by their question, each of another form."""
    few = REPORTS[:2]
    compare = "Tỷ lệ hộ nghèo ở Nà Lốc cao hơn ở Khe Mây bao nhiêu?"
    confirm = "Lễ hội đình Thạch Vân kéo dài 5 ngày phải không?"
    answers_by_form = {
        OPEN: of_several(OPEN, *REPORTS),
        compare: of_several(compare, *few),
        "Tỷ lệ hộ nghèo các bản giảm còn bao nhiêu?": of_several("Tỷ lệ hộ nghèo các bản giảm còn bao nhiêu?", *MANY),
        confirm: yes_no(confirm, FAIR),
        "Lập bảng tỷ lệ hộ nghèo các xã": written(
            "Lập bảng tỷ lệ hộ nghèo các xã",
            "| Xã | Tỷ lệ hộ nghèo | Ngày đăng | Ghi chú |\n| --- | --- | --- | --- |\n"
            "| Khe Mây | **8,79%** [1] | 05/12/2021 | giảm so với năm trước |\n| Nà Lốc | 15,38% [2] | 05/12/2020 | |",
            few,
        ),
        "Lễ hội có những gì?": written(
            "Lễ hội có những gì?",
            "Lễ hội gồm ba phần:\n1. Đua thuyền và kéo co [1]\n2. Ném còn [1]\n3. Đón chừng 12.000 lượt khách [1]\n\n"
            f"Chưa rõ kinh phí của lễ hội, cũng không rõ {VERY_LONG}.",
            [FAIR],
        ),
        "Bao nhiêu khách đến lễ hội?": replace(
            written("Bao nhiêu khách đến lễ hội?", "Chừng 12.000 lượt khách [1].", [FAIR], "perhaps"),
            remark="Năm nay là năm 2023.",
        ),
        "Tóm tắt bài về lễ hội": replace(
            written(
                "Tóm tắt bài về lễ hội",
                "Lễ hội đình Thạch Vân (05/02/2023):\n- Lễ hội năm nay kéo dài 3 ngày. [1]\n"
                "- Phần hội có đua thuyền, kéo co và ném còn. [1]",
                [FAIR],
            ),
            kind="summary",
        ),
        "Cảm ơn bạn nhé": replace(
            written("Cảm ơn bạn nhé", "Không có gì. Bạn cần hỏi gì thêm về các bài viết thì cứ hỏi nhé.", []),
            kind="thanks",
        ),
        "Trong bảng, Khe Mây còn bao nhiêu hộ nghèo?": of_a_table(),
    }  # fmt: skip
    both = f"{OPEN} Lễ hội có những gì? Giá vàng hôm nay?"
    refused = replace(written("Giá vàng hôm nay?", "Tôi không tìm thấy.", []), refused=True)
    answers_by_form[both] = combine(
        both, "several", [answers_by_form[OPEN], answers_by_form["Bao nhiêu khách đến lễ hội?"], refused]
    )
    return answers_by_form


def articles() -> list[Article]:
    """The articles that the answers cite."""
    cited = [hit.chunk.article for answer in forms().values() for hit in answer.passages]
    return list({one.id: one for one in cited}.values())


def of_several(question: str, *articles: Article) -> Answer:
    """What the program words over several articles."""
    worded = answered(question, *articles)
    assert worded is not None, question
    hits = tuple(dict.fromkeys(citation.hit for citation in worded.verified.citations))
    base = replace(_answer(question, worded.verified.text, hits), manner=worded.manner)
    verified = worded.verified
    return replace(
        base, statements=verified.statements, citations=verified.citations, short_span=verified.short_span
    )


def yes_no(question: str, article: Article) -> Answer:
    """What the program words of a claim."""
    found = answer_yes_no(reading_of(question, article), CalibratedReader(FakeReader(), CALIBRATION))
    assert found is not None
    verified, manner = found
    hits = tuple(dict.fromkeys(citation.hit for citation in verified.citations))
    base = replace(_answer(question, verified.text, hits), manner=manner)
    return replace(
        base, statements=verified.statements, citations=verified.citations, short_span=verified.short_span
    )


def written(question: str, text: str, articles: Sequence[Article], manner: Manner = "sure") -> Answer:
    """A text as the language model writes it; mark n cites the first sentence of article n after its title."""
    hits = tuple(
        Hit(Chunk(one, 0, 0, len(one.text)), 0.8, rank, 0.9, 0.7) for rank, one in enumerate(articles, 1)
    )
    statements = tuple(
        Statement(line.start(), line.end(), tuple(map(int, MARK.findall(line.group()))))
        for line in re.finditer(r"[^\n|]*[^\n|\s:-][^\n|]*", text)
        if articles
    )
    citations = tuple(_first_sentence(mark, hit) for mark, hit in enumerate(hits, 1))
    return replace(_answer(question, text, hits), statements=statements, citations=citations, manner=manner)


def of_a_table() -> Answer:
    """An answer from a cell, with the words of the article around it marked."""
    text = "Hộ nghèo các xã\n\nSố hộ nghèo cuối năm của từng xã.\n\nXã\tHộ nghèo\nKhe Mây\t45\nNà Lốc\t115"
    start, rows = text.index("Xã\t"), []
    for line in text[start:].split("\n"):
        cells = [(start + cell.start(), start + cell.end()) for cell in re.finditer(r"[^\t]+", line)]
        rows.append(tuple(cells))
        start += len(line) + 1
    table = StoredTable(tuple(rows), 1)
    article = Article("bang.html", "bang.html", "Hộ nghèo các xã", text, date(2023, 1, 9), tables=(table,))
    article = replace(article, marks=(Mark(0, Place(page=3), 0.93),))
    question = "Trong bảng, Khe Mây còn bao nhiêu hộ nghèo?"
    base = written(question, "Khe Mây còn 45 hộ nghèo [1].", [article])
    [hit], at = base.passages, text.index("45")
    quote = Citation(1, hit, text.index("Khe"), at + 2, 0.91)
    return replace(base, citations=(quote,), extract=Extract(hit, at, at + 2, 0.87))


def _first_sentence(mark: int, hit: Hit) -> Citation:
    text = hit.chunk.article.text
    start = text.index("\n\n") + 2
    found = re.search(r"[.!?](?=\s|$)", text[start:])
    return Citation(mark, hit, start, start + (found.end() if found else 1), 0.9 - 0.1 * mark)


def _answer(question: str, text: str, hits: Sequence[Hit]) -> Answer:
    return Answer(
        question, question, text, False, (), (), tuple(hits), Seconds(0.1, 0.4, 2.3),
        "qwen2.5-coder-1.5b q4_k_m (cc324af0)", "multilingual-e5-small (1571fc98)", reader="reader@0a1b2c3d",
    )  # fmt: skip
