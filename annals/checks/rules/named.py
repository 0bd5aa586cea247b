"""Names beside their count."""

import re
from collections.abc import Iterator

from annals.checks.quoting import sentence, squeezed
from annals.checks.rule import Found, NoticeRule
from annals.checks.rules.lists import NUMERAL, number_of
from annals.model import Reading

_PLACE = r"[一-龥]{1,5}(?:自治县|新区|区|县|市|州|盟|旗)"
_NAME = r"[一-龥A-Za-z“”·]{2,12}?"
_BODY = r"(?:局|委|厅|部|办|委员会|法院|检察院|团委|妇联|科协|工会|公司|中心)"
# What is counted, and how every name of it ends; None where names of it need not end alike.
_NOUNS = {
    "村": "村", "乡镇": "[乡镇]", "街道": "街道", "社区": "社区", "部门": _BODY, "单位": _BODY, "国家": None,
    "城市": None, "省份": None, "节气": None, "类": None, "门": None, "种": None, "大类": None,
}  # fmt: skip
_AHEAD = "城市|区县|县区|县|区|市|国家|分?会场|乡镇|村|街道|社区|部门|单位|学校|景区|园区|试点"
_COUNT = rf"(?P<count>{NUMERAL})\s*(?P<unit>个)?"
_FORMS = (
    re.compile(
        rf"(?P<names>{_PLACE}(?:\s*[、和与及]\s*{_PLACE})+)(?P<several>等)?\s*"
        rf"{_COUNT}(?P<noun>区县|县区|市州|区|县|市)(?![一-龥]?[委局科])"
    ),
    re.compile(
        rf"(?P<names>{_NAME}(?:\s*、\s*{_NAME})+(?:和{_NAME})?)(?P<several>等)?\s*{_COUNT}(?P<noun>{'|'.join(_NOUNS)})"
    ),
    re.compile(rf"{_COUNT}(?P<noun>{_AHEAD})[：:]\s*(?P<names>{_NAME}(?:、{_NAME})+)(?P<several>等)?(?=[。；\n])"),
    re.compile(
        rf"(?P<noun>{_AHEAD})(?:一?共|总共)?(?:有|为|是)?(?P<count>{NUMERAL})\s*(?P<unit>[个家所座处])[：:]\s*"
        rf"(?P<names>{_NAME}(?:、{_NAME})+)(?P<several>等)?(?=[。；\n])"
    ),
    re.compile(rf"{_COUNT}(?P<noun>{_AHEAD})[（(](?P<names>{_NAME}(?:、{_NAME})+)(?P<several>等)?[）)]"),
)
_LEAD = re.compile(r"^.*[年月日在于为对到向由将给赴](?=..)")  # what the pattern took along before the first name


def named_count(reading: Reading) -> Iterator[Found]:
    """Names strung together beside their count are as many; with 等 between, no more.

    甲区、乙区、丙区3个区 names three; 甲区、乙区等3个区 may name fewer, never more; 3个区（甲区、乙区） names two.
    """
    told: set[int] = set()
    for form in _FORMS if "、" in reading.text else _FORMS[:1]:
        for found in form.finditer(reading.text):
            names = _names(found["names"], places=form is _FORMS[0])
            count, several = number_of(found["count"]), bool(found["several"])
            ending = _NOUNS.get(found["noun"]) if form is _FORMS[1] else None
            if (
                found.start("count") in told
                or names[-1].endswith("的")
                or (ending and not all(re.search(f"{ending}$", name) for name in names))
            ):
                continue
            told.add(found.start("count"))
            most = len(names) + _joined(names[-1])
            if min(len(names), count) < 2 or len(names) <= count <= most or (several and len(names) < count):
                continue
            yield Found(
                message="more_than_said" if several else "other_number",
                given={
                    "announced": f"{found['count']}{found['unit'] or ''}{found['noun']}",
                    "count": count,
                    "number": len(names),
                    "names": "、".join(names),
                },
                evidence=sentence(reading, found.start(), found.end()),
                start=found.start(),
                end=found.end(),
            )


def _names(text: str, *, places: bool) -> list[str]:
    names = [name for name in re.split("[、和与及]" if places else "、", squeezed(text)) if name]
    names[0] = _LEAD.sub("", names[0])
    return names


def _joined(name: str) -> bool:
    """Whether the last name may be two, or one that holds the word 和: 上海和南京, 和平."""
    return re.search(r".[和与及].", name) is not None


RULES = (
    NoticeRule(
        code="named_count",
        severity="warning",
        check=named_count,
    ),
)
