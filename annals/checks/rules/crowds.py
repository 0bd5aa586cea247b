"""Numbers that cannot be in their context, whatever other years say."""

import re
from collections.abc import Iterator

from annals.checks.quoting import bounds, sentence
from annals.checks.rule import Found, NoticeRule
from annals.model import Figure, Reading

PER_BODY = 50_000  # people that one body, village or town sends to one event
PER_PLACE = 200_000  # and a country, a city or a county
_PEOPLE = ("人", "名", "位", "人次")
_SENDERS = re.compile(
    r"国家|地区|单位|学校|院校|高校|大学|中学|小学|学会|协会|企业|公司|团队|代表团|代表队|参赛队|队伍|班级|组织|机构|部门"
    r"|省份|省市|区县|县区|县市|市县|市州|州市|地市|城市|街道|社区|乡镇|镇街|村庄|行政村|支部|系统|家庭"
    r"|^(?:个|支|所|家)?(?:省|市|州|县|区|旗|镇|乡|村|队|班)(?![一-龥])"
)
_PLACES = re.compile("国家|地区|省|市|州|区县|县区|县|区|旗")
_CAME = re.compile("参与|参加|出席|参会|参赛|到会|来自|入场|到场|现场|参训|报到|集训|同场|入营|观摩")
# Whom one reaches without their coming: lives counted, screens, populations.
_REACHED = re.compile(
    "网|线上|在线|直播|观看|浏览|点击|阅读|播放|覆盖|惠及|受益|人口|收看|关注|云端|保险|医保|社保|养老|问卷|投票|普查|接种"
    "|体检|注册|游客"
)


def crowd(reading: Reading) -> Iterator[Found]:
    """Those who came, divided by the countries or bodies that the same sentence says they came from, could come."""
    for index, figure in enumerate(reading.figures):
        if figure.kind != "count" or figure.unit not in _PEOPLE or (figure.low or 0) <= PER_BODY:
            continue
        low, high = bounds(reading, figure.start, figure.end)
        text = reading.text[low:high]
        if not _CAME.search(text) or _REACHED.search(text):
            continue
        for other in reading.figures:
            if (
                low <= other.start < high
                and other.kind == "count"
                and other.value
                and (sender := _sender(reading, other))
                and figure.low is not None
                and figure.low > (most := PER_PLACE if _PLACES.search(sender) else PER_BODY) * other.value
            ):
                yield Found(
                    message="too_many",
                    given={
                        "people": figure.raw,
                        "senders": f"{other.raw}{other.subject}",
                        "each": f"{figure.low / other.value:,.0f}",
                        "most": f"{most:,}",
                    },
                    evidence=sentence(reading, figure.start, figure.end),
                    figure=index,
                    start=figure.start,
                    end=figure.end,
                )
                break


def _sender(reading: Reading, figure: Figure) -> str | None:
    """What sends people, where the figure counts such: by its subject, or by the words right behind it."""
    for words in (figure.subject or "", reading.text[figure.end : figure.end + 6]):
        if found := _SENDERS.search(words):
            return found[0]
    return None


RULES = (
    NoticeRule(
        code="crowd",
        severity="warning",
        check=crowd,
    ),
)
