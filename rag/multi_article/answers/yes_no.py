"""Yes-no questions: yes, no with the stated value, or the nearest sentence where neither is certain.

Words of opposite meaning ("không nhận" for "nhận") and another value in the place of the question's are a sure no.  Of
623 written questions whose sentence is known 50 have such words, and 46 of these are to be denied.  For the rest the
trained judge decides.  Where only the judge denies, six in ten denials are right, so that it is a "có lẽ không".  Where
it is not sure, a sentence that has the words of the question is a "có lẽ đúng": of 132 that have all of them 98 are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.chunking import context
from index.text.normalise import fold, syllables
from index.text.values import find_values, same_value
from rag.multi_article.answers.listing import OpeningLine, listing
from rag.multi_article.gather_evidence import ScoredSentence
from rag.multi_article.values.calculate import AnswerSentence, comparable
from rag.multi_article.values.quantities import Quantity, quantities
from rag.proof.grounding import is_grounded
from rag.proof.polarity import denies, opposite_words
from rag.proof.verify import Verified
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.decode import Judgement
from rag.reader.model import Reader
from rag.schema import Evidence, Reading

Verdict: TypeAlias = Literal["yes", "likely", "no", "open"]

_JUDGED = 3
"""Sentences that are judged, the likeliest first."""
_SURE = 0.7
"""The probability at which the judge is believed."""
_MOST_WORDS, _ALL_WORDS = 0.6, 0.95
"""Shares of the claim's words that a sentence has."""
_LIKELY = {_MOST_WORDS: 0.5, _ALL_WORDS: 0.4}
"""The probability of the judge from which a sentence with so many of the words is likely to support the claim."""
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
_GLUE = frozenset(
    fold(
        "có không chưa đã được bị là của và các những này đó một người việc thì ở tại trong với cho ra đến tới cũng"
        " đang sẽ rồi hay phải đều còn mà như theo khi do từ"
    ).split()
)
"""Words that stand in every sentence."""
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

    ``probability`` in [0, 1] is the judge's, ``in_words`` whether opposite words or another value alone decide it.
    """

    verdict: Verdict
    evidence: Evidence
    probability: float
    in_words: bool = False


def decide(claim: str, evidence: Sequence[Evidence], reader: Reader) -> Decision:
    """Judge a claim by the likeliest sentences; ``evidence`` is not empty.

    The judge alone denies nothing where all numbers and names of the claim are grounded: "mười bảy" is 17.
    """
    some = evidence[:_JUDGED]
    judged = reader.judge([("", claim, context(one.hit.chunk.article), one.text) for one in some])
    found = [_decision(claim, one, judgement) for one, judgement in zip(some, judged, strict=True)]
    if opposite_words(claim, some[0].text):
        return Decision("no", some[0], max(judged[0].contradicted, _SURE), in_words=True)
    # The reader's first sentence is what the question is about; the judge denies others that only share words with it.
    clear = [one for one in found if one.verdict == "yes" or one.in_words or one is found[0]]
    return max(clear, key=lambda one: one.probability)


def _decision(claim: str, evidence: Evidence, judgement: Judgement) -> Decision:
    """What one sentence says of a claim."""
    grounded = is_grounded(claim, "", [evidence])
    if judgement.supported >= _SURE and grounded:
        return Decision("yes", evidence, judgement.supported)
    if judgement.supported < _SURE and _has_other_value(claim, evidence):
        return Decision("no", evidence, max(judgement.contradicted, _SURE), in_words=True)
    stated = _share_stated(claim, evidence) if grounded else 0.0
    likely = any(stated >= share and judgement.supported >= least for share, least in _LIKELY.items())
    if likely and not denies(evidence.text, claim):
        return Decision("likely", evidence, judgement.supported)
    if judgement.contradicted >= _SURE and stated < _ALL_WORDS and not (grounded and quantities(claim)):
        return Decision("no", evidence, judgement.contradicted)
    return _open(evidence)


def _open(evidence: Evidence) -> Decision:
    return Decision("open", evidence, 0.0)


def _share_stated(claim: str, evidence: Evidence) -> float:
    """The share of a claim's words, besides those of the article's heading, that stand in a sentence."""
    passed_over = {*syllables(fold(context(evidence.hit.chunk.article))), *_GLUE}
    words = [word for word in syllables(fold(claim)) if word not in passed_over]
    stated = set(syllables(fold(evidence.text)))
    return sum(word in stated for word in words) / len(words) if words else 0.0


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
    verdict = "open" if decision.verdict == "likely" and not is_sure else decision.verdict
    lead, sure = {
        "yes": (OpeningLine("Đúng vậy.", "Đúng vậy"), True),
        "no": (OpeningLine("Không, bài viết nêu khác.", "Không"), True)
        if decision.in_words
        else (OpeningLine("Có lẽ không, bài viết nêu:", "Có lẽ không"), False),
        "likely": (OpeningLine("Có lẽ đúng, bài viết nêu:", "Có lẽ đúng"), False),
        "open": (OpeningLine("Về điều này, bài viết nêu:"), True)
        if is_sure
        else (OpeningLine("Bài viết không nêu rõ điều này. Câu gần nhất:"), False),
    }[verdict]
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
