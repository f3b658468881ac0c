"""Is there enough evidence to answer?

Two questions are asked, each by a logistic model over a few named features: before the model writes, whether
the passages are about the question; afterwards, whether they carry the answer.  The coefficients are data,
fitted by ``python -m eval.calibrate`` on development questions of two corpora.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import resources

from pydantic import BaseModel, ConfigDict

from index.schema import Hit
from rag.caution import Caution, raised
from rag.question import share_named
from rag.schema import Citation, Extract, Statement


class Logistic(BaseModel):
    """A logistic model: weights by feature name, bias, and the probability below which to refuse."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[str, float]
    bias: float
    threshold: float

    def probability(self, features: dict[str, float]) -> float:
        """Give the probability that the answer is told; every feature of the model must be given."""
        logit = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    def with_caution(self, caution: Caution) -> Logistic:
        """Give the model with the threshold that a person's caution makes of it."""
        return self.model_copy(update={"threshold": raised(self.threshold, caution)})


class Calibration(BaseModel):
    """The models: ``evidence`` before the writing, ``support`` after it, ``extract`` of a reader's span.

    An extract below its threshold is not shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: Logistic
    support: Logistic
    extract: Logistic | None = None

    def with_caution(self, caution: Caution) -> Calibration:
        """Give the models as a person's caution makes them; what is shown of an extract stays."""
        changed = {
            "evidence": self.evidence.with_caution(caution),
            "support": self.support.with_caution(caution),
        }
        return self.model_copy(update=changed)


def load_calibration(*, reader: bool) -> Calibration:
    """Read the coefficients that come with the package, for an assistant with a reader or without."""
    name = "calibration-reader.json" if reader else "calibration.json"
    return Calibration.model_validate_json(resources.files("rag").joinpath(name).read_text(encoding="utf-8"))


def evidence_features(
    question: str, hits: Sequence[Hit], background: float, extracts: Sequence[Extract]
) -> dict[str, float]:
    """Describe what search and reader found; all zero when it found nothing.

    ``above`` is how far the best passage stands above the ``background``, the rest of the store; ``named`` is the
    share of the question's names that its article tells.
    """
    if not hits:
        return dict.fromkeys(("lexical", "dense", "above", "named", "extract"), 0.0)
    return {
        "lexical": max(hit.lexical for hit in hits),
        "dense": max(hit.dense for hit in hits),
        "above": max(hit.score for hit in hits) - background,
        "named": share_named(question, [hits[0].chunk.article]),
        "extract": extracts[0].confidence if extracts else 0.0,
    }


def support_features(
    question: str,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    mean_logprob: float | None,
    agreement: float,
    *,
    quoted: bool = False,
) -> dict[str, float]:
    """Describe how the written answer stands on the passages; the features of the evidence go with them.

    ``agreement`` is that of the answer with what the reader found in the passages; ``cited`` is the share of the
    question's names that the cited articles tell; ``quoted`` is whether an article is quoted in place of a reply.
    """
    scores = {citation.mark: citation.score for citation in citations}
    best = [max(scores[mark] for mark in statement.marks) for statement in statements if statement.marks]
    return {
        "supported": len(best) / len(statements) if statements else 0.0,
        "support": max(best, default=0.0),
        "cited": share_named(question, [citation.hit.chunk.article for citation in citations]),
        "logprob": _USUAL_LOGPROB if mean_logprob is None else mean_logprob,
        "agreement": agreement,
        "quoted": float(quoted),
    }


_USUAL_LOGPROB = -0.2
"""Stands in where an engine does not tell log-probabilities."""
