"""A small folder of training data, invented: two passages that tell, a pair of them, and one to measure on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BRIDGE = ("Cầu Nà Pục dài 215 mét.", "Cầu bắc qua suối Lim.", "Công ty Hoàng Vạn thi công từ 2,5 đến 5 năm.")
MARKET = (
    "Chợ Tân Sơn họp ngày mùng 5.",
    "Chợ có 186 ki-ốt.",
    "Phiên chính vào chủ nhật.",
    "Chợ mở từ năm 2018.",
)
PASSAGES = [
    {
        "id": "p1",
        "title": "Cầu Nà Pục",
        "sentences": BRIDGE,
        "origin": "invented",
        "split": "train",
        "date": "2021-06-26",
    },
    {"id": "p2", "title": "Chợ Tân Sơn", "sentences": MARKET, "origin": "invented", "split": "train"},
    {
        "id": "p3a",
        "title": "Quế Lâm Khê",
        "sentences": ["Xã trồng 420 ha quế.", "Giá quế tăng."],
        "origin": "pair",
        "split": "train",
    },
    {
        "id": "p3b",
        "title": "Quế Khe Đồng",
        "sentences": ["Khe Đồng có 300 ha quế."],
        "origin": "pair",
        "split": "train",
    },
    {
        "id": "p4",
        "title": "Hội xuân",
        "sentences": ["Hội mở ngày mùng 9."],
        "origin": "invented",
        "split": "dev",
    },
]
QUESTIONS = [
    {
        "passage": "p1",
        "kind": "number",
        "question": "Cầu Nà Pục dài bao nhiêu?",
        "sentences": [1],
        "answer": "215 mét",
        "reply": "Cầu Nà Pục dài 215 mét.",
        "split": "train",
    },
    {
        "passage": "p1",
        "kind": "number",
        "question": "Cầu Nà Pục xây lâu nhất mấy năm?",
        "sentences": [3],
        "answer": "5 năm",
        "reply": "Cầu Nà Pục xây nhiều nhất 5 năm.",
        "split": "train",
    },
    {
        "passage": "p2",
        "kind": "list",
        "question": "Chợ Tân Sơn họp khi nào?",
        "sentences": [1, 3],
        "answers": ["ngày mùng 5", "chủ nhật"],
        "reply": "Chợ họp ngày mùng 5 và chủ nhật.",
        "split": "train",
    },
    {
        "passage": "p4",
        "kind": "fact",
        "question": "Hội mở ngày nào?",
        "sentences": [1],
        "answer": "mùng 9",
        "reply": "Hội mở ngày mùng 9.",
        "split": "dev",
    },
    {
        "passage": "p9",
        "kind": "fact",
        "question": "Ở đâu?",
        "sentences": [1],
        "answer": "x",
        "reply": "x",
        "split": "train",
    },
]
ABSENT = [
    {
        "passage": "p1",
        "kind": "absent",
        "question": "Cầu Nà Pục rộng bao nhiêu?",
        "sentences": [],
        "answer": "",
        "reply": "",
        "split": "train",
    }
]
SEVERAL = [
    {
        "set": "p3",
        "kind": "both",
        "question": "Hai nơi trồng bao nhiêu quế?",
        "reply": "420 ha và 300 ha.",
        "split": "train",
        "evidence": [
            {"passage": "p3a", "sentence": 1, "answer": "420 ha"},
            {"passage": "p3b", "sentence": 1, "answer": "300 ha"},
        ],
    },
    {
        "set": "p3",
        "kind": "both",
        "question": "Quế ở Lâm Khê ra sao?",
        "reply": "Có 420 ha, giá tăng.",
        "split": "train",
        "evidence": [
            {"passage": "p3a", "sentence": 1, "answer": "420 ha"},
            {"passage": "p3a", "sentence": 2, "answer": "tăng"},
        ],
    },
    {
        "set": "p3",
        "kind": "absent",
        "question": "Hai nơi trồng bao nhiêu keo?",
        "reply": "",
        "split": "train",
        "evidence": [],
    },
]
CLAIMS = [
    {
        "kind": "claim",
        "text": "Chợ Tân Sơn có 186 ki-ốt.",
        "passage": "p2",
        "sentences": [2],
        "verdict": "supported",
        "reply": "",
        "split": "train",
    },
    {
        "kind": "yesno",
        "text": "Chợ Tân Sơn có 200 ki-ốt không?",
        "passage": "p2",
        "sentences": [2],
        "verdict": "contradicted",
        "reply": "Không, chợ có 186 ki-ốt.",
        "split": "train",
    },
    {
        "kind": "yesno",
        "text": "Chợ Tân Sơn có thu vé không?",
        "passage": "p2",
        "sentences": [2],
        "verdict": "not_told",
        "reply": "",
        "split": "train",
    },
]
CONTRASTS = [
    {
        "question": "Cầu Nà Pục dài bao nhiêu?",
        "answer": "Cầu dài 215 km.",
        "passage": "p1",
        "sentences": [1],
        "verdict": "contradicted",
        "trap": "unit",
        "reply": "Cầu dài 215 mét.",
        "split": "train",
    }
]
CONVERSATIONS = [
    {
        "passage": "p2",
        "turn": 1,
        "question": "Chợ Tân Sơn có mấy ki-ốt?",
        "standalone": "Chợ Tân Sơn có mấy ki-ốt?",
        "sentences": [2],
        "answer": "186",
        "reply": "Chợ có 186 ki-ốt.",
        "split": "train",
    },
    {
        "passage": "p2",
        "turn": 2,
        "question": "Mở từ năm nào?",
        "standalone": "Chợ Tân Sơn mở từ năm nào?",
        "sentences": [4],
        "answer": "2018",
        "reply": "Chợ mở từ năm 2018.",
        "split": "train",
    },
]


def write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def make_training_folder(folder: Path) -> Path:
    """Write all files of a small folder of training data."""
    folder.mkdir()
    files = {
        "passages": PASSAGES,
        "questions": QUESTIONS,
        "absent": ABSENT,
        "several": SEVERAL,
        "claims": CLAIMS,
        "contrasts": CONTRASTS,
        "conversations": CONVERSATIONS,
    }
    for stem, rows in files.items():
        write_rows(folder / f"{stem}.jsonl", rows)
    return folder
