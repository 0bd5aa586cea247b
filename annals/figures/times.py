"""The times that a sentence states: which year each means, and how it is looked at."""

import re
from typing import Literal, NamedTuple

_TIME = re.compile(
    r"(?P<versus0>[比较与同和])?“?十(?P<plan>[一二三四五六])五”?(?P<span>末|期末|时期|期间|以来)?"
    r"|《[^》]{0,80}》|“[^”，。]{0,80}”"
    r"|(?P<versus>[比较与同和])?(?P<lead>截至|截止|到|至|自|从)?(?P<year>(?:19|20)\d\d)\s*年(?P<tail>以来|起|来|底|末|初|度)?"
    r"|(?P<versus2>[比较与同和])?(?P<word>今年|本年|去年|上年(?!结[转余])|前年|明年|过去一年|一年来)(?P<wordtail>末|底|初|度|同期|以来)?"
    r"|(?P<standing>(?:截[至止])?目前|截[至止](?P<month>\d{1,2})月|(?P<feast>元旦|春节|清明|五一|端午|中秋|国庆)节?(?:假期|长假|期间|黄金周))"
    r"|(?P<dash>(?:19|20)\d\d\s*[—\-－–~～至]+\s*(?:19|20)\d\d\s*年)"
)
_SINCE = re.compile(r"[^，。；]{0,16}(?:以来|起|开始)")
_EVER_SINCE = re.compile(r"[^，。；\d]{1,8}以来")
_BY = re.compile(r"(?:年?[底末中初]|\d{1,2}月(?:\d{1,2}日|[底末])?)?之?前(?![\d一二三四五六七八九十两]|期|后|列|往|来)")
_GREW = re.compile(r"(?:增长|增加|提高|提升|上升|上涨|扩大|下降|降低|减少|缩小|发展|增|升|降|减)$")  # 提高到2030年的55%
_MEASURED_BY = re.compile(r"恢复$")  # 恢复到2019年的90%: the year is the yardstick
PLAN_END = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035}

_FEASTS = {  # the months in which one speaks of a feast just past
    "元旦": (1,),
    "春节": (1, 2, 3),
    "清明": (4,),
    "五一": (5,),
    "端午": (5, 6, 7),
    "中秋": (9, 10),
    "国庆": (10,),
}
_SHIFT = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}


Tense = Literal["now", "ahead", "due", "back", "since", "span"]


class Time(NamedTuple):
    """A time that a text states: where, which year (None where that cannot be told), and how it is looked at.

    `ahead` are 到2030年 and 明年, `due` is 2030年底前, `back` are 去年 and 过去一年, `since` is 2030年以来.
    `span` is the time of a five-year plan, given by its end.
    """

    position: int
    year: int | None
    tense: Tense = "now"


def times(
    text: str, today: int | None, past: int | None, report: bool = False, now: tuple[int, int | None] | None = None
) -> list[Time]:
    """Every time that a paragraph states, in order.

    `today` is the year that 今年 means; `past` the one that 过去一年 means. A `report`
    plans the year that it calls 今年. `now` are the year and month in which a text speaks that tells of another year:
    目前 is then, 截至8月底 the last August before, and a feast the one just past.

    >>> [time.year for time in times("目前有12家，截至9月底有8家，截至2月底有9家", 2031, None, now=(2031, 3))]
    [2031, 2030, 2031]
    """
    found: list[Time] = []
    stated: int | None = None  # the year last told as such
    for match in _TIME.finditer(text):
        start, end = match.span()
        if match["plan"]:
            if match["versus0"] or match["span"] in (None, "以来"):
                continue
            found.append(Time(start, PLAN_END[match["plan"]], "now" if "末" in match["span"] else "span"))
        elif match["year"]:
            if (
                match["tail"] == "度"
                and found
                and found[-1].tense == "due"
                and "。" not in text[found[-1].position : start]
            ):
                continue  # 2031年5月底前完成2030年度项目
            if match["versus"] or match["lead"] == "自" or match["tail"] in ("以来", "起", "来"):
                if match["lead"] is None and not match["versus"]:
                    found.append(Time(start, int(match["year"]), "since"))
                continue
            if (_SINCE if match["lead"] == "从" else _EVER_SINCE).match(text, end):
                continue
            if match["lead"] == "到" and _MEASURED_BY.search(text[max(0, start - 3) : start]):
                continue
            reached = match["lead"] in ("到", "至") and not _GREW.search(text[max(0, start - 3) : start])
            tense: Tense = "ahead" if reached else "now"
            if match["lead"] not in ("截至", "截止") and _BY.match(text, end):
                tense = "due"
            stated = int(match["year"]) if tense == "now" else stated
            found.append(Time(start, int(match["year"]), tense))
        elif match["standing"] and now is not None:
            year, month = now
            if match["feast"]:
                if month in _FEASTS[match["feast"]]:
                    found.append(Time(start, year))
            elif match["month"] is None:
                found.append(Time(start, year))
            elif month is not None:
                found.append(Time(start, year if int(match["month"]) <= month else year - 1))
        elif match["word"] and not match["versus2"]:
            found += _spoken(match, text, today, stated or past, report)
    return found


def _spoken(match: re.Match[str], text: str, today: int | None, past: int | None, report: bool) -> list[Time]:
    shift = 0 if match["wordtail"] == "以来" else _SHIFT.get(match["word"])  # 去年以来 reaches to this day
    if shift is None:
        return [Time(match.start(), past, "back")]
    year = None if today is None else today + shift
    if shift:
        return [Time(match.start(), year, "ahead" if shift > 0 else "back")]
    if _BY.match(text, match.end()):
        return [Time(match.start(), year, "due")]
    if year is None:
        return []
    return [Time(match.start(), year, "ahead" if report and match["wordtail"] != "以来" else "now")]


_STANDS = re.compile(r"(?:截至|截止|目前|现有|今年|如今|现在)")
_YEARLY = re.compile(r"全年|年内|每年|当年")


_SET_OFF = re.compile(r"到?(?:(?:19|20)\d\d年|[今明]年|“?十[一二三四五六]五”?)[^，。；\d]{0,4}，")


def is_set_off(time: Time, text: str) -> bool:
    """Whether a time that is still ahead is set off before its sentence: 到2030年，…; not 争取到2030年实现…."""
    return time.tense == "ahead" and _SET_OFF.match(text, time.position) is not None


def leaves(time: Time, sentence: str) -> bool:
    """Whether a sentence leaves the time that was set before it: for the present, or the far end for every year."""
    return _STANDS.match(sentence) is not None or (time.tense == "ahead" and _YEARLY.search(sentence) is not None)
