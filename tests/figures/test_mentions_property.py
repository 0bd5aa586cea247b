"""Any number in any phrasing is read back exactly; the reader's work grows no faster than the text."""

import itertools
import sys
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annals.figures.mentions import find_mentions
from annals.figures.units import MeasureWord, load_table, tables

BEFORE = {
    "": "exact",
    "超过": "over",
    "超": "over",
    "逾": "over",
    "近": "nearly",
    "约": "about",
    "不少于": "at_least",
} | {
    "不超过": "at_most",
    "不足": "under",
    "高于": "over",
    "至少": "at_least",
}
AFTER = {"": "exact", "以上": "at_least", "左右": "about", "以内": "at_most", "以下": "at_most"}
MAGNITUDES = {"": 0, "万": 4, "亿": 8, "万亿": 12, "百万": 6, "千万": 7}
COUNTED = [
    "名",
    "人",
    "人次",
    "场",
    "场次",
    "个",
    "家",
    "篇",
    "项",
    "册",
    "座",
    "所",
    "件",
    "户",
    "吨",
    "公里",
    "平方米",
]
UNITS = dict.fromkeys(COUNTED, "count") | {"元": "money", "美元": "money", "小时": "duration", "天": "duration"}
LEADS = ["全年", "云川市累计实现", "其中，新港区", "（", "；", "受众达", "　　活动吸引"]
TAILS = ["。", "，比上年有所提高。", "；", "）。", "、位居前列。"]


@st.composite
def numerals(draw: st.DrawFn) -> tuple[str, Decimal]:
    """A number as written, without its magnitude: 1600, 12.58, 1,234, full-width or not."""
    places = draw(st.integers(0, 3))
    value = Decimal(draw(st.integers(1, 10**7))).scaleb(-places)
    written = f"{value:,}" if draw(st.booleans()) and value >= 1000 else f"{value}"
    if draw(st.booleans()):
        written = written.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
    return written, value


@given(
    lead=st.sampled_from(LEADS),
    before=st.sampled_from(sorted(BEFORE)),
    number=numerals(),
    magnitude=st.sampled_from(sorted(MAGNITUDES)),
    space=st.sampled_from(["", "", " "]),
    unit=st.sampled_from(sorted(UNITS)),
    after=st.sampled_from(sorted(AFTER)),
    tail=st.sampled_from(TAILS),
)
def test_a_written_number_is_read_back(
    lead: str, before: str, number: tuple[str, Decimal], magnitude: str, space: str, unit: str, after: str, tail: str
) -> None:
    written, value = number
    if before:
        after = ""
    if before == "近" and unit == "天":
        before = ""  # 近30天 is a period
    core = written + magnitude
    text = f"{lead}{before}{core}{space}{unit}{after}{tail}"
    found = find_mentions(text)
    assert len(found) == 1, text
    mention = found[0]
    assert text[mention.start : mention.end] == core
    assert text[mention.raw_start : mention.raw_end] == f"{before}{core}{space}{unit}{after}"
    assert (mention.value, mention.unit) == (value.scaleb(MAGNITUDES[magnitude]), unit)
    assert (mention.qualifier, mention.kind) == (BEFORE[before] if before else AFTER[after], UNITS[unit])
    assert mention.low is None or mention.low <= mention.value
    assert mention.high is None or mention.high >= mention.value


@given(number=numerals(), sign=st.sampled_from(["%", "％", "‰", "个百分点", "个千分点"]), tail=st.sampled_from(TAILS))
def test_percentages_are_read_back(number: tuple[str, Decimal], sign: str, tail: str) -> None:
    written, value = number
    text = f"比例达到{written}{sign}{tail}"
    (mention,) = find_mentions(text)
    assert (mention.value, mention.kind) == (value, "percent")
    assert mention.unit == sign.removeprefix("个").replace("％", "%")
    assert text[mention.start : mention.end] == (written if sign.startswith("个") else written + sign)


@given(parts=st.lists(st.tuples(numerals(), st.sampled_from(COUNTED)), min_size=1, max_size=6))
def test_a_list_of_numbers_is_read_in_order(parts: list[tuple[tuple[str, Decimal], str]]) -> None:
    text = "；".join(f"新建基地{written}{unit}" for (written, _), unit in parts)
    assert [(m.value, m.unit) for m in find_mentions(text)] == [(value, unit) for (_, value), unit in parts]


@given(
    st.text(
        alphabet="0123456789.,，:/-—%万亿千百十一二三两几数余多个家名年月日第《》“”超近约以上 左右分之abP+×",
        max_size=60,
    )
)
def test_any_text_is_read_without_error_and_in_order(text: str) -> None:
    found = find_mentions(text)
    for mention in found:
        assert 0 <= mention.raw_start <= mention.start < mention.end <= mention.raw_end <= len(text)
        assert mention.value_high is None or mention.value < mention.value_high
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize("word", load_table("measure_words.tsv", MeasureWord), ids=lambda row: row.word)
def test_every_measure_word_of_the_table_is_read(word: MeasureWord) -> None:
    text = f"翻{'3.5' if word.unit in ('年', '岁') else '35'}{word.word}{'内' if word.unit == '日' else ''}，"
    (mention,) = find_mentions(text)
    assert (mention.unit, mention.kind) == (word.unit, word.kind)


class _Calls:
    """Counts the calls made while it is entered: a measure of work that no clock disturbs."""

    def __enter__(self) -> "_Calls":
        self.count = 0
        sys.setprofile(self._tally)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _tally(self, _frame: FrameType, event: str, _argument: Any) -> None:
        self.count += event in ("call", "c_call")


PIECES = (
    '1|万|（|一|《|“|"|1,111|1.1|十个|1万|1%|1-|1:|A1|第|第1、|1 |百分之|1+|几|二三|12，|2021、|2021-|1、1|#| '
    "|超|近1|1/|1至|3亿余|每|前1|分别1、"
)


@pytest.mark.parametrize("piece", PIECES.split("|"))
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    tables()
    calls = []
    for times in (500, 1000):
        with _Calls() as work:
            find_mentions(piece * times)
        calls.append(work.count)
    assert calls[1] <= 2.2 * calls[0] + 50


@pytest.mark.parametrize("piece", ["1", "万", "（", "一", "第", "A", "《", "2021、", " ", "#", "1.", "1,111"])
def test_a_megabyte_of_one_thing_comes_to_an_end(piece: str) -> None:
    assert len(find_mentions(piece * (10**6 // len(piece)))) <= 1
