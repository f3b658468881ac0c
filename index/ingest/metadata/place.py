"""Which district, commune or province an article is about."""

from __future__ import annotations

import re
from collections import Counter

from index.text.normalise import CAPITAL, SMALL

_SYLLABLE = f"[{CAPITAL}](?:[{SMALL}]+|(?=[ ,.;:)]))"
_NAME = rf"(?P<name>{_SYLLABLE}(?:[ -]{_SYLLABLE}){{0,3}}|\d{{1,2}}(?![\d.,/]))"
_DISTRICT = {
    "huyện": "huyện",
    "thị xã": "thị xã",
    "quận": "quận",
    "thành phố": "thành phố",
    "tp": "thành phố",
}
_COMMUNE = ("xã", "phường", "thị trấn")
_BODIES = {
    "huyện ủy": "huyện",
    "thị ủy": "thị xã",
    "thành ủy": "thành phố",
    "quận ủy": "quận",
    "tỉnh ủy": "tỉnh",
}
_NAMED = re.compile(
    r"(?<!\w)(?P<level>(?:huyện|thị|thành|quận|tỉnh) ủy|huyện|thị xã|quận|thành phố|tp\.?|tỉnh|thị trấn|xã|phường)"
    rf" ?(?-i:{_NAME})",
    re.IGNORECASE,
)
_OFFICE_NAME = re.compile(rf"(?:[A-ZĐ&-]{{2,}}|[{SMALL}]+) {_NAME}$")
_TITLE_NAME = re.compile(
    rf"(?:[Hh]uyện )?{_NAME}(?= ?:| tổng kết| tập trung| đẩy mạnh| tổ chức| triển khai| dồn sức| sơ kết)"
)
_NOT_A_NAME = re.compile(r"(?:Ủy|Ban|Hội|Đảng|Đoàn|Trung|Đại|Công|Bí|Chủ|Phó|Nghị|Trong|Các|Theo)(?: |$)")
_PROVINCE = re.compile(
    "An Giang|Bà Rịa|Vũng Tàu|Bạc Liêu|Bắc Giang|Bắc Kạn|Bắc Ninh|Bến Tre|Bình Dương|Bình Định|Bình Phước|Bình Thuận|"
    "Cà Mau|Cao Bằng|Cần Thơ|Đà Nẵng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|"
    "Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lạng Sơn|Lào Cai|"
    "Lâm Đồng|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|"
    "Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Huế|Thừa Thiên Huế|Tiền Giang|"
    "Hồ Chí Minh|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái"
)
_SURNAME = re.compile("(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Đinh) ")
_OFFICE_HOLDER = re.compile(
    r"(?:chủ tịch|bí thư|trưởng (?:ban|phòng)|giám đốc|ủy viên)[^,.;]{0,30}$", re.IGNORECASE
)
_TITLE, _OPENING, _LETTERHEAD = 4, 2, 2
"""Weights of a name in the title, the first paragraph and the letterhead; elsewhere it counts 1."""
_HEAD_LINES = 6
_CAPITALS = rf"[{CAPITAL}]+"
_IN_CAPITALS = re.compile(
    rf"(?<!\w)(?P<level>(?:HUYỆN|THỊ|THÀNH|QUẬN|TỈNH) ỦY|HUYỆN|THỊ XÃ|QUẬN|THÀNH PHỐ|TỈNH|THỊ TRẤN|XÃ|PHƯỜNG)"
    rf" (?P<name>{_CAPITALS}(?: {_CAPITALS}){{0,2}})$"
)
"""A place at the end of a line of capitals, as over a letter: ``UBND HUYỆN YÊN HẠ``."""

_OFTEN = 4
"""A text that says ``huyện`` so often is about a district, even one that it names only once."""


def find_place(title: str, lines: list[str], office: str = "") -> str | None:
    """Name the place that an article is about, ``xã Khe Mây, huyện Yên Hạ``, by how often and where it is named.

    ``office`` is what stands after the author's name.  A district comes with the commune that the title
    names; a commune or a province alone only where no district is named.  ``None`` where no place leads.
    """
    counts = _count(title, lines)
    text = "\n".join(lines)
    of_district = len(re.findall(r"(?<!\w)huyện(?!\w)", text, re.IGNORECASE)) >= _OFTEN
    district = _leader(counts, tuple(dict.fromkeys(_DISTRICT.values())), 1 if of_district else 2)
    commune = _leader(counts, _COMMUNE)
    if district is None and of_district:
        district = _unlevelled_district(title, office, counts)
    if district:
        named = commune is not None and _name(commune) in title and _name(commune) != _name(district)
        return f"{commune}, {district}" if named else district
    if commune:
        return None if of_district else commune
    return _leader(counts, ("tỉnh",))


def _count(title: str, lines: list[str]) -> Counter[str]:
    """Weigh the places that are named with their level."""
    counts: Counter[str] = Counter()
    body = [line for line in lines if line != title]
    opening = next((line for line in body if len(line) >= 100), "")
    for line, weight in [(title, _TITLE), *((line, _OPENING if line is opening else 1) for line in body)]:
        for match in _NAMED.finditer(line):
            level = match["level"].lower().rstrip(".")
            level = _BODIES.get(level) or _DISTRICT.get(level, level)
            if not _NOT_A_NAME.match(match["name"]) and not _is_person(line, match):
                counts[f"{level} {match['name']}"] += weight
    for line in lines[:_HEAD_LINES]:
        if line.isupper() and (head := _IN_CAPITALS.search(line)) is not None:
            level = head["level"].lower()
            counts[f"{_BODIES.get(level, level)} {head['name'].title()}"] += _LETTERHEAD
    return counts


def _is_person(line: str, match: re.Match[str]) -> bool:
    """Tell whether the name is of whoever holds the office: ``Chủ tịch UBND huyện Đặng Hữu Phước``."""
    if match["level"].lower() == "thành phố" or not (
        len(match["name"].split()) > 2 or _SURNAME.match(match["name"])
    ):
        return False
    return _OFFICE_HOLDER.search(line, max(0, match.start() - 60), match.start()) is not None


def _name(place: str) -> str:
    """Take the level off a place."""
    return re.sub(r"^(?:huyện|thị xã|quận|thành phố|tỉnh|thị trấn|xã|phường) ", "", place)


def _leader(counts: Counter[str], levels: tuple[str, ...], least: int = 2) -> str | None:
    """Return the place of these levels that is named most, where it leads the next and weighs enough."""
    of_level = Counter(
        {place: n for place, n in counts.items() if place.startswith(tuple(f"{x} " for x in levels))}
    )
    ranked = of_level.most_common(2)
    if not ranked or ranked[0][1] < least or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    return ranked[0][0]


def _unlevelled_district(title: str, office: str, counts: Counter[str]) -> str | None:
    """Name the district of a text that is about one but never says ``huyện`` with its name.

    The name is the one in the byline's office, the one before the colon of the title, or that of the only
    town named (``thị trấn Vũ Quang``): a district's town mostly bears its name.
    """
    names = [match["name"] for match in (_OFFICE_NAME.search(office), _TITLE_NAME.match(title)) if match]
    for name in names:
        if not _NOT_A_NAME.match(name) and not _PROVINCE.fullmatch(name):
            return f"huyện {name}"
    towns = [place for place in counts if place.startswith("thị trấn ")]
    if len(towns) == 1 and len(towns[0].split()) > 3:
        return f"huyện {towns[0].removeprefix('thị trấn ')}"
    return None
