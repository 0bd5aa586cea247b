"""A figure and the text it was read from."""

import re
from collections.abc import Iterator

from annals.checks.quoting import one_line, sentence, squeezed
from annals.checks.rule import Found, NoticeRule
from annals.checks.words import Word
from annals.model import Reading

SHORTEST = 40  # characters of a paragraph that does not recur by chance
# What may stand behind a number; a letter before other words is a name's: 5G, 4S店, A4纸, B2B.
_COUNTED = "[年月日个项家名人场次篇件万亿%％册栋批辆座所户亩吨元公米期支台套张位种处节课份]"
_MISREAD = re.compile(
    rf"(?<![A-Za-z\d.])(?:\d+(?:\.\d*)?[OoIl][OoIl\d]*(?:\.\d+)?|[OoIl]\d[OoIl\d]*)(?=\s?{_COUNTED})"
    rf"|(?<![A-Za-z\d.])(?:\d+[SZB]\d+|\d+[Z])(?=\s?{_COUNTED})"
)
_LETTER = re.compile(r"[OoIlSZB]")
_CELL = re.compile(r"\d+[OoIl][OoIl\d]*")
_DONE = "建成|完成|达到|开展|累计|启动|形成|超过|举办|成立|实现|覆盖|全部"
# What recognition takes for what, where only the right one can stand.
_LOOKALIKES = tuple(
    (re.compile(pattern), wrong, right)
    for pattern, wrong, right in (
        (r"\d+〇\d*(?=\s?[年月日个项家名人场次篇件万亿%％])|(?<=\d)〇(?=\d)", "〇", "0"),
        (r"月\s?\d{1,2}\s?曰", "曰", "日"),
        (r"\d\s?干(?=[人元米瓦克册伏]|多|余)", "干", "千"),
        (r"\d\s?[万亿千]?入(?=次|[，。；、）])", "入", "人"),
        (r"\d\s?[万亿]无(?=[，。；、）])", "无", "元"),
        (rf"(?<![自知律克利])己(?={_DONE})", "己", "已"),
        (rf"巳(?={_DONE})", "巳", "已"),
        (r"(?:年|季度)未(?=[，、]|全[市省区县国]|共有|累计|实有)", "未", "末"),
    )
)
_OF_A_YEAR = re.compile(r"(?:[一-龥]{2,20})?(?:19|20)\d\d年[一-龥]{2,24}(?:公报|总结|要点|报告|计划|方案)")
_DIGITS = str.maketrans("OoIlSZB", "0011528")


def figure_in_text(reading: Reading) -> Iterator[Found]:
    """The figure's offsets lead to its number, and its quote holds it: nothing shifted between reading and staging."""
    for index, figure in enumerate(reading.figures):
        core, cut = reading.text[figure.start : figure.end], _is_cut(reading.text, figure.start, figure.end)
        if core and core in figure.raw and figure.raw in figure.quote and not cut:
            continue
        core, raw = squeezed(core), squeezed(figure.raw)
        if not core or cut or core not in raw or raw not in squeezed(figure.quote):
            yield Found(
                message="elsewhere",
                given={
                    "figure": figure.raw,
                    "start": figure.start,
                    "end": figure.end,
                    "seen": core or Word("nothing"),
                },
                evidence=figure.quote,
                figure=index,
                start=figure.start,
                end=figure.end,
            )


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether a digit stands right before or behind: the number is cut."""
    return text[max(start - 1, 0) : start].isdecimal() or text[end : end + 1].isdecimal()


def duplicated_passage(reading: Reading) -> Iterator[Found]:
    """No paragraph stands twice; one that does was pasted or extracted twice, and its figures count double.

    In a file of several years' documents, each may repeat the notes of the others.
    """
    seen: dict[str, int] = {}
    titles: set[str] = set()
    for passage in reading.passages:
        text = squeezed(reading.text[passage.start : passage.end])
        if len(text) < SHORTEST and _OF_A_YEAR.fullmatch(text) and text not in titles:
            titles.add(text)
            seen = {}
        if passage.kind not in ("paragraph", "item") or len(text) < SHORTEST:
            continue
        half, again = len(text) // 2, passage.start
        if half >= SHORTEST and text[:half] == text[half:]:  # its sentences stand twice within it
            again = reading.text.find(reading.text[passage.start : passage.start + SHORTEST // 2], passage.start + 1)
            seen[text] = passage.start
        if text in seen:
            yield Found(
                message="twice",
                given={"first": seen[text], "again": again},
                evidence=one_line(reading.text[passage.start : passage.end]),
                start=passage.start,
                end=passage.end,
            )
        seen.setdefault(text, passage.start)


def misread_digits(reading: Reading) -> Iterator[Found]:
    """No letter or other look-alike stands where a digit or the sign behind it belongs: 2O22年, 3干人, 5月6曰."""
    for found in _MISREAD.finditer(reading.text) if _LETTER.search(reading.text) else ():
        yield _misread(reading, found.start(), found.end(), found[0].translate(_DIGITS))
    for passage in reading.passages:
        for cell in passage.cells:
            text = reading.text[cell.start : cell.end].strip()
            if _CELL.fullmatch(text):
                yield _misread(reading, cell.start, cell.end, text.translate(_DIGITS))
    for pattern, wrong, right in _LOOKALIKES:
        if wrong in reading.text:
            for found in pattern.finditer(reading.text):
                yield _misread(reading, found.start(), found.end(), found[0].replace(wrong, right))


def _misread(reading: Reading, start: int, end: int, meant: str) -> Found:
    return Found(
        message="lookalike",
        given={"seen": reading.text[start:end], "meant": meant},
        evidence=sentence(reading, start, end),
        start=start,
        end=end,
    )


RULES = (
    NoticeRule(
        code="figure_in_text",
        severity="error",
        check=figure_in_text,
    ),
    NoticeRule(
        code="duplicated_passage",
        severity="warning",
        check=duplicated_passage,
    ),
    NoticeRule(
        code="misread_digits",
        severity="warning",
        check=misread_digits,
    ),
)
