"""Links to citations that also open in a browser without a token."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from index.schema import Article
from ui.views.markup import web_address

_PAGE = "/articles/"


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of articles on a server that begins with ``address``.

    Where the server asks for tokens, ``key`` gives the secret that signs a link: whoever is given the link may read
    that one article.
    """

    address: str = "http://127.0.0.1"
    key: Callable[[], bytes | None] = lambda: None

    def article(self, article: Article, span: tuple[int, int] | None = None) -> str:
        """The article's own address where it has one, else its page here, with the cited characters marked."""
        if original := web_address(article.url):
            return original
        place, key = f"{self.address}{_PAGE}{quote(article.id)}", self.key()
        asked = [f"start={span[0]}", f"end={span[1]}"] if span else []
        asked += [f"key={_signature(key, article.id)}"] if key else []
        return f"{place}{'?' if asked else ''}{'&'.join(asked)}{'#trich' if span else ''}"

    def opens(self, path: str, signature: str) -> bool:
        """Whether a signature is that of the article at a path."""
        key = self.key() if signature and path.startswith(_PAGE) else None
        return key is not None and hmac.compare_digest(_signature(key, path.removeprefix(_PAGE)), signature)


def _signature(key: bytes, article_id: str) -> str:
    return hmac.new(key, article_id.encode(), hashlib.sha256).hexdigest()[:32]
