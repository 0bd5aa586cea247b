"""The few things that the sample sources use of Markdown, as blocks: headings, paragraphs, tables."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml


class Block(NamedTuple):
    """A heading, a paragraph, or a table; `rows` holds the table's cells, its header row first."""

    kind: Literal["heading", "paragraph", "table"]
    text: str
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


class Notice(NamedTuple):
    """One source file: what stands in its head, and its blocks; the first is its title."""

    name: str
    head: dict[str, Any]
    blocks: tuple[Block, ...]


def read(path: Path) -> Notice:
    """A source file: YAML between two lines of ---, then Markdown."""
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return Notice(path.stem, yaml.safe_load(head), tuple(blocks(body)))


def blocks(text: str) -> Iterator[Block]:
    """Split Markdown into blocks.

    >>> heading, table = blocks("## 一、综合\\n\\n| 区县 | 基地 |\\n| --- | --- |\\n| 白鹭滩区 | 9 |")
    >>> heading[:3], table.rows
    (('heading', '一、综合', 2), (('区县', '基地'), ('白鹭滩区', '9')))
    """
    for part in re.split(r"\n{2,}", text.strip()):
        if found := re.fullmatch(r"(#+) (.+)", part):
            yield Block("heading", found[2], len(found[1]))
        elif part.startswith("|"):
            lines = [line for line in part.splitlines() if not re.fullmatch(r"[|\- ]+", line) or "---" not in line]
            yield Block(
                "table", "", rows=tuple(tuple(cell.strip() for cell in line[1:-1].split("|")) for line in lines)
            )
        else:
            yield Block("paragraph", part)


def plain(notice: Notice) -> str:
    """The notice as plain text: blocks with an empty line between them, the cells of a row with tabs."""
    return (
        "\n\n".join(
            "\n".join("\t".join(row) for row in block.rows) if block.kind == "table" else block.text.replace("**", "")
            for block in notice.blocks
        )
        + "\n"
    )
