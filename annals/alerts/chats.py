"""What may be said of a chat: of its address, an Apprise URL, at most the scheme and the host."""

import logging
import re
from urllib.parse import unquote, urlsplit


def shown(url: str) -> str | None:
    """Scheme and host; the scheme alone where the service puts a token in the host's place; None for no Apprise URL.

    >>> shown("mailto://ann:secret@mail.example/?to=b@x.cn"), shown("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    ('mailto://mail.example', 'slack://…')
    >>> shown("jsno://host/")
    """
    import apprise

    logging.getLogger("apprise").propagate = False  # what it logs may hold a part of the URL
    service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if service is None:
        return None
    templates: tuple[str, ...] = type(service).templates
    has_host = all("{host}" in template for template in templates)
    return f"{url.partition('://')[0]}://{urlsplit(url).hostname if has_host else '…'}"


def secrets_of(url: str) -> tuple[str, ...]:
    """All of an Apprise URL that must not be shown: pieces of four characters or more, but for scheme and host."""
    scheme, _, host = (shown(url) or url).partition("://")
    pieces = re.split(r"[/?&=#:@,;]+", url.removeprefix(f"{scheme}://"))
    return tuple({form for piece in pieces for form in (piece, unquote(piece)) if len(form) >= 4 and form != host})


def without_secrets(said: str, secrets: tuple[str, ...]) -> str:
    """A line that can be shown: as it is, or where it holds one of the secrets, nothing of it.

    >>> without_secrets("(535, b'no such user')", ("hunter22",)), without_secrets("bad hunter22", ("hunter22",))
    ("(535, b'no such user')", 'refused, in words that hold a secret')
    """
    line = " ".join(said.split())
    if any(secret and secret in line for secret in secrets):
        return "refused, in words that hold a secret"
    return line[:300]
