"""HTML pages of publishers: the notice itself, without the site around it."""

import itertools
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from annals.errors import Unreadable
from annals.extract.compose import CellDraft, Composer, clean
from annals.extract.decode import declared_charset, decode
from annals.extract.detect import HTML
from annals.extract.limits import Options, Selectors
from annals.model import Aside, Caution, Document, Link, Metadata, PassageKind

_NO_TEXT = frozenset(
    ("script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "canvas", "button",
     "select", "option", "textarea", "input", "video", "audio")
)  # fmt: skip
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
     "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
     "time", "tt", "u", "var", "o:p")
)  # fmt: skip
_MAX_DEPTH = 200  # deeper elements are hung on the last; no notice is nested so, and walking stays safe

# Names that Chinese government sites give to what surrounds a notice.
_AROUND = re.compile(
    r"(?:^|[-_ ])(?:nav\w*|menu\w*|foot\w*|header|breadcrumbs?|crumbs?|position|location|weizhi|dqwz|copyright|"
    r"share\w*|bdshare\w*|social\w*|toolbar|tools?|related\w*|xgxx|xglj|xgwd|sidebar|side|links?|friend\w*|search\w*|login\w*|"
    r"qrcode|ewm|pager|page-?nav|prev\w*|next|banner|top-?bar|ad|ads|comment\w*|recommend\w*|hot\w*)(?:$|[-_ ])",
    re.IGNORECASE,
)
_ATTACHMENT = re.compile(
    r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z|csv|txt|rtf|pptx?|ceb|jpe?g|png|tiff?)(?:$|[?#])", re.I
)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z|csv|rtf|pptx?|ceb)(?:$|[?#])", re.I)
_FEW_WORDS = 200  # characters; a notice with less may be in its pictures
_SENTENCE = re.compile("[，。；：、！？]")
# Whole lines that are the page's furniture wherever they stand.
_FURNITURE = re.compile(
    r"(?:\[?【?\s*(?:打印(?:本页|正文|此页)?|关闭(?:本页|窗口)?|收藏(?:本页)?|返回(?:顶部|首页|列表)?|分享(?:到|至)?[:：]?|"
    r"(?:微信|微博|QQ空间|朋友圈)|扫一扫\S{0,16}|字[体号][:：]?.{0,12}|上一[篇条][:：].*|下一[篇条][:：].*|"
    r"相关(?:链接|文章|文档|阅读|信息|新闻)[:：]?|(?:您)?(?:当前|现在)?(?:所在)?的?位置[:：].*|无障碍(?:阅读)?|大|中|小|"
    r"浏览次数[:：]?\s*\d*\s*次?|点击[:：]?\s*\d*\s*次?|print|close)\s*】?\]?[|｜\s]*)+",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"【?(?:发布(?:时间|日期)|(?:信息)?来源|浏览(?:次数|量)?|点击(?:数|量|次数)?|阅读(?:次数|量)?|日期|时间|字[体号])[:：]"
)
_SITE = re.compile(
    "版权所有|ICP备|公网安备|网站标识码|技术支持|主办单位|承办单位|联系我们|网站地图|浏览器|分辨率|Copyright", re.I
)
_DATE = re.compile(r"(20\d\d|19\d\d)\s*[-年./]\s*(1[0-2]|0?[1-9])\s*[-月./]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
_LABELS = {
    "title": re.compile(r"^(?:标\s*题|名\s*称|信息名称|文件名称)$"),
    "number": re.compile(r"^(?:发文字号|文\s*号|文件编号|发文文号|文件字号|公文编号)$"),
    "issuer": re.compile(r"^(?:发文机关|发布机构|发文单位|公开机构|制发机关|信息来源|来\s*源|发布单位|发文机构)$"),
    "published_on": re.compile(r"^(?:发布日期|发布时间|发文日期|公开日期|公布日期|日\s*期|时\s*间)$"),
    "written_on": re.compile(r"^(?:成文日期|生成日期|印发日期)$"),
}
_LABELLED = re.compile(
    r"(?:^|[\s\u3000|｜【\[])(标\s*题|名\s*称|发文字号|文\s*号|发文机关|发布机构|来\s*源|信息来源|发布日期|发布时间|发文日期|成文日期|日\s*期|时\s*间)"
    r"\s*[:：]\s*([^|｜\u3000】\]]+?)(?=\s{1,}\S{1,6}[:：]|[|｜\u3000】\]]|$)"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}〔(?:19|20)\d\d〕\s*第?\d{1,5}号")
_SITE_SUFFIX = re.compile(r"\s*[-_|–—]{1,2}\s*(?=[^-_|–—]*(?:网|政府|局|委员会|协会|厅|门户)[^-_|–—]*$)")
_META = {  # names asked for by the national standard for government sites, then the general ones
    "title": ("articletitle", "og:title", "dc.title"),
    "published_on": ("pubdate", "publishdate", "article:published_time", "firstpublishedtime", "dc.date"),
    "issuer": ("contentsource", "source", "dc.source"),
}
_END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_NOT_A_NOTICE = re.compile(
    r"(?:错误|error|HTTP|状态码?)[:：\s]*40[34](?!\d)|^\s*40[34](?!\d)|40[34]\s*(?:错误|error|页面|[-_|])|"
    r"页面不存在|页面没有找到|无法找到该页|找不到(?:该)?页面|访问出错|系统错误|出错了|用户登录|请先登录|请登录|"
    r"访问被拒绝|服务器错误|正在维护|Not Found|Forbidden|Bad Gateway|Service Unavailable|Access Denied|验证码|安全验证",
    re.IGNORECASE,
)


def read(name: str, data: bytes, options: Options) -> Document:
    """The notice on the page: its body, what its metadata block states, and the links it carries."""
    text, codec, bad = decode(data, declared_charset(data))
    try:
        page = LexborHTMLParser(text)
    except SelectolaxError as error:  # it says no more; memory is all that it can lack
        raise Unreadable("the page cannot be parsed within the limit of memory") from error
    if page.body is None:
        raise Unreadable("the page has no body")
    composer = Composer(options.limits)
    if bad:
        composer.cautions.append(Caution(code="mojibake", message=f"{bad} places could not be decoded as {codec}"))
    selectors = options.selectors
    removed = [clean(node.text()) for selector in selectors.remove for node in page.css(selector)]
    for selector in selectors.remove:
        for node in page.css(selector):
            node.decompose()
    composer.asides += [Aside(text=line) for line in removed if line]
    root = _tree(page.body)
    metadata = _metadata(page, root, selectors, options.url)
    main = None
    if selectors.content is not None:
        chosen = page.css_first(selectors.content)
        if chosen is None:
            message = (
                f"the source's selector {selectors.content!r} matches nothing on this page; general rules were used"
            )
            composer.cautions.append(Caution(code="selector_missed", message=message))
        else:
            main = _tree(chosen)
    _refuse_error_page(root, metadata)
    if main is None:
        main = _main(root)
        composer.asides += [Aside(text=line) for line in _outside(root, main)]
    _Writer(composer, options.url).write(main, metadata.title)
    if not any(passage.kind != "title" for passage in composer.passages):
        _refuse_empty(page)
    if b"<html" in data[:4096].lower() and not _END.search(data):
        message = "the page breaks off before its end, so something of it is missing"
        composer.cautions.append(Caution(code="cut_off", message=message))
    pictures = sum(
        node.tag == "img" and bool(_ATTACHMENT.search(node.attributes.get("src", ""))) for node in main.all()
    )
    if pictures and composer.end < _FEW_WORDS:
        message = f"the page has hardly any text and {pictures} pictures, which were not read; they are among its links"
        composer.cautions.append(Caution(code="pictures_unread", message=message))
    return composer.document(name, HTML, metadata)


class _Element:
    """A light copy of an element; `children` are elements and strings in order."""

    __slots__ = ("attributes", "children", "path", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], path: str) -> None:
        self.tag = tag
        self.attributes = attributes
        self.path = path
        self.children: list[_Element | str] = []

    def elements(self) -> Iterator["_Element"]:
        return (child for child in self.children if isinstance(child, _Element))

    def all(self) -> Iterator["_Element"]:
        yield self
        for child in self.elements():
            yield from child.all()

    def text(self) -> str:
        if self.tag in ("br", "img"):
            return " "
        text = "".join(child if isinstance(child, str) else child.text() for child in self.children)
        return text if self.tag in _INLINE else f" {text} "


def _tree(top: LexborNode) -> _Element:
    """Copy the tree without what is never shown, walking with a stack: pages of strangers may be nested without end."""
    root = _Element(top.tag or "body", {}, top.tag or "body")
    stack = [(top, root, 0)]
    while stack:
        node, element, depth = stack.pop()
        counts: dict[str, int] = {}
        child: LexborNode | None = node.child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                element.children.append(child.text_content or "")
            elif tag and tag[0] != "-" and tag not in _NO_TEXT:
                attributes = {key: value or "" for key, value in child.attributes.items()}
                counts[tag] = counts.get(tag, 0) + 1
                if not _hidden(attributes):
                    if depth < _MAX_DEPTH:
                        copy = _Element(tag, attributes, f"{element.path}/{tag}[{counts[tag]}]")
                        element.children.append(copy)
                        stack.append((child, copy, depth + 1))
                    else:
                        element.children.append(child.text() or "")
            child = child.next
    return root


def _hidden(attributes: dict[str, str]) -> bool:
    return "hidden" in attributes or bool(re.search(r"display\s*:\s*none", attributes.get("style", ""), re.I))


# --- which part of the page is the notice --------------------------------------------------------


def _main(root: _Element) -> _Element:
    """The tightest element that holds nearly all prose of the page (prose: sentences outside links, attachments)."""
    weights: dict[int, float] = {}
    attached: dict[int, int] = {}  # links to documents in each element

    def weigh(element: _Element, linked: bool, around: bool) -> float:
        attributes = element.attributes
        href = attributes.get("href", "")
        linked = linked or (element.tag == "a" and not _DOCUMENT.search(href))
        named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
        around = around or element.tag in ("nav", "footer", "aside") or bool(_AROUND.search(named))
        total = 0.0
        for child in element.children:
            if isinstance(child, str):
                line = clean(child)
                if line and not linked and not _SITE.search(line) and not _FURNITURE.fullmatch(line):
                    worth = len(line) * (1.0 if _SENTENCE.search(line) or len(line) > 24 else 0.4)
                    total += worth * (0.1 if around else 1.0)
            else:
                total += weigh(child, linked, around)
        own = (element.tag == "a" and bool(_DOCUMENT.search(href)) and not around) or (
            pictured and element.tag == "img" and bool(_ATTACHMENT.search(attributes.get("src", ""))) and not around
        )
        attached[id(element)] = own + sum(attached[id(child)] for child in element.elements())
        total += 20.0 * own
        weights[id(element)] = total
        return total

    pictured = False
    if weigh(root, linked=False, around=False) < _FEW_WORDS:
        pictured = True  # then pictures may be the notice
        if weigh(root, linked=False, around=False) == 0:
            return root
    best = root
    while True:
        heaviest = max(best.elements(), key=lambda child: weights[id(child)], default=None)
        if heaviest is None or weights[id(heaviest)] < 0.95 * weights[id(best)]:
            return best
        if attached[id(heaviest)] < attached[id(best)]:
            return best
        if heaviest.tag in ("p", "li", "ul", "ol") or heaviest.tag in _INLINE:
            return best
        if heaviest.tag == "table" and not _is_layout(heaviest):
            return best
        best = heaviest


def _outside(root: _Element, main: _Element) -> Iterator[str]:
    """The lines of the page that are neither in the notice nor links of the site."""
    if root is main or root.tag == "a":
        return
    if any(main is element for element in root.all()):
        for child in root.children:
            if not isinstance(child, str):
                yield from _outside(child, main)
            elif clean(child):
                yield clean(child)
    elif clean(root.text()):
        yield clean(root.text())


def _refuse_empty(page: LexborHTMLParser) -> None:
    """Say what the page does instead of holding text."""
    for forward in page.css("meta[http-equiv]"):
        if (forward.attributes.get("http-equiv") or "").lower() == "refresh":
            where = (forward.attributes.get("content") or "").partition("=")[2].strip("'\" ")[:200]
            if where:
                raise Unreadable(f"the page has no text and forwards to {where!r}")
    if page.css_first("iframe[src], frame[src]") is not None:
        raise Unreadable("the page has no text of its own: it shows another page in a frame")
    if page.css_first("script") is not None:
        raise Unreadable("the page has no text of its own: its scripts would fetch it")


def _refuse_error_page(root: _Element, metadata: Metadata) -> None:
    text = clean(root.text())
    if len(text) < 400 and not any(_DOCUMENT.search(a.attributes.get("href", "")) for a in root.all() if a.tag == "a"):
        seen = _NOT_A_NOTICE.search(f"{metadata.title or ''} {text}")
        if seen:
            raise Unreadable(f"the page is an error or login page, not a notice (it says {seen.group()!r})")


# --- what the page states about the notice --------------------------------------------------------


def _metadata(page: LexborHTMLParser, root: _Element, selectors: Selectors, url: str | None) -> Metadata:
    found: dict[str, str] = {}
    for node in page.css("meta[content]"):
        named = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        for key, names in _META.items():
            content = clean(node.attributes.get("content") or "")
            if named in names and content:
                found.setdefault(key, content)
    for key, value in _labelled(root):
        found.setdefault(key, value)
    for key in ("title", "published_on", "number", "issuer"):
        selector = getattr(selectors, key)
        chosen = page.css_first(selector) if selector else None
        if chosen is not None and clean(chosen.text()):
            found[key] = clean(chosen.text())
    if "title" not in found:
        headings = [clean(node.text()) for node in page.css("h1")]
        titles = [clean(node.text()) for node in page.css("title")]
        title = next((line for line in headings if 4 < len(line) < 120), None) or next(filter(None, titles), None)
        if title:
            found["title"] = _SITE_SUFFIX.split(title)[0]
    when = found.get("published_on") or found.get("written_on") or ""
    number = _NUMBER.search(found.get("number", ""))
    return Metadata(
        title=found.get("title"),
        number=number.group() if number else found.get("number"),
        issuer=found.get("issuer"),
        published_on=_date(when),
        url=url,
    )


def _labelled(root: _Element) -> Iterator[tuple[str, str]]:
    """Pairs such as 发文字号：国发〔2018〕41号, in neighbouring elements or in one line near the title."""
    short: dict[int, str] = {}
    _short_texts(root, short)
    for parent in root.all():
        children = list(parent.elements())
        for child, following in itertools.zip_longest(children, children[1:]):
            text = short.get(id(child), "")
            if text.endswith((":", "：")) and following is not None:
                value = short.get(id(following), "")
                yield from ((key, value) for key in _labels(text.rstrip(":：")) if value)
            for labelled in _LABELLED.finditer(text):
                yield from ((key, clean(labelled.group(2))) for key in _labels(labelled.group(1)))


def _short_texts(element: _Element, short: dict[int, str]) -> int:
    """Note the text of every element that has little; returns how many characters this one has."""
    size = sum(len(child) if isinstance(child, str) else _short_texts(child, short) for child in element.children)
    if size < 400:
        text = clean(element.text())
        if text and len(text) <= 160:
            short[id(element)] = text
    return size


def _labels(text: str) -> list[str]:
    label = re.sub(r"\s", "", text)
    return [key for key, pattern in _LABELS.items() if pattern.match(label)]


def _date(text: str) -> date | None:
    """
    >>> _date("2018年12月22日 10:30")
    datetime.date(2018, 12, 22)
    """
    found = _DATE.search(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:  # 2月30日: the page states no date that there is
        return None


# --- from elements to passages ---------------------------------------------------------------------


class _Writer:
    def __init__(self, composer: Composer, url: str | None) -> None:
        self._composer = composer
        self._url = url
        self._line: list[str] = []
        self._where = ""

    def write(self, main: _Element, title: str | None) -> None:
        if title and re.sub(r"\s", "", title) not in re.sub(r"\s", "", main.text()):
            self._composer.add("title", title, path="title")
        self._title = title
        self._blocks(main, "paragraph", None, "")
        self._flush("paragraph", None, "")

    def _blocks(self, element: _Element, kind: PassageKind, level: int | None, label: str) -> None:
        """Write what an element holds. `label` is the number that a browser would print before a list item."""
        counter = _start(element)
        for child in element.children:
            if isinstance(child, str):
                self._say(child, element.path)
                continue
            tag = child.tag
            if tag == "a":
                self._link(child)
            if tag in _INLINE:
                self._blocks(child, kind, level, label)
            elif tag == "img":
                self._image(child)
            elif tag in ("br", "hr"):
                label = self._flush(kind, level, label)
            elif tag in ("nav", "footer", "aside") or self._is_around(child):
                label = self._flush(kind, level, label)
                self._aside(child)
            elif tag == "table" and not _is_layout(child):
                label = self._flush(kind, level, label)
                self._table(child)
            else:
                label = self._flush(kind, level, label)
                if re.fullmatch("h[1-6]", tag):
                    self._nested(child, "heading", int(tag[1]), "")
                elif tag == "li":
                    number = f"{counter}. " if element.tag == "ol" else ""
                    counter += 1
                    self._nested(child, "item", None, number)
                elif tag in ("p", "div", "dd", "dt", "blockquote", "center", "td", "pre"):
                    self._nested(child, "item" if kind == "item" else "paragraph", None, "")
                else:
                    self._nested(child, kind, level, "")

    def _nested(self, element: _Element, kind: PassageKind, level: int | None, label: str) -> None:
        self._blocks(element, kind, level, label)
        self._flush(kind, level, label)

    def _say(self, text: str, path: str) -> None:
        if not self._line:
            self._where = path
        self._line.append(text)

    def _flush(self, kind: PassageKind, level: int | None, label: str) -> str:
        line = clean("".join(self._line))
        self._line.clear()
        if not line:
            return label
        if _FURNITURE.fullmatch(line) or _is_byline(line):
            self._composer.asides.append(Aside(text=line))
            return label
        if kind == "heading" and self._title and clean(self._title) == line:
            kind, level = "title", None
        self._composer.add(kind, label + line, level=level, path=self._where)
        return ""

    def _is_around(self, element: _Element) -> bool:
        """Site furniture inside the body: named so, and made of links or of little text."""
        if not _AROUND.search(f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}"):
            return False
        text = clean(element.text())
        links = sum(len(clean(node.text())) for node in element.all() if node.tag == "a")
        attached = any(_DOCUMENT.search(node.attributes.get("href", "")) for node in element.all())
        return not attached and (links * 2 > len(text) or (len(text) < 60 and not _SENTENCE.search(text)))

    def _aside(self, element: _Element) -> None:
        text = clean(element.text())
        if text:
            self._composer.asides.append(Aside(text=text))

    def _link(self, element: _Element) -> None:
        href = element.attributes.get("href", "").strip()
        try:
            scheme = urlsplit(href).scheme
            address = urljoin(self._url, href) if self._url else href
        except ValueError:  # not an address at all, such as http://[broken
            return
        if href and not href.startswith("#") and scheme.lower() in ("", "http", "https", "ftp"):
            self._composer.links.append(
                Link(url=address, label=clean(element.text()) or element.attributes.get("title", ""))
            )

    def _image(self, element: _Element) -> None:
        source = element.attributes.get("src", "").strip()
        if _ATTACHMENT.search(source) and not source.startswith("data:"):
            try:
                address = urljoin(self._url, source) if self._url else source
            except ValueError:
                return
            self._composer.links.append(Link(url=address, label=clean(element.attributes.get("alt", "")) or "image"))

    def _table(self, table: _Element) -> None:
        free: dict[int, int] = {}  # column → the first row that no cell above reaches into
        cells = []
        for row, row_element in enumerate(_rows(table)):
            column = 0
            for cell in row_element.elements():
                if cell.tag not in ("td", "th"):
                    continue
                while free.get(column, 0) > row:
                    column += 1
                height, width = _span(cell, "rowspan"), _span(cell, "colspan")
                free.update(dict.fromkeys(range(column, column + width), row + height))
                for link in (node for node in cell.all() if node.tag == "a"):
                    self._link(link)
                cells.append(
                    CellDraft(
                        row=row,
                        column=column,
                        text=cell.text(),
                        row_span=height,
                        column_span=width,
                        header=cell.tag == "th",
                        path=cell.path,
                    )
                )
                column += width
        for caption in (child for child in table.elements() if child.tag == "caption"):
            self._composer.add("caption", caption.text(), path=caption.path)
        if any(clean(cell.text) for cell in cells):
            self._composer.add_table(cells, path=table.path)


def _rows(table: _Element) -> Iterator[_Element]:
    for child in table.elements():
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from _rows(child)


def _span(cell: _Element, name: str) -> int:
    value = cell.attributes.get(name, "1").strip()
    return max(1, min(int(value), 1000)) if value.isascii() and value.isdecimal() else 1


def _is_byline(line: str) -> bool:
    """A line of nothing but labelled facts about the page: 发布时间：… 来源：… 浏览次数：…

    >>> _is_byline("发布时间：2023-03-21 来源：云川市科协 浏览次数：123 【字体：大 中 小】")
    True
    >>> _is_byline("来源：云川市科协提供了12件展品，共3天。")
    False
    """
    labels = _BYLINE.findall(line)
    return bool(labels) and _BYLINE.match(line) is not None and (len(labels) > 1 or len(line) < 24) and "。" not in line


def _start(element: _Element) -> int:
    value = element.attributes.get("start", "1").strip()
    return int(value) if value.isascii() and value.isdecimal() else 1


def _is_layout(table: _Element) -> bool:
    """Whether a table only places things on the page: one column, or tables or whole paragraphs in its cells."""
    cells = [cell for row in _rows(table) for cell in row.elements() if cell.tag in ("td", "th")]
    if max((sum(cell.tag in ("td", "th") for cell in row.elements()) for row in _rows(table)), default=0) < 2:
        return True
    if any(node.tag == "table" for cell in cells for node in cell.all()):
        return True
    blocks = max(
        (
            sum(1 for node in cell.all() if node.tag in ("p", "div", "br") or re.fullmatch("h[1-6]", node.tag))
            for cell in cells
        ),
        default=0,
    )
    longest = max((len(clean(cell.text())) for cell in cells), default=0)
    return longest > 1500 or (blocks > 8 and longest > 600)
