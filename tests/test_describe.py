"""What a document says of itself, on invented notices of each kind."""

import time
from datetime import date
from pathlib import Path

import pytest

from annals.describe import describe
from annals.extract import extract, extract_bytes
from annals.extract.compose import CellDraft, Composer
from annals.model import Description, Document, Metadata

NOTICES = Path(__file__).resolve().parents[2] / "shared" / "notices"


def of_text(text: str, name: str = "notice.txt") -> Description:
    return describe(extract_bytes(name, text.encode()))


PLAN = """\
云川市科学普及协会

关于印发2024年工作要点的通知

云普协发〔2024〕17号

各区县（自治县）普协、云川高新区普协，市级学会（协会、研究会），机关各部室：

现将《云川市科学普及协会2024年工作要点》印发给你们，望对照任务抓紧推进，并及时报告进展。

云川市科学普及协会

2024年4月17日

云川市科学普及协会2024年工作要点

一、着力办好活动

1.办好科普日。全年举办活动300场，吸引群众20万人次。

2.办好大赛。组织选手2000名参加比赛，评出优胜者60名。

二、着力建好阵地

3.建好场馆。新建科普馆12座。

2024年云川市科普项目推进清单
\t序号
\t名称
\t责任部门（单位）

\t一、3个重点活动

\t1
\t2024云川科普日
\t宣传部、活动部（外联部、办公室）

\t2
\t山区流动展览
\t活动部

办公室

\t3
\t海岛讲堂
\t活动部

\t二、2个重点场馆

\t1
\t青石科技馆
\t场馆部

\t2
\t白水科普园
\t场馆部，计划财务部
"""


def test_a_plan_with_its_annex() -> None:
    plan = of_text(PLAN)
    assert plan.title == "云川市科学普及协会关于印发2024年工作要点的通知"
    assert plan.number == "云普协发〔2024〕17号"
    assert plan.issuer == "云川市科学普及协会"
    assert plan.recipients == (
        "各区县（自治县）普协",
        "云川高新区普协",
        "市级学会（协会、研究会）",
        "机关各部室",
    )
    assert plan.published_on == date(2024, 4, 17)
    assert (plan.genre, plan.year, plan.region) == ("plan", 2024, "云川市")


def test_projects_of_a_table_with_their_departments() -> None:
    items = of_text(PLAN).items
    assert [(item.list, item.position, item.title, item.departments) for item in items] == [
        ("一、3个重点活动", 1, "2024云川科普日", ("宣传部", "活动部（外联部、办公室）")),
        ("一、3个重点活动", 2, "山区流动展览", ("活动部", "办公室")),
        ("一、3个重点活动", 3, "海岛讲堂", ("活动部",)),
        ("二、2个重点场馆", 1, "青石科技馆", ("场馆部",)),
        ("二、2个重点场馆", 2, "白水科普园", ("场馆部", "计划财务部")),
    ]
    assert "2024云川科普日" in PLAN[items[0].start : items[0].end]


def test_sections_nest_and_end_where_the_next_begins() -> None:
    sections = of_text(PLAN).sections
    assert [(section.level, section.title) for section in sections] == [
        (0, "云川市科学普及协会2024年工作要点"),
        (1, "一、着力办好活动"),
        (3, "1.办好科普日"),
        (3, "2.办好大赛"),
        (1, "二、着力建好阵地"),
        (3, "3.建好场馆"),
        (0, "2024年云川市科普项目推进清单"),
    ]
    outer, inner = sections[1], sections[3]
    assert outer.start < inner.start < inner.end == outer.end == sections[4].start


def review(numbered: bool) -> str:
    def entries(words: str) -> str:
        return "".join(
            f"{f'{n}. ' if numbered else ''}{words}之{n}号工作稳步推进\n\n"
            f"全市在这方面办了活动{n}00场，参加群众{n}万人次。\n\n"
            for n in range(1, 4)
        )

    return (
        "携手同行 共建科普之城\n\n2023年云川市普协“三件大事”“三大亮点”\n\n"
        f"{entries('要事')}三大亮点\n\n{entries('特色')}"
        if numbered
        else f"{entries('要事')}{entries('特色')}2023年云川市普协三件大事三大亮点\n"
    )


@pytest.mark.parametrize("numbered", [True, False])
def test_events_and_highlights_of_a_review(numbered: bool) -> None:
    described = of_text(review(numbered))
    assert (described.genre, described.year, described.region) == ("review", 2023, "云川市")
    assert [(item.list, item.position) for item in described.items] == [
        *(("三件大事", n) for n in (1, 2, 3)),
        *(("三大亮点", n) for n in (1, 2, 3)),
    ]
    assert described.items[3].title == "特色之1号工作稳步推进"


@pytest.mark.parametrize(("stated", "found"), [("四件大事", 3), ("三件大事", 3), ("十件大事", 0), ("扎实工作", 0)])
def test_a_list_may_be_one_short_of_its_count(stated: str, found: int) -> None:
    entries = "1. 甲事圆满完成\n\n办了活动。\n\n2. 乙事圆满完成\n\n办了讲座。\n\n3. 丙事圆满完成\n\n办了展览。\n"
    assert len(of_text(f"云川市普协2023年“{stated}”\n\n{entries}").items) == found


def test_a_list_that_its_introduction_counts() -> None:
    entries = "1. 新建科普馆十座；\n\n2. 改造旧馆五座；\n\n3. 培训讲解员。\n"
    text = f"云川市2024年民生实事方案\n\n全年重点办好以下三件实事：\n\n{entries}"
    assert [(item.position, item.title) for item in of_text(text).items] == [
        (1, "新建科普馆十座"),
        (2, "改造旧馆五座"),
        (3, "培训讲解员"),
    ]


def test_a_communique_is_dated_and_signed_under_its_title() -> None:
    text = (
        "2023年云川市国民经济和社会发展统计公报①\n\n云川市统计局\n\n国家统计局云川调查队\n\n2024年4月30日\n\n"
        "一、综合\n\n初步核算，全年全市生产总值481.6亿元，比上年增长3.5%。\n"
    )
    described = of_text(text)
    assert described.title == "2023年云川市国民经济和社会发展统计公报"
    assert described.issuer == "云川市统计局、国家统计局云川调查队"
    assert (described.published_on, described.year, described.genre) == (date(2024, 4, 30), 2023, "communique")


def test_a_work_report_is_of_the_year_of_its_title_and_of_its_government() -> None:
    text = (
        "2026年重庆市政府工作报告\n——2026年1月22日在重庆市第六届人民代表大会第四次会议上\n重庆市市长 某某\n各位代表：\n"
        "现在，我代表市人民政府向大会作报告，请审议。\n一、2025年工作回顾\n全年办实事30件，群众满意。\n"
    )
    described = of_text(text)
    assert (described.title, described.genre, described.year) == ("2026年重庆市政府工作报告", "report", 2026)
    assert (described.issuer, described.region) == ("重庆市人民政府", "重庆市")
    assert described.published_on == date(2026, 1, 22)
    assert described.recipients == ()


def test_two_issuers_and_generic_recipients() -> None:
    text = (
        "云川市教育局 云川市财政局关于做好2022—2024年科普经费安排的通知\n\n云教发[2022]8号\n\n"
        "各省、自治区、直辖市人民政府，市属各学校：\n\n请按照要求安排经费，每年不少于300万元。\n\n二〇二二年三月五日\n"
    )
    described = of_text(text)
    assert described.issuer == "云川市教育局、云川市财政局"
    assert described.number == "云教发〔2022〕8号"
    assert described.recipients == ("各省、自治区、直辖市人民政府", "市属各学校")
    assert described.published_on == date(2022, 3, 5)
    assert (described.genre, described.year) == ("notice", 2022)


@pytest.mark.parametrize("brackets", ["〔〕", "[]", "［］", "【】", "（）", "()", "﹝﹞"])
def test_brackets_of_document_numbers(brackets: str) -> None:
    text = f"关于办好讲座的通知\n\n云普协办{brackets[0]} 2021 {brackets[1]} 35 号\n\n请认真办好讲座。\n"
    assert of_text(text).number == "云普协办〔2021〕35号"


def test_a_number_that_the_text_cites_is_not_the_documents_own() -> None:
    text = "关于办好讲座的通知\n\n根据《关于加强科普工作的意见》（云政发〔2020〕3号）要求，现就办好讲座通知如下。\n"
    assert of_text(text).number is None


def test_what_the_page_states_comes_first() -> None:
    composer = Composer()
    composer.add("paragraph", "云川市统计局")
    composer.add("paragraph", "全年共办活动300场，吸引群众20万人次，比上年增长一成。")
    composed = composer.document("page.html", "text/html")
    document = Document(
        name=composed.name,
        media_type=composed.media_type,
        text=composed.text,
        passages=composed.passages,
        metadata=Metadata(
            title="云川市2022年统计公报", number="云统〔2023〕2号", issuer="云川市统计局", published_on=date(2023, 3, 1)
        ),
    )
    described = describe(document)
    assert (described.title, described.number) == ("云川市2022年统计公报", "云统〔2023〕2号")
    assert (described.issuer, described.published_on, described.year) == ("云川市统计局", date(2023, 3, 1), 2022)


def test_tables_of_any_format_hold_lists() -> None:
    composer = Composer()
    composer.add("title", "2024年十项任务清单")
    rows = [("编号", "任务内容", "牵头单位"), ("1", "办讲座", "宣传处"), ("2", "办展览", "活动处、办公室")]
    composer.add_table(
        [CellDraft(row=r, column=c, text=text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    )
    items = describe(composer.document("a.docx", "x/y")).items
    assert [(item.list, item.position, item.title, item.departments) for item in items] == [
        ("2024年十项任务清单", 1, "办讲座", ("宣传处",)),
        ("2024年十项任务清单", 2, "办展览", ("活动处", "办公室")),
    ]


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("云川市科普协会2024年工作计划", "plan"),
        ("云川市2023年科普工作总结", "review"),
        ("2023年度云川市十大科普新闻盘点", "review"),
        ("关于开展科普日活动的通知", "notice"),
        ("云川市2023年统计公报", "communique"),
        ("云川市人民政府2023年政府信息公开工作年度报告", "report"),
    ],
)
def test_genres_by_title(title: str, genre: str) -> None:
    assert of_text(f"{title}\n\n全市各单位认真开展科普活动，取得了良好效果。\n").genre == genre


@pytest.mark.parametrize(
    "text",
    [
        "hello world\n",
        "(cid:12)(cid:7)\n",
        "123\n",
        "锟斤拷锟斤拷\n",
        "2024年13月45日\n",
        "〔2024〕号\n",
        "一、\n二、\n",
    ],
)
def test_strange_texts_are_described_without_invention(text: str) -> None:
    described = of_text(text)
    assert described.issuer is None
    assert described.number is None
    assert described.published_on is None
    assert described.items == ()


def test_describing_is_linear() -> None:
    def taken(times: int) -> float:
        document = extract_bytes("a.txt", (PLAN * times).encode())
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            describe(document)
            best = min(best, time.process_time() - start)
        return best

    assert taken(80) < 8 * taken(20) + 0.1


@pytest.mark.skipif(not NOTICES.is_dir(), reason="the real notices are not beside the project (../shared/notices)")
def test_real_notices_have_their_lists() -> None:
    lists = {}
    for path in sorted(NOTICES.glob("*.txt")):
        described = describe(extract(path))
        assert described.region == "重庆市"
        assert described.title
        counted: dict[str, int] = {}
        for item in described.items:
            counted[item.list] = counted.get(item.list, 0) + 1
        lists[path.name[:3]] = list(counted.values())
    assert lists["001"] == [10, 10, 10, 10]
    assert lists["000"] == lists["002"] == [10, 10]
