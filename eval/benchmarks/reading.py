"""The reader by itself: with the paragraph given, on the development rows of its training data, and as a judge."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from eval.command_options import bar, print_json, print_text
from eval.evidence import shares_half
from eval.files import read_json, write_result
from eval.metrics.answers import contained, exact_match, f1
from eval.metrics.intervals import Estimate, mean, resampled, share
from eval.metrics.refusals import answerable_auc
from eval.provenance import now, revision
from eval.report.numbers import DASH
from eval.report.tables import align
from eval.schema import Question
from eval.sets.squad import squad_paragraphs
from index.text.normalise import normalise
from rag.reader.decode import Judgement, PassageReading, SentenceReading
from rag.reader.model import Reader
from rag.training import data as rows

T = TypeVar("T")

_JUDGED = frozenset({"contrast", "yesno"})
"""Questions whose sentences show an answer to be false or true; they are measured as verdicts."""


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """Scores by what was measured, with their intervals."""

    created: str
    revision: str | None
    reader: str
    questions: str
    seed: int
    scores: dict[str, Estimate]


def read_given(reader: Reader, asked: Sequence[tuple[str, Question]], seed: int) -> dict[str, Estimate]:
    """Read each (paragraph, question): are its words the answer, and does its likeliest sentence hold it?"""
    exact, overlap, sentences = [], [], []
    for paragraph, question in bar(asked, "paragraphs"):
        text = normalise(paragraph)
        reading = reader.read(normalise(question.text), [("", text)])[0]
        words = text[reading.span.start : reading.span.end]
        best = likeliest(reading)
        exact.append(share(exact_match(words, question.answers)))
        overlap.append(share(f1(words, question.answers)))
        sentence = text[best.start : best.end] if best else ""
        sentences.append(share(contained(sentence, question.answers)))
    return {
        "paragraph given: F1": mean(overlap, seed),
        "paragraph given: exact": mean(exact, seed),
        "paragraph given: right sentence": mean(sentences, seed),
    }


def read_rows(
    reader: Reader, asked: Sequence[rows.Question], passages: rows.TrainingData, seed: int
) -> dict[str, Estimate]:
    """Read each question with its passage: is it answerable, by each signal, and in which sentence?"""
    outcomes_by_signal: dict[str, list[tuple[float, bool]]] = {
        "told": [],
        "telling": [],
        "margin": [],
        "together": [],
    }
    found: dict[str, list[bool]] = {}
    for question in bar(asked, "rows"):
        evidence = question.evidence[0] if question.evidence else None
        passage = passages.passages[evidence.passage if evidence else question.passages[0]]
        reading = reader.read(normalise(question.text), [(passage.heading, " ".join(passage.sentences))])[0]
        best = likeliest(reading)
        if best is None:
            continue
        signals = {"told": reading.answerable, "telling": best.supporting, "margin": reading.span.margin}
        signals["together"] = signals["told"] + signals["telling"] + signals["margin"] / 2
        for name, signal in signals.items():
            outcomes_by_signal[name].append((signal, evidence is not None))
        if evidence:
            found.setdefault(question.kind, []).append(
                is_labelled_sentence(best, passage, evidence.sentences)
            )
    scores = {
        f"told or not, AUROC of {name}": resampled(answerable_auc, outcomes, seed)
        for name, outcomes in outcomes_by_signal.items()
    }
    kinds = {"all": [right for kind in found.values() for right in kind]} | dict(sorted(found.items()))
    return scores | {
        f"right sentence, {kind}": mean([share(right) for right in rights], seed)
        for kind, rights in kinds.items()
    }


def judge_rows(
    reader: Reader, judged: Sequence[rows.JudgedAnswer], passages: rows.TrainingData, seed: int, name: str
) -> dict[str, Estimate]:
    """Judge answers: how many verdicts of three are right, and how much that is contradicted is taken for supported?"""
    claims = []
    for claim in judged:
        passage = passages.passages[claim.passage]
        cited = " ".join(passage.sentences[number] for number in claim.sentences)
        claims.append((claim.question, claim.answer, passage.heading, cited))
    pairs = [
        (verdict(given), claim.verdict) for given, claim in zip(reader.judge(claims), judged, strict=True)
    ]
    return {
        f"{name}: verdicts right": mean([share(given == right) for given, right in pairs], seed),
        f"{name}: contradicted taken for supported": mean(
            [share(given == "supported") for given, right in pairs if right == "contradicted"],
            seed,
        ),
    }


def verdict(judgement: Judgement) -> rows.Verdict:
    """The likeliest of the three."""
    shares: dict[rows.Verdict, float] = {
        "supported": judgement.supported,
        "contradicted": judgement.contradicted,
        "not_told": judgement.neutral,
    }
    return max(shares, key=shares.__getitem__)


def likeliest(reading: PassageReading) -> SentenceReading | None:
    """The sentence that most likely tells what is asked."""
    return max(reading.sentences, key=lambda sentence: sentence.supporting, default=None)


def is_labelled_sentence(best: SentenceReading, passage: rows.Passage, sentences: Sequence[int]) -> bool:
    """Whether a sentence of the passage, its sentences joined by a blank, shares half of a labelled one."""
    begin = 0
    for number, sentence in enumerate(passage.sentences):
        end = begin + len(sentence)
        if number in sentences and shares_half((begin, end), (best.start, best.end)):
            return True
        begin = end + 1
    return False


def run_reading(
    args: argparse.Namespace, open_reader: Callable[[argparse.Namespace], Reader] | None = None
) -> int:
    """Measure, keep the result where one is asked for, and print its table."""
    reader = (open_reader or _open_reader)(args)
    scores = read_given(reader, _sample(_paragraphs(args.questions), args), args.seed)
    if args.training:
        data = rows.read_training_data(args.training)
        asked = [
            question
            for question in data.questions
            if question.split == "dev" and question.kind not in _JUDGED
        ]
        scores |= read_rows(reader, _sample(asked, args), data, args.seed)
        judged = [claim for claim in data.judged if claim.split == "dev"]
        groups = {"claims": [claim for claim in judged if not claim.question]}
        groups["contrasts"] = [claim for claim in judged if claim.question]
        for name, group in groups.items():
            scores |= judge_rows(reader, _sample(group, args), data, args.seed, name)
    result = ReadingResult(now(), revision(), reader.name, args.questions.name, args.seed, scores)
    if args.out:
        write_result(result, args.out)
    print_json(result) if args.json else print_text(f"{reader.name}\n\n{reading_table(scores)}")
    return 0


def reading_table(scores: dict[str, Estimate]) -> str:
    """Every score with its interval and for how many rows it is defined."""

    def formatted(estimate: Estimate) -> str:
        return (
            DASH
            if estimate.value is None
            else f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"
        )

    body = [[name, str(estimate.defined), formatted(estimate)] for name, estimate in scores.items()]
    return align([["measure", "rows", "value (95%)"], *body])


def _open_reader(args: argparse.Namespace) -> Reader:
    from rag.assemble import open_reader
    from rag.config import read_config

    return open_reader(read_config(args.config))


def _paragraphs(path: Path) -> Iterable[tuple[str, Question]]:
    return (pair for pair in squad_paragraphs(read_json(path), path.name) if not pair[1].absent)


def _sample(items: Iterable[T], args: argparse.Namespace) -> list[T]:
    every = list(items)
    if args.limit is None or args.limit >= len(every):
        return every
    return random.Random(args.seed).sample(every, args.limit)
