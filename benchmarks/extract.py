"""Extraction, held against what it is built on and its peers, on versions of our sample notices, in one run.

    python -m benchmarks.extract            errors, reading order and speed (some minutes: pages are recognised)
    python -m benchmarks.extract --quick    without scans

Making the versions needs Chromium and the Noto CJK fonts (Debian: chromium, fonts-noto-cjk). pdftotext and trafilatura
take part where they are installed. Errors: characters to change, blanks aside, for each character of the known text
(text and reading order both count). Order: of the sentences found, the share of neighbours that follow each other.
"""

import argparse
import html
import io
import logging
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import docx
import pdfplumber
import pypdfium2
from PIL import Image
from rapidocr import RapidOCR

from annals.extract import Options, detect
from annals.extract.fence import Fence
from annals.extract.formats import parse

PROJECT = Path(__file__).resolve().parents[1]
TEXTS = PROJECT / "samples" / "text"
NOTICES = ("2020-review", "2021-plan", "2022-plan", "2023-press")
BENCH_PYTHON = PROJECT / ".venv-bench" / "bin" / "python"
BODY = "p { text-indent: 2em; margin: 0; text-align: justify }"
LAYOUTS = {
    "one column": "@page { size: A4; margin: 25mm }" + BODY,
    "no indents": "@page { size: A4; margin: 25mm } p { margin: .6em 0 }",
    "two columns": "@page { size: A4; margin: 20mm } div { column-count: 2; column-gap: 8mm }" + BODY,
    "newspaper": "@page { size: A3; margin: 12mm } div { column-count: 4; column-gap: 7mm } body { font-size: 9pt }"
    + BODY,
    "fake bold": "@page { size: A4; margin: 25mm } h1, p { text-shadow: .3px 0 0 #000, 0 .3px 0 #000 }" + BODY,
    "shadow": "@page { size: A4; margin: 25mm } h1, p { text-shadow: 1.2px 1.2px 0 #888 }" + BODY,
    "running heads": "@page { size: A4; margin: 30mm 25mm; @top-right { content: '云川市科学普及协会文件汇编' } "
    "@bottom-center { content: '— ' counter(page) ' —' } }" + BODY,
}
SCANS = (("one column", 150, 0.0), ("one column", 200, 0.0), ("one column", 300, 0.0), ("one column", 200, 1.5),
         ("one column", 200, 90.0), ("two columns", 200, 0.6), ("newspaper", 200, 0.0))  # fmt: skip
SITE = (
    '<html><head><meta charset="{charset}"><title>{title}_云川市科学普及协会网</title></head><body><div class="nav">'
    '<a href="/">首页</a><a href="/xxgk">信息公开</a><a href="/tz">通知公告</a></div><div class="box"><h1>{title}</h1>'
    "<div>发布时间：2023-03-21 来源：云川市科学普及协会 浏览次数：1234</div><div>{body}</div>"
    '<p>附件：<a href="f.pdf">附表.pdf</a></p><a>打印</a> <a>关闭</a></div><div class="links">'
    '<a href="/1">上一篇：会议通知</a><a href="/2">下一篇：培训通知</a></div>'
    "<div>版权所有：云川市科学普及协会 ICP备12345号</div></body></html>"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="without scans")
    quick = parser.parse_args().quick
    if shutil.which("chromium") is None:
        print("extraction skipped: chromium is not installed (Debian: chromium, fonts-noto-cjk)")
        return 0
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # a line for each font it finds odd
    texts = {name: (TEXTS / f"{name}.txt").read_text(encoding="utf-8") for name in NOTICES}
    truth = "\n".join(texts.values())
    with tempfile.TemporaryDirectory() as folder:
        pdfs = {name: _print(_page(texts, style), Path(folder)) for name, style in LAYOUTS.items()}
    pdfs["table"] = _tables()
    print(f"{'errors / order':<26}" + "".join(f"{name:>18}" for name in ("annals", *PDF_PEERS)))
    for name, data in pdfs.items():
        _row(name, truth if name != "table" else TABLE_TEXT, data, PDF_PEERS)
    _web(texts)
    _word(texts)
    _speed({name: data for name, data in pdfs.items() if name != "table"})
    if not quick:
        _scans(pdfs, truth)
    return 0


# --- versions ----------------------------------------------------------------------------------------


def _page(texts: dict[str, str], style: str) -> str:
    body = []
    for text in texts.values():
        title, *paragraphs = [part for part in text.split("\n\n") if part.strip()]
        inner = "".join(f"<p>{html.escape(part.strip()).replace(chr(10), '<br>')}</p>" for part in paragraphs)
        body.append(f"<h1>{html.escape(title)}</h1><div>{inner}</div>")
    font = "body { font: 12pt/1.7 'Noto Serif CJK SC'; margin: 0 } h1 { text-align: center; font: bold 20pt/1.3 serif }"
    return f"<meta charset=utf-8><style>{font} {style}</style>{''.join(body)}"


def _print(page: str, folder: Path) -> bytes:
    source, target = folder / "page.html", folder / "page.pdf"
    source.write_text(page, encoding="utf-8")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                 "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()]  # fmt: skip
    subprocess.run(["chromium", *arguments], check=True, capture_output=True, timeout=120)
    return target.read_bytes()


TABLE_ROWS = [["地区", "讲座（场）", "展览（场）", "惠及公众（万人次）"]] + [
    [name, str(126 + 7 * step), str(18 + step), f"{4.8 + step / 10:.1f}"]
    for step, name in enumerate(["白鹭滩区", "望月岭区", "锦绣湾区", "云溪桥区", "青石坪县", "松竹坡县"] * 9)
]
TABLE_TEXT = "\n".join("".join(row) for row in TABLE_ROWS)


def _tables() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in TABLE_ROWS)
    style = (
        "@page { size: A4; margin: 25mm } table { border-collapse: collapse } td { border: 1px solid; padding: 2mm }"
    )
    with tempfile.TemporaryDirectory() as folder:
        page = (
            f"<meta charset=utf-8><style>body {{ font: 11pt 'Noto Serif CJK SC' }} {style}</style><table>{rows}</table>"
        )
        return _print(page, Path(folder))


# --- what is measured ----------------------------------------------------------------------------------


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def errors(truth: str, read: str) -> float:
    """Characters to change for each of the truth, by its longest common blocks."""
    one, other = _bare(truth), _bare(read)
    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(j - i, m - k) for tag, i, j, k, m in codes if tag != "equal") / len(one)


def order(truth: str, read: str) -> float:
    """The share of neighbouring sentences that still follow each other."""
    text = _bare(read)
    sentences = [_bare(part) for part in re.split("[。；\n]", truth)]
    once = [sentence for sentence in sentences if len(sentence) > 8 and _bare(truth).count(sentence) == 1]
    places = [text.find(sentence) for sentence in once]
    found = [place for place in places if place >= 0]
    return sum(one < other for one, other in pairwise(found)) / max(1, len(found) - 1)


def _ours(data: bytes, kind: str = detect.PDF) -> str:
    return parse(kind, "notice", data, Options()).text


def _plumber(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def _pdfium(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def _pdftotext(data: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


PDF_PEERS: dict[str, Callable[[bytes], str]] = {"pdfplumber": _plumber, "pypdfium2": _pdfium}
if shutil.which("pdftotext"):
    PDF_PEERS["pdftotext"] = _pdftotext


def _row(name: str, truth: str, data: bytes, peers: dict[str, Callable[[bytes], str]], kind: str = detect.PDF) -> None:
    shown = [_ours(data, kind), *(peer(data) for peer in peers.values())]
    cells = (f"{errors(truth, text):.4f} / {order(truth, text):.3f}" for text in shown)
    print(f"{name:<26}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


def _web(texts: dict[str, str]) -> None:
    peers: dict[str, Callable[[bytes], str]] = {}
    if (
        BENCH_PYTHON.exists()
        and not subprocess.run([BENCH_PYTHON, "-c", "import trafilatura"], capture_output=True, check=False).returncode
    ):
        peers["trafilatura"] = _trafilatura
    print(f"\n{'HTML':<26}" + "".join(f"{name:>18}" for name in ("annals", *peers)) + "   (mean over notices)")
    for codec, charset in (("utf-8", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "utf-8")):
        sums = [0.0] * (1 + len(peers))
        for text in texts.values():
            title, *paragraphs = [part for part in text.split("\n\n") if part.strip()]
            body = "".join(f"<p>{html.escape(part.strip()).replace(chr(10), '<br>')}</p>" for part in paragraphs)
            page = SITE.format(charset=charset, title=title, body=body).encode(codec)
            known = text + "附件：附表.pdf"
            for index, read in enumerate((lambda data: _ours(data, detect.HTML), *peers.values())):
                sums[index] += errors(known, read(page)) / len(texts)
        print(f"{codec + ', says ' + charset:<26}" + "".join(f"{value:>18.4f}" for value in sums))


def _trafilatura(data: bytes) -> str:
    code = "import sys, trafilatura; print(trafilatura.extract(sys.stdin.buffer.read(), include_tables=True) or '')"
    done = subprocess.run([BENCH_PYTHON, "-c", code], input=data, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def _word(texts: dict[str, str]) -> None:
    document = docx.Document()
    for text in texts.values():
        for part in text.split("\n\n"):
            for line in part.strip().split("\n"):
                document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    print(f"\n{'DOCX':<26}{errors(chr(10).join(texts.values()), _ours(out.getvalue(), detect.DOCX)):>18.4f}")


def _seconds(read: Callable[[bytes], object], data: bytes, times: int = 3) -> float:
    read(data)
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        read(data)
        best = min(best, time.perf_counter() - began)
    return best


def _speed(pdfs: dict[str, bytes]) -> None:
    fence = Fence()
    readers: dict[str, Callable[[bytes], object]] = {
        "annals": _ours,
        "annals, fenced": lambda data: fence.read("notice.pdf", data, Options()),
        **PDF_PEERS,
    }
    pages = sum(_pages(data) for data in pdfs.values())
    print(f"\n{'pages a second':<26}{'':>18}{'to pdfplumber':>18}   ({pages} pages, warm, best of 3)")
    rates = {name: pages / sum(_seconds(read, data) for data in pdfs.values()) for name, read in readers.items()}
    for name, rate in rates.items():
        print(f"{name:<26}{rate:>18.1f}{rate / rates['pdfplumber']:>17.1f}×")
    fence.close()


def _pages(data: bytes) -> int:
    with pypdfium2.PdfDocument(data) as pdf:
        return len(pdf)


def _scans(pdfs: dict[str, bytes], truth: str) -> None:
    one = {f"EngineConfig.onnxruntime.{which}_op_num_threads": 1 for which in ("intra", "inter")}
    alone = RapidOCR(params={"Global.log_level": "critical", **one})
    print(f"\n{'scans':<30}{'errors / order':>18}{'s a page':>10}{'rapidocr alone':>26}{'annals takes':>14}")
    for name, dpi, degrees in SCANS:
        images = list(_images(pdfs[name], dpi, degrees))[:2]
        out = io.BytesIO()
        images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=dpi)
        known = _ours(_first(pdfs[name], len(images)))
        read, ours = _timed(_ours, out.getvalue())
        theirs, peer = _timed(_alone, alone, images)
        label = f"{name}, {dpi} dpi" + (f", turned {degrees:g}°" if degrees else "")
        print(
            f"{label:<30}{f'{errors(known, read):.4f} / {order(known, read):.3f}':>18}{ours / len(images):>10.2f}"
            f"{f'{errors(known, theirs):.4f}, {peer / len(images):.2f} s':>26}{ours / peer:>13.2f}×",
            flush=True,
        )


def _alone(engine: RapidOCR, images: list[Image.Image]) -> str:
    """rapidocr as it comes, box after box."""
    return "\n".join(line for image in images for line in engine(image.convert("RGB")).txts or ())


def _timed(read: Callable[..., str], *arguments: object) -> tuple[str, float]:
    began = time.perf_counter()
    return read(*arguments), time.perf_counter() - began


def _images(data: bytes, dpi: int, degrees: float) -> Iterator[Image.Image]:
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            image = page.render(scale=dpi / 72).to_pil().convert("L")
            whole = degrees % 90 == 0
            yield (
                image.rotate(degrees, expand=whole, fillcolor=255, resample=Image.Resampling.BICUBIC)
                if degrees
                else image
            )


def _first(data: bytes, pages: int) -> bytes:
    out = io.BytesIO()
    with pypdfium2.PdfDocument(data) as pdf, pypdfium2.PdfDocument.new() as part:
        part.import_pages(pdf, list(range(pages)))
        part.save(out)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
