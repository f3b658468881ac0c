"""Teach the reader from a folder of articles: ``python -m rag.reader.train FOLDER --out DIR``.

The examples are made by rules while learning goes on, so none is seen twice.  ``DIR/state.pt`` is kept every
two minutes; the same command goes on from it.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from index.errors import IndexingError
from index.ingest.files import read_folder
from index.schema import Article
from rag.assemble import encoder_folder
from rag.config import read_config
from rag.errors import AnsweringError
from rag.reader.askable import Written
from rag.reader.examples import ABLATIONS, Example, ExampleMaker
from rag.reader.pairs import PairTokenizer, Row, padded, padded_length
from rag.reader.torch_model import build_network
from rag.reader.written import read_written

if TYPE_CHECKING:
    import torch

_TOKENS = 3072
"""Tokens of a batch, padding counted."""
_LENGTH_STEP = 32
_SAVE_SECONDS = 120
_FAR = -1e4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn; ``frozen_layers``, the lowest, stay those of the encoder.

    ``without`` names what of the examples' recipe is left out, to measure what it adds.
    """

    examples: int = 40_000
    frozen_layers: int = 6
    rate: float = 3e-4
    warm_up: float = 0.06
    seed: int = 1
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Target:
    row: Row
    start: int
    end: int


def train(
    articles: Sequence[Article], folder: Path, out: Path, recipe: Recipe, written: Sequence[Written] = ()
) -> None:
    """Learn, keeping the state in ``out`` every two minutes; go on from there when it exists."""
    import torch

    torch.manual_seed(recipe.seed)
    network = build_network(folder, recipe.frozen_layers)
    weights = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=recipe.rate, weight_decay=0.01)
    out.mkdir(parents=True, exist_ok=True)
    state = out / "state.pt"
    done = _resume(state, network, optimiser)
    maker = ExampleMaker(articles, recipe.seed + done, written, recipe.without)
    tokenizer = PairTokenizer(folder / "tokenizer.json")
    saved = time.monotonic()
    losses: list[float] = []
    # Nothing is dropped out: no example is seen twice, and torch's attention is three times as fast without.
    network.eval()
    with tqdm(total=recipe.examples, initial=done, unit=" examples") as bar:
        for batch in _batches(maker.examples(), tokenizer) if done < recipe.examples else ():
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * _schedule(done / recipe.examples, recipe.warm_up)
            loss = _loss(network, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            done += len(batch)
            bar.update(len(batch))
            losses.append(loss.item())
            if time.monotonic() - saved > _SAVE_SECONDS or done >= recipe.examples:
                bar.write(f"{done} examples, loss {np.mean(losses):.3f}")
                losses.clear()
                _save(state, network, optimiser, done)
                saved = time.monotonic()
            if done >= recipe.examples:
                break
    export(network, out / "weights.safetensors")


def _schedule(progress: float, warm_up: float) -> float:
    """Linear up, then half a cosine down."""
    if progress < warm_up:
        return progress / warm_up + 0.01
    return max(0.02, 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up))))


def _batches(examples: Iterator[Example], tokenizer: PairTokenizer) -> Iterator[list[_Target]]:
    """Full batches of rows of one padded length: torch prepares itself anew for every shape, which takes long."""
    waiting: dict[int, list[_Target]] = defaultdict(list)
    for example in examples:
        target = _target(example, tokenizer)
        if target is None:
            continue
        length = padded_length(target.row, _LENGTH_STEP)
        waiting[length].append(target)
        if len(waiting[length]) == _TOKENS // length:
            yield waiting.pop(length)


def _target(example: Example, tokenizer: PairTokenizer) -> _Target | None:
    """The row of an example with the tokens of its answer, 0 and 0 where it has none."""
    row = tokenizer.rows(example.question, [(example.title, example.passage)])[0]
    if example.start < 0:
        return _Target(row, 0, 0)
    inside = [
        place
        for place, (start, end) in enumerate(row.spans)
        if start < example.end and end > example.start and end > start
    ]
    if not inside or row.spans[inside[-1]][1] < example.end:
        return None
    return _Target(row, row.first + inside[0], row.first + inside[-1])


def _loss(network: torch.nn.Module, batch: list[_Target]) -> torch.Tensor:
    import torch
    from torch.nn import functional

    ids, mask = padded([target.row for target in batch], _LENGTH_STEP)
    allowed = np.zeros(ids.shape, bool)
    allowed[:, 0] = True
    for number, target in enumerate(batch):
        allowed[number, target.row.first : target.row.first + len(target.row.spans)] = True
    with torch.autocast("cpu", torch.bfloat16):
        spans, relevance = network(torch.from_numpy(ids), torch.from_numpy(mask))
    spans = spans.masked_fill(~torch.from_numpy(allowed)[:, :, None], _FAR)
    starts = torch.tensor([target.start for target in batch])
    ends = torch.tensor([target.end for target in batch])
    told = (starts > 0).float()
    span_loss = functional.cross_entropy(spans[:, :, 0], starts) + functional.cross_entropy(
        spans[:, :, 1], ends
    )
    return span_loss / 2 + 0.5 * functional.binary_cross_entropy_with_logits(relevance, told)


def export(network: torch.nn.Module, path: Path) -> None:
    """Write what was trained in half precision, under the names of the encoder's own checkpoint."""
    from safetensors.numpy import save_file

    trained = ((name, value) for name, value in network.named_parameters() if value.requires_grad)
    save_file(
        # The network holds the encoder, whose own names begin with "encoder." again.
        {
            name.replace("encoder.encoder.", "encoder."): value.detach().numpy().astype(np.float16)
            for name, value in trained
        },
        path,
    )


def _save(path: Path, network: torch.nn.Module, optimiser: torch.optim.Optimizer, done: int) -> None:
    import torch

    trained = {name: value for name, value in network.named_parameters() if value.requires_grad}
    new = path.with_suffix(".new")
    torch.save({"weights": trained, "optimiser": optimiser.state_dict(), "done": done}, new)
    os.replace(new, path)


def _resume(path: Path, network: torch.nn.Module, optimiser: torch.optim.Optimizer) -> int:
    import torch

    if not path.exists():
        return 0
    state: dict[str, Any] = torch.load(path, weights_only=True)
    network.load_state_dict(state["weights"], strict=False)
    optimiser.load_state_dict(state["optimiser"])
    return int(state["done"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the folder and learn."""
    standard = Recipe()
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.train", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="Vietnamese articles, some thousands")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the state is kept")
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help="those that python -m rag.reader.written wrote for the folder",
    )
    parser.add_argument("--examples", type=int, default=standard.examples, metavar="N")
    parser.add_argument("--frozen-layers", type=int, default=standard.frozen_layers, metavar="N")
    parser.add_argument("--rate", type=float, default=standard.rate)
    parser.add_argument("--seed", type=int, default=standard.seed)
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=ABLATIONS,
        help="leave a part of the recipe out, to measure what it adds; repeatable",
    )
    parser.add_argument("--config", type=Path, metavar="FILE")
    args = parser.parse_args(arguments)
    recipe = Recipe(args.examples, args.frozen_layers, args.rate, seed=args.seed, without=tuple(args.without))
    try:
        folder = encoder_folder(read_config(args.config))
        articles = [article for article in read_folder(args.folder) if isinstance(article, Article)]
        train(articles, folder, args.out, recipe, read_written(args.questions) if args.questions else ())
    except (IndexingError, AnsweringError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
