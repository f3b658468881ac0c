"""Checks a text against the articles: each of its sentences is supported, contradicted, or not found.

The search finds the sentences that speak of the same; their values and persons are compared with those of the claim
by program, and a trained judge says whether the rest is supported.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeAlias

from index.chunking import context
from index.schema import Article, Chunk, Filters, Hit
from index.tables import in_words
from index.text.normalise import normalise, sentence_spans, syllables
from rag.proof.comparable_parts import ComparablePart, inverse_document_frequencies, years
from rag.proof.contradictions import Comparison, compare, weighted_overlap
from rag.proof.names import name_runs, names_are_grounded
from rag.proof.polarity import opposite_words
from rag.reader.decode import Judgement
from rag.reader.model import Reader
from rag.retrieval.retrieve import Retriever
from rag.schema import Query

Verdict: TypeAlias = Literal["supported", "contradicted", "not_found"]
Progress: TypeAlias = Callable[[int, int], None]
"""Called with how much is done of how much."""

MOST_SENTENCES = 400
_FEWEST_WORDS = 4
"""A line of fewer syllables claims nothing."""
_PASSAGES = 8
_LONG_ARTICLE = 30_000
"""Characters from which only the passages of an article that were found are compared."""
_ARTICLES = 3
"""Articles whose sentences a claim is compared with."""
_JUDGED = 2
"""Sentences of each that the judge sees."""
_NEAR, _AS_NEAR = 0.4, 0.8
"""Least share of a claim's words in an article that speaks of the same; and as a part of the best article's share."""
_LEAST_SHARE = 0.35
"""Least share of a claim's words in the one sentence that supports it."""
_NEUTRAL = 0.6
"""The judge's probability of "neutral" from which a sentence neither supports nor contradicts."""
_SHOWN = 0.7
"""The judge's probability of support that makes up for other words."""
_DENIED = 0.6
"""The judge's probability of a contradiction from which it is believed without a differing value or word."""


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of an article, ``article.text[start:end]`` of the hit's article; ``text`` is it as it was read."""

    hit: Hit
    start: int
    end: int
    text: str

    @property
    def article(self) -> Article:
        """Where it stands."""
        return self.hit.chunk.article


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence ``text[start:end]`` of the checked text, and the verdict of the articles.

    ``source`` is the sentence that supports or contradicts it, for one not found the nearest.  For a contradicted one
    ``claimed`` are the words of the text and ``stated`` those of the source that differ, empty where they are unknown.
    """

    start: int
    end: int
    verdict: Verdict
    source: Source | None = None
    claimed: str = ""
    stated: str = ""


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A normalised text with its checked sentences in reading order; ``stopped`` is true when it was ended early."""

    text: str
    sentences: tuple[CheckedSentence, ...]
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence ``text[start:end]`` of a text; ``subject`` are the names in its paragraph before it."""

    text: str
    start: int
    end: int
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one article says about a claim: its sentences, those that share most words first.

    ``shares`` in [0, 1] are the weighted overlaps of each sentence with the claim, ``near`` that of the first with its
    heading; ``judgements`` are those of the first ``_JUDGED`` sentences.
    """

    sources: tuple[Source, ...]
    shares: tuple[float, ...]
    near: float
    comparison: Comparison
    judgements: tuple[Judgement, ...] = ()


def check_text(
    retriever: Retriever,
    reader: Reader,
    text: str,
    filters: Filters = Filters(),
    *,
    on_progress: Progress = lambda done, total: None,
    stop: threading.Event | None = None,
) -> CheckedText:
    """Check the sentences of a text, at most ``MOST_SENTENCES``; a line too short to claim anything is passed over."""
    stop = stop or threading.Event()
    whole = normalise(text)
    to_check = list(claims(whole))[:MOST_SENTENCES]
    checked: list[CheckedSentence] = []
    for claim in to_check:
        on_progress(len(checked), len(to_check))
        if stop.is_set():
            break
        checked.append(verdict(claim, findings(retriever, reader, claim, filters)))
    on_progress(len(checked), len(to_check))
    return CheckedText(whole, tuple(checked), stop.is_set())


def claims(text: str) -> Iterator[Claim]:
    """The sentences of a normalised text that claim something, each with the names of its paragraph so far."""
    place = 0
    for line in text.split("\n"):
        names: list[str] = []
        for start, end in sentence_spans(line):
            sentence = line[start:end]
            if len(syllables(sentence)) >= _FEWEST_WORDS and not sentence.endswith(("?", ":")):
                yield Claim(sentence, place + start, place + end, " ".join(dict.fromkeys(names)))
            names += name_runs(sentence)
        place += len(line) + 1


def findings(
    retriever: Retriever, reader: Reader, claim: Claim, filters: Filters = Filters()
) -> list[Finding]:
    """What each of the ``_ARTICLES`` nearest articles says about a claim, the nearest first."""
    sought = f"{claim.text} {claim.subject}".strip()
    hits = retriever.find(Query(sought, claim.text), _PASSAGES, filters)
    sources = [source for hit in _whole(hits) for source in _sentences(hit)]
    weights = inverse_document_frequencies([sought, *(source.text for source in sources)])
    found = []
    for _, group in groupby(sorted(sources, key=lambda one: one.article.id), key=lambda one: one.article.id):
        shares = [(weighted_overlap(claim.text, one.text, weights), one) for one in group]
        shares.sort(key=lambda pair: -pair[0])
        article = shares[0][1].article
        heading = context(article)
        near = weighted_overlap(sought, f"{heading} {shares[0][1].text}", weights)
        sentences = [one.text for _, one in shares]
        found.append(
            Finding(
                tuple(one for _, one in shares),
                tuple(rate for rate, _ in shares),
                near,
                compare(claim.text, heading, sentences),
            )
        )
    found.sort(key=lambda one: (_has_all_names(claim, one), one.near + one.shares[0]), reverse=True)
    found = found[:_ARTICLES]
    judged = reader.judge(
        [
            ("", claim.text, context(source.article), source.text)
            for finding in found
            for source in finding.sources[:_JUDGED]
        ]
    )
    for number, finding in enumerate(found):
        count = len(finding.sources[:_JUDGED])
        found[number] = replace(finding, judgements=tuple(judged[:count]))
        judged = judged[count:]
    return found


def _whole(hits: Sequence[Hit]) -> Iterator[Hit]:
    """Each article once and whole, unless it is very long: what differs may stand where nothing was found."""
    seen = set[str]()
    for hit in hits:
        article = hit.chunk.article
        if len(article.text) > _LONG_ARTICLE:
            yield hit
        elif article.id not in seen:
            seen.add(article.id)
            yield replace(hit, chunk=Chunk(article, 0, 0, len(article.text)))


def _sentences(hit: Hit) -> Iterator[Source]:
    worded = in_words(hit.chunk)
    for start, end in sentence_spans(worded.text):
        yield Source(hit, *worded.place(start, end), worded.text[start:end])


def verdict(claim: Claim, found: Sequence[Finding]) -> CheckedSentence:
    """The verdict: supported by any near article, else contradicted by the nearest that does, else not found."""
    near = [one for one in found if one.near >= _NEAR and one.near >= _AS_NEAR * found[0].near]
    for finding in near:
        if (source := _support(claim, finding)) is not None:
            return CheckedSentence(claim.start, claim.end, "supported", source)
    for finding in near:
        if (checked := _contradiction(claim, finding)) is not None:
            return checked
    return CheckedSentence(claim.start, claim.end, "not_found", found[0].sources[0] if found else None)


def _support(claim: Claim, finding: Finding) -> Source | None:
    """The sentence that supports a claim without differences; ``None`` where there is none."""
    if finding.comparison.differences or finding.comparison.unsupported or not _has_all_names(claim, finding):
        return None
    rated = list(zip(finding.judgements, finding.shares, finding.sources, strict=False))
    judged, held, source = max(rated, key=lambda one: one[0].supported + one[1])
    if opposite_words(claim.text, source.text) is not None or judged.contradicted >= _DENIED:
        return None
    shown = held >= _LEAST_SHARE or judged.supported >= _SHOWN
    return source if judged.neutral < _NEUTRAL and shown else None


def _contradiction(claim: Claim, finding: Finding) -> CheckedSentence | None:
    if not _has_all_names(claim, finding):
        return None
    differences, unsupported = finding.comparison.differences, finding.comparison.unsupported
    if unsupported or any(_is_year(one.claimed) for one in differences):
        # Of another year, or with what no article tells, a claim is not contradicted by these figures.
        return None
    if differences:
        first = differences[0]
        source = finding.sources[first.sentence]
        if _other_year(claim.text, source.text):
            return None
        return CheckedSentence(
            claim.start, claim.end, "contradicted", source, first.claimed.words, first.stated.words
        )
    judged, source = max(
        zip(finding.judgements, finding.sources, strict=False), key=lambda one: -one[0].neutral
    )
    if judged.neutral >= _NEUTRAL or finding.shares[0] < _LEAST_SHARE:
        return None
    claimed, stated = opposite_words(claim.text, source.text) or ("", "")
    if claimed or judged.contradicted >= _DENIED:
        claimed = claimed if claimed in claim.text else ""
        return CheckedSentence(
            claim.start,
            claim.end,
            "contradicted",
            source,
            claimed,
            stated if claimed and stated in source.text else "",
        )
    return None


def _has_all_names(claim: Claim, finding: Finding) -> bool:
    """Whether the article has all names of a claim."""
    article = finding.sources[0].article
    text = normalise(f"{context(article)}. {article.text}")
    return names_are_grounded(claim.text, text, "", "")


def _other_year(claim: str, sentence: str) -> bool:
    """Whether both name years, and none of them is the same."""
    claimed, stated = years(claim), years(sentence)
    return bool(claimed and stated and not claimed & stated)


def _is_year(piece: ComparablePart) -> bool:
    return piece.value is not None and piece.value.kind == "date" and len(piece.value.canonical) == 4
