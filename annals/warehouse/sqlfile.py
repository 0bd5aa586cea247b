"""SQL lives in include/sql; this reads it."""

from functools import cache

from annals.settings import PROJECT

FOLDER = PROJECT / "include" / "sql"


@cache
def statements(name: str) -> str:
    """The text of `include/sql/NAME.sql`; parameters are written %(so)s."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
