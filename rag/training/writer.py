"""Teach the language model its task: ``python -m rag.training.writer DATA [DATA …] --out DIR``.

An adapter learns to word answers (``rag.writer.instructions``); the model's own weights stay as they are.
``DIR/state.pt`` is kept every minute, and with it ``DIR/adapter.gguf``, which llama.cpp reads; the same command
goes on from there.
"""

from __future__ import annotations

import argparse
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
from index.models.catalogue import find, load_catalogue
from index.models.fingerprint import sha256
from rag.assemble import open_model_cache
from rag.config import read_config
from rag.errors import AnsweringError
from rag.training.checkpoint import SAVE_SECONDS, resume, save, schedule
from rag.training.data import TrainingData, read_training_data
from rag.training.gguf_files import read_qwen2, write_adapter
from rag.training.packs import Pack, pack, tokenised
from rag.training.writer_examples import WriterExampleMaker
from rag.writer.llama_vocabulary import Vocabulary, open_vocabulary

if TYPE_CHECKING:
    import torch

_MODEL = "qwen2.5-coder-0.5b-instruct-q4_k_m"
_USUAL_WEIGHT = 20.0
"""What the tokens of an example count together, more or less."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn; a step learns from ``packs`` rows of at most ``tokens`` tokens."""

    examples: int = 5_000
    rate: float = 2e-4
    warm_up: float = 0.04
    rank: int = 16
    alpha: float = 32.0
    packs: int = 3
    tokens: int = 768
    seed: int = 1


def train(data: TrainingData, base: Path, out: Path, recipe: Recipe) -> None:
    """Learn, keeping state and adapter in ``out`` every minute; go on from there when they exist."""
    import torch

    from rag.training.lora import adapter_weights, add_adapter

    torch.manual_seed(recipe.seed)
    vocabulary, base_hash = open_vocabulary(base), sha256(base)
    model = read_qwen2(base)
    add_adapter(model, recipe.rank, recipe.alpha)
    weights = adapter_weights(model)
    optimiser = torch.optim.AdamW(weights.values(), lr=recipe.rate, weight_decay=0.0)
    out.mkdir(parents=True, exist_ok=True)
    state = out / "state.pt"
    done = resume(state, weights, optimiser)
    packs = _packs(WriterExampleMaker(data, recipe.seed + done), vocabulary, recipe.tokens)
    losses: dict[str, list[float]] = defaultdict(list)
    saved = time.monotonic()
    with tqdm(total=recipe.examples, initial=done, unit=" examples", mininterval=10) as bar:
        while done < recipe.examples:
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * schedule(done / recipe.examples, recipe.warm_up)
            learnt = _step(model, [next(packs) for _ in range(recipe.packs)], losses)
            torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            done += learnt
            bar.update(learnt)
            if time.monotonic() - saved > SAVE_SECONDS or done >= recipe.examples:
                said = ", ".join(f"{name} {np.mean(part):.3f}" for name, part in sorted(losses.items()))
                bar.write(f"{time.strftime('%H:%M:%S')} {done} examples: {said}", file=sys.stdout)
                sys.stdout.flush()
                losses.clear()
                save(state, weights, optimiser, done)
                export(model, out / "adapter.gguf", recipe.alpha, base_hash)
                saved = time.monotonic()


def export(model: torch.nn.Module, path: Path, alpha: float, base_sha256: str) -> None:
    """Write the adapter for llama.cpp."""
    from rag.training.lora import adapter_pairs

    write_adapter(path, adapter_pairs(model), alpha=alpha, base_sha256=base_sha256)


def pack_losses(model: torch.nn.Module, row: Pack) -> torch.Tensor:
    """How unlikely each token of the replies is to the model, in nats."""
    import torch
    from torch.nn import functional

    inner: Any = model
    kind = inner.lm_head.weight.dtype
    mask = torch.zeros(row.allowed().shape, dtype=kind)
    mask.masked_fill_(torch.from_numpy(~row.allowed()), torch.finfo(kind).min)
    hidden = inner.model(
        input_ids=torch.from_numpy(row.ids)[None],
        position_ids=torch.from_numpy(row.positions)[None],
        attention_mask=mask[None, None],
        use_cache=False,
    ).last_hidden_state
    # Logits of all words are needed for the replies only: they are most of the work for a small model.
    logits = inner.lm_head(hidden[0, torch.from_numpy(row.places)]).float()
    return functional.cross_entropy(logits, torch.from_numpy(row.targets), reduction="none")


def _step(model: torch.nn.Module, rows: Sequence[Pack], losses: dict[str, list[float]]) -> int:
    """Add up the gradients of the rows; returns how many examples they hold."""
    import torch

    examples = sum(row.examples for row in rows)
    for row in rows:
        each = pack_losses(model, row)
        loss = each @ torch.from_numpy(row.weights) / (_USUAL_WEIGHT * examples)
        loss.backward()  # type: ignore[no-untyped-call]
        said = each.detach().numpy()
        for number in range(row.examples):
            own = row.owners == number
            losses["words"].append(float(said[own].mean()))
            losses["marks"].append(float(said[own & (row.weights > 1)].sum()))
    return examples


def _packs(maker: WriterExampleMaker, vocabulary: Vocabulary, tokens: int) -> Iterator[Pack]:
    for group in maker.groups():
        row = pack([tokenised(example, vocabulary) for example in group], tokens)
        if row is not None:
            yield row


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the folders and learn."""
    standard = Recipe()
    parser = argparse.ArgumentParser(
        prog="python -m rag.training.writer", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("data", type=Path, nargs="+", metavar="DATA", help="folders of training data")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where state and adapter are kept"
    )
    parser.add_argument("--model", default=_MODEL, metavar="ID", help="a Qwen2 model of the catalogue")
    parser.add_argument("--examples", "--lessons", type=int, default=standard.examples, metavar="N")
    parser.add_argument("--rate", type=float, default=standard.rate)
    parser.add_argument("--seed", type=int, default=standard.seed)
    parser.add_argument("--config", type=Path, metavar="FILE")
    args = parser.parse_args(arguments)
    try:
        cache = open_model_cache(read_config(args.config))
        base = cache.path(find(load_catalogue(), args.model))
        recipe = Recipe(examples=args.examples, rate=args.rate, seed=args.seed)
        train(read_training_data(args.data), base, args.out, recipe)
    except (IndexingError, AnsweringError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
