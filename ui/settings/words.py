"""Every word of the settings, in Vietnamese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from ui.strings import Language


@dataclass(frozen=True, slots=True)
class SettingsWords:
    """The copy of one language; a name in braces is filled in by ``str.format``."""

    nav: str
    title: str
    first_title: str
    first_text: str
    first_models: str
    not_here_title: str
    not_here_open: str
    not_here_guests: str
    folders: str
    folders_text: str
    no_folders: str
    stop_reading: str
    confirm_stop_reading: str
    add_folder: str
    folder_path: str
    look: str
    up: str
    documents: str
    no_folders_inside: str
    choose: str
    sample: str
    chosen: str
    dropped: str
    nested: str
    watch_on: str
    watch_off: str
    turn_on: str
    turn_off: str
    models: str
    models_text: str
    used: str
    state_ready: str
    state_unverified: str
    state_partial: str
    state_missing: str
    state_fetching: str
    use: str
    fetch: str
    remove: str
    confirm_remove: str
    fetching: str
    fetched: str
    fetch_stopped: str
    freed: str
    caution: str
    caution_text: str
    bold: str
    usual: str
    careful: str
    password: str
    password_text: str
    password_set: str
    password_none: str
    password_fixed: str
    password_new: str
    password_short: str
    password_save: str
    password_remove: str
    saved: str
    file: str
    reopen_text: str
    reopen: str
    reopening: str


VIETNAMESE = SettingsWords(
    nav="Cài đặt",
    title="Cài đặt",
    first_title="Bắt đầu",
    first_text="Hãy chọn thư mục có các bài viết của bạn, hoặc dùng thử bộ bài mẫu. Hỏi Đáp chỉ đọc, không sửa "
    "và không gửi tệp nào ra khỏi máy này.",
    first_models="Máy chưa có đủ mô hình. Hãy tải các mô hình đang dùng ở mục Mô hình, rồi bấm Mở lại Hỏi Đáp.",
    not_here_title="Trang này chỉ để xem",
    not_here_open="Để người khác trên máy không đọc được tệp của bạn, chỉ trình duyệt do Hỏi Đáp tự mở mới được đổi "
    "cài đặt. Hãy đóng rồi mở lại Hỏi Đáp trên máy này: trang tự hiện ra khi đó đổi được.",
    not_here_guests="Hỏi Đáp đang mở cho cả máy khác, nên để an toàn, không ai chọn được thư mục hay đổi cài đặt qua "
    "trang này. Người cài đặt có thể sửa tệp cấu hình, hoặc mở lại Hỏi Đáp chỉ cho máy này.",
    folders="Thư mục bài viết",
    folders_text="Mọi bài trong các thư mục này và thư mục con đều được đọc vào kho.",
    no_folders="Chưa có thư mục nào.",
    stop_reading="Ngừng đọc",
    confirm_stop_reading="Bỏ các bài của thư mục này khỏi kho?",
    add_folder="Thêm thư mục",
    folder_path="Đường dẫn thư mục",
    look="Xem",
    up="Lên một cấp",
    documents="Có {count} tệp đọc được ngay trong thư mục này, chưa kể thư mục con.",
    no_folders_inside="Không có thư mục con.",
    choose="Đọc thư mục này",
    sample="Dùng bộ bài mẫu",
    chosen="Đã thêm {folder}. Đang đọc các bài trong đó.",
    dropped="Đã ngừng đọc {folder}.",
    nested="{inner} nằm trong {outer} nên bài trong đó sẽ bị đọc hai lần. Hãy chỉ giữ một trong hai.",
    watch_on="Đang tự cập nhật: tệp nào thay đổi sẽ được đọc lại ngay.",
    watch_off="Không tự cập nhật: bấm “Cập nhật từ thư mục” ở trang Kho bài viết khi cần.",
    turn_on="Bật tự cập nhật",
    turn_off="Tắt tự cập nhật",
    models="Mô hình",
    models_text="Mô hình lớn hơn viết tốt hơn nhưng chậm hơn và cần nhiều bộ nhớ hơn.",
    used="đang dùng",
    state_ready="đã có trên máy",
    state_unverified="đã có trên máy, sẽ kiểm tra khi dùng",
    state_partial="tải dở",
    state_missing="chưa tải",
    state_fetching="đang tải",
    use="Dùng mô hình này",
    fetch="Tải về ({size})",
    remove="Xóa khỏi máy",
    confirm_remove="Xóa {size} khỏi máy?",
    fetching="Đang tải {model}: {done} trong {total}",
    fetched="Đã tải xong {model}.",
    fetch_stopped="Chưa tải xong {model}. Bấm Tải về để tải tiếp phần còn lại.",
    freed="Đã xóa, trống thêm {size}.",
    caution="Mức thận trọng",
    caution_text="Hỏi Đáp chỉ trả lời khi đủ chắc rằng bài viết có nêu.",
    bold="Mạnh dạn: trả lời nhiều hơn, dễ sai hơn",
    usual="Vừa phải: nên dùng cho đa số trường hợp",
    careful="Thận trọng: chỉ trả lời khi rất chắc, nhiều câu sẽ không được trả lời",
    password="Mật khẩu",
    password_text="Ai mở trang này cũng phải nhập mật khẩu. Mật khẩu không được lưu nguyên văn ở đâu cả; nếu quên, hãy "
    "xóa dòng password trong tệp cấu hình.",
    password_set="Đang có mật khẩu.",
    password_none="Chưa có mật khẩu.",
    password_fixed="Mật khẩu do người mở chương trình đặt sẵn nên không đổi ở đây được.",
    password_new="Mật khẩu mới, ít nhất {least} ký tự",
    password_short="Mật khẩu cần ít nhất {least} ký tự. Hãy chọn mật khẩu dài hơn.",
    password_save="Đặt mật khẩu",
    password_remove="Bỏ mật khẩu",
    saved="Đã lưu vào tệp cấu hình.",
    file="Tệp cấu hình: {path}.",
    reopen_text="Có thay đổi chưa có hiệu lực. Hãy mở lại Hỏi Đáp để áp dụng; trang này tự nối lại sau "
    "chừng mười giây.",
    reopen="Mở lại Hỏi Đáp",
    reopening="Đang mở lại…",
)

ENGLISH = SettingsWords(
    nav="Settings",
    title="Settings",
    first_title="Getting started",
    first_text="Choose the folder with your articles, or try the sample articles. Hỏi Đáp only reads: it changes no "
    "file and sends none anywhere.",
    first_models="Models are missing. Fetch those in use under Models, then press Open Hỏi Đáp again.",
    not_here_title="This page can only be looked at",
    not_here_open="So that others on this computer cannot read your files, only the browser that Hỏi Đáp opened itself "
    "may change settings. Close Hỏi Đáp and open it again on this computer: the page that comes up can.",
    not_here_guests="Hỏi Đáp is open to other computers too, so for safety nobody can choose folders or change "
    "settings through this page. Whoever set it up can edit the configuration file, or open Hỏi Đáp for this "
    "computer alone.",
    folders="Folders of articles",
    folders_text="Every article in these folders, and the folders in them, is read into the collection.",
    no_folders="No folder yet.",
    stop_reading="Stop reading",
    confirm_stop_reading="Take the articles of this folder out?",
    add_folder="Add a folder",
    folder_path="Path of the folder",
    look="Look",
    up="One level up",
    documents="{count} files right in this folder can be read, those in its folders not counted.",
    no_folders_inside="There are no folders in it.",
    choose="Read this folder",
    sample="Use the sample articles",
    chosen="Added {folder}. Its articles are being read.",
    dropped="{folder} is no longer read.",
    nested="{inner} lies in {outer}, so its articles would be read twice. Keep one of them.",
    watch_on="Following the folders: what changes is read at once.",
    watch_off="Not following the folders: press “Synchronise the folder” on the page of articles.",
    turn_on="Follow the folders",
    turn_off="Stop following",
    models="Models",
    models_text="A larger model writes better, is slower and needs more memory.",
    used="in use",
    state_ready="on this computer",
    state_unverified="on this computer, to be checked before use",
    state_partial="partly fetched",
    state_missing="not fetched",
    state_fetching="being fetched",
    use="Use this model",
    fetch="Fetch ({size})",
    remove="Delete from this computer",
    confirm_remove="Delete {size}?",
    fetching="Fetching {model}: {done} of {total}",
    fetched="{model} is here.",
    fetch_stopped="{model} is not all here. Press Fetch to go on.",
    freed="Deleted; {size} are free again.",
    caution="How sure it must be",
    caution_text="Hỏi Đáp answers only where it is sure enough that the articles tell it.",
    bold="Bold: answers more, errs more often",
    usual="Usual: right for most",
    careful="Careful: answers only when very sure, refuses more",
    password="Password",
    password_text="Whoever opens this page must give the password. It is kept nowhere in plain; if you forget it, "
    "delete the line password in the configuration file.",
    password_set="There is a password.",
    password_none="There is no password.",
    password_fixed="The password was given when the program was opened, so it cannot be changed here.",
    password_new="New password, at least {least} characters",
    password_short="A password needs at least {least} characters. Choose a longer one.",
    password_save="Set the password",
    password_remove="Remove the password",
    saved="Saved in the configuration file.",
    file="Configuration file: {path}.",
    reopen_text="There are changes that are not in use yet. Open Hỏi Đáp again to use them; this page reconnects by "
    "itself after about ten seconds.",
    reopen="Open Hỏi Đáp again",
    reopening="Opening again…",
)


def settings_words(language: Language) -> SettingsWords:
    """Give the words of a language."""
    return ENGLISH if language == "en" else VIETNAMESE
