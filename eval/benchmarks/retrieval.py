"""The search alone, without the language model: the product's own, and its halves, with accents and without."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import perf_counter

from eval.baselines import Search, dense_search, words_search
from eval.command_options import bar
from eval.errors import QuestionError
from eval.evidence import evidence_ranks
from eval.metrics.intervals import Estimate, mean, quantile, share
from eval.metrics.retrieval import ndcg, recall_at_k, reciprocal_rank
from eval.schema import Question, Searched
from index.schema import Hit
from index.text.normalise import fold, normalise
from rag.retrieval.retrieve import Retriever

MEASURES: Mapping[str, Callable[[Sequence[int | None]], float | None]] = {
    **{f"recall@{k}": partial(recall_at_k, k=k) for k in (1, 3, 5)},
    "mrr@10": reciprocal_rank,
    "ndcg@10": ndcg,
}


def ways(retriever: Retriever) -> dict[str, Search]:
    """The assistant's search, and each half of it alone, by name."""
    return {
        "hoidap": retriever.search,
        "dense_only": dense_search(retriever.store, retriever.encoder),
        "bm25_only": words_search(retriever.store),
    }


def with_evidence(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions whose evidence is known, which can be searched for; raises QuestionError without any."""
    kept = tuple(question for question in questions if question.evidence)
    if not kept:
        raise QuestionError(
            "No question names its evidence, so nothing can be looked for; see eval/README.md."
        )
    return kept


def measure(
    searches: Mapping[str, Search], questions: Sequence[Question], *, progress: bool = False
) -> tuple[Searched, ...]:
    """Search in each way for each question, as it is and without its accents; a follow-up by its full wording."""
    searched: list[Searched] = []
    for accents in (True, False):
        asked = [_asked(question, accents) for question in questions]
        for way, search in searches.items():
            pairs = list(zip(questions, asked, strict=True))
            title = f"{way}, {'with' if accents else 'without'} accents"
            found = [_ranked(*pair, search) for pair in bar(pairs, title, progress=progress)]
            ranks, seconds = zip(*found, strict=True)
            searched.append(Searched(way, accents, ranks, seconds))
    return tuple(searched)


def scores(searched: Searched, seed: int) -> dict[str, Estimate]:
    """Every measure over the questions with its interval; ``retrieve_p50`` is the median of the seconds."""
    found = {
        name: mean([share(measure(ranks)) for ranks in searched.ranks], seed)
        for name, measure in MEASURES.items()
    }
    return found | {"retrieve_p50": quantile(searched.seconds, 0.5, seed)}


def _asked(question: Question, accents: bool) -> str:
    """The question in full, or in the simplest way after the ones before it where no wording in full is known."""
    asked = normalise(question.standalone or " ".join([*question.follows, question.text]))
    return asked if accents else fold(asked)


def _ranked(question: Question, asked: str, search: Search) -> tuple[tuple[int | None, ...], float]:
    """The ranks of the evidence, and the seconds of the first search."""
    seconds: list[float] = []

    def timed(k: int) -> tuple[Hit, ...]:
        start = perf_counter()
        hits = search(asked, k)
        seconds.append(perf_counter() - start)
        return hits

    return evidence_ranks(question.evidence, timed), seconds[0]
