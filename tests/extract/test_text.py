"""Passages of plain text and Markdown: spans over the unchanged text, one for what a reader takes as one paragraph."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annals.extract.text import segment
from annals.model import Passage


def kinds(text: str, markdown: bool = False) -> list[tuple[str, str]]:
    return [(p.kind, text[p.start : p.end]) for p in segment(text, markdown)]


def cells(text: str, table: Passage) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(text[cell.start : cell.end])
    return list(rows.values())


# Eighteen characters a line, headings on one or two lines, blank lines where the page broke.
WRAPPED = """\
 云川市科学普及协会年度工作稳步推进

全年围绕群众关心的话题，在城乡各处举
办讲座、展览、竞赛和研学活动共3215场
次，比上年多办了412场次，全市有近30万
市民走进现场，线上收看的观众达到1.2亿
人次。协会与各区县一道编写读本6套，发
放到社区和学校。

流动科技馆走遍山区四十个乡镇并且首次
开进海岛

5月18日，流动科技馆今年第一站在

青石县开馆。馆内展品48件，开馆当天接
待学生1600余名。随后两个月里它又走过
12个乡镇，行程2800公里。

志愿服务队伍越来越壮大
年末注册的科技志愿者有5.6万名，比上
年末增加8000名，服务时长超过30万小
时。
"""


def test_wrapped_lines_are_one_paragraph_and_headings_stand_alone() -> None:
    found = kinds(WRAPPED)
    assert [kind for kind, _ in found] == ["heading", "paragraph", "heading", "paragraph", "heading", "paragraph"]
    assert found[2][1] == "流动科技馆走遍山区四十个乡镇并且首次\n开进海岛"
    assert found[4][1] == "志愿服务队伍越来越壮大"


def test_a_sentence_cut_by_a_blank_line_goes_on() -> None:
    paragraph = kinds(WRAPPED)[3][1]
    assert paragraph.startswith("5月18日") and "今年第一站在\n\n青石县开馆" in paragraph
    assert paragraph.endswith("行程2800公里。")


def test_a_number_broken_over_lines_is_inside_one_passage() -> None:
    text = WRAPPED
    for broken in ("近30万\n市民", "1.2亿\n人次", "共3215场\n次", "30万小\n时"):
        at = text.index(broken)
        assert sum(p.start <= at and at + len(broken) <= p.end for p in segment(text, False)) == 1


@pytest.mark.parametrize(
    ("before", "after"), [("全年培训12", "万人次。"), ("覆盖率提高3", "个百分点。"), ("安排资金500", "余万元。")]
)
@pytest.mark.parametrize("between", ["\n", "\n\n", "\r\n", "\r\n\r\n"])
def test_a_number_and_its_unit_are_never_parted(before: str, after: str, between: str) -> None:
    assert kinds(before + between + after) == [("paragraph", before + between + after)]


def test_one_line_a_paragraph_is_kept_as_it_is() -> None:
    text = (
        "云川市科学普及协会2024年工作要点\n"
        "一、总体要求\n"
        "全年工作要围绕中心、服务大局，把科普送到群众身边。\n"
        "二、重点任务\n"
        "1.办好科普讲座。全年举办讲座200场，覆盖全部街道。\n"
        "2.建好科普阵地。新建科普馆12座，改造旧馆30座。\n"
        "（一）保障措施\n"
        "各区县要落实经费。\n"
    )
    assert [(p.kind, p.level) for p in segment(text, False)] == [
        ("title", None),
        ("heading", 1),
        ("paragraph", None),
        ("heading", 1),
        ("item", 3),
        ("item", 3),
        ("heading", 2),
        ("paragraph", None),
    ]


def test_a_year_after_the_numbering_is_not_its_decimal_part() -> None:
    heading = segment("三、2026年重点工作\n要扩大覆盖面。\n", False)[0]
    assert (heading.kind, heading.level) == ("heading", 1)


def test_a_wrapped_decimal_does_not_begin_a_list() -> None:
    text = (
        "服务业企业营业收入增长十二个百分点以上，占\n全部企业营业收入比重六成，比上一年又提高了\n"
        "13.5 个百分点，继续保持在全省各市的前列位\n置，民营企业所占的份额也比上年同期有所提高。\n"
    )
    assert kinds(text) == [("paragraph", text.strip())]


def test_signature_and_date_are_not_headings() -> None:
    text = "请遵照执行。\n\n云川市科学普及协会\n\n2024年3月5日\n\n云川市科普馆建设清单\n\n一、目标\n\n建设科普馆。\n"
    assert kinds(text)[1:4] == [
        ("paragraph", "云川市科学普及协会"),
        ("paragraph", "2024年3月5日"),
        ("title", "云川市科普馆建设清单"),
    ]


def test_captions_stand_apart_and_do_not_join_the_text() -> None:
    text = "1. 办好科普日\n\n\n\n云川市科普日启动仪式现场\n\n全市举办活动350场，参加群众9.2万人次。\n"
    assert kinds(text)[1] == ("caption", "云川市科普日启动仪式现场")


def test_a_running_title_left_by_the_pages_is_a_note() -> None:
    page = "\n\n\n云川市2023年统计公报选登页眉\n\n\n"
    text = (
        "2023年云川市统计公报\n\n一、综合\n\n全年增长3.5%。"
        + page
        + "人口增加。"
        + page
        + "物价平稳。"
        + page
        + "就业稳定。"
    )
    assert [kind for kind, _ in kinds(text)].count("note") == 3


def test_a_table_of_contents_is_no_headings() -> None:
    text = "目录\n一、总体要求……………1\n二、重点任务..........12\n一、总体要求\n全年办好讲座，覆盖全市。\n"
    assert [kind for kind, _ in kinds(text)] == ["note", "note", "note", "heading", "paragraph"]


def test_type_printed_twice_for_bold_is_a_heading_of_its_own() -> None:
    text = "会议要求抓紧落实，年底前完成。\n20232023年十件大事年十件大事\n这一年，全市科普工作取得了新成绩。\n"
    assert kinds(text)[1] == ("heading", "20232023年十件大事年十件大事")


def test_markdown_headings_lists_and_bold() -> None:
    text = (
        "# 云川市科学普及协会文件\n\n云普协〔2024〕7号\n\n### 一、总体要求\n\n"
        "要把科普办到群众身边。让科普走进千家\n\n万户，全年覆盖30万人。\n\n"
        "### **（二）主要任务**\n\n**1.办好讲座。**全年办讲座40场。\n\n- 城区20场\n- 乡村20场\n\n![图](a.png)\n"
    )
    found = segment(text, True)
    assert [(p.kind, p.level, text[p.start : p.end][:9]) for p in found] == [
        ("title", None, "云川市科学普及协会"),
        ("note", None, "云普协〔2024〕"),
        ("heading", 1, "一、总体要求"),
        ("paragraph", None, "要把科普办到群众身"),
        ("heading", 2, "（二）主要任务"),
        ("item", 3, "**1.办好讲座。"),
        ("item", None, "- 城区20场"),
        ("item", None, "- 乡村20场"),
    ]


def test_pipe_table() -> None:
    text = "表1 各区活动\n\n| 区 | 活动（场） |\n| --- | ---: |\n| 东岭区 | 120 |\n| 西陵区 |  |\n\n以上为全年数。\n"
    caption, table, after = segment(text, True)
    assert (caption.kind, table.kind, after.kind) == ("caption", "table", "paragraph")
    assert cells(text, table) == [["区", "活动（场）"], ["东岭区", "120"], ["西陵区", ""]]
    assert [cell.header for cell in table.cells] == [True, True, False, False, False, False]


def test_tab_separated_table() -> None:
    text = "区\t活动\n东岭区\t120\n西陵区\t98\n"
    (table,) = segment(text, False)
    assert cells(text, table) == [["区", "活动"], ["东岭区", "120"], ["西陵区", "98"]]


def test_table_dumped_as_one_cell_a_line() -> None:
    text = (
        "项目清单\n\t序号\n\t名称\n\t部门\n\n\t一、2个重点活动\n\n\t1\n\t科普日\n\t宣传部\n\n"
        "\t2\n\t科技周\n\t办公室\n\n组织部\n"
    )
    table = segment(text, False)[-1]
    assert cells(text, table) == [
        ["序号", "名称", "部门"],
        ["一、2个重点活动"],
        ["1", "科普日", "宣传部"],
        ["2", "科技周", "办公室\n\n组织部"],
    ]
    spanning = [cell for cell in table.cells if cell.row == 1]
    assert spanning[0].column_span == 3


def test_html_table_in_markdown() -> None:
    text = '<table><tr><th rowspan="2">区</th><th>场</th></tr><tr><td>120</td></tr></table>\n\n说明文字在后。\n'
    table, after = segment(text, True)
    assert [(c.row, c.column, text[c.start : c.end]) for c in table.cells] == [
        (0, 0, "区"),
        (0, 1, "场"),
        (1, 1, "120"),
    ]
    assert after.kind == "paragraph"


@pytest.mark.parametrize("text", ["", " \n\t\n　　\n", "\ufeff\n"])
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert all(text[p.start : p.end].strip() for p in segment(text, False))


@given(
    st.text(
        alphabet="一二（）()|#*-.、，。：0129万年月日科普\t\r\n \x0c　\u2028《》“”<table>/tdr第章abc", max_size=400
    ),
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_passages_are_ordered_disjoint_and_inside_the_text(text: str, markdown: bool) -> None:
    end = 0
    for passage in segment(text, markdown):
        assert end <= passage.start < passage.end <= len(text)
        end = passage.end
        for cell in passage.cells:
            assert passage.start <= cell.start <= cell.end <= passage.end


@given(st.lists(st.text(alphabet="科普活动举办了全市12万人，。", min_size=1, max_size=30), max_size=20))
@settings(max_examples=200, deadline=None)
def test_no_character_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    kept = "".join(text[p.start : p.end] for p in segment(text, False))
    assert kept.replace("\n", "") == text.replace("\n", "")


HOSTILE = {
    "digits": "1" * 60_000,
    "magnitudes": "万" * 60_000,
    "brackets": "《（“" * 40_000,
    "blank lines": "\n" * 60_000,
    "numbering": "一、\n" * 15_000,
    "pipes": "|" * 60_000,
    "tabs": "\t甲\n" * 15_000,
    "hashes": "# \n" * 20_000,
    "open tables": "<table>\n" * 15_000,
    "spaces": " " * 60_000 + "科",
    "doubled": "科普" * 60_000,
    "unfinished": "全市，\n\n" * 25_000,
    "asterisks": "**" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("markdown", [False, True])
def test_time_does_not_grow_faster_than_the_text(name: str, markdown: bool) -> None:
    text = HOSTILE[name]
    quarter = _best(text[: len(text) // 4], markdown)
    whole = _best(text, markdown)
    # Four times the text in about four times the time; the constant is for what is too quick to measure.
    assert whole < 12 * quarter + 0.2


def _best(text: str, markdown: bool) -> float:
    taken = []
    for _ in range(2):
        start = time.process_time()
        segment(text, markdown)
        taken.append(time.process_time() - start)
    return min(taken)
