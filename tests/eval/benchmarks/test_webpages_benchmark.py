"""The benchmark of web pages counts pieces."""

from __future__ import annotations

from eval.benchmarks.formats.webpages import Page, PageScore, score


def test_counting_pieces() -> None:
    held = [
        Page("Một  hai ba", ("một hai", "Một hai", "bốn"), ("ba", "năm")),
        Page("", ("sáu",), ("bảy",)),
    ]
    # Read: "Một hai"; not read: "một hai" (case), "bốn", "sáu"; let in: "ba".
    found = score(lambda html: html, held)
    assert found == PageScore(kept=1, missed=3, let_in=1, empty=1)
    assert (found.precision, found.recall) == (1 / 2, 1 / 4)
    assert abs(found.f1 - 1 / 3) < 1e-9  # 2 · ½ · ¼ / (½ + ¼)
