"""Findings held against plants: what was found, what was missed, what is false."""

import re
from collections import Counter, defaultdict
from typing import NamedTuple

import msgspec

from annals.checks.quoting import squeezed
from annals.warehouse.connect import Connection
from benchmarks.checks.cases import Case, file_of


class Said(NamedTuple):
    """A finding, at the file it speaks of."""

    code: str
    severity: str
    file: str
    figure_id: str | None
    evidence: str
    message: str


class Spoilt(NamedTuple):
    """A row that was spoilt, by the statement: a figure's or, without one, a notice's."""

    case: Case
    statement: str
    file: str
    figure_id: str | None


class Score(msgspec.Struct):
    """What came of one check's plants."""

    planted: int = 0
    found: int = 0
    misread: int = 0
    sound: int = 0
    false: int = 0
    echoes: int = 0

    @property
    def recall(self) -> str:
        return f"{self.found / self.planted:.2f}" if self.planted else "–"

    @property
    def precision(self) -> str:
        return f"{self.found / (self.found + self.false):.2f}" if self.found + self.false else "–"


class Outcome:
    """What was found, missed and said falsely, by check."""

    def __init__(self, listed: set[str]) -> None:
        self.scores: dict[str, Score] = {code: Score() for code in sorted(listed)}
        self.misses: list[str] = []
        self.false: list[str] = []
        self.clean: Counter[str] = Counter()
        self.severities: Counter[str] = Counter()

    def add(self, all_cases: list[Case], said: list[Said], spoilt: list[Spoilt], connection: Connection) -> None:
        by_case: dict[int, list[Said]] = defaultdict(list)
        owner = {file_of(notice): index for index, case in enumerate(all_cases) for notice in case.notices}
        owner |= {case.raw[0]: index for index, case in enumerate(all_cases) if case.raw}
        for one in dict.fromkeys(said):  # what is found in both runs is one finding
            by_case[owner[one.file]].append(one)
        for index, case in enumerate(all_cases):
            mine = by_case[index]
            if case.rows:
                self._rows(case, mine, [one for one in spoilt if one.case is case])
            elif case.kind == "fault":
                self._fault(case, mine, connection)
            else:
                self._sound(case, mine)

    def _fault(self, case: Case, said: list[Said], connection: Connection) -> None:
        score = self.scores.setdefault(case.code, Score())
        score.planted += 1
        right = [one for one in said if _right(case, one)]
        if any(one.code in (case.code, *case.plant.also) for one in right):
            score.found += 1
        else:
            misread = _misread(case, connection)
            score.misread += misread is not None
            seen = "; ".join(f"{one.code}: {one.message} 〔{one.evidence}〕" for one in said if one.code == case.code)
            reason = f" [reader: {misread}]" if misread else ""
            echo = ", ".join(sorted({one.code for one in right}))
            errors = sorted({one.code for one in said if one.severity == "error" and one not in right})
            reason += f" [withheld by a false {', '.join(errors)}]" if errors else ""
            told = (case.plant.fault or case.plant.file or "").replace("\n", "⏎")
            beside = " ← ".join(one.text for one in (*case.plant.others, *case.plant.followed))
            self.misses.append(
                f"{case.code} | {case.about} | {told}{' ← ' + beside if beside else ''}{reason}"
                f"{' (said by ' + echo + ')' if echo else ''}{' (elsewhere: ' + seen + ')' if seen else ''}"
            )
        for one in said:
            if one not in right:
                self._falsely(case, one)
            elif one.code not in (case.code, *case.plant.also):
                score.echoes += 1

    def _sound(self, case: Case, said: list[Said]) -> None:
        if case.kind == "sound":
            self.scores.setdefault(case.code, Score()).sound += 1
            for one in said:
                if one.code not in case.plant.also:
                    self._falsely(case, one)
        else:
            self.clean["notices"] += len(case.notices)
            for one in said:
                self.clean[one.severity] += 1
                self._falsely(case, one)

    def _rows(self, case: Case, said: list[Said], spoilt: list[Spoilt]) -> None:
        score = self.scores.setdefault(case.code, Score())
        at = {one.figure_id for one in spoilt}
        for one in spoilt:
            if case.kind == "sound":
                score.sound += 1
                continue
            score.planted += 1
            if any(its.code == case.code and its.figure_id == one.figure_id for its in said):
                score.found += 1
            else:
                self.misses.append(f"{case.code} | {case.about} | {one.statement}")
        for its in said:
            if case.kind == "sound" or (its.figure_id not in at and at != {None}):
                self._falsely(case, its)
            elif its.code != case.code:
                score.echoes += 1

    def _falsely(self, case: Case, one: Said) -> None:
        self.scores.setdefault(one.code, Score()).false += 1
        self.severities[one.severity] += 1
        told = (case.plant.text or case.plant.sound or case.plant.fault or "").replace("\n", "⏎")
        self.false.append(f"{one.code} | {one.severity} | {case.kind} {one.file} | {one.message} 〔{one.evidence}〕 "
                          f"(planted: {told[:160]})")  # fmt: skip

    def show(self, *, misses: bool) -> None:
        head = ("planted", "found", "missed", "reader's", "sound", "false", "precision", "recall", "echoes")
        print(f"{'check':<24}" + "".join(f"{one:>10}" for one in head))
        total = Score()
        for code, one in self.scores.items():
            print(_line(code, one))
            for field in Score.__struct_fields__:
                setattr(total, field, getattr(total, field) + getattr(one, field))
        print(_line("all", total))
        notices = self.clean["notices"]
        print(
            f"{notices} clean notices: {self.clean['error'] / notices:.3f} false errors and "
            f"{self.clean['warning'] / notices:.3f} false warnings each"
        )
        if misses:
            print("\nmissed\n" + "\n".join(sorted(self.misses)) + "\n\nfalse\n" + "\n".join(sorted(self.false)))


def _line(code: str, one: Score) -> str:
    values = (
        one.planted, one.found, one.planted - one.found, one.misread, one.sound, one.false, one.precision, one.recall,
        one.echoes,
    )  # fmt: skip
    return f"{code:<24}" + "".join(f"{value:>10}" for value in values)


def _right(case: Case, said: Said) -> bool:
    """Whether the finding speaks of the planted sentence (or the one that it contradicts)."""
    if not case.right:
        return said.file.startswith(case.about)
    evidence = _levelled(said.evidence)
    if case.at and _levelled(case.at) not in evidence and said.file.startswith(f"{case.about}."):
        return False
    parts = [_levelled(part) for text in case.right for part in _sentences(text)]
    return any(part in evidence or (len(evidence) > 2 and evidence in part) for part in parts)


def _levelled(text: str) -> str:
    """Without blanks, all dashes alike: （2021年至2025年） is （2021—2025）."""
    return re.sub(r"年?[—－–~～至-]+", "-", squeezed(text)).replace("年）", "）")


def _sentences(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if line]
    cells = [cell for line in lines if line[0] == "|" for cell in line.strip("|").split("|") if len(cell) > 1]
    return [line for line in lines if line[0] != "|"] + cells


def _misread(case: Case, connection: Connection) -> str | None:
    """The first figure that a careful reader takes from the fault and ours did not, in words."""
    for one in case.plant.reads:
        rows = connection.execute(
            "SELECT f.value, f.unit, f.measure, f.role, f.indicator, f.year, f.year - n.year FROM stage.figure AS f "
            "JOIN stage.notice AS n USING (run_id, notice_id) "
            "WHERE starts_with(n.name, %s) AND strpos(f.raw, %s) > 0",
            (f"{case.about}.", one.raw),
        ).fetchall()
        wanted = (one.value, one.unit, one.measure, one.role, one.indicator, one.year, one.years)
        if not any(all(mine in (None, its) for mine, its in zip(wanted, row, strict=True)) for row in rows):
            told = ", ".join(str(part) for part in wanted if part is not None)
            return f"{one.raw}{' as ' + told if told else ''} is not read"
    return None
