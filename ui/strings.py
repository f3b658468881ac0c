"""Every word that the window says, in Vietnamese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """The copy of one language; a name in braces is filled in by ``str.format``."""

    language: Language
    product: str
    page_title: str

    # Shell
    skip_to_question: str
    nav: str
    nav_talk: str
    nav_corpus: str
    other_language: str
    other_language_name: str
    toggle_theme: str
    part_list: str
    part_reading: str
    keys: str
    key_send: str
    key_line: str
    key_stop: str
    key_search: str
    toggle_conversations: str
    log_out: str

    # Asking
    welcome_title: str
    welcome_text: str
    welcome_empty: str
    welcome_reading: str
    see_reading: str
    articles_read: str
    add_first: str
    examples_title: str
    further_title: str
    narrow_title: str
    narrow_place: str
    narrow_year: str
    narrow_source: str
    question_label: str
    may_be_wrong: str
    question_placeholder: str
    send: str
    stop: str
    question_by: str
    edit_question: str
    ask_again: str
    ask_everywhere: str
    asked_within: str
    editing_notice: str
    cancel_editing: str
    question_too_long: str
    state_queued: str
    state_loading: str
    draft_label: str
    state_searching: str
    state_reading: str
    state_writing: str
    state_checking: str
    stopping: str
    elapsed: str
    understood_as: str

    # Checking
    extract_label: str
    extract_hint: str
    extract_short: str
    sure: str
    fairly_sure: str
    not_sure: str
    no_reader: str
    cite_label: str
    unsupported_note: str
    unsupported_label: str
    stopped_note: str
    cut_note: str
    quoted_note: str
    unproved_note: str
    perhaps_note: str
    refused_title: str
    refused_title_within: str
    refused_text: str
    refused_hint: str
    nearest_title: str
    also_told: str
    facts: str
    model_facts: str
    copy_answer: str
    copy_hint: str
    copied: str
    sources_heading: str
    sources_of: str
    sources_live: str
    sources_empty_text: str
    sources_nearest: str
    other_passages: str
    sources_list: str
    show_sources: str
    score: str
    score_hint: str
    support: str
    whole_article: str
    ask_within: str
    back_to_sources: str
    back_to_answer: str
    original_page: str
    original_file: str
    original_gone: str
    page_view: str
    page_first: str
    page_alt: str
    page_loading: str
    page_failed: str
    article_gone: str
    article_changed: str
    no_date: str
    author: str
    place_page: str
    place_sheet: str
    place_row: str
    places_some: str
    recognised: str
    lines_left_out: str
    left_boilerplate: str
    left_outside: str
    left_page_line: str
    left_above_header: str
    left_date: str
    left_picture: str
    left_page_number: str
    left_running_head: str
    left_stamp: str
    left_deletion: str
    left_comment: str
    left_hidden: str
    left_struck_out: str
    left_placeholder: str

    # Keeping
    new_conversation: str
    search_conversations: str
    no_conversations: str
    no_conversations_found: str
    conversations_older: str
    rename: str
    rename_label: str
    save: str
    delete: str
    confirm_delete: str
    export_markdown: str
    export_word: str
    print_page: str
    export_json: str
    export: str
    export_feedback: str
    today: str
    earlier: str
    rate_good: str
    rate_bad: str
    comment_label: str
    correction_label: str
    add_comment: str
    send_feedback: str
    feedback_kept: str

    # Filters
    filters: str
    bound_from: str
    bound_to: str
    bound_source: str
    bound_remove: str
    from_date: str
    to_date: str
    in_source: str
    every_source: str
    added_here: str
    day_example: str
    day_unclear: str
    days_reversed: str
    source_unknown: str
    apply: str
    clear: str

    # Corpus
    corpus_title: str
    corpus_counts: str
    corpus_empty: str
    last_sync: str
    never_synced: str
    sync: str
    syncing: str
    sync_step: str
    sync_file: str
    sync_page: str
    sync_done: str
    passed_over: str
    passed_links: str
    passed_frames: str
    sync_stopped: str
    left_seconds: str
    left_minutes: str
    upload: str
    upload_hint: str
    upload_suffixes: str
    kind_word: str
    kind_excel: str
    kind_slides: str
    kind_pdf: str
    kind_web: str
    kind_mail: str
    kind_text: str
    kind_book: str
    kind_table: str
    uploaded: str
    upload_wrong_type: str
    upload_too_big: str
    upload_too_many: str
    upload_sending: str
    upload_failed: str
    search_articles: str
    no_articles_found: str
    column_title: str
    column_date: str
    column_source: str
    column_chunks: str
    preview_empty: str
    remove: str
    confirm_remove: str
    removed: str
    undo: str
    restore: str
    removed_articles: str
    page_of: str
    previous_page: str
    next_page: str

    # Errors and the door
    error_title: str
    error_unknown: str
    waiting: str
    error_gone: str
    technical: str
    trouble_busy: str
    trouble_full: str
    trouble_store: str
    trouble_engine: str
    trouble_database: str
    trouble_driver: str
    trouble_gone: str
    trouble_folder: str
    trouble_folder_empty: str
    trouble_model: str
    trouble_memory: str
    trouble_no_words: str
    trouble_too_long: str
    trouble_too_slow: str
    trouble_server: str
    trouble_llm: str
    trouble_history: str
    trouble_other: str
    trouble_interrupted: str
    trouble_file_type: str
    trouble_file_empty: str
    trouble_file_pictures: str
    trouble_file_unrecognised: str
    trouble_file_long: str
    trouble_file_damaged: str
    trouble_file_formulas: str
    trouble_file_embedded: str
    trouble_file_locked: str
    trouble_file_big: str
    trouble_file_closed: str
    trouble_file_table: str
    trouble_file: str
    already_running: str
    connection_title: str
    connection_lost: str
    connection_failed: str
    too_busy: str
    close: str
    door_title: str
    door_text: str
    door_password: str
    door_enter: str
    door_wrong: str
    door_wait: str

    @property
    def up(self) -> str:
        """The way from the page of this language to the program's own addresses."""
        return "../" if self.language == "en" else ""


VIETNAMESE = Words(
    language="vi",
    product="Hỏi Đáp",
    page_title="Hỏi Đáp – hỏi kho bài viết của bạn",
    skip_to_question="Đến ô đặt câu hỏi",
    nav="Các trang",
    nav_talk="Trò chuyện",
    nav_corpus="Kho bài viết",
    other_language="English",
    other_language_name="Switch to English",
    toggle_theme="Đổi nền sáng hoặc tối",
    part_list="Các cuộc trò chuyện",
    part_reading="Bài đang đọc",
    keys="Phím tắt",
    key_send="Gửi câu hỏi",
    key_line="Xuống dòng trong câu hỏi",
    key_stop="Dừng trả lời",
    key_search="Tìm cuộc trò chuyện hoặc bài viết",
    toggle_conversations="Mở hoặc đóng danh sách cuộc trò chuyện",
    log_out="Đăng xuất",
    welcome_title="Bạn muốn biết điều gì?",
    welcome_text="Tôi đọc {articles} bài viết trong kho và trả lời kèm trích dẫn, để bạn kiểm tra được "
    "từng câu. Điều gì bài viết không nêu, tôi sẽ báo là không tìm thấy. Tôi có thể sai; hãy xem nguồn.",
    welcome_empty="Kho chưa có bài viết nào. Hãy thêm vài bài, rồi quay lại đây đặt câu hỏi.",
    welcome_reading="Đang đọc bài viết. Đọc đến đâu, hỏi được đến đấy: câu trả lời chỉ dựa vào những bài đã đọc.",
    see_reading="Xem chi tiết",
    articles_read="đã có {count} bài",
    add_first="Thêm bài viết",
    examples_title="Thử hỏi",
    further_title="Hỏi tiếp",
    narrow_title="Chỉ hỏi về",
    narrow_place="Hỏi lại, chỉ {value}",
    narrow_year="Hỏi lại, chỉ bài năm {value}",
    narrow_source="Hỏi lại, chỉ trong {value}",
    question_label="Câu hỏi của bạn",
    may_be_wrong="Câu trả lời có thể sai. Hãy bấm số trích dẫn để xem nguồn.",
    question_placeholder="Hỏi về các bài viết…",
    send="Gửi",
    stop="Dừng",
    question_by="Câu hỏi",
    edit_question="Sửa và hỏi lại",
    ask_again="Hỏi lại",
    ask_everywhere="Hỏi lại trong toàn bộ kho",
    asked_within="Phạm vi tìm: {scope}",
    editing_notice="Khi gửi, câu đã sửa sẽ mở thành cuộc trò chuyện mới; cuộc trò chuyện này giữ nguyên.",
    cancel_editing="Hủy sửa",
    question_too_long="Câu hỏi vượt quá {limit} ký tự. Hãy rút ngắn rồi gửi lại.",
    state_queued="Đang chờ, còn {ahead} câu hỏi phía trước",
    state_loading="Đang khởi động, lần đầu mất chừng một phút",
    draft_label="Bản nháp, chưa đối chiếu với nguồn",
    state_searching="Đang tìm trong kho",
    state_reading="Đang đọc {passages} đoạn",
    state_writing="Đang viết",
    state_checking="Đang đối chiếu với nguồn",
    stopping="Đang dừng",
    elapsed="{seconds} giây",
    understood_as="Hiểu câu hỏi là: {question}",
    extract_label="Trích nguyên văn",
    extract_hint="Chỗ trong bài gần với câu trả lời nhất, chép đúng từng chữ",
    extract_short="Trích",
    sure="chắc chắn, {percent}%",
    fairly_sure="khá chắc, {percent}%",
    not_sure="chưa chắc, {percent}%",
    no_reader="mô hình đọc đang tắt",
    cite_label="Nguồn {mark}: {title}",
    unsupported_note="Câu gạch chân chấm: chưa thấy căn cứ trong các đoạn đã đọc.",
    unsupported_label="Không có nguồn",
    stopped_note="Đã dừng giữa chừng, câu trả lời chưa đầy đủ.",
    cut_note="Câu trả lời chưa đầy đủ vì đã hết thời gian hoặc độ dài cho phép. Hãy hỏi cụ thể hơn để "
    "có câu trả lời đủ.",
    quoted_note="Chưa viết được câu trả lời có căn cứ; đây là nguyên văn câu gần nhất trong bài.",
    unproved_note="Đã bỏ {count} câu vì không thấy căn cứ trong bài.",
    perhaps_note="Tôi không chắc câu này trả lời đúng điều bạn hỏi; hãy đọc nguồn.",
    refused_title="Không tìm thấy trong kho",
    refused_title_within="Không tìm thấy trong phạm vi đã chọn",
    refused_text="Không thấy căn cứ cho “{question}” trong các đoạn tìm được.",
    refused_hint="Thử nêu rõ tên riêng, địa danh hoặc năm; hoặc xem các đoạn gần nhất.",
    nearest_title="Những đoạn gần nhất",
    also_told="Cũng nêu “{short}”",
    facts="{seconds} giây · tìm thấy {passages} đoạn",
    model_facts="Mô hình trả lời: {llm}; tìm kiếm: {encoder}; trích đáp án: {reader}",
    copy_answer="Sao chép",
    copy_hint="Sao chép câu trả lời kèm nguồn",
    copied="Đã sao chép",
    sources_heading="Nguồn",
    sources_of="Cho câu hỏi: {question}",
    sources_live="Vừa tìm thấy",
    sources_empty_text="Mỗi câu trả lời có số trích dẫn. Bấm vào số để xem đúng câu đã dùng trong bài.",
    sources_nearest="Các đoạn gần nhất",
    other_passages="Đoạn không được trích dẫn",
    sources_list="Các đoạn nguồn",
    show_sources="Xem nguồn",
    score="Độ liên quan {score}",
    score_hint="Gần nghĩa {dense}, trùng từ {lexical}",
    support="Khớp câu trích {percent}%",
    whole_article="Xem cả bài",
    ask_within="Hỏi trong bài này",
    back_to_sources="Quay lại các nguồn",
    back_to_answer="Quay lại câu trả lời",
    original_page="Trang gốc",
    original_file="Tải tệp gốc",
    original_gone="Không còn tệp gốc của bài này.",
    page_view="Xem trang {page}",
    page_first="Xem bản PDF",
    page_alt="Ảnh trang {page} của “{title}”. Chữ của trang này có trong bài.",
    page_loading="Đang mở trang {page}…",
    page_failed="Không hiện được trang này. Hãy tải tệp gốc để xem.",
    article_gone="Bài này không còn trong kho; chỉ còn đoạn đã trích.",
    article_changed="Bài đã được sửa sau khi bạn hỏi nên không đánh dấu được câu trích.",
    no_date="không rõ ngày",
    author="Tác giả: {author}",
    place_page="trang {page}",
    place_sheet="trang tính {sheet}",
    place_row="dòng {row}",
    places_some="một vài chỗ",
    recognised="văn bản nhận dạng từ ảnh, độ chắc chắn {percent}%",
    lines_left_out="Đã lược {count} dòng không thuộc bài",
    left_boilerplate="phần thừa của trang web",
    left_outside="nằm ngoài bài viết",
    left_page_line="dòng in quanh bài",
    left_above_header="nằm trên dòng tên cột",
    left_date="ngày không đọc được",
    left_picture="dữ liệu của ảnh",
    left_page_number="số trang",
    left_running_head="dòng lặp lại ở đầu hoặc cuối trang",
    left_stamp="dấu của phần mềm quét hoặc chữ ký số",
    left_deletion="đoạn đã bị xóa khi sửa văn bản",
    left_comment="ghi chú bên lề",
    left_hidden="nội dung bị ẩn",
    left_struck_out="chữ bị gạch ngang",
    left_placeholder="chỗ chờ điền",
    new_conversation="Cuộc trò chuyện mới",
    search_conversations="Tìm cuộc trò chuyện",
    no_conversations="Chưa có cuộc trò chuyện nào.",
    no_conversations_found="Không có cuộc trò chuyện nào khớp.",
    conversations_older="Còn {count} cuộc trò chuyện cũ hơn. Hãy gõ vào ô tìm ở trên để mở lại.",
    rename="Đổi tên",
    rename_label="Tên cuộc trò chuyện",
    save="Lưu",
    delete="Xóa",
    confirm_delete="Xóa hẳn cuộc trò chuyện này?",
    export_markdown="Tải văn bản (.md)",
    export_word="Tải Word (.docx)",
    print_page="In",
    export_json="Tải dữ liệu (.json)",
    export="Tải về",
    export_feedback="Tải các đánh giá (.jsonl)",
    today="Hôm nay",
    earlier="Trước đó",
    rate_good="Câu trả lời tốt",
    rate_bad="Câu trả lời chưa tốt",
    comment_label="Nhận xét (không bắt buộc)",
    correction_label="Câu trả lời đúng, nếu bạn biết",
    add_comment="Thêm nhận xét",
    send_feedback="Lưu nhận xét",
    feedback_kept="Đã lưu, cảm ơn bạn.",
    filters="Phạm vi tìm",
    bound_from="từ {day}",
    bound_to="đến {day}",
    bound_source="trong {source}",
    bound_remove="Bỏ giới hạn: {bound}",
    from_date="Từ ngày",
    to_date="Đến ngày",
    in_source="Tệp hoặc thư mục",
    every_source="Tất cả tệp",
    added_here="các bài đã thêm ở đây",
    day_example="ví dụ 10/2020",
    day_unclear="Không hiểu ngày “{day}”. Hãy viết như 15/10/2020, 10/2020 hoặc 2020.",
    days_reversed="Ngày bắt đầu {begin} đứng sau ngày kết thúc {end}. Hãy đổi lại.",
    source_unknown="Kho không có tệp hay thư mục “{source}”. Hãy chọn trong danh sách gợi ý.",
    apply="Áp dụng",
    clear="Tìm trong toàn bộ kho",
    corpus_title="Kho bài viết",
    corpus_counts="{articles} bài viết, {chunks} đoạn",
    corpus_empty="Kho đang trống. Bấm Thêm bài viết, hoặc kéo tệp thả vào đây.",
    last_sync="Cập nhật lần cuối: {when}",
    never_synced="Chưa cập nhật lần nào",
    sync="Cập nhật từ thư mục",
    syncing="Đang cập nhật…",
    sync_step="Đang cập nhật: {percent}%",
    sync_file="Đang đọc: {file}",
    sync_page="trang {page}/{pages}",
    sync_done="Đã cập nhật: thêm {added} tệp, sửa {updated}, bỏ {removed}, lỗi {failed}.",
    passed_over="Không đọc vì không phải tài liệu: {kinds}.",
    passed_links="liên kết ra ngoài thư mục",
    passed_frames="thư mục đi kèm trang web đã lưu",
    sync_stopped="Đã dừng. Những bài đọc xong vẫn được giữ.",
    left_seconds="còn chừng {seconds} giây",
    left_minutes="còn chừng {minutes} phút",
    upload="Thêm bài viết",
    upload_hint="Nhận {kinds}; mỗi tệp tối đa {megabytes} MB. Có thể kéo tệp thả vào đây.",
    upload_suffixes="Tất cả đuôi tệp nhận được",
    kind_word="Word",
    kind_excel="Excel",
    kind_slides="PowerPoint",
    kind_pdf="PDF",
    kind_web="trang web",
    kind_mail="thư điện tử",
    kind_text="văn bản thuần",
    kind_book="sách điện tử",
    kind_table="bảng dữ liệu",
    uploaded="Đã thêm {count} tệp.",
    upload_wrong_type="Chưa nhận được loại tệp của {name}. Hãy lưu thành {kinds} rồi thêm lại.",
    upload_too_big="Tệp {name} lớn hơn {megabytes} MB. Hãy chia nhỏ rồi thêm lại.",
    upload_too_many="Chưa nhận {name}: mỗi lần thêm nhiều nhất {most} tệp. Hãy thêm các tệp còn lại sau.",
    upload_sending="Đang gửi tệp {done}/{total}…",
    upload_failed="Chưa gửi được tệp lên. Hãy kiểm tra kết nối rồi thêm lại.",
    search_articles="Tìm theo tiêu đề, tên tệp",
    no_articles_found="Không có bài nào khớp.",
    column_title="Tiêu đề",
    column_date="Ngày",
    column_source="Tệp",
    column_chunks="Số đoạn",
    preview_empty="Chọn một bài để đọc ở đây.",
    remove="Bỏ khỏi kho",
    confirm_remove="Bỏ bài khỏi kho? Tệp của bạn vẫn còn.",
    removed="Đã bỏ “{title}” khỏi kho.",
    undo="Hoàn tác",
    restore="Đưa lại vào kho",
    removed_articles="Đã bỏ khỏi kho ({count})",
    page_of="Trang {page}/{pages}",
    previous_page="Trang trước",
    next_page="Trang sau",
    error_title="Không thực hiện được",
    error_unknown="Có lỗi bên trong chương trình; chi tiết ở cửa sổ đã mở chương trình. Hãy thử hỏi lại.",
    waiting="Câu hỏi đã được lưu và đang chờ trả lời.",
    error_gone="Cuộc trò chuyện này đã bị xóa ở một cửa sổ khác.",
    technical="Chi tiết kỹ thuật",
    trouble_busy="Kho đang được cập nhật. Hãy đợi xong rồi thử lại.",
    trouble_full="Không ghi được vào kho. Hãy dọn bớt ổ đĩa rồi thử lại; những gì đã có vẫn còn nguyên.",
    trouble_store="Kho bị hỏng. Hãy đóng chương trình, chạy “hoidap verify --repair”, rồi mở lại.",
    trouble_engine="Máy tìm kiếm không trả lời. Bài viết vẫn còn nguyên; hãy hỏi lại, nếu vẫn lỗi, nhờ người cài đặt "
    "kiểm tra máy đó và địa chỉ của nó trong tệp cấu hình.",
    trouble_database="Cơ sở dữ liệu PostgreSQL không trả lời hoặc không cho vào. Hãy thử lại; nếu vẫn lỗi, nhờ người "
    "cài đặt xem máy chủ đó có chạy không và địa chỉ của nó trong tệp cấu hình có đúng không.",
    trouble_driver="Cấu hình dùng cơ sở dữ liệu PostgreSQL nhưng thiếu gói psycopg. Cài bằng lệnh "
    "“pip install 'hoidap[postgres]'”.",
    trouble_gone="Bài này không còn trong kho. Hãy tải lại trang.",
    trouble_folder="Không mở được thư mục bài viết. Hãy xem ổ đĩa đã cắm chưa và có quyền đọc không, "
    "rồi cập nhật lại.",
    trouble_folder_empty="Thư mục không còn bài nào nên kho được giữ nguyên. Hãy xem ổ đĩa đã cắm "
    "chưa, rồi cập nhật lại.",
    trouble_model="Mô hình bị thiếu hoặc hỏng. Hãy tải về ở trang Cài đặt, hoặc chạy “hoidap models fetch”, rồi mở lại "
    "chương trình.",
    trouble_memory="Máy không đủ bộ nhớ để trả lời. Hãy đóng bớt chương trình khác, hoặc chọn mô hình nhỏ "
    "hơn ở trang Cài đặt.",
    trouble_no_words="Câu hỏi chưa có chữ nào. Hãy gõ điều bạn muốn biết.",
    trouble_too_long="Câu hỏi quá dài so với sức đọc của mô hình. Hãy hỏi ngắn lại.",
    trouble_too_slow="Đã hết thời gian chờ mà chưa viết được chữ nào. Hãy hỏi lại khi máy rảnh hơn, hoặc chọn mô hình "
    "nhỏ hơn ở trang Cài đặt.",
    trouble_server="Máy chủ của mô hình không trả lời. Hãy hỏi lại; nếu vẫn lỗi, nhờ người cài đặt kiểm tra máy chủ đó "
    "và địa chỉ của nó trong tệp cấu hình.",
    trouble_llm="Mô hình trả lời không chạy được. Hãy hỏi lại; nếu vẫn lỗi, chọn mô hình khác ở trang Cài đặt, hoặc "
    "chạy “hoidap models verify”.",
    trouble_history="Không đọc hoặc không lưu được các cuộc trò chuyện. Hãy xem ổ đĩa còn chỗ trống không; nếu "
    "tệp bị hỏng, hãy chuyển nó đi chỗ khác rồi mở lại chương trình.",
    trouble_other="Không làm được việc này. Hãy thử lại; nếu vẫn lỗi, xem chi tiết kỹ thuật bên dưới.",
    trouble_interrupted="Chương trình đã dừng khi đang trả lời câu này. Bấm Hỏi lại để hỏi tiếp.",
    trouble_file_type="Tệp .doc, .xls, .ppt đời cũ được đọc qua LibreOffice. Hãy cài LibreOffice, hoặc lưu "
    "thành .docx, .xlsx, .pptx rồi thêm lại.",
    trouble_file_empty="Tệp không có chữ nào. Hãy kiểm tra lại tệp, hoặc bỏ nó khỏi thư mục.",
    trouble_file_pictures="Chữ trong ảnh chưa đọc được ({places}). Để đọc được, hãy cài bộ nhận dạng chữ: {command}",
    trouble_file_unrecognised="Không nhận ra chữ trong ảnh ({places}). Hãy quét lại cho rõ hơn.",
    trouble_file_long="Tệp dài quá giới hạn nên chưa đọc {places}. Hãy chia thành nhiều tệp nhỏ hơn.",
    trouble_file_damaged="Tệp bị hỏng, chưa đọc được {places}. Hãy in ra tệp mới rồi thêm lại.",
    trouble_file_formulas="Có công thức chưa tính giá trị ({places}). Hãy mở tệp, lưu lại rồi cập nhật.",
    trouble_file_embedded="Có tệp khác nằm bên trong ({places}) chưa đọc được. Hãy lưu tệp đó ra riêng.",
    trouble_file_locked="Tệp có mật khẩu. Hãy lưu một bản không khóa rồi thêm lại.",
    trouble_file_big="Tệp quá lớn. Hãy chia nhỏ hoặc bỏ ảnh rồi thêm lại.",
    trouble_file_closed="Không mở được tệp. Hãy kiểm tra quyền đọc, hoặc chép lại tệp.",
    trouble_file_table="Bảng không đúng dạng: cần một cột tên “text” và mỗi dòng là một bài. Hãy sửa "
    "rồi thêm lại.",
    trouble_file="Không đọc được tệp này. Hãy lưu lại bằng phần mềm đã tạo ra nó rồi thêm lại.",
    already_running="Vui lòng đợi câu trả lời trước, hoặc bấm Dừng rồi gửi lại.",
    connection_title="Mất kết nối",
    connection_lost="Chương trình không trả lời. Đang nối lại…",
    connection_failed="Không kết nối được với chương trình. Hãy thử lại.",
    too_busy="Chương trình đang bận. Hãy thử lại.",
    close="Đóng",
    door_title="Nhập mật khẩu",
    door_text="Trang này cần mật khẩu. Nếu chưa biết, bạn hãy hỏi người đã mở chương trình.",
    door_password="Mật khẩu",
    door_enter="Đăng nhập",
    door_wrong="Mật khẩu không đúng. Hãy thử lại.",
    door_wait="Bạn đã nhập sai quá nhiều lần. Hãy đợi một phút rồi thử lại.",
)

ENGLISH = Words(
    language="en",
    product="Hỏi Đáp",
    page_title="Hỏi Đáp – ask your own articles",
    skip_to_question="Skip to the question box",
    nav="Pages",
    nav_talk="Conversation",
    nav_corpus="Articles",
    other_language="Tiếng Việt",
    other_language_name="Chuyển sang tiếng Việt",
    toggle_theme="Switch between light and dark",
    part_list="Conversations",
    part_reading="The article being read",
    keys="Keys",
    key_send="Send the question",
    key_line="New line in the question",
    key_stop="Stop the answer",
    key_search="Find a conversation or an article",
    toggle_conversations="Show or hide the conversations",
    log_out="Log out",
    welcome_title="What would you like to know?",
    welcome_text="I read the {articles} articles of your collection and answer with citations, so that "
    "you can check "
    "every sentence. What the articles do not say, I tell you I could not find. I can be wrong; look at the sources.",
    welcome_empty="The collection is empty. Open the Articles page to add some, then come back and ask.",
    welcome_reading="Articles are being read. Ask meanwhile: answers come from those that are read already.",
    see_reading="Show details",
    articles_read="{count} articles so far",
    add_first="Add articles",
    examples_title="Try asking",
    further_title="Ask next",
    narrow_title="Ask only about",
    narrow_place="Ask again, only {value}",
    narrow_year="Ask again, only articles of {value}",
    narrow_source="Ask again, only within {value}",
    question_label="Your question",
    may_be_wrong="Answers can be wrong. Press a citation number to see the source.",
    question_placeholder="Ask about the articles…",
    send="Send",
    stop="Stop",
    question_by="Question",
    edit_question="Edit and ask again",
    ask_again="Ask again",
    ask_everywhere="Ask again in the whole collection",
    asked_within="Searched only: {scope}",
    editing_notice="When sent, the changed question opens a new conversation; this one stays as it is.",
    cancel_editing="Stop editing",
    question_too_long="The question is longer than {limit} characters. Please shorten it and send it again.",
    state_queued="Waiting, {ahead} questions ahead",
    state_loading="Loading the models, which takes about a minute the first time",
    draft_label="Draft, not yet checked against the sources",
    state_searching="Searching the articles",
    state_reading="Reading {passages} passages",
    state_writing="Writing",
    state_checking="Checking every sentence",
    stopping="Stopping",
    elapsed="{seconds} s",
    understood_as="Searched for: {question}",
    extract_label="Extract",
    extract_hint="The words of the articles that come nearest to an answer, exactly as they stand there",
    extract_short="Extract",
    sure="{percent}% sure",
    fairly_sure="fairly sure, {percent}%",
    not_sure="not sure, {percent}%",
    no_reader="the reader is off",
    cite_label="Source {mark}: {title}",
    unsupported_note="Dotted underline: no passage of the collection says this.",
    unsupported_label="This sentence has no source",
    stopped_note="Stopped early; the answer is not complete.",
    cut_note="The answer is not complete: a limit of time or length ended it. Ask something narrower for a "
    "whole answer.",
    quoted_note="The model wrote nothing that can be proved; this is the nearest sentence of an "
    "article, as it stands.",
    unproved_note="{count} sentence(s) were left out: the articles do not bear them out.",
    perhaps_note="I am not sure that this answers what you asked; read its source.",
    refused_title="Not found in the articles",
    refused_title_within="Not found within the chosen bounds",
    refused_text="Searched for “{question}”, but no passage says it.",
    refused_hint="Try naming the person, place or year; or look at the nearest passages.",
    nearest_title="The nearest passages",
    also_told="Also tells “{short}”",
    facts="{seconds} s · {passages} passages found",
    model_facts="Writing: {llm}; searching: {encoder}; reading: {reader}",
    copy_answer="Copy",
    copy_hint="Copy the answer with its sources",
    copied="Copied",
    sources_heading="Sources",
    sources_of="For the question: {question}",
    sources_live="Just found",
    sources_empty_text="Every answer carries citation numbers. Click one to see the very sentence that "
    "was used.",
    sources_nearest="The nearest passages",
    other_passages="Read but not used",
    sources_list="Source passages",
    show_sources="Show sources",
    score="Score {score}",
    score_hint="Meaning {dense}, words {lexical}",
    support="Match {percent}%",
    whole_article="Whole article",
    ask_within="Ask within this article",
    back_to_sources="Back to the sources",
    back_to_answer="Back to the answer",
    original_page="Original page",
    original_file="Original file",
    original_gone="The original file of this article is gone.",
    page_view="See page {page}",
    page_first="See the PDF",
    page_alt="Picture of page {page} of “{title}”. Its text is in the article.",
    page_loading="Opening page {page}…",
    page_failed="This page cannot be shown. Download the original file to see it.",
    article_gone="This article is no longer in the collection; only the quoted passage is left.",
    article_changed="The article has changed since you asked, so the quoted sentence cannot be marked.",
    no_date="no date",
    author="Author: {author}",
    place_page="page {page}",
    place_sheet="sheet {sheet}",
    place_row="row {row}",
    places_some="some places",
    recognised="text recognised from a picture, {percent}% sure",
    lines_left_out="{count} lines left out",
    left_boilerplate="boilerplate of the web page",
    left_outside="outside of the article",
    left_page_line="printed around the article",
    left_above_header="above the names of the columns",
    left_date="a date that is not understood",
    left_picture="data of a picture",
    left_page_number="page number",
    left_running_head="repeated at the edge of pages",
    left_stamp="stamp of a scanner or signature",
    left_deletion="deleted in review",
    left_comment="comment",
    left_hidden="hidden",
    left_struck_out="struck out",
    left_placeholder="placeholder",
    new_conversation="New conversation",
    search_conversations="Search conversations",
    no_conversations="No conversations yet.",
    no_conversations_found="No conversation matches.",
    conversations_older="{count} older conversations. Search above to open them again.",
    rename="Rename",
    rename_label="Name of the conversation",
    save="Save",
    delete="Delete",
    confirm_delete="Delete this conversation for good?",
    export_markdown="Text (.md)",
    export_word="Word file (.docx)",
    print_page="Print",
    export_json="Data (.json)",
    export="Download",
    export_feedback="Ratings (.jsonl)",
    today="Today",
    earlier="Earlier",
    rate_good="Good answer",
    rate_bad="Bad answer",
    comment_label="Comment (optional)",
    correction_label="The right answer, if you know it",
    add_comment="Add a comment",
    send_feedback="Send comment",
    feedback_kept="Kept, thank you.",
    filters="Search in",
    bound_from="from {day}",
    bound_to="until {day}",
    bound_source="in {source}",
    bound_remove="Remove the bound: {bound}",
    from_date="From",
    to_date="To",
    in_source="In source",
    every_source="All sources",
    added_here="articles added here",
    day_example="e.g. 10/2020",
    day_unclear="“{day}” is no date. Write it like 15/10/2020, 10/2020 or 2020.",
    days_reversed="The first day {begin} comes after the last day {end}. Please change them.",
    source_unknown="The collection has no file or folder “{source}”. Please choose one of the list.",
    apply="Apply",
    clear="Search the whole collection",
    corpus_title="Articles",
    corpus_counts="{articles} articles, {chunks} passages",
    corpus_empty="The collection is empty. Add article files or synchronise the folder to begin.",
    last_sync="Last synchronised: {when}",
    never_synced="Never synchronised",
    sync="Synchronise the folder",
    syncing="Synchronising…",
    sync_step="Synchronising: {percent}%",
    sync_file="Reading: {file}",
    sync_page="page {page} of {pages}",
    sync_done="Synchronised: {added} added, {updated} updated, {removed} removed, {failed} failed.",
    passed_over="Not read, since these are no documents: {kinds}.",
    passed_links="links that lead out of the folder",
    passed_frames="folders of saved pages",
    sync_stopped="Stopped. What was read is kept.",
    left_seconds="about {seconds} s left",
    left_minutes="about {minutes} min left",
    upload="Add articles",
    upload_hint="Takes {kinds}; at most {megabytes} MB a file. You can also drop files here.",
    upload_suffixes="All file endings that are taken",
    kind_word="Word",
    kind_excel="Excel",
    kind_slides="PowerPoint",
    kind_pdf="PDF",
    kind_web="web pages",
    kind_mail="e-mail",
    kind_text="plain text",
    kind_book="e-books",
    kind_table="data tables",
    uploaded="{count} files added.",
    upload_wrong_type="{name} is of a kind that is not taken. Save it as {kinds} and add it again.",
    upload_too_big="{name} is larger than {megabytes} MB. Please split it and add it again.",
    upload_too_many="{name} was not added: at most {most} files at a time. Please add the rest afterwards.",
    upload_sending="Sending file {done} of {total}…",
    upload_failed="The files could not be sent. Please check the connection and add them again.",
    search_articles="Search titles",
    no_articles_found="No article matches.",
    column_title="Title",
    column_date="Date",
    column_source="Source",
    column_chunks="Passages",
    preview_empty="Choose an article to read it here.",
    remove="Remove",
    confirm_remove="Take it out of the collection? Your file stays.",
    removed="“{title}” was removed.",
    undo="Undo",
    restore="Put back",
    removed_articles="Taken out ({count})",
    page_of="Page {page}/{pages}",
    previous_page="Previous page",
    next_page="Next page",
    error_title="That did not work",
    error_unknown="Something failed inside the program; the details are in the terminal. Please ask again.",
    waiting="The question is kept and waits for its answer.",
    error_gone="This conversation was deleted in another window.",
    technical="Technical details",
    trouble_busy="The collection is being synchronised. Wait until that is done and try again.",
    trouble_full="The collection cannot be written. Make room on the disk and try again; what it held "
    "is still "
    "there.",
    trouble_store="The collection is damaged. Close the program, run “hoidap verify --repair”, and "
    "start again.",
    trouble_engine="The search engine does not answer. No article is lost; ask again, and if it fails again, let "
    "whoever set it up check it and its address in the configuration file.",
    trouble_database="The PostgreSQL database does not answer or lets nobody in. Try again; if it fails again, let "
    "whoever set it up check that server and its address in the configuration file.",
    trouble_driver="The configuration names a PostgreSQL database, and the package psycopg is not here. Install it by "
    "“pip install 'hoidap[postgres]'”.",
    trouble_gone="This article is no longer in the collection. Reload the page.",
    trouble_folder="The folder of articles cannot be opened. Check that its disk is there and may be "
    "read, then "
    "synchronise again.",
    trouble_folder_empty="The folder holds no article any more, so the collection was left as it is. "
    "Check its disk, "
    "then synchronise again.",
    trouble_model="A model is missing or damaged. Fetch it in the settings, or run “hoidap models fetch”, and start "
    "the program again.",
    trouble_memory="There is not enough memory for the language model. Close other programs, or choose a smaller model "
    "in the settings.",
    trouble_no_words="The question holds no word. Type what you want to know.",
    trouble_too_long="The question is too long for the model. Please ask more briefly.",
    trouble_too_slow="Time ran out before the model wrote a word. Ask again when the computer is less busy, or choose "
    "a smaller model in the settings.",
    trouble_server="The server of the model does not answer. Ask again; if it fails again, let whoever set it up check "
    "that server and its address in the configuration file.",
    trouble_llm="The language model did not work. Ask again; if it fails again, choose another model in the settings, "
    "or run “hoidap models verify”.",
    trouble_history="The conversations cannot be read or written. Check that the disk has room; if "
    "their file is "
    "damaged, move it away to begin a new one.",
    trouble_other="This could not be done. Try again; if it fails again, see the technical details below.",
    trouble_interrupted="The program ended while this was being answered. Press Ask again.",
    trouble_file_type="Old .doc, .xls and .ppt files are read through LibreOffice. Install it, or save them as .docx, "
    ".xlsx or .pptx and add them again.",
    trouble_file_empty="The file holds no text. Check it, or take it out of the folder.",
    trouble_file_pictures="Pictures of text were not read ({places}). To have them read, install text recognition: "
    "{command}",
    trouble_file_unrecognised="Text recognition found no text ({places}). Scan them again, sharper.",
    trouble_file_long="The file is longer than the limit; not read: {places}. Split it into smaller files.",
    trouble_file_damaged="The file is damaged; not read: {places}. Print it to a new file and add it again.",
    trouble_file_formulas="Formulas were never computed ({places}). Open the file, save it, and synchronise again.",
    trouble_file_embedded="Another file inside was not read ({places}). Save that one by itself.",
    trouble_file_locked="The file is locked by a password. Save an unlocked copy and add it again.",
    trouble_file_big="The file is too large. Split it or leave out its pictures, and add it again.",
    trouble_file_closed="The file cannot be opened. Check its permissions, or copy it again.",
    trouble_file_table="The table is not as expected: it needs a column named “text” and one article a "
    "line. Correct "
    "it and add it again.",
    trouble_file="This file cannot be read. Save it again with the program that made it, and add it again.",
    already_running="Please wait for the previous answer, or press Stop and send again.",
    connection_title="Connection lost",
    connection_lost="The program does not answer. Reconnecting…",
    connection_failed="The program could not be reached. Please try again.",
    too_busy="The program is busy. Please try again.",
    close="Close",
    door_title="Enter the password",
    door_text="This page is protected. Ask the person who started the program if you do not know the "
    "password.",
    door_password="Password",
    door_enter="Enter",
    door_wrong="That password is not right. Please try again.",
    door_wait="Too many wrong tries. Please wait a minute and try again.",
)
