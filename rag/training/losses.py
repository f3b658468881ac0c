"""Labels of rows, and the losses of the reader's network on them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.tokens import padded
from rag.reader.pairs import PAD, PairTokenizer, Row
from rag.training.examples import ReadingRow
from rag.training.verdicts import VerdictRow

if TYPE_CHECKING:
    import torch

LENGTH_STEP = 32
"""Rows are padded to multiples of it: torch prepares itself anew for every shape."""
_CHOICE_WEIGHT = 0.5
"""How much it counts to choose the right sentence, beside judging each one alone."""
_FAR = -1e4
"""The logit of what cannot be meant."""


@dataclass(frozen=True, slots=True)
class Target:
    """A row with its labels: places are tokens of the row, ``answerable`` is 1, 0 or -1 for no label.

    Rows of one ``group``, if it is not negative, are compared with each other.
    """

    row: Row
    answerable: int
    verdict: int
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    sentences: tuple[tuple[int, int, bool], ...] = ()
    group: int = -1


def reading_target(example: ReadingRow, tokenizer: PairTokenizer) -> Target | None:
    """The row with the tokens of its answers; ``None`` where they do not lie in it whole."""
    row = tokenizer.rows(example.question, [(example.heading, example.text)])[0]
    starts, ends = [], []
    for begin, end in example.answers:
        inside = _tokens(row, begin, end)
        if not inside or row.spans[inside[-1]][1] < end:
            return None
        starts.append(row.first + inside[0])
        ends.append(row.first + inside[-1])
    sentences = []
    for number, (begin, end) in enumerate(example.sentences):
        inside = _tokens(row, begin, end)
        if inside:
            sentences.append(
                (row.first + inside[0], row.first + inside[-1] + 1, number in example.supporting)
            )
    if example.answerable and not any(supporting for *_, supporting in sentences):
        return None
    return Target(
        row, int(example.answerable), -1, tuple(starts), tuple(ends), tuple(sentences), example.group
    )


def verdict_target(example: VerdictRow, tokenizer: PairTokenizer) -> Target:
    """The row of a judged answer."""
    row = tokenizer.verdict_row(example.question, example.answer, example.heading, example.text)
    return Target(row, -1, example.verdict)


def _tokens(row: Row, begin: int, end: int) -> list[int]:
    return [
        place
        for place, (start, stop) in enumerate(row.spans)
        if start < end and stop > begin and stop > start
    ]


def losses_of(network: torch.nn.Module, batch: list[Target]) -> dict[str, torch.Tensor]:
    """The losses of a batch by name, one for each kind of label that its rows have."""
    import torch
    from torch.nn import functional

    ids, mask = padded([target.row.ids for target in batch], PAD, LENGTH_STEP)
    tokens, passage = network(torch.from_numpy(ids), torch.from_numpy(mask))
    parts: dict[str, torch.Tensor] = {}
    reading = [number for number, target in enumerate(batch) if target.answerable >= 0]
    if reading:
        answerable = torch.tensor([float(batch[number].answerable) for number in reading])
        parts["answerable"] = functional.binary_cross_entropy_with_logits(passage[reading, 0], answerable)
        marked = [number for number in reading if batch[number].starts or not batch[number].answerable]
        if marked:
            parts["span"] = _span_loss(tokens, batch, marked, ids.shape)
        pooled: list[tuple[int, torch.Tensor]] = []
        supporting: list[bool] = []
        compared: dict[int, list[int]] = defaultdict(list)
        for number in reading:
            for begin, end, supports in batch[number].sentences:
                compared[batch[number].group].append(len(pooled))
                pooled.append((number, tokens[number, begin:end, 2].mean()))
                supporting.append(supports)
        logits, supporting_mask = torch.stack([logit for _, logit in pooled]), torch.tensor(supporting)
        parts["sentence"] = functional.binary_cross_entropy_with_logits(
            logits, supporting_mask.float(), pos_weight=torch.tensor(2.0)
        )
        weights = logits + passage[[number for number, _ in pooled], 0]
        groups = [places for group, places in compared.items() if group >= 0]
        parts["choice"] = _CHOICE_WEIGHT * choice_loss(weights, supporting_mask, groups)
        parts["inside"] = _inside_loss(tokens, batch, reading)
    judged = [number for number, target in enumerate(batch) if target.verdict >= 0]
    if judged:
        verdicts = torch.tensor([batch[number].verdict for number in judged])
        share = len(judged) / len(batch)
        parts["verdict"] = functional.cross_entropy(passage[judged, 1:], verdicts) * min(1.0, 4 * share)
    return parts


def choice_loss(weights: torch.Tensor, supporting: torch.Tensor, groups: list[list[int]]) -> torch.Tensor:
    """Cross entropy of the supporting sentences among all that were read for a question, as they compete in use.

    ``weights`` and ``supporting`` (n,) are of sentences, which ``groups`` gather by question; a question without a
    supporting sentence, or with no other, has none to choose.
    """
    import torch

    losses = [
        torch.logsumexp(weights[places], 0) - torch.logsumexp(weights[places][supporting[places]], 0)
        for places in groups
        if supporting[places].any() and not supporting[places].all()
    ]
    return torch.stack(losses).mean() if losses else weights.sum() * 0


def _span_loss(
    tokens: torch.Tensor, batch: list[Target], marked: list[int], shape: tuple[int, ...]
) -> torch.Tensor:
    """Cross entropy of the first answer's start and end; of an unanswerable window, of the first token."""
    import torch
    from torch.nn import functional

    allowed = np.zeros((len(marked), shape[1]), bool)
    allowed[:, 0] = True
    for place, number in enumerate(marked):
        row = batch[number].row
        allowed[place, row.first : row.first + len(row.spans)] = True
    logits = tokens[marked].masked_fill(~torch.from_numpy(allowed)[:, :, None], _FAR)
    starts = torch.tensor([batch[number].starts[0] if batch[number].answerable else 0 for number in marked])
    ends = torch.tensor([batch[number].ends[0] if batch[number].answerable else 0 for number in marked])
    return (
        functional.cross_entropy(logits[:, :, 0], starts) + functional.cross_entropy(logits[:, :, 1], ends)
    ) / 2


def _inside_loss(tokens: torch.Tensor, batch: list[Target], reading: list[int]) -> torch.Tensor:
    import torch
    from torch.nn import functional

    logits, labels = [], []
    for number in reading:
        target = batch[number]
        if target.answerable and not target.starts:
            continue
        label = torch.zeros(len(target.row.spans))
        for start, end in zip(target.starts, target.ends, strict=True):
            label[start - target.row.first : end + 1 - target.row.first] = 1
        logits.append(tokens[number, target.row.first : target.row.first + len(target.row.spans), 3])
        labels.append(label)
    if not logits:
        return tokens.sum() * 0
    return functional.binary_cross_entropy_with_logits(torch.cat(logits), torch.cat(labels))
