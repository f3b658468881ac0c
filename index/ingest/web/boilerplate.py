"""Lines of a crawled page that are no part of its article: menus, counters, share bars, search boxes.

A line is taken for one only on a page that shows by several of them that it was crawled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.normalise import fold

# Whole lines, folded.  No article and no office has such lines: each is a sign that a page was crawled.
_SIGNS = re.compile(
    r"(?P<glued>email ?print ?a ?a)"
    r"|(?P<tools>(email ?print|rss( feeds?)?|(ban|phien ban) in|in (trang|bai)( nay| viet)?"
    r"|gui (email|e-mail|mail|cho ban be|bai viet|phan hoi)|a ?[-+]( ?a ?[-+])?|a a( a)?"
    r"|(co chu|kich co chu|do tuong phan|doc bai viet|nghe doc bai).{0,20}"
    r"|ve (trang truoc|dau trang)|(len )?dau trang|tro ve trang truoc|quay (lai|tro lai) trang truoc|back to top"
    r"|skip to (main )?content|dang tai( du lieu)?\.*))"
    r"|(?P<share>chia se( bai viet)?( (qua|len|tren))?( (facebook|zalo|twitter|google\+?|email|linkedin))+"
    r"|chia se bai viet|(facebook|twitter|zalo|google\+?|youtube|linkedin|pinterest|tweet|share|g\+|messenger|,|/| )+)"
    r"|(?P<search>tim kiem (theo|nang cao|thong tin|tin tuc|bai viet)\b.{0,60}|tu khoa tim kiem)"
    r"|(?P<rubric>(tin|bai) (tieu diem|noi bat)|(tin|bai) (doc|xem) nhieu( nhat)?|lich cong tac trong)"
    r"|(?P<links>(website|trang web) lien ket|lien ket (website|web|trang web|nhanh)|chon lien ket"
    r"|trang chu( ?[>»/|] ?.{1,80})+|xem (tiep|tat ca) ?[>»]+)"
    r"|(?P<counter>thong ke( luot)? truy cap|(so )?(luot|nguoi) truy cap( .{1,20})?"
    r"|((da|dang|so luot|luot|tong luot|tong so luot|so nguoi dang|khach dang) (truy cap|online|xem)"
    r"|dang (truc tuyen|xem|online)|truc tuyen|online|khach (tham|vang lai)|thanh vien online"
    r"|may chu tim kiem|(so )?luot (xem|doc|truy cap)|so (lan|luot) (xem|doc|truy cap))( ?:)? ?[\d.,]+"
    r"|[\d.,]+ (luot xem|views?))"
    r"|(?P<comments>gui (binh luan|y kien)|y kien ban doc( ?\([\d.]*\))?|(hay la nguoi )?dau tien binh luan.{0,40}"
    r"|(danh gia bai viet|bai viet( khong)? huu ich|(tong )?so diem cua bai viet|click de danh gia).{0,60})"
)
# These are also words of articles and lists: they go only between such signs and an end of the page.
_BETWEEN = re.compile(
    r"(tin|bai|video|anh|su kien) (nong|tieu diem|noi bat|moi( nhat| dang)?)|lich cong tac|like"
    r"|(hom (nay|qua)|trong (ngay|tuan|thang)|(tuan|thang|nam) (nay|qua|truoc)|tong( so)?( luot)?( truy cap)?|tat ca"
    r"|da xem|khach|thanh vien)( ?:)? ?[\d.,]+"
    r"|trang chu|gioi thieu|lien he( quang cao)?|quang cao|dang (nhap|xuat|ky)|english|tieng (viet|anh)"
    r"|so do (site|cong|website)|ban do( hanh chinh| site)?|hoi ?-? dap|gop y|hop thu( gop y| cong vu| dien tu)?"
    r"|thu (dien tu|vien anh|vien video|vien)|video( clip)?|album( anh)?|hinh anh|multimedia|media|audio|podcast"
    r"|email|print|in|tim kiem|menu|danh muc|chuyen muc|tin tuc|thong bao|van ban( moi)?|thoi tiet|ty gia|gia vang"
    r"|lich|thu tuc hanh chinh|dich vu cong( truc tuyen)?|cong khai( ngan sach)?|du an|tai lieu|lien ket"
    r"|(tags?|tu khoa)( ?:.{0,80})?|(copyright|©|ban quyen).{0,120}|binh luan( ?\([\d.]*\))?|chia se"
    r"|(xem them|doc them) ?:?|quay (lai|tro lai)|[^\w|]+"
)
_OTHER_ARTICLES = re.compile(
    r"(cac |nhung )?(tin|bai)( viet| bai)? (khac|lien quan|cung (chuyen )?muc|cung chu de|cu hon|moi hon|da dua)( ?:)?"
)
_DATED_HEADLINE = re.compile(
    r".{12,200}\(? ?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?: ?[-,|]? ?\d{1,2}[:h]\d{2})? ?\)?"
)
_LONGEST = 160
"""Characters of a line that are looked at: no boilerplate is longer."""
_ENOUGH = 2
"""Kinds of signs that a page must show; the tool bar written in one word is enough."""


def find_boilerplate(lines: Sequence[str]) -> set[int]:
    """Find the lines that are boilerplate; none on a page that shows fewer than two kinds of it."""
    plain = [fold(line[:_LONGEST]).strip(" •·»*_=:#-") for line in lines]
    signs = {place: match.lastgroup for place, text in enumerate(plain) if (match := _SIGNS.fullmatch(text))}
    removable = _other_articles(lines, plain)
    kinds = set(signs.values())
    if len(kinds) < _ENOUGH and "glued" not in kinds:
        return removable
    removable |= set(signs)
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        edge: list[int] = []
        for place in order:
            if place not in removable and plain[place] and not _BETWEEN.fullmatch(plain[place]):
                break
            edge.append(place)
        if any(place in removable for place in edge):
            removable |= set(edge)
    return removable


def _other_articles(lines: Sequence[str], plain: Sequence[str]) -> set[int]:
    """Find the heading ``Các tin khác`` with two dated headlines or more under it, and nothing else."""
    removable: set[int] = set()
    for place, text in enumerate(plain):
        if place in removable or not _OTHER_ARTICLES.fullmatch(text):
            continue
        last = place + 1
        while last < len(lines) and _DATED_HEADLINE.fullmatch(fold(lines[last][:_LONGEST]).strip()):
            last += 1
        if last - place > _ENOUGH:
            removable |= set(range(place, last))
    return removable
