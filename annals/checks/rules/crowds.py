"""Numbers that cannot be in their context, whatever other years say."""

from collections.abc import Iterator

from annals.checks.quoting import bounds, sentence
from annals.checks.rule import Found, NoticeRule
from annals.model import Reading

PER_BODY = 50_000  # people that one country, body or place sends to one event
_PEOPLE = ("人", "名", "位", "人次")
_SENDERS = ("国家", "地区", "单位", "学校", "高校", "学会", "企业", "团队", "代表团", "组织")
_CAME = ("参与", "参加", "出席", "参会", "参赛", "到会", "来自")
# Whom one reaches without their coming: lives counted, screens, populations.
_REACHED = (
    "网",
    "线上",
    "在线",
    "直播",
    "观看",
    "浏览",
    "点击",
    "阅读",
    "播放",
    "覆盖",
    "惠及",
    "受益",
    "人口",
    "收看",
    "关注",
)


def crowd(reading: Reading) -> Iterator[Found]:
    """Those who came, divided by the countries or bodies that the same sentence says they came from, could come."""
    for index, figure in enumerate(reading.figures):
        if figure.kind != "count" or figure.unit not in _PEOPLE or (figure.low or 0) <= PER_BODY:
            continue
        low, high = bounds(reading, figure.start, figure.end)
        text = reading.text[low:high]
        if not any(word in text for word in _CAME) or any(word in text for word in _REACHED):
            continue
        for other in reading.figures:
            if (
                low <= other.start < high
                and other.kind == "count"
                and other.value
                and any(word in other.subject or word in reading.text[other.end : other.end + 6] for word in _SENDERS)
                and figure.low is not None
                and figure.low > PER_BODY * other.value
            ):
                yield Found(
                    message="too_many",
                    given={
                        "people": figure.raw,
                        "senders": f"{other.raw}{other.subject}",
                        "each": f"{figure.low / other.value:,.0f}",
                        "most": f"{PER_BODY:,}",
                    },
                    evidence=sentence(reading, figure.start, figure.end),
                    figure=index,
                    start=figure.start,
                    end=figure.end,
                )
                break


RULES = (
    NoticeRule(
        code="crowd",
        severity="warning",
        check=crowd,
    ),
)
