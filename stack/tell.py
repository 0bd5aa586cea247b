"""The watchdog's own way to people, past Airflow: Apprise URLs, and mail by the server that Airflow uses.

No name and no reason that leaves this room holds a secret: of a URL at most its scheme and its host are shown.
"""

import logging
import re
import smtplib
import ssl
from collections import Counter
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from msgspec import Struct

from annals.alerts.chats import secrets_of, shown, without_secrets
from annals.errors import AnnalsError, ConfigurationError

ANSWER_TIMEOUT_S = 15
CONNECTION = "AIRFLOW_CONN_SMTP_DEFAULT"
SENDER = "annals@localhost"  # where the connection names none


class Untold(AnnalsError):
    """A message did not reach a recipient; the text says why."""


class Recipient(NamedTuple):
    """Who is told: a name that can be shown, and what sends a subject and a text or raises Untold."""

    name: str
    send: Callable[[str, str], None]


class MailServer(Struct, frozen=True, kw_only=True):
    """Where mail goes out, as Airflow's SMTP connection has it."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    sender: str = SENDER
    tls_from_the_start: bool = True
    starttls: bool = True
    verified: bool = True


def recipients(environment: Mapping[str, str]) -> tuple[Recipient, ...]:
    """Who is told, by ANNALS_WATCHDOG_TO: Apprise URLs or addresses. Unset: the addresses of ANNALS_ALERT_TO.

    Addresses are written to by the server of AIRFLOW_CONN_SMTP_DEFAULT; without one ANNALS_ALERT_TO tells nobody.
    Raises ConfigurationError, which shows no secret, where an entry of ANNALS_WATCHDOG_TO is neither.
    """
    own = _parts(environment.get("ANNALS_WATCHDOG_TO", ""))
    connection = environment.get(CONNECTION)
    if not own:
        addresses = [part for part in _parts(environment.get("ANNALS_ALERT_TO", "")) if _is_address(part)]
        return tuple(_by_airflows_server(connection, address) for address in addresses if connection)
    found = []
    for number, part in enumerate(own, start=1):
        if "://" in part:
            found.append(Recipient(_shown(part, number), partial(_by_apprise, part)))
        elif not _is_address(part):
            raise ConfigurationError(f"ANNALS_WATCHDOG_TO: entry {number} is neither an Apprise URL nor an address")
        elif not connection:
            raise ConfigurationError(f"ANNALS_WATCHDOG_TO: {part} needs a mail server; set {CONNECTION}, or mailto://…")
        else:
            found.append(Recipient(part, partial(by_mail, mail_server(connection), part)))
    return tuple(_told_apart(found))


def _by_airflows_server(connection: str, address: str) -> Recipient:
    """One of Airflow's own recipients; that its server is none that we can use is said whenever there is news."""
    try:
        return Recipient(address, partial(by_mail, mail_server(connection), address))
    except ConfigurationError as error:
        return Recipient(address, partial(_not_at_all, str(error)))


def _not_at_all(reason: str, subject: str, text: str) -> None:
    raise Untold(reason)


def mail_server(connection: str) -> MailServer:
    """Read an SMTP connection as Airflow's environment holds it: JSON, or a URI.

    >>> server = mail_server("smtp://ann:p%40ss@mail.example:2525/?disable_ssl=true&from_email=annals%40x.cn")
    >>> server.host, server.port, server.user, server.password, server.sender
    ('mail.example', 2525, 'ann', 'p@ss', 'annals@x.cn')
    >>> server.tls_from_the_start, server.starttls
    (False, True)
    >>> mail_server("mail.example")
    Traceback (most recent call last):
    annals.errors.ConfigurationError: AIRFLOW_CONN_SMTP_DEFAULT names no host; expected smtp://user:password@host:port
    """
    try:
        held = msgspec.json.decode(connection, type=dict[str, Any]) if connection.startswith("{") else _uri(connection)
        extra = held.get("extra") or {}
        extra = msgspec.json.decode(extra, type=dict[str, Any]) if isinstance(extra, str) else dict(extra)
        port = int(held.get("port") or 0)
    except (msgspec.DecodeError, ValueError, TypeError):
        # The cause may quote the connection, password and all.
        raise ConfigurationError(f"{CONNECTION} is no connection of Airflow's, neither JSON nor a URI") from None
    if not held.get("host"):
        raise ConfigurationError(f"{CONNECTION} names no host; expected smtp://user:password@host:port")
    if extra.get("auth_type", "basic") != "basic":
        raise ConfigurationError(f"{CONNECTION} wants {extra['auth_type']}; set ANNALS_WATCHDOG_TO to Apprise URLs")
    from_the_start = not extra.get("disable_ssl")  # as Airflow takes it: any text is true, "false" too
    return MailServer(
        host=str(held["host"]),
        port=port or (smtplib.SMTP_SSL_PORT if from_the_start else smtplib.SMTP_PORT),
        user=str(held.get("login") or ""),
        password=str(held.get("password") or ""),
        sender=str(extra.get("from_email") or SENDER),
        tls_from_the_start=from_the_start,
        starttls=not extra.get("disable_tls"),
        verified=extra.get("ssl_context") != "none",
    )


def by_mail(server: MailServer, address: str, subject: str, text: str) -> None:
    """Send one mail to one address; raises Untold."""
    context = ssl.create_default_context() if server.verified else ssl._create_unverified_context()
    try:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = server.sender, address, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="annals.invalid")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        with (
            smtplib.SMTP_SSL(server.host, server.port, timeout=ANSWER_TIMEOUT_S, context=context)
            if server.tls_from_the_start
            else smtplib.SMTP(server.host, server.port, timeout=ANSWER_TIMEOUT_S)
        ) as client:
            if server.starttls and not server.tls_from_the_start:
                client.starttls(context=context)
            if server.user and server.password:
                client.login(server.user, server.password)
            client.send_message(message)
    except OSError as error:  # smtplib's and ssl's errors are OSErrors
        said = without_secrets(str(error), (server.password,))
        raise Untold(f"mail server {server.host}:{server.port}: {said}") from None
    except ValueError:  # of smtplib, of the headers of a mail, and of text that is no ASCII
        raise Untold(f"mail server {server.host}:{server.port}: its user, password or from_email cannot be") from None


def _by_apprise(url: str, subject: str, text: str) -> None:
    import apprise

    log = logging.getLogger("apprise")
    log.propagate = False  # what it logs may hold a part of the URL
    with apprise.LogCapture(level=logging.WARNING) as captured:  # type: ignore[no-untyped-call]
        sent = apprise.Apprise()
        sent.add(url)
        if sent.notify(body=text, title=subject, body_format=apprise.NotifyFormat.TEXT):
            return
        said = captured.getvalue().strip().splitlines()
    reason = without_secrets(said[-1], secrets_of(url)) if said else "not taken"
    raise Untold(f"{_shown(url)}: {reason}")


def _parts(text: str) -> list[str]:
    """Entries between commas; a comma inside a URL is written %2C."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_address(part: str) -> bool:
    return re.fullmatch(r"[^@\s/:]+@[^@\s/:]+", part) is not None


def _shown(url: str, number: int = 0) -> str:
    """Of an Apprise URL what can be shown.

    >>> _shown("jsno://host/", 3)
    Traceback (most recent call last):
    annals.errors.ConfigurationError: ANNALS_WATCHDOG_TO: entry 3 (jsno://…) is no URL that Apprise knows
    """
    found = shown(url)
    if found is None:
        scheme = url.partition("://")[0]
        named = scheme if re.fullmatch(r"[a-z0-9+.-]{1,20}", scheme) else "?"
        raise ConfigurationError(f"ANNALS_WATCHDOG_TO: entry {number} ({named}://…) is no URL that Apprise knows")
    return found


def _told_apart(found: list[Recipient]) -> list[Recipient]:
    """Those of one name are numbered, since what each was told is kept by name."""
    many = Counter(one.name for one in found)
    seen = Counter[str]()
    named = []
    for one in found:
        seen[one.name] += 1
        named.append(one._replace(name=f"{one.name} ({seen[one.name]})") if many[one.name] > 1 else one)
    return named


def _uri(connection: str) -> dict[str, Any]:
    parts = urlsplit(connection)
    query = dict(parse_qsl(parts.query))
    return {
        "host": unquote(parts.hostname or ""),
        "port": parts.port,
        "login": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "extra": query.get("__extra__") or query,
    }
