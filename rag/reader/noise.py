"""Questions as people type them: other words, abbreviations, no accents, slips of the finger."""

from __future__ import annotations

import random
import re

from index.abbreviations import ABBREVIATIONS
from index.text import fold

_SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("cho biết", "nói", "cho hay", "thông tin"),
    ("diễn ra", "được tổ chức", "tổ chức", "xảy ra"),
    ("tổ chức", "diễn ra", "mở"),
    ("thành lập", "lập ra", "ra đời", "sáng lập"),
    ("xây dựng", "xây", "dựng"),
    ("bắt đầu", "khởi đầu", "khởi sự"),
    ("kết thúc", "chấm dứt", "xong"),
    ("tăng", "tăng lên", "gia tăng"),
    ("giảm", "giảm xuống", "hạ"),
    ("qua đời", "mất", "chết", "tử vong"),
    ("tử vong", "thiệt mạng", "chết", "qua đời"),
    ("thiệt mạng", "chết", "tử vong"),
    ("bị thương", "thương tích"),
    ("chủ trì", "điều hành", "chủ tọa"),
    ("tham dự", "dự", "có mặt", "tham gia"),
    ("tham gia", "góp mặt", "tham dự"),
    ("hỗ trợ", "giúp đỡ", "giúp", "trợ giúp"),
    ("sử dụng", "dùng", "áp dụng"),
    ("phát hiện", "tìm thấy", "tìm ra"),
    ("giành", "đoạt", "thắng"),
    ("đánh bại", "thắng", "hạ"),
    ("chiến thắng", "thắng lợi", "thắng"),
    ("ban hành", "ra", "đưa ra"),
    ("công bố", "đưa ra", "thông báo"),
    ("yêu cầu", "đòi hỏi", "đề nghị"),
    ("đề nghị", "đề xuất", "kiến nghị"),
    ("khởi công", "bắt đầu xây dựng"),
    ("khánh thành", "hoàn thành", "đưa vào sử dụng"),
    ("kinh phí", "số tiền", "chi phí"),
    ("vốn đầu tư", "kinh phí", "số vốn"),
    ("diện tích", "rộng"),
    ("khoảng", "chừng", "tầm"),
    ("hiện nay", "bây giờ", "hiện tại"),
    ("nguyên nhân", "lý do"),
    ("mục đích", "mục tiêu"),
    ("biện pháp", "giải pháp", "cách"),
    ("khó khăn", "trở ngại", "vướng mắc"),
    ("người dân", "bà con", "dân"),
    ("nông dân", "bà con nông dân", "người nông dân"),
    ("học sinh", "các em", "học trò"),
    ("giáo viên", "thầy cô", "nhà giáo"),
    ("trẻ em", "trẻ", "con nít"),
    ("phụ nữ", "chị em", "nữ"),
    ("doanh nghiệp", "công ty", "hãng"),
    ("ô tô", "xe hơi", "xe"),
    ("máy bay", "phi cơ"),
    ("bệnh viện", "nhà thương"),
    ("trường học", "trường"),
    ("lãnh đạo", "người đứng đầu", "cấp trên"),
    ("nghiên cứu", "khảo sát", "tìm hiểu"),
    ("sản xuất", "làm ra", "chế tạo"),
    ("mua", "sắm", "tậu"),
    ("bán", "tiêu thụ"),
    ("đạt", "được", "đạt được"),
    ("nhận", "được nhận", "lãnh"),
    ("trao", "tặng", "trao tặng"),
    ("gây ra", "dẫn đến", "làm"),
    ("ảnh hưởng", "tác động"),
    ("phát triển", "mở rộng"),
    ("bảo vệ", "giữ gìn", "gìn giữ"),
    ("lớn nhất", "to nhất"),
    ("nhiều nhất", "đông nhất"),
    ("đầu tiên", "sớm nhất", "trước nhất"),
    ("thường", "hay"),
    ("gọi là", "biết đến là", "mang tên"),
    ("sinh sống", "sống", "cư trú"),
    ("sinh ra", "chào đời", "sinh"),
    ("kết hôn", "cưới", "lập gia đình"),
    ("bắt giữ", "bắt", "tạm giữ"),
    ("phạt", "xử phạt"),
    ("tuyên bố", "khẳng định", "nói"),
    ("quan trọng", "chủ chốt", "trọng yếu"),
    ("khác nhau", "không giống nhau"),
    ("kéo dài", "diễn ra trong"),
    ("đặt tại", "nằm ở", "ở"),
    ("nằm ở", "ở", "thuộc"),
    ("trên địa bàn", "ở", "tại"),
    ("tại", "ở"),
    ("nhằm", "để"),
    ("trong khi", "còn"),
    ("do", "bởi", "vì"),
    ("ha", "héc ta", "hecta"),
    ("phần trăm", "%"),
    ("km", "cây số", "ki-lô-mét"),
    ("triển khai", "thực hiện", "tiến hành"),
    ("hoàn thành", "làm xong", "xong"),
    ("đầu tư", "bỏ vốn", "chi"),
    ("thu nhập", "mức thu nhập", "tiền kiếm được"),
    ("khen thưởng", "khen", "biểu dương", "tuyên dương"),
    ("kết nạp", "nhận vào"),
    ("tịch thu", "thu giữ"),
    ("khắc phục", "sửa chữa", "giải quyết"),
    ("thiệt hại", "tổn thất", "mất mát"),
    ("sáp nhập", "nhập", "hợp nhất"),
    ("vận động", "kêu gọi", "huy động"),
    ("huy động", "kêu gọi", "góp"),
    ("sơ tán", "di dời", "dời đi"),
    ("thu hoạch", "hái", "gặt"),
    ("xuất khẩu", "bán ra nước ngoài"),
    ("giữ chức", "làm", "là"),
    ("bổ nhiệm", "cử làm", "giao làm"),
    ("trưởng thành", "lớn lên"),
    ("điều trị", "chữa trị", "chữa bệnh"),
    ("vi phạm", "làm sai", "phạm lỗi"),
    ("tái phạm", "vi phạm lần nữa"),
    ("cao nhất", "lớn nhất", "nhiều nhất"),
    ("thấp nhất", "ít nhất", "kém nhất"),
    ("vượt", "hơn", "cao hơn"),
    ("toàn bộ", "tất cả", "hết thảy"),
    ("hộ", "gia đình", "nhà"),
    ("cán bộ", "nhân viên", "người làm việc"),
)
_BY_WORD = {group[0]: group[1:] for group in _SYNONYMS}
_SYNONYM = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_BY_WORD, key=len, reverse=True))})(?!\w)")
_SHORT = {full: short for short, fulls in ABBREVIATIONS.items() for full in fulls if len(short) > 2}
_LONG_WORDING = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(_SHORT, key=len, reverse=True))})(?!\w)", re.IGNORECASE
)
_DROPPABLE = frozenset((
    "đã", "đang", "sẽ", "cũng", "vẫn", "vừa", "mới", "rất", "thì", "mà", "là", "được", "bị", "cho",
    "của", "những", "các", "một", "này", "đó", "ấy", "kia", "có", "ra", "lên", "lại", "theo", "cả",
    "chính", "khoảng", "gần", "hơn", "trên", "ông", "bà", "anh", "chị", "em", "về", "với", "và",
    "trong",
))  # fmt: skip


def other_words(question: str, rng: random.Random, rate: float) -> str:
    """Replace each known word by a synonym, and each known wording by its abbreviation, with this chance."""

    def synonym(match: re.Match[str]) -> str:
        return rng.choice(_BY_WORD[match.group()]) if rng.random() < rate else match.group()

    def short(match: re.Match[str]) -> str:
        return _SHORT[match.group().lower()] if rng.random() < rate else match.group()

    return _SYNONYM.sub(synonym, _LONG_WORDING.sub(short, question))


def fewer_words(words: list[str], rng: random.Random, small: float, any_word: float) -> list[str]:
    """Leave out small words with the chance ``small``, other lower-case words with the chance ``any_word``."""
    return [
        word
        for word in words
        if rng.random() >= (small if word in _DROPPABLE else any_word if word.islower() else 0)
    ]


def without_accents(question: str) -> str:
    """The question as it is typed without a Vietnamese keyboard: no accents, no capitals."""
    return fold(question)


def mistyped(question: str, rng: random.Random) -> str:
    """One slip: a letter missing, doubled, swapped with the next, or one word without its accents."""
    words = question.split(" ")
    places = [place for place, word in enumerate(words) if len(word) > 2 and word.isalpha()]
    if not places:
        return question
    place = rng.choice(places)
    word = words[place]
    at = rng.randrange(1, len(word) - 1)
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        fold(word),
    )
    words[place] = rng.choice(slips)
    return " ".join(words)
