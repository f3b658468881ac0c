"""Fit the classifiers of messages: ``python -m rag.training.messages [DATA] --out FILE``.

Two linear models over the vectors of the standard encoder (``rag/query/message_kind.py``): the kind of a message, from
``messages*.jsonl`` and plain questions of the other files, and whether it is a follow-up of earlier ones, from the
conversations.  The forms of ``messages-forms.json`` are filled in with other subjects each time, so that a kind is not
learnt by its subjects.  What is printed are the errors on rows of ``dev``, which were not learnt.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Encoder
from index.errors import IndexingError
from index.text.normalise import fold, normalise
from rag.assemble import open_encoder
from rag.config import Config
from rag.errors import AnsweringError
from rag.query.message_kind import ClassifierWeights, features, most_likely_kind, probabilities, save_weights
from rag.query.typing_errors import correct_typing
from rag.schema import MessageKind
from rag.training.data import Split, TrainingDataError

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

_ANSWERED = frozenset(("question", "yesno", "compare", "table", "check", "correction"))
"""Kinds of the files that are all answered from passages."""
_SENTENCES_OF_QUESTIONS = ("questions", "absent", "hard", "several", "yesno")
_PLAIN, _FILLED, _BARE = 2500, 4, 0.3
"""Plain questions that are learnt, times that a form is filled in, and the share of rows learnt without accents."""
_WEIGHT_OF_QUESTION = 0.5
_WRONG = 0.008
"""The share of plain questions that may be taken for something else."""
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its label: a kind, or ``follow_up`` or ``standalone``."""

    text: str
    label: str
    split: Split


def kind_rows(folder: Path, rng: random.Random) -> list[Row]:
    """Messages and plain questions with their kinds."""
    rows = [
        Row(row["message"], "question" if row["kind"] in _ANSWERED else row["kind"], row["split"])
        for name in ("messages.jsonl", "messages-more.jsonl")
        for row in _read(folder / name)
    ]
    rows += list(_filled(folder / "messages-forms.json", rng))
    plain = [
        Row(row["question"], "question", row["split"])
        for name in _SENTENCES_OF_QUESTIONS
        for row in _read(folder / f"{name}.jsonl")
        if row.get("question")
    ]
    rows += rng.sample([row for row in plain if row.split == "train"], _PLAIN)
    rows += [row for row in plain if row.split == "dev"]
    rows += [
        replace(row, label="question")
        for row in follow_up_rows(folder, talk=False)
        if row.label == "follow_up"
    ]
    bare = [row for row in rows if row.split == "dev" or row.label != "question" or rng.random() < _BARE]
    return _distinct(rows + [replace(row, text=fold(row.text)) for row in bare])


def follow_up_rows(folder: Path, talk: bool = True) -> list[Row]:
    """What was typed in conversations, ``follow_up`` or ``standalone``, and what was meant, which is standalone.

    Without ``talk``, thanks and complaints between the questions are left out.
    """
    rows = []
    for name in ("conversations.jsonl", "follow.jsonl"):
        for row in _read(folder / name):
            if row.get("kind") == "talk" and not talk:
                continue
            is_follow_up = row["question"] != row["standalone"]
            rows.append(Row(row["question"], "follow_up" if is_follow_up else "standalone", row["split"]))
            rows.append(Row(row["standalone"], "standalone", row["split"]))
            rows += [Row(turn["question"], "standalone", row["split"]) for turn in row.get("turns", [])[:1]]
    return _distinct(rows)


def with_careless(rows: Sequence[Row]) -> list[Row]:
    """The rows, and each as it is typed in a hurry, with the same label."""
    careless = [replace(row, text=f"{row.text[:1].lower()}{row.text[1:]}".rstrip("? ")) for row in rows]
    return _distinct([*rows, *careless])


def _filled(path: Path, rng: random.Random) -> Iterator[Row]:
    """The forms, each with other subjects; what is measured has none of them."""
    data = json.loads(path.read_text(encoding="utf-8"))
    slots: dict[str, list[str]] = data["slots"]
    for kind, forms in data["forms"].items():
        for form in forms:
            for _ in range(_FILLED):
                text = re.sub(r"\{(\w+)\}", lambda slot: rng.choice(slots[slot[1]]), form)
                yield Row(text[0].upper() + text[1:] if form[0].isupper() else text, kind, "train")


def _read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file; raises TrainingDataError where it is not there or damaged."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise TrainingDataError(f"{path} cannot be read: {error}.") from error


def _distinct(rows: Sequence[Row]) -> list[Row]:
    """Every text once, as people type it after its typing errors are put right; what is measured is not learnt."""
    measured = {row.text for row in rows if row.split == "dev"}
    kept = [row for row in rows if row.split == "dev" or row.text not in measured]
    return list({row.text: replace(row, text=correct_typing(normalise(row.text))) for row in kept}.values())


def encode(encoder: Encoder, rows: Sequence[Row]) -> NDArray[np.float32]:
    """The vectors of the rows, shape (n, dimension)."""
    texts = [row.text[:1500] for row in rows]
    return np.concatenate(
        [encoder.encode_queries(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    )


def fit(
    values: NDArray[np.float32], labels: Sequence[str], weights: Sequence[float], strength: float
) -> LogisticRegression:
    """A logistic model of the rows, shape (n, features)."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=400).fit(values, labels, sample_weight=weights)


def least_probability(plain: NDArray[np.float32]) -> float:
    """The lowest threshold at which few enough plain questions, by their probability to be none, are taken wrongly."""
    return round(float(np.quantile(plain, 1 - _WRONG)) + 0.005, 3)


def train(folder: Path, encoder: Encoder) -> tuple[ClassifierWeights, str]:
    """Fit both models; returns their weights and a report of their errors on rows that were not learnt."""
    rng = random.Random(1)
    rows, follow_ups = kind_rows(folder, rng), with_careless(follow_up_rows(folder))
    vectors, others = encode(encoder, rows), encode(encoder, follow_ups)
    mean = vectors.mean(axis=0)
    values, follow_up_values = (
        features([row.text for row in rows], vectors, mean),
        features([row.text for row in follow_ups], others, mean),
    )
    learnt = [place for place, row in enumerate(rows) if row.split == "train"]
    labels = [rows[place].label for place in learnt]
    model = fit(
        values[learnt], labels, [_WEIGHT_OF_QUESTION if label == "question" else 1.0 for label in labels], 40
    )
    names: tuple[MessageKind, ...] = tuple(model.classes_.tolist())
    shares = probabilities(values @ model.coef_.T.astype(np.float32) + model.intercept_.astype(np.float32))
    question = names.index("question")
    held = [place for place, row in enumerate(rows) if row.split == "dev"]
    plain = [place for place in held if rows[place].label == "question"]
    least = least_probability(1 - shares[plain, question])

    follow_up_learnt = [place for place, row in enumerate(follow_ups) if row.split == "train"]
    follow_up_labels = [follow_ups[place].label for place in follow_up_learnt]
    counts = Counter(follow_up_labels)
    balanced = [len(follow_up_labels) / counts[label] / 2 for label in follow_up_labels]
    follow_up_model = fit(follow_up_values[follow_up_learnt], follow_up_labels, balanced, 10)
    weights = ClassifierWeights(
        names,
        mean,
        model.coef_.T,
        model.intercept_,
        follow_up_model.coef_[0],
        float(follow_up_model.intercept_[0]),
        least,
        encoder.name,
    )
    report = [_kind_report(rows, held, shares, names, least)]
    report.append(
        _follow_up_report(follow_ups, follow_up_values @ weights.follow_up + weights.follow_up_bias > 0)
    )
    return weights, "\n".join(report)


def _kind_report(
    rows: Sequence[Row],
    held: Sequence[int],
    shares: NDArray[np.float32],
    names: tuple[MessageKind, ...],
    least: float,
) -> str:
    predicted = {place: most_likely_kind(shares[place], names, least) for place in held}
    lines = [f"threshold {least}", f"{'kind':16}{'rows':>6}{'right':>7}  taken for"]
    for name in names:
        places = [place for place in held if rows[place].label == name]
        wrong = Counter(predicted[place] for place in places if predicted[place] != name)
        taken = ", ".join(f"{kind} {count}" for kind, count in wrong.most_common())
        right = 1 - sum(wrong.values()) / max(1, len(places))
        lines.append(f"{name:16}{len(places):6}{right:7.3f}  {taken}")
    return "\n".join(lines)


def _follow_up_report(rows: Sequence[Row], predicted: NDArray[np.bool_]) -> str:
    """How many follow-ups are missed, and how many questions that stand alone are taken for one."""
    held = [place for place, row in enumerate(rows) if row.split == "dev"]
    true = [predicted[place] for place in held if rows[place].label == "follow_up"]
    false = [predicted[place] for place in held if rows[place].label == "standalone"]
    return f"follow-ups: missed {true.count(False)}/{len(true)}, seen wrongly {sum(false)}/{len(false)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, report and write; 1 when an error was printed on stderr."""
    here = Path(__file__).parents[1]
    parser = argparse.ArgumentParser(
        prog="python -m rag.training.messages", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("data", type=Path, nargs="?", default=here / "training" / "written", metavar="DATA")
    parser.add_argument("--out", type=Path, default=here / "query" / "messages.safetensors", metavar="FILE")
    args = parser.parse_args(arguments)
    try:
        weights, report = train(args.data, open_encoder(Config()))
    except (AnsweringError, IndexingError) as error:
        sys.stderr.write(f"hoidap: {error}\n")
        return 1
    save_weights(weights, args.out)
    sys.stdout.write(f"{report}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
