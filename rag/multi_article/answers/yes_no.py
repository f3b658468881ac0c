"""Yes-no questions: yes, no with the stated value, or the nearest sentence where neither is certain.

The trained judge decides, and a value of the question where the sentence has another: that alone is a sure no.
Where only the judge denies it, six in ten denials are right, so that it is a "có lẽ không".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.chunking import context
from index.text.values import find_values, same_value
from rag.multi_article.answers.listing import OpeningLine, listing
from rag.multi_article.gather_evidence import ScoredSentence
from rag.multi_article.values.calculate import AnswerSentence, comparable
from rag.multi_article.values.quantities import Quantity, quantities
from rag.proof.grounding import is_grounded
from rag.proof.verify import Verified
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.model import Reader
from rag.schema import Evidence, Reading

Verdict: TypeAlias = Literal["yes", "no", "open"]

_JUDGED = 3
"""Sentences that are judged, the likeliest first."""
_SURE = 0.7
"""The probability at which the judge is believed."""
_OPENING = re.compile(r"^(?:có phải|phải chăng|có đúng|đúng)(?: là| rằng)?(?: vậy)? ", re.IGNORECASE)
_CLOSING = re.compile(
    r"[,\s]+(?:có )?(?:phải|đúng)(?: vậy)? (?:không|ko|chứ|chưa)(?: ạ| nhỉ| bạn)?[\s?.!]*$", re.IGNORECASE
)
_WHETHER = re.compile(
    r"(?<!\w)có (?P<does>(?!bao nhiêu|mấy)[^?]+?) không(?: ạ| nhỉ| vậy)?[\s?.!]*$", re.IGNORECASE
)
_YET = re.compile(r"(?: hay)? chưa(?: ạ| nhỉ| vậy)?[\s?.!]*$", re.IGNORECASE)
_OTHER = re.compile(
    r"(?<!\w)(?:bao nhiêu|bao lâu|bao giờ|mấy|ai|gì|đâu|vì sao|tại sao|khi nào|lúc nào|thế nào|ra sao|nào)(?!\w)",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    r"(?:dưới|trên|hơn|quá|trong|trong vòng|ít nhất|tối thiểu|tối đa|cao nhất|gần|chưa đầy|từ|đến|tới)\s*$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(r"^(?:\s*\S+){0,2}?\s*(?:trở lên|trở xuống|đổ lên|đổ xuống)(?!\w)", re.IGNORECASE)
"""Beside a limit another value may well lie within it: a child of 4 is under 6 years old."""
_ANY = re.compile(r"(?<!\w)(?:nào|gì|ai|đâu)(?=[^?]* (?:không|chưa)(?!\w))", re.IGNORECASE)


def yes_no_claim(question: str) -> str | None:
    """The claim that a yes-no question asks to confirm, as a sentence; ``None`` for any other question.

    "Xã A đã đạt chuẩn chưa?" asks whether "Xã A đã đạt chuẩn."
    """
    text = question.strip().rstrip("?.! ")
    opened = _OPENING.sub("", text)
    closed = _CLOSING.sub("", opened)
    if closed == text:
        if _OTHER.search(_ANY.sub("", text)):
            return None
        closed = _WHETHER.sub(r"\g<does>", text) if _WHETHER.search(text) else _YET.sub("", text)
        if closed == text:
            return None
    closed = re.sub(r" không$", "", closed)
    return f"{closed[:1].upper()}{closed[1:]}."


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on a claim and the sentence that it rests on.

    ``probability`` in [0, 1] is the judge's, ``by_value`` whether another stated value alone decides it.
    """

    verdict: Verdict
    evidence: Evidence
    probability: float
    by_value: bool = False


def decide(claim: str, evidence: Sequence[Evidence], reader: Reader) -> Decision:
    """Judge a claim by the likeliest sentences; ``evidence`` is not empty.

    The judge alone denies nothing where all numbers and names of the claim are grounded: "mười bảy" is 17.
    """
    some = evidence[:_JUDGED]
    judged = reader.judge([("", claim, context(one.hit.chunk.article), one.text) for one in some])
    found: list[Decision] = []
    for one, judgement in zip(some, judged, strict=True):
        if judgement.supported >= _SURE and is_grounded(claim, "", [one]):
            found.append(Decision("yes", one, judgement.supported))
        elif (other := judgement.supported < _SURE and _has_other_value(claim, one)) or (
            judgement.contradicted >= _SURE and not (quantities(claim) and is_grounded(claim, "", [one]))
        ):
            found.append(Decision("no", one, max(judgement.contradicted, _SURE), by_value=other))
    return max(found, key=lambda one: one.probability) if found else Decision("open", some[0], 0.0)


def answer_yes_no(
    reading: Reading, reader: CalibratedReader
) -> tuple[Verified, Literal["sure", "perhaps"]] | None:
    """Answer yes or no with its sentence, or with the sentence alone, and how sure that is.

    ``None`` for another question, and where the articles do not answer.
    """
    claim = yes_no_claim(reading.query.text)
    if claim is None or not reading.evidence or reading.probability < reader.calibration.perhaps:
        return None
    decision = decide(claim, reading.evidence, reader.reader)
    is_sure = reading.probability >= reader.calibration.sure
    lead, sure = {
        "yes": (OpeningLine("Đúng vậy.", "Đúng vậy"), True),
        "no": (OpeningLine("Không, bài viết nêu khác.", "Không"), True)
        if decision.by_value
        else (OpeningLine("Có lẽ không, bài viết nêu:", "Có lẽ không"), False),
        "open": (OpeningLine("Về điều này, bài viết nêu:"), True)
        if is_sure
        else (OpeningLine("Bài viết không nêu rõ điều này. Câu gần nhất:"), False),
    }[decision.verdict]
    score = decision.probability or reading.probability
    return listing([ScoredSentence(decision.evidence, score)], lead), "sure" if sure else "perhaps"


def _has_other_value(claim: str, evidence: Evidence) -> bool:
    """Whether a sentence states another value of the same kind than the claim does: 14 "tiêu chí" for 19."""
    stated = find_values(evidence.text)
    for wanted in quantities(claim):
        value = next((one for one in find_values(claim) if one.start == wanted.start), None)
        if value is None or value.kind == "date" or any(same_value(value, one) for one in stated):
            continue
        words = AnswerSentence(claim, (wanted.start, wanted.end))
        if pair := comparable("", [words, AnswerSentence(evidence.text, evidence.short_span)]):
            return (
                not (_is_bound(claim, pair[0]) or _is_bound(evidence.text, pair[1]))
                and pair[0].unit == pair[1].unit
                and pair[0].noun == pair[1].noun
                and pair[0].amount != pair[1].amount
            )
    return False


def _is_bound(text: str, value: Quantity) -> bool:
    """Whether a value is a limit: "dưới 6 tuổi", "từ 15 độ trở lên"."""
    return bool(_BOUND_BEFORE.search(text[: value.start]) or _BOUND_AFTER.search(text[value.end :]))
