"""How long staging and auditing a large run take, and how much memory: `.venv/bin/python benchmarks/audit.py 1000000`.

The figures are made up: notices of a hundred figures each, a few of them with faults. Runs on an embedded PostgreSQL
of its own in a temporary folder.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from annals import checks, warehouse
from annals.extract.text import segment
from annals.model import Capture, Description, Figure, NoticeRef, Reading
from annals.settings import Settings

A_NOTICE = 100  # figures
RUN = "benchmark"


def readings(figures: int) -> Iterator[Reading]:
    for number in range(figures // A_NOTICE):
        year = 2015 + number % 10
        head, parts, found = f"第{number}号协会{year}年工作总结\n\n", [], []
        at = len(head)
        for one in range(A_NOTICE):
            value = 1000 + (number % 5000 * 7 + one * 13) % 977  # what two notices state, they state alike
            before = f"{year}年共有第{one}类设施"
            line = f"{before}{value}个。\n\n"
            share = one % 10 == 0
            low = Decimal(118 if share and number % 1000 == 0 else value)
            found.append(
                Figure(
                    start=at + len(before),
                    end=at + len(before) + 4,
                    raw=f"{value}个",
                    value=low,
                    low=low,
                    high=low,
                    unit="%" if share and number % 1000 == 0 else "个",
                    qualifier="exact",
                    kind="percent" if share and number % 1000 == 0 else "count",
                    measure="share" if share and number % 1000 == 0 else "level",
                    year=year,
                    role="actual",
                    region=f"第{number % 500}区",
                    subject=f"第{one}类设施",
                    series=f"{number % 5000}第{one}类设施|个|level",
                    quote=line.strip(),
                    confidence=0.9,
                )
            )
            parts.append(line)
            at += len(line)
        text = head + "".join(parts)
        url = f"https://benchmark.example/{number}"
        yield Reading(
            capture=Capture(
                notice=NoticeRef(source="benchmark", url=url),
                notice_id=f"benchmark-{number}",
                sha256=f"{number:064x}",
                path=f"raw/{number}",
                media_type="text/plain",
                size=len(text),
                fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
                name=f"{number}.txt",
                final_url=url,
            ),
            text=text,
            passages=segment(text, False),
            description=Description(title=head.strip(), genre="review", year=year, published_on=date(year + 1, 1, 9)),
            figures=tuple(found),
            extractor="benchmark",
        )


def main() -> None:
    figures = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.from_environment({"ANNALS_HOME": str(Path(home) / "home")})
        warehouse.start(settings)
        try:
            with warehouse.connect(settings) as connection:
                _run(connection, figures)
        finally:
            warehouse.stop(settings)


def _run(connection: warehouse.Connection, figures: int) -> None:
    warehouse.migrate(connection)
    warehouse.begin_run(connection, RUN, source="benchmark", owner="nobody", publisher="Nobody")
    began, batch, staging = time.perf_counter(), [], 0.0
    for reading in readings(figures):
        batch.append(reading)
        if len(batch) == 100:
            at = time.perf_counter()
            warehouse.stage(connection, RUN, batch)
            staging += time.perf_counter() - at
            batch = []
    warehouse.stage(connection, RUN, batch)
    print(f"made and staged {figures:,} figures in {time.perf_counter() - began:.1f} s, staging alone {staging:.1f} s")
    before = _peak_mb()
    began, busy = time.perf_counter(), time.process_time()
    said = checks.audit(connection, RUN)
    print(
        f"audited in {time.perf_counter() - began:.1f} s ({time.process_time() - busy:.1f} s of them in this process): "
        f"{len(said.results)} checks, {said.errors} errors, {said.warnings} warnings"
    )
    print(f"peak memory of this process {_peak_mb()} MB (before the audit {before} MB)")
    for result in sorted(said.results, key=lambda one: -one.seconds)[:8]:
        print(f"  {result.seconds:6.2f} s  {result.code} ({result.kind})")
    began = time.perf_counter()
    print(warehouse.publish(connection, RUN), f"in {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    warehouse.refresh_marts(connection)
    print(f"marts refreshed in {time.perf_counter() - began:.1f} s")


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
