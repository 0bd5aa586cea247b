"""OFD: characters by their places, tables by their lines, and one clear reason when it cannot be read."""

import io
import zipfile

import pytest

from annals.errors import Unreadable
from annals.extract import extract_bytes

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text_object(x: float, y: float, text: str, size: float = 5.0) -> str:
    steps = f"g {len(text) - 1} {size}" if len(text) > 2 else " ".join([str(size)] * (len(text) - 1))
    return (
        f'<ofd:TextObject Size="{size}" Boundary="{x} {y} {size * len(text)} {size}">'
        f'<ofd:TextCode X="0" Y="{size * 0.86}" DeltaX="{steps}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    data = f"M 0 0 L {x1 - x0} {y1 - y0}"
    return (
        f'<ofd:PathObject Boundary="{x0} {y0} {x1 - x0} {y1 - y0}">'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def ofd(*pages: str, root_extra: str = "", without: str = "") -> bytes:
    members = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE}><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot>{root_extra}"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    for index, page in enumerate(pages):
        members[f"Doc_0/Pages/Page_{index}/Content.xml"] = (
            f"<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, data in members.items():
            if name != without:
                target.writestr(name, data)
    return out.getvalue()


def test_lines_are_joined_into_paragraphs_in_reading_order() -> None:
    # The file's own order is not the page's.
    page = (
        text_object(20, 58, "驿站十八个。")
        + text_object(30, 50, "全年举办科普讲座一百二十场次，覆盖社区，新建科普")
        + text_object(80, 30, "工作要点", 8)
    )
    document = extract_bytes("要点.ofd", ofd(page))
    assert document.text == "工作要点\n全年举办科普讲座一百二十场次，覆盖社区，新建科普驿站十八个。\n"
    body = document.passages[-1]
    assert body.page == 1
    assert body.box is not None
    assert body.box.top == pytest.approx(50 * 72 / 25.4, abs=2)


def test_ruled_tables_have_cells() -> None:
    lines = [line(20, y, 120, y) for y in (100, 110, 120)] + [line(x, 100, x, 120) for x in (20, 70, 120)]
    words = [(22, 102, "项目"), (72, 102, "数量"), (22, 112, "讲座"), (72, 112, "12场")]
    page = "".join(lines) + "".join(text_object(*word) for word in words)
    document = extract_bytes("表.ofd", ofd(page))
    (table,) = [passage for passage in document.passages if passage.kind == "table"]
    assert [document.text[cell.start : cell.end] for cell in table.cells] == ["项目", "数量", "讲座", "12场"]


def test_pages_follow_each_other() -> None:
    document = extract_bytes(
        "二.ofd", ofd(text_object(20, 50, "一、讲座十二场。"), text_object(20, 50, "二、驿站三个。"))
    )
    assert [passage.page for passage in document.passages] == [1, 2]


def test_an_encrypted_one_says_so() -> None:
    with pytest.raises(Unreadable, match="encrypted"):
        extract_bytes("密.ofd", ofd(text_object(20, 50, "密"), root_extra="<ofd:Encryptions>e.xml</ofd:Encryptions>"))


@pytest.mark.parametrize("part", ["Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"])
def test_a_missing_part_is_named(part: str) -> None:
    with pytest.raises(Unreadable, match=part):
        extract_bytes("缺.ofd", ofd(text_object(20, 50, "文"), without=part))


def test_numbers_that_are_none_make_it_unreadable_not_a_crash() -> None:
    broken = text_object(20, 50, "文字").replace('Size="5.0"', 'Size="five"')
    with pytest.raises(Unreadable, match="five"):
        extract_bytes("坏.ofd", ofd(broken))
