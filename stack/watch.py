"""`python -m stack watch`: an independent watchdog over Airflow, the warehouse, the alerts' way out, and the sources.

A round looks (`looks`), compares with what was seen before, tells what is new to whoever has not been told (`tell`),
and keeps what it saw (`annals.watch`). It needs none of what it watches. Rounds of several processes, `--once` beside
the loop, go one after the other.
"""

import fcntl
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from msgspec import structs

from annals import watch as kept
from annals.errors import AnnalsError, ConfigurationError
from annals.settings import Settings
from annals.watch import Problem, Told, Watch
from stack.looks import Asked, Look, Symptom, look
from stack.tell import Untold, recipients

CLOSELY_EVERY = timedelta(minutes=5)
BEGINNING = timedelta(minutes=3)  # after the loop has begun nothing new is told: Airflow may just begin too
CALM = timedelta(seconds=60)  # what is well for less than this, and wrong again, is not over: it would cry each time
STALE_AFTER = timedelta(minutes=5)  # a round waits for what does not answer, up to a minute or two
ASLEEP = timedelta(minutes=10)  # between two rounds of a loop: the machine slept, or stood still
STALE_AFTER_ONCE = timedelta(hours=3)  # cron may call once an hour
REMINDERS = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=3))  # the last goes on
PING_TIMEOUT_S = 10
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def run(settings: Settings, *, once: bool, every_s: float) -> int:
    """Watch for good, or look once: 0 when all is well, 1 when something is wrong or could not be told."""
    watchdog = Watchdog(settings, os.environ, begun_at=None if once else datetime.now(UTC))
    if once:
        watch = watchdog.round(datetime.now(UTC))
        print("\n".join(lines(watch, datetime.now(UTC))))
        return 0 if is_well(watch) and not watchdog.unkept else 1
    if not watchdog.recipients:
        print(NOBODY, flush=True)
    said = list[str]()
    while True:
        now = datetime.now(UTC)
        found = lines(watchdog.round(now), now, ages=False)
        for line in found:
            if line not in said:
                print(f"{now:%Y-%m-%d %H:%M:%S} {line}", flush=True)
        said = found
        time.sleep(every_s)


def status(settings: Settings) -> int:
    """Say what the watchdog saw last; 0 when that is recent and all was well."""
    watch, now = kept.read(settings.home), datetime.now(UTC)
    if watch is None:
        raise AnnalsError(f"no watchdog has looked at {settings.home} yet; make run starts one")
    print(f"Looked at {watch.looked_at:%Y-%m-%d %H:%M:%S} UTC; tells {', '.join(watch.recipients) or 'nobody'}.")
    print("\n".join(lines(watch, now)))
    if now > watch.stale_after:
        raise AnnalsError(f"the watchdog has not looked since {ago(watch.looked_at, now)}; start it again")
    return 0 if is_well(watch) else 1


NOBODY = "Nobody is told: set ANNALS_WATCHDOG_TO, or ANNALS_ALERT_TO and AIRFLOW_CONN_SMTP_DEFAULT."


class Watchdog:
    """What goes from round to round of one process; what outlives it lies in the file of `annals.watch`."""

    def __init__(self, settings: Settings, environment: Mapping[str, str], *, begun_at: datetime | None = None) -> None:
        """`begun_at` is when the loop began; None for a single look. Raises ConfigurationError for a wrong setting."""
        self.settings = settings
        self.asked = Asked.of(settings, environment)
        self.ui = environment.get("AIRFLOW__API__BASE_URL") or self.asked.address  # as people reach it
        self.recipients = recipients(environment)
        self.ping = environment.get("ANNALS_WATCHDOG_PING") or None
        if self.ping and urlsplit(self.ping).scheme not in ("http", "https"):
            raise ConfigurationError("ANNALS_WATCHDOG_PING is not a URL that begins with http:// or https://")
        self.begun_at = begun_at
        self.unkept: Watch | None = None  # the last look, where the disk did not take it
        self._fresh = begun_at is not None
        self._last_round: datetime | None = None

    def round(self, now: datetime) -> Watch:
        """Look, tell what is new, ping where all is well, and keep what was seen."""
        if self.begun_at is not None and self._last_round is not None and now - self._last_round > ASLEEP:
            self.begun_at, self._fresh = now, True  # what was due meanwhile has its time from now on
        self._last_round = now
        with self._alone():
            before, troubles = self._before()
            if self._fresh:
                before, self._fresh = structs.replace(before, up_since=None), False
            closely = self.begun_at is None or now - (before.looked_closely_at or LONG_AGO) >= CLOSELY_EVERY
            seen = look(self.asked, before, now, closely=closely)
            unknown = (*seen.unknown, PING) if self.ping else seen.unknown  # it is fetched below
            seen = structs.replace(seen, symptoms=(*seen.symptoms, *troubles), unknown=unknown)
            watch = self._advance(before, seen, now, closely=closely)
            if self.ping and is_well(watch):
                watch = self._pinged(watch, self.ping, now)
            watch = self._tell(watch, now)
            try:
                kept.write(self.settings.home, watch)
                self.unkept = None
            except AnnalsError as error:
                if self.unkept is None:
                    print(f"annals: {error}", file=sys.stderr, flush=True)
                self.unkept = watch
            return watch

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One round at a time for this home; where the disk takes no lock, a round goes on without."""
        try:
            self.settings.home.mkdir(parents=True, exist_ok=True)
            lock = (self.settings.home / "watch.lock").open("w")
        except OSError:
            yield
            return
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _before(self) -> tuple[Watch, tuple[Symptom, ...]]:
        """What was seen last, and what is wrong with the keeping of it."""
        empty = Watch(looked_at=LONG_AGO, stale_after=LONG_AGO)
        if self.unkept is not None:
            action = f"Make room on the disk of {self.settings.home}, or let it be written"
            what = "The watchdog cannot keep what it saw: once started again it tells all anew"
            return self.unkept, (Symptom(key="state", what=what, action=action, grace_s=0),)
        try:
            return kept.read(self.settings.home) or empty, ()
        except AnnalsError as error:
            print(f"annals: {error}", file=sys.stderr, flush=True)
            return empty, ()

    def _advance(self, before: Watch, seen: Look, now: datetime, *, closely: bool) -> Watch:
        quiet_until = self.begun_at + BEGINNING if self.begun_at else now
        return structs.replace(
            before,
            looked_at=now,
            stale_after=now + (STALE_AFTER_ONCE if self.begun_at is None else STALE_AFTER),
            looked_closely_at=now if closely else before.looked_closely_at,
            problems=advance(before.problems, seen, now, quiet=now < quiet_until),
            recipients=tuple(one.name for one in self.recipients),
            up_since=seen.up_since,
            awake=seen.awake,
        )

    def _pinged(self, watch: Watch, url: str, now: datetime) -> Watch:
        """Tell whoever watches the watchdog that all is well; that it cannot be told is a problem like others."""
        trouble = ping_problem(url)
        before = tuple(problem for problem in watch.problems if problem.key == PING)
        symptoms = (trouble,) if trouble else ()
        seen = Look(symptoms=symptoms, unknown=(), up_since=None, awake={})
        others = tuple(problem for problem in watch.problems if problem.key != PING)
        return structs.replace(watch, problems=(*others, *advance(before, seen, now)))

    def _tell(self, watch: Watch, now: datetime) -> Watch:
        """Tell each recipient what is new to them. What does not reach one is told in the next round, to that one."""
        untold = dict[str, str]()
        problems = list(watch.problems)
        for recipient in self.recipients:
            news = [(index, word) for index, one in enumerate(problems) if (word := news_of(one, recipient.name, now))]
            if not news:
                continue
            subject, text = message([(word, problems[index]) for index, word in news], now, self.ui)
            try:
                recipient.send(subject, text)
            except Untold as error:
                untold[recipient.name] = str(error)
                continue
            for index, _ in news:
                problems[index] = told(problems[index], recipient.name, now)
        names = [one.name for one in self.recipients]
        left = tuple(problem for problem in problems if not is_settled(problem, names))
        return structs.replace(watch, problems=left, untold=untold)


PING = "ping"


def ping_problem(url: str) -> Symptom | None:
    """Fetch the dead man's switch; what is wrong with it, or None. The URL is a secret: only its host shows."""
    where = f"ANNALS_WATCHDOG_PING ({urlsplit(url).hostname})"
    try:
        answer = httpx.get(url, timeout=PING_TIMEOUT_S, follow_redirects=True)
        problem = f"answers {answer.status_code}" if answer.is_error else None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        problem = f"does not answer ({type(error).__name__})"
    if problem is None:
        return None
    action = "Look whether the service is up and the URL still the right one; it will cry by itself"
    return Symptom(key=PING, what=f"{where} {problem}: it cannot know that all is well", action=action, grace_s=600)


def advance(problems: Sequence[Problem], seen: Look, now: datetime, *, quiet: bool = False) -> tuple[Problem, ...]:
    """The problems after a look. What went by within its grace is forgotten; `quiet`, none comes to stand.

    What comes and goes stays one problem: it is over only when it has been well for `CALM`.
    """
    symptoms = {symptom.key: symptom for symptom in seen.symptoms}
    known = {problem.key: problem for problem in problems}
    found = []
    for key, problem in known.items():
        if key in symptoms:
            continue
        if key.startswith(seen.unknown) or problem.over is not None:
            found.append(problem)
        elif problem.stands:
            well_since = problem.well_since or now
            over = well_since if now - well_since >= CALM else None
            found.append(structs.replace(problem, well_since=well_since, over=over))
    for key, symptom in symptoms.items():
        begun = known.get(key) or Problem(key=key, what="", action="", since=now)
        if begun.over is not None:  # back before all knew that it was over: new to those who did
            begun = structs.replace(begun, told={name: one for name, one in begun.told.items() if one.times})
        late = (now - begun.since).total_seconds() >= symptom.grace_s and not quiet
        found.append(
            structs.replace(
                begun, what=symptom.what, action=symptom.action, stands=begun.stands or late, well_since=None, over=None
            )
        )
    return tuple(sorted(found, key=lambda problem: (problem.since, problem.key)))


def news_of(problem: Problem, recipient: str, now: datetime) -> str | None:
    """What of a problem is news to a recipient: `new`, `still`, `over`, or `was`: over before it could be told."""
    if not problem.stands:
        return None
    before = problem.told.get(recipient)
    if problem.over is not None:
        if before is None:
            return "was"
        return "over" if before.times else None
    if problem.well_since is not None:
        return None
    if before is None:
        return "new"
    pause = REMINDERS[min(before.times, len(REMINDERS)) - 1]
    return "still" if now - before.last >= pause else None


def told(problem: Problem, recipient: str, now: datetime) -> Problem:
    """The problem, once a recipient has been told of it as it is; of what is over nothing more is to be told."""
    before = problem.told.get(recipient)
    times = 0 if problem.over is not None else before.times + 1 if before else 1
    return structs.replace(problem, told={**problem.told, recipient: Told(last=now, times=times)})


def is_settled(problem: Problem, names: Sequence[str]) -> bool:
    """Whether a problem is over and everyone knows."""
    return problem.over is not None and all(name in problem.told and not problem.told[name].times for name in names)


def is_well(watch: Watch) -> bool:
    """Whether nothing is wrong, but for the ping, and everyone knows what there was to know."""
    return not [problem for problem in watch.standing if problem.key != PING] and not watch.untold


WORDS = {"new": "Wrong", "still": "Still wrong", "over": "Over", "was": "Over before you could be told"}


def message(news: Sequence[tuple[str, Problem]], now: datetime, ui: str) -> tuple[str, str]:
    """Subject and text of what is to be told, what is wrong first."""
    first, problem = min(news, key=lambda one: list(WORDS).index(one[0]))
    more = f" (and {len(news) - 1} more)" if len(news) > 1 else ""
    parts = []
    for word, title in WORDS.items():
        for one in (problem for which, problem in news if which == word):
            parts.append(f"{title}: {one.what}\n  {_when(one, now)}")
            if one.over is None:
                parts[-1] += f"\n  What to do: {one.action}"
    parts.append(f"The watchdog of annals on {socket.gethostname()}, {now:%Y-%m-%d %H:%M} UTC. Airflow: {ui}")
    return f"[annals] {WORDS[first]}: {problem.what[:120]}{more}", "\n\n".join(parts) + "\n"


def lines(watch: Watch, now: datetime, *, ages: bool = True) -> list[str]:
    """One line each: what is wrong, since when, what to do; and whom it could not be told."""
    found = []
    for one in watch.standing:
        when = _when(one, now) if ages else f"since {one.since:%Y-%m-%d %H:%M} UTC"
        found.append(f"{one.what}; {when}. {one.action}.")
    found += [f"{name} cannot be told, and is tried again: {why}" for name, why in watch.untold.items()]
    if watch.standing and not watch.recipients:
        found.append(NOBODY)
    return found or ["All is well."]


def ago(since: datetime, now: datetime) -> str:
    """A time and how long ago that is.

    >>> ago(datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    '2026-03-01 08:00 UTC (1 h 30 min)'
    """
    return f"{since:%Y-%m-%d %H:%M} UTC ({_long(now - since)})"


def _when(problem: Problem, now: datetime) -> str:
    if problem.over is None:
        return f"since {ago(problem.since, now)}"
    return f"from {problem.since:%Y-%m-%d %H:%M} to {problem.over:%H:%M} UTC ({_long(problem.over - problem.since)})"


def _long(span: timedelta) -> str:
    minutes = max(0, round(span.total_seconds() / 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
