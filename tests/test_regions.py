"""Places: names and codes by year, what holds what, and which place a misspelt name is meant to be."""

import time

import pytest

from annals import regions
from annals.regions import by_code, contains, find, mentions, of_body, parent


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("重庆市", None, "500000"),
        ("重庆", None, "500000"),
        ("渝", None, "500000"),
        ("永川区", None, "500118"),
        ("永川市", 2004, "500383"),
        ("永川", 2004, "500383"),
        ("永川", 2020, "500118"),
        ("开县", 2014, "500234"),
        ("酉阳县", None, "500242"),
        ("酉阳土家族苗族自治县", None, "500242"),
        ("万盛区", 2009, "500110"),
        ("合肥市", None, "340100"),
        ("恩施州", None, "422800"),
        ("全国", None, "000000"),
        ("广西", None, "450000"),
    ],
)
def test_names_and_years(name: str, year: int | None, code: str) -> None:
    found = find(name, year)
    assert found is not None
    assert found.code == code


def test_a_name_outside_its_years_is_not_found() -> None:
    assert find("永川市", 2020) is None
    assert find("开州区", 2005) is None
    assert find("渝北区", 2030) is None
    assert find("渝北区", 2023) is not None


def test_what_several_places_share_is_not_guessed() -> None:
    assert find("鼓楼区") is None
    found = find("鼓楼区", within="南京市")
    assert found is not None
    assert found.code == "320106"
    assert find("江北区", 2020, within="重庆市") != find("江北区", 2020, within="浙江省")


def test_the_code_of_one_place_by_year() -> None:
    assert [region.name for region in by_code("500101", 2020)] == ["万州区"]
    assert [region.name for region in by_code("500101", 1997)] == ["万县区"]


@pytest.mark.parametrize(
    ("name", "kind", "holder"),
    [
        ("两江新区", "zone", "重庆市"),
        ("万盛经开区", "zone", "重庆市"),
        ("重庆高新区", "zone", "重庆市"),
        ("合肥高新区", "zone", "合肥市"),
        ("东莞市", "prefecture", "广东省"),
        ("肥西县", "county", "合肥市"),
        ("仙桃市", "county", "湖北省"),
    ],
)
def test_what_holds_a_place(name: str, kind: str, holder: str) -> None:
    region = find(name)
    assert region is not None
    held = parent(region)
    assert (region.kind, held.name if held else None) == (kind, holder)


def test_containment() -> None:
    def held(outer: str, inner: str) -> bool:
        one, other = find(outer), find(inner)
        assert one is not None
        assert other is not None
        return contains(one, other)

    assert held("重庆市", "永川区")
    assert held("川渝", "永川区")
    assert held("全国", "永川区")
    assert held("重庆市", "两江新区")
    assert held("长三角", "合肥市")
    assert not held("四川省", "永川区")
    assert not held("永川区", "重庆市")
    assert not held("合肥市", "芜湖市")


@pytest.mark.parametrize(
    ("body", "region"),
    [
        ("重庆市科学技术协会", "重庆市"),
        ("合肥市统计局", "合肥市"),
        ("国家统计局合肥调查队", "合肥市"),
        ("国务院办公厅", "全国"),
        ("中华人民共和国文化和旅游部", "全国"),
        ("重庆市永川区人民政府办公室", "永川区"),
        ("海南省农业农村厅", "海南省"),
    ],
)
def test_the_scope_of_a_body(body: str, region: str) -> None:
    found = of_body(body)
    assert found is not None
    assert found.name == region


def test_a_body_of_an_unknown_place_has_no_scope() -> None:
    assert of_body("云川市科学普及协会") is None


def test_mentions_in_a_text() -> None:
    text = "活动在万州区、开州、两江新区和成都市举行，川渝两地共同主办，社区和校区都参加。"
    found = [(text[m.start : m.end], m.region.name) for m in mentions(text, within="重庆市")]
    assert found == [
        ("万州区", "万州区"),
        ("开州", "开州区"),
        ("两江新区", "两江新区"),
        ("成都市", "成都市"),
        ("川渝两地", "川渝"),
    ]


def test_words_that_are_short_names_too_are_no_places() -> None:
    assert mentions("维护和平，建设新城，团结友谊", within="黑龙江省") == []


@pytest.mark.parametrize(
    ("misspelt", "within", "meant"),
    [
        ("西阳县", "重庆市", ["酉阳土家族苗族自治县"]),
        ("壁山区", "重庆市", ["璧山区"]),
        ("苯江区", "重庆市", ["綦江区", "黔江区"]),
        ("涪凌区", "重庆市", ["涪陵区"]),
        ("毫州市", "安徽省", ["亳州市"]),
        ("永川区", "重庆市", []),
        ("火星市", "重庆市", []),
        ("武侯区", "重庆市", []),  # stands elsewhere
    ],
)
def test_the_places_that_a_misspelling_may_mean(misspelt: str, within: str, meant: list[str]) -> None:
    outer = find(within)
    assert outer is not None
    near = [one for one in regions.misprints(misspelt, 2021) if contains(outer, one.region)]
    likely = [one for one in near if one.lookalike] or near
    assert sorted(one.region.name for one in likely) == meant


def test_every_row_of_the_table_is_sound() -> None:
    codes = regions._codes()
    assert len(codes) > 3000
    for code, rows in codes.items():
        for region in rows:
            assert len(code) == 6
            assert code.isdecimal()
            assert region.since is None or region.until is None or region.since <= region.until
    for region in {region.name: region for rows in regions._names().values() for region in rows}.values():
        for name in (region.within, *region.members):
            assert name is None or find(name) is not None, f"{region.name}: {name}"


def test_the_table_loads_quickly() -> None:
    taken = []
    for _ in range(3):
        regions._codes.cache_clear()
        regions._names.cache_clear()
        start = time.process_time()
        find("永川区")
        taken.append(time.process_time() - start)
    assert min(taken) < 0.1
