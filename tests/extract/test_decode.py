"""Charsets: what the bytes say goes before what the page says."""

import codecs
import json
from pathlib import Path

import pytest

from annals.cli import main
from annals.errors import Unreadable
from annals.extract import extract_bytes
from annals.extract.decode import declared_charset, decode

SIMPLIFIED = "云川市科学普及协会全年举办讲座126场，惠及公众4.8万人次，比上年增长两成。"
TRADITIONAL = "雲川市科學普及協會全年舉辦講座126場，惠及公眾4.8萬人次，比上年增長兩成。"


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (SIMPLIFIED, "utf-8", None),
        (SIMPLIFIED, "utf-8", "gb2312"),  # declared wrongly
        (SIMPLIFIED, "gb18030", None),
        (SIMPLIFIED, "gbk", "utf-8"),
        (SIMPLIFIED + "喆镕犇㙟", "gb18030", "gb2312"),  # characters beyond what is declared
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "big5", None),
        (TRADITIONAL, "utf-8", "big5"),
        (SIMPLIFIED, "utf-16", None),
        (SIMPLIFIED, "gb18030", "iso-8859-1"),
        (SIMPLIFIED, "gb18030", "no-such-charset"),
    ],
)
def test_text_comes_back_whatever_is_declared(text: str, codec: str, declared: str | None) -> None:
    assert decode(text.encode(codec), declared)[0] == text


def test_a_few_bad_bytes_in_utf8_are_tolerated_and_counted() -> None:
    data = (SIMPLIFIED * 20).encode()
    text, codec, bad = decode(data[:300] + b"\xff" + data[300:])
    assert (codec, bad) == ("utf-8", 1)
    assert text.replace("\ufffd", "") == SIMPLIFIED * 20


def test_a_page_that_ends_within_a_character_is_still_utf8() -> None:
    text, codec, _ = decode((SIMPLIFIED * 20).encode()[:-1])
    assert codec == "utf-8"
    assert text.startswith(SIMPLIFIED)


def test_bytes_of_no_charset_are_refused() -> None:
    with pytest.raises(Unreadable, match="not text in"):
        decode(bytes(range(128, 256)) * 50)


def test_the_charset_is_taken_from_the_head_of_a_page() -> None:
    assert declared_charset(b'<html><head><meta charset="GBK">') == "GBK"
    assert declared_charset(b"<p>no head at all</p>") is None


def test_a_text_file_is_unchanged_to_the_last_newline() -> None:
    text = "关于举办培训班的通知\r\n\r\n全年培训12\r\n万人次。\n\t附件：1份\n"
    assert extract_bytes("通知.txt", text.encode()).text == text
    for name in ("通知.txt", "通知.md", "表.csv"):
        assert extract_bytes(name, b"\xef\xbb\xbf" + text.encode()).text == f"\ufeff{text}", "as Python reads UTF-8"


def test_offsets_count_a_byte_order_mark_as_python_does(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bare, marked = tmp_path / "甲.txt", tmp_path / "乙.txt"
    bare.write_text("云川市2023年工作总结\n\n全年举办科普讲座35场。\n", encoding="utf-8")
    marked.write_bytes(codecs.BOM_UTF8 + bare.read_bytes())
    assert main(["read", str(bare)]) == main(["read", str(marked)]) == 0
    without, figure = (json.loads(line) for line in capfd.readouterr().out.splitlines())
    text = marked.read_text(encoding="utf-8")
    assert text[figure["start"] : figure["end"]] == "35"
    assert [key for key in figure if figure[key] != without[key]] == ["notice", "start", "end"]
    assert main(["extract", str(marked)]) == 0
    assert capfd.readouterr().out == text
    assert main(["describe", str(marked)]) == 0
    assert json.loads(capfd.readouterr().out)["title"] == "云川市2023年工作总结"


def test_bad_bytes_are_said_with_their_place() -> None:
    data = (SIMPLIFIED * 20).encode()
    document = extract_bytes("通知.txt", data[:300] + b"\xff" + data[300:])
    (caution,) = document.cautions
    assert caution.code == "mojibake"
    assert caution.start is not None and document.text[caution.start] == "\ufffd"
