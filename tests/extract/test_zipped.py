"""ZIP attachments: every member read or named, whatever charset its name is in."""

import io
import zipfile

import pytest

from annals.errors import Unreadable
from annals.extract import extract_bytes


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def test_members_follow_each_other_with_offsets_kept() -> None:
    data = archive({"一.txt": "举办讲座12场。".encode(), "二.txt": "新建驿站3个。".encode()})
    document = extract_bytes("附件.zip", data)
    assert document.text == "一.txt\n举办讲座12场。\n二.txt\n新建驿站3个。\n"
    texts = [document.text[passage.start : passage.end].strip() for passage in document.passages]
    assert "新建驿站3个。" in texts


def test_an_unreadable_member_is_named_and_the_others_are_read() -> None:
    document = extract_bytes("附件.zip", archive({"坏.pdf": b"%PDF-1.7 broken", "好.txt": "举办讲座12场。".encode()}))
    assert "举办讲座12场。" in document.text
    assert [caution.code for caution in document.cautions] == ["member_unreadable"]
    assert "坏.pdf" in document.cautions[0].message


def test_names_in_gbk_are_read_as_their_author_wrote_them() -> None:
    name = "经费表.txt"
    stand_in = "x" * len(name.encode("gbk"))
    data = archive({stand_in: "安排经费86.5万元。".encode()}).replace(stand_in.encode(), name.encode("gbk"))
    assert extract_bytes("附件.zip", data).text.startswith("经费表.txt\n")


def test_archives_nested_too_deep_are_named() -> None:
    data = "举办讲座12场。".encode()
    for _ in range(6):
        data = archive({"内.zip" if data.startswith(b"PK") else "文.txt": data})
    with pytest.raises(Unreadable, match="archives in archives"):
        extract_bytes("套.zip", data)


def test_an_archive_that_unpacks_to_too_much_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for index in range(9):
            target.writestr(f"{index}.txt", b"0" * (64 << 20))
    with pytest.raises(Unreadable, match="unpacks to 576 MiB"):
        extract_bytes("弹.zip", out.getvalue())
