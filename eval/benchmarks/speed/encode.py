"""How fast passages are encoded, against sentence-transformers on torch in float32."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

import numpy as np

from eval.benchmarks.figures import Figure, Part, clocked, in_milliseconds, timed
from eval.command_options import bar
from index.chunking import split
from index.encoding.encoder import Encoder
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
    engines = (encoder, reference)
    taken: tuple[list[float], list[float]] = ([], [])
    vectors = [engine.encode_passages(passages[:4]) for engine in engines]
    for number in bar(range(rounds), "encoding"):
        for place in (0, 1) if number % 2 == 0 else (1, 0):
            time.sleep(_PAUSE_SECONDS)
            vectors[place], (seconds, _) = clocked(partial(engines[place].encode_passages, passages))
            taken[place].append(seconds)
    ours, theirs = taken
    least = float(np.sum(vectors[0] * vectors[1], axis=1).min())
    lengths = encoder.count_tokens(passages)
    query = [timed(partial(encoder.encode_queries, [text[:80]])) for text in passages[:50]]
    figures = (
        Figure("passages, this encoder", "/s", tuple(len(passages) / value for value in ours)),
        Figure("passages, torch float32", "/s", tuple(len(passages) / value for value in theirs)),
        Figure("times as fast", "times", tuple(b / a for a, b in zip(ours, theirs, strict=True))),
        Figure("least cosine of the two", "cosine", (least,)),
        in_milliseconds("one question of 80 characters", query),
    )
    return Part(
        "encode",
        figures,
        {
            "passages": len(passages),
            "tokens (mean)": round(sum(lengths) / len(lengths)),
            "rounds": rounds,
            "encoder": type(encoder).__name__,
            "reference": type(reference).__name__,
        },
    )
