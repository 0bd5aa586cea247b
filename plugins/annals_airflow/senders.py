"""One alert to one recipient: by Airflow's SMTP connection `smtp_default`, or by a connection of type apprise."""

import logging
import re
import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from hashlib import sha256

import apprise
from airflow.providers.apprise.hooks.apprise import AppriseHook
from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

from annals.alerts import Alert, Refused, Undelivered
from annals.alerts.chats import secrets_of, without_secrets
from annals.settings import CHAT

log = logging.getLogger(__name__)

MAIL = "smtp_default"
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
CHAT_S = 60  # that a chat may take
KINDS = {
    "failure": apprise.NotifyType.FAILURE,
    "warning": apprise.NotifyType.WARNING,
    "success": apprise.NotifyType.SUCCESS,
}


class Mailer(SmtpHook):
    """Airflow's hook, which itself sends HTML without a text beside it, and tries refused messages again and again."""

    smtp_retry_limit = 0  # the outbox tries again, later

    def send(self, message: EmailMessage) -> None:
        assert isinstance(self._smtp_client, smtplib.SMTP)
        if "From" not in message:
            message["From"] = self.from_email or "annals@localhost"
        self._smtp_client.send_message(message)


def send(alert: Alert, recipient: str) -> None:
    """Send an alert. Raises Refused, in the server's words, for what no other try can mend, else Undelivered."""
    if recipient.startswith(CHAT):
        _chat(alert, recipient.removeprefix(CHAT))
    else:
        _mail(alert, recipient)
    log.info("told %s: %s", recipient, alert.subject)


def _mail(alert: Alert, recipient: str) -> None:
    if not ADDRESS.fullmatch(recipient):
        raise Refused(f"{recipient!r} is no mail address; correct ANNALS_ALERT_TO")
    message = EmailMessage()
    message["Subject"] = alert.subject
    message["To"] = recipient
    message["Date"] = formatdate(localtime=True)
    # Should a message go out twice after all, readers of mail that know its id show it once.
    message["Message-ID"] = f"<{sha256(f'{alert.key} {recipient}'.encode()).hexdigest()[:32]}@annals>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(alert.text, cte="base64")
    message.add_alternative(alert.html, subtype="html", cte="base64")
    try:
        with Mailer(smtp_conn_id=MAIL) as hook:
            hook.send(message)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, said),) = error.recipients.values()
        raise _of_code(code, said) from error
    except smtplib.SMTPDataError as error:
        raise _of_code(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(f"the mail server takes no such address: {error}") from error
    except smtplib.SMTPSenderRefused as error:
        said = _words(error.smtp_error)
        raise Undelivered(
            f"the sender {error.sender} is refused: {error.smtp_code} {said}; set from_email of connection {MAIL}"
        ) from error
    except smtplib.SMTPResponseException as error:
        raise Undelivered(f"the mail server said {error.smtp_code} {_words(error.smtp_error)}") from error
    # No connection, a timeout, TLS; for the last three the settings of the connection are what is wrong.
    except (OSError, AirflowException, RuntimeError, ValueError) as error:
        raise Undelivered(
            f"the mail server of connection {MAIL} cannot be used: {_words(error)}; see Admin → Connections"
        ) from error


def _of_code(code: int, said: bytes | str) -> Refused | Undelivered:
    """What a server says of an address or a message: for good where the code is 500 or more."""
    return (Refused if code >= 500 else Undelivered)(f"{code} {_words(said)}")


def _chat(alert: Alert, connection_id: str) -> None:
    hook, services = AppriseHook(apprise_conn_id=connection_id), apprise.Apprise()
    try:
        connection = hook.get_connection(connection_id)
    except AirflowNotFoundException as error:
        raise Undelivered(
            f"there is no connection {connection_id}; make one of type apprise, or correct ANNALS_ALERT_CHAT"
        ) from error
    if connection.conn_type != "apprise":
        raise Undelivered(f"connection {connection_id} is of type {connection.conn_type}; expected type apprise")
    try:
        config = hook.get_config_from_conn(connection)
        hook.set_config_from_conn(connection, services)
    except (KeyError, TypeError, ValueError) as error:
        raise Undelivered(
            f'connection {connection_id}: its extra field is wrong; expected {{"config": {{"path": "SERVICE URL"}}}}'
        ) from error
    wanted = len(config) if isinstance(config, list) else 1
    if len(services) == 0:
        raise Undelivered(f"connection {connection_id}: Apprise knows no such service; look at config, path")
    if wanted > 1 or len(services) > 1:
        # One of them may fail when another has been told; an account is kept of recipients, not of parts of them.
        raise Undelivered(f"connection {connection_id} names several services; make a connection for each")
    result = services.notify(body=alert.chat, title=alert.subject, notify_type=KINDS[alert.level], timeout=CHAT_S)
    if not result:
        said = "; ".join(dict.fromkeys(_words(entry.message) for entry in result.logs()))
        (entry,) = config if isinstance(config, list) else [config]
        said = without_secrets(said or result.status.value, secrets_of(entry["path"]))
        raise Undelivered(f"connection {connection_id}: {said}")


def _words(said: object) -> str:
    """What a server said, in one line."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())
