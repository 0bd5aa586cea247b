"""Places that the table of regions does not know, told by where their names stand in the document.

New districts, zones and towns have no code yet. Two signs together make a place: the name ends like one (区, 县, 镇 …),
and it stands alone where a name stands: at the head of a section, in a cell, right before a number in a list. It must
stand so beside another name of the same kind, or be said again elsewhere.
"""

import re
from collections.abc import Iterator

from annals import regions
from annals.model import Document

_NAME = r"[一-龥]{2,6}?(?:新区|高新区|经开区|开发区|街道|[区县市旗镇乡])"
_HEAD = re.compile(
    rf"[#*\s]*(?:[一二三四五六七八九十]{{1,3}}、|[（(][一二三四五六七八九十\d]{{1,3}}[)）]|\d{{1,2}}[.．、])?\s*"
    rf"(?P<name>{_NAME})[*\s]*(?:$|[\s　：:—])"
)
_CELL = re.compile(rf"\s*(?P<name>{_NAME})\s*")
_ENTRY = re.compile(rf"(?:其中[:：，]?|[、，；：:](?!其中))(?P<name>{_NAME})(?=\s?[约近超]?\d)")
# Words for a sort of place, not the name of one.
_SORT = re.compile(
    r"(?:社|山|园|城|郊|辖|展|景|校|片|库|灾|牧|林|矿|厂|战|疫|禁|专|老|特|小|街|地|市|功能|示范|试验|实验|保护|度假|先行|先导|集聚|"
    r"工业|贫困|试点|产业|涉农|本|各|全|我|该|两|\d)区$|[本各全我该两][市县省州旗镇乡]$|^(?:全|各|我|本|该|两|原|农业|经济|高新|开发)|"
    r"(?:城|都|超|上|股|门|夜|集|县级|地级|直辖|省辖|文明|试点|示范|重点|大|各|该|其他)市$|"
    r"(?:各|该|强|大|试点|示范|重点|贫困|脱贫|先进|帮扶|民族|其他)(?:县|旗|镇|乡)$|(?:城|乡|小|重|名|村|集|建制|中心|特色)镇$|"
    r"(?:城|家|返|下|回|水|他|异|故|归|民族)乡$|[和与及]"
)
_LONGEST_HEAD = 60


def unlisted_places(document: Document) -> frozenset[str]:
    """The names in the document that stand where places stand and are in no table.

    >>> from annals.extract import extract_bytes
    >>> text = "共办学堂9个，其中白鹭滩区5个、望月岭区4个。社区3个、园区2个。"
    >>> sorted(unlisted_places(extract_bytes("a.txt", text.encode())))
    ['望月岭区', '白鹭滩区']
    """
    alone: dict[str, set[str]] = {}
    for slot, name in _standing_alone(document):
        if _SORT.search(name) is None and not regions.candidates(name):
            alone.setdefault(slot, set()).add(name)
    found: set[str] = set()
    for names in alone.values():
        found |= {name for name in names if len(names) > 1 or document.text.count(name) > 1}
    return frozenset(found)


def _standing_alone(document: Document) -> Iterator[tuple[str, str]]:
    """(what kind of slot, name) of every name that fills a heading's head, a cell, or an entry before its number."""
    text = document.text
    for passage in document.passages:
        if passage.kind == "table":
            for cell in passage.cells:
                if match := _CELL.fullmatch(text, cell.start, min(cell.end, cell.start + 12)):
                    yield "cell", match["name"]
        elif passage.kind in ("heading", "title", "caption"):
            if match := _HEAD.match(text, passage.start, min(passage.end, passage.start + _LONGEST_HEAD)):
                yield "head", match["name"]
        else:
            for match in _ENTRY.finditer(text, passage.start, passage.end):
                yield "entry", match["name"]
