"""Which field of a row is which: the names that people and programs give to the title, text, date … of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from index.text.normalise import fold, normalise

_NAMES = {
    "id": "id oid",
    "text": "text content body noidung articletext articlebody maintext fulltext contenthtml bodytext vanban "
    "paragraphs noidungchitiet noidungbaiviet noidungtin chitiet detail details bodyhtml rawtext",
    "title": "title headline tieude tieudebai tieudetin name tenbai tenbaiviet subject",
    "date": "date published publishdate publishedat publishedtime pubdate datepublished ngay ngaydang ngayxuatban "
    "publicationdate publisheddate publishtime publishedon dateposted posteddate postedat ngaydangtin ngaydangbai "
    "thoigiandang ngaybanhanh createdat created createdtime createddate ngaytao time timestamp thoigian",
    "author": "author authors tacgia nguoiviet nguoidang creator byline writer",
    "url": "url link source permalink",
    "place": "place location diaphuong diadiem",
    "lead": "lead description sapo summary abstract excerpt tomtat mota",
    "number": "number sohieu sokyhieu",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
_ORDER = {name: place for place, name in enumerate(_FIELDS)}
_OF_WHAT = re.compile(r"(?:post|article|news|entry|item|story|wp)(?=[a-z])")
"""Before a name: ``post_title``, ``newsContent``."""
_SLUG = "postname"
"""WordPress' name of a post in its address is no title."""
_WRAPPERS = frozenset(
    ("metadata", "meta", "data", "attributes", "fields", "_source", "node", "post", "article", "news", "item",
     "document", "doc", "record", "bai", "baiviet", "tin")
)  # fmt: skip
"""Objects that hold the article itself; any other object in it tells of something else: a category, a picture."""
_WRITTEN = ("rendered", "text", "content", "value", "html", "raw", "plain", "vi", "name", "$date", "$oid",
            "$numberLong", "url", "href")  # fmt: skip
"""Under which key an object holds what it says as a whole."""
_ASIDE = frozenset(("text", "title", "date", "author"))
"""Fields that an article may take from an object which is not its own, where it has none itself."""
_DEEPEST = 3
_LONG = 100
"""Characters from which on a field of unknown name may be the text of an article that has no other."""


class _FieldValue(NamedTuple):
    """What a row tells in one of its fields; ``aside``: in an object that tells of something else."""

    name: str
    text: str
    aside: bool


def field_of(name: str) -> str:
    """The field that a name means, ``""`` for any other name."""
    plain = _plain(name)
    if plain == _SLUG:
        return ""
    return _FIELDS.get(plain) or _FIELDS.get(_OF_WHAT.sub("", plain, count=1), "")


def fields_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a row as text; of several names of one field the first in our order, its own before others'."""
    values = [value for value in _flatten(row) if value.text.strip()]
    found: dict[str, str] = {}
    for value in sorted(values, key=lambda value: (value.aside, _rank(value.name))):
        field = field_of(value.name)
        if field and (not value.aside or (field in _ASIDE and _plain(value.name) != "name")):
            found.setdefault(field, value.text.strip())
    if not any(char.isalpha() for char in found.get("author", "a")):
        del found["author"]  # the number of a user
    if not found.keys() & {"text", "lead"}:
        others = [value.text.strip() for value in values if not field_of(value.name) and not value.aside]
        longest = max(others, key=len, default="")
        if len(longest) >= _LONG and " " in longest:
            found["text"] = longest
    return found


def _flatten(row: Mapping[str, Any], aside: bool = False, depth: int = 0) -> Iterator[_FieldValue]:
    for key, value in row.items():
        name = str(key)
        field = field_of(name) if name not in _WRAPPERS else ""
        if isinstance(value, dict) and depth < _DEEPEST:
            if field and (written := _written(value)):
                yield _FieldValue(name, written, aside)
            yield from _flatten(value, aside or name not in _WRAPPERS, depth + 1)
        else:
            yield _FieldValue(name, _text(value, "\n\n" if field == "text" else ", "), aside)


def _text(value: object, between: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if isinstance(value, list):
        return between.join(filter(None, (_text(item, between) for item in value)))
    return _written(value) if isinstance(value, dict) else ""


def _written(value: Mapping[str, Any]) -> str:
    """What an object says as a whole, ``""`` where it has no such key."""
    for key in _WRITTEN:
        inner = value.get(key)
        if isinstance(inner, str | int | float) and not isinstance(inner, bool):
            return _text(inner, "")
        if isinstance(inner, dict) and key.startswith("$"):
            return _written(inner)
    return ""


def _rank(name: str) -> int:
    plain = _plain(name)
    return _ORDER.get(plain, _ORDER.get(_OF_WHAT.sub("", plain, count=1), len(_ORDER)))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", fold(normalise(name.rpartition(".")[2])))
