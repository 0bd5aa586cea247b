"""Invented publishers and the clean notices they publish: their facts agree over sentences, years and genres.

The sentences are written from numbers, so that growth, additions and levels are true by arithmetic, and a plan's
targets are met. Everything follows from names and years: the same case always says the same.
"""

import html
import random
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import product
from typing import NamedTuple

from annals import regions
from annals.model import Genre
from annals.settings import PROJECT

_HEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]+章 )[^。\n]{1,24}$")
FIRST = 2012  # the facts begin
KINDS = ("科学普及协会", "公共服务协会", "社会事业发展中心", "文化服务中心")
GENRES: tuple[Genre, ...] = ("plan", "notice", "press", "review", "communique")


class Topic(NamedTuple):
    """What is counted year after year: how it is done, in which unit, about how much. A stock is built up."""

    done: str
    unit: str
    about: int
    stock: str = ""


TOPICS = (
    Topic("更换路灯", "盏", 1800),
    Topic("修剪行道树", "株", 5200),
    Topic("放映公益电影", "场", 420),
    Topic("发放环保布袋", "个", 23000),
    Topic("抽检农贸市场食品", "批次", 960),
    Topic("开展消防演练", "次", 130),
    Topic("培训社会工作者", "名", 560),
    Topic("办理便民事项", "件", 36000),
    Topic("检修燃气阀门", "个", 7400),
    Topic("清洗高楼水箱", "座", 310),
    Topic("回访独居老人", "人次", 8800),
    Topic("慰问环卫工人", "名", 640),
    Topic("维修健身器材", "件", 1500),
    Topic("接待来访游学团队", "批", 210),
    Topic("补种绿篱", "米", 9600),
    Topic("更新公交站牌", "块", 380),
    Topic("新建", "个", 14, "口袋花园"),
    Topic("新建", "处", 11, "街角广场"),
    Topic("新建", "座", 9, "临湖栈桥"),
    Topic("新建", "家", 17, "便民菜店"),
    Topic("新建", "个", 12, "宠物乐园"),
    Topic("新建", "处", 21, "避雨连廊"),
)
FLOWS = tuple(topic for topic in TOPICS if not topic.stock)


class Notice(NamedTuple):
    """A notice before it is a file: paragraphs may be headings, list items and tables, as plants write them."""

    key: str
    genre: Genre
    year: int
    title: str
    body: str
    published: date
    paragraphs: tuple[str, ...]
    form: str  # txt, md, html
    encoding: str = "utf-8"


@cache
def places() -> tuple[str, ...]:
    """Names of cities that do not exist, nor look or sound like a part of one that does."""
    table = (PROJECT / "include" / "reference" / "regions.tsv").read_text("utf-8").splitlines()
    real = {cells[1] for row in table if len(cells := row.split("\t")) > 1 and len(cells[1]) == 4}
    found = []
    for stem in product(
        "槐枫棠榆桐柚杉榕樱柘橡桦檀栾槭枳楸楠", "映枕揽拂缀叠濯漱栖", "溆屿塬滩岫坞埠浦汀渚隈磴涘墟畈垄"
    ):
        name = "".join(stem) + "市"
        alike = any(sum(a != b for a, b in zip(name, one, strict=True)) <= 1 for one in real)
        if not alike and not regions.mentions(name):
            found.append(name)
    random.Random("places").shuffle(found)
    return tuple(found)


@cache
def value(place: str, topic: Topic, year: int) -> int:
    """How much was done in the year; for a stock, how much was added."""
    dice = random.Random(f"{place} {topic.done} {topic.stock}")
    amount = Decimal(round(topic.about * dice.uniform(0.7, 1.4)))
    for _ in range(FIRST, year):
        amount = amount * (100 + dice.choice((4, 5, 6, 7, 8, 9, 11))) / 100 + dice.randint(1, 3)
    return int(amount)


@cache
def stock(place: str, topic: Topic, year: int) -> int:
    """How many there are at the end of the year: what was there at first, and all that was added since."""
    return topic.about * 6 + sum(value(place, topic, one) for one in range(FIRST, year + 1))


def growth(now: int, before: int) -> str:
    """
    >>> growth(108, 100), growth(1123, 1000)
    ('8.0', '12.3')
    """
    return str((Decimal(now - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP))


def said(place: str, topic: Topic, year: int, genre: Genre, style: int) -> str:
    """A clean sentence on a topic, in one of several wordings; none names a year."""
    now, before, unit = value(place, topic, year), value(place, topic, year - 1), topic.unit
    if topic.stock:
        total = stock(place, topic, year)
        if genre == "plan":
            goal = now * 9 // 10
            return (f"新建{topic.stock}{goal}{unit}以上。", f"全年新建{topic.stock}不少于{goal}{unit}。")[style % 2]
        if genre in ("press", "notice"):
            return f"{topic.stock}受到居民欢迎。"
        return (
            f"全年新建{topic.stock}{now}{unit}，年末达到{total}{unit}。",
            f"年末全市共有{topic.stock}{total}{unit}，比上年末增加{now}{unit}。",
            f"新建{topic.stock}{now}{unit}，累计建成{total}{unit}。",
        )[style % 3]
    if genre == "plan":
        goal = now * 9 // 10
        return (
            f"全年{topic.done}{goal}{unit}以上。",
            f"{topic.done}不少于{goal}{unit}。",
            f"力争全年{topic.done}达到{goal}{unit}。",
        )[style % 3]
    if genre in ("press", "notice"):
        return f"截至8月底，全市已{topic.done}{now * 3 // 5}{unit}。"
    return (
        f"全年{topic.done}{now}{unit}，比上年增长{growth(now, before)}%。",
        f"全市{topic.done}{now}{unit}，上年为{before}{unit}。",
        f"全年共{topic.done}{now}{unit}。",
        f"{topic.done}由上年的{before}{unit}增加到{now}{unit}。",
    )[style % 4]


def quarters(place: str, topics: tuple[Topic, ...], year: int) -> str:
    """A table of the year by quarters that adds up to what the sentences say."""
    rows = [["季度", *(f"{topic.done}（{topic.unit}）" for topic in topics)]]
    totals = [value(place, topic, year) for topic in topics]
    for number, name in enumerate(("第一季度", "第二季度", "第三季度")):
        rows.append([name, *(str(total // 4 - number) for total in totals)])
    rows.append(["第四季度", *(str(total - 3 * (total // 4) + 3) for total in totals)])
    rows.append(["全年", *map(str, totals)])
    return "\n".join("|" + "|".join(row) + "|" for row in rows)


OPENINGS = {
    "review": ("YEAR年，各项工作取得新进展。", "YEAR年，各项任务有序推进，主要情况如下。"),
    "plan": ("为做好YEAR年工作，制定本要点。", "YEAR年工作坚持稳中求进，重点抓好以下方面。"),
    "notice": ("为做好YEAR年有关工作，现将有关事项通知如下。", "现就YEAR年有关事项通知如下，请认真执行。"),
    "press": ("本报讯　YEAR年初秋的傍晚，湖边步道热闹起来。", "本报讯　走进社区服务站，一张张笑脸迎面而来。"),
    "communique": ("YEAR年，各项事业平稳发展，主要指标稳中有升。", "现将YEAR年主要统计数据公布如下。"),
}
_PLAIN_OPENINGS = {
    "review": "全年各项工作取得新进展，现总结如下。",
    "plan": "全年工作坚持稳中求进，重点抓好以下方面。",
    "notice": "现就有关事项通知如下，请认真执行。",
    "press": "本报讯　走进社区服务站，一张张笑脸迎面而来。",
    "communique": "全年各项事业平稳发展，主要指标稳中有升。",
}
CLOSINGS = {
    "review": ("工作中还有不足，基层力量有待加强。", "下一步，将继续改进服务。"),
    "plan": ("各部门要加强协同，按季调度。", "办公室要做好督促检查。"),
    "notice": ("特此通知。", "执行中的问题请及时反映。"),
    "press": ("“家门口的变化看得见。”一位居民说。", "夜色渐浓，步道上依然人来人往。"),
    "communique": ("数据由各业务部门提供。", "部分数据为初步统计数。"),
}
_TITLES = {
    "review": ("{body}{year}年工作总结", "{body}{year}年度工作总结", "{body}{year}年工作回顾"),
    "plan": ("{body}{year}年工作要点", "{body}{year}年工作计划"),
    "notice": ("{body}关于做好{year}年服务工作的通知", "{body}关于加强{year}年阵地管理的通知"),
    "press": ("让服务走到身边——{place}基层工作巡礼", "湖畔新风——{place}社区见闻"),
    "communique": ("{place}{year}年社会事业统计公报", "{year}年{place}公共服务统计公报"),
}
_DATES = {  # years later, and the first day it may be
    "review": (1, (1, 14)),
    "plan": (0, (2, 20)),
    "notice": (0, (9, 6)),
    "press": (0, (9, 18)),
    "communique": (1, (4, 12)),
}


def published(genre: Genre, year: int, dice: random.Random) -> date:
    """When such a notice comes out."""
    later, (month, day) = _DATES[genre]
    return date(year + later, month, day + dice.randint(0, 6))


def title(place: str, body: str, genre: Genre, year: int, dice: random.Random) -> str:
    return dice.choice(_TITLES[genre]).format(place=place, body=body, year=year)


def opening(genre: Genre, year: int, dice: random.Random) -> str:
    return dice.choice(OPENINGS[genre]).replace("YEAR", str(year))


def plain_opening(genre: Genre) -> str:
    """An opening that names no year."""
    return _PLAIN_OPENINGS[genre]


def closing(genre: Genre, dice: random.Random) -> str:
    return dice.choice(CLOSINGS[genre])


def dated(genre: Genre, year: int, sentence: str, dice: random.Random) -> str:
    """The sentence, now and then with its year said at its beginning."""
    if genre in ("review", "communique") and sentence.startswith("全年") and dice.random() < 0.4:
        return f"{year}年" + sentence.removeprefix("全年").removeprefix("共")
    return sentence


# --- files ----------------------------------------------------------------------------------------


def render(notice: Notice) -> bytes:
    """The notice as a file of its form."""
    number = f"云服发〔{notice.published.year}〕{1 + len(notice.title) % 30}号" if notice.genre == "notice" else ""
    day = notice.published
    signed = [notice.body, f"{day.year}年{day.month}月{day.day}日"]
    dated_above = notice.genre in ("press", "communique")
    blocks = [*([number] if number else []), *(signed[1:] if dated_above else []), *notice.paragraphs]
    blocks += signed[:1] if dated_above else signed
    write = {"txt": _plain, "md": _markdown, "html": _html}[notice.form]
    return write(notice.title, blocks, notice.encoding).encode(notice.encoding)


def _cells(row: str) -> list[str]:
    return row.strip("|").split("|") if not row.startswith("||") else ["", *row.strip("|").split("|")]


def _heading(block: str) -> bool:
    return _HEADING.match(block) is not None


def _plain(head: str, blocks: list[str], _: str) -> str:
    parts = ["\n".join("\t".join(_cells(row)) for row in one.split("\n")) if one[0] == "|" else one for one in blocks]
    return head + "\n\n" + "\n\n".join(parts) + "\n"


def _markdown(head: str, blocks: list[str], _: str) -> str:
    parts = []
    for one in blocks:
        if one[0] == "|":
            rows = ["| " + " | ".join(_cells(row)) + " |" for row in one.split("\n")]
            one = "\n".join([rows[0], "|" + " --- |" * len(_cells(one.split("\n")[0])), *rows[1:]])
        parts.append(f"## {one}" if _heading(one) else one)
    return f"# {head}\n\n" + "\n\n".join(parts) + "\n"


def _html(head: str, blocks: list[str], encoding: str) -> str:
    parts = []
    for one in blocks:
        if one[0] == "|":
            first, *rows = [[html.escape(cell) for cell in _cells(row)] for row in one.split("\n")]
            body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
            parts.append("<table><tr>" + "".join(f"<th>{cell}</th>" for cell in first) + f"</tr>{body}</table>")
        elif one.startswith("- "):
            parts.append(f"<ul><li>{html.escape(one[2:])}</li></ul>")
        else:
            tag = "h2" if _heading(one) else "p"
            parts.append(f"<{tag}>{html.escape(one)}</{tag}>")
    charset = encoding.removesuffix("-sig")
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{html.escape(head)}</title></head>'
        f"<body><h1>{html.escape(head)}</h1>{''.join(parts)}</body></html>\n"
    )
