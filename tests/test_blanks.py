"""Blanks between Chinese characters and digits change nothing of what is read but its offsets and its wording."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from annals.blanks import folded, gaps
from annals.describe import describe
from annals.extract import extract_bytes
from annals.figures.reader import read
from annals.model import Figure

_BORDER = re.compile(r"(?<=[一-龥])(?=[0-9])|(?<=[0-9])(?=[一-龥%])")
TITLES = ["", "云川市科学普及协会2031年工作总结\n\n", "云川市科学普及协会2032年工作要点\n\n", "云川市科普见闻\n\n"]
OPENINGS = [
    "2031年，云川市各项工作有序推进，全年举办讲座36场，参加2.8万人次。",
    "3月23日，云川市科学普及协会召开发布会，介绍2031年工作情况。全市共有书屋28.92万所。",
    "截至2031年12月底，全市共有书屋128家，比2030年增加12家，增长10.3%。",
    "近日，协会发布2031年科普统计数据。其中专职人员1.26万人，占总数的35%。",
]
SENTENCES = [
    "2030年培训学员860名，2031年培训学员1200名。",
    "到2033年底，书屋覆盖率要达到85%以上。",
    "十三五期间新建学堂16所，第3届年会吸引150余人。",
    "投入资金1250万元，其中财政资金500万元，占40%。",
    "东岭区、西陵区分别新建书屋12家和9家。",
    "力争在2032年6月底前建成3至5家驿站。",
    "每万人拥有讲师4.6名，比上年提高0.3个百分点。",
    "1至9月，接待读者31.2万人次，同比增长8.4%。",
    "网站PV达到3.1亿次，建成5G基站26座。",
]


def spaced(text: str, blanks: list[str]) -> str:
    """The text with a blank, or none, at each border of Chinese characters and digits."""
    taken = iter(blanks * (len(text) // len(blanks) + 1))
    return _BORDER.sub(lambda _: next(taken), text)


def figures_of(text: str) -> tuple[Figure, ...]:
    document = extract_bytes("a.txt", text.encode())
    return read(document, describe(document))


def told(figures: tuple[Figure, ...]) -> list[dict[str, Any]]:
    found = []
    for figure in figures:
        fields = structs.asdict(figure)
        for name in ("start", "end", "raw", "quote"):
            del fields[name]
        found.append(fields)
    return found


@given(
    st.sampled_from(TITLES),
    st.sampled_from(OPENINGS),
    st.lists(st.sampled_from(SENTENCES), max_size=4),
    st.lists(st.sampled_from(["", " ", "\u3000", "\xa0", "  "]), min_size=5, max_size=13),
)
def test_texts_with_and_without_blanks_are_read_alike(
    title: str, opening: str, sentences: list[str], blanks: list[str]
) -> None:
    plain = opening + "".join(sentences[:2]) + "\n\n" + "".join(sentences[2:]) + "\n"
    wide = title + spaced(plain, blanks)
    read_wide = figures_of(wide)
    assert told(read_wide) == told(figures_of(title + plain))
    document = extract_bytes("a.txt", wide.encode())
    for figure in read_wide:
        assert document.text[figure.start : figure.end] in figure.raw
        assert figure.raw in figure.quote


@given(st.text(alphabet="书屋年家万0123%，。 \u3000\xa0.（", max_size=40))
def test_a_folded_text_differs_by_blanks_alone_and_folds_no_further(text: str) -> None:
    once = folded(text)
    assert re.sub(r"\s", "", once) == re.sub(r"\s", "", text)
    assert all(not text[start:end].strip() for start, end in gaps(text))
    if not text[:1].isspace() and "\u3000" not in text:
        assert folded(once) == once


@pytest.mark.parametrize("title", ["2031 年云川市科普工作回顾", "云川市 2031 年工作回顾"])
def test_a_title_with_blanks_keeps_them_and_tells_its_year(title: str) -> None:
    document = extract_bytes("a.txt", f"{title}\n\n全年举办讲座 36 场。\n".encode())
    described = describe(document)
    assert (described.year, described.genre, described.region) == (2031, "review", "云川市")
    (figure,) = read(document, described)
    assert (figure.raw, figure.quote, figure.year) == ("36 场", "全年举办讲座 36 场。", 2031)
