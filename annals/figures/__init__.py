"""A document → the figures in it, each with its sentence.

flow       passages → paragraphs as they read, with a map back to the document's offsets
mentions   a paragraph → the numbers in it that measure something
measure    the words before a number: level, growth, share, change; up or down
subject    the noun phrases around a number: what is counted
context    year, role and region from sentence, section and document
reader     all of these together: `read`
"""

from annals.figures.reader import read

__all__ = ["read", "to_json_lines"]

from collections.abc import Iterable

from annals.model import Figure


def to_json_lines(name: str, figures: Iterable[Figure]) -> str:
    """One JSON object a line, each ending in a line feed; `name` goes into the key `notice`.

    Decimals are JSON numbers with all the digits they were read with; null stands for what is open or unknown.
    """
    import msgspec

    encoder = msgspec.json.Encoder(decimal_format="number")
    lines = []
    for figure in figures:
        lines.append(encoder.encode({"notice": name, **msgspec.structs.asdict(figure)}).decode())
    return "".join(line + "\n" for line in lines)
