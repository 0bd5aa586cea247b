"""Where: the places that a document names, and which of them a number is about."""

import re

from annals import regions
from annals.figures.words import VERBS

_CLAUSE_START = re.compile(
    r"(?:^|[，。；：\s]|推动|指导|支持|帮助|来自)"
    r"(?:其中|同时|此外|目前|全年|年末|近年来|今年以来|今年|去年|预计|共|累计|先后|截至[^，。；]{0,9}[末底日]|“?十[一二三四五六]五”?(?:末|期间|时期|以来)"
    r"|(?:19|20)\d\d\s*年(?:末|底|以来|\d{1,2}月(?:\d{1,2}日)?(?:以来)?)?|\d{1,2}月(?:\d{1,2}日|末|底)?|推动|指导|支持|帮助|来自|吸引|在(?=全球))*"
)
_SUFFIXES = "区县市省州旗盟"
_BESIDE = re.compile(r"(?:全国|全球|全世界|世界|[\u4e00-\u9fff]{1,7}(?:[市区县省]|新区|两地|三地|川渝|地区))$")
_ONE_OF = re.compile(r"[^，。；]{0,30}之一")
_COUNTIES = re.compile(r"(?:区县|县（?市|县市|县区|区市县|市县|市州|地市|地级市|县|区|镇街)")


class Places:
    """The places that a document names, as seen from its own region, `base`."""

    __slots__ = ("_seen", "base", "unlisted")

    def __init__(self, base: str | None, unlisted: frozenset[str] = frozenset()) -> None:
        self.base = base
        self.unlisted = unlisted  # names that are in no table
        self._seen: dict[str, tuple[str, int] | None] = {}

    def leading(self, words: str) -> tuple[str, int] | None:
        """The region that `words` begin with, and how long its name is."""
        head = words[:12]
        if head not in self._seen:
            if len(self._seen) > 20_000:
                self._seen.clear()
            self._seen[head] = self._look(head)
        return self._seen[head]

    def _look(self, head: str) -> tuple[str, int] | None:
        if head.startswith(("全国", "全球", "全世界")):
            return ("全国", 2) if head.startswith("全国") else ("全球", 2)
        if head.startswith("中国"):
            return None
        found = self._named(head, self.base)
        while found is not None:  # 上海市普陀区: the inner one is meant
            inner = self._named(head[found[1] :], found[0])
            if inner is None or head[found[1] + inner[1] - 1] not in _SUFFIXES:
                break
            found = inner[0], found[1] + inner[1]
        return found

    def _named(self, head: str, within: str | None) -> tuple[str, int] | None:
        if not (self.unlisted or regions.may_begin(head)):
            return None
        for length in range(min(len(head), 11), 1, -1):
            name = head[:length]
            if name in self.unlisted:
                return name, length
            if name[-1] in _SUFFIXES and not (length == 2 and name[-1] == "州" and name[0] not in "全各该本我两"):
                if length == 2:
                    continue  # 市区, 全县: words, not places
                region = regions.find(name, within=within) or regions.find(name)
                if region is not None:
                    return region.name, length
            elif regions.is_known(name):  # a short name, which may be an everyday word as well
                for mention in regions.mentions(head, within=within):
                    return (mention.region.name, mention.end) if mention.start == 0 else None
        return None

    def only(self, words: str) -> str | None:
        """The region that words name where they name nothing else: 其中永川区, 、两江新区."""
        bare = _AMONG.sub("", words).strip()
        place = self.leading(bare) if 2 <= len(bare) <= 12 else None
        return place[0] if place is not None and place[1] == len(bare) and place[0] not in WIDE else None

    def without(self, subject: str) -> str:
        """The counted thing without the places that stand beside it: 区县和两江新区 → 区县."""
        for mark in "、和与及":
            at = subject.find(mark)
            if at >= 2 and self.leading(subject[at + 1 : at + 13]) is not None:
                return subject[:at]
        return subject

    def acting(self, words: str, here: str | None) -> tuple[str | None, int] | None:
        """The last region that opens one of the clauses in `words`, with its position; None where none does."""
        found: tuple[str | None, int] | None = None
        quoted = seen = 0
        for match in _CLAUSE_START.finditer(words):
            at = match.end()
            quoted += words.count("“", seen, at) - words.count("”", seen, at)
            seen = at
            if quoted > 0:
                continue  # in a name or slogan
            first = words[at : at + 2]
            if first in ("全市", "全省", "我市", "我省", "本市", "本省"):
                found = (self.base, at)
            elif first in ("全区", "全县", "我区", "我县", "本区", "本县", "全旗", "全州"):
                found = (here, at)
            elif first:
                place = self.leading(words[at : at + 12])
                if place is None:
                    continue
                behind = at + place[1]
                if "，" not in words[behind:] and words.endswith("等"):
                    continue  # one of several that are named: 永川等7个
                if words.startswith(_PEOPLE, behind) and words[behind - 1] not in _SUFFIXES:
                    continue  # 港澳居民: who they are, not where
                if words.startswith(("首位", "第", "前列", "、", "和", "与", "及"), behind):
                    continue
                if place[0] in WIDE:
                    if self.base in (None, "全国") or words.startswith(_STANDING, behind):
                        found = (place[0], at)
                elif (
                    words[behind - 1] in "省市区县州旗盟"
                    or words[behind : behind + 2] in _ACTS
                    or "，" not in words[behind:]
                ):
                    found = (place[0], at)
        return found

    def beside(self, before: str, post: str, subject: str) -> str | None:
        """The region that qualifies the counted thing: 全国18个试点, 川渝两地40余万群众, 15家川渝特色书屋."""
        match = _BESIDE.search(before[-10:])
        if match and "、" not in before[-10 : -len(match.group())]:
            words = match.group()
            for at in range(len(words) - 1):
                place = self.leading(words[at:])
                if place is not None and words[at + place[1] :] in ("", "两地", "三地", "地区", "各地"):
                    return place[0]
            if words.endswith("世界"):
                return "全球"
        if _ONE_OF.match(post):
            return "全国"
        at = 2 if subject.startswith("年度") else 0
        place = self.leading(subject[at:])
        if place is not None and place[0] in _JOINT:
            return place[0]
        return None


_AMONG = re.compile(r"^[\s、，；]*(?:其中[:：，]?)?")
WIDE = frozenset(("全国", "全球"))
_STANDING = ("共", "累计", "平均", "人均", "范围", "已有", "拥有")
_ACTS = frozenset(
    (
        *VERBS,
        "科协",
        "市委",
        "区委",
        "县委",
        "省委",
        "政府",
        "两地",
        "三地",
        "各地",
        "累计",
        "全年",
        "还将",
        "全域",
        "已有",
        "坚持",
    )
)
_PEOPLE = ("居民", "同胞", "青年", "学生", "企业", "籍", "专家", "游客", "客商", "高校", "医院", "医生")
_JOINT = frozenset(("川渝", "成渝", "京津冀", "长三角", "粤港澳大湾区", "粤港澳", "成渝地区双城经济圈"))


def counts_divisions(subject: str) -> bool:
    """Whether districts and counties themselves are counted, which no district can have."""
    return _COUNTIES.fullmatch(subject) is not None
