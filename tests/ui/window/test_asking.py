"""Asking in a real browser: the answer, its sources, and whatever comes between."""

from __future__ import annotations

import re
import time

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Page, expect

from tests.support.window_app import Window
from tests.support.window_browser import QUESTION, Visit, ask, settle


def test_a_question_is_answered_with_a_citation_that_opens_its_sentence(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    expect(page).to_have_title("Hỏi Đáp – hỏi kho bài viết của bạn")
    expect(page.locator("#question textarea")).to_be_focused()
    ask(page, QUESTION)
    expect(page.locator("#live .answer")).to_contain_text("giảm 45 hộ nghèo")
    page.locator("#live .cite").first.click()
    chosen = page.locator("#sources mark.active")
    expect(chosen).to_contain_text("huyện Ba Sen giảm 45 hộ nghèo.")
    expect(chosen).to_be_in_viewport()
    card = page.locator("#sources .card.active")
    expect(card).to_contain_text("15/10/2020")
    expect(card.get_by_role("link", name="Trang gốc")).to_have_attribute(
        "href", "https://basen.example/tin/1"
    )
    card.get_by_role("button", name="Xem cả bài").click()
    expect(page.locator("#sources .reading")).to_contain_text("3.772 ha")
    expect(page.locator("#sources .reading mark.active")).to_be_in_viewport()
    page.get_by_role("button", name="Quay lại các nguồn").click()
    expect(page.locator("#sources .card.active")).to_be_visible()


def test_passages_and_the_state_of_work_come_before_the_first_word(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    window.assistant.hold("searching")
    ask(page, QUESTION, wait=False)
    expect(page.locator(".doing")).to_contain_text("Đang tìm trong kho")
    window.assistant.hold("reading")
    expect(page.locator("#sources .card").first).to_be_visible()
    expect(page.locator(".doing")).to_contain_text("Đang đọc")
    assert page.locator("#live .answer").count() == 0
    window.assistant.hold("writing")
    expect(page.locator(".doing")).to_contain_text("Đang viết")
    expect(page.locator("#live .answer p").last).to_have_text("Trong 9 tháng")
    assert re.fullmatch(r"\d+,\d giây", page.locator(".elapsed").inner_text())
    window.assistant.hold("checking")
    expect(page.locator("#live .answer")).to_contain_text("giảm 45 hộ nghèo")
    expect(page.locator(".doing")).to_contain_text("Đang đối chiếu với nguồn")
    window.assistant.go_on()
    expect(page.locator(".running")).to_have_count(0)


def test_a_sent_question_shows_before_the_server_answers(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    page.route("**/gradio_api/**", lambda route: None)  # what is asked of the server waits
    page.locator("#question textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#pending")).to_contain_text(QUESTION)
    expect(page.locator("#pending")).to_contain_text("Đang gửi câu hỏi")
    expect(page.locator("#question textarea")).to_be_focused()
    read_aloud = page.locator("body").aria_snapshot()
    assert "Đang gửi câu hỏi" in read_aloud and not re.search(r"\d\.\ds", read_aloud)
    page.unroute("**/gradio_api/**")  # and goes on
    expect(page.locator("#pending")).to_have_count(0)
    expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")


def test_stop_ends_the_answer_and_keeps_what_was_written(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    window.assistant.hold("writing")
    ask(page, QUESTION, wait=False)
    expect(page.locator("#live .answer")).to_be_visible()
    page.get_by_role("button", name="Dừng").click()
    expect(page.locator("#live .note")).to_contain_text("Đã dừng giữa chừng")
    expect(page.get_by_role("button", name="Gửi")).to_be_visible()
    [talk] = window.history.conversations()
    assert window.history.exchanges(talk.id)[0].answer.stopped


def test_stop_before_the_first_word_gives_the_question_back(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    window.assistant.hold("reading")
    ask(page, QUESTION, wait=False)
    page.get_by_role("button", name="Dừng").click()
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    expect(page.locator("#live .welcome")).to_be_visible()
    assert window.history.conversations() == []


def test_a_second_question_while_one_is_answered_is_told_to_wait(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    window.assistant.hold("writing")
    ask(page, QUESTION, wait=False)
    page.locator("#question textarea").fill("Ai chủ trì hội nghị ở Kim Liên?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#notice").get_by_text("Vui lòng đợi câu trả lời trước")).to_be_visible()
    window.assistant.go_on()
    expect(page.locator(".running")).to_have_count(0)
    expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
    expect(page.locator("#question textarea")).to_have_value("Ai chủ trì hội nghị ở Kim Liên?")
    assert [question for question, _, _ in window.assistant.asked] == [QUESTION]


def test_an_example_is_asked_by_one_press(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    page.get_by_role("button", name="Ai chủ trì hội nghị ở Kim Liên?").click()
    expect(page.locator("#live .answer")).to_contain_text("Trần Văn An")


def test_what_is_not_checked_yet_looks_unchecked(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    window.assistant.hold("writing")
    ask(page, QUESTION, wait=False)
    expect(page.locator("#live .draft")).to_contain_text("Bản nháp, chưa đối chiếu với nguồn")
    assert page.locator("#live .draft").evaluate("one => getComputedStyle(one).borderStyle") == "dashed"
    assert page.locator("#live .extract, #live .sure").count() == 0
    window.assistant.go_on()
    settle(page)
    assert page.locator("#live .draft").count() == 0


def test_a_follow_up_is_asked_with_what_was_said_before(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    ask(page, "Tỷ lệ còn bao nhiêu?")
    _, turns, _ = window.assistant.asked[-1]
    assert [turn.question for turn in turns] == [QUESTION]
    assert "45 hộ nghèo" in turns[0].answer
    expect(page.locator("#live .understood")).to_contain_text(QUESTION)


def test_what_the_articles_do_not_say_is_refused_with_the_nearest_passages(
    window: Window, visit: Visit
) -> None:
    page = visit(window.address)
    ask(page, "Giá vàng thế giới hôm qua tăng mấy phần trăm vậy?")
    expect(page.locator("#live .refusal")).to_contain_text("Không tìm thấy trong kho")
    titles = page.locator("#live .nearest").all_inner_texts()
    assert len(titles) == len(set(titles))
    page.locator("#live .nearest").first.click()
    expect(page.locator("#sources .card.active")).to_be_visible()


def test_an_error_is_told_and_the_question_can_be_asked_again(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, "Kho hỏng chưa?")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Tệp của bạn vẫn còn nguyên. Hãy bấm Sửa kho ở trang Kho bài viết.")
    expect(alert.locator("code")).to_be_hidden()
    alert.get_by_text("Chi tiết kỹ thuật").click()
    expect(alert.locator("code")).to_contain_text("Damaged search files in kho")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Kho bị hỏng")
    page.get_by_role("button", name="Hỏi lại", exact=True).click()
    end = time.monotonic() + 20
    while len(window.assistant.asked) < 2 and time.monotonic() < end:
        page.wait_for_timeout(50)
    expect(page.get_by_role("alert")).to_contain_text("Kho bị hỏng")
    assert [question for question, _, _ in window.assistant.asked] == ["Kho hỏng chưa?"] * 2


def test_an_error_is_told_in_english_in_the_english_window(window: Window, visit: Visit) -> None:
    page = visit(f"{window.address}en/")
    ask(page, "Kho hỏng chưa?")
    expect(page.get_by_role("alert")).to_contain_text(
        "Your files are whole. Press Mend the collection on the page Articles."
    )


def test_an_answer_cut_by_its_time_limit_says_so(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, f"{QUESTION} lâu")
    expect(page.locator("#live .note")).to_contain_text("Câu trả lời chưa đầy đủ vì đã hết thời gian")
    page.reload()
    expect(page.locator("#live .note")).to_contain_text("Câu trả lời chưa đầy đủ vì đã hết thời gian")


def test_sentences_without_a_source_look_different(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, f"{QUESTION} bịa")
    line = page.locator("#live .unsupported")
    expect(line).to_contain_text("Kết quả này")
    assert "underline" in line.evaluate("element => getComputedStyle(element).textDecorationLine")


def test_a_hostile_article_is_harmless(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, "Kẻ xấu chèn gì vào bài này?")
    expect(page.locator("#live .answer")).to_contain_text("<img src=x")
    page.locator("#live .cite").first.click()
    page.locator("#sources .card.active").get_by_role("button", name="Xem cả bài").click()
    expect(page.locator("#sources .reading")).to_contain_text("${window.hacked=1} {{hacked}}.")
    assert page.locator("#sources a[href^='javascript']").count() == 0
    assert (
        page.locator(".gradio-container :is(#live, #sources, #conversations) :is(img, script)").count() == 0
    )
    assert page.evaluate("window.hacked") is None


def test_copy_takes_the_answer_with_its_sources(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.get_by_role("button", name="Sao chép").click()
    expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (
        "giảm 45 hộ nghèo" in copied
        and "[1] Huyện Ba Sen giảm nghèo, 15/10/2020, huyện Ba Sen, ba-sen.txt" in copied
    )


def test_filters_bound_the_search(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    page.locator("#filters summary").click()
    page.get_by_label("Từ ngày").fill("1/2019")
    page.get_by_label("Đến ngày").fill("2020")
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.locator("#filters .chip")).to_have_text(["từ 01/01/2019", "đến 31/12/2020"])
    ask(page, QUESTION)
    _, _, filters = window.assistant.asked[-1]
    assert (str(filters.from_date), str(filters.to_date), filters.sources) == (
        "2019-01-01",
        "2020-12-31",
        (),
    )
    expect(page.locator("#sources .card")).to_have_count(2)
    expect(page.locator("#sources .card", has_text="ba-sen.txt")).to_have_count(2)


def test_what_can_be_asked_next_is_offered_and_answered(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    offered = page.locator("#further .example")
    expect(offered.first).to_be_visible()
    questions = offered.all_inner_texts()
    assert QUESTION not in questions and len(questions) == len(set(questions)) <= 3
    page.reload()
    expect(offered).to_have_text(questions)
    offered.first.click()
    expect(page.locator("#live h2").last).to_contain_text(questions[0])
    for question in questions[1:]:
        settle(page)
        expect(page.locator("#live .answer")).to_be_visible()
        page.get_by_role("button", name="Cuộc trò chuyện mới").click()
        expect(page.locator("#live .welcome")).to_be_visible()
        expect(page.locator("#further .example")).to_have_count(0)
        ask(page, question)
    expect(page.locator("#live .answer")).to_be_visible()


def test_a_refusal_within_bounds_says_so_and_is_asked_everywhere_beside_it(
    window: Window, visit: Visit
) -> None:
    page = visit(window.address)
    bound(page, "Từ ngày", "2021")
    ask(page, QUESTION)
    expect(page.locator("#live .refusal")).to_contain_text("Không tìm thấy trong phạm vi đã chọn")
    page.get_by_role("button", name="Hỏi lại trong toàn bộ kho").click()
    expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
    expect(page.locator("#past .refusal")).to_contain_text("Không tìm thấy trong phạm vi đã chọn")
    expect(page.locator("#past .bounds")).to_have_text("Phạm vi tìm: từ 01/01/2021")
    expect(page.locator("#live .bounds")).to_have_count(0)


def bound(page: Page, label: str, value: str) -> None:
    """Set one bound of the search, as a person does."""
    page.locator("#filters summary").click()
    page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Áp dụng").click()


def test_bounds_outlive_a_reload_and_go_one_by_one(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    bound(page, "Từ ngày", "2019")
    expect(page.locator("#filters .chip")).to_have_text(["từ 01/01/2019"])
    bound(page, "Đến ngày", "2020")
    expect(page.locator("#filters .chip")).to_have_text(["từ 01/01/2019", "đến 31/12/2020"])
    page.reload()
    expect(page.locator("#filters .chip")).to_have_text(["từ 01/01/2019", "đến 31/12/2020"])
    page.get_by_role("button", name="Bỏ giới hạn: từ 01/01/2019").click()
    expect(page.locator("#filters .chip")).to_have_text(["đến 31/12/2020"])


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("Từ ngày", "hôm kia", "Không hiểu ngày “hôm kia”."),
        ("Đến ngày", "2018", "Ngày bắt đầu 01/01/2019 đứng sau ngày kết thúc 31/12/2018."),
        ("Tệp hoặc thư mục", "không có.txt", "Kho không có tệp hay thư mục “không có.txt”."),
    ],
)
def test_a_bound_that_cannot_be_is_told_and_changes_nothing(
    window: Window, visit: Visit, label: str, value: str, expected: str
) -> None:
    page = visit(window.address)
    bound(page, "Từ ngày", "2019")
    expect(page.locator("#filters .chip")).to_have_text(["từ 01/01/2019"])
    bound(page, label, value)
    expect(page.locator("#notice").get_by_role("alert")).to_contain_text(expected)
    expect(page.locator("#filters .chip")).to_have_text(["từ 01/01/2019"])


def test_one_article_is_asked_from_its_card_and_from_the_page_of_articles(
    window: Window, visit: Visit
) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    page.locator("#sources .card.active, #sources .card").first.get_by_role(
        "button", name="Hỏi trong bài này"
    ).click()
    expect(page.locator("#filters .chip")).to_have_text("trong “Huyện Ba Sen giảm nghèo”")
    expect(page.locator("#question textarea")).to_be_focused()
    page.get_by_role("link", name="Kho bài viết").click()
    page.get_by_role("button", name="Kim Liên họp sơ kết").click()
    page.locator("#preview").get_by_role("button", name="Hỏi trong bài này").click()
    expect(page.locator("#filters .chip")).to_have_text("trong “Kim Liên họp sơ kết”")
    ask(page, QUESTION)
    expect(page.locator("#live .refusal")).to_be_visible()
    assert window.assistant.asked[-1][2].sources == ("kim-lien.txt",)


def test_one_article_of_very_many_is_asked_and_bounded_further(window: Window, visit: Visit) -> None:
    """More articles than the list of offers holds; each of them can still be the bound."""
    for number in range(70):
        path = window.library.folder / f"a{number:02}.txt"
        path.write_text(f"Tin số {number}\n05/05/2021\n\nKhông có gì mới.", encoding="utf-8")
    window.library.sync(lambda progress: None)
    page = visit(window.address)
    ask(page, QUESTION)
    page.locator("#sources .card").first.get_by_role("button", name="Hỏi trong bài này").click()
    bound(page, "Từ ngày", "2019")
    expect(page.locator("#filters .chip")).to_have_text(["từ 01/01/2019", "trong “Huyện Ba Sen giảm nghèo”"])
    ask(page, QUESTION)
    expect(page.locator("#live .bounds")).to_have_text(
        "Phạm vi tìm: từ 01/01/2019, trong “Huyện Ba Sen giảm nghèo”"
    )


def test_a_question_that_is_too_long_is_told_at_once_and_stays(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    box = page.locator("#question textarea")
    box.fill("dài " * 501)
    box.press("Enter")
    expect(page.locator("#notice").get_by_role("alert")).to_contain_text("Câu hỏi vượt quá 2000 ký tự")
    expect(box).to_have_value("dài " * 501)
    assert window.history.conversations() == []
