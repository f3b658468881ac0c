"""Old encodings found and converted, everything else left alone."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArticleError
from index.ingest.encodings import VISCII, VNI_LETTERS, VNI_MARKS, decode, from_vni, mend, vietnamese_share
from index.ingest.tcvn3 import TCVN3, from_tcvn3
from index.ingest.viqr import from_viqr
from index.text.normalise import normalise

SENTENCES = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam, độc lập - tự do - hạnh phúc.",
    "Từ đầu năm đến nay, toàn huyện kết nạp 82 đảng viên mới, đạt 59% kế hoạch.",
    "Ủy ban nhân dân xã Ẳng Nưa đã trồng được 3.772 ha rừng; Đảng ủy khen ngợi những hộ giỏi.",
    "Mưa lũ làm sập 17 ngôi nhà, ngập ruộng lúa, thiệt hại nặng nề ở các bản vùng cao.",
    "Bà Nguyễn Thị Tuyết Nhung, kỹ sư thủy lợi, hướng dẫn bà con cách phòng trừ sâu bệnh.",
)
TEXT = "\n".join(SENTENCES)
LATIN = (
    "Le café était très agréable à Noël, où les élèves français ont reçu des prêts. Déjà l'été, là, près du château.",
    "El niño comió piñas en España, ¿qué pasó mañana? Así será la canción número uno.",
    "Die Straße über den Fluß führt nach Köln, schöne Grüße für Müller und Jürgen.",
    "A naïve résumé of the café's façade, in plain English with few accents.",
)


def viscii(text: str) -> bytes:
    back = {char: byte for byte, char in VISCII.items()}
    return bytes(back.get(char, ord(char)) for char in text)


def tcvn3(text: str) -> bytes:
    back = {char: byte for byte, char in TCVN3.items()}
    return bytes(back.get(char, ord(char)) for char in small_where_tcvn3_has_no_capital(text))


def small_where_tcvn3_has_no_capital(text: str) -> str:
    return "".join(char if char.isascii() or char in TCVN3.values() else char.lower() for char in text)


def as_tcvn3_tells(text: str) -> str:
    """A text as it is read from TCVN3: what begins a sentence is a capital again, other letters with a tone are not."""
    small = small_where_tcvn3_has_no_capital(text)
    return re.sub(r"(?:\A|(?<=[.!?]\s))\w", lambda begin: begin[0].upper(), small)


def vni(text: str) -> bytes:
    letters = {char: code for code, char in VNI_LETTERS.items()}
    marks = {mark: code for code, mark in VNI_MARKS.items()}
    out = ""
    for char in text:
        base, *combining = unicodedata.normalize("NFD", char)
        if char in letters or char.isascii():
            out += letters.get(char, char)
            continue
        if "\u031b" in combining:
            combining.remove("\u031b")
            base = letters[unicodedata.normalize("NFC", base + "\u031b")]
        # VNI's mark writes the circumflex or breve before the tone, Unicode the dot below first.
        combining.sort(key=lambda mark: mark not in "\u0302\u0306")
        code = marks["".join(combining)]
        out += base + (code.upper() if char.isupper() else code)
    return out.encode("cp1252")


def cp1258(text: str) -> bytes:
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            split = unicodedata.normalize("NFD", char)
            tone = next(mark for mark in split if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", split.replace(tone, "")).encode("cp1258") + tone.encode(
                "cp1258"
            )
    return out


def viqr(text: str) -> str:
    marks = dict(zip("\u0302\u0306\u031b\u0301\u0300\u0309\u0303\u0323", "^(+'`?~.", strict=True))
    letters = []
    for char in text.replace("đ", "dd"):
        base, *combining = unicodedata.normalize("NFD", char)
        combining.sort(key=lambda mark: mark not in "\u0302\u0306\u031b")  # the tone comes last
        letters.append(base + "".join(marks[mark] for mark in combining))
    return "".join(letters)


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "viscii": viscii,
    "tcvn3": tcvn3,
    "vni": vni,
    "cp1258": cp1258,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [*SENTENCES, TEXT])
def test_round_trip(encoding: str, text: str) -> None:
    expected = as_tcvn3_tells(text) if encoding == "tcvn3" else text
    assert normalise(decode(ENCODINGS[encoding](text))) == normalise(expected)


VOWELS = "".join(char for char in TCVN3.values() if char.islower() and char != "đ")
LETTERS = f"bcđghklmnpqrstvx{VOWELS}aeiouy"
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=7), min_size=1).map(" ".join)
SYLLABLES = st.lists(
    st.builds("".join, st.tuples(st.sampled_from("bđnt"), st.sampled_from(VOWELS))), min_size=1
)


@given(WORDS)
def test_small_letters_of_tcvn3_are_read_back_in_any_order(text: str) -> None:
    assert from_tcvn3(tcvn3(text).decode("latin-1")) == text


@given(WORDS, st.booleans())
def test_letters_of_vni_are_read_back_in_any_order(text: str, capitals: bool) -> None:
    written = text.upper() if capitals else text
    assert from_vni(vni(written).decode("cp1252")) == written


@given(SYLLABLES)
def test_marks_typed_after_any_vowel_are_read_back(syllables: list[str]) -> None:
    text = " ".join([*syllables, "na"])  # behind the last one a mark may be the stop of a sentence
    assert from_viqr(viqr(text)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_round_trip(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_known_spellings() -> None:
    """Bytes and mojibake as they are met on real pages, not made by the tables under test."""
    motto = "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert decode(b"C\xe9ng h\xdfa x\xb7 h\xe9i ch\xf1 ngh\xdca Vi\xd6t Nam") == motto
    assert decode(b"C\xb5ng h\xf2a x\xe3 h\xb5i ch\xfc ngh\xeea Vi\xaet Nam") == motto
    assert mend("Céng hßa x· héi chñ nghÜa ViÖt Nam") == motto
    assert mend("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam") == motto
    assert mend("Cá»™ng hÃ²a xÃ£ há»™i chá»§ nghÄ©a Viá»‡t Nam") == motto
    assert mend("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM") == motto.upper()


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_old_encodings_typed_as_latin_letters_are_mended(encoding: str) -> None:
    mojibake = ENCODINGS[encoding](TEXT).decode("cp1252")
    assert normalise(mend(mojibake)).lower() == normalise(TEXT).lower()


@pytest.mark.parametrize("text", LATIN)
def test_other_languages_are_left_alone(text: str) -> None:
    assert mend(text) == text
    assert decode(text.encode("utf-8")) == text
    assert decode(text.encode("latin-1")) == text


def test_text_in_other_scripts_is_left_alone() -> None:
    for text in (
        "これは日本語の長い文章です。とても長いです。",
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Привет, как дела сегодня",
    ):
        assert decode(text.encode("utf-8")) == text


def test_a_file_cut_within_a_letter_loses_that_letter_only() -> None:
    cut = (TEXT + " Hết rồi ạ").encode("utf-8")[:-1]
    assert decode(cut) == TEXT + " Hết rồi "


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\1\2" * 50, b"\0" * 40]
)
def test_binary_data_is_refused_with_the_remedy(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"binary data.*remove it"):
        decode(data)


def test_share_of_vietnamese_words() -> None:
    assert vietnamese_share(TEXT) == 1.0
    assert vietnamese_share("Hội thảo về élève và très") == pytest.approx(4 / 6)
    assert vietnamese_share("no marks at all, được") is None


@pytest.mark.slow
def test_real_articles_survive_every_encoding(shared_folder: Path) -> None:
    import gzip

    plain = str.maketrans("“”‘’–—…", "\"\"''--.")
    letters = {*VISCII.values(), *map(chr, range(128))}
    with gzip.open(shared_folder / "corpus" / "news.jsonl.gz", "rt", encoding="utf-8") as rows:
        texts = [json.loads(row)["text"] for _, row in zip(range(40), rows, strict=False)]
    for text in texts:
        text = "".join(char for char in normalise(text).translate(plain) if char in letters)
        for name, encode in ENCODINGS.items():
            expected = small_where_tcvn3_has_no_capital(text) if name == "tcvn3" else text
            assert normalise(decode(encode(text))).lower() == normalise(expected).lower(), name


def as_tcvn3(text: str) -> str:
    back = {value: chr(key) for key, value in TCVN3.items()}
    return "".join(back.get(char, back.get(char.lower(), char)) for char in text)


UNICODE = "Huyện Yên Hạ vừa tổng kết chương trình nước sạch, có 215 hộ dân được hưởng lợi."
OLD = "Phụ lục: trạm bơm Lũng Cao có công suất 45 mét khối một ngày đêm, do ông Lò Văn Tịnh vận hành."


def test_lines_of_two_encodings_in_one_text() -> None:
    mixed = f"{UNICODE}\n\n{as_tcvn3(OLD)}\n{as_tcvn3('Trạm bơm 3')}\n{UNICODE}"
    assert mend(mixed) == f"{UNICODE}\n\n{OLD}\nTrạm bơm 3\n{UNICODE}"


@pytest.mark.parametrize("old", ENCODINGS)
def test_a_file_in_which_lines_of_two_encodings_were_put_together(old: str) -> None:
    data = f"{UNICODE}\n\n".encode() + ENCODINGS[old](OLD) + f"\n{UNICODE}\n".encode()
    assert normalise(decode(data)) == normalise(f"{UNICODE}\n\n{OLD}\n{UNICODE}\n")


@pytest.mark.parametrize(
    "text",
    [
        "Trạm bơm 3", "Nước sạch", "Đội bơm", "Tổ 5", "Tờ trình", "mức thu", "tiền", "Y tế", "họp tổ", "Số: 45/QĐ-UBND",
        "ĐBSCL", "TP. Hồ Chí Minh", "Lưu VT", "Ổn định dân cư", "GIẤY MỜI", "HỌP", "ĐỀ ÁN", "Đề án", "TRẠM Y TẾ XÃ",
        "QUYẾT ĐỊNH", "BÀ LÒ THỊ ỦN", "Ủy ban nhân dân xã", "THÔNG BÁO số 3", "Ông Lò Văn Tư ở UBND",
    ],
)  # fmt: skip
def test_a_short_text_in_an_old_encoding(text: str) -> None:
    assert mend(as_tcvn3(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Diện tích 45 m², giá ±5%", "© 2020 Café Müller", "“Nước” · 3 » 4", "Crème brûlée", "5 µm", "© VTV",
        "café", "Köln", "São Paulo", "Mục § 5", "Hé mở", "thông\xadtin", "VinFast, iPhone", "Straße", "señor", "MAGGI®",
        "NAN® 3", "10/12/2019 · von Jörg · in Köln · Beiträge", "P = v3 · r · r2 · h",
    ],
)  # fmt: skip
def test_other_signs_are_left_alone(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize("text", ["Tổ bầu ông Tư", "Quỹ đất"])
def test_a_short_file_in_an_old_encoding(text: str) -> None:
    assert decode(as_tcvn3(text).encode("latin-1")) == text


def test_a_short_text_in_vni_letters() -> None:
    assert mend("Nöôùc saïch") == "Nước sạch"


VIQR = (
    "Huye^.n Ye^n Ha. vu+`a to^?ng ke^'t chu+o+ng tri`nh nu+o+'c sa.ch, co' 215 ho^. da^n o+? ba tho^n vu`ng cao.\n"
    "Gia' nu+o+'c la` bao nhie^u? DDu+o+.c mie^~n phi' ca? na(m."
)


def test_marks_typed_after_their_letters() -> None:
    assert mend(VIQR) == (
        "Huyện Yên Hạ vừa tổng kết chương trình nước sạch, có 215 hộ dân ở ba thôn vùng cao.\n"
        "Giá nước là bao nhiêu? Được miễn phí cả năm."
    )


@pytest.mark.parametrize(
    "text",
    ["x^2 + y^2 = z^2, e^x - a^n, o^2 + u^2", "f(a) + g(a) = a(b), ^-^", "Em on^ng ba^'t C^ D^ E^ F^ A^ B^"],
)
def test_formulas_are_no_marks(text: str) -> None:
    assert mend(text) == text


def test_a_short_line_is_read_as_the_lines_beside_it_are() -> None:
    assert mend(f"{VIQR}\nXa~ Khe Ma^y").endswith("\nXã Khe Mây")
    assert mend("Xa~ Khe Ma^y") == "Xa~ Khe Ma^y"
    assert mend(f"{VIQR}\nx^2 + a^2").endswith("\nx^2 + a^2")
