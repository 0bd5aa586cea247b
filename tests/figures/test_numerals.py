"""Numerals are read exactly, whatever they are written with."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annals.figures.mentions import find_mentions
from annals.figures.numerals import read_digits, read_hanzi

_DIGITS = "零一二三四五六七八九"


def _write_section(number: int) -> str:
    """Numbers below 10,000 in Chinese, as a careful writer would."""
    written, pending_zero = "", False
    for power, name in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**power % 10
        if digit:
            written += ("零" if pending_zero and written else "") + _DIGITS[digit] + name
            pending_zero = False
        else:
            pending_zero = bool(written)
    return written


def write_hanzi(number: int) -> str:
    """A whole number below 10¹⁶ in Chinese numerals.

    >>> write_hanzi(10), write_hanzi(1205), write_hanzi(20_0003_0000)
    ('十', '一千二百零五', '二十亿零三万')
    """
    written, gap = "", False
    for power, name in ((12, "万亿"), (8, "亿"), (4, "万"), (0, "")):
        section = number // 10**power % 10**4
        if section:
            if written and (gap or section < 1000):
                written += "零"
            written += _write_section(section) + name
            gap = False
        elif written:
            gap = True
    return written.removeprefix("一") if written.startswith("一十") else written


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_chinese_numerals_are_read_back(number: int) -> None:
    numeral = read_hanzi(write_hanzi(number))
    assert numeral is not None
    assert numeral.value == number


@given(
    st.integers(min_value=3, max_value=10**12 - 1),
    st.sampled_from(["名", "个", "家", "场次", "人次", "元", "项", "公里"]),
)
def test_chinese_numerals_before_a_measure_word_are_mentions(number: int, unit: str) -> None:
    written = write_hanzi(number)
    text = f"云川市共有{written}{unit}。"
    (mention,) = find_mentions(text)
    assert (mention.value, mention.unit, text[mention.start : mention.end]) == (number, unit, written)


@given(st.decimals(min_value=0, max_value=10**12, places=3), st.sampled_from([0, 4, 8, 12]))
def test_digits_with_a_magnitude_are_exact(number: Decimal, power: int) -> None:
    numeral = read_digits(f"{number}", power)
    assert numeral is not None
    assert numeral.value == number.scaleb(power)
    assert numeral.place == power - 3


@given(st.integers(min_value=1000, max_value=10**15))
def test_separators_and_full_width_digits_change_nothing(number: int) -> None:
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    for written in (f"{number}", f"{number:,}", f"{number:,}".translate(wide)):
        numeral = read_digits(written)
        assert numeral is not None
        assert numeral.value == number


@pytest.mark.parametrize(
    ("written", "value", "high"),
    [
        ("两三", 2, 3),
        ("三五", 3, 5),
        ("七八十", 70, 80),
        ("三四百", 300, 400),
        ("十七八", 17, 18),
        ("二十五六", 25, 26),
        ("两三万", 20000, 30000),
    ],
)
def test_neighbouring_digits_are_a_range(written: str, value: int, high: int) -> None:
    numeral = read_hanzi(written)
    assert numeral is not None
    assert (numeral.value, numeral.value_high) == (value, high)


@pytest.mark.parametrize(
    ("written", "value", "low", "high"),
    [
        ("十几", 10, 11, 19),
        ("二十几", 20, 21, 29),
        ("几十", 10, 20, 100),
        ("数百", 100, 200, 1000),
        ("几千万", 10**7, 2 * 10**7, 10**8),
        ("十几万", 10**5, 11 * 10**4, 19 * 10**4),
    ],
)
def test_vague_numerals_keep_their_bounds(written: str, value: int, low: int, high: int) -> None:
    numeral = read_hanzi(written)
    assert numeral is not None
    assert numeral.vague
    assert (numeral.value, numeral.low, numeral.high) == (value, low, high)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一百二", 120),
        ("两万五", 25000),
        ("三千六", 3600),
        ("一千零五", 1005),
        ("万", 10000),
        ("十二", 12),
        ("壹佰贰拾叁万", 1230000),
        ("亿", 10**8),
        ("万亿", 10**12),
        ("三十六万亿", 36 * 10**12),
        ("〇", 0),
    ],
)
def test_colloquial_formal_and_bare_numerals(written: str, value: int) -> None:
    numeral = read_hanzi(written)
    assert numeral is not None
    assert numeral.value == value


@pytest.mark.parametrize("written", ["二〇三五", "一二三", "九三", "几", "十百", "四三", ""])
def test_what_is_no_numeral_is_none(written: str) -> None:
    assert read_hanzi(written) is None


@pytest.mark.parametrize(("written", "power"), [("9" * 25, 0), ("1" * 5000, 4)])
def test_runs_too_long_to_be_exact_are_refused(written: str, power: int) -> None:
    assert read_digits(written, power) is None


def test_the_place_of_the_last_digit_is_kept() -> None:
    stated = {written: read_digits(written, power) for written, power in (("12.58", 4), ("16.0", 0), ("1600", 0))}
    assert {written: numeral and (numeral.place, numeral.round_place) for written, numeral in stated.items()} == {
        "12.58": (2, 2),
        "16.0": (-1, 0),
        "1600": (0, 2),
    }
