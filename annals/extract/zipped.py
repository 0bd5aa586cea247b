"""ZIP attachments: their members, each read by its own room, as one document in the order of names."""

import stat
import zipfile
from pathlib import PurePosixPath

from msgspec.structs import replace

from annals.errors import Unreadable
from annals.extract import detect
from annals.extract.compose import clean
from annals.extract.limits import Options
from annals.extract.package import Package
from annals.model import Caution, Document, Passage


def read(name: str, data: bytes, options: Options) -> Document:
    """Members one after the other, each under a heading with its name; what cannot be read is a caution."""
    return _read(name, data, options, options.limits.nesting)


def _read(name: str, data: bytes, options: Options, nesting: int) -> Document:
    from annals.extract.formats import parse

    package = Package(data, options.limits)
    members = [(clean(printed_name(member)), member) for member in package.members if not member.is_dir()]
    members.sort(key=lambda named: named[0])
    parts: list[str] = []
    length = 0
    passages: list[Passage] = []
    cautions: list[Caution] = []
    for shown, member in members:
        leaf = PurePosixPath(shown).name
        if shown.startswith("__MACOSX/") or leaf.startswith((".", "~$")):
            continue  # what archivers and editors leave behind
        try:
            if stat.S_ISLNK(member.external_attr >> 16):
                raise Unreadable("it is a link to another file, and not followed")
            content = package.read_member(member)
            kind = detect.media_type(leaf, content)
            if kind == detect.ZIP:
                if nesting <= 1:
                    raise Unreadable(f"archives in archives are read to a depth of {options.limits.nesting}")
                document = _read(leaf, content, options, nesting - 1)
            else:
                document = parse(kind, leaf, content, options)
        except Unreadable as error:
            cautions.append(Caution(code="member_unreadable", message=f"{shown}: {error.reason}"))
            continue
        heading = shown + "\n"
        passages.append(Passage(kind="heading", start=length, end=length + len(shown), level=1, path=shown))
        offset = length + len(heading)
        text = document.text if document.text.endswith("\n") else document.text + "\n"
        length = offset + len(text)
        if length > options.limits.characters:
            raise Unreadable(f"more than {options.limits.characters:,} characters of text")
        parts += [heading, text]
        passages += [_moved(passage, offset, shown) for passage in document.passages]
        cautions += [_moved_caution(caution, offset, shown) for caution in document.cautions]
    if not parts:
        why = f"; {cautions[0].message}" if cautions else ""
        raise Unreadable(f"none of the archive's {len(members)} members could be read{why}")
    return Document(
        name=name,
        media_type=detect.ZIP,
        text="".join(parts),
        passages=tuple(passages),
        cautions=tuple(cautions),
    )


def printed_name(member: zipfile.ZipInfo) -> str:
    """A member's name as its author saw it: without the UTF-8 flag most likely GBK, whatever the standard says.

    >>> member = zipfile.ZipInfo("附件.docx".encode("gbk").decode("cp437"))
    >>> printed_name(member)
    '附件.docx'
    """
    if member.flag_bits & 0x800:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return member.filename


def _moved(passage: Passage, offset: int, member: str) -> Passage:
    """The passage at its place in the whole; its page is the member's own, so the path names the member."""
    return replace(
        passage,
        start=passage.start + offset,
        end=passage.end + offset,
        path=f"{member}: {passage.path or (f'page {passage.page}' if passage.page else 'text')}",
        page=None,
        box=None,
        cells=tuple(replace(cell, start=cell.start + offset, end=cell.end + offset) for cell in passage.cells),
    )


def _moved_caution(caution: Caution, offset: int, member: str) -> Caution:
    return replace(
        caution,
        message=f"{member}: {caution.message}",
        start=None if caution.start is None else caution.start + offset,
        end=None if caution.end is None else caution.end + offset,
    )
