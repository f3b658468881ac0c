"""What the page of tools, and the commands of the same, say in Vietnamese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from ui.strings import Language


@dataclass(frozen=True, slots=True)
class ToolWords:
    """The copy of one language; a name in braces is filled in by ``str.format``."""

    nav: str
    title: str
    table_title: str
    table_text: str
    questions_label: str
    questions_hint: str
    questions_example: str
    tabulate: str
    limits: str
    limit_articles: str
    limit_passages: str
    limits_hint: str
    table_step: str
    table_none: str
    table_counts: str
    silent: str
    column_article: str
    column_place: str
    column_day: str
    column_certainty: str
    column_quote: str
    column_source: str
    export_xlsx: str
    export_csv: str
    check_title: str
    check_text: str
    text_label: str
    text_hint: str
    check: str
    check_step: str
    check_none: str
    check_counts: str
    supported: str
    contradicted: str
    not_found: str
    told_otherwise: str
    nearest: str
    stopped: str
    waiting: str
    may_be_wrong: str
    too_long: str


VIETNAMESE = ToolWords(
    nav="Công cụ",
    title="Công cụ",
    table_title="Lập bảng",
    table_text="Nêu một điều cần biết. Mọi bài nói đến điều đó được đọc lần lượt, mỗi bài thành một dòng, kèm câu "
    "làm căn cứ. Bài nào không nêu thì để trống.",
    questions_label="Điều cần lập bảng",
    questions_hint="Mỗi dòng là một cột, nhiều nhất {columns} cột.",
    questions_example="Ví dụ: tỷ lệ hộ nghèo của các xã",
    tabulate="Lập bảng",
    limits="Giới hạn đọc",
    limit_articles="Số bài đọc cho mỗi cột (1–{most})",
    limit_passages="Số đoạn đọc trong mỗi bài (1–{most})",
    limits_hint="Ít hơn thì nhanh hơn; bài dài cần đọc nhiều đoạn hơn.",
    table_step="Đang đọc: {done}/{total} bài",
    table_none="Không có bài nào nêu điều này. Hãy thử gọi tên khác, ngắn hơn.",
    table_counts="{told} bài có nêu, trong {read} bài đã đọc",
    silent="{count} bài không nêu",
    column_article="Bài viết",
    column_place="Nơi",
    column_day="Ngày",
    column_certainty="Độ chắc chắn",
    column_quote="Câu trong bài",
    column_source="Tệp",
    export_xlsx="Tải Excel (.xlsx)",
    export_csv="Tải CSV (.csv)",
    check_title="Kiểm tra đoạn văn",
    check_text="Dán đoạn văn cần kiểm tra. Từng câu được đối chiếu với kho, kèm câu trong bài để bạn xem lại.",
    text_label="Đoạn văn cần kiểm tra",
    text_hint="Nhiều nhất {limit} ký tự.",
    check="Kiểm tra",
    check_step="Đang đối chiếu: {done}/{total} câu",
    check_none="Chưa có câu nào để kiểm tra. Hãy dán các câu trọn vẹn.",
    check_counts="{supported} câu khớp, {contradicted} câu trái, {not_found} câu không thấy trong kho",
    supported="Khớp với bài",
    contradicted="Trái với bài",
    not_found="Không thấy trong kho",
    told_otherwise="Bài viết “{told}”, không phải “{said}”.",
    nearest="Câu gần nhất:",
    stopped="Đã dừng giữa chừng, kết quả chưa đầy đủ.",
    waiting="Đang chờ việc khác xong",
    may_be_wrong="Máy đối chiếu có thể sai. Hãy đọc câu trích trước khi dùng.",
    too_long="Đoạn văn vượt quá {limit} ký tự. Hãy chia nhỏ rồi kiểm tra từng phần.",
)

ENGLISH = ToolWords(
    nav="Tools",
    title="Tools",
    table_title="Make a table",
    table_text="Name one thing to know. Every article that speaks of it is read, one row each, with the sentence that "
    "tells it. Where an article does not tell, the cell stays empty.",
    questions_label="What the table is of",
    questions_hint="Each line is a column, {columns} at most.",
    questions_example="For example: tỷ lệ hộ nghèo của các xã",
    tabulate="Make the table",
    limits="Reading limits",
    limit_articles="Articles read for each column (1–{most})",
    limit_passages="Passages read of each article (1–{most})",
    limits_hint="Fewer are faster; long articles want more passages.",
    table_step="Reading: {done} of {total} articles",
    table_none="No article tells this. Try another, shorter name for it.",
    table_counts="{told} articles tell it, of {read} that were read",
    silent="{count} articles do not tell",
    column_article="Article",
    column_place="Place",
    column_day="Date",
    column_certainty="Certainty",
    column_quote="Sentence",
    column_source="File",
    export_xlsx="Download Excel (.xlsx)",
    export_csv="Download CSV (.csv)",
    check_title="Check a text",
    check_text="Paste the text to check. Each sentence is held against your articles, with the sentence that shows it.",
    text_label="The text to check",
    text_hint="{limit} characters at most.",
    check="Check",
    check_step="Checking: {done} of {total} sentences",
    check_none="There is no sentence to check yet. Paste whole sentences.",
    check_counts="{supported} supported, {contradicted} contradicted, {not_found} not found",
    supported="Supported",
    contradicted="Contradicted",
    not_found="Not found",
    told_otherwise="The article says “{told}”, not “{said}”.",
    nearest="Nearest sentence:",
    stopped="Stopped early; the result is not complete.",
    waiting="Waiting for other work to end",
    may_be_wrong="The comparison can be wrong. Read the quoted sentence before you rely on it.",
    too_long="The text has more than {limit} characters. Check it in parts.",
)


def tool_words(language: Language) -> ToolWords:
    """Give the copy of a language."""
    return VIETNAMESE if language == "vi" else ENGLISH
