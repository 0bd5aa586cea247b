"""What numbers look like, and what other signs made of digits look like: the patterns that find_mentions scans with.

None of them repeats a repetition: each looks at every character a bounded number of times.
"""

import re

DIGITS = "0123456789０１２３４５６７８９"
HANZI = "零〇一二三四五六七八九十百千万亿两几"
BANKERS = "壹贰叁肆伍陆柒捌玖拾佰仟"
SPACES = " \u00a0\u2002\u2003\u2009\u3000"
SIGNS = "-−－﹣"
QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"'}
PERCENT_SIGNS = "%％‰‱"

_D = r"\d"
_S = f"[{SPACES}]"
_PAIR = f"{_D}{{1,2}}{_S}?(?:[-—–－―~～、至到]{{1,2}}{_S}?{_D}{{1,2}}{_S}?)?"  # 3, 3—5, 3、5

NUMBER = re.compile(rf"(?:{_D}{{1,3}}(?:[,，]{_D}{{3}})+(?!{_D})|{_D}+)(?:[.．]{_D}+)?")
MAGNITUDE = re.compile(rf"{_S}?(万亿|[十百千]?[万亿]|千(?![瓦克米伏卡帕赫焦升分])|百(?=[余多]?[个名位人家户元亩场件]))")
RANGE = re.compile(rf"{_S}?[-—–－―~～至到]{{1,2}}{_S}?(?={_D})")
HANZI_RANGE = re.compile(rf"[至到](?=[{HANZI}])")
RATIO = re.compile(rf"(?:{_S}?[:：∶]{_S}?{_D}+(?:[.．]{_D}+)?)+")
RATIO_PART = re.compile(rf"{_D}+(?:[.．]{_D}+)?")
CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-4])[:：∶][0-5][0-9](?:[:：∶][0-5][0-9])?")
PER_MANY = re.compile(rf"{_S}?[/／]{_S}?(?:{_D}+[十百千]?[万亿]|10+(?![十百千万亿])|[十百千]?[万亿])(?!{_D})")
FRACTION = re.compile(r"[/／]([2-9]|10)(?![0-9.．/／%％])")
LATIN_UNIT = re.compile(r"[A-Za-zμΩ°℃㎡㎥²³]+[23]?(?:[/·][A-Za-zμ²³㎡㎥]+[23]?)?")
MEDALS = re.compile(rf"[金银铜](?={_D}|[，。；、牌）)]|$)")
HANZI_NUMBER = re.compile(rf"[数几]?[{HANZI}]+|[{BANKERS}零万亿]+")
HANZI_SHARE = re.compile(
    rf"(?P<of>[{HANZI}]+)分之(?P<part>[{HANZI}]+(?:点[零〇一二三四五六七八九]+)?|{_D}+(?:[.．]{_D}+)?)"
)
HALF = re.compile("一半(?=以上|以下|左右)|(?<=[近过超约])一半|(?<=超过|接近|不足|不到)一半")

# Numbers of other kinds, known by their shape alone.
OTHER_NUMBER = re.compile(
    rf"""
      # years: 2021年, 2021—2025年, 2021、2022年, 08年, 2023—2025
      [12１２]{_D}{{3}}{_S}?(?:[-—–－―~～/、至到和]{{1,2}}{_S}?(?:{_D}{{4}}|{_D}{{2}}){_S}?){{0,6}}年
    | 0{_D}{_S}?年
    | {_D}{{1,2}}[.．]{_S}?(?:19|20){_D}{{2}}{_S}?年  # 1.2024年, an entry of contents
    | (?:19|20){_D}{{2}}{_S}?[-—–－―~～至到]{{1,2}}{_S}?(?:19|20){_D}{{2}}(?![0-9.．万亿%])
      # days: 2024-01-05, 9月17日, 1—9月, 24日
    | (?:19|20){_D}{{2}}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])(?![0-9])
    | {_PAIR}月份?(?:{_S}?{_PAIR}[日号])?
    | {_PAIR}日(?!元|历|内|以内|之内|以上|左右)
      # clock times: 9时30分, 8点半
    | (?:[01]?[0-9]|2[0-4]){_S}?[时点](?!尚|间|代|期|段|位)(?:{_S}?{_D}{{1,2}}{_S}?分|半|整|钟)?
      # 3.2.1, addresses, telephone numbers, codes
    | {_D}+(?:\.{_D}+){{2,}}
    | 0{_D}{{2,3}}-{_D}{{7,8}} | {_D}+-{_D}+(?:-{_D}+)+
      # 88号, 3#
    | {_D}+{_S}?[号#＃](?!召)
      # 1+3+N, 7×24, 9·3
    | {_D}+(?:\.{_D}+)?(?:[+＋×xX*＊·•]{_S}?(?:{_D}+(?:\.{_D}+)?|[A-Za-z]+|[一二三四五六七八九十]))+
    """,
    re.VERBOSE,
)
# A paragraph's own number: 1. / （3） / 2、 / **4. ; Markdown's marks before it are no text.
OWN_NUMBER = re.compile(
    rf"[\s#*>_\-—•·●■]*[(（\[【［]?{_D}{{1,3}}(?:\.{_D}{{1,2}})*{_S}?(?:[)）\]】］.．、:：](?!{_D})|(?=[\t\u3000]))"
)
ORDINAL = re.compile(
    rf"第{_S}?(?:{_D}+|[{HANZI}]+)"
    rf"(?:{_S}?(?:[-—–－~～至到]|、第|、(?=(?:{_D}|[{HANZI}]){{1,3}}(?:[、和](?:{_D}|[{HANZI}]){{1,3}}){{0,4}}[届次批期条款项章季]))第?{_S}?(?:{_D}+|[{HANZI}]+))*"
)
LATIN_WORD = re.compile(
    rf"[A-Za-z]+(?=[0-9]+(?:\.[0-9]+)?{_S}?(?:[万亿%％‰]|元(?![素旦宇])|[美港欧]元))"
    r"|[A-Za-z][A-Za-z0-9_./:#?=&@+%\-]*"
)
CELL = re.compile(
    rf"\s*(?P<sign>[{re.escape(SIGNS)}+＋]?)\s*(?P<number>(?:{_D}{{1,3}}(?:[,，]{_D}{{3}})+|{_D}+)(?:[.．]{_D}+)?)\s*"
)


def beginnings(hanzi_units: str) -> re.Pattern[str]:
    """Where a number, or a stretch that hides numbers, may begin. A Chinese numeral must have company: another one,
    余 or 多, or the first character of a measure word.

    >>> [m.group() for m in beginnings("家个").finditer("统一建设三家，共12名")]
    ['三', '1', '2']
    """
    units = re.escape(hanzi_units)
    return re.compile(
        rf"[0-9０-９A-Za-z第《{re.escape(''.join(QUOTES))}]"
        rf"|[{HANZI}](?=[{HANZI}余多来半{units}]|分之|[至到][{HANZI}]|{_S}[{units}])"
        rf"|[数几](?=[十百千万亿])|[{BANKERS}](?=[{BANKERS}万亿元圆])"
    )
