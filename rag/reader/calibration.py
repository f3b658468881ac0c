"""Turns the reader's logits into the probability that the passages answer a question.

A logistic model over the features of ``calibrated_reader``; its coefficients are data, fitted by ``python -m
rag.training.calibrate`` on development questions that nothing was trained on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field

from rag.caution import Caution, adjusted_threshold


class Calibration(BaseModel):
    """Weights by feature name and a bias; ``sure`` and ``perhaps`` are the thresholds of the two manners of answering.

    ``supported`` is the threshold of the judge for a written sentence.  ``quoted`` is the threshold from which a
    sentence that replaces an unproved draft is a sure answer: such a draft speaks against the sentence as well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[str, float]
    bias: float
    sure: float = Field(ge=0, le=1)
    perhaps: float = Field(ge=0, le=1)
    supported: float = Field(ge=0, le=1)
    quoted: float = Field(0.0, ge=0, le=1)

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability that the passages answer; every feature of the model must be given."""
        logit = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    def with_caution(self, caution: Caution) -> Calibration:
        """Give the model with the thresholds that a person's caution makes of them."""
        return self.model_copy(
            update={
                name: adjusted_threshold(getattr(self, name), caution)
                for name in ("sure", "perhaps", "quoted")
            }
        )


def load_calibration() -> Calibration:
    """Read the coefficients that come with the package."""
    text = resources.files("rag.reader").joinpath("calibration.json").read_text(encoding="utf-8")
    return Calibration.model_validate_json(text)
