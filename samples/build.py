"""Build the sample site from samples/source: `python -m samples.build`.

Needs what running and testing do not: Chromium and the Noto CJK fonts (Debian: chromium, fonts-noto-cjk), and
python-docx. What it makes is committed, in samples/site (the web site) and samples/text (each notice as plain text,
which the gold figures count their offsets in).
"""

import html
import io
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pypdfium2
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from PIL import Image, ImageChops, ImageFilter

from samples.markdown import Block, Notice, plain, read

HERE = Path(__file__).resolve().parent
SITE, TEXT = HERE / "site", HERE / "text"
ISSUER = "云川市科学普及协会"
PER_PAGE = 5
DPI = 200
MENU = (("首页", "/"), ("信息公开", "/xxgk/index.html"), ("科普资源", "/"), ("学会之窗", "/"), ("关于协会", "/"))
FORMAT_NAMES = {"pdf": "PDF", "scan": "PDF扫描件", "docx": "Word文档"}


def main() -> int:
    notices = sorted((read(path) for path in (HERE / "source").glob("*.md")), key=_published, reverse=True)
    for folder in (SITE, TEXT):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    shutil.copytree(HERE / "theme", SITE / "theme")
    for place, notice in enumerate(notices):
        newer = notices[place - 1] if place else None
        older = notices[place + 1] if place + 1 < len(notices) else None
        _build(notice, newer, older, notices)
        if not notice.head.get("ignored"):
            (TEXT / f"{notice.name}.txt").write_text(plain(notice), encoding="utf-8", newline="")
    _build_listing(notices)
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"{len(notices)} notices, {size / 1e6:.2f} MB in {SITE}")
    return 0


def _published(notice: Notice) -> str:
    return str(notice.head["published_on"])


def _build(notice: Notice, newer: Notice | None, older: Notice | None, all_notices: Sequence[Notice]) -> None:
    kind = notice.head["format"]
    if kind in FORMAT_NAMES:
        target = SITE / "xxgk" / notice.head["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes({"pdf": _pdf, "scan": _scan, "docx": _docx}[kind](notice))
    if "page" not in notice.head:
        return
    body = _pointer(notice) if kind in FORMAT_NAMES else _body(notice.blocks[1:])
    charset = "gb2312" if kind == "html-gb18030" else "utf-8"
    page = _article(notice, body, charset, newer, older, all_notices)
    target = SITE / "xxgk" / notice.head["page"]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(page.encode("gb18030" if kind == "html-gb18030" else "utf-8"))


# --- web pages -------------------------------------------------------------------------------------


def _build_listing(notices: Sequence[Notice]) -> None:
    pages = [notices[start : start + PER_PAGE] for start in range(0, len(notices), PER_PAGE)]
    names = ["index.html"] + [f"index_{number}.html" for number in range(1, len(pages))]
    for number, (name, entries) in enumerate(zip(names, pages, strict=True)):
        items = "\n".join(_entry(notice, _short(_title(notice))) for notice in entries)
        numbers = [
            f'<span class="on">{other + 1}</span>' if other == number else _link(names[other], str(other + 1))
            for other in range(len(names))
        ]
        before = _link(names[number - 1], "上一页", "prev") if number else '<span class="off">上一页</span>'
        last = number + 1 == len(names)
        after = '<span class="off">下一页</span>' if last else _link(names[number + 1], "下一页", "next")
        main = (
            f'<div class="crumbs">当前位置：<a href="/">首页</a> &gt; 信息公开</div>\n<div class="columns">{_side()}'
            f'<div class="list"><h2>通知公告与工作报告</h2><ul class="notices">\n{items}\n</ul>'
            f'<div class="paging">{before}{"".join(numbers)}{after}<span>共{len(notices)}条</span></div></div></div>'
        )
        _write(SITE / "xxgk" / name, _frame(f"信息公开-{ISSUER}", main, "utf-8"))
    latest = "\n".join(_entry(notice, _title(notice), "/xxgk/") for notice in notices[:6])
    home = (
        '<div class="hero"><b>让科学走到身边</b><i>云川市公民科学素质提升行动</i></div>'
        '<div class="list"><h2>最新公开 <a href="/xxgk/index.html">更多&gt;&gt;</a></h2>'
        f'<ul class="latest">{latest}</ul></div>'
    )
    _write(SITE / "index.html", _frame(ISSUER, home, "utf-8"))


def _entry(notice: Notice, shown: str, base: str = "") -> str:
    return (
        f'<li><a href="{base}{_address(notice)}" title="{html.escape(_title(notice))}">{html.escape(shown)}</a>'
        f"<span>{_published(notice)}</span></li>"
    )


def _link(href: str, text: str, style: str = "") -> str:
    return f'<a class="{style}" href="{href}">{text}</a>' if style else f'<a href="{href}">{text}</a>'


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def _title(notice: Notice) -> str:
    return str(notice.head["title"])


def _short(title: str) -> str:
    return title if len(title) <= 30 else title[:28] + "…"


def _address(notice: Notice) -> str:
    return str(notice.head.get("page") or notice.head["file"])


def _frame(title: str, main: str, charset: str) -> str:
    menu = "".join(
        f'<li><a href="{href}">{name}</a></li>'
        for name, href in (
            ("首页", "/"),
            ("信息公开", "/xxgk/index.html"),
            ("科普资源", "/"),
            ("学会之窗", "/"),
            ("关于协会", "/"),
        )
    )
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="{charset}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="SiteName" content="{ISSUER}">
<title>{html.escape(title)}</title>
<link rel="stylesheet" href="/theme/site.css">
</head>
<body>
<div class="top"><div class="wrap">欢迎访问{ISSUER}网站<span>无障碍浏览 | 简体 | 繁体</span></div></div>
<header><div class="wrap"><img src="/theme/emblem.svg" alt="" width="72" height="72"><div><h1>{ISSUER}</h1>
<p>YUNCHUAN ASSOCIATION FOR SCIENCE POPULARIZATION</p></div></div></header>
<nav><ul class="wrap">{menu}</ul></nav>
<main class="wrap">
{main}
</main>
<footer><div class="wrap"><p>主办：{ISSUER}　地址：云川市望月岭区科苑路8号　电话：0000-6620100</p>
<p>本站单位、地名、人物与数据均为虚构，仅供软件演示和测试。</p></div></footer>
</body>
</html>
"""


def _side() -> str:
    return (
        '<aside><h3>信息公开</h3><a class="on" href="/xxgk/index.html">通知公告与工作报告</a>'
        '<a href="/">机构职能</a><a href="/">政策文件</a><a href="/">财务公开</a></aside>'
    )


def _article(
    notice: Notice,
    body: str,
    charset: str,
    newer: Notice | None,
    older: Notice | None,
    all_notices: Sequence[Notice],
) -> str:
    head = notice.head
    number = f'<span>文号：<b class="number">{head["number"]}</b></span>' if "number" in head else ""
    around = "".join(
        f"<p>{label}：{_link('/xxgk/' + _address(other), html.escape(_title(other)))}</p>"
        for label, other in (("上一篇", newer), ("下一篇", older))
        if other
    )
    hot = "".join(
        f"<li>{_link('/xxgk/' + _address(other), html.escape(_title(other)))}</li>"
        for other in all_notices[:4]
        if other is not notice
    )
    crumbs = " &gt; ".join((_link("/", "首页"), _link("/xxgk/index.html", "信息公开"), "正文"))
    main = f"""<div class="crumbs">当前位置：{crumbs}</div>
<div class="article">
<h1 class="title">{html.escape(_title(notice))}</h1>
<div class="meta"><span>发布时间：<b class="date">{_published(notice)}</b></span>
<span>来源：<b class="issuer">{ISSUER}</b></span>{number}</div>
<div class="text" id="zoom">
{body}
</div>
<div class="share">字号：大 中 小　打印　关闭　已有{300 + len(body) % 700}人浏览</div>
<div class="around">{around}</div>
<div class="hot"><h3>热点关注</h3><ul>{hot}</ul></div>
</div>"""
    return _frame(f"{_title(notice)}-{ISSUER}", main, charset)


def _pointer(notice: Notice) -> str:
    title, kind = html.escape(_title(notice)), FORMAT_NAMES[notice.head["format"]]
    return (
        f"<p>《{title}》现予公开，请下载附件阅读。</p>\n"
        f'<p class="attachment">附件：{_link(Path(notice.head["file"]).name, f"{title}（{kind}）")}</p>'
    )


def _body(blocks: Sequence[Block]) -> str:
    return "\n".join(_html(block) for block in blocks)


def _html(block: Block) -> str:
    if block.kind == "heading":
        return f"<h{block.level}>{_inline(block.text)}</h{block.level}>"
    if block.kind == "table":
        header, *rows = ([_inline(cell) for cell in row] for row in block.rows)
        return (
            "<table><thead><tr>"
            + "".join(f"<th>{cell}</th>" for cell in header)
            + "</tr></thead><tbody>"
            + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
            + "</tbody></table>"
        )
    if _signs(block):
        return f'<p class="sign">{block.text}</p>'
    if re.fullmatch(r"表\d+ .+", block.text):
        return f'<p class="caption">{block.text}</p>'
    if re.fullmatch(r"云科协发〔\d+〕\d+号", block.text):
        return f'<p class="docnumber">{block.text}</p>'
    addressed = ' class="to"' if block.text.endswith("：") else ""
    return f"<p{addressed}>{_inline(block.text)}</p>"


def _inline(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False))


def _signs(block: Block) -> bool:
    return block.text == ISSUER or bool(re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", block.text))


# --- documents -------------------------------------------------------------------------------------


def _pdf(notice: Notice) -> bytes:
    """The notice as Chromium prints it: A4, embedded subset fonts, page numbers; a red head where it has a number."""
    first = _inline(notice.blocks[0].text)
    rest = [block for block in notice.blocks[1:] if block.text != notice.head.get("number")]
    red = ""
    if "number" in notice.head:
        red = f'<div class="red">{ISSUER}文件</div><p class="docnumber">{notice.head["number"]}</p><hr>'
    style = (HERE / "print.css").read_text(encoding="utf-8")
    page = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{first}</title>'
        f"<style>{style}</style></head><body>{red}<h1>{first}</h1>{_body(rest)}</body></html>"
    )
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={target}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        # The date of publication in place of today's, so that a build changes only what changed.
        when = f"D:{_published(notice).replace('-', '')}080000+00'00'".encode()
        return re.sub(rb"D:\d{14}\+00'00'", when, target.read_bytes())


def _scan(notice: Notice) -> bytes:
    """The same pages as a scanner sees them: images of 200 dpi, a little askew, with grain and uneven light."""
    chance = random.Random(notice.name)  # the same pages at every build
    pages = []
    for page in pypdfium2.PdfDocument(_pdf(notice)):
        image = page.render(scale=DPI / 72, grayscale=True).to_pil()
        image = image.rotate(
            chance.choice((-1, 1)) * chance.uniform(0.35, 0.9), resample=Image.Resampling.BICUBIC, fillcolor=255
        )
        image = image.filter(ImageFilter.GaussianBlur(0.6))
        grain = Image.effect_noise(image.size, 14).point(lambda value: 243 + (value - 128) // 8)
        pages.append(ImageChops.multiply(image, grain))
    target = io.BytesIO()
    when = time.strptime(_published(notice), "%Y-%m-%d")
    pages[0].save(
        target,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=DPI,
        quality=45,
        creationDate=when,
        modDate=when,
    )
    return target.getvalue()


def _docx(notice: Notice) -> bytes:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(3)
    section.left_margin = section.right_margin = Cm(2.7)
    normal = document.styles["Normal"]
    normal.font.size = Pt(15)
    normal.font.name = "Times New Roman"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.size = Pt(20 if level == 1 else 16)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "黑体")
    for block in notice.blocks:
        if block.kind == "heading":
            heading = document.add_heading(block.text, block.level)
            if block.level == 1:
                heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif block.kind == "table":
            _docx_table(document, block)
        else:
            paragraph = document.add_paragraph(block.text)
            if _signs(block):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            elif block.text == notice.head.get("number") or re.match(r"表\d+ ", block.text):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif not block.text.endswith("："):
                paragraph.paragraph_format.first_line_indent = Pt(30)
    document.core_properties.author = ISSUER
    document.core_properties.title = _title(notice)
    target = io.BytesIO()
    document.save(target)
    return _undated(target.getvalue())


def _undated(data: bytes) -> bytes:
    """The same ZIP archive with every member of the same age."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(
                zipfile.ZipInfo(member.filename, (2023, 4, 12, 8, 0, 0)), old.read(member), zipfile.ZIP_DEFLATED
            )
    return target.getvalue()


def _docx_table(document: "docx.document.Document", block: Block) -> None:
    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")
    for row, cells in enumerate(block.rows):
        for column, cell in enumerate(cells):
            paragraph = table.cell(row, column).paragraphs[0]
            run = paragraph.add_run(cell)
            run.font.size = Pt(12)
            run.bold = row == 0
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


if __name__ == "__main__":
    sys.exit(main())
