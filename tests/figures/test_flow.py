"""Paragraphs as they read, and the way back to the document."""

import time

import pytest

from annals.extract.text import segment
from annals.figures.flow import Paragraph, paragraphs, sentences, unwrap
from annals.model import Document, Passage


def document(text: str, markdown: bool = False) -> Document:
    return Document(name="a.txt", media_type="text/plain", text=text, passages=segment(text, markdown))


def passages(text: str, *spans: tuple[int, int]) -> Document:
    found = tuple(Passage(kind="paragraph", start=start, end=end) for start, end in spans)
    return Document(name="a.txt", media_type="text/plain", text=text, passages=found)


def read(found: Document) -> list[Paragraph]:
    return [one for one in paragraphs(found) if isinstance(one, Paragraph)]


def test_layout_line_breaks_inside_prose_are_taken_out() -> None:
    text = "全年新增各类市场主体二十\n三万户，带动就业12.5\n8万人。"
    (one,) = read(passages(text, (0, len(text))))
    assert one.text == "全年新增各类市场主体二十三万户，带动就业12.58万人。"


def test_every_character_leads_back_to_its_place() -> None:
    text = "  开放日吸引近40万\n　群众参加，\r\n  共举办 8 场。"
    (one,) = read(passages(text, (0, len(text))))
    for position, character in enumerate(one.text):
        assert text[one.offset(position)] == character
    start = one.text.index("40万群众")
    begin, end = one.span(start, start + 5)
    assert text[begin:end] == "40万\n　群众"


def test_a_sentence_broken_by_a_blank_line_is_put_together() -> None:
    text = "累计传播科普资讯，覆盖云川\n\n163万余次，2名干部受到表扬。"
    cut = text.index("\n\n")
    (one,) = read(passages(text, (0, cut), (cut + 2, len(text))))
    assert one.text == "累计传播科普资讯，覆盖云川163万余次，2名干部受到表扬。"


def test_a_page_number_between_two_lines_is_no_part_of_the_sentence() -> None:
    text = "全年各县流动图\n— 11 —\n书车行驶3万公里。"
    (one,) = read(passages(text, (0, len(text))))
    assert one.text == "全年各县流动图书车行驶3万公里。"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("共举办活动30场。", "另有志愿者200人，来自全区。"),
        ("主要任务，包括", "1.建成基地5个，其中市级2个。"),
        ("云川市科学普及协会", "共举办活动30场，惠及群众。"),
    ],
)
def test_paragraphs_that_end_stay_apart(first: str, second: str) -> None:
    text = first + "\n" + second
    found = read(passages(text, (0, len(first)), (len(first) + 1, len(text))))
    assert [one.text for one in found] == [first, second]


def test_words_of_latin_script_keep_a_blank_at_the_line_break() -> None:
    text = "the number of\nmembers"
    one = unwrap(text, [Passage(kind="paragraph", start=0, end=len(text))])
    assert one is not None
    assert one.text == "the number of members"
    assert [text[one.offset(i)] for i in range(len(one.text))] == list("the number of\nmembers")


def test_blank_passages_give_nothing() -> None:
    assert unwrap(" \n\u3000\n", [Passage(kind="paragraph", start=0, end=4)]) is None


def test_sentences_cover_the_whole_paragraph() -> None:
    text = "第一句。第二句！“第三句。”剩下的没有句号"
    spans = list(sentences(text))
    assert "".join(text[a:b] for a, b in spans) == text
    assert text[slice(*spans[2])] == "“第三句。”"


def test_time_grows_with_the_text_alone() -> None:
    """Sixteen times the text in no more than forty times the time: the slack is for the clock, not for a square."""
    line = "全年共举办各类活动12场吸引3000人参与\n"

    def seconds(lines: int) -> float:
        text = line * lines
        found = passages(text, (0, len(text)))
        best = 9.0
        for _ in range(3):
            begin = time.process_time()
            for one in read(found):
                list(sentences(one.text))
            best = min(best, time.process_time() - begin)
        return best

    assert seconds(16_000) < 40 * max(seconds(1_000), 0.002)
