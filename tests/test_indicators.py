"""The catalogue: what it covers, what it accepts, what it says of slips, and which figures it knows."""

import time
from pathlib import Path

import pytest

from annals import yamlfile
from annals.errors import ConfigurationError
from annals.indicators import FOLDER, Theme, catalogue, identify, suggest
from annals.model import FigureKind, Measure

SOUND = """\
theme: 试验
indicators:
  - code: grain
    name: 稻谷
    english: Rice
    definition: 一年内的产量
    unit: 吨
    kind: count
    synonyms: [水稻]
    low: 0
    high: 1000
  - code: yield
    name: 亩产
    english: Yield
    definition: 每亩的产量
    unit: 公斤
    kind: count
    identities:
      - {kind: ratio, of: grain, per: yield}
"""


def load(folder: Path, text: str, name: str = "a.yaml") -> None:
    (folder / name).write_text(text, encoding="utf-8")
    catalogue(folder)


def test_the_catalogue_is_broad_and_sound() -> None:
    known = catalogue()
    assert len(known.indicators) >= 150
    for one in known.indicators:
        assert one.name.strip() == one.name
        assert one.definition
        assert one.english
        assert one.unit or one.kind == "ratio"
        assert not any(magnitude in one.unit for magnitude in ("万元", "亿")) or "/" in one.unit
        assert one.low is None or one.high is None or one.low < one.high
        assert one.low is None or one.low >= 0 or one.sign == "any"


def test_every_file_passes_the_reader_that_explains_errors() -> None:
    files = sorted(FOLDER.glob("*.yaml"))
    assert len(files) > 10
    for path in files:
        assert yamlfile.read(path, Theme).indicators


def test_every_name_and_synonym_finds_its_indicator() -> None:
    known = catalogue()
    for one in known.indicators:
        for name in (one.name, *one.synonyms, *one.shorthand):
            found = known.match(name, one.unit, one.kind, one.measure)
            assert found == one.code, (one.code, name, found)


@pytest.mark.parametrize(
    ("subject", "unit", "kind", "measure", "code"),
    [
        ("全市地区生产总值", "元", "money", "level", "gdp"),
        ("GDP", "%", "percent", "growth", "gdp"),
        ("第二产业增加值", "%", "percent", "share", "secondary_sector_value_added"),
        ("2024年末常住人口", "人", "count", "level", "resident_population"),
        ("常住人口", "人", "count", "change", "resident_population"),
        ("常住人口", "%", "percent", "share", None),  # a share of what?
        ("常住人口城镇化率", "%", "percent", "share", "urbanisation_rate"),
        ("常住人口城镇化率", "百分点", "percent", "change", "urbanisation_rate"),
        ("城镇新增就业", "人", "count", "added", "urban_new_jobs"),
        ("规上工业增加值", "%", "percent", "growth", "above_scale_industrial_value_added"),
        ("粮食产量", "吨", "count", "level", "grain_output"),
        ("粮食产量", "斤", "count", "level", "grain_output_jin"),
        ("小麦", "吨", "count", "level", "wheat_output"),
        ("小麦", "%", "percent", "growth", None),  # of its output, its price or its export?
        ("进出口总额", "美元", "money", "level", "goods_trade_usd"),
        ("公民具备科学素质的比例", "%", "percent", "share", "science_literacy"),
        ("院士工作站", "家", "count", "level", "academician_stations"),
        ("院士专家工作站", "个", "count", "added", "academician_stations"),
        ("居民消费价格", "%", "percent", "growth", "cpi"),
        ("地区生产总值", "人", "count", "level", None),
        ("校园气象站", "座", "count", "level", None),
        ("企业", "家", "count", "level", None),
    ],
)
def test_figures_find_their_indicator(
    subject: str, unit: str, kind: FigureKind, measure: Measure, code: str | None
) -> None:
    assert catalogue().match(subject, unit, kind, measure) == code


def test_synonyms_share_a_series_and_measures_do_not() -> None:
    one = identify("地区生产总值", "元", "money", "level")
    assert identify("全市生产总值", "元", "money", "level") == one
    assert identify("地区生产总值", "%", "percent", "growth") == ("gdp", "地区生产总值|%|growth")
    assert one[1] != identify("地区生产总值", "%", "percent", "growth")[1]


def test_a_sound_file_loads(tmp_path: Path) -> None:
    load(tmp_path, SOUND)


@pytest.mark.parametrize(
    ("slip", "right", "says"),
    [
        ("sinonyms: [水稻]", "synonyms: [水稻]", ("a.yaml:9", "sinonyms", "did you mean 'synonyms'")),
        ("    kind: cuont\n    synonyms", "    kind: count\n    synonyms", ("cuont", "count")),
        ("high: tall", "high: 1000", ("high", "expected float")),
        ("high: -5", "high: 1000", ("grain", "low is 0", "above high")),
        ("per: yeld", "per: yield", ("yield", "'yeld'", "did you mean 'yield'")),
        ("code: grain", "code: yield", ("grain",)),
        ("synonyms: [单位]", "synonyms: [水稻]", ("grain", "单位", "name it in full")),
        ("{kind: ration, of", "{kind: ratio, of", ("ration",)),
        ("theme: [试验", "theme: 试验", ("a.yaml",)),
    ],
)
def test_slips_are_explained(tmp_path: Path, slip: str, right: str, says: tuple[str, ...]) -> None:
    if right == "code: yield":  # the same code twice
        text = SOUND.replace("code: yield", "code: grain")
        says = ("grain", "taken")
    else:
        assert right in SOUND
        text = SOUND.replace(right, slip)
    with pytest.raises(ConfigurationError) as raised:
        load(tmp_path, text)
    assert all(part in str(raised.value) for part in says), str(raised.value)
    assert "\n" not in str(raised.value)


def test_one_name_and_unit_cannot_mean_two_indicators(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SOUND, encoding="utf-8")
    other = "  - {code: paddy, name: 水稻, english: Paddy, definition: 产量, unit: 吨, kind: count}\n"
    with pytest.raises(ConfigurationError, match=r"paddy: 水稻 in 吨 is grain \(a\.yaml\) already"):
        load(tmp_path, "theme: 乙\nindicators:\n" + other, "b.yaml")


def test_series_that_recur_are_suggested_most_frequent_first() -> None:
    seen = [("甲站|个|level", "甲站1个")] * 2 + [("乙站|个|level", "乙站1个")] * 3 + [("丙站|个|level", "丙站1个")]
    assert [series for series, _, _ in suggest(seen, least=2)] == ["乙站|个|level", "甲站|个|level"]


def test_the_catalogue_loads_quickly() -> None:
    taken = []
    for _ in range(3):
        catalogue.cache_clear()
        start = time.process_time()
        catalogue()
        taken.append(time.process_time() - start)
    assert min(taken) < 0.2
