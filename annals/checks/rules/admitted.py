"""What a notice says itself that it did not reach."""

import re
from collections.abc import Iterator

from annals.checks.quoting import sentence
from annals.checks.rule import Found, NoticeRule
from annals.model import Reading

_MISSED = re.compile(
    r"(?:未能?|没有|尚未)(?:如期|按期|按时|全部|全面|完全)?(?:达到|完成|实现)[^，。；\n]{0,16}?(?:目标|任务|计划|指标|预期|要求)|"
    r"[低少]于[^，。；\n]{0,10}?(?:目标|预期|计划)(?:值|数|任务)?(?=[，。；\n])|未达标"
)
_PAST = ("review", "communique", "report", "press")


def target_admitted(reading: Reading) -> Iterator[Found]:
    """A report's number that it says is short of what was aimed at: a rate of 57 percent, 未达到六成的目标."""
    if reading.description.genre not in _PAST:
        return
    for missed in _MISSED.finditer(reading.text):
        start = max(reading.text.rfind(end, 0, missed.start()) for end in "。；\n") + 1
        before = [
            index
            for index, figure in enumerate(reading.figures)
            if start <= figure.start and figure.end <= missed.start() and figure.role == "actual"
        ]
        if not before:
            continue
        figure = reading.figures[before[-1]]
        yield Found(
            message="admitted",
            given={"result": figure.raw, "words": missed[0]},
            evidence=sentence(reading, figure.start, missed.end()),
            figure=before[-1],
            start=figure.start,
            end=figure.end,
        )


RULES = (
    NoticeRule(
        code="target_admitted",
        severity="info",
        check=target_admitted,
    ),
)
