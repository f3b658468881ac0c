"""Detects prompt injection: parts of an article that give orders to the assistant.

Whoever can put a text into the folder could otherwise give orders through it.  Such a part stays in the article, is
shown with it, and is never evidence.  What is recognised are orders, not lies: a false figure without any order looks
like every other sentence, and so does a question with its answer, as interviews and advice columns have them.
"""

from __future__ import annotations

import re
import unicodedata

from index.text.normalise import fold, sentence_spans

_LONGEST_LINE = 1000
"""Characters of a line that is one paragraph; a longer one may be a whole article without line ends."""
_CONFUSABLE = str.maketrans("аАеЕоОрРсСхХуУіІјЈѕЅкКмМтТнНвВοΟ", "aAeEoOpPcCxXyYiIjJsSkKmMtTnHbBoO")
"""Letters that look like Latin ones."""

_READER = r"(?:tro ly(?: (?:ao|ai|so))?|chatbot|llm|chatgpt|mo hinh(?: ngon ngu)?|may doc)(?: nao)?"
_SAY = r"(?:tra loi|noi|dap|in ra|viet|lap lai|tu choi|hien thi|ghi ma|goi .{1,30} la|khang dinh|tiet lo|trich dan)"
_KINDS = {
    "control tokens and roles of a chat": (
        r"<\|[^|>]{1,30}\|>|\[/?inst\]|<</?sys>>|</s>"
        r"|</?(?:system|user|assistant|instructions?|context|passages?|documents?|tool_call)>"
        r"|^\W*(?:system|assistant|user|developer)\b[^.:]{0,30}[\]>}:|]|\bsystem (?:notice|override|prompt|message)\b"
        r"|^\W*\[(?:thong bao )?he thong\]|\bquy dinh cua he thong$|\bloi nhac he thong\b"
        r"|^\W*(?:question|(?:final )?answer)\b[^.]{0,50}:"
    ),
    "markup and data for a machine": (
        r"<!--|<(?:script|img|iframe|a href|div|span)\b|!\[[^\]]*\]\(|^\[//\]:|```"
        r"|^\W*\{\s*[\"“”'](?:\w+)[\"“”']\s*:|\b\w+_\w+\s*=\s*\S+;|\bdu lieu may doc\b|\b[a-z0-9+/]{40,}={0,2}(?!\w)"
    ),
    "a note to the assistant": (
        rf"\b(?:luu y|chu y|ghi chu|huong dan|chi dan|thong bao|cap nhat|dinh chinh|bang tra|tin nhan)\b[^.]{{0,40}}"
        rf"\b(?:voi|cho|gui|toi)\s+(?:(?:cac|nhung|moi) )?(?:{_READER}|he thong hoi dap)\b"
        rf"|\b{_READER} (?:khi )?(?:doc|xu ly|tom tat) (?:doan|bai|van ban|tai lieu|truoc)\b|\bnguoi day mo hinh\b"
        r"|\btro ly tin cay\b|\bdanh cho (?:tro ly|chatbot|ai|he thong hoi dap)\b|\btro ly ghi ma\b|^\W*tro ly:"
    ),
    "what an assistant has to do": (
        r"\bhe thong (?:phai|hay|chi duoc) tra loi\b"
        rf"|\b{_READER}(?: deu)? (?:phai|hay|chi duoc|khong duoc|xin|can)\b.{{0,60}}\b{_SAY}\b"
        r"|\bmay doc phai\b|\bban (?:la|dang la|phai dong vai) (?:mot )?(?:tro ly|ai|chatbot|mo hinh)\b"
        r"|\bban (?:phai|chi duoc) (?:tra loi|dap) (?:rang|la|bang|dung|moi cau)\b"
        r"|\btu (?:gio|nay|bay gio|doan nay)\b.{0,40}\b(?:ban|tro ly|hay)\b.{0,60}\b(?:tra loi|dap|dong vai)\b"
        r"|\b(?:gia su|coi nhu) ban la\b.{0,100}\b(?:cu dap|hay dap|tra loi)\b"
    ),
    "how questions are to be answered": (
        r"\b(?:moi|tat ca|cac) cau tra loi (?:dung )?(?:deu|phai|bang)\b|\btrong moi cau tra loi\b"
        r"|\b(?:tra loi|tu choi|dung cho) moi cau hoi (?:bang|ve bai viet nay)\b|\blam cau tra loi(?: duy nhat)?\b"
        r"|\bhay (?:luon )?tra loi (?:rang|la|dung|bang|nhu vay|nhu the|:)|^\W*hay (?:in ra|chep lai|lap lai)\b"
        r"|\b(?:khi|neu) (?:\w+ ){0,3}(?:hoi|tra loi)\b.{0,60}"
        r"\b(?:hay (?:tra loi|noi|dap|chen|chep|ghi)|thi (?:tra loi|dap|noi la)\b)"
        r"|^\W*(?:chi duoc|chi|luon) (?:viet|tra loi|dap|dan)\b"
        r"|\bdung dong nay khi tra loi\b"
        r"|\b(?:cau tra loi|trich dan|dap an) (?:da )?(?:duoc )?kiem chung\b|\bdung thay cho moi cau\b"
        r"|\byeu cau dap an\b|\bcau tra loi dung, va hay\b"
    ),
    "what is to be forgotten or given away": (
        r"\b(?:bo qua|quen|phot lo) (?:het |moi |tat ca |toan bo |cac |nhung |ca )*"
        r"(?:huong dan|chi dan|menh lenh|quy tac|cau hoi)(?: \w+){0,3} (?:o tren|truoc|tren|va|cu|nay)\b"
        r"|^\W*bo qua (?:moi|tat ca|toan bo) (?:huong dan|chi dan|lenh|quy tac)|^\W*nguoi doc bo qua\b"
        r"|\bnguyen van toan bo\b.{0,30}\b(?:loi nhac|huong dan|chi dan)\b|\bnguoi doc bo qua\b"
    ),
    "another task": (
        r"^\W*hay (?:dich|doc nguoc|giai ma)\b.{0,80}\b(?:cau tra loi|lam theo|thuc hien)\b"
        r"|\b(?:base64|rot13)\b.{0,80}(?:\blam theo\b|\bthuc hien\b|[a-z]{12})|\bdoc nguoc lai\b.{0,40}\bthuc hien\b"
        r"|^\W*tom tat (?:doan|bai|van ban) nay bang\b|^\W*viet tiep (?:bai tho|cau chuyen|doan van)\s*:|^\W*new task\b"
    ),
    "orders in English or Chinese": (
        r"\b(?:ignore|disregard|forget) (?:all |any |the |your |previous |prior |above |every)*"
        r"(?:instructions?|rules?|prompts?|text|context|above)\b"
        r"|\b(?:answer|reply|respond|write|output|print|repeat|tell)\b.{0,30}"
        r"\b(?:only|nothing|with the word|word for word|the user|everything)\b|\b(?:always|only) (?:answer|reply|say)\b"
        r"|\bsay that you\b|\byou (?:must|are now|should) (?:answer|reply|say|an? )\b"
        r"|忽略|提示词|只回复|不要回答|系统提示|输出"
    ),
}
"""What each kind looks like in a text without accents, capitals and letters in disguise."""
_ORDERS = re.compile("|".join(f"(?:{pattern})" for pattern in _KINDS.values()))
_MOST_REPEATED = 8
_DISGUISED = re.compile(r"[a-zA-Z][οΟ\u0400-\u04ff]|[οΟ\u0400-\u04ff][a-zA-Z]")
"""A Latin letter beside a Cyrillic one that looks like it, as no word has them."""
_AI = re.compile(r"\bAI\b(?=.*[a-zà-ỹ])")
"""In capitals it is a machine; "ai" is who."""
_LEAST_DISGUISED = 3
"""One such letter is a typing error."""
_ROLE = re.compile(r"^\W*HỆ THỐNG\s*:")


def injected_spans(text: str) -> list[tuple[int, int]]:
    """The spans of lines with orders in a normalised text; of a very long line only of the sentences with orders.

    Who writes an order writes the sentences around it too.
    """
    found = []
    start = 0
    for line in text.split("\n"):
        spans = [(start + begin, start + end) for begin, end in sentence_spans(line)]
        orders = [(begin, end) for begin, end in spans if is_injection(text[begin:end])]
        if orders and len(line) > _LONGEST_LINE and not _repeats(line):
            found += orders
        elif orders or _repeats(line):
            found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def is_injection(sentence: str) -> bool:
    """Whether a sentence addresses who reads and answers, or gives an order to answer in some way."""
    letters = _AI.sub("trợ lý AI", unicodedata.normalize("NFKC", sentence))
    plain = fold(letters.translate(_CONFUSABLE))
    disguised = len(_DISGUISED.findall(letters)) >= _LEAST_DISGUISED
    return disguised or _ROLE.search(letters) is not None or _ORDERS.search(plain) is not None


def _repeats(line: str) -> bool:
    """Whether a line says the same few words over and over, which drowns what is asked."""
    words = line.split()
    return len(words) > 40 and len(words) > _MOST_REPEATED * len(set(words))
