"""Sentences of an article that speak to an assistant instead of telling something.

Whoever can put a text into the folder could otherwise give orders through it.  Such a sentence stays in the article,
is shown with it, and is never evidence.
"""

from __future__ import annotations

import re

from index.text import fold

_ADDRESSED = re.compile(
    r"\b(?:tro ly (?:ao|ai|so|thong minh)|(?:cac |nhung )?(?:ai|chatbot|llm|gpt|chatgpt|tro ly)(?: nao)?"
    r" (?:doc|tra loi|xu ly|tom tat|phai|hay|chi duoc|khong duoc)|mo hinh ngon ngu|language model"
    r"|ai assistants?|assistants?|chatbot|system prompt|prompt)\b"
)
_ORDERED = re.compile(
    r"\b(?:hay|phai|chi duoc|khong duoc|dung|can|luon|vui long|yeu cau)\b.{0,60}"
    r"\b(?:tra loi|noi rang|noi la|dap|in ra|viet ra|lap lai|bo qua|quen|tu choi|tiet lo|dich|ghi|trich dan"
    r"|khang dinh)\b"
    r"|\b(?:please |must |always |only |do not |never )?"
    r"(?:answer|reply|respond|say|output|print|repeat|ignore|forget|disregard|reveal|translate)\b"
)
_PLAIN_ORDER = re.compile(
    r"\b(?:bo qua|quen|phot lo) (?:het |moi |tat ca |toan bo |cac |nhung )*"
    r"(?:huong dan|chi dan|lenh|yeu cau|quy tac|cau hoi)"
    r"|\b(?:ignore|disregard|forget) (?:all |any |the |your |previous |prior |above )*(?:instructions?|rules?|prompts?)"
    r"|\b(?:khi|neu|ai) (?:co nguoi |duoc |bi )?hoi .{0,60}\b(?:hay|phai|thi|chi) (?:tra loi|noi|dap)\b"
    r"|\btu (?:gio|nay|bay gio)\b.{0,40}\b(?:ban|tro ly)\b.{0,40}\b(?:la|phai|chi|hay)\b"
    r"|\bban (?:la|dang la|phai dong vai) (?:mot )?(?:tro ly|ai|chatbot|mo hinh)\b"
    r"|\bhay tra loi (?:rang|la|dung|bang|:)"
)
_ROLE = re.compile(
    r"^\W*(?:\[|<|\{|#|\*)*\s*(?:system|assistant|user|he thong|inst|im_start|developer)\b\s*(?:\]|>|\}|:|\|)"
)


def speaks_to_assistant(sentence: str) -> bool:
    """Whether a sentence addresses who reads and answers, or gives an order to answer in some way."""
    plain = fold(sentence)
    if _ROLE.search(plain) or _PLAIN_ORDER.search(plain):
        return True
    return _ADDRESSED.search(plain) is not None and _ORDERED.search(plain) is not None
