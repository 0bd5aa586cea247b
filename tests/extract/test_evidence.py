"""Evidence: a picture with the digits marked, or the sentence as HTML."""

import io
from pathlib import Path

import pytest
from PIL import Image

from annals.cli import main
from annals.errors import AnnalsError
from annals.extract import extract
from annals.extract.evidence import evidence
from tests.extract.pdfs import column, grid, pdf, say

TEXT = "全年办讲座126场，惠及公众4.8万人次，其中乡村讲座126场次以外另有流动展览18站，走进42所学校。"


def marked(data: bytes) -> tuple[float, float, float, float]:
    """Where the picture is yellow, as shares of its width and height."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    yellow = [
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if (pixel := image.getpixel((x, y)))[0] > 200 and pixel[2] < 180  # type: ignore[index]
    ]
    xs, ys = [x for x, _ in yellow], [y for _, y in yellow]
    return min(xs) / image.width, max(xs) / image.width, min(ys) / image.height, max(ys) / image.height


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    def page(canvas) -> None:
        column(canvas, TEXT, 90, 100)
        grid(canvas, [90, 250, 400], [300, 325, 350])
        for text, x, y in (("地区", 95, 317), ("场次", 255, 317), ("云溪桥区", 95, 342), ("126", 255, 342)):
            say(canvas, text, x, y)

    path = tmp_path / "通知.pdf"
    path.write_bytes(pdf(page))
    return path


def test_the_digits_meant_are_marked_not_equal_ones(notice: Path) -> None:
    text = extract(notice).text
    places = []
    for nth in (0, 1):
        start = text.index("126", text.index("126") + nth)
        shown = evidence(notice, start, start + 3)
        assert shown.media_type == "image/png"
        places.append(marked(shown.data))
    assert places[0] != places[1]
    left, right, _, _ = places[0]  # the sixth character of a line indented by two, on a page 595 points wide
    assert left == pytest.approx((90 + 24 + 60) / 595, abs=0.01)
    assert right - left < 0.05


def test_a_cell_is_marked_in_its_table(notice: Path) -> None:
    start = extract(notice).text.rindex("126")
    left, right, _, _ = marked(evidence(notice, start, start + 3).data)
    assert 250 / 595 < left < right < 400 / 595


def test_text_is_shown_as_html_with_the_place_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(f"关于<讲座>的通知\n\n{TEXT}\n", encoding="utf-8")
    start = path.read_text(encoding="utf-8").index("4.8")
    assert main(["evidence", f"{path}:{start}-{start + 3}", "--output", str(tmp_path / "out.html")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out.html")
    assert "惠及公众<mark>4.8</mark>万人次" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_offsets_that_nothing_holds_are_refused(notice: Path) -> None:
    with pytest.raises(AnnalsError, match="no passage holds 5000-5003"):
        evidence(notice, 5000, 5003)
    assert main(["evidence", "通知.pdf"]) == 1
