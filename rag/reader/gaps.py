"""The parts of a Vietnamese sentence that can be asked for, and the words that ask for them.

Vietnamese leaves the question word where the answer stands: ``kết nạp 82 đảng viên`` becomes ``kết nạp bao
nhiêu đảng viên``.  So a rule that knows what kind of thing a part of a sentence is makes a question of any
sentence, and its answer with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from index.text import CAPITAL
from index.values import Value, find_values


@dataclass(frozen=True, slots=True)
class Gap:
    """An answer ``sentence[start:end]`` within the part ``sentence[begin:stop]`` that one of ``words`` replaces.

    ``kind`` names the rule.  ``front`` are words that ask for it at the head of the question instead, the part
    being left out.
    """

    kind: str
    start: int
    end: int
    begin: int
    stop: int
    words: tuple[str, ...]
    front: tuple[str, ...] = ()


_Finder: TypeAlias = Callable[[str], Iterator[Gap]]

_CAPITALISED = rf"(?:[{CAPITAL}][\w’'-]*|\d+[A-Z]\w*)"
_NAME = rf"{_CAPITALISED}(?:[ -](?:{_CAPITALISED}|of|de|van|von|the|\d{{1,2}}(?![\w.,/])))*"
_FUNCTION_WORDS = (
    "đã|đang|sẽ|vừa|mới|cũng|vẫn|còn|được|bị|là|và|hoặc|hay|nhưng|mà|thì|của|cho|với|từ|tại|ở|trong|trên|dưới|"
    "ngoài|vào|đến|tới|để|nhằm|vì|do|bởi|nhờ|khi|nếu|sau|trước|theo|về|như|bằng|qua|không|chưa|rằng|này|đó|kia|"
    "ấy|nào|có|phải|nên|cần|rất|quá|lại|ra|lên|cùng|giữa|tuy|dù|song|gồm|làm|khiến|giúp|thuộc|hơn|nhất"
)
_PHRASE = rf"(?:(?!(?:{_FUNCTION_WORDS})(?!\w))[\w%’'/-]+)(?: (?!(?:{_FUNCTION_WORDS})(?!\w))[\w%’'/-]+)"
_REST = r"[^.;:!?()“”\"…]+"

_TITLES = (
    "ông|bà|anh|chị|em|cô|chú|bác|cụ|đồng chí|bạn|thầy|chủ tịch|phó chủ tịch|bí thư|phó bí thư|giám đốc|tổng giám đốc|"
    "tổng thống|thủ tướng|phó thủ tướng|bộ trưởng|thứ trưởng|ngoại trưởng|đại sứ|thống đốc|thị trưởng|nghị sĩ|hlv|"
    "huấn luyện viên|cầu thủ|tiền đạo|tiền vệ|hậu vệ|thủ môn|trung vệ|đội trưởng|tay vợt|võ sĩ|kỳ thủ|ca sĩ|nhạc sĩ|"
    "diễn viên|nghệ sĩ|nsnd|nsưt|đạo diễn|người mẫu|hoa hậu|á hậu|mc|rapper|nhà văn|nhà thơ|họa sĩ|giáo sư|tiến sĩ|"
    "gs|ts|pgs|ths|bác sĩ|bs|luật sư|nhà báo|kỹ sư|kiến trúc sư|nhà khoa học|triết gia|nhà nghiên cứu|thiếu tướng|"
    "trung tướng|thượng tướng|đại tướng|đại tá|thượng tá|trung tá|thiếu tá|đại úy|tướng|vua|hoàng đế|nữ hoàng|hoàng tử|"
    "công chúa|giáo hoàng|linh mục|hòa thượng|doanh nhân|tỷ phú|nạn nhân|bị cáo|bị can|nghi phạm|"
    "tài xế|lái xe|học sinh|sinh viên|vận động viên|vđv|trọng tài|cựu binh|liệt sĩ|anh hùng"
)
_PERSON = re.compile(rf"(?<!\w)(?P<title>(?i:{_TITLES})) (?P<name>{_NAME})")
_PERSONAL = re.compile(r"(?i:ông|bà|anh|chị|em|cô|chú|bác|cụ|bạn)$")
_ROLE = re.compile(
    rf"(?P<name>{_NAME})(?:,| -|–) (?P<role>(?i:chủ tịch|phó|bí thư|giám đốc|tổng|trưởng|thủ tướng|bộ trưởng|"
    rf"thứ trưởng|hlv|huấn luyện viên|đại diện|người|nhà|viện trưởng|hiệu trưởng|cục|đội trưởng){_REST[:-1]}{{3,60}}?)"
    r"(?=,| cho | nói| chia sẻ|\.$| khẳng định| nhận định| đã )"
)
_NAMED_THINGS = (
    "tỉnh|huyện|xã|phường|quận|thị xã|thành phố|thị trấn|thôn|bản|ấp|làng|khu phố|đường|phố|đại lộ|quốc lộ|cao tốc|"
    "sông|suối|núi|hồ|đảo|quần đảo|biển|vịnh|đèo|cầu|chợ|chùa|đền|nhà thờ|nước|quốc gia|bang|vùng|miền|châu|khu vực|"
    "công ty|tập đoàn|ngân hàng|hãng|thương hiệu|trường|đại học|học viện|bệnh viện|nhà máy|khu công nghiệp|cảng|"
    "sân bay|nhà ga|khách sạn|nhà hàng|siêu thị|báo|tờ|tạp chí|đài|kênh|trang|website|ứng dụng|mạng xã hội|"
    "hệ điều hành|câu lạc bộ|CLB|đội bóng|đội tuyển|đội|giải đấu|giải|cuộc thi|chương trình|dự án|"
    "chiến dịch|lễ hội|bộ phim|phim|"
    "ca khúc|bài hát|album|tác phẩm|cuốn sách|tiểu thuyết|vở kịch|tàu|máy bay|tên lửa|điện thoại|dòng xe|xe|loài|"
    "giống|virus|hội chứng|tổ chức|đảng|liên minh|quân đội|sư đoàn|trung đoàn|lực lượng|ngôn ngữ|tôn giáo|"
    "sân vận động|bảng|nhóm nhạc|nhóm|dân tộc|nghị định|nghị quyết|thông tư|luật|hiệp định"
)
_NAMED = re.compile(rf"(?<!\w)(?P<thing>(?i:{_NAMED_THINGS})) (?P<name>[“\"]?{_NAME}[”\"]?)")
_BODIES = (
    "Bộ|Sở|Ban|Cục|Tổng cục|Chi cục|Vụ|Viện|Ủy ban|UBND|HĐND|Hội|Hiệp hội|Công an|Tòa án|TAND|VKSND|Trường|Đại học|"
    "Học viện|Bệnh viện|Công ty|Tập đoàn|Tổng công ty|Ngân hàng|Liên đoàn|Phòng|Trung tâm|Đoàn|Quân khu|Cơ quan|"
    "Thanh tra|Mặt trận|Quỹ|Đảng bộ|Huyện ủy|Tỉnh ủy|Thành ủy|Hội đồng|Văn phòng|Đài|CLB|Đội|Chính phủ|Quốc hội"
)
_BODY = re.compile(
    rf"(?<!\w)(?P<name>(?:{_BODIES})(?: (?:và (?=[{CAPITAL}])|-? ?)?(?!(?:{_FUNCTION_WORDS})(?!\w))[\w.]+){{1,7}}?)"
    rf"(?=[,.;:)]| (?:{_FUNCTION_WORDS}|yêu cầu|tổ chức|phối hợp|tiến hành|khởi tố|công bố|ban hành|cho biết)(?!\w)|$)"
)
_PLACE = re.compile(
    rf"(?<!\w)(?P<to>tại|ở|đến|tới|từ|về|qua|sang|trên địa bàn|gần|thuộc|quê) "
    rf"(?P<name>(?:(?:{_NAMED_THINGS}|khu|trung tâm|phía|ngã tư) )?{_NAME}"
    rf"(?:(?:, | \(|, thuộc )(?:(?:{_NAMED_THINGS}) )?{_NAME}\)?)*)"
)
_ANY_NAME = re.compile(rf"(?<![\w.“\"-])(?P<name>{_CAPITALISED}(?:[ -]{_CAPITALISED})+)")
_BEFORE_DATE = re.compile(
    r"(?:(?:vào|từ|trong|đến|hôm|sáng|trưa|chiều|tối|đêm|rạng sáng|khoảng|giữa|cuối|đầu) )*"
    r"(?:(?:ngày|tháng|năm|quý|mùng) )?$",
    re.IGNORECASE,
)
_UNIT_OF_TIME = re.compile(r" (giây|phút|giờ|tiếng|ngày|đêm|tuần|tháng|quý|năm|thập kỷ|thế kỷ)(?!\w)")
_UNIT_OF_LENGTH = re.compile(r" ?(km|m|cm|mm|mét|cây số|ki-lô-mét|hải lý|dặm)(?![\w])")
_AGE = re.compile(r" tuổi(?!\w)")
_ABOUT = re.compile(
    r"(?:(?:khoảng|gần|hơn|trên|dưới|chừng|ước tính|tới|đến|ít nhất|tổng cộng) )+$", re.IGNORECASE
)
_CALLED = re.compile(
    r"(?<!\w)(?P<by>(?:có |mang |lấy |đặt |với )tên(?: gọi)?(?: là)?|tên(?: gọi)? là|được gọi là|gọi là|mệnh danh là|"
    r"biệt danh|tựa đề|nhan đề|chủ đề|khẩu hiệu|thông điệp)(?: là)?:? "
    rf"(?P<name>[“\"][^“”\"]{{2,80}}[”\"]|{_NAME}|{_PHRASE}{{0,4}})"
)
_REASON = re.compile(
    rf"(?P<before>{_REST}?)(?<! tự)(?<! lý)(?<! cũng)(?<! là) "
    r"(?P<by>(?:là )?(?:vì|do|bởi vì|bởi|nhờ|tại vì|xuất phát từ))(?: việc)? "
    rf"(?P<rest>(?![{CAPITAL}]|đó|vậy|thế|đâu|đó là){_REST}?)(?=[,;.]? ?$|, (?:nên|khiến|do đó|vì vậy)|[;.(])"
)
_PURPOSE = re.compile(
    rf"(?P<before>{_REST}?),? (?P<by>để|nhằm|với mục đích|với mục tiêu|hướng tới mục tiêu) "
    rf"(?P<rest>(?!lại|ý|cho|đó){_REST}?)(?=[;.]? ?$|[;.(]|, (?:đồng thời|trong|ông|bà|anh))"
)
_MANNER = re.compile(
    rf"(?P<before>{_REST}?)(?<!công)(?<!mặt)(?<!đồng)(?<!cân)(?<!ngang)(?<!văn) "
    r"(?P<by>bằng cách|bằng việc|thông qua|bằng|qua việc) "
    rf"(?P<rest>(?!\d|lái|chứng|cấp|không){_REST}?)(?=[,;.]|$| và | để )"
)
_BEING = re.compile(
    r"^(?P<first>(?!(?i:đây|đó|điều|nếu|khi|đặc biệt|còn|nhất|tức|hay|cũng|trong|theo|ngoài))[^.,;:!?()“”\"…]{3,70}?) "
    r"(?:chính |cũng |vẫn |từng |đã |sẽ )?(?:là|trở thành) "
    r"(?P<second>(?!(?:do|vì|để|khi|rằng|ở|tại|không|những|gì)(?!\w))[^.,;:!?()“”\"…]{6,110})"
)
_LIST = re.compile(
    rf"(?P<before>{_REST}?) (?P<by>bao gồm|gồm có|gồm|ví dụ như|chẳng hạn như|như:)(?: các| những)?:? "
    r"(?P<rest>[^.;:!?()“”\"…]{4,60}?, [^.;:!?()“”\"…]{3,90}?)(?=[.;(]|\.{3}|…|$)"
)
_SOME = re.compile(
    rf"(?<!\w)(?P<some>những|các|một số|nhiều|mọi|một) (?P<name>{_PHRASE}{{1,6}})"
    rf"(?=[,.;:)]| (?:{_FUNCTION_WORDS})(?!\w)|$)"
)
_VERBS = (
    "phát hiện|sử dụng|dùng|xây dựng|sản xuất|giành|đạt|nhận|mua|bán|mắc|trồng|nuôi|học|thành lập|tổ chức|công bố|"
    "ban hành|đề nghị|yêu cầu|hỗ trợ|trao|tặng|triển khai|thực hiện|gây|gây ra|tạo ra|phát triển|cung cấp|đóng vai|"
    "mang|bảo vệ|chống|chứa|cần|thích|chọn|đề xuất|nghiên cứu|thu được|thu giữ|giới thiệu|khai trương|ra mắt|đầu tư|"
    "đối mặt với|liên quan đến|dẫn đến|phụ thuộc vào|tập trung vào|tham gia|giữ|ăn|uống|mặc|chơi|viết|"
    "phát minh|tin rằng"
)
_OBJECT = re.compile(
    rf"(?<!\w)(?P<verb>{_VERBS}) (?P<name>(?!\d|ai|gì)(?:những |các |một |một số |nhiều )?{_PHRASE}{{1,6}})"
    rf"(?=[,.;:)]| (?:{_FUNCTION_WORDS})(?!\w)|$)"
)
_SUBJECT = re.compile(
    rf"(?:^|, )(?P<name>(?!(?i:trong|theo|tại|ở|với|khi|từ|sau|trước|ngày|năm|tháng|đến|tuy|nếu|dù|để|do|vì|nhờ|"
    rf"bên|ngoài|cùng|như|trên|qua|về|hiện|đây|đó|điều|không|ông|bà|anh|chị|họ|tôi|chúng|em|"
    rf"cô)(?!\w)){_PHRASE}{{1,6}}) "
    r"(?=(?:đã|đang|sẽ|vừa|bị|được|có thể|cần|phải|không|là)(?!\w))"
)


def find_gaps(sentence: str) -> list[Gap]:
    """All parts of a sentence that the rules can ask for; they may overlap."""
    return [gap for finder in _FINDERS for gap in finder(sentence) if gap.end - gap.start <= 160]


def _whole(kind: str, sentence: str, span: tuple[int, int], *words: str, front: tuple[str, ...] = ()) -> Gap:
    """A gap whose answer is all that is replaced, without quotation marks around it."""
    start, end = _bare(sentence, *span)
    return Gap(kind, start, end, *span, words, front)


def _bare(sentence: str, start: int, end: int) -> tuple[int, int]:
    while start < end and sentence[start] in " “\"'‘(,":
        start += 1
    while end > start and sentence[end - 1] in " ”\"'’),.;:-–":
        end -= 1
    return start, end


def _values(sentence: str) -> Iterator[Gap]:
    for value in find_values(sentence):
        yield from _KINDS[value.kind](sentence, value)


def _date(sentence: str, value: Value) -> Iterator[Gap]:
    before = _BEFORE_DATE.search(sentence, 0, value.start)
    begin = before.start() if before else value.start
    unit = "năm" if value.canonical.isdigit() else "ngày" if value.canonical.count("-") > 1 else "tháng"
    if "Q" in value.canonical:
        unit = "quý"
    start = value.start
    words = (f"vào {unit} nào", f"{unit} nào", "khi nào", "lúc nào", "vào thời gian nào")
    front = ("Khi nào", f"Vào {unit} nào", f"{unit.capitalize()} nào", "Từ khi nào", "Bao giờ")
    yield Gap("date", start, value.end, begin, value.end, words, front)


def _time(sentence: str, value: Value) -> Iterator[Gap]:
    yield Gap(
        "time",
        value.start,
        value.end,
        value.start,
        value.end,
        ("mấy giờ", "lúc mấy giờ", "khi nào"),
        ("Khi nào",),
    )


def _percent(sentence: str, value: Value) -> Iterator[Gap]:
    words = ("bao nhiêu phần trăm", "bao nhiêu %", "bao nhiêu", "tỷ lệ bao nhiêu", "mấy phần trăm")
    yield _counted("percent", sentence, value, value.end, value.end, words)


def _money(sentence: str, value: Value) -> Iterator[Gap]:
    words = ("bao nhiêu tiền", "bao nhiêu", "bao nhiêu đồng", "số tiền bao nhiêu")
    yield _counted("money", sentence, value, value.end, value.end, words)


def _number(sentence: str, value: Value) -> Iterator[Gap]:
    if match := _AGE.match(sentence, value.end):
        yield _counted("age", sentence, value, value.end, match.end(), ("bao nhiêu tuổi", "mấy tuổi"))
    elif match := _UNIT_OF_TIME.match(sentence, value.end):
        unit = match[1]
        words = ("bao lâu", f"bao nhiêu {unit}", f"mấy {unit}", "trong bao lâu")
        yield _counted("duration", sentence, value, match.end(), match.end(), words)
    elif match := _UNIT_OF_LENGTH.match(sentence, value.end):
        words = (f"bao nhiêu {match[1]}", "bao nhiêu", "bao xa", "bao nhiêu mét")
        yield _counted("length", sentence, value, match.end(), match.end(), words)
    else:
        yield _counted(
            "number", sentence, value, value.end, value.end, ("bao nhiêu", "mấy", "có bao nhiêu", "bao nhiêu")
        )


def _counted(kind: str, sentence: str, value: Value, end: int, stop: int, words: tuple[str, ...]) -> Gap:
    """``khoảng 82 đảng viên``: the question swallows the ``khoảng``."""
    about = _ABOUT.search(sentence, 0, value.start)
    return Gap(kind, value.start, end, about.start() if about else value.start, stop, words)


_KINDS = {"date": _date, "time": _time, "percent": _percent, "money": _money, "number": _number}


def _people(sentence: str) -> Iterator[Gap]:
    for match in _PERSON.finditer(sentence):
        title = match["title"].lower()
        words = ("ai",) if _PERSONAL.match(title) else ("ai", f"{title} nào", f"vị {title} nào", "ai")
        yield Gap("person", *match.span("name"), *match.span(), words)
    for match in _ROLE.finditer(sentence):
        start, end = match.span("role")
        asked = (f"{match['name']} giữ chức vụ gì", f"{match['name']} là ai", f"{match['name']} làm chức gì")
        yield Gap("role", start, end, 0, len(sentence), asked)


def _named(sentence: str) -> Iterator[Gap]:
    for match in _NAMED.finditer(sentence):
        thing = match["thing"]
        words = (f"{thing} nào", f"{thing} gì", f"những {thing} nào")
        yield Gap("named", *_bare(sentence, *match.span("name")), *match.span(), words[:1] * 3 + words)
    for match in _CALLED.finditer(sentence):
        begin, stop = match.span("name")
        yield Gap("called", *_bare(sentence, begin, stop), begin, stop, ("gì", "là gì"))


def _bodies(sentence: str) -> Iterator[Gap]:
    for match in _BODY.finditer(sentence):
        yield _whole("body", sentence, match.span("name"), "cơ quan nào", "đơn vị nào", "tổ chức nào")


def _places(sentence: str) -> Iterator[Gap]:
    for match in _PLACE.finditer(sentence):
        front = ("Ở đâu", "Tại đâu", "Nơi nào") if match["to"] in ("tại", "ở") else ()
        begin = match.start() if match["to"] in ("thuộc", "quê") else match.start("name")
        words = (
            ("đâu", "đâu", "địa điểm nào", "nơi nào")
            if begin > match.start()
            else ("ở đâu", "thuộc địa phương nào")
        )
        yield Gap("place", *_bare(sentence, *match.span("name")), begin, match.end(), words, front)


def _names(sentence: str) -> Iterator[Gap]:
    for match in _ANY_NAME.finditer(sentence):
        yield _whole("name", sentence, match.span(), "tên gì", "cái tên nào", "cái gì")


def _after(kind: str, pattern: re.Pattern[str], inside: tuple[str, ...], front: tuple[str, ...]) -> _Finder:
    """Asks for what follows a word such as ``vì``; at the head the whole end of the clause goes."""

    def find(sentence: str) -> Iterator[Gap]:
        for match in pattern.finditer(sentence):
            start, end = _bare(sentence, *match.span("rest"))
            if len(match["before"].split()) >= 4 and 2 <= len(sentence[start:end].split()) <= 28:
                yield Gap(kind, start, end, match.start("by"), len(sentence), inside, front)

    return find


def _beings(sentence: str) -> Iterator[Gap]:
    for match in _BEING.finditer(sentence):
        yield Gap(
            "being",
            *_bare(sentence, *match.span("second")),
            *match.span("second"),
            ("gì", "gì", "cái gì", "như thế nào"),
        )
        yield Gap(
            "subject",
            *_bare(sentence, *match.span("first")),
            *match.span("first"),
            _who_or_what(match["first"]),
        )


def _lists(sentence: str) -> Iterator[Gap]:
    for match in _LIST.finditer(sentence):
        start, end = _bare(sentence, *match.span("rest"))
        words = (f"{match['by']} những gì", f"{match['by']} gì", "gồm những gì")
        yield Gap("list", start, end, match.start("by"), len(sentence), words)


def _some(sentence: str) -> Iterator[Gap]:
    for match in _SOME.finditer(sentence):
        head = " ".join(match["name"].split()[:2])
        words = ("gì", "những gì", "điều gì", f"{head} nào", f"những {head} nào", f"{head} gì", "cái gì")
        yield Gap("some", *match.span("name"), *match.span(), words)


def _objects(sentence: str) -> Iterator[Gap]:
    for match in _OBJECT.finditer(sentence):
        yield _whole("object", sentence, match.span("name"), "gì", "điều gì", "những gì", "cái gì", "gì")


def _subjects(sentence: str) -> Iterator[Gap]:
    for match in _SUBJECT.finditer(sentence):
        head = " ".join(match["name"].split()[:2]).lower()
        words = _who_or_what(match["name"])
        yield _whole(
            "subject", sentence, match.span("name"), *words, *(() if "ai" in words else (f"{head} nào",))
        )


def _who_or_what(name: str) -> tuple[str, ...]:
    """The words that ask for a subject: a bare name of two words or more is most often a person's."""
    return ("ai",) if _ANY_NAME.fullmatch(name) else ("điều gì", "cái gì")


_FINDERS: tuple[_Finder, ...] = (
    _values,
    _people,
    _named,
    _bodies,
    _places,
    _names,
    _after(
        "reason",
        _REASON,
        ("vì sao", "tại sao", "do đâu", "vì lý do gì"),
        ("Vì sao", "Tại sao", "Lý do gì khiến", "Nguyên nhân nào khiến"),
    ),
    _after(
        "purpose",
        _PURPOSE,
        ("để làm gì", "nhằm mục đích gì", "để làm gì", "với mục đích gì"),
        ("Mục đích của việc", "Vì sao"),
    ),
    _after(
        "manner",
        _MANNER,
        ("bằng cách nào", "bằng gì", "như thế nào", "thông qua điều gì"),
        ("Làm thế nào", "Bằng cách nào"),
    ),
    _beings,
    _lists,
    _some,
    _objects,
    _subjects,
)
