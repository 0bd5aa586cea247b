"""Noun phrases around a number: what it counts or measures.

Two places are looked at: left of the number (院士工作站增至28家) and right of it (25位科技工作者代表). There is no
word list of nouns; the phrase is what is left when the words that are not part of it have been taken away.
"""

import re

# Words that open a clause without belonging to the phrase that follows them.
_OPENERS = (
    "其中",
    "此外",
    "另外",
    "同时",
    "目前",
    "截至目前",
    "至今",
    "迄今",
    "全年",
    "年末",
    "年底",
    "期末",
    "年内",
    "当年",
    "今年",
    "去年",
    "上年",
    "本年",
    "上半年",
    "下半年",
    "年初",
    "近年来",
    "五年来",
    "一年来",
    "预计",
    "初步核算",
    "累计",
    "共计",
    "总计",
    "合计",
    "先后",
    "陆续",
    "现有",
    "共有",
    "拥有",
    "实有",
    "设有",
    "建有",
    "已有",
    "还有",
    "分别",
    "已经",
    "成功",
    "积极",
    "持续",
    "深入",
    "广泛",
    "全面",
    "扎实",
    "大力",
    "不断",
    "进一步",
    "着力",
    "努力",
    "精心",
    "有序",
    "稳步",
    "连续",
    "力争",
    "确保",
    "争取",
    "实现",
    "完成",
    "达到",
    "保持",
    "全市",
    "全省",
    "全区",
    "全县",
    "全州",
    "全盟",
    "全旗",
    "全镇",
    "全街道",
    "我市",
    "我省",
    "我区",
    "我县",
    "本市",
    "本省",
    "本区",
    "线上线下",
    "线上",
    "线下",
    "共",
    "已",
    "并",
    "又",
    "还",
    "再",
    "均",
    "约",
    "有",
    "且",
    "将",
    "其",
    "和",
    "及",
    "与",
    "以及",
    "、",
    "－",
    "—",
)
_OPENING = re.compile(
    "(?:"
    + "|".join(sorted(_OPENERS, key=len, reverse=True))
    + r"|(?:自|从)?(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以来|起|至今)|截至?[^，。]{0,10}?(?:年底|年末|月底|月末|日|年|末|底)|(?:19|20)\d\d\s*年(?:度|末|底|初|全年|以来|来|\d{1,2}月(?:份|末|底)?)?"
    r"|到(?:19|20)\d\d\s*年(?:末|底)?|\d{1,2}月(?:份|末|底)?|“?十[一二三四五六]五”?(?:期间|时期|末|以来)|\s)+"
)

# Verbs that take the counted thing as their object, or name it as their agent.
VERBS = ["举办", "举行", "召开", "开展", "组织", "策划", "承办", "主办", "联办", "协办", "筹办", "开设", "开办", "兴办", "创办", "申办", "创建", "组建", "筹建", "建成", "建立", "建有", "成立", "设立", "新建", "新增", "新设", "新办", "增设", "增建", "增补", "开辟", "开通", "开放", "打造", "搭建", "推出", "推动", "推进", "推广", "推荐", "推选", "遴选", "评选", "评出", "评定", "选出", "选派", "选树", "选拔", "认定", "命名", "授予", "表彰", "表扬", "奖励", "获得", "荣获", "获评", "获批", "获", "评为", "入选", "引进", "引入", "引导", "吸引", "吸纳", "招收", "招聘", "招引", "招录", "聘请", "聘用", "特聘", "邀请", "动员", "发动", "联合", "联动", "走访", "慰问", "培训", "培养", "培育", "孵化", "扶持", "资助", "支持", "帮助", "帮扶", "指导", "指派", "服务", "惠及", "覆盖", "辐射", "参加", "参与", "出席", "报送", "提交", "提出", "提供", "形成", "制定", "制订", "出台", "发布", "印发", "下发", "发放", "发行", "发表", "编印", "编写", "编制", "编辑", "出版", "印制", "印发", "刊发", "播出", "播放", "制作", "拍摄", "撰写", "完成", "实现", "落实", "实施", "执行", "办理", "办结", "办成", "受理", "审议", "审批", "通过", "解决", "化解", "处置", "查处", "整治", "治理", "整改", "修复", "修建", "改造", "改建", "扩建", "更新", "升级", "提升", "优化", "投入", "投放", "下拨", "拨付", "安排", "筹集", "筹措", "募集", "撬动", "带动", "拉动", "促进", "促成", "达成", "签订", "签署", "签约", "落地", "落户", "建设", "开工", "竣工", "投产", "投用", "启用", "启动", "实行", "保留", "保存", "保障", "收录", "收集", "征集", "采集", "传播", "宣传", "宣讲", "展示", "展出", "接待", "接受", "接收", "安置", "救助", "转化", "转移", "输送", "输出", "取得", "拥有", "设置", "配备", "配置", "配套", "购置", "采购", "添置", "整合", "集聚", "汇聚", "聚集", "凝聚", "合并", "调整", "清理", "规范", "撤销", "取消", "压减", "减免", "减少", "节约", "节省", "疏解", "腾退", "拆除", "盘活", "清退", "关停", "淘汰", "新培育", "新认定", "新引进", "新获批", "新登记", "新注册", "新审批成立", "突破", "超过", "达到", "增至", "升至", "增加", "增长", "净增", "深化", "强化", "加强", "加快", "扩大", "发展", "壮大", "做强", "做优", "抓好", "办好", "建好", "用好", "管好", "做好", "开好", "斩获", "注册", "营造", "收治", "诊疗", "演出", "放映", "收购", "检查", "检验", "检测", "抽检", "监测", "巡查", "排查", "侦破", "破获", "抓获", "打掉", "追回", "挽回"]
_BY_LENGTH = sorted(set(VERBS), key=len, reverse=True)
_HEAD_VERB = re.compile("(?:新)?(?:" + "|".join(_BY_LENGTH) + ")(?:了|出|成|好)?")

# Verbs that are hardly ever part of a noun, so that an object begins behind them wherever they stand in a clause.
_PURE = ["举办", "举行", "召开", "策划", "承办", "主办", "联办", "筹办", "开设", "开办", "创办", "创建", "组建", "筹建", "建成", "成立", "设立", "新建", "新增", "新设", "增设", "增补", "开辟", "打造", "搭建", "推出", "推荐", "推选", "遴选", "评选出", "评选", "评出", "选派", "命名", "授予", "获得", "荣获", "获评", "获批", "入选", "引进", "引入", "吸引", "吸纳", "聘请", "邀请", "发动", "参加", "惠及", "报送", "提交", "提出", "提供", "形成", "制定", "制订", "出台", "发布", "印发", "下发", "发放", "编印", "编写", "出版", "刊发", "下拨", "拨付", "撬动", "签订", "签署", "保留", "投入", "建有", "拥有", "共有", "共建", "斩获", "成为", "实现", "达到", "完成", "支持", "开展", "帮助解决", "解决", "实施", "推动", "推进", "设有", "包括", "涉及", "涵盖", "来自", "覆盖", "培养", "培育", "建立", "新认定", "认定"]
_LAST_PURE = re.compile("(?:" + "|".join(sorted(set(_PURE), key=len, reverse=True)) + ")(?:了)?(?!区)")

_BRACKETED = re.compile(
    r"（[^（）]{0,60}）|\([^()]{0,60}\)|\[\d{1,3}\]|〔\d{1,3}〕|［\d{1,3}］|[①-⑳㉑-㉟]|【[^【】]{0,20}】|\*+"
)
_TRAILING = re.compile(r"(?:[（(][^（()）]*|\[\d*)$")

# Where a phrase to the right of a number ends: what follows is said of it.
_RIGHT_END = re.compile(
    r"[，。；：！？,;:!?（(\s…—]|参与|参加|获得|获评|获批|荣获|担任|兼任|被|受到|得到|入选|投入|投用|投产|建成|通过|实现|进入|"
    r"增长|增加|下降|减少|提高|提升(?!工程|行动|计划|项目)|全部|分别|均(?!衡|价|线)|同时|开展|组建|成立(?!的)|举办|召开|增选|当选|入围|跻身|上榜|免费|提供|全面(?=完成|建|启|落|实|推)|新(?=获|增|认|入|当|评)|上(?=每|播|进行|开)|组织开展|出席|成为|达到|"
    r"包括|深入|成功|申报|落户|落地|开工|竣工|完成|接受|发表|作报告|作为|关注|纳入|"
    r"来自|位居|居全|排名|(?<!地级)以上|左右|上下|以内|以下|已(?!婚)|将(?!军|领)|在(?!校|读|职|建|册|岗|线|渝|京)|(?<![结反相应面核配针校绝])对(?!接|外|口|标|象)|"
    r"(?<![纵横定方面双单导意取])向(?!社|导)|由|从(?!业|教|事)|是|于(?!是)|用于|比上|同比|较|占|之一|等(?=[，。；、\d]|$)|以(?=[^上下内])|为(?!民|农)|并(?!网|购)|注册"
)
_RIGHT_BAR = re.compile(
    r"[，。；：、！？,;:!?()（）\[\]】」』”’》…—\-~～/·.]|$|的|保持|继续|仍|以上|之|左右|上下|以内|以下|或|及|和|与|比|同(?!志|学|胞|事|行|类|仁)|较|占|均|并|而|就(?!业|医|诊|学|餐|读|近)|则|也|"
    r"组建|成立|建成|建立|举办|召开|印发|出台|形成|来自|参(?!数|事|考)|获|被|受|得|入选|增|下降|减|提高|提升|达|为(?!民)|是|在(?!校|读|职|建|册|岗|线)|从(?!业|教)|由|以|至|到|向(?!社)|对(?!接|外)|居|位|列|"
    r"分别|全部|同时|投入|实现|开工|建成|通过|完成|关注|围绕|进行|覆盖|注册(?!商|会|资)|新增|以来|创(?=历史|下|新高|有|近|造)|高于|低于|快于|好于|多(?!媒|功|元)|不|起|未|已|将(?!军)|可"
)
_OF_RELATIVE = re.compile(
    r"(?:具有|具备|有|获|参加|参与|来自|符合|涉及|达到|包括|含|面向|针对|服务|用于|需|能|可|以|由|在|从|与|对|被|已)"
)

LONGEST = 40


def strip_notes(text: str) -> str:
    """Take out bracketed remarks, footnote marks and emphasis: 生产总值（GDP）[2] → 生产总值."""
    if not any(mark in text for mark in "（([〔［【*①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"):
        return text
    return _TRAILING.sub("", _BRACKETED.sub("", text))


def right_noun(text: str, meets_number: bool = False) -> str:
    """The noun phrase that begins right after a number's measure word, or "".

    `meets_number` says that `text` ends where the next number begins: what follows 、 is then that number's own.

    >>> right_noun("科技工作者代表的重要回信精神")
    '科技工作者代表'
    >>> right_noun("市民参与。")
    '市民'
    >>> right_noun("，下降")
    ''
    """
    text = text[:80].lstrip(" 　")
    if _RIGHT_BAR.match(text):
        return ""
    opening = text[0]
    skip = 1
    if opening in "“《‘「":
        closing = text.find({"“": "”", "《": "》", "‘": "’", "「": "」"}[opening])
        if closing < 0:
            return ""
        skip = closing + 1
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
        phrase = behind if _OF_RELATIVE.match(phrase) and len(behind) >= 2 else phrase[:at]
    return shorten(phrase.rstrip("、和与及等 　“《（(")[:LONGEST])


def left_noun(clause: str) -> tuple[str, bool]:
    """The noun phrase that a clause leaves before its number, and whether a verb was taken off.

    >>> left_noun("全市新建院士工作站")
    ('院士工作站', True)
    >>> left_noun("其中，第一产业增加值")
    ('第一产业增加值', False)
    >>> left_noun("共吸引")
    ('', True)
    """
    text = clause[-120:]
    if "，" in text:
        text = text[text.rindex("，") + 1 :]
    opened = _OPENING.match(text)
    if opened:
        text = text[opened.end() :]
    verb = False
    fronted = _fronted(text)
    if fronted:
        return fronted, True
    cut = _last_verb(text)
    if cut:
        verb = True
        text = text[cut:]
    for _ in range(2):  # 规范建设科普e站
        head = _HEAD_VERB.match(text)
        if not head or _nominal(text, head.end()) or len(text) - head.end() == 1 or (cut and head.end() == len(text)):
            break
        verb = True
        text = text[head.end() :]
    opened = _OPENING.match(text)
    if opened:
        text = text[opened.end() :]
    return tidy(text), verb


_RATE_TAIL = re.compile(r"(?:率|比例|比重|占比|系数|指数|强度)$")
_VERBAL = tuple("向为对从由在把将给")


def _last_verb(text: str) -> int:
    """Where the object of the clause's last verb begins; 0 where no verb need be taken off."""
    cut = 0
    for match in _LAST_PURE.finditer(text):
        start, end = match.span()
        if _quoted(text, start) or (end < len(text) and _nominal(text, end)):
            continue
        if end == len(text) and start - cut >= 3 and not text.startswith(_VERBAL, cut):
            continue  # 全社会研发投入: the verb is the head of the noun
        if start > cut and (_RATE_TAIL.search(text) or (match.group() == "新增" and start - cut <= 6)):
            continue  # 工程覆盖人口比例, 城镇新增就业
        cut = end
    return cut


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
    return shorten(text.strip(" 　、，：:；的了等—-").strip())


_LISTED = re.compile(r"(?:、|^[^、]{2,10}?)[^、]*?等(?=[^级次离候、])")


def shorten(phrase: str) -> str:
    """The head of a phrase: what stands behind a list of examples, a title or a modifier that makes it long.

    >>> shorten("科普阅读、公共安全科普等活动")
    '活动'
    >>> shorten("“从伟大实践中学史明理、学史增信”宣讲活动")
    '宣讲活动'
    """
    listed = None
    for listed in _LISTED.finditer(phrase):
        pass
    if listed and len(phrase) - listed.end() >= 2:
        phrase = phrase[listed.end() :]
    if len(phrase) > 16:
        for mark in "”》的":
            at = phrase.rfind(mark)
            if at >= 0 and len(phrase) - at - 1 >= 2 and not phrase[at + 1 :].startswith(("、", "和", "与", "及")):
                phrase = phrase[at + 1 :]
                break
    return phrase[-LONGEST:]


_FRONTED = re.compile(r"(?:对|将|把)([^，。；]{2,30}?)(?:进行|开展|予以|给予|实施|作出|做到)")


def _fronted(text: str) -> str:
    """The object that stands before its verb: 对院士工作站进行清理."""
    match = _FRONTED.match(text)
    return tidy(match[1]) if match else ""


def _quoted(text: str, position: int) -> bool:
    return text.count("“", 0, position) > text.count("”", 0, position) or text.count("《", 0, position) > text.count(
        "》", 0, position
    )
