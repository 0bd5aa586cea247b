"""Shares of one whole, within a sentence."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from annals.checks.divisions import complete, exclusive, name, overlapping
from annals.checks.precision import last_digit
from annals.checks.quoting import LONGEST, by_sentence, sentence
from annals.checks.rule import Found, NoticeRule
from annals.checks.tables import totalled
from annals.model import Reading

_OF = re.compile(r"占|比重|比例|份额|构成")
_EACH = re.compile(r"分别|各占")
_APART = re.compile(r"[^、和与及以\s]")
_ITS = re.compile(r"占比?(?P<whole>[^，。；：、\d]{0,10}?)(?:的?比重|的?比例)?(?:为|达到?|约|近)?$")
_SLACK = Decimal("0.1")  # points beyond what rounding explains
_STRUCTURE = re.compile(r"(?:产业|结构|构成)")
_TRIPLE = re.compile(
    r"(?<![\d.:：∶])(\d+(?:\.\d+)?)\s*[:：∶]\s*(\d+(?:\.\d+)?)\s*[:：∶]\s*(\d+(?:\.\d+)?)(?![\d.]|\s*[:：∶]\s*\d)"
)


def shares_exceed_whole(reading: Reading) -> Iterator[Found]:
    """Shares of one whole add up to 100 percent at most, where their parts exclude each other."""
    for shares, _ in _together(reading):
        total, slack = _sum(reading, shares)
        if total > 100 + slack:
            yield _found(reading, shares, total, "over_100")
    yield from (found for total, found in _columns(reading) if total > 100)
    yield from (found for total, found in _structures(reading) if total > 100)


def shares_miss_whole(reading: Reading) -> Iterator[Found]:
    """Shares of the parts that make up a whole, men and women or the three sectors, add up to 100 percent."""
    for shares, all_of_it in _together(reading):
        total, slack = _sum(reading, shares)
        if all_of_it and total < 100 - slack:
            yield _found(reading, shares, total, "under_100")
    yield from (found for total, found in _columns(reading) if total < 100)
    yield from (found for total, found in _structures(reading) if total < 100)


def _structures(reading: Reading) -> Iterator[tuple[Decimal, Found]]:
    """Structures that do not make 100: 三次产业结构为4.2∶37.7∶53.1. Another kind of ratio, 7∶2∶1, is none."""
    if not _STRUCTURE.search(reading.text):
        return
    for found in _TRIPLE.finditer(reading.text):
        if not _STRUCTURE.search(re.split("[。；\n]", reading.text[max(found.start() - 60, 0) : found.start()])[-1]):
            continue
        total = sum(map(Decimal, found.groups()), Decimal(0))
        slack = sum((_half(number) for number in found.groups()), _SLACK)
        if 80 < total < 120 and abs(total - 100) > slack:
            yield (
                total,
                Found(
                    message="structure",
                    given={"sum": total, "shares": " : ".join(found.groups())},
                    evidence=sentence(reading, found.start(), found.end()),
                    start=found.start(1),
                    end=found.end(3),
                ),
            )


def _columns(reading: Reading) -> Iterator[tuple[Decimal, Found]]:
    """Columns of shares that do not make the 100 percent below them."""
    for columns in totalled(reading):
        for column in columns:
            whole = reading.figures[column.total]
            if whole.unit != "%" or whole.value != 100 or not _OF.search(column.header):
                continue
            total, slack = _sum(reading, column.parts)
            if abs(total - 100) > slack and 50 < total < 200:
                yield (
                    total,
                    Found(
                        message="over_100" if total > 100 else "under_100",
                        given={
                            "sum": total,
                            "shares": " + ".join(reading.figures[index].raw for index in column.parts),
                        },
                        evidence="; ".join(reading.figures[index].quote for index in (*column.parts, column.total))[
                            :LONGEST
                        ],
                        figure=column.parts[0],
                        start=reading.figures[column.parts[0]].start,
                        end=reading.figures[column.parts[-1]].end,
                    ),
                )


def _together(reading: Reading) -> Iterator[tuple[list[int], bool]]:
    """Shares of one whole whose parts exclude each other, and whether these are all parts of it.

    男、女会员分别占54%、46%; 按来源分，拨款占59%，捐赠占41%.
    """
    if not _OF.search(reading.text):
        return
    for (low, _), indices in by_sentence(reading, across="；;").items():
        for clause, run in _runs(reading, low, indices):
            if len(run) > 1 and _EACH.search(clause) and _OF.search(clause) and not overlapping(clause):
                yield run, complete([clause])
        yield from _one_by_one(reading, low, indices)


def _runs(reading: Reading, low: int, indices: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Shares strung together by 、 and 和, with the words in front of the first."""
    clause, run, before = "", list[int](), low
    for index in indices:
        figure = reading.figures[index]
        between = reading.text[before : figure.start]
        before = figure.end
        if figure.unit == "%" and figure.measure in ("share", "level"):
            if run and not _APART.search(between):
                run.append(index)
                continue
            yield clause, run
            clause, run = between, [index]
        else:
            yield clause, run
            run = []
    yield clause, run


def _one_by_one(reading: Reading, low: int, indices: Sequence[int]) -> Iterator[tuple[list[int], bool]]:
    """Parts of a division or of one kind, each with its own 占: 城镇居民占64%，农村居民占36%."""
    shares: list[int] = []
    clauses: list[str] = []
    wholes: set[str] = set()
    for index in indices:
        figure = reading.figures[index]
        start = max([low, *(reading.figures[other].end for other in indices if other < index)])
        clause = reading.text[start : figure.start]
        its = _ITS.search(clause)
        if figure.unit in ("%", "成") and its is not None:
            shares.append(index)
            clauses.append(clause)
            wholes.add(its["whole"].rstrip("的"))
    if len(shares) < 2 or len(wholes - {""}) > 1:
        return
    names = [name(clause) for clause in clauses]
    opening = reading.text[low : reading.figures[shares[0]].start]
    if exclusive(names, opening):
        yield shares, complete(names)


def _sum(reading: Reading, shares: Sequence[int]) -> tuple[Decimal, Decimal]:
    """What the shares add up to in percent, at least, and by how much rounding may have changed that."""
    total, slack = Decimal(0), _SLACK
    for index in shares:
        figure = reading.figures[index]
        tenths = 10 if figure.unit == "成" else 1
        total += tenths * (figure.low or Decimal(0))
        slack += tenths * last_digit(figure.raw, figure.value or Decimal(0)) / 2
    return total, slack


def _half(number: str) -> Decimal:
    return Decimal("0.5").scaleb(-len(number.partition(".")[2]))


def _found(reading: Reading, shares: Sequence[int], total: Decimal, message: str) -> Found:
    first, last = reading.figures[shares[0]], reading.figures[shares[-1]]
    return Found(
        message=message,
        given={"sum": total, "shares": " + ".join(reading.figures[index].raw for index in shares)},
        evidence=sentence(reading, first.start, last.end),
        start=first.start,
        end=last.end,
    )


RULES = (
    NoticeRule(
        code="shares_exceed_whole",
        severity="warning",
        check=shares_exceed_whole,
    ),
    NoticeRule(
        code="shares_miss_whole",
        severity="warning",
        check=shares_miss_whole,
    ),
)
