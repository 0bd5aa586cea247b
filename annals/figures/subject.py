"""Noun phrases around a number: what it counts or measures.

Two places are looked at: left of the number (海智驿站增至31家) and right of it (12位乡村教师代表). There is no
word list of nouns; the phrase is what is left when the words that are not part of it have been taken away.
"""

import re

from annals.figures.words import GENERIC, OPENERS, PREDICATES, PURE_VERBS, VERBS

_OPENING = re.compile(
    "(?:(?:" + "|".join(sorted(set(OPENERS) - {"有"}, key=len, reverse=True)) + r")(?![性率])|有(?![效机色线轨限害])"
    r"|共(?![建享同识青产和计性])|(?:自|从)?(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以来|起|至今)"
    r"|截至?[^，。]{0,10}?(?:年底|年末|月底|月末|日|年|末|底)"
    r"|(?:19|20)\d\d\s*年(?:度|末|底|初|全年|以来|来|\d{1,2}月(?:份|末|底)?)?"
    r"|到(?:(?:19|20)\d\d\s*)?年(?:末|底)|到(?:19|20)\d\d\s*年|\d{1,2}月(?:份|末|底)?"
    r"|“?十[一二三四五六]五”?(?:期间|时期|末|以来)"
    r"|第[一二三四五六七八九十百]+[条款]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．](?!\d)|[一二三四五六七八九十]{1,3}、|\s)+"
)

_BY_LENGTH = sorted(set(VERBS), key=len, reverse=True)
_HEAD_VERB = re.compile("(?:新)?(?:" + "|".join(_BY_LENGTH) + ")(?:了|出|成|好)?")

_LAST_PURE = re.compile("(?<!更)(?:" + "|".join(sorted(set(PURE_VERBS), key=len, reverse=True)) + ")(?:了)?(?!区)")

_BRACKETED = re.compile(
    r"（[^（）]{0,60}）|\([^()]{0,60}\)|\[\d{1,3}\]|〔\d{1,3}〕|［\d{1,3}］|[①-⑳㉑-㉟]|【[^【】]{0,20}】|\*+"
)

# Where a phrase to the right of a number ends: what follows is said of it.
_RIGHT_END = re.compile(
    r"[，。；：！？,;:!?（(\s…—]|参与|参加|获得|获评|获批|荣获|担任|兼任|被|受到|得到|入选|投入|投用|投产|建成|通过|实现|进入|"
    r"增长|增加|下降|减少|提高|提升(?=[了到至，。；]|\d)|全部|分别|均(?!衡|价|线)|同时|开展|组建|成立(?!的)|举办|召开|增选|当选|入围|跻身|上榜|免费|提供|全面(?=完成|建|启|落|实|推)|新(?=获|增|认|入|当|评)|上(?=每|播|进行|开)|组织开展|出席|成为|达到|接待(?![中能处室站点量员])|"
    r"包括|深入|实施|进行|全线|成功|申报|落户|落地|开工|竣工|完成|接受|发表|作报告|作为|关注|纳入|"
    r"来自|位居|居全|排名|(?<!地级)(?<!级及)以上|左右|上下|以内|以下|已(?!婚)|将(?!军|领)|在(?!校|读|职|建|册|岗|线|渝|京)|(?<![结反相应面核配针校绝])对(?!接|外|口|标|象)|"
    r"(?<![纵横定方面双单导意取])向(?!社|导)|由|从(?!业|教|事)|是|于(?!是)|用于|比上|同比|较|占|之一|(?<![高中初平均同相优上头特不])等(?=[，。；、\d]|$)|以(?=[^上下内])|为(?![民农老企])|并(?!网|购)|注册"
)
_RIGHT_BAR = re.compile(
    r"[\d，。；：、！？,;:!?()（）\[\]】」』”’》…—\-~～/·.]|$|的|保持|继续|仍|以上|之|左右|上下|以内|以下|或|及|和|与|比|同(?!志|学|胞|事|行|类|仁)|较|占|均|并|而|就(?!业|医|诊|学|餐|读|近)|则|也|"
    r"组建|成立|建成|建立|举办|召开|印发|出台|形成|来自|参(?!数|事|考|赛[作项选队团]|展|保|会[代人])|获|被|受|得|入选|增(?![发值量])|下降|减|提高|提升(?!行动|工程|计划|项目)|达|为(?![民农老企])|是|在(?!校|读|职|建|册|岗|线)|从(?!业|教)|由|以|至|到|向(?!社)|对(?!接|外)|居(?!民|住|家|委)|位|列|"
    r"分别|全部|同时|投入|实现|开始|启动|竣工|正(?!式|高|教|处)|尚|开工|建成|通过|完成|关注|围绕|进行|覆盖|注册(?!商|会|资)|新增|以来|创(?=历史|下|新高|有|近|造)|高于|低于|快于|好于|多(?!媒|功|元)|有(?![机色限轨声线关氧害效机])|不|起|未(?!来|成年|婚)|已|将(?!军)|可"
)
_FROM = re.compile(r"^来自[^，。；、\d]{1,24}?的")  # 来自各地的代表
_EITHER = re.compile(r"[一-龥]{1,3}[（(][一-龥、]{1,4}[）)]")  # 县（市、区）, 村（社区）
_GRADE = re.compile(r"\d?A{1,5}级(?:以上)?")
_OF_RELATIVE = re.compile(
    r"(?:具有|具备|有|获|参加|参与|来自|符合|涉及|达到|包括|含|面向|针对|服务|用于|需|能|可|以|由|在|从|与|对|被|已)"
)
_OF_PLACE = re.compile(r"(?:身边|周边|以上|以下|之间|内部|较大|较好|较高|重大|重要)$")

LONGEST = 40


def strip_notes(text: str) -> str:
    """Take out bracketed remarks, footnote marks and emphasis: 生产总值（GDP）[2] → 生产总值."""
    if not any(mark in text for mark in "（([〔［【*①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"):
        return text
    return _BRACKETED.sub("", text)


_REMARK = r"(?:（[^（）]{0,60}）|\([^()]{0,60}\))?"


def with_notes(phrase: str, text: str) -> str:
    """A phrase found in text without notes as it stands in the text, the remarks inside it kept.

    >>> with_notes("执业医师", "共有执业（助理）医师（含乡村）")
    '执业（助理）医师'
    """
    if not phrase or phrase in text:
        return phrase
    found = re.findall(_REMARK.join(map(re.escape, phrase)), text)
    return found[-1] if found else phrase


def right_noun(text: str, meets_number: bool = False) -> str:
    """The noun phrase that begins right after a number's measure word, or "".

    `meets_number` says that `text` ends where the next number begins: what follows 、 is then that number's own.

    >>> right_noun("乡村教师代表的一封来信")
    '乡村教师代表'
    >>> right_noun("市民参与。")
    '市民'
    >>> right_noun("，下降")
    ''
    """
    text = _FROM.sub("", text[:80].lstrip(" 　"))
    if grade := _GRADE.match(text):  # 226家4A级景区
        return grade.group() + noun if (noun := right_noun(text[grade.end() :], meets_number)) else ""
    if _RIGHT_BAR.match(text):
        return ""
    opening = text[0]
    skip = 1
    if opening in "“《‘「":
        closing = text.find({"“": "”", "《": "》", "‘": "’", "「": "」"}[opening])
        if closing < 0:
            return ""
        skip = closing + 1
    if either := _EITHER.match(text):
        skip = either.end()
    ended = _RIGHT_END.search(text, skip)
    phrase = text[: ended.start()] if ended else text
    if meets_number and not text.endswith("的"):
        comma = phrase.find("、", skip)
        phrase = phrase if comma < 0 else phrase[:comma]
    return _tidy_right(phrase)


def _tidy_right(phrase: str) -> str:
    at = phrase.find("的", 1)
    if at > 0:
        behind = phrase[at + 1 :]
        relative = _OF_RELATIVE.match(phrase) or _OF_PLACE.search(phrase[:at])
        phrase = behind if relative and len(behind) >= 2 else phrase[:at]
    return shorten(phrase.rstrip("、和与及等 　“《（(")[:LONGEST])


def left_noun(clause: str, whole: bool = False) -> tuple[str, bool]:
    """The noun phrase that a clause leaves before its number, and whether a verb was taken off.

    `whole` keeps a long phrase as it is, for one that names several things.

    >>> left_noun("全市新建流动书屋")
    ('流动书屋', True)
    >>> left_noun("其中，第一产业增加值")
    ('第一产业增加值', False)
    >>> left_noun("共吸引")
    ('', True)
    """
    text = _after_statement(_PREFACE.sub("", clause[-120:]))
    if "，" in text:
        text = text[text.rindex("，") + 1 :]
    opened = _OPENING.match(text)
    if opened:
        text = _PREFACE.sub("", text[opened.end() :])
    verb = False
    if text.startswith(("按照", "按每", "以每")):
        return "", True
    fronted = _fronted(text)
    if fronted:
        return fronted, True
    cut = _last_verb(text)
    if cut:
        verb = True
        text = text[cut:]
    for _ in range(2):  # 规范建设科普驿站
        head = _HEAD_VERB.match(text)
        if not head or _nominal(text, head.end()) or len(text) - head.end() == 1 or (cut and head.end() == len(text)):
            break
        verb = True
        text = text[head.end() :]
    opened = _OPENING.match(text)
    if opened:
        text = text[opened.end() :]
    if text in _VERBAL:
        return "", True  # 向30家企业发放
    return (text.strip(_EDGES) if whole else tidy(text)), verb


def acts(clause: str) -> bool:
    """Whether a clause begins with what is done: 举办讲座, 全市举办讲座; not 国家支持项目.

    >>> acts("全市举办讲座"), acts("国家支持项目")
    (True, False)
    """
    opened = _OPENING.match(clause)
    at = opened.end() if opened else 0
    head = _HEAD_VERB.match(clause, at)
    return head is not None and not _nominal(clause, head.end())


_STATED = re.compile("(?:" + "|".join(PREDICATES) + ")[、]")


def _after_statement(text: str) -> str:
    """What follows a statement that 、 sets off: 试点顺利推进、事项综合率 → 事项综合率."""
    end = max((match.end() for match in _STATED.finditer(text)), default=0)
    return text[end:] if len(text) - end >= 4 else text


_PREFACE = re.compile(
    r"^(?:(?:因|由于|受)[^，。；]{2,40}?(?:影响|原因)|[^，。；]{0,6}?(?:指出|显示|表明|表示|透露)(?=.{4}))"
)
_RATE_TAIL = re.compile(r"(?:率|比例|比重|占比|系数|指数|强度)$")
_VERBAL = tuple("向为对从由在把将给")


def _last_verb(text: str) -> int:
    """Where the object of the clause's last verb begins; 0 where no verb need be taken off."""
    cut = 0
    for match in _LAST_PURE.finditer(text):
        start, end = match.span()
        if _quoted(text, start) or len(text) - end == 1 or (end < len(text) and _nominal(text, end)):
            continue
        acts_itself = text.startswith(_VERBAL, cut) or text[start - 1 : start] in ("将", "已", "要")
        if end == len(text) and start - cut >= 3 and not acts_itself:
            continue  # 全社会研发投入: the verb is the head of the noun
        if start > cut and (_RATE_TAIL.search(text) or (match.group() == "新增" and start - cut <= 6)):
            continue  # 网络覆盖人口比例, 城镇新增就业
        if match.group() in ("实现", "完成") and start - cut >= 3 and len(text) - cut <= 20:
            continue  # 规模以上工业企业实现利润
        cut = end
    return cut


_NOMINAL_VERB = re.compile(
    "(?:" + "|".join(sorted(set(VERBS) - set(PURE_VERBS) - set(OPENERS), key=len, reverse=True)) + ")$"
)


def names_doing(clause: str) -> str:
    """The verb that a clause ends in, where it may as well be the name of what is done: 依法整改; not 共举办.

    >>> names_doing("依法整改"), names_doing("共举办")
    ('整改', '')
    """
    match = _NOMINAL_VERB.search(clause)
    return match.group() if match and len(match.group()) > 1 else ""


def ends_in_verb(text: str) -> bool:
    return text[-2:] in _TWO


_TWO = frozenset(VERBS)
_NOMINAL_NEXT = re.compile(
    r"(?:业|费|额|量|率|数|度|强度|规模|占比|贸易|机器人|零售|消费|资本|资金|人次|人数|系数|指数|面积|收入|支出|总|人员|人数|企业|机构|中心|项目|单位|经费|者|商|品|性|基地|工作|能力|水平)"
)


def _nominal(text: str, end: int) -> bool:
    """Whether the verb at the head is the first half of a noun: 服务业增加值, 投资额, 建设项目."""
    return _NOMINAL_NEXT.match(text, end) is not None


def tidy(text: str) -> str:
    """Trim particles and punctuation off both ends of a phrase."""
    return shorten(text.strip(_EDGES))


_EDGES = " 　、，：:；的了等—-"
_LISTED = re.compile(r"(?:、[^、]*?|^[^、]{2,10}?)(?<![高中初平均同相优上头特不])等(?=[^级次离候、])")


def shorten(phrase: str) -> str:
    """The head of a phrase: what stands behind a list of examples, a title or a modifier that makes it long.

    >>> shorten("读书会、森林防火演练等活动")
    '活动'
    >>> shorten("“从田野到课堂、从课堂到田野”巡讲活动")
    '巡讲活动'
    >>> shorten("圆满完成“十二五”末全市居民参加讲座的比例")
    '居民参加讲座的比例'
    """
    listed = max((match.end() for match in _LISTED.finditer(phrase)), default=0)
    if listed and len(phrase) - listed >= 2:
        phrase = phrase[listed:]
    if len(phrase) > 16:
        for mark in "”》的":
            at = phrase.rfind(mark)
            behind = phrase[at + 1 :]
            if (
                at > 0
                and len(behind) >= 2
                and phrase[at - 1] != "中"
                and behind not in GENERIC
                and not behind.startswith(("、", "和", "与", "及"))
            ):
                period = _OPENING.match(phrase, max(0, phrase.rfind("“", 0, at)))  # “十四五”末全市…
                phrase = phrase[period.end() :] if period and period.end() > at else behind
                break
    return phrase[-LONGEST:]


_FRONTED = re.compile(r"(?:对|将|把)([^，。；]{2,30}?)(?:进行|开展|予以|给予|实施|作出|做到)")


def _fronted(text: str) -> str:
    """The object that stands before its verb: 对流动书屋进行清理."""
    match = _FRONTED.match(text)
    return tidy(match[1]) if match else ""


def _quoted(text: str, position: int) -> bool:
    return text.count("“", 0, position) > text.count("”", 0, position) or text.count("《", 0, position) > text.count(
        "》", 0, position
    )
