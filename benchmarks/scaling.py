"""How reading grows: characters a second from 1 KB to 10 MB, on hostile text, memory over 10,000 documents, start-up.

    python -m benchmarks.scaling

Processor seconds on one core; ratios are to the 100 KB text of the same run.
"""

import resource
import subprocess
import sys
import time

from annals.describe import describe
from annals.extract import extract_bytes
from annals.figures import read
from benchmarks.score import PROJECT

MEGABYTE = 1_000_000
HOSTILE = {
    "digits": "7" * MEGABYTE,
    "万": "万" * MEGABYTE,
    "一": "一" * MEGABYTE,
    "opening brackets": "（" * MEGABYTE,
    "opening quotes": "“" * MEGABYTE,
    "one sentence, no stop": "讲座12场，" * (MEGABYTE // 6),
    "numbers and commas": "1,234，" * (MEGABYTE // 6),
    "分别增长": "分别增长5%、" * (MEGABYTE // 7),
    "line breaks": "讲座\n\n" * (MEGABYTE // 4),
    "table bars": "|12" * (MEGABYTE // 3),
}


def main() -> int:
    sample = "\n\n".join(path.read_text("utf-8") for path in sorted((PROJECT / "samples" / "text").glob("*.txt")))
    rates = {}
    for size in (1_000, 10_000, 100_000, MEGABYTE, 4 * MEGABYTE):
        text = (sample * (size // len(sample) + 1))[:size]
        rates[size] = _rate(text, repeat=max(1, 200_000 // size))
    print("text of our sample notices")
    for size, rate in rates.items():
        print(f"{size:>12,} characters {rate:>12,.0f} characters/s {rate / rates[100_000]:>8.2f}×")
    print("hostile text, 1,000,000 characters")
    for name, text in HOSTILE.items():
        rate = _rate(text, repeat=1)
        print(f"{name:>23} {rate:>12,.0f} characters/s {rate / rates[100_000]:>8.2f}×")
    print("memory over 10,000 documents of 2,000 characters (peak resident, MiB)")
    peaks = []
    for count in range(1, 10_001):
        _read(f"{count}\n" + sample[count % 5_000 :][:2_000])
        if count in (1_000, 10_000):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(f"{'after 1,000':>23} {peaks[0]:>12.1f}\n{'after 10,000':>23} {peaks[1]:>12.1f}")
    print(f"start-up of `annals read` on a short text: {_start_up():.2f} s (median of 5)")
    return 0


def _rate(text: str, repeat: int) -> float:
    _read(text[:1_000])
    begun = time.process_time()
    for _ in range(repeat):
        _read(text)
    return len(text) * repeat / (time.process_time() - begun)


def _read(text: str) -> None:
    document = extract_bytes("text.txt", text.encode())
    read(document, describe(document))


def _start_up() -> float:
    path = PROJECT / "samples" / "text" / "2020-review.txt"
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "annals.cli", "read", path], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begun)
    return sorted(times)[2]


if __name__ == "__main__":
    sys.exit(main())
