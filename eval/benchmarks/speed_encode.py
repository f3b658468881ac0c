"""How fast passages are encoded, against sentence-transformers on torch in float32."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

import numpy as np
from tqdm import tqdm

from eval.benchmarks.speed_figures import Figure, Part, timed
from index.chunking import split
from index.models.encoder import Encoder
from index.schema import Article

_PAUSE_SECONDS = 0.5
"""Between two engines, so that the threads of one have gone to sleep before the other begins."""


def full_passages(articles: Sequence[Article], encoder: Encoder, tokens: int, count: int) -> list[str]:
    """Cut the articles into passages of at most ``tokens`` and take the ``count`` longest, in reading order."""
    passages = [chunk.text for article in articles for chunk in split(article, encoder.count_tokens, tokens)]
    lengths = encoder.count_tokens(passages)
    longest = sorted(range(len(passages)), key=lambda place: (-lengths[place], place))[:count]
    return [passages[place] for place in sorted(longest)]


def measure_encoding(encoder: Encoder, reference: Encoder, passages: Sequence[str], rounds: int) -> Part:
    """Encode the same passages with both in turn, in every round the other one first.

    The ratio is taken within a round, where the machine was as busy for both.
    """
    ours: list[float] = []
    theirs: list[float] = []
    vectors = [engine.encode_passages(passages[:4]) for engine in (encoder, reference)]
    for number in tqdm(range(rounds), desc="encoding", unit="round", disable=None, leave=False):
        turn = [(0, encoder, ours), (1, reference, theirs)]
        for place, engine, seconds in turn if number % 2 == 0 else turn[::-1]:
            time.sleep(_PAUSE_SECONDS)
            began = time.perf_counter()
            vectors[place] = engine.encode_passages(passages)
            seconds.append(time.perf_counter() - began)
    cosines = np.sum(vectors[0] * vectors[1], axis=1)
    query = [1000 * timed(partial(encoder.encode_queries, [text[:80]])) for text in passages[:50]]
    lengths = encoder.count_tokens(passages)
    return Part(
        "encode",
        (
            Figure("passages, this encoder", "/s", tuple(len(passages) / value for value in ours)),
            Figure("passages, torch float32", "/s", tuple(len(passages) / value for value in theirs)),
            Figure(
                "times as fast", "times", tuple(slow / fast for slow, fast in zip(theirs, ours, strict=True))
            ),
            Figure("least cosine of the two", "cosine", (float(cosines.min()),)),
            Figure("one question of 80 characters", "ms", tuple(query)),
        ),
        {
            "passages": len(passages),
            "tokens (mean)": round(sum(lengths) / len(lengths)),
            "rounds": rounds,
            "encoder": type(encoder).__name__,
            "reference": type(reference).__name__,
        },
    )
