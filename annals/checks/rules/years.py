"""What a notice says of its year, in its title, its body and its date."""

import re
from collections.abc import Iterator
from datetime import date

from annals.checks.quoting import bounds, sentence, squeezed
from annals.checks.rule import Found, NoticeRule
from annals.checks.words import Word
from annals.model import Genre, Reading

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_DIGITS = r"(?:(?:19|20)\d\d|[一二][九〇○零][〇○零一二三四五六七八九]{2})"
_YEAR = re.compile(rf"(?<![\d〔\[（(])({_DIGITS})\s*年(?!\s*[—－–~～至-]\s*{_DIGITS}|以来|起)(度?)")
_SPAN = re.compile(rf"{_DIGITS}\s*年?\s*[—－–~～至-]+\s*{_DIGITS}\s*年?")
_NAMED = re.compile(r"《([^》]+)》")
# What names a year and tells nothing of it: dates to the day, numbers of documents.
_DATES = re.compile(
    rf"{_DIGITS}\s*年\s*[\d一二三四五六七八九十]{{1,3}}\s*月\s*[\d一二三四五六七八九十]{{1,3}}\s*日"
    r"|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|[〔\[［【]\s*(?:19|20)\d\d\s*[〕\]］】]"
)
_WORK = r"(?:工作|任务|总结|情况|要点|计划|方案|统计|数据|结果|事项|评选|活动|报告|公报|成绩)"
# A sentence that says of which year all this is. In a plan only what sets out to plan for it: a plan may well look back
# on another year (总结2022年, 做好2022年度考核) without naming its own.
_OPENS = (
    rf"现[将就把][^，。；]{{0,12}}?(?P<a>{_DIGITS})年度?[^。；]{{0,20}}?{_WORK}|现提出(?P<b>{_DIGITS})年"
    rf"|为(?:切实|扎实|全面|认真|进一步)?(?:做好|开展好?|组织好|推进|抓好|搞好|加强)(?P<c>{_DIGITS})年度?[^，。；]{{0,12}}?{_WORK}"
    rf"|决定(?:开展|举办|组织|启动|进行)(?P<g>{_DIGITS})年|(?P<h>{_DIGITS})年度?[^，。；]{{0,16}}如下"
    rf"|(?P<d>{_DIGITS})年度?(?:的)?(?:全市|全省|全区|全县|全会)?(?:各项)?工作的?(?:总体|指导|基本|主要)"
)
_LOOKS_BACK = (
    rf"|(?:回顾|盘点|总结)(?:过去的)?(?P<e>{_DIGITS})年(?!以来|[—－–~～至-])"
    rf"|(?P<i>{_DIGITS})年度?的?(?:主要|重点)?工作(?:回顾|总结|完成情况|开展情况|情况|成效|亮点|做法)"
    rf"|(?P<f>{_DIGITS})年，?是[^，。；]{{2,24}}的(?:重要|关键|开局|收官)?[一之]年"
)
_FRAMED = {True: re.compile(_OPENS + _LOOKS_BACK), False: re.compile(_OPENS)}
# A sentence that begins with a year and tells what was in it, not a month of it nor a year to compare with.
_BEGUN = re.compile(
    rf"(?:^|[。！；;\n])[\s#*　]*(?:截至|在)?({_DIGITS})\s*年(?:度|末|底|全年)?"
    r"(?=[，,]|[全我本各共累市省区县协学]|[新建举开完组实接培])(?![^，。；]{0,12}(?:以来|起|同期|之前|以前|相比|至))"
)
_AHEAD = re.compile(r"将|要|拟|计划|继续|下一步|力争|争取|确保|目标|展望|打算|重点(?:抓|做|推)")
_THIS = re.compile("今年|本年")  # another than those that are named by number
_OFTEN = 2  # sentences that begin with a year the title does not name
_OPENING = 3  # sentences at the beginning of the body, of which one is enough

_ISSUE = r"(?:印发|下发|发布|公布|转发|颁发|下达|公告|通报|发给)"
_ISSUED_TITLE = re.compile(rf"{_ISSUE}(?!给)(.{{4,60}}?)的?(?:通知|公告|函|决定|通报|公示)?$")
# The clauses that hand a document out: 现将…印发, …现予公布, 特制定《…》.
_HANDS_OUT = re.compile(
    rf"现将|现把|现予|现就|予以{_ISSUE}|现{_ISSUE}|{_ISSUE}(?:给|各|你们)|发给你们|特此{_ISSUE}|特(?:制定|制订|编制|拟定)"
)
_BARE_ISSUED = re.compile(rf"(?:将|把)([^，。；《》]{{4,60}}?)(?:予以|公开|印|一并|正式)?{_ISSUE}")
_NOT_ISSUED = re.compile(r"废止|对照|根据|依据|按照|参照|依照|有关要求|替代|原")

_LATE = 2  # years between the year reported on and publication that still pass
_PART = re.compile(
    r"半年|季度|[一二三四五六七八九十\d]+\s*月|阶段|学期|学年|春|夏|秋|冬|寒假|暑|周|旬|第[\d一二三四五六七八九十]+[期号批]|中期|届"
)
_WORK_PLAN = re.compile(r"工作要点|工作计划|重点工作|工作思路|工作安排|工作打算")
_ASKING = re.compile(r"申报|征集|申请|推荐|编报|组织|报送|编制|申领|立项|项目")
_YEAR_ENDS = 11  # from this month on a review may speak for the year it comes out in, and a plan for the next one
_PLAN_LATE = 10  # in this month no plan for the year's work comes out any more


def title_and_body(reading: Reading) -> Iterator[Found]:
    """A title's year is the year its body speaks of: in a body that never names it but tells of another, one is wrong.

    To compare with a year (比2021年), to date a letter or a clause, or to have begun then is not yet to tell of it. Of
    several years that a body tells of none is the wrong one.
    """
    title = reading.description.title or ""
    titled = years_in(title)
    if len(titled) != 1:
        return
    year = next(iter(titled))
    start = _body_start(reading, title)
    body = _blank(reading.text[start:], _DATES)
    if str(year) in body or str(year) in body.translate(_NUMERALS):
        return
    body = _blank(body, _NAMED, _SPAN)
    genre = reading.description.genre
    back = genre in ("review", "communique")
    told = [_place(found) for found in _FRAMED[back].finditer(body) if _sentences(body, found.start()) < _OPENING]
    framed = bool(told)
    if back:
        for found in _BEGUN.finditer(body):
            told.append((found[1], found.start(1), found.end(1)))
            opens = _sentences(body, found.start(1)) < _OPENING - 1 and body[found.end(1) + 1] not in "末底"
            framed |= opens and not _THIS.search(body)
    elif genre == "plan":
        for found in _BEGUN.finditer(body):
            if _looks_ahead(body, found.end(1)):
                told.append((found[1], found.start(1), found.end(1)))
                framed |= number(found[1]) < year and _sentences(body, found.start(1)) < _OPENING
    told = [one for one in told if not (number(one[0]) > year and genre != "plan" and _looks_ahead(body, one[2]))]
    years = {number(one[0]) for one in told}
    if len(years) != 1 or not (framed or len(told) >= _OFTEN):
        return
    _, low, high = min(told, key=lambda one: one[1])
    yield Found(
        message="not_in_body",
        given={"year": year, "other": next(iter(years)), "times": len({at for _, at, _ in told})},
        evidence=sentence(reading, start + low, start + high),
        start=start + low,
        end=start + high,
    )


def _place(found: re.Match[str]) -> tuple[str, int, int]:
    group = next(name for name, text in found.groupdict().items() if text)
    return found[group], found.start(group), found.end(group)


def _sentences(body: str, at: int) -> int:
    """How many sentences end before a place."""
    return len(re.findall("[。！；]", body[:at]))


def _looks_ahead(body: str, at: int) -> bool:
    end = re.search("[。！；\n]|$", body[at:])
    return _AHEAD.search(body, at, at + (end.start() if end else 0)) is not None


def issued_and_titled(reading: Reading) -> Iterator[Found]:
    """The document that a circular says it issues is the one its title and its annex name: the same words, one year."""
    own = [name for name in _titles(reading) if len(years_in(name)) == 1]
    if not own:
        return
    for name, start, end in _issued(reading):
        issued = years_in(name)
        if len(issued) != 1:
            continue
        other = next((one for one in own if _same_but_year(name, one) and years_in(one) != issued), None)
        if other is None or any(_same_but_year(name, one) and years_in(one) == issued for one in own):
            continue
        yield Found(
            message="other_year",
            given={"issued": next(iter(issued)), "year": next(iter(years_in(other))), "title": other},
            evidence=sentence(reading, start, end),
            start=start,
            end=end,
        )
        return


def _issued(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """The documents that sentences of the notice hand out: in 《》, or bare between 将 and 印发."""
    text = reading.text
    seen = -1
    for found in _HANDS_OUT.finditer(text):
        low, high = bounds(reading, found.start(), found.end())
        if low == seen:
            continue
        seen = low
        said = text[low:high]
        if not re.search(_ISSUE, said):
            continue
        for named in _NAMED.finditer(said):
            clause = said[max(said.rfind(mark, 0, named.start()) for mark in "，。；：\n") + 1 : named.start()]
            behind = re.match("[^，。；]*", said[named.end() :])
            if not _NOT_ISSUED.search(clause) and not (behind and "废止" in behind[0]):
                yield named[1], low + named.start(1), low + named.end(1)
        for bare in _BARE_ISSUED.finditer(said):
            yield bare[1], low + bare.start(1), low + bare.end(1)


def _titles(reading: Reading) -> Iterator[str]:
    """The notice's title, the document that it says is issued, and the titles that stand in the text."""
    title = squeezed(reading.description.title or "")
    named = _NAMED.findall(title)
    issued = _ISSUED_TITLE.search(title)
    yield from named or [issued[1] if issued else title]
    for passage in reading.passages:
        if passage.kind in ("title", "heading"):
            one = squeezed(reading.text[passage.start : passage.end]).strip("#*")
            if one and one not in title and title not in one:
                yield one


def _same_but_year(one: str, other: str) -> bool:
    """
    >>> _same_but_year("云川市科协2023年工作要点", "2024年工作要点"), _same_but_year("2023年工作要点", "2024年工作总结")
    (True, False)
    """
    bare, also = (squeezed(_YEAR.sub("", name)) for name in (one, other))
    short, long = sorted((bare, also), key=len)
    return len(short) >= 4 and long.endswith(short)


def published_when(reading: Reading) -> Iterator[Found]:
    """A review comes out when its year ends or in the next; a plan about when its year begins.

    What is for a part of the year, one issue of several, or a call for plans, is held against whole years alone.
    """
    described = reading.description
    title = described.title or ""
    published, titled = described.published_on, years_in(title)
    if published is None or len(titled) != 1:
        return
    year = next(iter(titled))
    if not _in_season(described.genre, title, year, published):
        yield Found(
            message="far_off",
            given={"genre": Word(described.genre), "year": year, "date": published.isoformat()},
            evidence=title,
        )


def _in_season(genre: Genre, title: str, year: int, published: date) -> bool:
    """
    >>> when = date(2024, 11, 20)
    >>> _in_season("review", "2024年工作总结", 2024, when), _in_season("review", "2023年工作总结", 2023, when)
    (True, False)
    >>> _in_season("plan", "2025年工作要点", 2025, when), _in_season("plan", "2024年工作要点", 2024, when)
    (True, False)
    """
    after, month = published.year - year, published.month
    whole = _PART.search(title) is None
    if genre == "review":
        if not whole:
            return 0 <= after <= 1
        return (after == 0 and month >= _YEAR_ENDS) or (after == 1 and month < _YEAR_ENDS)
    if genre == "communique":
        return (1 if whole and "年报" not in title and "统计" in title else 0) <= after <= _LATE
    if genre == "report":
        return 0 <= after <= _LATE
    if genre == "plan":
        if whole and _WORK_PLAN.search(title) and not _ASKING.search(title):
            return (after == 0 and month < _PLAN_LATE) or (after == -1 and month >= _PLAN_LATE)
        return -1 <= after <= 1
    return True


_SOUGHT = r"(?:力争|确保|争取|计划|努力|拟|务必|保证)"
_BEFORE_PLAN = re.compile(
    rf"(?:(?P<goal>{_SOUGHT})(?:到|在|于|使)?(?P<a>{_DIGITS})年(?!水平|以来|结转|度?工作|[^，。；\d]{{0,8}}的(?!目标))"
    rf"|(?P<b>{_DIGITS})年(?:底|末|度)?(?:前)?[，,]?(?:我们|全市|全区|全县|全省|协会)?(?:将|要)?{_SOUGHT})"
)
_STOOD = re.compile(r"截[至止]|(?:年|月)[末底]?(?:已|共)")  # what stood then, whatever the reader took it for
_MADE_THEN = re.compile(rf"{_DIGITS}年度?[^，。；\d]{{1,8}}的$")  # 2021年立项的3个项目: when they began
_YARDSTICK = re.compile(rf"{_DIGITS}年(?:底|末|度)?的?(?:水平|规模|基数)")  # 稳定在2021年的水平
_CAME_TRUE = re.compile(r"实际|已|超额|完成了|实现了|的基础上|今年|本年|不足|未能")


def target_before_plan(reading: Reading) -> Iterator[Found]:
    """A plan's targets lie in its year or after; a sentence that aims at an earlier one is none of the past."""
    year = reading.description.year
    if reading.description.genre != "plan" or year is None:
        return
    text = reading.text
    for index, figure in enumerate(reading.figures):
        if figure.year is None:
            continue
        earlier = figure.year if figure.role == "target" and figure.year < year else None
        low, high = bounds(reading, max(0, figure.start), max(0, figure.end))
        before = text[low : max(0, figure.start)]
        stood = _STOOD.search(text, text.rfind("。", 0, low) + 1, max(0, figure.start))
        if earlier is not None and (stood or _MADE_THEN.search(before) or _YARDSTICK.search(before)):
            continue
        if earlier is None:
            aimed = next(iter(_BEFORE_PLAN.finditer(before)), None)
            if (
                aimed is None
                or _CAME_TRUE.search(text, low, high)
                or len({one[1] for one in _YEAR.finditer(before)}) > 1
            ):
                continue
            earlier = number(aimed["a"] or aimed["b"])
            if earlier >= year:
                continue
        yield Found(
            message="earlier",
            given={"plan": year, "target": earlier},
            evidence=figure.quote,
            figure=index,
            start=figure.start,
            end=figure.end,
        )


def number(digits: str) -> int:
    """A year written in either way.

    >>> number("2023"), number("二〇二三")
    (2023, 2023)
    """
    return int(digits.translate(_NUMERALS))


def years_in(title: str) -> set[int]:
    """The single years a title names; spans of years do not count.

    >>> years_in("云川市科协2023年工作要点"), years_in("关于印发《实施方案（2021—2025年）》的通知")
    ({2023}, set())
    """
    return {number(found[1]) for found in _YEAR.finditer(_SPAN.sub(" ", title))}


def _blank(text: str, *patterns: re.Pattern[str]) -> str:
    """What the patterns match, blanked out in place."""
    for pattern in patterns:
        text = pattern.sub(lambda found: "\u3000" * len(found[0]), text)
    return text


def _body_start(reading: Reading, title: str) -> int:
    """Where the text after the title begins, where the title stands in its first lines."""
    squeezed_title = squeezed(title)
    at = 0
    for passage in reading.passages[:12]:
        line = squeezed(reading.text[passage.start : passage.end]).strip("#*")
        if squeezed_title and line and line in squeezed_title:
            at = passage.end
        elif at:
            break  # what follows may be the name of the body that signs
    if not at and title and (found := reading.text.find(title)) != -1:
        at = found + len(title)
    return at


RULES = (
    NoticeRule(
        code="year_consistency",
        severity="error",
        check=title_and_body,
    ),
    NoticeRule(
        code="issued_year",
        severity="warning",
        check=issued_and_titled,
    ),
    NoticeRule(
        code="published_when",
        severity="warning",
        check=published_when,
    ),
    NoticeRule(
        code="target_before_plan",
        severity="error",
        check=target_before_plan,
    ),
)
