"""The words between a phrase and its number: what kind of statement it is, and which way it goes."""

import re
from typing import Literal

Operator = Literal["up", "down", "to", "from", "plain", "net", "new", "fold"]


def _table() -> dict[str, Operator]:
    table: dict[str, Operator] = {}
    for kind, words in (
        (
            "up",
            "增长 增加 上升 上涨 提高 提升 增 涨 扩大 多 高 增长了 增加了 提高了 提升了 上升了 上涨了 增收 高出 多出 增加额 增幅 "
            "涨幅 增速 增幅为 增幅达 涨幅为 增速为 增速达 增速达到 年均增速 年均增速为 加快 快 递增 同增 升高 正增长",
        ),
        (
            "down",
            "下降 减少 降低 回落 下滑 缩减 缩小 收窄 少 减 降 下跌 低 负增长 下降了 减少了 降低了 降幅 降幅为 降幅达 跌 放缓 慢 "
            "缩短 压缩 低于 少于",
        ),
        (
            "to",
            "增至 增加到 增加至 增长到 增长至 提高到 提高至 提升到 提升至 上升到 上升至 升至 升到 扩大到 扩大至 发展到 发展至 "
            "下降到 下降至 降低到 降低至 降到 降至 减至 减少到 减少至 压减至 回落到 回落至 达 达到 达成 为 是 至 到 突破 超过 超 "
            "约 约为 均为 均达 均达到 就达 高达 累计达 累计达到 实现 完成 多达 达到了 保持在 稳定在 控制在 维持在 稳定 控制 计 接近 不低于 不少于 不超过 达标 共达 已达 "
            "已达到 将达 将达到 列 在",
        ),
        ("from", "由 从 自"),
        ("net", "净增 净增加 净减 净减少"),
        ("new", "新增 新增加 新设 新建 新增长"),
        (
            "plain",
            "共 已 有 共有 共计 总计 合计 累计 分别 各 每 仅 只 均 超 近 逾 总共 实有 现有 拥有 设有 分别为 分别达 分别达到 分别是 、 和 ： : 以 了 较好 实际 名义 同比 环比 年均 平均 预计 估计 再 又 还 连续 每人每月 每人每年 每月 每年 每人 每户 每亩 每吨 每年每人 五年 近五年 三年 近三年 两年 十年 五年来 三年来 接连 全市 全省 全区 全县 折合 约合 合 即",
        ),
    ):
        for word in words.split():
            table.setdefault(word, kind)  # type: ignore[arg-type]
    return table


OPERATORS = _table()
_BETTER = frozenset(("提升", "扩大", "加快", "压缩", "缩小"))  # what is done to things as well as what numbers do
_LONGEST = max(map(len, OPERATORS))
_COMPARISON = re.compile(
    r"(?:比|较|同|与)(?:上年|去年|上一年|前年|年初|上期|上月|(?:19|20)\d\d年|上届|同期|计划|原|“?十[一二三四五]五”?)"
    r"(?:度|末|底|初|同期|同月|相比|时|期末)?(?:相比)?$"
    r"|(?:高于|低于|快于|好于|优于|高出|超出|领先|慢于|多于|少于)[^，。；]{1,24}$"
    r"|比[^，。；比]{1,12}$"
)
_BEYOND = re.compile(r"(?<!不)(?:高于|低于|快于|好于|优于|高出|慢于|多于|少于)[^，。；比]{1,24}(?<!标准)(?<!的)$")


class Operators:
    """What stood between phrase and number, read from the right; `rest` is the clause without it."""

    __slots__ = ("better", "comparison", "down", "frm", "move", "net", "new", "plain", "rest", "separately", "to")

    def __init__(self, clause: str) -> None:
        self.to = self.frm = self.new = self.net = self.down = self.separately = self.comparison = self.plain = False
        self.move = self.better = False
        text = clause
        while text:
            text = text.rstrip(" 　（(")
            for size in range(min(_LONGEST, len(text)), 0, -1):
                word = text[-size:]
                kind = OPERATORS.get(word)
                if kind is None or (size == 1 and self._part_of_word(text)):
                    continue
                self._note(word, kind)
                text = text[:-size]
                break
            else:
                # each comparison ends the clause, so one look is enough
                found = None
                if not self.comparison:
                    found = (_COMPARISON if self.move or self.net else _BEYOND).search(text[-30:])
                if found is None:
                    break
                self.comparison = self.move = True
                if found.group().startswith(("低于", "慢于", "少于")):
                    self.down = True
                text = text[: len(text) - (len(text[-30:]) - found.start())]
        self.rest = text

    def any(self) -> bool:
        """Whether anything was said between phrase and number that gives it a sense of its own."""
        return self.to or self.frm or self.net or self.new or self.move

    def _note(self, word: str, kind: Operator) -> None:
        if "分别" in word or word == "各":
            self.separately = True
        if kind == "to":
            if not self.move:
                self.to = True
        elif kind == "from":
            self.frm = True
        elif kind == "net":
            self.net = True
            self.down |= "减" in word
        elif kind == "new":
            self.new = True
        elif kind in ("up", "down"):
            if not self.to or word in ("增长", "增幅", "涨幅", "降幅", "下降", "增速", "上涨"):
                self.move = True
                self.down |= kind == "down"
                self.better |= word in _BETTER
        else:
            self.plain = True

    @staticmethod
    def _part_of_word(text: str) -> bool:
        """Whether a single character at the end belongs to a longer noun: 人均, 以来, 总数, 最高."""
        return text[-2:] in _WORDS


_WORDS = frozenset(
    ["增长率", "长率", "人均", "户均", "平均", "总数", "人数", "户数", "次数", "件数", "家数", "最高", "最低", "提高", "总计", "统计", "审计", "会计", "设计", "老少", "青少", "年均", "公里", "指数", "系数", "基数", "点数", "倍数", "未来", "社会", "合计", "其中", "工人", "机关", "所有", "国有", "公有", "民有", "私有", "全市", "全省", "亿元", "价格", "以来", "招生", "团队", "复合", "联合", "综合", "结合", "整合", "融合", "混合", "组合", "和谐", "共和", "饱和", "缓和", "温和", "自由", "理由", "公共", "总共", "快慢", "高低", "多少", "大多", "众多", "提升", "直达", "发达", "到达", "表达", "传达", "抵达", "行为", "作为", "成为", "存在", "现在", "内在", "潜在", "所在", "实在", "正在", "直到", "周到", "报到", "签到", "甚至", "乃至", "夏至", "冬至", "全县", "全区", "时期", "学期", "本期", "中期", "系列", "行列", "序列", "陈列", "前列", "下列", "增产", "增量", "增值", "降雨", "增减", "下降", "上涨", "缩减", "裁减", "得以", "难以", "可以", "予以", "加以", "足以", "所以", "给以"]
)
