"""A figure and the text it was read from."""

from collections.abc import Iterator

from annals.checks.quoting import one_line
from annals.checks.rule import Found, NoticeRule
from annals.model import Reading


def figure_in_text(reading: Reading) -> Iterator[Found]:
    """The figure's offsets lead to its number, and its quote holds it: nothing shifted between reading and staging."""
    for index, figure in enumerate(reading.figures):
        core = one_line(reading.text[figure.start : figure.end])
        if not core or core not in one_line(figure.raw) or one_line(figure.raw) not in one_line(figure.quote):
            yield Found(
                message=f"the text at {figure.start}–{figure.end} is not the figure {figure.raw}",
                expected=f"{figure.raw} at {figure.start}–{figure.end}, and in its quote",
                seen=core or "nothing",
                evidence=figure.quote,
                action="Read the notice anew; if it stays, the reader has a fault.",
                figure=index,
                start=figure.start,
                end=figure.end,
            )


RULES = (
    NoticeRule(
        code="figure_in_text",
        severity="error",
        sentence="A figure's offsets lead to its number in the text, and its quote holds it.",
        check=figure_in_text,
    ),
)
