"""Planned or done: what the words of a sentence say of it."""

import re

from annals.model import Role

_TARGET = re.compile(
    r"(?:力争|争取(?=到(?:今|明|本|年|20)|在|实现|达到|建成|完成|新增|今年|明年)|确保)[^，。；]*$|(?:主要|预期|发展|工作)目标|目标(?:是|为|：|今年)"
    r"|预期(?!寿命|收益)|计划(?:到|在|新|建|完|实|于|开)|拟(?:建|新|于|安排)"
    r"|将(?:新|建|达|完|实|投|在|于|开|举|推|启|组|为|继续|持续|接续|陆续|重点|围绕|突出|全面|大力|进一步|积极|打造|改造|提升|扩|增|培|发放|安排|超|覆盖|集中|动员|充分|统筹|支持|开放|免费|接待|走进|深入|有\d)"
    r"|努力实现|要(?:实现|达到|完成|确保|新|建成|打造)|安排部署|下一步|明年|(?:年|\d月|\d日|[底末])之?前(?:全面|基本|力争|要)*(?:完成|建成|实现|达到|新|改造)"
)
_MET = re.compile(
    r"(?:完成|实现|达成|超额|达到)(?![如以]下)[^，。；]{0,60}目标|目标任务|超(?:过|出)?[^，。；]{0,12}(?:目标|标准)|超额完成|高于预期|好于预期"
)
_DONE = re.compile(
    r"已(?:经)?(?:建|有|完|达|成|实|开|累|举|为|在|全|超|获|入|形)|截至|截止|目前|现有|去年|过去|[二三五十两多几近]年来|以来|(?:数据|统计)显示|了(?=\d)"
)
# A sentence that sets out what is to come: 今年，市科协将…; those that follow it go on so.
_SETS_OUT = re.compile(
    r"(?:今年|明年|下一步|下一阶段|下阶段|接下来|年内|未来[一-龥\d]{1,3}年|(?:19|20)\d\d年)(?!以来)[^。；]{0,24}?(?:将(?!军|领)|(?<!主|重|需)要(?!求|闻|点|素)|计划(?!内)|拟(?!定)|力争)"
)

_DEMANDED = re.compile(
    r"(?<![重主需必纪摘概])要(?:求)?(?:达|实现|完成|建成|超过|覆盖|不)|(?<![供反效适响对相])[应须](?:当)?(?:达|实现|完成|不)|不(?:得)?(?:低于|少于|高于|超过)|力争|争取|确保"
)
_GOALS = re.compile(r"(?:目标|任务|指标)(?:是|为)?[:：]")


def sets_goals(words: str) -> bool:
    """Whether what follows, to the end of the sentence, is aimed at: 主要预期目标是：…；…；….

    >>> sets_goals("今年主要预期目标是：生产总值增长"), sets_goals("完成了目标，增长")
    (True, False)
    """
    return _GOALS.search(words) is not None


def demands(words: str) -> bool:
    """Whether what follows 到2030年底 must be so then, whatever year it is: 要达到, 不低于.

    >>> demands("到2030年底，覆盖率要达到"), demands("到2030年底，主要指标达到")
    (True, False)
    """
    return _DEMANDED.search(words) is not None


def stated_role(words: str, role: Role, planned: bool = False) -> Role:
    """The role that the words since the last number give, or the one that holds before them.

    Where all is `planned`, words that tell what is there already are about that.

    >>> stated_role("力争到2032年覆盖率超过", "actual"), stated_role("完成了覆盖率超过70%的目标", "actual")
    ('target', 'actual')
    >>> stated_role("全市现有书屋", "target", planned=True), stated_role("全市现有书屋", "target")
    ('actual', 'target')
    """
    near = words[max(words.rfind("；"), words.rfind("。")) + 1 :]
    if _TARGET.search(near):
        return "actual" if _MET.search(near) else "target"
    return "actual" if planned and _DONE.search(near) else role


def sets_out(sentence: str) -> bool:
    """Whether a sentence turns to what is still to come, and those that follow it with it.

    >>> sets_out("今年，市普协将围绕三项重点开展工作。"), sets_out("今年以来，市普协举办活动12场。")
    (True, False)
    """
    return _SETS_OUT.search(sentence) is not None


def looks_back(sentence: str) -> bool:
    """Whether a sentence tells what is done: what was to come before it has ended."""
    return _DONE.search(sentence) is not None
