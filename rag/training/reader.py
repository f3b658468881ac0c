"""Teach the reader: ``python -m rag.training.reader DATA [DATA …] --out DIR``.

One network learns two things at once: to find what is asked in a passage (or that it is not there), and to judge an
answer by the sentences that it cites.  ``DIR/state.pt`` is kept every minute; the same command goes on from it.
``DIR/weights.safetensors`` holds what was learnt, ``DIR/mean.safetensors`` the mean of it and of ``--start``, which
reads better than either where few rows were learnt (Wortsman et al. 2022, "Model soups").
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from index.encoding.tokens import padded_length
from index.errors import IndexingError
from index.schema import Article
from index.text.normalise import normalise
from rag.assemble import encoder_folder
from rag.config import read_config
from rag.errors import AnsweringError
from rag.reader.network import build_network, inner_name
from rag.reader.pairs import PairTokenizer
from rag.training.checkpoint import SAVE_SECONDS, copy_weights, resume, save, schedule
from rag.training.data import read_training_data
from rag.training.examples import ExampleMaker
from rag.training.losses import LENGTH_STEP, Target, losses_of, reading_target, verdict_target
from rag.training.verdicts import VerdictMaker

if TYPE_CHECKING:
    import torch

_TOKENS = 4096
"""Tokens of a batch, padding counted."""
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


def train(
    data_folders: Sequence[Path],
    folder: Path,
    out: Path,
    recipe: Recipe,
    start: Path | None,
    others: Path | None,
) -> None:
    """Learn, keeping the state in ``out`` every minute; go on from there when it exists."""
    import torch

    torch.manual_seed(recipe.seed)
    _keep_memory()
    network = build_network(folder, recipe.dropout)
    if start is not None:
        _start_from(network, start)
    trained = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
    # Half precision is too coarse to add up small steps: they are added to full copies.
    masters = {name: weight.detach().float().clone() for name, weight in trained.items()}
    begun = {name: weight.clone() for name, weight in masters.items()}
    optimiser = torch.optim.AdamW(masters.values(), lr=recipe.rate, weight_decay=0.01, fused=True)
    out.mkdir(parents=True, exist_ok=True)
    state = out / "state.pt"
    done = resume(state, masters, optimiser)
    if _has_bfloat16():
        network = network.bfloat16()
    copy_weights(masters, trained)
    data, seed = read_training_data(data_folders), recipe.seed + done
    examples = ExampleMaker(data, seed, _articles(others) if others else ())
    network.train()
    saved = time.monotonic()
    losses: dict[str, list[float]] = defaultdict(list)
    tokenizer = PairTokenizer(folder / "tokenizer.json")
    batches = _batches(examples, VerdictMaker(data, seed), tokenizer, recipe)
    with tqdm(total=recipe.rows, initial=done, unit=" rows", mininterval=10) as bar:
        while done < recipe.rows:
            batch = next(batches)
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * schedule(done / recipe.rows, recipe.warm_up)
            parts = _step(network, trained, masters, optimiser, batch)
            done += len(batch)
            bar.update(len(batch))
            for name, part in parts.items():
                losses[name].append(part)
            if time.monotonic() - saved > SAVE_SECONDS or done >= recipe.rows:
                summary = ", ".join(f"{name} {np.mean(part):.3f}" for name, part in losses.items())
                bar.write(f"{time.strftime('%H:%M:%S')} {done} rows: {summary}", file=sys.stdout)
                sys.stdout.flush()
                losses.clear()
                save(state, masters, optimiser, done)
                export(masters, out / "weights.safetensors")
                export(
                    {name: (begun[name] + masters[name]) / 2 for name in masters}, out / "mean.safetensors"
                )
                saved = time.monotonic()


def _step(
    network: torch.nn.Module,
    trained: Mapping[str, torch.Tensor],
    masters: Mapping[str, torch.Tensor],
    optimiser: torch.optim.Optimizer,
    batch: list[Target],
) -> dict[str, float]:
    """Learn from a batch: the full copies make the step, and the network gets what they are then; gives its losses."""
    import torch

    parts = losses_of(network, batch)
    sum(parts.values()).backward()  # type: ignore[union-attr]
    for name, weight in trained.items():
        masters[name].grad = None if weight.grad is None else weight.grad.float()
        weight.grad = None
    torch.nn.utils.clip_grad_norm_(masters.values(), 1.0)
    optimiser.step()
    copy_weights(masters, trained)
    return {name: part.item() for name, part in parts.items()}


def _batches(
    examples: ExampleMaker, judging: VerdictMaker, tokenizer: PairTokenizer, recipe: Recipe
) -> Iterator[list[Target]]:
    """Full batches of rows of one padded length: torch prepares itself anew for every shape, which takes long.

    The rows of a question stay together, but for the last one of a batch.
    """
    waiting: dict[int, list[Target]] = defaultdict(list)
    questions, verdicts = _questions(examples, tokenizer), judging.verdicts()
    balance = 0.0
    while True:
        if balance > 0:
            rows = next(questions)
            balance -= recipe.verdicts / (1 - recipe.verdicts) * len(rows)
        else:
            rows = [verdict_target(next(verdicts), tokenizer)]
            balance += 1
        length = max(padded_length(target.row.ids, LENGTH_STEP) for target in rows)
        waiting[length] += rows
        full = _TOKENS // length
        if len(waiting[length]) >= full:
            batch, waiting[length] = waiting[length][:full], waiting[length][full:]
            yield batch


def _questions(examples: ExampleMaker, tokenizer: PairTokenizer) -> Iterator[list[Target]]:
    """The rows of one question after the other."""
    for _, rows in groupby(examples.reading(), key=lambda row: row.group):
        targets = [target for row in rows if (target := reading_target(row, tokenizer))]
        if targets:
            yield targets


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
    network.load_state_dict(
        {name: tensor for name, tensor in found.items() if name in own and own[name].shape == tensor.shape},
        strict=False,
    )


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
        help="other articles, .jsonl.gz, that answer none of the questions",
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
