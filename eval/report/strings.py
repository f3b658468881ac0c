"""The words of tables and reports, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["vi", "en"]
Strings: TypeAlias = Mapping[str, str]

_WORDS: dict[str, tuple[str, str]] = {
    # kinds of questions
    "kind.fact": ("Sự việc", "Fact"),
    "kind.number": ("Con số", "Number"),
    "kind.reason": ("Lý do", "Reason"),
    "kind.list": ("Liệt kê", "List"),
    "kind.paraphrase": ("Diễn đạt khác", "Paraphrase"),
    "kind.unaccented": ("Không dấu", "Unaccented"),
    "kind.hard": ("Có điều kiện, dễ lẫn", "Conditions, like figures"),
    "kind.yesno": ("Có hay không", "Yes or no"),
    "kind.table": ("Ô của bảng", "Cell of a table"),
    "kind.follow_up": ("Hỏi tiếp", "Follow-up"),
    "kind.conversation": ("Trò chuyện", "Conversation"),
    "kind.multi": ("Hai bài", "Two articles"),
    "kind.absent": ("Không có trong bài", "Not told"),
    "kind.far": ("Chuyện khác hẳn", "Another subject"),
    "kind.maybe_told": ("Có thể bài khác kể", "Maybe told elsewhere"),
    "kind.all": ("Tất cả", "All"),
    # where an answer went wrong
    "stage.right": ("Đúng", "Right"),
    "stage.not_found": ("Không tìm thấy", "Not found"),
    "stage.not_used": ("Thấy mà không dùng", "Found but not used"),
    "stage.misused": ("Dùng mà vẫn sai", "Used but wrong"),
    "stage.wrongly_refused": ("Từ chối nhầm", "Wrongly refused"),
    "stage.not_refused": ("Lẽ ra phải từ chối", "Not refused"),
    "stage.failed": ("Gặp lỗi", "Failed"),
    "stage.not_found.about": (
        "Câu mang đáp án không nằm trong các đoạn tìm được.",
        "The sentence with the answer was not among the passages.",
    ),
    "stage.not_used.about": (
        "Đoạn đúng đã được tìm thấy, nhưng câu trả lời không dựa vào nó.",
        "The right passage was found, and the answer does not rest on it.",
    ),
    "stage.misused.about": (
        "Câu trả lời có dẫn đoạn đúng mà nội dung vẫn sai.",
        "The right passage is cited, and the answer is still wrong.",
    ),
    "stage.wrongly_refused.about": (
        "Đoạn đúng đã được tìm thấy, nhưng trợ lý lại từ chối.",
        "The right passage was found, and the assistant refused.",
    ),
    "stage.not_refused.about": (
        "Các bài viết không cho biết, nhưng trợ lý vẫn trả lời.",
        "The articles do not tell, and the assistant answered.",
    ),
    "stage.failed.about": ("Hệ thống báo lỗi ở câu này.", "The system failed on this question."),
    # systems
    "system.hoidap": ("hoidap", "hoidap"),
    "system.retrieval_only": ("Chỉ tìm kiếm", "Retrieval only"),
    "system.dense_only": ("Chỉ véc-tơ", "Dense only"),
    "system.bm25_only": ("Chỉ BM25", "BM25 only"),
    "system.llm_only": ("Chỉ mô hình ngôn ngữ", "Language model only"),
    "system.textbook": ("RAG sách giáo khoa", "Textbook chain"),
    # measures
    "found": ("Tìm thấy", "Found"),
    "right": ("Đúng", "Right"),
    "marked_wrong": ("Sai mà có dẫn nguồn", "Wrong with a proof mark"),
    "stated_wrong": ("… không kể “có thể là”", "… but for “perhaps”"),
    "cited": ("Dẫn đúng", "Cited right"),
    "citations_right": ("Trích dẫn trúng đoạn", "Citations right"),
    "refused": ("Từ chối", "Refused"),
    "sure": ("Trả lời chắc chắn", "Answered as told"),
    "perhaps": ("Trả lời “có thể là”", "Answered with “perhaps”"),
    "not_told": ("Trả lời là không có", "Answered that it is not told"),
    "sure_right": ("Đúng khi chắc chắn", "Right where answered as told"),
    "perhaps_right": ("Đúng khi “có thể là”", "Right where “perhaps”"),
    "quoted": ("Phải trích nguyên câu", "Quoted instead of written"),
    "recall@1": ("Recall@1", "Recall@1"),
    "recall@2": ("Recall@2", "Recall@2"),
    "recall@3": ("Recall@3", "Recall@3"),
    "recall@5": ("Recall@5", "Recall@5"),
    "recall@10": ("Recall@10", "Recall@10"),
    "recall@20": ("Recall@20", "Recall@20"),
    "mrr@10": ("MRR@10", "MRR@10"),
    "ndcg@10": ("nDCG@10", "nDCG@10"),
    "short_exact": ("Đáp án ngắn trùng khít", "Short answer, exact match"),
    "short_f1": ("Đáp án ngắn, F1", "Short answer, F1"),
    "misses_refused": ("Suýt có, từ chối đúng", "Narrow misses refused"),
    "told_auroc": ("Có trong bài hay không, AUROC", "Told or not, AUROC"),
    "refusal_precision": ("Từ chối đúng lúc", "Refusal precision"),
    "refusal_recall": ("Từ chối khi cần", "Refusal recall"),
    "false_refusals": ("Từ chối nhầm", "False refusals"),
    "aurc": ("AURC (rủi ro trung bình)", "Risk-coverage area"),
    "leaks": ("Lẫn ngôn ngữ khác", "Language leaks"),
    "failed": ("Gặp lỗi", "Failed"),
    "words": ("Số tiếng mỗi câu trả lời", "Syllables an answer"),
    "prompt_tokens": ("Token đọc", "Prompt tokens"),
    "output_tokens": ("Token viết", "Output tokens"),
    "retrieve_p50": ("Tìm kiếm, trung vị", "Search, median"),
    "retrieve_p95": ("Tìm kiếm, p95", "Search, p95"),
    "first_p50": ("Chữ đầu tiên, trung vị", "First token, median"),
    "first_p95": ("Chữ đầu tiên, p95", "First token, p95"),
    "total_p50": ("Trọn câu, trung vị", "Whole answer, median"),
    "total_p95": ("Trọn câu, p95", "Whole answer, p95"),
    "peak_memory": ("Bộ nhớ cao nhất", "Peak memory"),
    "cold": ("Lần đầu, nạp mô hình", "First answer, models loaded"),
    # tables in the terminal
    "kind": ("Loại câu hỏi", "Kind"),
    "measure": ("Thước đo", "Measure"),
    "seconds": ("Giây", "Seconds"),
    "questions": ("Số câu", "Questions"),
    "system": ("Hệ thống", "System"),
    "search": ("Cách tìm", "Search"),
    "accents": ("có dấu", "with accents"),
    "no_accents": ("không dấu", "without accents"),
    "retrieval.title": (
        "{questions} câu hỏi trên {passages} đoạn văn, kèm khoảng tin cậy 95%.",
        "{questions} questions over {passages} passages, with 95% intervals.",
    ),
    # the report
    "report.title": ("Kết quả đánh giá", "Evaluation"),
    "report.lead": (
        "{questions} câu hỏi từ {file}, trả lời lúc {created}.",
        "{questions} questions of {file}, answered {created}.",
    ),
    "report.interval": (
        "Trong ngoặc: khoảng tin cậy 95% (bootstrap trên câu hỏi). “–”: không xác định, không tính là 0.",
        "In brackets: 95% interval (bootstrap over questions). “–”: undefined, which is not 0.",
    ),
    "report.changes": ("So với lần trước", "Compared with the last time"),
    "report.systems": ("So với các cách làm khác", "Against simpler systems"),
    "report.systems.about": (
        "Cùng câu hỏi, cùng bài viết, cùng mô hình.",
        "Same questions, same articles, same models.",
    ),
    "report.kinds": ("Theo loại câu hỏi", "By kind of question"),
    "report.failures": ("Sai ở khâu nào", "Where it goes wrong"),
    "report.failures.about": (
        "Mỗi câu trả lời sai được xếp vào khâu hỏng đầu tiên.",
        "Each wrong answer is put down to the first step that failed.",
    ),
    "report.retrieval": ("Tìm kiếm", "Retrieval"),
    "report.answers": ("Câu trả lời và trích dẫn", "Answers and citations"),
    "report.refusals": ("Từ chối", "Refusing"),
    "report.risk": ("Rủi ro theo độ phủ", "Risk and coverage"),
    "report.risk.about": (
        "Nếu chỉ giữ những câu trả lời chắc chắn nhất: phủ được bao nhiêu câu hỏi, và sai bao nhiêu trong số đó.",
        "If only the surest answers are kept: how many questions are covered, and how many of those are wrong.",
    ),
    "report.speed": ("Thời gian và tài nguyên", "Time and resources"),
    "report.worst": ("Những câu sai đáng xem nhất", "Failures worth reading"),
    "report.worst.about": (
        "Mỗi khâu vài câu, câu mà trợ lý tỏ ra chắc chắn nhất đứng trước.",
        "Some of each stage, the ones that looked surest first.",
    ),
    "report.none": ("Không có câu nào sai.", "No question went wrong."),
    "report.all": ("Tất cả câu hỏi", "All questions"),
    "report.origin": ("Nguồn gốc kết quả", "Origin of this result"),
    "report.coverage": ("độ phủ", "coverage"),
    "report.risk_axis": ("rủi ro", "risk"),
    "report.of": ("{count} trên {total} câu", "{count} of {total}"),
    "row.expected": ("Đáp án", "Expected"),
    "row.said": ("Trả lời", "Answer"),
    "row.searched": ("Đã tìm", "Searched"),
    "row.before": ("Hỏi trước đó", "Asked before"),
    "row.passages": ("Các đoạn đã dùng", "Passages used"),
    "row.no_passages": ("Không có đoạn nào.", "No passage."),
    "row.evidence": ("Bằng chứng", "Evidence"),
    "row.absent": ("Các bài viết không cho biết.", "The articles do not tell."),
    "row.beside": ("dẫn không trúng", "not the sentence that tells it"),
    "row.rank": ("đoạn đúng đứng thứ {rank}", "evidence at rank {rank}"),
    # comparing two runs
    "compare.title": (
        "{first} → {second}, {questions} câu chung",
        "{first} → {second}, {questions} shared questions",
    ),
    "compare.gained": ("Nay đúng", "Now right"),
    "compare.lost": ("Nay sai", "Now wrong"),
    "compare.other": ("Vẫn sai, hỏng ở khâu khác", "Still wrong, at another step"),
    "compare.change": ("thay đổi", "change"),
    "compare.interval": ("khoảng 95%", "95% interval"),
    "compare.only": (
        "{count} câu chỉ có ở một bên và bị bỏ qua.",
        "{count} questions stand in one run only and are left out.",
    ),
}


def strings(language: Language) -> Strings:
    """All words of one language."""
    column = 0 if language == "vi" else 1
    return {key: words[column] for key, words in _WORDS.items()}


def label(words: Strings, group: str, name: str) -> str:
    """The word for a kind, stage or system; a name that a user made up stands for itself."""
    return words.get(f"{group}.{name}", name)
