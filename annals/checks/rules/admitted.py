"""What a notice says itself that it did not reach."""

import re
from collections.abc import Iterator

from annals.checks.quoting import sentence
from annals.checks.rule import Found, NoticeRule
from annals.model import Reading

_MISSED = re.compile(
    r"(?:未能?|没有|尚未)(?:如期|按期|按时|全部|全面|完全)?(?:达到|完成|实现)[^，。；\n]{0,16}?(?:目标|任务|计划|指标|预期|要求)|"
    r"[低少]于[^，。；\n]{0,10}?(?:目标|预期|计划)(?:值|数|任务)?(?=[，。；\n])|未达标(?=[，。；\n])|"
    r"未达(?:到)?(?:预期|目标|计划|序时)[^，。；\n]{0,6}(?=[，。；\n])|"
    r"比[^，。；\n\d]{0,8}?(?:目标|计划|任务)[^，。；\n\d]{0,6}?(?:少|低|短缺|欠)(?:了)?\d[^，。；\n]{0,10}|"
    r"(?:仅|只|才)(?:完成|达到|实现|为|占|相当于)[^，。；\n\d]{0,8}?(?:目标|计划|任务|指标)[^，。；\n]{0,10}|"
    r"(?:距离?|离|与|较)[^，。；\n]{0,14}?(?:目标|计划|任务|预期)[^，。；\n]{0,6}?(?:(?:还有|仍有|尚有|存在)[^，。；\n]{0,8}?(?:差距|距离|缺口|不足)|[尚还仍相]差[^，。；\n]{0,12})|"
    r"(?:目标|任务|计划)(?:落空|未能?(?:达到|完成|实现|如期完成))"
)
_AIMS = ("目标", "任务", "计划", "指标", "预期", "要求", "未达")  # no match without one of these
_LESS = re.compile(r"[低少]")
_BETTER = re.compile(
    r"失业|事故|死亡|火灾|浓度|能耗|物耗|电耗|水耗|排放|污染|投诉|信访|负债|不良|支出|成本|费用|用时|时长|时限|赤字|发病|感染|"
    r"差错|误差|流失|闲置|空置|超标|发案|下降|减少|降低"
)  # of which less is no failure
_PAST = ("review", "communique", "report", "press")


def target_admitted(reading: Reading) -> Iterator[Found]:
    """A report's number that it says is short of what was aimed at: a rate of 57 percent, 未达到六成的目标."""
    if reading.description.genre not in _PAST or not any(word in reading.text for word in _AIMS):
        return
    for missed in _MISSED.finditer(reading.text):
        start = max(reading.text.rfind(end, 0, missed.start()) for end in "。；\n") + 1
        before = [
            index
            for index, figure in enumerate(reading.figures)
            if start <= figure.start and figure.end <= missed.start() and figure.role == "actual"
        ]
        if not before or (_LESS.search(missed[0]) and _BETTER.search(reading.text, start, missed.start())):
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
