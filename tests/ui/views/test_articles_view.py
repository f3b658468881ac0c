"""The page of articles, and how articles are found on it."""

from __future__ import annotations

from datetime import date, datetime

from view_maker import Page, article

from index.ingest.read_files import SUFFIXES
from index.store.database.records import Counts
from tests.support.window_app import listed
from ui.articles.title_search import TitleSearch, source_groups
from ui.strings import words_in
from ui.views import articles
from ui.views.article import article_page, original
from ui.views.articles import ROWS, Listing


def test_the_original_is_the_published_page_or_else_the_file() -> None:
    [page] = Page(original(article(url="https://basen.example/1"), words_in("vi"))).having("a")
    assert (page["href"], page["target"]) == ("https://basen.example/1", "_blank")
    [file] = Page(original(article(url="javascript:alert(1)", id="a&b#3"), words_in("vi"))).having("a")
    assert file["href"] == "tep?bai=a%26b%233"
    assert "download" in file


def test_folders_are_offered_before_files() -> None:
    assert source_groups(["b/1.txt", "a.jsonl#3", "a.jsonl#4", "b/2.txt"]) == (
        "b/",
        "a.jsonl",
        "b/1.txt",
        "b/2.txt",
    )


def test_the_list_of_articles_is_searched_without_accents_and_turned_in_pages() -> None:
    many = [listed(f"{n}.txt", f"Tin số {n}", date(2020, 1, 1), f"tin/{n}.txt", 2) for n in range(ROWS + 3)]
    first = Page(articles.article_list(many, Listing(), words_in("vi")))
    assert len(first.having("tr")) == ROWS + 1
    assert "Trang 1/2" in first.text
    assert len(Page(articles.article_list(many, Listing(page=9), words_in("vi"))).having("tr")) == 4
    assert [info.id for info in TitleSearch(many).matching("TIN so 12")] == ["12.txt"]
    assert len(TitleSearch(many).matching(" ")) == ROWS + 3
    assert words_in("vi").no_articles_found in articles.article_list([], Listing("xyz"), words_in("vi"))
    assert words_in("vi").corpus_empty in articles.article_list([], Listing(), words_in("vi"))


def test_the_collection_tells_its_size_and_age() -> None:
    moment = datetime(2026, 11, 22, 8, 5).astimezone()
    text = Page(articles.heading(Counts(11729, 11729, 45012), moment, words_in("vi"))).text
    assert "11.729 bài viết, 45.012 đoạn · Cập nhật lần cuối: 22/11/2026 08:05" in text
    assert words_in("vi").never_synced in articles.heading(Counts(0, 0, 0), None, words_in("vi"))


def test_the_title_is_not_said_twice_in_an_article() -> None:
    page = Page(article_page(article(), words_in("vi")))
    assert page.text.count("Huyện Ba Sen giảm nghèo") == 1


def test_every_ending_of_a_file_belongs_to_a_kind_with_a_name() -> None:
    kinds = ", ".join(articles.kinds(SUFFIXES, words_in("vi")))
    assert kinds == (
        "Word, Excel, PowerPoint, PDF, trang web, thư điện tử, sách điện tử, tệp chữ (.txt, .md), bảng dữ liệu"
    )
    assert articles.kinds((".txt", ".md.gz", ".xyz"), words_in("vi")) == ["tệp chữ (.txt, .md)", ".xyz"]
