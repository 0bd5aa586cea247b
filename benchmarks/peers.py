"""Peers that find numbers in Chinese text; runs in the benchmarks' own venv, which annals is not in.

Reads {"peer", "texts": {name: text}} on standard input; writes {"seconds", "figures": {name: [{start, end, value}]}}.
Models are loaded and warmed before the clock starts.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator

Found = Iterator[tuple[int, int, str]]


def microsoft() -> Callable[[str], Found]:
    from recognizers_number import Culture, recognize_number

    def find(text: str) -> Found:
        for result in recognize_number(text, Culture.Chinese):
            yield result.start, result.end + 1, (result.resolution or {}).get("value") or ""

    return find


def microsoft_with_units() -> Callable[[str], Found]:
    from recognizers_number import Culture, recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    def find(text: str) -> Found:
        taken: list[tuple[int, int]] = []
        for recognise in (recognize_percentage, recognize_currency, recognize_dimension, recognize_number):
            for result in recognise(text, Culture.Chinese):
                if not any(result.start < end and start <= result.end for start, end in taken):
                    taken.append((result.start, result.end + 1))
                    value = (result.resolution or {}).get("value") or ""
                    yield result.start, result.end + 1, value.rstrip("%")

    return find


def jionlp_money() -> Callable[[str], Found]:
    import jionlp

    def find(text: str) -> Found:
        for result in jionlp.ner.extract_money(text):
            number = result["detail"]["num"] if result.get("detail") else ""
            yield result["offset"][0], result["offset"][1], number if isinstance(number, str) else number[0]

    return find


def chinese2digits_numbers() -> Callable[[str], Found]:
    import chinese2digits

    def find(text: str) -> Found:
        found = chinese2digits.takeNumberFromString(text)
        at = 0
        for written, digits in zip(found["CHNumberStringList"], found["digitsStringList"], strict=True):
            start = text.find(written, at)  # it tells no offsets, and rewrites some numerals: those are lost here
            if start >= 0:
                at = start + len(written)
                percent = 100 if written.endswith("%") else 1
                yield start, at, str(float(digits) * percent) if digits else ""

    return find


PEERS = {
    "microsoft": microsoft,
    "microsoft_with_units": microsoft_with_units,
    "jionlp_money": jionlp_money,
    "chinese2digits": chinese2digits_numbers,
}


def main() -> None:
    asked = json.load(sys.stdin)
    out = sys.stdout
    sys.stdout = sys.stderr  # some peers greet their users there
    find = PEERS[asked["peer"]]()
    list(find("举办讲座12场，投入3万元。"))
    begun = time.process_time()
    figures = {
        name: [{"start": start, "end": end, "value": value} for start, end, value in find(text)]
        for name, text in asked["texts"].items()
    }
    json.dump({"seconds": time.process_time() - begun, "figures": figures}, out)


if __name__ == "__main__":
    main()
