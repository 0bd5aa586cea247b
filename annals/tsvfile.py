"""TSV files that people review: `#` comments, a header row, then rows as wide as the header."""

from pathlib import Path

from annals.errors import ConfigurationError


def read_rows(path: Path, *columns: str) -> list[list[str]]:
    """The rows below the header, which must name just these columns in this order.

    Raises ConfigurationError naming the file, the line, and what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    rows: list[list[str]] = []
    width = len(columns)
    header = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line[0] == "#":
            continue
        row = line.split("\t")
        if not header:
            header = True
            if row != list(columns):
                raise ConfigurationError(
                    f"{path}:{number}: the columns are {', '.join(row)}; expected {', '.join(columns)}"
                )
        elif len(row) != width:
            raise ConfigurationError(f"{path}:{number}: {row[0]} has {len(row)} columns; expected {width}")
        else:
            rows.append(row)
    return rows
