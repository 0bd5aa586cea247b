"""Series keys: the same thing gets the same key in another year, document and phrasing; different things do not."""

import pytest

from annals.model import FigureKind, Measure
from annals.series import series_key, unit_class

Said = tuple[str, str, FigureKind, Measure]

SAME: list[tuple[Said, Said]] = [
    (("院士工作站", "家", "count", "level"), ("全市院士工作站", "个", "count", "level")),
    (("永川区院士工作站", "家", "count", "level"), ("院士工作站数量", "家", "count", "level")),
    (("《青年建议》", "篇", "count", "level"), ("报送《青年建议》《老年建议》", "篇", "count", "level")),
    (("《青年建议》", "篇", "count", "level"), ("青年建议", "份", "count", "level")),
    (("科技馆志愿者", "名", "count", "level"), ("各类科技馆志愿者", "人", "count", "level")),
    (("2023年校园气象站", "座", "count", "level"), ("2024年度校园气象站", "所", "count", "level")),
    (("规上工业企业", "户", "count", "level"), ("规模以上工业企业数", "家", "count", "level")),
    (("“小小讲解员”", "名", "count", "added"), ("新增小小讲解员", "人", "count", "added")),
    (("“十四五”时期农村气象站", "座", "count", "level"), ("农村气象站", "座", "count", "level")),
    (("山区流动展览", "场次", "count", "level"), ("举办山区流动展览", "场", "count", "level")),
    (("第十二届山区创新奖", "人", "count", "level"), ("第13届山区创新奖", "名", "count", "level")),
    (("气象站市民", "", "count", "level"), ("气象站市民", "人", "count", "level")),
    (("稻米总产量", "吨", "count", "level"), ("稻米产量", "吨", "count", "level")),
    (("居民节水率[3]", "%", "percent", "share"), ("居民节水率（不含工业）", "%", "percent", "share")),
]

DIFFERENT: list[tuple[Said, Said]] = [
    (("院士工作站", "家", "count", "level"), ("院士工作站", "家", "count", "added")),
    (("院士工作站", "家", "count", "level"), ("海智工作站", "家", "count", "level")),
    (("科普讲座", "场", "count", "level"), ("科普讲座", "人次", "count", "level")),
    (("科普讲座", "人", "count", "level"), ("科普讲座", "人次", "count", "level")),
    (("出口总额", "元", "money", "level"), ("出口总额", "美元", "money", "level")),
    (("出口总额", "元", "money", "level"), ("进口总额", "元", "money", "level")),
    (("出口总额", "%", "percent", "growth"), ("出口总额", "%", "percent", "share")),
    (("播种面积统计", "亩", "count", "level"), ("播种面积统计", "公顷", "count", "level")),
    (("优秀论文", "篇", "count", "level"), ("会议论文", "篇", "count", "level")),
    (("校园科技馆", "个", "count", "level"), ("社区科技馆", "个", "count", "level")),
    (("居民消费价格指数", "%", "percent", "growth"), ("居民消费", "%", "percent", "growth")),
    (("城镇居民收入", "元", "money", "level"), ("农村居民收入", "元", "money", "level")),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_thing_has_one_key(one: Said, other: Said) -> None:
    assert series_key(*one) == series_key(*other) is not None


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_things_have_two_keys(one: Said, other: Said) -> None:
    assert series_key(*one) != series_key(*other)


@pytest.mark.parametrize("subject", ["", "单位", "区县", "全市各类活动", "其中", "2024年", "“”"])
def test_what_says_nothing_has_no_key(subject: str) -> None:
    assert series_key(subject, "个", "count", "level") is None


def test_a_key_can_be_read() -> None:
    assert series_key("2024年全市“流动科技馆”巡展", "站", "count", "level") == "流动科技馆巡展|站|level"


def test_units_of_one_class() -> None:
    assert {unit_class(unit, "count") for unit in ("名", "位", "人")} == {"人"}
    assert {unit_class(unit, "count") for unit in ("家", "个", "所", "座")} == {"个"}
    assert len({unit_class(unit, "count") for unit in ("人", "人次", "亩", "公顷", "吨", "斤")}) == 6
