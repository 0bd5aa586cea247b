"""What a document says of itself: title, number, issuer, recipients, date, genre, year, region, sections, lists."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from annals import digest, lead, regions
from annals.blanks import folded
from annals.lists import numbered_lists
from annals.model import Description, Document, Genre, Passage, Section

_HAN = "一-龥"
_NUMBER = re.compile(
    rf"([{_HAN}A-Za-z]{{2,16}}?)\s*[〔\[［【(（﹝]\s*((?:19|20)\d{{2}})\s*[〕\]］】)）﹞]\s*(?:第\s*)?(\d{{1,5}})\s*号"
)
_NUMBER_LABEL = re.compile(r"^(?:发文字号|文号|文件编号|编号)")
_DIGITS = {**{d: i for i, d in enumerate("〇一二三四五六七八九")}, "○": 0, "零": 0, "O": 0}
_DATE = re.compile(
    r"((?:19|20)\d{2}|[二一][〇○零O一二三四五六七八九]{3})\s*[年./-]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[月./-]\s*"
    r"(\d{1,2}|[一二三四五六七八九十]{1,3})(?!\d)\s*日?"
)
_PUBLISHED = re.compile(
    r"(?:发布|发表|公布|发文|印发|刊发|公开|更新)(?:日期|时间)\s*[:：]|(?:^|[\s|｜])(?:时间|日期)\s*[:：]"
)
_SET_OFF = re.compile(r"[丨｜|︱]")  # 聚焦两会丨云川市…
_LINE_OF_SOURCE = re.compile(
    r"\s*\d{1,2}:\d{2}\s*$|\s*\d{1,2}:\d{2}:\d{2}|\s*(?:\d{1,2}:\d{2})?\s*(?:来源|作者|浏览|点击|字号|字体|【|编辑|阅读|信息)"
)
_FILED = re.compile(
    r"\s*(?:信息)?(?:来源|稿源|作者|编辑|供稿|责任编辑)\s*[:：]|\s*[一-龥]{2,8}(?:日报|晚报|网|电视台|融媒体中心)\s"
)
_PROSE = re.compile(r"[。；！]")
_WRITTEN = re.compile(r"成文(?:日期|时间)\s*[:：]")
_DELIVERED = re.compile(r"日在.{4,40}会议?上")
_TITLE_WORDS = re.compile(
    r"(?:通知|公报|报告|方案|要点|规划|意见|办法|决定|公告|通报|函|总结|条例|批复|预算|决算|计划|细则|纲要|公示|综述|清单|规定|说明)"
    r"(?:[（(][^（）()]{1,12}[）)])?\s?[①②*]?$"
)
_REVIEW = re.compile(r"大事|亮点|回顾|总结|综述|盘点|大新闻|工作情况|成绩单|纪实")
_PLAN = re.compile(r"要点|计划|规划|工作安排|行动纲要|远景目标|任务清单|重点任务|责任清单|任务分工")
_ACCOMPLISHED = re.compile(
    r"(?:提前|超额|圆满|全面|顺利|如期)(?:超额)?(?:完成|收官|实现)|(?:完成|进展|推进)(?:情况|顺利)"
)
_PRESS = re.compile(r"本报讯|本报记者|核心提示|通讯员|见习记者|新华社|记者\s|摄影|融媒体")
_MASTHEAD = re.compile(r"文件$|^(?:目录|附件|附表|首页|索引号|核心提示)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d|[-—–~至]\s*(?:19|20)?\d{2}\s*年)")
_YEAR_HAN = re.compile(r"(二[〇○零O][〇○零O一二三四五六七八九]{2})年")
_YEAR_RANGE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年?\s*[-—–~至]+\s*(?:19|20)\d{2}\s*年")
_ORGANISATION = (
    r"(?:科学技术协会|科协|人民政府办公厅|人民政府办公室|人民政府|国务院办公厅|国务院|统计局|调查队|委员会|办公厅|办公室|管理局|"
    r"总局|税务局|[一-龥]{1,6}局|[一-龥]{1,6}厅|[一-龥]{1,8}部|[一-龥]{1,6}委|联合会|协会|学会|研究院|研究会|中心|法院|检察院|街道办事处|办事处|银行|大学|集团|公司)"
)
_BODY = re.compile(rf"(?:[{_HAN}（）()·]{{0,24}}?){_ORGANISATION}")
_BODY_ONLY = re.compile(rf"[{_HAN}（）()·]{{2,30}}$")
_BODY_END = re.compile(rf"{_ORGANISATION}(?:（[^（）]+）)?$")
_RELATIVE = re.compile(r"[省市区县州](科学技术协会|科协|人民政府|政府|统计局|教育局|财政局|科技局|文联|总工会|妇联)")
_FOR_GOVERNMENT = re.compile(rf"我(?:谨)?代表([{_HAN}]{{0,14}}?(?:人民政府|政府|委员会|法院|检察院))")
_ISSUER_LABEL = re.compile(r"(?:发布机构|发文机关|发文单位|发布单位|印发机关|编制单位|(?:预算)?主管部门)\s*[:：]\s*")
_NEXT_LABEL = re.compile(r"(?:文号|发文字号|发文日期|发布日期|发布时间|成文日期|索引号|来源|主题词)\s*[:：]")
_SPEECH = re.compile(r"^(?:各位|同志们|尊敬的|女士们|附件|来源|注|图|表|单位|签发人|编者按)")
_INTRODUCES = re.compile(r"(?:如下|以下|下列|为|是|包括|有|内容|目标|措施|工作|要求|任务|说|指出)\s*[:：]$")
_GENERIC_PLACE = re.compile(
    r"^各?(?:省|自治区|直辖市|省辖市|地级市|市|县|区|州|盟|旗|区县|州市|自治州|自治县|设区市|计划单列市|新区|市县|功能区)$"
)
_PLACE_ONLY = re.compile(rf"^(?!各)[{_HAN}]{{2,5}}(?:省|市|县|区|州|盟|旗)$")
_GOVERNMENT = re.compile(r"^[一-龥]{2,16}(?:人民政府|办事处|局|委员会|厅|协会)$")
# Blanks that a layout left in a title: none belongs beside a Chinese character there.
_SPACES = re.compile(r"(?<=[^\x00-\xff])\s+|\s+(?=[^\x00-\xff])")
_BREAKS = re.compile(r"(?<=[^\x00-\x7f])[ \t　]*[\r\n]+\s*(?=[^\x00-\x7f])")
_RUN_IN = re.compile(r"[*_]{0,2}\s*([^。；：！？\n]{3,34}?)[。：]")
_NUMBERED = re.compile(r"[一二三四五六七八九十（(\d]+[、.）)]|——")
_HEAD_PASSAGES = 40
_OPENING_PARAGRAPHS = 2
_LONG_PARAGRAPH = 4000
_SHORT_LINE = 80
_GLANCE = 3000
_TELLING = 1.5  # what a title scores that stands below the text's first paragraph
_PLACE_INSIDE = re.compile(
    rf"(?:^|[^{_HAN}])([{_HAN}]{{2,4}}?(?<![全我本各该两])(?:省|市|州|县))(?![{_HAN}]{{0,2}}(?:场|民|政))"
)
_SCOPE = re.compile(rf"^(?:\d{{4}}年度?)?([{_HAN}]{{2,7}}?(?<![全我本各该两级])(?:省|自治区|(?<!城)市|县|区|州|盟|旗))")


def describe(document: Document) -> Description:
    """What the document says of itself; what it does not say stays None or empty.

    The issuer is as written, but for 科协, which is written out; the region is the issuer's scope.

    >>> from annals.extract import extract_bytes
    >>> title = "云川市科学普及协会关于印发2024年工作要点的通知"
    >>> text = title + "\\n\\n云普协〔2024〕7号\\n\\n各区县协会，市级学会：\\n\\n现印发。\\n"
    >>> described = describe(extract_bytes("a.txt", text.encode()))
    >>> described.number, described.issuer, described.year, described.genre, described.recipients
    ('云普协〔2024〕7号', '云川市科学普及协会', 2024, 'plan', ('各区县协会', '市级学会'))
    """
    head = _head(document)
    title = _title(document, head)
    number = document.metadata.number or _number(document, head)
    published = document.metadata.published_on or _published(document)
    issuer = _issuer(document, head, title)
    words = opening(document)
    name = folded(title) if title else title
    genre = _genre(document, name, issuer)
    return Description(
        title=title,
        number=number,
        issuer=issuer,
        recipients=_recipients(document, head),
        published_on=published,
        genre=genre,
        year=_year(document, name, number, published, genre, words),
        region=_region(document, issuer, name, words, genre),
        sections=sections(document),
        items=numbered_lists(document, title),
    )


def line(document: Document, passage: Passage) -> str:
    """A passage's text on one line: breaks of the layout taken out, doubled (fake bold) text halved."""
    text = _BREAKS.sub("", document.text[passage.start : passage.end].strip())
    return undouble(re.sub(r"\s+", " ", text).strip("*# \u3000"))


def undouble(text: str) -> str:
    """Text that was printed twice to look bold, once.

    >>> undouble("20202020年大事年大事"), undouble("2020年大事")
    ('2020年大事', '2020年大事')
    """
    if not 8 <= len(text) <= 200:
        return text
    parts: list[str] = []
    at = 0
    while at < len(text):
        for size in range(2, (len(text) - at) // 2 + 1):
            if text[at : at + size] == text[at + size : at + 2 * size]:
                parts.append(text[at : at + size])
                at += 2 * size
                break
        else:
            return text
    return "".join(parts)


def opening(document: Document) -> tuple[str, ...]:
    """The paragraphs of prose that a text begins with, each on one line, without their datelines."""
    found: list[str] = []
    for passage in document.passages:
        if passage.kind in ("paragraph", "item") and passage.end - passage.start <= _LONG_PARAGRAPH:
            text = line(document, passage)
            if text.endswith(("。", "：", ":", "！")):
                found.append(lead.without_dateline(folded(text)))
                if len(found) == _OPENING_PARAGRAPHS:
                    break
    return tuple(found)


def sections(document: Document) -> tuple[Section, ...]:
    """Headings with the stretch each governs; the title of an annex is of level 0, a run-in heading counts as one."""
    heads: list[tuple[int, str, int]] = []
    titled = prose = False
    for passage in document.passages:
        if passage.kind == "title":
            if titled and prose:
                heads.append((0, line(document, passage), passage.start))
            titled, prose = True, False
        elif passage.kind in ("paragraph", "item", "table") and passage.end - passage.start > 20:
            prose = True
        if passage.kind == "heading":
            text = line(document, passage)
            if not (_BODY_END.search(text) and _BODY_ONLY.match(text)) and not _DATE.match(text):
                heads.append((passage.level or 1, text, passage.start))
        elif passage.kind == "item" and passage.level:
            run_in = _RUN_IN.match(document.text, passage.start, min(passage.end, passage.start + 48))
            if run_in:
                heads.append((passage.level, run_in.group(1).strip("* "), passage.start))
    found: list[Section] = []
    open_from: list[int] = []  # indices of the sections that are still open, outermost first
    ends = [len(document.text)] * len(heads)
    for index, (level, _, start) in enumerate(heads):
        while open_from and heads[open_from[-1]][0] >= level:
            ends[open_from.pop()] = start
        open_from.append(index)
    for (level, title, start), end in zip(heads, ends, strict=True):
        found.append(Section(title=title, level=level, start=start, end=end))
    return tuple(found)


# --- the head of the document ---------------------------------------------------------------------


def _head(document: Document) -> Sequence[Passage]:
    """The passages before the text proper: up to the first long paragraph that is not an address."""
    for index, passage in enumerate(document.passages[:_HEAD_PASSAGES]):
        length = passage.end - passage.start
        if passage.kind in ("paragraph", "item") and length > 60:
            text = document.text[max(passage.start, passage.end - 4) : passage.end]
            if not text.rstrip().endswith(("：", ":")):
                return document.passages[: index + 1]
    return document.passages[:_HEAD_PASSAGES]


def _title(document: Document, head: Sequence[Passage]) -> str | None:
    candidates: list[tuple[float, str]] = []
    before: tuple[Passage, str] | None = None
    for index, passage in enumerate(document.passages[:_HEAD_PASSAGES]):
        if passage.end - passage.start > 160 or not (passage.kind in ("title", "heading") or index < len(head)):
            before = None
            continue
        text = line(document, passage)
        if passage.kind in ("table", "item", "note") or len(text) > 120 or text.endswith(("。", "：", ":", "；", "！")):
            before = None
            continue
        if before is not None and _BODY_END.search(before[1]) and text.startswith(("关于", "印发", "转发")):
            text = before[1].removesuffix("文件") + text
        elif before is not None and _YEAR.match(text) and _TITLE_WORDS.search(text) and _GOVERNMENT.search(before[1]):
            text = before[1] + text
        elif before is not None and "关于" in before[1] and not _TITLE_WORDS.search(before[1]) and "关于" not in text:
            text = before[1] + text if _TITLE_WORDS.search(text) else text
        score = _title_score(passage, text) - 0.1 * index
        if index < len(head) or score >= _TELLING:
            candidates.append((score, text))
        before = (passage, text)
    stated = document.metadata.title
    if stated:
        text = line_of(stated)
        only_body = bool(_BODY_END.search(text) and _BODY_ONLY.match(text) and not _REVIEW.search(text))
        candidates.append((0.0 if only_body else 4.5, text))
    if not candidates or max(candidates)[0] < _TELLING:
        tail = [p for p in document.passages[-6:] if p.kind in ("title", "heading")]
        candidates += [
            (score - 0.5, text)
            for p in tail
            if (text := line(document, p)) and (score := _title_score(p, text)) >= _TELLING
        ]
    best = max(candidates, key=lambda candidate: candidate[0], default=(0.0, ""))
    if best[0] <= -3:  # headings of the text's parts are no title of the whole
        best = next((one for one in candidates if not _NUMBERED.match(one[1])), (0.0, ""))
    text = best[1]
    if not text:
        return None
    text = re.sub(r"\s?[①②③*]$", "", text)
    return _SPACES.sub("", text) if "关于" in text or _TITLE_WORDS.search(text) else text


def line_of(text: str) -> str:
    """A text on one line."""
    return re.sub(r"\s+", " ", text).strip()


def _title_score(passage: Passage, text: str) -> float:
    score = 1.0 if passage.kind == "title" else 0.0
    if passage.kind in ("caption", "paragraph"):
        score -= 2 if passage.kind == "caption" else 0.2
    if _TITLE_WORDS.search(text):
        score += 3
    if _YEAR.search(text) or _YEAR_HAN.search(text):
        score += 1.5
    if "关于" in text:
        score += 1.5
    if _REVIEW.search(text):
        score += 1.5
    if len(text) < 6 or _MASTHEAD.search(text) or _DATE.search(text) or _NUMBER.search(text):
        score -= 5
    if _BODY_END.search(text) and not _REVIEW.search(text):
        score -= 2
    if _NUMBERED.match(text):
        score -= 5
    if len(text) > 24:
        score += 0.3
    return score


def _number(document: Document, head: Sequence[Passage]) -> str | None:
    for passage in head:
        if passage.end - passage.start > 90 and passage.kind != "table":
            continue
        text = document.text[passage.start : min(passage.end, passage.start + 2000)]
        match = _NUMBER.search(text)
        if match and not re.search(r"(?:根据|按照|依据|贯彻|落实|《)", text[: match.start()]):
            prefix = _NUMBER_LABEL.sub("", match.group(1))
            return f"{prefix}〔{match.group(2)}〕{match.group(3)}号"
    return None


def _published(document: Document) -> date | None:
    """A stated date of publication; else the line of date under title or signature; else the day it was delivered."""
    signed: date | None = None
    delivered: date | None = None
    seen_title = False
    for passage in document.passages[: 3 * _HEAD_PASSAGES]:
        seen_title = seen_title or passage.kind == "title"
        text = document.text[passage.start : passage.end].partition("\n")[0]
        if len(text) > _SHORT_LINE:
            continue
        match = _DATE.search(text)
        if match is None:
            continue
        day = _day(match)
        if day is None:
            continue
        if _PUBLISHED.search(text, 0, match.start()):
            return day
        if not text[: match.start()].strip("[【（( ") and _LINE_OF_SOURCE.match(text, match.end()):
            return day
        if _FILED.match(text) and _PROSE.search(text) is None:
            return day
        if _WRITTEN.search(text, 0, match.start()):
            signed = signed or day
        elif _DELIVERED.search(text + document.text[passage.end : passage.end + 40].split("。")[0].replace("\n", "")):
            delivered = delivered or day
        elif (
            signed is None
            and len(text.strip("（）()[]【】\n ")) <= match.end() - match.start() + 18
            and match.end() >= len(text) - 4
        ):
            signed = day
    if signed is None:
        for passage in document.passages[-8:]:
            text = document.text[passage.start : passage.end]
            if len(text) <= 40 and (match := _DATE.search(text)) and match.end() >= len(text) - 3:
                signed = _day(match)
    return signed or delivered


def _day(match: re.Match[str]) -> date | None:
    year, month, day = (_integer(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None  # 2024年13月 is not a date, whatever else it is


def _integer(text: str) -> int:
    """A number of a date, in digits or Chinese numerals read digit by digit (二〇二四) or as tens (二十三)."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return int("".join(str(_DIGITS[character]) for character in text))


def _recipients(document: Document, head: Sequence[Passage]) -> tuple[str, ...]:
    for passage in head:
        if passage.kind in ("title", "heading", "table"):
            continue
        text = line(document, passage)
        address, colon, rest = text.partition("：")
        if not colon:
            address, colon, rest = text.partition(":")
        if not colon or (rest and passage.kind != "paragraph") or len(address) > 500 or len(address) < 3:
            continue
        if _SPEECH.match(address) or "。" in address or (_INTRODUCES.search(address + "：") and "，" not in address):
            continue
        if rest and not ("各" in address or _BODY_END.search(address)):
            continue
        if not (
            "各" in address or _BODY_END.search(address) or address.endswith(("单位", "企业", "部门", "机构", "政府"))
        ):
            continue
        return _split_bodies(address)
    return ()


def _split_bodies(text: str) -> tuple[str, ...]:
    """Organisations of an address, what stands in parentheses kept with its own.

    >>> _split_bodies("各区县（自治县）科协、高新区科协，各省、自治区、直辖市人民政府")
    ('各区县（自治县）科协', '高新区科协', '各省、自治区、直辖市人民政府')
    >>> _split_bodies("东岭区、西陵县普协，各学会")  # both have one
    ('东岭区普协', '西陵县普协', '各学会')
    """
    parts: list[str] = []
    depth = start = 0
    for index, character in enumerate(text + "，"):
        if character in "（(":
            depth += 1
        elif character in "）)":
            depth -= 1
        elif character in "，、,；;" and depth <= 0:
            parts.append(text[start:index].strip())
            start = index + 1
    joined: list[str] = []
    generic = ""
    places: list[str] = []
    for part in filter(None, parts):
        if _GENERIC_PLACE.match(part):
            generic += part + "、"
            continue
        if _PLACE_ONLY.match(part):
            places.append(part)
            continue
        if places and (led := _SCOPE.match(part)):
            joined += [place + part[led.end() :] for place in places]
        else:
            joined += places
        joined.append(generic + part)
        generic, places = "", []
    joined += places
    return (*joined, generic.rstrip("、")) if generic else tuple(joined)


# --- who, what kind, when, where ------------------------------------------------------------------


def _issuer(document: Document, head: Sequence[Passage], title: str | None) -> str | None:
    if document.metadata.issuer:
        return _NEXT_LABEL.split(document.metadata.issuer, maxsplit=1)[0].strip()
    found = _issuer_of_title(title) or _issuer_of_lines(document, head) or _issuer_of_speech(document, head)
    if found is None:
        found = _issuer_of_text(document, title)
    if found is None:
        return None
    return re.sub(r"科协(?=$|、)", "科学技术协会", found)


def _issuer_of_title(title: str | None) -> str | None:
    if not title:
        return None
    before, about, _ = title.partition("关于")
    if not about:
        before, about, _ = title.partition("印发")
    before = before.strip(" 《")
    if about and before and _BODY_END.search(before):
        return "、".join(_bodies(before))
    match = re.match(r"(?:\d{4}年度?)?((?!\d).{1,20}?(?:科学技术协会|科协|人民政府|协会|学会|统计局|委员会))", title)
    if match and "》" not in match.group(1) and not re.match(r"[市省区县](?!级)", match.group(1)):
        return match.group(1)
    return None


def _bodies(text: str) -> list[str]:
    """Organisations written one after the other, parted by blanks or by nothing but the place they share.

    >>> _bodies("云川市教育局云川市财政局"), _bodies("云川市教育局 云川市财政局")
    (['云川市教育局', '云川市财政局'], ['云川市教育局', '云川市财政局'])
    """
    found: list[str] = []
    for part in re.split(r"[\s、]+", text):
        place = _SCOPE.match(part)
        if place is None:
            found += [part] if part else []
            continue
        pieces = part.split(place.group(1))
        found += [place.group(1) + piece for piece in pieces[1:] if piece]
    return found


def _issuer_of_lines(document: Document, head: Sequence[Passage]) -> str | None:
    """Who stands on a line of its own above a date (a signature), under a title, or on the masthead."""
    passages = document.passages[: 3 * _HEAD_PASSAGES]
    for index, passage in enumerate(passages):
        text = line(document, passage)
        if not 4 <= len(text) <= 60 or passage.kind in ("table", "item"):
            continue
        if (labelled := _ISSUER_LABEL.match(text)) and _BODY_END.search(text):
            return text[labelled.end() :]
        if text.endswith("文件") and _BODY_END.search(text[:-2]):
            return text[:-2]
        parts = [part for part in re.split(r"[\s、]+", text) if part]
        if not all(_BODY_END.search(part) and _BODY_ONLY.match(part) for part in parts):
            continue
        after = passages[index + 1] if index + 1 < len(passages) else None
        following = line(document, after) if after and after.end - after.start <= 60 else ""
        if _DATE.match(following):
            collected = parts
            if index and (previous := line(document, passages[index - 1])) and len(previous) <= 40:
                earlier = [part for part in re.split(r"[\s、]+", previous) if part]
                if all(_BODY_END.search(part) and _BODY_ONLY.match(part) for part in earlier):
                    collected = earlier + parts
            return "、".join(collected)
        if _PUBLISHED.search(following):
            return "、".join(parts)
    return None


def _issuer_of_speech(document: Document, head: Sequence[Passage]) -> str | None:
    end = head[-1].end if head else 0
    match = _FOR_GOVERNMENT.search(document.text, 0, end + 600)
    if match is None:
        return None
    body = match.group(1)
    if body[0] in "省市区县州" or body.startswith(("人民政府", "政府", "自治")):
        place = next(iter(regions.mentions(document.text[: match.start()])), None)
        return f"{place.region.name}人民政府" if place else None
    return body


def _issuer_of_text(document: Document, title: str | None) -> str | None:
    """The body that a text keeps naming, for a document whose title names one without its place (市科协)."""
    if not title or not (relative := _RELATIVE.search(title)):
        return None
    counted: Counter[str] = Counter()
    for match in re.finditer(re.escape(relative.group()), document.text[:40_000]):
        named = regions.mentions(document.text[max(0, match.start() - 8) : match.start() + 1])
        if named and named[-1].end == min(8, match.start()) + 1:
            counted[named[-1].region.name + relative.group(1)] += 1
    return counted.most_common(1)[0][0] if counted else None


def _genre(document: Document, title: str | None, issuer: str | None) -> Genre:
    text = title or ""
    opening = folded(document.text[:_GLANCE])
    if "公报" in text:
        return "communique"
    if re.search(r"政府工作报告|年度报告|年报|工作报告|决算|执行情况", text):
        return "report"
    if re.search(r"预算(?:公开|草案|说明|报表)?$", text):
        return "plan"  # a budget is what a year's money is meant for
    if _REVIEW.search(text):
        return "review"
    notice = re.search(r"通知|通告|公告|意见|办法|决定|通报|批复|条例|细则|规定|函$", text)
    if _PLAN.search(text) and not _ACCOMPLISHED.search(text):
        return "plan"
    if notice:
        return "notice"
    if "方案" in text:
        return "plan"
    if issuer and "统计局" in issuer and re.search(r"初步核算|比上年增长|可比价", opening):
        return "communique"
    if _PRESS.search(opening):
        return "press"
    if "报告" in text:
        return "report"
    if _NUMBER.search(opening[:600]):
        return "notice"
    return "other"


def _year(
    document: Document,
    title: str | None,
    number: str | None,
    published: date | None,
    genre: Genre,
    words: Sequence[str],
) -> int | None:
    """The year in the title; else that of the document number, of the opening, of publication, or the one told most.

    A review or communiqué without a year in its title is about the year before it was published.
    """
    for pattern in (_YEAR_RANGE, _YEAR, _YEAR_HAN):
        if title and (match := pattern.search(title)):
            return _integer(match.group(1))
    if title and "工作报告" in title and (spoken := _published(document)):
        return spoken.year
    if genre in ("review", "communique", "report"):
        told = Counter(match.group(1) for match in _YEAR.finditer(folded(document.text[:1200])))
        if told:
            return int(told.most_common(1)[0][0])
        return published.year - 1 if published else None
    if number and (match := _YEAR.search(number)):
        return int(match.group(1))
    if genre in ("press", "other") or not title:
        latest = published.year if published else None
        year = lead.year_told(words, latest)
        if year is None and (published is None or not title):
            year = lead.year_most_told(folded(document.text), latest)
        if year is not None:
            if "今年" not in (title or ""):
                return year
            return published.year if published else lead.year_spoken(folded(document.text[:_GLANCE]), year, titled=True)
    return published.year if published else None


def _region(
    document: Document, issuer: str | None, title: str | None, words: Sequence[str], genre: Genre
) -> str | None:
    for name in (issuer, title):
        if not name:
            continue
        bare = re.sub(r"^\d{4}年度?", "", _SET_OFF.split(name)[-1])
        if lead.of_the_nation(bare):
            return "全国"
        region = regions.of_body(bare)
        if region is not None and not (region.kind == "country" and lead.names_event(bare)):
            return region.name
        if match := _SCOPE.match(bare):
            known = regions.mentions(match.group(1))
            return known[-1].region.name if known and known[-1].end == len(match.group(1)) else match.group(1)
        named = [
            one.region
            for one in regions.mentions(name)
            if one.region.kind != "country" or not lead.names_event(name[one.start :])
        ]
        local = next((one for one in named if one.kind != "country"), None)
        if local is not None or (named and not lead.is_local(document.text)):
            return (local or named[0]).name
        if match := _PLACE_INSIDE.search(name):
            return match.group(1)
    if genre in ("press", "other") and (items := digest.items(document)):
        return digest.whole(items, "".join(words[:1]))
    return lead.place_told(words, document.text)
