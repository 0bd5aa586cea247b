"""The words between a phrase and its number: what kind of statement it is, and which way it goes."""

import re
from typing import Literal

from annals.figures.words import DOING, FALLING, FILLING, JOINED, NET, NEW, REACHING, RISING, STARTING

Operator = Literal["up", "down", "to", "did", "from", "plain", "net", "new", "fold"]


_KINDS: tuple[tuple[Operator, tuple[str, ...]], ...] = (
    ("up", RISING),
    ("down", FALLING),
    ("to", REACHING),
    ("did", DOING),
    ("from", STARTING),
    ("net", NET),
    ("new", NEW),
    ("plain", FILLING),
)
OPERATORS: dict[str, Operator] = {word: kind for kind, listed in reversed(_KINDS) for word in listed}
_AS_OF = re.compile(
    r"(?<![比较与同和])(?:(?:19|20)\d\d\s*年(?:末|底)?|去年|上年末?|“?十[一二三四五六]五”?末|\d{1,2}月(?:份|末|底)?)的?$"
)
_PACES = frozenset(("增长", "增幅", "涨幅", "降幅", "下降", "增速", "上涨"))  # movements even before 达 or 为
_BETTER = frozenset(("提升", "扩大", "加快", "压缩", "缩小"))  # what is done to things as well as what numbers do
_LONGEST = max(map(len, OPERATORS))
_COMPARISON = re.compile(
    r"(?:比|较|同|与)(?:上年|去年|上一年|前年|年初|上期|上月|(?:19|20)\d\d年|上届|同期|计划|原|“?十[一二三四五]五”?)"
    r"(?:度|末|底|初|同期|同月|相比|时|期末)?(?:全年)?(?:总[数量额]|[决预]算数?|执行数|完成数)?(?:相比)?$"
    r"|(?:高于|低于|快于|好于|优于|高出|超出|领先|慢于|多于|少于)[^，。；]{1,24}$"
    r"|(?:比|较)(?:常年|往年|历年|历史同期|(?:近\d{1,2}|多)年(?:平均值?|均值))(?:同期)?$"
    r"|(?<![可对])比[^，。；比]{1,12}$"
)
_DONE_MORE = re.compile(  # 比上年少跑
    r"[比较](?:上年|去年|上一年|上月|上期|上届)(?:同期)?(?P<way>[多少])[一-龥]{1,2}$"
)
_BEYOND = re.compile(r"(?<!不)(?:高于|低于|快于|好于|优于|高出|慢于|多于|少于)[^，。；比]{1,24}(?<!标准)(?<!的)$")


class Operators:
    """What stood between phrase and number, read from the right; `rest` is the clause without it."""

    __slots__ = ("at", "better", "comparison", "did", "down", "frm", "move", "net", "new", "rest", "separately", "to")

    def __init__(self, clause: str) -> None:
        self.to = self.frm = self.new = self.net = self.down = self.separately = self.comparison = False
        self.move = self.better = self.did = self.at = False
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
                done = None if self.comparison else _DONE_MORE.search(text[-30:])
                if done is not None:
                    self.comparison = self.move = True
                    self.down = done["way"] == "少"
                    text = text[: -len(done.group())]
                    break
                # each comparison ends the clause, so one look is enough
                found = None
                if not self.comparison:
                    found = (_COMPARISON if self.move or self.net else _BEYOND).search(text[-30:])
                if found is None:
                    dated = _AS_OF.search(text[-14:])
                    if dated is None:
                        break
                    text = text[: len(text) - len(dated.group())]
                    continue
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
            self.at |= word == "在"  # 在8个社区: where, not how many
            if not self.move:
                self.to = True
        elif kind == "did":
            self.did = True
        elif kind == "from":
            self.frm = True
        elif kind == "net":
            self.net = True
            self.down |= "减" in word
        elif kind == "new":
            self.new = True
        elif kind in ("up", "down") and (not self.to or word in _PACES):
            self.move = True
            self.down |= kind == "down"
            self.better |= word in _BETTER

    @staticmethod
    def _part_of_word(text: str) -> bool:
        """Whether a single character at the end belongs to a longer noun: 人均, 以来, 总数, 最高."""
        return text[-2:] in _WORDS


_WORDS = frozenset(JOINED)
