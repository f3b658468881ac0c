"""Numbers, sums of money, percentages, days and times in Vietnamese text.

They are compared by what they mean, not by how they are written: ``3.772`` is ``3772``, ``25-6`` is
``ngày 25 tháng 6``, ``4,3 tỷ đồng`` is ``4.300 triệu đồng``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from index.text.normalise import NUMBER, number_form
from index.text.numerals import MAGNITUDES, written_numerals

Kind: TypeAlias = Literal["number", "percent", "money", "date", "time"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value at ``text[start:end]`` in one canonical form.

    ``number``, ``percent``: digits with a decimal point (``3772``, ``1.29``).  ``money``: đồng in digits,
    another currency after a space (``4300000000``, ``35 USD``).  ``time``: ``08:30``.  ``date``, parts that
    are not told left out: day ``2018-06-25`` or ``--06-25``, month ``2018-11`` or ``--11``, quarter
    ``2018-Q3`` or ``--Q3``, year ``2018``.
    """

    kind: Kind
    canonical: str
    start: int
    end: int


_Reader: TypeAlias = Callable[[re.Match[str]], "list[Value]"]

_D, _M, _Y = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[89]|20|21)\d\d"
_OF_YEAR = rf"(?:(?: n[ăa]m |[/-])(?P<y>{_Y})(?!\d))"
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_MAGNITUDES = MAGNITUDES | {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9}
_MAGNITUDE = rf"(?:{'|'.join(_MAGNITUDES)})(?!\w)"
_CURRENCIES = {"usd": " USD", "đô la": " USD", "đô-la": " USD", "euro": " EUR", "eur": " EUR"}
NOT_DONG = r"(?! (?:chí|chi|bào|bao|đội|doi|nghiệp|ruộng|lúa|hồ|thời|hương)(?!\w))"
_UNIT = (
    rf"(?: ?(?P<percent>%)| (?P<percent_word>phần trăm|phan tram)(?!\w)"
    rf"| ?(?P<currency>(?:đồng|dong){NOT_DONG}|vnđ|vnd|đ(?!/c)|usd|đô[ -]la|euro|eur)(?!\w))"
)
_BEFORE_NUMBER = r"(?<![^\W_])(?<![^\W\d_]-)(?<!\d[.,])"
_AMOUNT = re.compile(
    rf"{_BEFORE_NUMBER}(?P<amount>{NUMBER}(?:(?: {_MAGNITUDE})+(?: {NUMBER} {_MAGNITUDE})*)?){_UNIT}?",
    re.IGNORECASE,
)
_AFTER_NUMERAL = re.compile(_UNIT, re.IGNORECASE)
_DAY_CUE = re.compile(
    r"(?:ngày|ngay|hôm|sáng|sang|trưa|chiều|chieu|tối|toi|đêm|dem|dịp|lễ|le|mùng|mồng|đến|den|từ|tu|trước|truoc|"
    r"sau|hết|tới|vào|hai|ba|tư|năm|sáu|bảy|nhật|T[2-7]|CN)[ ,]{1,2}\(?$",
    re.IGNORECASE,
)
_AFTER_DAY = re.compile(r"\s*(?:$|[.,;:)!?…\n]|[-–] ?\d|(?:năm|tới|này|vừa|tại|đến|và)(?!\w))")
_DOCUMENT = re.compile(
    r"(?:nghị quyết|chỉ thị|quyết định|kế hoạch|thông tư|nghị định|kết luận|hướng dẫn|điều|khoản|số) $",
    re.IGNORECASE,
)


def find_values(text: str) -> list[Value]:
    """Values of a normalised text in reading order, none overlapping another.

    A number of a document (``45-CT/TW``) is its digits, a range (``2015-2020``) or a share (``4/16``) two
    numbers; ``Covid-19`` and ``m2`` are names.  Written-out numbers count where they clearly are numbers.
    """
    found: list[Value] = []
    taken = bytearray(len(text))
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            values = read(match)
            found += values
            for value in values:
                taken[value.start : value.end] = b"\1" * (value.end - value.start)
    found += (value for value in _numerals(text) if not any(taken[value.start : value.end]))
    return sorted(found, key=lambda value: value.start)


def same_value(a: Value, b: Value) -> bool:
    """Tell whether two values can mean the same.

    A date without a year equals the same day, month or quarter with one.  A bare number equals a
    percentage, a sum of money or a year with the same digits.
    """
    if a.kind == b.kind == "date":
        (year_a, *rest_a), (year_b, *rest_b) = date_parts(a.canonical), date_parts(b.canonical)
        return rest_a == rest_b and (year_a == year_b or (any(rest_a) and not (year_a and year_b)))
    return a.canonical == b.canonical and (a.kind == b.kind or "number" in (a.kind, b.kind))


def date_parts(canonical: str) -> tuple[int | None, int | None, int | None, int | None]:
    """Year, quarter, month and day of the canonical form of a date, ``None`` for what is not stated."""
    year, rest = (None, canonical[2:]) if canonical.startswith("--") else (int(canonical[:4]), canonical[5:])
    if rest.startswith("Q"):
        return year, int(rest[1:]), None, None
    month, _, day = rest.partition("-")
    return year, None, int(month) if month else None, int(day) if day else None


def _date(match: re.Match[str]) -> list[Value]:
    """Read a day, month, quarter or year from the groups ``d``, ``m``, ``q``, ``y``, those that are there."""
    groups = match.groupdict()
    rest = f"-Q{_QUARTERS[groups['q'].lower()]}" if groups.get("q") else ""
    rest += "".join(f"-{int(groups[part]):02d}" for part in ("m", "d") if groups.get(part))
    return [Value("date", (groups.get("y") or "-") + rest, match.start(), match.end())]


def _short_day(match: re.Match[str]) -> list[Value]:
    """Read ``25/6``, or ``25-6`` and ``25.6`` after a word such as ``ngày``; else it is no day."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    is_day = _DAY_CUE.search(before) is not None
    if not is_day and match["s"] == "/":
        is_day = match["m"].startswith("0") or match["d"].startswith("0") or match["y"] is not None
        is_day = is_day or _AFTER_DAY.match(match.string, match.end()) is not None
    return _date(match) if is_day else []


def _time(match: re.Match[str]) -> list[Value]:
    minutes = match["minutes"] or match["minutes_h"] or match["minutes_g"] or "0"
    hours = match["hours"] or match["hours_h"] or match["hours_g"]
    return [Value("time", f"{int(hours):02d}:{int(minutes):02d}", match.start(), match.end())]


def _phone(match: re.Match[str]) -> list[Value]:
    return [Value("number", re.sub(r"\D", "", match.group()), match.start(), match.end())]


def _amount(match: re.Match[str]) -> list[Value]:
    before = match.string[max(0, match.start() - 12) : match.start()]
    pair = re.fullmatch(r"(\d{1,3}),(\d{1,3})", match.group())
    if pair and _DOCUMENT.search(before):
        return [
            Value("number", number_form(pair[n]), match.start() + pair.start(n), match.start() + pair.end(n))
            for n in (1, 2)
        ]
    total = Decimal(0)
    for part in re.finditer(rf"({NUMBER})((?: {_MAGNITUDE})*)", match["amount"], re.IGNORECASE):
        factor = 1
        for word in part[2].lower().split():
            factor *= _MAGNITUDES[word]
        total += Decimal(number_form(part[1])) * factor
    return [_counted(total, match, match.start())]


def _numerals(text: str) -> Iterator[Value]:
    for number, start, end in written_numerals(text):
        unit = _AFTER_NUMERAL.match(text, end)
        yield _counted(Decimal(number), unit, start) if unit else Value("number", str(number), start, end)


def _counted(number: Decimal, unit: re.Match[str], start: int) -> Value:
    """Make a value of a number and the percent sign or currency that the match holds, if any."""
    digits = number_form(format(number, "f").replace(".", ","))
    if unit["percent"] or unit["percent_word"]:
        return Value("percent", digits, start, unit.end())
    if unit["currency"]:
        return Value("money", digits + _CURRENCIES.get(unit["currency"].lower(), ""), start, unit.end())
    return Value("number", digits, start, unit.end())


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (
        _pattern(
            r"(?<![\w.,/-])(?:(?:\+84|0)\d{8,10}|0\d{2,3}(?:[ .]\d{3,4}){2}|0\d{3} \d(?: \d{3}){2})(?![\w])"
        ),
        _phone,
    ),
    (_pattern(rf"(?<![\w-])(?P<y>{_Y})-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?![\w-])"), _date),
    (_pattern(rf"(?<![\w.,/-])(?P<d>{_D})(?P<s>[-/.])(?P<m>{_M})(?P=s)(?P<y>{_Y})(?![\w/-])"), _date),
    (_pattern(rf"(?<![\w.,/-])(?P<d>{_D}) th[áa]ng (?P<m>{_M})(?![\d%]|[.,]\d| ng[àa]y){_OF_YEAR}?"), _date),
    (_pattern(rf"(?<!\d )(?<!\w)th[áa]ng (?P<m>{_M})(?![\d%]|[.,]\d){_OF_YEAR}?"), _date),
    (_pattern(rf"(?<!\w)qu[ýy] (?P<q>iv|i{{1,3}}|[1-4])(?![\w%]|[.,]\d){_OF_YEAR}?"), _date),
    (
        _pattern(
            r"(?<![\w/.,:-])(?:(?P<hours>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?::[0-5]\d)?(?![\w:])"
            r"|(?P<hours_h>[01]?\d|2[0-3])[hg](?P<minutes_h>[0-5]\d)?(?!\w)"
            r"|(?P<hours_g>[01]?\d|2[0-3]) gi[ờo]"
            r"(?: (?P<minutes_g>[0-5]?\d)(?! (?:ngày|ngay)|[\d/-]|[.,]\d)(?: ph[úu]t)?)?(?!\w))"
        ),
        _time,
    ),
    (_pattern(rf"(?<![\w.,/-])(?P<m>{_M})/(?P<y>{_Y})(?![\w/-])"), _date),
    (
        _pattern(
            rf"(?<![\w.,/])(?P<d>{_D})(?P<s>[-/.])(?P<m>{_M})(?: n[ăa]m (?P<y>{_Y}))?(?![\w/%-]|[.,]\d)"
        ),
        _short_day,
    ),
    (_pattern(rf"(?:(?<=năm )|(?<=nam ))(?P<y>{_Y})(?!\w|[.,]\d)"), _date),
    (_AMOUNT, _amount),
)
