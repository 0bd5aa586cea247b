"""Notices read by the real reader, from their text or their file, as the pipeline does it."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from annals.describe import describe
from annals.extract import extract_bytes
from annals.figures import read
from annals.model import Capture, NoticeRef, Reading


def of_text(key: str, text: str, *, source: str = "yunchuan") -> Reading:
    """What is read of a text file."""
    return of_bytes(key, f"{key}.txt", text.encode(), source=source)


def of_file(path: Path, *, source: str = "yunchuan") -> Reading:
    """What is read of a file; its name stands for the notice."""
    return of_bytes(path.name, path.name, path.read_bytes(), source=source)


def of_bytes(key: str, name: str, data: bytes, *, source: str) -> Reading:
    document = extract_bytes(name, data)
    description = describe(document)
    return Reading(
        capture=Capture(
            notice=NoticeRef(source=source, url=f"https://yunchuan.example/{name}"),
            notice_id=key,
            sha256=sha256(data).hexdigest(),
            path=f"raw/{name}",
            media_type=document.media_type,
            size=len(data),
            fetched_at=datetime(2026, 1, 5, 8, tzinfo=UTC),
            name=name,
            final_url=f"https://yunchuan.example/{name}",
        ),
        text=document.text,
        passages=document.passages,
        description=description,
        figures=read(document, description),
        cautions=document.cautions,
        characters=len(document.text),
        extractor="test",
    )
