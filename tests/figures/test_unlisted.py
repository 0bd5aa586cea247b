"""Places that no table knows, from invented notices."""

import pytest

from annals.describe import describe
from annals.extract import extract_bytes
from annals.figures import read
from annals.figures.unlisted import unlisted_places
from annals.model import Figure


def places(text: str) -> set[str]:
    return set(unlisted_places(extract_bytes("a.txt", text.encode())))


def figures(text: str) -> list[Figure]:
    document = extract_bytes("a.txt", text.encode())
    return list(read(document, describe(document)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("建成书屋9个，其中雁荡坡区5个、柳叶洲县4个。\n", {"雁荡坡区", "柳叶洲县"}),
        ("表1 安排\n\n区县\t书屋（个）\n雁荡坡区\t5\n柳叶洲镇\t4\n", {"雁荡坡区", "柳叶洲镇"}),
        ("建成书屋9个，其中雁荡坡区5个。\n\n雁荡坡区还有4个在建。\n", {"雁荡坡区"}),
        ("建成书屋9个，其中雁荡坡区5个。\n", set()),  # once, beside nothing
        ("建成书屋9个，其中城市社区5个、工业园区4个。\n", set()),
        ("认定9个，其中县级市5个、示范县4个。\n", set()),
        ("全市各区县、有关部门参加，覆盖山区、库区。\n", set()),
        ("建成书屋9个，其中沙坪坝区5个、永川区4个。\n", set()),  # these are in the table
    ],
)
def test_names_that_stand_where_places_stand(text: str, found: set[str]) -> None:
    assert places(text) == found


def test_a_part_that_a_place_has_is_a_part_of_the_amount_before() -> None:
    text = (
        "云川市科学普及协会2031年工作总结\n\n全年新建流动书屋9个，投入资金30万元，其中雁荡坡区5个、柳叶洲县4个。\n\n"
        "雁荡坡区另有2个在建。\n"
    )
    _, _, first, second, _ = figures(text)
    assert (first.region, first.subject, first.measure) == ("雁荡坡区", "流动书屋", "added")
    assert (second.region, second.subject, second.measure) == ("柳叶洲县", "流动书屋", "added")


def test_a_section_headed_by_such_a_place_is_about_it() -> None:
    text = (
        "让书香走进乡村——云川市各区县巡礼\n\n核心提示\n\n2031年1至8月，全市举办讲座80场，惠及群众2万人次，反响热烈。\n\n"
        "雁荡坡区 老屋里长出书屋\n\n该区把老屋改成书屋，开放以来接待读者1.4万人次，很受欢迎。\n\n"
        "柳叶洲县 送书上山\n\n县里组织60名志愿者送书上山，今年办读书会30场，场场爆满。\n"
    )
    assert [(f.region, f.year) for f in figures(text)] == [
        ("云川市", 2031),
        ("云川市", 2031),
        ("雁荡坡区", 2031),
        ("柳叶洲县", 2031),
        ("柳叶洲县", 2031),
    ]


def test_a_row_of_totals_without_a_number_keeps_its_columns() -> None:
    text = "表1 安排\n\n序号\t区县\t书屋（个）\t经费（万元）\n1\t雁荡坡区\t5\t62\n2\t柳叶洲县\t4\t55\n\t合计\t9\t117\n"
    total, money = figures(text)[-2:]
    assert (total.unit, int(total.value or 0), total.subject) == ("个", 9, "书屋")
    assert (money.unit, int(money.value or 0), money.subject) == ("元", 1170000, "经费")
