"""Teach the reader: ``python -m rag.training.reader DATA [DATA …] --out DIR``.

One network learns two things at once: to find what is asked in a passage (or that it is not there), and to judge an
answer by the sentences that it cites.  ``DIR/state.pt`` is kept every two minutes; the same command goes on from it.
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import json
import math
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from index.errors import IndexingError
from index.schema import Article
from index.text.normalise import normalise
from rag.assemble import encoder_folder
from rag.config import read_config
from rag.errors import AnsweringError
from rag.reader.network import build_network, inner_name
from rag.reader.pairs import PairTokenizer, Row, padded, padded_length
from rag.training.data import read_training_data
from rag.training.examples import ExampleMaker, ReadingRow, VerdictRow

if TYPE_CHECKING:
    import torch

_TOKENS = 4096
"""Tokens of a batch, padding counted."""
_LENGTH_STEP = 32
_SAVE_SECONDS = 120
_FAR = -1e4
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
"""Names of settings of glibc's ``mallopt``."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn; ``verdicts`` is the share of the rows that judge answers."""

    rows: int = 40_000
    rate: float = 1e-4
    warm_up: float = 0.04
    dropout: float = 0.0
    verdicts: float = 0.22
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Target:
    """A row with what is to be said of it: places are tokens of the row, ``told`` 1, 0 or -1 where not asked."""

    row: Row
    told: int
    verdict: int
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    sentences: tuple[tuple[int, int, bool], ...] = ()


def train(
    data_folders: Sequence[Path],
    folder: Path,
    out: Path,
    recipe: Recipe,
    start: Path | None,
    others: Path | None,
) -> None:
    """Learn, keeping the state in ``out`` every two minutes; go on from there when it exists."""
    import torch

    torch.manual_seed(recipe.seed)
    _keep_memory()
    network = build_network(folder, recipe.dropout)
    if start is not None:
        _start_from(network, start)
    trained = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
    # Half precision is too coarse to add up small steps: they are added to full copies.
    masters = {name: weight.detach().float().clone() for name, weight in trained.items()}
    optimiser = torch.optim.AdamW(masters.values(), lr=recipe.rate, weight_decay=0.01, fused=True)
    out.mkdir(parents=True, exist_ok=True)
    state = out / "state.pt"
    done = _resume(state, masters, optimiser)
    if _has_bfloat16():
        network = network.bfloat16()
    _copy(masters, trained)
    maker = ExampleMaker(
        read_training_data(data_folders), recipe.seed + done, _articles(others) if others else ()
    )
    network.train()
    saved = time.monotonic()
    losses: dict[str, list[float]] = defaultdict(list)
    batches = _batches(maker, PairTokenizer(folder / "tokenizer.json"), recipe)
    with tqdm(total=recipe.rows, initial=done, unit=" rows", mininterval=10) as bar:
        while done < recipe.rows:
            batch = next(batches)
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * _schedule(done / recipe.rows, recipe.warm_up)
            parts = _losses(network, batch)
            sum(parts.values()).backward()  # type: ignore[union-attr]
            for name, weight in trained.items():
                masters[name].grad = None if weight.grad is None else weight.grad.float()
                weight.grad = None
            torch.nn.utils.clip_grad_norm_(masters.values(), 1.0)
            optimiser.step()
            _copy(masters, trained)
            done += len(batch)
            bar.update(len(batch))
            for name, part in parts.items():
                losses[name].append(part.item())
            if time.monotonic() - saved > _SAVE_SECONDS or done >= recipe.rows:
                said = ", ".join(f"{name} {np.mean(part):.3f}" for name, part in losses.items())
                bar.write(f"{time.strftime('%H:%M:%S')} {done} rows: {said}", file=sys.stdout)
                sys.stdout.flush()
                losses.clear()
                _save(state, masters, optimiser, done)
                export(masters, out / "weights.safetensors")
                saved = time.monotonic()


def _schedule(progress: float, warm_up: float) -> float:
    """Linear up, then half a cosine down."""
    if progress < warm_up:
        return progress / warm_up + 0.01
    return max(0.01, 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up))))


def _batches(maker: ExampleMaker, tokenizer: PairTokenizer, recipe: Recipe) -> Iterator[list[_Target]]:
    """Full batches of rows of one padded length: torch prepares itself anew for every shape, which takes long."""
    rng = np.random.default_rng(recipe.seed)
    waiting: dict[int, list[_Target]] = defaultdict(list)
    reading, verdicts = maker.reading(), maker.verdicts()
    while True:
        judged = rng.random() < recipe.verdicts
        target = (
            _verdict_target(next(verdicts), tokenizer)
            if judged
            else _reading_target(next(reading), tokenizer)
        )
        if target is None:
            continue
        length = padded_length(target.row, _LENGTH_STEP)
        waiting[length].append(target)
        if len(waiting[length]) == _TOKENS // length:
            yield waiting.pop(length)


def _reading_target(example: ReadingRow, tokenizer: PairTokenizer) -> _Target | None:
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
            sentences.append((row.first + inside[0], row.first + inside[-1] + 1, number in example.telling))
    if example.told and not any(telling for *_, telling in sentences):
        return None
    return _Target(row, int(example.told), -1, tuple(starts), tuple(ends), tuple(sentences))


def _verdict_target(example: VerdictRow, tokenizer: PairTokenizer) -> _Target:
    row = tokenizer.verdict_row(example.question, example.answer, example.heading, example.text)
    return _Target(row, -1, example.verdict)


def _tokens(row: Row, begin: int, end: int) -> list[int]:
    return [
        place
        for place, (start, stop) in enumerate(row.spans)
        if start < end and stop > begin and stop > start
    ]


def _losses(network: torch.nn.Module, batch: list[_Target]) -> dict[str, torch.Tensor]:
    """What is wrong with the network's word on each question that the rows ask of it."""
    import torch
    from torch.nn import functional

    ids, mask = padded([target.row for target in batch], _LENGTH_STEP)
    tokens, passage = network(torch.from_numpy(ids), torch.from_numpy(mask))
    parts: dict[str, torch.Tensor] = {}
    reading = [number for number, target in enumerate(batch) if target.told >= 0]
    if reading:
        told = torch.tensor([float(batch[number].told) for number in reading])
        parts["told"] = functional.binary_cross_entropy_with_logits(passage[reading, 0], told)
        marked = [number for number in reading if batch[number].starts or not batch[number].told]
        if marked:
            parts["span"] = _span_loss(tokens, batch, marked, ids.shape)
        pooled, telling = [], []
        for number in reading:
            for begin, end, tells in batch[number].sentences:
                pooled.append(tokens[number, begin:end, 2].mean())
                telling.append(float(tells))
        parts["sentence"] = functional.binary_cross_entropy_with_logits(
            torch.stack(pooled), torch.tensor(telling), pos_weight=torch.tensor(2.0)
        )
        parts["inside"] = _inside_loss(tokens, batch, reading)
    judged = [number for number, target in enumerate(batch) if target.verdict >= 0]
    if judged:
        verdicts = torch.tensor([batch[number].verdict for number in judged])
        share = len(judged) / len(batch)
        parts["verdict"] = functional.cross_entropy(passage[judged, 1:], verdicts) * min(1.0, 4 * share)
    return parts


def _span_loss(
    tokens: torch.Tensor, batch: list[_Target], marked: list[int], shape: tuple[int, ...]
) -> torch.Tensor:
    """Cross entropy of the first answer's start and end; of a window that does not tell, of the first token."""
    import torch
    from torch.nn import functional

    allowed = np.zeros((len(marked), shape[1]), bool)
    allowed[:, 0] = True
    for place, number in enumerate(marked):
        row = batch[number].row
        allowed[place, row.first : row.first + len(row.spans)] = True
    logits = tokens[marked].masked_fill(~torch.from_numpy(allowed)[:, :, None], _FAR)
    starts = torch.tensor([batch[number].starts[0] if batch[number].told else 0 for number in marked])
    ends = torch.tensor([batch[number].ends[0] if batch[number].told else 0 for number in marked])
    return (
        functional.cross_entropy(logits[:, :, 0], starts) + functional.cross_entropy(logits[:, :, 1], ends)
    ) / 2


def _inside_loss(tokens: torch.Tensor, batch: list[_Target], reading: list[int]) -> torch.Tensor:
    import torch
    from torch.nn import functional

    logits, labels = [], []
    for number in reading:
        target = batch[number]
        if target.told and not target.starts:
            continue
        label = torch.zeros(len(target.row.spans))
        for start, end in zip(target.starts, target.ends, strict=True):
            label[start - target.row.first : end + 1 - target.row.first] = 1
        logits.append(tokens[number, target.row.first : target.row.first + len(target.row.spans), 3])
        labels.append(label)
    if not logits:
        return tokens.sum() * 0
    return functional.binary_cross_entropy_with_logits(torch.cat(logits), torch.cat(labels))


def _has_bfloat16() -> bool:
    """Whether the processor multiplies in bfloat16 itself; elsewhere it would only be slower."""
    import torch

    can = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(can.get("amx_bf16") or can.get("avx512_bf16"))


def _articles(path: Path, limit: int = 3000) -> list[Article]:
    """The first articles of a packed file of JSON lines."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found.append(Article(str(row["id"]), path.name, normalise(row["title"]), normalise(row["text"])))
            if len(found) == limit:
                break
    return found


def export(trained: Mapping[str, torch.Tensor], path: Path) -> None:
    """Write what was trained in half precision, under the names of the encoder's own checkpoint."""
    from safetensors.numpy import save_file

    save_file(
        # The network holds the encoder, whose own names begin with "encoder." again.
        {
            name.replace("encoder.encoder.", "encoder."): value.detach().numpy().astype(np.float16)
            for name, value in trained.items()
        },
        path,
    )


def _start_from(network: torch.nn.Module, path: Path) -> None:
    """Take the layers, and of the heads those of the same shape, from earlier weights."""
    from safetensors.torch import load_file

    own = network.state_dict()
    found = {inner_name(name): tensor.float() for name, tensor in load_file(path).items()}
    if "span.weight" in found:  # a reader with two heads: start, end
        own["token.weight"][:2], own["token.bias"][:2] = found["span.weight"], found["span.bias"]
        own["passage.weight"][:1], own["passage.bias"][:1] = (
            found["relevance.weight"],
            found["relevance.bias"],
        )
        found |= {
            name: own[name] for name in ("token.weight", "token.bias", "passage.weight", "passage.bias")
        }
    network.load_state_dict(
        {name: tensor for name, tensor in found.items() if name in own and own[name].shape == tensor.shape},
        strict=False,
    )


def _copy(masters: Mapping[str, torch.Tensor], weights: Mapping[str, torch.Tensor]) -> None:
    import torch

    with torch.no_grad():
        for name, weight in weights.items():
            weight.copy_(masters[name])


def _save(
    path: Path, masters: Mapping[str, torch.Tensor], optimiser: torch.optim.Optimizer, done: int
) -> None:
    import torch

    new = path.with_suffix(".new")
    torch.save({"weights": dict(masters), "optimiser": optimiser.state_dict(), "done": done}, new)
    os.replace(new, path)


def _resume(path: Path, masters: Mapping[str, torch.Tensor], optimiser: torch.optim.Optimizer) -> int:
    import torch

    if not path.exists():
        return 0
    state: dict[str, Any] = torch.load(path, weights_only=True)
    _copy(state["weights"], masters)
    optimiser.load_state_dict(state["optimiser"])
    return int(state["done"])


def _keep_memory() -> None:
    """Let the C library keep what is freed: asking the system anew for every tensor costs a fifth of the time."""
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for setting, value in (
            (_M_MMAP_THRESHOLD, 1 << 30),
            (_M_TRIM_THRESHOLD, 1 << 30),
            (_M_TOP_PAD, 1 << 28),
        ):
            library.mallopt(setting, value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the folders and learn."""
    standard = Recipe()
    parser = argparse.ArgumentParser(
        prog="python -m rag.training.reader", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("data", type=Path, nargs="+", metavar="DATA", help="folders of training data")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the state is kept")
    parser.add_argument("--start", type=Path, metavar="FILE", help="earlier weights to begin with")
    parser.add_argument(
        "--others",
        type=Path,
        metavar="FILE",
        help="other articles, .jsonl.gz, that tell nothing of what is asked",
    )
    parser.add_argument("--rows", type=int, default=standard.rows, metavar="N")
    parser.add_argument("--rate", type=float, default=standard.rate)
    parser.add_argument("--seed", type=int, default=standard.seed)
    parser.add_argument("--config", type=Path, metavar="FILE")
    args = parser.parse_args(arguments)
    recipe = Recipe(rows=args.rows, rate=args.rate, seed=args.seed)
    try:
        folder = encoder_folder(read_config(args.config))
        train(args.data, folder, args.out, recipe, args.start, args.others)
    except (IndexingError, AnsweringError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
