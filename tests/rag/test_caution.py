from __future__ import annotations

import pytest

from rag.caution import adjusted_threshold
from rag.reader.calibration import load_calibration


def test_caution_moves_a_threshold_by_one_in_its_logit() -> None:
    assert adjusted_threshold(0.5, "usual") == 0.5
    assert adjusted_threshold(0.5, "careful") == pytest.approx(0.7310586)  # e / (1 + e)
    assert adjusted_threshold(0.5, "bold") == pytest.approx(0.2689414)  # 1 / (1 + e)
    assert [adjusted_threshold(edge, "careful") for edge in (0.0, 1.0)] == [0.0, 1.0]


def test_whoever_is_careful_refuses_more() -> None:
    bold, usual, careful = (
        load_calibration().with_caution(caution) for caution in ("bold", "usual", "careful")
    )
    assert usual == load_calibration()
    assert bold.sure < usual.sure < careful.sure
    assert bold.perhaps < usual.perhaps < careful.perhaps
    assert bold.supported == usual.supported == careful.supported
