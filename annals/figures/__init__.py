"""A document → the figures in it, each with its sentence.

- `flow`: passages → paragraphs as they read, with a map back to the document's offsets
- `mentions`: a paragraph → the numbers in it that measure something
- `measure`: the words before a number: level, growth, share, change; up or down
- `subject`: the noun phrases around a number: what is counted
- `meaning`: both together, for numbers that lean on each other
- `times`, `roles`, `places`: when, whether planned or done, and where, by the words of a sentence
- `frames`: the same by section and document
- `tables`: the same from the headers of rows and columns
- `legible`: what is no Chinese text, and the cautions that say so
- `reader`: from document to figures
"""

from collections.abc import Iterable

from annals.figures.legible import cautions
from annals.figures.reader import read
from annals.model import Figure

__all__ = ["cautions", "read", "to_json_lines"]


def to_json_lines(name: str, figures: Iterable[Figure]) -> str:
    """One JSON object a line, each ending in a line feed; `name` goes into the key `notice`.

    Decimals are JSON numbers with all the digits they were read with; null stands for what is open or unknown.
    """
    import msgspec

    encode = msgspec.json.Encoder(decimal_format="number").encode
    return "".join(encode({"notice": name, **msgspec.structs.asdict(f)}).decode() + "\n" for f in figures)
