"""The words of the pages, in English and Chinese. Those of checks and findings stand in include/words."""

from collections.abc import Mapping
from types import MappingProxyType

from annals.checks.words import LANGUAGES, Language

# key: English, Chinese
WORDS = {
    "language": ("English", "中文"),
    "findings": ("Findings", "待核问题"),
    "withheld": ("Withheld", "暂扣数据"),
    "checks": ("Checks", "校验记录"),
    "search": ("Search titles and sentences", "搜索标题和原句"),
    "shortcuts": ("Keys", "快捷键"),
    "state": ("State", "状态"),
    "severity": ("Severity", "级别"),
    "rule": ("Check", "校验规则"),
    "source": ("Source", "来源"),
    "any": ("any", "全部"),
    "open": ("open", "待处理"),
    "accepted": ("accepted", "已认可"),
    "corrected": ("corrected", "已更正"),
    "dismissed": ("dismissed", "已排除"),
    "error": ("error", "错误"),
    "warning": ("warning", "警告"),
    "info": ("info", "提示"),
    "accept": ("Accept", "认可"),
    "correct": ("Correct", "更正"),
    "dismiss": ("Dismiss", "排除"),
    "reopen": ("Open again", "重新打开"),
    "accept_means": (
        "The finding is right, the figure stands as published. It goes to the marts.",
        "问题属实，但数据按原文保留，进入数据集市。",
    ),
    "correct_means": (
        "The figure goes to the marts with what you enter; what was read is kept beside it.",
        "数据按您填写的内容进入数据集市，原读取值一并保留。",
    ),
    "dismiss_means": (
        "The finding is wrong. The figure goes to the marts, and the finding stays away while the text stays as it is.",
        "误报。数据进入数据集市；原文不变时不再提示。",
    ),
    "reopen_means": ("The decision no longer holds.", "撤销原决定。"),
    "reason": ("Reason", "理由"),
    "expires": ("Until", "有效期至"),
    "value": ("Value", "数值"),
    "year": ("Year", "年份"),
    "region": ("Region", "地区"),
    "expected": ("Expected", "应为"),
    "seen": ("Seen", "实为"),
    "since": ("since", "自"),
    "owner": ("owner", "负责人"),
    "page": ("page", "页"),
    "on_page": ("On the page", "页面截图"),
    "notice": ("Notice", "公文"),
    "figure": ("Figure", "数据"),
    "message": ("Finding", "问题"),
    "action": ("What to do", "建议"),
    "read_as": ("read as", "读取为"),
    "was_read_as": ("was read as", "原读取为"),
    "as_it_is": ("as it is", "不变"),
    "context": ("In the notice", "原文上下文"),
    "history": ("Decisions", "处理记录"),
    "no_history": ("None yet.", "暂无。"),
    "earlier_text": ("on an earlier text", "针对修改前的原文"),
    "until": ("until", "有效期至"),
    "others": ("Other findings on this figure", "同一数据的其他问题"),
    "reopened_changed": (
        "Open again: the text is another now than when it was settled.",
        "重新打开：原文已变，原决定不再适用。",
    ),
    "reopened_expired": ("Open again: the decision has expired.", "重新打开：原决定已过期。"),
    "resolved": ("The checks no longer find this.", "校验已不再报告此问题。"),
    "published_page": ("Publisher's page", "发布页面"),
    "run": ("Run", "运行"),
    "nothing_found": ("Nothing is open here.", "没有待处理的问题。"),
    "nothing_matches": ("Nothing matches these filters.", "没有符合筛选条件的问题。"),
    "nothing_withheld": ("Nothing is withheld.", "没有暂扣数据。"),
    "whole_notice": ("the whole notice", "整份公文"),
    "no_runs": ("There has been no run yet.", "尚无运行记录。"),
    "begun": ("begun", "开始于"),
    "must_hold": ("What must hold", "应满足"),
    "of": ("Of", "对象"),
    "looked_at": ("Looked at", "检查数"),
    "failed": ("Found", "发现"),
    "published": ("published", "已发布"),
    "passed": ("passed", "通过"),
    "with_findings": ("with findings", "有问题"),
    "no_audit": (
        "The audit of this run has not finished: nothing of it is published.",
        "本次运行的校验尚未完成，未发布任何数据。",
    ),
    "all_passed": ("No finding of this run stands: all that was read passed.", "本次运行没有遗留问题，全部通过。"),
    "all_runs": ("All runs", "全部运行"),
    "all_findings": ("All findings", "全部问题"),
    "previous": ("Previous", "上一页"),
    "next": ("Next", "下一页"),
    "done": ("Settled", "已处理"),
    "view": ("View", "查看"),
    "close": ("Close", "关闭"),
    "move": ("next, previous finding", "下一条、上一条"),
    "details": ("details", "详情"),
    "leave": ("leave a field, close", "离开输入框、关闭"),
    "help": ("this help", "本帮助"),
    "clear": ("Clear filters", "清除筛选"),
    "running": ("running", "运行中"),
    "succeeded": ("succeeded", "成功"),
    "seconds": ("seconds", "秒"),
    "only_some": ("The first are shown; the rest is under Findings.", "此处仅列出前若干条，其余见“待核问题”。"),
    "may_not": ("Your role may look, not settle.", "您的角色只能查看，不能处理。"),
    "base_unit": ("in the base unit", "按基本单位"),
    "of_these": ("of", "共"),
}


def words(language: Language) -> Mapping[str, str]:
    """The words of a language."""
    index = LANGUAGES.index(language)
    return MappingProxyType({key: given[index] for key, given in WORDS.items()})


def choose_language(asked: str, kept: str, accepted: str) -> Language:
    """The language asked for, kept from before, or the one that the browser likes best.

    >>> choose_language("", "", "de, zh-CN;q=0.8, en;q=0.7"), choose_language("", "en", "zh")
    ('zh', 'en')
    """
    for given in (asked, kept):
        if given in LANGUAGES:
            return given
    liked = []
    for order, part in enumerate(accepted.split(",")):
        tag, _, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=") or "1"
        code = tag.strip().lower().partition("-")[0]
        if code in LANGUAGES and weight.replace(".", "", 1).isdecimal():
            liked.append((-float(weight), order, code))
    return min(liked)[2] if liked else "en"
