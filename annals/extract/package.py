"""Zip containers (DOCX, XLSX, OFD, attachments) opened with care: sizes first, no DTDs, no external entities."""

import io
import struct
import zipfile
import zlib

from lxml import etree

from annals.errors import Unreadable
from annals.extract.limits import Limits


class Package:
    """The members of a zip, read whole, within limits."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise Unreadable(f"the file is a damaged zip ({error})") from error
        members = self._zip.infolist()
        if len(members) > limits.members:
            raise Unreadable(f"the zip has {len(members):,} members; the limit is {limits.members:,}")
        unpacked = sum(member.file_size for member in members)
        if unpacked > limits.unpacked_bytes:
            raise Unreadable(
                f"the zip unpacks to {unpacked >> 20:,} MiB; the limit is {limits.unpacked_bytes >> 20} MiB"
            )
        self._members = {member.filename: member for member in members}
        self._left = limits.unpacked_bytes
        self.members = tuple(members)
        self.names = tuple(member.filename for member in members)

    def read(self, name: str) -> bytes:
        """A member's bytes, by its name."""
        if name not in self._members:
            raise Unreadable(f"the document lacks its part {name}")
        return self.read_member(self._members[name])

    def read_member(self, member: zipfile.ZipInfo) -> bytes:
        """A member's bytes, where several may have one name; the size it states is not believed."""
        name = member.filename
        if member.flag_bits & 1:
            raise Unreadable(f"the part {name} of the document is encrypted; unpack it and pass on what was in it")
        try:
            with self._zip.open(member) as stream:
                data = stream.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error) as error:
            raise Unreadable(f"the part {name} of the document is damaged ({error})") from error
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable("the zip unpacks to more than it states, beyond the limit")
        return data

    def xml(self, name: str) -> etree._Element:
        """A member parsed as XML."""
        return parse_xml(self.read(name), name)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Parse XML of a stranger: a DTD is refused, entities are not resolved, nothing is fetched."""
    refusal = f"the part {name} of the document declares a DTD, which is refused"
    if b"<!DOCTYPE" in data[:100_000] or "<!DOCTYPE".encode("utf-16-le") in data[:100_000]:
        raise Unreadable(refusal)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "entity" in str(error.msg).lower():
            raise Unreadable(refusal) from error
        raise Unreadable(f"the part {name} of the document is broken XML ({error.msg})") from error
    if root.getroottree().docinfo.internalDTD is not None:  # behind a long comment, or in another encoding
        raise Unreadable(refusal)
    return root
