"""Lines of a crawled page that are no part of its article: menus, counters, share bars, search boxes."""

from __future__ import annotations

import re

from index.text import fold

# Whole lines, folded.  These stand in no article, so they go wherever they are.
_FURNITURE = re.compile(
    r"email ?print ?a ?a|rss( feeds?)?"
    r"|(tin|bai|video|anh|su kien) (nong|tieu diem|noi bat|moi( nhat| dang)?)|(tin|bai) (doc|xem) nhieu( nhat)?"
    r"|tim kiem (theo|nang cao|thong tin|tin tuc|bai viet)\b.{0,60}|tu khoa tim kiem"
    r"|lich cong tac( trong)?|(website|trang web) lien ket|lien ket (website|web|trang web|nhanh)|chon lien ket"
    r"|thong ke( luot)? truy cap|(so )?(luot|nguoi) truy cap( .{1,20})?"
    r"|(hom (nay|qua)|trong ngay|(tuan|thang|nam) (nay|qua|truoc)|tong( so)?( luot)?( truy cap)?|tat ca|da xem"
    r"|(da|dang|so luot|luot|tong luot|tong so luot|so nguoi dang|khach dang) (truy cap|online|xem)"
    r"|dang (truc tuyen|xem|online)|truc tuyen|online|khach( tham| vang lai)?|thanh vien( online)?"
    r"|may chu tim kiem|(so )?luot (xem|doc))( ?:)? ?[\d.,]+"
    r"|(luot|so lan|so luot) (xem|doc|truy cap) ?:? ?[\d.,]*|xem ?: ?[\d.,]+|[\d.,]+ (luot xem|views?)"
    r"|(bai|ban) in( an)?|in (trang|bai)( nay| viet)?|phien ban in"
    r"|gui (email|e-mail|mail|cho ban be|bai viet|phan hoi|y kien)"
    r"|chia se( bai viet)?( (qua|len|tren))?( (facebook|zalo|twitter|google\+?|email|linkedin))+|chia se bai viet"
    r"|(facebook|twitter|zalo|google\+?|youtube|linkedin|pinterest|tweet|share|like|g\+|messenger|,|/| )+"
    r"|(co chu|kich co chu|do tuong phan|doc bai viet|nghe doc bai).{0,20}"
    r"|ve (trang truoc|dau trang)|(len )?dau trang|tro ve trang truoc|quay (lai|tro lai) trang truoc|back to top"
    r"|gui binh luan|y kien ban doc( ?\([\d.]*\))?|(hay la nguoi )?dau tien binh luan.{0,40}"
    r"|xem (tiep|tat ca) ?[>»]+|trang chu( ?[>»/|] ?.{1,80})+"
    r"|(danh gia bai viet|bai viet( khong)? huu ich|(tong )?so diem cua bai viet|click de danh gia).{0,60}"
    r"|a ?[-+]( ?a ?[-+])?|a a( a)?|skip to (main )?content|dang tai( du lieu)?\.*"
)
# These are also words of articles, so they go only where nothing but furniture lies between them and an end.
_AT_AN_END = re.compile(
    r"trang chu|gioi thieu|lien he( quang cao)?|quang cao|dang (nhap|xuat|ky)|english|tieng (viet|anh)"
    r"|so do (site|cong|website)|ban do( hanh chinh| site)?|hoi ?-? dap|gop y|hop thu( gop y| cong vu| dien tu)?"
    r"|thu (dien tu|vien anh|vien video|vien)|video( clip)?|album( anh)?|hinh anh|multimedia|media|audio|podcast"
    r"|email|print|in|tim kiem|menu|danh muc|chuyen muc|tin tuc|thong bao|van ban( moi)?|thoi tiet|ty gia|gia vang"
    r"|lich|thu tuc hanh chinh|dich vu cong( truc tuyen)?|cong khai( ngan sach)?|du an|tai lieu"
    r"|(tags?|tu khoa)( ?:.{0,80})?|(copyright|©|ban quyen).{0,120}|binh luan( ?\([\d.]*\))?|chia se"
    r"|(xem them|doc them|nguon|tac gia|anh) ?:?|quay (lai|tro lai)|[^\w|]+"
)
# What follows such a line to the end is a list of other articles, when it has no sentence.
_OTHER_ARTICLES = re.compile(
    r"(cac )?(tin|bai)( viet| bai)? (khac|lien quan|cung chuyen muc|cung chu de|cu hon|moi hon|da dua|truoc do)( ?:)?"
    r"|co the ban quan tam|cung chuyen muc|lien quan|tin cung (muc|chuyen muc)|nhung tin (moi( hon| nhat)?|cu hon)"
)
_LONGEST = 160
"""Characters of a line that are looked at: no furniture is longer."""
_GLUED = re.compile(r"EmailPrintAa|Email Print A ?a(?=\s|$)")


def remove_furniture(lines: list[str]) -> list[str]:
    """Blank the lines that are furniture; the list keeps its length, so that paragraphs stay apart."""
    lines = [_GLUED.sub("", line).strip() for line in lines]
    plain = [fold(line[:_LONGEST]).strip(" •·»*_=:#-") for line in lines]
    kept = [bool(text) and not _FURNITURE.fullmatch(text) for text in plain]
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for place in order:
            if kept[place] and not _AT_AN_END.fullmatch(plain[place] or "-"):
                break
            kept[place] = False
    _drop_other_articles(lines, plain, kept)
    return [line if keep else "" for line, keep in zip(lines, kept, strict=True)]


def _drop_other_articles(lines: list[str], plain: list[str], kept: list[bool]) -> None:
    for place, text in enumerate(plain):
        if kept[place] and _OTHER_ARTICLES.fullmatch(text):
            after = [line for line, keep in zip(lines[place + 1 :], kept[place + 1 :], strict=True) if keep]
            if all(len(line) < 200 and not line.endswith((".", ";")) for line in after):
                kept[place:] = [False] * (len(kept) - place)
                return
